"""Content packs on the teacher's desk: made, looked at, installed, rolled back; their authors."""

import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from trainer.exchange.content_pack import Manifest
from trainer.foundation.clock import Clock
from trainer.foundation.errors import TrainerError
from trainer.foundation.identifiers import slug
from trainer.foundation.messages import Messages
from trainer.services.author_key import known_key, make_key, open_key
from trainer.services.content_library import Library, ReportProgress
from trainer.services.content_packs import (
    Examined,
    Installed,
    Packs,
    Pinned,
    Standing,
    Updated,
    deck_ids,
    make_pack,
)


class PackRow(Struct, frozen=True):
    """An installed pack."""

    pack_id: str
    title: str
    made: str  # date and time
    author: str
    standing: Standing
    standing_words: str
    decks: int
    earlier: str  # when the version before was made; "" when there is none


class PackSheet(Struct, frozen=True):
    """A pack file that was looked at."""

    title: str
    told: str
    author: str
    words: str
    standing: Standing
    standing_words: str
    covers: tuple[str, ...]
    installed: bool  # this or a newer version is in use


class AuthorRow(Struct, frozen=True):
    key: str
    name: str
    words: str


class PacksView(Protocol):
    def show_packs(self, rows: Sequence[PackRow], authors: Sequence[AuthorRow]) -> None: ...

    def show_pack(self, sheet: PackSheet | None) -> None: ...

    def run(
        self,
        title: str,
        work: Callable[[ReportProgress], object],
        done: Callable[[object], object],
    ) -> None: ...

    def toast(self, text: str, undo: Callable[[], object] | None) -> None: ...

    def say(self, error: TrainerError) -> None: ...


class PacksPresenter:
    """`own` is the folder of the decks written here, `keys` that of the author's key."""

    def __init__(
        self,
        packs: Callable[[], Packs],
        library: Library,
        own: Path,
        keys: Path,
        clock: Clock,
        messages: Messages,
        view: PacksView,
    ) -> None:
        self._packs = packs
        self._library = library
        self._own = own
        self._keys = keys
        self._clock = clock
        self._messages = messages
        self._view = view
        self._examined: Examined | None = None

    def show(self) -> None:
        packs = self._packs()
        rows = [self._row(one) for one in packs.installed()]
        self._view.show_packs(rows, [_author(one) for one in packs.authors()])

    def _row(self, one: Installed) -> PackRow:
        manifest = one.manifest
        return PackRow(
            pack_id=manifest.pack_id,
            title=manifest.title,
            made=_moment(manifest),
            author=manifest.author.name,
            standing=one.standing,
            standing_words=self._messages(f"pack.standing.{one.standing}"),
            decks=len(deck_ids(manifest)),
            earlier=_moment(one.previous) if one.previous else "",
        )

    # Installing

    def look(self, path: Path) -> None:
        """Check the pack in `path` to its last byte and show who made it."""
        title = self._messages("packs.checking", name=path.name)
        self._view.run(title, lambda _report: self._packs().examine(path), self._looked)

    def _looked(self, result: object) -> None:
        if not isinstance(result, Examined):
            return
        self._examined = result
        manifest = result.manifest
        blanks = {
            "title": manifest.title,
            "decks": len(result.decks),
            "date": _moment(manifest),
        }
        self._view.show_pack(
            PackSheet(
                title=manifest.title,
                told=self._messages("pack.is-whole", **blanks),
                author=manifest.author.name,
                words=manifest.author.words,
                standing=result.standing,
                standing_words=self._messages(f"pack.standing.{result.standing}"),
                covers=result.covers,
                installed=not result.is_newer,
            )
        )

    def forget(self) -> None:
        self._examined = None
        self._view.show_pack(None)

    def install(self, *, trust: bool) -> None:
        """Install what was looked at. A person has seen who made it; `trust`: also next time."""
        examined = self._examined
        if examined is None:
            return

        def work(report: ReportProgress) -> Manifest:
            packs = self._packs()
            if trust:
                packs.trust(examined.manifest.author)
            manifest = packs.install(examined.path, accept=True, report=report)
            self._library.refresh()
            return manifest

        self._view.run(self._messages("packs.installing"), work, self._installed)

    def _installed(self, result: object) -> None:
        if isinstance(result, Manifest):
            self.forget()
            self.show()
            blanks = {"title": result.title, "date": _moment(result)}
            self._view.toast(self._messages("pack.installed", **blanks), None)

    def update(self, folder: Path) -> None:
        """Look for newer packs in `folder` now, as at each start."""

        def work(report: ReportProgress) -> Updated:
            found = self._packs().update_from(folder, report)
            if found.taken:
                self._library.refresh()
            return found

        self._view.run(self._messages("packs.looking"), work, self._updated)

    def _updated(self, result: object) -> None:
        if not isinstance(result, Updated):
            return
        self.show()
        if result.taken:
            names = ", ".join(one.title for one in result.taken)
            self._view.toast(self._messages("packs.taken", titles=names), None)
        elif result.refused:
            path, error = next(iter(result.refused.items()))
            sentence = self._messages(error.code, **error.blanks)
            self._view.toast(f"{path.name}: {sentence}", None)
        elif result.waiting:
            self.look(result.waiting[0])
        else:
            self._view.toast(self._messages("packs.nothing-newer"), None)

    # Changing

    def roll_back(self, pack_id: str) -> None:
        self._change(lambda packs: packs.roll_back(pack_id), "packs.rolled-back")

    def remove(self, pack_id: str) -> None:
        self._change(lambda packs: packs.remove(pack_id), "packs.removed")

    def move_up(self, pack_id: str) -> None:
        """Let a pack win over one more of the others."""
        self._change(lambda packs: packs.move(pack_id, 1), "packs.moved")

    def _change(self, act: Callable[[Packs], object], code: str) -> None:
        def work(_report: ReportProgress) -> str:
            act(self._packs())
            self._library.refresh()
            return code

        def done(_result: object) -> None:
            self.show()
            self._view.toast(self._messages(code), None)

        self._view.run(self._messages("packs.working"), work, done)

    def distrust(self, key: str) -> None:
        try:
            self._packs().distrust(key)
        except TrainerError as error:
            self._view.say(error)
        self.show()

    # Making

    def author(self) -> tuple[str, str, bool] | None:
        """Name and fingerprint of this PC's author, and whether a passphrase is asked for; None
        when there is no key yet."""
        try:
            known = known_key(self._keys)
        except TrainerError as error:
            self._view.say(error)
            return None
        return (known.name, known.words, known.locked) if known else None

    def sources(self) -> Sequence[tuple[str, Path]]:
        """What can be packed: the decks written here, if there are any, and all decks shipped."""
        found = []
        if self._own.is_dir() and any(self._own.rglob("*.md")):
            found.append((self._messages("packs.own-decks"), self._own))
        found.append((self._messages("packs.shipped-decks"), self._library.folders()[0]))
        return found

    def make(self, source: Path, title: str, name: str, passphrase: str, target: Path) -> None:
        """Pack the decks below `source`, signed; a key is made at first use, for `name`."""
        title = " ".join(title.split())

        def work(report: ReportProgress) -> Manifest:
            if known_key(self._keys) is None:
                signer = make_key(self._keys, name, os.urandom, passphrase)
            else:
                signer = open_key(self._keys, passphrase)
            return make_pack(
                [source],
                target,
                pack_id=slug(title, fallback="pack"),
                title=title,
                now=self._clock.now(),
                signer=signer,
                beside=self._library.folders(),
                report=report,
            )

        def done(result: object) -> None:
            if isinstance(result, Manifest):
                self.show()
                blanks = {"decks": len(deck_ids(result)), "path": target.name}
                self._view.toast(self._messages("pack.made", **blanks), None)

        self._view.run(self._messages("packs.making"), work, done)


def _author(one: Pinned) -> AuthorRow:
    return AuthorRow(one.key, one.name, one.words)


def _moment(manifest: Manifest) -> str:
    moment = datetime.fromtimestamp(manifest.version / 1000, tz=UTC).astimezone()
    return moment.strftime("%Y-%m-%d %H:%M")
