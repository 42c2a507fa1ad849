"""What lies on this PC of a candidate's attempts, and how one of them is taken up again."""

from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from trainer.exams.chain import Chain, chain_of
from trainer.exams.clock import Counted, Reading, Step, begin, resume
from trainer.exams.keys import ExamError, digest
from trainer.exams.log import Segment, proof_holds, read_segment
from trainer.exams.model import Capsule, Resumed
from trainer.exams.package import Package
from trainer.exams.tries import Tries
from trainer.foundation.errors import TrainerError
from trainer.services.exam_attempt import Standing
from trainer.services.exam_station import Station
from trainer.storage.exam_journal import Journal, read_journal
from trainer.storage.exam_log import JOURNAL, attempts_in, folder_name, merged_segments

HELD_MACHINE = "exam.held-machine"


@dataclass(frozen=True, slots=True)
class Earlier:
    """An attempt found on this PC. `next_number` is free for a new segment."""

    folder: Path
    chain: Chain
    next_number: int
    contents: tuple[tuple[int, bytes], ...]  # number and good bytes of each segment

    @property
    def attempt_id(self) -> str:
        return self.chain.last.binding.attempt_id


Memo = dict[bytes, Segment | None]


def earlier_attempts(
    station: Station, package: Package, capsule: Capsule, memo: Memo | None = None
) -> list[Earlier]:
    """The candidate's attempts at this sitting, the one that went furthest first. What was not
    begun with this candidate's slip is no attempt of theirs. `memo` remembers what was read, by
    its content: checking twenty thousand signatures takes a second and a half."""
    memo = {} if memo is None else memo
    header = package.header
    found = {}
    for root in (station.root, *([station.spare] if station.spare else [])):
        with suppress(TrainerError):
            for folder in attempts_in(station.disk, root, header.sitting_id, capsule.candidate):
                found[folder.name] = True
    attempts = [_read(station, package, capsule, name, memo) for name in found]
    known = [attempt for attempt in attempts if attempt is not None]
    return sorted(known, key=lambda one: (-one.chain.records, one.attempt_id))


def places_of(station: Station, package: Package, candidate: str, attempt_id: str) -> list[Path]:
    """The attempt's folder on the local disk, and in the second place where there is one."""
    roots = [station.root, *([station.spare] if station.spare else [])]
    sitting, number = folder_name(package.header.sitting_id), folder_name(candidate)
    return [root / sitting / number / folder_name(attempt_id) for root in roots]


@dataclass(frozen=True, slots=True)
class TakenUp:
    """Where an attempt goes on, and what its new segment says first."""

    standing: Standing
    event: Resumed
    journal: Journal
    step: Step


def take_up(
    station: Station, package: Package, earlier: Earlier, key: bytes, capsule: Capsule
) -> TakenUp:
    """The state of an attempt that was broken off. Raises nothing: a lost journal shows an empty
    screen, and the log still has every answer."""
    journal = _journal(station, earlier, key)
    rules = package.header.time
    reading = station.clock.read()
    tally = earlier.chain.tally
    moved = earlier.chain.last.binding.machine != station.machine
    if tally is None:
        standing, step = Standing(begin(reading)), Step(begin(reading))
    else:
        stamp = tally.stamp
        held_by_rule = rules.clock == "personal" and bool(tally.held)
        counted = Counted(
            Reading(stamp.boot, stamp.ticks, stamp.wall, reading.zone, 0),
            stamp.active,
            stamp.moment,
            tally.gap,
            tally.restarts,
            running=tally.started and not tally.paused and not held_by_rule and not tally.finished,
        )
        # How long another PC has been up says nothing of the time between.
        known = Reading(
            reading.boot, reading.ticks, reading.wall, reading.zone, 0 if moved else reading.uptime
        )
        step = resume(counted, known, rules)
        used = dict(tally.sections)
        if tally.section:
            off = step.counted.active - stamp.active
            used[tally.section] = used.get(tally.section, 0) + off
        standing = Standing(
            replace(step.counted, last=reading),
            started=tally.started,
            paused=tally.paused,
            section=tally.section,
            sections=used,
            codes=list(tally.codes),
            holds=list(tally.held),
            tries=_still_wrong(tally.wrong, reading.ticks),
        )
        if moved and tally.started:
            standing.holds.append(HELD_MACHINE)
        if step.held and step.held not in standing.holds:
            standing.holds.append(step.held)
    form = {one.item_id for one in capsule.items}
    standing.answers = {at: one for at, one in journal.answers.items() if at in form}
    standing.flags = set(journal.flags & form)
    standing.changes = max(tally.changes if tally else 0, journal.changes)
    standing.records = earlier.chain.records
    event = Resumed(
        tuple(standing.answers.values()),
        tuple(sorted(standing.flags)),
        standing.counted.active,
        step.gap // 1000,
        moved,
        journal.changes,
    )
    return TakenUp(standing, event, journal, step)


def _still_wrong(wrong: int, ticks: int) -> Tries:
    """Starting the program again does not shorten the wait."""
    return Tries(wrong - 1).after_wrong(ticks) if wrong else Tries()


def _read(
    station: Station, package: Package, capsule: Capsule, name: str, memo: Memo
) -> Earlier | None:
    places = places_of(station, package, capsule.candidate, name)
    contents = merged_segments(station.disk, places)
    good: dict[bytes, tuple[Segment, bytes]] = {}
    for content in (one for each in contents.values() for one in each):
        mark = digest(content)
        if mark not in memo:
            memo[mark] = _segment(content)
        segment = memo[mark]
        if segment is None or not _ours(segment, package, capsule, name):
            continue
        known = good.get(segment.heads[0])
        if known is None or segment.records > known[0].records:
            good[segment.heads[0]] = (segment, content[: segment.good])
    chain = chain_of(segment for segment, _ in good.values())
    if chain is None:
        return None
    number = max(segment.binding.segment for segment, _ in good.values()) + 1
    while number in contents:  # something else bears the name; it is kept
        number += 1
    kept = sorted((segment.binding.segment, content) for segment, content in good.values())
    return Earlier(places[0], chain, number, tuple(kept))


def _segment(content: bytes) -> Segment | None:
    """None for what is no log: a genesis that a power cut tore says nothing."""
    try:
        return read_segment(content)
    except ExamError:
        return None


def _ours(segment: Segment, package: Package, capsule: Capsule, name: str) -> bool:
    binding, header = segment.binding, package.header
    return (
        (binding.exam_id, binding.sitting_id) == (header.exam_id, header.sitting_id)
        and binding.header_digest == package.header_digest
        and binding.candidate == capsule.candidate
        and folder_name(binding.attempt_id) == name
        and proof_holds(segment, capsule.ticket_key)
    )


def _journal(station: Station, earlier: Earlier, key: bytes) -> Journal:
    try:
        content = station.disk.read(earlier.folder / JOURNAL)
    except TrainerError:
        content = b""
    return read_journal(content, key, earlier.attempt_id)
