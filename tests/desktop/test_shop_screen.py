"""The shop by keyboard: a newcomer loses an AliExpress shop, sees why, and then keeps it."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from trainer.desktop.controls import Button
from trainer.desktop.shop_screen import ShopScreen
from trainer.foundation.messages import Messages
from trainer.penalties.shop.state import Setup
from trainer.penalties.shop.world import Choice
from trainer.presenters.shop_sheets import ShopPhase
from trainer.services.shop import ShopSession

CONTENT = Path(__file__).resolve().parents[2] / "content"
ENTER, ESC, BACKSPACE = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Backspace
CODE = "aliexpress.power-bank.30.alone.kmnp"


@pytest.fixture
def room(classroom: Any) -> Any:
    """A classroom with AliExpress and the shop, as shipped."""
    for part in ("platforms/aliexpress", "shop"):
        shutil.copytree(CONTENT / part, classroom.content / part)
    classroom.library.refresh()
    return classroom


def start(room: Any, **look: Any) -> ShopScreen:
    screen = ShopScreen(room.desk(**look))
    room.show(screen)
    room.wait(lambda: bool(screen.setup.platforms))
    return screen


def seen(part: QWidget) -> str:
    """Everything that is on a page, as a screen reader tells it."""
    names = [w.accessibleName() for w in part.findChildren(QWidget) if w.isVisibleTo(part)]
    return "\n".join(filter(None, names))


def phase(screen: ShopScreen) -> ShopPhase:
    return screen.presenter.phase


def session_of(screen: ShopScreen) -> ShopSession:
    session = screen.presenter.session
    assert session is not None
    return session


def number_of(screen: ShopScreen, *, right: bool) -> int:
    """Which of the options on the screen is right (or wrong) and can be taken; 0: none."""
    session = session_of(screen)
    event = next(
        session.event_of(one)
        for one in session.state.matters
        if session.event_of(one).title.partition("{")[0] in seen(screen.options)
    )
    wanted: list[Choice] = [one for one in event.choices if one.right is right]
    texts = [one.text for one in wanted]
    for number, row in enumerate(screen.options.rows, start=1):
        if row.isEnabled() and any(row.content.spoken.startswith(text[:25]) for text in texts):
            return number
    return 0


def live(room: Any, screen: ShopScreen, *, right: bool) -> None:
    """Play the month by keyboard: decide what lies on the desk, then close the day."""
    for _ in range(400):
        if phase(screen) is not ShopPhase.DESK:
            return
        decided = False
        for place in range(len(screen.desk_page.tiles)):
            room.press(str(place + 1))
            number = number_of(screen, right=right)
            if number:
                room.press(str(number))
                decided = True
                break
            room.press(ESC)
        if decided:
            continue
        if (
            right
            and session_of(screen).state.stock < 80
            and not session_of(screen).state.deliveries
        ):
            room.press("g", "3")
            if phase(screen) is ShopPhase.DECIDING:
                room.press(ESC)
        room.press("n")


def test_a_newcomer_loses_a_shop_sees_why_and_keeps_it_the_next_time(room: Any) -> None:
    screen = start(room)
    screen.setup.code.setFocus()
    screen.setup.code.setText(CODE)
    room.press(ENTER)
    assert phase(screen) is ShopPhase.DESK
    live(room, screen, right=False)

    assert phase(screen) is ShopPhase.ENDED
    assert session_of(screen).state.closed_on
    told = seen(screen.end)
    assert "The shop is closed" in told
    assert "Account closed" in told
    assert "From your decision of" in told
    assert "+12 points" in told
    chart = screen.end.chart
    assert chart is not None
    chart.setFocus()
    last = chart.cursor_day
    room.press(Qt.Key.Key_Left, Qt.Key.Key_Left)
    assert chart.cursor_day == last - 2
    assert chart.accessibleDescription() == chart.words

    screen.setFocus()
    room.press("r")
    assert phase(screen) is ShopPhase.DESK
    assert session_of(screen).state.day == 1
    assert session_of(screen).setup == Setup("aliexpress", "power-bank", 30, "kmnp")
    live(room, screen, right=True)

    assert phase(screen) is ShopPhase.ENDED
    assert not session_of(screen).state.closed_on
    assert "The shop is closed" not in seen(screen.end)
    assert session_of(screen).profit() > 0


def test_setup_by_keyboard(room: Any) -> None:
    screen = start(room)
    room.press(ENTER)
    assert phase(screen) is ShopPhase.DESK
    room.press("n", ESC)
    assert phase(screen) is ShopPhase.SETUP
    (going,) = screen.setup.going.values()
    assert "day 2 of 30" in going.accessibleName()
    going.setFocus()
    room.press(ENTER)
    assert session_of(screen).state.day == 2
    room.press(ESC, ESC)
    assert room.shell.asked[-1] == ("go", "cases")


def test_a_wrong_code_is_told_at_its_field(room: Any) -> None:
    screen = start(room)
    screen.setup.code.setFocus()
    screen.setup.code.setText("nonsense")
    room.press(ENTER)
    assert phase(screen) is ShopPhase.SETUP
    assert screen.setup.field is not None
    assert screen.setup.field.wrong


def test_enter_opens_the_matter_that_has_the_keyboard_and_never_ends_the_day(room: Any) -> None:
    screen = start(room)
    assert screen.presenter.use_code(CODE)
    screen.presenter.begin()
    room.settle()
    assert screen.desk_page.tiles[0].hasFocus()
    room.press(ENTER)
    assert phase(screen) is ShopPhase.DECIDING
    assert session_of(screen).state.day == 1
    room.press(Qt.Key.Key_Down, ENTER)
    assert phase(screen) is ShopPhase.DESK
    room.press(BACKSPACE)
    assert session_of(screen).moves == []


def test_a_result_is_saved_and_ranked(room: Any, tmp_path: Path) -> None:
    screen = start(room)
    assert screen.presenter.use_code("aliexpress.power-bank.7.alone.kmnp")
    screen.presenter.begin(contest=True)
    while phase(screen) is ShopPhase.DESK:
        screen.presenter.next_day()
    folder = tmp_path / "class"
    folder.mkdir()
    screen.save_result(folder / "li.json")
    (folder / "other.json").write_text("{}", encoding="utf-8")

    def run(_title: str, work: Any, done: Any) -> None:
        done(work(lambda _done, _total: None))

    room.shell.run = run
    screen.rank_folder(folder)
    told = seen(screen.ranking)

    assert "1. Li" in told
    assert screen.ranking.isVisible()
    room.press(ESC)
    assert screen.setup.isVisible()


def test_without_events_the_page_says_what_to_do(classroom: Any) -> None:
    classroom.write("Text.", platform="aliexpress")
    screen = ShopScreen(classroom.desk())
    classroom.show(screen)
    classroom.wait(lambda: "No shop to run yet" in seen(screen.setup))


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize(
    ("scale", "width", "height"), [(100, 1190, 768), (150, 1282, 768), (200, 1282, 720)]
)
def test_nothing_sticks_out(room: Any, language: str, scale: int, width: int, height: int) -> None:
    screen = ShopScreen(
        room.desk(language=language, cards="zh" if "zh" in language else "en", scale=scale)
    )
    room.show(screen, width, height)
    room.wait(lambda: bool(screen.setup.platforms))
    check_edges(screen)
    assert screen.presenter.use_code(CODE)
    screen.presenter.begin()
    room.settle()
    check_edges(screen)
    screen.presenter.open_matter(0)
    room.settle()
    check_edges(screen)
    screen.presenter.put_back()
    while phase(screen) is ShopPhase.DESK:
        screen.presenter.next_day()
    room.settle()
    check_edges(screen)


def check_edges(screen: ShopScreen) -> None:
    QApplication.processEvents()
    for part in screen.findChildren(QAbstractButton):
        if not part.isVisible():
            continue
        right = part.mapTo(screen, part.rect().topRight()).x()
        assert right <= screen.width(), part.accessibleName()
        assert part.accessibleName(), part
        if isinstance(part, Button):
            assert part.width() >= part.minimumSizeHint().width(), part.text()


def test_every_key_has_its_words(room: Any, messages: Messages, chinese_messages: Messages) -> None:
    for _, code in start(room).shortcuts():
        assert messages.knows(code)
        assert chinese_messages.knows(code)
