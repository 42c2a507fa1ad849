"""Long work for a page that may be gone when it is done."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from trainer.desktop.background import ReportProgress
from trainer.desktop.desk import Shell


def run_for(
    page: QWidget,
    shell: Shell,
    title: str,
    work: Callable[[ReportProgress], object],
    done: Callable[[object], object],
) -> None:
    """As `shell.run`; `done` is not called for a page that was thrown away meanwhile, because
    another language or theme was chosen or the person left."""

    def if_still_there(result: object) -> None:
        if isValid(page):
            done(result)

    shell.run(title, work, if_still_there)
