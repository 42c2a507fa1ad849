"""Families in the library: there with their table, studied like any card, gone with it."""

from datetime import timedelta
from typing import Any

from trainer.cards.grading import grade
from trainer.cards.model import Family
from trainer.cards.parametric import as_decimal
from trainer.cards.response import Entered
from trainer.cards.showing import show
from trainer.scheduling.rating import Rating
from trainer.services.study import Selection

TRACK = """## Points {#ip .track window="365 days" unit=points}

| Points | What happens |
| ---: | --- |
| 6 {no-listing="3 days"} | No new listings |
| 12 {frozen="7 days"} | Frozen for 7 days |
| 48 {.closed} | Shop closed |

Penalty: closure at 48.
Source: [Rules](https://example.org/rules) (2026-10)
"""
COSTS = """## Costs {#costs .violations track=ip}

| Violation | Points |
| --- | ---: |
| Copied picture {#copied} | 2 |
| Counterfeit {#counterfeit} | 6 |
| Grave counterfeit {#grave} | 48 |

Penalty: points.
Source: [Rules](https://example.org/rules) (2026-10)
"""
ROOM = "platforms/amazon/health#ip.family-room"


def test_a_table_asks_by_itself_and_stops_with_it(desk: Any) -> None:
    desk.write(TRACK)
    before = desk.library.decks()[0].cards
    card = desk.library.card(ROOM, "en")

    assert card is not None
    assert isinstance(card.body, Family)
    assert before == 4  # points, clean, consequence, room
    # The deck itself is what its file says.
    deck = desk.library.deck("platforms/amazon/health", "en")
    assert deck is not None
    assert deck.cards == ()

    desk.write("Only words are left.\n")
    assert desk.library.card(ROOM, "en") is None
    assert desk.library.decks()[0].cards == 0


def test_a_table_in_another_deck_lends_its_violations(desk: Any) -> None:
    desk.write(TRACK)
    alone = desk.library.card(ROOM, "en").body
    desk.write(COSTS, "costs")
    together = desk.library.card(ROOM, "en").body

    assert alone.rows == ()
    assert [row.title for row in together.rows] == ["Copied picture", "Counterfeit"]
    assert desk.library.card("platforms/amazon/costs#costs.family-price", "en") is not None


def test_siblings_of_a_table_are_first_met_on_different_days(desk: Any) -> None:
    desk.write(TRACK)
    session = desk.open(Selection(kinds=("parametric",)))

    assert session.counts.new == 1


def test_a_family_is_studied_undone_and_remembered_as_one_card(desk: Any) -> None:
    desk.write(TRACK)
    session = desk.open(Selection(cards=(ROOM,)))
    question = session.question
    assert question is not None
    showing = show(question.card, question.seed)
    assert showing.answer is not None
    response = Entered(as_decimal(showing.answer))
    assert grade(showing, response).correct
    session.answer(
        Rating.EASY, response, language="en", correct=True, taken=timedelta(seconds=9)
    ).result()
    assert session.question is None

    again = session.undo()
    assert again is not None
    assert again.card.card_id == ROOM
    assert show(again.card, again.seed) == showing


def test_the_next_showing_has_fresh_numbers(desk: Any) -> None:
    desk.write(TRACK)
    card = desk.library.card(ROOM, "en")
    assert len({show(card, seed).question for seed in range(20)}) > 10


def test_a_changed_threshold_is_a_changed_answer(desk: Any) -> None:
    desk.write(TRACK)
    session = desk.open(Selection(cards=(ROOM,)))
    session.answer(
        Rating.EASY, Entered("1"), language="en", correct=True, taken=timedelta(seconds=9)
    ).result()
    session.close()
    desk.write(TRACK.replace("| 48 ", "| 36 "))

    question = desk.open(Selection(cards=(ROOM,))).question
    assert question is not None
    assert question.change is not None
    assert "48: Shop closed" in question.change.old
    assert "36: Shop closed" in question.change.new
