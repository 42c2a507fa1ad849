"""The teacher's side of an exam by commands alone, as real processes, in both languages."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.services.test_exam_packing import CHINESE, ENGLISH, PIXEL
from trainer.exams.key_file import read_key_file
from trainer.exams.teacher_keys import read_keys, read_public

ROOT = Path(__file__).resolve().parents[2]
PHRASE = "a long sentence of mine"
BLUEPRINT = """
title = "Final"
[[sections]]
title = "All"
[[sections.cells]]
count = 2
points = "2"
kinds = ["single-choice", "number"]
[[sections.cells]]
count = 3
"""
CLASS = "学号,姓名,班级,加时\n1001,王小明,A,25%\n1002,李雷,A,\n"


class Office:
    """A teacher's folder, and the program called in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        decks = folder / "content" / "platforms" / "aliexpress"
        decks.mkdir(parents=True)
        (decks / "parcels.md").write_text(ENGLISH, encoding="utf-8")
        (decks / "parcels.zh.md").write_text(CHINESE, encoding="utf-8")
        (decks / "box.png").write_bytes(PIXEL)
        self.temporary = folder / "temporary"
        self.temporary.mkdir()
        (folder / "class.csv").write_bytes(CLASS.encode("gb18030"))
        (folder / "plan.toml").write_text(BLUEPRINT, encoding="utf-8")
        (folder / "secret.txt").write_text(PHRASE + "\n", encoding="utf-8")

    def exam(
        self, *words: object, language: str = "en", data: str = "data"
    ) -> subprocess.CompletedProcess[str]:
        places = ("--data", self.folder / data, "--content", self.folder / "content")
        command = [sys.executable, ROOT / "main.py", "--language", language, *places, "exam"]
        done = subprocess.run(
            [str(word) for word in (*command, *words)],
            check=False,
            capture_output=True,
            encoding="utf-8",
            cwd=self.folder,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "TMPDIR": str(self.temporary)},
        )
        assert "Traceback" not in done.stderr
        return done


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    made = Office(tmp_path_factory.mktemp("office"))
    done = made.exam("keys", "new", "--name", "王老师", "--passphrase-file", "secret.txt")
    assert done.returncode == 0, done.stderr
    return made


@pytest.fixture(scope="module")
def packed(office: Office) -> Path:
    done = office.exam(
        "pack", "plan.toml", "class.csv", "--output", ".", "--minutes", "60", "--small",
        "--passphrase-file", "secret.txt",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (folder,) = office.folder.glob("Final-*")
    return folder


def test_keys_are_made_once_copied_and_brought_back(office: Office, tmp_path: Path) -> None:
    again = office.exam("keys", "new", "--name", "x", "--passphrase-file", "secret.txt")
    assert again.returncode == 2
    assert "already" in again.stderr

    assert office.exam("keys", "backup", tmp_path).returncode == 0
    content = (tmp_path / "teacher.keys").read_bytes()
    restored = office.exam("keys", "restore", tmp_path / "teacher.keys", data="other")
    shown = office.exam("keys", "show")
    assert read_keys(content, PHRASE).words in shown.stdout
    assert restored.stdout in shown.stdout
    assert "spare key" in shown.stdout


def test_the_whole_way_from_keys_to_an_open_form(office: Office, packed: Path) -> None:
    (package,), (key_path,) = packed.glob("room/*.xpk"), packed.glob("teacher/*.xkey")
    teacher = read_keys((office.folder / "data/exams/teacher.keys").read_bytes(), PHRASE)
    key = read_key_file(key_path.read_bytes(), teacher)
    entrant = key.entrants[0]
    assert office.exam("keys", "public", office.folder / "public.pub").returncode == 0

    # A lab PC that does not know the teacher, and then does.
    unknown = office.exam("open-package", package, data="lab")
    assert unknown.returncode == 2
    assert teacher.words in unknown.stderr
    wrong = office.exam("keys", "trust", "public.pub", "--words", "six other words", data="lab")
    assert wrong.returncode == 1
    words = teacher.words.replace("-", " ").upper()
    trusted = office.exam("keys", "trust", "public.pub", "--words", words, data="lab")
    assert trusted.returncode == 0
    known = office.exam("open-package", package, data="lab")
    assert (known.returncode, "王老师" in known.stdout) == (0, True)

    by_words = office.exam(
        "open-package", package, "--words", key.passphrase.upper(),
        "--number", "1001", "--ticket", entrant.ticket.lower(), data="lab",
    )  # fmt: skip
    assert by_words.returncode == 0
    assert "5 questions" in by_words.stdout
    by_key = office.exam(
        "open-package", package, "--start-key", packed / "envelope/start.key",
        "--number", "1002", "--ticket", entrant.ticket, data="lab",
    )  # fmt: skip
    assert by_key.returncode == 2
    assert "belong together" in by_key.stderr


def test_papers_are_pdf_files_in_both_languages(packed: Path) -> None:
    found = sorted(path.relative_to(packed).as_posix() for path in packed.rglob("*.pdf"))

    assert len(found) == 10
    assert all((packed / name).read_bytes().startswith(b"%PDF") for name in found)


def test_a_wrong_passphrase_is_one_sentence_and_packs_nothing(office: Office) -> None:
    (office.folder / "wrong.txt").write_text("another sentence", encoding="utf-8")
    out = office.folder / "none"
    out.mkdir()
    done = office.exam(
        "pack", "plan.toml", "class.csv", "--output", out, "--minutes", "60",
        "--passphrase-file", "wrong.txt", language="zh_CN",
    )  # fmt: skip

    assert (done.returncode, done.stderr.strip().splitlines()[-1]) == (2, "口令不正确。")
    assert not list(out.iterdir())


def test_a_class_list_with_mistakes_is_not_packed(office: Office) -> None:
    (office.folder / "bad.csv").write_text("学号,姓名\n1,a\n1,b\n", encoding="utf-8")

    checked = office.exam("class", "bad.csv", "--json")
    findings = json.loads(checked.stdout)["findings"]
    assert checked.returncode == 1
    assert [(one["row"], one["column"], one["code"]) for one in findings] == [(3, 1, "class.twice")]
    done = office.exam(
        "pack", "plan.toml", "bad.csv", "--output", ".", "--minutes", "60", "--rehearsal"
    )
    assert done.returncode == 1
    assert "bad.csv:3:1" in done.stderr


def test_a_shortage_is_told_before_packing(office: Office) -> None:
    short = BLUEPRINT.replace("count = 3", "count = 30")
    (office.folder / "short.toml").write_text(short, encoding="utf-8")

    good, bad = office.exam("blueprint", "plan.toml"), office.exam("blueprint", "short.toml")
    assert (good.returncode, bad.returncode) == (0, 1)
    assert "27 missing" in bad.stdout
    cells = json.loads(office.exam("blueprint", "short.toml", "--json").stdout)["cells"]
    assert [cell["missing"] for cell in cells] == [0, 27]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_blueprint_to_begin_with_reads_back(office: Office, language: str) -> None:
    example = office.exam("blueprint", "--new", language=language).stdout
    (office.folder / "new.toml").write_text(example, encoding="utf-8")

    checked = office.exam("blueprint", "new.toml", "--json")
    assert len(json.loads(checked.stdout)["cells"]) == 4


def test_a_preview_shows_what_a_seed_will_give(office: Office, packed: Path) -> None:
    for name in ("one.html", "two.html"):
        done = office.exam(
            "preview", "plan.toml", name, "--class", "class.csv", "--seed", "s", language="zh_CN"
        )
        assert done.returncode == 0
    pages = [(office.folder / name).read_bytes() for name in ("one.html", "two.html")]
    assert pages[0] == pages[1]
    assert "退货运费谁付？" in pages[0].decode("utf-8")


@pytest.mark.parametrize("name", ["plan.toml", "class.csv", "data/exams/teacher.keys", "gone"])
def test_anything_else_as_a_package_is_one_sentence(office: Office, name: str) -> None:
    done = office.exam("open-package", name)

    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_spare_key_is_another_persons(office: Office) -> None:
    spare = office.folder / "school.keys"
    made = office.exam(
        "keys", "new-spare", spare, "--name", "School", "--passphrase-file", "secret.txt"
    )
    assert made.returncode == 0
    assert office.exam("keys", "spare", spare.with_suffix(".pub"), data="data").returncode == 0
    assert read_public(spare.read_bytes()).words in office.exam("keys", "show").stdout
    own = office.exam("keys", "spare", office.folder / "data/exams/teacher.keys")
    assert own.returncode == 2


def test_t07_looking_into_a_package_writes_nothing(office: Office, packed: Path) -> None:
    (package,) = packed.glob("room/*.xpk")
    assert office.exam("keys", "public", office.folder / "again.pub").returncode == 0
    before = files_below(office.folder)

    done = office.exam(
        "open-package", package, "--trust", "again.pub", "--start-key",
        packed / "envelope/start.key", data="fresh",
    )  # fmt: skip

    assert done.returncode == 0
    assert files_below(office.folder) == before


def files_below(folder: Path) -> dict[str, bytes]:
    """Every file there is, the folder for temporary files among them."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", ["filled.csv", "filled.xlsx"])
def test_a_class_list_to_fill_in_is_one_that_reads(office: Office, name: str) -> None:
    assert office.exam("class", name, "--new", language="zh_CN").returncode == 0
    assert office.exam("class", name, "--new", language="zh_CN").returncode == 2
    assert office.exam("class", name).returncode == 0


@pytest.mark.parametrize("name", ["fresh.toml", "fresh.xlsx"])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_blueprint_to_fill_in_reads(office: Office, name: str, language: str) -> None:
    name = f"{language}-{name}"
    assert office.exam("blueprint", name, "--new", language=language).returncode == 0
    cells = json.loads(office.exam("blueprint", name, "--json").stdout)["cells"]
    assert [cell["wanted"] for cell in cells] == [10, 5, 5, 2]


def test_a_packing_that_is_killed_leaves_no_folder_and_the_next_one_works(office: Office) -> None:
    out = office.folder / "killed"
    out.mkdir()
    command: list[str | Path] = [
        sys.executable, ROOT / "main.py", "--data", office.folder / "data",
        "--content", office.folder / "content", "exam", "pack", "plan.toml", "class.csv",
        "--output", out, "--minutes", "60", "--small", "--passphrase-file", "secret.txt",
    ]  # fmt: skip
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(command, cwd=office.folder, env=environment) as running:
        deadline = time.monotonic() + 120
        while not any(out.glob(".*.part/proctor/*")) and time.monotonic() < deadline:
            assert running.poll() is None, "it was through before it could be killed"
            time.sleep(0.01)
        running.kill()

    assert not [path for path in out.iterdir() if not path.name.startswith(".")]
    again = office.exam(
        "pack", "plan.toml", "class.csv", "--output", out, "--minutes", "60", "--small", "--html",
        "--passphrase-file", "secret.txt",
    )  # fmt: skip
    assert again.returncode == 0
    assert len([path for path in out.iterdir() if not path.name.startswith(".")]) == 1
