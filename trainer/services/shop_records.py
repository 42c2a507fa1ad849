"""The months of one learner: every move on the disk when it is made, so that a power cut costs
nothing; gone on with at any time."""

import base64
import os
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

import msgspec

from trainer.foundation.clock import Clock, from_milliseconds
from trainer.foundation.identifiers import time_ordered_id
from trainer.penalties.shop.simulation import MoveRefusedError, grade_of
from trainer.penalties.shop.state import (
    Move,
    NextDay,
    Setup,
    State,
    encoded,
    move_from,
    state_from,
)
from trainer.scheduling.days import Moment, moment_of, zone_text
from trainer.services.case_records import ask_soon
from trainer.services.shop import ShopSession, ShopWorlds, known_matters
from trainer.storage import shop_log
from trainer.storage.learners import LearnerFile
from trainer.storage.shop_log import MoveKind, ShopLog, ShopMove


class Begun(msgspec.Struct, frozen=True, omit_defaults=True):
    """The first row of a month."""

    setup: Setup
    digest: str
    contest: str = ""


@dataclass(frozen=True, slots=True)
class MonthEntry:
    """A month in the list: its setup and where it stands, by what was kept of it last."""

    month_id: str
    setup: Setup
    contest: str
    began: datetime
    day: int
    profit: int  # cents, at the last end of a day
    grade: int | None  # of Result; None while the month goes on


@dataclass(frozen=True, slots=True)
class Month:
    """A month to go on with. `changed` says that the events or rules are no longer those it was
    begun with: it goes on with the new ones, and counts in no contest."""

    month_id: str
    session: ShopSession
    changed: bool = False


class ShopRecords:
    """The months of one learner. Belongs to one thread; writing does not wait for the disk.

    Raises TrainerError (disk.*, file.*) when the file cannot be read.
    """

    def __init__(
        self,
        learner: LearnerFile,
        clock: Clock,
        *,
        random_bytes: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._learner = learner
        self._clock = clock
        self._random_bytes = random_bytes
        self._newest_id = 0

    def new_seed(self) -> str:
        """Four letters that are easy to say: what makes a month this month."""
        letters = "abcdefghkmnpqrstuvwxyz"
        return "".join(letters[one % len(letters)] for one in self._random_bytes(4))

    def begin(self, session: ShopSession) -> "tuple[str, Future[None]]":
        """Write down that a month has begun; its id."""
        month_id = self._new_id(moment_of(self._clock.now()))
        begun = Begun(session.setup, session.digest, session.contest)
        return month_id, self._write(month_id, "begun", encoded(begun))

    def keep(self, month_id: str, session: ShopSession) -> "Future[None]":
        """Write down the last move of `session`."""
        move = session.moves[-1]
        state = _packed(session.state) if move == NextDay() else ""
        return self._write(month_id, "move", encoded(move), state)

    def keep_taken_back(self, month_id: str) -> "Future[None]":
        return self._write(month_id, "back", b"{}")

    def leave(self, month_id: str) -> "Future[None]":
        """The month is not to be gone on with."""
        return self._write(month_id, "left", b"{}")

    def ask_soon(self, cards: Sequence[str]) -> "Future[None]":
        """Let `cards` come among the next ones in Study, whenever they would be due."""
        return ask_soon(self._learner, cards, self._clock, self._new_id)

    def months(self) -> Sequence[MonthEntry]:
        """Every month that was not left, the newest first."""
        self._learner.writer.flush()
        found = []
        with closing(self._learner.connect()) as connection:
            log = ShopLog(connection)
            for month_id in log.months():
                rows = list(log.moves(month_id))
                entry = None if any(row.kind == "left" for row in rows) else self._entry(rows)
                if entry is not None:
                    found.append(entry)
        return found[::-1]

    def open(self, month_id: str, worlds: ShopWorlds) -> Month | None:
        """The month as it was left; None when it cannot be gone on with: its first row is damaged,
        or its platform or product is no longer there."""
        self._learner.writer.flush()
        with closing(self._learner.connect()) as connection:
            rows = list(ShopLog(connection).moves(month_id))
        begun = _begun(rows)
        if begun is None:
            return None
        moves = _moves(rows)
        try:
            session = worlds.open(begun.setup)
        except KeyError:
            return None
        if session.digest == begun.digest:
            session = ShopSession(
                session.game, worlds.decks(begun.setup.platform), None, begun.contest
            )
            if _played(session, [move for move, _ in moves]):
                return Month(month_id, session)
        return Month(month_id, self._patched(session, begun, moves, worlds), changed=True)

    def _patched(
        self,
        session: ShopSession,
        begun: Begun,
        moves: "Sequence[tuple[Move, State | None]]",
        worlds: ShopWorlds,
    ) -> ShopSession:
        """A month whose events have changed: from the last night that was kept, with what of the
        later moves can still be made."""
        kept = [(place, state) for place, (_, state) in enumerate(moves) if state is not None]
        place, state = kept[-1] if kept else (-1, session.game.begin())
        fresh = ShopSession(
            session.game,
            worlds.decks(begun.setup.platform),
            known_matters(session.game, state),
            begun.contest,
        )
        _played(fresh, [move for move, _ in moves[place + 1 :]])
        return fresh

    def _entry(self, rows: Sequence[ShopMove]) -> MonthEntry | None:
        begun = _begun(rows)
        if begun is None:
            return None
        moves = _moves(rows)
        last = next((state for _, state in reversed(moves) if state is not None), None)
        figures = last.figures[-1] if last is not None and last.figures else None
        zone = self._clock.now().tzinfo
        return MonthEntry(
            rows[0].month_id,
            begun.setup,
            begun.contest,
            from_milliseconds(rows[0].at, zone),
            last.day if last is not None else 1,
            figures.profit if figures is not None else 0,
            grade_of(last) if last is not None and last.finished else None,
        )

    def _write(
        self, month_id: str, kind: MoveKind, payload: bytes, state: str = ""
    ) -> "Future[None]":
        now = moment_of(self._clock.now())
        row = ShopMove(
            self._new_id(now),
            self._learner.learner_id,
            month_id,
            now.at,
            zone_text(now.offset),
            kind,
            payload.decode("utf-8"),
            state,
        )
        return self._learner.writer.submit([shop_log.statement(row)])

    def _new_id(self, now: Moment) -> str:
        """Above every id of the file, whatever the clock says."""
        if not self._newest_id:
            self._learner.writer.flush()
            with closing(self._learner.connect()) as connection:
                newest = ShopLog(connection).newest_id()
            self._newest_id = int(newest[:12] or "0", 16)
        self._newest_id = max(now.at, self._newest_id + 1)
        return time_ordered_id(self._newest_id, self._random_bytes)


def _begun(rows: Sequence[ShopMove]) -> Begun | None:
    if not rows or rows[0].kind != "begun":
        return None
    try:
        return msgspec.json.decode(rows[0].payload, type=Begun)
    except msgspec.MsgspecError:
        return None


def _moves(rows: Sequence[ShopMove]) -> "list[tuple[Move, State | None]]":
    """The moves that hold, each with the state that was kept after it."""
    moves: list[tuple[Move, State | None]] = []
    for row in rows:
        if row.kind == "back" and moves:
            moves.pop()
        elif row.kind == "move":
            try:
                moves.append((move_from(row.payload.encode("utf-8")), _unpacked(row.state)))
            except msgspec.MsgspecError:
                break  # a later version's move: what comes after it cannot be made
    return moves


def _played(session: ShopSession, moves: Sequence[Move]) -> bool:
    """Make `moves` as far as they can be made; whether that was all of them."""
    for move in moves:
        try:
            session.move(move)
        except MoveRefusedError:
            return False
    return True


def _packed(state: State) -> str:
    return base64.b64encode(zlib.compress(encoded(state), 6)).decode("ascii")


def _unpacked(text: str) -> State | None:
    if not text:
        return None
    try:
        return state_from(zlib.decompress(base64.b64decode(text, validate=True)))
    except (ValueError, zlib.error):  # a damaged row, or a state of a later version
        return None
