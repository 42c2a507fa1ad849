"""Playing a month as a learner: saved move by move, gone on with, taken back, looked back on."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.penalties.shop.robots import careful, play, reckless
from trainer.foundation.clock import FixedClock
from trainer.penalties.shop.simulation import MoveRefusedError
from trainer.penalties.shop.state import Decide, NextDay, Setup, encoded
from trainer.services.content_library import Library
from trainer.services.shop import ShopSession, ShopWorlds
from trainer.services.shop_contest import (
    contest_code,
    rank,
    read_result,
    result_files,
    setup_of_code,
    write_result,
)
from trainer.services.shop_records import ShopRecords
from trainer.storage.learners import LearnerFile, create_learner, open_learner
from trainer.storage.marks import Marks

CONTENT = Path(__file__).resolve().parents[2] / "content"
SETUP = Setup("aliexpress", "power-bank", 30, "kwtz")


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """AliExpress and the shop, as shipped."""
    folder = tmp_path_factory.mktemp("content")
    shutil.copytree(CONTENT / "platforms" / "aliexpress", folder / "platforms" / "aliexpress")
    shutil.copytree(CONTENT / "shop", folder / "shop")
    return folder


@pytest.fixture(scope="module")
def library(content: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    library = Library(content, tmp_path_factory.mktemp("cache") / "library.sqlite")
    library.refresh()
    with closing(library):
        yield library


@pytest.fixture(scope="module")
def worlds(library: Library) -> ShopWorlds:
    return ShopWorlds(library, "en")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 12, 1, 9, tzinfo=timezone(timedelta(hours=8))))


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[LearnerFile]:
    learner = create_learner(tmp_path / "li", {"name": "李华"})
    yield learner
    learner.close()


def played(session: ShopSession, records: ShopRecords, month: str, days: int) -> None:
    """Decide everything rightly, for so many days."""
    for _ in range(days):
        for matter in session.state.matters:
            event = session.event_of(matter)
            right = next(one for one in event.choices if one.right)
            if not session.why_not(matter.number, right.choice_id):
                session.decide(matter.number, right.choice_id)
                records.keep(month, session)
        session.next_day()
        records.keep(month, session)


def test_only_what_can_be_played_is_offered(worlds: ShopWorlds) -> None:
    assert [one.platform_id for one in worlds.platforms()] == ["aliexpress"]
    assert len(worlds.products()) == 10


def test_a_month_is_gone_on_with_where_it_was_left(
    worlds: ShopWorlds, learner: LearnerFile, clock: FixedClock
) -> None:
    records = ShopRecords(learner, clock)
    session = worlds.open(SETUP)
    month, _ = records.begin(session)
    played(session, records, month, 5)

    again = ShopRecords(learner, clock)
    (entry,) = again.months()
    assert (entry.month_id, entry.setup, entry.day, entry.grade) == (month, SETUP, 6, None)
    found = again.open(month, worlds)

    assert found is not None
    assert not found.changed
    assert encoded(found.session.state) == encoded(session.state)
    assert found.session.moves == session.moves


def test_a_move_taken_back_stays_taken_back(
    worlds: ShopWorlds, learner: LearnerFile, clock: FixedClock
) -> None:
    records = ShopRecords(learner, clock)
    session = worlds.open(SETUP)
    month, _ = records.begin(session)
    morning = session.state
    matter = morning.matters[0]
    session.decide(matter.number, session.event_of(matter).choices[0].choice_id)
    records.keep(month, session)
    assert session.take_back() is not None
    records.keep_taken_back(month)

    assert session.state == morning
    found = records.open(month, worlds)
    assert found is not None
    assert found.session.state == morning


def test_a_night_and_a_contest_cannot_be_taken_back(worlds: ShopWorlds) -> None:
    session = worlds.open(SETUP)
    session.next_day()
    assert session.take_back() is None

    contest = ShopSession(session.game, contest="aliexpress.power-bank.30.alone.kwtz")
    matter = contest.state.matters[0]
    contest.decide(matter.number, contest.event_of(matter).choices[0].choice_id)
    assert not contest.can_take_back


def test_a_month_that_was_left_is_gone(
    worlds: ShopWorlds, learner: LearnerFile, clock: FixedClock
) -> None:
    records = ShopRecords(learner, clock)
    month, _ = records.begin(worlds.open(SETUP))
    records.leave(month)

    assert records.months() == []


def test_a_month_survives_the_program(
    tmp_path: Path, worlds: ShopWorlds, clock: FixedClock
) -> None:
    """The file as it is on the disk, copied while the program runs."""
    learner = create_learner(tmp_path / "li", {"name": "李华"})
    records = ShopRecords(learner, clock)
    session = worlds.open(SETUP)
    month, begun = records.begin(session)
    begun.result()
    session.next_day()
    records.keep(month, session).result()
    shutil.copytree(tmp_path / "li", tmp_path / "stick" / "li")
    learner.close()

    with closing(open_learner(tmp_path / "stick" / "li", clock.now())) as copy:
        found = ShopRecords(copy, clock).open(month, worlds)
        assert found is not None
        assert encoded(found.session.state) == encoded(session.state)


def test_when_the_events_change_the_month_goes_on_from_its_last_night(
    tmp_path: Path, content: Path, worlds: ShopWorlds, learner: LearnerFile, clock: FixedClock
) -> None:
    records = ShopRecords(learner, clock)
    session = worlds.open(SETUP)
    month, _ = records.begin(session)
    played(session, records, month, 4)
    changed = tmp_path / "content"
    shutil.copytree(content, changed)
    for name in ("temptations.md", "temptations.zh.md"):
        (changed / "shop" / name).unlink()
    library = Library(changed, tmp_path / "other.sqlite")
    library.refresh()

    with closing(library):
        found = records.open(month, ShopWorlds(library, "en"))

    assert found is not None
    assert found.changed
    assert found.session.state.day == session.state.day
    assert found.session.state.cash == session.state.cash
    found.session.next_day()


# Looking back


def test_a_lost_shop_sees_exactly_why(worlds: ShopWorlds) -> None:
    for seed in "abcdefghij":
        game = worlds.game(Setup("aliexpress", "power-bank", 30, seed))
        state, moves = play(game, reckless, seed)
        session = ShopSession(game, worlds.decks("aliexpress"))
        for move in moves:
            session.move(move)
        if state.closed_on:
            break
    told = session.debrief()

    assert told.closed_on == state.closed_on > 0
    chain = [one for one in session.told() if any(step.kind == "closed" for step in one.steps)]
    assert chain
    last = chain[0]
    assert last.row.violation_id == told.closed_by
    of_track = [one for one in session.told() if one.track == last.track]
    assert sum(one.points for one in of_track[: of_track.index(last) + 1]) == last.total
    blamed = [one for one in told.decisions if one.told]
    assert {len(one.told) for one in blamed} >= {1}
    for decision in blamed:
        assert not decision.right
        assert decision.reason or not decision.choice_id
        assert all(one.day >= decision.day for one in decision.told)
    assert set(told.broken_rules) >= {one.row.rule_id for one in session.told()}


def test_the_cards_of_broken_rules_join_the_queue(
    worlds: ShopWorlds, learner: LearnerFile, clock: FixedClock
) -> None:
    game = worlds.game(SETUP)
    _, moves = play(game, reckless, "1")
    session = ShopSession(game, worlds.decks("aliexpress"))
    for move in moves:
        session.move(move)
    told = session.debrief()
    records = ShopRecords(learner, clock)

    assert 0 < len(told.soon) <= 12
    records.ask_soon(told.soon).result()

    with closing(learner.connect()) as connection:
        rows = connection.execute("select card_id from mark where kind = 'soon'").fetchall()
        assert Marks(connection).all() is not None
    assert [row[0] for row in rows] == list(told.soon)
    assert len({card.rpartition("#")[0] for card in told.soon}) >= 2


def test_a_careful_month_breaks_nothing_and_asks_for_nothing(worlds: ShopWorlds) -> None:
    game = worlds.game(SETUP)
    _, moves = play(game, careful, "1")
    session = ShopSession(game, worlds.decks("aliexpress"))
    for move in moves:
        session.move(move)
    told = session.debrief()

    assert told.result.grade == 0
    assert (told.broken_rules, told.cards) == ((), ())
    assert told.met_rules
    assert not session.told()


# Contests


def finished(worlds: ShopWorlds, player: str = "careful", setup: Setup = SETUP) -> ShopSession:
    game = worlds.game(setup)
    robot = careful if player == "careful" else reckless
    _, moves = play(game, robot, player)
    session = ShopSession(game)
    for move in moves:
        session.move(move)
    return session


@pytest.mark.parametrize(
    "text",
    [
        "aliexpress.power-bank.30.alone.kwtz",
        " AliExpress.Power-Bank.30.Alone.KWTZ ",
        "ａｌｉｅｘｐｒｅｓｓ．power-bank。30.alone.kwtz",
    ],
)
def test_a_code_names_the_month(text: str) -> None:
    assert setup_of_code(text) == SETUP
    assert contest_code(SETUP) == "aliexpress.power-bank.30.alone.kwtz"


@pytest.mark.parametrize(
    "text", ["", "kwtz", "aliexpress.power-bank.31.alone.kwtz", "a.b.30.both.c", "a.b.30.alone."]
)
def test_what_is_no_code(text: str) -> None:
    assert setup_of_code(text) is None


def test_results_are_ranked_rules_before_money(tmp_path: Path, worlds: ShopWorlds) -> None:
    write_result(tmp_path / "a.json", finished(worlds, "reckless"), "王芳")
    write_result(tmp_path / "b.json", finished(worlds), "李华")
    idle = worlds.open(SETUP)
    while not idle.state.finished:
        idle.next_day()
    write_result(tmp_path / "c.json", idle, "张伟")

    ranking = rank(result_files([tmp_path]), worlds)

    (contest,) = ranking.contests
    assert contest.code == contest_code(SETUP)
    assert [line.place for line in contest.lines] == [1, 2, 3]
    assert contest.lines[0].player == "李华"
    ranks = [line.result.rank for line in contest.lines if line.result]
    assert ranks == sorted(ranks)


def test_a_result_that_was_not_played_does_not_count(tmp_path: Path, worlds: ShopWorlds) -> None:
    path = tmp_path / "a.json"
    write_result(path, finished(worlds), "李华")
    honest = path.read_text(encoding="utf-8")
    profit = read_result(path)
    assert profit is not None
    forged = {
        "richer.json": honest.replace(f'"profit": {profit.profit}', '"profit": 99999999'),
        "skipped.json": honest.replace('"matter": 2', '"matter": 77'),
        "other.json": honest.replace(f'"digest": "{profit.digest}"', '"digest": "00"'),
        "copied.json": honest.replace("李华", "王芳"),
        "broken.json": honest[:200],
        "empty.json": "",
    }
    for name, text in forged.items():
        assert text != honest
        (tmp_path / name).write_text(text, encoding="utf-8")
    short = worlds.open(SETUP)
    short.next_day()
    with pytest.raises(Exception, match=r"shop\.not-finished"):
        write_result(tmp_path / "short.json", short, "x")

    ranking = rank(result_files([tmp_path]), worlds)

    verdicts = {
        line.path.name: line.verdict for contest in ranking.contests for line in contest.lines
    }
    # The same player's same moves count once, whatever figures stand beside them.
    assert verdicts == {"a.json": "good", "skipped.json": "not-true", "copied.json": "same-as"}
    assert {line.path.name for line in ranking.unreadable} == {"broken.json", "empty.json"}


def test_each_forged_figure_alone_is_found(tmp_path: Path, worlds: ShopWorlds) -> None:
    path = tmp_path / "a.json"
    write_result(path, finished(worlds), "李华")
    honest = read_result(path)
    assert honest is not None
    text = path.read_text(encoding="utf-8")
    cases = {
        "not-true": text.replace(f'"profit": {honest.profit}', '"profit": 99999999'),
        "other-rules": text.replace(honest.digest, "0" * 16),
    }
    for verdict, forged in cases.items():
        path.write_text(forged, encoding="utf-8")
        (contest,) = rank([path], worlds).contests
        assert [line.verdict for line in contest.lines] == [verdict]


def test_a_month_in_two_languages_has_one_digest(library: Library, worlds: ShopWorlds) -> None:
    chinese = ShopWorlds(library, "zh")

    assert chinese.open(SETUP).digest == worlds.open(SETUP).digest
    titles = [one.title for one in chinese.platforms()]
    assert titles == ["速卖通"]


def test_a_refused_move_leaves_nothing_behind(worlds: ShopWorlds) -> None:
    session = worlds.open(SETUP)
    with pytest.raises(MoveRefusedError):
        session.move(Decide(99, "a"))

    assert session.moves == []
    session.move(NextDay())
