"""Decks come in, change, break, move and vanish; study always has the best there is."""

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.cards.model import Recall
from trainer.foundation.clock import FixedClock
from trainer.foundation.errors import Cancelled
from trainer.services.content_library import Library, Refreshed

HEAD = """---
title: {title}
platform: amazon
competence: platform-rules
as-of: 2026-10
order: {order}
---
# {title}

"""
ORDERS = """## Late dispatch {#late}

A parcel must leave in **5 days**, or the order counts as late.

Penalty: the order is cancelled.
Source: [Dispatch](https://example.org/d) (2026-10)

Q: How many days has a parcel? {#days}
A: 5 days

Q: What happens to a late order? {#cancelled}
A: It is cancelled.
"""
ORDERS_ZH = """## 发货超时 {#late}

包裹须在 **5 天**内发出，否则订单计为超时。

处罚：取消订单。
来源：[发货规则](https://example.org/d) (2026-10)

问：包裹须在几天内发出？ {#days}
答：5 天

问：超时订单会怎样？ {#cancelled}
答：会被取消。
"""
NO_IDS = """## Fees

Fees are paid monthly.

Source: [Fees](https://example.org/f) (2026-10)

Q: When is the monthly subscription fee charged to the seller?
A: On the first of the month

Q: Who pays the return parcel when the goods were damaged?
A: The seller
"""


def deck(body: str = ORDERS, title: str = "Orders", order: int = 10) -> str:
    return HEAD.format(title=title, order=order) + body


class Shelf:
    """A content folder, its cache, and a library that is opened again and again."""

    def __init__(self, folder: Path) -> None:
        self.content = folder / "content"
        self.cache = folder / "data" / "library.sqlite"
        self.clock = FixedClock(datetime(2100, 1, 1, tzinfo=UTC))
        self.content.mkdir()
        self.opened: list[Library] = []

    def write(self, path: str, text: str) -> Path:
        target = self.content / path
        target.parent.mkdir(parents=True, exist_ok=True)
        before = target.stat().st_mtime_ns if target.exists() else 0
        target.write_text(text, encoding="utf-8")
        if target.stat().st_mtime_ns <= before:
            os.utime(target, ns=(before + 1_000_000, before + 1_000_000))
        return target

    def open(self) -> Library:
        library = Library(self.content, self.cache, self.clock)
        self.opened.append(library)
        return library

    def close(self) -> None:
        for library in self.opened:
            library.close()


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path)
    yield shelf
    shelf.close()


ORDERS_PATH = "platforms/amazon/orders.md"
DAYS = "platforms/amazon/orders#days"
CANCELLED = "platforms/amazon/orders#cancelled"
LATE = "platforms/amazon/orders#late"


def answer(library: Library, card_id: str) -> str:
    card = library.card(card_id, "en")
    assert card is not None
    assert isinstance(card.body, Recall)
    return card.body.answer


def everything(library: Library) -> dict[str, list[tuple[object, ...]]]:
    """The tables as study sees them."""
    with closing(sqlite3.connect(library.path)) as connection:
        queries = {
            "deck": "select deck_id, language, path, title, position, digest, payload, findings,"
            " rules, cards, errors, warnings, stale from deck order by path",
            "card": "select card_id, language, note_id, rule_id, kind, difficulty,"
            " question_digest, answer_digest, place, stale, payload from card"
            " order by card_id, language",
            "card_place": "select * from card_place order by card_id",
            "rule": "select rule_id, language, place, payload from rule order by 1, 2",
            "handbook": "select title, text, cards, deck_id, rule_id, language from handbook"
            " order by deck_id, rule_id, language",
        }
        return {name: connection.execute(query).fetchall() for name, query in queries.items()}


def places(library: Library) -> list[str]:
    with closing(sqlite3.connect(library.path)) as connection:
        rows = connection.execute("select card_id from card_place order by position").fetchall()
    return [row[0] for row in rows]


def test_a_deck_is_found_and_read(shelf: Shelf) -> None:
    shelf.write(ORDERS_PATH, deck())
    shelf.write("platforms/amazon/orders.zh.md", deck(ORDERS_ZH, "订单"))
    library = shelf.open()

    refreshed = library.refresh()

    assert refreshed.added == (ORDERS_PATH, "platforms/amazon/orders.zh.md")
    english, chinese = library.decks()
    assert (english.deck_id, english.language, english.title) == (
        "platforms/amazon/orders",
        "en",
        "Orders",
    )
    assert (english.subject_kind, english.subject) == ("platform", "amazon")
    assert (english.rules, english.cards, english.errors, english.stale) == (1, 2, 0, False)
    assert (chinese.language, chinese.title) == ("zh", "订单")
    assert [one.language for one in library.decks("zh")] == ["zh"]
    assert answer(library, DAYS) == "5 days"
    rule = library.rule(LATE, "zh")
    assert rule is not None
    assert rule.title == "发货超时"
    whole = library.deck("platforms/amazon/orders", "en")
    assert whole is not None
    assert [card.card_id for card in whole.cards] == [DAYS, CANCELLED]
    assert [rule.rule_id for rule in whole.rules] == [LATE]
    assert library.file_of("platforms/amazon/orders", "zh") == (
        shelf.content / "platforms/amazon/orders.zh.md"
    )


def test_what_is_not_there_is_none(shelf: Shelf) -> None:
    library = shelf.open()
    library.refresh()
    assert library.deck("x", "en") is None
    assert library.card("x#y", "en") is None
    assert library.rule("x#y", "zh") is None
    assert library.file_of("x", "en") is None
    assert not library.has_card("x#y", "en")
    assert library.decks() == []


def test_a_card_without_a_translation_is_shown_in_the_language_it_has(shelf: Shelf) -> None:
    shelf.write(ORDERS_PATH, deck())
    library = shelf.open()
    library.refresh()
    card = library.card(DAYS, "zh")
    assert card is not None
    assert card.language == "en"
    assert library.has_card(DAYS, "en")
    assert not library.has_card(DAYS, "zh")


def test_one_place_a_card_whatever_its_languages(shelf: Shelf) -> None:
    shelf.write(ORDERS_PATH, deck())
    shelf.write("platforms/amazon/orders.zh.md", deck(ORDERS_ZH, "订单"))
    library = shelf.open()
    library.refresh()
    assert places(library) == [DAYS, CANCELLED]
    (shelf.content / ORDERS_PATH).unlink()
    library.refresh()
    assert places(library) == [DAYS, CANCELLED]
    (shelf.content / "platforms/amazon/orders.zh.md").unlink()
    library.refresh()
    assert places(library) == []


def test_chapters_stand_in_their_order(shelf: Shelf) -> None:
    shelf.write("platforms/amazon/a.md", deck(title="Second", order=20))
    shelf.write("platforms/amazon/b.md", deck(title="First", order=10))
    shelf.write("platforms/ebay/a.md", deck(title="Other", order=1))
    library = shelf.open()
    library.refresh()
    assert [one.title for one in library.decks()] == ["First", "Second", "Other"]
    shelf.write("platforms/amazon/a.md", deck(title="Second", order=5))
    library.refresh()
    assert [one.title for one in library.decks()] == ["Second", "First", "Other"]
    assert [card.partition("#")[0] for card in places(library)] == [
        *["platforms/amazon/a"] * 2,
        *["platforms/amazon/b"] * 2,
        *["platforms/ebay/a"] * 2,
    ]


def test_unchanged_files_are_not_even_opened(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.write(ORDERS_PATH, deck())
    shelf.open().refresh()

    def opened(_: Path) -> bytes:
        pytest.fail("a file that did not change was read")

    monkeypatch.setattr(Path, "read_bytes", opened)
    library = shelf.open()
    assert library.refresh() == Refreshed((), (), ())
    assert answer(library, DAYS) == "5 days"


def test_a_file_written_again_with_the_same_content_is_not_parsed(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.write(ORDERS_PATH, deck())
    shelf.open().refresh()
    shelf.write(ORDERS_PATH, deck())

    def parsed(*_: object) -> None:
        pytest.fail("the same content was parsed again")

    monkeypatch.setattr("trainer.decks.parser.parse_deck", parsed)
    library = shelf.open()
    assert library.refresh() == Refreshed((), (), ())
    monkeypatch.setattr(Path, "read_bytes", parsed)
    assert library.refresh() == Refreshed((), (), ())


def test_a_change_within_one_tick_of_the_clock_is_seen(shelf: Shelf) -> None:
    target = shelf.write(ORDERS_PATH, deck())
    written = target.stat().st_mtime_ns
    shelf.clock = FixedClock(datetime.fromtimestamp(written / 1e9, UTC) + timedelta(seconds=1))
    library = shelf.open()
    library.refresh()
    target.write_text(deck().replace("A: 5 days", "A: 7 days"), encoding="utf-8")
    os.utime(target, ns=(written, written))

    assert library.refresh().changed == (ORDERS_PATH,)
    assert answer(library, DAYS) == "7 days"


def test_a_change_is_picked_up(shelf: Shelf) -> None:
    shelf.write(ORDERS_PATH, deck())
    library = shelf.open()
    library.refresh()
    before = everything(library)
    shelf.write(ORDERS_PATH, deck().replace("A: 5 days", "A: 7 days"))

    assert library.refresh() == Refreshed((), (ORDERS_PATH,), ())

    assert answer(library, DAYS) == "7 days"
    old, new = (
        {row[0]: (row[6], row[7]) for row in state["card"]}
        for state in (before, everything(library))
    )
    assert old[DAYS][0] == new[DAYS][0]
    assert old[DAYS][1] != new[DAYS][1]
    assert old[CANCELLED] == new[CANCELLED]


def test_wording_that_means_the_same_is_the_same_answer(shelf: Shelf) -> None:
    shelf.write(ORDERS_PATH, deck())
    library = shelf.open()
    library.refresh()
    before = everything(library)["card"]
    shelf.write(ORDERS_PATH, deck().replace("A: 5 days", "A:  **5** Days"))
    library.refresh()
    assert [row[7] for row in everything(library)["card"]] == [row[7] for row in before]


def test_a_deck_that_goes_keeps_nothing_in_study(shelf: Shelf) -> None:
    shelf.write(ORDERS_PATH, deck())
    shelf.write("platforms/amazon/other.md", deck(title="Other"))
    library = shelf.open()
    library.refresh()
    (shelf.content / ORDERS_PATH).unlink()

    assert library.refresh() == Refreshed((), (), (ORDERS_PATH,))

    assert library.card(DAYS, "en") is None
    assert [card.partition("#")[0] for card in places(library)] == ["platforms/amazon/other"] * 2
    assert [hit.deck_id for hit in library.search("parcel")] == ["platforms/amazon/other"]


def test_a_broken_card_stays_in_study_as_it_was(shelf: Shelf) -> None:
    shelf.write(ORDERS_PATH, deck())
    library = shelf.open()
    library.refresh()
    shelf.write(ORDERS_PATH, deck().replace("A: 5 days\n", "").replace("cancelled.", "lost."))
    library.refresh()

    (entry,) = library.decks()
    assert (entry.errors, entry.stale, entry.cards) == (1, True, 2)
    assert answer(library, DAYS) == "5 days"
    assert answer(library, CANCELLED) == "It is lost."
    (finding,) = library.findings()
    assert finding.code == "deck.no-answer"
    assert str(finding.place).startswith(ORDERS_PATH + ":")
    assert sorted(places(library)) == sorted([DAYS, CANCELLED])

    # Broken twice, it is still the last good version; mended, it is the new one.
    shelf.write(ORDERS_PATH, deck().replace("A: 5 days\n", "\n"))
    library.refresh()
    assert answer(library, DAYS) == "5 days"
    shelf.write(ORDERS_PATH, deck().replace("A: 5 days", "A: 6 days"))
    library.refresh()
    assert answer(library, DAYS) == "6 days"
    assert not library.decks()[0].stale
    assert library.findings() == []


def test_a_card_taken_out_of_a_broken_deck_is_gone(shelf: Shelf) -> None:
    shelf.write(ORDERS_PATH, deck())
    library = shelf.open()
    library.refresh()
    without = deck().partition("Q: What")[0].replace("A: 5 days\n", "")
    shelf.write(ORDERS_PATH, without)
    library.refresh()
    assert answer(library, DAYS) == "5 days"
    assert library.card(CANCELLED, "en") is None


def test_a_broken_card_without_an_id_stays_too(shelf: Shelf) -> None:
    shelf.write(ORDERS_PATH, deck(NO_IDS))
    library = shelf.open()
    library.refresh()
    before = places(library)
    shelf.write(ORDERS_PATH, deck(NO_IDS).replace("A: The seller\n", ""))
    library.refresh()
    assert sorted(places(library)) == sorted(before)


def aliases(library: Library) -> dict[str, str]:
    return dict(library.aliases())


def test_a_card_without_an_id_is_followed_through_an_edit(shelf: Shelf) -> None:
    shelf.write(ORDERS_PATH, deck(NO_IDS))
    library = shelf.open()
    library.refresh()
    fee, parcel = places(library)
    shelf.write(ORDERS_PATH, deck(NO_IDS).replace("the monthly subscription", "the subscription"))
    library.refresh()
    new_fee, same_parcel = places(library)
    assert new_fee != fee
    assert same_parcel == parcel
    assert aliases(library) == {fee: new_fee}


def test_stamping_keeps_who_a_card_is(shelf: Shelf) -> None:
    shelf.write(ORDERS_PATH, deck(NO_IDS))
    library = shelf.open()
    library.refresh()
    fee, parcel = places(library)
    stamped = NO_IDS.replace("to the seller?", "to the seller? {#fee}")
    shelf.write(ORDERS_PATH, deck(stamped.replace("were damaged?", "were damaged? {#parcel}")))
    library.refresh()
    assert aliases(library) == {
        fee: "platforms/amazon/orders#fee",
        parcel: "platforms/amazon/orders#parcel",
    }


def test_another_question_is_no_successor(shelf: Shelf) -> None:
    shelf.write(ORDERS_PATH, deck(NO_IDS))
    library = shelf.open()
    library.refresh()
    head = NO_IDS.partition("Q: When")[0]
    shelf.write(ORDERS_PATH, deck(f"{head}Q: Is VAT due in Poland?\nA: Yes, at 23 %\n"))
    library.refresh()
    assert aliases(library) == {}


def test_a_cache_thrown_away_is_rebuilt_the_same(shelf: Shelf) -> None:
    shelf.write(ORDERS_PATH, deck())
    shelf.write("platforms/amazon/orders.zh.md", deck(ORDERS_ZH, "订单"))
    shelf.write("platforms/amazon/fees.md", deck(NO_IDS, "Fees", 5))
    shelf.write("platforms/ebay/broken.md", deck("Q: No answer {#x}\n", "Broken"))
    library = shelf.open()
    library.refresh()
    # A history of changes leaves nothing behind that a fresh reading would not have.
    shelf.write("platforms/amazon/gone.md", deck(title="Gone"))
    library.refresh()
    shelf.write(ORDERS_PATH, deck(title="Changed"))
    (shelf.content / "platforms/amazon/gone.md").unlink()
    library.refresh()
    shelf.write(ORDERS_PATH, deck())
    library.refresh()
    before = everything(library)
    library.close()
    shelf.cache.unlink()

    again = shelf.open()
    again.refresh()
    assert everything(again) == before


@pytest.mark.parametrize("damage", ["empty", "garbage", "torn", "schema", "another"])
def test_a_damaged_cache_is_made_anew(shelf: Shelf, damage: str) -> None:
    for number in range(30):
        shelf.write(f"platforms/amazon/deck{number}.md", deck())
    library = shelf.open()
    library.refresh()
    before = everything(library)
    library.close()
    content = shelf.cache.read_bytes()
    match damage:
        case "empty":
            shelf.cache.write_bytes(b"")
        case "garbage":
            shelf.cache.write_bytes(b"nonsense" * 5000)
        case "torn":
            shelf.cache.write_bytes(content[:4096] + b"\x07" * (len(content) - 4096))
        case "schema":
            with closing(sqlite3.connect(shelf.cache)) as connection:
                connection.execute("pragma user_version = 77")
        case "another":
            shelf.cache.unlink()
            with closing(sqlite3.connect(shelf.cache)) as connection:
                connection.execute("create table deck (something)")

    again = shelf.open()
    again.refresh()
    assert everything(again) == before
    assert again.path == shelf.cache


def test_damage_in_the_middle_of_work_is_mended_on_the_spot(shelf: Shelf) -> None:
    shelf.write(ORDERS_PATH, deck())
    library = shelf.open()
    library.refresh()
    with closing(sqlite3.connect(shelf.cache)) as connection:
        connection.execute("update card set payload = cast('{\"x' as blob)")
        connection.commit()
    assert answer(library, DAYS) == "5 days"


def test_a_cache_somebody_holds_on_to_is_done_without(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainer.storage.database.BUSY_SECONDS", 0.05)
    shelf.write(ORDERS_PATH, deck())
    shelf.cache.parent.mkdir()
    with closing(sqlite3.connect(shelf.cache, isolation_level=None)) as other:
        other.execute("create table theirs (x)")
        other.execute("begin exclusive")
        library = shelf.open()
        library.refresh()
        assert answer(library, DAYS) == "5 days"
        assert library.path != shelf.cache
        temporary = library.path.parent
        library.close()
        assert not temporary.exists()
        other.execute("rollback")
    assert shelf.cache.exists()


def test_a_folder_that_cannot_be_written_is_done_without(shelf: Shelf) -> None:
    shelf.write(ORDERS_PATH, deck())
    shelf.cache.parent.write_text("a file where the folder should be", encoding="utf-8")
    library = shelf.open()
    library.refresh()
    assert answer(library, DAYS) == "5 days"


def test_a_disk_that_fills_up_is_done_without(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = shelf.open()
    library.refresh()
    first = library.path
    library._cache.connection.execute("pragma max_page_count = 1")
    for number in range(20):
        shelf.write(f"platforms/amazon/deck{number}.md", deck())
    library.refresh()
    assert len(library.decks()) == 20
    assert library.path != first


def test_two_programs_can_share_a_cache(shelf: Shelf) -> None:
    for number in range(12):
        shelf.write(f"platforms/amazon/deck{number}.md", deck())
    libraries = [shelf.open(), shelf.open()]
    problems: list[BaseException] = []

    def work(library: Library, turn: int) -> None:
        try:
            for step in range(6):
                shelf.write(
                    f"platforms/amazon/deck{turn}.md", deck().replace("5 days", f"{step} days")
                )
                library.refresh()
                library.search("parcel")
                library.decks()
        except BaseException as error:  # noqa: BLE001 - looked at below
            problems.append(error)

    threads = [
        threading.Thread(target=work, args=(library, turn))
        for turn, library in enumerate(libraries)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    for library in libraries:
        library.refresh()
    assert everything(libraries[0]) == everything(libraries[1])
    assert libraries[0].path == shelf.cache
    assert len(places(libraries[0])) == 24


def test_two_programs_starting_at_once_agree(shelf: Shelf) -> None:
    for number in range(40):
        shelf.write(f"platforms/amazon/deck{number}.md", deck())
    code = (
        "import sys; from pathlib import Path;"
        "from trainer.services.content_library import Library;"
        "library = Library(Path(sys.argv[1]), Path(sys.argv[2])); library.refresh();"
        "print(len(library.decks()), library.path == Path(sys.argv[2])); library.close()"
    )
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", code, shelf.content, shelf.cache],
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        for _ in range(3)
    ]
    assert [program.communicate()[0].strip() for program in programs] == ["40 True"] * 3
    library = shelf.open()
    library.refresh()
    assert len(places(library)) == 80


def test_a_thread_of_its_own_may_refresh(shelf: Shelf) -> None:
    shelf.write(ORDERS_PATH, deck())
    library = shelf.open()
    thread = threading.Thread(target=library.refresh)
    thread.start()
    thread.join()
    assert answer(library, DAYS) == "5 days"


def test_cancelling_keeps_what_was_read(shelf: Shelf) -> None:
    for number in range(5):
        shelf.write(f"platforms/amazon/deck{number}.md", deck())
    library = shelf.open()

    def stop_at_three(done: int, total: int) -> None:
        assert total == 5
        if done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        library.refresh(stop_at_three)
    assert len(library.decks()) == 3
    assert len(places(library)) == 6
    assert len(library.refresh().added) == 2
    assert len(places(library)) == 10


def test_an_unreachable_share_takes_nothing_out_of_study(shelf: Shelf) -> None:
    shelf.write(ORDERS_PATH, deck())
    library = shelf.open()
    library.refresh()
    away = shelf.content.with_name("away")
    shelf.content.rename(away)
    assert library.refresh() == Refreshed((), (), (), ("",))
    assert answer(library, DAYS) == "5 days"
    away.rename(shelf.content)
    assert library.refresh() == Refreshed((), (), ())


def test_a_file_that_cannot_be_read_stays_as_it_was_and_is_told(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.write(ORDERS_PATH, deck())
    library = shelf.open()
    library.refresh()
    shelf.write(ORDERS_PATH, deck(title="New"))
    shelf.write("platforms/amazon/locked.md", deck())
    with monkeypatch.context() as patch:

        def locked(path: Path) -> bytes:
            raise PermissionError(13, "locked", str(path))

        patch.setattr(Path, "read_bytes", locked)
        library.refresh()
    assert {finding.code for finding in library.findings()} == {"deck.unreadable"}
    assert [(one.title, one.errors) for one in library.decks()] == [("locked", 1), ("Orders", 1)]
    assert answer(library, DAYS) == "5 days"
    library.refresh()
    assert sorted(one.title for one in library.decks()) == ["New", "Orders"]
    assert library.findings() == []


def test_a_later_folder_has_the_last_word(tmp_path: Path, shelf: Shelf) -> None:
    shelf.write(ORDERS_PATH, deck())
    own = tmp_path / "own"
    (own / "platforms" / "amazon").mkdir(parents=True)
    (own / ORDERS_PATH).write_text(deck(title="The school's own"), encoding="utf-8")
    library = Library([shelf.content, own], shelf.cache, shelf.clock)
    shelf.opened.append(library)
    library.refresh()
    assert [one.title for one in library.decks()] == ["The school's own"]
    assert library.file_of("platforms/amazon/orders", "en") == own / ORDERS_PATH
    shutil.rmtree(own / "platforms")
    library.refresh()
    assert [one.title for one in library.decks()] == ["Orders"]


def test_folders_come_and_go_while_the_program_runs(tmp_path: Path, shelf: Shelf) -> None:
    shelf.write(ORDERS_PATH, deck())
    own, pack = tmp_path / "own", tmp_path / "pack"
    (pack / "platforms" / "amazon").mkdir(parents=True)
    (pack / "platforms/amazon/extra.md").write_text(deck(title="Extra"), encoding="utf-8")
    folders = [shelf.content, own]
    library = Library(lambda: folders, shelf.cache, shelf.clock)
    shelf.opened.append(library)
    # A folder of one's own that was never made is an empty one.
    assert library.refresh().unreachable == ()
    folders.insert(1, pack)
    library.refresh()
    assert sorted(one.title for one in library.decks()) == ["Extra", "Orders"]
    assert library.folders() == (shelf.content, pack, own)
    folders.remove(pack)
    assert library.refresh().removed == ("platforms/amazon/extra.md",)


def test_a_folder_on_a_share_that_is_away_keeps_its_decks(tmp_path: Path, shelf: Shelf) -> None:
    shelf.write(ORDERS_PATH, deck())
    share = tmp_path / "share"
    own = share / "content"
    (own / "platforms" / "amazon").mkdir(parents=True)
    (own / "platforms/amazon/extra.md").write_text(deck(title="Extra"), encoding="utf-8")
    library = Library([shelf.content, own], shelf.cache, shelf.clock)
    shelf.opened.append(library)
    library.refresh()
    share.rename(tmp_path / "away")
    assert library.refresh().unreachable == ("",)
    assert sorted(one.title for one in library.decks()) == ["Extra", "Orders"]


def test_what_is_no_deck_is_left_out(shelf: Shelf) -> None:
    for path in (
        "README.md",
        "platforms/README.md",
        "template/chapter.md",
        ".git/x.md",
        "platforms/_old/x.md",
        "platforms/amazon/orders.fr.md",
        "platforms/amazon/notes.txt",
    ):
        shelf.write(path, deck())
    (shelf.content / "platforms" / "folder.md").mkdir()
    library = shelf.open()
    assert library.refresh().added == ()


def test_a_folder_linked_into_itself_has_an_end(shelf: Shelf) -> None:
    shelf.write(ORDERS_PATH, deck())
    try:
        (shelf.content / "platforms" / "again").symlink_to(shelf.content / "platforms")
    except OSError:
        pytest.skip("no links here")
    library = shelf.open()
    library.refresh()
    assert answer(library, DAYS) == "5 days"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("5 days", True),
        ("dispat", True),
        ("LATE", True),
        ("包裹", True),
        ("超", True),
        ("裹须在", True),
        ("包 超时", True),
        ("须包裹", False),
        ("５ 天", True),
        ("cancelled order", True),
        ("zebra", False),
        ("", False),
        ("   ", False),
        ("\"*^:()'", False),
        ("NEAR(xq zq)", False),
        ("title:late", True),
    ],
)
def test_search_finds_chinese_and_english(shelf: Shelf, query: str, found: bool) -> None:
    shelf.write(ORDERS_PATH, deck())
    shelf.write("platforms/amazon/orders.zh.md", deck(ORDERS_ZH, "订单"))
    library = shelf.open()
    library.refresh()
    assert bool(library.search(query)) == found


def test_a_hit_says_where_and_marks_what_was_found(shelf: Shelf) -> None:
    shelf.write(ORDERS_PATH, deck())
    shelf.write("platforms/amazon/orders.zh.md", deck(ORDERS_ZH, "订单"))
    library = shelf.open()
    library.refresh()
    (hit,) = library.search("发出", "zh")
    assert (hit.deck_id, hit.rule_id, hit.language) == ("platforms/amazon/orders", LATE, "zh")
    assert hit.title == "发货超时"
    assert "包裹须在 5 天内\x02发出\x03，否则订单计为超时。" in hit.excerpt
    assert "\u200b" not in hit.title + hit.excerpt
    assert library.search("发出", "en") == []
    (hit,) = library.search("late disp")
    assert "\x02" in hit.excerpt


def test_titles_come_before_mentions(shelf: Shelf) -> None:
    for number in range(5):
        body = ORDERS.replace("Late dispatch {#late}", f"Rule {number} {{#late}}")
        shelf.write(f"platforms/amazon/d{number}.md", deck(body.replace("leave", "refund"), "Deck"))
    shelf.write("platforms/zz/last.md", deck(ORDERS.replace("Late dispatch", "Refund"), "Deck"))
    library = shelf.open()
    library.refresh()
    assert library.search("refund")[0].deck_id == "platforms/zz/last"


@pytest.fixture(scope="module")
def small_library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    shelf = Shelf(tmp_path_factory.mktemp("small"))
    shelf.write(ORDERS_PATH, deck())
    shelf.write("platforms/amazon/orders.zh.md", deck(ORDERS_ZH, "订单"))
    library = shelf.open()
    library.refresh()
    yield library
    shelf.close()


@settings(max_examples=200)
@given(query=st.text(max_size=40) | st.text('包裹超时ab"*():^-+ 5５', max_size=30))
def test_any_text_is_a_safe_query(small_library: Library, query: str) -> None:
    for hit in small_library.search(query):
        assert hit.deck_id == "platforms/amazon/orders"


@settings(max_examples=60)
@given(content=st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode()))
def test_any_bytes_are_a_deck(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    shelf = Shelf(tmp_path_factory.mktemp("any"))
    try:
        shelf.write(ORDERS_PATH, deck())
        library = shelf.open()
        library.refresh()
        (shelf.content / ORDERS_PATH).write_bytes(content)
        library.refresh()
        library.findings()
        library.search("days")
        assert len(library.decks()) == 1
    finally:
        shelf.close()
        shutil.rmtree(shelf.content.parent)
