"""The result bundle (.xrs): the segments of one attempt as they lie on the disk, in one file.

    magic 8 "PRTXRS1\\n" · length 4 (of the index) · index · segments, one by one · digest 32

The index (JSON, in the clear) is for people and tools that look without reading the segments; all
it says is checked against what the segments' own signatures say. There are no file names or paths
in it, and nothing is compressed. The digest (BLAKE2b-256 over all before it) finds a copy that a
stick has spoiled; who alters a bundle can make it anew, and gains nothing by that.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from trainer.cards.model import Value
from trainer.exams.chain import Chain, chain_of
from trainer.exams.keys import KEY_BYTES, ExamError, digest, same
from trainer.exams.log import Binding, Segment, read_segment, receipt_of

MAGIC = b"PRTXRS1\n"
MOST_BUNDLE = 64 << 20
MOST_SEGMENTS = 1000
MOST_INDEX = 256 << 10
_START = len(MAGIC) + 4


class Index(Value, frozen=True):
    """Whose bundle it is. `lengths` are those of the segments, in bytes."""

    exam_id: str
    sitting_id: str
    header_digest: bytes
    candidate: str
    attempt_id: str
    lengths: tuple[int, ...]
    records: int
    finished: bool
    receipt: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that is one: its index fits its segments, and they belong to one attempt."""

    index: Index
    chain: Chain
    mark: bytes  # BLAKE2b-256 over the whole file

    @property
    def binding(self) -> Binding:
        return self.chain.links[0].segment.binding


def write_bundle(contents: Sequence[bytes]) -> bytes:
    """The bundle of an attempt's segment files; those that are no log are left out, and so is what
    is torn at an end.

    Raises ExamError: exam.no-log when there is no beginning among them, exam.bundle-mixed when
    they are not of one attempt, exam.bundle-large.
    """
    read: list[tuple[bytes, Segment]] = []
    for content in contents:
        try:
            read.append((content, read_segment(content)))
        except ExamError:
            continue
    chain = chain_of(segment for _, segment in read)
    if chain is None:
        raise ExamError("exam.no-log")
    if len({_whose(segment.binding) for _, segment in read}) > 1:
        raise ExamError("exam.bundle-mixed")
    kept = {id(link.segment) for link in chain.links} | {id(one) for one in chain.loose}
    # An altered record is kept with what follows it: it is evidence.
    parts = [
        content if segment.end == "altered" else content[: segment.good]
        for content, segment in sorted(read, key=lambda one: _order(one[1]))
        if id(segment) in kept
    ]
    whose = chain.links[0].segment.binding
    index = Index(
        whose.exam_id,
        whose.sitting_id,
        whose.header_digest,
        whose.candidate,
        whose.attempt_id,
        tuple(map(len, parts)),
        chain.records,
        chain.complete,
        receipt_of(chain.head),
    )
    plain = msgspec.json.encode(index)
    whole = b"".join([MAGIC, len(plain).to_bytes(4, "big"), plain, *parts])
    if len(whole) > MOST_BUNDLE or len(parts) > MOST_SEGMENTS:
        raise ExamError("exam.bundle-large")
    return whole + digest(whole)


def bundles_of(contents: Sequence[bytes]) -> list[bytes]:
    """A bundle for every beginning among segment files that say to be of one attempt. Somebody may
    have put a log of his own beside another's: it must not spoil that one.

    Raises ExamError as `write_bundle`.
    """
    read = [(content, read_segment(content)) for content in contents]
    beginnings = {one.heads[0]: one for _, one in read if not one.binding.previous}
    if len(beginnings) < 2:
        return [write_bundle(contents)]
    made = []
    for head in sorted(beginnings):
        whose = _whose(beginnings[head].binding)
        of_it = [
            (content, one)
            for content, one in read
            if _whose(one.binding) == whose and (one.binding.previous or one.heads[0] == head)
        ]
        chain = chain_of(one for _, one in of_it)
        kept = {link.segment.heads[0] for link in chain.links} if chain else set()
        made.append(write_bundle([content for content, one in of_it if one.heads[0] in kept]))
    return made


def read_bundle(content: bytes) -> Bundle:
    """Check a bundle without any private key.

    Raises ExamError: exam.no-bundle for something else, exam.bundle-damaged for a spoiled copy,
    exam.bundle-large, exam.bundle-index when it says other than its segments, exam.bundle-mixed
    when they are not of one attempt.
    """
    if not content.startswith(MAGIC):
        raise ExamError("exam.no-bundle")
    if len(content) > MOST_BUNDLE + KEY_BYTES:
        raise ExamError("exam.bundle-large")
    whole, mark = content[:-KEY_BYTES], content[-KEY_BYTES:]
    if len(whole) < _START or not same(digest(whole), mark):
        raise ExamError("exam.bundle-damaged")
    length = int.from_bytes(content[len(MAGIC) : _START], "big")
    if length > MOST_INDEX or _START + length > len(whole):
        raise ExamError("exam.bundle-damaged")
    try:
        index = msgspec.json.decode(whole[_START : _START + length], type=Index)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise ExamError("exam.bundle-index") from error
    if len(index.lengths) > MOST_SEGMENTS or any(one <= 0 for one in index.lengths):
        raise ExamError("exam.bundle-index")
    if sum(index.lengths) != len(whole) - _START - length:
        raise ExamError("exam.bundle-index")
    place = _START + length
    segments = []
    for one in index.lengths:
        segments.append(read_segment(whole[place : place + one]))
        place += one
    return Bundle(index, _checked(index, segments), digest(content))


def _checked(index: Index, segments: Sequence[Segment]) -> Chain:
    chain = chain_of(segments)
    if chain is None:
        raise ExamError("exam.bundle-index")
    if len({_whose(segment.binding) for segment in segments}) > 1:
        raise ExamError("exam.bundle-mixed")
    says = (
        (index.exam_id, index.sitting_id, index.header_digest, index.candidate, index.attempt_id),
        index.records,
        index.finished,
        index.receipt,
    )
    is_so = (
        _whose(segments[0].binding),
        chain.records,
        chain.complete,
        receipt_of(chain.head),
    )
    if says != is_so:
        raise ExamError("exam.bundle-index")
    return chain


def _whose(binding: Binding) -> tuple[str, str, bytes, str, str]:
    return (
        binding.exam_id,
        binding.sitting_id,
        binding.header_digest,
        binding.candidate,
        binding.attempt_id,
    )


def _order(segment: Segment) -> tuple[int, bytes]:
    return segment.binding.segment, segment.heads[0]
