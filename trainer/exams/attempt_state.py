"""What a log adds up to: the answers as of the deadline, and everything worth a word.

One pure function for the candidate's screen after a restart and for the marker.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from trainer.exams.clock import Stamp
from trainer.exams.deadline import Allowance, time_limit, window_closes
from trainer.exams.log import Record
from trainer.exams.model import (
    GRANTS,
    Action,
    Answered,
    Arrived,
    ClockFault,
    CodeRefused,
    CodeUsed,
    Finished,
    Flagged,
    FocusLost,
    ItemShown,
    Paused,
    Resumed,
    SaveFailed,
    ScreenChanged,
    Section,
    SectionEntered,
    Started,
    TimeRules,
)

UsedCode = tuple[Action, int]


@dataclass(frozen=True, slots=True)
class Note:
    """Something for the teacher to know: a message code with blanks, and when (ms UTC)."""

    code: str
    moment: int
    blanks: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class State:
    """An attempt as of now, or as of its deadline."""

    answers: dict[str, Answered]
    changes: int  # answers and flags in all
    flags: frozenset[str]
    shown: frozenset[str]
    section: str
    started: Stamp | None
    last: Stamp | None
    finished: str  # candidate, time, proctor; "" when it was not
    codes: tuple[UsedCode, ...]
    grants: int  # seconds, of codes that hold
    paused: bool
    restarts: int
    gap: int  # seconds off in all
    away: int  # ms other windows were in front
    times_away: int
    records: int
    late: int  # records after the deadline, which do not count
    notes: tuple[Note, ...]


def replay(
    records: Iterable[Record],
    rules: TimeRules,
    allowance: Allowance,
    good_codes: Collection[UsedCode] | None = None,
    sections: Sequence[Section] = (),
    section_of: Mapping[str, str] | None = None,
) -> State:
    """The state that `records` (of all segments, in order) lead to.

    `good_codes` are those that were issued to this candidate: others grant nothing. None trusts
    the log, as the candidate's own PC does, which has checked the codes itself. `section_of` tells
    each question's section, for those of `sections` that have a time of their own.
    """
    limits = {one.section_id: section_seconds(one, allowance) for one in sections if one.limit}
    replaying = _Replaying(rules, allowance, good_codes, limits, section_of or {})
    for record in records:
        replaying.take(record)
    return replaying.state()


def section_seconds(section: Section, allowance: Allowance) -> int:
    """A section's own limit with the candidate's percentage; minutes are the whole exam's."""
    return section.limit - (-section.limit * allowance.extra_percent // 100)


def over(stamp: Stamp, rules: TimeRules, allowance: Allowance) -> bool:
    """Whether the time is up at `stamp`: the candidate's own, or the window's."""
    if stamp.active >= 1000 * time_limit(rules, allowance):
        return True
    closes = window_closes(rules, allowance)
    return closes is not None and stamp.moment >= closes


def too_late(stamp: Stamp, rules: TimeRules, allowance: Allowance) -> bool:
    """Whether a change made at `stamp` does not count. What is made in the second in which the
    time runs out is the flush of the finish itself, and counts."""
    before = replace(stamp, active=stamp.active - 1000, moment=stamp.moment - 1000)
    return over(before, rules, allowance)


def seconds_left(stamp: Stamp, rules: TimeRules, allowance: Allowance) -> int:
    """Whole seconds until the end, never below 0; a part of a second counts as one."""
    left = 1000 * time_limit(rules, allowance) - stamp.active
    closes = window_closes(rules, allowance)
    if closes is not None:
        left = min(left, closes - stamp.moment)
    return max(0, -(-left // 1000))


class _Replaying:
    """Reads records one after the other."""

    def __init__(
        self,
        rules: TimeRules,
        allowance: Allowance,
        good: Collection[UsedCode] | None,
        limits: Mapping[str, int],
        section_of: Mapping[str, str],
    ) -> None:
        self._limits, self._section_of = limits, section_of
        self._used: dict[str, int] = {}  # ms in each section
        self._rules, self._allowance, self._good = rules, allowance, good
        self._answers: dict[str, Answered] = {}
        self._changed: dict[str, int] = {}  # item -> number of the change that was its last
        self._changes = 0
        self._flags: set[str] = set()
        self._shown: set[str] = set()
        self._section = ""
        self._started: Stamp | None = None
        self._last: Stamp | None = None
        self._finished = ""
        self._codes: list[UsedCode] = []
        self._grants = 0
        self._paused = False
        self._restarts = self._gap = self._away = self._times_away = 0
        self._records = self._late = 0
        self._notes: list[Note] = []

    def take(self, record: Record) -> None:
        self._records += 1
        stamp, event = record.stamp, record.event
        allowed = Allowance(self._allowance.extra_percent, self._allowance.extra, self._grants)
        late = self._started is not None and too_late(stamp, self._rules, allowed)
        if self._section and self._last is not None:
            used = self._used.get(self._section, 0)
            self._used[self._section] = used + max(0, stamp.active - self._last.active)
        self._last = stamp
        match event:
            case Started():
                self._started = self._started or stamp
            case ItemShown(item_id=item_id):
                self._shown.add(item_id)
            case Answered() as answered:
                self._changes += 1
                if late or self._finished or self._section_over(answered.item_id):
                    self._late += 1
                else:
                    self._answers[answered.item_id] = answered
                    self._changed[answered.item_id] = self._changes
                    self._shown.add(answered.item_id)
            case Flagged(item_id=item_id, on=on):
                self._changes += 1
                (self._flags.add if on else self._flags.discard)(item_id)
            case SectionEntered(section_id=section_id):
                self._section = section_id
            case CodeUsed(action=action, number=number):
                self._use(action, number, stamp)
            case Finished(reason=reason):
                self._finished = self._finished or reason
            case Paused(on=on):
                self._paused = on
            case _:
                self._note(record, late=late)

    def _section_over(self, item_id: str) -> bool:
        section = self._section_of.get(item_id, "")
        limit = self._limits.get(section)
        return limit is not None and self._used.get(section, 0) > 1000 * limit + 1000

    def _note(self, record: Record, *, late: bool) -> None:
        moment = record.stamp.moment
        match record.event:
            case Resumed() as resumed:
                self._resume(resumed, moment, late=late)
            case FocusLost(lasted=lasted) if lasted:
                self._away += lasted
                self._times_away += 1
                blanks: dict[str, object] = {"seconds": round(lasted / 1000, 1)}
                self._notes.append(Note("exam.note-away", moment, blanks))
            case ScreenChanged(screens=screens):
                self._notes.append(Note("exam.note-screens", moment, {"number": screens}))
            case ClockFault(what=what, seconds=seconds):
                self._notes.append(Note(f"exam.note-clock-{what}", moment, {"seconds": seconds}))
            case CodeRefused(action=action, tries=tries):
                blanks = {"action": action, "number": tries}
                self._notes.append(Note("exam.note-code-refused", moment, blanks))
            case SaveFailed(reason=reason):
                self._notes.append(Note("exam.note-save", moment, {"reason": reason}))
            case Arrived(what=what):
                self._notes.append(Note("exam.note-device", moment, {"what": what}))
            case _:
                # A heartbeat, or the moment of leaving: the return says how long it was.
                pass

    def _resume(self, resumed: Resumed, moment: int, *, late: bool) -> None:
        """What is on the screen again is taken over; it has no more power than typing. Where the
        log knows a later answer than the PC's journal did, that one stays."""
        for answered in () if self._finished or late else resumed.answers:
            if self._changed.get(answered.item_id, 0) <= resumed.as_of:
                self._answers[answered.item_id] = answered
                self._changed[answered.item_id] = resumed.as_of
        if resumed.as_of >= self._changes:
            self._flags = set(resumed.flags)
        self._changes = max(self._changes, resumed.as_of)
        self._restarts += 1
        self._gap += resumed.gap
        self._notes.append(Note("exam.note-resumed", moment, {"seconds": resumed.gap}))
        if resumed.machine_changed:
            self._notes.append(Note("exam.note-machine", moment))

    def _use(self, action: Action, number: int, stamp: Stamp) -> None:
        code = (action, number)
        if code in self._codes:
            self._notes.append(Note("exam.note-code-twice", stamp.moment, {"action": action}))
            return
        if self._good is not None and code not in self._good:
            self._notes.append(Note("exam.note-code-unknown", stamp.moment, {"action": action}))
            return
        self._codes.append(code)
        self._grants += GRANTS.get(action, 0)
        if action == "reopen":
            self._finished = ""
        self._notes.append(Note("exam.note-code", stamp.moment, {"action": action}))

    def state(self) -> State:
        return State(
            answers=self._answers,
            changes=self._changes,
            flags=frozenset(self._flags),
            shown=frozenset(self._shown),
            section=self._section,
            started=self._started,
            last=self._last,
            finished=self._finished,
            codes=tuple(self._codes),
            grants=self._grants,
            paused=self._paused,
            restarts=self._restarts,
            gap=self._gap,
            away=self._away,
            times_away=self._times_away,
            records=self._records,
            late=self._late,
            notes=tuple(self._notes),
        )
