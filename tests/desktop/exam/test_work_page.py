"""A candidate's page in a real window: every kind answered by keyboard, nothing typed lost."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import ASSETS
from trainer.cards.response import Chosen, Entered, Judged, Matched, Ordered
from trainer.desktop.answers.entry import EntryAnswer
from trainer.desktop.exam.question import PaperRender
from trainer.desktop.exam.work_page import WorkPage
from trainer.desktop.look import Look
from trainer.exams.keys import ExamError
from trainer.exams.model import Answered, FormItem, Item, PaperItem, PaperOption, PaperStep
from trainer.foundation.messages import Messages, load_messages
from trainer.presenters.exam_sheets import Cell, Clock, Overview, QuestionSheet

KEY = Qt.Key
OPTIONS = tuple(PaperOption(text) for text in ("one", "two", "three"))
PAPERS = {
    "single-choice": PaperItem("en", "Which?", options=OPTIONS),
    "multiple-response": PaperItem("en", "Which are?", options=OPTIONS),
    "true-false": PaperItem("en", "Is it?"),
    "number": PaperItem("en", "How many?", unit="%"),
    "parametric": PaperItem("en", "How much is 3 of 5?"),
    "typed": PaperItem("en", "The word?"),
    "cloze": PaperItem("en", "", cloze="An order is {{gap}} then."),
    "ordering": PaperItem("en", "In which order?", options=OPTIONS),
    "matching": PaperItem("en", "Match", lefts=("a", "b"), rights=("1", "2")),
    "case": PaperItem(
        "en",
        "A shop.",
        steps=(
            PaperStep("start", "Monday", "A parcel.", (("Send", "end"), ("Wait", "next"))),
            PaperStep("next", "Tuesday", "A call.", (("Answer", "end"), ("Hang up", "end"))),
            PaperStep("end", "Friday", "Over.", ()),
        ),
    ),
}


def no_pictures(_item: str, name: str) -> bytes:
    raise ExamError("exam.not-opened", name=name)


def sheet(
    kind: str, answered: Answered | None = None, order: tuple[int, ...] = ()
) -> QuestionSheet:
    scoring = "all" if kind == "multiple-response" else None
    item = Item(kind, kind, "2", (PAPERS[kind],), scoring)  # type: ignore[arg-type]
    return QuestionSheet(item, FormItem(kind, b"", "s", order), "en", 2, 9, "", answered, False)


@pytest.fixture
def page(qtbot: QtBot, look: Look, messages: Messages) -> Iterator[WorkPage]:
    made = WorkPage(look, messages, PaperRender(no_pictures), "Final", "17")
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow, timeout=2000)
    yield made
    made.close()


def press(page: WorkPage, *pressed: Qt.Key, alt: bool = False) -> None:
    modifier = Qt.KeyboardModifier.AltModifier if alt else Qt.KeyboardModifier.NoModifier
    for key in pressed:
        QTest.keyClick(page.focusWidget() or page, key, modifier)


@pytest.mark.parametrize(
    ("kind", "pressed", "expected"),
    [
        ("single-choice", [KEY.Key_B], Chosen((1,))),
        ("multiple-response", [KEY.Key_A, KEY.Key_C], Chosen((0, 2))),
        ("true-false", [KEY.Key_F], Judged(truth=False)),
        ("number", [KEY.Key_1, KEY.Key_Period, KEY.Key_5], Entered("1.5")),
        ("parametric", [KEY.Key_7], Entered("7")),
        ("typed", [KEY.Key_O, KEY.Key_K], Entered("ok")),
        ("cloze", [KEY.Key_O], Entered("o")),
        ("matching", [KEY.Key_B, KEY.Key_A], Matched((1, 0))),
    ],
)
def test_every_kind_is_answered_by_keyboard(
    page: WorkPage, kind: str, pressed: list[Qt.Key], expected: object
) -> None:
    told: list[object] = []
    page.answered.connect(told.append)
    page.show_question(sheet(kind))

    press(page, *pressed)
    page.tell_now()

    assert told[-1] == expected


def test_an_order_is_told_when_a_line_moves_and_not_before(page: WorkPage) -> None:
    told: list[object] = []
    page.answered.connect(told.append)
    page.show_question(sheet("ordering", order=(2, 0, 1)))
    page.tell_now()
    assert told == []

    press(page, KEY.Key_Down, alt=True)

    assert told == [Ordered((0, 2, 1))]


def test_options_count_in_paper_order_however_they_stand(page: WorkPage) -> None:
    told: list[object] = []
    page.answered.connect(told.append)
    page.show_question(sheet("single-choice", order=(2, 0, 1)))

    press(page, KEY.Key_A)

    assert told == [Chosen((2,))]


def test_a_question_comes_back_with_its_answer(page: WorkPage) -> None:
    told: list[object] = []
    page.answered.connect(told.append)

    page.show_question(sheet("multiple-response", Answered("x", Chosen((1, 2)))))

    assert page.response() == Chosen((1, 2))
    assert told == []


def test_a_case_is_walked_and_taken_back(page: WorkPage) -> None:
    roads: list[tuple[int, ...]] = []
    page.walked.connect(roads.append)
    page.show_question(sheet("case"))

    press(page, KEY.Key_B, KEY.Key_A, KEY.Key_Backspace, KEY.Key_B)

    assert roads == [(1,), (1, 0), (1,), (1, 1)]


def test_enter_goes_on_and_chooses_nothing(page: WorkPage) -> None:
    told: list[object] = []
    page.answered.connect(told.append)
    page.turned.connect(told.append)
    page.show_question(sheet("single-choice"))

    press(page, KEY.Key_Return)

    assert told == [1]


@pytest.mark.parametrize("leave", [KEY.Key_Return, KEY.Key_F10])
def test_t35_what_is_half_typed_is_told_before_the_question_is_left(
    page: WorkPage, leave: Qt.Key
) -> None:
    order: list[object] = []
    page.answered.connect(order.append)
    page.turned.connect(lambda _by: order.append("left"))
    page.finish_wanted.connect(lambda: order.append("left"))
    page.show_question(sheet("typed"))

    press(page, KEY.Key_A, KEY.Key_B, leave)

    assert order == [Entered("ab"), "left"]


def test_t35_text_an_input_method_still_holds_is_told_too(page: WorkPage) -> None:
    told: list[object] = []
    page.answered.connect(told.append)
    page.show_question(sheet("typed"))
    field = page.findChild(EntryAnswer)
    assert field is not None
    press(page, KEY.Key_A)
    QApplication.sendEvent(field.field, QInputMethodEvent("关税", []))

    page.finish_wanted.connect(lambda: told.append("left"))
    press(page, KEY.Key_F10)

    assert told == [Entered("a关税"), "left"]


def test_the_overview_says_in_words_what_it_shows(page: WorkPage) -> None:
    cells = (Cell(1, True, False, False), Cell(2, False, True, True), Cell(3, False, False, False))
    page.show_overview(Overview((("", cells),)))
    wanted: list[int] = []
    page.wanted.connect(wanted.append)

    names = [cell.accessibleName() for cell in page.overview.cells]
    page.overview.cells[2].click()

    assert names[0] == "Question 1, answered"
    assert names[1] == "Question 2, not answered, flagged, you are here"
    assert wanted == [3]


def test_arrow_keys_walk_the_overview(page: WorkPage) -> None:
    cells = tuple(Cell(number, False, False, number == 1) for number in range(1, 13))
    page.show_overview(Overview((("", cells),)))
    page.show_question(sheet("single-choice"))

    QApplication.processEvents()
    press(page, KEY.Key_O, alt=True)
    press(page, KEY.Key_Right, KEY.Key_Down)

    there = [cell.cell.number for cell in page.overview.cells if cell.hasFocus()]
    assert there == [7]


@pytest.mark.parametrize(("left", "words"), [(3600, "1:00:00"), (299, "4:59"), (-4, "0:00")])
def test_the_clock(page: WorkPage, left: int, words: str) -> None:
    page.show_clock(Clock(left))

    assert page.heading.clock.words.words == words


def test_not_saved_is_said_in_words_and_stays(page: WorkPage) -> None:
    page.show_saving("trouble", "The disk is full.")

    assert page.heading.saving.words.words == "Not saved"
    assert page.note.words.words == "The disk is full."


@pytest.mark.parametrize("scale", [100, 125, 150, 175, 200])
@pytest.mark.parametrize("opened", [False, True])
def test_t52_nothing_is_cut_off(
    qtbot: QtBot,
    make_test_look: object,
    each_language: str,
    scale: int,
    opened: bool,
) -> None:
    look = make_test_look(scale=scale, language=each_language)  # type: ignore[operator] # makes looks
    messages = load_messages(ASSETS / "translations", each_language)
    page = WorkPage(look, messages, PaperRender(no_pictures), "Final", "17")
    qtbot.addWidget(page)
    page.resize(1366, 768)
    page.show()
    page.show_question(replace(sheet("single-choice"), has_other_language=True))
    if opened:
        page._to_overview()
    QApplication.processEvents()

    assert page.width() == 1366
    shown = [each for each in page.findChildren(QWidget, "") if each.isVisible()]
    names = [name for name in ("_back", "_flag", "_flip") if not (opened and not page._wide)]
    for name in (*names, "_on", "_finish"):
        button = getattr(page, name)
        assert button in shown
        left = button.mapTo(page, button.rect().topLeft()).x()
        assert left >= 0
        assert left + button.sizeHint().width() <= page.width()
        assert button.width() >= button.sizeHint().width()
