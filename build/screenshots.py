"""Pictures of every page: a demo learner, the shipped decks, both languages, the themes.

python build/screenshots.py [FOLDER] [--only PLACE …] [--themes light dark …] [--scale 100 …]

FOLDER is docs/images when it is not given. The learner's history is made by studying the shipped
decks with a clock of our own, so the pictures are the same at every run.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from exam_scenes import ExamScenes  # noqa: E402
from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer  # noqa: E402 - after the platform is chosen
from PySide6.QtGui import QPainter, QPixmap  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QDialog, QWidget  # noqa: E402

from trainer.bootstrap import Places, find_places, open_library  # noqa: E402
from trainer.cards.grading import grade  # noqa: E402
from trainer.cards.model import Choice, TrueFalse  # noqa: E402
from trainer.cards.response import Chosen, Judged, Response, SelfGraded  # noqa: E402
from trainer.cards.showing import show  # noqa: E402
from trainer.decks.addresses import Address  # noqa: E402
from trainer.desktop.application import WindowOptions, make_application, make_window  # noqa: E402
from trainer.desktop.cases_screen import CasesScreen  # noqa: E402
from trainer.desktop.editor.decks_page import DecksPage  # noqa: E402
from trainer.desktop.main_window import PLACES, MainWindow  # noqa: E402
from trainer.desktop.shop_screen import ShopScreen  # noqa: E402
from trainer.desktop.teachers_desk import TeachersDesk  # noqa: E402
from trainer.foundation.chance import Chance  # noqa: E402
from trainer.foundation.clock import FixedClock  # noqa: E402
from trainer.foundation.settings import (  # noqa: E402
    CARD_LANGUAGE,
    INTERFACE_LANGUAGE,
    NEW_CARDS_A_DAY,
    REDUCED_MOTION,
    SCALE,
    TEACHES,
    THEME,
    Settings,
)
from trainer.presenters.cases import Phase, StepSheet  # noqa: E402
from trainer.presenters.shop_sheets import ShopPhase  # noqa: E402
from trainer.scheduling.rating import Rating  # noqa: E402
from trainer.services.author_key import make_key  # noqa: E402
from trainer.services.content_library import Library  # noqa: E402
from trainer.services.content_packs import make_pack  # noqa: E402
from trainer.services.sign_in import People  # noqa: E402
from trainer.services.study import Question, Selection, open_study  # noqa: E402

CHINA = timezone(timedelta(hours=8))
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=CHINA)
DAYS = 75
WIDTH, HEIGHT = 1366, 768
LANGUAGES = ("en", "zh_CN")
# Platforms, a product and a skill, so that every competence has something to show.
SUBJECTS = ("aliexpress", "amazon", "ebay", "power-bank", "logistics", "payments", "language")

EDITED = "platforms/aliexpress/points-and-penalties"
BANK = """题型,题目,A,B,C,答案,解析,难度,知识点,来源
单选题,包裹须在几天内发出？,3 天,5 天,7 天,B,见发货规则,易,发货,速卖通规则 (2026-10)
多选题,哪些属于违规？,出售假货,盗用图片,限时打折,AB,,中,发货,速卖通规则 (2026-10)
判断题,锂电池可以走普通邮政小包。,,,,错,,中,,
填空题,缺陷率低于____，迟发率低于____。,,,,1%；4%,,,,
论述题,如何写申诉信？,,,,说明原因、已采取的措施和今后的预防,,,,
单选题,漏填了答案的题,是,否,,,,,,
"""
CASE = "platforms/aliexpress/points-and-penalties#case-wrong-book"
HEALTH_CASE = "platforms/ebay/orders-dispatch#case-oversold"
SCORE_CASE = "platforms/amazon/account-health#case-yellow"
MONEY_CASE = "platforms/wish/orders-and-logistics#case-forty-orders"


def make_demo(places: Places) -> None:
    """Four people; the first has studied on most days of the last weeks."""
    clock = FixedClock(NOW - timedelta(days=DAYS))
    people = People(places.data, clock)
    first = people.create("李明", "teal")
    for name, colour, pin in (
        ("王芳", "rose", None),
        ("Chen Jing", "violet", "2468"),
        ("张伟", "amber", None),
    ):
        people.create(name, colour, pin)
    library = open_library(places, clock)
    library.refresh()
    chance = Chance("demo")
    for day in range(DAYS, -1, -1):
        clock_now = NOW - timedelta(days=day)
        if day and (chance.unit() > (0.25 if clock_now.weekday() >= 5 else 0.8)):
            continue
        # Today the learner has only begun.
        study_day(places, library, first.learner_id, clock_now, chance, 24 if day == 0 else 0)
    library.close()


def study_day(
    places: Places,
    library: Library,
    learner_id: str,
    start: datetime,
    chance: Chance,
    most: int,
) -> None:
    """One sitting: what waits, `most` answers or a number that differs from day to day."""
    clock = FixedClock(start - timedelta(minutes=25))
    learner = People(places.data, clock).open(learner_id)
    learner.settings[NEW_CARDS_A_DAY] = 8
    narrow = not most and chance.unit() < 0.4
    subject = SUBJECTS[chance.below(len(SUBJECTS))] if narrow else ""
    selection = Selection(subjects=(subject,)) if subject else Selection()
    session = open_study(learner, library, clock, selection, language="zh")
    for _ in range(most or 30 + chance.below(40)):
        question = session.question
        if question is None:
            break
        response, correct = answer_to(question, knows=chance.unit() < 0.86)
        if correct is None:
            rating = Rating.GOOD if chance.unit() < 0.85 else Rating.AGAIN
        else:
            rating = Rating.GOOD if correct else Rating.AGAIN
        if chance.unit() < 0.01:
            session.ask_teacher(on=True)
        taken = timedelta(seconds=6 + chance.below(24))
        clock.advance(taken)
        session.answer(
            rating, response, language=question.card.language, correct=correct, taken=taken
        )
    session.close()
    learner.close()


def answer_to(question: Question, *, knows: bool) -> tuple[Response, bool | None]:
    """The right answer, or a wrong one; kinds that are not clicked are graded by the learner."""
    body = question.card.body
    response: Response
    if isinstance(body, Choice):
        right = tuple(index for index, option in enumerate(body.options) if option.right)
        wrong = tuple(index for index, option in enumerate(body.options) if not option.right)
        response = Chosen(right if knows else wrong[:1])
    elif isinstance(body, TrueFalse):
        response = Judged(body.truth if knows else not body.truth)
    else:
        return SelfGraded(), None
    return response, grade(show(question.card, question.seed), response).correct


def settle(milliseconds: int = 120) -> None:
    """Let the window paint, and work in the background arrive."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def grab(window: QWidget) -> QPixmap:
    """The window with the dialog that is over it, if there is one."""
    picture = window.grab()
    painter = QPainter(picture)
    for dialog in window.findChildren(QDialog):
        if dialog.isVisible():
            painter.drawPixmap(dialog.pos() - window.pos(), dialog.grab())
    painter.end()
    return picture


def press(window: QWidget, name: str) -> None:
    """Click the control of that name, if it is there."""
    control = window.findChild(QWidget, name)
    click = getattr(control, "click", None)
    if click is not None:
        click()


def scenes(window: MainWindow) -> Iterator[tuple[str, Callable[[], None]]]:
    """The name of each picture, and what leads to it."""

    def people() -> None:
        window.show_sign_in()

    def newcomer() -> None:
        press(window, "add-person")

    def enter() -> None:
        person = window.people.all()[0]
        window.sign_in(person, window.people.open(person.learner_id))

    def study() -> None:
        window.study(Selection(subjects=("aliexpress",), kinds=("single-choice",)))

    def answer() -> None:
        for key in (Qt.Key.Key_1, Qt.Key.Key_Return):
            QTest.keyClick(window.focusWidget() or window, key)

    def case() -> None:
        window.go("cases")
        window.page("cases").play_case(CASE)

    def fall() -> None:
        QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_B)

    yield "sign-in", people
    yield "newcomer", newcomer
    yield "today", enter
    yield "study", study
    yield "study-answer", answer
    for entry in PLACES:
        if entry.place not in {"today", "study"} and not entry.under:
            yield entry.place, partial(window.go, entry.place)
    yield from editor_scenes(window)
    yield "case", case
    yield "case-fall", fall
    yield from case_scenes(window)
    yield from shop_scenes(window)
    yield from family_scenes(window)
    yield from teaching(window)
    yield "keys", window.show_keys


def case_scenes(window: MainWindow) -> Iterator[tuple[str, Callable[[], None]]]:
    """A case with days, money and metrics, its end with the map, and the list afterwards."""

    def page() -> CasesScreen:
        screen: CasesScreen = window.page("cases")
        return screen

    def listed() -> None:
        window.go("cases")
        while page()._presenter.phase is not Phase.CHOOSING:  # noqa: SLF001 - as below
            QTest.keyClick(page(), Qt.Key.Key_Escape)

    def play(case: str, targets: Sequence[str]) -> None:
        window.go("cases")
        listed()
        page().play_case(case)
        presenter = page()._presenter  # noqa: SLF001 - the pictures play the case
        presenter.try_again()
        for target in targets:
            lines = presenter.shown.lines if isinstance(presenter.shown, StepSheet) else ()
            place = next(n for n, line in enumerate(lines) if line.choice.target == target)
            presenter.choose(place)
            presenter.go_on()
        settle(50)

    def map_shown() -> None:
        card = page().debrief.map
        if card is None:
            return
        page().debrief.verticalScrollBar().setValue(
            card.mapTo(page().debrief.widget(), QPoint()).y() - 40
        )
        first = next(iter(card.board.boxes.values()))
        first.setFocus(Qt.FocusReason.TabFocusReason)

    yield "case-end", partial(play, CASE, ("two-books", "brushed"))
    yield "case-map", map_shown
    yield "case-health", partial(play, HEALTH_CASE, ("os-four", "os-good"))
    yield "case-score", partial(play, SCORE_CASE, ("deleted", "waiting"))
    yield "case-score-map", map_shown
    yield "case-money", partial(play, MONEY_CASE, ("tuesday",))
    yield "cases-done", listed


def editor_scenes(window: MainWindow) -> Iterator[tuple[str, Callable[[], None]]]:
    """The deck editor: a card beside its text, mistakes, both languages, what saving does."""
    window.settings[TEACHES] = True
    window.settings_changed()
    settle(200)
    desk: TeachersDesk = window.page("desk")
    decks: DecksPage = desk.page("decks")

    def show(words: str) -> None:
        lines = decks.text_of(address()).split("\n")
        line = next(at for at, one in enumerate(lines) if words in one)
        decks.source.go_to(line, middle=True)
        settle(400)

    def address() -> Address:
        return Address(EDITED, "zh" if window.messages.language.startswith("zh") else "en")

    def write(old: str, new: str) -> None:
        decks.change_text(address(), decks.text_of(address()).replace(old, new, 1))
        settle(400)

    def opened() -> None:
        window.go("desk")
        desk.open("decks")
        decks.presenter.open(EDITED, address().language)
        settle(500)
        show("#six-and-six")

    def mistakes() -> None:
        write("= 4 ", "= four ")
        show("#record-count")

    def languages() -> None:
        write("= four ", "= 5 ")
        if not decks.panes.shows("translation"):
            decks.panes.toggle("translation")
        show("#rolling")
        show("#record-count")

    def new() -> None:
        close_dialogs(window)
        write("= 5 ", "= 4 ")
        decks.panes.toggle("preview")
        decks.new_deck()

    def rule() -> None:
        close_dialogs(window)
        show("#rolling")

    yield "editor", opened
    yield "editor-mistake", mistakes
    yield "editor-languages", languages
    yield "editor-effects", decks.show_effects
    yield "editor-new", new
    yield "editor-rule", rule
    decks.source.document().setModified(False)
    window.settings[TEACHES] = False
    window.settings_changed()
    settle(200)


def close_dialogs(window: MainWindow) -> None:
    # Asked of the window: Qt's list of all windows may hold some that are on their way out.
    dialogs = window.findChildren(QDialog)
    for dialog in dialogs:
        dialog.close()
    settle(50)


def teaching(window: MainWindow) -> Iterator[tuple[str, Callable[[], None]]]:
    """The other parts of the teacher's desk, as whoever teaches sees them."""
    window.settings[TEACHES] = True
    window.settings_changed()
    settle(200)
    yield from exchange_scenes(window)
    yield from ExamScenes(window, settle).scenes()
    window.settings[TEACHES] = False
    window.settings_changed()
    settle(200)


def exchange_scenes(window: MainWindow) -> Iterator[tuple[str, Callable[[], None]]]:
    """The teacher's desk: rules by age, a pack of somebody unknown, a question bank looked at."""
    scratch = Path(tempfile.mkdtemp(prefix="pictures-"))

    def part(name: str) -> QWidget:
        window.go("desk")
        desk = window.page("desk")
        page: QWidget = desk.open(name)
        settle(800)
        return page

    def pack() -> None:
        page = part("packs")
        path = scratch / "company.trpack"
        if not path.exists():
            key = make_key(scratch / "keys", "赵工，义乌贸易", lambda count: bytes(range(count)))
            make_pack(
                [ROOT / "content" / "products"],
                path,
                pack_id="company",
                title="义乌贸易：产品知识",
                now=NOW,
                signer=key,
            )
        page.take(path)  # type: ignore[attr-defined] # PacksPage has it
        settle(500)

    def bank() -> None:
        page = part("exchange")
        path = scratch / "bank.csv"
        path.write_text(BANK, encoding="utf-8")
        page.take(path)  # type: ignore[attr-defined] # ExchangePage has it
        settle(500)

    yield "desk-freshness", partial(part, "freshness")
    yield "desk-packs", partial(part, "packs")
    yield "desk-pack", pack
    yield "desk-exchange", partial(part, "exchange")
    yield "desk-import", bank


def shop_scenes(window: MainWindow) -> Iterator[tuple[str, Callable[[], None]]]:
    """A month on AliExpress: the desk, a matter, the goods, a shop that is lost."""

    def page() -> ShopScreen:
        screen: ShopScreen = window.page("shop")
        return screen

    def opened() -> None:
        window.go("shop")
        settle(1500)
        page().presenter.use_code("aliexpress.power-bank.30.alone.kmnp")

    def desk() -> None:
        window._put_toast_away()  # noqa: SLF001 - it told of the case before
        page().presenter.begin()
        for _ in range(4):
            page().presenter.next_day()

    def matter() -> None:
        page().presenter.open_matter(0)

    def goods() -> None:
        page().presenter.put_back()
        page().presenter.open_move("goods")

    def lost() -> None:
        presenter = page().presenter
        presenter.put_back()
        while presenter.phase is ShopPhase.DESK and presenter.session is not None:
            session = presenter.session
            for matter in session.state.matters:
                choices = session.event_of(matter).choices
                wrong = next((one for one in choices if not one.right), choices[0])
                if not session.why_not(matter.number, wrong.choice_id):
                    session.decide(matter.number, wrong.choice_id)
            presenter.next_day()

    def chart() -> None:
        drawn = page().end.chart
        if drawn is not None:
            drawn.setFocus(Qt.FocusReason.TabFocusReason)
            page().end.show_widget(drawn)

    def lower() -> None:
        bar = page().end.verticalScrollBar()
        bar.setValue(bar.maximum() // 2)

    yield "shop-setup", opened
    yield "shop-desk", desk
    yield "shop-matter", matter
    yield "shop-goods", goods
    yield "shop-end", lost
    yield "shop-chart", chart
    yield "shop-decisions", lower
    yield from contest_scenes(window)


def contest_scenes(window: MainWindow) -> Iterator[tuple[str, Callable[[], None]]]:
    """The month that was lost once more, a ranking of both, and a team's desk."""

    def page() -> ShopScreen:
        screen: ShopScreen = window.page("shop")
        return screen

    def ranked() -> None:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            page().save_result(folder / "li.json")
            presenter = page().presenter
            presenter.play_again()
            while presenter.phase is ShopPhase.DESK:
                presenter.next_day()
            page().save_result(folder / "wang.json")
            presenter.leave()
            page().rank_folder(folder)
            settle(3000)

    def team() -> None:
        QTest.keyClick(page(), Qt.Key.Key_Escape)
        page().presenter.use_code("ebay.led-lighting.30.team.kmnp")
        page().presenter.begin()
        for _ in range(6):
            page().presenter.next_day()

    yield "shop-ranking", ranked
    yield "shop-team", team


def family_scenes(window: MainWindow) -> Iterator[tuple[str, Callable[[], None]]]:
    """Questions that penalty tables ask by themselves: a number, a day, a choice, a platform."""
    record = "platforms/aliexpress/points-and-penalties#ip"
    asked = {
        "family-points": (f"{record}.family-points", "7"),
        "family-clean": (f"{record}.family-clean", "2026-03-10"),
        "family-consequence": (f"{record}.family-consequence", ""),
        "family-metric": ("platforms/amazon/metrics#metrics.family-metric", ""),
        "which-platform": ("platforms/ebay/money#payouts.which-payout", ""),
    }

    def ask(card_id: str) -> None:
        window.study(Selection(cards=(card_id,)))

    def answer(typed: str) -> None:
        focused = window.focusWidget() or window
        if typed:
            QTest.keyClicks(focused, typed)
        else:
            QTest.keyClick(focused, Qt.Key.Key_1)
        QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Return)

    for name, (card_id, typed) in asked.items():
        yield name, partial(ask, card_id)
        yield f"{name}-answer", partial(answer, typed)


def take(
    folder: Path, places: Places, language: str, theme: str, scale: int, only: list[str]
) -> int:
    """All pictures of one language, theme and scale; how many there are."""
    clock = FixedClock(NOW)
    window = make_window(places, clock, WindowOptions())
    settings: Settings = window.settings
    settings[INTERFACE_LANGUAGE] = language
    settings[CARD_LANGUAGE] = ""
    settings[THEME] = theme
    settings[SCALE] = scale
    settings[REDUCED_MOTION] = "on"
    window.refresh_look()
    window.resize(WIDTH, HEIGHT)
    window.show()
    taken = 0
    for name, lead in scenes(window):
        lead()
        settle(400 if name in {"cases", "progress", "today"} else 150)
        if only and name not in only:
            continue
        parts = [name, language.partition("_")[0], theme]
        if scale != 100:
            parts.append(str(scale))
        shown = window._exam_room or window  # noqa: SLF001 - a candidate's window is in its place
        grab(shown).save(str(folder / f"{'-'.join(parts)}.png"))
        taken += 1
    # Asked of the window: Qt's list of all windows may hold some that are on their way out.
    dialogs = window.findChildren(QDialog)
    for dialog in dialogs:
        dialog.close()
    window.close()
    settle(50)
    return taken


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "docs" / "images")
    parser.add_argument("--only", nargs="+", default=[], metavar="PICTURE")
    parser.add_argument("--languages", nargs="+", default=list(LANGUAGES))
    parser.add_argument("--themes", nargs="+", default=["light", "dark"])
    parser.add_argument("--scale", nargs="+", type=int, default=[100])
    parser.add_argument("--data", type=Path, help="keep the demo learner here, for the next time")
    wish = parser.parse_args()
    wish.folder.mkdir(parents=True, exist_ok=True)
    application = make_application()
    with tempfile.TemporaryDirectory() as temporary:
        places = find_places(wish.data or Path(temporary), None)
        if not (places.data / "learners").exists():
            make_demo(places)
        taken = 0
        for language in wish.languages:
            for theme in wish.themes:
                for scale in wish.scale:
                    taken += take(wish.folder, places, language, theme, scale, wish.only)
    print(f"{taken} pictures in {wish.folder}")
    application.quit()
    return 0


if __name__ == "__main__":
    sys.exit(main())
