"""Answers on their way to the disk: whether they have arrived, and what stands in the way."""

from collections import deque
from concurrent.futures import Future
from typing import Literal

from trainer.foundation.errors import TrainerError

SaveState = Literal["saving", "saved", "trouble"]


class Saving:
    """The answers given on one screen. Asked now and then by the screen, on its own thread."""

    def __init__(self) -> None:
        self._under_way: deque[Future[None]] = deque()

    def add(self, future: "Future[None]") -> None:
        self._under_way.append(future)

    @property
    def busy(self) -> bool:
        """Whether an answer is still on its way."""
        return bool(self._under_way)

    def look(self) -> tuple[bool, TrainerError | None]:
        """Whether everything has arrived since the last look, and what is wrong if not.

        An answer that could not be written goes along with the next one, so a success after a
        failure means that both are there. Raises what is no TrainerError: that is a bug.
        """
        trouble: TrainerError | None = None
        arrived = False
        while self._under_way and self._under_way[0].done():
            error = self._under_way.popleft().exception()
            if error is None:
                arrived, trouble = True, None
            elif isinstance(error, TrainerError):
                trouble = error
            else:
                raise error
        return arrived and trouble is None and not self._under_way, trouble
