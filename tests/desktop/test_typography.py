"""Line heights, measures and spaces between scripts."""

from collections.abc import Callable

import pytest
from PySide6.QtGui import QFontInfo, QFontMetricsF, QTextDocument

from trainer.desktop.look import Look
from trainer.desktop.typography import THIN_SPACE, families, spaced


@pytest.mark.parametrize(
    ("platform", "first", "chinese"),
    [("win32", "Segoe UI", "Microsoft YaHei UI"), ("linux", "Noto Sans", "Noto Sans CJK SC")],
)
def test_each_script_has_its_own_face(platform: str, first: str, chinese: str) -> None:
    assert families(chinese_first=False, platform=platform)[:2] == [first, chinese]
    assert families(chinese_first=True, platform=platform)[0] == chinese
    assert first in families(chinese_first=True, platform=platform)


def test_line_height_is_what_the_script_needs(look: Look) -> None:
    for chinese, wanted in ((False, 1.45), (True, 1.7)):
        font = look.typography.font("question", chinese=chinese)
        height = QFontMetricsF(font).height() + look.typography.leading(font, chinese=chinese)
        assert height / font.pixelSize() == pytest.approx(wanted, abs=0.08)


def test_a_line_has_at_most_68_latin_or_38_chinese_characters(look: Look) -> None:
    font = look.typography.font("question", chinese=False)
    sentence = "An order is defective when it ends in negative feedback or a claim."
    width = look.typography.measure(font, chinese=False)
    per_character = QFontMetricsF(font).horizontalAdvance(sentence) / len(sentence)
    assert 60 <= width / per_character <= 80
    chinese = look.typography.font("question", chinese=True)
    assert look.typography.measure(chinese, chinese=True) == 38 * 24


def test_leading_is_given_to_every_paragraph(look: Look) -> None:
    document = QTextDocument("One line\n\nand another")
    document.setDefaultFont(look.font("body"))
    before = document.size().height()
    look.typography.lead(document, chinese=True)
    assert document.size().height() > before


def test_the_interface_language_picks_the_face(make_test_look: Callable[..., Look]) -> None:
    chinese = make_test_look(language="zh_CN").font("body")
    english = make_test_look().font("body")
    assert chinese.families()[0] != english.families()[0]
    assert QFontInfo(chinese).pixelSize() == QFontInfo(english).pixelSize() == 16


def test_changing_a_font_changes_nobody_else_s(look: Look) -> None:
    font = look.font("body")
    font.setPixelSize(99)
    assert look.font("body").pixelSize() == 16


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("近30天", f"近{THIN_SPACE}30{THIN_SPACE}天"),
        ("用PIN码", f"用{THIN_SPACE}PIN{THIN_SPACE}码"),
        ("已经 空开 2 格", "已经 空开 2 格"),
        ("no Han at all", "no Han at all"),
        ("", ""),
    ],
)
def test_han_and_latin_are_kept_apart(text: str, expected: str) -> None:
    assert spaced(text) == expected
