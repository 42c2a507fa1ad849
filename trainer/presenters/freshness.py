"""The board of rules by age: which are shown, in which order, and marking them as checked."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from trainer.cards.model import Language
from trainer.decks.addresses import LANGUAGES, Address
from trainer.decks.linter import FRESHNESS
from trainer.decks.plain_text import plain_text
from trainer.foundation.clock import Clock, study_day
from trainer.foundation.errors import TrainerError
from trainer.foundation.files import write_whole
from trainer.foundation.messages import Messages
from trainer.presenters.subjects import subject_name
from trainer.services import freshness
from trainer.services.content_library import Library, ReportProgress
from trainer.services.freshness import Freshness, Marked, RuleAge
from trainer.services.teacher_decks import TeacherDecks

MOST_SHOWN = 400  # rows at once: more are reached by filtering


class Order(StrEnum):
    URGENT = "urgent"
    OLDEST = "oldest"
    DECK = "deck"
    SOURCE = "source"


class Row(Struct, frozen=True):
    """A rule, or the heading of a group of them (then `rule_id` is "")."""

    rule_id: str
    title: str
    detail: str = ""
    state: Freshness = Freshness.FRESH
    state_words: str = ""
    doubt: str = ""


class Board(Struct, frozen=True):
    rows: tuple[Row, ...]
    shown: int
    rules: int
    counts: tuple[tuple[Freshness, int], ...]
    summary: str


class FreshnessView(Protocol):
    def show_board(self, board: Board) -> None: ...

    def run(
        self,
        title: str,
        work: Callable[[ReportProgress], object],
        done: Callable[[object], object],
    ) -> None: ...

    def say(self, error: TrainerError) -> None: ...

    def toast(self, text: str, undo: Callable[[], object] | None) -> None: ...


class FreshnessPresenter:
    def __init__(
        self,
        library: Library,
        decks: TeacherDecks,
        clock: Clock,
        messages: Messages,
        language: Language,
        view: FreshnessView,
        limit: timedelta = FRESHNESS,
    ) -> None:
        self._library = library
        self._decks = decks
        self._clock = clock
        self._messages = messages
        self._language = language
        self._view = view
        self._limit = limit
        self._ages: list[RuleAge] = []
        self.state = ""  # a Freshness, or "" for all that need a look, or "all"
        self.subject = ""
        self.words = ""
        self.order = Order.URGENT

    def show(self) -> None:
        """Read the rules of all decks and show them."""
        self._view.run(self._messages("freshness.reading"), self._read, lambda _: self._show())

    def _read(self, report: ReportProgress) -> None:
        entries = self._library.decks()
        decks = []
        for number, entry in enumerate(entries):
            report(number, len(entries))
            deck = self._library.deck(entry.deck_id, entry.language)
            if deck is not None:
                decks.append(deck)
        self._ages = freshness.ages(decks, self._today(), self._limit)

    def _today(self) -> date:
        return study_day(self._clock.now())

    def choose(
        self,
        *,
        state: str | None = None,
        subject: str | None = None,
        words: str | None = None,
        order: str | None = None,
    ) -> None:
        """Change what is shown."""
        self.state = self.state if state is None else state
        self.subject = self.subject if subject is None else subject
        self.words = self.words if words is None else words
        self.order = self.order if order is None else Order(order)
        self._show()

    def subjects(self) -> Sequence[tuple[str, str]]:
        found = sorted({one.subject for one in self._ages if one.subject})
        names = [(one, subject_name(self._messages, one)) for one in found]
        return [("", self._messages("freshness.every-subject")), *names]

    def chosen(self) -> list[RuleAge]:
        """The rules that are shown, in their order."""
        found = [one for one in self._ages if self._fits(one)]
        match self.order:
            case Order.OLDEST:
                return sorted(found, key=lambda one: (not one.checked, -one.days))
            case Order.DECK:
                return sorted(found, key=lambda one: one.deck_id)
            case Order.SOURCE:
                return sorted(found, key=lambda one: one.sites[:1] or ("",))
            case _:
                return found

    def _fits(self, one: RuleAge) -> bool:
        if self.state == "" and one.freshness is Freshness.FRESH:
            return False
        if self.state not in {"", "all", one.freshness}:
            return False
        if self.subject and one.subject != self.subject:
            return False
        words = self.words.casefold().split()
        if not words:
            return True
        text = " ".join(
            (*one.titles.values(), *one.deck_titles.values(), *one.sites, one.rule_id)
        ).casefold()
        return all(word in text for word in words)

    def _show(self) -> None:
        chosen = self.chosen()
        rows: list[Row] = []
        group = ""
        for one in chosen[:MOST_SHOWN]:
            heading = self._group_of(one)
            if heading and heading != group:
                group = heading
                rows.append(Row("", heading))
            rows.append(self._row(one))
        counts = tuple((one, sum(a.freshness is one for a in self._ages)) for one in Freshness)
        summary = self._messages("freshness.shown", shown=len(chosen), rules=len(self._ages))
        self._view.show_board(Board(tuple(rows), len(chosen), len(self._ages), counts, summary))

    def _group_of(self, one: RuleAge) -> str:
        if self.order is Order.DECK:
            return one.deck_title(self._language)
        if self.order is Order.SOURCE:
            return (one.sites or (self._messages("freshness.no-source"),))[0]
        return ""

    def _row(self, one: RuleAge) -> Row:
        messages = self._messages
        parts = [] if self.order is Order.DECK else [one.deck_title(self._language)]
        if one.checked:
            told = messages.count("freshness.checked-ago", one.days, date=one.checked)
            parts.append(told)
        else:
            parts.append(messages("freshness.no-date"))
        parts += [] if self.order is Order.SOURCE else [*one.sites[:2]]
        doubt = one.verify.get(self._language) or next(iter(one.verify.values()), "")
        return Row(
            one.rule_id,
            plain_text(one.title(self._language)),
            " · ".join(parts),
            one.freshness,
            messages(f"freshness.{one.freshness}"),
            plain_text(doubt),
        )

    # Marking

    def mark(self, rule_ids: Sequence[str], *, confirmed: bool = False) -> None:
        """Write today's date to these rules, in both languages. Decks that came with the program
        are copied to one's own folder first, where they are used from then on."""
        if not rule_ids:
            return
        today = self._today()

        def work(_report: ReportProgress) -> Marked:
            files: dict[Address, Path] = {}
            for deck_id in dict.fromkeys(one.rpartition("#")[0] for one in rule_ids):
                paths = [self._decks.path_of(Address(deck_id, one).path) for one in LANGUAGES]
                if not all(self._decks.is_editable(path) for path in paths if path.is_file()):
                    self._decks.copy_to_own(deck_id)
                    self._library.refresh()
                for language in LANGUAGES:
                    address = Address(deck_id, language)
                    path = self._decks.path_of(address.path)
                    if path.is_file():
                        files[address] = path
            marked = freshness.mark_checked(rule_ids, files, today, confirmed=confirmed)
            self._library.refresh()
            return marked

        self._view.run(self._messages("freshness.writing"), work, self._marked)

    def _marked(self, result: object) -> None:
        if not isinstance(result, Marked):
            return
        self.show()
        words = self._messages("freshness.marked", number=result.rules)
        self._view.toast(words, lambda: self._take_back(result))

    def _take_back(self, marked: Marked) -> None:
        try:
            if not freshness.undo(marked):
                self._view.say(TrainerError("freshness.edited-since"))
        except TrainerError as error:
            self._view.say(error)
        self._library.refresh()
        self.show()

    # The report

    def report(self, kind: str, path: Path, print_pdf: Callable[[str, Path], None]) -> None:
        """Write what is shown for the meeting: "markdown", "csv" or "pdf". Raises nothing; says
        what goes wrong."""
        rows, today = self.chosen(), self._today()
        messages, language = self._messages, self._language
        try:
            if kind == "pdf":
                print_pdf(freshness.as_html(rows, today, messages, language), path)
            elif kind == "csv":
                write_whole(path, freshness.as_csv(rows, messages, language).encode("utf-8-sig"))
            else:
                text = freshness.as_markdown(rows, today, messages, language)
                write_whole(path, text.encode("utf-8"))
        except TrainerError as error:
            self._view.say(error)
            return
        self._view.toast(messages("freshness.report-written", path=path.name), None)
