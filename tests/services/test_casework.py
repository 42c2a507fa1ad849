"""Cases are played with the shipped decks: every road of every case, and the account on the way."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from trainer.services.casework import CaseSession, cases_in, open_case
from trainer.services.content_library import Library

CONTENT = Path(__file__).resolve().parents[2] / "content"
DAY = date(2026, 11, 23)

PLATFORM = """---
title: Points
platform: somewhere
competence: platform-rules
as-of: 2026-11
---
# Points

## The record {#ip .track window="365 days"}

| Points | What happens |
| ---: | --- |
| 6 | No listing for 3 days |
| 12 | Account closed |

Source: [Rules](https://example.org/) (2026-11)

## The prices {#prices .violations track=ip}

| Violation | Points |
| --- | ---: |
| Counterfeit {#counterfeit} | 6 |
| Hiding it {#hiding} | 2–6 |

Source: [Rules](https://example.org/) (2026-11)

Q: What does a counterfeit cost? {#cost}
A: = 6 points

## Scenario: The sample {#sample}
Shop: somewhere, 40 orders a day, 6 points on the ip track

### A logo {#start}

The sample has a logo.

- [ ] [List it](#caught) {violation=counterfeit}
  > That is a counterfeit.
- [x] [Ask for the letter](#letter)
- [ ] [Blur the logo](#start-again) {violation=hiding}
  > That hides it.

### Caught {#caught}

The shop is closed.

### Letter {#letter}

The letter comes.

### Warned {#start-again}

You were lucky. What now?

- [x] [Take it down](#letter)
- [ ] [Leave it](#caught) {violation=counterfeit}
  > It goes on counting.
"""


@pytest.fixture
def case(tmp_path: Path) -> Iterator[CaseSession]:
    deck = tmp_path / "content" / "platforms" / "somewhere" / "points.md"
    deck.parent.mkdir(parents=True)
    deck.write_text(PLATFORM, encoding="utf-8")
    library = Library(tmp_path / "content", tmp_path / "library.sqlite")
    library.refresh()
    (entry,) = cases_in(library, "en")
    session = open_case(library, entry.scenario_id, "en", DAY)
    assert session is not None
    yield session
    library.close()


def choose(session: CaseSession, text: str) -> None:
    session.choose(next(choice for choice in session.choices if choice.text == text))


def test_an_account_begins_as_the_case_says(case: CaseSession) -> None:
    (standing,) = case.account.standing(case.book)
    assert standing.points == 6
    assert standing.next is not None
    assert standing.next.consequence == "Account closed"


def test_a_decision_costs_what_the_table_says_and_names_what_it_crosses(case: CaseSession) -> None:
    choose(case, "List it")
    (fall,) = case.road[0].falls
    assert (fall.violation.title, int(fall.points)) == ("Counterfeit", 6)
    assert [threshold.consequence for threshold in fall.crossed] == ["Account closed"]
    assert case.ended


def test_going_back_restores_the_account_and_the_step(case: CaseSession) -> None:
    choose(case, "Blur the logo")
    choose(case, "Leave it")
    case.go_back()
    assert case.step.step_id == "start-again"
    assert [standing.points for standing in case.account.standing(case.book)] == [8]
    case.start_again()
    assert case.step.step_id == "start"
    assert [standing.points for standing in case.account.standing(case.book)] == [6]
    case.go_back()
    assert case.road == ()


def test_the_debrief_names_broken_rules_and_their_cards(case: CaseSession) -> None:
    choose(case, "Blur the logo")
    choose(case, "Take it down")
    told = case.debrief()
    assert (told.right, told.wrong) == (1, 1)
    assert told.broken_rules == ("platforms/somewhere/points#prices",)
    assert told.cards == ("platforms/somewhere/points#cost",)


def test_a_road_without_a_wrong_turn_sends_no_cards(case: CaseSession) -> None:
    choose(case, "Ask for the letter")
    assert case.debrief().cards == ()


def test_a_decision_of_another_step_is_refused(case: CaseSession) -> None:
    other = case.case.steps[-1].choices[0]
    with pytest.raises(ValueError, match="Take it down"):
        case.choose(other)


def test_every_road_of_every_shipped_case_ends_and_costs_what_a_table_says(tmp_path: Path) -> None:
    library = Library(CONTENT, tmp_path / "library.sqlite")
    library.refresh()
    for language in ("en", "zh"):
        entries = cases_in(library, language)
        assert len(entries) > 80
        for entry in entries:
            session = open_case(library, entry.scenario_id, language, DAY)
            assert session is not None
            assert walk(session, set()) > 0, entry.scenario_id
    library.close()


def test_a_case_of_another_time_says_when_it_is(tmp_path: Path) -> None:
    """Fines that no longer hold are charged only in cases that play when they did."""
    library = Library(CONTENT, tmp_path / "library.sqlite")
    library.refresh()
    for entry in cases_in(library, "en"):
        session = open_case(library, entry.scenario_id, "en", DAY)
        assert session is not None
        for step in session.case.steps:
            for choice in step.choices:
                for name in choice.attributes.get("violation", "").split():
                    row = session.book.row(name)
                    assert row is not None
                    held = row.holds_on(session.account.day)
                    assert held or session.account.day != DAY, (entry.scenario_id, name)
    library.close()


def walk(session: CaseSession, met: set[str]) -> int:
    """Take every decision once; the number of endings reached."""
    if session.ended:
        return 1
    met.add(session.step.step_id)
    endings = 0
    for choice in session.choices:
        taken = session.choose(choice)
        named = choice.attributes.get("violation", "").split()
        assert len(taken.falls) >= len(named), (session.case.scenario_id, named)
        if session.ended or session.step.step_id not in met:
            endings += walk(session, met)
        session.go_back()
    return endings
