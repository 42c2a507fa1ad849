import errno
from pathlib import Path

import pytest

from trainer.foundation.errors import TrainerError
from trainer.foundation.files import disk_error, write_whole


def test_the_new_content_takes_the_place_of_the_old(tmp_path: Path) -> None:
    path = tmp_path / "paper"
    path.write_bytes(b"old")

    write_whole(path, "新".encode())

    assert path.read_bytes() == "新".encode()
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_leaves_the_old_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "paper"
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(TrainerError, match=r"disk\.full"):
        write_whole(path, b"new")

    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_mistake_of_ours_is_not_blamed_on_the_disk() -> None:
    assert disk_error(OSError(errno.EINVAL, "invalid"), Path("paper")) is None
