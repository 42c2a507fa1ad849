"""Checks in the background: one at a time, always of the newest text."""

from pathlib import PurePosixPath

from PySide6.QtCore import QObject, Signal

from trainer.decks.addresses import Address
from trainer.decks.model import Deck
from trainer.decks.parser import parse_deck
from trainer.desktop.background import BackgroundTask, ReportProgress
from trainer.services.live_check import Checked, LiveCheck


class Checking(QObject):
    """`told` comes up to twice for each text: with what it says by itself, and with all there is
    to say. A text that was asked about while another is checked waits; only the last one does."""

    told = Signal(object)  # Checked
    failed = Signal(Exception)

    _soon = Signal(object)

    def __init__(self, check: LiveCheck, parent: QObject) -> None:
        super().__init__(parent)
        self._check = check
        self._task: BackgroundTask | None = None
        self._next: tuple[Address, str, str | None] | None = None
        self._piece: tuple[Address, str, Deck] | None = None
        self._soon.connect(self.told)

    def ask(self, address: Address, text: str, other_text: str | None) -> None:
        self._next = address, text, other_text
        if self._task is None:
            self._start()

    def read_piece(self, address: Address, text: str) -> Deck:
        """A piece of a deck, read at once. The same piece is not read twice."""
        if self._piece is None or self._piece[:2] != (address, text):
            where = PurePosixPath(address.path), address.deck_id, address.language
            self._piece = (address, text, parse_deck(text, *where)[0])
        return self._piece[2]

    @property
    def busy(self) -> bool:
        return self._task is not None

    def close(self) -> None:
        """Wait for the check that runs; nothing is told any more."""
        self._next = None
        self.blockSignals(True)
        if self._task is not None:
            self._task.wait()
            self._task.deleteLater()
            self._task = None

    def _start(self) -> None:
        if self._next is None:
            return
        address, text, other = self._next
        self._next = None

        def work(_report: ReportProgress) -> Checked:
            return self._check.check(address, text, other, self._soon.emit)

        self._task = task = BackgroundTask(work, self)
        task.succeeded.connect(self.told)
        task.failed.connect(self.failed)
        task.finished.connect(self._finished)
        task.start()

    def _finished(self) -> None:
        if self._task is not None:
            self._task.deleteLater()
            self._task = None
        self._start()
