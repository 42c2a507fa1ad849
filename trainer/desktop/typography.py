"""Typefaces, sizes and line heights: the system's own faces, one family a script."""

import re
import sys
from math import ceil

from msgspec import Struct, field
from PySide6.QtGui import QFont, QFontMetricsF, QTextDocument

from trainer.desktop.theme import (
    CHINESE_LINE,
    CHINESE_MEASURE,
    LATIN_LINE,
    LATIN_MEASURE,
    Step,
    Theme,
)

LATIN_FAMILIES = {
    "win32": ("Segoe UI",),
    "darwin": ("Helvetica Neue",),
    "linux": ("Noto Sans",),
}
CHINESE_FAMILIES = {
    "win32": ("Microsoft YaHei UI", "Microsoft YaHei"),
    "darwin": ("PingFang SC",),
    "linux": ("Noto Sans CJK SC", "Noto Sans SC", "WenQuanYi Micro Hei"),
}
MONOSPACED_FAMILIES = {
    "win32": ("Cascadia Mono", "Consolas"),
    "darwin": ("Menlo",),
    "linux": ("Noto Sans Mono", "DejaVu Sans Mono"),
}


def families(chinese_first: bool, platform: str = sys.platform) -> list[str]:
    """The families to ask for, best first.

    The Chinese face leads in Chinese text: “quotes”, dashes and dots exist in both faces, and
    only the Chinese one draws them full width.
    """
    system = platform if platform in LATIN_FAMILIES else "linux"
    latin, chinese = LATIN_FAMILIES[system], CHINESE_FAMILIES[system]
    return [*chinese, *latin] if chinese_first else [*latin, *chinese]


# Letters and spaces about as often as in English prose: its average width is that of a line.
RUNNING_TEXT = "The seller must answer within two days, or the order counts as defective."


class Typography(Struct, frozen=True):
    """Fonts for one theme and interface language. Card texts may be in the other language: pass
    `chinese` then."""

    theme: Theme
    chinese: bool
    _fonts: dict[tuple[str, bool, bool, bool], QFont] = field(default_factory=dict)
    _advances: dict[tuple[Step, str], int] = field(default_factory=dict)

    def font(
        self,
        step: Step = "body",
        *,
        bold: bool = False,
        tabular: bool = False,
        chinese: bool | None = None,
    ) -> QFont:
        """A font of the scale. `tabular` figures are of one width: tables, timers, meters."""
        in_chinese = self.chinese if chinese is None else chinese
        key = (step, bold, tabular, in_chinese)
        if key not in self._fonts:
            font = QFont(families(in_chinese))
            font.setPixelSize(self.theme.type_size(step))
            font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
            font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
            if tabular:
                font.setFeature(QFont.Tag("tnum"), 1)
            self._fonts[key] = font
        # A copy, so that a caller who changes it changes nobody else's.
        return QFont(self._fonts[key])

    def advance(self, text: str, step: Step) -> int:
        """How wide `text` is; measured once, so for words that come again and again."""
        if (step, text) not in self._advances:
            metrics = QFontMetricsF(self.font(step))
            self._advances[step, text] = ceil(metrics.horizontalAdvance(text))
        return self._advances[step, text]

    def monospaced(self, step: Step = "control") -> QFont:
        system = sys.platform if sys.platform in MONOSPACED_FAMILIES else "linux"
        font = QFont([*MONOSPACED_FAMILIES[system], *families(chinese_first=True)])
        font.setPixelSize(self.theme.type_size(step))
        return font

    def leading(self, font: QFont, *, chinese: bool | None = None) -> float:
        """Pixels to add between two lines of `font` to reach our line height.

        Chinese faces come with generous lines of their own, so this can be little, never negative.
        """
        in_chinese = self.chinese if chinese is None else chinese
        wanted = font.pixelSize() * (CHINESE_LINE if in_chinese else LATIN_LINE)
        return max(0.0, wanted - QFontMetricsF(font).height())

    def measure(self, font: QFont, *, chinese: bool | None = None) -> int:
        """The widest a paragraph of `font` should be, in pixels."""
        in_chinese = self.chinese if chinese is None else chinese
        if in_chinese:
            return font.pixelSize() * CHINESE_MEASURE
        running = QFontMetricsF(font).horizontalAdvance(RUNNING_TEXT) / len(RUNNING_TEXT)
        return round(running * LATIN_MEASURE)

    def lead(self, document: QTextDocument, *, chinese: bool | None = None) -> None:
        """Give every paragraph of `document` our line height."""
        # Loaded for whoever shows a document.
        from PySide6.QtGui import QTextBlockFormat, QTextCursor

        distance = self.leading(document.defaultFont(), chinese=chinese)
        block_format = QTextBlockFormat()
        block_format.setLineHeight(
            distance, QTextBlockFormat.LineHeightTypes.LineDistanceHeight.value
        )
        cursor = QTextCursor(document)
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(block_format)


THIN_SPACE = "\N{THIN SPACE}"


# Between a Han character and a Latin letter or figure, either way round.
_TOUCHING = re.compile("(?<=[\u3400-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[\u3400-\u9fff])")


def spaced(text: str) -> str:
    """`text` with a thin space where Han characters touch Latin letters or figures."""
    return text if text.isascii() else _TOUCHING.sub(THIN_SPACE, text)
