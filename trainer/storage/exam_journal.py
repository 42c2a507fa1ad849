"""The journal of an attempt on its own PC: what was answered and flagged, sealed.

It serves the screen after a restart and nothing else; no mark ever comes from it. Each entry is
sealed under a key that takes the exam's words and the candidate's ticket, and bound to its place.
"""

from dataclasses import dataclass

import msgspec

from trainer.exams.keys import NONCE_BYTES, Entropy, ExamError, derive, seal, unseal
from trainer.exams.log import MOST_FRAME
from trainer.exams.model import Answered, Flagged

Change = Answered | Flagged


def journal_key(exam_key: bytes, ticket_key: bytes) -> bytes:
    return derive(exam_key, "journal", ticket_key)


@dataclass(slots=True)
class JournalWriter:
    """Turns changes into entries; `count` is how many the journal has."""

    key: bytes
    attempt_id: str
    entropy: Entropy
    count: int = 0

    def entry(self, change: Change, number: int) -> bytes:
        """`number` is that of the change within the attempt."""
        plain = msgspec.json.encode((number, change))
        sealed = seal(self.key, plain, _context(self.attempt_id, self.count), self.entropy)
        self.count += 1
        return len(sealed).to_bytes(4, "big") + sealed


@dataclass(frozen=True, slots=True)
class Journal:
    """What a journal tells: the answers and flags, the number of the last change, and how far
    the file is good (entries, bytes)."""

    answers: dict[str, Answered]
    flags: frozenset[str]
    changes: int = 0
    entries: int = 0
    good: int = 0


def read_journal(content: bytes, key: bytes, attempt_id: str) -> Journal:
    """As far as it is good; an empty one for what is no journal of this attempt."""
    answers: dict[str, Answered] = {}
    flags: set[str] = set()
    changes = entries = good = 0
    while len(content) - good >= 4:
        length = int.from_bytes(content[good : good + 4], "big")
        end = good + 4 + length
        if not NONCE_BYTES < length <= MOST_FRAME or end > len(content):
            break
        try:
            plain = unseal(key, content[good + 4 : end], _context(attempt_id, entries))
            changes, change = msgspec.json.decode(plain, type=tuple[int, Change])
        except (ExamError, msgspec.MsgspecError, ValueError):
            break
        if isinstance(change, Answered):
            answers[change.item_id] = change
        else:
            (flags.add if change.on else flags.discard)(change.item_id)
        entries, good = entries + 1, end
    return Journal(answers, frozenset(flags), changes, entries, good)


def _context(attempt_id: str, place: int) -> bytes:
    return f"{attempt_id}\n{place}".encode()
