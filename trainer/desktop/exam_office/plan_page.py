"""A new exam on one page: what, who, how long; the forms to look at; and the packing."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from nacl.utils import random as entropy
from PySide6.QtCore import QDateTime, Qt, QTime, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDateTimeEdit,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from trainer.cards.model import Language
from trainer.desktop.controls import Button, Card, Segments, SpinFrame, Toggle
from trainer.desktop.desk import Desk
from trainer.desktop.dialogs import Dialog
from trainer.desktop.exam_office.blueprint_lines import BlueprintLines
from trainer.desktop.fields import Field
from trainer.desktop.layouts import Flow, Page, row, stack
from trainer.desktop.question_sheet import Notice
from trainer.desktop.text import Text
from trainer.exams.keys import ExamError
from trainer.exams.teacher_keys import TeacherKeys
from trainer.exchange.class_list import ClassList
from trainer.foundation.clock import milliseconds
from trainer.foundation.errors import TrainerError
from trainer.foundation.messages import Messages, load_messages
from trainer.foundation.settings import Setting
from trainer.foundation.source import Level
from trainer.presenters.exam_plan import (
    DAY_MS,
    MOST_MINUTES,
    SPARE_MINUTES,
    Draft,
    PlanPresenter,
    Readiness,
)
from trainer.presenters.exam_plan import Field as DraftField
from trainer.services import exam_office
from trainer.services.content_library import ReportProgress
from trainer.services.exam_keys import KeyShelf
from trainer.services.exam_packing import Packed, Press, new_seed, pack
from trainer.services.exam_pool import ExamPool, PlanReport

DRAFT = Setting("exam-draft", "")  # as the presenter writes it
TARGET = Setting("exam-folder", "")
_LANGUAGES = (("zh en", "plan.both"), ("zh", "plan.chinese"), ("en", "plan.english"))
_SHOWN_FINDINGS = 6


class PlanPage(Page):
    """Fits the PlanView protocol."""

    back_wanted = Signal()
    keys_wanted = Signal()

    def __init__(
        self, desk: Desk, shelf: KeyShelf, pool: ExamPool, parent: QWidget | None = None
    ) -> None:
        super().__init__(desk.look, parent, width=860)
        self._desk, self._shelf, self._pool = desk, shelf, pool
        self._lines: list[BlueprintLines] = []
        self._first: QWidget | None = None
        self.packed: Packed | None = None  # the last exam that was packed here
        self._body = QWidget()
        look, messages = desk.look, desk.messages
        self.column.addWidget(Text(look, messages("exams.plan"), "title", bold=True))
        head = Flow(gap=look.px(12))
        for code, icon, key, act in (
            ("plan.undo", "undo-2", "Ctrl+Z", self._undo),
            ("plan.anew", "file-plus", "", self._anew),
            ("exam.to-back", "", "Esc", self.back_wanted.emit),
        ):
            button = Button(look, messages(code), variant="quiet", icon=icon, key=key)
            button.setObjectName(code.replace(".", "-"))
            button.clicked.connect(lambda _=False, act=act: act())
            head.addWidget(button)
        self.column.addLayout(head)
        self.column.addWidget(self._body)
        self._foot = self._made_foot()
        self.column.addWidget(self._foot)
        self.column.addStretch(1)
        self._presenter = PlanPresenter(
            pool, self, desk.settings[DRAFT], self._remember, exam_office.default_rules(messages)
        )
        self._presenter.show()

    def take_focus(self) -> None:
        if self._first is not None:
            self._first.setFocus(Qt.FocusReason.OtherFocusReason)

    def shortcuts(self) -> list[tuple[str, str]]:
        return [("Ctrl+Z", "plan.undo"), ("Ctrl+P", "plan.preview"), ("Ctrl+Return", "plan.pack")]

    @property
    def draft(self) -> Draft:
        return self._presenter.draft

    # PlanView

    def show_draft(self, draft: Draft) -> None:
        look = self._desk.look
        old, self._body = self._body, QWidget()
        column = stack(look, gap=16)
        self._body.setLayout(column)
        self._add_about(self._section(column, "plan.what"), draft)
        self._add_class(self._section(column, "plan.who"), draft)
        self._add_blueprint(column, draft)
        self._add_window(self._section(column, "plan.when"), draft)
        self._add_rules(self._section(column, "plan.how"), draft)
        self.column.replaceWidget(old, self._body)
        self._body.show()
        old.hide()
        old.deleteLater()

    def show_report(self, report: PlanReport, readiness: Readiness) -> None:
        cells = list(report.cells)
        for lines in self._lines:
            lines.show_reports(cells[: len(lines.states)])
            del cells[: len(lines.states)]
        messages = self._desk.messages
        total = self._points()
        self._sum.set_text(messages("plan.sum", questions=report.questions, points=total))
        if readiness.ready:
            self._state.show_words("circle-check", "good", messages("plan.ready"))
        else:
            code, blanks = readiness.missing[0]
            self._state.show_words("info", "ink_soft", messages(code, **blanks))
        self._pack.setEnabled(readiness.ready)
        self._preview.setEnabled(not report.problems and not report.missing)

    def show_class(self, found: ClassList | None, draft: Draft) -> None:
        messages = self._desk.messages
        if draft.entrants:
            extra = sum(bool(one.extra_percent or one.extra_minutes) for one in draft.entrants)
            said = messages.count("plan.candidates", len(draft.entrants), file=draft.class_path)
            if extra:
                said += " " + messages.count("plan.with-extra", extra)
            self._class.show_words("circle-check", "good", said)
        else:
            self._class.show_words("info", "ink_soft", messages("plan.no-class"))
        findings = [] if found is None else list(found.findings)
        lines = [
            f"{finding.place.line}:{finding.place.column}  "
            f"{messages(finding.code, **finding.blanks)}"
            for finding in findings[:_SHOWN_FINDINGS]
        ]
        if len(findings) > _SHOWN_FINDINGS:
            lines.append(messages.count("plan.more-findings", len(findings) - _SHOWN_FINDINGS))
        self._findings.setVisible(bool(lines))
        if lines:
            bad = any(finding.level is Level.ERROR for finding in findings)
            head = [messages("plan.class-refused")] if bad else []
            self._findings.show_words("triangle-alert", "warning", "\n".join([*head, *lines]))

    def say(self, error: TrainerError) -> None:
        self._desk.shell.say(error)

    # Sections

    def _section(self, column: QVBoxLayout, code: str) -> QVBoxLayout:
        look = self._desk.look
        column.addWidget(Text(look, self._desk.messages(code), "lead", bold=True))
        card = Card(look, padding=20)
        card.body.setSpacing(look.px(16))
        column.addWidget(card)
        return card.body

    def _add_about(self, body: QVBoxLayout, draft: Draft) -> None:
        look, messages = self._desk.look, self._desk.messages
        title = QLineEdit(draft.title)
        title.setObjectName("plan-title")
        title.setMaxLength(120)
        title.textEdited.connect(lambda text: self._change("title", text))
        body.addWidget(Field(look, messages("plan.title"), title))
        self._first = title
        minutes = QSpinBox()
        minutes.setObjectName("plan-minutes")
        minutes.setRange(1, MOST_MINUTES)
        minutes.setValue(draft.minutes)
        minutes.setSuffix(messages("plan.minutes-unit"))
        minutes.valueChanged.connect(lambda value: self._change("minutes", value))
        both = Flow(gap=look.px(24))
        both.addWidget(Field(look, messages("plan.minutes"), SpinFrame(look, minutes, 112)))
        languages = Segments(
            look,
            messages("plan.languages"),
            [(value, messages(code)) for value, code in _LANGUAGES],
            " ".join(draft.languages) if len(draft.languages) == 1 else "zh en",
        )
        languages.chosen.connect(lambda value: self._change("languages", tuple(value.split())))
        both.addWidget(Field(look, messages("plan.languages"), languages))
        body.addLayout(both)

    def _add_class(self, body: QVBoxLayout, draft: Draft) -> None:
        look, messages = self._desk.look, self._desk.messages
        body.addWidget(Text(look, messages("plan.class-why"), "control", tone="ink_soft"))
        self._class = Notice(look, self, step="control")
        self._findings = Notice(look, self, step="control")
        choose = Button(look, messages("plan.class"), icon="folder-open", key="Ctrl+O")
        choose.setObjectName("plan-class")
        choose.clicked.connect(self._choose_class)
        template = Button(look, messages("plan.class-template"), variant="quiet")
        template.clicked.connect(self._save_template)
        line = Flow(gap=look.px(8))
        line.addWidget(choose)
        line.addWidget(template)
        body.addLayout(line)
        body.addWidget(self._class)
        body.addWidget(self._findings)
        self.show_class(None, draft)

    def _add_blueprint(self, column: QVBoxLayout, draft: Draft) -> None:
        look, messages = self._desk.look, self._desk.messages
        body = self._section(column, "plan.blueprint")
        offered = self._pool.choices(draft.plan)
        self._lines = []
        several = len(draft.sections) > 1
        for place, section in enumerate(draft.sections):
            if several:
                self._add_section_head(body, place, section.title, section.minutes)
            lines = BlueprintLines(look, messages, section.lines, offered)
            lines.changed.connect(
                lambda at, field, value, place=place: self._presenter.change_line(
                    place, at, **{field: value}
                )
            )
            lines.removed.connect(lambda at, place=place: self._presenter.remove_line(place, at))
            lines.added.connect(lambda place=place: self._presenter.add_line(place))
            body.addWidget(lines)
            self._lines.append(lines)
        foot = Flow(gap=look.px(8))
        for code, icon, act in (
            ("plan.add-section", "plus", self._presenter.add_section),
            ("plan.load", "folder-open", self._load_plan),
            ("plan.save", "save", self._save_plan),
        ):
            button = Button(look, messages(code), variant="quiet", icon=icon)
            button.setObjectName(code.replace(".", "-"))
            button.clicked.connect(lambda _=False, act=act: act())
            foot.addWidget(button)
        body.addLayout(foot)

    def _add_section_head(self, body: QVBoxLayout, place: int, title: str, minutes: int) -> None:
        look, messages = self._desk.look, self._desk.messages
        line = row(look, gap=8)
        name = QLineEdit(title)
        name.setPlaceholderText(messages("plan.section", number=place + 1))
        name.setAccessibleName(messages("plan.section", number=place + 1))
        name.textEdited.connect(lambda text: self._presenter.change_section(place, title=text))
        limit = QSpinBox()
        limit.setRange(0, MOST_MINUTES)
        limit.setValue(minutes)
        limit.setSuffix(messages("plan.minutes-unit"))
        limit.setSpecialValueText(messages("plan.no-limit"))
        limit.setAccessibleName(messages("plan.section-minutes"))
        limit.valueChanged.connect(
            lambda value: self._presenter.change_section(place, minutes=value)
        )
        order = Toggle(look, messages("plan.sequential"))
        order.setChecked(self._section_of(place) == "sequential")
        order.toggled.connect(
            lambda on: self._presenter.change_section(
                place, navigation="sequential" if on else "free"
            )
        )
        remove = Button(look, messages("plan.remove-section"), variant="quiet", icon="trash-2")
        remove.clicked.connect(lambda _=False: self._presenter.remove_section(place))
        line.addWidget(name, 1)
        for part in (SpinFrame(look, limit, 112), order, remove):
            line.addWidget(part)
        body.addLayout(line)

    def _section_of(self, place: int) -> str:
        return self._presenter.draft.sections[place].navigation

    def _add_window(self, body: QVBoxLayout, draft: Draft) -> None:
        look, messages = self._desk.look, self._desk.messages
        on = Toggle(look, messages("plan.window"))
        on.setObjectName("plan-window")
        on.setChecked(draft.has_window)
        body.addWidget(on)
        times = QWidget()
        line = Flow(times, gap=look.px(24))
        begins, ends = self._moment("plan-begins"), self._moment("plan-ends")
        late = self._amount("plan-late", draft.late, "plan.minutes-unit", "plan.late-never")
        for code, box in (("plan.begins", begins), ("plan.ends", ends)):
            line.addWidget(Field(look, messages(code), SpinFrame(look, box, 184)))
        line.addWidget(Field(look, messages("plan.late"), SpinFrame(look, late, 152)))
        body.addWidget(times)
        lock = self._amount("plan-lock", draft.lock_after, "plan.seconds-unit", "plan.lock-never")
        why = messages("plan.lock-why")
        body.addWidget(Field(look, messages("plan.lock"), SpinFrame(look, lock, 152), explain=why))

        def show(start: int, end: int) -> None:
            times.setVisible(bool(end))
            for box, moment in ((begins, start), (ends, end)):
                box.blockSignals(True)
                box.setDateTime(QDateTime.fromMSecsSinceEpoch(moment))
                box.blockSignals(False)

        def switch(on: bool) -> None:
            now = self._presenter.draft
            start, end = self._usual_window(now.minutes) if on else (0, 0)
            self._presenter.set_window(start, end)
            show(start, end)

        def tell() -> None:
            moments = [box.dateTime().toMSecsSinceEpoch() for box in (begins, ends)]
            self._presenter.set_window(*moments)

        show(draft.window_start, draft.window_end)
        on.toggled.connect(switch)
        begins.dateTimeChanged.connect(lambda _: tell())
        ends.dateTimeChanged.connect(lambda _: tell())
        late.valueChanged.connect(lambda value: self._change("late", value))
        lock.valueChanged.connect(lambda value: self._change("lock_after", value))

    def _moment(self, name: str) -> QDateTimeEdit:
        box = QDateTimeEdit()
        box.setObjectName(name)
        box.setDisplayFormat("yyyy-MM-dd HH:mm")
        return box

    def _amount(self, name: str, value: int, unit: str, none: str) -> QSpinBox:
        messages = self._desk.messages
        box = QSpinBox()
        box.setObjectName(name)
        box.setRange(0, MOST_MINUTES)
        box.setValue(value)
        box.setSuffix(messages(unit))
        box.setSpecialValueText(messages(none))
        return box

    def _usual_window(self, minutes: int) -> tuple[int, int]:
        """Tomorrow at nine, here."""
        tomorrow = milliseconds(self._desk.clock.now()) + DAY_MS
        day = QDateTime.fromMSecsSinceEpoch(tomorrow).date()
        start = QDateTime(day, QTime(9, 0)).toMSecsSinceEpoch()
        return start, start + 60_000 * (minutes + SPARE_MINUTES)

    def _add_rules(self, body: QVBoxLayout, draft: Draft) -> None:
        look, messages = self._desk.look, self._desk.messages
        for code, field, values, value in (
            ("plan.clock", "clock", ("personal", "room"), draft.clock),
            ("plan.forms", "forms", ("each", "named"), draft.forms),
            (
                "plan.scoring",
                "scoring",
                ("right-minus-wrong", "all", "per-option"),
                draft.scoring,
            ),
        ):
            choice = Segments(
                look,
                messages(code),
                [(each, messages(f"{code}-{each}")) for each in values],
                value,
            )
            choice.setObjectName(code.replace(".", "-"))
            choice.chosen.connect(lambda value, field=field: self._change(field, value))
            body.addWidget(Field(look, messages(code), choice, explain=messages(f"{code}-why")))
        rules = QPlainTextEdit(draft.rules)
        rules.setObjectName("plan-rules")
        rules.setPlaceholderText(exam_office.default_rules(messages))
        rules.setTabChangesFocus(True)
        rules.setFixedHeight(look.px(88))
        rules.textChanged.connect(lambda: self._change("rules", rules.toPlainText()))
        body.addWidget(Field(look, messages("plan.rules"), rules))
        for code, field, on in (
            ("plan.shuffle-questions", "shuffle_questions", draft.shuffle_questions),
            ("plan.shuffle-options", "shuffle_options", draft.shuffle_options),
            ("plan.unverified", "unverified", draft.unverified),
            ("plan.rehearsal", "rehearsal", draft.rehearsal),
        ):
            toggle = Toggle(look, messages(code))
            toggle.setChecked(on)
            toggle.toggled.connect(lambda on, field=field: self._change(field, on))
            body.addWidget(toggle)

    def _made_foot(self) -> Card:
        look, messages = self._desk.look, self._desk.messages
        card = Card(look, padding=20)
        self._sum = Text(look, "", "lead", bold=True, tabular=True)
        self._state = Notice(look, self, step="control")
        self._preview = Button(look, messages("plan.preview"), icon="eye", key="Ctrl+P", big=True)
        self._preview.setObjectName("plan-preview")
        self._preview.clicked.connect(self._show_preview)
        self._pack = Button(
            look, messages("plan.pack"), variant="primary", key="Ctrl+Return", big=True
        )
        self._pack.setObjectName("plan-pack")
        self._pack.clicked.connect(self._ask_to_pack)
        card.body.addWidget(self._sum)
        card.body.addWidget(self._state)
        line = Flow(gap=look.px(12))
        line.addWidget(self._preview)
        line.addWidget(self._pack)
        card.body.addLayout(line)
        return card

    # Acts

    def _change(self, field: DraftField, value: object) -> None:
        self._presenter.change(field, value)

    def _remember(self, text: str) -> None:
        self._desk.settings[DRAFT] = text

    def _undo(self) -> None:
        self._presenter.undo()

    def _anew(self) -> None:
        self._presenter.begin_anew()
        self._desk.shell.toast(self._desk.messages("plan.begun"), undo=self._presenter.undo)

    def _points(self) -> str:
        from fractions import Fraction

        total = Fraction(0)
        for cell in self._presenter.draft.plan.cells:
            try:
                total += cell.count * Fraction(cell.points)
            except (ValueError, ZeroDivisionError):
                return "?"
        return str(total) if total.denominator == 1 else f"{float(total):.2f}"

    def _choose_class(self) -> None:
        messages = self._desk.messages
        path, _ = QFileDialog.getOpenFileName(
            self, messages("plan.class"), "", messages("plan.class-filter")
        )
        if path:
            self.take_class(Path(path))

    def take_class(self, path: Path) -> None:
        """Read the class list in `path`."""
        try:
            found = exam_office.read_class(path)
        except TrainerError as error:
            self.say(error)
            return
        self._presenter.take_class(found, path)

    def _save_template(self) -> None:
        from trainer.exams.key_file import Entrant

        name = self._desk.messages("plan.class-template-name")
        path, _ = QFileDialog.getSaveFileName(
            self, self._desk.messages("plan.class-template"), name
        )
        if path:
            rows = (
                Entrant("2026001", "李明", "跨境 1 班"),
                Entrant("2026002", "王芳", "跨境 1 班", extra_percent=25),
            )
            self._write(Path(path), lambda: exam_office.write_class(rows, Path(path)))

    def _load_plan(self) -> None:
        messages = self._desk.messages
        path, _ = QFileDialog.getOpenFileName(
            self, messages("plan.load"), "", messages("plan.filter")
        )
        if not path:
            return
        try:
            self._presenter.load_plan(exam_office.read_plan(Path(path)))
        except TrainerError as error:
            self.say(error)

    def _save_plan(self) -> None:
        messages = self._desk.messages
        path, _ = QFileDialog.getSaveFileName(
            self, messages("plan.save"), messages("plan.file-name"), messages("plan.filter")
        )
        if path:
            plan = self._presenter.draft.plan
            self._write(Path(path), lambda: exam_office.write_plan(plan, Path(path), messages))

    def _write(self, path: Path, act: Callable[[], object]) -> None:
        try:
            act()
        except TrainerError as error:
            self.say(error)
        else:
            self._desk.shell.toast(self._desk.messages("plan.saved", name=path.name))

    def _show_preview(self) -> None:
        from trainer.desktop.exam_office.preview_dialog import PreviewDialog

        try:
            now = milliseconds(self._desk.clock.now())
            order = self._presenter.order(now, "preview")
        except ExamError:
            # Without a class there is still a form to look at.
            order = self._presenter.sample_order("preview")
        PreviewDialog(self._desk, order, self._pool, self).open()

    def _ask_to_pack(self) -> None:
        look, messages = self._desk.look, self._desk.messages
        try:
            known = self._shelf.mine()
        except TrainerError as error:
            self.say(error)
            return
        if known is None:
            self._desk.shell.ask(
                messages("plan.keys-first"),
                messages("plan.keys-first-more"),
                messages("plan.to-keys"),
                self.keys_wanted.emit,
            )
            return
        dialog = Dialog(look, messages("plan.pack"), messages("plan.pack-more"), parent=self)
        word = QLineEdit()
        word.setObjectName("pack-passphrase")
        word.setEchoMode(QLineEdit.EchoMode.Password)
        field = Field(look, messages("keys.passphrase"), word)
        word.textEdited.connect(field.clear_wrong)
        dialog.body.addWidget(field)

        def go() -> None:
            try:
                keys = self._shelf.open(word.text())
            except TrainerError as error:
                field.show_wrong(messages(error.code, **error.blanks))
                return
            dialog.accept()
            folder = QFileDialog.getExistingDirectory(
                self, messages("plan.where"), self._desk.settings[TARGET]
            )
            if folder:
                self._desk.settings[TARGET] = folder
                self.pack_into(Path(folder), keys)

        dialog.add_button(messages("shell.cancel"), dialog.reject, key="Esc")
        do = dialog.add_button(messages("plan.pack-go"), go, variant="primary", key="Return")
        do.setObjectName("pack-go")
        dialog.open()
        word.setFocus(Qt.FocusReason.OtherFocusReason)

    def pack_into(self, folder: Path, keys: TeacherKeys) -> None:
        """Pack with progress, then say what goes where."""
        from trainer.desktop.printing import print_pdf

        desk = self._desk
        try:
            order = self._presenter.order(milliseconds(desk.clock.now()), new_seed(entropy))
            order = replace(order, spare=self._shelf.spare())
        except TrainerError as error:
            self.say(error)
            return
        now = milliseconds(desk.clock.now())
        press = Press(self._sheet_words(order.plan.languages), print_pdf)

        def work(report: ReportProgress) -> Packed:
            return pack(order, self._pool, keys, folder, press, now, entropy, report)

        desk.shell.run(desk.messages("plan.packing"), work, self._packed)

    def _sheet_words(self, languages: tuple[Language, ...]) -> dict[Language, Messages]:
        folder = self._desk.places.assets / "translations"
        return {
            language: load_messages(folder, "zh_CN" if language == "zh" else "en")
            for language in languages
        }

    def _packed(self, result: object) -> None:
        if not isinstance(result, Packed):
            return
        self.packed = result
        look, messages = self._desk.look, self._desk.messages
        dialog = Dialog(look, messages("plan.packed"), icon="circle-check", parent=self)
        for icon, code, path in (
            ("file-text", "plan.goes-room", result.package),
            ("lock", "plan.goes-teacher", result.key_file),
            ("copy", "plan.goes-proctor", result.folder / "proctor"),
            ("lock", "plan.goes-envelope", result.folder / "envelope"),
        ):
            notice = Notice(look, dialog, step="control")
            notice.show_words(icon, "ink", messages(code, name=path.name))
            dialog.body.addWidget(notice)

        def show() -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(result.folder)))

        dialog.add_button(messages("plan.open-folder"), show)
        dialog.add_button(messages("shell.close"), dialog.accept, variant="primary", key="Return")
        dialog.open()
