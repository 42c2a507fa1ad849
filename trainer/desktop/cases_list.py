"""The page where a case is chosen: by platform, by skill, and the products together."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trainer.desktop import keys
from trainer.desktop.controls import EmptyState, Segments, Tile
from trainer.desktop.days import days_ago
from trainer.desktop.foot import SteadyPage
from trainer.desktop.layouts import Flow, row, stack
from trainer.desktop.look import Look
from trainer.desktop.text import Monogram, Text, monogram_of
from trainer.foundation.messages import Messages
from trainer.presenters.cases import CaseGroup
from trainer.presenters.subjects import subject_name
from trainer.services.case_records import CaseStanding
from trainer.services.casework import CaseEntry

ARROWS = (keys.LEFT, keys.RIGHT, keys.UP, keys.DOWN)


class CaseTile(Tile):
    """Leaves arrows to the page: Qt would only go to the next tile in line."""

    def __init__(self, look: Look, title: str, detail: str, *, letters: str = "") -> None:
        super().__init__(look, title, detail, letters=letters)
        self._plain = detail

    def show_standing(self, told: str, icon: str) -> None:
        """What is known of the case, in place of what the tile says else."""
        self._trailing = icon
        self.set_detail(told or self._plain)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() in ARROWS:
            event.ignore()
        elif event.key() in keys.ENTERS:
            self.click()
        else:
            super().keyPressEvent(event)


class CasesList(SteadyPage):
    """`case_pressed` carries a case's id."""

    case_pressed = Signal(str)
    shop_wanted = Signal()

    def __init__(self, look: Look, messages: Messages, parent: QWidget) -> None:
        super().__init__(look, parent, top=32)
        self._look, self._messages = look, messages
        self._groups: tuple[CaseGroup, ...] | None = None
        self._tiles: dict[str, CaseTile] = {}
        top = row(look, gap=16)
        head = stack(look, gap=4)
        top.addWidget(Text(look, messages("place.cases"), "title", bold=True, fill=True), 1)
        parts = [("cases", messages("place.cases")), ("shop", messages("shop.title"))]
        self.parts = Segments(look, messages("shop.parts"), parts, "cases")
        self.parts.chosen.connect(self._part_chosen)
        top.addWidget(self.parts, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(top)
        head.addWidget(Text(look, messages("cases.lead"), "body", tone="ink_soft"))
        self._done = Text(look, "", "small", tone="ink_soft", tabular=True)
        self._done.hide()
        head.addWidget(self._done)
        self.column.addLayout(head)
        self._body = QWidget()
        self.column.addWidget(self._body)
        self.column.addStretch(1)

    def _part_chosen(self, part: str) -> None:
        if part == "shop":
            self.shop_wanted.emit()
            self.parts.choose("cases")

    @property
    def tiles(self) -> Sequence[CaseTile]:
        return tuple(self._tiles.values())

    def show_standings(self, standings: Mapping[str, CaseStanding], now: datetime) -> None:
        """What is known of each case, on its tile and in the line above the list."""
        for scenario_id, tile in self._tiles.items():
            tile.show_standing(*self._standing_words(standings.get(scenario_id), now))
        done = sum(standings[name].done for name in self._tiles if name in standings)
        self._done.set_text(
            self._messages("cases.done-of", done=done, number=len(self._tiles)) if done else ""
        )
        self._done.setVisible(bool(done))

    def _standing_words(self, standing: CaseStanding | None, now: datetime) -> tuple[str, str]:
        """The line below a title, and the icon beside it; "" where nothing is known."""
        messages = self._messages
        if standing is None or not (standing.done or standing.going):
            return "", ""
        if standing.going:
            return messages("cases.going", number=standing.going_decisions + 1), "hourglass"
        best = standing.best_wrong or 0
        code = "cases.done.flawless" if best == 0 else "cases.done.costly"
        told = messages.count(code, best)
        if standing.last_at is not None:
            day = days_ago(messages, self._look, standing.last_at, now)
            told = messages("cases.done.on", told=told, day=day)
        return told, "circle-check" if best == 0 else "circle-dot"

    def show_groups(self, groups: Sequence[CaseGroup]) -> None:
        """Show `groups`; tiles stay the same ones, so that the keyboard stays where it is."""
        if self._groups == tuple(groups):
            return
        self._groups = tuple(groups)
        self._tiles.clear()
        old, self._body = self._body, QWidget()
        self.column.replaceWidget(old, self._body)
        self._body.show()  # else Qt shows it some time later, and nothing has its place yet
        old.hide()
        old.deleteLater()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self._look.px(12))
        if not groups:
            column.addWidget(
                EmptyState(
                    self._look,
                    "library",
                    self._messages("cases.none"),
                    self._messages("cases.none-why"),
                )
            )
        for group in groups:
            self._add_group(column, group)

    def focus_case(self, scenario_id: str) -> bool:
        """Put the keyboard on that case, else on the first; False when there is none."""
        tile = self._tiles.get(scenario_id) or next(iter(self._tiles.values()), None)
        if tile is not None:
            self._go_to(tile)
        return tile is not None

    def _add_group(self, column: QVBoxLayout, group: CaseGroup) -> None:
        look, messages = self._look, self._messages
        name = subject_name(messages, group.subject) if group.subject else ""
        column.addSpacing(look.px(8))
        head = row(look, gap=12)
        if group.subject:
            head.addWidget(Monogram(look, monogram_of(group.subject), size=32))
        title = name or messages("cases.products")
        head.addWidget(Text(look, title, "lead", bold=True, wrap=False))
        number = messages.count("cases.number", len(group.cases))
        head.addWidget(Text(look, number, "small", tone="ink_soft", tabular=True, wrap=False))
        head.addStretch(1)
        column.addLayout(head)
        grid = Flow(gap=look.px(8), cell=look.px(260), columns=3)
        for case in group.cases:
            grid.addWidget(self._made_tile(case, alone=not group.subject))
        column.addLayout(grid)

    def _made_tile(self, case: CaseEntry, *, alone: bool) -> CaseTile:
        """`alone`: the heading above does not name the subject, so the tile does."""
        steps = self._messages.count("cases.steps", case.steps)
        name = subject_name(self._messages, case.subject)
        tile = CaseTile(
            self._look,
            case.title,
            f"{name} · {steps}" if alone else steps,
            letters=monogram_of(case.subject) if alone else "",
        )
        tile.setToolTip(case.title)
        if not alone:
            tile.setAccessibleDescription(name)
        tile.clicked.connect(lambda: self.case_pressed.emit(case.scenario_id))
        self._tiles[case.scenario_id] = tile
        return tile

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        event.ignore()  # arrows are the screen's: the page would scroll

    def go(self, key: int) -> bool:
        """The keyboard to the next tile that way; False when `key` is no arrow."""
        if key not in ARROWS or not self._tiles:
            return False
        here = next((tile for tile in self.tiles if tile.hasFocus()), None)
        if here is None:
            self._go_to(self.tiles[0])
            return True
        if key in {keys.LEFT, keys.RIGHT}:
            place = self.tiles.index(here) + (1 if key == keys.RIGHT else -1)
            if 0 <= place < len(self.tiles):
                self._go_to(self.tiles[place])
            return True
        sign = 1 if key == keys.DOWN else -1
        at = self._corner(here)
        beyond = [
            (sign * (corner.y() - at.y()), abs(corner.x() - at.x()), place)
            for place, corner in enumerate(map(self._corner, self.tiles))
            if sign * (corner.y() - at.y()) > 0
        ]
        if beyond:
            self._go_to(self.tiles[min(beyond)[2]])
        return True

    def _corner(self, tile: CaseTile) -> QPoint:
        return tile.mapTo(self._body, QPoint(0, 0))

    def _go_to(self, tile: CaseTile) -> None:
        tile.setFocus(Qt.FocusReason.TabFocusReason)
        self.show_widget(tile)
