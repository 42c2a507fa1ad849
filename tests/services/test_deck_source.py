"""A deck file is put back as it was: encoding, line ends, and nobody's work is overwritten."""

from pathlib import Path

import pytest

from trainer.decks.addresses import Address
from trainer.foundation.errors import TrainerError
from trainer.services.deck_source import ChangedOnDisk, overwrite, read_source, write_source

ADDRESS = Address("platforms/amazon/orders", "zh")
TEXT = "# 订单\n\n问：多久？ {#long}\n答：5 天\n"


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("gb18030", b""),
    ],
)
def test_encoding_and_line_ends_stay(
    tmp_path: Path, encoding: str, mark: bytes, line_end: str
) -> None:
    path = tmp_path / "orders.zh.md"
    before = mark + TEXT.replace("\n", line_end).encode(encoding)
    path.write_bytes(before)
    source = read_source(path, ADDRESS)
    assert source.text == TEXT
    write_source(source, TEXT)
    assert path.read_bytes() == before
    write_source(read_source(path, ADDRESS), TEXT.replace("5", "3"))
    assert path.read_bytes() == mark + TEXT.replace("5", "3").replace("\n", line_end).encode(
        encoding
    )


def test_a_file_that_was_changed_meanwhile_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "orders.zh.md"
    path.write_text(TEXT, encoding="utf-8")
    source = read_source(path, ADDRESS)
    path.write_text("theirs\n", encoding="utf-8")
    with pytest.raises(ChangedOnDisk) as told:
        write_source(source, "mine\n")
    assert told.value.now is not None
    assert told.value.now.text == "theirs\n"
    assert path.read_text(encoding="utf-8") == "theirs\n"
    overwrite(told.value.now, "mine\n")
    assert path.read_text(encoding="utf-8") == "mine\n"


def test_a_file_that_is_gone_is_told_and_can_be_written_again(tmp_path: Path) -> None:
    path = tmp_path / "orders.zh.md"
    path.write_text(TEXT, encoding="utf-8")
    source = read_source(path, ADDRESS)
    path.unlink()
    with pytest.raises(ChangedOnDisk) as told:
        write_source(source, TEXT)
    assert told.value.now is None
    overwrite(source, TEXT)
    assert path.read_text(encoding="utf-8") == TEXT


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match=r"author\.no-such-path"):
        read_source(tmp_path / "none.md", ADDRESS)
    damaged = tmp_path / "damaged.md"
    damaged.write_bytes("问：多久？答：五天。".encode() * 5 + b"\xff\n")
    assert not read_source(damaged, ADDRESS).faithful


def test_half_a_character_does_not_stop_saving(tmp_path: Path) -> None:
    path = tmp_path / "orders.zh.md"
    path.write_text(TEXT, encoding="utf-8")
    write_source(read_source(path, ADDRESS), "half \ud83d\n")
    assert path.read_text(encoding="utf-8") == "half \ufffd\n"
