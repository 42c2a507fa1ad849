"""The whole window over real files: people, places, keys, look, crash."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QAccessible, QDropEvent, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QLineEdit,
    QRadioButton,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from trainer.bootstrap import Places, own_content
from trainer.desktop import application as opening
from trainer.desktop.application import CrashReport, Dresser, WindowOptions, make_window
from trainer.desktop.controls import Button, Segments, Tile
from trainer.desktop.main_window import PLACES, MainWindow
from trainer.desktop.rail import RailButton, initials
from trainer.desktop.settings_screen import SettingsScreen
from trainer.desktop.shop_screen import ShopScreen
from trainer.desktop.text import KeyCap, Text
from trainer.foundation.clock import FixedClock
from trainer.foundation.settings import (
    CARD_LANGUAGE,
    INTERFACE_LANGUAGE,
    MINUTES_A_DAY,
    PACK_FOLDER,
    REDUCED_MOTION,
    SCALE,
    TEACHES,
    THEME,
    SettingsFile,
)
from trainer.services.author_key import make_key
from trainer.services.content_packs import make_pack
from trainer.services.sign_in import People, Person

ASSETS = Path(__file__).resolve().parents[2] / "assets"
CHINA = timezone(timedelta(hours=8))
DECK = """---
title: Health
platform: amazon
competence: platform-rules
as-of: 2026-10
---

# Health

## Order defects {#odr}

Below 1 %.

Source: [Page](https://example.org) (2026-10)

Q: Which limit? {#limit}
A: 1 %

Q: Is 2 % fine? {#two}
A: false
Why: The limit is 1 %.
"""


class House:
    """The folders of a PC, and windows opened on them."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        content = folder / "content" / "platforms" / "amazon"
        content.mkdir(parents=True)
        (content / "health.md").write_text(DECK, encoding="utf-8")
        self.places = Places(folder / "content", ASSETS, folder / "data")
        self.clock = FixedClock(datetime(2026, 11, 23, 9, tzinfo=CHINA))
        self.people = People(self.places.data, self.clock)
        self.settings = SettingsFile(self.places.settings_file).settings()
        self.settings[REDUCED_MOTION] = "on"
        self._qtbot = qtbot
        self._windows: list[MainWindow] = []

    def open(self, options: WindowOptions | None = None) -> MainWindow:
        """A window as the program opens it, with the decks read."""
        wish = options or WindowOptions()
        window = make_window(self.places, self.clock, wish)
        self._windows.append(window)
        window.library.refresh()
        window.resize(1366, 768)
        with self._qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        opening.enter(window, wish)
        QApplication.processEvents()
        return window

    def person(self, name: str = "Li", pin: str | None = None) -> Person:
        return self.people.create(name, "teal", pin)

    def close(self) -> None:
        for window in self._windows:
            window.close()
            window.library.close()
            window.deleteLater()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        for dresser in application.findChildren(Dresser):
            dresser.changed = None
            dresser.deleteLater()
        application.setStyleSheet("")
        QApplication.sendPostedEvents()


@pytest.fixture
def house(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    # Tests that want it look for changes themselves.
    monkeypatch.setattr(opening, "LOOK_FOR_CHANGES_MS", 600_000)
    house = House(tmp_path, qtbot)
    yield house
    house.close()


def press(
    window: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    focused = QApplication.focusWidget() or window
    QTest.keyClick(focused, key, modifier)
    QApplication.processEvents()


def ctrl(window: QWidget, key: Qt.Key) -> None:
    press(window, key, Qt.KeyboardModifier.ControlModifier)


def control(window: QWidget, name: str) -> QWidget:
    found = [each for each in window.findChildren(QWidget, name) if each.isVisible()]
    assert found, name
    return found[-1]


def click(window: QWidget, name: str) -> None:
    QTest.mouseClick(control(window, name), Qt.MouseButton.LeftButton)
    QApplication.processEvents()


def words(window: QWidget) -> list[str]:
    return [text.words for text in window.findChildren(Text) if text.isVisible()]


def dialogs(window: QWidget) -> list[QDialog]:
    return [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]


def test_the_very_first_person_is_welcomed_and_gets_in(house: House) -> None:
    window = house.open()
    assert "Welcome" in words(window)
    name = control(window, "name")
    assert name.hasFocus()
    QTest.keyClicks(name, "Li Mei")
    press(window, Qt.Key.Key_Return)
    assert window.place == "today"
    assert [person.name for person in house.people.all()] == ["Li Mei"]
    assert any("Good morning, Li Mei" in text for text in words(window))


def test_a_newcomer_without_a_name_is_told_beside_the_field(house: House) -> None:
    window = house.open()
    press(window, Qt.Key.Key_Return)
    assert window.place == ""
    assert any("name" in text.lower() for text in words(window))
    assert control(window, "name").hasFocus()


def test_the_only_person_without_a_pin_goes_straight_in(house: House) -> None:
    house.person()
    assert house.open().place == "today"


def test_several_people_are_tiles_and_have_numbers(house: House) -> None:
    house.person("Li")
    house.person("Wang")
    window = house.open()
    assert "Who is learning?" in words(window)
    tiles = [tile.title for tile in window.findChildren(Tile) if tile.isVisible()]
    assert tiles == ["Li", "Wang", "Someone new", "Sit an exam"]
    press(window, Qt.Key.Key_2)
    assert window.place == "today"
    assert any("Wang" in text for text in words(window))


def test_a_pin_keeps_others_out(house: House) -> None:
    person = house.person("Li", "2468")
    window = house.open()
    click(window, f"person-{person.learner_id}")
    pin = control(window, "pin")
    assert isinstance(pin, QLineEdit)
    QTest.keyClicks(pin, "1111")
    press(window, Qt.Key.Key_Return)
    assert window.place == ""
    assert pin.selectedText() == "1111"
    QTest.keyClicks(pin, "2468")
    press(window, Qt.Key.Key_Return)
    assert window.place == "today"


def test_esc_leads_back_to_the_people(house: House) -> None:
    house.person("Li", "2468")
    window = house.open()
    press(window, Qt.Key.Key_N)
    assert "Someone new" in words(window)
    press(window, Qt.Key.Key_Escape)
    assert "Who is learning?" in words(window)


def test_the_learner_of_the_command_line_is_signed_in(house: House) -> None:
    house.person("Li")
    house.person("Wang")
    window = house.open(WindowOptions(learner="Wang", page="settings"))
    assert window.place == "settings"
    assert any(line.text() == "Wang" for line in window.findChildren(QLineEdit))


IN_THE_RAIL = [entry.place for entry in PLACES if not entry.under]


@pytest.mark.parametrize("number", range(1, len(IN_THE_RAIL) + 1))
def test_each_place_has_its_key(house: House, qtbot: QtBot, number: int) -> None:
    house.person()
    house.settings[TEACHES] = True
    window = house.open()
    ctrl(window, Qt.Key(Qt.Key.Key_0 + number))
    place = IN_THE_RAIL[number - 1]
    assert window.place == place
    assert window.page(place).isVisible()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)


def test_places_are_made_when_they_are_opened(house: House) -> None:
    house.person()
    window = house.open()
    assert set(window._pages) == {"today"}
    window.go("settings")
    assert set(window._pages) == {"today", "settings"}


def test_all_keys_are_shown_by_question_mark_in_every_keyboard(house: House) -> None:
    house.person()
    window = house.open()
    QTest.keyClicks(QApplication.focusWidget() or window, "?")
    QApplication.processEvents()
    assert len(dialogs(window)) == 1
    sheet = dialogs(window)[0]
    assert "On this page: Today" in words(sheet)
    caps = [cap.accessibleName() for cap in sheet.findChildren(KeyCap)]
    assert "Ctrl 1" in caps
    assert "?" in caps
    QTest.keyClick(sheet, Qt.Key.Key_Escape)


def test_a_question_mark_in_a_text_is_a_question_mark(house: House) -> None:
    house.person()
    window = house.open(WindowOptions(page="settings"))
    name = control(window, "own-name")
    assert isinstance(name, QLineEdit)
    name.setFocus()
    QTest.keyClicks(name, "?")
    assert name.text() == "Li?"
    assert dialogs(window) == []


def test_students_are_not_bothered_with_the_teacher_s_desk(house: House, qtbot: QtBot) -> None:
    house.person()
    window = house.open()
    rail = window._rail
    assert rail is not None
    assert "Teaching" not in [each.text() for each in rail.findChildren(RailButton)]
    ctrl(window, Qt.Key.Key_8)
    assert window.place == "settings"
    ctrl(window, Qt.Key.Key_9)
    assert window.place == "settings"
    click(window, "teaches")
    qtbot.waitUntil(lambda: "Teaching" in [each.text() for each in _rail_buttons(window)])
    ctrl(window, Qt.Key.Key_8)
    assert window.place == "desk"
    ctrl(window, Qt.Key.Key_9)
    assert window.place == "settings"


def test_decks_of_one_s_own_can_lie_anywhere(house: House, qtbot: QtBot, tmp_path: Path) -> None:
    house.person()
    house.settings[TEACHES] = True
    window = house.open(WindowOptions(page="settings"))
    stick = tmp_path / "stick"
    own = stick / "platforms" / "amazon" / "own.md"
    own.parent.mkdir(parents=True)
    own.write_text(DECK.replace("Health", "My own"), encoding="utf-8")
    page = window.page("settings")
    assert isinstance(page, SettingsScreen)
    page.keep_own_content(stick)
    qtbot.waitUntil(lambda: "My own" in [deck.title for deck in window.library.decks()])
    assert own_content(house.places) == stick


def test_a_newcomer_who_teaches_has_the_desk_at_once(house: House) -> None:
    window = house.open()
    name = control(window, "name")
    QTest.keyClicks(name, "Wang")
    click(window, "new-teaches")
    click(window, "do")
    assert "Teaching" in [each.text() for each in _rail_buttons(window)]


def _rail_buttons(window: MainWindow) -> list[RailButton]:
    return [each for each in window.findChildren(RailButton) if each.isVisible()]


def test_the_language_changes_without_a_restart(house: House, qtbot: QtBot) -> None:
    house.person()
    window = house.open(WindowOptions(page="settings"))
    assert "Settings" in words(window)
    click(window, "program-language-zh_CN")
    qtbot.waitUntil(lambda: "设置" in words(window))
    assert window.windowTitle() == "平台规则训练"
    assert window.place == "settings"
    # The keyboard is where it was.
    qtbot.waitUntil(lambda: window.focusWidget() is not None)
    assert window.focusWidget().objectName() == "program-language-zh_CN"
    # Qt's own words go along (the menu of a text field).
    assert QApplication.translate("QWidgetTextControl", "&Copy") == "复制(&C)"
    click(window, "program-language-en")
    qtbot.waitUntil(lambda: "Settings" in words(window))
    assert QApplication.translate("QWidgetTextControl", "&Copy") == "&Copy"


def test_the_theme_changes_without_a_restart(house: House, qtbot: QtBot) -> None:
    house.person()
    house.settings[THEME] = "light"
    window = house.open(WindowOptions(page="settings"))
    light = QApplication.palette().color(QPalette.ColorRole.Window)
    click(window, "theme-dark")
    qtbot.waitUntil(lambda: window.look.theme.name == "dark")
    dark = QApplication.palette().color(QPalette.ColorRole.Window)
    assert dark.lightness() < 60 < light.lightness()
    assert house.settings[THEME] == "light"  # it is the learner's, not the PC's


def test_type_grows_by_keys_and_stays_within_bounds(house: House, qtbot: QtBot) -> None:
    house.person()
    window = house.open()
    ctrl(window, Qt.Key.Key_Plus)
    qtbot.waitUntil(lambda: window.look.theme.scale == 1.25)
    for _ in range(6):
        ctrl(window, Qt.Key.Key_Plus)
        QApplication.processEvents()
    qtbot.waitUntil(lambda: window.look.theme.scale == 2.0)
    ctrl(window, Qt.Key.Key_Minus)
    qtbot.waitUntil(lambda: window.look.theme.scale == 1.75)
    ctrl(window, Qt.Key.Key_0)
    qtbot.waitUntil(lambda: window.look.theme.scale == 1.0)
    assert window.settings[SCALE] == 100


def test_what_a_page_has_open_outlives_a_change_of_the_look(house: House, qtbot: QtBot) -> None:
    house.person()
    window = house.open(WindowOptions(page="study"))
    question = [text for text in words(window) if text]
    window.settings[THEME] = "dark"
    window.settings_changed()
    qtbot.waitUntil(lambda: window.look.theme.name == "dark")
    QApplication.processEvents()
    assert window.place == "study"
    assert [text for text in words(window) if text] == question


def test_the_rail_is_narrow_where_there_is_little_room(house: House, qtbot: QtBot) -> None:
    house.person()
    window = house.open()
    rail = window._rail
    assert rail is not None
    wide = rail.width()
    window.resize(640, 360)
    qtbot.waitUntil(lambda: rail.width() < wide)
    button = rail.button("study")
    assert button.toolTip() == "Study (Ctrl 2)"
    assert button.accessibleName() == "Study"


def test_signing_out_leads_to_the_people_and_closes_the_file(house: House) -> None:
    person = house.person("Li")
    house.person("Wang")
    window = house.open(WindowOptions(learner="Li"))
    window.sign_out()
    QApplication.processEvents()
    assert "Who is learning?" in words(window)
    house.people.remove(person.learner_id)  # its file is not held any more


def test_the_language_of_the_sign_in_page_is_this_pc_s(house: House, qtbot: QtBot) -> None:
    house.person("Li")
    house.person("Wang")
    window = house.open()
    segments = window.findChild(Segments, "languages")
    assert segments is not None
    segments.segment("zh_CN").click()
    qtbot.waitUntil(lambda: "今天谁来学？" in words(window))
    kept = SettingsFile(house.places.settings_file).settings()
    assert kept[INTERFACE_LANGUAGE] == "zh_CN"


def test_removing_oneself_is_undone_from_the_sign_in_page(house: House, qtbot: QtBot) -> None:
    house.person("Li")
    house.person("Wang")
    window = house.open(WindowOptions(learner="Li", page="settings"))
    remove = next(each for each in window.findChildren(Button) if each.text() == "Remove me")
    remove.click()
    QApplication.processEvents()
    dialog = dialogs(window)[0]
    verb = next(each for each in dialog.findChildren(Button) if each.text() == "Remove me")
    verb.click()
    qtbot.waitUntil(lambda: [person.name for person in house.people.all()] == ["Wang"])
    assert window.toast_text == "Li has been removed."
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    ctrl(window, Qt.Key.Key_Z)
    assert sorted(person.name for person in house.people.all()) == ["Li", "Wang"]
    tiles = [tile.title for tile in window.findChildren(Tile) if tile.isVisible()]
    assert "Li" in tiles


def test_the_window_stands_where_it_stood(house: House) -> None:
    house.person()
    first = house.open()
    first.restore_place()
    first.resize(700, 500)
    first.move(40, 30)
    first.close()
    second = make_window(house.places, house.clock, WindowOptions())
    house._windows.append(second)
    second.restore_place()
    assert second.size() == first.size()
    assert (second.pos() - first.pos()).manhattanLength() <= 8  # a frame may be reckoned in


@pytest.mark.parametrize("remembered", ["zz", "abc", "00", "ffff", "é"])
def test_a_place_that_makes_no_sense_is_forgotten(house: House, remembered: str) -> None:
    path = house.places.settings_file
    path.write_text(json.dumps({"window-state": remembered}), encoding="utf-8")
    window = make_window(house.places, house.clock, WindowOptions())
    house._windows.append(window)
    window.restore_place()
    assert window.width() >= 640


def test_decks_are_read_before_the_first_page_when_nothing_is_known(
    house: House, qtbot: QtBot
) -> None:
    house.person()
    window = make_window(house.places, house.clock, WindowOptions())
    house._windows.append(window)
    window.show()
    opening.enter(window, WindowOptions())
    qtbot.waitUntil(lambda: window.place == "today")
    assert len(window.library.decks()) == 1


def test_a_changed_deck_is_told_and_seen(house: House, qtbot: QtBot) -> None:
    house.person()
    window = house.open()
    assert "2" in words(window)
    deck = house.places.content / "platforms" / "amazon" / "more.md"
    deck.write_text(DECK.replace("Health", "More"), encoding="utf-8")
    window.look_for_changes()
    qtbot.waitUntil(lambda: window.toast_text == "1 deck has been updated.")
    qtbot.waitUntil(lambda: "4" in words(window))


def test_a_disk_that_refuses_settings_does_not_stop_anybody(
    house: House, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    house.person("Li")
    house.person("Wang")
    window = house.open()

    def refuse(*_words: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(SettingsFile, "write", refuse)
    segments = window.findChild(Segments, "languages")
    assert segments is not None
    segments.segment("zh_CN").click()
    QApplication.processEvents()
    press(window, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: window.place == "today")


def test_cards_follow_the_program_s_language_unless_told(house: House) -> None:
    house.person()
    window = house.open()
    languages = []
    for chosen in ("", "zh"):
        window.settings[CARD_LANGUAGE] = chosen
        window._rebuild()
        assert window._desk is not None
        languages.append(window._desk.language)
    assert languages == ["en", "zh"]


def test_a_setting_of_the_learner_is_there_next_time(house: House) -> None:
    house.person()
    first = house.open(WindowOptions(page="settings"))
    minutes = control(first, "minutes")
    assert isinstance(minutes, QSpinBox)
    minutes.setValue(45)
    first.close()
    second = house.open()
    assert second.settings[MINUTES_A_DAY] == 45
    assert "0 of 45 minutes today" in words(second)


def test_a_mistake_of_ours_is_written_down_and_told(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.person()
    window = house.open()
    report = CrashReport(house.places.data, window)
    mistake = ZeroDivisionError("a mistake")
    report(type(mistake), mistake, mistake.__traceback__)
    report(type(mistake), mistake, mistake.__traceback__)
    assert len(dialogs(window)) == 1  # one dialog, however many mistakes
    files = sorted((house.places.data / "reports").iterdir())
    assert len(files) == 2
    text = files[0].read_text(encoding="utf-8")
    assert "ZeroDivisionError: a mistake" in text
    assert str(files[0]) in " ".join(words(dialogs(window)[0]))
    copy = next(
        each for each in dialogs(window)[0].findChildren(Button) if each.text() == "Copy report"
    )
    copy.click()
    assert "ZeroDivisionError" in QApplication.clipboard().text()
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_a_report_that_cannot_be_written_is_still_told(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    house.person()
    window = house.open()

    def refuse(*_words: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "mkdir", refuse)
    CrashReport(house.places.data, window)(ValueError, ValueError("x"), None)
    assert len(dialogs(window)) == 1
    assert "ValueError" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "letters"),
    [("李雷", "雷"), ("Li Mei", "LM"), ("azra", "Az"), ("", ""), ("王", "王"), ("Z", "Z")],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_shop_that_was_left_open_does_not_stop_anybody_from_leaving(
    house: House, qtbot: QtBot
) -> None:
    for part in ("platforms/aliexpress", "shop"):
        shutil.copytree(ASSETS.parent / "content" / part, house.places.content / part)
    house.person()
    window = house.open()
    window.go("shop")
    screen = window.page("shop")
    assert isinstance(screen, ShopScreen)
    qtbot.waitUntil(lambda: bool(screen.setup.platforms), timeout=20_000)
    screen.presenter.begin()
    window.go("today")
    window.settings_changed()  # new screens; nobody goes back to the shop
    qtbot.waitUntil(lambda: not isValid(screen))

    window.sign_out()
    assert window.place == ""


OPENED = """
import gc, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from trainer.bootstrap import Places, own_content
from trainer.desktop import application as opening
from trainer.foundation.clock import SystemClock

opening.LOOK_FOR_CHANGES_MS = 50
content, assets, data = map(Path, sys.argv[1:])

def close():
    shown = [each for each in opening.QApplication.topLevelWidgets() if each.isVisible()]
    if len(shown) > 1:  # a slow PC shows how far the reading is
        QTimer.singleShot(100, opening.QApplication.instance(), close)
        return
    (window,) = shown
    print(window.place, gc.isenabled())
    window.close()

make = opening.make_application
def made():
    application = make()
    QTimer.singleShot(1500, application, close)
    return application
opening.make_application = made
print(opening.open_window(Places(content, assets, data), SystemClock(), opening.WindowOptions()))
"""


def test_the_program_opens_and_closes(house: House) -> None:
    house.person()
    places = house.places
    done = subprocess.run(
        [sys.executable, "-c", OPENED, *map(str, (places.content, places.assets, places.data))],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
        cwd=ASSETS.parent,
    )
    assert done.stdout.split() == ["today", "True", "0"], done.stderr
    assert done.stderr == ""


def test_nothing_the_first_page_does_not_need_is_loaded(house: House) -> None:
    """A guard for the start-up: these modules cost 5 to 80 ms each."""
    house.person()
    code = (
        "import sys; from trainer.desktop.application import *;"
        "from trainer.desktop.today_screen import TodayScreen;"
        "print(*[name for name in ('sqlite_utils', 'markdown', 'nacl', 'hypothesis', 'argparse',"
        " 'PySide6.QtNetwork', 'PySide6.QtQml', 'trainer.decks.parser',"
        " 'trainer.desktop.toasts', 'trainer.desktop.dialogs')"
        " if name in sys.modules and name not in SHIBOKEN])"
    )
    shiboken = "SHIBOKEN = ('argparse',); "  # PySide6 itself loads it
    done = subprocess.run(
        [sys.executable, "-c", shiboken + code],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        cwd=ASSETS.parent,
    )
    assert done.stdout.split() == []


def named(widget: QWidget) -> str:
    """What a screen reader says of a control."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return str(interface.text(QAccessible.Text.Name))


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("place", [entry.place for entry in PLACES])
def test_every_control_of_every_page_has_a_name_and_every_key_its_words(
    house: House, place: str, language: str
) -> None:
    house.person()
    house.settings[INTERFACE_LANGUAGE] = language
    window = house.open(WindowOptions(page=place))
    nameless = [
        control
        for control in window.findChildren(QWidget)
        if control.isVisible()
        and control.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not isinstance(control.focusProxy(), QWidget)
        and not named(control).strip()
    ]
    assert nameless == []
    for keys, code in window.page(place).shortcuts():  # type: ignore[attr-defined]
        assert window.messages.knows(code), code
        assert keys


@pytest.mark.parametrize("place", [entry.place for entry in PLACES])
def test_tab_reaches_every_control_of_a_page(house: House, place: str) -> None:
    house.person()
    window = house.open(WindowOptions(page=place))
    wanted = {
        control
        for control in window.findChildren(QAbstractButton)
        if control.isVisible()
        and control.isEnabled()
        and control.focusPolicy() & Qt.FocusPolicy.TabFocus
        # Of a group of radio buttons Tab reaches the chosen one, arrow keys the others.
        and not (isinstance(control, QRadioButton) and not control.isChecked())
    }
    reached: set[QWidget] = set()
    for _ in range(200):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        if focused is None or focused in reached:
            break
        reached.add(focused)
    assert [button.accessibleName() for button in wanted - reached] == []


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("scale", [100, 200])
@pytest.mark.parametrize("place", [entry.place for entry in PLACES])
def test_no_page_is_cut_off_at_the_side(
    house: House, place: str, scale: int, language: str
) -> None:
    house.person()
    house.settings[INTERFACE_LANGUAGE] = language
    house.settings[SCALE] = scale
    window = house.open(WindowOptions(page=place))
    QApplication.processEvents()
    page = window.page(place)
    for part in page.findChildren(QWidget):
        if part.isVisible() and part.visibleRegion().boundingRect().isValid():
            inside = part.parentWidget()
            if isinstance(part, QAbstractButton) and inside is not None:
                right = part.mapTo(window, part.rect().topRight()).x()
                assert right <= window.width(), (part, part.accessibleName())
            if isinstance(part, Button):
                assert part.width() >= part.minimumSizeHint().width(), part.text()


def test_a_pack_on_the_share_is_taken_at_start_and_told(
    house: House, tmp_path: Path, qtbot: QtBot
) -> None:
    share = tmp_path / "share"
    share.mkdir()
    written = tmp_path / "written" / "platforms" / "amazon" / "new.md"
    written.parent.mkdir(parents=True)
    written.write_text(DECK, encoding="utf-8")
    key = make_key(house.places.keys, "Ms Wang", os.urandom)
    make_pack(
        [tmp_path / "written"],
        share / "school.trpack",
        pack_id="school",
        title="School",
        now=house.clock.now(),
        signer=key,
    )
    house.settings[PACK_FOLDER] = str(share)
    house.people.create("Li", "teal")
    window = house.open()
    window.look_for_changes()
    qtbot.waitUntil(lambda: bool(window.toast_text), timeout=5000)
    assert window.library.deck("platforms/amazon/new", "en") is not None


def test_a_file_dropped_on_the_window_opens_the_part_that_takes_it(
    house: House, tmp_path: Path, qtbot: QtBot
) -> None:
    house.people.create("Li", "teal")
    window = house.open()
    bank = tmp_path / "bank.gift"
    bank.write_text("Sky is blue.{T}\n", encoding="utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(bank))])

    def drop() -> bool:
        event = QDropEvent(
            QPoint(5, 5),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        event.setAccepted(False)
        window.dropEvent(event)
        return event.isAccepted()

    assert not drop(), "a student has no desk"
    window.settings[TEACHES] = True
    window.settings_changed()
    QApplication.processEvents()  # the window is furnished anew a moment later
    assert drop()
    qtbot.waitUntil(lambda: bool(window.findChildren(QWidget, "import")), timeout=5000)
