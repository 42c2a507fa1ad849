"""The shop on the screen: set up, a day at the desk, a matter or a move to decide, the month's end.

Whether a decision was right is not told before the end: a shop does not know it, either.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

from trainer.cards.model import Language
from trainer.decks.model import Rule
from trainer.foundation.chance import Chance
from trainer.foundation.errors import TrainerError
from trainer.foundation.messages import Messages
from trainer.penalties.shop import health, trade
from trainer.penalties.shop.simulation import MoveRefusedError
from trainer.penalties.shop.state import (
    LENGTHS,
    DayFigures,
    Decide,
    Matter,
    Mode,
    Move,
    NextDay,
    Restock,
    SetPrice,
    Setup,
    SetWay,
    State,
    whose,
)
from trainer.penalties.shop.world import ROLES, Choice, Event, Role
from trainer.presenters.cases import Meter
from trainer.presenters.shop_sheets import (
    DeskSheet,
    HealthSheet,
    MatterLine,
    MonthEndSheet,
    NightLine,
    Option,
    OptionsSheet,
    PastDay,
    SetupSheet,
    ShopPhase,
    ShopView,
)
from trainer.services.shop import ShopSession, ShopWorlds, Told, hurts
from trainer.services.shop_contest import contest_code, setup_of_code
from trainer.services.shop_records import ShopRecords
from trainer.services.study import Selection

_PRICES = (800, 900, 950, 1000, 1050, 1100, 1200)


class ShopPresenter:
    """From the setup through the days of a month to its end."""

    def __init__(
        self,
        view: ShopView,
        messages: Messages,
        *,
        records: ShopRecords,
        rule: Callable[[str, Language], Rule | None],
        study: Callable[[Selection], None],
    ) -> None:
        self._view = view
        self._messages = messages
        self._records = records
        self._rule = rule
        self._study = study
        self._worlds: ShopWorlds | None = None
        self._setup = Setup("aliexpress", "power-bank", 30, "")
        self._session: ShopSession | None = None
        self._month = ""
        self._night: tuple[NightLine, ...] = ()
        self._open: tuple[str, int] | None = None  # kind and matter number
        self._turn = 0
        self.phase = ShopPhase.SETUP

    @property
    def session(self) -> ShopSession | None:
        return self._session

    def take_over(self, other: "ShopPresenter") -> None:
        """Go on where `other` was: the look of the program has changed, and the screen with it."""
        self._worlds = other._worlds  # noqa: SLF001 - its own kind
        self._setup, self._session = other._setup, other._session  # noqa: SLF001
        self._month, self._night = other._month, other._night  # noqa: SLF001
        self._open, self._turn = other._open, other._turn  # noqa: SLF001
        self.phase = other.phase
        self._show_again()

    def use_worlds(self, worlds: ShopWorlds) -> None:
        """What can be played now."""
        self._worlds = worlds
        platforms = [one.platform_id for one in worlds.platforms()]
        products = [one.product_id for one in worlds.products()]
        if self._setup.platform not in platforms and platforms:
            self._setup = _with(self._setup, platform=platforms[0])
        if self._setup.product not in products and products:
            self._setup = _with(self._setup, product=products[0])
        if not self._setup.seed:
            self._setup = _with(self._setup, seed=self._records.new_seed())
        if self.phase is ShopPhase.SETUP:
            self._show_setup()

    # Setting up

    def choose(
        self,
        *,
        platform: str | None = None,
        product: str | None = None,
        days: int | None = None,
        mode: Mode | None = None,
    ) -> None:
        before = self._setup
        self._setup = Setup(
            platform or before.platform,
            product or before.product,
            days if days in LENGTHS else before.days,
            before.seed,
            mode or before.mode,
        )
        self._show_setup()

    def use_code(self, text: str) -> bool:
        """Set up the month of a contest code; False when it is none, or not for these decks."""
        setup = setup_of_code(text)
        worlds = self._worlds
        if setup is None or worlds is None:
            return False
        known = {one.platform_id for one in worlds.platforms()}
        if setup.platform not in known or setup.product not in worlds.world.products:
            return False
        self._setup = setup
        self._show_setup()
        return True

    def other_seed(self) -> None:
        """Another month than the one that would be played."""
        self._setup = _with(self._setup, seed=self._records.new_seed())
        self._show_setup()

    def begin(self, *, contest: bool = False) -> None:
        """The first morning of the month that is set up."""
        if self._worlds is None:
            return
        self._begin(self._setup, contest_code(self._setup) if contest else "")

    def _begin(self, setup: Setup, contest: str) -> None:
        if self._worlds is None:
            return
        session = self._worlds.open(setup)
        session.contest = contest
        self._month, _ = self._records.begin(session)
        self._start(session)

    def go_on(self, month_id: str) -> bool:
        """Go on with a month that was left; False when it no longer can be."""
        if self._worlds is None:
            return False
        found = self._records.open(month_id, self._worlds)
        if found is None:
            return False
        self._month = month_id
        self._start(found.session)
        if found.changed:
            self._view.say_changed()
        return True

    def drop(self, month_id: str) -> None:
        """The month is not to be gone on with."""
        self._records.leave(month_id)
        self._show_setup()

    def _start(self, session: ShopSession) -> None:
        self._session, self._night, self._open = session, (), None
        self._turn = self._first_turn(session)
        if session.state.finished:
            self._end()
        else:
            self._show_desk()

    # The day

    def open_matter(self, place: int) -> None:
        """Open the matter at `place` among those of whose turn it is."""
        session = self._session
        if session is None:
            return
        mine = [one for one in self._ordered(session) if self._is_mine(session, one)]
        if 0 <= place < len(mine):
            self._open = "matter", mine[place].number
            self._show_options()

    def open_move(self, kind: str) -> None:
        """Open a move: "price", "way" or "goods"."""
        if self._session is not None and self.phase is ShopPhase.DESK:
            self._open = kind, 0
            self._show_options()

    def put_back(self) -> None:
        """Back to the desk without deciding."""
        self._open = None
        self._show_desk()

    def take(self, place: int) -> None:
        """Take the option at `place`."""
        sheet = self._options()
        if sheet is None or not 0 <= place < len(sheet.options):
            return
        option = sheet.options[place]
        if option.why_not:
            self._view.say_refused(TrainerError(option.why_not))
            return
        if self._made(option.move):
            self._open = None
            self._show_desk()

    def next_day(self) -> None:
        session = self._session
        if session is None or self.phase is not ShopPhase.DESK:
            return
        before = session.state
        if not self._made(NextDay()):
            return
        self._turn = self._first_turn(session)
        self._night = _night_of(session, before)
        if session.state.finished:
            self._end()
            self._records.ask_soon(session.debrief().soon)
        else:
            self._show_desk()

    def take_back(self) -> None:
        session = self._session
        if session is not None and session.take_back() is not None:
            self._records.keep_taken_back(self._month)
            self._open = None
            self._show_desk()

    def hand_over(self) -> None:
        """The next role's turn, at a desk that a team shares."""
        self._turn = (self._turn + 1) % len(ROLES)
        self._show_desk()

    def leave(self) -> None:
        """To the setup; the month is kept and can be gone on with."""
        self._session, self._open = None, None
        self._show_setup()

    def _first_turn(self, session: ShopSession) -> int:
        """The first role that has something to decide begins the day."""
        roles = {session.event_of(one).role for one in session.state.matters}
        return next((place for place, role in enumerate(ROLES) if role in roles), 0)

    def _is_mine(self, session: ShopSession, matter: Matter) -> bool:
        team = session.setup.mode == "team"
        return not team or session.event_of(matter).role == ROLES[self._turn]

    def _made(self, move: Move) -> bool:
        session = self._session
        if session is None:
            return False
        try:
            session.move(move)
        except MoveRefusedError as error:
            self._view.say_refused(error)
            return False
        self._records.keep(self._month, session)
        return True

    # The end

    def play_again(self) -> None:
        """The same month once more."""
        session = self._session
        if session is not None:
            self._begin(session.setup, session.contest)

    def study(self) -> None:
        session = self._session
        if session is not None and (cards := session.debrief().cards):
            self._study(Selection(cards=cards))

    def _end(self) -> None:
        session = self._session
        if session is None:
            return
        self.phase = ShopPhase.ENDED
        told = session.debrief()
        language = self._language
        self._view.show_month_end(
            MonthEndSheet(
                setup=session.setup,
                platform=session.game.rules.platform.title,
                product=session.game.rules.product.title,
                language=language,
                debrief=told,
                figures=session.state.figures,
                first_day=session.game.rules.date_of(1),
                chain=_chain(session),
                health=self._health(session),
                rules=self._rules(told.broken_rules),
                met=self._rules([one for one in told.met_rules if one not in told.broken_rules]),
                code=contest_code(session.setup),
                contest=bool(session.contest),
            )
        )

    def _rules(self, names: Sequence[str]) -> tuple[Rule, ...]:
        found = (self._rule(name, self._language) for name in names)
        return tuple(rule for rule in found if rule is not None)

    # Sheets

    @property
    def _language(self) -> Language:
        return self._worlds.language if self._worlds is not None else "en"

    def _show_again(self) -> None:
        match self.phase:
            case ShopPhase.SETUP:
                self._show_setup()
            case ShopPhase.DESK:
                self._show_desk()
            case ShopPhase.DECIDING:
                self._show_options()
            case ShopPhase.ENDED:
                self._end()

    def _show_setup(self) -> None:
        self.phase = ShopPhase.SETUP
        worlds = self._worlds
        if worlds is None:
            return
        months = self._records.months()
        self._view.show_setup(
            SetupSheet(
                tuple(worlds.platforms()),
                tuple(worlds.products()),
                self._setup,
                contest_code(self._setup),
                tuple(one for one in months if one.grade is None),
                tuple(one for one in months if one.grade is not None),
            )
        )

    def _show_desk(self) -> None:
        session = self._session
        if session is None:
            return
        self.phase = ShopPhase.DESK
        state, rules = session.state, session.game.rules
        turn = ROLES[self._turn] if session.setup.mode == "team" else None
        mine = whose(turn or "operations", session.setup.mode)
        self._view.show_desk(
            DeskSheet(
                setup=session.setup,
                platform=rules.platform.title,
                product=rules.product.title,
                language=self._language,
                day=state.day,
                today=session.today,
                minutes=state.minutes[mine],
                turn=turn,
                cash=state.cash,
                profit=session.profit(),
                stock=state.stock,
                coming=sum(one.units for one in state.deliveries),
                waiting=state.orders_waiting,
                packable=session.packable(),
                orders=state.books[-1].orders,
                travelling=sum(one.orders for one in state.parcels),
                price=state.price,
                way=rules.world.ways[state.way].title if state.way in rules.world.ways else "",
                matters=tuple(self._line(session, one) for one in self._ordered(session)),
                health=self._health(session),
                night=self._night,
                past=tuple(self._past(session, figures) for figures in state.figures),
                first_day=rules.date_of(1),
                can_take_back=session.can_take_back,
                contest=bool(session.contest),
            )
        )

    def _past(self, session: ShopSession, figures: DayFigures) -> PastDay:
        events = session.game.rules.events
        decided = tuple(
            events[note.ref].title
            for note in session.state.notes
            if note.day == figures.day and note.kind == "chose" and note.ref in events
        )
        return PastDay(figures, decided)

    def _ordered(self, session: ShopSession) -> list[Matter]:
        """What is due first comes first."""
        return sorted(session.state.matters, key=lambda one: (one.due, one.number))

    def _line(self, session: ShopSession, matter: Matter) -> MatterLine:
        event = session.event_of(matter)
        return MatterLine(
            matter.number,
            self._filled(event.title, session, matter),
            event.sender,
            event.role,
            matter.due - session.state.day,
            self._is_mine(session, matter),
        )

    def _health(self, session: ShopSession) -> HealthSheet:
        rules, state = session.game.rules, session.state
        today = session.today
        account = rules.account(state)
        new = {one.day for one in state.established if one.day >= state.day - 1}
        meters = []
        for standing in account.standings(today).values():
            added = sum(
                (one.points for one in account.penalties()
                 if one.track_id == standing.track.track_id
                 and any(rules.date_of(day) == one.given_on for day in new)),
                Fraction(0),
            )  # fmt: skip
            if standing.track.thresholds:
                meters.append(Meter(standing, added))
        readings = tuple(health.read(rules, state, one)[1] for one in rules.countings)
        return HealthSheet(tuple(meters), readings, health.restrictions(rules, state), state.level)

    def _show_options(self) -> None:
        sheet = self._options()
        if sheet is not None:
            self.phase = ShopPhase.DECIDING
            self._view.show_options(sheet)

    def _options(self) -> OptionsSheet | None:
        session, opened = self._session, self._open
        if session is None or opened is None:
            return None
        kind, number = opened
        match kind:
            case "matter":
                matter = session.state.matter(number)
                return None if matter is None else self._matter(session, matter)
            case "price":
                return self._plain(session, kind, "operations", self._prices(session))
            case "way":
                return self._plain(session, kind, "logistics", self._ways(session))
            case _:
                return self._plain(session, kind, "product", self._goods(session))

    def _matter(self, session: ShopSession, matter: Matter) -> OptionsSheet:
        event = session.event_of(matter)
        shuffled = Chance(f"{session.setup.seed}/{matter.number}").shuffled(event.choices)
        pieces = matter.count if event.trigger else 1
        options = tuple(
            Option(
                self._filled(one.text, session, matter),
                Decide(matter.number, one.choice_id),
                one.effects.minutes,
                _cents(session, one, pieces),
                session.why_not(matter.number, one.choice_id),
            )
            for one in shuffled
        )
        return OptionsSheet(
            "matter",
            self._filled(event.title, session, matter),
            self._filled(event.text, session, matter),
            self._language,
            options,
            session.state.minutes[whose(event.role, session.setup.mode)],
            event.sender,
            event.role,
            matter.due - session.state.day,
        )

    def _plain(
        self, session: ShopSession, kind: str, role: Role, options: tuple[Option, ...]
    ) -> OptionsSheet:
        messages = self._messages
        return OptionsSheet(
            kind,
            messages(f"shop.move.{kind}"),
            messages(f"shop.move.{kind}-why"),
            self._language,
            options,
            session.state.minutes[whose(role, session.setup.mode)],
            role=role,
        )

    def _prices(self, session: ShopSession) -> tuple[Option, ...]:
        rules = session.game.rules
        return tuple(
            self._option(
                session,
                self._messages(
                    "shop.price-option",
                    price=f"{rules.product.price * price / 100_000:.2f}",
                    share=f"{(price - 1000) / 10:+.0f}",
                ),
                SetPrice(price),
                trade.MINUTES_TO_PRICE,
                0,
            )
            for price in _PRICES
            if price != session.state.price
        )

    def _ways(self, session: ShopSession) -> tuple[Option, ...]:
        options = []
        for way in session.ways():
            if way.way_id == session.state.way:
                continue
            text = self._messages(
                "shop.way-option" if way.tracked else "shop.way-option-untracked",
                way=way.title,
                price=f"{way.cents * session.game.rules.platform.units / 100:.2f}",
                fastest=way.fastest,
                slowest=way.slowest,
                lost=f"{way.lost / 10:g}",
            )
            options.append(
                self._option(session, text, SetWay(way.way_id), trade.MINUTES_TO_SEND, 0)
            )
        return tuple(options)

    def _goods(self, session: ShopSession) -> tuple[Option, ...]:
        cost = session.game.rules.product.cost
        usual = trade.usual_units(session.game.rules)
        return tuple(
            self._option(
                session,
                self._messages.count("shop.goods-option", units, days=round(units / usual)),
                Restock(units),
                trade.MINUTES_TO_RESTOCK,
                -units * cost,
            )
            for units in session.restock_sizes()
        )

    def _option(
        self, session: ShopSession, text: str, move: Move, minutes: int, cents: int
    ) -> Option:
        try:
            session.game.after(session.state, move)
        except MoveRefusedError as error:
            return Option(text, move, minutes, cents, error.code)
        return Option(text, move, minutes, cents)

    def _filled(self, text: str, session: ShopSession, matter: Matter) -> str:
        """`text` with its blanks: only those that events may have."""
        rules = session.game.rules
        blanks = {
            "product": rules.product.title,
            "platform": rules.platform.title,
            "price": f"{rules.product.price / 100:.2f}",
            "count": str(matter.count),
        }
        for name, value in blanks.items():
            text = text.replace(f"{{{name}}}", value)
        return text


def _with(setup: Setup, *, platform: str = "", product: str = "", seed: str = "") -> Setup:
    return Setup(
        platform or setup.platform,
        product or setup.product,
        setup.days,
        seed or setup.seed,
        setup.mode,
    )


def _cents(session: ShopSession, choice: Choice, pieces: int) -> int:
    """What a decision pays or earns at once, refunds included."""
    refunds = choice.effects.refunds * session.game.rules.order_price(session.state.price)
    return (choice.effects.cents - refunds) * pieces


def _night_of(session: ShopSession, before: State) -> tuple[NightLine, ...]:
    """A quiet summary of what the night has brought."""
    state, rules = session.state, session.game.rules
    lines: list[NightLine] = []
    figures = state.figures[-1]
    if figures.sent:
        lines.append(NightLine("shop.night.sent", {"number": figures.sent}))
    left = before.orders_waiting - figures.sent
    unfilled = _count(state, "unfilled") - _count(before, "unfilled")
    late = _count(state, "late") - _count(before, "late") - unfilled
    if unfilled:
        lines.append(NightLine("shop.night.unfilled", {"number": unfilled}, grave=True))
    if late > 0:
        lines.append(NightLine("shop.night.late", {"number": late}, grave=True))
    if left - unfilled > 0 and not state.finished:
        lines.append(NightLine("shop.night.left", {"number": left - unfilled}))
    for note in state.notes[len(before.notes) :]:
        if note.kind == "passed":
            event: Event = rules.events[note.ref]
            text = event.ignored.text
            blanks = {"title": event.title, "text": text}
            code = "shop.night.passed" if text else "shop.night.passed-quietly"
            lines.append(NightLine(code, blanks, grave=hurts(event)))
        elif note.kind == "breach":
            row = rules.book.row(note.ref)
            title = row.title if row is not None else note.ref
            lines.append(NightLine("shop.night.breach", {"title": title}, grave=True))
        elif note.kind == "metric":
            metric = rules.book.metrics[note.ref]
            code = "shop.night.metric-holds" if note.right else "shop.night.metric-broken"
            lines.append(NightLine(code, {"title": metric.title}, grave=not note.right))
    if not state.finished:
        lines.append(NightLine("shop.night.orders", {"number": state.books[-1].orders}))
    return tuple(lines)


def _count(state: State, name: str) -> int:
    return sum(getattr(book, name) for book in state.books)


def _chain(session: ShopSession) -> tuple[Told, ...]:
    """The entries that together closed the shop: all of the track that reached its end."""
    if not session.state.closed_on:
        return ()
    told = session.told()
    last = next((one for one in told if any(step.kind == "closed" for step in one.steps)), None)
    if last is None:
        return told
    until = told.index(last)
    return tuple(one for one in told[: until + 1] if one.track == last.track)
