"""The look as one value: theme, typefaces and icons, handed to everything that is drawn."""

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct
from PySide6.QtGui import QFont

from trainer.desktop.icons import Icons
from trainer.desktop.theme import Colours, Step, Theme
from trainer.desktop.typography import Typography
from trainer.foundation.messages import Messages

# Keys whose caps read differently in each language.
NAMED_KEYS = ("Space", "Return", "Esc", "Tab", "Del", "Backspace", "Up", "Down", "Left", "Right")


class Look(Struct, frozen=True):
    """How the window looks now. A change of theme, scale or language makes a new one."""

    theme: Theme
    typography: Typography
    icons: Icons
    key_names: Mapping[str, str]  # what stands on a key cap, for NAMED_KEYS

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

    def key_caps(self, keys: str) -> list[str]:
        """The caps of a key sequence: "Ctrl+Return" gives ["Ctrl", "Enter"]."""
        # A plus at the end is the key itself.
        plus = keys.endswith("+")
        caps = [self.key_names.get(key, key) for key in keys.rstrip("+").split("+") if key]
        return [*caps, "+"] if plus else caps


def make_look(theme: Theme, messages: Messages, icon_folder: Path) -> Look:
    """The look of `theme` in the language of `messages`, with the icons of `icon_folder`."""
    chinese = messages.language.startswith("zh")
    key_names = {key: messages(f"key.{key.lower()}") for key in NAMED_KEYS}
    return Look(theme, Typography(theme, chinese), Icons(icon_folder, theme), key_names)
