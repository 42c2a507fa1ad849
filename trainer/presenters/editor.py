"""How the deck editor behaves: what is open, what is saved and when it asks first, what happens
when a file changes underneath; without a word or pixel of Qt."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from trainer.cards.model import Language
from trainer.decks.addresses import LANGUAGES, ORIGINAL, Address
from trainer.decks.parser import parse_deck
from trainer.decks.stamping import stamp
from trainer.decks.text_edits import merge
from trainer.foundation.clock import Clock, milliseconds
from trainer.foundation.errors import TrainerError
from trainer.foundation.settings import Setting, Settings
from trainer.presenters.deck_list import DeckShelf, deck_rows, filtered
from trainer.services.deck_drafts import Draft, Drafts
from trainer.services.deck_effects import Effects, effects_of
from trainer.services.deck_source import (
    ChangedOnDisk,
    DeckSource,
    overwrite,
    read_source,
    write_source,
)
from trainer.services.teacher_decks import TeacherDecks

ASK_FOR_WORDING = Setting("ask-for-wording", True)  # before cards are saved that are only reworded
LAST_DECK = Setting("editor-deck", "")  # "<deck id> <language>"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A file was changed by somebody else where it was changed here. `theirs` is None when the
    file is gone."""

    address: Address
    mine: str
    theirs: DeckSource | None


class EditorView(Protocol):
    """What the presenter needs of a screen. Texts are the screen's: a buffer for each file."""

    def show_shelves(self, shelves: Sequence[DeckShelf], *, unfold: bool) -> None: ...

    def open_buffer(self, source: DeckSource, *, editable: bool) -> None:
        """Make a buffer with the text of `source`, unless its file has one."""

    def close_buffer(self, address: Address) -> None: ...

    def show_deck(self, deck_id: str, language: Language) -> None:
        """Show the buffers of a deck, that of `language` in the source pane."""

    def show_no_deck(self) -> None: ...

    def text_of(self, address: Address) -> str: ...

    def is_modified(self, address: Address) -> bool: ...

    def source_of(self, address: Address) -> DeckSource: ...

    def addresses(self) -> Sequence[Address]:
        """Of all buffers."""

    def change_text(self, address: Address, text: str) -> None:
        """Make the text of a buffer `text`, as one step that can be undone."""

    def saved(self, address: Address, source: DeckSource) -> None:
        """The text of a buffer lies on the disk, or is taken for that."""

    def show_modified(self) -> None:
        """Which buffers are saved and which are not has changed."""

    def ask_effects(self, effects: Effects, go_on: Callable[[], None]) -> None:
        """Show what saving does to students; `go_on` when the teacher agrees."""

    def ask_conflict(self, conflict: Conflict) -> None: ...

    def offer_drafts(self, drafts: Sequence[Draft]) -> None: ...

    def note(self, code: str, **blanks: object) -> None:
        """A short word about what just happened; it goes by itself."""

    def say(self, error: TrainerError) -> None: ...

    def decks_changed(self) -> None:
        """Files were written: have the library read again, off the GUI thread."""


class EditorPresenter:
    def __init__(
        self,
        decks: TeacherDecks,
        drafts: Drafts,
        settings: Settings,
        clock: Clock,
        language: Language,
        view: EditorView,
    ) -> None:
        self._decks = decks
        self._drafts = drafts
        self._settings = settings
        self._clock = clock
        self._language: Language = language
        self._view = view
        self._filter = ""
        self._shelves: Sequence[DeckShelf] = ()
        self._kept: dict[Address, str] = {}  # the text each draft was last written with
        self.deck_id = ""
        self.language: Language = language

    # The tree

    def show(self) -> None:
        """List the decks anew; drafts of an earlier time are offered."""
        self.list_decks()
        self._view.offer_drafts(self._left_drafts())

    def list_decks(self) -> None:
        unsaved = {one.deck_id for one in self._view.addresses() if self._view.is_modified(one)}
        unsaved |= {draft.deck_id for draft in self._left_drafts()}
        self._shelves = deck_rows(self._decks.all(), self._language, unsaved)
        self.filter(self._filter)

    def filter(self, text: str) -> None:
        self._filter = text
        self._view.show_shelves(filtered(self._shelves, text), unfold=bool(text.strip()))

    @property
    def rows(self) -> int:
        return sum(len(shelf.decks) for shelf in self._shelves)

    # Opening

    def open(self, deck_id: str, language: Language | None = None) -> bool:
        """Open both languages of a deck and show one of them. False when it is not there."""
        found = [Address(deck_id, each) for each in LANGUAGES]
        there = []
        for address in found:
            path = self._decks.path_of(address.path)
            try:
                if address not in self._view.addresses():
                    if not path.is_file():
                        continue
                    source = read_source(path, address)
                    editable = source.faithful and self._decks.is_editable(path)
                    self._view.open_buffer(source, editable=editable)
                there.append(address.language)
            except TrainerError as error:
                self._view.say(error)
        if not there:
            return False
        wanted = language or self.language
        self.deck_id = deck_id
        self.language = wanted if wanted in there else there[0]
        self._remember()
        self._view.show_deck(deck_id, self.language)
        return True

    def flip(self) -> None:
        """Write in the other language; a translation that is not there is offered as a note."""
        other: Language = "en" if self.language == "zh" else "zh"
        if Address(self.deck_id, other) in self._view.addresses():
            self.language = other
            self._remember()
            self._view.show_deck(self.deck_id, other)
        elif self.deck_id:
            self._view.note("editor.no-translation")

    def last_deck(self) -> tuple[str, Language] | None:
        """What was open last."""
        deck_id, _, language = self._settings[LAST_DECK].partition(" ")
        return (deck_id, "zh" if language == "zh" else "en") if deck_id else None

    def _remember(self) -> None:
        try:
            self._settings[LAST_DECK] = f"{self.deck_id} {self.language}"
        except TrainerError:
            return  # no more is lost than the place

    def add_translation(self, text: str) -> None:
        """Make a file for the language that the open deck has not got. It is on the disk once it
        is saved."""
        have = {one.language for one in self._view.addresses() if one.deck_id == self.deck_id}
        missing = next((each for each in LANGUAGES if each not in have), None)
        if missing is None or not have:
            return
        address = Address(self.deck_id, missing)
        beside = self._view.source_of(Address(self.deck_id, next(iter(have))))
        path = self._decks.folder_of(beside.path) / address.path
        self._view.open_buffer(DeckSource(path, address, ""), editable=True)
        self._view.change_text(address, text)
        self.language = missing
        self._remember()
        self._view.show_deck(self.deck_id, missing)

    # Drafts

    def keep_drafts(self) -> None:
        """Write down what was typed since the last time. Called within a second of every key."""
        for address in self._view.addresses():
            if not self._view.is_modified(address):
                self._forget(address)
                continue
            text = self._view.text_of(address)
            if self._kept.get(address) == text:
                continue
            source = self._view.source_of(address)
            self._kept[address] = text
            self._drafts.keep(
                Draft(
                    path=source.path,
                    deck_id=address.deck_id,
                    language=address.language,
                    base=source.text,
                    text=text,
                    written_ms=milliseconds(self._clock.now()),
                )
            )

    def take_up_draft(self, draft: Draft) -> None:
        """Open the deck of a draft with what was typed. When the file was changed meanwhile, the
        changes of both are kept where they do not touch, else what was typed is."""
        language: Language = "zh" if draft.language == "zh" else "en"
        address = Address(draft.deck_id, language)
        if not self.open(draft.deck_id, language) or address not in self._view.addresses():
            self._view.open_buffer(DeckSource(draft.path, address, ""), editable=True)
            self.deck_id, self.language = draft.deck_id, language
        on_disk = self._view.source_of(address).text
        both = merge(draft.base, draft.text, on_disk)
        self._view.change_text(address, draft.text if both is None else both)
        self._view.show_deck(draft.deck_id, language)
        if both is None:
            self._view.note("editor.draft-differs")

    def throw_draft_away(self, draft: Draft) -> None:
        self._drafts.forget(draft.path)

    def _left_drafts(self) -> Sequence[Draft]:
        """Drafts of files that no buffer has changes for."""
        mine = {
            self._view.source_of(one).path
            for one in self._view.addresses()
            if self._view.is_modified(one)
        }
        return [one for one in self._drafts.all() if one.path not in mine]

    def _forget(self, address: Address) -> None:
        if self._kept.pop(address, None) is not None:
            self._drafts.forget(self._view.source_of(address).path)

    # Saving

    def effects(self) -> Effects:
        """What saving the open deck now would do to students."""
        return self._effects(self._to_save())

    def save(self) -> None:
        """Save the open deck in every language that has changes: at once when no card changes,
        else after the teacher has seen what it does."""
        texts = self._to_save()
        if not texts:
            self._view.note("editor.nothing-to-save")
            return
        effects = self._effects(texts)
        quiet = effects.only_wording and (not effects.cards or not self._settings[ASK_FOR_WORDING])
        if quiet:
            self._write(texts)
        else:
            self._view.ask_effects(effects, lambda: self._write(texts))

    def _modified(self) -> Sequence[Address]:
        return [
            one
            for one in self._view.addresses()
            if one.deck_id == self.deck_id and self._view.is_modified(one)
        ]

    def _to_save(self) -> Mapping[Address, tuple[str, Mapping[str, str]]]:
        """The texts to write, with an id for everything, and which ids are new."""
        texts: dict[Address, tuple[str, Mapping[str, str]]] = {}
        here = [one for one in self._view.addresses() if one.deck_id == self.deck_id]
        modified = self._modified()
        original: str | None = None
        for address in sorted(here, key=lambda one: one.language != ORIGINAL):
            text = self._view.text_of(address)
            stamped = stamp(text, original)
            if stamped is not None and address in modified:
                texts[address] = (stamped.text, stamped.given)
            elif address in modified:
                texts[address] = (text, {})
            if address.language == ORIGINAL:
                original = texts[address][0] if address in texts else text
        return texts

    def _effects(self, texts: Mapping[Address, tuple[str, Mapping[str, str]]]) -> Effects:
        pairs = []
        for address, (text, _) in texts.items():
            source = self._view.source_of(address)
            where = source.path, address.deck_id, address.language
            old = parse_deck(source.text, *where)[0] if source.digest else None
            pairs.append((old, parse_deck(text, *where)[0]))
        return effects_of(pairs, [given for _, given in texts.values()])

    def _write(self, texts: Mapping[Address, tuple[str, Mapping[str, str]]]) -> None:
        wrote = 0
        for address, (text, _) in texts.items():
            source = self._view.source_of(address)
            try:
                now = write_source(source, text)
            except ChangedOnDisk as changed:
                now_or_none = self._merged(address, text, changed.now)
                if now_or_none is None:
                    self._view.ask_conflict(Conflict(address, text, changed.now))
                    continue
                now = now_or_none
            except TrainerError as error:
                # What was typed stays in the buffer and in its draft.
                self._view.say(error)
                continue
            self._done(address, now)
            wrote += 1
        if wrote:
            self._view.note("editor.saved")
            self._view.decks_changed()

    def _merged(self, address: Address, text: str, there: DeckSource | None) -> DeckSource | None:
        """The changes of both, saved; None when they touch each other."""
        if there is None:
            return None
        both = merge(self._view.source_of(address).text, text, there.text)
        if both is None:
            return None
        try:
            now = overwrite(there, both)
        except TrainerError as error:
            self._view.say(error)
            return None
        self._view.note("editor.merged")
        return now

    def _done(self, address: Address, now: DeckSource) -> None:
        self._view.change_text(address, now.text)
        self._view.saved(address, now)
        self._kept.pop(address, None)
        self._drafts.forget(now.path)
        self._view.show_modified()

    # Changes from outside

    def look_at_disk(self, address: Address) -> None:
        """A file may have been changed by somebody else: take it over, bring both together, or
        ask."""
        if address not in self._view.addresses():
            return
        mine = self._view.source_of(address)
        try:
            there = read_source(mine.path, address)
        except TrainerError:
            return  # gone, or being written: saving will tell
        if there.digest == mine.digest:
            return
        text = self._view.text_of(address)
        if not self._view.is_modified(address) or text == there.text:
            self._view.change_text(address, there.text)
            self._view.saved(address, there)
            self._view.note("editor.taken-over")
            self._view.show_modified()
            return
        both = merge(mine.text, text, there.text)
        if both is None:
            self._view.ask_conflict(Conflict(address, text, there))
            return
        self._view.change_text(address, both)
        self._view.saved(address, there)
        self._view.note("editor.merged")
        self._view.show_modified()

    def keep_mine(self, conflict: Conflict) -> None:
        """Write what stands here over what lies there."""
        source = conflict.theirs or self._view.source_of(conflict.address)
        try:
            now = overwrite(source, self._view.text_of(conflict.address))
        except TrainerError as error:
            self._view.say(error)
            return
        self._done(conflict.address, now)
        self._view.decks_changed()

    def take_theirs(self, conflict: Conflict) -> None:
        """Go on with what lies there; what stood here can be brought back by Undo."""
        if conflict.theirs is None:
            return
        self._view.change_text(conflict.address, conflict.theirs.text)
        self._view.saved(conflict.address, conflict.theirs)
        self._view.show_modified()

    def decide_later(self, conflict: Conflict) -> None:
        """Go on writing; the next time of saving asks again."""

    # Decks as files

    def copy_to_own(self) -> None:
        """Make the open deck one's own, to be written from now on."""
        try:
            self._decks.copy_to_own(self.deck_id)
        except TrainerError as error:
            self._view.say(error)
            return
        deck_id, language = self.deck_id, self.language
        for each in LANGUAGES:
            self._view.close_buffer(Address(deck_id, each))
        self._view.decks_changed()
        self.open(deck_id, language)
        self._view.note("editor.copied-to-own", folder=str(self._decks.own))

    def create(self, deck_id: str, texts: Mapping[Language, str]) -> bool:
        """Make a new deck and open it; False, and the teacher is told, when it cannot be."""
        try:
            self._decks.create(dict(texts), deck_id)
        except TrainerError as error:
            self._view.say(error)
            return False
        self._view.decks_changed()
        self.open(deck_id)
        return True

    def duplicate(self, new_id: str) -> bool:
        """Copy the open deck, as it stands here, under another name, and open the copy."""
        texts = {
            one.language: self._view.text_of(one)
            for one in self._view.addresses()
            if one.deck_id == self.deck_id
        }
        return self.create(new_id, texts)

    def rename(self, deck_id: str, new_id: str) -> bool:
        try:
            moved = self._decks.rename(deck_id, new_id)
        except TrainerError as error:
            self._view.say(error)
            return False
        self._leave(deck_id)
        if moved.moves:
            self._view.decks_changed()
            self.open(new_id)
        return True

    def remove(self, deck_id: str) -> Callable[[], None] | None:
        """Move a deck away; what brings it back, or None when it could not be moved."""
        try:
            removed = self._decks.remove(deck_id)
        except TrainerError as error:
            self._view.say(error)
            return None
        self._leave(deck_id)
        self._view.decks_changed()

        def bring_back() -> None:
            try:
                self._decks.undo(removed)
            except TrainerError as error:
                self._view.say(error)
                return
            self._leave(deck_id)
            self._view.decks_changed()
            self.open(deck_id)

        return bring_back

    def _leave(self, deck_id: str) -> None:
        for each in LANGUAGES:
            address = Address(deck_id, each)
            if address in self._view.addresses():
                self._forget(address)
                self._view.close_buffer(address)
        if self.deck_id == deck_id:
            self.deck_id = ""
            self._view.show_no_deck()
