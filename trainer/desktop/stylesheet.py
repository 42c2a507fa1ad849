"""Qt's own controls in our tokens: the palette, and one small style sheet.

Buttons, tiles and toggles paint themselves (`controls`); here is only what Qt draws: fields, lists,
menus, scroll bars, tool tips.
"""

from string import Template

from PySide6.QtGui import QColor, QPalette

from trainer.desktop.look import Look
from trainer.desktop.theme import CARD_RADIUS, CONTROL_HEIGHT, CONTROL_RADIUS, Colours, token

SHEET = Template("""
QToolTip { color: $ink; background: $surface; border: 1px solid $edge; padding: ${p4}px ${p8}px; }
QLineEdit, QTextEdit, QPlainTextEdit, QComboBox {
  color: $ink; background: $surface; border: 1px solid $edge; border-radius: ${radius}px;
  padding: 0 ${p12}px; min-height: ${height}px;
  selection-background-color: $accent; selection-color: $on_accent;
}
QTextEdit, QPlainTextEdit { padding: ${p8}px; }
QLineEdit:focus, QTextEdit:focus, QPlainTextEdit:focus, QComboBox:focus {
  border: 2px solid $accent; padding: 0 ${p11}px; }
QTextEdit:focus, QPlainTextEdit:focus { padding: ${p7}px; }
QLineEdit:disabled, QComboBox:disabled {
  color: $ink_soft; background: $sunken; border-color: $line; }
QLineEdit[wrong="true"] { border: 2px solid $warning; padding: 0 ${p11}px; }
QTextBrowser, QTextBrowser:focus {
  background: transparent; border: none; padding: 0; min-height: 0; }
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus {
  background: transparent; border: none; border-radius: 0; padding: 0; min-height: 0; }
QComboBox::drop-down { border: none; width: ${p32}px; }
QComboBox::down-arrow { image: url($chevron); width: ${p16}px; height: ${p16}px; }
QAbstractItemView {
  color: $ink; background: $surface; border: 1px solid $line; outline: none; padding: ${p4}px;
  selection-background-color: $accent_soft; selection-color: $ink;
}
QAbstractItemView::item { min-height: ${item}px; padding: 0 ${p8}px; border-radius: ${p4}px; }
QAbstractItemView::item:hover { background: $hover; }
QAbstractItemView::item:selected { color: $ink; background: $accent_soft; }
QAbstractItemView::item:focus { border: 2px solid $accent; }
QTableView, QHeaderView { padding: 0; }
QHeaderView { border: none; background: $sunken; }
QTableCornerButton::section { background: $sunken; border: none; }
QMenu { color: $ink; background: $surface; border: 1px solid $line; padding: ${p4}px; }
QMenu::item { padding: ${p8}px ${p16}px; border-radius: ${p4}px; }
QMenu::item:selected { background: $accent_soft; }
QMenu::item:disabled { color: $ink_soft; }
QMenu::separator { height: 1px; background: $line; margin: ${p4}px ${p8}px; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: ${p10}px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: ${p10}px; margin: 0; }
QScrollBar::handle { background: $edge; border-radius: ${p3}px; margin: 2px; }
QScrollBar::handle:vertical { min-height: ${p32}px; }
QScrollBar::handle:horizontal { min-width: ${p32}px; }
QScrollBar::handle:hover { background: $ink_soft; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
""")


def style_sheet(look: Look, chevron: str) -> str:
    """The sheet for `look`. `chevron` is the path of the drop-down arrow, forward slashes."""
    lengths = {f"p{length}": look.px(length) for length in (3, 4, 8, 10, 12, 16, 32)}
    return SHEET.substitute(
        _names(look.colours),
        **lengths,
        # A focused field has a border one pixel thicker: its text must not move.
        p11=look.px(12) - 1,
        p7=look.px(8) - 1,
        radius=look.px(CONTROL_RADIUS),
        height=look.px(CONTROL_HEIGHT) - 2,
        item=look.px(CONTROL_HEIGHT) - 4,
        card=look.px(CARD_RADIUS),
        chevron=chevron,
    )


def palette(colours: Colours) -> QPalette:
    """Qt's palette in our tokens, for everything that asks the palette and not the sheet."""
    roles = QPalette.ColorRole
    result = QPalette()
    for role, colour in (
        (roles.Window, colours.canvas),
        (roles.WindowText, colours.ink),
        (roles.Base, colours.surface),
        (roles.AlternateBase, colours.hover),
        (roles.Text, colours.ink),
        (roles.Button, colours.surface),
        (roles.ButtonText, colours.ink),
        (roles.BrightText, colours.danger),
        (roles.PlaceholderText, colours.ink_soft),
        (roles.Highlight, colours.accent),
        (roles.HighlightedText, colours.on_accent),
        (roles.Link, colours.accent),
        (roles.LinkVisited, colours.accent),
        (roles.ToolTipBase, colours.surface),
        (roles.ToolTipText, colours.ink),
        (roles.Light, colours.surface),
        (roles.Midlight, colours.hover),
        (roles.Mid, colours.line),
        (roles.Dark, colours.edge),
        (roles.Shadow, colours.edge),
        (roles.Accent, colours.accent),
    ):
        result.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.ink_soft))
    return result


def _names(colours: Colours) -> dict[str, str]:
    return {
        name: token(colours, name)
        for name in (
            *("ink", "ink_soft", "surface", "sunken", "hover", "line", "edge"),
            *("accent", "on_accent", "accent_soft", "warning"),
        )
    }
