"""`trainer import | export`: decks in from other programs, and out to them."""

import sys
from argparse import ArgumentParser, Namespace, _SubParsersAction
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from trainer.bootstrap import content_folders, own_content
from trainer.cli.printed import print_json
from trainer.cli.progress import progress
from trainer.foundation.clock import SystemClock
from trainer.foundation.errors import TrainerError
from trainer.foundation.messages import Messages

if TYPE_CHECKING:
    from trainer.exchange.model import NotCarried, PastReview
    from trainer.services.deck_exchange import Target, Written
    from trainer.storage.learners import LearnerFile

GOOD, LEFT_BEHIND = 0, 1
IMPORTED = "imported"  # the skill that decks of no subject lie under
COMPETENCES = {
    "platform": "platform-rules",
    "product": "product-knowledge",
    "logistics": "logistics-finance",
    "payments": "logistics-finance",
    "culture": "intercultural",
    "language": "foreign-language",
}
_MOST_SHOWN = 5


def register(commands: "_SubParsersAction[ArgumentParser]") -> None:
    take = commands.add_parser("import", help="make decks of other programs' files")
    take.add_argument("files", nargs="+", type=Path, metavar="FILE")
    take.add_argument("--as", dest="format", default="", metavar="FORMAT", help="its format")
    take.add_argument("--to", type=Path, metavar="DIR", help="content folder to write to")
    subject = take.add_mutually_exclusive_group()
    subject.add_argument("--platform", metavar="NAME", help="it is about this platform")
    subject.add_argument("--product", action="store_true", help="it is about a product")
    subject.add_argument("--skill", metavar="NAME", help="it is about this skill")
    take.add_argument("--title", default="", help="title of the deck")
    take.add_argument("--deck-language", choices=("en", "zh"), help="language of the deck")
    take.add_argument("--history", metavar="LEARNER", help="give its answers to this learner")
    take.add_argument("--dry-run", action="store_true", help="only say what would come")
    take.add_argument("--json", action="store_true", help="print for a program to read")
    take.set_defaults(run=import_files)
    give = commands.add_parser("export", help="write decks for other programs")
    give.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    give.add_argument("--to", type=Path, required=True, metavar="FILE", help="file to write")
    give.add_argument("--as", dest="format", default="", metavar="FORMAT", help="its format")
    give.add_argument("--history", metavar="LEARNER", help="with the answers of this learner")
    give.add_argument("--json", action="store_true", help="print for a program to read")
    give.set_defaults(run=export)


def import_files(arguments: Namespace, messages: Messages) -> int:
    """Exit status: 0 everything was carried, 1 something stayed behind."""
    # Loaded for those who exchange decks.
    from trainer.services import deck_exchange

    status = GOOD
    told: list[object] = []
    for path in arguments.files:
        with progress() as report:
            preview = deck_exchange.look(path, report, arguments.format)
        if arguments.dry_run:
            lost = preview.not_carried
            row = {
                "file": str(path),
                "format": preview.format.key,
                "questions": preview.imported.seen,
                "cards": len(preview.deck.cards),
            }
            print_words = messages("import.would", **_blanks(preview.format.name, row))
        else:
            written = deck_exchange.take(preview, _target(arguments, messages, path))
            lost = written.not_carried
            row = {
                "file": str(path),
                "format": preview.format.key,
                "questions": written.seen,
                "cards": written.cards,
                "rules": written.rules,
                "pictures": written.pictures,
                "deck": str(written.path),
            }
            if arguments.history:
                row["answers"] = _take_history(arguments, written)
            print_words = messages("import.written", **_blanks(preview.format.name, row))
        if arguments.json:
            told.append({**row, "not_carried": _lost_rows(lost, messages)})
        else:
            print(print_words)
            _print_lost(lost, messages)
        status = LEFT_BEHIND if lost else status
    if arguments.json:
        print_json(told)
    return status


def _blanks(name: str, row: dict[str, object]) -> dict[str, object]:
    return {"format": name, **{key: value for key, value in row.items() if key != "format"}}


def _target(arguments: Namespace, messages: Messages, path: Path) -> "Target":
    from trainer.services.deck_exchange import Target

    folders = content_folders(arguments.places)
    kind: Literal["platform", "product", "skill"]
    kind = "platform" if arguments.platform else "product" if arguments.product else "skill"
    subject = arguments.platform or arguments.skill or IMPORTED
    return Target(
        folder=(arguments.to or own_content(arguments.places)).absolute(),
        subject_kind=kind,
        subject=subject,
        competence=COMPETENCES.get(kind, COMPETENCES.get(subject, "platform-rules")),
        title=arguments.title if len(arguments.files) == 1 else "",
        language=arguments.deck_language,
        verify=messages("import.to-verify", name=path.name),
        beside=tuple(folders),
    )


def _take_history(arguments: Namespace, written: "Written") -> int:
    from trainer.services import deck_exchange

    learner = _learner(arguments)
    try:
        return deck_exchange.take_history(written, learner, deck_exchange.cards_in(written))
    finally:
        learner.close()


def _learner(arguments: Namespace) -> "LearnerFile":
    from trainer.services.sign_in import People

    people = People(arguments.places.data, SystemClock())
    wanted = arguments.history
    for person in people.all():
        if wanted in {person.name, person.learner_id}:
            return people.open(person.learner_id)
    raise TrainerError("person.not-here", name=wanted)


def export(arguments: Namespace, messages: Messages) -> int:
    """Exit status: 0 everything was carried, 1 something stayed behind."""
    from trainer.exchange.formats import format_named
    from trainer.foundation.files import write_whole
    from trainer.services import authoring, deck_exchange

    key = arguments.format or _format_of(arguments.to)
    decks = [one.deck for one in authoring.read_decks(arguments.paths)]
    folders = [*content_folders(arguments.places), *_own_folders(arguments.paths)]
    reviews: Sequence[PastReview] = ()
    if arguments.history:
        learner = _learner(arguments)
        try:
            reviews = deck_exchange.history_of(learner)
        finally:
            learner.close()
    with progress() as report:
        made = deck_exchange.give(
            key,
            decks,
            folders,
            SystemClock(),
            reviews=reviews,
            report=report,
        )
    write_whole(arguments.to, made.content)
    name = format_named(key).name
    if arguments.json:
        row = {"file": str(arguments.to), "format": key, "questions": made.questions}
        print_json({**row, "not_carried": _lost_rows(made.not_carried, messages)})
    else:
        blanks = {"format": name, "number": made.questions, "file": arguments.to}
        print(messages("export.written", **blanks))
        _print_lost(made.not_carried, messages)
    return LEFT_BEHIND if made.not_carried else GOOD


def _own_folders(paths: Sequence[Path]) -> list[Path]:
    from trainer.decks.addresses import content_folder_of

    return list(dict.fromkeys(content_folder_of(path.resolve()) for path in paths))


def _format_of(path: Path) -> str:
    from trainer.exchange.formats import FORMATS

    name = path.name.lower()
    for one in FORMATS:
        if one.exports and any(name.endswith(suffix) for suffix in one.suffixes):
            return one.key
    raise TrainerError("import.unknown-format", name=path.name)


def _lost_rows(lost: "Sequence[NotCarried]", messages: Messages) -> list[dict[str, str]]:
    from trainer.services.deck_exchange import sentence

    return [
        {"code": one.code, "where": one.where, "message": sentence(one, messages)} for one in lost
    ]


def _print_lost(lost: "Sequence[NotCarried]", messages: Messages) -> None:
    from trainer.services.deck_exchange import sentence, summed

    for one in summed(lost):
        print(f"  {one.number:>5}  {sentence(one.examples[0], messages)}", file=sys.stderr)
        for example in one.examples[:_MOST_SHOWN]:
            if example.where:
                print(f"         {example.where}", file=sys.stderr)
