"""`trainer penalties explain | list`: what a platform's tables make of a history, and their ids."""

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace, _SubParsersAction
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

from trainer.bootstrap import content_folders
from trainer.cards.model import Language
from trainer.foundation.clock import SystemClock
from trainer.foundation.errors import TrainerError
from trainer.foundation.messages import Messages
from trainer.foundation.source import Finding
from trainer.penalties.account import Account, Incident, Outcome, Restriction, Step, account_of
from trainer.penalties.rulebook import Fine, Rulebook, Violation
from trainer.penalties.zones import day_at
from trainer.presenters.penalty_words import (
    bill_words,
    measure_name,
    restriction_words,
    standing_words,
    step_words,
    touched,
)
from trainer.presenters.subjects import subject_name
from trainer.services.event_files import read_events
from trainer.services.penalty_books import read_rulebook, source_of

GOOD, FINDINGS = 0, 1


def register(commands: "_SubParsersAction[ArgumentParser]") -> None:
    words = commands.add_parser("penalties", help="compute with a platform's penalty tables")
    actions = words.add_subparsers(dest="action", metavar="ACTION", required=True)
    explain_words = actions.add_parser(
        "explain", help="say what a history of violations leads to, step by step"
    )
    explain_words.add_argument("platform", metavar="PLATFORM")
    explain_words.add_argument(
        "--events",
        type=Path,
        required=True,
        metavar="FILE",
        help="CSV, Markdown table or JSON: date, violation, points, value, count, annulled",
    )
    explain_words.add_argument(
        "--on", type=_day, metavar="DATE", help="the day to look at (the platform's today)"
    )
    explain_words.add_argument(
        "--next", default="", metavar="VIOLATION", help="also say what this one would do"
    )
    explain_words.add_argument("--json", action="store_true", help="print for a program to read")
    explain_words.set_defaults(run=explain)
    list_words = actions.add_parser("list", help="list the violations of a platform, with ids")
    list_words.add_argument("platform", metavar="PLATFORM")
    list_words.add_argument("--json", action="store_true", help="print for a program to read")
    list_words.set_defaults(run=list_violations)


def explain(arguments: Namespace, messages: Messages) -> int:
    """Exit status: 0 good, 1 a line of the file could not be read (the rest counts)."""
    folders = content_folders(arguments.places)
    book = read_rulebook(folders, arguments.platform, _language(messages))
    if arguments.next and not book.knows(arguments.next):
        raise TrainerError(
            "penalties.unknown-violation", value=arguments.next, platform=book.platform
        )
    events = read_events(arguments.events, book)
    on = arguments.on or day_at(SystemClock().now(), book.zone)
    account = account_of(book, [one for one in events.incidents if one.day <= on])
    outcome = account.what_if(Incident(on, arguments.next)) if arguments.next else None
    said = _Said(messages, book, folders)
    if arguments.json:
        _print_json(said.as_json(account, on, outcome, events.findings))
    else:
        print("\n".join(said.as_text(account, on, outcome)))
        for finding in events.findings:
            sentence = messages(finding.code, **finding.blanks)
            print(f"{finding.place}: {finding.level} {finding.code} {sentence}", file=sys.stderr)
    broken = any(finding.level == "error" for finding in events.findings)
    return FINDINGS if broken else GOOD


def list_violations(arguments: Namespace, messages: Messages) -> int:
    """Exit status: 0."""
    folders = content_folders(arguments.places)
    book = read_rulebook(folders, arguments.platform, _language(messages))
    rows: list[Violation | Fine] = [*book.violations.values(), *book.fines.values()]
    if arguments.json:
        _print_json([_row_json(row) for row in rows])
        return GOOD
    widest = max((len(row.violation_id) for row in rows), default=0)
    heading = ""
    for row in rows:
        track = book.tracks.get(row.track_id)
        over = track.title if track else messages("penalties.without-points")
        if over != heading:
            print(f"{'' if not heading else chr(10)}{over}")
            heading = over
        print(f"  {row.violation_id:<{widest}}  {_price(row):>7}  {row.title}{_sum(row)}")
    if not rows:
        print(messages("penalties.no-violations", platform=subject_name(messages, book.platform)))
    return GOOD


class _Said:
    """An account as text and as JSON, in one language."""

    def __init__(self, messages: Messages, book: Rulebook, folders: Sequence[Path]) -> None:
        self._messages = messages
        self._book = book
        self._folders = folders
        self._language = _language(messages)

    def as_text(self, account: Account, on: date, outcome: Outcome | None) -> list[str]:
        messages = self._messages
        name = subject_name(messages, self._book.platform)
        lines = [messages("penalties.head", platform=name, zone=self._book.zone, day=on), ""]
        steps = account.explain(on)
        lines += [self._step_line(step) for step in steps]
        if not steps:
            lines.append(messages("penalties.nothing-happened", day=on))
        lines += ["", messages("penalties.then", day=on)]
        for standing in touched(account, on):
            first, *more = standing_words(messages, standing)
            lines += [f"  {first}", *(f"    {line}" for line in more)]
        lines += [f"  {restriction_words(messages, one)}" for one in account.in_force(on)]
        lines += [
            f"  {messages('penalties.billed', sum=bill_words(bill))}"
            for bill in account.billed(on).values()
        ]
        if len(lines) and lines[-1] == messages("penalties.then", day=on):
            lines.append(f"  {messages('penalties.clean')}")
        if outcome is not None:
            title = outcome.entries[0].row.title
            lines += ["", messages("penalties.if-next", title=title)]
            lines += [self._step_line(step) for step in outcome.steps]
        return lines

    def as_json(
        self, account: Account, on: date, outcome: Outcome | None, findings: Sequence[Finding]
    ) -> dict[str, object]:
        closed = account.closed_on()
        whole: dict[str, object] = {
            "platform": self._book.platform,
            "zone": self._book.zone,
            "on": str(on),
            "steps": [self._step_json(step) for step in account.explain(on)],
            "records": [
                {
                    "track": standing.track.track_id,
                    "title": standing.track.title,
                    "unit": standing.track.unit,
                    "points": _number(standing.points),
                    "shown": _number(standing.track.shown(standing.points)),
                    "reached": standing.reached and _number(standing.reached.at),
                    "next": standing.next and _number(standing.next.at),
                    "lapses": [
                        {"day": str(one.day), "points": _number(one.points)}
                        for one in standing.lapses
                    ],
                    "clean_on": standing.clean_on and str(standing.clean_on),
                }
                for standing in touched(account, on)
            ],
            "in_force": [self._restriction_json(one) for one in account.in_force(on)],
            "bills": {
                bill.currency: {"low": _number(bill.low), "high": _number(bill.high)}
                for bill in account.billed(on).values()
            },
            "closed_on": closed and str(closed),
            "findings": [
                {
                    "file": finding.place.path.as_posix(),
                    "line": finding.place.line,
                    "column": finding.place.column,
                    "level": str(finding.level),
                    "code": finding.code,
                    "message": self._messages(finding.code, **finding.blanks),
                }
                for finding in findings
            ],
        }
        if outcome is not None:
            whole["next"] = {
                "steps": [self._step_json(step) for step in outcome.steps],
                "in_force": [self._restriction_json(one) for one in outcome.account.in_force(on)],
                "closes": outcome.closes,
            }
        return whole

    def _step_line(self, step: Step) -> str:
        source = source_of(step.rule_id, step.line, self._language, self._folders)
        return f"{step.day}  {step_words(self._messages, step, self._book)}  [{source}]"

    def _step_json(self, step: Step) -> dict[str, object]:
        return {
            "day": str(step.day),
            "kind": step.kind,
            "text": step_words(self._messages, step, self._book),
            "rule": step.rule_id,
            "source": source_of(step.rule_id, step.line, self._language, self._folders),
            "row": step.row_id,
            "track": step.track_id,
            "time": step.time,
            "price": _number(step.price),
            "points": _number(step.points),
            "total": _number(step.total),
            "at": _number(step.at),
            "reason": step.reason,
            "bill": step.bill
            and {
                "low": _number(step.bill.low),
                "high": _number(step.bill.high),
                "currency": step.bill.currency,
            },
            "measure": step.measure and step.measure.kind,
            "until": step.until and str(step.until),
        }

    def _restriction_json(self, one: Restriction) -> dict[str, object]:
        return {
            "measure": one.measure.kind,
            "text": measure_name(self._messages, one.measure),
            "since": str(one.since),
            "until": one.until and str(one.until),
            "rule": one.rule_id,
            "source": source_of(one.rule_id, one.line, self._language, self._folders),
        }


def _language(messages: Messages) -> Language:
    return "zh" if messages.language.startswith("zh") else "en"


def _price(row: Violation | Fine) -> str:
    if isinstance(row, Fine):
        return "?" if row.track_id else "-"
    low, high = (f"{float(points):g}" for points in (row.low, row.high))
    return low if low == high else f"{low}–{high}"


def _sum(row: Violation | Fine) -> str:
    """The sum of money, as the table has it."""
    return f" · {row.amount}" if isinstance(row, Fine) and row.charge is not None else ""


def _row_json(row: Violation | Fine) -> dict[str, object]:
    shared: dict[str, object] = {
        "id": row.violation_id,
        "title": row.title,
        "track": row.track_id,
        "rule": row.rule_id,
        "measures": [measure.kind for measure in row.measures],
        "also": list(row.also),
        "since": row.since and str(row.since),
        "until": row.until and str(row.until),
    }
    if isinstance(row, Fine):
        return {**shared, "amount": row.amount, "remarks": row.remarks}
    times = {"of": row.family, "from": row.from_time}
    return {**shared, "low": _number(row.low), "high": _number(row.high), **times}


def _number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(text) from error


def _print_json(value: object) -> None:
    import json  # only for programs that ask

    print(json.dumps(value, ensure_ascii=False, indent=2))
