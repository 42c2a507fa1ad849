"""What a teacher does before an exam, from file to file: class lists, blueprints, previews, keys.

Screens and commands come here; packing itself is `exam_packing`, the decks' offer `exam_pool`.
"""

from collections.abc import Sequence
from pathlib import Path

from trainer.cards.model import Language
from trainer.decks.encoding import decode
from trainer.decks.model import COMPETENCES
from trainer.exams.assembly import form_names
from trainer.exams.blueprint import (
    EXAM_KINDS,
    Blueprint,
    Cell,
    SectionPlan,
    read_blueprint,
    write_blueprint,
)
from trainer.exams.key_file import Entrant
from trainer.exams.keys import Entropy, ExamError
from trainer.exams.package import MOST_PACKAGE
from trainer.exams.paper_set import make_papers
from trainer.exchange.blueprint_sheet import blueprint_xlsx, read_blueprint_sheet
from trainer.exchange.class_list import ClassList, class_list_csv, class_list_xlsx, read_class_list
from trainer.foundation.errors import TrainerError
from trainer.foundation.files import disk_error, write_whole
from trainer.foundation.messages import Messages
from trainer.services.exam_keys import KeyShelf
from trainer.services.exam_pool import ExamPool
from trainer.services.exam_sheets import PaperPress

EXAM_FOLDER = "exams"  # below the data folder: keys, blueprints
TRUSTED_BESIDE = "exam-keys"  # beside the program: put there by IT, where users cannot write
_MOST_TEXT = 1 << 20
_MOST_TABLE = 17 << 20


def open_shelf(data: Path, program: Path, entropy: Entropy) -> KeyShelf:
    """The keys of this PC. `program` is the folder the program lies in."""
    return KeyShelf(data / EXAM_FOLDER, entropy, [program / TRUSTED_BESIDE])


def read_class(path: Path) -> ClassList:
    """Raises TrainerError: table.too-big, table.damaged, disk.*."""
    return read_class_list(_read(path, _MOST_TABLE, "table.too-big"), path)


def write_class(entrants: Sequence[Entrant], path: Path) -> None:
    """CSV, or a workbook by the name. Raises TrainerError disk.*."""
    workbook = path.suffix.lower() == ".xlsx"
    write_whole(path, class_list_xlsx(entrants) if workbook else class_list_csv(entrants))


def read_plan(path: Path) -> Blueprint:
    """A blueprint from TOML, JSON or a workbook. Raises ExamError exam.no-blueprint (blank reason)
    or exam.plan-*; TrainerError table.*, disk.*."""
    content = _read(path, _MOST_TABLE, "table.too-big")
    if content[:4] == b"PK\x03\x04":
        return read_blueprint_sheet(content)
    return read_blueprint(decode(content).text.encode("utf-8"))


def write_plan(plan: Blueprint, path: Path, messages: Messages) -> None:
    """TOML, or a workbook by the name. Raises TrainerError disk.*."""
    workbook = path.suffix.lower() == ".xlsx"
    content = blueprint_xlsx(plan, messages) if workbook else write_blueprint(plan)
    write_whole(path, content)


def example_plan(messages: Messages) -> Blueprint:
    """A blueprint to begin with."""
    return Blueprint(
        messages("exam.example-title"),
        (
            SectionPlan(
                messages("exam.example-first"),
                (
                    Cell(10, "2", competences=("platform-rules",), kinds=("single-choice",)),
                    Cell(5, "1", kinds=("true-false",), difficulties=(1, 2)),
                    Cell(5, "3", kinds=("number", "parametric")),
                ),
            ),
            SectionPlan(messages("exam.example-second"), (Cell(2, "6", kinds=("case",)),)),
        ),
    )


def example_blueprint(messages: Messages) -> str:
    """The same as TOML, with what there is to know about it."""
    told = "".join(f"# {line}\n" for line in _told(messages))
    return told + write_blueprint(example_plan(messages)).decode("utf-8")


def write_new_plan(path: Path, messages: Messages) -> None:
    """A blueprint to begin with, as TOML or as a workbook by the name; never over another file.

    Raises ExamError exam.backup-there; TrainerError disk.*.
    """
    _refuse_to_overwrite(path)
    if path.suffix.lower() == ".xlsx":
        write_plan(example_plan(messages), path, messages)
    else:
        write_whole(path, example_blueprint(messages).encode("utf-8"))


def write_new_class(path: Path, messages: Messages) -> None:
    """A class list with two made-up lines to write over; CSV, or a workbook by the name.

    Raises ExamError exam.backup-there; TrainerError disk.*.
    """
    _refuse_to_overwrite(path)
    first = Entrant("1001", messages("exam.example-name"), messages("exam.example-class"))
    second = Entrant("1002", first.name, first.group, extra_percent=25)
    write_class([first, second], path)


def _refuse_to_overwrite(path: Path) -> None:
    if path.exists():
        raise ExamError("exam.backup-there", path=str(path))


def _told(messages: Messages) -> Sequence[str]:
    kinds, competences = ", ".join(EXAM_KINDS), ", ".join(COMPETENCES)
    return messages("exam.blueprint-told", kinds=kinds, competences=competences).splitlines()


def read_rules(path: Path) -> str:
    """A short text in any encoding. Raises TrainerError disk.*, exam.text-long."""
    return decode(_read(path, _MOST_TEXT, "exam.text-long")).text


def read_package_file(path: Path) -> bytes:
    """Raises TrainerError disk.*, exam.no-package."""
    return _read(path, MOST_PACKAGE, "exam.no-package")


def default_rules(messages: Messages) -> str:
    """What candidates read before the start when the teacher writes nothing else; Markdown."""
    return messages("exam.default-rules")


def preview_pages(
    plan: Blueprint,
    entrants: Sequence[Entrant],
    seed: str,
    pool: ExamPool,
    messages: Messages,
    language: Language,
) -> str:
    """Every form as it would be printed, one after the other. Without a class list one form stands
    for all. Raises ExamError as drawing does."""
    numbers = [one.number for one in entrants] or ["1"]
    names = list(dict.fromkeys(form_names(plan, numbers).values()))
    papers = make_papers(plan, pool.cards, pool.find, names, seed)
    media = {one.name: pool.picture(one) for one in papers.pictures}
    shown: Language = language if language in plan.languages else plan.languages[0]
    press = PaperPress(plan, papers, media, shown, messages)
    body = '<div style="page-break-after: always"></div>'.join(press.form(name) for name in names)
    return f'<!doctype html><html><head><meta charset="utf-8"></head><body>{body}</body></html>'


def _read(path: Path, most: int, too_big: str) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as error:
        known = disk_error(error, path)
        if known is None:
            raise
        raise known from error
    if len(content) > most:
        raise ExamError(too_big) if too_big.startswith("exam.") else TrainerError(too_big)
    return content
