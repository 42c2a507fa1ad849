"""The look as one value: theme, typefaces and icons, handed to everything that is drawn."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QColor, QFont

from trainer.desktop.icons import Icons
from trainer.desktop.theme import Colours, Step, Theme
from trainer.desktop.typography import Typography


@dataclass(frozen=True, slots=True)
class Look:
    """How the window looks now. A change of theme, scale or language makes a new one."""

    theme: Theme
    typography: Typography
    icons: Icons

    @property
    def colours(self) -> Colours:
        return self.theme.colours

    @property
    def chinese(self) -> bool:
        """Whether the interface is Chinese."""
        return self.typography.chinese

    def px(self, length: float) -> int:
        """A length of the tokens in pixels at the person's scale."""
        return self.theme.px(length)

    def font(self, step: Step = "body", *, bold: bool = False, tabular: bool = False) -> QFont:
        return self.typography.font(step, bold=bold, tabular=tabular)

    def colour(self, value: str) -> QColor:
        return QColor(value)


def make_look(theme: Theme, chinese: bool, icon_folder: Path) -> Look:
    """The look of `theme` for an interface language, with the icons of `icon_folder`."""
    return Look(theme, Typography(theme, chinese), Icons(icon_folder, theme))
