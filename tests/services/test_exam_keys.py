"""Keys on the disk: made once, copied, trusted after their words were compared."""

import errno
import os
from pathlib import Path

import pytest

from tests.exams.conftest import QUICK, Entropy
from trainer.exams.keys import ExamError
from trainer.exams.teacher_keys import new_keys, read_keys, write_public
from trainer.foundation.errors import TrainerError
from trainer.services.exam_keys import KeyShelf, make_spare, read_public_file

PHRASE = "a long sentence"


@pytest.fixture
def shelf(tmp_path: Path) -> KeyShelf:
    return KeyShelf(tmp_path / "exams", Entropy("shelf"), [tmp_path / "program"])


def test_keys_are_made_once_and_opened_by_their_passphrase(shelf: KeyShelf) -> None:
    assert shelf.mine() is None
    made = shelf.make(" 王老师 ", PHRASE, QUICK)

    assert shelf.open(PHRASE, floor=QUICK) == made
    mine = shelf.mine()
    assert mine is not None
    assert (mine.name, mine.words) == ("王老师", made.words)
    with pytest.raises(ExamError, match=r"exam\.passphrase-wrong"):
        shelf.open("another sentence", floor=QUICK)
    with pytest.raises(ExamError, match=r"exam\.keys-there"):
        shelf.make("x", PHRASE, QUICK)
    assert shelf.open(PHRASE, floor=QUICK) == made


@pytest.mark.parametrize(("name", "phrase"), [("", PHRASE), ("x", "short"), ("x", "          ")])
def test_keys_without_a_name_or_a_passphrase_are_not_made(
    shelf: KeyShelf, name: str, phrase: str
) -> None:
    with pytest.raises(ExamError):
        shelf.make(name, phrase, QUICK)
    assert shelf.mine() is None


def test_a_copy_brings_the_keys_back(shelf: KeyShelf, tmp_path: Path) -> None:
    made = shelf.make("a", PHRASE, QUICK)
    copy = shelf.back_up(tmp_path)
    assert shelf.back_up(tmp_path) == copy  # once more does no harm

    other = KeyShelf(tmp_path / "new", Entropy("x"))
    other.restore(copy)
    assert other.open(PHRASE, floor=QUICK) == made
    with pytest.raises(ExamError, match=r"exam\.keys-there"):
        other.restore(copy)


def test_a_copy_never_takes_the_place_of_other_keys(shelf: KeyShelf, tmp_path: Path) -> None:
    shelf.make("a", PHRASE, QUICK)
    others = tmp_path / "teacher.keys"
    others.write_bytes(b"somebody else's")

    with pytest.raises(ExamError, match=r"exam\.backup-there"):
        shelf.back_up(tmp_path)
    assert others.read_bytes() == b"somebody else's"


def test_a_full_disk_leaves_no_half_key(shelf: KeyShelf, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_number: int) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(TrainerError, match=r"disk\.full"):
        shelf.make("a", PHRASE, QUICK)
    assert shelf.mine() is None


def test_a_lab_pc_trusts_what_it_put_there_and_passes_over_the_rest(
    shelf: KeyShelf, tmp_path: Path
) -> None:
    first, second = new_keys("first", Entropy("1")), new_keys("second", Entropy("2"))
    (tmp_path / "program").mkdir()
    (tmp_path / "program" / "it.pub").write_bytes(write_public(first))
    (tmp_path / "program" / "junk.pub").write_bytes(b"\0" * 5000)
    (tmp_path / "program" / "short.pub").write_bytes(
        b'{"name":"x","sign_public":"AAAA","box_public":"AAAA"}'
    )
    (tmp_path / "second.pub").write_bytes(write_public(second))

    assert [one.words for one in shelf.trusted()] == [first.words]
    shelf.trust(read_public_file(tmp_path / "second.pub"))
    shelf.trust(read_public_file(tmp_path / "second.pub"))
    assert [one.words for one in shelf.trusted()] == [first.words, second.words]


def test_the_spare_key_is_another_key(shelf: KeyShelf, tmp_path: Path) -> None:
    shelf.make("a", PHRASE, QUICK)
    public = make_spare("School", PHRASE, tmp_path / "school.keys", Entropy("s"), QUICK)

    assert shelf.spare() is None
    shelf.set_spare(tmp_path / "school.pub")
    assert shelf.spare() == public
    assert read_keys((tmp_path / "school.keys").read_bytes(), PHRASE, QUICK).words == public.words
    with pytest.raises(ExamError, match=r"exam\.spare-is-mine"):
        shelf.set_spare(shelf.key_path)
    with pytest.raises(ExamError, match=r"exam\.backup-there"):
        make_spare("School", PHRASE, tmp_path / "school.keys", Entropy("t"), QUICK)
