"""What tests of the window share: the look in both languages."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from trainer.bootstrap import Places
from trainer.cards.model import Language
from trainer.desktop.desk import Desk
from trainer.desktop.look import Look, make_look
from trainer.desktop.theme import make_theme
from trainer.foundation.clock import FixedClock
from trainer.foundation.errors import TrainerError
from trainer.foundation.messages import Messages, load_messages
from trainer.services.content_library import Library
from trainer.services.sign_in import People
from trainer.services.study import Selection

ASSETS = Path(__file__).resolve().parents[2] / "assets"


@pytest.fixture
def assets() -> Path:
    return ASSETS


@pytest.fixture(params=["en", "zh_CN"])
def each_language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def messages() -> Messages:
    return load_messages(ASSETS / "translations", "en")


@pytest.fixture
def chinese_messages() -> Messages:
    return load_messages(ASSETS / "translations", "zh_CN")


LookMaker = Callable[..., Look]


@pytest.fixture
def make_test_look(qtbot: QtBot) -> LookMaker:
    """Makes a look: theme, scale in percent, language. Without motion, so nothing has to wait."""

    def make(theme: str = "light", scale: int = 100, language: str = "en") -> Look:
        return make_look(
            make_theme(theme, system_dark=False, system_contrast=False, scale=scale, motion=False),
            load_messages(ASSETS / "translations", language),
            ASSETS / "icons",
        )

    return make


@pytest.fixture
def look(make_test_look: LookMaker) -> Look:
    return make_test_look()


DECK = """---
title: {title}
platform: {platform}
competence: platform-rules
as-of: 2026-10
---

# {title}

{body}
"""
CHINA = timezone(timedelta(hours=8))


class RecordingShell:
    """A window that only writes down what pages ask of it."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, object]] = []
        self.said: list[TrainerError] = []
        self.toasts: list[str] = []

    def go(self, place: str) -> None:
        self.asked.append(("go", place))

    def study(self, selection: Selection) -> None:
        self.asked.append(("study", selection))

    def quiz(self, deck_id: str) -> None:
        self.asked.append(("quiz", deck_id))

    def read(self, rule_id: str) -> None:
        self.asked.append(("read", rule_id))

    def toast(self, text: str, *, undo: object = None) -> None:  # noqa: ARG002 - written down
        self.toasts.append(text)

    def say(self, error: TrainerError) -> None:
        self.said.append(error)


class Classroom:
    """A learner at a PC: decks on the disk, a library, a file, a desk, and a window for a page."""

    def __init__(self, folder: Path, qtbot: QtBot, make_test_look: LookMaker) -> None:
        self.content = folder / "content"
        self.content.mkdir()
        self.clock = FixedClock(datetime(2026, 11, 23, 9, tzinfo=CHINA))
        self.library = Library(self.content, folder / "library.sqlite", self.clock)
        self.people = People(folder / "data", self.clock)
        self.person = self.people.create("Li", "teal")
        self.learner = self.people.open(self.person.learner_id)
        self.shell = RecordingShell()
        self._qtbot = qtbot
        self._make_look = make_test_look
        self._pages: list[QWidget] = []

    def write(
        self,
        body: str,
        name: str = "health",
        *,
        platform: str = "amazon",
        language: Language = "en",
        title: str = "",
    ) -> str:
        """Put a deck in the folder, read it, and return its id."""
        suffix = "" if language == "en" else f".{language}"
        path = self.content / "platforms" / platform / f"{name}{suffix}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = DECK.format(title=title or name, platform=platform, body=body)
        path.write_text(text, encoding="utf-8")
        self.library.refresh()
        return f"platforms/{platform}/{name}"

    def desk(
        self,
        *,
        language: str = "en",
        cards: Language = "en",
        theme: str = "light",
        scale: int = 100,
    ) -> Desk:
        look = self._make_look(theme, scale, language)
        return Desk(
            messages=load_messages(ASSETS / "translations", language),
            look=look,
            clock=self.clock,
            places=Places(self.content, ASSETS, self.content.parent),
            library=self.library,
            learner=self.learner,
            person=self.person,
            people=self.people,
            settings=self.learner.settings,
            language=cards,
            shell=self.shell,  # type: ignore[arg-type] # as much of a window as pages need
        )

    def show(self, page: QWidget, width: int = 1190, height: int = 768) -> None:
        """Show `page` in a window of that size, as the window does."""
        self._pages.append(page)
        self._qtbot.addWidget(page)
        page.resize(width, height)
        with self._qtbot.waitActive(page):
            page.show()
            page.activateWindow()
        page.on_shown()  # type: ignore[attr-defined] # every page has it
        self.settle()

    def press(self, *keys: str | Qt.Key) -> None:
        """Press keys where the keyboard is: letters as text, others as Qt.Key."""
        for key in keys:
            focused = QApplication.focusWidget()
            assert focused is not None, "the keyboard is nowhere"
            if isinstance(key, str):
                QTest.keyClicks(focused, key)
            else:
                QTest.keyClick(focused, key)
        self.settle()

    def settle(self) -> None:
        QApplication.sendPostedEvents()
        QApplication.processEvents()

    def wait(self, until: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(until, timeout=15000)

    def close(self) -> None:
        for page in self._pages:
            with suppress(AttributeError):
                page.close_down()  # type: ignore[attr-defined] # where something is open
        self.learner.close()
        self.library.close()


@pytest.fixture
def classroom(tmp_path: Path, qtbot: QtBot, make_test_look: LookMaker) -> Iterator[Classroom]:
    """Use `Any` as its type: test modules cannot import from here."""
    room = Classroom(tmp_path, qtbot, make_test_look)
    yield room
    room.close()
