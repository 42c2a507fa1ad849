"""`trainer penalties explain | list` as a teacher and as a program call them."""

import json
import re
from pathlib import Path

import pytest

from trainer.cli.command_line import parse, run_command

EVENTS = "date,violation\n2026-03-10,brushing\n2026-11-20,brushing\n"


@pytest.fixture
def events(tmp_path: Path) -> Path:
    path = tmp_path / "events.csv"
    path.write_text(EVENTS, encoding="utf-8")
    return path


def run(tmp_path: Path, *words: str | Path, language: str = "en") -> int:
    start = ["--data", tmp_path / "data", "--language", language, "penalties"]
    arguments = parse([str(word) for word in (*start, *words)])
    return run_command(arguments, lambda *_: None)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_each_line_of_an_explanation_ends_with_the_table_row_behind_it(
    events: Path, tmp_path: Path, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words: list[str | Path] = ["explain", "aliexpress", "--events", events, "--on", "2027-03-10"]
    assert run(tmp_path, *words, language=language) == 0

    told = capsys.readouterr().out
    steps = [line for line in told.splitlines() if re.match(r"\d{4}-\d\d-\d\d  ", line)]
    assert len(steps) == 6
    root = Path(__file__).resolve().parents[2] / "content"
    for step in steps:
        found = re.search(r"\[(platforms/aliexpress/[a-z.-]+\.md):(\d+)\]$", step)
        assert found is not None, step
        row = (root / found[1]).read_text(encoding="utf-8").splitlines()[int(found[2]) - 1]
        assert row.startswith("|")
    assert "2026-11-27" in told
    assert "penalties.step" not in told, "every code has a sentence"


def test_a_program_reads_the_same_as_json(
    events: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words: list[str | Path] = [
        "explain",
        "aliexpress",
        "--events",
        events,
        "--on",
        "2026-11-21",
        "--json",
    ]
    assert run(tmp_path, *words, "--next", "fake-shipment-serious") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["zone"] == "America/Los_Angeles"
    (record,) = told["records"]
    assert (record["track"], record["points"], record["next"]) == ("transaction", 12, 24)
    assert record["clean_on"] == "2027-11-20"
    assert [(one["measure"], one["until"]) for one in told["in_force"]] == [
        ("frozen", "2026-11-27")
    ]
    assert [one["until"] for one in told["next"]["in_force"]] == ["2026-12-05"]
    assert all(step["rule"] and step["source"] for step in told["steps"])


def test_a_broken_line_is_named_and_the_status_is_one(
    events: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    events.write_text(f"{EVENTS}2026-12-01,nonsense\n", encoding="utf-8")
    assert run(tmp_path, "explain", "aliexpress", "--events", events) == 1
    shown = capsys.readouterr()
    assert f"{events.as_posix()}:4:12: error penalties.unknown-violation" in shown.err
    assert "12 points" in shown.out


@pytest.mark.parametrize(
    "words",
    [
        ("explain", "taobao", "--events", "x.csv"),
        ("explain", "aliexpress", "--events", "none.csv"),
        ("list", "../aliexpress"),
    ],
)
def test_wrong_use_is_status_two_and_one_sentence(
    words: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, *words) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert len(shown.err.splitlines()) == 1


def test_an_empty_history_is_a_clean_account(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "events.csv"
    path.write_text("date,violation\n", encoding="utf-8")
    assert run(tmp_path, "explain", "ebay", "--events", path, "--on", "2026-11-21") == 0
    assert "Nothing stands against the account." in capsys.readouterr().out


@pytest.mark.parametrize(
    "platform",
    ["aliexpress", "alibaba", "amazon", "dhgate", "ebay", "made-in-china", "wish"],
)
def test_a_list_names_every_id_with_its_price(
    platform: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, "list", platform, "--json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert rows
    assert run(tmp_path, "list", platform) == 0
    told = capsys.readouterr().out
    for row in rows:
        assert re.search(
            rf"^  {row['id']} .*{re.escape(row['title'])}( · .*)?$", told, re.MULTILINE
        )
