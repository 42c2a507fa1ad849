"""How a screen gets its sitting: the session of a learner, and what tomorrow brings."""

from collections.abc import Callable

from trainer.desktop.desk import Desk
from trainer.services.study import Selection, StudySession


def open_session(desk: Desk, selection: Selection) -> StudySession:
    """Raises TrainerError when the learner's file cannot be used."""
    raise NotImplementedError


def tomorrow_of(desk: Desk) -> Callable[[], int | None]:
    return lambda: None
