"""Puts the candidate's window together: this PC, its room, and a look for every size and theme."""

from collections.abc import Callable

from nacl.utils import random as entropy

from trainer import __version__
from trainer.bootstrap import Places, program_folder
from trainer.desktop.exam.exam_window import ExamWindow
from trainer.desktop.exam.proctor import ProctorPage
from trainer.desktop.look import Look, make_look
from trainer.desktop.theme import make_theme
from trainer.foundation.messages import Messages
from trainer.foundation.settings import SCALE, THEME, Settings
from trainer.services.exam_room import ExamRoom
from trainer.services.exam_station import this_station


def exam_window(
    places: Places, messages: Messages, settings: Settings, dress: Callable[[Look], None]
) -> ExamWindow:
    """The window, ready to choose a package. Packages beside the data are found too."""

    def look_for(scale: int, theme: str) -> Look:
        contrast = theme.startswith("contrast")
        made = make_theme(
            "high-contrast" if contrast else theme,
            system_dark=theme.endswith("dark"),
            system_contrast=contrast,
            scale=scale,
            motion=False,
        )
        look = make_look(made, messages, places.assets / "icons")
        dress(look)
        return look

    station = this_station(places.data, program_folder(), __version__, entropy)
    theme = settings[THEME] if settings[THEME] in {"light", "dark"} else "light"
    return ExamWindow(
        ExamRoom(station, [places.data]),
        messages,
        look_for,
        scale=settings[SCALE],
        theme="contrast-light" if settings[THEME] == "high-contrast" else theme,
        proctor=lambda look, run: ProctorPage(look, messages, station, program_folder(), run),
    )
