"""How fast the penalty engine answers: a record asked about many days, and whole accounts."""

import random
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from bench.report import Row, seconds
from trainer.decks.parser import parse_deck
from trainer.decks.rulebooks import rulebook_of
from trainer.penalties.account import Incident, account_of
from trainer.penalties.engine import Ledger, Penalty

ROOT = Path(__file__).resolve().parent.parent
DAY = date(2026, 1, 1)
PENALTIES, DAYS, RECORDS = 40, 1_000, 1_000


def rows() -> list[Row]:
    book = rulebook_of(
        "aliexpress",
        [
            parse_deck(path.read_bytes(), path, f"platforms/aliexpress/{path.stem}", "en")[0]
            for path in sorted((ROOT / "content" / "platforms" / "aliexpress").glob("*.md"))
            if not path.name.endswith(".zh.md")
        ],
    )
    track = book.tracks["ip"]
    chance = random.Random(4)  # noqa: S311 - figures for a measurement
    given = [
        Penalty(DAY + timedelta(days=chance.randrange(700)), "ip", Fraction(chance.choice((2, 6))))
        for _ in range(PENALTIES)
    ]
    asked = [DAY + timedelta(days=number) for number in range(DAYS)]

    def engine() -> None:
        for _ in range(RECORDS):
            points_on = Ledger(track, given).points_on
            for day in asked:
                points_on(day)

    # The naive way: no windows of months, no annulment, no thresholds, whole numbers only.
    plain = [
        (penalty.given_on, penalty.given_on + timedelta(days=365), int(penalty.points))
        for penalty in given
    ]

    def naive() -> None:
        for day in asked:
            sum(points for since, until, points in plain if since <= day < until)

    ours = min(seconds(engine, 3))
    theirs = min(seconds(naive, 3)) * RECORDS
    incidents = [
        Incident(
            DAY + timedelta(days=chance.randrange(700)), chance.choice(sorted(book.violations))
        )
        for _ in range(PENALTIES)
    ]
    whole = min(seconds(lambda: account_of(book, incidents), 3))
    return [
        Row(
            f"penalty engine, 1M standings over {PENALTIES} penalties",
            f"{ours:.2f} s, {DAYS * RECORDS / ours / 1e6:.1f}M/s",
            f"naive Python sums: {theirs:.2f} s, {theirs / ours:.1f} times ours",
            "seconds",
        ),
        Row(
            f"penalty engine, an account of {PENALTIES} incidents with every step explained",
            f"{whole * 1000:.1f} ms, {whole / PENALTIES * 1e6:.0f} us an incident",
        ),
    ]
