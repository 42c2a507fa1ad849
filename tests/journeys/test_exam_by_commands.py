"""An exam from keys to marks by commands alone, over the decks we ship: every kind of question, one
candidate who knows everything and answers in English, one who answers every second question."""

import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.exams.right_answers import right_answer
from trainer.exams.blueprint import EXAM_KINDS
from trainer.exams.key_file import KeyFile, read_key_file
from trainer.exams.teacher_keys import read_keys

ROOT = Path(__file__).resolve().parents[2]
PHRASE = "a long sentence of mine"
KINDS = [kind for kind in EXAM_KINDS if kind != "case-study"]  # the decks we ship have none


def exam(folder: Path, *words: object, data: str = "data", given: str = "") -> str:
    done = subprocess.run(
        [sys.executable, ROOT / "main.py", "--data", data, "--language", "en", "exam", *words],  # type: ignore[list-item] # paths and words
        check=False,
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        input=given,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def packed(folder: Path) -> tuple[Path, Path, KeyFile]:
    """Package, teacher's file, and what is in it."""
    (folder / "secret.txt").write_text(PHRASE, encoding="utf-8")
    (folder / "class.csv").write_text("number,name\n1001,A\n1002,B\n", encoding="utf-8")
    cells = "".join(
        f'[[sections.cells]]\ncount = 2\npoints = "1.5"\nkinds = ["{kind}"]\n' for kind in KINDS
    )
    plan = f'title = "All kinds"\n[[sections]]\ntitle = "All"\n{cells}'
    (folder / "plan.toml").write_text(plan, encoding="utf-8")
    secret = ("--passphrase-file", "secret.txt")
    exam(folder, "keys", "new", "--name", "Ms Li", *secret)
    exam(
        folder, "pack", "plan.toml", "class.csv", "--output", ".", "--minutes", "60", "--small",
        "--html", *secret,
    )  # fmt: skip
    (made,) = folder.glob("All-kinds-*")
    (package,), (key_path,) = made.glob("room/*.xpk"), made.glob("teacher/*.xkey")
    teacher = read_keys((folder / "data/exams/teacher.keys").read_bytes(), PHRASE)
    return package, key_path, read_key_file(key_path.read_bytes(), teacher)


def test_who_knows_everything_gets_every_point(tmp_path: Path) -> None:
    package, key_path, key = packed(tmp_path)
    keyed = key.keyed()
    exam(tmp_path, "keys", "public", "teacher.pub")
    exam(tmp_path, "keys", "trust", "teacher.pub", data="lab")

    for entrant, every in zip(key.entrants, (1, 2), strict=True):
        acts: list[dict[str, Any]] = []
        for place, item_id in enumerate(key.form_of(entrant.number)):
            acts.append({"do": "show", "item": item_id})
            if place % every == 0:
                acts.append({"do": "answer", "item": item_id, **right_answer(keyed[item_id])})
        script = "\n".join(json.dumps(act) for act in [*acts, {"do": "finish"}])
        exam(
            tmp_path, "sit", package, "--number", entrant.number, "--ticket", entrant.ticket,
            "--words", key.passphrase, data="lab", given=script,
        )  # fmt: skip
    exam(tmp_path, "collect", "--to", "stick", "--package", package, data="lab")
    marked = json.loads(
        exam(tmp_path, "mark", key_path, "stick", "--passphrase-file", "secret.txt", "--json")
    )

    whole = Fraction(3, 2) * 2 * len(KINDS)
    assert [one["number"] for one in marked] == ["1001", "1002"]
    assert [Fraction(one["score"]) for one in marked] == [whole, whole / 2]
    assert [Fraction(one["points"]) for one in marked] == [whole, whole]
    assert [one["remarks"] for one in marked] == [[], []]
