"""What a learner has played: done or not, the best road, where a case was left; and the cards of
broken rules on their way into the queue."""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime

from trainer.foundation.clock import Clock, from_milliseconds
from trainer.foundation.identifiers import time_ordered_id
from trainer.scheduling.days import Moment, moment_of, zone_text
from trainer.services.casework import CaseSession
from trainer.storage import case_log, marks
from trainer.storage.case_log import CaseLog, CasePlay, PlayKind
from trainer.storage.database import Statement
from trainer.storage.learners import LearnerFile
from trainer.storage.marks import Mark


@dataclass(frozen=True, slots=True)
class CaseStanding:
    """What is known of one case. `best_wrong` is the number of costly decisions of the best road
    to an end; None when no end was reached yet."""

    times: int = 0
    best_right: int = 0
    best_wrong: int | None = None
    last_at: datetime | None = None  # of the last end, in the clock's zone
    going: str = ""  # the road to go on with; "" when there is none
    going_decisions: int = 0
    play_id: str = ""  # of that road

    @property
    def done(self) -> bool:
        return self.times > 0

    @property
    def flawless(self) -> bool:
        return self.best_wrong == 0


class CaseRecords:
    """The cases of one learner. Belongs to one thread; writing does not wait for the disk.

    Raises TrainerError (disk.*, file.*) when the file cannot be read.
    """

    def __init__(
        self,
        learner: LearnerFile,
        clock: Clock,
        *,
        random_bytes: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._learner = learner
        self._clock = clock
        self._random_bytes = random_bytes
        self._plays: dict[str, CasePlay] | None = None  # the row that holds, by play id
        self._newest_id = 0

    def standings(self) -> Mapping[str, CaseStanding]:
        """By scenario id; cases that were never begun are not in it."""
        found: dict[str, CaseStanding] = {}
        for play in sorted(self._known().values(), key=lambda one: one.entry_id):
            before = found.get(play.scenario_id, CaseStanding())
            found[play.scenario_id] = self._after(before, play)
        return found

    def of(self, scenario_id: str) -> CaseStanding:
        return self.standings().get(scenario_id, CaseStanding())

    def new_play(self) -> str:
        """The id of a play that begins now."""
        return self._new_id(moment_of(self._clock.now()))

    def keep(self, session: CaseSession, play_id: str) -> "Future[None]":
        """Remember how far `session` has come, or that it has reached an end."""
        kind: PlayKind = "ended" if session.ended else "going"
        told = session.debrief()
        return self._write(
            session.case.scenario_id, play_id, kind, session.road_key(), told.right, told.wrong
        )

    def leave(self, scenario_id: str, play_id: str) -> "Future[None]":
        """The play is not to be gone on with."""
        return self._write(scenario_id, play_id, "left", "", 0, 0)

    def ask_soon(self, cards: Sequence[str]) -> "Future[None]":
        """Let `cards` come among the next ones in Study, whenever they would be due."""
        return ask_soon(self._learner, cards, self._clock, self._new_id)

    def _write(
        self, scenario_id: str, play_id: str, kind: PlayKind, road: str, right: int, wrong: int
    ) -> "Future[None]":
        now = moment_of(self._clock.now())
        play = CasePlay(
            self._new_id(now),
            self._learner.learner_id,
            scenario_id,
            play_id,
            now.at,
            zone_text(now.offset),
            kind,
            road,
            right,
            wrong,
        )
        self._known()[play_id] = play
        return self._learner.writer.submit([case_log.statement(play)])

    def _known(self) -> dict[str, CasePlay]:
        if self._plays is None:
            # What is still on its way to the disk would be missing.
            self._learner.writer.flush()
            with closing(self._learner.connect()) as connection:
                log = CaseLog(connection)
                self._plays = {play.play_id: play for play in log.latest()}
                self._newest_id = max(self._newest_id, int(log.newest_id()[:12] or "0", 16))
        return self._plays

    def _after(self, standing: CaseStanding, play: CasePlay) -> CaseStanding:
        going = play.road if play.kind == "going" else ""
        decisions = len(going.split())
        if play.kind != "ended":
            # One who begins anew while another play is open goes on with the newer one.
            return replace(standing, going=going, going_decisions=decisions, play_id=play.play_id)
        best = (play.wrong_turns, -play.right_turns)
        if standing.best_wrong is not None:
            best = min(best, (standing.best_wrong, -standing.best_right))
        zone = self._clock.now().tzinfo
        return CaseStanding(
            standing.times + 1,
            -best[1],
            best[0],
            from_milliseconds(play.at, zone),
        )

    def _new_id(self, now: Moment) -> str:
        """Above every id of the file, whatever the clock says."""
        self._known()
        self._newest_id = max(now.at, self._newest_id + 1)
        return time_ordered_id(self._newest_id, self._random_bytes)


def ask_soon(
    learner: LearnerFile,
    cards: Sequence[str],
    clock: Clock,
    new_id: Callable[[Moment], str],
) -> "Future[None]":
    """Mark `cards` to come soon; the future is done when that is on the disk."""
    now = moment_of(clock.now())
    statements: list[Statement] = [
        marks.statement(
            Mark(new_id(now), learner.learner_id, card, now.at, zone_text(now.offset), "soon")
        )
        for card in dict.fromkeys(cards)
    ]
    return learner.writer.submit(statements)
