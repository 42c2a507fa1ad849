"""Many changes, one layout: Qt would place a whole page anew for every part that is shown."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QLayout, QWidget

# A text tells its new height to the paper, the paper to the page, the page to its scroll bar.
_ROUNDS = 4


@contextmanager
def settling(part: QWidget, *inside: QLayout) -> Iterator[None]:
    """Within the block nothing around `part`, and nothing in the layouts `inside` it, is placed;
    afterwards everything is.

    When the block is over all has its place: the next paint is the only one.
    """
    held = list(inside)
    above: QWidget | None = part
    while above is not None:
        layout = above.layout()
        if layout is not None:
            held.insert(0, layout)
        above = above.parentWidget()
    for layout in held:
        layout.setEnabled(False)
    try:
        yield
    finally:
        for layout in held:
            layout.setEnabled(True)
        # From the outside in, so that no part is placed once for each part around it.
        for layout in held:
            layout.activate()
        place_all()


def place_all() -> None:
    """Do now what was only asked for: place every part whose size has changed."""
    for _ in range(_ROUNDS):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
