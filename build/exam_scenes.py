"""Pictures of an exam: keys and plan, a candidate's seat, the receipt, the results of a class.

The exam is real: it is packed from the shipped decks, sat by a class, and collected.
"""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from nacl.utils import random as entropy
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLineEdit

from trainer import __version__
from trainer.bootstrap import Places, program_folder
from trainer.cards.model import Choice
from trainer.cards.response import Chosen
from trainer.desktop.exam.exam_window import ExamWindow
from trainer.desktop.exam.work_page import WorkPage
from trainer.desktop.exam_office.exams_page import ExamsPage
from trainer.desktop.exam_office.plan_page import PlanPage
from trainer.desktop.exam_office.results_page import ResultsPage
from trainer.desktop.main_window import MainWindow
from trainer.exams.blueprint import Blueprint, Cell, SectionPlan
from trainer.exams.key_file import Entrant, KeyFile, read_key_file
from trainer.exams.marking import KeyedCard
from trainer.exams.model import Answered, TimeRules
from trainer.exams.teacher_keys import TeacherKeys
from trainer.foundation.chance import Chance
from trainer.foundation.clock import SystemClock, milliseconds
from trainer.foundation.messages import Messages
from trainer.services.content_library import Library
from trainer.services.exam_collection import collect
from trainer.services.exam_office import default_rules, open_shelf, write_class
from trainer.services.exam_packing import Order, Packed, Press, pack
from trainer.services.exam_pool import ExamPool
from trainer.services.exam_room import ExamRoom
from trainer.services.exam_station import this_station

NAMES = ("王芳", "陈静", "张伟", "刘洋", "黄丽", "周强", "吴敏", "郑浩", "孙悦", "马超", "林霞")
SENTENCE = "a short sentence"
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Sat:
    """An exam that was packed and sat; the last candidate of the list has still to come."""

    keys: TeacherKeys
    packed: Packed
    file: KeyFile
    collected: Path
    class_list: Path


def sit_exam(places: Places, library: Library, messages: Messages) -> Sat:
    """Pack an exam for a small class, and let all but the last sit it."""
    folder = Path(tempfile.mkdtemp(prefix="exam-"))
    shelf = open_shelf(places.data, program_folder(), entropy)
    teacher = (
        shelf.open(SENTENCE)
        if shelf.key_path.exists()
        else shelf.make("李老师，外贸学院", SENTENCE)
    )
    entrants = tuple(
        Entrant(str(2601 + at), name, "外贸 2601", extra_percent=25 if at == 1 else 0)
        for at, name in enumerate(NAMES)
    )
    class_list = folder / "外贸2601.csv"
    write_class(entrants, class_list)
    now = milliseconds(SystemClock().now())
    title = (
        "平台规则期末考试" if messages.language.startswith("zh") else "Platform rules, final exam"
    )
    cells = (Cell(count=16, points="5", kinds=("single-choice",), subjects=("aliexpress",)),)
    order = Order(
        plan=Blueprint(title, (SectionPlan("", cells),), forms="named"),
        entrants=entrants,
        time=TimeRules("personal", 3600, 0, 0),
        valid_from=now - DAY_MS,
        valid_until=now + DAY_MS,
        seed="pictures",
        rules=dict.fromkeys(("zh", "en"), default_rules(messages)),
    )
    press = Press(dict.fromkeys(("zh", "en"), messages))
    packed = pack(
        order, ExamPool(library), teacher, folder, press, now, entropy, lambda _done, _of: None
    )
    file = read_key_file(packed.key_file.read_bytes(), teacher)
    chance = Chance("room")
    for entrant in file.entrants[:-1]:
        sit(places, packed, file, entrant, 0.35 + 0.6 * chance.unit(), chance)
    collected = folder / "collected"
    station = this_station(places.data, program_folder(), __version__, entropy)
    collect([station.root], collected)
    return Sat(teacher, packed, file, collected, class_list)


def sit(
    places: Places, packed: Packed, file: KeyFile, entrant: Entrant, skill: float, chance: Chance
) -> None:
    """One candidate from the package to the receipt."""
    room = ExamRoom(this_station(places.data, program_folder(), __version__, entropy))
    room.open(packed.package)
    room.unlock(file.passphrase)
    room.enter(entrant.number, entrant.ticket)
    attempt = room.attempt
    for placed in attempt.placed:
        attempt.show(placed.item_id).result()
        keyed = file.keyed()[placed.item_id].keyed
        if not isinstance(keyed, KeyedCard) or not isinstance(keyed.card.body, Choice):
            continue
        options = keyed.card.body.options
        right = [keyed.order.index(at) for at, one in enumerate(options) if one.right]
        wrong = [at for at in range(len(options)) if at not in right]
        given = right if chance.unit() < skill else wrong[:1]
        attempt.answer(Answered(placed.item_id, Chosen(tuple(given)))).result()
    attempt.finish("candidate")
    room.leave(wait=2)


class ExamScenes:
    """The teacher's pages, then the candidate's window in place of the program's."""

    def __init__(self, window: MainWindow, settle: Callable[[int], None]) -> None:
        self._window, self._settle = window, settle
        self._sat: Sat | None = None

    def scenes(self) -> Iterator[tuple[str, Callable[[], None]]]:
        yield "exams-keys", self.keys
        yield "exams-plan", self.plan
        yield "exams-results", self.results
        yield "exams-questions", self.questions
        yield "exam-open", self.room
        yield "exam-identify", self.identify
        yield "exam-words", self.words
        yield "exam-rules", self.rules
        yield "exam-work", self.work
        yield "exam-code", partial(self.press, Qt.Key.Key_F9)
        yield "exam-held", self.held
        yield "exam-receipt", self.receipt
        yield "exam-proctor", self.proctor
        yield "exams", self.out

    @property
    def sat(self) -> Sat:
        if self._sat is None:
            house = self._window._house  # noqa: SLF001 - the pictures hold the exam
            self._sat = sit_exam(house.places, house.library, self._window.messages)
        return self._sat

    def page(self) -> ExamsPage:
        self._window.go("desk")
        page: ExamsPage = self._window.page("desk").open("exams")
        return page

    @property
    def seat(self) -> ExamWindow:
        seat = self._window._exam_room  # noqa: SLF001 - as above
        if seat is None:
            raise LookupError
        return seat

    def press(self, key: Qt.Key, wait: int = 200) -> None:
        QTest.keyClick(self.seat.focusWidget() or self.seat, key)
        self._settle(wait)

    def fill(self, **texts: str) -> None:
        for field in self.seat.findChildren(QLineEdit):
            if field.objectName() in texts:
                field.setText(texts[field.objectName()])
        self.press(Qt.Key.Key_Return, 1500)

    def unfold(self) -> None:
        """As large as the other pictures, not as the screen."""
        self.seat.showNormal()
        self.seat.resize(self._window.size())
        self._settle(200)

    def keys(self) -> None:
        _ = self.sat
        self.page().show_keys()

    def plan(self) -> None:
        page = self.page()
        page.show_front()
        page.show_plan()
        self._settle(2500)
        if isinstance(page.page, PlanPage):
            page.page.take_class(self.sat.class_list)

    def results(self) -> None:
        page = self.page()
        page.open_results(self.sat.packed.key_file, self.sat.keys)
        self._settle(300)
        if isinstance(page.page, ResultsPage):
            page.page.collect([self.sat.collected])
        self._settle(2500)

    def questions(self) -> None:
        shown = self.page().page
        if isinstance(shown, ResultsPage):
            shown._side.choose("questions")  # noqa: SLF001 - as above
            shown.refresh()

    def room(self) -> None:
        self.page().show_front()
        self._window.open_exam_room()

    def identify(self) -> None:
        self.seat._entry.choose(self.sat.packed.package)  # noqa: SLF001 - as above
        self._settle(300)

    def words(self) -> None:
        last = self.sat.file.entrants[-1]
        self.fill(number=last.number, ticket=last.ticket)

    def rules(self) -> None:
        self.fill(words=self.sat.file.passphrase)

    def work(self) -> None:
        self.press(Qt.Key.Key_Return, 800)
        self.unfold()
        for _ in range(5):
            self.press(Qt.Key.Key_2)
            self.press(Qt.Key.Key_Return)
        self.press(Qt.Key.Key_1, 400)

    def held(self) -> None:
        for dialog in self.seat.findChildren(QDialog):
            dialog.reject()
        self.seat.show_held("exam.held-away")
        self._settle(200)

    def receipt(self) -> None:
        self.seat.show_running()
        if isinstance(self.seat.part, WorkPage):
            self.seat._finish()  # noqa: SLF001 - as above
        self._settle(600)
        self.unfold()

    def proctor(self) -> None:
        self.seat.close()
        self._settle(300)
        self._window.open_exam_room()
        self.seat._show_proctor()  # noqa: SLF001 - as above
        self._settle(200)
        self.press(Qt.Key.Key_1, 1500)

    def out(self) -> None:
        self.seat.close()
        self._settle(300)
        self.page().show_front()
