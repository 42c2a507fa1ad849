"""`trainer pack …`: content packs made, looked at, installed, rolled back."""

import os
import sys
from argparse import ArgumentParser, Namespace, _SubParsersAction
from datetime import UTC, datetime
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.bootstrap import content_folders
from trainer.cli.printed import print_json
from trainer.cli.progress import progress
from trainer.foundation.clock import SystemClock
from trainer.foundation.errors import TrainerError
from trainer.foundation.identifiers import slug
from trainer.foundation.messages import Messages

if TYPE_CHECKING:
    from trainer.exchange.content_pack import Manifest
    from trainer.services.author_key import AuthorKey
    from trainer.services.content_packs import Packs

GOOD, FOUND = 0, 1
_PASSPHRASE = "TRAINER_PASSPHRASE"  # noqa: S105 - the name of a variable


def register(commands: "_SubParsersAction[ArgumentParser]") -> None:
    pack = commands.add_parser("pack", help="make, check, install and roll back content packs")
    words = pack.add_subparsers(title="what to do", dest="what", required=True, metavar="WHAT")
    make = words.add_parser("make", help="pack decks into one signed file")
    make.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    make.add_argument("--to", type=Path, required=True, metavar="FILE", help="file to write")
    make.add_argument("--title", required=True, help="title of the pack")
    make.add_argument("--id", default="", help="its id, the same in every version")
    make.add_argument("--author", default="", metavar="NAME", help="makes a key at first use")
    make.add_argument("--unsigned", action="store_true", help="without a signature")
    verify = words.add_parser("verify", help="check a pack and say who made it")
    verify.add_argument("file", type=Path, metavar="FILE")
    install = words.add_parser("install", help="install a pack")
    install.add_argument("file", type=Path, metavar="FILE")
    install.add_argument("--accept", action="store_true", help="though its author is not known")
    install.add_argument("--trust", action="store_true", help="accept its author from now on")
    words.add_parser("list", help="list the packs of this PC")
    for name, what in (
        ("roll-back", "use the version before"),
        ("remove", "take a pack off; progress stays"),
    ):
        one = words.add_parser(name, help=what)
        one.add_argument("pack", metavar="ID")
    update = words.add_parser("update", help="install what is newer in a folder")
    update.add_argument("folder", type=Path, metavar="DIR")
    words.add_parser("authors", help="list the accepted authors")
    distrust = words.add_parser("distrust", help="ask again before an author's next pack")
    distrust.add_argument("author", metavar="NAME-OR-KEY")
    for one in words.choices.values():
        one.add_argument("--json", action="store_true", help="print for a program to read")
    pack.set_defaults(run=run)


def run(arguments: Namespace, messages: Messages) -> int:
    """Exit status: 0 good; 1 the pack is not of an accepted author, or nothing was found."""
    return int(_WHAT[arguments.what](arguments, messages))


def _packs(arguments: Namespace) -> "Packs":
    from trainer.bootstrap import open_packs

    return open_packs(arguments.places, SystemClock())


def _make(arguments: Namespace, messages: Messages) -> int:
    from trainer.services.content_packs import make_pack

    signer = None if arguments.unsigned else _key(arguments, messages)
    with progress() as report:
        manifest = make_pack(
            arguments.paths,
            arguments.to,
            pack_id=arguments.id or slug(arguments.title, fallback="pack"),
            title=arguments.title,
            now=SystemClock().now(),
            signer=signer,
            beside=content_folders(arguments.places),
            report=report,
        )
    if arguments.json:
        print_json({**_row(manifest), "file": str(arguments.to)})
    else:
        print(messages("pack.made", decks=_decks(manifest), path=arguments.to))
        _print_author(manifest, messages)
    return GOOD


def _key(arguments: Namespace, messages: Messages) -> "AuthorKey":
    from trainer.services.author_key import known_key, make_key, open_key

    folder = arguments.places.keys
    known = known_key(folder)
    if known is None:
        if not arguments.author:
            raise TrainerError("pack.no-key")
        key = make_key(folder, arguments.author, os.urandom, os.environ.get(_PASSPHRASE, ""))
        print(messages("pack.key-made", name=key.name), file=sys.stderr)
        return key
    passphrase = os.environ.get(_PASSPHRASE, "")
    if known.locked and not passphrase and sys.stdin is not None and sys.stdin.isatty():
        passphrase = getpass(messages("pack.ask-passphrase"))
    return open_key(folder, passphrase)


def _verify(arguments: Namespace, messages: Messages) -> int:
    found = _packs(arguments).examine(arguments.file)
    manifest = found.manifest
    if arguments.json:
        row = {"standing": str(found.standing), "installed": found.installed}
        print_json({**_row(manifest), **row, "decks": found.decks, "covers": found.covers})
    else:
        blanks = {"title": manifest.title, "decks": len(found.decks), "date": _date(manifest)}
        print(messages("pack.is-whole", **blanks))
        _print_author(manifest, messages)
        print(messages(f"pack.standing.{found.standing}"))
        if found.covers:
            print(messages("pack.covers", decks=", ".join(found.covers)))
    return GOOD if found.standing == "trusted" else FOUND


def _install(arguments: Namespace, messages: Messages) -> int:
    packs = _packs(arguments)
    if arguments.trust:
        author = packs.examine(arguments.file).manifest.author
        packs.trust(author)
    with progress() as report:
        manifest = packs.install(
            arguments.file, accept=arguments.accept or arguments.trust, report=report
        )
    _say(arguments, messages, "pack.installed", manifest)
    return GOOD


def _list(arguments: Namespace, messages: Messages) -> int:
    installed = _packs(arguments).installed()
    if arguments.json:
        rows = []
        for one in installed:
            previous = one.previous.version if one.previous else 0
            rows.append({**_row(one.manifest), "standing": str(one.standing), "previous": previous})
        print_json(rows)
        return GOOD
    if not installed:
        print(messages("pack.none"))
    for one in installed:
        manifest = one.manifest
        print(
            f"{manifest.pack_id}  {_date(manifest)}  {manifest.title}"
            f"  {manifest.author.name}  {messages(f'pack.standing.{one.standing}')}"
        )
    return GOOD


def _roll_back(arguments: Namespace, messages: Messages) -> int:
    manifest = _packs(arguments).roll_back(arguments.pack)
    _say(arguments, messages, "pack.rolled-back", manifest)
    return GOOD


def _remove(arguments: Namespace, messages: Messages) -> int:
    packs = _packs(arguments)
    if arguments.pack not in {one.manifest.pack_id for one in packs.installed()}:
        raise TrainerError("pack.not-installed", pack=arguments.pack)
    packs.remove(arguments.pack)
    if arguments.json:
        print_json({"removed": arguments.pack})
    else:
        print(messages("pack.removed", pack=arguments.pack))
    return GOOD


def _update(arguments: Namespace, messages: Messages) -> int:
    with progress() as report:
        found = _packs(arguments).update_from(arguments.folder, report)
    if arguments.json:
        print_json(
            {
                "installed": [_row(one) for one in found.taken],
                "waiting": [str(path) for path in found.waiting],
                "refused": {
                    str(path): messages(error.code, **error.blanks)
                    for path, error in found.refused.items()
                },
            }
        )
    else:
        for manifest in found.taken:
            _say(arguments, messages, "pack.installed", manifest)
        for path in found.waiting:
            print(messages("pack.waiting", name=path.name), file=sys.stderr)
        for path, error in found.refused.items():
            print(f"{path.name}: {messages(error.code, **error.blanks)}", file=sys.stderr)
        if not found.taken and not found.waiting and not found.refused:
            print(messages("pack.up-to-date", folder=arguments.folder))
    return FOUND if found.waiting or found.refused else GOOD


def _authors(arguments: Namespace, _messages: Messages) -> int:
    authors = _packs(arguments).authors()
    if arguments.json:
        print_json([{"name": one.name, "key": one.key, "words": one.words} for one in authors])
    else:
        for one in authors:
            print(f"{one.name}  {one.words}  {one.key}")
    return GOOD


def _distrust(arguments: Namespace, messages: Messages) -> int:
    packs = _packs(arguments)
    wanted = arguments.author
    found = [one for one in packs.authors() if wanted in {one.name, one.key, one.words}]
    if not found:
        raise TrainerError("pack.no-such-author")
    for one in found:
        packs.distrust(one.key)
    if arguments.json:
        print_json({"distrusted": [one.key for one in found]})
    else:
        print(messages("pack.distrusted"))
    return GOOD


_WHAT = {
    "make": _make,
    "verify": _verify,
    "install": _install,
    "list": _list,
    "roll-back": _roll_back,
    "remove": _remove,
    "update": _update,
    "authors": _authors,
    "distrust": _distrust,
}


def _say(arguments: Namespace, messages: Messages, code: str, manifest: "Manifest") -> None:
    if arguments.json:
        print_json(_row(manifest))
    else:
        print(messages(code, title=manifest.title, date=_date(manifest)))


def _print_author(manifest: "Manifest", messages: Messages) -> None:
    author = manifest.author
    if author.key:
        print(messages("pack.signed-by", name=author.name, words=author.words))


def _row(manifest: "Manifest") -> dict[str, object]:
    author = manifest.author
    return {
        "id": manifest.pack_id,
        "title": manifest.title,
        "version": manifest.version,
        "author": author.name,
        "key": author.key,
        "words": author.words,
        "files": len(manifest.files),
    }


def _decks(manifest: "Manifest") -> int:
    from trainer.services.content_packs import deck_ids

    return len(deck_ids(manifest))


def _date(manifest: "Manifest") -> str:
    moment = datetime.fromtimestamp(manifest.version / 1000, tz=UTC).astimezone()
    return moment.strftime("%Y-%m-%d %H:%M")
