"""A window under the guard, for tests with a real screen: says on standard output what it sees.

python watched.py        the exam's window
python watched.py cover  the same, with a screen that seems to arrive
python watched.py other  another program's window
"""

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLineEdit

from trainer.desktop.exam.guard import Guard
from trainer.desktop.look import make_look
from trainer.desktop.theme import make_theme
from trainer.foundation.messages import load_messages

ASSETS = Path(__file__).resolve().parents[3] / "assets"


def say(*words: object) -> None:
    print(*words, flush=True)


def main() -> int:
    application = QApplication([])
    window = QLineEdit()
    if "other" in sys.argv:
        window.setWindowTitle("other window")
        window.show()
        return application.exec()
    messages = load_messages(ASSETS / "translations", "en")
    theme = make_theme("light", system_dark=False, system_contrast=False, scale=100, motion=False)
    look = make_look(theme, messages, ASSETS / "icons")
    window.setWindowTitle("exam window")
    window.showFullScreen()
    guard = Guard(look, messages, window)
    guard.left.connect(lambda: say("left"))
    guard.returned.connect(lambda lasted: say("returned", lasted))
    guard.screens_changed.connect(lambda number: say("screens", number, len(guard.covers)))
    guard.begin()
    if "cover" in sys.argv:
        # As if the second screen had just been plugged in.
        QTimer.singleShot(0, lambda: application.screenAdded.emit(application.screens()[-1]))
    QTimer.singleShot(0, lambda: say("ready"))
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
