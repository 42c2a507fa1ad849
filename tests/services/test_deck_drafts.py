"""What was typed is on the disk, and is found again whatever happened."""

import subprocess
import sys
from pathlib import Path

import pytest

from trainer.foundation.errors import TrainerError
from trainer.services.deck_drafts import Draft, Drafts


def draft(path: Path, text: str, at: int = 1) -> Draft:
    return Draft(path, "platforms/a/b", "zh", "底本\n", text, at)


def test_a_draft_comes_back_as_it_was(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path / "drafts")
    one = draft(tmp_path / "b.zh.md", "一二三 😀\nhalf \ud83d\n")
    drafts.keep(one)
    assert drafts.of(one.path) == one
    drafts.close()
    again = Drafts(tmp_path / "drafts")
    assert again.all() == [one]
    again.close()


def test_the_last_text_wins_and_what_is_saved_is_forgotten(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path / "drafts")
    path = tmp_path / "b.md"
    for number in range(50):
        drafts.keep(draft(path, f"text {number}"))
    kept = drafts.of(path)
    assert kept is not None
    assert kept.text == "text 49"
    drafts.forget(path)
    assert drafts.of(path) is None
    drafts.close()


def test_the_newest_comes_first_and_rubbish_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "drafts"
    drafts = Drafts(folder)
    drafts.keep(draft(tmp_path / "old.md", "old", 1))
    drafts.keep(draft(tmp_path / "new.md", "new", 2))
    drafts.wait()
    (folder / "zz.draft").write_bytes(b"\xff\x00 no draft")
    assert [one.text for one in drafts.all()] == ["new", "old"]
    assert (folder / "zz.draft").exists()
    drafts.close()


def test_a_disk_that_refuses_is_told(tmp_path: Path) -> None:
    told: list[TrainerError] = []
    (tmp_path / "drafts").write_text("in the way", encoding="utf-8")
    drafts = Drafts(tmp_path / "drafts", told.append)
    drafts.keep(draft(tmp_path / "b.md", "text"))
    drafts.close()
    assert len(told) == 1


CHILD = """
import sys
from pathlib import Path
from trainer.services.deck_drafts import Draft, Drafts
drafts = Drafts(Path(sys.argv[1]))
number = 0
while True:
    number += 1
    drafts.keep(Draft(Path("b.md"), "a/b", "en", "base", "line\\n" * number, number))
    drafts.wait()
    print(number, flush=True)
"""


@pytest.mark.parametrize("after", [3, 40])
def test_pulling_the_plug_loses_nothing_that_was_said_to_be_kept(
    tmp_path: Path, after: int
) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(tmp_path)],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        cwd=Path(__file__).resolve().parents[2],
    )
    assert child.stdout is not None
    said = 0
    while said < after:
        said = int(child.stdout.readline())
    child.kill()
    child.wait(timeout=10)
    child.stdout.close()
    drafts = Drafts(tmp_path)
    (kept,) = drafts.all()
    assert kept.text.count("\n") >= said
    drafts.close()
