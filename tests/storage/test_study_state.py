"""The caches over the log: whatever happens to the log, they say what it comes to."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.cards.response import (
    Chosen,
    Entered,
    GaveUp,
    Judged,
    Matched,
    Ordered,
    Response,
    SelfGraded,
    to_text,
)
from trainer.foundation.errors import Cancelled
from trainer.scheduling.days import DAY, MINUTE
from trainer.scheduling.memory import Parameters, Scheduler
from trainer.storage.learners import LearnerFile, create_learner
from trainer.storage.marks import Mark, MarkKind, Marks
from trainer.storage.review_log import Review, ReviewLog, statement, undo_of
from trainer.storage.study_state import (
    CardRow,
    DayKey,
    Names,
    StudyState,
    answer_statements,
    in_turn,
    kind_in,
    subject_of,
)

START = 1_793_592_000_000
CARDS = [f"platforms/{subject}/x#c{n}" for subject in ("amazon", "ebay") for n in range(3)]
RESPONSES: list[Response] = [
    SelfGraded(),
    Chosen((1,)),
    Judged(truth=True),
    Entered('"type":"x"'),
    Ordered((1, 0)),
    Matched((0, 1)),
    GaveUp(),
]


def a_review(number: int, at: int, card: str, rating: int, **rest: Any) -> Review:
    return Review(
        review_id=f"{number:032x}",
        learner_id="li",
        card_id=card,
        language="en",
        answered_at=at,
        zone=rest.pop("zone", "+08:00"),
        rating=rating,
        response=to_text(rest.pop("response", SelfGraded())),
        correct=rest.pop("correct", None),
        taken_ms=rest.pop("taken_ms", 4000),
        question_digest="q" * 16,
        answer_digest=rest.pop("answer_digest", "a" * 16),
        scheduler="fsrs",
        device="pc",
        **rest,
    )


def caches(connection: sqlite3.Connection) -> tuple[list[Any], list[Any]]:
    return (
        connection.execute("select * from card_state order by card_id").fetchall(),
        connection.execute("select * from review_day order by day, subject, kind").fetchall(),
    )


def up_to_date(file: LearnerFile, parameters: Parameters | None = None) -> Any:
    StudyState(file.connection, Scheduler(parameters)).bring_up_to_date()
    return caches(file.connection)


def made_anew(file: LearnerFile, parameters: Parameters | None = None) -> Any:
    file.connection.execute("drop table if exists study_cache")
    return up_to_date(file, parameters)


@pytest.fixture(scope="session")
def new_files(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Makes so many new learners' files."""

    def make(count: int) -> list[LearnerFile]:
        folder = tmp_path_factory.mktemp("files")
        return [create_learner(folder / f"li-{number}", {"name": "x"}) for number in range(count)]

    return make


reviews = st.builds(
    lambda card, rating, response, correct, zone, taken: {
        "card": card,
        "rating": rating,
        "response": response,
        "correct": correct,
        "zone": zone,
        "taken_ms": taken,
    },
    st.sampled_from(CARDS),
    st.integers(1, 4),
    st.sampled_from(RESPONSES),
    st.sampled_from([None, True, False]),
    st.sampled_from(["+08:00", "+00:00", "-05:00"]),
    st.integers(0, 90_000),
)
pauses = st.sampled_from([0, 1, 15, 700, 1500, 10 * 1440, -40, -3000])
undos = st.integers(0, 9).map(lambda drawn: drawn == 0)  # one in ten is taken back
logs = st.lists(st.tuples(reviews, pauses, undos), min_size=1, max_size=30)


def rows_of(log: Sequence[tuple[dict[str, Any], int, bool]]) -> Iterator[Review | Mark]:
    at, number = START, 0
    for drawn, pause, taken_back in log:
        at += pause * MINUTE
        number += 2
        review = a_review(number, at, **drawn)
        yield review
        if taken_back:
            yield undo_of(review, f"{number + 1:032x}", at, review.zone, "pc")
        elif number % 12 == 0:
            kinds: tuple[MarkKind, ...] = ("suspend", "bury", "flag", "ask", "resume")
            kind = kinds[number // 12 % 5]
            yield Mark(f"{number + 1:032x}", "li", review.card_id, at, review.zone, kind)


def add(file: LearnerFile, rows: Sequence[Review | Mark]) -> None:
    ReviewLog(file.connection).add(row for row in rows if isinstance(row, Review))
    Marks(file.connection).add(row for row in rows if isinstance(row, Mark))


@settings(max_examples=30)
@given(logs, st.data())
def test_logs_that_meet_in_any_order_come_to_the_same(
    new_files: Any, log: list[tuple[dict[str, Any], int, bool]], data: st.DataObject
) -> None:
    rows = list(rows_of(log))
    places = data.draw(st.lists(st.integers(0, 2), min_size=len(rows), max_size=len(rows)))
    order = data.draw(st.permutations([0, 1, 2]))
    whole, *parts, united = new_files(5)
    add(whole, rows)
    for number, part in enumerate(parts):
        add(part, [row for row, place in zip(rows, places, strict=True) if place == number])
        up_to_date(part)
        part.close()

    for number in order:
        ReviewLog(united.connection).merge_from(parts[number].path)
        merged = up_to_date(united)
        assert merged == caches(united.connection)

    assert merged == made_anew(whole)
    assert merged == made_anew(united)
    united.close()
    whole.close()


def test_nothing_is_done_when_nothing_is_new(learner: LearnerFile) -> None:
    add(learner, list(rows_of([({"card": CARDS[0], "rating": 3}, 1, False)])))
    up_to_date(learner)
    before = learner.connection.total_changes

    up_to_date(learner)

    assert learner.connection.total_changes == before


def test_caches_of_another_version_are_made_anew(learner: LearnerFile) -> None:
    add(learner, [a_review(1, START, CARDS[0], 3)])
    good = up_to_date(learner)
    learner.connection.execute("update card_state set reviews = 99")
    assert up_to_date(learner) != good

    learner.connection.execute("update study_cache set version = 'older'")
    assert up_to_date(learner) == good
    learner.connection.execute("drop table review_day")
    learner.connection.execute("delete from study_cache")
    assert up_to_date(learner) == good


def test_another_retention_moves_what_is_due_and_leaves_the_sums(learner: LearnerFile) -> None:
    history = [a_review(n, START + n * 9 * DAY, CARDS[n % 3], 1 + n % 4) for n in range(1, 30)]
    add(learner, history)
    states, days = up_to_date(learner)

    moved, same_days = up_to_date(learner, Parameters(retention=0.8))

    assert same_days == days
    assert sum(row[3] for row in moved) > sum(row[3] for row in states)
    assert (moved, same_days) == made_anew(learner, Parameters(retention=0.8))
    assert up_to_date(learner) == (states, days)


def test_an_answer_written_twice_counts_once(learner: LearnerFile) -> None:
    up_to_date(learner)
    review = a_review(1, START, CARDS[0], 4, correct=True)
    row = CardRow(Scheduler().replay(CARDS[0], []), "a" * 16, "en")
    statements = (
        statement(review),
        *answer_statements(CARDS[0], row, DayKey("2026-11-02", "amazon", "self"), [1] * 7),
    )

    learner.writer.submit(statements).result(timeout=5)
    learner.writer.submit(statements).result(timeout=5)

    assert learner.connection.execute("select answers from review_day").fetchall() == [(1,)]
    assert learner.connection.execute("select review_row from study_cache").fetchone() == (1,)


def test_rows_that_slip_in_between_are_not_lost(learner: LearnerFile) -> None:
    """A stick is merged while a sitting goes on: the next one finds everything counted."""
    up_to_date(learner)
    add(learner, [a_review(1, START, CARDS[1], 2)])
    review = a_review(5, START + 5, CARDS[0], 4)
    answered = answer_statements(
        CARDS[0], CardRow(), DayKey("2026-11-02", "amazon", "self"), [1, 1, 0, 1, 0, 0, 4000]
    )
    learner.writer.submit((statement(review), *answered)).result(timeout=5)

    assert up_to_date(learner) == made_anew(learner)
    assert len(caches(learner.connection)[0]) == 2


def test_work_that_is_stopped_leaves_what_was_there(learner: LearnerFile) -> None:
    add(learner, [a_review(n, START + n, CARDS[n % 6], 3) for n in range(1, 50)])
    before = up_to_date(learner)
    learner.connection.execute("update study_cache set version = 'older'")

    def stop(_done: int, _total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        StudyState(learner.connection, Scheduler()).bring_up_to_date(stop)

    assert caches(learner.connection) == before


def test_progress_is_reported_up_to_the_end(learner: LearnerFile) -> None:
    add(learner, [a_review(n, START + n, CARDS[n % 6], 3) for n in range(1, 50)])
    told: list[tuple[int, int]] = []

    StudyState(learner.connection, Scheduler()).bring_up_to_date(
        lambda done, total: told.append((done, total))
    )

    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]


@pytest.mark.parametrize("first_caught_up", [True, False])
def test_a_renamed_card_takes_its_history_along(
    learner: LearnerFile, first_caught_up: bool
) -> None:
    old, new = "platforms/amazon/x#~aa", "platforms/amazon/x#~bb"
    add(learner, [a_review(n, START + n * DAY, old, 3) for n in (1, 2, 3)])
    add(learner, [Mark(f"{9:032x}", "li", old, START, "+08:00", "flag")])
    if first_caught_up:
        up_to_date(learner)
    learner.connection.execute("insert into card_alias values (?, ?, ?)", (old, new, START))
    add(learner, [a_review(4, START + 4 * DAY, new, 3)])

    states, days = up_to_date(learner)

    [row] = states
    assert (row[0], row[6], row[14]) == (new, 4, 1)
    assert (states, days) == made_anew(learner)


def test_names_lead_to_the_present_one() -> None:
    names = Names([("a", "b"), ("x", "y"), ("b", "c"), ("y", "x"), ("d", "d")])

    assert [names.name(one) for one in "abcdxyz"] == ["c", "c", "c", "d", "x", "x", "z"]
    assert names.family("a") == ["c", "a", "b"]
    assert names.family("z") == ["z"]
    assert names.renamed() == ["c", "x"]


@pytest.mark.parametrize("chain", ["abc", "cba", "bac", "acb"])
def test_several_renames_at_once_lead_to_the_last_name(learner: LearnerFile, chain: str) -> None:
    first, second, third = (f"platforms/amazon/x#~{name}" for name in chain)
    add(learner, [a_review(1, START, first, 3), a_review(2, START + DAY, third, 3)])
    learner.connection.executemany(
        "insert into card_alias values (?, ?, ?)", [(second, third, START), (first, second, START)]
    )

    [row], _ = up_to_date(learner)

    assert (row[0], row[6]) == (third, 2)


def test_renames_in_a_circle_come_to_an_end() -> None:
    assert list(in_turn([("a", "b"), ("b", "a"), ("c", "d")])) == [
        ("c", "d"),
        ("a", "b"),
        ("b", "a"),
    ]


@pytest.mark.parametrize("response", RESPONSES)
def test_the_way_of_answering_is_read_off_the_response(
    learner: LearnerFile, response: Response
) -> None:
    add(learner, [a_review(1, START, CARDS[0], 3, response=response)])

    _, [day] = up_to_date(learner)

    assert day[2] == kind_in(to_text(response)) == str(response.__struct_config__.tag)


@pytest.mark.parametrize(
    ("card_id", "subject"),
    [
        ("platforms/amazon/account-health#odr", "amazon"),
        ("products/power-bank#capacity", "power-bank"),
        ("skills/logistics/parcels#size", "logistics"),
        ("own#card", "own"),
    ],
)
def test_a_card_tells_its_subject(card_id: str, subject: str) -> None:
    assert subject_of(card_id) == subject


def test_the_caches_are_not_needed_to_open_a_file(tmp_path: Path) -> None:
    file = create_learner(tmp_path / "li", {"name": "x"})
    add(file, [a_review(1, START, CARDS[0], 3)])
    up_to_date(file)
    file.close()
    with closing(sqlite3.connect(file.path)) as connection:
        for table in ("card_state", "review_day", "card_change", "study_cache"):
            connection.execute(f"drop table {table}")
        assert connection.execute("select count(*) from review").fetchone() == (1,)
