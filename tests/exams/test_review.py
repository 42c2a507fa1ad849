from fractions import Fraction

import pytest

from tests.exams.conftest import QUICK, Entropy
from tests.exams.test_marking import ATTEMPT, KEY, choice, keyed
from trainer.cards.response import Chosen
from trainer.exams.keys import ExamError, new_code
from trainer.exams.mark_book import MarkBook, marked, moved, read_mark_book, write_mark_book
from trainer.exams.marking import AlsoRight, Void, mark_attempt
from trainer.exams.model import Answered, Item, PaperItem
from trainer.exams.review import Level, Review, ReviewedItem, ReviewFile, read_review, write_review
from trainer.exams.teacher_keys import new_keys

TEACHER = new_keys("Ms Li", Entropy("t"))
TICKETS = {number: new_code(Entropy(number)) for number in ("17", "18")}
ITEM = Item("q", "single-choice", "2", (PaperItem("en", "Which one?"),))
GIVEN = ReviewedItem(ITEM, "2", Answered("q", Chosen((0,))), keyed(choice([True, False])))


def release(level: Level = "full", released: int = 0) -> bytes:
    reviews = {number: Review(number, "7/2", "5", (GIVEN,)) for number in TICKETS}
    return write_review(
        reviews, TICKETS, TEACHER, exam_id="e", sitting_id="s", title="Final", level=level,
        released=released, entropy=Entropy("r"), kdf=QUICK,
    )  # fmt: skip


def opened(content: bytes) -> ReviewFile:
    return read_review(content, TEACHER.sign_public)


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("score", ()),
        ("answers", (ReviewedItem(ITEM, "2", Answered("q", Chosen((0,)))),)),
        ("full", (GIVEN,)),
    ],
)
def test_each_gets_their_own_and_no_more_than_was_released(
    level: Level, expected: tuple[ReviewedItem, ...]
) -> None:
    review = opened(release(level)).open("17", TICKETS["17"], 1, floor=QUICK)

    assert (review.candidate, review.score, review.points) == ("17", "7/2", "5")
    assert review.items == expected


def test_another_slip_opens_nothing() -> None:
    file = opened(release())
    with pytest.raises(ExamError, match=r"exam\.ticket-wrong"):
        file.open("17", TICKETS["18"], 1, floor=QUICK)
    with pytest.raises(ExamError, match=r"exam\.not-on-roster"):
        file.open("99", TICKETS["18"], 1, floor=QUICK)


def test_not_before_its_day() -> None:
    with pytest.raises(ExamError, match=r"exam\.review-later"):
        opened(release(released=1000)).open("17", TICKETS["17"], 999, floor=QUICK)


def test_altered_or_foreign_releases_are_refused() -> None:
    content = release()
    stranger = new_keys("x", Entropy("x"))
    for wrong in (content[:-1], b"", content[:60] + b"\0" + content[61:]):
        with pytest.raises(ExamError, match=r"exam\.no-review"):
            opened(wrong)
    with pytest.raises(ExamError, match=r"exam\.no-review"):
        read_review(content, stranger.sign_public)
    assert b"Which one" not in content


def test_old_marks_stay_beside_new_ones() -> None:
    first = {"17": mark_attempt(ATTEMPT, KEY), "18": []}
    decided = [AlsoRight("c", Chosen((0,)), "also true")]
    second = {"17": mark_attempt(ATTEMPT, KEY, decided), "18": []}

    book = marked(MarkBook("s"), 1, first)
    book = marked(book, 2, first)
    book = marked(book, 3, second, decided, "complaint")

    assert [run.at for run in book.runs] == [1, 3]
    assert moved(*book.runs) == {"17": (Fraction(3), Fraction(6))}
    assert book.decisions == tuple(decided)
    assert read_mark_book(write_mark_book(book), "s") == book
    with pytest.raises(ExamError, match=r"exam\.no-mark-book"):
        read_mark_book(write_mark_book(book), "other")
    with pytest.raises(ExamError, match=r"exam\.no-mark-book"):
        read_mark_book(b"\xff", "s")


def test_a_decision_without_effect_is_kept_too() -> None:
    marks = {"17": mark_attempt(ATTEMPT, KEY)}
    book = marked(MarkBook("s"), 1, marks)

    book = marked(book, 2, marks, [Void("zz", "drop", "not in this form")])

    assert len(book.runs) == 2
    assert moved(*book.runs) == {}
