"""Opens the window: Qt's application, its fonts and words, and what a mistake of ours leads to."""

import gc
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from msgspec import Struct
from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from trainer import __version__
from trainer.bootstrap import Places, open_library
from trainer.desktop.look import Look
from trainer.desktop.main_window import House, MainWindow
from trainer.desktop.stylesheet import palette, style_sheet
from trainer.desktop.system_look import theme_for
from trainer.foundation.clock import Clock
from trainer.foundation.errors import TrainerError
from trainer.foundation.settings import SettingsFile
from trainer.services.sign_in import People

LOOK_FOR_CHANGES_MS = 700
EXAM_PAGE = "exam"  # as a page to open first: the candidate's window, with nobody signed in


class WindowOptions(Struct, frozen=True):
    """What the command line asks for. `learner` is a name or an id; "" means what it says there."""

    learner: str = ""  # "": the sign-in page, or the only person there is
    page: str = ""  # "": today
    language: str = "en"  # where no setting says otherwise


def open_window(places: Places, clock: Clock, options: WindowOptions) -> int:
    """Open the window and stay until it is closed. Returns the exit status."""
    # Nothing made at start is rubbish: looking for it would only delay the first page. What was
    # made until then is never looked through again, so that no answer waits for it either.
    gc.disable()
    application = make_application()
    QTimer.singleShot(LOOK_FOR_CHANGES_MS, application, _collect_again)
    window = make_window(places, clock, options)
    report = CrashReport(places.data, window)
    sys.excepthook = report
    window.restore_place()
    window.show()
    enter(window, options)
    return application.exec()


def _collect_again() -> None:
    gc.freeze()
    gc.enable()


def make_application() -> QApplication:
    """The one QApplication, in a style that looks alike on every system."""
    # Named as an argument: `setStyle` hands over a style, and PySide prepares all about styles.
    application = QApplication([sys.argv[0], "-style", "fusion"])
    application.setApplicationName("Platform Rules Trainer")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("platform-rules-trainer")
    return application


class Dresser(QObject):
    """Gives Qt's own controls, texts and tool tips the look; asks for a new one when the system
    changes between light and dark."""

    def __init__(self, application: QApplication, places: Places) -> None:
        super().__init__(application)
        self._application = application
        self._chevron = (places.assets / "icons" / "chevron-down.svg").as_posix()
        self._translator: QTranslator | None = None
        self._language = ""
        self.changed: Callable[[], object] | None = None
        application.styleHints().colorSchemeChanged.connect(self._system_changed)
        self._dressing = False

    def __call__(self, look: Look) -> None:
        self._dressing = True
        application = self._application
        application.setFont(look.font("control"))
        application.setPalette(palette(look.colours))
        sheet = style_sheet(look, self._chevron)
        if application.styleSheet() != sheet:
            application.setStyleSheet(sheet)
        self._speak("zh_CN" if look.chinese else "en")
        self._dressing = False

    def _speak(self, language: str) -> None:
        """Qt's own words (the menu of a text field, the buttons of a file dialog)."""
        if language == self._language:
            return
        self._language = language
        QLocale.setDefault(QLocale(language))
        if self._translator is not None:
            self._application.removeTranslator(self._translator)
            self._translator = None
        if language == "zh_CN":
            translator = QTranslator(self)
            folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
            if translator.load("qtbase_zh_CN", folder):
                self._application.installTranslator(translator)
                self._translator = translator

    def _system_changed(self) -> None:
        if not self._dressing and self.changed is not None:
            self.changed()


def make_window(places: Places, clock: Clock, options: WindowOptions) -> MainWindow:
    """The window, with nobody signed in and not yet shown. Needs a QApplication."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        raise RuntimeError("make_application comes first")  # noqa: TRY004 - not a wrong type
    dress = Dresser(application, places)
    window = MainWindow(
        House(
            places=places,
            clock=clock,
            people=People(places.data, clock),
            library=open_library(places, clock),
            settings=SettingsFile(places.settings_file).settings(),
            language=options.language,
            theme_for=theme_for,
            dress=dress,
        )
    )
    dress.changed = window.settings_changed
    # The icon is drawn from SVG: that can wait until the first page is painted.
    QTimer.singleShot(LOOK_FOR_CHANGES_MS, application, lambda: _show_icon(application, places))
    return window


def _show_icon(application: QApplication, places: Places) -> None:
    from PySide6.QtGui import QIcon

    application.setWindowIcon(QIcon(str(places.assets / "icons" / "program.svg")))


def enter(window: MainWindow, options: WindowOptions) -> None:
    """Let the person in: the one that was asked for, or the only one when there is no PIN; else
    show who there is. Decks are read first when nothing is known of them, else afterwards."""
    if window.library.decks():
        _enter(window, options)
        # When the first page has long been painted: most days nothing has changed.
        QTimer.singleShot(LOOK_FOR_CHANGES_MS, window, window.look_for_changes)
    else:
        window.read_library(lambda: _enter_and_look(window, options))


def _enter_and_look(window: MainWindow, options: WindowOptions) -> None:
    """The first start: packs on the share come after the decks that are here."""
    _enter(window, options)
    QTimer.singleShot(LOOK_FOR_CHANGES_MS, window, window.look_for_changes)


def _enter(window: MainWindow, options: WindowOptions) -> None:
    if options.page == EXAM_PAGE:
        window.show_sign_in()
        window.open_exam_room()
        return
    people = window.people.all()
    wanted = [each for each in people if options.learner in {each.learner_id, each.name}]
    if not options.learner and len(people) == 1:
        wanted = list(people)
    if wanted and not wanted[0].has_pin:
        try:
            learner = window.people.open(wanted[0].learner_id)
        except TrainerError as error:
            window.show_sign_in()
            window.say(error)
        else:
            window.sign_in(wanted[0], learner, options.page or "today")
    else:
        window.show_sign_in()


class CrashReport:
    """Called with a mistake of ours: writes it down, says that nothing is lost, goes on."""

    def __init__(self, data: Path, window: MainWindow) -> None:
        self._folder = data / "reports"
        self._window = window
        self._showing = False

    def __call__(
        self,
        kind: type[BaseException],
        mistake: BaseException,
        trace: TracebackType | None,
    ) -> None:
        text = "".join(traceback.format_exception(kind, mistake, trace))
        sys.__excepthook__(kind, mistake, trace)
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        path = self._write(text)
        if not self._showing:
            self._showing = True
            self._show(path, text)

    def _write(self, text: str) -> str:
        """Where the report is kept; "" when the disk does not take it."""
        head = f"Platform Rules Trainer {__version__}\nPython {sys.version}\n{sys.platform}\n\n"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            number = 1 + sum(1 for _ in self._folder.glob("report-*.txt"))
            path = self._folder / f"report-{number}.txt"
            path.write_text(head + text, encoding="utf-8")
        except OSError:
            return ""
        return str(path)

    def _show(self, path: str, text: str) -> None:
        from trainer.desktop.dialogs import Dialog
        from trainer.desktop.text import Text

        look, messages = self._window.look, self._window.messages
        dialog = Dialog(
            look,
            messages("crash.title"),
            messages("crash.text"),
            icon="triangle-alert",
            parent=self._window,
        )
        if path:
            where = messages("crash.report", path=path)
            dialog.body.addWidget(Text(look, where, "control", tone="ink_soft"))
        dialog.add_button(messages("crash.copy"), lambda: QApplication.clipboard().setText(text))
        dialog.add_button(messages("crash.go-on"), dialog.accept, variant="primary", key="Return")
        dialog.finished.connect(self._closed)
        dialog.open()

    def _closed(self) -> None:
        self._showing = False
