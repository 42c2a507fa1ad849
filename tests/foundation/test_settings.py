"""Settings survive nonsense, damage and other windows."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.foundation.settings import (
    DESIRED_RETENTION,
    EXAM_DATE,
    LAST_LEARNER,
    SCALE,
    SETTINGS,
    THEME,
    Setting,
    Settings,
    SettingsFile,
)


def in_memory(stored: dict[str, str], fallback: Settings | None = None) -> Settings:
    return Settings(stored, stored.update, fallback)


def test_what_is_set_is_there_again_in_the_next_program(tmp_path: Path) -> None:
    path = tmp_path / "data" / "settings.json"
    settings = SettingsFile(path).settings()
    settings[THEME] = "dark"
    settings[SCALE] = 150
    settings[DESIRED_RETENTION] = 0.85
    settings[LAST_LEARNER] = "李华-0a1b2c"

    again = SettingsFile(path).settings()

    assert again[THEME] == "dark"
    assert again[SCALE] == 150
    assert again[DESIRED_RETENTION] == 0.85
    assert again[LAST_LEARNER] == "李华-0a1b2c"
    assert again[EXAM_DATE] == ""
    assert "李华" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        (THEME, "pink"),
        (SCALE, 99),
        (SCALE, 201),
        (EXAM_DATE, "tomorrow"),
        (DESIRED_RETENTION, 1.0),
        (DESIRED_RETENTION, float("nan")),
    ],
)
def test_a_value_that_is_not_allowed_is_refused(setting: Setting[Any], value: Any) -> None:
    stored: dict[str, str] = {}
    with pytest.raises(ValueError, match=setting.name):
        in_memory(stored)[setting] = value
    assert stored == {}


@given(text=st.text() | st.from_type(int).map(str) | st.just("[" * 5000) | st.just("true"))
def test_any_text_reads_as_an_allowed_value(text: str) -> None:
    every: tuple[Setting[Any], ...] = SETTINGS
    for setting in every:
        value = in_memory({setting.name: text})[setting]
        assert type(value) is type(setting.default)
        assert setting.allows(value)


@pytest.mark.parametrize("damage", [b"", b"{", b"[1]", b"\xff\xfe\x00", b"null", b"[" * 100_000])
def test_a_damaged_file_counts_as_empty_and_can_be_written(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(damage)
    settings = SettingsFile(path).settings()

    assert settings[THEME] == "system"
    settings[THEME] = "light"
    assert SettingsFile(path).settings()[THEME] == "light"


def test_keys_nobody_knows_and_those_of_another_window_stay(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"of-a-later-version": {"a": [1]}}', encoding="utf-8")
    mine, other = SettingsFile(path).settings(), SettingsFile(path).settings()
    other[SCALE] = 125
    mine[THEME] = "dark"

    kept = json.loads(path.read_text(encoding="utf-8"))
    assert kept == {"of-a-later-version": {"a": [1]}, "scale": 125, "theme": "dark"}
    assert list(tmp_path.iterdir()) == [path]


def test_a_learner_without_a_setting_has_that_of_the_pc() -> None:
    computer = in_memory({"theme": '"dark"', "scale": "150"})
    learner = in_memory({"theme": '"light"'}).over(computer)

    assert learner[THEME] == "light"
    assert learner[SCALE] == 150
    learner[SCALE] = 110
    assert (learner[SCALE], computer[SCALE]) == (110, 150)
    assert SCALE in learner
    assert EXAM_DATE not in learner


def test_names_are_unique() -> None:
    names = [setting.name for setting in SETTINGS]
    assert len(set(names)) == len(names)


def test_a_file_that_cannot_be_written_says_so_but_the_value_holds(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    settings = SettingsFile(tmp_path / "file" / "settings.json").settings()

    with pytest.raises(OSError, match="file"):
        settings[THEME] = "dark"
    assert settings[THEME] == "dark"
