"""From the start of a process to its first question painted, beside an empty Qt window.

Run as a program (`python -m bench.window first DATA CONTENT`, or `empty`) it is the process that
is measured.
"""

import gc
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from bench.report import Row

RUNS = 7
ROOT = Path(__file__).resolve().parent.parent


def rows(data: Path) -> list[Row]:
    content = ROOT / "content"
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    _prepare(data, content)
    empty, first = [], []
    for _ in range(RUNS + 1):
        empty.append(_run(["empty"], environment))
        first.append(_run(["first", str(data), str(content)], environment))
    empty, first = empty[1:], first[1:]  # the first run of each fills the disk's cache
    start_empty = statistics.median(taken for taken, _ in empty)
    start_first = statistics.median(taken for taken, _ in first)
    memory = statistics.median(size for _, size in first)
    bare = statistics.median(size for _, size in empty)
    return [
        Row(
            "process start to first question painted",
            f"{start_first * 1000:.0f} ms",
            f"empty Qt window {start_empty * 1000:.0f} ms: {start_first / start_empty:.2f} times",
            "2.5 empty windows",
        ),
        Row(
            "memory with a question on screen (PSS)", f"{memory:.0f} MB", f"{bare:.0f} MB", "90 MB"
        ),
    ]


def _prepare(data: Path, content: Path) -> None:
    from trainer.bootstrap import find_places, open_library
    from trainer.foundation.clock import SystemClock
    from trainer.services.sign_in import People

    clock = SystemClock()
    People(data, clock).create("Bench", "teal")
    library = open_library(find_places(data, content), clock)
    library.refresh()
    library.close()


def _run(arguments: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Seconds from before the process existed to its first paint, and its memory in MB then."""
    start = time.time()
    command = [sys.executable, "-m", "bench.window", *arguments]
    process = subprocess.run(
        command, env=environment, cwd=ROOT, check=True, capture_output=True, encoding="utf-8"
    )
    painted, memory = process.stdout.split()
    return float(painted) - start, float(memory)


def _painted() -> None:
    now = time.time()
    print(now, _pss())
    sys.stdout.flush()
    os._exit(0)  # measured; nothing was changed


def _pss() -> float:
    """Proportional set size of this process in MB (Linux); 0 elsewhere."""
    rollup = Path("/proc/self/smaps_rollup")
    if not rollup.exists():
        return 0.0
    for line in rollup.read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1000
    return 0.0


def _empty() -> None:
    from PySide6.QtCore import QTimer
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QApplication, QWidget

    class Empty(QWidget):
        def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
            QTimer.singleShot(0, _painted)

    application = QApplication([])
    window = Empty()
    window.resize(1366, 768)
    window.show()
    application.exec()


def _first(data: Path, content: Path) -> None:
    gc.disable()  # as the program itself does until its first page is there
    from PySide6.QtCore import QTimer
    from PySide6.QtGui import QPaintEvent

    from trainer.bootstrap import find_places
    from trainer.desktop.application import WindowOptions, enter, make_application, make_window
    from trainer.desktop.card_view import CardView
    from trainer.foundation.clock import SystemClock

    paint = CardView.paintEvent

    # Watched from inside: a filter over all events, or asking Qt for its own widgets, would cost
    # as much as a fifth of what is measured.
    def painted(view: CardView, event: QPaintEvent) -> None:
        paint(view, event)
        if len(view.toPlainText()) > 8:
            QTimer.singleShot(0, _painted)

    CardView.paintEvent = painted  # type: ignore[method-assign] # only here
    places = find_places(data, content)
    application = make_application()
    options = WindowOptions(page="study")
    window = make_window(places, SystemClock(), options)
    window.resize(1366, 768)
    window.show()
    enter(window, options)
    application.exec()


if __name__ == "__main__":
    if sys.argv[1] == "empty":
        _empty()
    else:
        _first(Path(sys.argv[2]), Path(sys.argv[3]))
