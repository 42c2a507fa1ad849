"""Typos never count as another answer, changed rules always do, and nobody's card is lost."""

from collections.abc import Callable
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.cards.model import Card
from trainer.decks.identity import (
    Change,
    answer_digest,
    answer_key,
    follow,
    is_provisional,
    judge_change,
    provisional_name,
    question_digest,
)
from trainer.decks.parser import parse_deck

ReadCard = Callable[[str], Card]


def cards_of(text: str) -> list[Card]:
    head = "---\ntitle: T\nplatform: amazon\ncompetence: platform-rules\n---\n"
    deck, _ = parse_deck(head + text, PurePosixPath("a.md"), "platforms/amazon/a", "en")
    return list(deck.cards)


def change(old: str, new: str) -> Change:
    (before,), (after,) = cards_of(f"Q: What? {{#a}}\n{old}"), cards_of(f"Q: What? {{#a}}\n{new}")
    return judge_change(answer_key(before), answer_key(after))


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        # How a thing is written makes no difference
        ("A: Below 1 %", "A: Below 1%", Change.SAME),
        ("A: Below **1 %**", "A: below 1 %", Change.SAME),
        ("A: 1,000 points", "A: 1000 points", Change.SAME),
        ("A: ４８分", "A: 48分", Change.SAME),
        ("A: = 1,000 CNY", "A: = 1000 CNY", Change.SAME),
        ("A: = 1.50 %", "A: = 1.5 %", Change.SAME),
        # Typos and rewordings
        ("A: The acount is closed.", "A: The account is closed.", Change.WORDING),
        (
            "A: Sellers must answer in 3 days.",
            "A: Sellers must reply in three days.",
            Change.WORDING,
        ),
        ("A: = 3 point", "A: = 3 points", Change.WORDING),
        ("A: = 3 points ± 1", "A: = 3 points ± 2", Change.WORDING),
        ("A: ~ colour", "A: ~ colour / color", Change.WORDING),
        ("A: ~ counterfiet", "A: ~ counterfeit", Change.WORDING),
        (
            "- [x] Frozen for 7 days\n- [ ] Nothing",
            "- [x] Frozen for 7 days.\n- [ ] None",
            Change.WORDING,
        ),
        ("- [ ] Nothing\n- [x] A ban", "- [x] A ban\n- [ ] Nothing", Change.SAME),
        ("1. Pack the parcel\n2. Send it", "1. Pack the parcels\n2. Send it", Change.WORDING),
        ("A: 店铺会被冻结 7 天。", "A: 店铺将会被冻结 7 天。", Change.WORDING),
        # Changed rules
        ("A: Below 4 %", "A: Below 3 %", Change.ANSWER),
        ("A: 30 days", "A: 30 hours", Change.ANSWER),
        ("A: The account is closed.", "A: The account is frozen.", Change.ANSWER),
        ("A: It counts.", "A: It does not count.", Change.ANSWER),
        ("A: Within 3 days after dispatch", "A: Within 3 days before dispatch", Change.ANSWER),
        ("A: 店铺会被冻结。", "A: 店铺会被关闭。", Change.ANSWER),
        ("A: 不计分", "A: 计分", Change.ANSWER),
        ("A: true", "A: false", Change.ANSWER),
        ("A: = 48 points", "A: = 36 points", Change.ANSWER),
        ("A: = 3 days", "A: = 3 hours", Change.ANSWER),
        ("A: ~ customs", "A: ~ excise", Change.ANSWER),
        ("- [x] A ban\n- [ ] A fine", "- [ ] A ban\n- [x] A fine", Change.ANSWER),
        ("- [x] 7 days\n- [ ] 14 days", "- [x] 9 days\n- [ ] 14 days", Change.ANSWER),
        ("- [x] A\n- [x] B\n- [ ] C", "- [x] A\n- [ ] B\n- [ ] C", Change.ANSWER),
        ("1. Pack\n2. Send\n3. Tell", "1. Send\n2. Pack\n3. Tell", Change.ANSWER),
        ("1. Pack\n2. Send\n3. Tell", "1. Pack\n2. Send", Change.ANSWER),
        (
            "| a | b |\n| - | - |\n| rail | slow |\n| air | fast |",
            "| a | b |\n| - | - |\n| rail | fast |\n| air | slow |",
            Change.ANSWER,
        ),
        ("A: true", "A: It depends.", Change.ANSWER),
    ],
)
def test_a_change_is_judged(old: str, new: str, verdict: Change) -> None:
    assert change(old, new) is verdict
    assert change(new, old) in {verdict, Change.ANSWER}
    assert (verdict is Change.SAME) == (change(old, new) is Change.SAME)


def test_a_formula_is_the_answer_and_its_ranges_are_not() -> None:
    def block(formula: str, high: int) -> str:
        return f"```params\nn: 1..{high}\nanswer: {formula}\nunit: points\n```"

    assert change(block("n * 6", 9), block("n*6", 8)) is Change.WORDING
    assert change(block("n * 6", 9), block("n * 12", 9)) is Change.ANSWER


def test_digests_change_with_what_they_stand_for(read_card: ReadCard) -> None:
    one = read_card("Q: How many? {#a}\nA: = 4 %\n")
    other = read_card("Q: How many of them? {#a}\nA: = 4 %\n")
    third = read_card("Q: How many? {#a}\nA: = 3 %\n")

    assert question_digest(one) != question_digest(other)
    assert answer_digest(one) == answer_digest(other)
    assert question_digest(one) == question_digest(third)
    assert answer_digest(one) != answer_digest(third)
    assert len(answer_digest(one)) == 32


def test_the_parts_of_a_cloze_have_answers_of_their_own() -> None:
    one, two = cards_of("C: ==Air== is faster than ==sea==. {#a}")
    assert answer_key(one) == "cloze\nair"
    assert answer_key(two) == "cloze\nsea"


def test_a_provisional_id_depends_on_the_question_alone() -> None:
    (one,) = cards_of("Q: What is **AHR**?\nA: A score")
    (other,) = cards_of("## Rule\n\nQ: what is  AHR\nA: Something else")
    assert one.note_id == other.note_id == f"platforms/amazon/a#{provisional_name('What is AHR')}"
    assert is_provisional(one.note_id)
    assert not is_provisional("platforms/amazon/a#ahr")


def test_the_same_question_twice_makes_two_cards() -> None:
    one, two = cards_of("Q: What?\nA: x\n\nQ: What?\nA: y")
    assert two.note_id == one.note_id + "-2"


def test_a_card_that_gets_an_id_keeps_its_history() -> None:
    old = cards_of("## R {#r}\n\nQ: What is AHR?\nA: A score\n\nT: ODR\nD: A rate")
    new = cards_of("## R {#r}\n\nQ: What is AHR? {#ahr}\nA: A score\n\nT: ODR {#odr}\nD: A rate")

    followed = follow(old, new)

    assert followed == {
        "platforms/amazon/a#ahr": old[0].card_id,
        "platforms/amazon/a#odr.term": old[1].card_id,
        "platforms/amazon/a#odr.definition": old[2].card_id,
    }


def test_an_edited_card_without_an_id_is_followed_to_its_nearest_text() -> None:
    old = cards_of(
        "## R {#r}\n\nQ: How long is a warning visible?\nA: 180 days\n\n"
        "Q: Who may open a second account?\nA: Nobody without permission"
    )
    new = cards_of(
        "## R {#r}\n\nQ: Who may open a second account on Amazon?\nA: Nobody without permission\n\n"
        "Q: For how long is a warning visible?\nA: 180 days\n\nQ: What else?\nA: Nothing"
    )

    followed = follow(old, new)

    assert followed == {new[0].card_id: old[1].card_id, new[1].card_id: old[0].card_id}


def test_a_card_with_an_id_of_its_own_is_never_taken_for_another() -> None:
    old = cards_of("Q: What is the limit of the ODR? {#odr}\nA: 1 %")
    new = cards_of("Q: What is the limit of the ODR? {#odr-limit}\nA: 1 %")
    assert follow(old, new) == {}


def test_a_lost_id_is_found_again_by_the_whole_text() -> None:
    old = cards_of("Q: What is the limit of the ODR? {#odr}\nA: 1 %")
    new = cards_of("Q: What is the limit of the ODR?\nA: 1 %")
    assert follow(old, new) == {new[0].card_id: old[0].card_id}


def test_unlike_cards_are_not_followed() -> None:
    old = cards_of("Q: How long is a warning visible?\nA: 180 days")
    new = cards_of("Q: Which papers does customs need?\nA: An invoice")
    assert follow(old, new) == {}


def test_following_a_whole_new_deck_takes_bounded_work() -> None:
    old = cards_of("".join(f"Q: Old number {n} of many?\nA: x{n}\n\n" for n in range(2000)))
    new = cards_of("".join(f"Q: New number {n} of many?\nA: y{n}\n\n" for n in range(2000)))
    assert len(set(follow(old, new).values())) <= 2000


@given(st.text(max_size=60), st.text(max_size=60))
def test_judging_never_fails_and_is_the_same_only_for_the_same(old: str, new: str) -> None:
    verdict = judge_change(old, new)
    assert (verdict is Change.SAME) == (old == new)
