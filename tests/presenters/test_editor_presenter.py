"""The editor without its window: opening, saving with care, drafts, and other people's changes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from trainer.cards.model import Language
from trainer.decks.addresses import Address
from trainer.foundation.clock import FixedClock
from trainer.foundation.errors import TrainerError
from trainer.foundation.settings import Settings
from trainer.presenters.deck_list import DeckShelf
from trainer.presenters.editor import ASK_FOR_WORDING, Conflict, EditorPresenter
from trainer.services.content_library import Library
from trainer.services.deck_drafts import Draft, Drafts
from trainer.services.deck_effects import Effect, Effects
from trainer.services.deck_source import DeckSource
from trainer.services.teacher_decks import TeacherDecks

DECK = "platforms/amazon/orders"
EN, ZH = Address(DECK, "en"), Address(DECK, "zh")
TEXT = """---
title: Orders
platform: amazon
competence: platform-rules
as-of: 2026-10
---

# Orders

## Late {#late}

On time.

Source: Help (2026-10)

Q: How long? {#long}
A: = 5 days
"""


@dataclass
class Buffer:
    source: DeckSource
    text: str
    editable: bool


@dataclass
class View:
    """A screen that writes down what it is asked to show."""

    library: Library
    buffers: dict[Address, Buffer] = field(default_factory=dict)
    shelves: Sequence[DeckShelf] = ()
    shown: tuple[str, Language] | None = None
    notes: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    effects: list[Effects] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    drafts: Sequence[Draft] = ()
    agree: bool = True
    unfolded: bool = False

    def show_shelves(self, shelves: Sequence[DeckShelf], *, unfold: bool) -> None:
        self.shelves = shelves
        self.unfolded = unfold

    def open_buffer(self, source: DeckSource, *, editable: bool) -> None:
        self.buffers.setdefault(source.address, Buffer(source, source.text, editable))

    def close_buffer(self, address: Address) -> None:
        self.buffers.pop(address, None)

    def show_deck(self, deck_id: str, language: Language) -> None:
        self.shown = deck_id, language

    def show_no_deck(self) -> None:
        self.shown = None

    def text_of(self, address: Address) -> str:
        return self.buffers[address].text

    def is_modified(self, address: Address) -> bool:
        buffer = self.buffers[address]
        return buffer.text != buffer.source.text or not buffer.source.digest

    def source_of(self, address: Address) -> DeckSource:
        return self.buffers[address].source

    def addresses(self) -> Sequence[Address]:
        return list(self.buffers)

    def change_text(self, address: Address, text: str) -> None:
        self.buffers[address].text = text

    def saved(self, address: Address, source: DeckSource) -> None:
        self.buffers[address].source = source

    def show_modified(self) -> None:
        pass

    def ask_effects(self, effects: Effects, go_on: Callable[[], None]) -> None:
        self.effects.append(effects)
        if self.agree:
            go_on()

    def ask_conflict(self, conflict: Conflict) -> None:
        self.conflicts.append(conflict)

    def offer_drafts(self, drafts: Sequence[Draft]) -> None:
        self.drafts = drafts

    def note(self, code: str, **blanks: object) -> None:  # noqa: ARG002 - the code will do
        self.notes.append(code)

    def say(self, error: TrainerError) -> None:
        self.said.append(error.code)

    def decks_changed(self) -> None:
        self.library.refresh()


class Room:
    def __init__(self, folder: Path) -> None:
        self.shipped, self.own = folder / "shipped", folder / "own"
        self.folder = folder
        self.editable = [self.shipped, self.own]
        self.clock = FixedClock(datetime(2026, 12, 1, 9).astimezone())
        (self.shipped / "platforms" / "amazon").mkdir(parents=True)
        self.write(TEXT)
        self.write(TEXT.replace("On time.", "准时。"), "zh")
        self.library = Library([self.shipped, self.own], folder / "l.sqlite", self.clock)
        self.library.refresh()
        self.stored: dict[str, str] = {}
        self.settings = Settings(self.stored, self.stored.update)
        self.view = View(self.library)
        self.presenter = self.made()

    def made(self) -> EditorPresenter:
        """A presenter as after a new start: nothing is open."""
        self.view.buffers.clear()
        self.drafts = Drafts(self.folder / "drafts")
        decks = TeacherDecks(self.library, self.own, lambda: self.editable, self.clock)
        return EditorPresenter(decks, self.drafts, self.settings, self.clock, "en", self.view)

    def path(self, language: Language = "en", root: Path | None = None) -> Path:
        return (root or self.shipped) / Address(DECK, language).path

    def write(self, text: str, language: Language = "en") -> None:
        self.path(language).write_text(text, encoding="utf-8")

    def read(self, language: Language = "en") -> str:
        return self.path(language).read_text(encoding="utf-8")

    def type(self, old: str, new: str, address: Address = EN) -> None:
        buffer = self.view.buffers[address]
        assert old in buffer.text
        buffer.text = buffer.text.replace(old, new)

    def close(self) -> None:
        self.drafts.close()
        self.library.close()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path)
    yield room
    room.close()


def test_both_languages_of_a_deck_are_opened(room: Room) -> None:
    assert room.presenter.open(DECK)
    assert room.view.shown == (DECK, "en")
    assert set(room.view.buffers) == {EN, ZH}
    room.presenter.flip()
    assert room.view.shown == (DECK, "zh")
    assert room.presenter.last_deck() == (DECK, "zh")
    assert not room.presenter.open("platforms/amazon/none")


def test_prose_is_saved_without_a_question(room: Room) -> None:
    room.presenter.open(DECK)
    room.type("On time.", "In time.")
    room.presenter.save()
    assert room.view.effects == []
    assert "In time." in room.read()
    assert room.view.notes == ["editor.saved"]
    room.presenter.save()
    assert room.view.notes[-1] == "editor.nothing-to-save"


def test_a_changed_answer_is_saved_only_when_the_teacher_agrees(room: Room) -> None:
    room.presenter.open(DECK)
    room.view.agree = False
    room.type("= 5 days", "= 3 days")
    room.presenter.save()
    assert [one.effect for one in room.view.effects[0].cards] == [Effect.ANSWER]
    assert "= 5 days" in room.read()
    room.view.agree = True
    room.presenter.save()
    assert "= 3 days" in room.read()


def test_wording_is_told_until_the_teacher_does_not_want_it(room: Room) -> None:
    room.presenter.open(DECK)
    room.type("How long?", "How many days?")
    room.presenter.save()
    assert room.view.effects[0].only_wording
    room.settings[ASK_FOR_WORDING] = False
    room.type("How many days?", "Within how many days?")
    room.presenter.save()
    assert len(room.view.effects) == 1
    assert "Within how many days?" in room.read()


def test_ids_come_with_saving_and_the_translation_takes_them_over(room: Room) -> None:
    room.presenter.open(DECK)
    room.view.buffers[EN].text += "\nQ: Who pays?\nA: The seller.\n"
    room.view.buffers[ZH].text += "\n问：谁付钱？\n答：卖家。\n"
    room.presenter.save()
    assert "Q: Who pays? {#who-pays}" in room.read()
    assert "问：谁付钱？ {#who-pays}" in room.read("zh")
    assert room.view.buffers[EN].text == room.read()
    assert room.view.effects[0].stamped == 1
    assert [one.effect for one in room.view.effects[0].cards] == [Effect.NEW]


def test_what_was_typed_is_offered_after_a_sudden_end(room: Room) -> None:
    room.presenter.open(DECK)
    room.type("On time.", "On ti")
    room.presenter.keep_drafts()
    room.drafts.close()  # and the program ends
    presenter = room.made()
    presenter.show()
    (draft,) = room.view.drafts
    assert (draft.deck_id, draft.path) == (DECK, room.path())
    assert [row.unsaved for shelf in room.view.shelves for row in shelf.decks] == [True]
    presenter.take_up_draft(draft)
    assert "On ti\n" in room.view.buffers[EN].text
    presenter.save()
    presenter.show()
    assert room.view.drafts == []


def test_a_draft_meets_a_file_that_was_changed_meanwhile(room: Room) -> None:
    room.presenter.open(DECK)
    room.type("On time.", "In time.")
    room.presenter.keep_drafts()
    room.drafts.close()
    room.write(TEXT.replace("= 5 days", "= 3 days"))
    presenter = room.made()
    presenter.show()
    presenter.take_up_draft(room.view.drafts[0])
    assert "In time." in room.view.buffers[EN].text
    assert "= 3 days" in room.view.buffers[EN].text


def test_a_draft_that_is_not_wanted_goes(room: Room) -> None:
    room.presenter.open(DECK)
    room.type("On time.", "Never.")
    room.presenter.keep_drafts()
    room.drafts.close()
    presenter = room.made()
    presenter.show()
    presenter.throw_draft_away(room.view.drafts[0])
    presenter.show()
    assert room.view.drafts == []


def test_taking_everything_back_takes_the_draft_back(room: Room) -> None:
    room.presenter.open(DECK)
    room.type("On time.", "Never.")
    room.presenter.keep_drafts()
    room.type("Never.", "On time.")
    room.presenter.keep_drafts()
    assert room.drafts.all() == []


def test_two_teachers_in_different_lines_are_both_kept(room: Room) -> None:
    room.presenter.open(DECK)
    room.write(TEXT.replace("= 5 days", "= 3 days"))
    room.type("On time.", "In time.")
    room.presenter.save()
    assert "In time." in room.read()
    assert "= 3 days" in room.read()
    assert room.view.buffers[EN].text == room.read()
    assert "editor.merged" in room.view.notes


@pytest.mark.parametrize("mine", [True, False])
def test_two_teachers_in_one_line_are_asked(room: Room, mine: bool) -> None:
    room.presenter.open(DECK)
    room.write(TEXT.replace("On time.", "Theirs."))
    room.type("On time.", "Mine.")
    room.presenter.save()
    (conflict,) = room.view.conflicts
    assert "Theirs." in room.read()
    assert "Mine." in room.view.buffers[EN].text
    if mine:
        room.presenter.keep_mine(conflict)
    else:
        room.presenter.take_theirs(conflict)
    assert ("Mine." if mine else "Theirs.") in room.read()
    assert room.view.buffers[EN].text == room.read()
    assert not room.view.is_modified(EN)


def test_a_change_outside_is_taken_over_while_one_only_reads(room: Room) -> None:
    room.presenter.open(DECK)
    room.write(TEXT.replace("On time.", "Theirs."))
    room.presenter.look_at_disk(EN)
    assert "Theirs." in room.view.buffers[EN].text
    assert room.view.notes == ["editor.taken-over"]
    room.presenter.look_at_disk(EN)
    assert room.view.notes == ["editor.taken-over"]  # nothing new


def test_a_change_outside_is_brought_in_while_one_writes(room: Room) -> None:
    room.presenter.open(DECK)
    room.type("On time.", "Mine.")
    room.write(TEXT.replace("= 5 days", "= 3 days"))
    room.presenter.look_at_disk(EN)
    assert "Mine." in room.view.buffers[EN].text
    assert "= 3 days" in room.view.buffers[EN].text
    room.type("Mine.", "Still mine.")
    room.write(TEXT.replace("On time.", "Theirs."))
    room.presenter.look_at_disk(EN)
    assert len(room.view.conflicts) == 1
    assert "Still mine." in room.view.buffers[EN].text


def test_a_file_that_was_removed_can_be_written_again(room: Room) -> None:
    room.presenter.open(DECK)
    room.type("On time.", "Mine.")
    room.path().unlink()
    room.presenter.save()
    (conflict,) = room.view.conflicts
    assert conflict.theirs is None
    room.presenter.keep_mine(conflict)
    assert "Mine." in room.read()


def test_a_disk_that_refuses_costs_nothing(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.presenter.open(DECK)
    room.type("On time.", "Mine.")

    def refuse(_path: Path, _content: bytes) -> None:
        raise TrainerError("disk.full", path="x")

    monkeypatch.setattr("trainer.services.deck_source.write_whole", refuse)
    room.presenter.save()
    assert room.view.said == ["disk.full"]
    assert "Mine." in room.view.buffers[EN].text
    assert room.read() == TEXT


def test_a_shipped_deck_is_edited_as_a_copy(room: Room) -> None:
    room.editable = [room.own]
    image = room.shipped / "platforms" / "amazon" / "shop.png"
    image.write_bytes(b"picture")
    room.write(TEXT + "\nQ: ![](shop.png) {#see}\nA: x\n")
    room.library.refresh()
    room.presenter.open(DECK)
    assert not room.view.buffers[EN].editable
    room.presenter.copy_to_own()
    assert room.view.buffers[EN].editable
    assert room.view.buffers[EN].source.path == room.path("en", room.own)
    assert (room.own / "platforms" / "amazon" / "shop.png").read_bytes() == b"picture"
    room.type("On time.", "Mine.")
    room.presenter.save()
    rule = room.library.rule(f"{DECK}#late", "en")
    assert rule is not None
    assert rule.text == "Mine."
    assert "Mine." not in room.read()


def test_a_new_deck_is_there_at_once_and_a_name_is_used_once(room: Room) -> None:
    new = "skills/logistics/customs"
    assert room.presenter.create(new, {"en": TEXT, "zh": TEXT})
    assert room.view.shown == (new, "en")
    assert (room.own / f"{new}.zh.md").is_file()
    assert not room.presenter.create(new, {"en": TEXT})
    assert room.view.said == ["deck.there-already"]
    assert not room.presenter.create("elsewhere/x", {"en": TEXT})
    assert not room.presenter.create("skills/logistics/Big Name", {"en": TEXT})


def test_a_copy_holds_what_is_on_the_screen(room: Room) -> None:
    room.presenter.open(DECK)
    room.type("On time.", "Mine.")
    assert room.presenter.duplicate("platforms/amazon/orders-2")
    assert "Mine." in (room.own / "platforms/amazon/orders-2.md").read_text(encoding="utf-8")
    assert room.view.shown == ("platforms/amazon/orders-2", "en")


def test_a_removed_deck_comes_back(room: Room) -> None:
    room.presenter.open(DECK)
    bring_back = room.presenter.remove(DECK)
    assert bring_back is not None
    assert not room.path().exists()
    assert room.library.decks() == []
    assert room.view.shown is None
    assert list(room.shipped.glob(".removed/*/platforms/amazon/orders.zh.md"))
    bring_back()
    assert room.read() == TEXT
    assert room.view.shown == (DECK, "en")


def test_a_renamed_deck_takes_both_languages_along(room: Room) -> None:
    room.presenter.open(DECK)
    assert room.presenter.rename(DECK, "platforms/amazon/parcels")
    assert room.view.shown == ("platforms/amazon/parcels", "en")
    assert not room.path("zh").exists()
    assert (room.shipped / "platforms/amazon/parcels.zh.md").is_file()


def test_a_translation_can_be_added(room: Room) -> None:
    room.path("zh").unlink()
    room.library.refresh()
    room.presenter.open(DECK)
    room.presenter.flip()
    assert room.view.notes == ["editor.no-translation"]
    room.presenter.add_translation(TEXT)
    assert room.view.shown == (DECK, "zh")
    assert not room.path("zh").exists()
    room.presenter.save()
    assert room.read("zh") == TEXT


def test_the_list_is_filtered_by_every_word(room: Room) -> None:
    room.presenter.list_decks()
    room.presenter.filter("amazon ord")
    assert room.view.unfolded
    assert [row.deck_id for shelf in room.view.shelves for row in shelf.decks] == [DECK]
    room.presenter.filter("amazon wish")
    assert room.view.shelves == []
