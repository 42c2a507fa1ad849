"""What tests of the window share: the look in both languages."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from trainer.desktop.look import Look, make_look
from trainer.desktop.theme import make_theme
from trainer.foundation.messages import Messages, load_messages

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
