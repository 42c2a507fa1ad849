"""The formats we know: which files are which, what reads and writes them, and what each carries."""

from collections.abc import Callable, Mapping
from typing import Literal

import msgspec

from trainer.exchange.archives import Archive, is_zip
from trainer.exchange.model import Bundle, Exported, Imported, ReportProgress, no_report
from trainer.foundation.errors import TrainerError

Reader = Callable[[bytes, str, ReportProgress], Imported]
Writer = Callable[[Bundle, ReportProgress], Exported]

LARGEST_FILE = 512 * 2**20  # bytes

# How a format carries something: whole; so that only ours reads it again; in part; not at all.
Carries = Literal["yes", "inside", "partly", "no"]
THINGS = (
    "recall", "term", "cloze", "single-choice", "multiple-response", "true-false", "number",
    "typed", "ordering", "matching", "parametric", "ids", "explanations", "reasons", "difficulty",
    "tags", "rules", "sources", "pictures", "emphasis", "history", "cases", "penalty-tables",
)  # fmt: skip


class Format(msgspec.Struct, frozen=True):
    """One format. `suffixes` are those of its files, ours first."""

    key: str
    name: str
    suffixes: tuple[str, ...]
    imports: bool
    exports: bool
    carries: Mapping[str, Carries]


def _carries(**exceptions: Carries) -> dict[str, Carries]:
    """Everything whole, but for `exceptions` (with _ for -)."""
    said = {name.replace("_", "-"): how for name, how in exceptions.items()}
    unknown = said.keys() - set(THINGS)
    if unknown:
        raise ValueError(unknown)
    nowhere: dict[str, Carries] = {"cases": "no", "history": "no", "penalty-tables": "no"}
    return {**dict.fromkeys(THINGS, "yes"), **nowhere, **said}


FORMATS = (
    Format(
        "anki",
        "Anki",
        (".apkg", ".colpkg", ".anki2", ".anki21"),
        True,
        True,
        _carries(
            single_choice="inside", multiple_response="inside", true_false="inside",
            ordering="inside", matching="inside", parametric="inside", difficulty="inside",
            number="inside", history="yes", reasons="inside", rules="inside", sources="inside",
        ),
    ),
    Format(
        "moodle",
        "Moodle XML",
        (".xml",),
        True,
        True,
        _carries(parametric="partly", matching="partly", cloze="partly"),
    ),
    Format(
        "gift",
        "GIFT",
        (".gift", ".gift.txt"),
        True,
        True,
        _carries(
            parametric="partly", ordering="partly", matching="partly", cloze="partly",
            number="partly", rules="partly", sources="no", pictures="no",
        ),
    ),
    Format(
        "qti",
        "QTI 2.1",
        (".zip", ".xml"),
        True,
        True,
        _carries(parametric="partly", matching="partly", cloze="partly"),
    ),
    Format(
        "csv",
        "CSV",
        (".csv", ".tsv"),
        True,
        True,
        _carries(cloze="partly", pictures="no"),
    ),
    Format(
        "xlsx",
        "Excel",
        (".xlsx",),
        True,
        True,
        _carries(cloze="partly", pictures="no"),
    ),
    Format(
        "obsidian",
        "Obsidian Spaced Repetition",
        (".md",),
        True,
        False,
        _carries(
            single_choice="no", multiple_response="no", true_false="no", number="no", typed="no",
            ordering="no", matching="no", parametric="no", ids="no", explanations="no",
            reasons="no", difficulty="no", rules="partly", sources="no", pictures="no",
        ),
    ),
    Format(
        "hashcards",
        "hashcards",
        (".md",),
        True,
        False,
        _carries(
            term="no", single_choice="no", multiple_response="no", true_false="no", number="no",
            typed="no", ordering="no", matching="no", parametric="no", ids="no", explanations="no",
            reasons="no", difficulty="no", tags="no", rules="no", sources="no", pictures="no",
        ),
    ),
)  # fmt: skip
BY_KEY = {one.key: one for one in FORMATS}


def format_named(key: str) -> Format:
    """Raises TrainerError: import.unknown-format."""
    if key not in BY_KEY:
        raise TrainerError("import.unknown-format", name=key)
    return BY_KEY[key]


def format_of(content: bytes, name: str) -> Format:
    """What a file is, by what is in it, and by its name where that says nothing.

    Raises TrainerError: import.unknown-format, import.damaged, import.too-big.
    """
    lower = name.lower()
    if content.startswith(b"SQLite format 3\0"):
        return BY_KEY["anki"]
    if is_zip(content):
        return BY_KEY[_kind_of_zip(content, name)]
    head = content[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if head.startswith(b"<"):
        if b"assessmentItem" in head:
            return BY_KEY["qti"]
        if b"<quiz" in head or lower.endswith(".xml"):
            return BY_KEY["moodle"]
    if lower.endswith((".csv", ".tsv")):
        return BY_KEY["csv"]
    if lower.endswith((".gift", ".gift.txt")) or (lower.endswith(".txt") and b"{" in content):
        return BY_KEY["gift"]
    if lower.endswith((".md", ".markdown", ".txt")):
        return BY_KEY[_kind_of_markdown(content)]
    raise TrainerError("import.unknown-format", name=name)


def _kind_of_zip(content: bytes, name: str) -> str:
    archive = Archive(content)
    if archive.has("[Content_Types].xml"):
        return "xlsx"
    names = archive.names()
    if any(one.startswith("collection.anki2") for one in names):
        return "anki"
    if any(one.endswith("imsmanifest.xml") for one in names):
        return "qti"
    raise TrainerError("import.unknown-format", name=name)


def _kind_of_markdown(content: bytes) -> str:
    lines = content[:200_000].split(b"\n")
    marks = sum(line.startswith((b"Q:", b"A:", b"C:")) for line in lines)
    return "hashcards" if marks > 1 else "obsidian"


def read(content: bytes, name: str, report: ReportProgress = no_report, key: str = "") -> Imported:
    """The deck in a file of another program.

    Raises TrainerError (import.*), and Cancelled when `report` does.
    """
    if len(content) > LARGEST_FILE:
        raise TrainerError("import.too-big")
    if not content:
        raise TrainerError("import.nothing-in-it")
    kind = format_named(key) if key else format_of(content, name)
    return _reader(kind.key)(content, name, report)


def write(key: str, bundle: Bundle, report: ReportProgress = no_report) -> Exported:
    """The decks of `bundle` as a file of another program.

    Raises TrainerError: import.unknown-format, export.nothing-to-write; Cancelled.
    """
    kind = format_named(key)
    if not kind.exports:
        raise TrainerError("export.not-written", name=kind.name)
    if not any(deck.cards for deck in bundle.decks):
        raise TrainerError("export.nothing-to-write")
    return _writer(key)(bundle, report)


# Each format is loaded when a file of it is met.


def _reader(key: str) -> Reader:
    match key:
        case "anki":
            from trainer.exchange.anki_reading import read_anki as reader
        case "moodle":
            from trainer.exchange.moodle_xml import read_moodle as reader
        case "gift":
            from trainer.exchange.gift import read_gift as reader
        case "qti":
            from trainer.exchange.qti_reading import read_qti as reader
        case "csv":
            from trainer.exchange.spreadsheets import read_csv as reader
        case "xlsx":
            from trainer.exchange.spreadsheets import read_xlsx as reader
        case "hashcards":
            from trainer.exchange.markdown_cards import read_hashcards as reader
        case _:
            from trainer.exchange.markdown_cards import read_obsidian as reader
    return reader


def _writer(key: str) -> Writer:
    match key:
        case "anki":
            from trainer.exchange.anki_writing import write_anki as writer
        case "moodle":
            from trainer.exchange.moodle_xml import write_moodle as writer
        case "gift":
            from trainer.exchange.gift import write_gift as writer
        case "qti":
            from trainer.exchange.qti_writing import write_qti as writer
        case "csv":
            from trainer.exchange.spreadsheets import write_csv as writer
        case _:
            from trainer.exchange.spreadsheets import write_xlsx as writer
    return writer
