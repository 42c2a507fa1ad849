"""Marks given back (.xrv): each candidate opens their own with number and slip, from a date on.

    magic 8 "PRTXRV1\\n" · signer 32 · body (msgpack) · signature 64 over all before it

What the teacher did not release is not in the file. The date is a courtesy of the program: a PC's
clock can be moved, so hand the file out on that day if it matters.
"""

from collections.abc import Mapping
from typing import Literal

import msgspec

from trainer.cards.model import Value
from trainer.exams.keys import (
    KDF_FLOOR,
    KDF_USUAL,
    SALT_BYTES,
    Entropy,
    ExamError,
    derive,
    read_code,
    seal,
    stretch,
    unseal,
)
from trainer.exams.marking import KeyedItem
from trainer.exams.model import Answered, Item, Kdf
from trainer.exams.teacher_keys import SIGNATURE_BYTES, TeacherKeys, verify

MAGIC = b"PRTXRV1\n"
MOST = 256 << 20
_SIGNER = 32

Level = Literal["score", "answers", "full"]


class ReviewedItem(Value, frozen=True):
    """A question given back. `keyed`, with what was right and why, only at the level "full"."""

    item: Item
    points: str  # got, as a fraction
    answered: Answered | None = None
    keyed: KeyedItem | None = None


class Review(Value, frozen=True):
    """One candidate's. `items` are empty at the level "score"."""

    candidate: str
    score: str  # exact fractions
    points: str
    items: tuple[ReviewedItem, ...] = ()


class _Body(Value, frozen=True):
    exam_id: str
    sitting_id: str
    title: str
    level: Level
    released: int  # ms UTC
    kdf: Kdf
    salt: bytes
    sealed: dict[str, bytes]  # by candidate number


def reduced(item: ReviewedItem, level: Level) -> ReviewedItem | None:
    """What of a question is given back at a level; None for nothing."""
    if level == "score":
        return None
    return item if level == "full" else msgspec.structs.replace(item, keyed=None)


def write_review(
    reviews: Mapping[str, Review],
    tickets: Mapping[str, str],
    teacher: TeacherKeys,
    *,
    exam_id: str,
    sitting_id: str,
    title: str,
    level: Level,
    released: int,
    entropy: Entropy,
    kdf: Kdf = KDF_USUAL,
) -> bytes:
    """The file. Takes half a second a candidate. Raises KeyError for one without a ticket."""
    salt = entropy(SALT_BYTES)
    sealed = {}
    for number, review in reviews.items():
        kept = tuple(one for item in review.items if (one := reduced(item, level)))
        own = msgspec.structs.replace(review, items=kept)
        key = _key(salt, sitting_id, number, tickets[number], kdf, kdf)
        bound = _bound(sitting_id, number)
        sealed[number] = seal(key, msgspec.json.encode(own), bound, entropy)
    body = _Body(exam_id, sitting_id, title, level, released, kdf, salt, sealed)
    signed = MAGIC + teacher.sign_public + msgspec.msgpack.encode(body)
    return signed + teacher.sign(signed)


class ReviewFile:
    """A release whose signature is good."""

    def __init__(self, body: _Body) -> None:
        """Made by `read_review`."""
        self._body = body

    @property
    def title(self) -> str:
        return self._body.title

    @property
    def level(self) -> Level:
        return self._body.level

    @property
    def released(self) -> int:
        """From when on it may be opened, ms UTC."""
        return self._body.released

    def open(self, number: str, ticket: str, now: int, floor: Kdf = KDF_FLOOR) -> Review:
        """Raises ExamError: exam.review-later (blank moment), exam.not-on-roster, exam.code-form,
        exam.ticket-wrong."""
        body = self._body
        if now < body.released:
            raise ExamError("exam.review-later", moment=body.released)
        if number not in body.sealed:
            raise ExamError("exam.not-on-roster", number=number[:40])
        key = _key(body.salt, body.sitting_id, number, ticket, body.kdf, floor)
        try:
            plain = unseal(key, body.sealed[number], _bound(body.sitting_id, number))
        except ExamError as error:
            raise ExamError("exam.ticket-wrong") from error
        return msgspec.json.decode(plain, type=Review)


def read_review(content: bytes, signer: bytes) -> ReviewFile:
    """Raises ExamError exam.no-review for anything else, altered, or another teacher's."""
    head = len(MAGIC) + _SIGNER
    signed, signature = content[:-SIGNATURE_BYTES], content[-SIGNATURE_BYTES:]
    good = content.startswith(MAGIC) and len(content) <= MOST and len(signed) >= head
    if not good or signed[len(MAGIC) : head] != signer or not verify(signer, signed, signature):
        raise ExamError("exam.no-review")
    try:
        return ReviewFile(msgspec.msgpack.decode(signed[head:], type=_Body))
    except (msgspec.MsgspecError, ValueError) as error:
        raise ExamError("exam.no-review") from error


def signer_of(content: bytes) -> bytes:
    """The key that a release says it is signed with. Nothing is checked here."""
    return content[len(MAGIC) : len(MAGIC) + _SIGNER]


def _key(salt: bytes, sitting_id: str, number: str, ticket: str, kdf: Kdf, floor: Kdf) -> bytes:
    own = derive(salt, "review-salt", sitting_id.encode(), number.encode())[:SALT_BYTES]
    return stretch(read_code(ticket), own, kdf, floor)


def _bound(sitting_id: str, number: str) -> bytes:
    return f"review\n{sitting_id}\n{number}".encode()
