"""The room's results side by side: what is complete, unclean, missing or in conflict.

Given the same files, in whatever order and however often, the board is the same. No private key is
needed. What is set aside stays a file; a person decides and the decision is kept with the marks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from trainer.exams.bundle import Bundle
from trainer.exams.model import Header
from trainer.exams.verify import Remark, chain_remarks, proof_rejection, receipt_fits, rejection

Status = Literal["complete", "unclean", "missing", "conflict"]
_SETS_ASIDE = {"exam.remark-forked", "exam.remark-loose"}


@dataclass(frozen=True, slots=True)
class Row:
    """A candidate of the roster. `taken` is what counts by default, None when a person must
    decide first or nothing is there; `aside` is what does not count."""

    candidate: str
    status: Status
    taken: Bundle | None = None
    aside: tuple[Bundle, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A file that is no result of this sitting."""

    name: str
    remark: Remark


@dataclass(frozen=True, slots=True)
class Board:
    rows: tuple[Row, ...]
    rejected: tuple[Rejected, ...]

    def count(self, status: Status) -> int:
        return sum(row.status == status for row in self.rows)


def make_board(
    header: Header,
    header_digest: bytes,
    found: Iterable[tuple[str, Bundle]],
    receipts: Mapping[str, str] | None = None,
    ticket_keys: Mapping[str, bytes] | None = None,
) -> Board:
    """`found` are bundles with the name of the file they came from; `receipts` what stands on the
    attendance sheet, by candidate number. `ticket_keys` are known to the teacher: with them, what
    was not begun with the candidate's slip is rejected and cannot stand against what was.
    """
    bundles: dict[bytes, Bundle] = {}
    rejected: set[tuple[str, str]] = set()
    refused: dict[tuple[str, str], Remark] = {}
    for name, bundle in found:
        why = rejection(bundle, header, header_digest)
        if why is None and ticket_keys is not None:
            why = proof_rejection(bundle, ticket_keys[bundle.binding.candidate])
        if why is None:
            bundles[bundle.mark] = bundle
        else:
            rejected.add((name, why.code))
            refused[name, why.code] = why
    by_candidate: dict[str, list[Bundle]] = {}
    for mark in sorted(bundles):
        by_candidate.setdefault(bundles[mark].binding.candidate, []).append(bundles[mark])
    rows = tuple(
        _row(candidate, by_candidate.get(candidate, []), (receipts or {}).get(candidate, ""))
        for candidate in header.candidates
    )
    return Board(rows, tuple(Rejected(key[0], refused[key]) for key in sorted(rejected)))


def _row(candidate: str, bundles: Sequence[Bundle], receipt: str) -> Row:
    if not bundles:
        return Row(candidate, "missing")
    attempts: dict[str, list[Bundle]] = {}
    for bundle in bundles:
        attempts.setdefault(bundle.binding.attempt_id, []).append(bundle)
    remarks: list[Remark] = []
    standing: list[Bundle] = []
    aside: list[Bundle] = []
    in_conflict = False
    for copies in attempts.values():
        ends = _furthest(copies, receipt)
        standing.append(ends[0])
        aside += [one for one in copies if one is not ends[0]]
        if len(ends) == 1 and any(one.chain.forked for one in copies):
            # One of them holds records of a branch that the others do not have.
            in_conflict = True
            remarks.append(Remark("exam.remark-fork", {"count": 2}))
        elif len(ends) > 1:
            in_conflict = True
            remarks.append(Remark("exam.remark-fork", {"count": len(ends)}))
        elif len(copies) > 1:
            remarks.append(Remark("exam.remark-older-copies", {"count": len(copies) - 1}))
    standing.sort(key=_when)
    taken = standing[0]
    if len(standing) > 1:
        reopened = [one for one in standing[1:] if _was_reopened(one)]
        remarks.append(Remark("exam.remark-attempts", {"count": len(standing)}))
        remarks += _shared_codes(standing)
        in_conflict = in_conflict or len(reopened) != len(standing) - 1
        taken = reopened[-1] if reopened else taken
        aside += [one for one in standing if one is not taken]
    own = chain_remarks(taken.chain)
    remarks += own
    in_conflict = in_conflict or any(remark.code in _SETS_ASIDE for remark in own)
    if receipt and not receipt_fits(taken.chain, receipt):
        in_conflict = True
        remarks.append(Remark("exam.remark-receipt", {"receipt": taken.index.receipt}))
    status: Status = "complete" if taken.chain.complete else "unclean"
    if in_conflict:
        status = "conflict"
    return Row(candidate, status, taken, tuple(sorted(aside, key=_when)), tuple(remarks))


def _furthest(copies: Sequence[Bundle], receipt: str) -> list[Bundle]:
    """Of copies of one attempt those that are no earlier state of another one; more than one is
    a fork. The one that the receipt names comes first."""
    ends: list[Bundle] = []
    for one in sorted(copies, key=lambda bundle: (-len(bundle.chain.heads), bundle.mark)):
        heads = one.chain.heads
        if not any(end.chain.heads[: len(heads)] == heads for end in ends):
            ends.append(one)
    return sorted(
        ends,
        key=lambda one: (
            not receipt_fits(one.chain, receipt),
            not one.chain.complete,
            -one.chain.records,
            one.mark,
        ),
    )


def _when(bundle: Bundle) -> tuple[int, str, bytes]:
    return bundle.binding.begun, bundle.binding.attempt_id, bundle.mark


def _was_reopened(bundle: Bundle) -> bool:
    tally = bundle.chain.tally
    return tally is not None and any(action == "reopen" for action, _ in tally.codes)


def _shared_codes(bundles: Sequence[Bundle]) -> list[Remark]:
    """A code that was used in two attempts of one candidate."""
    seen: set[tuple[str, int]] = set()
    remarks = []
    for bundle in bundles:
        tally = bundle.chain.tally
        for code in tally.codes if tally else ():
            if code in seen:
                blanks = {"action": code[0], "number": code[1]}
                remarks.append(Remark("exam.remark-code-twice", blanks))
            seen.add(code)
    return remarks
