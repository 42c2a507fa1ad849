"""The preview asks as Study does, and keeps what is entered while the same card is shown."""

from pathlib import PurePosixPath

import pytest

from trainer.cards.response import Chosen, Entered, GaveUp
from trainer.decks.model import Deck, Rule, Scenario
from trainer.decks.parser import parse_deck
from trainer.presenters.answer_sheet import AnswerSheet
from trainer.presenters.preview import PreviewPresenter, Shown
from trainer.presenters.study import Asked
from trainer.services.live_check import under, under_piece

EN = """## Late {#late}

On time.

Q: How long? {#long}
A: = 5 days

C: ==One== and ==two==. {#both}

Q: Which? {#which}
- [x] a
- [ ] b
- [ ] c
- [ ] d
"""
ZH = "## 迟到 {#late}\n\n准时。\n\n问：多久？ {#long}\n答：= 5 天\n"


def deck(text: str, language: str = "en") -> Deck:
    return parse_deck(text, PurePosixPath("o.md"), "platforms/amazon/o", language)[0]  # type: ignore[arg-type] # a language


class View:
    def __init__(self) -> None:
        self.asked: list[tuple[str, Shown]] = []
        self.sheets: list[AnswerSheet] = []
        self.rules: list[str] = []
        self.cases: list[str] = []
        self.nothing = self.broken = 0

    def ask(self, asked: Asked, shown: Shown) -> None:
        self.asked.append((asked.showing.question or asked.showing.card.card_id, shown))

    def show_answer(self, asked: Asked, sheet: AnswerSheet) -> None:
        assert asked.showing.card.card_id
        self.sheets.append(sheet)

    def show_rule(self, rule: Rule) -> None:
        self.rules.append(rule.title)

    def show_case(self, scenario: Scenario, step: int) -> None:
        self.cases.append(scenario.steps[step].title)

    def show_broken(self) -> None:
        self.broken += 1

    def show_nothing(self) -> None:
        self.nothing += 1


@pytest.fixture
def view() -> View:
    return View()


@pytest.fixture
def presenter(view: View) -> PreviewPresenter:
    return PreviewPresenter(view)


def test_a_card_is_graded_and_shows_its_rule(presenter: PreviewPresenter, view: View) -> None:
    presenter.show(under(deck(EN), 5), None)
    presenter.check(Entered("5"))
    assert view.sheets[0].verdict == "right"
    assert view.sheets[0].rule is not None
    assert view.sheets[0].rule.title == "Late"
    presenter.check(GaveUp())
    assert len(view.sheets) == 1  # answered is answered


def test_moving_within_a_card_does_not_ask_anew(presenter: PreviewPresenter, view: View) -> None:
    presenter.show(under(deck(EN), 5), None)
    presenter.show(under(deck(EN), 6), None)
    assert len(view.asked) == 1
    presenter.show(under(deck(EN.replace("How long", "How many days")), 6), None)
    assert [question for question, _ in view.asked] == ["How long?", "How many days?"]


def test_every_part_of_a_cloze_can_be_seen(presenter: PreviewPresenter, view: View) -> None:
    presenter.show(under(deck(EN), 8), None)
    presenter.next_card()
    presenter.next_card()
    assert [(shown.place, shown.of) for _, shown in view.asked] == [(1, 2), (2, 2), (1, 2)]


def test_another_showing_has_another_order(presenter: PreviewPresenter, view: View) -> None:
    presenter.show(under(deck(EN), 10), None)
    orders = set()
    for _ in range(12):
        assert presenter.asked is not None
        orders.add(presenter.asked.showing.order)
        presenter.again()
    assert len(orders) > 3
    presenter.check(Chosen((0,)))
    assert view.sheets[0].verdict == "right"


def test_the_same_card_in_the_other_language(presenter: PreviewPresenter, view: View) -> None:
    chinese = deck(ZH, "zh")
    presenter.show(under(deck(EN), 5), chinese)
    presenter.flip()
    assert [question for question, _ in view.asked] == ["How long?", "多久？"]
    presenter.check(Entered("5"))
    rule = view.sheets[0].rule
    assert rule is not None
    assert rule.title == "迟到"
    presenter.show(under(deck(EN), 8), chinese)
    presenter.flip()  # there is none
    assert len(view.asked) == 3
    assert not view.asked[-1][1].other_language


def test_prose_shows_the_rule_and_nothing_is_nothing(
    presenter: PreviewPresenter, view: View
) -> None:
    presenter.show(under(deck(EN), 3), None)
    assert view.rules == ["Late"]
    presenter.show(under(deck("# T\n\nWords.\n"), 3), None)
    assert view.nothing == 1


def test_a_card_with_an_error_is_told_not_asked(presenter: PreviewPresenter, view: View) -> None:
    text = EN.replace("= 5 days", "= five")
    presenter.show(under_piece(deck(text), text, 6), None)
    assert (view.broken, view.asked, view.rules) == (1, [], [])
    presenter.show(under_piece(deck(EN), EN, 6), None)
    assert len(view.asked) == 1


def test_a_step_of_a_case_is_shown(presenter: PreviewPresenter, view: View) -> None:
    case = deck("## Scenario: A {#a}\n### One {#s}\n- [x] [Go](#t)\n### Two {#t}\nEnd.\n")
    presenter.show(under(case, 3), None)
    presenter.show(under(case, 5), None)
    assert view.cases == ["One", "Two"]
