"""Today, over real decks and a real file."""

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from trainer.cards.response import SelfGraded
from trainer.desktop.controls import Button, ProgressLine, Tile
from trainer.desktop.text import Tag, Text
from trainer.desktop.today_screen import MOST_TILES, TodayScreen
from trainer.scheduling.rating import Rating
from trainer.services.progress import ChangedRule, Today
from trainer.services.study import Counts, Selection, open_study

RULE = "## Order defects {#odr}\n\nBelow 1 %.\n\nSource: [Page](https://example.org) (2026-10)\n\n"
CARDS = RULE + "Q: Which limit? {#limit}\nA: 1 %\n\nQ: Which window? {#window}\nA: 60 days\n"


def words(page: QWidget) -> list[str]:
    return [text.words for text in page.findChildren(Text) if text.isVisible()]


def press(page: QWidget, name: str) -> None:
    button = page.findChild(QWidget, name)
    assert button is not None, name
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def made_up(**more: object) -> Today:
    values: dict[str, object] = {
        "counts": Counts(new=2, learning=1, due=3, done=4),
        "estimate": timedelta(minutes=7),
        "studied": timedelta(minutes=5),
        "goal_minutes": 20,
        "streak_days": 3,
        "by_subject": {},
        "changed": (),
        "asked": (),
    }
    return Today(**{**values, **more})  # type: ignore[arg-type] # as above


def test_the_first_day_leads_to_the_first_cards(classroom: Any) -> None:
    classroom.write(CARDS)
    page = TodayScreen(classroom.desk())
    classroom.show(page)
    assert "new cards to begin with" in words(page)
    assert "2" in words(page)
    assert any("Good morning, Li" in text for text in words(page))
    classroom.press(Qt.Key.Key_Return)
    assert classroom.shell.asked == [("study", Selection())]


def test_answers_are_seen_when_one_comes_back(classroom: Any) -> None:
    classroom.write(CARDS)
    page = TodayScreen(classroom.desk())
    classroom.show(page)
    session = open_study(classroom.learner, classroom.library, classroom.clock)
    for _ in range(2):
        session.answer(
            Rating.EASY,
            SelfGraded(),
            language="en",
            correct=None,
            taken=timedelta(minutes=3),
        )
    session.close()
    page.on_shown()
    classroom.settle()
    assert "Done for today" in words(page)
    assert "6 of 20 minutes today" in words(page)
    classroom.press(Qt.Key.Key_Return)
    assert classroom.shell.asked == [("go", "quiz")]


def test_without_decks_the_page_says_where_to_put_them(classroom: Any) -> None:
    page = TodayScreen(classroom.desk())
    classroom.show(page)
    text = " ".join(words(page))
    assert "No decks on this computer yet" in text
    assert str(classroom.content) in text
    assert page.findChild(QWidget, "study") is None


def test_the_goal_and_the_days_in_a_row_are_told_in_words(classroom: Any) -> None:
    classroom.write(CARDS)
    page = TodayScreen(
        classroom.desk(), load=lambda: made_up(studied=timedelta(minutes=21), streak_days=3)
    )
    classroom.show(page)
    tags = [tag.accessibleName() for tag in page.findChildren(Tag)]
    assert tags == ["Goal reached", "3 days in a row"]
    line = page.findChild(ProgressLine)
    assert line is not None
    assert line.value() == line.maximum() == 20


def test_one_subject_can_be_studied_alone_and_all_can_be_shown(classroom: Any) -> None:
    classroom.write(CARDS)
    subjects = {f"subject-{number}": Counts(1, 0, 20 - number, 0) for number in range(9)}
    page = TodayScreen(classroom.desk(), load=lambda: made_up(by_subject=subjects))
    classroom.show(page)
    assert len(page.findChildren(Tile)) == MOST_TILES
    press(page, "all-subjects")
    classroom.settle()
    shown = [tile for tile in page.findChildren(Tile) if tile.isVisible()]
    assert len(shown) == 9
    assert page.focusWidget().objectName() == "subject-subject-6"
    press(page, "subject-subject-2")
    assert classroom.shell.asked == [("study", Selection(subjects=("subject-2",)))]


def test_changed_rules_and_questions_lead_to_the_handbook(classroom: Any) -> None:
    deck = classroom.write(CARDS)
    rule, card = f"{deck}#odr", f"{deck}#limit"
    page = TodayScreen(
        classroom.desk(),
        load=lambda: made_up(changed=[ChangedRule(rule, (card,))], asked=(card,)),
    )
    classroom.show(page)
    text = words(page)
    assert "1 rule has changed" in text
    assert "Order defects" in text
    assert "1 question for your teacher" in text
    assert "Which limit?" in text
    for button in page.findChildren(Button):
        if button.text() == "Read":
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert classroom.shell.asked == [("read", rule), ("read", rule)]
    classroom.press("c")
    assert classroom.shell.asked[-1] == ("study", Selection(cards=(card,)))


def test_a_long_list_says_how_much_it_leaves_out(classroom: Any) -> None:
    deck = classroom.write(CARDS)
    asked = (f"{deck}#limit",) * 7
    page = TodayScreen(classroom.desk(), load=lambda: made_up(asked=asked))
    classroom.show(page)
    assert words(page).count("Which limit?") == 5
    assert "and 2 more" in words(page)


@pytest.mark.parametrize("scale", [100, 200])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_nothing_is_cut_off(classroom: Any, language: str, scale: int) -> None:
    deck = classroom.write(CARDS)
    subjects = {"made-in-china": Counts(1, 0, 999, 0), "alibaba": Counts(99, 0, 1, 0)}
    page = TodayScreen(
        classroom.desk(language=language, scale=scale),
        load=lambda: made_up(by_subject=subjects, asked=(f"{deck}#limit",)),
    )
    classroom.show(page, width=1366 - 56 * scale // 100)
    for part in page.findChildren(QWidget):
        if part.isVisible() and not part.findChildren(QWidget):
            right = part.mapTo(page, part.rect().bottomRight()).x()
            assert right <= page.width(), part

    def cut() -> list[tuple[str, int, int]]:
        return [
            (text.words, text.height(), text.heightForWidth(text.width()))
            for text in page.findChildren(Text)
            if text.isVisible()
            and text.wordWrap()
            and text.height() < text.heightForWidth(text.width())
        ]

    classroom.wait(lambda: cut() == [])
