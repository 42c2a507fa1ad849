"""Cases: chosen from a list, played decision by decision, and looked back on in the end."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, auto
from fractions import Fraction
from itertools import groupby
from typing import Protocol

from trainer.cards.model import Language
from trainer.decks.model import ChoiceLink, Rule
from trainer.penalties.account import Entry, Reason, Restriction
from trainer.penalties.charges import Bill
from trainer.penalties.engine import TrackStanding
from trainer.penalties.readings import Reading
from trainer.penalties.rulebook import Fine, Threshold
from trainer.presenters import amounts
from trainer.presenters.answer_sheet import Mark
from trainer.presenters.case_map import CaseMap, case_map
from trainer.services.case_records import CaseStanding
from trainer.services.casework import Account, CaseEntry, CaseSession, Debrief, Fall
from trainer.services.study import Selection

NONE = Fraction(0)
amount, figure = amounts.amount, amounts.figure  # known by these names since they stood here

# Products are many and small: they come last, and stand together.
SUBJECT_KINDS = ("platform", "skill", "product")


class Phase(Enum):
    CHOOSING = auto()
    DECIDING = auto()
    DECIDED = auto()
    ENDED = auto()


@dataclass(frozen=True, slots=True)
class CaseGroup:
    """Cases under one heading: a platform, a skill, or all products (`subject` is "")."""

    kind: str
    subject: str
    cases: tuple[CaseEntry, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A decision as it stands on the screen. `mark` is None until one has been taken."""

    choice: ChoiceLink
    mark: Mark | None = None
    word: str = ""  # code of the mark in words
    taken: bool = False


@dataclass(frozen=True, slots=True)
class Meter:
    """A record of the account, and the share that the last decision added."""

    standing: TrackStanding
    added: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Blow:
    """What a decision cost: a `Fall` with the record it fell on."""

    title: str
    points: Fraction  # 0 for a fine
    unit: str = ""
    track: str = ""
    before: Fraction = Fraction(0)
    after: Fraction = Fraction(0)
    crossed: tuple[Threshold, ...] = ()
    amount: str = ""  # of a fine, as the table has it
    remarks: str = ""
    reason: Reason = ""
    bill: Bill | None = None
    begun: tuple[Restriction, ...] = ()
    falls: bool = False  # a score that falls: `before` and `after` are what it shows


@dataclass(frozen=True, slots=True)
class AccountSheet:
    """The account's health: records, metrics, what is in force, money, and the day of the story."""

    meters: tuple[Meter, ...] = ()
    fines: tuple[Fine, ...] = ()
    fined: tuple[Entry, ...] = ()  # the fines with what each came to
    readings: tuple[Reading, ...] = ()
    in_force: tuple[Restriction, ...] = ()
    money: Fraction | None = None
    spent: Fraction = Fraction(0)  # by the last decision; negative when it earned
    currency: str = ""
    day: int = 0  # of the story, from 1; 0 where no day passes in the case
    began: date | None = None

    @property
    def empty(self) -> bool:
        said = self.meters or self.fines or self.readings or self.in_force
        return not said and self.money is None and not self.day


@dataclass(frozen=True, slots=True)
class StepSheet:
    """A step: before the decision, and after it with marks, reasons and what it cost."""

    case_title: str
    case_text: str  # "" after the first step
    subject: str
    scenario_id: str
    language: Language
    number: int  # of the decision, from 1
    title: str
    text: str
    lines: tuple[Line, ...]
    account: AccountSheet
    blows: tuple[Blow, ...] = ()
    can_go_back: bool = False
    decided: bool = False
    resumed: bool = False  # gone on with where the case was left


@dataclass(frozen=True, slots=True)
class Milestone:
    """A decision on the road, looked back on."""

    step: str
    choice: str
    right: bool
    blows: tuple[Blow, ...]


@dataclass(frozen=True, slots=True)
class EndSheet:
    case_title: str
    subject: str
    scenario_id: str
    language: Language
    title: str
    text: str
    account: AccountSheet
    right: int
    wrong: int
    road: tuple[Milestone, ...]
    rules: tuple[Rule, ...]
    cards: tuple[str, ...]
    map: CaseMap
    soon: int = 0  # so many of the cards are in Study's queue now
    met: tuple[Rule, ...] = ()  # rules whose thresholds were reached, beside the broken ones


class CasesView(Protocol):
    """What the presenter needs of a screen."""

    def show_list(self, groups: Sequence[CaseGroup]) -> None: ...

    def show_step(self, sheet: StepSheet) -> None: ...

    def show_end(self, sheet: EndSheet) -> None: ...

    def show_gone(self) -> None:
        """The case that was asked for is no longer in the library."""
        ...


class CaseKeeper(Protocol):
    """What remembers the cases of a learner: services.case_records.CaseRecords."""

    def standings(self) -> Mapping[str, CaseStanding]: ...

    def of(self, scenario_id: str) -> CaseStanding: ...

    def new_play(self) -> str: ...

    def keep(self, session: CaseSession, play_id: str) -> object: ...

    def leave(self, scenario_id: str, play_id: str) -> object: ...

    def ask_soon(self, cards: Sequence[str]) -> object: ...


class CasesPresenter:
    """From the list through a case to its end and back.

    `open_case` makes a session of a case's id, or None when it is gone; `rule` finds a rule;
    `study` opens a sitting; `keeper` remembers what was played (None: nobody does).
    """

    def __init__(
        self,
        view: CasesView,
        language: Language,
        *,
        open_case: Callable[[str], CaseSession | None],
        rule: Callable[[str, Language], Rule | None],
        study: Callable[[Selection], None],
        keeper: CaseKeeper | None = None,
    ) -> None:
        self._view = view
        self._language = language
        self._open_case = open_case
        self._rule = rule
        self._study = study
        self._keeper = keeper
        self._play = ""  # the id of this play
        self._asked: set[str] = set()  # cards that this play has put into the queue
        self._groups: tuple[CaseGroup, ...] = ()
        self._subjects: dict[str, str] = {}
        self._session: CaseSession | None = None
        self._shown: StepSheet | EndSheet | None = None

    @property
    def phase(self) -> Phase:
        match self._shown:
            case None:
                return Phase.CHOOSING
            case StepSheet(decided=decided):
                return Phase.DECIDED if decided else Phase.DECIDING
            case EndSheet():
                return Phase.ENDED

    @property
    def shown(self) -> StepSheet | EndSheet | None:
        return self._shown

    def take_over(self, other: "CasesPresenter") -> None:
        """Go on where `other` was: the look of the program has changed, and the screen with it."""
        self._session, self._shown = other._session, other._shown  # noqa: SLF001
        self._subjects = other._subjects  # noqa: SLF001
        self._play, self._asked = other._play, other._asked  # noqa: SLF001
        if self._session is not None:
            self._language = other._language  # noqa: SLF001 - the case goes on in its language
        self._show_again()

    def use_cases(self, cases: Sequence[CaseEntry]) -> None:
        """What there is to choose from now."""
        self._groups = grouped(cases)
        self._subjects = {case.scenario_id: case.subject for case in cases}
        if self.phase is Phase.CHOOSING:
            self._view.show_list(self._groups)

    def open(self, scenario_id: str) -> None:
        session = self._open_case(scenario_id)
        if session is None:
            self._view.show_gone()
            return
        self._session = session
        self._begin_play()
        resumed = self._resume(scenario_id)
        self._present(resumed=resumed)

    def standing_of(self, scenario_id: str) -> CaseStanding:
        """What is known of a case."""
        return self._keeper.of(scenario_id) if self._keeper is not None else CaseStanding()

    def standings(self) -> Mapping[str, CaseStanding]:
        """What is known of the cases that were begun once."""
        return self._keeper.standings() if self._keeper is not None else {}

    def choose(self, place: int) -> None:
        """Take the decision at `place`; ignored where there is none to take."""
        session, before = self._session, self._shown
        if session is None or not isinstance(before, StepSheet) or before.decided:
            return
        if not 0 <= place < len(before.lines):
            return
        account = session.account
        taken = session.choose(before.lines[place].choice)
        self._shown = StepSheet(
            case_title=before.case_title,
            case_text=before.case_text,
            subject=before.subject,
            scenario_id=before.scenario_id,
            language=before.language,
            number=before.number,
            title=before.title,
            text=before.text,
            lines=tuple(_marked(line.choice, taken.choice) for line in before.lines),
            account=_account(session, account),
            blows=blows_of(session, len(session.road) - 1),
            can_go_back=True,
            decided=True,
        )
        self._keep()
        self._view.show_step(self._shown)

    def go_on(self) -> None:
        """From a decision to what it leads to."""
        if self.phase is Phase.DECIDED:
            self._present()

    def go_back(self) -> None:
        """Take the last decision back."""
        if self._session is not None and self._session.can_go_back:
            self._session.go_back()
            self._keep()
            self._present()

    def back_to(self, number: int) -> None:
        """Stand before the decision of that number (from 1) again."""
        session = self._session
        if session is None or not 1 <= number <= len(session.road):
            return
        while len(session.road) >= number:
            session.go_back()
        self._keep()
        self._present()

    def try_again(self) -> None:
        """From the beginning, as a play of its own."""
        session = self._session
        if session is None:
            return
        if not session.ended and session.road and self._keeper is not None:
            self._keeper.leave(session.case.scenario_id, self._play)
        session.start_again()
        self._begin_play()
        self._present()

    def leave(self) -> None:
        """Back to the list."""
        self._session = self._shown = None
        self._view.show_list(self._groups)

    def study(self) -> None:
        """The cards of what was broken."""
        if isinstance(self._shown, EndSheet) and self._shown.cards:
            self._study(Selection(cards=self._shown.cards))

    def _begin_play(self) -> None:
        self._play = self._keeper.new_play() if self._keeper is not None else ""
        self._asked = set()

    def _resume(self, scenario_id: str) -> bool:
        """Go along the road that was left, as far as the case still has it."""
        session, known = self._session, self.standing_of(scenario_id)
        if session is None or not known.going:
            return False
        session.go_along(known.going)
        if session.ended or not session.road:
            session.start_again()
            return False
        self._play = known.play_id
        return True

    def _keep(self) -> None:
        """Remember the road so far, and at an end send the cards of broken rules on their way."""
        session = self._session
        if session is None or self._keeper is None:
            return
        self._keeper.keep(session, self._play)
        if session.ended:
            soon = [card for card in session.debrief().soon if card not in self._asked]
            if soon:
                self._keeper.ask_soon(soon)
                self._asked.update(soon)

    def _present(self, *, resumed: bool = False) -> None:
        session = self._session
        if session is not None:
            shown = self._end(session) if session.ended else self._step(session)
            if resumed and isinstance(shown, StepSheet):
                shown = replace(shown, resumed=True)
            self._shown = shown
            self._show_again()

    def _show_again(self) -> None:
        match self._shown:
            case StepSheet() as sheet:
                self._view.show_step(sheet)
            case EndSheet() as end:
                self._view.show_end(end)
            case None:
                self._view.show_list(self._groups)

    def _step(self, session: CaseSession) -> StepSheet:
        case, step = session.case, session.step
        return StepSheet(
            case_title=case.title,
            case_text="" if session.road else case.text,
            subject=self._subject_of(case.scenario_id),
            scenario_id=case.scenario_id,
            language=case.language,
            number=len(session.road) + 1,
            title=step.title,
            text=step.text,
            lines=tuple(Line(choice) for choice in session.choices),
            account=_account(session, None),
            can_go_back=session.can_go_back,
        )

    def _end(self, session: CaseSession) -> EndSheet:
        case, told = session.case, session.debrief()
        return EndSheet(
            case_title=case.title,
            subject=self._subject_of(case.scenario_id),
            scenario_id=case.scenario_id,
            language=case.language,
            title=session.step.title,
            text=session.step.text,
            account=_account(session, None),
            right=told.right,
            wrong=told.wrong,
            road=_road(session, told),
            rules=self._rules(told.broken_rules),
            cards=told.cards,
            map=case_map(case, session.road, session.ended),
            soon=len(told.soon) if self._keeper is not None else 0,
            met=self._rules(one for one in told.met_rules if one not in told.broken_rules),
        )

    def _rules(self, names: Iterable[str]) -> tuple[Rule, ...]:
        found = (self._rule(rule_id, self._language) for rule_id in names)
        return tuple(rule for rule in found if rule is not None)

    def _subject_of(self, scenario_id: str) -> str:
        return self._subjects.get(scenario_id, "")


def grouped(cases: Sequence[CaseEntry]) -> tuple[CaseGroup, ...]:
    """Platforms and skills one by one, then all products together."""

    def place(case: CaseEntry) -> tuple[int, str, str]:
        known = case.subject_kind in SUBJECT_KINDS
        kind = SUBJECT_KINDS.index(case.subject_kind) if known else len(SUBJECT_KINDS)
        return kind, case.subject_kind, "" if case.subject_kind == "product" else case.subject

    # Sorting is stable: within a subject the library's order stays.
    ordered = sorted(cases, key=place)
    return tuple(
        CaseGroup(kind, subject, tuple(of_group))
        for (_, kind, subject), of_group in groupby(ordered, key=place)
    )


def blows_of(session: CaseSession, place: int) -> tuple[Blow, ...]:
    """What the decision at `place` of the road cost, with the record's points around it."""
    return tuple(_blow(session, fall) for fall in session.road[place].falls)


def _blow(session: CaseSession, fall: Fall) -> Blow:
    breach = fall.violation
    track = session.book.tracks.get(breach.track_id)
    blow = Blow(
        breach.title,
        fall.points,
        remarks=breach.remarks,
        reason=fall.reason,
        bill=fall.bill,
        begun=fall.begun,
    )
    if isinstance(breach, Fine) and not fall.points:
        return replace(blow, amount=breach.amount, bill=worked_out(breach, fall.bill))
    if track is None:
        return blow
    return replace(
        blow,
        unit=track.unit,
        track=track.title,
        before=track.shown(fall.before),
        after=track.shown(fall.after),
        crossed=tuple(replace(one, at=track.shown(one.at)) for one in fall.crossed),
        falls=track.falls,
    )


def worked_out(fine: Fine, bill: Bill | None) -> Bill | None:
    """The bill where it says more than the table does: a share, or several pieces."""
    if bill is None or fine.charge is None:
        return None
    return bill if fine.charge.share or bill.high != fine.charge.sum else None


def _account(session: CaseSession, before: Account | None) -> AccountSheet:
    """The account now; what it has more than `before` was added just now."""
    account, book = session.account, session.book
    was = {one.track.track_id: one.points for one in before.standing(book)} if before else {}
    meters = tuple(
        Meter(now, now.points - was.get(now.track.track_id, now.points if before is None else NONE))
        for now in account.standing(book)
    )
    spent = NONE
    if before is not None and before.money is not None and account.money is not None:
        spent = before.money - account.money
    return AccountSheet(
        meters,
        account.fines,
        account.fined,
        tuple(account.readings(book)),
        tuple(one for one in account.in_force if one.measure.kind != "warned"),
        account.money,
        spent,
        account.currency,
        (account.day - account.began).days + 1 if session.takes_days else 0,
        account.began,
    )


def _road(session: CaseSession, told: Debrief) -> tuple[Milestone, ...]:
    return tuple(
        Milestone(taken.step.title, taken.choice.text, taken.choice.right, blows_of(session, place))
        for place, taken in enumerate(told.road)
    )


def _marked(choice: ChoiceLink, taken: ChoiceLink) -> Line:
    """A right way that was not taken is shown too; what else was not taken stays quiet."""
    own = choice is taken
    if choice.right:
        mark: Mark = "right" if own else "missed"
        return Line(choice, mark, "cases.mark.good" if own else "cases.mark.better", own)
    return Line(choice, "wrong" if own else "plain", "cases.mark.costly", own)
