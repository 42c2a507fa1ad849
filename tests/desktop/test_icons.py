"""Icons are drawn in ink, at every scale, and none is missing or superfluous."""

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QImage, QPixmap
from pytestqt.qtbot import QtBot

from trainer.desktop.icons import Icons
from trainer.desktop.look import Look

TRAINER = Path(__file__).resolve().parents[2] / "trainer"


def colours_of(pixmap: QPixmap) -> set[int]:
    """The colours of all pixels that are ink for the most part."""
    image = pixmap.toImage().convertToFormat(QImage.Format.Format_ARGB32)
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {pixel.rgb() & 0xF0F0F0 for pixel in pixels if pixel.alpha() >= 100}


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
@pytest.mark.parametrize("size", [16, 20, 40])
def test_an_icon_is_drawn_in_its_colour_at_every_scale(look: Look, size: int, ratio: float) -> None:
    pixmap = look.icons.pixmap("square", "#0A6858", size, ratio)
    assert pixmap.devicePixelRatio() == ratio
    assert pixmap.width() == round(size * ratio)
    assert colours_of(pixmap) == {0x006050}


def test_an_icon_is_drawn_once(look: Look) -> None:
    first = look.icons.pixmap("check", "#000000", 20)
    assert look.icons.pixmap("check", "#000000", 20).cacheKey() == first.cacheKey()
    assert look.icons.pixmap("check", "#FFFFFF", 20).cacheKey() != first.cacheKey()


def test_every_icon_in_the_folder_can_be_drawn(qtbot: QtBot, assets: Path, look: Look) -> None:
    icons = Icons(assets / "icons", look.theme)
    for path in sorted((assets / "icons").glob("*.svg")):
        if path.stem != "program":
            assert colours_of(icons.pixmap(path.stem, "#183858", 48)) == {0x103050}, path.name


def test_icons_named_in_the_program_are_there(assets: Path) -> None:
    there = {path.stem for path in (assets / "icons").glob("*.svg")}
    named: set[str] = set()
    for path in TRAINER.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        named.update(re.findall(r'icon="([^"]+)"', text))
    assert named
    assert sorted(named - there) == []


def test_an_unknown_icon_is_a_mistake(look: Look) -> None:
    with pytest.raises(FileNotFoundError):
        look.icons.pixmap("no-such-icon", "#000000", 20)


def test_the_licence_lies_beside_the_icons(assets: Path) -> None:
    licence = (assets / "icons" / "LICENSE").read_text(encoding="utf-8")
    assert "ISC License" in licence
    assert "Lucide" in licence
