"""What saving does to students, told before it is done."""

from pathlib import PurePosixPath

import pytest

from trainer.decks.model import Deck
from trainer.decks.parser import parse_deck
from trainer.decks.stamping import stamp
from trainer.services.deck_effects import Effect, effects_of

HEAD = "---\ntitle: Orders\nplatform: amazon\ncompetence: platform-rules\n---\n# Orders\n\n"


def deck(body: str, language: str = "en") -> Deck:
    return parse(HEAD + body, language)


def parse(text: str, language: str = "en") -> Deck:
    return parse_deck(text, PurePosixPath("o.md"), "platforms/amazon/orders", language)[0]  # type: ignore[arg-type] # a language


@pytest.mark.parametrize(
    ("old", "new", "effect"),
    [
        ("Q: Limit? {#a}\nA: = 4 %", "Q: Limit? {#a}\nA: = 3 %", Effect.ANSWER),
        ("Q: Is it? {#a}\nA: true", "Q: Is it? {#a}\nA: false", Effect.ANSWER),
        ("Q: Limt? {#a}\nA: = 4 %", "Q: Limit? {#a}\nA: = 4 %", Effect.REWORDED),
        ("Q: Limit? {#a}\nA: 4 %\nWhy: x", "Q: Limit? {#a}\nA: 4 %\nWhy: y", Effect.REWORDED),
        ("Q: Limit? {#a}\nA: 4 %", "", Effect.REMOVED),
        ("", "Q: Limit? {#a}\nA: 4 %", Effect.NEW),
        ("Q: Limit? {#a}\nA: 4 %", "Q: Limit? {#a}\n", Effect.BROKEN),
        ("Q: Limit? {#a}\nA: 4 %", "Q: Limit? {#a}\nA: **4 %**", Effect.REWORDED),
    ],
)
def test_each_edit_has_its_effect(old: str, new: str, effect: Effect) -> None:
    effects = effects_of([(deck(old), deck(new))])
    assert [one.effect for one in effects.cards] == [effect]
    assert effects.only_wording is (effect is Effect.REWORDED)


def test_a_changed_answer_shows_old_and_new() -> None:
    effects = effects_of([(deck("Q: Limit? {#a}\nA: = 4 %"), deck("Q: Limit? {#a}\nA: = 3 %"))])
    (one,) = effects.of(Effect.ANSWER)
    assert (one.old, one.new) == ("4 %", "3 %")


def test_moving_a_card_or_touching_prose_does_nothing() -> None:
    old = "## R {#r}\n\nOld words.\n\nQ: One? {#a}\nA: x\n\nQ: Two? {#b}\nA: y"
    new = "## R {#r}\n\nNew words.\n\nQ: Two? {#b}\nA: y\n\nQ: One? {#a}\nA: x"
    assert effects_of([(deck(old), deck(new))]).cards == ()


def test_a_card_that_gets_its_id_while_it_is_saved_is_no_new_card() -> None:
    text = HEAD + "Q: What is the limit?\nA: 4 %\n\nT: AHR\nD: Account health rating\n"
    stamped = stamp(text)
    assert stamped is not None
    effects = effects_of([(parse(text), parse(stamped.text))], [stamped.given])
    assert effects.cards == ()
    assert effects.stamped == 2


def test_a_card_counts_once_whatever_its_languages_and_the_gravest_wins() -> None:
    effects = effects_of(
        [
            (deck("Q: Limit? {#a}\nA: = 4 %"), deck("Q: Limit is? {#a}\nA: = 4 %")),
            (deck("问：限值？ {#a}\n答：= 4 %", "zh"), deck("问：限值？ {#a}\n答：= 3 %", "zh")),
        ]
    )
    assert [one.effect for one in effects.cards] == [Effect.ANSWER]


def test_a_file_that_is_new_has_new_cards() -> None:
    effects = effects_of([(None, deck("Q: Limit? {#a}\nA: 4 %"))])
    assert [one.effect for one in effects.cards] == [Effect.NEW]
