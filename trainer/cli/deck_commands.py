"""`trainer format | diff | freshness`: decks put in shape, compared, and listed by age."""

import sys
from argparse import ArgumentParser, Namespace, _SubParsersAction
from datetime import timedelta
from pathlib import Path

from trainer.cards.model import Language
from trainer.cli.author_commands import days
from trainer.cli.printed import print_json
from trainer.foundation.clock import SystemClock
from trainer.foundation.messages import Messages
from trainer.services import authoring

GOOD, FOUND = 0, 1


def register(commands: "_SubParsersAction[ArgumentParser]") -> None:
    form = commands.add_parser("format", help="put decks in shape; no word is changed")
    form.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    form.add_argument("--check", action="store_true", help="only say which would change")
    form.add_argument("--json", action="store_true", help="print for a program to read")
    form.set_defaults(run=format_decks)
    diff_words = commands.add_parser("diff", help="say what a changed deck does to students")
    diff_words.add_argument("old", type=Path, metavar="OLD", help="deck or folder as it was")
    diff_words.add_argument("new", type=Path, metavar="NEW", help="deck or folder as it is")
    diff_words.add_argument("--json", action="store_true", help="print for a program to read")
    diff_words.set_defaults(run=diff)
    fresh = commands.add_parser("freshness", help="list rules by age and doubt")
    fresh.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    fresh.add_argument(
        "--fresh",
        type=days,
        default=timedelta(days=365),
        metavar="DAYS",
        help="how long a rule counts as fresh (365)",
    )
    fresh.add_argument("--all", action="store_true", help="list fresh rules too")
    fresh.add_argument("--checked", nargs="+", metavar="RULE", help="these were checked today")
    kind = fresh.add_mutually_exclusive_group()
    for name in ("json", "csv", "markdown"):
        kind.add_argument(f"--{name}", action="store_true", help=f"print as {name}")
    kind.add_argument("--pdf", type=Path, metavar="FILE", help="write a paper for the meeting")
    fresh.set_defaults(run=freshness)


def format_decks(arguments: Namespace, messages: Messages) -> int:
    """Exit status: 0 good; 1 with --check when a deck is not in shape, or when one cannot be."""
    reports = authoring.format_decks(arguments.paths, write=not arguments.check)
    if arguments.json:
        rows = [
            {"file": str(one.path), "changed": one.changed, "problem": one.problem}
            for one in reports
        ]
        print_json(rows)
    else:
        for one in reports:
            if one.problem:
                print(messages(one.problem, path=one.path), file=sys.stderr)
            elif one.changed:
                code = "author.would-format" if arguments.check else "author.formatted"
                print(messages(code, path=one.path))
        if not any(one.changed or one.problem for one in reports):
            print(messages("author.nothing-to-format"))
    troubled = any(one.problem for one in reports)
    return FOUND if troubled or (arguments.check and any(one.changed for one in reports)) else GOOD


def diff(arguments: Namespace, messages: Messages) -> int:
    """Exit status: 0 nobody has to learn anew, 1 answers changed or cards went away."""
    from trainer.services.deck_effects import Effect, effects_between

    effects = effects_between(arguments.old, arguments.new)
    if arguments.json:
        print_json(
            [
                {
                    "effect": str(one.effect),
                    "card": one.card_id,
                    "language": one.language,
                    "question": one.question,
                    "old": one.old,
                    "new": one.new,
                }
                for one in effects.cards
            ]
        )
    else:
        for effect in Effect:
            found = effects.of(effect)
            if found:
                print(messages.count(f"diff.{effect}", len(found)))
            for one in found:
                print(f"  {one.card_id}  {one.question}")
                if effect is Effect.ANSWER:
                    print(f"    - {' '.join(one.old.split())}\n    + {' '.join(one.new.split())}")
        if not effects.cards:
            print(messages("diff.nothing"))
    grave = {Effect.ANSWER, Effect.REMOVED, Effect.BROKEN}
    return FOUND if any(one.effect in grave for one in effects.cards) else GOOD


def freshness(arguments: Namespace, messages: Messages) -> int:
    """Exit status: 0 everything is fresh, 1 some rules are not."""
    from trainer.services import freshness as board

    today = SystemClock().now().date()
    language: Language = "zh" if messages.language == "zh_CN" else "en"
    read = authoring.read_decks(arguments.paths)
    if arguments.checked:
        files = {one.address: Path(one.path) for one in read}
        marked = board.mark_checked(arguments.checked, files, today)
        print(messages("freshness.marked", number=marked.rules), file=sys.stderr)
        read = authoring.read_decks(arguments.paths)
    every = board.ages([one.deck for one in read], today, arguments.fresh)
    rows = [one for one in every if arguments.all or one.freshness is not board.Freshness.FRESH]
    if arguments.json:
        print_json([_row(one) for one in rows])
    elif arguments.csv:
        print(board.as_csv(rows, messages, language).replace("\r\n", "\n"), end="")
    elif arguments.markdown:
        print(board.as_markdown(rows, today, messages, language))
    elif arguments.pdf:
        arguments.print_pdf(board.as_html(rows, today, messages, language), arguments.pdf)
        print(messages("freshness.report-written", path=arguments.pdf))
    else:
        for one in rows:
            state = messages(f"freshness.{one.freshness}")
            print(f"{one.checked or '-':<10}  {one.rule_id}  {state}  {one.title(language)}")
        print(messages("freshness.shown", shown=len(rows), rules=len(every)), file=sys.stderr)
    old = any(one.freshness is not board.Freshness.FRESH for one in every)
    return FOUND if old else GOOD


def _row(one: object) -> dict[str, object]:
    from trainer.services.freshness import RuleAge

    if not isinstance(one, RuleAge):
        raise TypeError(one)
    return {
        "rule": one.rule_id,
        "deck": one.deck_id,
        "title": one.titles,
        "state": str(one.freshness),
        "checked": one.checked,
        "days": one.days,
        "verify": one.verify,
        "sources": [
            {"title": source.title, "url": source.url, "date": source.date}
            for source in one.sources
        ],
        "cards": one.cards,
    }
