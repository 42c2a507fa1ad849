"""Import and export: what a file would bring, what stays behind, where it goes; and the way out."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from trainer.cards.model import KINDS, Language, kind_of
from trainer.decks.addresses import SubjectKind
from trainer.decks.model import Deck
from trainer.decks.plain_text import plain_text
from trainer.exchange.model import Exported, NotCarried
from trainer.foundation.clock import Clock, study_day
from trainer.foundation.errors import TrainerError
from trainer.foundation.files import write_whole
from trainer.foundation.messages import Messages
from trainer.presenters.subjects import subject_name
from trainer.services import deck_exchange
from trainer.services.content_library import Library, ReportProgress
from trainer.services.deck_exchange import Preview, Target, Written
from trainer.storage.learners import LearnerFile

IMPORTED = "imported"  # the skill that decks of no subject lie under
_SHOWN = 4  # questions
_COMPETENCES = {
    "platform": "platform-rules",
    "product": "product-knowledge",
    "logistics": "logistics-finance",
    "payments": "logistics-finance",
    "culture": "intercultural",
    "language": "foreign-language",
}
_FREE = (IMPORTED, "logistics", "payments", "culture", "language")


class LostLine(Struct, frozen=True):
    """One kind of thing that stays behind."""

    number: int
    sentence: str
    examples: tuple[str, ...]


class PreviewSheet(Struct, frozen=True):
    """What a file would bring."""

    name: str
    format: str
    title: str
    questions: int
    cards: int
    kinds: tuple[tuple[str, int], ...]
    pictures: int
    answers: int
    first: tuple[str, ...]
    lost: tuple[LostLine, ...]


class ResultSheet(Struct, frozen=True):
    """What was written."""

    sentence: str
    path: Path
    deck_id: str  # "" for an export
    lost: tuple[LostLine, ...]


class Place(Struct, frozen=True):
    """A subject an imported deck can belong to."""

    kind: SubjectKind
    subject: str
    name: str


class _Done(Struct, frozen=True):
    written: Written
    answers: int  # that were new in the learner's log


class ExchangeView(Protocol):
    def show_start(self) -> None: ...

    def show_preview(self, sheet: PreviewSheet) -> None: ...

    def show_result(self, sheet: ResultSheet) -> None: ...

    def run(
        self,
        title: str,
        work: Callable[[ReportProgress], object],
        done: Callable[[object], object],
    ) -> None: ...

    def say(self, error: TrainerError) -> None: ...

    def toast(self, text: str, undo: Callable[[], object] | None) -> None: ...


class ExchangePresenter:
    """`own` is the folder imports are written to."""

    def __init__(
        self,
        library: Library,
        own: Path,
        learner: LearnerFile,
        clock: Clock,
        messages: Messages,
        view: ExchangeView,
    ) -> None:
        self._library = library
        self._own = own
        self._learner = learner
        self._clock = clock
        self._messages = messages
        self._view = view
        self._preview: Preview | None = None

    # In

    def places(self) -> Sequence[Place]:
        """What an imported deck can be about: nothing yet, the platforms, skills, a product."""
        found: dict[tuple[SubjectKind, str], None] = {("skill", one): None for one in _FREE}
        for entry in self._library.decks():
            if entry.subject_kind == "platform":
                found[("platform", entry.subject)] = None
            elif entry.subject_kind == "skill":
                found[("skill", entry.subject)] = None
        places = [Place(kind, one, self._name(one)) for kind, one in found]
        first = places[0]
        rest = sorted(places[1:], key=lambda one: (one.kind != "platform", one.subject))
        product = Place("product", "", self._messages("exchange.a-product"))
        return [first, *rest, product]

    def _name(self, subject: str) -> str:
        if subject == IMPORTED:
            return self._messages("exchange.no-subject")
        return subject_name(self._messages, subject)

    def look(self, path: Path) -> None:
        """Read the file at `path` and show what it would bring."""
        title = self._messages("exchange.reading", name=path.name)
        self._view.run(title, lambda report: deck_exchange.look(path, report), self._looked)

    def _looked(self, result: object) -> None:
        if isinstance(result, Preview):
            self._preview = result
            self._view.show_preview(self._sheet(result))

    def _sheet(self, preview: Preview) -> PreviewSheet:
        deck = preview.deck
        kinds = Counter(kind_of(card.body) for card in deck.cards)
        first = [plain_text(card.question) or _words(card.body) for card in deck.cards[:_SHOWN]]
        return PreviewSheet(
            name=preview.path.name,
            format=preview.format.name,
            title=deck.title,
            questions=preview.imported.seen,
            cards=len(deck.cards),
            kinds=tuple((self._messages(f"kind.{k}"), kinds[k]) for k in KINDS if kinds[k]),
            pictures=len(preview.imported.pictures),
            answers=len(preview.imported.reviews),
            first=tuple(first),
            lost=self._lost(preview.not_carried),
        )

    def _lost(self, not_carried: Sequence[NotCarried]) -> tuple[LostLine, ...]:
        return tuple(
            LostLine(
                one.number,
                deck_exchange.sentence(one.examples[0], self._messages),
                tuple(example.where for example in one.examples if example.where)[:3],
            )
            for one in deck_exchange.summed(not_carried)
        )

    def forget(self) -> None:
        """Let the file go that was looked at."""
        self._preview = None
        self._view.show_start()

    def write(self, title: str, place: Place, *, with_answers: bool) -> None:
        """Write the file that was looked at as a new deck, and read it."""
        preview = self._preview
        if preview is None:
            return
        target = self._target(preview, title, place)

        def work(_report: ReportProgress) -> _Done:
            written = deck_exchange.take(preview, target)
            taken = 0
            if with_answers and written.reviews:
                cards = deck_exchange.cards_in(written)
                taken = deck_exchange.take_history(written, self._learner, cards)
            self._library.refresh()
            return _Done(written, taken)

        self._view.run(self._messages("exchange.writing"), work, self._written)

    def _target(self, preview: Preview, title: str, place: Place) -> Target:
        named = _COMPETENCES.get(place.kind) or _COMPETENCES.get(place.subject)
        return Target(
            folder=self._own,
            subject_kind=place.kind,
            subject=place.subject,
            competence=named or "platform-rules",
            title=title.strip(),
            as_of=study_day(self._clock.now()).strftime("%Y-%m"),
            verify=self._messages("import.to-verify", name=preview.path.name),
            beside=tuple(self._library.folders()),
        )

    def _written(self, result: object) -> None:
        if not isinstance(result, _Done):
            return
        written, taken = result.written, result.answers
        self._preview = None
        sentence = self._messages.count("exchange.written", written.cards, name=written.path.name)
        if taken:
            sentence += " " + self._messages.count("exchange.answers-taken", taken)
        lost = self._lost(written.not_carried)
        self._view.show_result(ResultSheet(sentence, written.path, written.deck_id, lost))
        self._view.toast(sentence, lambda: self._take_back(written))

    def _take_back(self, written: Written) -> None:
        """Remove the new deck again. Answers that came with it stay in the log, without a card."""
        try:
            written.path.unlink(missing_ok=True)
            folder = written.path.parent / f"{written.path.name.partition('.')[0]}-images"
            for picture in folder.glob("*") if written.pictures else ():
                picture.unlink(missing_ok=True)
            if written.pictures and folder.is_dir():
                folder.rmdir()
        except OSError as error:
            self._view.say(TrainerError("author.cannot-write", path=written.path, reason=error))
            return
        self._library.refresh()
        self._view.show_start()

    # Out

    def chapters(self, language: Language) -> Sequence[tuple[str, str]]:
        """(value, words) of what can go out: everything, each subject, each deck."""
        entries = self._library.decks(language)
        found = [("", self._messages("exchange.all-decks"))]
        subjects: Mapping[str, None] = {one.subject: None for one in entries if one.subject}
        found += [(f"subject {one}", subject_name(self._messages, one)) for one in subjects]
        found += [(f"deck {one.deck_id}", f"    {one.title}") for one in entries]
        return found

    def export(
        self, what: str, language: Language, key: str, path: Path, *, with_answers: bool
    ) -> None:
        """Write decks to `path`. `what` is one of the values of `chapters`."""

        def work(report: ReportProgress) -> Exported:
            decks = self._decks(what, language)
            reviews = deck_exchange.history_of(self._learner) if with_answers else []
            folders = self._library.folders()
            made = deck_exchange.give(
                key, decks, folders, self._clock, reviews=reviews, report=report
            )
            write_whole(path, made.content)
            return made

        def done(result: object) -> None:
            if isinstance(result, Exported):
                sentence = self._messages.count(
                    "exchange.exported", result.questions, name=path.name
                )
                lost = self._lost(result.not_carried)
                self._view.show_result(ResultSheet(sentence, path, "", lost))

        self._view.run(self._messages("exchange.writing"), work, done)

    def _decks(self, what: str, language: Language) -> list[Deck]:
        kind, _, name = what.partition(" ")
        found = []
        for entry in self._library.decks(language):
            if kind == "" or (kind == "subject" and entry.subject == name) or entry.deck_id == name:
                deck = self._library.deck(entry.deck_id, language)
                if deck is not None:
                    found.append(deck)
        return found


def _words(body: object) -> str:
    for name in ("text", "shown"):
        words = getattr(body, name, "")
        if words:
            return plain_text(words)
    return "?"
