"""`trainer exam check | sit | collect`: a candidate's PC and the proctor's round."""

import json
import os
import sys
import time
from argparse import ArgumentParser, Namespace, _SubParsersAction
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from trainer import __version__
from trainer.bootstrap import program_folder
from trainer.foundation.clock import SystemClock, milliseconds
from trainer.foundation.errors import TrainerError
from trainer.foundation.messages import Messages

if TYPE_CHECKING:
    from trainer.exams.collection import Board
    from trainer.exams.verify import Remark
    from trainer.services.exam_attempt import RunningAttempt
    from trainer.services.exam_keys import KeyShelf
    from trainer.services.exam_station import Station

GOOD, FINDINGS = 0, 1


def register(stages: "_SubParsersAction[ArgumentParser]") -> None:
    for name in ("check", "doctor"):
        words = stages.add_parser(name, help="say whether this PC is fit for an exam")
        _station_words(words)
        words.add_argument("--json", action="store_true", help="print for a program to read")
        words.set_defaults(run=check)
    _register_sit(stages.add_parser("sit", help="sit an exam without a display (rehearsals)"))
    words = stages.add_parser("collect", help="collect results from PCs, sticks and the share")
    words.add_argument("folders", type=Path, nargs="*", metavar="FROM", help="this PC otherwise")
    words.add_argument("--to", type=Path, metavar="DIR", help="a stick or share to copy to")
    words.add_argument("--package", type=Path, metavar="PACKAGE", help="shows who is missing")
    words.add_argument("--receipts", type=Path, metavar="FILE", help="lines of number,receipt")
    words.add_argument("--json", action="store_true", help="print for a program to read")
    words.set_defaults(run=collect)


def _register_sit(words: ArgumentParser) -> None:
    words.description = (
        "Reads one act a line from the script (JSON): show, answer, flag, section, code, away,"
        " wait, tick, finish. Prints one line for each once it is saved."
    )
    words.add_argument("package", type=Path, metavar="PACKAGE")
    words.add_argument("--number", required=True, help="candidate's number")
    words.add_argument("--ticket", required=True, help="the code on the slip")
    secret = words.add_mutually_exclusive_group(required=True)
    secret.add_argument("--words", help="the seven words of the envelope")
    secret.add_argument("--start-key", type=Path, metavar="FILE", help="start.key")
    words.add_argument("--reopen", default="", metavar="CODE", help="the proctor's reopen code")
    words.add_argument("--script", type=Path, metavar="FILE", help="standard input otherwise")
    _station_words(words)
    words.set_defaults(run=sit)


def _station_words(words: ArgumentParser) -> None:
    words.add_argument("--attempts", type=Path, metavar="DIR", help="where answers are kept")
    words.add_argument("--spare", type=Path, metavar="DIR", help="where they go if the disk fails")
    words.add_argument("--share", type=Path, metavar="DIR", help="drop folder for copies")


def check(arguments: Namespace, messages: Messages) -> int:
    """Exit status: 0 the PC is fit, 1 something is missing."""
    from trainer.services.exam_check import check_station

    checks = list(check_station(_station(arguments), program_folder()))
    for one in checks:
        text = messages(one.code, **one.blanks)
        if arguments.json:
            print(json.dumps({"name": one.name, "good": one.good, "text": text}))
        else:
            print(f"{messages('doctor.good' if one.good else 'doctor.bad')}  {text}")
    return GOOD if all(one.good for one in checks) else FINDINGS


def sit(arguments: Namespace, messages: Messages) -> int:
    """Exit status: 0 the script is through, 1 an act was refused."""
    from trainer.services.exam_room import ExamRoom

    room = ExamRoom(_station(arguments))
    room.open(arguments.package)
    if arguments.words:
        room.unlock(arguments.words)
    else:
        room.unlock_with(arguments.start_key)
    entered = room.enter(arguments.number, arguments.ticket, arguments.reopen)
    attempt = room.attempt
    say(
        attempt=attempt.attempt_id,
        resumed=entered.resumed,
        held=entered.held,
        items=[one.item_id for one in attempt.placed],
        answered=sorted(attempt.answers),
    )
    refused = 0
    try:
        for number, line in enumerate(_lines(arguments.script), start=1):
            try:
                try:
                    told = _act(attempt, json.loads(line))
                except (ValueError, KeyError, TypeError) as error:
                    raise TrainerError("exam.script", number=number) from error
                say(**told)
            except TrainerError as error:
                refused += 1
                say(error=error.code, text=messages(error.code, **error.blanks))
            if attempt.finished or attempt.quitting:
                break
    finally:
        room.leave(wait=2)
    return FINDINGS if refused else GOOD


def _act(attempt: "RunningAttempt", act: dict[str, object]) -> dict[str, object]:
    """Do one act; what to print once it is on the disk. Raises TrainerError."""
    import msgspec

    from trainer.exams.model import Answered

    item = str(act.get("item", ""))
    done: Future[None] | None = None
    match act.get("do"):
        case "show":
            done = attempt.show(item)
        case "answer":
            given = {"type": "answered", "item_id": item}
            given |= {name: act[name] for name in ("response", "road") if name in act}  # type: ignore[misc]
            done = attempt.answer(msgspec.convert(given, Answered))
        case "flag":
            done = attempt.flag(item, act.get("on") is not False)
        case "section":
            done = attempt.enter_section(str(act["section"]))
        case "code":
            return {"did": attempt.use_code(str(act["text"]))}
        case "away":
            attempt.went_away()
            attempt.came_back(int(str(act["ms"])))
        case "wait":
            _wait(attempt, float(str(act["seconds"])))
        case "finish":
            reason = act.get("reason", "candidate")
            receipt = attempt.finish(reason)  # type: ignore[arg-type]
            return {"receipt": receipt.code, "records": receipt.records}
    if done is not None:
        done.result()
    moment = attempt.tick()
    return {"saved": attempt.receipt().records, **asdict(moment)}


def _wait(attempt: "RunningAttempt", seconds: float) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(left, 1.0))
        attempt.tick()


def collect(arguments: Namespace, messages: Messages) -> int:
    """Exit status: 0 everything is there and clean, 1 somebody is missing or must be decided."""
    from trainer.exams.package import read_package
    from trainer.services import exam_collection
    from trainer.services.exam_office import read_package_file
    from trainer.services.exam_station import attempts_folder

    folders = arguments.folders or [attempts_folder(arguments.places.data)]
    status = GOOD
    if arguments.to:
        collected = exam_collection.collect(folders, arguments.to)
        for one in collected.carried:
            if arguments.json:
                say(**asdict(one))
            else:
                code = "exam.carried" if one.new else "exam.carried-before"
                print(messages(code, number=one.candidate, receipt=one.receipt, name=one.name))
        for rejected in collected.unread:
            status = FINDINGS
            _tell(messages, arguments.json, rejected.name, "rejected", (rejected.remark,))
        folders = [arguments.to]
    if arguments.package:
        keys = [one.sign_public for one in _shelf(arguments).trusted()]
        now = milliseconds(SystemClock().now())
        package = read_package(read_package_file(arguments.package), keys, __version__, now)
        receipts = _receipts(arguments.receipts)
        board = exam_collection.board_of(folders, package.header, package.header_digest, receipts)
        _show(board, arguments.json, messages)
        clean = board.count("complete") == len(board.rows) and not board.rejected
        status = status if clean else FINDINGS
    return status


def _show(board: "Board", as_json: bool, messages: Messages) -> None:
    for row in board.rows:
        _tell(messages, as_json, row.candidate, row.status, row.remarks)
    for rejected in board.rejected:
        _tell(messages, as_json, rejected.name, "rejected", (rejected.remark,))


def _tell(
    messages: Messages, as_json: bool, name: str, status: str, remarks: "tuple[Remark, ...]"
) -> None:
    texts = [messages(remark.code, **remark.blanks) for remark in remarks]
    if as_json:
        codes = [remark.code for remark in remarks]
        say(name=name, status=status, remarks=codes, texts=texts)
    else:
        print(messages("exam.board-row", name=name, status=messages(f"exam.board-{status}")))
        for text in texts:
            print(f"    {text}")


def say(**what: object) -> None:
    """One line of JSON, at once: whoever reads it may act on it."""
    print(json.dumps(what, ensure_ascii=False), flush=True)


def _lines(script: Path | None) -> Iterator[str]:
    if script is None:
        yield from (line for line in sys.stdin if line.strip())
    else:
        yield from (one for one in script.read_text(encoding="utf-8").splitlines() if one.strip())


def _receipts(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    rows = (line.split(",", 1) for line in path.read_text(encoding="utf-8-sig").splitlines())
    return {row[0].strip(): row[1].strip() for row in rows if len(row) == 2}


def _station(arguments: Namespace) -> "Station":
    from trainer.services.exam_station import this_station
    from trainer.storage.exam_mirror import FolderShare

    share = FolderShare(arguments.share) if arguments.share else None
    station = this_station(arguments.places.data, program_folder(), __version__, os.urandom, share)
    return replace(station, root=arguments.attempts or station.root, spare=arguments.spare)


def _shelf(arguments: Namespace) -> "KeyShelf":
    from trainer.services.exam_office import open_shelf

    return open_shelf(arguments.places.data, program_folder(), os.urandom)
