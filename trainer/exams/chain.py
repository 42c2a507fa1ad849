"""The segments of one attempt in their order: which follow on which, and what does not fit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from trainer.exams.log import Segment, Tally


@dataclass(frozen=True, slots=True)
class Link:
    """A segment of the chain; `taken` of its records belong to it."""

    segment: Segment
    taken: int

    @property
    def head(self) -> bytes:
        return self.segment.heads[self.taken]


@dataclass(frozen=True, slots=True)
class Chain:
    """An attempt as its files tell it.

    `forked`: a segment goes on from before the end of the one before it, so that records stand on
    a branch nobody continued. `loose` are segments that follow on nothing that is there.
    """

    links: tuple[Link, ...]
    loose: tuple[Segment, ...] = ()
    forked: bool = False

    @property
    def last(self) -> Segment:
        return self.links[-1].segment

    @property
    def head(self) -> bytes:
        return self.last.head

    @property
    def records(self) -> int:
        return sum(link.taken for link in self.links)

    @property
    def complete(self) -> bool:
        return self.last.end == "complete"

    @property
    def tally(self) -> Tally | None:
        """What the last record said in the clear."""
        tallies = (link.segment.tally for link in reversed(self.links))
        return next((tally for tally in tallies if tally is not None), None)

    @property
    def heads(self) -> list[bytes]:
        """The head after every record, from the first genesis on: what another copy of the same
        attempt must begin with, or go on from."""
        return [head for link in self.links for head in link.segment.heads[: link.taken + 1]]


def chain_of(segments: Iterable[Segment]) -> Chain | None:
    """The chain that `segments` of one attempt make; None when its beginning is not there.

    Copies of one segment may be given: the longest one counts. Order does not matter.
    """
    rest = sorted(_longest(segments), key=_order)
    first = next((one for one in rest if not one.binding.previous), None)
    if first is None:
        return None
    links = [Link(first, first.records)]
    loose: list[Segment] = []
    forked = False
    for segment in rest:
        if segment is first:
            continue
        place = _place_of(segment.binding.previous, links)
        if place is None:
            loose.append(segment)
            continue
        at, taken = place
        if at < len(links) - 1 or taken < links[at].taken:
            forked = True
        links = [*links[:at], Link(links[at].segment, taken), Link(segment, segment.records)]
    return Chain(tuple(links), tuple(loose), forked)


def _order(segment: Segment) -> tuple[int, bytes]:
    return segment.binding.segment, segment.heads[0]


def _place_of(head: bytes, links: Sequence[Link]) -> tuple[int, int] | None:
    """The link that has `head`, and after how many of its records."""
    for at in range(len(links) - 1, -1, -1):
        heads = links[at].segment.heads
        if head in heads:
            return at, heads.index(head)
    return None


def _longest(segments: Iterable[Segment]) -> list[Segment]:
    """One of each: copies share their genesis, and the one with most good records is taken."""
    found: dict[bytes, Segment] = {}
    for segment in segments:
        known = found.get(segment.heads[0])
        if known is None or _worth(segment) > _worth(known):
            found[segment.heads[0]] = segment
    return list(found.values())


def _worth(segment: Segment) -> tuple[int, bool]:
    return segment.records, segment.end in {"open", "complete"}
