"""`trainer lint | stats | stamp | preview`: what a teacher does with decks as files."""

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace, _SubParsersAction
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from trainer.bootstrap import content_folders
from trainer.foundation.clock import SystemClock
from trainer.foundation.messages import Messages
from trainer.foundation.source import Finding, Level
from trainer.services import authoring

GOOD, ERRORS_FOUND, WRONG_USE = 0, 1, 2
_SARIF_LEVELS = {Level.ERROR: "error", Level.WARNING: "warning", Level.HINT: "note"}


def register(commands: "_SubParsersAction[ArgumentParser]") -> None:
    lint_words = commands.add_parser("lint", help="check decks and say what is wrong")
    lint_words.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    form = lint_words.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print for a program to read")
    form.add_argument("--sarif", action="store_true", help="print in SARIF 2.1.0")
    lint_words.add_argument(
        "--fresh",
        type=days,
        default=timedelta(days=365),
        metavar="DAYS",
        help="how long a rule counts as fresh (365)",
    )
    lint_words.set_defaults(run=lint)
    stats_words = commands.add_parser("stats", help="count decks, rules and cards")
    stats_words.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    stats_words.add_argument("--json", action="store_true", help="print for a program to read")
    stats_words.set_defaults(run=stats)
    stamp_words = commands.add_parser("stamp", help="write an id to whatever has none")
    stamp_words.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    stamp_words.add_argument("--json", action="store_true", help="print for a program to read")
    stamp_words.set_defaults(run=stamp)
    preview_words = commands.add_parser("preview", help="print a deck as an HTML page")
    preview_words.add_argument("file", type=Path, metavar="FILE")
    preview_words.set_defaults(run=preview)


def lint(arguments: Namespace, messages: Messages) -> int:
    """Exit status: 0 no errors (there may be warnings), 1 errors found."""
    today = SystemClock().now().date()
    beside = content_folders(arguments.places) if "places" in arguments else ()
    report = authoring.lint(arguments.paths, today, arguments.fresh, beside)
    counts = {f"{level}s": report.count(level) for level in Level}
    if arguments.json:
        _print_json([_row(finding, messages) for finding in report.findings])
    elif arguments.sarif:
        _print_json(_sarif(report.findings, messages))
    else:
        for finding in report.findings:
            sentence = messages(finding.code, **finding.blanks)
            print(f"{finding.place}: {finding.level} {finding.code} {sentence}")
        print(messages("author.lint-summary", files=report.files, **counts), file=sys.stderr)
    return ERRORS_FOUND if counts["errors"] else GOOD


def stats(arguments: Namespace, messages: Messages) -> int:
    """Exit status: 0."""
    counts = authoring.count(authoring.read_decks(arguments.paths))
    if arguments.json:
        rounded = round(counts.to_verify / counts.rules, 4) if counts.rules else 0.0
        _print_json({**asdict(counts), "share_to_verify": rounded})
        return GOOD
    for name in ("decks", "files", "rules", "cards", "studyable", "scenarios"):
        print(f"{messages(f'stats.{name}')}: {getattr(counts, name)}")
    share = f"{counts.to_verify / counts.rules:.0%}" if counts.rules else "-"
    print(f"{messages('stats.to-verify')}: {counts.to_verify} ({share})")
    print(f"{messages('stats.oldest')}: {counts.oldest or '-'}")
    for name in ("kind", "language", "competence"):
        print(f"\n{messages(f'stats.by-{name}')}")
        _print_counts(getattr(counts, f"by_{name}"))
    print()
    for deck in counts.per_deck:
        print(
            f"{deck.deck_id} [{' '.join(deck.languages)}]"
            f"  {messages('stats.rules')} {deck.rules}, {messages('stats.cards')} {deck.cards},"
            f" {messages('stats.scenarios')} {deck.scenarios},"
            f" {messages('stats.to-verify')} {deck.to_verify}, {deck.oldest or '-'}"
        )
    return GOOD


def stamp(arguments: Namespace, messages: Messages) -> int:
    """Exit status: 0 good, 1 some files could not be stamped and were left as they are."""
    reports = authoring.stamp(arguments.paths)
    troubled = any(report.problem for report in reports)
    if arguments.json:
        _print_json(
            [{"file": str(one.path), "given": one.given, "problem": one.problem} for one in reports]
        )
        return ERRORS_FOUND if troubled else GOOD
    for report in reports:
        if report.problem:
            print(messages(report.problem, path=report.path), file=sys.stderr)
        elif report.given:
            print(messages("author.stamped", path=report.path, number=len(report.given)))
    if not troubled and not any(report.given for report in reports):
        print(messages("author.nothing-to-stamp"))
    return ERRORS_FOUND if troubled else GOOD


def preview(arguments: Namespace, messages: Messages) -> int:
    """Exit status: 0 good, 1 the deck has errors (the rest of it is shown all the same)."""
    from trainer.services.deck_page import deck_page  # Markdown takes long to load

    deck, content = authoring.read_deck(arguments.file)
    print(deck_page(deck, content, messages), end="")
    broken = any(finding.level is Level.ERROR for finding in deck.findings)
    return ERRORS_FOUND if broken else GOOD


def days(text: str) -> timedelta:
    """A number of days as it is typed behind an option."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:6]) <= 36500:
        raise ArgumentTypeError(text)
    return timedelta(days=int(text[:6]))


def _print_counts(counts: Mapping[str, int]) -> None:
    for name, number in counts.items():
        if number:
            print(f"  {number:>6}  {name}")


def _print_json(value: object) -> None:
    import json  # only for programs that ask

    print(json.dumps(value, ensure_ascii=False, indent=2))


def _row(finding: Finding, messages: Messages) -> dict[str, object]:
    place = finding.place
    row: dict[str, object] = {
        "file": place.path.as_posix(),
        "line": place.line,
        "column": place.column,
        "level": str(finding.level),
        "code": finding.code,
        "message": messages(finding.code, **finding.blanks),
    }
    if finding.fix is not None:
        fix = finding.fix
        row["fix"] = {
            "start": [fix.start.line, fix.start.column],
            "end": [fix.end.line, fix.end.column],
            "replacement": fix.replacement,
        }
    return row


def _sarif(findings: Iterable[Finding], messages: Messages) -> dict[str, object]:
    """SARIF 2.1.0 (OASIS): https://docs.oasis-open.org/sarif/sarif/v2.1.0/"""
    findings = tuple(findings)
    rules = [{"id": code} for code in sorted({finding.code for finding in findings})]
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "trainer lint", "rules": rules}},
                "columnKind": "unicodeCodePoints",
                "results": [_sarif_result(finding, messages) for finding in findings],
            }
        ],
    }


def _sarif_result(finding: Finding, messages: Messages) -> dict[str, object]:
    place = finding.place
    artifact = {"uri": place.path.as_posix()}
    result: dict[str, object] = {
        "ruleId": finding.code,
        "level": _SARIF_LEVELS[finding.level],
        "message": {"text": messages(finding.code, **finding.blanks)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": artifact,
                    "region": {"startLine": place.line, "startColumn": place.column},
                }
            }
        ],
    }
    if finding.fix is not None:
        fix = finding.fix
        region = {
            "startLine": fix.start.line,
            "startColumn": fix.start.column,
            "endLine": fix.end.line,
            "endColumn": fix.end.column,
        }
        replacement = {"deletedRegion": region, "insertedContent": {"text": fix.replacement}}
        change = {"artifactLocation": artifact, "replacements": [replacement]}
        result["fixes"] = [{"artifactChanges": [change]}]
    return result
