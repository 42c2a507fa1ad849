"""Long work off the GUI thread, with progress and a way out."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QThread, Signal

from trainer.foundation.errors import Cancelled

ReportProgress = Callable[[int, int], None]


class BackgroundTask(QThread):
    """Runs one function off the GUI thread; its results arrive as signals.

    The function calls `report(done, total)` now and then; `report` raises Cancelled once the task
    was asked to stop. A bug in it is raised again on the GUI thread by whoever receives `failed`.
    """

    progressed = Signal(int, int)
    succeeded = Signal(object)
    failed = Signal(Exception)
    cancelled = Signal()

    def __init__(self, work: Callable[[ReportProgress], object], parent: QObject) -> None:
        super().__init__(parent)
        self._work = work

    def run(self) -> None:
        try:
            result = self._work(self._report)
        except Cancelled:
            self.cancelled.emit()
        except Exception as error:  # noqa: BLE001 - shown or re-raised on the GUI thread
            self.failed.emit(error)
        else:
            self.succeeded.emit(result)

    def stop(self) -> None:
        """Ask the work to stop; it does at its next report."""
        self.requestInterruption()

    def _report(self, done: int, total: int) -> None:
        if self.isInterruptionRequested():
            raise Cancelled
        self.progressed.emit(done, total)
