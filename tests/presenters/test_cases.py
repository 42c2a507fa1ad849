"""Cases as the screen is told about them: lists, steps, what a decision cost, the look back."""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from trainer.foundation.messages import load_messages
from trainer.presenters.cases import (
    CaseGroup,
    CasesPresenter,
    EndSheet,
    Phase,
    StepSheet,
    amount,
    figure,
    grouped,
)
from trainer.services.casework import CaseEntry, cases_in, open_case
from trainer.services.content_library import Library
from trainer.services.study import Selection

TRANSLATIONS = Path(__file__).resolve().parents[2] / "assets" / "translations"
DAY = date(2026, 11, 23)

DECK = """---
title: Points
platform: somewhere
competence: platform-rules
as-of: 2026-11
---
# Points

## The record {#ip .track window="365 days"}

| Points | What happens |
| ---: | --- |
| 8 | No listing for 3 days |
| 12 | Account closed |

Source: [Rules](https://example.org/) (2026-11)

## The prices {#prices .violations track=ip}

| Violation | Points |
| --- | ---: |
| Counterfeit {#counterfeit} | 6 |
| Hiding it {#hiding} | 2 |

Source: [Rules](https://example.org/) (2026-11)

Q: What does a counterfeit cost? {#cost}
A: = 6 points

## Scenario: The sample {#sample}
Shop: somewhere, 40 orders a day, 1 points on the ip track

### A logo {#start}

The sample has a logo.

- [ ] [List it and hide it](#warned) {violation="counterfeit hiding"}
  > That is a counterfeit.
- [x] [Ask for the letter](#letter)
  > A letter is proof.
- [ ] [Blur the logo](#warned)
  > That hides it.

### Warned {#warned}

What now?

- [x] [Take it down](#letter)
- [ ] [Leave it](#letter) {violation=counterfeit}

### Letter {#letter}

The letter comes.
"""


class Seen:
    """A screen that only remembers."""

    def __init__(self) -> None:
        self.groups: Sequence[CaseGroup] | None = None
        self.sheets: list[StepSheet | EndSheet] = []
        self.gone = False

    def show_list(self, groups: Sequence[CaseGroup]) -> None:
        self.groups = groups

    def show_step(self, sheet: StepSheet) -> None:
        self.sheets.append(sheet)

    def show_end(self, sheet: EndSheet) -> None:
        self.sheets.append(sheet)

    def show_gone(self) -> None:
        self.gone = True

    @property
    def step(self) -> StepSheet:
        sheet = self.sheets[-1]
        assert isinstance(sheet, StepSheet)
        return sheet

    @property
    def end(self) -> EndSheet:
        sheet = self.sheets[-1]
        assert isinstance(sheet, EndSheet)
        return sheet


class Table:
    """A presenter with its screen, over a library of one case."""

    def __init__(self, folder: Path) -> None:
        deck = folder / "content" / "platforms" / "somewhere" / "points.md"
        deck.parent.mkdir(parents=True)
        deck.write_text(DECK, encoding="utf-8")
        self.library = Library(folder / "content", folder / "library.sqlite")
        self.library.refresh()
        self.seen = Seen()
        self.studied: list[Selection] = []
        self.presenter = self.another(self.seen)
        cases = cases_in(self.library, "en")
        self.presenter.use_cases(cases)
        self.case_id = cases[0].scenario_id

    def another(self, view: Seen) -> CasesPresenter:
        return CasesPresenter(
            view,
            "en",
            open_case=lambda case: open_case(self.library, case, "en", DAY),
            rule=self.library.rule,
            study=self.studied.append,
        )

    def choose(self, text: str) -> None:
        lines = self.seen.step.lines
        place = next(place for place, line in enumerate(lines) if line.choice.text == text)
        self.presenter.choose(place)


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Table]:
    made = Table(tmp_path)
    yield made
    made.library.close()


def test_a_case_begins_with_its_first_step_and_the_account_as_it_stands(table: Table) -> None:
    assert table.presenter.phase is Phase.CHOOSING
    table.presenter.open(table.case_id)
    step = table.seen.step
    assert (step.title, step.number, step.subject) == ("A logo", 1, "somewhere")
    assert not step.can_go_back
    assert {line.mark for line in step.lines} == {None}
    assert [meter.standing.points for meter in step.account.meters] == [1]


def test_after_a_decision_every_line_says_what_it_was(table: Table) -> None:
    table.presenter.open(table.case_id)
    table.choose("Blur the logo")
    assert table.presenter.phase is Phase.DECIDED
    marks = {line.choice.text: (line.mark, line.taken) for line in table.seen.step.lines}
    assert marks == {
        "Blur the logo": ("wrong", True),
        "Ask for the letter": ("missed", False),
        "List it and hide it": ("plain", False),
    }
    table.presenter.choose(0)
    assert table.presenter.phase is Phase.DECIDED, "a decision is taken once"


def test_two_breaches_at_once_fall_one_after_the_other(table: Table) -> None:
    table.presenter.open(table.case_id)
    table.choose("List it and hide it")
    step = table.seen.step
    assert [(blow.title, int(blow.before), int(blow.after)) for blow in step.blows] == [
        ("Counterfeit", 1, 7),
        ("Hiding it", 7, 9),
    ]
    crossed = [[threshold.consequence for threshold in blow.crossed] for blow in step.blows]
    assert crossed == [[], ["No listing for 3 days"]]
    assert [(int(meter.standing.points), int(meter.added)) for meter in step.account.meters] == [
        (9, 8)
    ]
    table.presenter.go_on()
    assert [meter.added for meter in table.seen.step.account.meters] == [0]


def test_decisions_are_taken_back_to_the_first(table: Table) -> None:
    table.presenter.open(table.case_id)
    table.choose("List it and hide it")
    table.presenter.go_on()
    table.choose("Leave it")
    table.presenter.go_on()
    assert table.presenter.phase is Phase.ENDED
    table.presenter.go_back()
    assert (table.seen.step.title, table.seen.step.number) == ("Warned", 2)
    table.presenter.go_back()
    table.presenter.go_back()
    assert table.seen.step.title == "A logo"
    assert [meter.standing.points for meter in table.seen.step.account.meters] == [1]


def test_the_end_tells_the_road_the_rules_and_the_cards(table: Table) -> None:
    table.presenter.open(table.case_id)
    table.choose("List it and hide it")
    table.presenter.go_on()
    table.choose("Take it down")
    table.presenter.go_on()
    end = table.seen.end
    assert (end.title, end.right, end.wrong) == ("Letter", 1, 1)
    assert [(stone.step, stone.right, len(stone.blows)) for stone in end.road] == [
        ("A logo", False, 2),
        ("Warned", True, 0),
    ]
    assert [rule.title for rule in end.rules] == ["The prices"]
    table.presenter.study()
    assert [selection.cards for selection in table.studied] == [
        ("platforms/somewhere/points#cost",)
    ]
    table.presenter.try_again()
    assert table.seen.step.title == "A logo"


def test_a_good_road_has_nothing_to_study(table: Table) -> None:
    table.presenter.open(table.case_id)
    table.choose("Ask for the letter")
    table.presenter.go_on()
    assert table.seen.end.cards == ()
    table.presenter.study()
    assert table.studied == []
    table.presenter.leave()
    assert table.presenter.phase is Phase.CHOOSING


def test_a_case_that_is_gone_is_told(table: Table) -> None:
    table.presenter.open("platforms/somewhere/points#gone")
    assert table.seen.gone
    assert table.presenter.phase is Phase.CHOOSING


def test_another_screen_goes_on_after_a_decision(table: Table) -> None:
    table.presenter.open(table.case_id)
    table.choose("List it and hide it")
    other = Seen()
    second = table.another(other)
    second.take_over(table.presenter)
    assert other.sheets == [table.seen.step]
    second.go_on()
    assert other.step.title == "Warned"
    assert other.step.subject == "somewhere"


def test_products_stand_together_at_the_end() -> None:
    def case(number: int, kind: str, subject: str) -> CaseEntry:
        return CaseEntry(f"d#{number}", "d", "Title", kind, subject, 3)

    groups = grouped(
        [
            case(1, "product", "power-bank"),
            case(2, "platform", "ebay"),
            case(3, "product", "cotton-apparel"),
            case(4, "skill", "logistics"),
            case(5, "platform", "ebay"),
        ]
    )
    told = [(group.subject, [one.scenario_id for one in group.cases]) for group in groups]
    assert told == [
        ("ebay", ["d#2", "d#5"]),
        ("logistics", ["d#4"]),
        ("", ["d#1", "d#3"]),
    ]


def test_points_are_said_with_their_unit() -> None:
    english = load_messages(TRANSLATIONS, "en")
    assert amount(english, Fraction(1), "strikes") == "1 strike"
    assert amount(english, Fraction(6), "") == "6 points"
    assert amount(english, Fraction(3), "stars") == "3 stars"
    assert figure(Fraction(1, 2)) == "0.5"
    assert amount(load_messages(TRANSLATIONS, "zh_CN"), Fraction(24), "cards") == "24 张"
