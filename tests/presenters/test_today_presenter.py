"""What the Today page leads with, and in which order the rest comes."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from trainer.presenters.today import Standing, TodayPage, today_page
from trainer.services.content_library import Library
from trainer.services.progress import ChangedRule, Today
from trainer.services.study import Counts

NINE = datetime(2026, 11, 23, 9).astimezone()


def library(*, decks: int = 1, rules: dict[str, str] | None = None) -> Library:
    titles = rules or {}

    def rule(rule_id: str, _language: str) -> object:
        return SimpleNamespace(title=titles[rule_id]) if rule_id in titles else None

    def card(card_id: str, _language: str) -> object:
        if card_id == "gone":
            return None
        return SimpleNamespace(question=f"Why {card_id}?", rule_id="d#r")

    return cast("Library", SimpleNamespace(decks=lambda: ["deck"] * decks, rule=rule, card=card))


def today(counts: Counts, **more: object) -> Today:
    usual: dict[str, object] = {
        "estimate": timedelta(minutes=12.4),
        "studied": timedelta(minutes=8, seconds=59),
        "goal_minutes": 20,
        "streak_days": 0,
        "by_subject": {},
        "changed": (),
        "asked": (),
    }
    return Today(counts=counts, **{**usual, **more})  # type: ignore[arg-type] # as above


def page(counts: Counts, now: datetime = NINE, decks: int = 1, **more: object) -> TodayPage:
    return today_page(today(counts, **more), library(decks=decks), "en", now)


@pytest.mark.parametrize(
    ("counts", "streak", "decks", "standing"),
    [
        (Counts(new=20, learning=0, due=0, done=0), 0, 1, Standing.FRESH),
        (Counts(new=20, learning=0, due=0, done=3), 0, 1, Standing.WAITING),
        (Counts(new=20, learning=0, due=0, done=0), 4, 1, Standing.WAITING),
        (Counts(new=0, learning=2, due=0, done=0), 0, 1, Standing.WAITING),
        (Counts(new=0, learning=0, due=5, done=0), 0, 1, Standing.WAITING),
        (Counts(new=0, learning=0, due=0, done=9), 3, 1, Standing.DONE),
        (Counts(new=0, learning=0, due=0, done=0), 0, 1, Standing.DONE),
        (Counts(new=0, learning=0, due=0, done=0), 0, 0, Standing.NO_DECKS),
    ],
)
def test_what_the_page_leads_with(
    counts: Counts, streak: int, decks: int, standing: Standing
) -> None:
    assert page(counts, decks=decks, streak_days=streak).standing is standing


def test_cards_in_learning_count_as_due() -> None:
    shown = page(Counts(new=4, learning=3, due=5, done=1))
    assert (shown.waiting, shown.due, shown.new) == (12, 8, 4)
    assert shown.minutes == 12


def test_minutes_are_never_told_too_early() -> None:
    shown = page(Counts(1, 0, 0, 0), estimate=timedelta(seconds=5))
    assert shown.minutes == 1
    assert shown.studied_minutes == 8
    assert shown.goal_share == pytest.approx(0.449, abs=0.001)


def test_a_goal_is_reached_but_not_overrun() -> None:
    shown = page(Counts(1, 0, 0, 0), studied=timedelta(minutes=45))
    assert shown.goal_share == 1


@pytest.mark.parametrize(
    ("hour", "greeting"),
    [
        (4, "morning"),
        (11, "morning"),
        (12, "afternoon"),
        (17, "afternoon"),
        (18, "evening"),
        (3, "evening"),
    ],
)
def test_the_greeting_knows_the_hour(hour: int, greeting: str) -> None:
    shown = page(Counts(1, 0, 0, 0), now=NINE.replace(hour=hour))
    assert shown.greeting == f"today.good-{greeting}"


def test_the_subject_with_most_due_comes_first() -> None:
    shown = page(
        Counts(1, 0, 0, 0),
        by_subject={
            "wish": Counts(0, 0, 0, 4),
            "ebay": Counts(9, 0, 1, 0),
            "amazon": Counts(0, 2, 2, 0),
            "dhgate": Counts(9, 0, 1, 0),
        },
    )
    assert [line.subject for line in shown.subjects] == ["amazon", "dhgate", "ebay"]
    assert (shown.subjects[0].due, shown.subjects[0].new) == (4, 0)


def test_changed_rules_have_their_title_or_at_least_their_id() -> None:
    changed = [ChangedRule("d#odr", ("a", "b")), ChangedRule("d#gone", ("c",))]
    shown = today_page(
        today(Counts(1, 0, 0, 0), changed=changed),
        library(rules={"d#odr": "Order defects"}),
        "en",
        NINE,
    )
    assert [(line.title, line.cards) for line in shown.changed] == [
        ("Order defects", 2),
        ("gone", 1),
    ]


def test_questions_for_the_teacher_leave_out_cards_that_are_gone() -> None:
    shown = page(Counts(1, 0, 0, 0), asked=("a", "gone", "b"))
    assert [line.question for line in shown.asked] == ["Why a?", "Why b?"]
