"""Which packs lie beside the shipped decks."""

from pathlib import Path

import pytest

from trainer.bootstrap import Places, content_folders
from trainer.foundation.settings import OWN_CONTENT, SettingsFile
from trainer.services.pack_shelf import pack_folders, read_shelf

SHELF = '{"packs": [{"pack_id": "school", "current": "v2"}, {"pack_id": "firm", "current": "v1"}]}'


@pytest.mark.parametrize("damaged", [None, b"", b"{", b"[]", b"\xff\xfe", b'{"packs": [1]}'])
def test_without_a_shelf_there_are_no_packs(tmp_path: Path, damaged: bytes | None) -> None:
    if damaged is not None:
        (tmp_path / "shelf.json").write_bytes(damaged)
    assert read_shelf(tmp_path).packs == ()


def test_ones_own_decks_win_over_packs_and_packs_over_what_is_shipped(tmp_path: Path) -> None:
    places = Places(content=tmp_path / "content", assets=tmp_path, data=tmp_path / "data")
    places.packs.mkdir(parents=True)
    (places.packs / "shelf.json").write_text(SHELF, encoding="utf-8")
    packs = [places.packs / "school" / "v2", places.packs / "firm" / "v1"]
    assert pack_folders(places.packs) == packs
    usual = places.data / "content"
    assert content_folders(places) == (places.content, *packs, usual)
    SettingsFile(places.settings_file).settings()[OWN_CONTENT] = str(tmp_path / "mine")
    assert content_folders(places)[-1] == tmp_path / "mine"
