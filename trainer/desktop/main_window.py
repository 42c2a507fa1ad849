"""The one window: the sign-in page, then a rail of places and the page of the place.

Pages are made when they are first opened. A change of language, theme or scale throws them away
and makes the present one anew; what they show is on the disk.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from msgspec import Struct
from PySide6.QtCore import QByteArray, QMimeData, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QWidget

from trainer.bootstrap import Places, take_new_packs
from trainer.cards.model import Language
from trainer.desktop.background import BackgroundTask, ReportProgress
from trainer.desktop.controls import bind_key
from trainer.desktop.desk import Desk
from trainer.desktop.look import Look, make_look
from trainer.desktop.rail import Rail, RailButton, person_button
from trainer.desktop.theme import RAIL, SCALES, Theme
from trainer.foundation.clock import Clock
from trainer.foundation.errors import TrainerError
from trainer.foundation.messages import Messages, load_messages
from trainer.foundation.settings import (
    CARD_LANGUAGE,
    INTERFACE_LANGUAGE,
    SCALE,
    TEACHES,
    WINDOW_STATE,
    Settings,
)
from trainer.services.content_library import Library, Refreshed
from trainer.services.sign_in import People, Person
from trainer.services.study import Selection
from trainer.storage.learners import LearnerFile

if TYPE_CHECKING:
    from trainer.desktop.exam.exam_window import ExamWindow
    from trainer.desktop.toasts import Toaster

SMALL_SCREEN = 1440  # on a narrower one the window takes all of it


class Screen(Protocol):
    """What every page of a place can do, besides being a QWidget made with a Desk."""

    def on_shown(self) -> None: ...

    def shortcuts(self) -> list[tuple[str, str]]: ...


# The makers import their page when it is opened for the first time: start-up pays for one page.


def _today(desk: Desk) -> QWidget:
    from trainer.desktop.today_screen import TodayScreen

    return TodayScreen(desk)


def _study(desk: Desk) -> QWidget:
    from trainer.desktop.study_screen import StudyScreen

    return StudyScreen(desk)


def _quiz(desk: Desk) -> QWidget:
    from trainer.desktop.quiz_screen import QuizScreen

    return QuizScreen(desk)


def _cases(desk: Desk) -> QWidget:
    from trainer.desktop.cases_screen import CasesScreen

    return CasesScreen(desk)


def _compare(desk: Desk) -> QWidget:
    from trainer.desktop.compare_screen import CompareScreen

    return CompareScreen(desk)


def _shop(desk: Desk) -> QWidget:
    from trainer.desktop.shop_screen import ShopScreen

    return ShopScreen(desk)


def _handbook(desk: Desk) -> QWidget:
    from trainer.desktop.handbook_screen import HandbookScreen

    return HandbookScreen(desk)


def _progress(desk: Desk) -> QWidget:
    from trainer.desktop.progress_screen import ProgressScreen

    return ProgressScreen(desk)


def _teachers_desk(desk: Desk) -> QWidget:
    from trainer.desktop.teachers_desk import TeachersDesk

    return TeachersDesk(desk)


def _settings(desk: Desk) -> QWidget:
    from trainer.desktop.settings_screen import SettingsScreen

    return SettingsScreen(desk)


class PlaceEntry(Struct, frozen=True):
    """A place in the rail. Its key is Ctrl and its number among those that are shown.

    One that lies `under` another is reached from there, and has no line of its own in the rail.
    """

    place: str
    icon: str
    make: Callable[[Desk], QWidget]
    for_teachers: bool = False
    under: str = ""

    @property
    def code(self) -> str:
        return f"place.{self.place}"


PLACES = (
    PlaceEntry("today", "sun", _today),
    PlaceEntry("study", "layers", _study),
    PlaceEntry("quiz", "list-checks", _quiz),
    PlaceEntry("cases", "route", _cases),
    PlaceEntry("compare", "scale", _compare),
    PlaceEntry("shop", "route", _shop, under="cases"),
    PlaceEntry("handbook", "book-open", _handbook),
    PlaceEntry("progress", "chart-column", _progress),
    PlaceEntry("desk", "square-pen", _teachers_desk, for_teachers=True),
    PlaceEntry("settings", "settings", _settings),
)


class House(Struct, frozen=True):
    """What the window is opened with; it stays the same whoever signs in."""

    places: Places
    clock: Clock
    people: People
    library: Library
    settings: Settings  # of this PC
    language: str  # of the program, where no setting says otherwise
    theme_for: Callable[[Settings], Theme]
    dress: Callable[[Look], None]  # gives Qt's own controls the look


class MainWindow(QWidget):
    """Fits the Shell protocol that screens talk to."""

    entered = Signal(str)  # learner id
    opened = Signal(str)  # place

    def __init__(self, house: House) -> None:
        super().__init__()
        self._house = house
        self._desk: Desk | None = None
        self._learner: LearnerFile | None = None
        self._person: Person | None = None
        self._pages: dict[str, QWidget] = {}
        self._kept: dict[str, object] = {}  # what pages had open before they were made anew
        self._place = ""
        self._tasks: list[BackgroundTask] = []
        self._frame: QWidget | None = None
        self._rail: Rail | None = None
        self._toaster: Toaster | None = None
        self._stack: QStackedWidget | None = None
        self._exam_room: ExamWindow | None = None
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        # At 200 % of a 1366 x 768 screen this is all there is.
        self.setMinimumSize(640, 360)
        self.setAcceptDrops(True)
        self.refresh_look()
        self._bind_keys()

    # Look and language

    @property
    def look(self) -> Look:
        return self._look

    @property
    def messages(self) -> Messages:
        return self._messages

    @property
    def people(self) -> People:
        return self._house.people

    @property
    def settings(self) -> Settings:
        """The learner's settings over this PC's, or this PC's before anyone is in."""
        if self._learner is None:
            return self._house.settings
        return self._learner.settings.over(self._house.settings)

    def refresh_look(self) -> None:
        """Take language, theme and scale from the settings as they are now."""
        settings = self.settings
        language = settings[INTERFACE_LANGUAGE] or self._house.language
        assets = self._house.places.assets
        self._messages = load_messages(assets / "translations", language)
        self._look = make_look(self._house.theme_for(settings), self._messages, assets / "icons")
        self._house.dress(self._look)
        self.setWindowTitle(self._messages("app.name"))

    def settings_changed(self) -> None:
        # Later, because the control that was changed is thrown away with its page.
        QTimer.singleShot(0, self, self._rebuild)

    def _rebuild(self) -> None:
        self._put_toast_away()
        focused = self.focusWidget()
        name = focused.objectName() if focused is not None else ""
        scrolled = self._scroll_bar_value()
        self.refresh_look()
        if self._learner is None or self._person is None:
            self.show_sign_in()
            return
        place = self._place
        for each, page in self._pages.items():
            if hasattr(page, "kept"):
                self._kept[each] = page.kept()
        self._close_pages()
        # Name or colour may be what has changed.
        mine = self._person.learner_id
        everyone = self._house.people.all()
        self._person = next((each for each in everyone if each.learner_id == mine), self._person)
        self._furnish(self._person, self._learner)
        self.go(place)
        shown = self._pages.get(place)
        again = shown.findChild(QWidget, name) if shown is not None and name else None
        if again is not None:
            again.setFocus(Qt.FocusReason.OtherFocusReason)
        self._scroll_to(scrolled)

    def _scroll_area(self) -> QScrollArea | None:
        page = self._pages.get(self._place)
        return page.findChild(QScrollArea) if page is not None else None

    def _scroll_bar_value(self) -> int:
        area = self._scroll_area()
        return area.verticalScrollBar().value() if area is not None else 0

    def _scroll_to(self, value: int) -> None:
        area = self._scroll_area()
        if area is not None and value:
            QTimer.singleShot(0, area, lambda: area.verticalScrollBar().setValue(value))

    def _zoom(self, step: int) -> None:
        """Ctrl and + or -: the next larger or smaller scale; 0 for 100 %."""
        settings = self.settings
        now = settings[SCALE]
        if step > 0:
            scale = next((scale for scale in SCALES if scale > now), SCALES[-1])
        elif step < 0:
            scale = next((scale for scale in reversed(SCALES) if scale < now), SCALES[0])
        else:
            scale = SCALES[0]
        if scale != now:
            settings[SCALE] = scale
            self.settings_changed()

    # People

    def show_sign_in(self) -> None:
        """The people of this PC. Nobody may be signed in."""
        from trainer.desktop.sign_in_screen import SignInScreen

        screen = SignInScreen(
            self._look,
            self._messages,
            self._house.people,
            self._house.clock,
            say=self.say,
            language_chosen=self._choose_language,
        )
        screen.entered.connect(self.sign_in)
        screen.exam_wanted.connect(self.open_exam_room)
        self._put(screen)
        screen.on_shown()

    def open_exam_room(self) -> None:
        """The candidate's window, in place of this one until it is left."""
        from trainer.desktop.exam.opening import exam_window

        house = self._house
        window = exam_window(house.places, self._messages, house.settings, house.dress)
        self._exam_room = window
        window.left.connect(self._exam_left)
        window.resize(self.size())
        window.show()
        self.hide()

    def _exam_left(self) -> None:
        if self._exam_room is not None:
            self._exam_room.deleteLater()
            self._exam_room = None
        self.refresh_look()
        self.show()

    def sign_in(self, person: Person, learner: LearnerFile, place: str = "today") -> None:
        """Go to `place` with `learner` open; the window closes the file again."""
        self._put_toast_away()
        self._person, self._learner = person, learner
        self.refresh_look()
        self._furnish(person, learner)
        self.entered.emit(person.learner_id)
        self.go(place)
        if learner.notice is not None:
            code, blanks = learner.notice
            learner.notice = None
            self._tell(self._messages("shell.repaired"), self._messages(code, **blanks))

    def sign_out(self) -> None:
        if self._leave():
            self._put_toast_away()
            self.refresh_look()
            self.show_sign_in()

    def _leave(self) -> bool:
        """Close pages and file. False, and the person is told, when answers are left that the
        disk does not take."""
        for kept in self._kept.values():
            close = getattr(kept, "close", None)
            if close is not None:
                close()
        self._kept.clear()
        self._close_pages()
        if self._learner is None:
            return True
        try:
            self._learner.close(self._house.clock.now())
        except TrainerError as error:
            place = self._place
            self._place = ""
            self.go(place)
            self.say(error)
            return False
        self._learner = self._person = self._desk = None
        self._place = ""
        return True

    def _choose_language(self, language: str) -> None:
        self._remember(INTERFACE_LANGUAGE, language)
        self.settings_changed()

    def _remember(self, setting: object, value: str) -> None:
        """Keep something for this PC. A disk that refuses costs no more than the memory of it."""
        try:
            self._house.settings[setting] = value  # type: ignore[index] # any text setting
        except OSError:
            return

    # Places

    def _places(self) -> Sequence[PlaceEntry]:
        """The places of this person, in the rail's order."""
        teaches = self.settings[TEACHES]
        return [
            entry for entry in PLACES if not entry.under and (teaches or not entry.for_teachers)
        ]

    def _go_to_number(self, number: int) -> None:
        places = self._places()
        if number <= len(places):
            self.go(places[number - 1].place)

    def _furnish(self, person: Person, learner: LearnerFile) -> None:
        settings = self.settings
        self._desk = Desk(
            messages=self._messages,
            look=self._look,
            clock=self._house.clock,
            places=self._house.places,
            library=self._house.library,
            learner=learner,
            person=person,
            people=self._house.people,
            settings=settings,
            language=_card_language(settings[CARD_LANGUAGE], self._messages),
            shell=self,
        )
        frame = QWidget()
        line = QHBoxLayout(frame)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        messages = self._messages
        self._rail = Rail(
            self._look,
            messages("shell.places"),
            [
                (entry.place, entry.icon, messages(entry.code), f"Ctrl+{number}")
                for number, entry in enumerate(self._places(), start=1)
            ],
        )
        self._rail.chosen.connect(self.go)
        keys = RailButton(self._look, messages("shell.keys"), icon="keyboard", keys="?")
        keys.clicked.connect(self.show_keys)
        self._rail.add_foot(keys)
        someone = person_button(
            self._look, learner.name, person.colour, messages("shell.switch-person")
        )
        someone.clicked.connect(self.sign_out)
        self._rail.add_foot(someone)
        self._stack = QStackedWidget()
        line.addWidget(self._rail)
        line.addWidget(self._stack, 1)
        self._put(frame)
        self._fit_rail()

    def _put(self, widget: QWidget) -> None:
        """Show `widget` as all there is in the window."""
        if self._frame is not None:
            self._layout.removeWidget(self._frame)
            self._frame.hide()
            self._frame.deleteLater()
        if widget is not self._frame:
            self._frame = widget
            self._layout.addWidget(widget)
            # The layout would show it one round of events later: a blank window for a moment.
            widget.show()

    def _close_pages(self) -> None:
        for page in self._pages.values():
            close_down = getattr(page, "close_down", None)
            if close_down is not None:
                close_down()
            page.hide()
            page.deleteLater()
        self._pages.clear()

    def page(self, place: str) -> QWidget:
        """The page of `place`, made when it is asked for the first time."""
        if place not in self._pages:
            if self._desk is None or self._stack is None:
                raise RuntimeError("nobody is signed in")
            entry = next(entry for entry in PLACES if entry.place == place)
            page = entry.make(self._desk)
            if place in self._kept and hasattr(page, "take_up"):
                page.take_up(self._kept.pop(place))
            self._pages[place] = page
            self._stack.addWidget(page)
        return self._pages[place]

    def go(self, place: str) -> None:
        page = self._open(place)
        if page is not None:
            cast("Screen", page).on_shown()

    def study(self, selection: Selection) -> None:
        page = self._open("study")
        if page is not None:
            page.start(selection)  # type: ignore[attr-defined] # StudyScreen has it
            cast("Screen", page).on_shown()

    def quiz(self, deck_id: str) -> None:
        page = self._open("quiz")
        if page is not None:
            cast("Screen", page).on_shown()
            page.choose_chapter(deck_id)  # type: ignore[attr-defined] # QuizScreen has it

    def read(self, rule_id: str) -> None:
        page = self._open("handbook")
        if page is not None:
            cast("Screen", page).on_shown()
            page.show_rule(rule_id)  # type: ignore[attr-defined] # HandbookScreen has it

    def _open(self, place: str) -> QWidget | None:
        if self._desk is None or self._stack is None or self._rail is None:
            return None
        try:
            page = self.page(place)
        except TrainerError as error:
            self._rail.mark(self._place)
            self.say(error)
            return None
        self._place = place
        self._rail.mark(next(one.under or place for one in PLACES if one.place == place))
        self._stack.setCurrentWidget(page)
        if not page.isAncestorOf(self.focusWidget() or self):
            page.setFocus(Qt.FocusReason.OtherFocusReason)
        self.opened.emit(place)
        return page

    @property
    def place(self) -> str:
        return self._place

    # What pages ask for

    def toast(self, text: str, *, undo: Callable[[], object] | None = None) -> None:
        # Loaded when there is something to say: the first page is painted sooner.
        from trainer.desktop.toasts import Toaster

        if self._toaster is None:
            self._toaster = Toaster(self._look, self._messages, self)
        self._toaster.show(text, undo)

    @property
    def toast_text(self) -> str:
        return self._toaster.text if self._toaster is not None else ""

    def _put_toast_away(self) -> None:
        if self._toaster is not None:
            self._toaster.dismiss()
            self._toaster.deleteLater()
            self._toaster = None

    def say(self, error: TrainerError) -> None:
        self._tell(
            self._messages("shell.something-wrong"), self._messages(error.code, **error.blanks)
        )

    def _tell(self, title: str, text: str) -> None:
        from trainer.desktop.dialogs import tell

        tell(self._look, self._messages, self, title, text)

    def ask(
        self, title: str, text: str, verb: str, act: Callable[[], object], *, detail: str = ""
    ) -> None:
        from trainer.desktop.dialogs import ask

        ask(self._look, self._messages, self, title, text, verb=verb, act=act, detail=detail)

    def run(
        self,
        title: str,
        work: Callable[[ReportProgress], object],
        done: Callable[[object], object],
    ) -> None:
        from trainer.desktop.dialogs import run_with_progress

        task = run_with_progress(self._look, self._messages, self, title, work, done, self._failed)
        self._keep(task)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, TrainerError):
            self.say(error)
        else:
            raise error

    def show_keys(self) -> None:
        """Every key of the page and of the window."""
        from trainer.desktop.dialogs import KeySheet

        messages = self._messages
        groups: list[tuple[str, list[tuple[str, str]]]] = []
        page = self._pages.get(self._place)
        if page is not None:
            own = [(keys, messages(code)) for keys, code in cast("Screen", page).shortcuts()]
            heading = messages("shell.keys-here", place=messages(f"place.{self._place}"))
            groups.append((heading, own))
        everywhere = []
        if self._desk is not None:
            everywhere = [
                (f"Ctrl+{number}", messages(entry.code))
                for number, entry in enumerate(self._places(), start=1)
            ]
        everywhere += [
            ("Ctrl+Z", messages("shell.undo-last")),
            ("Ctrl++", messages("shell.larger")),
            ("Ctrl+-", messages("shell.smaller")),
            ("Ctrl+0", messages("shell.usual-size")),
            ("Tab", messages("shell.next-control")),
            ("?", messages("shell.show-keys")),
        ]
        groups.append((messages("shell.keys-everywhere"), everywhere))
        KeySheet(self._look, messages, groups, self).open()

    def _bind_keys(self) -> None:
        for number in range(1, len(PLACES) + 1):
            bind_key(self, f"Ctrl+{number}", partial(self._go_to_number, number))
        # A Chinese input method sends the full-width mark.
        for keys in ("?", "？", "F1"):
            bind_key(self, keys, self.show_keys)
        for keys, step in (("Ctrl++", 1), ("Ctrl+=", 1), ("Ctrl+-", -1), ("Ctrl+0", 0)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(partial(self._zoom, step))

    # Decks

    @property
    def library(self) -> Library:
        return self._house.library

    def read_library(self, then: Callable[[], object]) -> None:
        """Read all decks with progress, then go on; also when some cannot be read."""

        def go_on(_result: object) -> None:
            then()

        self.run(self._messages("shell.reading-decks"), self._house.library.refresh, go_on)

    def look_for_changes(self) -> None:
        """Take newer packs from the share, and read the decks that changed since the last start,
        behind the page that is shown."""
        task = BackgroundTask(self._take_what_is_new, self)
        task.succeeded.connect(self._refreshed)
        task.failed.connect(self._failed)
        self._keep(task)
        task.start()

    def _take_what_is_new(self, report: ReportProgress) -> Refreshed:
        house = self._house
        take_new_packs(house.places, house.clock, report)
        return house.library.refresh(report)

    def _refreshed(self, refreshed: Refreshed) -> None:
        paths = (*refreshed.added, *refreshed.changed, *refreshed.removed)
        # A deck and its translation are one to the reader.
        changed = {path.partition(".")[0] for path in paths}
        if not changed:
            return
        self.toast(self._messages.count("shell.decks-changed", len(changed)))
        if self._place in {"today", "handbook"}:
            self.go(self._place)

    def _keep(self, task: BackgroundTask) -> None:
        """Hold on to `task` until it ends: a window that closes waits for it."""
        self._tasks.append(task)
        task.finished.connect(partial(self._tasks.remove, task))

    # Files dropped on the window

    def dragEnterEvent(self, event: QDragEnterEvent, /) -> None:
        if self._part_for(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent, /) -> None:
        found = self._part_for(event.mimeData())
        if found is None:
            return
        event.acceptProposedAction()
        path, part = found
        desk = self._open("desk")
        if desk is not None:
            desk.open(part).take(path)  # type: ignore[attr-defined] # TeachersDesk and its parts

    def _part_for(self, data: QMimeData) -> tuple[Path, str] | None:
        """The file that is dropped and the part of the teacher's desk that takes it, if this
        person has one."""
        from trainer.desktop.dropping import dropped_file, part_for

        path = dropped_file(data)
        there = self._desk is not None and any(one.place == "desk" for one in self._places())
        part = part_for(path) if path is not None and there else ""
        return (path, part) if path is not None and part else None

    # The window itself

    def restore_place(self) -> None:
        """Stand where the window stood last, if that is still on a screen; else fill most of it."""
        remembered = bytes.fromhex(_hexadecimal(self._house.settings[WINDOW_STATE]))
        if remembered and self.restoreGeometry(QByteArray(remembered)):
            return
        free = QGuiApplication.primaryScreen().availableGeometry()
        if free.width() < SMALL_SCREEN:
            self.setWindowState(Qt.WindowState.WindowMaximized)
            return
        width = max(min(round(free.width() * 0.9), self._look.px(1200)), 640)
        height = max(min(round(free.height() * 0.9), self._look.px(800)), 360)
        corner = free.center() - QPoint(width // 2, height // 2)
        self.setGeometry(QRect(corner, QSize(width, height)))

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._fit_rail()

    def _fit_rail(self) -> None:
        """Icons alone where words would take more than a sixth of the width."""
        if self._rail is not None and self._frame is not None:
            self._rail.set_narrow(self.width() < 5.5 * self._look.px(RAIL))

    def closeEvent(self, event: QCloseEvent, /) -> None:
        self._remember(WINDOW_STATE, bytes(self.saveGeometry().data()).hex())
        for task in list(self._tasks):
            task.stop()
            task.wait()
        if self._leave():
            super().closeEvent(event)
        else:
            event.ignore()


def _card_language(setting: str, messages: Messages) -> Language:
    """The language cards are shown in first: as set, else the interface's."""
    if setting == "en" or (not setting and messages.language == "en"):
        return "en"
    return "zh"


def _hexadecimal(text: str) -> str:
    digits = set("0123456789abcdef")
    return text if len(text) % 2 == 0 and set(text) <= digits else ""
