"""The menu of blocks to put in: a letter chooses, Tab then goes from place to place."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QMenu, QWidget

from trainer.decks.blocks import text_blocks
from trainer.desktop.editor.source_pane import SourcePane
from trainer.foundation.messages import Messages
from trainer.services.snippets import SNIPPETS


def insert_menu(
    messages: Messages,
    put_in: Callable[[str], object],
    picture: Callable[[], object],
    parent: QWidget,
) -> QMenu:
    """`put_in` gets the name of a snippet; `picture` is called for an image."""
    menu = QMenu(parent)
    for entry in SNIPPETS:
        if entry is None:
            menu.addSeparator()
            continue
        name, letter = entry
        words = messages(f"editor.snippet.{name}").replace("&", "&&")
        act = menu.addAction(f"{words}  (&{letter})")
        act.setObjectName(f"insert-{name}")
        act.triggered.connect(partial(put_in, name))
    menu.addSeparator()
    act = menu.addAction(f"{messages('editor.insert-picture')}  (&G)")
    act.setObjectName("insert-picture")
    act.triggered.connect(picture)
    return menu


def put_in(pane: SourcePane, snippet: str, *, inside: bool = False) -> None:
    """Put a block in behind the one the cursor is in, with an empty line on both sides; `inside`:
    right below the cursor's line."""
    cursor = pane.textCursor()
    cursor.clearSelection()
    block = cursor.block()
    if inside:
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        before, after = ("\n" if block.text().strip() else ""), ""
    else:
        line = _line_behind(pane, block.blockNumber(), heading=snippet.startswith("## "))
        block = pane.document().findBlockByNumber(line)
        cursor.setPosition(block.position())
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        above = block.previous().text() if block.previous().isValid() else ""
        before = "\n\n" if block.text().strip() else "\n" if above.strip() else ""
        below = block.next().text() if block.next().isValid() else ""
        after = "\n" if below.strip() else ""
    pane.setTextCursor(cursor)
    pane.stops.insert(f"{before}{snippet}{after}")


def _line_behind(pane: SourcePane, line: int, *, heading: bool) -> int:
    """The last line of the block that `line` is in. A `heading` comes behind the whole rule with
    its cards: what stands below it would else become its own."""
    text = pane.buffer.text if pane.buffer is not None else ""
    blocks = text_blocks(text)
    if heading:
        following = next((one for one in blocks if one.start > line and not one.is_card), None)
        lines = text.split("\n")
        last = following.start - 1 if following is not None else len(lines) - 1
        while last > line and not lines[last].strip():
            last -= 1
        return last
    inside_of = next((one for one in blocks if one.start <= line < one.end), None)
    return inside_of.end - 1 if inside_of is not None else line


def show_below(menu: QMenu, control: QWidget) -> None:
    menu.popup(control.mapToGlobal(QPoint(0, control.height())))
