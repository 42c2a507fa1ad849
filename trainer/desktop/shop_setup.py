"""The page where a month in the shop is set up: platform, goods, how long, alone or as a team."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from trainer.desktop.controls import Button, EmptyState, Segments, Tile
from trainer.desktop.days import day_in_words
from trainer.desktop.fields import Field
from trainer.desktop.foot import SteadyPage
from trainer.desktop.layouts import Flow, row, stack
from trainer.desktop.look import Look
from trainer.desktop.text import Text, monogram_of
from trainer.foundation.messages import Messages
from trainer.penalties.shop.state import LENGTHS
from trainer.presenters.shop_sheets import SetupSheet
from trainer.services.shop_records import MonthEntry

_MOST_DONE = 6


class ShopSetup(SteadyPage):
    """Shows a `SetupSheet`, and tells what is pressed."""

    cases_wanted = Signal()
    platform_chosen = Signal(str)
    product_chosen = Signal(str)
    days_chosen = Signal(int)
    mode_chosen = Signal(str)
    going_pressed = Signal(str)
    dropped = Signal(str)
    ranking_wanted = Signal()

    def __init__(self, look: Look, messages: Messages, parent: QWidget) -> None:
        super().__init__(look, parent, top=32)
        self._look, self._messages = look, messages
        self._shape: object = None
        self.platforms: dict[str, Tile] = {}
        self.products: dict[str, Tile] = {}
        self.going: dict[str, Tile] = {}
        self._length: Segments | None = None
        self._mode: Segments | None = None
        # Above every body, because it is given from the old one to the new.
        self.code = QLineEdit(self)
        self.code.setObjectName("shop-code")
        self.code.hide()
        self.field: Field | None = None
        head = row(look, gap=16)
        head.addWidget(Text(look, messages("shop.title"), "title", bold=True, fill=True), 1)
        parts = [("cases", messages("place.cases")), ("shop", messages("shop.title"))]
        self.parts = Segments(look, messages("shop.parts"), parts, "shop")
        self.parts.chosen.connect(self._part_chosen)
        head.addWidget(self.parts, 0, Qt.AlignmentFlag.AlignTop)
        words = stack(look, gap=4)
        words.addLayout(head)
        words.addWidget(Text(look, messages("shop.lead"), "body", tone="ink_soft"))
        self.column.addLayout(words)
        self._body = QWidget()
        self.column.addWidget(self._body)
        self.column.addStretch(1)

    def show_sheet(self, sheet: SetupSheet) -> None:
        """Show `sheet`; controls stay the same ones where they can, so that the focus stays."""
        shape = (sheet.platforms, sheet.products, sheet.going, sheet.done)
        if shape != self._shape:
            self._shape = shape
            self._build(sheet)
        for name, tile in self.platforms.items():
            tile.setChecked(name == sheet.setup.platform)
        for name, tile in self.products.items():
            tile.setChecked(name == sheet.setup.product)
        if self._length is not None and self._mode is not None:
            self._length.choose(str(sheet.setup.days))
            self._mode.choose(sheet.setup.mode)
        if not self.code.hasFocus():
            self.code.setText(sheet.code)

    def take_focus(self) -> None:
        first = next(iter(self.going.values()), None)
        chosen = next((one for one in self.platforms.values() if one.isChecked()), None)
        target = first or chosen
        if target is not None:
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build(self, sheet: SetupSheet) -> None:
        look, messages = self._look, self._messages
        for kept in (self.platforms, self.products, self.going):
            kept.clear()
        self.code.setParent(self)
        old, self._body = self._body, QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(12))
        if not sheet.platforms:
            column.addWidget(
                EmptyState(look, "route", messages("shop.none"), messages("shop.none-why"))
            )
        else:
            self._add_months(column, sheet.going, "shop.going")
            self._add_choices(column, sheet)
            self._add_months(column, sheet.done[:_MOST_DONE], "shop.done")
        self.column.replaceWidget(old, self._body)
        self._body.show()  # else Qt shows it some time later, and nothing has its place yet
        old.hide()
        old.deleteLater()

    def _add_choices(self, column: QVBoxLayout, sheet: SetupSheet) -> None:
        look, messages = self._look, self._messages
        self._heading(column, "shop.platform")
        grid = Flow(gap=look.px(8), cell=look.px(240), columns=3)
        for platform in sheet.platforms:
            name = platform.platform_id
            tile = Tile(look, platform.title, letters=monogram_of(name), checkable=True)
            tile.clicked.connect(lambda _on=False, name=name: self.platform_chosen.emit(name))
            self.platforms[name] = tile
            grid.addWidget(tile)
        column.addLayout(grid)
        self._heading(column, "shop.product")
        grid = Flow(gap=look.px(8), cell=look.px(240), columns=3)
        for product in sheet.products:
            name = product.product_id
            detail = messages("shop.product-detail", price=f"{product.price / 100:.2f}")
            tile = Tile(look, product.title, detail, letters=monogram_of(name), checkable=True)
            tile.clicked.connect(lambda _on=False, name=name: self.product_chosen.emit(name))
            self.products[name] = tile
            grid.addWidget(tile)
        column.addLayout(grid)
        self._add_length_mode_code(column, sheet)

    def _add_length_mode_code(self, column: QVBoxLayout, sheet: SetupSheet) -> None:
        look, messages = self._look, self._messages
        column.addSpacing(look.px(12))
        flow = Flow(gap=look.px(32))
        lengths = [(str(one), messages.count("shop.days", one)) for one in LENGTHS]
        self._length = Segments(look, messages("shop.length"), lengths, str(sheet.setup.days))
        self._length.chosen.connect(lambda value: self.days_chosen.emit(int(value)))
        modes = [(one, messages(f"shop.mode.{one}")) for one in ("alone", "team")]
        self._mode = Segments(look, messages("shop.mode"), modes, sheet.setup.mode)
        self._mode.chosen.connect(self.mode_chosen)
        for code, control in (("shop.length", self._length), ("shop.mode", self._mode)):
            holder = QWidget()
            lines = stack(look, gap=8)
            holder.setLayout(lines)
            lines.addWidget(Text(look, messages(code), "lead", bold=True, wrap=False))
            lines.addWidget(control)
            flow.addWidget(holder)
        column.addLayout(flow)
        column.addSpacing(look.px(12))
        self.field = Field(
            look, messages("shop.code"), self.code, explain=messages("shop.code-why")
        )
        column.addWidget(self.field)
        self.code.show()
        line = row(look, gap=8)
        ranking = Button(look, messages("shop.ranking"), icon="trophy", shows_key="L")
        ranking.clicked.connect(self.ranking_wanted)
        line.addWidget(ranking)
        line.addStretch(1)
        column.addLayout(line)

    def _add_months(self, column: QVBoxLayout, months: Sequence[MonthEntry], code: str) -> None:
        if not months:
            return
        look = self._look
        self._heading(column, code)
        grid = Flow(gap=look.px(8), cell=look.px(280), columns=3)
        for entry in months:
            tile = Tile(look, *self._month_words(entry), letters=monogram_of(entry.setup.platform))
            month_id = entry.month_id
            tile.clicked.connect(
                lambda _on=False, month_id=month_id: self.going_pressed.emit(month_id)
            )
            if entry.grade is None:
                self.going[month_id] = tile
            grid.addWidget(tile)
        column.addLayout(grid)

    def _month_words(self, entry: MonthEntry) -> tuple[str, str]:
        messages = self._messages
        title = self.products_title(entry)
        if entry.grade is None:
            told = messages("shop.month-going", day=entry.day, days=entry.setup.days)
        else:
            told = messages(f"shop.grade.{entry.grade}")
        began = day_in_words(self._look, entry.began.date())
        return title, messages("shop.month-detail", told=told, began=began)

    def products_title(self, entry: MonthEntry) -> str:
        product = self.products.get(entry.setup.product)
        name = entry.setup.product.replace("-", " ").capitalize()
        if product is not None:
            name = product.title
        else:
            code = f"subject.{entry.setup.product}"
            name = self._messages(code) if self._messages.knows(code) else name
        return name

    def _heading(self, column: QVBoxLayout, code: str) -> None:
        column.addSpacing(self._look.px(8))
        column.addWidget(Text(self._look, self._messages(code), "lead", bold=True))

    def _part_chosen(self, part: str) -> None:
        if part == "cases":
            self.cases_wanted.emit()
            self.parts.choose("shop")
