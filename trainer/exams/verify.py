"""One result against everything that is known of its exam: whose it is, whether it holds, what it
adds up to, and what is strange about it.

`rejection` needs no private key; `open_result` needs the teacher's or the school's spare one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from trainer.exams.attempt_state import State, UsedCode, replay
from trainer.exams.bundle import Bundle
from trainer.exams.chain import Chain
from trainer.exams.clock import Stamp
from trainer.exams.deadline import Allowance, may_start
from trainer.exams.keys import ExamError, same
from trainer.exams.log import Record, Tally, open_segment, proof_holds, receipt_of, tally_of
from trainer.exams.model import CodeUsed, Header
from trainer.exams.teacher_keys import TeacherKeys

SLACK_MS = 5_000  # what rounding and the seconds between two looks at the clock make


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a person should know or decide on: a message code with its blanks."""

    code: str
    blanks: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outside:
    """What the proctor noted on paper (G5): when the room began and ended, ms UTC; 0 for not."""

    began: int = 0
    ended: int = 0


@dataclass(frozen=True, slots=True)
class Issued:
    """What was given to a candidate: the ticket's key, extra time, and codes as they were printed
    (ten characters, without their letter and hyphen)."""

    ticket_key: bytes
    allowance: Allowance
    codes: Mapping[UsedCode, str]
    section_of: Mapping[str, str] = field(default_factory=dict)  # item -> section of the form


@dataclass(frozen=True, slots=True)
class Result:
    """An opened result. `records` are all that count and all that do not, in order."""

    bundle: Bundle
    records: tuple[Record, ...]
    state: State
    remarks: tuple[Remark, ...]

    @property
    def clean(self) -> bool:
        """Whether it was ended, so that nothing at its end can be missing."""
        return self.bundle.chain.complete


def rejection(bundle: Bundle, header: Header, header_digest: bytes) -> Remark | None:
    """Why a bundle is none of this sitting's, None when it is."""
    binding = bundle.binding
    if (binding.exam_id, binding.sitting_id) != (header.exam_id, header.sitting_id):
        return Remark("exam.remark-other-sitting", {"sitting": binding.sitting_id[:40]})
    if binding.header_digest != header_digest:
        return Remark("exam.remark-other-package")
    if binding.candidate not in header.candidates:
        return Remark("exam.remark-not-on-roster", {"number": binding.candidate[:40]})
    return None


def proof_rejection(bundle: Bundle, ticket_key: bytes) -> Remark | None:
    """Why a bundle was not begun by who held the slip, None when it was."""
    segments = [link.segment for link in bundle.chain.links]
    if all(proof_holds(segment, ticket_key) for segment in segments):
        return None
    return Remark("exam.remark-no-proof")


def chain_remarks(chain: Chain) -> list[Remark]:
    """What the chain itself shows, without any key."""
    remarks = []
    if chain.forked:
        remarks.append(Remark("exam.remark-forked"))
    if chain.loose:
        remarks.append(Remark("exam.remark-loose", {"count": len(chain.loose)}))
    if any(link.segment.end == "altered" for link in chain.links):
        remarks.append(Remark("exam.remark-altered", {"number": chain.records + 1}))
    if not chain.complete:
        last = chain.tally
        moment = last.stamp.moment if last else chain.last.binding.begun
        remarks.append(Remark("exam.remark-unclean", {"moment": moment}))
    bindings = [link.segment.binding for link in chain.links]
    if len({binding.machine for binding in bindings}) > 1:
        remarks.append(Remark("exam.remark-machines"))
    if len({binding.program for binding in bindings}) > 1:
        remarks.append(Remark("exam.remark-programs"))
    return remarks


def open_result(
    bundle: Bundle,
    header: Header,
    header_digest: bytes,
    issued: Issued,
    keys: TeacherKeys,
    outside: Outside = Outside(),
    programs: Collection[str] = (),
) -> Result:
    """Decrypt a result and replay it as of its deadline. `programs` are the hashes of programs
    that may have made it; none given, none is asked for.

    Raises ExamError: exam.rejected (blank why: a message code) for one that does not belong here
    or whose ticket proof fails; exam.not-ours, exam.log-altered (see `open_segment`).
    """
    refused = rejection(bundle, header, header_digest)
    if refused is not None:
        raise ExamError("exam.rejected", why=refused.code)
    chain = bundle.chain
    refused = proof_rejection(bundle, issued.ticket_key)
    if refused is not None:
        raise ExamError("exam.rejected", why=refused.code)
    records: list[Record] = []
    tallies: list[Tally] = []
    for link in chain.links:
        records += open_segment(link.segment, keys)[: link.taken]
        found = (tally_of(body) for body in link.segment.bodies[: link.taken])
        tallies += [tally for tally in found if tally is not None]
    good = good_codes(records, issued.codes)
    state = replay(records, header.time, issued.allowance, good, header.sections, issued.section_of)
    remarks = [
        *chain_remarks(chain),
        *_code_remarks(records, issued.codes),
        *_time_remarks(records, tallies, header, good),
        *_outside_remarks(state, header, outside),
    ]
    if state.late:
        remarks.append(Remark("exam.remark-late", {"count": state.late}))
    unknown = {link.segment.binding.program for link in chain.links} - set(programs)
    if programs and unknown:
        remarks.append(Remark("exam.remark-program", {"program": min(unknown)[:8]}))
    return Result(bundle, tuple(records), state, tuple(remarks))


def good_codes(records: Sequence[Record], codes: Mapping[UsedCode, str]) -> set[UsedCode]:
    """Those that were used as they were printed for this candidate."""
    used: dict[UsedCode, bool] = {}
    for record in records:
        if isinstance(record.event, CodeUsed):
            event = record.event
            known = codes.get((event.action, event.number), "")
            holds = bool(known) and same(known.encode(), event.code.encode("utf-8", "replace"))
            used[event.action, event.number] = used.get((event.action, event.number), True) & holds
    return {code for code, holds in used.items() if holds}


def receipt_fits(chain: Chain, receipt: str) -> bool:
    """Whether the receipt on paper is this chain's: as it ended, or at any record before."""
    plain = "".join(c for c in receipt.upper() if c.isalnum())
    return bool(plain) and plain == receipt_of(chain.head, max(len(plain), 8))


def _code_remarks(records: Sequence[Record], codes: Mapping[UsedCode, str]) -> list[Remark]:
    remarks = []
    good = good_codes(records, codes)
    seen: set[UsedCode] = set()
    for record in records:
        if not isinstance(record.event, CodeUsed):
            continue
        code = (record.event.action, record.event.number)
        blanks = {"action": code[0], "number": code[1]}
        if code not in good:
            remarks.append(Remark("exam.remark-code-unknown", blanks))
        elif code in seen:
            remarks.append(Remark("exam.remark-code-twice", blanks))
        seen.add(code)
    return remarks


def _time_remarks(
    records: Sequence[Record], tallies: Sequence[Tally], header: Header, good: set[UsedCode]
) -> list[Remark]:
    """The ticks against what was counted (G1): within one boot nobody can argue with them."""
    if any(record.stamp != tally.stamp for record, tally in zip(records, tallies, strict=False)):
        return [Remark("exam.remark-clock-differs")]
    uncounted = 0
    backwards = False
    for before, after in pairwise(tallies):
        backwards |= _goes_back(before.stamp, after.stamp)
        running = before.started and not before.paused and not before.held and not before.finished
        if running and before.stamp.boot == after.stamp.boot:
            elapsed = after.stamp.ticks - before.stamp.ticks
            uncounted += max(0, elapsed - (after.stamp.active - before.stamp.active))
    remarks = []
    if backwards:
        remarks.append(Remark("exam.remark-clock-back"))
    free = 1000 * header.time.free_gap if header.time.clock == "personal" else 0
    let_go = any(action == "resume" for action, _ in good)
    if uncounted > free + SLACK_MS and not let_go:
        remarks.append(Remark("exam.remark-uncounted", {"seconds": uncounted // 1000}))
    return remarks


def _goes_back(before: Stamp, after: Stamp) -> bool:
    if after.active < before.active or after.moment < before.moment:
        return True
    return before.boot == after.boot and after.ticks < before.ticks


def _outside_remarks(state: State, header: Header, outside: Outside) -> list[Remark]:
    if state.started is None or state.last is None:
        return []
    remarks = []
    if not may_start(state.started.moment, header.time):
        remarks.append(Remark("exam.remark-window", {"moment": state.started.moment}))
    if outside.began and state.started.moment < outside.began:
        remarks.append(Remark("exam.remark-early", {"moment": state.started.moment}))
    if outside.began and outside.ended:
        most = outside.ended - outside.began
        if state.last.active > most + SLACK_MS:
            over = (state.last.active - most) // 1000
            remarks.append(Remark("exam.remark-too-long", {"seconds": over}))
    return remarks
