"""Seeded chance that gives the same draws on every Python version and system.

`random` promises that only for `random()`; papers and schedules must be rebuilt years later, so
the bits come from BLAKE2b (RFC 7693) over the seed and a counter.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """A stream of draws fixed by its seed."""

    def __init__(self, seed: str) -> None:
        self._key = blake2b(seed.encode("utf-8"), digest_size=32).digest()
        self._counter = 0

    def _bits(self) -> int:
        """The next 64 bits."""
        block = self._counter.to_bytes(8, "big")
        self._counter += 1
        return int.from_bytes(blake2b(block, key=self._key, digest_size=8).digest(), "big")

    def below(self, bound: int) -> int:
        """A whole number from 0 up to, not including, `bound`; each equally likely.

        Draws that would favour low numbers are thrown away. Raises ValueError below 1.
        """
        if not 1 <= bound <= 1 << 64:
            raise ValueError(bound)
        limit = (1 << 64) - (1 << 64) % bound
        while (bits := self._bits()) >= limit:
            pass
        return bits % bound

    def unit(self) -> float:
        """A number from 0 up to, not including, 1, in steps of 2**-53."""
        return (self._bits() >> 11) / (1 << 53)

    def choice(self, items: Sequence[T]) -> T:
        return items[self.below(len(items))]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """A new list in random order (Fisher-Yates, from the end)."""
        result = list(items)
        for last in range(len(result) - 1, 0, -1):
            other = self.below(last + 1)
            result[last], result[other] = result[other], result[last]
        return result
