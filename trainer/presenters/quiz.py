"""How a quiz behaves: choose, answer, see the result, go again; without a word or pixel of Qt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from fractions import Fraction
from typing import Protocol, get_args

import msgspec

from trainer.cards.grading import Grade, grade
from trainer.cards.model import Language, kind_of
from trainer.cards.response import GaveUp, Response
from trainer.cards.showing import Showing, show
from trainer.decks.model import Rule
from trainer.foundation.clock import Clock
from trainer.foundation.errors import TrainerError
from trainer.presenters.answer_sheet import AnswerSheet, Said, answer_sheet, said, said_right
from trainer.presenters.saving import SaveState, Saving
from trainer.presenters.study import LONGEST_THOUGHT, Asked, subject_of
from trainer.services.content_library import DeckEntry
from trainer.services.quiz import GRADED_KINDS, Feedback, Quiz, QuizPlan, QuizResult
from trainer.services.study import Question, Selection

LENGTHS = (10, 20, 30, 50)

# From this share of the points on, the result is called so.
BANDS = ((Fraction(9, 10), "strong"), (Fraction(7, 10), "good"), (Fraction(1, 2), "halfway"))


class Phase(Enum):
    CHOOSING = auto()
    ASKING = auto()
    ANSWERED = auto()
    RESULT = auto()


@dataclass(frozen=True, slots=True)
class Choices:
    """What a learner sets up, and finds again the next time. Empty tuples mean all."""

    subjects: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    length: int = 20
    feedback: Feedback = "at-once"
    decks: tuple[str, ...] = ()  # only for "quiz this chapter"; never remembered

    def to_text(self) -> str:
        """JSON, as it is remembered."""
        return msgspec.json.encode(replace(self, decks=())).decode("utf-8")


def choices_from(text: str | None) -> Choices:
    """The reverse of `Choices.to_text`; anything unreadable gives the usual choices."""
    if not text:
        return Choices()
    try:
        choices = msgspec.json.decode(text, type=Choices)
    except msgspec.MsgspecError:
        return Choices()
    if choices.length not in LENGTHS or choices.feedback not in get_args(Feedback):
        return Choices()
    kinds = tuple(kind for kind in choices.kinds if kind in GRADED_KINDS)
    return replace(choices, kinds=kinds, decks=())


@dataclass(frozen=True, slots=True)
class SubjectTile:
    """A platform, product or skill to choose."""

    subject: str
    kind: str  # platform | product | skill
    cards: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Setup:
    """The setup page. Chosen tiles and kinds narrow the quiz; none chosen means all."""

    tiles: tuple[SubjectTile, ...]
    kinds: tuple[tuple[str, bool], ...]
    length: int
    feedback: Feedback
    chapter: str  # title of the one chapter asked for; "" otherwise


@dataclass(frozen=True, slots=True)
class Shown:
    """A question of the quiz after its answer."""

    asked: Asked
    response: Response
    sheet: AnswerSheet
    last: bool


@dataclass(frozen=True, slots=True)
class Mistake:
    """A question that cost points: what was said and what would have been right."""

    card_id: str
    rule_id: str
    language: Language
    subject: str
    prompt: Showing
    said: Said
    right: Said
    points: Fraction  # 0 up to, not including, 1


@dataclass(frozen=True, slots=True)
class SubjectScore:
    subject: str
    points: float
    of: int


@dataclass(frozen=True, slots=True)
class ResultSheet:
    """The result page."""

    answered: int
    of: int
    points: float
    band: str  # strong | good | halfway | early
    taken: timedelta
    by_subject: tuple[SubjectScore, ...]  # weakest first
    mistakes: tuple[Mistake, ...]
    rules: tuple[Rule, ...]

    @property
    def share(self) -> float:
        return self.points / self.of if self.of else 0.0


class QuizView(Protocol):
    """What the presenter needs of a screen."""

    def show_setup(self, setup: Setup) -> None: ...

    def show_question(self, asked: Asked, number: int, of: int) -> None: ...

    def show_answer(self, shown: Shown) -> None: ...

    def show_result(self, sheet: ResultSheet) -> None: ...

    def show_note(self, code: str, **blanks: object) -> None:
        """A sentence that stays until the next act."""

    def show_saving(self, state: SaveState, trouble: TrainerError | None) -> None: ...


@dataclass(frozen=True, slots=True)
class _Given:
    question: Question
    showing: Showing
    response: Response
    grade: Grade


@dataclass(slots=True)
class _Run:
    """A quiz that is under way."""

    quiz: Quiz
    plan: QuizPlan
    given: list[_Given] = field(default_factory=list)


class QuizPresenter:
    """From setup to result and back.

    `begin` makes a quiz of a plan, `remember` keeps the choices for the next time, `new_seed`
    gives a number that has not been used.
    """

    def __init__(
        self,
        decks: Sequence[DeckEntry],
        view: QuizView,
        clock: Clock,
        *,
        begin: Callable[[QuizPlan], Quiz],
        remember: Callable[[str], None],
        remembered: str | None,
        new_seed: Callable[[], int],
    ) -> None:
        self._view = view
        self._clock = clock
        self._begin = begin
        self._remember = remember
        self._new_seed = new_seed
        self._decks = decks
        self._choices = self._possible(choices_from(remembered))
        self._phase = Phase.CHOOSING
        self._run: _Run | None = None
        self._asked: Asked | None = None
        self._asked_at: datetime = clock.now()
        self._saving = Saving()
        self._shown: Shown | None = None
        self._result: ResultSheet | None = None

    def take_over(self, other: "QuizPresenter") -> None:
        """Go on where `other` was: the look of the program has changed, and the screen with it."""
        self._choices, self._phase, self._run = other._choices, other._phase, other._run  # noqa: SLF001
        self._asked, self._asked_at = other._asked, other._asked_at  # noqa: SLF001
        self._shown, self._result = other._shown, other._result  # noqa: SLF001
        self._saving = other._saving  # noqa: SLF001
        view, run, asked = self._view, self._run, self._asked
        if self._result is not None:
            view.show_result(self._result)
        elif run is None or asked is None:
            view.show_setup(self._setup())
        elif self._phase is Phase.ANSWERED and self._shown is not None:
            number, of = len(run.given), run.quiz.position[1]
            view.show_question(asked, number, of)
            view.show_answer(self._shown)
        else:
            number, of = run.quiz.position
            view.show_question(asked, number, of)

    @property
    def phase(self) -> Phase:
        return self._phase

    @property
    def asked(self) -> Asked | None:
        return self._asked

    def show_setup(self) -> None:
        self.close()
        self._asked = self._shown = self._result = None
        self._phase = Phase.CHOOSING
        self._view.show_setup(self._setup())

    def use_decks(self, decks: Sequence[DeckEntry]) -> None:
        """The library has changed."""
        self._decks = decks
        self._choices = self._possible(self._choices)
        if self._phase is Phase.CHOOSING:
            self.show_setup()

    def toggle_subject(self, subject: str) -> None:
        self._choose(replace(self._choices, subjects=_toggled(self._choices.subjects, subject)))

    def all_subjects(self) -> None:
        self._choose(replace(self._choices, subjects=(), decks=()))

    def toggle_kind(self, kind: str) -> None:
        self._choose(replace(self._choices, kinds=_toggled(self._choices.kinds, kind)))

    def all_kinds(self) -> None:
        self._choose(replace(self._choices, kinds=()))

    def choose_length(self, length: int) -> None:
        self._choose(replace(self._choices, length=length))

    def choose_feedback(self, feedback: Feedback) -> None:
        self._choose(replace(self._choices, feedback=feedback))

    def choose_chapter(self, deck_id: str) -> None:
        """A quiz about one chapter, for this time only."""
        self._choices = replace(self._choices, decks=(deck_id,))
        self.show_setup()

    def start(self) -> None:
        """Begin a quiz as it is set up."""
        chosen = self._choices
        self._remember(chosen.to_text())
        selection = Selection(
            subjects=() if chosen.decks else chosen.subjects,
            decks=chosen.decks,
            kinds=chosen.kinds or GRADED_KINDS,
        )
        self._start(QuizPlan(selection, chosen.length, chosen.feedback, self._new_seed()))

    def again_with_mistakes(self) -> None:
        """A new quiz of the questions that cost points."""
        run = self._run
        if run is None:
            return
        cards = tuple(
            dict.fromkeys(one.question.card.card_id for one in run.given if not one.grade.correct)
        )
        if cards:
            plan = QuizPlan(Selection(cards=cards), len(cards), run.plan.feedback, self._new_seed())
            self._start(plan)

    def check(self, response: Response) -> None:
        """Take the answer; show what is right now or go on, as was chosen."""
        run, asked = self._run, self._asked
        if run is None or asked is None or self._phase is not Phase.ASKING:
            return
        taken = max(self._clock.now() - self._asked_at, timedelta(0))
        result = grade(asked.showing, response)
        self._saving.add(run.quiz.answer(response, min(taken, LONGEST_THOUGHT)))
        self._view.show_saving("saving", None)
        run.given.append(_Given(asked.question, asked.showing, response, result))
        if run.plan.feedback == "at-the-end":
            self.go_on()
            return
        self._phase = Phase.ANSWERED
        sheet = answer_sheet(asked.showing, response, result, asked.question.rule)
        self._shown = Shown(asked, response, sheet, last=run.quiz.question is None)
        self._view.show_answer(self._shown)

    def give_up(self) -> None:
        self.check(GaveUp())

    def go_on(self) -> None:
        """The next question, or the result."""
        run = self._run
        if run is None or self._phase in {Phase.CHOOSING, Phase.RESULT}:
            return
        question = run.quiz.question
        if question is None:
            self._finish(run)
            return
        self._ask(run, question)

    def stop(self) -> None:
        """End early: the result counts what was answered; nothing answered leads to the setup."""
        run = self._run
        if run is None or not run.given:
            self.show_setup()
        else:
            self._finish(run)

    @property
    def saving(self) -> bool:
        """Whether an answer is still on its way to the disk."""
        return self._saving.busy

    def look_at_saving(self) -> None:
        """Tell the view how the writing goes."""
        saved, trouble = self._saving.look()
        if trouble is not None:
            self._view.show_saving("trouble", trouble)
        elif saved:
            self._view.show_saving("saved", None)

    def close(self) -> None:
        """Let go of a quiz that is under way."""
        run, self._run = self._run, None
        if run is not None:
            run.quiz.close()

    def _start(self, plan: QuizPlan) -> None:
        try:
            quiz = self._begin(plan)
        except TrainerError as error:
            self._view.show_note(error.code, **error.blanks)
            return
        self.close()
        question = quiz.question
        if question is None:
            quiz.close()
            self._view.show_note("quiz.no-questions")
            return
        self._run = _Run(quiz, plan)
        self._ask(self._run, question)
        of = quiz.position[1]
        if of < plan.length:
            self._view.show_note("quiz.fewer", number=of)

    def _ask(self, run: _Run, question: Question) -> None:
        card = question.card
        self._phase = Phase.ASKING
        self._shown = self._result = None
        self._asked = Asked(
            question,
            show(card, question.seed),
            kind_of(card.body),
            card.language,
            subject_of(card.card_id),
        )
        number, of = run.quiz.position
        self._view.show_question(self._asked, number, of)
        self._asked_at = self._clock.now()

    def _finish(self, run: _Run) -> None:
        self._phase = Phase.RESULT
        self._asked = None
        run.quiz.close()
        self._result = result_sheet(run.quiz.result(), run.given)
        self._view.show_result(self._result)

    def _choose(self, choices: Choices) -> None:
        self._choices = choices
        self._view.show_setup(self._setup())

    def _possible(self, choices: Choices) -> Choices:
        """`choices` without subjects and chapters that are gone."""
        subjects = {deck.subject for deck in self._decks}
        decks = {deck.deck_id for deck in self._decks}
        return replace(
            choices,
            subjects=tuple(subject for subject in choices.subjects if subject in subjects),
            decks=tuple(deck for deck in choices.decks if deck in decks),
        )

    def _setup(self) -> Setup:
        chosen = self._choices
        cards: dict[tuple[str, str], dict[str, int]] = {}
        for deck in self._decks:
            if deck.subject:
                of_deck = cards.setdefault((deck.subject_kind, deck.subject), {})
                # A translation has the same cards: count them once.
                of_deck[deck.deck_id] = max(of_deck.get(deck.deck_id, 0), deck.cards)
        tiles = tuple(
            SubjectTile(subject, kind, sum(counts.values()), subject in chosen.subjects)
            for (kind, subject), counts in cards.items()
        )
        chapter = next((deck.title for deck in self._decks if deck.deck_id in chosen.decks), "")
        kinds = tuple((kind, kind in chosen.kinds) for kind in GRADED_KINDS)
        return Setup(tiles, kinds, chosen.length, chosen.feedback, chapter)


def result_sheet(result: QuizResult, given: Sequence[_Given]) -> ResultSheet:
    """The result page of a quiz in which `given` was answered."""
    points: dict[str, list[Fraction]] = {}
    for one in given:
        share = one.grade.share or Fraction(0)
        points.setdefault(subject_of(one.question.card.card_id), []).append(share)
    by_subject = sorted(
        (
            SubjectScore(subject, float(sum(shares, Fraction(0))), len(shares))
            for subject, shares in points.items()
        ),
        key=lambda score: score.points / score.of,
    )
    mistakes = tuple(_mistake(one) for one in given if not one.grade.correct)
    share = Fraction(result.points).limit_denominator(1000) / max(result.of, 1)
    return ResultSheet(
        answered=result.answered,
        of=result.of,
        points=result.points,
        band=next((name for limit, name in BANDS if share >= limit), "early"),
        taken=result.taken,
        by_subject=tuple(by_subject),
        mistakes=mistakes,
        rules=tuple(result.rules_to_read),
    )


def _mistake(one: _Given) -> Mistake:
    card = one.question.card
    return Mistake(
        card.card_id,
        card.rule_id,
        card.language,
        subject_of(card.card_id),
        one.showing,
        said(one.showing, one.response),
        said_right(one.showing),
        one.grade.share or Fraction(0),
    )


def _toggled(chosen: tuple[str, ...], name: str) -> tuple[str, ...]:
    if name in chosen:
        return tuple(other for other in chosen if other != name)
    return (*chosen, name)
