"""The shop's behaviour without a screen."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from trainer.foundation.clock import FixedClock
from trainer.foundation.errors import TrainerError
from trainer.foundation.messages import load_messages
from trainer.penalties.shop.world import ROLES
from trainer.presenters.shop import ShopPresenter
from trainer.presenters.shop_sheets import (
    DeskSheet,
    MonthEndSheet,
    OptionsSheet,
    SetupSheet,
    ShopPhase,
)
from trainer.services.content_library import Library
from trainer.services.shop import ShopWorlds
from trainer.services.shop_records import ShopRecords
from trainer.services.study import Selection
from trainer.storage.learners import LearnerFile, create_learner

ROOT = Path(__file__).resolve().parents[2]
CODE = "aliexpress.power-bank.30.alone.kmnp"


@dataclass
class View:
    """Keeps what it was given last."""

    setup: SetupSheet | None = None
    desk: DeskSheet | None = None
    options: OptionsSheet | None = None
    end: MonthEndSheet | None = None
    refused: list[str] = field(default_factory=list)
    changed: int = 0

    def show_setup(self, sheet: SetupSheet) -> None:
        self.setup = sheet

    def show_desk(self, sheet: DeskSheet) -> None:
        self.desk = sheet

    def show_options(self, sheet: OptionsSheet) -> None:
        self.options = sheet

    def show_month_end(self, sheet: MonthEndSheet) -> None:
        self.end = sheet

    def say_refused(self, error: TrainerError) -> None:
        self.refused.append(error.code)

    def say_changed(self) -> None:
        self.changed += 1


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShopWorlds]:
    folder = tmp_path_factory.mktemp("shop")
    for part in ("platforms/aliexpress", "shop"):
        shutil.copytree(ROOT / "content" / part, folder / "content" / part)
    library = Library(folder / "content", folder / "library.sqlite")
    library.refresh()
    with closing(library):
        yield ShopWorlds(library, "en")


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[LearnerFile]:
    learner = create_learner(tmp_path / "li", {"name": "李华"})
    yield learner
    learner.close()


@dataclass
class Play:
    view: View
    presenter: ShopPresenter
    studied: list[Selection]

    @property
    def desk(self) -> DeskSheet:
        assert self.view.desk is not None
        return self.view.desk

    @property
    def options(self) -> OptionsSheet:
        assert self.view.options is not None
        return self.view.options


def phase(play: Play) -> ShopPhase:
    return play.presenter.phase


@pytest.fixture
def play(worlds: ShopWorlds, learner: LearnerFile) -> Play:
    clock = FixedClock(datetime(2026, 12, 1, 9, tzinfo=timezone(timedelta(hours=8))))
    view = View()
    studied: list[Selection] = []
    presenter = ShopPresenter(
        view,
        load_messages(ROOT / "assets" / "translations", "en"),
        records=ShopRecords(learner, clock),
        rule=worlds._library.rule,
        study=studied.append,
    )
    presenter.use_worlds(worlds)
    assert presenter.use_code(CODE)
    return Play(view, presenter, studied)


def test_a_month_is_set_up_and_begun(play: Play) -> None:
    play.presenter.choose(product="down-jacket", days=7, mode="team")
    sheet = play.view.setup
    assert sheet is not None
    assert (sheet.setup.product, sheet.setup.days, sheet.setup.mode) == ("down-jacket", 7, "team")
    assert sheet.code == "aliexpress.down-jacket.7.team.kmnp"

    play.presenter.begin()

    assert phase(play) is ShopPhase.DESK
    assert (play.desk.day, play.desk.product) == (1, "Down jacket")
    assert not play.desk.contest


def test_what_is_no_code_changes_nothing(play: Play) -> None:
    before = play.view.setup
    for text in ("", "wish.power-bank.30.alone.kmnp", "aliexpress.tractor.30.alone.kmnp"):
        assert not play.presenter.use_code(text)
    assert play.view.setup == before


def test_another_month_has_another_seed(play: Play) -> None:
    before = play.view.setup
    play.presenter.other_seed()
    after = play.view.setup
    assert before is not None
    assert after is not None
    assert before.setup.seed != after.setup.seed


def test_a_matter_is_opened_left_and_decided(play: Play) -> None:
    play.presenter.begin()
    assert play.desk.matters
    play.presenter.open_matter(0)
    assert phase(play) is ShopPhase.DECIDING
    assert "{" not in play.options.text + play.options.title
    play.presenter.put_back()
    waiting, minutes = len(play.desk.matters), play.desk.minutes

    play.presenter.open_matter(0)
    option = play.options.options[0]
    play.presenter.take(0)

    assert phase(play) is ShopPhase.DESK
    assert len(play.desk.matters) == waiting - 1
    assert play.desk.minutes == minutes - option.minutes


def test_a_decision_of_the_day_is_taken_back_and_a_night_is_not(play: Play) -> None:
    play.presenter.begin()
    morning = play.desk
    play.presenter.open_matter(0)
    play.presenter.take(0)
    assert play.desk.can_take_back
    play.presenter.take_back()
    assert play.desk == morning

    play.presenter.next_day()
    assert not play.desk.can_take_back


def test_moves_of_the_day(play: Play) -> None:
    play.presenter.begin()
    for kind, moved in (("price", "price"), ("goods", "coming"), ("way", "way")):
        before = getattr(play.desk, moved)
        play.presenter.open_move(kind)
        assert play.options.kind == kind
        play.presenter.take(0)
        assert getattr(play.desk, moved) != before
    assert play.view.refused == []


def test_what_cannot_be_paid_says_why(play: Play) -> None:
    play.presenter.begin()
    while play.view.refused == []:
        play.presenter.open_move("goods")
        last = len(play.options.options) - 1
        if play.options.options[last].why_not:
            assert play.options.options[last].why_not == "shop.refused-no-money"
        play.presenter.take(last)
    assert play.view.refused == ["shop.refused-no-money"]
    assert phase(play) is ShopPhase.DECIDING


def test_the_night_is_told(play: Play) -> None:
    play.presenter.begin()
    play.presenter.next_day()
    play.presenter.next_day()
    codes = [line.code for line in play.desk.night]

    assert "shop.night.sent" in codes
    assert codes[-1] == "shop.night.orders"
    assert any(code.startswith("shop.night.passed") for code in codes)


def test_the_days_so_far_are_told_without_judging(play: Play) -> None:
    play.presenter.begin()
    title = play.desk.matters[0].title
    play.presenter.open_matter(0)
    play.presenter.take(0)
    play.presenter.next_day()
    play.presenter.next_day()

    assert [past.figures.day for past in play.desk.past] == [1, 2]
    assert play.desk.past[0].decided == (title,)


def test_in_a_team_the_desk_is_handed_over(play: Play) -> None:
    play.presenter.choose(mode="team")
    play.presenter.begin()
    turns = []
    for _ in ROLES:
        turns.append(play.desk.turn)
        for line in play.desk.matters:
            assert line.mine == (line.role == play.desk.turn)
        play.presenter.hand_over()
    assert sorted(filter(None, turns)) == sorted(ROLES)
    assert play.desk.turn == turns[0]
    assert any(line.mine for line in play.desk.matters)


def test_a_month_is_left_and_gone_on_with(play: Play) -> None:
    play.presenter.begin()
    play.presenter.next_day()
    day = play.desk
    play.presenter.leave()
    sheet = play.view.setup
    assert sheet is not None
    (entry,) = sheet.going
    assert (entry.day, entry.setup.product) == (2, "power-bank")

    assert play.presenter.go_on(entry.month_id)
    assert (play.desk.day, play.desk.cash, play.desk.matters) == (day.day, day.cash, day.matters)
    play.presenter.leave()
    play.presenter.drop(entry.month_id)
    sheet = play.view.setup
    assert sheet is not None
    assert sheet.going == ()


def test_a_month_to_its_end_and_once_more(play: Play) -> None:
    play.presenter.choose(days=7)
    play.presenter.begin()
    first = play.desk
    while phase(play) is ShopPhase.DESK:
        play.presenter.next_day()
    end = play.view.end
    assert end is not None
    assert len(end.figures) == end.debrief.result.days
    play.presenter.study()
    assert [one.cards for one in play.studied] == ([end.debrief.cards] if end.debrief.cards else [])

    play.presenter.play_again()
    assert play.desk == first


def test_the_same_month_is_the_same_after_a_change_of_look(play: Play, worlds: ShopWorlds) -> None:
    play.presenter.begin()
    play.presenter.next_day()
    view = View()
    other = ShopPresenter(
        view,
        load_messages(ROOT / "assets" / "translations", "zh_CN"),
        records=play.presenter._records,
        rule=worlds._library.rule,
        study=play.studied.append,
    )
    other.take_over(play.presenter)
    assert view.desk == play.desk
