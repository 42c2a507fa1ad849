"""The parts Import & export, Packs and Freshness of the teacher's desk, as a teacher uses them."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import delete

from trainer.bootstrap import Places, own_content, take_new_packs
from trainer.desktop.controls import Button
from trainer.desktop.dropping import part_for
from trainer.desktop.exchange_page import ExchangePage
from trainer.desktop.freshness_page import FreshnessPage
from trainer.desktop.packs_page import PacksPage
from trainer.desktop.text import Text
from trainer.exchange.formats import BY_KEY
from trainer.foundation.errors import TrainerError
from trainer.foundation.settings import PACK_FOLDER, SettingsFile
from trainer.services.author_key import make_key
from trainer.services.content_library import Library
from trainer.services.content_packs import make_pack

DATA = Path(__file__).resolve().parents[1] / "data" / "exchange"
RULES = """## Dispatch {#dispatch}

Parcels leave in 5 days.

Source: [Help](https://example.org/help) (2019-10)
As-of: 2019-10

Q: How many days? {#days}
A: = 5 days

## Doubted {#doubted}

Source: [Forum](https://forum.example/x) (2026-10)
Verify: seen once only
"""


def clicked(page: QWidget, name: str) -> None:
    QApplication.processEvents()
    button = page.findChild(QWidget, name)
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def words(page: QWidget) -> str:
    QApplication.processEvents()  # what was just put in is shown a moment later
    return "\n".join(text.words for text in page.findChildren(Text) if text.isVisible())


@pytest.fixture
def room(classroom: Any) -> Any:
    """A classroom whose window does long work at once, and remembers ways back."""
    classroom.write(RULES, "orders", title="Orders")
    shell = classroom.shell
    shell.undo = None

    def run(_title: str, work: Callable[..., object], done: Callable[..., object]) -> None:
        try:
            result = work(lambda _done, _total: None)
        except TrainerError as error:
            shell.say(error)
        else:
            done(result)

    def toast(text: str, *, undo: Callable[[], object] | None = None) -> None:
        shell.toasts.append(text)
        shell.undo = undo

    def ask(*given: Any, **_more: Any) -> None:
        given[3]()

    shell.run, shell.toast, shell.ask = run, toast, ask
    # What the program itself looks at; a test's library has one folder.
    desk = classroom.desk()
    classroom.library.close()
    classroom.library = Library(
        lambda: [classroom.content, own_content(desk.places)],
        classroom.content.parent / "library-2.sqlite",
        classroom.clock,
    )
    classroom.library.refresh()
    return classroom


def places_of(room: Any) -> Places:
    return room.desk().places  # type: ignore[no-any-return]


# Import and export


def test_a_file_is_looked_at_first_and_then_becomes_a_deck(room: Any, each_language: str) -> None:
    # A data folder of its own beside the content folder is where imports go.
    page = ExchangePage(room.desk(language=each_language))
    room.show(page)
    page.take(DATA / "bank.csv")
    own = own_content(places_of(room))
    assert not (own / "skills").exists(), "nothing is written before one says so"
    shown = words(page)
    assert "bank.csv" in shown
    assert "14: 没有答案" in shown
    page.deck_title.setText("Parcels quiz")
    page.place.setCurrentIndex(next(n for n, p in enumerate(page._places) if p.subject == "amazon"))
    QTest.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    made = own / "platforms" / "amazon" / "parcels-quiz.zh.md"
    assert made.is_file()
    assert room.library.deck("platforms/amazon/parcels-quiz", "zh") is not None
    assert "parcels-quiz.zh.md" in room.shell.toasts[-1]
    room.shell.undo()
    assert not made.exists()
    assert room.library.deck("platforms/amazon/parcels-quiz", "zh") is None


def test_a_dropped_file_is_looked_at(room: Any) -> None:
    page = ExchangePage(room.desk())
    room.show(page)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(DATA / "questions.gift"))])
    drop = QDropEvent(
        QPoint(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    page.dropEvent(drop)
    assert "questions.gift" in words(page)
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert "questions.gift" not in words(page)
    assert page.open_button.isVisible()


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("a.apkg", "exchange"),
        ("A.XLSX", "exchange"),
        ("x.gift.txt", "exchange"),
        ("school.trpack", "packs"),
        ("holiday.jpg", ""),
        ("setup.exe", ""),
    ],
)
def test_a_file_goes_to_the_part_that_takes_it(name: str, part: str) -> None:
    assert part_for(Path(name)) == part


def test_what_cannot_be_read_is_said(room: Any, tmp_path: Path) -> None:
    page = ExchangePage(room.desk())
    room.show(page)
    bad = tmp_path / "bad.apkg"
    bad.write_bytes(b"PK\x03\x04 torn")
    page.take(bad)
    assert [error.code for error in room.shell.said] == ["import.damaged"]
    assert page.open_button.isVisible()


def test_decks_go_out_with_a_list_of_what_stays_behind(room: Any, tmp_path: Path) -> None:
    page = ExchangePage(room.desk())
    room.show(page)
    for key in ("gift", "xlsx", "anki"):
        page.format.setCurrentIndex(page.format.findData(key))
        assert page.with_answers.isEnabled() is (key == "anki")
        target = tmp_path / f"out{BY_KEY[key].suffixes[0]}"
        page.export_to(target)
        assert target.stat().st_size > 0
        assert target.name in words(page)
    page.chapter.setCurrentIndex(page.chapter.findData("deck platforms/amazon/orders"))
    assert page.chapter.currentIndex() > 0


def test_a_page_that_is_gone_is_not_written_to(room: Any) -> None:
    page = ExchangePage(room.desk())
    kept = []
    room.shell.run = lambda _title, work, done: kept.append((work, done))
    page.take(DATA / "bank.csv")
    delete(page)
    work, done = kept[0]
    done(work(lambda _done, _total: None))


# Packs


def pack(room: Any, name: str, author: str, days: int = 5) -> Path:
    folder = room.content.parent / f"{name}-written"
    deck = folder / "platforms" / "amazon" / f"{name}.md"
    deck.parent.mkdir(parents=True, exist_ok=True)
    head = "---\ntitle: P\nplatform: amazon\ncompetence: platform-rules\n---\n\n"
    deck.write_text(f"{head}{RULES.replace('5 days', f'{days} days')}", encoding="utf-8")
    keys = room.content.parent / f"keys-{author}"
    from trainer.services.author_key import known_key, open_key

    key = open_key(keys) if known_key(keys) else make_key(keys, author, os.urandom)
    target = room.content.parent / f"{name}.trpack"
    now = datetime(2026, 11, days, tzinfo=UTC)
    make_pack([folder], target, pack_id=name, title=name.capitalize(), now=now, signer=key)
    return Path(target)


def test_a_pack_of_somebody_unknown_needs_a_decision(room: Any, each_language: str) -> None:
    page = PacksPage(room.desk(language=each_language))
    room.show(page)
    path = pack(room, "company", "Ms Wang")
    page.presenter.look(path)
    shown = words(page)
    assert "Ms Wang" in shown
    assert "-" in shown
    clicked(page, "install-trust")
    assert "Company" in words(page)
    assert page.findChild(QWidget, "remove-company") is not None
    # The next version of an author who was accepted asks for nothing more than a click.
    page.presenter.look(pack(room, "company", "Ms Wang", days=7))
    assert page.findChild(QWidget, "install-trust") is None
    clicked(page, "install")
    clicked(page, "back-company")
    clicked(page, "remove-company")
    assert page.findChild(QWidget, "remove-company") is None


def test_an_altered_pack_is_refused(room: Any) -> None:
    page = PacksPage(room.desk())
    room.show(page)
    path = pack(room, "company", "Ms Wang")
    path.write_bytes(path.read_bytes().replace(b"Company", b"Compane"))
    page.presenter.look(path)
    assert [error.code for error in room.shell.said] == ["pack.altered"]
    assert page.findChild(Button, "install") is None


def test_a_teacher_makes_a_pack_and_another_pc_takes_it_from_the_share(
    room: Any, tmp_path: Path
) -> None:
    page = PacksPage(room.desk())
    room.show(page)
    page.pack_title.setText("Our school")
    page.author_name.setText("Ms Wang")
    share = tmp_path / "share"
    share.mkdir()
    page.make(share / "school")
    assert (share / "school.trpack").is_file()
    assert "Ms Wang" in words(page)
    other = Places(room.content, room.desk().places.assets, tmp_path / "other")
    other.packs.mkdir(parents=True)
    SettingsFile(other.settings_file).settings()[PACK_FOLDER] = str(share)
    # Nobody accepted the author there yet.
    take_new_packs(other, room.clock, lambda _done, _total: None)
    assert not list(other.packs.rglob("*.md"))
    from trainer.bootstrap import open_packs

    packs = open_packs(other, room.clock)
    packs.trust(packs.examine(share / "school.trpack").manifest.author)
    take_new_packs(other, room.clock, lambda _done, _total: None)
    assert [path.name for path in other.packs.rglob("*.md")] == ["orders.md"]


def test_a_share_that_is_away_is_no_trouble_at_start(room: Any, tmp_path: Path) -> None:
    places = Places(room.content, tmp_path, tmp_path / "other")
    SettingsFile(places.settings_file).settings()[PACK_FOLDER] = str(tmp_path / "gone")
    take_new_packs(places, room.clock, lambda _done, _total: None)
    assert not places.packs.exists()


# Freshness


def titles(page: FreshnessPage) -> list[str]:
    items = [page.board.topLevelItem(n) for n in range(page.board.topLevelItemCount())]
    return [item.text(0).partition("\n")[0] for item in items if item is not None]


def test_the_board_shows_what_needs_a_look_and_marks_it(room: Any, each_language: str) -> None:
    page = FreshnessPage(room.desk(language=each_language))
    room.show(page)
    assert titles(page) == ["Doubted", "Dispatch"]
    page.words.setText("dispatch")
    assert page.board.topLevelItemCount() == 1
    assert page.selected() == ["platforms/amazon/orders#dispatch"]
    QTest.keyClick(page, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    file = room.library.file_of("platforms/amazon/orders", "en")
    assert "As-of: 2026-11-23" in file.read_text(encoding="utf-8")
    assert page.board.topLevelItemCount() == 0, "it is fresh now"
    room.shell.undo()
    assert page.board.topLevelItemCount() == 1
    assert "As-of: 2019-10" in file.read_text(encoding="utf-8")


def test_a_doubt_is_settled_and_a_rule_is_read(room: Any) -> None:
    page = FreshnessPage(room.desk())
    room.show(page)
    page.words.setText("doubted")
    page.open_button.click()
    assert ("read", "platforms/amazon/orders#doubted") in room.shell.asked
    page.confirm_button.click()
    rule = room.library.rule("platforms/amazon/orders#doubted", "en")
    assert (rule.verify, rule.as_of) == ("", "2026-11-23")


def test_rules_are_grouped_and_sorted(room: Any) -> None:
    page = FreshnessPage(room.desk())
    room.show(page)
    page.states.choose("all")
    for order, first in (("deck", "Orders"), ("source", "example.org"), ("oldest", "Dispatch")):
        page.order.setCurrentIndex(page.order.findData(order))
        assert titles(page)[0] == first
    kept = FreshnessPage(room.desk())
    assert kept.order.currentData() == "oldest"


@pytest.mark.parametrize("kind", ["markdown", "csv", "pdf"])
def test_the_paper_for_the_meeting(room: Any, tmp_path: Path, kind: str) -> None:
    from trainer.desktop.printing import print_pdf

    page = FreshnessPage(room.desk())
    room.show(page)
    target = tmp_path / "paper"
    page.presenter.report(kind, target, print_pdf)
    content = target.read_bytes()
    assert content.startswith(b"%PDF") if kind == "pdf" else b"Dispatch" in content
