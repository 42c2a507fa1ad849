"""`trainer lint | stats | stamp | preview` as a teacher and as a program call them."""

import json
import re
from argparse import ArgumentParser, Namespace
from pathlib import Path

import pytest

from trainer.cli import author_commands
from trainer.foundation.messages import Messages, load_messages

ROOT = Path(__file__).resolve().parents[2]
GOOD = (
    "---\ntitle: T\nplatform: amazon\ncompetence: platform-rules\nas-of: 2026-10\n---\n"
    "# T\n\nWords before.\n\n"
    "## Rule {#rule}\nBelow **1 %**.\n\nPenalty: a ban\n"
    "Source: [S](https://example.org) (2026-10)\n\n"
    "Q: What? {#a}\n- [x] right\n- [ ] wrong\n  > because\nWhy: so\n\n"
    "C: ==a== b {#c}\n\nT: AHR {#t}\nD: score\n\nQ: n {#n}\nA: = 3 %\n\nQ: t {#ty}\nA: ~ x / y\n\n"
    "Q: o {#o}\n1. one\n2. two\n\nQ: m {#m}\n| a | b |\n| - | - |\n| 1 | 2 |\n| 3 | 4 |\n\n"
    "Q: f {#f}\nA: true\n\nQ: r {#r}\nA: <b>x</b>\n\n"
    "Q: {n} {#p}\n```params\nn: 1..9\nanswer: n * 2\n```\n\n"
    "## Scenario: S {#s}\nShop: amazon, 9 orders a day\n### One {#one}\n- [x] [Go](#two)\n"
    "### Two {#two}\nEnd.\n"
)


@pytest.fixture(params=["en", "zh_CN"])
def messages(request: pytest.FixtureRequest) -> Messages:
    return load_messages(ROOT / "assets" / "translations", request.param)


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    folder = tmp_path / "content" / "platforms" / "amazon"
    folder.mkdir(parents=True)
    (folder / "t.md").write_text(GOOD, encoding="utf-8")
    return folder / "t.md"


def run(messages: Messages, *words: str | Path) -> int:
    parser = ArgumentParser()
    author_commands.register(parser.add_subparsers())
    arguments: Namespace = parser.parse_args([str(word) for word in words])
    return int(arguments.run(arguments, messages))


def test_lint_prints_a_line_for_each_finding(
    deck: Path, messages: Messages, capsys: pytest.CaptureFixture[str]
) -> None:
    deck.write_text(GOOD + "## B {#b}\nQ: What\n\nQ: 茶? {#a}\nA: x\n", encoding="utf-8")

    assert run(messages, "lint", deck) == 1

    shown = capsys.readouterr()
    lines = shown.out.splitlines()
    pattern = rf"{re.escape(deck.as_posix())}:\d+:\d+: (error|warning|hint) deck\.[a-z-]+ \S.*"
    assert all(re.fullmatch(pattern, line) for line in lines)
    assert any(": error deck.duplicate-id " in line for line in lines)
    assert "1" in shown.err


def test_a_deck_without_errors_is_good(
    deck: Path, messages: Messages, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(messages, "lint", deck.parent) == 0
    assert "deck.translation-missing" in capsys.readouterr().out


def test_lint_for_programs(
    deck: Path, messages: Messages, capsys: pytest.CaptureFixture[str]
) -> None:
    deck.write_text(GOOD + "##B {#b}\nSource: S (2026-10)\n", encoding="utf-8")
    assert run(messages, "lint", "--json", deck) == 0
    told = json.loads(capsys.readouterr().out)
    assert [finding["level"] for finding in told] == ["hint", "warning"]
    finding = told[1]
    assert finding["code"] == "deck.heading-space"
    assert finding["fix"]["replacement"] == " "
    assert finding["fix"]["start"] == finding["fix"]["end"] == [finding["line"], 3]


def test_lint_in_sarif(deck: Path, messages: Messages, capsys: pytest.CaptureFixture[str]) -> None:
    deck.write_text(GOOD + "##B {#b}\n\nQ: {#B}\n", encoding="utf-8")
    assert run(messages, "lint", "--sarif", deck) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["version"] == "2.1.0"
    (given,) = told["runs"]
    rules = {rule["id"] for rule in given["tool"]["driver"]["rules"]}
    assert {result["ruleId"] for result in given["results"]} == rules
    assert {result["level"] for result in given["results"]} == {"error", "warning", "note"}
    region = given["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 1, "startColumn": 1}
    assert any("fixes" in result for result in given["results"])


@pytest.mark.parametrize("days", ["0", "-1", "soon", "٣", "99999999"])
def test_a_limit_that_is_no_number_of_days_is_wrong_use(
    deck: Path, messages: Messages, days: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        run(messages, "lint", f"--fresh={days}", deck)
    assert end.value.code == 2
    assert capsys.readouterr().err


def test_stats(deck: Path, messages: Messages, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(messages, "stats", "--json", deck.parent) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["decks"], told["files"], told["rules"], told["scenarios"]) == (1, 1, 1, 1)
    assert told["cards"] == told["studyable"] == sum(told["by_kind"].values()) == 11
    assert told["by_language"] == {"en": 11, "zh": 0}
    assert told["share_to_verify"] == 0
    assert told["per_deck"][0]["deck_id"] == "platforms/amazon/t"

    assert run(messages, "stats", deck.parent) == 0
    assert "platforms/amazon/t [en]" in capsys.readouterr().out


def test_stamp_twice(deck: Path, messages: Messages, capsys: pytest.CaptureFixture[str]) -> None:
    more = "\n## B\nSource: S (2026-10)\n\nQ: Who pays?\nA: x\n"
    deck.write_text(GOOD + more, encoding="utf-8")
    assert run(messages, "stamp", deck) == 0
    assert "2" in capsys.readouterr().out
    assert "Q: Who pays? {#who-pays}\n" in deck.read_text(encoding="utf-8")
    assert run(messages, "stamp", deck) == 0
    assert capsys.readouterr().out.strip() == messages("author.nothing-to-stamp")


def test_preview_shows_everything_and_runs_nothing(
    deck: Path, messages: Messages, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(messages, "preview", deck) == 0
    page = capsys.readouterr().out
    assert page.startswith("<!doctype html>")
    shown = "Words before.|<strong>1 %</strong>|✓ right|because|score|3 %|x / y|<li>two</li>"
    for words in (*shown.split("|"), "<td>4</td>", "n * 2", "End.", "a ban", "amazon"):
        assert words in page
    assert "<b>x</b>" not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


def test_preview_of_a_broken_deck_says_so(
    deck: Path, messages: Messages, capsys: pytest.CaptureFixture[str]
) -> None:
    deck.write_text(GOOD + "## B {#b}\nSource: S (2026-10)\n\nQ: What? {#q}\n", encoding="utf-8")
    assert run(messages, "preview", deck) == 1
    assert messages("deck.no-answer") in capsys.readouterr().out
