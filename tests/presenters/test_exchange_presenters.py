"""Import and export, packs and freshness as screens without a window."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from trainer.foundation.clock import FixedClock
from trainer.foundation.errors import TrainerError
from trainer.foundation.messages import load_messages
from trainer.presenters.exchange import ExchangePresenter
from trainer.presenters.freshness import FreshnessPresenter
from trainer.presenters.packs import PacksPresenter
from trainer.services.author_key import make_key
from trainer.services.content_library import Library
from trainer.services.content_packs import Packs, make_pack
from trainer.services.freshness import Freshness
from trainer.services.pack_shelf import pack_folders
from trainer.services.teacher_decks import TeacherDecks
from trainer.storage.learners import create_learner

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data" / "exchange"
RULES = """---
title: Orders
platform: amazon
competence: platform-rules
---

## Dispatch {#dispatch}

Source: [Help](https://example.org/help) (2019-10)
As-of: 2019-10

Q: How many days? {#days}
A: = 5 days

## Undated {#undated}

Text.
"""


class View:
    """Does long work at once, and remembers what it was shown."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, Any]] = []
        self.said: list[str] = []
        self.undo: Callable[[], object] | None = None

    def __getattr__(self, name: str) -> Callable[..., None]:
        if not name.startswith("show_"):
            raise AttributeError(name)
        return lambda *what: self.shown.append((name, what[0] if len(what) == 1 else what))

    def run(self, _title: str, work: Callable[..., object], done: Callable[..., object]) -> None:
        try:
            result = work(lambda _done, _total: None)
        except TrainerError as error:
            self.said.append(error.code)
        else:
            done(result)

    def say(self, error: TrainerError) -> None:
        self.said.append(error.code)

    def toast(self, _text: str, undo: Callable[[], object] | None) -> None:
        self.undo = undo

    def last(self, name: str) -> Any:
        return next(what for shown, what in reversed(self.shown) if shown == name)


class Office:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.content, self.own = folder / "content", folder / "own"
        deck = self.content / "platforms" / "amazon" / "orders.md"
        deck.parent.mkdir(parents=True)
        deck.write_text(RULES, encoding="utf-8")
        self.deck = deck
        self.clock = FixedClock(datetime(2026, 12, 1, 9, tzinfo=UTC))
        self.library = Library(
            lambda: [self.content, *pack_folders(folder / "packs"), self.own],
            folder / "library.sqlite",
            self.clock,
        )
        self.library.refresh()
        self.learner = create_learner(folder / "learners" / "li", {"name": "李华"})
        self.messages = load_messages(ROOT / "assets" / "translations", "en")
        self.view = View()

    def exchange(self) -> ExchangePresenter:
        return ExchangePresenter(
            self.library, self.own, self.learner, self.clock, self.messages, self.view
        )

    def freshness(self, *, editable: bool = False) -> FreshnessPresenter:
        folders = [self.own, self.content] if editable else [self.own]
        decks = TeacherDecks(self.library, self.own, lambda: folders, self.clock)
        return FreshnessPresenter(self.library, decks, self.clock, self.messages, "en", self.view)

    def packs(self) -> PacksPresenter:
        return PacksPresenter(
            lambda: Packs(self.folder / "packs", lambda: self.clock.now().timestamp()),
            self.library,
            self.own,
            self.folder / "keys",
            self.clock,
            self.messages,
            self.view,
        )


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.learner.close()
    office.library.close()


def test_a_preview_counts_and_names(office: Office) -> None:
    presenter = office.exchange()
    presenter.look(DATA / "questions.gift")
    sheet = office.view.last("show_preview")
    assert (sheet.format, sheet.questions, sheet.title) == ("GIFT", 11, "School")
    assert ("Single choice", 1) in sheet.kinds
    assert sum(one.number for one in sheet.lost) >= 3
    place = next(one for one in presenter.places() if one.subject == "amazon")
    presenter.write("Quiz", place, with_answers=False)
    result = office.view.last("show_result")
    assert result.lost == sheet.lost, "what was told before is what is told afterwards"
    assert result.deck_id == "platforms/amazon/quiz"
    assert office.library.deck("platforms/amazon/quiz", "en") is not None
    assert office.view.undo is not None
    office.view.undo()
    assert office.library.deck("platforms/amazon/quiz", "en") is None


def test_nothing_chosen_is_nothing_written(office: Office) -> None:
    presenter = office.exchange()
    presenter.write("x", presenter.places()[0], with_answers=False)
    presenter.look(DATA / "questions.gift")
    presenter.forget()
    presenter.write("x", presenter.places()[0], with_answers=False)
    assert not office.own.exists()


def test_a_full_disk_is_said_and_nothing_is_shown(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, _content: bytes) -> None:
        raise TrainerError("disk.full", path=str(path))

    monkeypatch.setattr("trainer.presenters.exchange.write_whole", full)
    office.exchange().export("", "en", "gift", office.folder / "x.gift", with_answers=False)
    assert office.view.said == ["disk.full"]
    assert office.view.shown == []


def test_the_board_filters_and_sorts(office: Office) -> None:
    presenter = office.freshness()
    presenter.show()
    board = office.view.last("show_board")
    assert [row.state for row in board.rows] == [Freshness.OLD, Freshness.UNDATED]
    presenter.choose(state="undated")
    assert [row.title for row in office.view.last("show_board").rows] == ["Undated"]
    presenter.choose(state="all", words="example dispatch")
    assert [row.title for row in office.view.last("show_board").rows] == ["Dispatch"]
    presenter.choose(words="", order="deck", subject="amazon")
    assert office.view.last("show_board").rows[0].title == "Orders"
    presenter.choose(subject="ebay")
    assert office.view.last("show_board").rows == ()


def test_a_shipped_deck_is_copied_before_its_date_is_written(office: Office) -> None:
    before = office.deck.read_bytes()
    presenter = office.freshness()
    presenter.mark(["platforms/amazon/orders#dispatch"])
    assert office.deck.read_bytes() == before
    own = office.own / "platforms" / "amazon" / "orders.md"
    assert "As-of: 2026-12-01" in own.read_text(encoding="utf-8")
    rule = office.library.rule("platforms/amazon/orders#dispatch", "en")
    assert rule is not None
    assert rule.as_of == "2026-12-01"


def test_undo_after_an_edit_says_so(office: Office) -> None:
    presenter = office.freshness(editable=True)
    presenter.mark(["platforms/amazon/orders#dispatch"])
    office.deck.write_text(office.deck.read_text(encoding="utf-8") + "\nMore.\n", encoding="utf-8")
    assert office.view.undo is not None
    office.view.undo()
    assert office.view.said == ["freshness.edited-since"]


def test_a_pack_is_looked_at_before_it_is_installed(office: Office) -> None:
    key = make_key(office.folder / "hers", "Ms Wang", os.urandom)
    path = office.folder / "school.trpack"
    written = office.folder / "written" / "platforms" / "amazon" / "new.md"
    written.parent.mkdir(parents=True)
    written.write_text(RULES, encoding="utf-8")
    make_pack(
        [office.folder / "written"],
        path,
        pack_id="school",
        title="School",
        now=office.clock.now(),
        signer=key,
    )
    presenter = office.packs()
    presenter.install(trust=True)
    assert office.view.shown == [], "nothing was looked at"
    presenter.look(path)
    assert office.view.last("show_pack").author == "Ms Wang"
    presenter.install(trust=False)
    rows, authors = office.view.last("show_packs")
    assert ([row.title for row in rows], list(authors)) == (["School"], [])
    assert office.library.deck("platforms/amazon/new", "en") is not None
    presenter.remove("school")
    assert office.library.deck("platforms/amazon/new", "en") is None
