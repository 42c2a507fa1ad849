"""`trainer exam open | mark | analyse | release`: after an exam, on the teacher's PC."""

import json
from argparse import ArgumentParser, ArgumentTypeError, Namespace, _SubParsersAction
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.bootstrap import program_folder
from trainer.cli.exam_secrets import ask_passphrase
from trainer.cli.progress import progress
from trainer.foundation.clock import SystemClock, milliseconds
from trainer.foundation.messages import Messages

if TYPE_CHECKING:
    from trainer.services.exam_results import ExamResults, Paper

GOOD, FINDINGS = 0, 1


def register(stages: "_SubParsersAction[ArgumentParser]") -> None:
    words = _stage(stages, "open", "check what was collected, and say what it is", open_board)
    words.add_argument("--json", action="store_true", help="print for a program to read")
    words = _stage(stages, "mark", "mark the papers, and write the gradebook", mark)
    words.add_argument(
        "--output",
        type=Path,
        nargs="*",
        default=[],
        metavar="FILE",
        help="gradebook: .xlsx, .csv or .pdf",
    )
    words.add_argument(
        "--void",
        nargs=2,
        action="append",
        default=[],
        metavar=("QUESTION", "RULE"),
        help="a question that does not count: its id, and drop or credit",
    )
    words.add_argument(
        "--count",
        nargs=2,
        action="append",
        default=[],
        metavar=("NUMBER", "RECEIPT"),
        help="which attempt of a candidate counts; - for none",
    )
    words.add_argument(
        "--receipt",
        nargs=2,
        action="append",
        default=[],
        metavar=("NUMBER", "RECEIPT"),
        help="what stands on the attendance sheet",
    )
    words.add_argument("--reason", default="", help="why, for the record")
    words.add_argument("--json", action="store_true", help="print for a program to read")
    words = _stage(stages, "analyse", "what the marks say about the questions", analyse)
    words.add_argument("--json", action="store_true", help="print for a program to read")
    words = _stage(stages, "release", "write what candidates open with their slips", release)
    words.add_argument("--output", type=Path, required=True, metavar="FILE")
    words.add_argument("--package", type=Path, required=True, metavar="PACKAGE")
    words.add_argument("--level", choices=("score", "answers", "full"), default="score")
    words.add_argument("--from-day", type=_day, default=0, metavar="DAY", help="2026-12-08")
    words = stages.add_parser("review", help="open one's own marks")
    words.add_argument("file", type=Path, metavar="FILE")
    words.add_argument("--number", required=True, help="candidate's number")
    words.add_argument("--ticket", required=True, help="the code on the slip")
    words.set_defaults(run=review)


def _stage(
    stages: "_SubParsersAction[ArgumentParser]", name: str, text: str, run: object
) -> ArgumentParser:
    words = stages.add_parser(name, help=text)
    words.add_argument("key", type=Path, metavar="XKEY", help="the teacher's file of the sitting")
    words.add_argument("folders", type=Path, nargs="+", metavar="FROM", help="collected results")
    words.add_argument("--keys", type=Path, metavar="FILE", help="a spare key instead of your own")
    words.add_argument(
        "--teacher", type=Path, metavar="FILE", help="the teacher's public key, with a spare key"
    )
    words.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="its first line (asked for otherwise)"
    )
    words.set_defaults(run=run)
    return words


def open_board(arguments: Namespace, messages: Messages) -> int:
    """Exit status: 0 everything is there and clean, 1 something wants a look."""
    results = _results(arguments, messages)
    papers = results.papers()
    if arguments.json:
        _print_json([_row(paper, messages) for paper in papers])
    else:
        for paper in papers:
            print(_line(paper, messages))
            for remark in paper.remarks:
                print(f"      {_said(remark, messages)}")
        for name, remark in results.unread:
            print(f"{name}: {_said(remark, messages)}")
    clean = all(paper.row.status == "complete" and not paper.waits for paper in papers)
    return GOOD if clean and not results.unread else FINDINGS


def mark(arguments: Namespace, messages: Messages) -> int:
    """Exit status: 0 every candidate has marks, 1 some have none or wait for a decision."""
    results = _results(arguments, messages)
    for number, receipt in arguments.receipt:
        results.set_receipt(number, receipt)
    for number, receipt in arguments.count:
        results.count_receipt(number, receipt)
    now = milliseconds(SystemClock().now())
    for item_id, rule in arguments.void:
        results.void(item_id, rule, arguments.reason, now)
    results.mark_now(now)
    papers = results.papers()
    for path in arguments.output:
        results.export(path, messages, arguments.print_pdf)
    if arguments.json:
        _print_json([_row(paper, messages) for paper in papers])
    else:
        for paper in papers:
            print(_line(paper, messages))
    return (
        GOOD if all(paper.marks is not None and not paper.waits for paper in papers) else FINDINGS
    )


def analyse(arguments: Namespace, messages: Messages) -> int:
    """Exit status: 0 no question needs mending, 1 some do."""
    from trainer.exams.item_readings import read_item, read_paper

    analysis = _results(arguments, messages).analysis()
    rows = []
    to_mend = False
    for figures in analysis.items:
        readings = read_item(figures, analysis.rights.get(figures.item_id, frozenset()))
        to_mend |= any(reading.tone == "mend" for reading in readings)
        rows.append((figures, [messages(one.code, **one.blanks) for one in readings]))
    said = [messages(one.code, **one.blanks) for one in read_paper(analysis.paper)]
    if arguments.json:
        _print_json(
            {
                "paper": {
                    "n": analysis.paper.n,
                    "mean": analysis.paper.mean,
                    "alpha": analysis.paper.alpha,
                    "kr20": analysis.paper.kr20,
                    "sem": analysis.paper.sem,
                    "says": said,
                },
                "items": [
                    {
                        "item": figures.item_id,
                        "card": analysis.cards[figures.item_id],
                        "n": figures.n,
                        "omitted": figures.omitted,
                        "not_reached": figures.not_reached,
                        "facility": figures.facility,
                        "discrimination": figures.discrimination,
                        "upper_lower": figures.upper_lower,
                        "chosen": [one.chosen for one in figures.options],
                        "says": words,
                    }
                    for figures, words in rows
                ],
            }
        )
        return FINDINGS if to_mend else GOOD
    print(" ".join(said))
    for figures, words in rows:
        print(f"{figures.item_id}  {analysis.titles[figures.item_id]}")
        print(f"      {analysis.cards[figures.item_id]}")
        print(f"      {' '.join(words)}")
    return FINDINGS if to_mend else GOOD


def release(arguments: Namespace, messages: Messages) -> int:
    from nacl.utils import random as entropy

    results = _results(arguments, messages)
    number = results.release(
        arguments.output, arguments.level, arguments.from_day, arguments.package, entropy
    )
    print(messages.count("results.released", number, path=arguments.output))
    return GOOD


def review(arguments: Namespace, messages: Messages) -> int:
    from trainer.services.exam_results import open_review

    now = milliseconds(SystemClock().now())
    found = open_review(arguments.file, arguments.number, arguments.ticket, now)
    print(messages("results.your-score", score=_plain(found.score), points=_plain(found.points)))
    for item in found.items:
        print(f"{_plain(item.points)} / {item.item.points}  {item.item.papers[0].stem}")
    return GOOD


def _results(arguments: Namespace, messages: Messages) -> "ExamResults":
    from nacl.utils import random as entropy

    from trainer.services.exam_keys import open_key_file, read_public_file
    from trainer.services.exam_office import open_shelf
    from trainer.services.exam_results import open_results

    word = ask_passphrase(arguments, messages)
    if arguments.keys:
        keys = open_key_file(arguments.keys, word)
    else:
        keys = open_shelf(arguments.places.data, program_folder(), entropy).open(word)
    signer = read_public_file(arguments.teacher).sign_public if arguments.teacher else None
    results = open_results(arguments.key, keys, signer)
    with progress() as report:
        results.collect_from(arguments.folders, report)
    return results


def _line(paper: "Paper", messages: Messages) -> str:
    status = messages(f"results.status-{paper.row.status}")
    score = "" if paper.score is None else f"  {_plain(str(paper.score[0]))} / {paper.score[1]}"
    waits = f"  {messages('results.waits')}" if paper.waits else ""
    receipt = f"  {paper.counted.index.receipt}" if paper.counted else ""
    return f"{paper.entrant.number}  {paper.entrant.name}  {status}{score}{receipt}{waits}"


def _row(paper: "Paper", messages: Messages) -> dict[str, object]:
    score = paper.score
    return {
        "number": paper.entrant.number,
        "name": paper.entrant.name,
        "status": paper.row.status,
        "waits": paper.waits,
        "receipt": paper.counted.index.receipt if paper.counted else None,
        "score": None if score is None else str(score[0]),
        "points": None if score is None else str(score[1]),
        "marks": None
        if paper.marks is None
        else {mark.item_id: str(mark.score) for mark in paper.marks},
        "remarks": [{"code": one.code, "text": _said(one, messages)} for one in paper.remarks],
    }


def _said(remark: object, messages: Messages) -> str:
    from trainer.exams.verify import Remark
    from trainer.services.exam_results import shown_blanks

    if not isinstance(remark, Remark):
        raise TypeError(remark)
    return messages(remark.code, **shown_blanks(remark, messages))


def _plain(fraction: str) -> str:
    from fractions import Fraction

    value = Fraction(fraction)
    return str(value) if value.denominator == 1 else f"{float(value):.2f}"


def _day(text: str) -> int:
    try:
        return milliseconds(datetime.fromisoformat(text).astimezone())
    except ValueError:
        raise ArgumentTypeError(text) from None


def _print_json(value: Sequence[object] | dict[str, object]) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
