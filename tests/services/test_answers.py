import pytest

from trainer.cards.model import (
    Body,
    Card,
    Choice,
    Cloze,
    ClozePart,
    Language,
    Matching,
    Number,
    Option,
    Ordering,
    Parametric,
    Recall,
    Term,
    TrueFalse,
    Typed,
)
from trainer.services.answers import KeptAnswer, answer_markdown, kept_answer

_TEXT = "below 1 % over 60 days"


@pytest.mark.parametrize(
    ("body", "language", "answer"),
    [
        (Recall("**1 %**"), "en", "**1 %**"),
        (Term("Chargeback", "Money back", "definition"), "en", "Money back"),
        (
            Cloze(_TEXT, (ClozePart("1", 6, 9), ClozePart("2", 15, 17)), "1"),
            "en",
            "below **1 %** over 60 days",
        ),
        (Choice((Option("a", right=True), Option("b", right=False))), "en", "a"),
        (Choice((Option("a", right=True), Option("b", right=True))), "en", "- a\n- b"),
        (TrueFalse(truth=True), "en", "True"),
        (TrueFalse(truth=False), "zh", "错"),
        (Number("48", "points"), "en", "48 points"),
        (Number("1.25", "%", "0.05"), "en", "1.25 % (± 0.05)"),
        (Typed(("colour", "color")), "en", "colour / color"),
        (Ordering(("pick", "pack")), "en", "1. pick\n2. pack"),
        (Matching("Word", "Sense", (("a", "b"), ("c", "d"))), "en", "- a — b\n- c — d"),
        (Parametric((), "bad / orders", unit="%"), "en", "`bad / orders` %"),
    ],
)
def test_an_answer_reads_well(body: Body, language: Language, answer: str) -> None:
    card = Card("d#c", "d#c", language, "Question?", body, 1)

    assert answer_markdown(card) == answer


@pytest.mark.parametrize("text", ["", "4 %", "{not json", '["a"]', '{"key": 3}', "\x00"])
def test_a_text_that_was_kept_otherwise_is_still_shown(text: str) -> None:
    assert kept_answer(text) == KeptAnswer(text)


def test_a_kept_answer_can_be_read_again() -> None:
    kept = KeptAnswer("**1 %**，60 天", "recall\n1%")

    assert kept_answer(kept.to_text()) == kept
