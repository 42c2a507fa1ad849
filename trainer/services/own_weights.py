"""Fitting the memory model to one learner, when they have answered enough for that."""

from contextlib import closing

from trainer.scheduling.weights import Fitted, fit_weights
from trainer.services.content_library import ReportProgress
from trainer.services.learning_record import WEIGHTS
from trainer.storage.learners import LearnerFile
from trainer.storage.study_replay import WholeLog


def fit_own_weights(learner: LearnerFile, report: ReportProgress) -> Fitted | None:
    """Fit the weights and keep them in the learner's profile; what is due moves when study begins
    the next time. None, and nothing is kept, when there is not enough to fit them to or the
    weights everybody begins with do as well.

    May be called in any thread. Raises Cancelled when `report` does, and TrainerError.
    """
    learner.writer.flush()
    with closing(learner.connect()) as connection:
        fitted = fit_weights(WholeLog(connection, {}).histories(), report)
    if fitted is not None:
        learner.set_profile_values({WEIGHTS: " ".join(f"{one:.6g}" for one in fitted.weights)})
    return fitted


def forget_own_weights(learner: LearnerFile) -> None:
    """Go back to the weights everybody begins with."""
    learner.set_profile_values({WEIGHTS: ""})
