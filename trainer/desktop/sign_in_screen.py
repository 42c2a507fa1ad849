"""Who is learning: people as tiles, a PIN where there is one, and the form for a newcomer."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QStackedLayout, QVBoxLayout, QWidget

from trainer.desktop.controls import Button, Card, Segments, Tile, Toggle, bind_key
from trainer.desktop.days import days_ago
from trainer.desktop.fields import Field, Swatches
from trainer.desktop.layouts import Flow, Page, row
from trainer.desktop.look import Look
from trainer.desktop.rail import initials
from trainer.desktop.text import Monogram, Text
from trainer.desktop.theme import PERSON_COLOURS, person_colour
from trainer.foundation.clock import Clock, from_milliseconds
from trainer.foundation.errors import TrainerError
from trainer.foundation.messages import Messages
from trainer.presenters.sign_in import NewPerson, SignInPresenter
from trainer.services.sign_in import People, Person
from trainer.storage.learners import LearnerFile

FORM_WIDTH = 480
LANGUAGE_CHOICES = (("zh_CN", "中文"), ("en", "English"))
CARD_LANGUAGE_CHOICES = (("zh", "中文"), ("en", "English"))


class SignInScreen(QWidget):
    """Fits the SignInView protocol."""

    entered = Signal(Person, LearnerFile)
    exam_wanted = Signal()

    def __init__(
        self,
        look: Look,
        messages: Messages,
        people: People,
        clock: Clock,
        *,
        say: Callable[[TrainerError], object],
        language_chosen: Callable[[str], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look, self._messages, self._clock = look, messages, clock
        self._say = say
        self._language_chosen = language_chosen
        self._stack = QStackedLayout(self)
        self._part: QWidget | None = None
        self._first_control: QWidget | None = None
        self.name_field: Field | None = None
        self.pin_field: Field | None = None
        # Kept here because a signal does not keep a plain object's method alive.
        self._presenter = SignInPresenter(people, self)
        self._presenter.start()

    def on_shown(self) -> None:
        if self._first_control is not None:
            self._first_control.setFocus(Qt.FocusReason.OtherFocusReason)

    # What the presenter asks for

    def show_people(self, people: Sequence[Person]) -> None:
        look, messages = self._look, self._messages
        page, column = self._new_part(760)
        column.addWidget(Text(look, messages("sign-in.who"), "title", bold=True))
        column.addWidget(Text(look, messages("sign-in.who-more"), "body", tone="ink_soft"))
        column.addSpacing(look.px(8))
        grid = Flow(gap=look.px(12), cell=look.px(220), columns=3)
        for number, person in enumerate(people, start=1):
            tile = Tile(
                look,
                person.name,
                self._last_seen(person),
                letters=initials(person.name),
                colour=person_colour(look.theme, person.colour),
                round_mark=True,
                trailing_icon="lock" if person.has_pin else "",
                key=str(number) if number <= 9 and not person.has_pin else "",
            )
            if person.has_pin and number <= 9:
                bind_key(tile, str(number), tile.click)
            tile.setObjectName(f"person-{person.learner_id}")
            tile.clicked.connect(lambda _=False, person=person: self._presenter.choose(person))
            grid.addWidget(tile)
            self._first_control = self._first_control or tile
        add = Tile(look, messages("sign-in.add"), icon="user-round-plus", key="N")
        add.setObjectName("add-person")
        add.clicked.connect(self._presenter.add_person)
        grid.addWidget(add)
        exam = Tile(look, messages("sign-in.exam"), icon="lock", key="E")
        exam.setObjectName("exam-room")
        exam.clicked.connect(self.exam_wanted)
        grid.addWidget(exam)
        column.addLayout(grid)
        column.addStretch(1)
        self._show(page)

    def show_pin(self, person: Person) -> None:
        look, messages = self._look, self._messages
        page, column = self._new_part(FORM_WIDTH)
        card = Card(look)
        heading = row(look, gap=16)
        heading.addWidget(
            Monogram(
                look,
                initials(person.name),
                colour=person_colour(look.theme, person.colour),
                size=48,
                round_shape=True,
            )
        )
        heading.addWidget(Text(look, person.name, "lead", bold=True), 1)
        card.body.addLayout(heading)
        pin = QLineEdit()
        pin.setEchoMode(QLineEdit.EchoMode.Password)
        pin.setObjectName("pin")
        self.pin_field = Field(look, messages("sign-in.pin"), pin)
        card.body.addWidget(self.pin_field)
        card.body.addLayout(
            self._foot(messages("sign-in.open"), lambda: self._presenter.enter_pin(pin.text()))
        )
        column.addWidget(card)
        column.addStretch(1)
        self._first_control = pin
        self._show(page)

    def show_form(self, *, first: bool) -> None:
        look, messages = self._look, self._messages
        page, column = self._new_part(FORM_WIDTH)
        title, more = ("welcome", "welcome-more") if first else ("new", "new-more")
        column.addWidget(Text(look, messages(f"sign-in.{title}"), "title", bold=True))
        column.addWidget(Text(look, messages(f"sign-in.{more}"), "body", tone="ink_soft"))
        card = Card(look)
        card.body.setSpacing(look.px(20))
        name = QLineEdit()
        name.setObjectName("name")
        name.setMaxLength(40)
        self.name_field = Field(look, messages("sign-in.name"), name)
        name.textEdited.connect(self.name_field.clear_wrong)
        colours = Swatches(
            look,
            [(each, messages(f"colour.{each}")) for each in PERSON_COLOURS],
            PERSON_COLOURS[0],
        )
        usual = "zh" if messages.language.startswith("zh") else "en"
        cards = Segments(look, messages("sign-in.card-language"), CARD_LANGUAGE_CHOICES, usual)
        pin = QLineEdit()
        pin.setObjectName("new-pin")
        pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin_field = Field(
            look, messages("sign-in.pin-optional"), pin, explain=messages("sign-in.pin-why")
        )
        pin.textEdited.connect(self.pin_field.clear_wrong)
        card.body.addWidget(self.name_field)
        card.body.addWidget(Field(look, messages("sign-in.colour"), colours))
        card.body.addWidget(
            Field(
                look,
                messages("sign-in.card-language"),
                cards,
                explain=messages("sign-in.card-language-why"),
            )
        )
        card.body.addWidget(self.pin_field)
        teaches = Toggle(look, messages("sign-in.teaches"))
        teaches.setObjectName("new-teaches")
        teaches.setAccessibleDescription(messages("sign-in.teaches-why"))
        teaches.setToolTip(messages("sign-in.teaches-why"))
        card.body.addWidget(teaches)

        def create() -> None:
            self._presenter.create(
                NewPerson(
                    name.text(),
                    colours.value,
                    pin.text(),
                    messages.language,
                    cards.value,
                    teaches=teaches.isChecked(),
                )
            )

        card.body.addLayout(self._foot(messages("sign-in.start"), create, back=not first))
        column.addWidget(card)
        if first:  # a lab PC where nobody has learned yet may be there for an exam
            exam = Button(
                look, messages("sign-in.exam"), variant="quiet", icon="lock", key="Ctrl+E"
            )
            exam.setObjectName("exam-room")
            exam.clicked.connect(self.exam_wanted)
            column.addWidget(exam, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self._first_control = name
        self._show(page)

    def show_name_wrong(self, error: TrainerError) -> None:
        if self.name_field is not None:
            self.name_field.show_wrong(self._messages(error.code, **error.blanks))
            self.name_field.control.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_pin_wrong(self, error: TrainerError) -> None:
        if self.pin_field is None:
            return
        self.pin_field.show_wrong(self._messages(error.code, **error.blanks))
        pin = self.pin_field.control
        pin.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(pin, QLineEdit):
            pin.selectAll()

    def say(self, error: TrainerError) -> None:
        self._say(error)

    def enter(self, person: Person, learner: LearnerFile) -> None:
        self.entered.emit(person, learner)

    # Parts

    def _new_part(self, width: int) -> tuple[Page, QVBoxLayout]:
        """A page with the choice of language at its head."""
        look = self._look
        page = Page(look, width=width)
        head = row(look)
        head.addWidget(Text(look, self._messages("app.name"), "control", bold=True, wrap=False))
        head.addStretch(1)
        languages = Segments(
            look, self._messages("sign-in.language"), LANGUAGE_CHOICES, self._messages.language
        )
        languages.setObjectName("languages")
        languages.chosen.connect(self._language_chosen)
        head.addWidget(languages)
        page.column.addLayout(head)
        page.column.addSpacing(look.px(32))
        self._first_control = self.name_field = self.pin_field = None
        return page, page.column

    def _foot(self, verb: str, act: Callable[[], object], *, back: bool = True) -> Flow:
        foot = Flow(gap=self._look.px(8))
        do = Button(self._look, verb, variant="primary", key="Return", big=True)
        do.setObjectName("do")
        do.clicked.connect(act)
        foot.addWidget(do)
        if back:
            leave = Button(
                self._look, self._messages("sign-in.back"), variant="quiet", key="Esc", big=True
            )
            leave.setObjectName("back")
            leave.clicked.connect(self._presenter.start)
            foot.addWidget(leave)
        return foot

    def _show(self, part: QWidget) -> None:
        if self._part is not None:
            self._stack.removeWidget(self._part)
            self._part.hide()
            self._part.deleteLater()
        self._part = part
        self._stack.addWidget(part)
        self._stack.setCurrentWidget(part)
        if self.isVisible():
            self.on_shown()

    def _last_seen(self, person: Person) -> str:
        if person.damaged:
            return self._messages("sign-in.damaged")
        if person.last_seen is None:
            return self._messages("sign-in.never")
        now = self._clock.now()
        seen = from_milliseconds(person.last_seen, now.tzinfo)
        return days_ago(self._messages, self._look, seen, now)
