"""Every screen of an exam: names for those who listen, Tab to everything, nothing cut at twice the
size or in high contrast."""
# ruff: noqa: F811 - a fixture of another file is asked for by its name

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QRadioButton,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import Classroom, LookMaker
from tests.desktop.exam.test_exam_office import Shell, make_keys
from tests.desktop.exam.test_work_page import PAPERS, no_pictures, sheet
from tests.services.exam_rooms import Pc, make_exam
from tests.services.test_exam_results import School, school  # noqa: F401 - a fixture
from trainer.desktop.exam.forms import (
    CodeForm,
    IdentifyForm,
    OpenForm,
    RulesForm,
    WordsForm,
)
from trainer.desktop.exam.proctor import ProctorPage
from trainer.desktop.exam.question import PaperRender
from trainer.desktop.exam.receipt import ReceiptPage
from trainer.desktop.exam.work_page import WorkPage
from trainer.desktop.exam_office.exams_page import ExamsPage
from trainer.desktop.exam_office.results_page import ResultsPage
from trainer.desktop.look import Look
from trainer.foundation.messages import Messages

LONG = "The exam about everything that seven platforms have ever written into their rules"
FORMS: dict[str, Callable[[Look, Messages], QWidget]] = {
    "open": lambda look, words: OpenForm(look, words, [("E:/final.xpk", "E:/")]),
    "open, nothing found": lambda look, words: OpenForm(look, words, []),
    "identify": lambda look, words: IdentifyForm(look, words, LONG),
    "words": lambda look, words: WordsForm(
        look, words, LONG, [("exam.fact-teacher", "one two three four five six")]
    ),
    "rules": lambda look, words: RulesForm(look, words, LONG, [("clock", LONG, "ink")] * 5),
    "code": lambda look, words: CodeForm(look, words, LONG, LONG),
    "receipt": lambda look, words: ReceiptPage(look, words, "1001", 99, "ABCD2345"),
}
LOOKS = [(100, "light"), (150, "high-contrast"), (200, "dark")]


def tabbable(screen: QWidget) -> list[QWidget]:
    return [
        one
        for one in screen.findChildren(QWidget)
        if one.isVisible()
        and one.isEnabled()
        and one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and one.focusProxy() is None
        and not isinstance(one, QScrollArea)
    ]


def check(screen: QWidget) -> None:
    QApplication.processEvents()
    controls = tabbable(screen)
    assert controls
    for one in controls:
        interface = QAccessible.queryAccessibleInterface(one)
        name = interface.text(QAccessible.Text.Name)
        assert name.strip(), (type(one).__name__, one.objectName())
        assert not name.startswith(("exam.", "plan.", "results.", "proctor.", "keys.")), name
    for area in screen.findChildren(QScrollArea):
        if area.isVisible():
            assert area.horizontalScrollBar().maximum() == 0, area.parent()
    for button in screen.findChildren(QAbstractButton):
        if button.isVisible() and not isinstance(button, QRadioButton):
            needed = button.minimumSizeHint().width()
            assert button.width() >= needed, (button.text(), button.width(), needed)
            left = button.mapTo(screen, button.rect().topLeft()).x()
            assert left >= 0
            assert left + button.width() <= screen.width(), button.text()
    controls[0].setFocus(Qt.FocusReason.TabFocusReason)
    met: set[QWidget] = set()
    for _ in range(3 * len(controls) + 5):
        focused = QApplication.focusWidget()
        if focused is None or focused in met:
            break
        met.add(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    # One Tab leads to a group of radio buttons, arrows lead through it.
    missed = [one for one in controls if one not in met and not isinstance(one, QRadioButton)]
    assert missed == [], [(type(one).__name__, one.objectName()) for one in missed]


def show(qtbot: QtBot, screen: QWidget) -> None:
    qtbot.addWidget(screen)
    screen.resize(1366, 768)
    screen.show()
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow, timeout=2000)


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize(("scale", "theme"), LOOKS)
def test_t52_pages_around_the_exam(
    qtbot: QtBot,
    make_test_look: LookMaker,
    messages: Messages,
    name: str,
    scale: int,
    theme: str,
) -> None:
    screen = FORMS[name](make_test_look(theme, scale), messages)
    show(qtbot, screen)
    check(screen)


@pytest.mark.parametrize("kind", PAPERS)
@pytest.mark.parametrize(("scale", "theme"), LOOKS)
def test_t52_questions_of_every_kind(
    qtbot: QtBot,
    make_test_look: LookMaker,
    messages: Messages,
    kind: str,
    scale: int,
    theme: str,
) -> None:
    page = WorkPage(
        make_test_look(theme, scale), messages, PaperRender(no_pictures), LONG, "2026001"
    )
    show(qtbot, page)
    page.show_question(sheet(kind))
    check(page)


@pytest.mark.parametrize(("scale", "theme"), LOOKS)
def test_t52_the_proctors_page(
    qtbot: QtBot,
    make_test_look: LookMaker,
    messages: Messages,
    tmp_path: Path,
    scale: int,
    theme: str,
) -> None:
    def run(_title: str, work: Callable[..., object], done: Callable[[object], None]) -> None:
        done(work(lambda _done, _total: None))

    station = Pc(make_exam(), tmp_path / "pc").station()
    page = ProctorPage(make_test_look(theme, scale), messages, station, tmp_path, run)
    show(qtbot, page)
    page.check()
    check(page)


@pytest.mark.parametrize(("scale", "theme"), LOOKS)
def test_t52_the_teachers_pages(
    classroom: Classroom, school: School, scale: int, theme: str
) -> None:
    classroom.shell = Shell()
    classroom.write("Q: Which? {#c}\n- [x] this\n- [ ] that\n")
    page = ExamsPage(classroom.desk(theme=theme, scale=scale))
    classroom.show(page)
    check(page)
    page.show_keys()
    check(page)
    make_keys(page)
    check(page)
    page.show_plan()
    check(page)
    school.sit("1001", 5)
    results = ResultsPage(classroom.desk(theme=theme, scale=scale), school.results())
    page._put(results)
    check(page)
    results._side.choose("questions")
    results.refresh()
    check(page)
