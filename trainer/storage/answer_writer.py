"""Puts answers on the disk without keeping anybody waiting: one thread, one connection, a queue."""

import os
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from trainer.foundation.errors import TrainerError
from trainer.storage.database import Statement, leave_suspicion, told, transaction, world_error

# SQLite would carry the log over into the file inside somebody's commit; here it is done after
# the answer has been acknowledged, once in so many answers.
_CARRY_OVER_EVERY = 200


@dataclass(slots=True)
class _Answer:
    """Rows that belong together, and who waits for them."""

    statements: tuple[Statement, ...]
    done: "Future[None]" = field(default_factory=Future)


@dataclass(slots=True)
class _Ask:
    """Not an answer: write what is kept, then say so (and stop)."""

    stop: bool
    done: "Future[None]" = field(default_factory=Future)


class AnswerWriter:
    """What is submitted is on the disk when its future is done, in the order of submission.

    When the disk does not take it, the future fails with TrainerError (disk.full, disk.read-only,
    disk.gone, file.*), the rows stay in memory and are written before the next ones. A statement
    may therefore be run twice: it must be an upsert, or an insert that ignores what is there.
    """

    def __init__(self, path: Path, connect: Callable[[], sqlite3.Connection]) -> None:
        """`connect` is called in the writer's thread, again after each failure."""
        self._path = path
        self._connect = connect
        self._queue: queue.SimpleQueue[_Answer | _Ask] = queue.SimpleQueue()
        self._kept: list[_Answer] = []
        self._connection: sqlite3.Connection | None = None
        self._identity: tuple[int, int] | None = None
        self._commits = 0
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="answer-writer", daemon=True)
        self._thread.start()

    @property
    def kept(self) -> int:
        """How many answers wait in memory because the disk did not take them."""
        return len(self._kept)

    def submit(self, statements: Sequence[Statement]) -> "Future[None]":
        """Write `statements` as one transaction; the future is done when it is durable."""
        if self._closed:
            raise RuntimeError("the writer is closed")
        answer = _Answer(tuple(statements))
        # It is on its way: a cancelled future would not bring it back.
        answer.done.set_running_or_notify_cancel()
        self._queue.put(answer)
        return answer.done

    def flush(self) -> None:
        """Wait until everything submitted so far is on the disk, what was kept included.

        Raises the TrainerError that keeps it from getting there.
        """
        if not self._closed:
            self._ask(stop=False)

    def close(self) -> None:
        """Write everything, then stop. Raises TrainerError when the disk still does not take it;
        the writer then stays usable, so that it can be tried again or given up."""
        if self._closed:
            return
        self._ask(stop=True)
        self._closed = True
        self._thread.join()

    def give_up(self) -> int:
        """Stop without what cannot be written; returns how many answers are lost by that."""
        try:
            self.close()
        except TrainerError:
            lost = len(self._kept)
            self._kept.clear()
            self.close()
            return lost
        return 0

    def _ask(self, *, stop: bool) -> None:
        ask = _Ask(stop)
        self._queue.put(ask)
        ask.done.result()

    def _run(self) -> None:
        while True:
            work: list[_Answer | _Ask] = [self._queue.get()]
            while not self._queue.empty():
                work.append(self._queue.get())
            answers = [item for item in work if isinstance(item, _Answer)]
            asks = [item for item in work if isinstance(item, _Ask)]
            error = self._write(answers) if answers or (asks and self._kept) else None
            stopping = any(ask.stop for ask in asks) and not self._kept
            if stopping:
                self._disconnect()
            for ask in asks:
                if error is None:
                    ask.done.set_result(None)
                else:
                    ask.done.set_exception(error)
            if stopping:
                return
            if self._commits >= _CARRY_OVER_EVERY and self._queue.empty():
                self._carry_over()

    def _write(self, answers: list[_Answer]) -> BaseException | None:
        """Commit what is kept and `answers`; returns what went wrong with the world, if it did."""
        everything = [*self._kept, *answers]
        try:
            self._commit(everything)
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits for the future
            known = world_error(error, self._path)
            if known is not None:
                self._disconnect()
                if known.code == "file.damaged":
                    leave_suspicion(self._path)
                self._kept = everything
                _settle(answers, known)
                return known
            return self._write_one_by_one(everything)
        self._kept = []
        _settle(everything)
        return None

    def _write_one_by_one(self, everything: list[_Answer]) -> BaseException | None:
        """One of them is a bug (a statement that cannot be run): it must not cost the others."""
        self._kept = []
        broken: BaseException | None = None
        for position, answer in enumerate(everything):
            try:
                self._commit([answer])
            except BaseException as error:  # noqa: BLE001 - handed to whoever waits
                known = world_error(error, self._path)
                if known is not None:
                    self._disconnect()
                    self._kept = everything[position:]
                    _settle(self._kept, known)
                    return known
                broken = error
                _settle([answer], error)
            else:
                _settle([answer])
        return broken

    def _commit(self, answers: list[_Answer]) -> None:
        connection = self._connection or self._reconnect()
        with transaction(connection):
            for answer in answers:
                for sql, values in answer.statements:
                    connection.execute(sql, values)
        # A folder that was deleted under us takes rows without a word.
        if self._identity != _identity(self._path):
            raise TrainerError("disk.gone", path=str(self._path))
        self._commits += 1

    def _reconnect(self) -> sqlite3.Connection:
        connection = self._connect()
        connection.execute("pragma wal_autocheckpoint = 0")
        with told(self._path):
            self._identity = _identity(self._path)
        self._connection = connection
        return connection

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            # Closing carries the log over; where that fails the log simply stays.
            with suppress(sqlite3.Error):
                connection.close()

    def _carry_over(self) -> None:
        """Move the write-ahead log into the file. What fails here is met again by a commit."""
        self._commits = 0
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.execute("pragma wal_checkpoint(passive)").fetchall()


def _settle(answers: Sequence[_Answer], error: BaseException | None = None) -> None:
    """Tell those who wait; one that has been told before (a kept answer) is not told again."""
    for answer in answers:
        if answer.done.done():
            continue
        if error is None:
            answer.done.set_result(None)
        else:
            answer.done.set_exception(error)


def _identity(path: Path) -> tuple[int, int]:
    status = os.stat(path)  # noqa: PTH116 - one call in every answer, kept cheap
    return status.st_dev, status.st_ino
