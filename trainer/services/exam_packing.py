"""A sitting is packed: papers drawn and sealed, codes made, everything printed, and opened once as
a candidate would, before any of it is handed over.

All of it appears in one new folder, or nothing does.
"""

import os
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from trainer.cards.model import Language
from trainer.exams.assembly import form_names
from trainer.exams.blueprint import Blueprint
from trainer.exams.key_file import (
    Entrant,
    IssuedCode,
    KeyFile,
    read_key_file,
    write_key_file,
)
from trainer.exams.keys import (
    KDF_SMALL,
    KDF_USUAL,
    KEY_BYTES,
    ActionCode,
    Entropy,
    ExamError,
    new_code,
    new_passphrase,
)
from trainer.exams.model import Action, Capsule, FormItem, Header, Kdf, TimeRules
from trainer.exams.package import (
    Common,
    Contents,
    read_package,
    write_package,
    write_start_key,
)
from trainer.exams.paper_set import PaperSet, make_papers, sections_of
from trainer.exams.teacher_keys import PublicKeys, TeacherKeys
from trainer.foundation.clock import from_milliseconds
from trainer.foundation.files import disk_error, write_whole
from trainer.foundation.identifiers import time_ordered_id
from trainer.foundation.messages import Messages
from trainer.services import exam_sheets
from trainer.services.content_library import ReportProgress
from trainer.services.exam_pool import ExamPool

PrintPdf = Callable[[str, Path], None]

# What a proctor may need for one candidate in one sitting.
CODES: Mapping[Action, int] = {
    "resume": 3,
    "plus-5": 2,
    "plus-10": 2,
    "pause": 1,
    "unlock": 2,
    "reopen": 1,
    "quit": 1,
}
MINIMUM_VERSION = "0.1.0"  # the oldest program that can run this format
_ABANDONED = 3_600_000  # ms; no packing takes an hour
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f<>:"/\\|?*.\s]+')
_DERIVATIONS = 2  # a ticket or code takes about as long as half a printed page


@dataclass(frozen=True, slots=True)
class Order:
    """What a teacher wants packed. `seed` fixes every draw; two sittings never share one."""

    plan: Blueprint
    entrants: tuple[Entrant, ...]
    time: TimeRules
    valid_from: int  # ms UTC
    valid_until: int
    seed: str
    rules: Mapping[Language, str]  # Markdown, shown before the start
    spare: PublicKeys | None = None  # the school's recovery key
    codes: Mapping[Action, int] = field(default_factory=lambda: dict(CODES))
    rehearsal: bool = False
    lock_after: int = 0  # seconds away from the window after which a proctor unlocks; 0: never


@dataclass(frozen=True, slots=True)
class Press:
    """How papers are printed: one set of sheets for each language. Without a printer of pages the
    sheets are HTML files."""

    sheets: Mapping[Language, Messages]
    print_pdf: PrintPdf | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """Argon2id for words and tickets, and for codes. Tests give less."""

    kdf: Kdf = KDF_USUAL
    code_kdf: Kdf = KDF_SMALL

    @property
    def floor(self) -> Kdf:
        """What a reader must take to open what was packed so; never below the program's own in
        the program."""
        passes = min(self.kdf.passes, self.code_kdf.passes)
        return Kdf(passes, min(self.kdf.memory, self.code_kdf.memory))


@dataclass(frozen=True, slots=True)
class Packed:
    """The new folder: `package` goes into the room, `envelope` to the proctor, sealed."""

    folder: Path
    package: Path
    key_file: Path
    start_key: Path
    sheets: tuple[Path, ...]
    sitting_id: str


def new_seed(entropy: Entropy) -> str:
    return entropy(16).hex()


def papers_for(order: Order, pool: ExamPool) -> PaperSet:
    """Every form as it will be packed: for a preview. Raises ExamError."""
    numbers = [entrant.number for entrant in order.entrants]
    names = set(form_names(order.plan, numbers).values())
    return make_papers(order.plan, pool.cards, pool.find, names, order.seed)


def pack(
    order: Order,
    pool: ExamPool,
    teacher: TeacherKeys,
    target: Path,
    press: Press,
    now: int,
    entropy: Entropy,
    report: ReportProgress,
    cost: Cost | None = None,
) -> Packed:
    """Pack into a new folder below `target`. Thirty candidates take about half a minute.

    Raises ExamError (exam.no-candidates, exam.folder-there, what drawing raises, exam.self-test),
    TrainerError (disk.*) and Cancelled; then there is no new folder.
    """
    if not order.entrants:
        raise ExamError("exam.no-candidates")
    if not order.rules:
        raise ExamError("exam.no-rules")
    cost = cost or Cost()
    folder = target / folder_name(order, now)
    if folder.exists():
        raise ExamError("exam.folder-there", path=str(folder))
    sitting = _Sitting(order, pool, teacher, now, entropy)
    pages = 5 * len(press.sheets)
    steps = 1 + len(order.entrants) + len(sitting.codes)
    total = steps + _DERIVATIONS * pages
    part = target / f".{folder.name}.{os.getpid()}.part"
    try:
        part.mkdir(parents=True)  # a folder nobody can write to is told before the long work
        _sweep(target, now)
        content, exam_key = write_package(
            sitting.contents,
            teacher,
            entropy,
            lambda done, _: report(done, total),
            cost.kdf,
            cost.code_kdf,
        )
        key_file = sitting.key_file(content, exam_key, cost.floor)
        names = _write(part, folder.name, key_file, content, teacher, entropy)
        done, sheets = steps, []
        for language, messages in press.sheets.items():
            made = exam_sheets.Printed(key_file, sitting.papers, sitting.contents.media)
            for name, html in exam_sheets.sheets(made, language, messages):
                report(done, total)
                sheets.append(_print(part, name, html, press))
                done += _DERIVATIONS
        _test(part, names, key_file, teacher, cost.floor)
        report(total, total)
        part.rename(folder)
    except OSError as error:
        known = disk_error(error, folder)
        if known is None:
            raise
        raise known from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return Packed(
        folder,
        folder / names.package,
        folder / names.key_file,
        folder / names.start_key,
        tuple(folder / sheet for sheet in sheets),
        key_file.header.sitting_id,
    )


def _sweep(target: Path, now: int) -> None:
    """Remove what a run that was killed left behind: there are secrets in it."""
    for left in target.glob(".*.part"):
        if left.is_dir() and now - 1000 * left.stat().st_mtime > _ABANDONED:
            shutil.rmtree(left, ignore_errors=True)


def folder_name(order: Order, now: int) -> str:
    """A name that every file system takes: the title, and when it was packed."""
    title = _NOT_IN_NAMES.sub("-", order.plan.title).strip("-")[:40] or "exam"
    moment = from_milliseconds(now).strftime("%Y%m%d-%H%M%S")
    return f"{title}-{moment}{'-rehearsal' if order.rehearsal else ''}"


class _Sitting:
    """Everything that is made for a sitting before it is sealed."""

    def __init__(
        self, order: Order, pool: ExamPool, teacher: TeacherKeys, now: int, entropy: Entropy
    ) -> None:
        self.order = order
        numbers = [entrant.number for entrant in order.entrants]
        self.forms = form_names(order.plan, numbers)
        self.papers = papers_for(order, pool)
        self.pool = pool
        self.passphrase = new_passphrase(entropy)
        self.tickets = {number: new_code(entropy) for number in numbers}
        self.codes = [
            ActionCode(number, action, place, new_code(entropy))
            for number in numbers
            for action, count in order.codes.items()
            for place in range(1, count + 1)
        ]
        item_keys = {item_id: entropy(KEY_BYTES) for item_id in self.papers.questions}
        self.capsules = {
            one.number: self._capsule(one, item_keys, entropy(KEY_BYTES)) for one in order.entrants
        }
        spare = () if order.spare is None else (order.spare.box_public,)
        self.header = Header(
            exam_id=time_ordered_id(now, entropy),
            sitting_id=time_ordered_id(now, entropy),
            title=order.plan.title.strip(),
            teacher_name=teacher.name,
            teacher_key=teacher.sign_public,
            recipients=(teacher.box_public, *spare),
            created=now,
            valid_from=order.valid_from,
            valid_until=order.valid_until,
            minimum_version=MINIMUM_VERSION,
            kdf=KDF_USUAL,
            salt=b"",
            time=order.time,
            sections=sections_of(order.plan),
            candidates=tuple(numbers),
            codes=(),
            parts=(),
            rehearsal=order.rehearsal,
            lock_after=order.lock_after,
        )
        self.contents = Contents(
            header=self.header,
            common=Common(dict(order.rules), order.plan.languages),
            items=[question.item for question in self.papers.questions.values()],
            item_keys=item_keys,
            capsules=self.capsules,
            tickets=self.tickets,
            codes=self.codes,
            media={one.name: pool.picture(one) for one in self.papers.pictures},
            passphrase=self.passphrase,
        )

    def _capsule(
        self, entrant: Entrant, item_keys: Mapping[str, bytes], ticket_key: bytes
    ) -> Capsule:
        form_id = self.forms[entrant.number]
        return Capsule(
            candidate=entrant.number,
            form_id=form_id,
            items=tuple(
                FormItem(one.item_id, item_keys[one.item_id], one.section_id, one.order)
                for one in self.papers.forms[form_id]
            ),
            extra_percent=entrant.extra_percent,
            extra=60 * entrant.extra_minutes,
            ticket_key=ticket_key,
            accommodations=entrant.accommodations,
        )

    def key_file(self, content: bytes, exam_key: bytes, floor: Kdf) -> KeyFile:
        signer = [self.header.teacher_key]
        begins = self.header.valid_from
        package = read_package(content, signer, MINIMUM_VERSION, begins, floor)
        entrants = tuple(
            msgspec.structs.replace(
                one, ticket=self.tickets[one.number], form_id=self.forms[one.number]
            )
            for one in self.order.entrants
        )
        codes = tuple(IssuedCode(c.candidate, c.action, c.number, c.code) for c in self.codes)
        return KeyFile(
            header=package.header,
            header_digest=package.header_digest,
            exam_key=exam_key,
            passphrase=self.passphrase,
            seed=self.order.seed,
            plan=self.order.plan,
            entrants=entrants,
            codes=codes,
            items=tuple(question.keyed for question in self.papers.questions.values()),
            capsules=tuple(self.capsules.values()),
            pool=self.pool.cards,
            studies=self.papers.studies,
        )


@dataclass(frozen=True, slots=True)
class _Names:
    """Where the files lie in the new folder, by who gets them."""

    package: str
    key_file: str
    start_key: str


def _write(
    part: Path,
    name: str,
    key_file: KeyFile,
    content: bytes,
    teacher: TeacherKeys,
    entropy: Entropy,
) -> _Names:
    for own in ("room", "envelope", "proctor", "teacher"):
        (part / own).mkdir()
    names = _Names(f"room/{name}.xpk", f"teacher/{name}.xkey", "envelope/start.key")
    write_whole(part / names.package, content)
    start_key = write_start_key(key_file.header, key_file.exam_key)
    write_whole(part / names.start_key, start_key)
    sealed = write_key_file(key_file, teacher, key_file.header.recipients, entropy)
    write_whole(part / names.key_file, sealed)
    return names


def _print(part: Path, name: str, html: str, press: Press) -> str:
    if press.print_pdf is None:
        write_whole(part / f"{name}.html", html.encode("utf-8"))
        return f"{name}.html"
    press.print_pdf(html, part / f"{name}.pdf")
    return f"{name}.pdf"


def _test(part: Path, names: _Names, made: KeyFile, teacher: TeacherKeys, floor: Kdf) -> None:
    """Open what lies on the disk as the first candidate would, with what stands on their slip.

    Raises ExamError exam.self-test.
    """
    first = made.entrants[0]
    try:
        content = (part / names.package).read_bytes()
        signer, begins = [teacher.sign_public], made.header.valid_from
        package = read_package(content, signer, MINIMUM_VERSION, begins, floor)
        by_words = package.open_with_words(made.passphrase.upper(), floor)
        by_file = package.open_with_key((part / names.start_key).read_bytes())
        capsule = package.capsule(by_words, first.number, first.ticket.lower(), floor)
        items = [package.item(placed.item_id, placed.key) for placed in capsule.items]
        for placed, item in zip(capsule.items, items, strict=True):
            for media in {name for paper in item.papers for name in paper.media}:
                package.media(placed.key, media)
        kept = read_key_file((part / names.key_file).read_bytes(), teacher)
        form = made.form_of(first.number)
        good = by_words == by_file and [item.item_id for item in items] == form and kept == made
    except (ExamError, KeyError) as error:
        raise ExamError("exam.self-test") from error
    if not good:
        raise ExamError("exam.self-test")
