"""An attempt under way: every change is sealed at once and written by a thread of its own.

The thread that calls never waits for a disk; the futures tell when something is safe.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace

import msgspec

from trainer.exams.attempt_state import seconds_left, section_seconds, too_late
from trainer.exams.clock import HEARTBEAT_MS, Counted, advance
from trainer.exams.deadline import Allowance
from trainer.exams.keys import ExamError, read_action_code
from trainer.exams.log import Record, SegmentWriter, Tally, receipt_of
from trainer.exams.model import (
    GRANTS,
    Action,
    Answered,
    Arrived,
    Capsule,
    CodeRefused,
    CodeUsed,
    Event,
    Finished,
    Flagged,
    FocusLost,
    FormItem,
    Heartbeat,
    Item,
    ItemShown,
    Paused,
    Resumed,
    ScreenChanged,
    Section,
    SectionEntered,
    Started,
)
from trainer.exams.package import Package
from trainer.exams.room import Moment, Reason, Receipt
from trainer.exams.tries import Tries
from trainer.services.exam_station import Station
from trainer.storage.exam_journal import Change, JournalWriter
from trainer.storage.exam_log import SegmentFile

MOST_ANSWER = 8192  # bytes; a frame with the answers to all questions stays readable
GRACE_MS = 1000  # what is on its way when the time is up or the exam stands still is taken
HELD_AWAY, HELD_PAUSE = "exam.held-away", "exam.held-pause"


@dataclass(slots=True)
class Standing:
    """Where an attempt stands: what the first segment begins with and a later one takes over."""

    counted: Counted
    answers: dict[str, Answered] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)
    changes: int = 0
    started: bool = False
    paused: bool = False
    section: str = ""
    sections: dict[str, int] = field(default_factory=dict)  # ms used in each
    codes: list[tuple[Action, int]] = field(default_factory=list)
    holds: list[str] = field(default_factory=list)
    tries: Tries = field(default_factory=Tries)
    records: int = 0


class RunningAttempt:
    """One run of the program at one attempt. Made by `exam_room.ExamRoom`."""

    def __init__(
        self,
        station: Station,
        package: Package,
        capsule: Capsule,
        standing: Standing,
        writer: SegmentWriter,
        file: SegmentFile,
        journal: JournalWriter,
    ) -> None:
        self._station, self._package, self._capsule = station, package, capsule
        self._standing = standing
        self._writer, self._file, self._journal = writer, file, journal
        self._rules = package.header.time
        self._items: dict[str, Item] = {}
        self._noted_at = standing.counted.last.ticks
        self._held_at = standing.counted.last.ticks
        self._left_before: int | None = None
        self._sections_told: set[str] = set()
        self._end: Future[None] | None = None
        self._receipt: Receipt | None = None
        self.when_ended: Callable[[], None] = lambda: None  # in the writer's thread
        self.quitting = False  # a quit code was used: the program ends, the attempt does not

    # What the screen shows

    @property
    def attempt_id(self) -> str:
        return self._writer.binding.attempt_id

    @property
    def placed(self) -> Sequence[FormItem]:
        return self._capsule.items

    @property
    def sections(self) -> Sequence[Section]:
        met = {one.section_id for one in self._capsule.items}
        return [each for each in self._package.header.sections if each.section_id in met]

    @property
    def answers(self) -> Mapping[str, Answered]:
        return self._standing.answers

    @property
    def flags(self) -> frozenset[str]:
        return frozenset(self._standing.flags)

    @property
    def allowance(self) -> Allowance:
        grants = sum(GRANTS.get(action, 0) for action, _ in self._standing.codes)
        return Allowance(self._capsule.extra_percent, self._capsule.extra, grants)

    @property
    def held(self) -> str:
        return self._standing.holds[0] if self._standing.holds else ""

    @property
    def finished(self) -> bool:
        return self._end is not None

    def item(self, item_id: str) -> Item:
        """Raises ExamError when the question is not in this candidate's form."""
        found = self._items.get(item_id)
        if found is None:
            placed = next((one for one in self._capsule.items if one.item_id == item_id), None)
            if placed is None:
                raise ExamError("exam.package-altered")
            found = self._items[item_id] = self._package.item(item_id, placed.key)
        return found

    def media(self, item_id: str, name: str) -> bytes:
        """A picture of a question. Raises ExamError."""
        placed = next(one for one in self._capsule.items if one.item_id == item_id)
        return self._package.media(placed.key, name)

    # What the candidate does

    def show(self, item_id: str) -> "Future[None]":
        """The clock runs from the first question on."""
        self._advance()
        if self._closed():
            return _refused()
        if not self._standing.started:
            self._standing.started = True
            self._write(Started())
        return self._write(ItemShown(item_id))

    def answer(self, answered: Answered) -> "Future[None]":
        self._advance()
        placed = next((i for i in self._capsule.items if i.item_id == answered.item_id), None)
        if placed is None or self._closed() or self._section_over(placed.section_id):
            return _refused()
        if len(msgspec.json.encode(answered)) > MOST_ANSWER:
            return _refused("exam.answer-long")
        self._standing.answers[answered.item_id] = answered
        return self._change(answered)

    def flag(self, item_id: str, on: bool) -> "Future[None]":
        self._advance()
        if self._closed():
            return _refused()
        (self._standing.flags.add if on else self._standing.flags.discard)(item_id)
        return self._change(Flagged(item_id, on))

    def enter_section(self, section_id: str) -> "Future[None]":
        self._advance()
        if self._closed():
            return _refused()
        self._standing.section = section_id
        return self._write(SectionEntered(section_id))

    def tick(self) -> Moment:
        self._advance()
        standing = self._standing
        last = standing.counted.last.ticks
        if self._end is None and last - self._noted_at >= HEARTBEAT_MS:
            self._write(Heartbeat(standing.counted.active))
        left = self.seconds_left()
        section_left, section_over = self._section_time()
        ended = left == 0
        if section_over and standing.section == self._capsule.items[-1].section_id:
            ended, section_over = True, False
        if section_over:
            section_over = standing.section not in self._sections_told
            self._sections_told.add(standing.section)
        return Moment(left, section_left, self._due(left), ended, section_over, self.held)

    def seconds_left(self) -> int:
        return seconds_left(self._standing.counted.stamp(), self._rules, self.allowance)

    def use_code(self, text: str) -> str:
        self._advance()
        standing = self._standing
        ticks = standing.counted.last.ticks
        if wait := standing.tries.wait(ticks):
            raise ExamError("exam.code-wrong", seconds=-(-wait // 1000))
        action, number, _ = read_action_code(text)
        code = self._package.check_code(self._capsule.candidate, text, self._station.floor)
        if code is None or (action, number) in standing.codes:
            standing.tries = standing.tries.after_wrong(ticks)
            self._write(CodeRefused(action, standing.tries.wrong))
            if code is not None:
                raise ExamError("exam.code-used")
            raise ExamError("exam.code-wrong", seconds=-(-standing.tries.wait(ticks) // 1000))
        if self._end is not None or not self._applies(action):
            raise ExamError("exam.code-idle")
        standing.tries = standing.tries.after_right()
        standing.codes.append((action, number))
        self._write(CodeUsed(action, number, code.code))
        self._apply(action)
        return f"exam.code-{action}"

    def went_away(self) -> None:
        self._advance()
        self._note(FocusLost(0))

    def came_back(self, lasted: int) -> None:
        self._advance()
        self._note(FocusLost(max(lasted, 1)))
        lock = 1000 * self._package.header.lock_after
        if lock and lasted >= lock and self._end is None:
            self._hold(HELD_AWAY)
            self._write(Heartbeat(self._standing.counted.active))

    def screens_changed(self, number: int) -> None:
        self._advance()
        self._note(ScreenChanged(number))

    def device_came(self, what: str) -> None:
        """A drive or a remote session came or went."""
        self._advance()
        self._note(Arrived(what[:200]))

    def resumed(self, event: Resumed) -> "Future[None]":
        """The first record of a later segment."""
        return self._write(event)

    def reopened(self, event: CodeUsed) -> "Future[None]":
        self._standing.codes.append((event.action, event.number))
        return self._write(event)

    # The end

    def finish(self, reason: Reason) -> Receipt:
        return self.finish_later(reason).result()

    def finish_later(self, reason: Reason) -> "Future[Receipt]":
        """As `finish`, without waiting for the disk."""
        if self._end is None:
            self._advance()
            self._end = self._write(Finished(reason), final=True)
            head, records = self._writer.head, self._standing.records
            self._receipt = Receipt(self._capsule.candidate, records, receipt_of(head))
            written = self._end
        else:
            written = self._file.retry()
        told: Future[Receipt] = Future()

        def tell(done: "Future[None]") -> None:
            error = done.exception()
            if error is not None:
                told.set_exception(error)
                return
            told.set_result(self.receipt())
            self.when_ended()

        written.add_done_callback(tell)
        return told

    def receipt(self) -> Receipt:
        """The receipt as of now; of the end, once it has ended."""
        now = Receipt(
            self._capsule.candidate, self._standing.records, receipt_of(self._writer.head)
        )
        return self._receipt or now

    def retry(self) -> "Future[None]":
        """Try again to write what no disk has taken."""
        return self._file.retry()

    # Parts

    def _advance(self) -> None:
        """Let the clock's time pass, and note what is strange about it."""
        if self._end is not None:
            return
        standing = self._standing
        counted = replace(standing.counted, running=self.running)
        step = advance(counted, self._station.clock.read(), self._rules)
        used = step.counted.active - counted.active
        if standing.section:
            before = standing.sections.get(standing.section, 0)
            standing.sections[standing.section] = before + used
        standing.counted = step.counted
        for fault in step.faults:
            self._write(fault)
        if step.held:
            # In the clear at once: starting the program again must not get round it.
            self._hold(step.held)
            self._write(Heartbeat(standing.counted.active))

    @property
    def running(self) -> bool:
        return counts(self._standing, self._rules.clock)

    def _hold(self, code: str) -> None:
        if not self._standing.holds:
            self._held_at = self._standing.counted.last.ticks
        if code not in self._standing.holds:
            self._standing.holds.append(code)

    def _closed(self) -> bool:
        """Whether nothing more is taken: it has ended, the time is over, or it stands still; what
        is on its way in that second still is."""
        if self._end is not None:
            return True
        standing = self._standing
        if standing.holds:
            return standing.counted.last.ticks - self._held_at > GRACE_MS
        return standing.started and too_late(standing.counted.stamp(), self._rules, self.allowance)

    def _change(self, change: Change) -> "Future[None]":
        self._standing.changes += 1
        entry = self._journal.entry(change, self._standing.changes)
        return self._write(change, entry)

    def _note(self, event: Event) -> None:
        if self._end is None:
            self._write(event)

    def _write(self, event: Event, entry: bytes = b"", *, final: bool = False) -> "Future[None]":
        standing = self._standing
        stamp = standing.counted.stamp()
        standing.records += 1
        self._noted_at = stamp.ticks
        frame = self._writer.append(Record(stamp, event), self._tally(final), final=final)
        return self._file.append(frame, entry)

    def _tally(self, final: bool) -> Tally:
        standing = self._standing
        return Tally(
            standing.counted.stamp(),
            standing.started,
            standing.paused,
            standing.counted.gap,
            standing.counted.restarts,
            tuple(standing.codes),
            standing.section,
            tuple(standing.sections.items()),
            standing.changes,
            tuple(standing.holds),
            standing.tries.wrong,
            final,
        )

    def _due(self, left: int) -> tuple[int, ...]:
        """The announcement whose time has come since the last look."""
        before, self._left_before = self._left_before, left
        if before is None or not self._standing.started or left == 0:
            return ()
        passed = [at for at in self._rules.announcements if left <= at < before]
        return (min(passed),) if passed else ()

    def _section_time(self) -> tuple[int | None, bool]:
        """Seconds left in the section, None without a limit, and whether it is over."""
        standing = self._standing
        section = next((s for s in self.sections if s.section_id == standing.section), None)
        if section is None or section.limit == 0:
            return None, False
        limit = section_seconds(section, self.allowance)
        left = 1000 * limit - standing.sections.get(section.section_id, 0)
        seconds = max(0, -(-left // 1000))
        return seconds, seconds == 0 and not standing.holds

    def _section_over(self, section_id: str) -> bool:
        """Whether a section's own time is over, and the second for what is on its way too."""
        section = next((one for one in self.sections if one.section_id == section_id), None)
        if section is None or not section.limit:
            return False
        used = self._standing.sections.get(section_id, 0)
        return used > 1000 * section_seconds(section, self.allowance) + GRACE_MS

    def _applies(self, action: Action) -> bool:
        """Whether a code would do anything now; one that would not is not used up."""
        holds = self._standing.holds
        match action:
            case "resume":
                return any(hold != HELD_AWAY for hold in holds)
            case "unlock":
                return HELD_AWAY in holds
            case "pause":
                return not self._standing.paused
            case "reopen":
                return False
            case _:
                return True

    def _apply(self, action: Action) -> None:
        standing = self._standing
        match action:
            case "resume":
                standing.holds = [hold for hold in standing.holds if hold == HELD_AWAY]
                if standing.paused:
                    standing.paused = False
                    self._write(Paused(on=False))
            case "unlock":
                standing.holds.remove(HELD_AWAY)
            case "pause":
                standing.paused = True
                self._hold(HELD_PAUSE)
                self._write(Paused(on=True))
            case "quit":
                self.quitting = True
            case _:
                pass
        # What changed is in the clear with the next record; it must not wait for the heartbeat.
        self._write(Heartbeat(standing.counted.active))


def counts(standing: Standing, clock: str) -> bool:
    """Whether time counts against the candidate: from the first question on, not in a pause, and
    by the personal clock not while a proctor is waited for."""
    if not standing.started or standing.paused:
        return False
    return clock == "room" or all(hold == HELD_AWAY for hold in standing.holds)


def _refused(code: str = "exam.closed") -> "Future[None]":
    future: Future[None] = Future()
    future.set_exception(ExamError(code))
    return future
