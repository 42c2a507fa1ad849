"""The deck editor with a deck of 5,000 cards and its translation: keys, preview, findings.

Run as a program (`python -m bench.editing FOLDER`) it is the process that is measured.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from bench.made_up import deck_text
from bench.report import Row, milliseconds

ROOT = Path(__file__).resolve().parent.parent
CARDS, KEYS = 5_000, 40
DECK = "platforms/somewhere/large"


def rows(folder: Path) -> list[Row]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-m", "bench.editing", str(folder)],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    opened, *series = done.stdout.strip().split("\n")
    key, wait, own, all_of_them = ([float(one) for one in line.split()] for line in series)
    return [
        Row(f"editor: open {CARDS:,} cards in two languages", f"{float(opened) * 1000:.0f} ms"),
        Row("editor: key to text painted", milliseconds(key), goal="typing never blocked"),
        Row("editor: longest wait of the event loop", milliseconds(wait), goal="one frame"),
        Row("editor: key to the deck's own findings", milliseconds(own), goal="100 ms"),
        Row("editor: key to all findings", milliseconds(all_of_them), goal="100 ms"),
    ]


def _measure(folder: Path) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from trainer.bootstrap import Places
    from trainer.desktop.application import WindowOptions, make_application, make_window
    from trainer.desktop.editor.decks_page import DecksPage
    from trainer.desktop.teachers_desk import TeachersDesk
    from trainer.foundation.clock import SystemClock
    from trainer.foundation.settings import TEACHES
    from trainer.services.live_check import Checked

    content = folder / "content"
    for suffix in ("", ".zh"):
        path = content / f"{DECK}{suffix}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(deck_text(CARDS), encoding="utf-8")
    application = make_application()
    places = Places(content, ROOT / "assets", folder / "data")
    window = make_window(places, SystemClock(), WindowOptions())
    window.settings[TEACHES] = True
    window.library.refresh()
    person = window.people.create("Wang", "teal")
    window.sign_in(person, window.people.open(person.learner_id))
    window.resize(1366, 768)
    window.show()
    window.go("desk")
    desk = window.page("desk")
    page = desk.page("decks") if isinstance(desk, TeachersDesk) else None
    if not isinstance(page, DecksPage):
        raise TypeError("the desk has no decks")
    start = time.perf_counter()
    page.presenter.open(DECK)
    print(time.perf_counter() - start)
    told: list[tuple[float, bool]] = []

    def note(checked: Checked) -> None:
        told.append((time.perf_counter(), checked.whole))

    page.checking.told.connect(note)
    _wait(1.5)
    page.source.go_to(page.source.blockCount() // 2)
    _wait(0.5)
    keys, waits, own, everything = [], [], [], []
    for _ in range(KEYS):
        told.clear()
        start = time.perf_counter()
        QTest.keyClick(page.source, Qt.Key.Key_A)
        QApplication.processEvents()
        keys.append(time.perf_counter() - start)
        waits.append(_wait(0.4))
        own.append(next(at for at, whole in told if not whole) - start)
        everything.append(next(at for at, whole in told if whole) - start)
    for series in (keys, waits, own, everything):
        print(*series)
    window.close()
    application.quit()


def _wait(seconds: float) -> float:
    """Let events be handled for so long; the longest time that took at once."""
    from PySide6.QtWidgets import QApplication

    longest = 0.0
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        QApplication.processEvents()
        longest = max(longest, time.perf_counter() - start)
        time.sleep(0.001)
    return longest


if __name__ == "__main__":
    _measure(Path(sys.argv[1]))
