"""The commands as teachers and other programs meet them: words in, text and exit status out."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

GOOD = """---
title: Parcels
platform: aliexpress
competence: platform-rules
as-of: 2026-11
---
# Parcels

## Dispatch {#dispatch}

Hand the parcel over within **5 days**.

Source: [Rules](https://example.org/rules) (2026-11)

Q: Within how many days? {#days}
A: = 5 days
"""


def trainer(*words: object, language: str = "en") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-X", "utf8=0", ROOT / "main.py", "--language", language, *words]
    return subprocess.run(
        [str(word) for word in command], check=False, capture_output=True, encoding="utf-8"
    )


def deck(folder: Path, text: str, name: str = "content/platforms/aliexpress/parcels.md") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def test_lint_names_every_mistake_by_file_line_and_column(tmp_path: Path) -> None:
    path = deck(tmp_path, GOOD + "\nQ: Nobody? {#nobody}\n\nC: Nothing hidden. {#bare}\n")
    done = trainer("lint", path)
    assert done.returncode == 1
    assert f"{path.as_posix()}:18:1: error deck.no-answer" in done.stdout
    assert f"{path.as_posix()}:20:4: error deck.no-hidden-part" in done.stdout


def test_lint_as_json_is_a_list_of_findings(tmp_path: Path) -> None:
    path = deck(tmp_path, GOOD + "\nQ: Nobody? {#nobody}\n")
    found = json.loads(trainer("lint", path, "--json").stdout)
    error = next(one for one in found if one["level"] == "error")
    assert set(error) >= {"file", "line", "column", "level", "code", "message"}
    assert (error["line"], error["column"], error["code"]) == (18, 1, "deck.no-answer")


def test_lint_speaks_chinese(tmp_path: Path) -> None:
    path = deck(tmp_path, GOOD + "\nQ: Nobody? {#nobody}\n")
    assert "答案" in trainer("lint", path, language="zh_CN").stdout


def test_stats_counts_a_translation_as_the_same_deck_and_cards(tmp_path: Path) -> None:
    deck(tmp_path, GOOD)
    deck(tmp_path, GOOD, "content/platforms/aliexpress/parcels.zh.md")
    counts = json.loads(trainer("stats", tmp_path / "content", "--json").stdout)
    assert (counts["decks"], counts["files"], counts["rules"]) == (1, 2, 1)
    assert (counts["cards"], counts["studyable"]) == (1, 1)
    assert counts["by_kind"]["number"] == 1
    assert counts["by_language"] == {"en": 1, "zh": 1}


def test_stamp_gives_names_once_and_changes_nothing_else(tmp_path: Path) -> None:
    text = GOOD.replace(" {#days}", "").replace("\n", "\r\n")
    path = deck(tmp_path, "")
    path.write_bytes(text.encode("gb18030"))
    assert trainer("stamp", path).returncode == 0
    stamped = path.read_bytes().decode("gb18030")
    name = stamped.partition("Within how many days? ")[2].partition("\r\n")[0]
    assert name.startswith("{#")
    assert stamped.replace(f" {name}", "") == text
    trainer("stamp", path)
    assert path.read_bytes().decode("gb18030") == stamped


def test_preview_is_a_page_without_scripts(tmp_path: Path) -> None:
    path = deck(tmp_path, GOOD.replace("5 days**", "5 days** <script>alert(1)</script>"))
    page = trainer("preview", path).stdout
    assert "<html" in page
    assert "<script" not in page


@pytest.mark.parametrize("words", [["lint"], ["nonsense"], ["lint", "nowhere.md"], ["--bad"]])
def test_wrong_use_is_one_sentence_and_status_2(words: list[str]) -> None:
    done = trainer(*words)
    assert done.returncode == 2
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_says_what_to_do(tmp_path: Path) -> None:
    done = trainer("--data", tmp_path / "data", "--content", tmp_path, "doctor", "--json")
    checks = {check["name"]: check for check in json.loads(done.stdout)}
    assert not checks["decks"]["good"]
    assert "--content" in checks["decks"]["text"]
    assert checks["writing"]["good"]
    assert not (tmp_path / "data").exists()
    assert done.returncode == 1


def test_without_a_display_a_sentence_names_the_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    done = trainer("--data", tmp_path)
    assert done.returncode == 2
    assert "trainer lint" in done.stderr
    assert done.stderr.count("\n") == 1
