"""How a screen gets its sitting: a session or a quiz of the learner, and what tomorrow brings."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from trainer.desktop.desk import Desk
from trainer.services.study import Selection, StudySession, open_study

if TYPE_CHECKING:
    from trainer.services.quiz import Quiz, QuizPlan


def open_session(desk: Desk, selection: Selection) -> StudySession:
    """Raises TrainerError when the learner's file cannot be used."""
    return open_study(
        desk.learner,
        desk.library,
        desk.clock,
        selection,
        settings=desk.settings,
        language=desk.language,
    )


def begin_quiz(desk: Desk, plan: "QuizPlan") -> "Quiz":
    """Raises TrainerError when the learner's file cannot be used."""
    # Whoever studies does not wait for the quiz.
    from trainer.services.quiz import open_quiz

    return open_quiz(
        desk.learner,
        desk.library,
        desk.clock,
        plan,
        settings=desk.settings,
        language=desk.language,
    )


def tomorrow_of(desk: Desk) -> Callable[[], int]:
    """How many cards come back tomorrow: to be asked off the GUI thread."""

    def ask() -> int:
        # Progress is looked at only when a sitting is over.
        from trainer.services.progress import progress_of

        forecast = progress_of(desk.learner, desk.library, desk.clock).forecast
        return forecast[0][1] if forecast else 0

    return ask
