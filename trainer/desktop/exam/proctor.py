"""What a proctor does at a candidate's PC or their own: look at the PC, collect, carry on."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from trainer.desktop.controls import Button
from trainer.desktop.exam.forms import ExamForm, line_of
from trainer.desktop.layouts import Flow, stack
from trainer.desktop.look import Look
from trainer.desktop.text import Tone
from trainer.foundation.errors import TrainerError
from trainer.foundation.messages import Messages
from trainer.services.exam_carry import carry_in
from trainer.services.exam_check import check_station
from trainer.services.exam_collection import Collected, collect
from trainer.services.exam_station import Station
from trainer.services.lab import Check

Report = Callable[[int, int], None]
Run = Callable[[str, Callable[[Report], object], Callable[[object], None]], None]


class ProctorPage(ExamForm):
    """Three things to do, each told when it is done. Nothing of the PC is changed."""

    def __init__(
        self,
        look: Look,
        messages: Messages,
        station: Station,
        program: Path,
        run: Run,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            look, messages, messages("proctor.title"), messages("proctor.more"), parent
        )
        self._station, self._program, self._run = station, program, run
        self.lines: list[str] = []
        acts = Flow(gap=look.px(12))
        for key, code, icon, act in (
            ("1", "proctor.check", "list-checks", self.check),
            ("2", "proctor.collect", "folder-open", self._collect),
            ("3", "proctor.carry", "copy", self._carry),
        ):
            button = Button(look, messages(code), icon=icon, key=key, big=True)
            button.setObjectName(code.replace(".", "-"))
            button.clicked.connect(lambda _=False, act=act: act())
            acts.addWidget(button)
            self.first_control = self.first_control or button
        self.body.addLayout(acts)
        self._found = QWidget()
        self.body.addWidget(self._found)
        self.add_back()

    def check(self) -> None:
        """Look at this PC: a sentence for each thing an exam needs."""

        def done(result: object) -> None:
            if isinstance(result, list):
                self._show(
                    [
                        (
                            "circle-check" if check.good else "triangle-alert",
                            self._messages(check.code, **check.blanks),
                            "ink" if check.good else "warning",
                        )
                        for check in result
                        if isinstance(check, Check)
                    ]
                )

        self._run(
            self._messages("proctor.check"),
            lambda _report: list(check_station(self._station, self._program)),
            done,
        )

    def collect_to(self, target: Path, folders: Sequence[Path] = ()) -> None:
        """Copy the results of this PC, and of `folders`, to a stick or share."""
        sources = [self._station.root, *folders]

        def done(result: object) -> None:
            if not isinstance(result, Collected):
                return
            words = self._messages
            lines: list[tuple[str, str, Tone]] = []
            for one in result.carried:
                state = words("exam.board-complete" if one.finished else "exam.board-unclean")
                said = words(
                    "proctor.carried", number=one.candidate, state=state, receipt=one.receipt
                )
                icon = "circle-check" if one.finished else "circle-dot"
                lines.append((icon, said, "ink" if one.finished else "warning"))
            if not lines:
                lines.append(("info", words("proctor.nothing"), "ink_soft"))
            lines += [
                (
                    "triangle-alert",
                    f"{one.name}: {words(one.remark.code, **one.remark.blanks)}",
                    "warning",
                )
                for one in result.unread
            ]
            self._show(lines)

        self._run(
            self._messages("proctor.collect"),
            lambda report: collect(
                [folder for folder in sources if folder.is_dir()], target, report
            ),
            done,
        )

    def carry_from(self, folder: Path) -> None:
        """Take over attempts from another PC."""

        def done(result: object) -> None:
            if isinstance(result, list):
                self._show(
                    [
                        (
                            "circle-check",
                            self._messages(
                                "proctor.brought", number=one.candidate, records=one.records
                            ),
                            "ink",
                        )
                        for one in result
                    ]
                )

        self._run(
            self._messages("proctor.carry"),
            lambda report: carry_in(folder, self._station.root, report),
            done,
        )

    def tell(self, error: TrainerError) -> None:
        self._show([("triangle-alert", self._messages(error.code, **error.blanks), "warning")])

    def _collect(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self._messages("proctor.target"))
        if folder:
            self.collect_to(Path(folder))

    def _carry(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self._messages("proctor.from"))
        if folder:
            self.carry_from(Path(folder))

    def _show(self, lines: Sequence[tuple[str, str, Tone]]) -> None:
        self.lines = [words for _, words, _ in lines]
        found = QWidget()
        column = stack(self._look, gap=10)
        found.setLayout(column)
        for icon, words, tone in lines:
            column.addLayout(line_of(self._look, icon, words, tone))
        self.body.replaceWidget(self._found, found)
        self._found.hide()
        self._found.deleteLater()
        self._found = found
        found.show()
