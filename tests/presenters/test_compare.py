"""What of the matrix is shown, what a cell says, and the table as a file."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from trainer.foundation.messages import load_messages
from trainer.presenters.compare import ComparePresenter, Grid
from trainer.services.content_library import Library

ASSETS = Path(__file__).parents[2] / "assets"
FRONT = "---\ntitle: Rules\nplatform: {}\ncompetence: platform-rules\nas-of: 2026-10\n---\n\n"
RULE = (
    "## {title} {{#{topic} topic={topic}}}\n\nIt is **{value}** here.\n\nSource: Help (2026-10)\n\n"
)
SAID = {
    "amazon": {"payout": "7 days", "deposit": "=1+1"},
    "ebay": {"payout": "7 days", "reply-time": "3 days"},
    "wish": {"payout": "90 days", "reply-time": "3 days"},
}


@dataclass
class View:
    platforms: list[tuple[str, str, bool]] = field(default_factory=list)
    topics: list[tuple[str, str]] = field(default_factory=list)
    grid: Grid = Grid((), ())  # noqa: RUF009 - a frozen value
    empty: bool = False

    def show_choices(
        self, platforms: Sequence[tuple[str, str, bool]], topics: Sequence[tuple[str, str]]
    ) -> None:
        self.platforms, self.topics = list(platforms), list(topics)

    def show_grid(self, grid: Grid) -> None:
        self.grid = grid

    def show_no_decks(self) -> None:
        self.empty = True


def opened(folder: Path, said: dict[str, dict[str, str]]) -> tuple[ComparePresenter, View]:
    content = folder / "content"
    content.mkdir()
    for platform, topics in said.items():
        place = content / "platforms" / platform
        place.mkdir(parents=True)
        text = "".join(
            RULE.format(title=f"On {topic}", topic=topic, value=value)
            for topic, value in topics.items()
        )
        (place / "rules.md").write_text(FRONT.format(platform) + text, encoding="utf-8")
    library = Library(content, folder / "library.sqlite")
    library.refresh()
    view = View()
    messages = load_messages(ASSETS / "translations", "en")
    presenter = ComparePresenter(library, view, messages, "en")
    presenter.show()
    return presenter, view


@pytest.fixture
def shown(tmp_path: Path) -> tuple[ComparePresenter, View]:
    return opened(tmp_path, SAID)


def values(view: View) -> dict[str, list[str]]:
    return {
        row.topic: ["; ".join(line.value for line in cell.lines) for cell in row.cells]
        for row in view.grid.rows
    }


def test_all_platforms_and_topics_are_shown_first(shown: tuple[ComparePresenter, View]) -> None:
    _, view = shown
    assert view.grid.platforms == ("Amazon", "eBay", "Wish")
    assert values(view) == {
        "reply-time": ["", "3 days", "3 days"],
        "payout": ["7 days", "7 days", "90 days"],
        "deposit": ["=1+1", "", ""],
    }


def test_same_and_different_are_marked(shown: tuple[ComparePresenter, View]) -> None:
    _, view = shown
    payout = view.grid.rows[1].cells
    assert [(cell.same, cell.differs) for cell in payout] == [
        (("eBay",), False),
        (("Amazon",), False),
        ((), True),
    ]
    assert not view.grid.rows[2].cells[0].differs  # nobody else has such a rule


def test_only_differences(shown: tuple[ComparePresenter, View]) -> None:
    presenter, view = shown
    presenter.only_differences(True)
    assert list(values(view)) == ["payout"]
    # Without Wish nothing differs any more.
    presenter.press_platform("wish")
    assert values(view) == {}
    presenter.show_everything()
    assert len(view.grid.rows) == 3


def test_platforms_are_hidden_until_two_are_left(shown: tuple[ComparePresenter, View]) -> None:
    presenter, view = shown
    presenter.press_platform("ebay")
    presenter.press_platform("wish")
    assert list(view.grid.platforms) == ["Amazon", "Wish"]
    assert [shown for _, _, shown in view.platforms] == [True, False, True]
    presenter.press_platform("ebay")
    assert list(view.grid.platforms) == ["Amazon", "eBay", "Wish"]


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("PAYOUT", ["payout"]),
        ("90", ["payout"]),
        ("answer buyers", ["reply-time"]),
        ("nothing", []),
        (" ", ["reply-time", "payout", "deposit"]),
    ],
)
def test_search_looks_in_topics_values_and_titles(
    shown: tuple[ComparePresenter, View], text: str, topics: list[str]
) -> None:
    presenter, view = shown
    presenter.search(text)
    assert list(values(view)) == topics


def test_one_topic(shown: tuple[ComparePresenter, View]) -> None:
    presenter, view = shown
    presenter.choose_topic("deposit")
    assert list(values(view)) == ["deposit"]
    presenter.choose_topic("")
    assert len(view.grid.rows) == 3


def test_a_cell_is_heard_whole(shown: tuple[ComparePresenter, View]) -> None:
    presenter, _ = shown
    assert presenter.cell_words(0, 0) == (
        "Amazon, Time to answer buyers: no such rule in the decks"
    )
    assert presenter.cell_words(1, 0) == (
        "Amazon, When the seller is paid: 7 days (the same on eBay)"
    )


def test_the_table_goes_to_a_sheet_and_runs_nothing_there(
    shown: tuple[ComparePresenter, View],
) -> None:
    presenter, _ = shown
    content = presenter.as_csv()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0] == ["Topic", "Amazon", "eBay", "Wish"]
    assert rows[1] == ["Time to answer buyers", "No such rule in the decks", "3 days", "3 days"]
    assert rows[3][1] == "'=1+1"
    assert presenter.as_text().split("\n")[2].split("\t") == rows[2]


def test_without_platforms_there_is_nothing_to_compare(tmp_path: Path) -> None:
    _, view = opened(tmp_path, {})
    assert view.empty
