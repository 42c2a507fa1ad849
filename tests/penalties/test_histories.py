"""Histories worked out by hand from the rule texts, ten a platform and more, in tests/data.

An event is "DAY VIOLATION [points=] [value=] [count=] [annulled=]"; a line of `expect` names a day
and what stands then: points by track, the measures in force (all of them, "free" for none), bills.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.penalties.books import PLATFORMS, shipped_book
from trainer.penalties.account import Account, Incident, account_of
from trainer.penalties.readings import (
    OrderCount,
    evaluated_on,
    level_for,
    next_evaluation,
    read_counts,
    reading_on,
    shown_on,
)
from trainer.penalties.rulebook import Rulebook
from trainer.penalties.zones import day_at

DATA = Path(__file__).resolve().parents[1] / "data" / "penalties"
History = Mapping[str, Any]
_MEASURE = re.compile(r"([a-z-]+) (?:until (\d{4}-\d\d-\d\d)|for ever)")


def histories(platform: str) -> Sequence[History]:
    with (DATA / f"{platform}.toml").open("rb") as file:
        found: Sequence[History] = tomllib.load(file)["history"]
    return found


CASES = [
    pytest.param(platform, history, id=f"{platform}: {history['title']}")
    for platform in PLATFORMS
    for history in histories(platform)
]


def incident(line: str, book: Rulebook) -> Incident:
    day, violation, *more = line.split()
    said = dict(piece.split("=") for piece in more)
    return Incident(
        day_at(datetime.fromisoformat(day), book.zone) if "T" in day else date.fromisoformat(day),
        violation,
        Fraction(said["points"]) if "points" in said else None,
        Fraction(said["value"]) if "value" in said else None,
        int(said.get("count", 1)),
        date.fromisoformat(said["annulled"]) if "annulled" in said else None,
    )


@pytest.fixture(params=["en", "zh"])
def language(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.mark.parametrize("platform", PLATFORMS)
def test_there_are_ten_histories_a_platform(platform: str) -> None:
    assert len(histories(platform)) >= 10
    for history in histories(platform):
        assert history["text"]
        assert set(history) & {"expect", "readings", "levels", "read", "evaluated"}


@pytest.mark.parametrize(("platform", "history"), CASES)
def test_the_account_stands_where_the_rule_text_says(
    platform: str, history: History, language: Any
) -> None:
    book = shipped_book(platform, language)
    account = account_of(book, [incident(line, book) for line in history.get("events", ())])
    for line in history.get("expect", ()):
        day, _, told = line.partition(": ")
        check(account, date.fromisoformat(day), told)
    for line in history.get("next", ()):
        event, _, told = line.rpartition(": ")
        one = incident(event, book)
        outcome = account.what_if(one)
        new = {restriction_text(r.measure.kind, r.until) for r in outcome.restrictions}
        for piece in told.split("; "):
            if _MEASURE.fullmatch(piece):
                assert piece in new, line
            elif piece == "closed":
                assert outcome.closes
            else:
                check(outcome.account, one.day, piece)
    if "steps" in history:
        told = account.explain(date.max)
        assert [f"{s.day} {s.kind} {s.row_id or (s.measure and s.measure.kind)}" for s in told] == (
            history["steps"]
        )


def check(account: Account, day: date, told: str) -> None:
    wanted = set()
    looks_at_measures = False
    for piece in told.split("; "):
        words = piece.split()
        if piece == "free":
            looks_at_measures = True
        elif piece == "open":
            closed = account.closed_on()
            assert closed is None or closed > day
        elif words[:2] == ["closed", "since"]:
            assert account.closed_on() == date.fromisoformat(words[2])
        elif _MEASURE.fullmatch(piece):
            looks_at_measures = True
            wanted.add(piece)
        elif words[0] == "bill":
            bill = account.billed(day).get(words[1].strip("-"))
            low, _, high = words[2].partition("-")
            found = (bill.low, bill.high) if bill else (Fraction(0), Fraction(0))
            assert found == (Fraction(low), Fraction(high or low)), piece
        elif words[0] == "score":
            orders = int(words[4]) if len(words) > 3 else 0
            points = account.points(words[1], day)
            assert account.book.tracks[words[1]].shown(points, orders) == Fraction(words[2]), piece
        elif words[0] in {"unknown", "not-in-force"}:
            upto = [one for one in account.entries if one.incident.day <= day]
            assert sum(one.reason == words[0] for one in upto) == int(words[1])
        else:
            assert account.points(words[0], day) == Fraction(words[1]), f"{day}: {piece}"
    if looks_at_measures:
        in_force = {
            restriction_text(one.measure.kind, one.until)
            for one in account.in_force(day)
            if one.measure.kind != "closed"
        }
        assert in_force == wanted, day


def restriction_text(kind: str, until: date | None) -> str:
    return f"{kind} until {until}" if until else f"{kind} for ever"


@pytest.mark.parametrize(("platform", "history"), CASES)
def test_metrics_read_what_the_rule_text_says(platform: str, history: History) -> None:
    book = shipped_book(platform)
    for line in history.get("readings", ()):
        name, counts, people, value, verdict = re.fullmatch(  # type: ignore[union-attr] # a broken line is a broken test
            r"(\S+) (\S+?)(?: people=(\d+))?: (\S+) (\S+)", line
        ).groups()
        part, whole = map(int, counts.split("/"))
        found = read_counts(book.metrics[name], part, whole, int(people) if people else None)
        assert (found.value, found.verdict) == (
            None if value == "-" else Fraction(value),
            verdict,
        ), line
    orders = list(order_counts(history))
    for line in history.get("read", ()):
        name, day, told = re.fullmatch(r"(\S+) (\S+): (.+)", line).groups()  # type: ignore[union-attr] # as above
        found_on = reading_on(book.metrics[name], orders, date.fromisoformat(day))
        assert ", ".join(f"{one.part}/{one.whole} {one.verdict}" for one in found_on) == told


def order_counts(history: History) -> Iterator[OrderCount]:
    for line in history.get("orders", ()):
        day, counts = line.split()
        part, whole = map(int, counts.split("/"))
        yield OrderCount(date.fromisoformat(day), part, whole)


@pytest.mark.parametrize(("platform", "history"), CASES)
def test_levels_are_what_the_rule_text_says(platform: str, history: History) -> None:
    book = shipped_book(platform)
    for line in history.get("levels", ()):
        given, _, told = line.partition(": ")
        table, *words = given.split()
        figures = {}
        kept = {}
        for word in words:
            name, sign, value = word.partition("=")
            if sign:
                figures[name] = Fraction(value)
            elif name != "kept":
                kept[name] = True
        found = level_for(book.tiers[table], figures, kept)
        names = [stage.stage_id or stage.title for stage in found.levels]
        if told.startswith("possible "):
            assert found.certain is None
            assert names == told.removeprefix("possible ").split(", ")
        else:
            assert found.certain is not None, line
            assert found.certain.stage_id == told, line
    for line in history.get("evaluated", ()):
        table, day, last, shown, following = re.fullmatch(  # type: ignore[union-attr] # as above
            r"(\S+) (\S+): (\S+) shown (\S+) next (\S+)", line
        ).groups()
        evaluation = book.evaluations[table]
        evaluated = evaluated_on(evaluation, date.fromisoformat(day))
        assert str(evaluated) == last
        assert str(shown_on(evaluation, evaluated)) == shown
        assert str(next_evaluation(evaluation, date.fromisoformat(day))) == following
