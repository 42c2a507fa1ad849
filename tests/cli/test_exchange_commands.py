"""The commands around exchange, packs, freshness, format and diff, as other programs meet them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data" / "exchange"
DECK = """---
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

Q: What then? {#then}
A: A fine
"""


class Desk:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.content = folder / "content"
        self.write(DECK)

    def write(self, text: str, name: str = "parcels.md") -> Path:
        path = self.content / "platforms" / "aliexpress" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        return path

    def run(self, *words: object, language: str = "en") -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, ROOT / "main.py", "--data", self.folder / "data"]
        command += ["--content", self.content, "--language", language, *words]
        environment = {**os.environ, "TRAINER_PASSPHRASE": "", "TRAINER_PACK_AUTHORS": ""}
        done = subprocess.run(
            [str(word) for word in command],
            check=False,
            capture_output=True,
            encoding="utf-8",
            env=environment,
        )
        assert "Traceback" not in done.stderr
        return done

    def json(self, *words: object) -> Any:
        return json.loads(self.run(*words, "--json").stdout)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.parametrize(
    "name", ["deck.apkg", "deck.xml", "deck.gift", "deck.zip", "deck.csv", "deck.xlsx"]
)
def test_out_and_in_again(desk: Desk, name: str) -> None:
    out = desk.folder / name
    done = desk.run("export", desk.content, "--to", out)
    assert done.returncode in {0, 1}
    assert out.stat().st_size > 0
    (row,) = desk.json("import", out, "--platform", "aliexpress")
    assert row["cards"] == 2
    deck = Path(row["deck"])
    assert deck.is_relative_to(desk.folder / "data" / "content")
    assert deck.name != "parcels.md", "a shipped deck is never covered"
    assert desk.run("lint", deck).returncode == 0


def test_what_stays_behind_is_told_and_changes_the_status(desk: Desk) -> None:
    done = desk.run("import", DATA / "moodle.xml", "--to", desk.folder / "own", language="zh_CN")
    assert done.returncode == 1
    assert "没有答案的题" in done.stderr
    (row,) = desk.json("import", DATA / "moodle.xml", "--dry-run")
    assert {one["code"] for one in row["not_carried"]} > {"carried.part-credit"}
    assert all("carried." not in one["message"] for one in row["not_carried"])
    assert not (desk.folder / "data" / "content").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("import", "gone.apkg"), "gone.apkg"),
        (("import", "README.xyz"), "README.xyz"),
        (("export", ".", "--to", "x.docx"), "x.docx"),
        (("pack", "roll-back", "nothing"), "earlier version"),
        (("pack", "remove", "nothing"), "nothing"),
        (("pack", "distrust", "nobody"), "Nobody"),
        (("diff", "gone", "gone"), "gone"),
        (("format", "gone"), "gone"),
    ],
)
def test_wrong_use_is_one_sentence_and_status_2(
    desk: Desk, words: tuple[str, ...], said: str
) -> None:
    (desk.folder / "README.xyz").write_text("what is this", encoding="utf-8")
    made = [desk.folder / word if word == "README.xyz" else word for word in words]
    done = desk.run(*made)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_format_puts_in_shape_and_says_so(desk: Desk) -> None:
    path = desk.write(DECK.replace("A: A fine", "A:A fine\n\n\n"))
    assert desk.run("format", "--check", desk.content).returncode == 1
    assert "A:A fine" in path.read_text(encoding="utf-8")
    assert desk.run("format", desk.content).returncode == 0
    assert path.read_text(encoding="utf-8") == DECK
    assert desk.run("format", "--check", desk.content).returncode == 0


def test_diff_says_what_students_meet(desk: Desk) -> None:
    old = desk.folder / "old.md"
    old.write_text(DECK, encoding="utf-8")
    new = desk.write(DECK.replace("= 5 days", "= 7 days").replace("What then?", "And then?"))
    rows = desk.json("diff", old, new)
    assert [(row["effect"], row["old"], row["new"]) for row in rows] == [
        ("answer", "5 days", "7 days"),
        ("reworded", "", ""),
    ]
    assert desk.run("diff", old, new).returncode == 1
    assert desk.run("diff", old, old).returncode == 0
    assert desk.run("diff", desk.content, desk.content).returncode == 0


def test_freshness_is_told_marked_and_printed(desk: Desk) -> None:
    path = desk.write(DECK.replace("as-of: 2026-11", "as-of: 2019-01"))
    (row,) = desk.json("freshness", desk.content)
    assert (row["rule"], row["state"]) == ("platforms/aliexpress/parcels#dispatch", "old")
    assert "parcels#dispatch" in desk.run("freshness", desk.content, "--csv").stdout
    assert "- [ ] **Dispatch**" in desk.run("freshness", desk.content, "--markdown").stdout
    paper = desk.folder / "meeting.pdf"
    assert desk.run("freshness", desk.content, "--pdf", paper).returncode == 1
    assert paper.read_bytes().startswith(b"%PDF")
    done = desk.run("freshness", desk.content, "--checked", row["rule"])
    assert done.returncode == 0
    assert "\nAs-of: 20" in path.read_text(encoding="utf-8")


def test_a_pack_from_its_making_to_its_end(desk: Desk) -> None:
    file = desk.folder / "school.trpack"
    make = ("pack", "make", desk.content, "--to", file, "--title", "School")
    assert desk.run(*make).returncode == 2, "without a name there is no key"
    made = desk.json(*make, "--author", "Ms Wang")
    assert made["author"] == "Ms Wang"
    assert len(made["words"].split("-")) == 6
    assert desk.run("pack", "verify", file).returncode == 0
    assert desk.run("pack", "install", file).returncode == 0
    assert "school" in desk.run("pack", "list").stdout
    other = Desk(desk.folder / "other")
    assert other.run("pack", "verify", file).returncode == 1
    refused = other.run("pack", "install", file)
    assert refused.returncode == 2
    assert made["words"] in refused.stderr
    waiting = other.run("pack", "update", desk.folder)
    assert (waiting.returncode, "school.trpack" in waiting.stderr) == (1, True)
    assert other.run("pack", "install", file, "--trust").returncode == 0
    assert made["words"] in other.run("pack", "authors").stdout
    assert other.run("pack", "remove", "school").returncode == 0
    file.write_bytes(file.read_bytes().replace(b"School", b"Scholl"))
    altered = other.run("pack", "install", file, "--accept")
    assert altered.returncode == 2
    assert "altered" in altered.stderr


def test_decks_with_errors_are_not_packed(desk: Desk) -> None:
    desk.write(DECK + "\nQ: No answer? {#no}\n")
    file = desk.folder / "x.trpack"
    done = desk.run("pack", "make", desk.content, "--to", file, "--title", "X", "--unsigned")
    assert (done.returncode, file.exists()) == (2, False)
    assert "parcels.md:21:1" in done.stderr


def test_stamping_for_programs(desk: Desk) -> None:
    path = desk.write(DECK + "\nQ: A new one?\nA: Yes\n")
    (row,) = desk.json("stamp", path)
    assert list(row["given"]) == ["a-new-one"]
    assert "{#a-new-one}" in path.read_text(encoding="utf-8")
