"""Where single cards stand in a learner's memory, and bringing suspended ones back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from trainer.foundation.clock import Clock
from trainer.scheduling.days import Moment
from trainer.services.content_library import Library
from trainer.services.learning_record import LearningRecord
from trainer.storage.learners import LearnerFile
from trainer.storage.study_state import CardRow


@dataclass(frozen=True, slots=True)
class CardState:
    """`due_in` is None for a card that was never answered, and negative when it is overdue."""

    due_in: timedelta | None = None
    suspended: bool = False
    buried: bool = False
    flagged: bool = False
    asks_teacher: bool = False


class CardStanding:
    """The cards of one learner. The file is opened for each question and let go again: whoever
    asks is reading, and a sitting may be open beside it."""

    def __init__(self, learner: LearnerFile, library: Library, clock: Clock) -> None:
        self._learner = learner
        self._library = library
        self._clock = clock

    def states(self, card_ids: Sequence[str]) -> Mapping[str, CardState]:
        """The state of each card. Raises TrainerError (disk.*, file.*)."""
        record = self._open()
        try:
            now = record.now()
            return {card_id: _state(record.row(card_id), now) for card_id in card_ids}
        finally:
            record.release()

    def resume(self, card_id: str) -> None:
        """Ask a suspended card again; a sitting that is open takes it up when it begins anew.

        Back when the mark is on the disk. Raises TrainerError.
        """
        self._mark(card_id, suspend=False)

    def suspend(self, card_id: str) -> None:
        """Never ask the card again until it is resumed. Raises TrainerError."""
        self._mark(card_id, suspend=True)

    def _mark(self, card_id: str, *, suspend: bool) -> None:
        record = self._open()
        record.mark(card_id, "suspend" if suspend else "resume")
        record.close()

    def _open(self) -> LearningRecord:
        return LearningRecord(self._learner, self._library, self._clock)


def _state(row: CardRow, now: Moment) -> CardState:
    signs = row.signs
    due_in = None if row.state is None else timedelta(milliseconds=row.state.due - now.at)
    return CardState(
        due_in=due_in,
        suspended=signs.suspended,
        buried=signs.buried_until > now.at,
        flagged=signs.flagged,
        asks_teacher=signs.asks_teacher,
    )
