"""What the decks of this PC offer to an exam: every card and case, in the languages it has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from trainer.cards.model import Card, Language, kind_of
from trainer.decks.model import COMPETENCES, Deck, Scenario
from trainer.exams.blueprint import (
    EXAM_KINDS,
    Blueprint,
    Cell,
    PoolCard,
    fits,
    problems,
    stock,
    usable,
)
from trainer.exams.keys import ExamError
from trainer.exams.paper_set import Asked, Picture
from trainer.exams.papers import Study, same_case, same_question, same_study
from trainer.exams.pictures import clean_picture
from trainer.services.content_library import Library, ReportProgress

STUDY = "case-study"  # the kind, and the tag of a rule whose text and cards make one
_CASE_DIFFICULTY = 3  # decks do not grade cases


@dataclass(frozen=True, slots=True)
class Choices:
    """What a blueprint can ask for, with how many questions there are of each."""

    subjects: Mapping[str, int]
    competences: Mapping[str, int]
    kinds: Mapping[str, int]
    difficulties: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class CellReport:
    """How a line of the blueprint stands. `why` names the reason (message code) when something is
    missing: exam.why-nothing, exam.why-kind, exam.why-few, exam.why-unverified, exam.why-language,
    exam.why-shared."""

    number: int  # from 1, over all sections
    section: str
    cell: Cell
    fitting: int
    drawable: int
    why: str = ""

    @property
    def missing(self) -> int:
        return max(self.cell.count - self.drawable, 0)


@dataclass(frozen=True, slots=True)
class PlanReport:
    """A blueprint held against the decks. `problems` are message codes with blanks."""

    problems: Sequence[tuple[str, Mapping[str, object]]]
    cells: Sequence[CellReport]
    questions: int

    @property
    def missing(self) -> int:
        return sum(cell.missing for cell in self.cells)

    @property
    def good(self) -> bool:
        return not self.problems and not self.missing


class ExamPool:
    """Cards and cases with their texts, read once; a plan is held against them at every key."""

    def __init__(self, library: Library, report: ReportProgress | None = None) -> None:
        """Reads every deck of `library`: half a second for ours. Raises Cancelled when `report`
        does, and what the library raises."""
        self._files: dict[str, list[Path]] = {}
        self._texts: dict[str, dict[Language, Card | Scenario | Study]] = {}
        self._decks: dict[str, tuple[str, str]] = {}  # deck id -> subject, competence
        self._unverified: set[str] = set()  # rules
        entries = library.decks()
        for done, entry in enumerate(entries):
            if report is not None:
                report(done, len(entries))
            deck = library.deck(entry.deck_id, entry.language)
            file = library.file_of(entry.deck_id, entry.language)
            if deck is not None and file is not None:
                self._files.setdefault(entry.deck_id, []).append(file)
                self._take(deck)
        self.cards: tuple[PoolCard, ...] = tuple(map(self._pool_card, self._texts))

    def find(self, card_id: str) -> Asked:
        """A card, case or case study in every language it has. Raises KeyError."""
        texts = self._texts[card_id]
        cards = {language: one for language, one in texts.items() if isinstance(one, Card)}
        cases = {language: one for language, one in texts.items() if isinstance(one, Scenario)}
        studies = {language: one for language, one in texts.items() if isinstance(one, Study)}
        return cards or cases or studies

    def choices(self, plan: Blueprint) -> Choices:
        """What the window offers to choose from, under the plan's languages and exclusions."""
        cards = usable(self.cards, plan)
        subjects = sorted({card.subject for card in cards if card.subject})
        return Choices(
            {name: sum(card.subject == name for card in cards) for name in subjects},
            {name: sum(card.competence == name for card in cards) for name in COMPETENCES},
            {name: sum(card.kind == name for card in cards) for name in EXAM_KINDS},
            {level: sum(card.difficulty == level for card in cards) for level in range(1, 6)},
        )

    def report(self, plan: Blueprint) -> PlanReport:
        """What is there and what is missing, line by line; quick enough for every key pressed."""
        found: list[tuple[str, Mapping[str, object]]] = list(problems(plan))
        usable_ids = {card.card_id for card in usable(self.cards, plan)}
        unfit = [card_id for card_id in plan.always if card_id not in usable_ids]
        unknown = [card_id for card_id in plan.never if card_id not in self._texts]
        found += [("exam.always-unfit", {"card": card_id}) for card_id in unfit]
        found += [("exam.never-unknown", {"card": card_id}) for card_id in unknown]
        stocks = stock(plan, self.cards)
        sections = [section.title for section in plan.sections for _ in section.cells]
        cells = [
            CellReport(
                number,
                sections[number - 1],
                cell,
                one.fitting,
                one.drawable,
                self._why(plan, cell, one.fitting) if one.missing > 0 else "",
            )
            for number, (cell, one) in enumerate(zip(plan.cells, stocks, strict=True), start=1)
        ]
        return PlanReport(found, cells, plan.questions)

    def picture(self, picture: Picture) -> bytes:
        """A picture of a question, cleaned. Raises ExamError exam.picture-* (blank picture)."""
        for file in self._files.get(picture.deck_id, ()):
            content = file.parents[picture.deck_id.count("/")] / Path(picture.path)
            try:
                return clean_picture(content.read_bytes(), picture.path)
            except OSError:
                continue
        raise ExamError("exam.picture-missing", picture=picture.path)

    def _take(self, deck: Deck) -> None:
        self._decks[deck.deck_id] = (deck.subject, deck.competence)
        self._unverified |= {rule.rule_id for rule in deck.rules if rule.verify}
        studied = {rule.rule_id: rule for rule in deck.rules if STUDY in rule.tags}
        for card in deck.cards:
            if card.rule_id not in studied:
                self._texts.setdefault(card.card_id, {})[deck.language] = card
        for rule in studied.values():
            own = [card for card in deck.cards if card.rule_id == rule.rule_id]
            asked = tuple(card for card in own if kind_of(card.body) in EXAM_KINDS)
            if asked:
                stem = f"**{rule.title}**\n\n{rule.text}".strip()
                study = Study(rule.rule_id, deck.language, stem, asked)
                self._texts.setdefault(rule.rule_id, {})[deck.language] = study
        for case in deck.scenarios:
            self._texts.setdefault(case.scenario_id, {})[deck.language] = case

    def _pool_card(self, card_id: str) -> PoolCard:
        texts = self._texts[card_id]
        subject, competence = self._decks[card_id.partition("#")[0]]
        cards = [one for one in texts.values() if isinstance(one, Card)]
        cases = [one for one in texts.values() if isinstance(one, Scenario)]
        studies = [one for one in texts.values() if isinstance(one, Study)]
        whole = max(len(cards), len(cases), len(studies)) == len(texts)
        same = all(
            (
                not cards or same_question(cards),
                not cases or same_case(cases),
                not studies or same_study(studies),
            )
        )
        # A translation that asks something else is none.
        languages = frozenset(texts) if whole and same else frozenset(list(texts)[:1])
        if not cards:
            kind = "case" if cases else STUDY
            level = _CASE_DIFFICULTY
            if studies:
                level = max(card.difficulty for card in studies[0].cards)
            unsure = card_id in self._unverified
            return PoolCard(card_id, card_id, subject, competence, kind, level, languages, unsure)
        card = cards[0]
        kind = kind_of(card.body)
        unsure = any(one.rule_id in self._unverified for one in cards)
        level, note_id = card.difficulty, card.note_id
        return PoolCard(card_id, note_id, subject, competence, kind, level, languages, unsure)

    def _why(self, plan: Blueprint, cell: Cell, fitting: int) -> str:
        if fitting >= cell.count:
            return "exam.why-shared"
        never = set(plan.never)
        anyhow = [card for card in self.cards if fits(card, cell) and card.card_id not in never]
        if not anyhow:
            return "exam.why-nothing"
        markable = [card for card in anyhow if card.kind in EXAM_KINDS]
        if not markable:
            return "exam.why-kind"
        if len({card.note_id for card in markable}) < cell.count:
            return "exam.why-few"
        languages = set(plan.languages)
        in_all = {card.note_id for card in markable if languages <= card.languages}
        return "exam.why-language" if len(in_all) < cell.count else "exam.why-unverified"
