"""Sit, collect and check by words, in processes of their own."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.services.exam_rooms import Exam, make_exam
from trainer.exams.keys import KDF_SMALL
from trainer.exams.teacher_keys import write_public

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def exam() -> Exam:
    return make_exam(
        candidates=1, codes_each=0, kdf=KDF_SMALL, seed="cli", now=time.time_ns() // 1_000_000
    )


def trainer(data: Path, *words: object, given: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "main.py", "--data", data, "--language", "en", "exam", *map(str, words)],
        cwd=ROOT,
        input=given,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def lines(output: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in output.splitlines()]


def test_an_exam_is_sat_taken_up_and_collected(exam: Exam, tmp_path: Path) -> None:
    data, package = tmp_path / "data", tmp_path / "sitting.xpk"
    package.write_bytes(exam.package)
    key, start = tmp_path / "teacher.pub", tmp_path / "start.key"
    key.write_bytes(write_public(exam.teacher))
    share = tmp_path / "share"
    share.mkdir()

    unknown = trainer(data, "sit", package, "--number", "1001", "--ticket", "x", "--words", "y")
    assert unknown.returncode == 2
    assert "Traceback" not in unknown.stderr
    trusted = trainer(data, "keys", "trust", key, "--words", exam.teacher.words)
    assert trusted.returncode == 0, trusted.stderr

    who = ("--number", "1001", "--ticket", exam.tickets["1001"], "--words", exam.words)
    script = [
        {"do": "show", "item": "i0"},
        {"do": "answer", "item": "i0", "response": {"type": "chosen", "options": [1]}},
        {"do": "code", "text": "F1: AAAAA-AAAAA"},
    ]
    given = "\n".join(json.dumps(act) for act in script)
    first = trainer(data, "sit", package, *who, "--share", share, given=given)
    assert first.returncode == 1, first.stderr
    told = lines(first.stdout)
    assert told[0]["resumed"] is False
    assert told[2]["saved"] == 3
    assert told[3]["error"] == "exam.code-wrong"

    end = '{"do": "finish"}\n'
    second = trainer(data, "sit", package, *who, "--share", share, given=end)
    assert second.returncode == 0, second.stderr
    told = lines(second.stdout)
    assert told[0]["resumed"] is True
    assert told[0]["answered"] == ["i0"]
    receipt = str(told[1]["receipt"])
    again = trainer(data, "sit", package, *who, given=end)
    assert again.returncode == 2
    assert receipt in again.stderr

    stick = tmp_path / "stick"
    collected = trainer(data, "collect", "--to", stick, "--package", package, "--json")
    assert collected.returncode == 0, collected.stderr
    told = lines(collected.stdout)
    assert told[0]["receipt"] == receipt
    assert told[1] == {"name": "1001", "status": "complete", "remarks": [], "texts": []}
    mirrored = trainer(data, "collect", share, "--package", package, "--json")
    assert lines(mirrored.stdout)[-1]["status"] == "complete"
    assert start.exists() is False


def test_check_tells_what_an_exam_needs(tmp_path: Path) -> None:
    checked = trainer(tmp_path / "data", "check", "--json")
    found = {str(one["name"]): one["good"] for one in lines(checked.stdout)}

    assert checked.returncode == 1
    assert found["keys"] is False
    assert found["disk"]
    assert found["clock"]
    assert not list(tmp_path.rglob("*.tmp"))


def test_what_is_wrong_is_one_sentence(tmp_path: Path) -> None:
    nothing = trainer(tmp_path, "collect", tmp_path / "nowhere", "--to", tmp_path / "stick")
    assert nothing.returncode == 2
    assert len(nothing.stderr.strip().splitlines()) == 1
    assert "Traceback" not in nothing.stderr
