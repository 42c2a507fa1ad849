"""Both sides of a question: what the candidate sees, and that it marks what the deck would."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exams.conftest import Entropy
from tests.exams.test_marking import CASE
from trainer.cards.model import (
    Body,
    Card,
    Choice,
    Cloze,
    ClozePart,
    Matching,
    Misconception,
    Number,
    Option,
    Ordering,
    Parameter,
    Parametric,
    Recall,
    TrueFalse,
    Typed,
)
from trainer.cards.response import Chosen, Entered, Judged, Matched, Ordered, Response
from trainer.exams.blueprint import Blueprint, Cell, SectionPlan
from trainer.exams.key_file import KeyFile, read_key_file, write_key_file
from trainer.exams.keys import ExamError
from trainer.exams.marking import share_of
from trainer.exams.model import Answered, Header, Kdf, TimeRules
from trainer.exams.papers import GAP, Question, card_question, case_question, screen_order
from trainer.exams.teacher_keys import new_keys
from trainer.foundation.chance import Chance

PLAN = Blueprint("Final", (SectionPlan("All", (Cell(1),)),))


def card(body: Body, language: Any = "en", question: str = "What is {a}?") -> Card:
    return Card("d#secret-card", "d#secret-card", language, question, body, 1, explanation="WHY")


def question(body: Body, seed: str = "seed") -> Question:
    return card_question("item1", {"en": card(body)}, "3", PLAN, seed)


CHOICE = Choice(
    (
        Option("the right one", True, "REASON"),
        Option("wrong", False, "REASON"),
        Option("other", False, "REASON"),
        Option("none of these", False, "REASON", last=True),
    )
)
PARAMETRIC = Parametric(
    (Parameter("a", "2", "9"),), "a * 7", wrong=(Misconception("a + 7", "REASON"),), unit="kg"
)


@given(st.text(max_size=8))
def test_the_right_answer_in_paper_order_gets_full_marks(seed: str) -> None:
    asked = question(CHOICE, seed)
    (paper,) = asked.item.papers
    texts = [option.text for option in paper.options]

    for place, text in enumerate(texts):
        share = share_of(asked.keyed, Answered("item1", Chosen((place,))))
        assert share == (1 if text == "the right one" else 0)
    assert texts[-1] == "none of these"
    order = screen_order(asked, PLAN, Chance(seed))
    assert sorted(order) == [0, 1, 2, 3]
    assert texts[order[-1]] == "none of these"


@given(st.text(max_size=8))
def test_orders_and_matches_in_paper_order(seed: str) -> None:
    ordering = question(Ordering(("first", "second", "third")), seed)
    texts = [option.text for option in ordering.item.papers[0].options]
    right = tuple(texts.index(text) for text in ("first", "second", "third"))
    assert share_of(ordering.keyed, Answered("item1", Ordered(right))) == 1

    matching = question(Matching("L", "R", (("a", "1"), ("b", "2"), ("c", "3"))), seed)
    rights = matching.item.papers[0].rights
    assert (
        share_of(matching.keyed, Answered("item1", Matched(tuple(rights.index(n) for n in "123"))))
        == 1
    )


@pytest.mark.parametrize(
    ("body", "right"),
    [
        (Number("1.5", "%"), Entered("1.5")),
        (TrueFalse(truth=False), Judged(truth=False)),
        (Typed(("tariff", "duty")), Entered("Duty")),
        (Cloze("Pay the tariff now", (ClozePart("1", 8, 14),), "1"), Entered("tariff")),
    ],
)
def test_other_kinds_mark_what_the_deck_would(body: Body, right: Response) -> None:
    assert share_of(question(body).keyed, Answered("item1", right)) == 1


def test_a_gap_is_a_gap() -> None:
    asked = question(Cloze("Pay the tariff now", (ClozePart("1", 8, 14),), "1"))

    assert asked.item.papers[0].cloze == f"Pay the {GAP} now"


def test_numbers_are_drawn_once_and_the_same_in_both_languages() -> None:
    cards = {
        "zh": card(PARAMETRIC, "zh", "{a} 是多少？"),
        "en": card(PARAMETRIC, "en", "What is {a}?"),
    }
    asked = card_question("item1", cards, "3", PLAN, "seed")  # type: ignore[arg-type]

    chinese, english = (paper.stem for paper in asked.item.papers)
    number = next(c for c in english if c.isdigit())
    assert number in chinese
    answer = Answered("item1", Entered(str(int(number) * 7)))
    assert share_of(asked.keyed, answer) == 1


def test_t11_nothing_on_the_candidates_side_tells_the_answer() -> None:
    bodies = (
        CHOICE,
        PARAMETRIC,
        Number("1.5", "%", "0.25"),
        Typed(("tariff",)),
        Cloze("Pay the tariff now", (ClozePart("1", 8, 14),), "1"),
        TrueFalse(truth=True),
    )
    for body in bodies:
        plain = msgspec.json.encode(question(body).item).decode()
        for tell in ("REASON", "WHY", "tariff", "1.5", "0.25", "a * 7", "secret-card", "truth"):
            assert tell not in plain, (body, tell)
        assert "right" not in plain.replace("the right one", "").replace("right_title", "")
    case = msgspec.json.encode(case_question("item1", {"en": CASE}, "4", "s").item).decode()
    for tell in ("right", "violation", "reason", '"start"', '"end"'):
        assert tell not in case


def test_a_case_is_marked_along_the_shuffled_road() -> None:
    asked = case_question("item1", {"en": CASE}, "4", "other seed")
    steps = {step.step_id: step for step in asked.item.papers[0].steps}
    first = asked.item.papers[0].steps[0]
    road = [next(at for at, (text, _) in enumerate(first.choices) if text == "b")]
    second = steps[first.choices[road[0]][1]]
    road.append(next(at for at, (text, _) in enumerate(second.choices) if text == "c"))

    assert share_of(asked.keyed, Answered("item1", None, tuple(road))) == 1


def test_languages_that_differ_and_kinds_nobody_can_mark_are_refused() -> None:
    three = Choice(CHOICE.options[:3])
    with pytest.raises(ExamError, match=r"exam\.card-differs"):
        card_question("i", {"en": card(CHOICE), "zh": card(three, "zh")}, "1", PLAN, "s")
    with pytest.raises(ExamError, match=r"exam\.card-kind"):
        question(Recall("x"))


def test_the_teachers_file_opens_for_the_teacher_and_the_spare_key_alone() -> None:
    entropy = Entropy("keys")
    teacher, spare, other = (new_keys(name, entropy) for name in ("t", "s", "o"))
    header = Header(
        "e", "s", "T", "t", teacher.sign_public, (), 0, 0, 0, "0", Kdf(3, 1), b"",
        TimeRules("room", 60, 0, 0), (), (), (), (),
    )  # fmt: skip
    items = (question(CHOICE).keyed,)
    file = KeyFile(header, b"", b"k", "words", "seed", PLAN, (), (), items, ())
    content = write_key_file(file, teacher, [teacher.box_public, spare.box_public], entropy)

    assert read_key_file(content, teacher) == file
    assert read_key_file(content, spare, signer=teacher.sign_public) == file
    with pytest.raises(ExamError):
        read_key_file(content, other)
    with pytest.raises(ExamError, match=r"exam\.not-opened"):
        read_key_file(content, other, signer=teacher.sign_public)
    assert b"secret-card" not in content
    forged = write_key_file(file, other, [teacher.box_public], entropy)
    for wrong in (content[:-1], content[:40] + b"x" + content[41:], b"", forged):
        with pytest.raises(ExamError, match=r"exam\.no-key-of-exam"):
            read_key_file(wrong, teacher)


def test_what_is_typed_counts_in_every_language_of_the_paper() -> None:
    cards: Any = {"zh": card(Typed(("关税",)), "zh"), "en": card(Typed(("tariff",)))}
    asked = card_question("item1", cards, "3", PLAN, "seed")
    gap: Any = {
        "zh": card(Cloze("先缴关税", (ClozePart("1", 2, 4),), "1"), "zh"),
        "en": card(Cloze("Pay the tariff now", (ClozePart("1", 8, 14),), "1")),
    }
    cloze = card_question("item1", gap, "3", PLAN, "seed")

    for text in ("关税", "Tariff"):
        assert share_of(asked.keyed, Answered("item1", Entered(text))) == 1
        assert share_of(cloze.keyed, Answered("item1", Entered(text))) == 1
    assert share_of(asked.keyed, Answered("item1", Entered("tax"))) == 0


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        (TrueFalse(truth=True), TrueFalse(truth=False)),
        (Number("3"), Number("4")),
        (Choice(CHOICE.options[:2]), Choice((CHOICE.options[1], CHOICE.options[0]))),
        (PARAMETRIC, Parametric(PARAMETRIC.parameters, "a * 8")),
    ],
)
def test_a_translation_with_another_answer_is_not_asked(chinese: Body, english: Body) -> None:
    with pytest.raises(ExamError, match=r"exam\.card-differs"):
        card_question("i", {"zh": card(chinese, "zh"), "en": card(english)}, "1", PLAN, "s")


@given(st.binary(max_size=300))
def test_any_bytes_are_the_teachers_file_or_one_sentence(content: bytes) -> None:
    teacher = new_keys("t", Entropy("t"))
    signed = b"PRTXKEY1" + teacher.sign_public + content
    for whole in (content, signed, signed + teacher.sign(signed)):
        with pytest.raises(ExamError, match=r"exam\.no(t-opened|-key-of-exam)"):
            read_key_file(whole, teacher)
