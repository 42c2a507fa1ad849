"""The answer log: sealed records in a signed chain, one file for each run of the program.

    magic 8 "PRTLOG1\\n", then frames:
    length 4 (of the body) · body · signature 64 (Ed25519 over the head) · CRC-32 4

The first frame is the genesis: whom, what and where the segment belongs to (in the clear, signed),
a proof that the slip's holder began it, and the segment's key sealed to the teacher and the spare
key. Every further body is `sequence 8 · kind 1 · ciphertext`; the head after it is
BLAKE2b(head before · body). The ciphertext comes from libsodium's secretstream with a new key after
every record, so that earlier records stay closed to who takes the present state. Who has no private
key can check chain, signatures and completeness; only the teacher can read.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from trainer.cards.model import Value
from trainer.exams.clock import Stamp
from trainer.exams.keys import ALPHABET, KEY_BYTES, Entropy, ExamError, derive, digest, same
from trainer.exams.model import Action, Event
from trainer.exams.teacher_keys import SIGNATURE_BYTES, TeacherKeys, seal_to, verify

MAGIC = b"PRTLOG1\n"
MOST_FRAME = 4 << 20
_FRAME_EXTRA = 4 + SIGNATURE_BYTES + 4
_EVENT, _FINAL = 0, 1
_HEAD = 11  # sequence, kind, length of the tally

End = Literal["complete", "open", "torn", "altered"]


class Binding(Value, frozen=True):
    """Where a segment belongs. `previous` is the last good head of the segment before, b"" for
    the first."""

    exam_id: str
    sitting_id: str
    header_digest: bytes
    candidate: str
    attempt_id: str
    segment: int  # from 1
    previous: bytes
    program: str  # the program's hash
    machine: str
    boot: str
    begun: int  # ms UTC, by this PC's clock
    verify_key: bytes


class Genesis(Value, frozen=True):
    binding: bytes  # JSON of the Binding, as it was signed
    proof: bytes
    boxes: tuple[bytes, ...]
    stream: bytes  # header of the secretstream


class Record(Value, frozen=True):
    stamp: Stamp
    event: Event


class Tally(Value, frozen=True):
    """What may be read of a record without a key: time and codes, nothing that was answered."""

    stamp: Stamp
    started: bool = False
    paused: bool = False
    gap: int = 0  # ms off in all that were not counted
    restarts: int = 0
    codes: tuple[tuple[Action, int], ...] = ()
    section: str = ""
    sections: tuple[tuple[str, int], ...] = ()  # ms that count, used in each section so far
    changes: int = 0  # answers and flags so far, over all segments
    held: tuple[str, ...] = ()  # message codes of why the exam stands still
    wrong: int = 0  # codes that were refused, since the last right one
    finished: bool = False


def ticket_proof(ticket_key: bytes, binding: bytes) -> bytes:
    """Only who opened the candidate's capsule can make it."""
    return derive(ticket_key, "ticket-proof", binding)


class SegmentWriter:
    """Turns records into frames. Its keys are in this process's memory and nowhere else: nobody
    can extend the segment after a crash, the program itself included."""

    def __init__(
        self,
        binding: Binding,
        ticket_key: bytes,
        recipients: Sequence[bytes],
        entropy: Entropy,
    ) -> None:
        from nacl import bindings
        from nacl.signing import SigningKey

        self._sodium = bindings
        self._signing = SigningKey(entropy(KEY_BYTES))
        key = entropy(KEY_BYTES)
        own = msgspec.structs.replace(binding, verify_key=bytes(self._signing.verify_key))
        plain = msgspec.json.encode(own)
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        stream = bindings.crypto_secretstream_xchacha20poly1305_init_push(self._state, key)
        boxes = tuple(seal_to(public, key + digest(plain)) for public in recipients)
        genesis = Genesis(plain, ticket_proof(ticket_key, plain), boxes, stream)
        body = msgspec.msgpack.encode(genesis)
        self.head = digest(MAGIC + body)
        self.sequence = 0
        self.finished = False
        self.binding = own
        self.start = MAGIC + self._frame(body)

    def append(self, record: Record, tally: Tally, *, final: bool = False) -> bytes:
        """The frame of the next record. Raises ValueError after the last one."""
        if self.finished:
            raise ValueError("the segment is finished")
        self.sequence += 1
        self.finished = final
        sodium = self._sodium
        tag = (
            sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
            if final
            else sodium.crypto_secretstream_xchacha20poly1305_TAG_REKEY
        )
        clear = msgspec.msgpack.encode(tally)
        start = b"".join(
            [
                self.sequence.to_bytes(8, "big"),
                bytes([_FINAL if final else _EVENT]),
                len(clear).to_bytes(2, "big"),
                clear,
            ]
        )
        sealed = sodium.crypto_secretstream_xchacha20poly1305_push(
            self._state, msgspec.json.encode(record), self.head + start, tag
        )
        body = start + sealed
        self.head = digest(self.head + body)
        return self._frame(body)

    def _frame(self, body: bytes) -> bytes:
        signature = self._signing.sign(self.head).signature
        content = len(body).to_bytes(4, "big") + body + signature
        return content + zlib.crc32(content).to_bytes(4, "big")


@dataclass(frozen=True, slots=True)
class Segment:
    """What a file holds that can be checked without a private key.

    `bodies` are the good records, in order; `heads[n]` is the chain's head after n of them. `end`:
    complete (the last one is the end of the exam), open (it breaks off at a frame's edge), torn
    (within a frame, as a power cut leaves it), altered (a whole frame is not what was signed).
    """

    genesis: Genesis
    binding: Binding
    bodies: tuple[bytes, ...]
    heads: tuple[bytes, ...]
    end: End
    good: int  # bytes of the file that are good
    tally: Tally | None  # of the last good record

    @property
    def head(self) -> bytes:
        return self.heads[-1]

    @property
    def records(self) -> int:
        return len(self.bodies)


def read_segment(content: bytes) -> Segment:
    """Check a segment from its beginning as far as it is good.

    Raises ExamError exam.no-log when not even its genesis is good: then nothing is known of it.
    """
    if not content.startswith(MAGIC):
        raise ExamError("exam.no-log")
    place = len(MAGIC)
    first = _frame_at(content, place)
    if not isinstance(first, _Frame):
        raise ExamError("exam.no-log")
    genesis, binding = _genesis(first.body)
    head = digest(MAGIC + first.body)
    if not verify(binding.verify_key, head, first.signature):
        raise ExamError("exam.no-log")
    place = first.end
    bodies: list[bytes] = []
    heads = [head]
    tally: Tally | None = None
    end: End = "open"
    while place < len(content):
        if end == "complete":
            end = "altered"  # something follows the end
            break
        frame = _frame_at(content, place)
        if not isinstance(frame, _Frame):
            end = frame
            break
        body = frame.body
        head = digest(heads[-1] + body)
        clear = tally_of(body)
        in_order = (
            clear is not None
            and body[:8] == (len(bodies) + 1).to_bytes(8, "big")
            and body[8:9] in b"\0\1"
        )
        if not in_order or not verify(binding.verify_key, head, frame.signature):
            end = "altered"
            break
        bodies.append(body)
        tally = clear
        heads.append(head)
        place = frame.end
        if body[8] == _FINAL:
            end = "complete"
    return Segment(genesis, binding, tuple(bodies), tuple(heads), end, place, tally)


def open_segment(segment: Segment, keys: TeacherKeys) -> list[Record]:
    """The records, read with the teacher's keys or the spare ones.

    Raises ExamError: exam.not-ours when it was sealed to others, exam.log-altered (blank number)
    when a record does not open although it was signed.
    """
    from nacl import bindings, exceptions

    key = _segment_key(segment, keys)
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    records = []
    try:
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, segment.genesis.stream, key)
        for number, body in enumerate(segment.bodies):
            cut = _HEAD + int.from_bytes(body[9:_HEAD], "big")
            plain, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(
                state, body[cut:], segment.heads[number] + body[:cut]
            )
            final = tag == bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
            if final != (body[8] == _FINAL):
                raise ExamError("exam.log-altered", number=number + 1)
            records.append(msgspec.json.decode(plain, type=Record))
    except (
        exceptions.CryptoError,
        msgspec.MsgspecError,
        ValueError,
        TypeError,
        RecursionError,
    ) as error:
        raise ExamError("exam.log-altered", number=len(records) + 1) from error
    return records


def proof_holds(segment: Segment, ticket_key: bytes) -> bool:
    return same(segment.genesis.proof, ticket_proof(ticket_key, segment.genesis.binding))


def tally_of(body: bytes) -> Tally | None:
    """The tally of a record; None for what is no record."""
    length = int.from_bytes(body[9:_HEAD], "big")
    if len(body) < _HEAD + length:
        return None
    try:
        return msgspec.msgpack.decode(body[_HEAD : _HEAD + length], type=Tally)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def receipt_of(head: bytes, length: int = 8) -> str:
    """The first characters of a head in base 32: what candidate and proctor sign."""
    number = int.from_bytes(head, "big")
    bits = 8 * len(head)
    return "".join(ALPHABET[number >> (bits - 5 * (at + 1)) & 31] for at in range(length))


@dataclass(frozen=True, slots=True)
class _Frame:
    body: bytes
    signature: bytes
    end: int


def _frame_at(content: bytes, place: int) -> _Frame | Literal["torn", "altered"]:
    if len(content) - place < 4:
        return "torn"
    length = int.from_bytes(content[place : place + 4], "big")
    if length > MOST_FRAME:
        return "altered"
    end = place + length + _FRAME_EXTRA
    if end > len(content):
        return "torn"
    if zlib.crc32(content[place : end - 4]).to_bytes(4, "big") != content[end - 4 : end]:
        # The last frame of a file that lost power may be whole in length and torn in content.
        return "torn" if end == len(content) else "altered"
    body_end = place + 4 + length
    return _Frame(content[place + 4 : body_end], content[body_end : end - 4], end)


def _genesis(body: bytes) -> tuple[Genesis, Binding]:
    try:
        genesis = msgspec.msgpack.decode(body, type=Genesis)
        return genesis, msgspec.json.decode(genesis.binding, type=Binding)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise ExamError("exam.no-log") from error


def _segment_key(segment: Segment, keys: TeacherKeys) -> bytes:
    for box in segment.genesis.boxes:
        try:
            plain = keys.open_box(box)
        except ExamError:
            continue
        key, bound_to = plain[:KEY_BYTES], plain[KEY_BYTES:]
        if same(bound_to, digest(segment.genesis.binding)):
            return key
    raise ExamError("exam.not-ours")
