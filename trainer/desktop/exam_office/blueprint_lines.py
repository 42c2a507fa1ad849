"""The lines of a blueprint: what to ask, how often, for how many points; how the decks stand."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QSpinBox, QWidget

from trainer.desktop.controls import Button, SpinFrame, icon_button
from trainer.desktop.layouts import stack
from trainer.desktop.look import Look
from trainer.desktop.question_sheet import Notice
from trainer.desktop.text import Text
from trainer.foundation.messages import Messages
from trainer.presenters.exam_plan import Line
from trainer.presenters.subjects import competence_name, subject_name
from trainer.services.exam_pool import CellReport, Choices

MOST = 200
Offered = list[tuple[object, str]]  # value, words


class Choice(QComboBox):
    """One of a few values, the first of which means any. Turning the wheel over it scrolls the
    page."""

    picked = Signal(object)

    def __init__(self, name: str, choices: Sequence[tuple[object, str]], value: object) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setToolTip(name)
        for each, words in choices:
            self.addItem(words, each)
        self.setCurrentIndex(max(0, next((i for i, c in enumerate(choices) if c[0] == value), 0)))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(2)
        longest = max(choices, key=lambda one: len(one[1]))[1]
        self.view().setMinimumWidth(self.fontMetrics().horizontalAdvance(longest) + 48)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.activated.connect(lambda index: self.picked.emit(self.itemData(index)))

    def wheelEvent(self, event: QWheelEvent, /) -> None:
        event.ignore()


class BlueprintLines(QWidget):
    """The lines of one section. `changed` carries the place of a line, the field and its value."""

    changed = Signal(int, str, object)
    removed = Signal(int)
    added = Signal()

    def __init__(
        self,
        look: Look,
        messages: Messages,
        lines: Sequence[Line],
        choices: Choices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look, self._messages, self._choices = look, messages, choices
        self.states: list[Notice] = []
        self.counts: list[QSpinBox] = []
        column = stack(look, gap=12)
        self.setLayout(column)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(look.px(8))
        grid.setVerticalSpacing(look.px(8))
        heads = ("plan.count", "plan.points", "plan.about", "plan.competence", "plan.kind")
        for at, code in enumerate((*heads, "plan.difficulty")):
            grid.addWidget(Text(look, messages(code), "small", tone="ink_soft", wrap=False), 0, at)
        for place, line in enumerate(lines):
            self._add(grid, place, line)
        for at, stretch in enumerate((0, 0, 3, 3, 4, 2, 0)):
            grid.setColumnStretch(at, stretch)
        column.addLayout(grid)
        more = Button(look, messages("plan.add-line"), variant="quiet", icon="plus")
        more.setObjectName("add-line")
        more.clicked.connect(self.added)
        column.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)

    def show_reports(self, reports: Sequence[CellReport]) -> None:
        """How each line stands: enough, or how many are missing and why."""
        for state, report in zip(self.states, reports, strict=False):
            if report.missing:
                words = self._messages("plan.missing", number=report.missing)
                why = self._messages(report.why) if report.why else ""
                state.show_words("triangle-alert", "warning", f"{words} {why}".strip())
            else:
                words = self._messages("plan.enough", number=report.fitting)
                state.show_words("circle-check", "good", words)

    def _add(self, grid: QGridLayout, place: int, line: Line) -> None:
        messages = self._messages
        at = 1 + 2 * place
        count = QSpinBox()
        count.setRange(0, MOST)
        count.setValue(line.count)
        count.setAccessibleName(messages("plan.count"))
        count.setObjectName(f"count-{place}")
        count.valueChanged.connect(lambda value: self.changed.emit(place, "count", value))
        points = QLineEdit(line.points)
        points.setAccessibleName(messages("plan.points"))
        points.setMaximumWidth(self._look.px(64))
        points.textEdited.connect(
            lambda text: self.changed.emit(place, "points", text.strip().replace(",", "."))
        )
        grid.addWidget(SpinFrame(self._look, count, 64), at, 0)
        grid.addWidget(points, at, 1)
        if line.more is not None:
            words = messages("plan.from-file")
            grid.addWidget(Text(self._look, words, "control", tone="ink_soft"), at, 2, 1, 4)
        else:
            for column, choice in enumerate(self._choosers(place, line), start=2):
                grid.addWidget(choice, at, column)
        remove = icon_button(self._look, "trash-2", messages("plan.remove-line"))
        remove.clicked.connect(lambda _=False: self.removed.emit(place))
        grid.addWidget(remove, at, 6)
        state = Notice(self._look, self, step="small")
        grid.addWidget(state, at + 1, 0, 1, 7)
        self.states.append(state)
        self.counts.append(count)

    def _choosers(self, place: int, line: Line) -> list[Choice]:
        messages, choices = self._messages, self._choices

        def words(names: Mapping[str, int], name_of: Callable[[str], str], value: str) -> Offered:
            shown = [name for name, number in names.items() if number or name == value]
            named = [(name, f"{name_of(name)} ({names[name]})") for name in shown]
            return [("", messages("plan.any")), *named]

        subjects = words(choices.subjects, lambda name: subject_name(messages, name), line.subject)
        competences = words(
            choices.competences, lambda name: competence_name(messages, name), line.competence
        )
        kinds = words(choices.kinds, lambda name: messages(f"kind.{name}"), line.kind)
        levels: Offered = [(0, messages("plan.any"))]
        levels += [
            (level, messages("plan.level", level=level, number=number))
            for level, number in choices.difficulties.items()
            if number or level == line.difficulty
        ]
        made = []
        for field, code, offered, value in (
            ("subject", "plan.about", subjects, line.subject),
            ("competence", "plan.competence", competences, line.competence),
            ("kind", "plan.kind", kinds, line.kind),
            ("difficulty", "plan.difficulty", levels, line.difficulty),
        ):
            choice = Choice(messages(code), offered, value)
            choice.setObjectName(f"{field}-{place}")
            choice.picked.connect(lambda value, field=field: self.changed.emit(place, field, value))
            made.append(choice)
        return made
