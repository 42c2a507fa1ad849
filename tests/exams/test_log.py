"""The sealed log against everything that was thought of to change it afterwards."""

import zlib
from dataclasses import dataclass

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey

from tests.exams.conftest import Entropy
from trainer.cards.response import Chosen
from trainer.exams.clock import Stamp
from trainer.exams.keys import ExamError
from trainer.exams.log import (
    MAGIC,
    Binding,
    Record,
    SegmentWriter,
    Tally,
    open_segment,
    proof_holds,
    read_segment,
    receipt_of,
)
from trainer.exams.model import Answered, Finished, Heartbeat
from trainer.exams.teacher_keys import new_keys

TEACHER = new_keys("Ms Li", Entropy("teacher"))
SPARE = new_keys("School", Entropy("spare"))
TICKET_KEY = bytes(range(32))


@dataclass
class Written:
    writer: SegmentWriter
    frames: list[bytes]
    records: list[Record]

    @property
    def content(self) -> bytes:
        return self.writer.start + b"".join(self.frames)


def record(number: int) -> Record:
    stamp = Stamp("boot", 1000 * number, 2000 * number, 1000 * number, 2000 * number)
    return Record(stamp, Answered(f"i{number}", Chosen((number % 4,))))


def tally_of(each: Record) -> Tally:
    return Tally(each.stamp, started=True, codes=(("resume", 1),))


def write(count: int = 4, *, final: bool = True, seed: str = "a", candidate: str = "17") -> Written:
    binding = Binding(
        "exam", "sitting", b"header", candidate, "attempt", 1, b"", "prog", "pc", "boot", 0, b""
    )
    recipients = [TEACHER.box_public, SPARE.box_public]
    writer = SegmentWriter(binding, TICKET_KEY, recipients, Entropy(seed))
    records = [record(number) for number in range(count)]
    frames = [writer.append(each, tally_of(each)) for each in records]
    if final:
        last = Record(record(count).stamp, Finished("candidate"))
        records.append(last)
        frames.append(writer.append(last, tally_of(last), final=True))
    return Written(writer, frames, records)


WHOLE = write()


def test_what_was_written_is_read_by_the_teacher_and_by_the_spare_key() -> None:
    segment = read_segment(WHOLE.content)

    assert segment.end == "complete"
    assert segment.head == WHOLE.writer.head
    assert segment.tally == tally_of(WHOLE.records[-1])
    assert open_segment(segment, TEACHER) == WHOLE.records
    assert open_segment(segment, SPARE) == WHOLE.records


def test_t20_sealed_to_others_is_not_ours() -> None:
    stranger = new_keys("x", Entropy("x"))
    with pytest.raises(ExamError, match=r"exam\.not-ours"):
        open_segment(read_segment(WHOLE.content), stranger)


@pytest.mark.parametrize("content", [b"", b'{"answers": {}}', MAGIC, MAGIC + b"\0" * 90])
def test_t20_what_is_no_log_is_refused(content: bytes) -> None:
    with pytest.raises(ExamError, match=r"exam\.no-log"):
        read_segment(content)


def places() -> list[int]:
    """Where each frame after the genesis begins."""
    found = [len(WHOLE.writer.start)]
    for frame in WHOLE.frames:
        found.append(found[-1] + len(frame))
    return found


@pytest.mark.parametrize(
    "part", ["length", "body", "signature", "crc", "body with crc", "sign crc"]
)
@pytest.mark.parametrize("at", [0, 2, 4])
def test_t14_a_flipped_bit_ends_what_is_good(part: str, at: int) -> None:
    frame = bytearray(WHOLE.frames[at])
    offset = {
        "length": 3,
        "body": 30,
        "body with crc": 30,
        "signature": -20,
        "sign crc": -20,
        "crc": -2,
    }[part]
    frame[offset] ^= 4
    if part.endswith("crc") and part != "crc":
        frame[-4:] = zlib.crc32(bytes(frame[:-4])).to_bytes(4, "big")
    start = places()[at]
    content = WHOLE.content[:start] + bytes(frame) + WHOLE.content[start + len(frame) :]

    segment = read_segment(content)

    assert segment.records == at
    assert segment.end in {"altered", "torn"}
    assert open_segment(segment, TEACHER) == WHOLE.records[:at]


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_t15_records_cannot_be_removed_swapped_doubled_or_put_in(data: st.DataObject) -> None:
    frames = list(WHOLE.frames)
    act = data.draw(st.sampled_from(["remove", "swap", "double", "insert"]))
    at = data.draw(st.integers(0, len(frames) - 1))
    if act == "remove":
        if at == len(frames) - 1:
            at -= 1
        del frames[at]
    elif act == "swap":
        other = data.draw(st.integers(0, len(frames) - 1).filter(lambda n: n != at))
        frames[at], frames[other] = frames[other], frames[at]
        at = min(at, other)
    elif act == "double":
        frames.insert(at, frames[at])
        at += 1
    else:
        frames.insert(at, write(seed="other").frames[at])

    segment = read_segment(WHOLE.writer.start + b"".join(frames))

    assert segment.end == "altered"
    assert segment.records <= at
    assert open_segment(segment, TEACHER) == WHOLE.records[: segment.records]


def test_t16_cut_anywhere_the_good_prefix_is_exact() -> None:
    edges = places()
    content = WHOLE.content
    for cut in range(edges[0], len(content)):
        segment = read_segment(content[:cut])
        good = sum(edge <= cut for edge in edges) - 1
        assert segment.records == good
        assert segment.end == ("open" if cut in edges else "torn")
        assert segment.good == edges[good]


def test_t17_a_body_behind_another_genesis_is_refused() -> None:
    other = write(seed="b", candidate="18")

    segment = read_segment(other.writer.start + b"".join(WHOLE.frames))

    assert segment.records == 0
    assert segment.end == "altered"


def test_t19_who_a_segment_belongs_to_cannot_be_changed() -> None:
    content = WHOLE.content.replace(b'"candidate":"17"', b'"candidate":"18"')
    assert content != WHOLE.content
    with pytest.raises(ExamError, match=r"exam\.no-log"):
        read_segment(content)


def test_the_slip_holder_alone_can_prove_it() -> None:
    segment = read_segment(WHOLE.content)

    assert proof_holds(segment, TICKET_KEY)
    assert not proof_holds(segment, bytes(32))


def test_t23_nothing_follows_the_end() -> None:
    with pytest.raises(ValueError, match="finished"):
        WHOLE.writer.append(record(9), tally_of(record(9)))

    more = WHOLE.content + WHOLE.frames[0]
    segment = read_segment(more)

    assert segment.end == "altered"
    assert open_segment(segment, TEACHER) == WHOLE.records


def test_t26_the_pc_alone_reads_no_answer() -> None:
    """Everything that lies on the PC: the file. Neither names nor answers can be found in it."""
    content = WHOLE.content
    assert b"answered" not in content
    assert b"item_id" not in content
    with pytest.raises(ExamError, match=r"exam\.not-ours"):
        open_segment(read_segment(content), new_keys("x", Entropy("nobody")))


def test_a_genesis_signed_by_somebody_else_for_our_binding_is_refused() -> None:
    """The key that signs is inside what is signed."""
    segment = read_segment(WHOLE.content)
    body = msgspec.msgpack.encode(segment.genesis)
    from trainer.exams.keys import digest

    signature = SigningKey(bytes(32)).sign(digest(MAGIC + body)).signature
    frame = len(body).to_bytes(4, "big") + body + signature
    forged = MAGIC + frame + zlib.crc32(frame).to_bytes(4, "big")

    with pytest.raises(ExamError, match=r"exam\.no-log"):
        read_segment(forged)


def test_a_box_moved_from_another_segment_opens_nothing() -> None:
    """A sealed key is bound to its genesis: it cannot be lent to another."""
    other = read_segment(write(seed="c").content)
    mine = read_segment(WHOLE.content)
    lent = msgspec.structs.replace(mine.genesis, boxes=other.genesis.boxes)
    from dataclasses import replace

    with pytest.raises(ExamError, match=r"exam\.not-ours"):
        open_segment(replace(mine, genesis=lent), TEACHER)


@given(st.lists(st.integers(0, 5000), max_size=40), st.booleans())
@settings(max_examples=30, deadline=None)
def test_any_log_comes_back_whole(sizes: list[int], final: bool) -> None:
    written = write(0, final=False, seed="sizes")
    records = []
    for size in sizes:
        each = Record(record(1).stamp, Answered("i" * (size % 600), None))
        records.append(each)
        written.frames.append(written.writer.append(each, tally_of(each)))
    if final:
        records.append(Record(record(1).stamp, Heartbeat(1)))
        written.frames.append(written.writer.append(records[-1], tally_of(records[-1]), final=True))

    segment = read_segment(written.content)

    assert open_segment(segment, TEACHER) == records
    assert segment.end == ("complete" if final else "open")


@given(st.binary(max_size=300), st.integers(0, 4))
@settings(max_examples=100, deadline=None)
def test_any_bytes_behind_good_ones_harm_nothing(noise: bytes, keep: int) -> None:
    content = WHOLE.writer.start + b"".join(WHOLE.frames[:keep]) + noise

    segment = read_segment(content)

    assert segment.records >= keep
    assert open_segment(segment, TEACHER)[:keep] == WHOLE.records[:keep]


def test_three_thousand_flipped_bits_are_all_noticed() -> None:
    content = WHOLE.content
    entropy = Entropy("flips")
    for _ in range(3000):
        place = int.from_bytes(entropy(4), "big") % (8 * len(content))
        altered = bytearray(content)
        altered[place // 8] ^= 1 << place % 8
        try:
            segment = read_segment(bytes(altered))
        except ExamError:
            continue
        assert segment.end != "complete"


def test_the_receipt_is_the_head_in_base_32() -> None:
    assert receipt_of(bytes(32)) == "00000000"
    assert receipt_of(b"\xff" * 32) == "ZZZZZZZZ"
    assert len(receipt_of(WHOLE.writer.head)) == 8
