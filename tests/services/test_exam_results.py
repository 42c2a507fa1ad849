"""After an exam: what was collected is checked, marked, decided on, written out and given back."""

import json
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.exams.conftest import NOW, QUICK, Entropy
from tests.services.exam_rooms import Exam as RoomExam
from tests.services.exam_rooms import HandClock, Pc
from trainer.bootstrap import find_places, messages_for
from trainer.cards.response import Chosen, Entered, Judged, Matched, Ordered, Response
from trainer.exams.blueprint import Blueprint, Cell, SectionPlan
from trainer.exams.key_file import Entrant, KeyFile, read_key_file
from trainer.exams.keys import ActionCode, ExamError
from trainer.exams.marking import KeyedCard
from trainer.exams.model import Answered, Kdf, TimeRules
from trainer.exams.teacher_keys import (
    PublicKeys,
    TeacherKeys,
    new_keys,
    read_public,
    write_keys,
)
from trainer.foundation.messages import Messages
from trainer.services.content_library import Library
from trainer.services.exam_attempt import RunningAttempt
from trainer.services.exam_collection import collect
from trainer.services.exam_packing import Cost, Order, Packed, Press, pack
from trainer.services.exam_pool import ExamPool
from trainer.services.exam_results import ExamResults, open_results, open_review

CARD = "Q: Question {0}? {{#q{0}}}\n- [x] right {0}\n- [ ] wrong {0}\n- [ ] other {0}\n"
DECK = """---
title: Rules
platform: amazon
competence: platform-rules
as-of: 2026-11
---
# Rules

""" + "\n".join(CARD.format(number) for number in range(5))
ENTRANTS = tuple(Entrant(str(1001 + at), f"Name {at}", "A") for at in range(4))


@dataclass
class School:
    """A packed sitting, its room, and what was collected."""

    folder: Path
    teacher: TeacherKeys
    spare: TeacherKeys
    packed: Packed
    file: KeyFile
    sticks: Path = field(init=False)

    def __post_init__(self) -> None:
        self.sticks = self.folder / "stick"

    def room(self) -> RoomExam:
        codes = {
            (c.candidate, c.action, c.number): ActionCode(c.candidate, c.action, c.number, c.code)
            for c in self.file.codes
        }
        return RoomExam(
            self.packed.package.read_bytes(),
            self.teacher,
            self.spare,
            self.file.passphrase,
            {one.number: one.ticket for one in self.file.entrants},
            codes,  # type: ignore[arg-type] # the same keys
            {one.candidate: one for one in self.file.capsules},
            self.file.exam_key,
            self.file.header,
        )

    def pc(self, number: str, name: str = "") -> Pc:
        place = self.folder / f"pc-{name or number}"
        return Pc(self.room(), place, HandClock(), machine=f"m-{number}", seed=name or number)

    def right(self, item_id: str) -> Chosen:
        """The right option in paper order, found without the program's marking."""
        keyed = self.file.keyed()[item_id].keyed
        assert isinstance(keyed, KeyedCard)
        rights = [option.right for option in keyed.card.body.options]  # type: ignore[union-attr]
        return Chosen((keyed.order.index(rights.index(True)),))

    def wrong(self, item_id: str) -> Chosen:
        (right,) = self.right(item_id).options
        return Chosen(((right + 1) % 3,))

    def sit(self, number: str, rights: int, *, answers: int = 5, finish: bool = True) -> Pc:
        """Answer `answers` questions, the first `rights` of them rightly."""
        pc = self.pc(number)
        attempt = pc.sit(number)
        for at, item_id in enumerate(self.file.form_of(number)[:answers]):
            attempt.show(item_id).result()
            response = self.right(item_id) if at < rights else self.wrong(item_id)
            attempt.answer(Answered(item_id, response)).result()
            pc.clock.go(5_000)
        if finish:
            attempt.finish("candidate")
        pc.stop()
        collect([pc.folder / "attempts"], self.sticks)
        return pc

    def results(self, keys: TeacherKeys | None = None) -> ExamResults:
        signer = None if keys is None else self.teacher.sign_public
        found = open_results(self.packed.key_file, keys or self.teacher, signer)
        found.collect_from([self.sticks])
        return found


@pytest.fixture
def school(tmp_path: Path) -> School:
    content = tmp_path / "content" / "platforms" / "amazon"
    content.mkdir(parents=True)
    (content / "rules.md").write_text(DECK, encoding="utf-8")
    library = Library(tmp_path / "content", tmp_path / "library.sqlite")
    library.refresh()
    entropy = Entropy("school")
    teacher, spare = new_keys("Ms Li", entropy), new_keys("School", entropy)
    plan = Blueprint("Final", (SectionPlan("All", (Cell(5, "2"),)),), languages=("en",))
    order = Order(
        plan,
        ENTRANTS,
        TimeRules("personal", 3600, 0, 0),
        NOW - 86_400_000,
        NOW + 86_400_000,
        "seed",
        {"en": "Be honest."},
        spare=_public(spare),
        codes={"resume": 1, "reopen": 1},
    )
    packed = pack(
        order,
        ExamPool(library),
        teacher,
        tmp_path,
        Press({}),
        NOW,
        entropy,
        lambda _d, _t: None,
        Cost(Kdf(2, QUICK.memory), QUICK),  # codes cost less than words, as in the program
    )
    library.close()
    file = read_key_file(packed.key_file.read_bytes(), teacher)
    return School(tmp_path, teacher, spare, packed, file)


def _public(keys: TeacherKeys) -> PublicKeys:
    return read_public(write_keys(keys, "a short sentence", Entropy("w"), QUICK))


def scores(results: ExamResults) -> dict[str, Fraction | None]:
    return {
        paper.entrant.number: None if paper.score is None else paper.score[0]
        for paper in results.papers()
    }


@pytest.fixture
def words() -> Messages:
    return messages_for(find_places(), "en")


def test_everybody_gets_what_they_answered(school: School) -> None:
    school.sit("1001", 5)
    school.sit("1002", 2)
    school.sit("1003", 1, answers=3, finish=False)

    results = school.results()

    assert scores(results) == {"1001": 10, "1002": 4, "1003": 2, "1004": None}
    assert [paper.row.status for paper in results.papers()] == [
        "complete",
        "complete",
        "unclean",
        "missing",
    ]
    third = results.papers()[2]
    assert third.marks is not None
    assert [mark.outcome for mark in third.marks] == [
        *["answered"] * 3,
        *["not-reached"] * 2,
    ]


def test_t24_collecting_again_changes_nothing(school: School) -> None:
    pc = school.sit("1001", 3)
    before = scores(school.results())
    for _ in range(2):
        collect([pc.folder, school.sticks], school.folder / "second")
        collect([school.folder / "second"], school.sticks)

    results = school.results()
    results.collect_from([school.sticks, school.folder / "second"])

    assert scores(results) == before


def test_t27_the_spare_key_opens_the_same_marks(school: School) -> None:
    school.sit("1001", 3)

    assert scores(school.results(school.spare)) == scores(school.results())
    with pytest.raises(ExamError):
        school.results(new_keys("stranger", Entropy("stranger")))


def test_a_void_question_and_a_second_key_with_old_marks_kept(school: School) -> None:
    school.sit("1001", 5)
    school.sit("1002", 2)
    results = school.results()
    results.mark_now(1)
    lost = school.file.form_of("1002")[4]

    results.void(lost, "drop", "misprint", 2)
    dropped = {paper.entrant.number: paper.score for paper in results.papers()}
    assert dropped["1001"] == (Fraction(8), Fraction(8))
    assert dropped["1002"] == (Fraction(4), Fraction(8))

    run = results.accept(
        Answered(school.file.form_of("1002")[3], school.wrong(school.file.form_of("1002")[3])),
        "also true",
        3,
    )
    assert run is not None
    assert scores(results)["1002"] == 6

    again = school.results()
    assert scores(again) == scores(results)
    assert [one.at for one in again.decided.book.runs] == [1, 2, 3]
    assert again.decided.book.runs[0].totals["1002"] == ("4", "10")
    results.take_back(results.decided.book.decisions[0], 4)
    assert results.papers()[0].score == (Fraction(10), Fraction(10))


def test_two_attempts_wait_for_a_decision(school: School) -> None:
    school.sit("1001", 1)
    other = school.pc("1001", "elsewhere")
    attempt = other.sit("1001")
    for item_id in school.file.form_of("1001"):
        attempt.answer(Answered(item_id, school.right(item_id))).result()
    attempt.finish("candidate")
    other.stop()
    collect([other.folder / "attempts"], school.sticks)

    results = school.results()
    paper = results.papers()[0]
    assert paper.row.status == "conflict"
    assert paper.waits

    aside = paper.row.aside[0]
    results.count("1001", aside)
    assert not results.papers()[0].waits
    assert {scores(results)["1001"], paper.score[0] if paper.score else None} == {2, 10}
    results.count_receipt("1001", "-")
    assert scores(results)["1001"] is None
    assert scores(school.results())["1001"] is None


def test_a_receipt_on_paper_that_differs_is_a_conflict(school: School) -> None:
    school.sit("1001", 3)
    results = school.results()
    receipt = results.papers()[0].row.taken
    assert receipt is not None

    results.set_receipt("1001", receipt.index.receipt)
    assert results.papers()[0].row.status == "complete"
    results.set_receipt("1001", "AAAAAAAA")
    assert results.papers()[0].row.status == "conflict"


def test_the_gradebook_in_three_forms(school: School, words: Messages, tmp_path: Path) -> None:
    school.sit("1001", 5)
    results = school.results()
    results.mark_now(1)
    printed: list[str] = []

    results.export(tmp_path / "marks.xlsx", words, lambda html, _path: printed.append(html))
    results.export(tmp_path / "marks.csv", words, lambda html, _path: printed.append(html))
    results.export(tmp_path / "marks.pdf", words, lambda html, _path: printed.append(html))

    rows = list(load_workbook(tmp_path / "marks.xlsx").worksheets[0].iter_rows(values_only=True))
    assert rows[1][:6] == ("1001", "Name 0", "A", 10, 10, 100)
    assert "Name 0" in printed[0]
    with pytest.raises(ExamError, match=r"exam\.export-kind"):
        results.export(tmp_path / "marks.doc", words, lambda _html, _path: None)


def test_marks_are_given_back_each_to_their_own(school: School, tmp_path: Path) -> None:
    school.sit("1001", 4)
    results = school.results()
    path = tmp_path / "marks.xrv"

    number = results.release(path, "full", 0, school.packed.package, Entropy("release"))

    assert number == 1
    assert b"Question" not in path.read_bytes()
    # Tests pack with a quick derivation that the program itself refuses to read.
    with pytest.raises(ExamError, match=r"exam\.weak-kdf"):
        open_review(path, "1001", school.file.entrants[0].ticket, NOW)
    from trainer.exams.review import read_review

    review = read_review(path.read_bytes(), school.teacher.sign_public).open(
        "1001", school.file.entrants[0].ticket, NOW, floor=QUICK
    )
    assert (review.score, review.points) == ("8", "10")
    assert len(review.items) == 5
    assert all(item.keyed is not None for item in review.items)


def test_the_analysis_leads_back_to_the_cards(school: School) -> None:
    school.sit("1001", 5)
    school.sit("1002", 2)

    analysis = school.results().analysis()

    assert {one.n for one in analysis.items} == {2}
    facilities = [one.facility for one in analysis.items]
    assert sum(value or 0 for value in facilities) == pytest.approx(5 * 7 / 10)
    assert set(analysis.cards.values()) == {f"platforms/amazon/rules#q{n}" for n in range(5)}


def test_decisions_of_another_sitting_are_not_taken(school: School) -> None:
    path = school.packed.key_file.with_name(f"{school.packed.key_file.stem}.decisions.json")
    path.write_text(
        json.dumps({"sitting_id": "other", "book": {"sitting_id": "other"}}), encoding="utf-8"
    )

    with pytest.raises(ExamError, match=r"exam\.no-mark-book"):
        school.results()


def test_a_bundle_of_another_exam_is_named_and_left(school: School, tmp_path: Path) -> None:
    from tests.services.exam_rooms import make_exam

    foreign = Pc(make_exam(seed="foreign"), tmp_path / "foreign")
    attempt = foreign.sit("1001")
    assert isinstance(attempt, RunningAttempt)
    attempt.finish("candidate")
    foreign.stop()
    collect([foreign.folder / "attempts"], school.sticks)

    results = school.results()

    assert [remark.code for _, remark in results.unread] == ["exam.remark-other-sitting"]
    assert results.papers()[0].row.status == "missing"


def test_leaving_and_coming_back_is_one_remark(school: School) -> None:
    pc = school.pc("1001")
    attempt = pc.sit("1001")
    attempt.show(school.file.form_of("1001")[0]).result()
    for _ in range(2):
        attempt.went_away()
        attempt.came_back(3_000)
    attempt.device_came("E:")
    attempt.finish("candidate")
    pc.stop()
    collect([pc.folder / "attempts"], school.sticks)

    remarks = school.results().papers()[0].remarks

    assert [remark.code for remark in remarks] == ["exam.note-away-all", "exam.note-device"]
    assert remarks[0].blanks == {"times": 2, "seconds": 6}


def test_a_second_key_is_one_answer_to_one_question_of_the_paper(school: School) -> None:
    school.sit("1001", 2)
    results = school.results()
    item_id = school.file.form_of("1001")[0]
    for answered in (
        Answered("no-such-question", Chosen((0,))),
        Answered(item_id, Chosen(())),
        Answered(item_id, Chosen((99,))),
        Answered(item_id, Entered("")),
    ):
        with pytest.raises(ExamError, match=r"exam\.no-answer"):
            results.accept(answered, "", 1)
    assert results.decided.book.decisions == ()


def test_answers_that_fit_no_question_are_worth_nothing_and_stop_nobody(school: School) -> None:
    """What only a changed program can send."""
    wild: tuple[Response, ...] = (
        Entered("x" * 1000),
        Judged(truth=True),
        Ordered((9, -1, 0)),
        Matched((99, -7)),
        Chosen((10**12,)),
    )
    pc = school.pc("1001")
    attempt = pc.sit("1001")
    for item_id, response in zip(school.file.form_of("1001"), wild, strict=True):
        attempt.answer(Answered(item_id, response, road=(999, -1))).result()
    attempt.finish("candidate")
    pc.stop()
    collect([pc.folder / "attempts"], school.sticks)
    school.sit("1002", 3)

    results = school.results()

    assert scores(results)["1001"] == 0
    assert scores(results)["1002"] == 6
    assert len(results.analysis().items) == 5


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"\0" * 100, b"[" * 100_000, b"\xff\xfe{}", b'{"sitting_id":"\\ud800"}'],
)
def test_what_is_no_file_of_decisions_is_one_sentence(school: School, content: bytes) -> None:
    school.sit("1001", 5)
    results = school.results()
    results.mark_now(1)
    (path,) = school.packed.key_file.parent.glob("*.decisions.json")
    path.write_bytes(content)

    with pytest.raises(ExamError, match=r"exam\.no-mark-book"):
        school.results()
    assert path.read_bytes() == content
