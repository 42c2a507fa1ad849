"""What the system asks for: light or dark, more contrast, less motion; and the theme from it."""

import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPalette

from trainer.desktop.theme import Theme, make_theme
from trainer.foundation.settings import REDUCED_MOTION, SCALE, THEME, Settings

_CLIENT_AREA_ANIMATION = 0x1042  # SPI_GETCLIENTAREAANIMATION of the Windows API


def theme_for(settings: Settings) -> Theme:
    """The theme that `settings` and the system together ask for.

    Also tells Qt about light and dark, so that the title bar of the window goes along.
    """
    choice = settings[THEME]
    hints = QGuiApplication.styleHints()
    schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
    # Asking for "unknown" gives the decision back to the system.
    hints.setColorScheme(schemes.get(choice, Qt.ColorScheme.Unknown))
    more_contrast = Qt.ContrastPreference.HighContrast
    return make_theme(
        choice,
        system_dark=hints.colorScheme() == Qt.ColorScheme.Dark,
        system_contrast=hints.accessibility().contrastPreference() == more_contrast,
        scale=settings[SCALE],
        motion=_motion(settings[REDUCED_MOTION]),
        system_accent=_system_accent(),
    )


def _motion(reduced: str) -> bool:
    if reduced == "system":
        return not system_wants_less_motion()
    return reduced == "off"


def system_wants_less_motion() -> bool:
    """Whether animation is switched off in Windows; elsewhere nobody can be asked through Qt."""
    if sys.platform == "win32":
        import ctypes

        enabled = ctypes.c_int(1)
        asked = ctypes.windll.user32.SystemParametersInfoW(
            _CLIENT_AREA_ANIMATION, 0, ctypes.byref(enabled), 0
        )
        return bool(asked) and not enabled.value
    return False


def _system_accent() -> str:
    """The system's accent, "" where it has none of its own (Windows and macOS have one)."""
    if sys.platform in {"win32", "darwin"}:
        return QPalette().color(QPalette.ColorRole.Accent).name().upper()
    return ""
