"""The author's key: made once, kept, under a passphrase if one is wished."""

import os
from pathlib import Path

import pytest
from nacl.signing import VerifyKey

from trainer.foundation.errors import TrainerError
from trainer.services.author_key import (
    KEY_FILE,
    change_passphrase,
    known_key,
    make_key,
    open_key,
)


def code(call: object) -> str:
    with pytest.raises(TrainerError) as refused:
        call()  # type: ignore[operator]
    return refused.value.code


def test_a_key_is_made_once_and_signs(tmp_path: Path) -> None:
    assert known_key(tmp_path) is None
    made = make_key(tmp_path / "keys", " Ms  Wang ", os.urandom)
    again = open_key(tmp_path / "keys")
    assert (again.name, again.public) == ("Ms Wang", made.public)
    VerifyKey(made.public).verify(b"x", again.sign(b"x"))
    known = known_key(tmp_path / "keys")
    assert known is not None
    assert not known.locked
    assert len(known.words.split("-")) == 6
    assert code(lambda: make_key(tmp_path / "keys", "Li", os.urandom)) == "pack.has-key"
    if os.name == "posix":
        assert (tmp_path / "keys" / KEY_FILE).stat().st_mode & 0o077 == 0


def test_a_passphrase_locks_it(tmp_path: Path) -> None:
    made = make_key(tmp_path, "Wang", os.urandom, "correct horse")
    known = known_key(tmp_path)
    assert known is not None
    assert known.locked
    assert made.seed.hex() not in (tmp_path / KEY_FILE).read_text(encoding="utf-8")
    assert code(lambda: open_key(tmp_path)) == "pack.wrong-passphrase"
    assert code(lambda: open_key(tmp_path, "wrong")) == "pack.wrong-passphrase"
    change_passphrase(tmp_path, "correct horse", "", os.urandom)
    assert open_key(tmp_path).public == made.public


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"name":"a","public":"00","seed":"zz"}'])
def test_a_damaged_key_is_said(tmp_path: Path, content: str) -> None:
    (tmp_path / KEY_FILE).write_text(content, encoding="utf-8")
    assert code(lambda: open_key(tmp_path)) == "pack.bad-key"
    assert code(lambda: make_key(tmp_path, "Li", os.urandom)) == "pack.bad-key"


def test_a_key_needs_a_name(tmp_path: Path) -> None:
    assert code(lambda: make_key(tmp_path, "  ", os.urandom)) == "pack.no-name"
    assert code(lambda: open_key(tmp_path)) == "pack.no-key"
