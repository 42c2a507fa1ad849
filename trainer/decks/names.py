"""The ids of one file: rules, cards and scenarios share one namespace, table rows another."""

from collections.abc import Sequence

from trainer.decks.attributes import Attributes
from trainer.decks.remarks import Remarks
from trainer.foundation.identifiers import SLUG, slug


class Names:
    """Which ids are taken, and on which line (from 0)."""

    def __init__(
        self, lines: Sequence[str], remarks: Remarks, code: str = "deck.duplicate-id"
    ) -> None:
        self._lines = lines
        self._code = code
        self._taken: dict[str, int] = {}
        self._alike: dict[str, int] = {}  # how often a provisional name was wanted
        self._remarks = remarks
        self.written: list[tuple[int, str]] = []  # line and id of every block, in file order
        self.unnamed = 0  # how many of them have a provisional id
        self.first_unnamed = -1  # line

    def take(self, name: str, line: int, column: int) -> bool:
        """Use `name`, written in the braces at `line` and `column`. False, and a remark, when it
        is taken or malformed."""
        self.written.append((line, name))
        first = self._taken.setdefault(name, line)
        if first != line:
            self._remarks.add(self._code, line, column, id=name, first=first + 1)
            return False
        if not SLUG.fullmatch(name):
            self._say_malformed(name, line, column)
            return False
        return True

    def provisional(self, name: str, line: int, *, misnamed: bool = False) -> str:
        """A name for a block that has none yet: `name`, with a number when it is taken.
        `misnamed`: it has one that `take` refused."""
        if not misnamed:
            if not self.unnamed:
                self.first_unnamed = line
            self.unnamed += 1
        # Nobody can write such a name, so its number alone tells it from its like.
        number = self._alike[name] = self._alike.get(name, 0) + 1
        candidate = name if number == 1 else f"{name}-{number}"
        self._taken[candidate] = line
        if not misnamed:
            self.written.append((line, candidate))
        return candidate

    def _say_malformed(self, name: str, line: int, column: int) -> None:
        fix = None
        better = slug(name, fallback="")
        if better and better not in self._taken:
            start = self._lines[line].find(name, column)
            fix = self._remarks.fix(line, start, start + len(name), better) if start >= 0 else None
        self._remarks.add("deck.bad-id", line, column, fix=fix, id=name)


def say_bad_pieces(attributes: Attributes, line: int, column: int, remarks: Remarks) -> None:
    """Say which pieces of an attribute list mean nothing."""
    for piece in attributes.bad:
        remarks.add("deck.bad-attribute", line, column, piece=piece)
