"""Compare: which part of the matrix is shown, what a cell says, and the table as a file."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from trainer.cards.model import Language
from trainer.decks.comparison import Comparison, TopicRow
from trainer.foundation.messages import Messages
from trainer.presenters.subjects import subject_name
from trainer.services.content_library import Library


@dataclass(frozen=True, slots=True)
class Line:
    """One rule in a cell."""

    value: str
    title: str
    rule_id: str
    to_verify: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """What a platform says under a topic; no lines when the decks have no such rule.

    `same` names the shown platforms that say the same. `differs`: there are others with such a
    rule, and none of them says the same.
    """

    platform: str
    lines: tuple[Line, ...]
    same: tuple[str, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class Row:
    topic: str
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """What is shown: names of the platforms, and a row for each topic."""

    platforms: tuple[str, ...]
    rows: tuple[Row, ...]


class CompareView(Protocol):
    def show_choices(
        self, platforms: Sequence[tuple[str, str, bool]], topics: Sequence[tuple[str, str]]
    ) -> None:
        """Platforms as (id, name, shown), topics as (id, name)."""
        ...

    def show_grid(self, grid: Grid) -> None: ...

    def show_no_decks(self) -> None: ...


class ComparePresenter:
    """The choice of platforms, topic and words, and what it leaves of the matrix."""

    def __init__(
        self, library: Library, view: CompareView, messages: Messages, language: Language
    ) -> None:
        self._library, self._view, self._messages = library, view, messages
        self._language = language
        self._matrix = Comparison((), ())
        self._hidden: set[str] = set()
        self._topic = ""
        self._text = ""
        self._only_differences = False
        self.grid = Grid((), ())

    def show(self) -> None:
        """Read the decks and show what is chosen. Raises TrainerError (disk.*, file.*)."""
        self._matrix = self._library.comparison(self._language)
        if not self._matrix.rows:
            self._view.show_no_decks()
            return
        if self._topic not in {row.topic for row in self._matrix.rows}:
            self._topic = ""
        self._show_choices()
        self._show_grid()

    @property
    def chosen(self) -> tuple[tuple[str, ...], str, str, bool]:
        """Hidden platforms, topic, words and whether only differences are shown: for `choose`."""
        return tuple(sorted(self._hidden)), self._topic, self._text, self._only_differences

    def choose(self, hidden: Sequence[str], topic: str, text: str, only_differences: bool) -> None:
        self._hidden = set(hidden)
        self._topic, self._text, self._only_differences = topic, text, only_differences

    def press_platform(self, platform: str) -> None:
        """Show or hide a platform; two stay at least."""
        shown = [name for name in self._matrix.platforms if name not in self._hidden]
        if platform in self._hidden:
            self._hidden.discard(platform)
        elif len(shown) > 2:
            self._hidden.add(platform)
        self._show_choices()
        self._show_grid()

    def choose_topic(self, topic: str) -> None:
        """ "" for all of them."""
        self._topic = topic
        self._show_grid()

    def search(self, text: str) -> None:
        self._text = text.strip().casefold()
        self._show_grid()

    def only_differences(self, on: bool) -> None:
        self._only_differences = on
        self._show_grid()

    def show_everything(self) -> None:
        self.choose((), "", "", only_differences=False)
        self._show_choices()
        self._show_grid()

    def cell_words(self, row: int, column: int) -> str:
        """A cell in words, for those who hear it: platform, topic, what it says."""
        grid, messages = self.grid, self._messages
        cell = grid.rows[row].cells[column]
        said = "; ".join(line.value for line in cell.lines) or messages("compare.none-spoken")
        if cell.same:
            said += f" ({self.same_words(cell)})"
        return messages(
            "compare.cell", platform=grid.platforms[column], topic=grid.rows[row].name, said=said
        )

    def same_words(self, cell: Cell) -> str:
        between = "、" if self._messages.language.startswith("zh") else ", "
        return self._messages("compare.same", platforms=between.join(cell.same))

    def as_rows(self) -> list[list[str]]:
        """What is shown as rows of text, the headings first."""
        none = self._messages("compare.no-rule")
        rows = [[self._messages("compare.topic"), *self.grid.platforms]]
        for row in self.grid.rows:
            cells = ["; ".join(line.value for line in cell.lines) or none for cell in row.cells]
            rows.append([row.name, *cells])
        return rows

    def as_csv(self) -> bytes:
        """What is shown as CSV; the mark at the beginning tells Excel that it is UTF-8."""
        text = io.StringIO()
        csv.writer(text).writerows([_harmless(cell) for cell in row] for row in self.as_rows())
        return text.getvalue().encode("utf-8-sig")

    def as_text(self) -> str:
        """What is shown with tabs between the cells: pasted into a sheet it fills its cells."""
        return "\n".join("\t".join(row) for row in self.as_rows())

    def _show_choices(self) -> None:
        self._view.show_choices(
            [(name, self._name(name), name not in self._hidden) for name in self._matrix.platforms],
            [(row.topic, row.name) for row in self._matrix.rows],
        )

    def _show_grid(self) -> None:
        shown = [name for name in self._matrix.platforms if name not in self._hidden]
        rows = [row for row in self._matrix.rows if self._fits(row, shown)]
        self.grid = Grid(
            tuple(map(self._name, shown)),
            tuple(
                Row(row.topic, row.name, tuple(self._cell(row, name, shown) for name in shown))
                for row in rows
            ),
        )
        self._view.show_grid(self.grid)

    def _cell(self, row: TopicRow, platform: str, shown: Sequence[str]) -> Cell:
        entries = row.cells.get(platform, ())
        lines = tuple(Line(one.value, one.title, one.rule_id, one.to_verify) for one in entries)
        same = tuple(self._name(name) for name in row.same_as(platform) if name in shown)
        others = any(name in row.cells for name in shown if name != platform)
        return Cell(platform, lines, same, differs=bool(lines) and others and not same)

    def _fits(self, row: TopicRow, shown: Sequence[str]) -> bool:
        if self._topic and row.topic != self._topic:
            return False
        present = {name: row.cells[name] for name in shown if name in row.cells}
        if not present:
            return False
        if self._only_differences and not TopicRow(row.topic, row.name, present).differs:
            return False
        words = [row.name]
        words += [f"{one.value} {one.title}" for cell in present.values() for one in cell]
        return not self._text or any(self._text in one.casefold() for one in words)

    def _name(self, platform: str) -> str:
        return subject_name(self._messages, platform)


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@"} else cell
