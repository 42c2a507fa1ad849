"""Drawing a quiz, answering it, and what comes out."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.cards.response import Chosen, Entered, GaveUp, SelfGraded
from trainer.services.quiz import QuizPlan, drawn_cards, open_quiz
from trainer.services.study import Selection

DECK = """
## Defects {#defects}

Text.

Q: Which? {#single}
- [x] This
- [ ] That
  > No.

Q: Which two? {#several}
- [x] One
- [x] Two
- [ ] Three
  > No.

Q: Said by heart? {#recall}
A: Yes

## Days {#days}

C: Keep it below ==60 days== or ==90 days==. {#cloze}

Q: Type the word {#typed}
A: ~ parcel

T: Term {#term}
D: Definition
"""
SINGLE, SEVERAL = "platforms/amazon/health#single", "platforms/amazon/health#several"


def plan(length: int = 10, seed: int = 1, **choice: tuple[str, ...]) -> QuizPlan:
    return QuizPlan(Selection(**choice), length, "at-once", seed)


def quiz_at(desk: Any, which: QuizPlan, **options: Any) -> Any:
    return open_quiz(desk.learner, desk.library, desk.clock, which, **options)


def asked_in(quiz: Any) -> list[str]:
    asked = []
    while quiz.question is not None:
        asked.append(quiz.question.card.card_id)
        quiz.answer(GaveUp(), timedelta(seconds=1))
    return asked


def test_only_kinds_a_machine_can_grade_are_drawn(desk: Any) -> None:
    desk.write(DECK)

    asked = asked_in(quiz_at(desk, plan()))

    assert sorted(card.partition("#")[2].partition(".")[0] for card in asked) == [
        "cloze",
        "several",
        "single",
        "typed",
    ]
    assert asked_in(quiz_at(desk, plan(kinds=("recall", "term")))) == []


def test_the_seed_decides_the_quiz(desk: Any) -> None:
    desk.write(DECK)

    again = [asked_in(quiz_at(desk, plan(seed=seed))) for seed in (1, 1, 2, 3, 4)]

    assert again[0] == again[1]
    assert len({tuple(one) for one in again}) > 1


def test_given_cards_are_repeated(desk: Any) -> None:
    desk.write(DECK)

    assert asked_in(quiz_at(desk, plan(cards=(SEVERAL,)))) == [SEVERAL]


def test_suspended_cards_are_left_out(desk: Any) -> None:
    desk.write(DECK)
    session = desk.open(Selection(cards=(SINGLE,)))
    session.suspend()
    session.close()

    assert SINGLE not in asked_in(quiz_at(desk, plan()))


def test_partial_credit_counts_and_missed_rules_are_to_be_read(desk: Any) -> None:
    desk.write(DECK)
    quiz = quiz_at(desk, plan(kinds=("single-choice", "multiple-response", "typed")))
    answers = {"single": Chosen((0,)), "several": Chosen((0,)), "typed": Entered("letter")}
    assert quiz.position == (1, 3)

    while quiz.question is not None:
        name = quiz.question.card.card_id.partition("#")[2]
        quiz.answer(answers[name], timedelta(seconds=10))

    result = quiz.result()
    assert (result.answered, result.of, result.points) == (3, 3, 1.5)
    assert result.taken == timedelta(seconds=30)
    assert {question.card.card_id.partition("#")[2] for question, _ in result.mistakes} == {
        "several",
        "typed",
    }
    assert {rule.title for rule in result.rules_to_read} == {"Defects", "Days"}
    assert quiz.position == (3, 3)


def test_the_rule_missed_most_often_is_read_first(desk: Any) -> None:
    desk.write(DECK)
    quiz = quiz_at(desk, plan(kinds=("single-choice", "multiple-response", "typed")))
    asked_in(quiz)

    assert [rule.title for rule in quiz.result().rules_to_read] == ["Defects", "Days"]


def test_every_answer_is_a_review_too(desk: Any) -> None:
    desk.write(DECK)
    quiz = quiz_at(desk, plan(cards=(SINGLE,)))

    quiz.answer(Chosen((0,)), timedelta(seconds=20)).result(timeout=5)

    assert desk.rows("select card_id, rating, correct from review") == [(SINGLE, 3, 1)]
    assert desk.caches() == desk.made_anew()
    assert desk.open(Selection(cards=(SINGLE,))).counts.learning == 1


def test_what_follows_a_quiz_sees_its_last_answer(desk: Any) -> None:
    desk.write(DECK)
    for number in range(3):
        quiz = quiz_at(desk, plan(cards=(SINGLE,)))
        quiz.answer(Chosen((0,)), timedelta(seconds=number))

    session = desk.open(Selection(cards=(SINGLE,)))
    session.close()
    assert desk.rows("select reviews from card_state") == [(3,)]


def test_a_quiz_given_up_lets_go_of_the_file(desk: Any) -> None:
    desk.write(DECK)
    quiz = quiz_at(desk, plan())

    quiz.close()

    assert quiz.result().answered == 0


def test_an_empty_quiz_is_over_at_once(desk: Any) -> None:
    quiz = quiz_at(desk, plan())

    assert quiz.question is None
    assert quiz.position == (0, 0)
    assert quiz.result().of == 0
    with pytest.raises(ValueError, match="over"):
        quiz.answer(SelfGraded(), timedelta())


def test_questions_are_asked_in_the_language_wanted(desk: Any) -> None:
    desk.write("Q: Which? {#c}\n- [x] This\n- [ ] That\n  > No.\n")
    desk.write("问：哪个？ {#c}\n- [x] 这个\n- [ ] 那个\n  > 不对。\n", language="zh")

    assert quiz_at(desk, plan(), language="zh").question.card.question == "哪个？"


cards = st.lists(
    st.tuples(st.uuids().map(str), st.sampled_from("abcdefgh"), st.sampled_from("xyz")),
    unique_by=lambda card: card[0],
)


@given(cards, st.integers(0, 12), st.integers(0, 1000))
def test_no_siblings_are_drawn_and_every_rule_has_its_turn(
    drawable: list[tuple[str, str, str]], length: int, seed: int
) -> None:
    drawn = drawn_cards(drawable, length, seed)

    by_id = {card_id: (note, rule) for card_id, note, rule in drawable}
    notes = [by_id[card_id][0] for card_id in drawn]
    assert len(notes) == len(set(notes))
    assert len(drawn) == min(length, len({note for _, note, _ in drawable}))
    rules = [by_id[card_id][1] for card_id in drawn]
    kinds = len(set(rules))
    assert len(set(rules[:kinds])) == kinds
