"""Results on the teacher's PC: checked, opened, marked, decided on, written out, given back.

The papers of a sitting are what lies in the folders that were collected. Beside the teacher's file
a small file keeps what people decided (which of two attempts counts, void questions, second
answers, receipts) and the marks of every time they were computed: old marks are never lost.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import msgspec

from trainer.cards.model import Choice, Value
from trainer.exams.bundle import Bundle
from trainer.exams.collection import Board, Row, make_board
from trainer.exams.deadline import Allowance
from trainer.exams.item_analysis import (
    ItemFigures,
    PaperFigures,
    Result,
    analyse_items,
    analyse_paper,
)
from trainer.exams.key_file import Entrant, KeyFile, read_key_file
from trainer.exams.keys import Entropy, ExamError
from trainer.exams.mark_book import MarkBook, Run, marked, moved
from trainer.exams.marking import (
    AlsoRight,
    Attempted,
    Decision,
    KeyedCard,
    KeyedCase,
    KeyedItem,
    Mark,
    Void,
    mark_attempt,
    total,
)
from trainer.exams.model import Answered, Item
from trainer.exams.package import read_package
from trainer.exams.review import (
    Level,
    Review,
    ReviewedItem,
    read_review,
    signer_of,
    write_review,
)
from trainer.exams.second_key import check_second_key, second_key
from trainer.exams.teacher_keys import TeacherKeys
from trainer.exams.verify import Issued, Outside, Remark, open_result, receipt_fits
from trainer.exams.verify import Result as Opened
from trainer.exchange.gradebook import (
    Candidate,
    Change,
    Gradebook,
    Question,
    as_csv,
    as_html,
    as_xlsx,
)
from trainer.foundation.clock import from_milliseconds
from trainer.foundation.errors import TrainerError
from trainer.foundation.files import disk_error, write_whole
from trainer.foundation.messages import Messages
from trainer.services.exam_collection import gather
from trainer.services.exam_packing import Cost

Report = Callable[[int, int], None]
DECISIONS = ".decisions.json"
_MOST = 256 << 20
_TITLE = 60  # characters of a question's stem in tables


class Decided(Value, frozen=True):
    """What people decided about a sitting. `counts` names the bundle that counts for a candidate
    (its mark in hexadecimal), "" for none at all."""

    sitting_id: str
    book: MarkBook
    counts: dict[str, str] = msgspec.field(default_factory=dict)
    receipts: dict[str, str] = msgspec.field(default_factory=dict)
    began: int = 0
    ended: int = 0


@dataclass(frozen=True, slots=True)
class Paper:
    """A candidate's line: what was found, what counts, what it is worth."""

    entrant: Entrant
    row: Row
    counted: Bundle | None
    opened: Opened | None
    marks: Sequence[Mark] | None
    remarks: tuple[Remark, ...]
    waits: bool  # a person has to decide which attempt counts

    @property
    def score(self) -> tuple[Fraction, Fraction] | None:
        return None if self.marks is None else total(self.marks)


@dataclass(frozen=True, slots=True)
class Analysis:
    paper: PaperFigures
    items: Sequence[ItemFigures]
    rights: Mapping[str, frozenset[int]]  # right options by item
    cards: Mapping[str, str]  # card or case id by item
    titles: Mapping[str, str]


class ExamResults:
    """One sitting's results. Everything is computed from the collected files and the decisions."""

    def __init__(self, key_path: Path, file: KeyFile, keys: TeacherKeys) -> None:
        """Made by `open_results`."""
        self._key_path = key_path
        self.file = file
        self._keys = keys
        self._decided = _read_decided(key_path, file.header.sitting_id)
        self._found: list[tuple[str, Bundle]] = []
        self._unread: tuple[tuple[str, Remark], ...] = ()
        self._keyed = file.keyed()

    @property
    def decided(self) -> Decided:
        return self._decided

    @property
    def unread(self) -> Sequence[tuple[str, Remark]]:
        """Files that are no results, or another exam's, each with why."""
        rejected = [(one.name, one.remark) for one in self._board().rejected]
        return [*self._unread, *rejected]

    def collect_from(self, folders: Sequence[Path], report: Report = lambda _d, _t: None) -> None:
        """Read what lies in `folders`; what was read before stays.

        Raises Cancelled, TrainerError.
        """
        gathered = gather(folders, report)
        known = {bundle.mark for _, bundle in self._found}
        self._found += [
            (name, bundle) for name, _, bundle in gathered.bundles if bundle.mark not in known
        ]
        self._unread = tuple((one.name, one.remark) for one in gathered.unread)

    def papers(self) -> list[Paper]:
        """Every candidate of the class list, in its order, marked with the decisions of now."""
        rows = {row.candidate: row for row in self._board().rows}
        return [self._paper(one, rows[one.number]) for one in self.file.entrants]

    # What people decide

    def decide(self, decisions: Sequence[Decision], now: int, reason: str = "") -> Run | None:
        """Mark everything anew with `decisions`; the run it led to, None when nothing is new.

        Raises TrainerError (disk.*): then the decisions of before still hold.
        """
        marks = self._marks(decisions)
        book = marked(self._decided.book, now, marks, decisions, reason)
        if book is self._decided.book:
            return None
        self._keep(msgspec.structs.replace(self._decided, book=book))
        return book.runs[-1]

    def mark_now(self, now: int) -> Run | None:
        """Write down the marks as they are, if they differ from the last time."""
        return self.decide(self._decided.book.decisions, now)

    def void(self, item_id: str, rule: str, reason: str, now: int) -> Run | None:
        """A question that does not count: rule "drop" or "credit"."""
        decision = Void(item_id, "credit" if rule == "credit" else "drop", reason)
        others = [each for each in self._decided.book.decisions if each.item_id != item_id]
        return self.decide([*others, decision], now, reason)

    def accept(self, answered: Answered, reason: str, now: int) -> Run | None:
        """One more answer that counts in full. Raises ExamError exam.no-answer for none, and for
        one that is no answer to this question."""
        if answered.response is None or answered.item_id not in self._keyed:
            raise ExamError("exam.no-answer")
        check_second_key(self._keyed[answered.item_id], answered.response)
        decision = AlsoRight(answered.item_id, answered.response, reason)
        return self.decide([*self._decided.book.decisions, decision], now, reason)

    def accept_written(self, item_id: str, text: str, reason: str, now: int) -> Run | None:
        """The same, written in a line (see `second_key`). Raises ExamError exam.no-answer."""
        response = second_key(self._keyed[item_id], text)
        return self.accept(Answered(item_id, response), reason, now)

    def take_back(self, decision: Decision, now: int) -> Run | None:
        left = [each for each in self._decided.book.decisions if each != decision]
        return self.decide(left, now)

    def count(self, candidate: str, bundle: Bundle | None) -> None:
        """Say which attempt counts for a candidate; None for no attempt at all."""
        counts = {**self._decided.counts, candidate: bundle.mark.hex() if bundle else ""}
        self._keep(msgspec.structs.replace(self._decided, counts=counts))

    def count_receipt(self, candidate: str, receipt: str) -> None:
        """The same, by the receipt that a person reads; "-" for no attempt at all.

        Raises ExamError exam.no-such-attempt.
        """
        if receipt == "-":
            self.count(candidate, None)
            return
        for row in self._board().rows:
            known = [*((row.taken,) if row.taken else ()), *row.aside]
            for bundle in known:
                if row.candidate == candidate and receipt_fits(bundle.chain, receipt):
                    self.count(candidate, bundle)
                    return
        raise ExamError("exam.no-such-attempt", number=candidate, receipt=receipt)

    def set_receipt(self, candidate: str, receipt: str) -> None:
        """What stands on the attendance sheet."""
        receipts = {**self._decided.receipts, candidate: receipt.strip()}
        self._keep(msgspec.structs.replace(self._decided, receipts=receipts))

    def set_room_times(self, began: int, ended: int) -> None:
        """When the proctor noted start and end, ms UTC; 0 for not noted."""
        self._keep(msgspec.structs.replace(self._decided, began=began, ended=ended))

    # What comes of it

    def analysis(self) -> Analysis:
        """Figures over the papers that count."""
        papers = {
            paper.entrant.number: [_result(mark) for mark in paper.marks]
            for paper in self.papers()
            if paper.marks is not None
        }
        kept = {name: [one for one in results if one.points] for name, results in papers.items()}
        options = {
            item.item_id: len(item.keyed.card.body.options)
            for item in self.file.items
            if isinstance(item.keyed, KeyedCard) and isinstance(item.keyed.card.body, Choice)
        }
        rights = {
            item.item_id: _rights(item) for item in self.file.items if item.item_id in options
        }
        return Analysis(
            analyse_paper(kept),
            analyse_items(kept, options),
            rights,
            {item.item_id: _card_of(item) for item in self.file.items},
            {item.item_id: _title_of(item) for item in self.file.items},
        )

    def gradebook(self, messages: Messages) -> Gradebook:
        """Everything for the workbook, in the person's language."""
        analysis = self.analysis()
        names = {one.number: one.name for one in self.file.entrants}
        book = self._decided.book
        changes = []
        for before, run in zip((None, *book.runs), book.runs, strict=False):
            words = [_decision_words(each, analysis, messages) for each in run.decisions]
            number = len(moved(before, run)) if before is not None else len(run.totals)
            when = from_milliseconds(run.at, None).strftime("%Y-%m-%d %H:%M")
            changes.append(Change(when, words, number))
        return Gradebook(
            title=self.file.header.title,
            candidates=[self._line(paper, names, messages) for paper in self.papers()],
            questions=[
                Question(
                    item.item_id,
                    analysis.titles[item.item_id],
                    analysis.cards[item.item_id],
                    Fraction(item.points),
                    analysis.rights.get(item.item_id, frozenset()),
                )
                for item in self.file.items
            ],
            items=analysis.items,
            paper=analysis.paper,
            changes=changes,
        )

    def export(
        self, path: Path, messages: Messages, print_pdf: Callable[[str, Path], None]
    ) -> None:
        """The gradebook as the name says: .xlsx, .csv or .pdf. Raises TrainerError disk.*,
        exam.export-kind."""
        book = self.gradebook(messages)
        match path.suffix.lower():
            case ".xlsx":
                write_whole(path, as_xlsx(book, messages))
            case ".csv":
                write_whole(path, as_csv(book, messages))
            case ".pdf":
                print_pdf(as_html(book, messages), path)
            case suffix:
                raise ExamError("exam.export-kind", suffix=suffix)

    def release(
        self, path: Path, level: Level, released: int, package: Path, entropy: Entropy
    ) -> int:
        """Write the file that candidates open with their slips; how many are in it.

        `package` is the exam's own: questions are given back as they were seen. Raises ExamError,
        TrainerError disk.*.
        """
        items = self._items_of(package) if level != "score" else {}
        reviews = {}
        for paper in self.papers():
            if paper.marks is None or paper.score is None or paper.opened is None:
                continue
            got, points = paper.score
            answers = paper.opened.state.answers
            reviews[paper.entrant.number] = Review(
                paper.entrant.number,
                str(got),
                str(points),
                tuple(
                    ReviewedItem(
                        items[mark.item_id],
                        str(mark.score),
                        answers.get(mark.item_id),
                        self._keyed[mark.item_id],
                    )
                    for mark in paper.marks
                    if mark.item_id in items
                ),
            )
        tickets = {one.number: one.ticket for one in self.file.entrants}
        header = self.file.header
        content = write_review(
            reviews,
            tickets,
            self._keys,
            exam_id=header.exam_id,
            sitting_id=header.sitting_id,
            title=header.title,
            level=level,
            released=released,
            entropy=entropy,
            kdf=header.kdf,
        )
        write_whole(path, content)
        return len(reviews)

    # Parts

    def _board(self) -> Board:
        header, digest = self.file.header, self.file.header_digest
        return make_board(header, digest, self._found, self._decided.receipts)

    def _paper(self, entrant: Entrant, row: Row) -> Paper:
        counted, waits = self._counted(row)
        if counted is None:
            return Paper(entrant, row, None, None, None, row.remarks, waits)
        try:
            opened = self._opened(entrant.number, counted)
        except ExamError as error:
            why = str(error.blanks.get("why", error.code))
            remark = Remark(why if error.code == "exam.rejected" else error.code, error.blanks)
            return Paper(entrant, row, counted, None, None, (*row.remarks, remark), waits)
        attempted = Attempted(
            self.file.form_of(entrant.number), opened.state.answers, opened.state.shown
        )
        marks = mark_attempt(attempted, self._keyed, self._decided.book.decisions)
        new = (one for one in opened.remarks if one not in row.remarks)
        remarks = (*row.remarks, *new, *_noted(opened))
        return Paper(entrant, row, counted, opened, marks, remarks, waits)

    def _counted(self, row: Row) -> tuple[Bundle | None, bool]:
        """The attempt that counts, and whether a person still has to decide about it."""
        known = [*((row.taken,) if row.taken else ()), *row.aside]
        chosen = self._decided.counts.get(row.candidate)
        if chosen == "":
            return None, False
        if chosen is not None:
            found = next((one for one in known if one.mark.hex() == chosen), None)
            if found is not None:
                return found, False
        return row.taken, row.status == "conflict"

    def _opened(self, number: str, bundle: Bundle) -> Opened:
        file = self.file
        capsule = next(one for one in file.capsules if one.candidate == number)
        issued = Issued(
            capsule.ticket_key,
            Allowance(capsule.extra_percent, capsule.extra),
            {(c.action, c.number): c.code for c in file.codes if c.candidate == number},
            {placed.item_id: placed.section_id for placed in capsule.items},
        )
        outside = Outside(self._decided.began, self._decided.ended)
        return open_result(bundle, file.header, file.header_digest, issued, self._keys, outside)

    def _marks(self, decisions: Sequence[Decision]) -> dict[str, list[Mark]]:
        held = self._decided
        trial = msgspec.structs.replace(
            held,
            book=msgspec.structs.replace(
                held.book, runs=(*held.book.runs, Run(0, tuple(decisions), {}))
            ),
        )
        self._decided = trial
        try:
            return {
                paper.entrant.number: list(paper.marks)
                for paper in self.papers()
                if paper.marks is not None
            }
        finally:
            self._decided = held

    def _keep(self, decided: Decided) -> None:
        content = msgspec.json.format(msgspec.json.encode(decided), indent=1)
        write_whole(_decisions_path(self._key_path), content)
        self._decided = decided

    def _line(self, paper: Paper, names: Mapping[str, str], messages: Messages) -> Candidate:
        number = paper.entrant.number
        notes = [messages(one.code, **shown_blanks(one, messages)) for one in paper.remarks]
        if paper.waits:
            notes.insert(0, messages("results.waits"))
        return Candidate(
            number,
            names[number],
            paper.entrant.group,
            messages(f"results.status-{paper.row.status}"),
            paper.marks,
            notes,
        )

    def _items_of(self, package: Path) -> dict[str, Item]:
        header = self.file.header
        content = _read(package)
        floor = Cost(header.kdf, header.code_kdf).floor  # what this very sitting was packed with
        found = read_package(
            content, [header.teacher_key], header.minimum_version, header.valid_from, floor
        )
        if found.header_digest != self.file.header_digest:
            raise ExamError("exam.other-package")
        keys = {one.item_id: one.key for capsule in self.file.capsules for one in capsule.items}
        return {item_id: found.item(item_id, key) for item_id, key in keys.items()}


def open_results(key_path: Path, keys: TeacherKeys, signer: bytes | None = None) -> ExamResults:
    """The results of the sitting whose teacher's file is `key_path`; with the school's spare keys
    `signer` is the teacher's public key. Raises ExamError, TrainerError disk.*."""
    return ExamResults(key_path, read_key_file(_read(key_path), keys, signer), keys)


def _noted(opened: Opened) -> list[Remark]:
    """What the attempt itself has written down; the times away are told together."""
    state = opened.state
    found = [
        Remark(note.code, {**note.blanks, "moment": note.moment})
        for note in state.notes
        if note.code != "exam.note-away"
    ]
    if state.times_away:
        blanks = {"times": state.times_away, "seconds": round(state.away / 1000)}
        found.insert(0, Remark("exam.note-away-all", blanks))
    return found


def open_review(path: Path, number: str, ticket: str, now: int) -> Review:
    """A candidate's own marks. The teacher who signed is the one who signed the file: it is the
    slip that opens it. Raises ExamError, TrainerError disk.*."""
    content = _read(path)
    return read_review(content, signer_of(content)).open(number, ticket, now)


def shown_blanks(remark: Remark, messages: Messages) -> dict[str, object]:
    """The blanks of a remark as people read them: moments as times, actions in words."""
    blanks = dict(remark.blanks)
    if "moment" in blanks:
        moment = from_milliseconds(int(str(blanks["moment"])), None)
        blanks["moment"] = moment.strftime("%H:%M:%S")
    if "action" in blanks:
        blanks["action"] = messages(f"exam.action-{blanks['action']}")
    return blanks


def _decision_words(decision: Decision, analysis: Analysis, messages: Messages) -> str:
    title = analysis.titles.get(decision.item_id, decision.item_id)
    match decision:
        case Void(rule=rule, reason=reason):
            return messages(f"results.void-{rule}", title=title, reason=reason)
        case AlsoRight(reason=reason):
            return messages("results.also", title=title, reason=reason)


def _result(mark: Mark) -> Result:
    return Result(mark.item_id, mark.share, mark.points, mark.outcome, mark.chosen)


def _rights(item: KeyedItem) -> frozenset[int]:
    keyed = item.keyed
    if isinstance(keyed, KeyedCard) and isinstance(keyed.card.body, Choice):
        return frozenset(
            place for place, option in enumerate(keyed.card.body.options) if option.right
        )
    return frozenset()


def _card_of(item: KeyedItem) -> str:
    match item.keyed:
        case KeyedCard(card=card):
            return card.card_id
        case KeyedCase(scenario=scenario):
            return scenario.scenario_id


def _title_of(item: KeyedItem) -> str:
    match item.keyed:
        case KeyedCard(card=card):
            words = card.question or getattr(card.body, "text", "") or card.card_id
        case KeyedCase(scenario=scenario):
            words = scenario.title
    line = " ".join(words.split())
    return line if len(line) <= _TITLE else f"{line[: _TITLE - 1]}…"


def _decisions_path(key_path: Path) -> Path:
    return key_path.with_name(key_path.stem + DECISIONS)


def _read_decided(key_path: Path, sitting_id: str) -> Decided:
    path = _decisions_path(key_path)
    if not path.exists():
        return Decided(sitting_id, MarkBook(sitting_id))
    try:
        decided = msgspec.json.decode(_read(path), type=Decided)
    except (msgspec.MsgspecError, ValueError) as error:
        raise ExamError("exam.no-mark-book") from error
    if decided.sitting_id != sitting_id:
        raise ExamError("exam.no-mark-book")
    return decided


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(_MOST + 1)
    except OSError as error:
        raise (disk_error(error, path) or TrainerError("disk.gone", path=str(path))) from error
    if len(content) > _MOST:
        raise ExamError("exam.no-key-of-exam")
    return content
