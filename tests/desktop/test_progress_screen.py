"""Progress: charts with their sentences, counted off the GUI thread."""

import threading
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from trainer.cards.response import SelfGraded
from trainer.desktop.charts import Bars, CalendarHeat, Forecast
from trainer.desktop.controls import Button
from trainer.desktop.progress_screen import ProgressScreen
from trainer.desktop.text import Text
from trainer.foundation.errors import TrainerError
from trainer.scheduling.rating import Rating
from trainer.services.progress import Competence, Day, Progress
from trainer.services.study import open_study

TODAY = date(2026, 11, 23)
CARDS = "Q: Which limit? {#limit}\nA: 1 %\n\nQ: Which window? {#window}\nA: 60 days\n"


def words(page: QWidget) -> list[str]:
    return [text.words for text in page.findChildren(Text) if text.isVisible()]


def made_up() -> Progress:
    return Progress(
        days=[Day(TODAY - timedelta(days=1), 30, 27, 8.0), Day(TODAY, 12, 10, 4.0)],
        retention=0.914,
        reviews_counted=250,
        forecast=[(TODAY + timedelta(days=ahead), ahead) for ahead in range(1, 15)],
        competences=[
            Competence("platform-rules", 100, 40, 0.35),
            Competence("logistics-finance", 50, 10, 0.05),
        ],
        cards_met=50,
        cards_in_all=150,
        answers=42,
    )


def shown(classroom: Any, page: ProgressScreen) -> ProgressScreen:
    classroom.show(page)
    classroom.wait(lambda: page.shown is not None)
    classroom.settle()
    return page


def test_before_the_first_answer_the_page_says_what_will_be_here(classroom: Any) -> None:
    classroom.write(CARDS)
    page = shown(classroom, ProgressScreen(classroom.desk()))
    assert "Nothing to show yet" in words(page)
    button = page.findChild(Button)
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert classroom.shell.asked == [("go", "study")]


def test_real_answers_are_counted(classroom: Any) -> None:
    classroom.write(CARDS)
    session = open_study(classroom.learner, classroom.library, classroom.clock)
    session.answer(
        Rating.GOOD, SelfGraded(), language="en", correct=None, taken=timedelta(minutes=2)
    )
    session.close()
    page = shown(classroom, ProgressScreen(classroom.desk()))
    assert page.shown is not None
    assert page.shown.all_answers == 1
    assert page.calendar is not None
    assert "Mon 23 Nov: 1 answer" in page.calendar.accessibleDescription()


def test_every_chart_has_its_sentence(classroom: Any) -> None:
    classroom.write(CARDS)
    page = shown(classroom, ProgressScreen(classroom.desk(), load=made_up))
    text = words(page)
    assert "91 %" in text
    assert "What you would answer right today. Weakest: Logistics and finance." in text
    assert "28 cards come back within seven days. Most on Mon 7 Dec: 14." in text
    assert any(line.startswith("42 answers in all.") for line in text)
    bars, forecast = page.findChild(Bars), page.findChild(Forecast)
    assert bars is not None
    assert "35 % known · 40 of 100 met" in bars.accessibleDescription()
    assert forecast is not None
    assert "Tue 24 Nov: 1" in forecast.accessibleDescription()
    assert page.findChild(CalendarHeat) is not None


def test_counting_does_not_hold_up_the_window(classroom: Any) -> None:
    threads: list[int] = []

    def load() -> Progress:
        threads.append(threading.get_ident())
        return made_up()

    shown(classroom, ProgressScreen(classroom.desk(), load=load))
    assert threads
    assert threads[0] != threading.get_ident()


def test_what_goes_wrong_is_said(classroom: Any) -> None:
    error = TrainerError("disk.gone", path="x")

    def load() -> Progress:
        raise error

    page = ProgressScreen(classroom.desk(), load=load)
    classroom.show(page)
    classroom.wait(lambda: classroom.shell.said == [error])


def test_a_page_that_is_put_away_waits_for_its_count(classroom: Any) -> None:
    go_on = threading.Event()

    def load() -> Progress:
        go_on.wait(5)
        return made_up()

    page = ProgressScreen(classroom.desk(), load=load)
    classroom.show(page)
    go_on.set()
    page.close_down()
    classroom.settle()
