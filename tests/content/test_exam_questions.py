"""Every card and case we ship as a question of an exam: it can be answered, and nothing tells how."""

from pathlib import Path

import msgspec
import pytest

from tests.exams.right_answers import right_answer
from trainer.cards.model import Card, Language, Parametric
from trainer.cards.response import Response
from trainer.decks.model import Scenario
from trainer.exams.blueprint import Blueprint, Cell, SectionPlan, usable
from trainer.exams.marking import share_of
from trainer.exams.model import Answered
from trainer.exams.papers import Question, card_question, case_question
from trainer.services.content_library import Library
from trainer.services.exam_pool import ExamPool

CONTENT = Path(__file__).resolve().parents[2] / "content"
PLAN = Blueprint("All", (SectionPlan("All", (Cell(1),)),), unverified=True)


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> ExamPool:
    library = Library(CONTENT, tmp_path_factory.mktemp("cache") / "library.sqlite")
    library.refresh()
    found = ExamPool(library)
    library.close()
    return found


@pytest.fixture(scope="module")
def questions(pool: ExamPool) -> dict[str, Question]:
    made: dict[str, Question] = {}
    for one in usable(pool.cards, PLAN):
        found = pool.find(one.card_id)
        cards: dict[Language, Card] = {}
        cases: dict[Language, Scenario] = {}
        for language in PLAN.languages:
            match found[language]:
                case Card() as card:
                    cards[language] = card
                case Scenario() as case:
                    cases[language] = case
        name = f"q{len(made)}"
        made[one.card_id] = (
            card_question(name, cards, "1", PLAN, "seed")
            if cards
            else case_question(name, cases, "1", "seed")
        )
    return made


def test_both_languages_of_every_card_ask_the_same(pool: ExamPool) -> None:
    assert [one.card_id for one in pool.cards if len(one.languages) < 2] == []


def test_who_knows_a_card_gets_its_points(questions: dict[str, Question]) -> None:
    missed = []
    for card_id, question in questions.items():
        given = right_answer(question.keyed)
        response = msgspec.convert(given.get("response"), Response | None)
        answered = Answered("q", response, tuple(given.get("road", ())))
        if share_of(question.keyed, answered) != 1:
            missed.append((card_id, given))

    assert len(questions) > 2000
    assert missed == []


def test_t11_no_question_we_ship_tells_its_answer(
    pool: ExamPool, questions: dict[str, Question]
) -> None:
    telling = []
    for card_id, question in questions.items():
        plain = msgspec.json.encode(question.item).decode("utf-8")
        for card in pool.find(card_id).values():
            tells = [card_id]
            if isinstance(card, Card):
                tells += [card.rule_id or card_id, card.explanation]
                if isinstance(card.body, Parametric):
                    tells += [card.body.answer, *(wrong.reason for wrong in card.body.wrong)]
            elif isinstance(card, Scenario):
                tells += [choice.reason for step in card.steps for choice in step.choices]
            written = [msgspec.json.encode(text).decode("utf-8")[1:-1] for text in tells]
            telling += [(card_id, text) for text in written if len(text) > 15 and text in plain]
    assert telling == []
