"""A quiz in a real window over real files."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from trainer.cards.model import TrueFalse
from trainer.desktop.quiz_screen import QuizScreen
from trainer.presenters.quiz import Phase

ENTER = Qt.Key.Key_Return
RULE = "## Rule {number} {{#r{number}}}\n\nText {number}.\n\n"
CARD = "Q: Question {number} of {name}? {{#q{number}}}\nA: true\n\n"


def write(room: Any, count: int = 3, platform: str = "amazon") -> str:
    body = "".join(
        RULE.format(number=number) + CARD.format(number=number, name=platform)
        for number in range(count)
    )
    deck_id: str = room.write(body, platform=platform, title=f"Health of {platform}")
    return deck_id


def start(room: Any, **look: Any) -> QuizScreen:
    size = {key: look.pop(key) for key in ("width", "height") if key in look}
    screen = QuizScreen(room.desk(**look))
    room.show(screen, **size)
    return screen


def phase(screen: QuizScreen) -> Phase:
    return screen._presenter.phase


def seen(screen: QWidget) -> str:
    shown = [label.accessibleName() for label in screen.findChildren(QLabel) if label.isVisible()]
    shown += [
        widget.accessibleName()
        for widget in screen.findChildren(QWidget)
        if widget.isVisible() and not isinstance(widget, QLabel)
    ]
    return "\n".join(shown)


def click(screen: QuizScreen, words: str) -> None:
    button = next(
        button
        for button in screen.findChildren(QAbstractButton)
        if button.isVisible() and button.accessibleName().startswith(words)
    )
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QApplication.processEvents()


def test_a_whole_quiz_by_keyboard(classroom: Any) -> None:
    write(classroom)
    screen = start(classroom)
    assert phase(screen) is Phase.CHOOSING
    classroom.press(ENTER)
    assert isinstance(screen._presenter.asked, object)
    assert "Question 1 of 3" in seen(screen)
    classroom.press("t", ENTER)
    assert "Right" in seen(screen)
    assert not any(name in seen(screen) for name in ("Again", "Good", "Easy"))
    classroom.press(ENTER)
    classroom.press("f", ENTER, ENTER)
    classroom.press("0", ENTER)
    assert phase(screen) is Phase.RESULT
    told = seen(screen)
    assert "1 / 3" in told
    assert "2 answers to look at again" in told
    assert "I do not know" in told
    classroom.learner.writer.flush()
    (count,) = classroom.learner.connection.execute("select count(*) from review").fetchone()
    assert count == 3


def test_mistakes_are_done_again_and_then_a_new_quiz(classroom: Any) -> None:
    write(classroom)
    screen = start(classroom)
    classroom.press(ENTER, "f", ENTER, ENTER, "t", ENTER, ENTER, "t", ENTER, ENTER)
    assert phase(screen) is Phase.RESULT
    classroom.press("m")
    assert "Question 1 of 1" in seen(screen)
    classroom.press("t", ENTER, ENTER)
    assert "1 / 1" in seen(screen)
    assert not screen._mistakes.isVisible()
    classroom.press("n")
    assert phase(screen) is Phase.CHOOSING


def test_feedback_at_the_end_asks_one_after_the_other(classroom: Any) -> None:
    write(classroom)
    screen = start(classroom)
    screen._presenter.choose_feedback("at-the-end")
    classroom.press(ENTER, "t", ENTER, "t", ENTER)
    assert "Question 3 of 3" in seen(screen)
    classroom.press("t", ENTER)
    assert "3 / 3" in seen(screen)


def test_what_is_chosen_is_found_again_the_next_time(classroom: Any) -> None:
    write(classroom)
    write(classroom, platform="ebay")
    screen = start(classroom)
    click(screen, "Amazon")
    click(screen, "True or false")
    screen.setup.length_chosen.emit(30)
    classroom.press(ENTER)
    screen.close_down()
    again = start(classroom)
    tiles = {name: tile.isChecked() for name, tile in again.setup._tiles.items()}
    assert tiles == {"amazon": True, "ebay": False}
    assert again.setup._all_subjects is not None
    assert not again.setup._all_subjects.isChecked()
    assert again.setup._chips["true-false"].isChecked()
    assert again.setup._length is not None
    assert again.setup._length.value == "30"


def test_everything_is_one_press_away(classroom: Any) -> None:
    write(classroom)
    write(classroom, platform="ebay")
    screen = start(classroom)
    click(screen, "Amazon")
    click(screen, "Everything")
    click(screen, "Everything")
    assert not any(tile.isChecked() for tile in screen.setup._tiles.values())
    assert screen.setup._all_subjects is not None
    assert screen.setup._all_subjects.isChecked()


def test_one_chapter_comes_from_the_handbook(classroom: Any) -> None:
    write(classroom)
    deck_id = write(classroom, 1, platform="ebay")
    screen = start(classroom)
    screen.choose_chapter(deck_id)
    classroom.settle()
    assert "Only the chapter “Health of ebay”" in seen(screen)
    classroom.press(ENTER)
    assert "Question 1 of 1" in seen(screen)


def test_without_questions_it_says_so(classroom: Any) -> None:
    classroom.write("Q: Only recall? {#q}\nA: yes\n")
    screen = start(classroom)
    classroom.press(ENTER)
    assert phase(screen) is Phase.CHOOSING
    assert "No questions fit this choice" in screen.note.words.words


def test_stopping_shows_what_was_done(classroom: Any) -> None:
    write(classroom)
    screen = start(classroom)
    classroom.press(ENTER, "t", ENTER, Qt.Key.Key_Escape)
    assert "2 questions were not answered" in seen(screen)
    classroom.press(Qt.Key.Key_Escape)
    assert phase(screen) is Phase.CHOOSING
    classroom.press(Qt.Key.Key_Escape)
    assert classroom.shell.asked == [("go", "today")]


def test_a_rule_to_read_again_leads_into_the_handbook(classroom: Any) -> None:
    write(classroom, 1)
    screen = start(classroom)
    classroom.press(ENTER, "f", ENTER, ENTER)
    click(screen, "Read")
    assert classroom.shell.asked == [("read", "platforms/amazon/health#r0")]


def test_nothing_entered_is_asked_for_once_more(classroom: Any) -> None:
    write(classroom)
    screen = start(classroom)
    classroom.press(ENTER, ENTER)
    assert phase(screen) is Phase.ASKING
    assert "Nothing is entered yet" in screen.note.words.words


def test_another_look_goes_on_in_the_middle_of_a_quiz(classroom: Any) -> None:
    write(classroom)
    first = start(classroom)
    classroom.press(ENTER, "t", ENTER, ENTER)
    kept = first.kept()
    first.close_down()
    second = QuizScreen(classroom.desk(theme="dark", language="zh_CN"))
    second.take_up(kept)
    classroom.show(second)
    assert "第 2 题，共 3 题" in seen(second)
    assert second._presenter.asked is not None
    assert isinstance(second._presenter.asked.showing.card.body, TrueFalse)
    classroom.press("t", ENTER, ENTER, "t", ENTER, ENTER)
    assert "3 / 3" in seen(second)


def test_every_shortcut_has_words_in_both_languages(
    classroom: Any, messages: Any, chinese_messages: Any
) -> None:
    for _, code in start(classroom).shortcuts():
        assert messages.knows(code)
        assert chinese_messages.knows(code)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize(
    ("scale", "width", "height"), [(100, 1190, 768), (200, 1254, 768), (100, 627, 384)]
)
def test_nothing_sticks_out(
    classroom: Any, language: str, scale: int, width: int, height: int
) -> None:
    for platform in ("amazon", "made-in-china", "alibaba"):
        write(classroom, platform=platform)
    screen = start(classroom, language=language, scale=scale, width=width, height=height)
    for keys in ([], [ENTER], ["f", ENTER], [Qt.Key.Key_Escape]):
        classroom.press(*keys)
        page = QRect(QPoint(0, 0), screen.size())
        for part in screen.findChildren(QWidget):
            if part.isVisible() and part.width():
                box = QRect(part.mapTo(screen, QPoint(0, 0)), part.size())
                assert page.left() <= box.left(), part.accessibleName()
                assert box.right() <= page.right(), part.accessibleName()
