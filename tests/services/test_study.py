"""A sitting: what is asked, what an answer does, and taking it back."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.cards.response import Chosen, Entered, SelfGraded
from trainer.foundation.errors import TrainerError
from trainer.scheduling.queue import Limits
from trainer.scheduling.rating import Rating
from trainer.services.study import Change, Counts, Selection

AGAIN, HARD, GOOD, EASY = Rating

TWO_SIDED = """
T: Chargeback {#chargeback}
D: A payment taken back by the bank

C: A ==claim== or a ==chargeback== is a defect. {#defect}

Q: How many days? {#days}
A: Sixty
"""


def shown(session: Any) -> Any:
    """The question now; a function, because it is another one each time."""
    return session.question


def ahead(session: Any) -> Any:
    return session.study_ahead()


def test_an_empty_library_has_nothing_to_ask(desk: Any) -> None:
    session = desk.open()

    assert shown(session) is None
    assert session.wakes_in() is None
    assert session.counts == Counts(0, 0, 0, 0)
    assert session.intervals() == {}
    assert session.undo() is None


def test_new_cards_come_in_the_order_of_the_library(desk: Any) -> None:
    desk.write_cards(5)

    asked = desk.sitting()

    assert asked[:5] == [f"platforms/amazon/health#c{n}" for n in range(5)]


def test_an_answer_is_on_the_disk_when_its_future_is_done(desk: Any) -> None:
    desk.write_cards(2)
    session = desk.open()
    question = shown(session)

    desk.answer(session, HARD, seconds=2.5).result(timeout=5)

    [row] = desk.rows(
        "select card_id, rating, taken_ms, response, correct, zone, kind, language from review"
    )
    assert row == (
        question.card.card_id, 2, 2500, '{"type":"self"}', None, "+08:00", "review", "en",
    )  # fmt: skip


def test_a_new_card_is_asked_again_after_its_step(desk: Any) -> None:
    desk.write_cards(1)
    session = desk.open()

    desk.answer(session, GOOD)

    assert shown(session) is None
    assert session.wakes_in() == timedelta(minutes=10)
    assert session.counts == Counts(new=0, learning=1, due=0, done=1)
    desk.clock.advance(timedelta(minutes=10))
    assert shown(session) is not None
    assert not shown(session).is_new


def test_studying_ahead_does_not_wait(desk: Any) -> None:
    desk.write_cards(1)
    session = desk.open()
    desk.answer(session, GOOD)

    question = session.study_ahead()

    assert question is not None
    assert question is shown(session)
    desk.answer(session, GOOD)
    assert session.study_ahead() is None
    assert session.counts == Counts(0, 0, 0, done=2)


def test_the_intervals_say_what_an_answer_will_do(desk: Any) -> None:
    desk.write_cards(1)
    desk.sitting()
    desk.tomorrow(3)
    session = desk.open()

    intervals = session.intervals()

    assert intervals[AGAIN] == timedelta(minutes=10)
    assert timedelta(days=1) <= intervals[HARD] <= intervals[GOOD] <= intervals[EASY]
    desk.answer(session, GOOD)
    session.close()
    desk.tomorrow(intervals[GOOD].days - 1)
    assert shown(desk.open()) is None
    desk.tomorrow()
    assert shown(desk.open()) is not None


def test_new_cards_keep_to_the_limit_of_the_day(desk: Any) -> None:
    desk.write_cards(10)

    first = desk.sitting(limits=Limits(new_a_day=3))
    again = desk.sitting(limits=Limits(new_a_day=3))
    desk.tomorrow()
    next_day = desk.sitting(limits=Limits(new_a_day=4))

    assert len(set(first)) == 3
    assert again == []
    assert len({card for card in next_day if card not in first}) == 4


def test_the_minutes_of_the_day_end_with_what_was_begun(desk: Any) -> None:
    desk.write_cards(10)
    session = desk.open(limits=Limits(new_a_day=10, minutes_a_day=1))

    while shown(session) is not None:
        desk.answer(session, GOOD, seconds=25)

    assert session.counts.done == 3
    assert session.counts.learning == 3
    assert session.wakes_in() is not None


def test_siblings_are_not_met_on_the_same_day(desk: Any) -> None:
    desk.write(TWO_SIDED)
    seen: list[set[str]] = []
    for _ in range(3):
        asked = desk.sitting()
        seen.append({card.partition(".")[0] for card in asked})
        firsts = [card for card in asked if asked.count(card) == 2]
        assert len({card.partition(".")[0] for card in firsts}) * 2 == len(firsts)
        desk.tomorrow()

    met = desk.rows("select card_id from card_state order by card_id")
    assert len(seen[0]) == 3
    assert len(met) == 5


def test_a_learner_without_new_cards_left_repeats_what_is_due(desk: Any) -> None:
    desk.write_cards(3)
    desk.sitting()
    desk.tomorrow(8)

    asked = desk.sitting()

    assert len(asked) == 3
    assert all("#c" in card for card in asked)


def test_most_forgotten_cards_come_first(desk: Any) -> None:
    desk.write_cards(2)
    session = desk.open()
    desk.answer(session, EASY)
    desk.answer(session, EASY)
    session.close()
    desk.tomorrow(12)
    session = desk.open()
    desk.answer(session, HARD)
    weak = desk.rows("select card_id from card_state where last_rating = 2")[0][0]
    desk.answer(session, EASY)
    session.close()
    desk.tomorrow(200)

    assert desk.sitting()[0] == weak


def test_a_selection_asks_only_its_own(desk: Any) -> None:
    desk.write_cards(3)
    desk.write_cards(3, "parcels", platform="ebay", competence="logistics-finance")

    ebay = desk.sitting(selection=Selection(subjects=("ebay",)))
    logistics = desk.open(Selection(competences=("logistics-finance",))).counts
    quizzed = desk.open(Selection(kinds=("single-choice",))).counts
    deck = desk.open(Selection(decks=("platforms/amazon/health",))).counts
    one = desk.open(Selection(cards=("platforms/amazon/health#c1",))).counts

    assert {card.split("/")[1] for card in ebay} == {"ebay"}
    assert (logistics.new, quizzed.new, deck.new, one.new) == (0, 0, 3, 1)


def test_undo_takes_back_one_answer_after_the_other(desk: Any) -> None:
    desk.write_cards(3)
    session = desk.open()
    before = desk.caches()
    asked = [shown(session)]
    desk.answer(session, GOOD)
    asked.append(shown(session))
    desk.answer(session, AGAIN)

    assert session.can_undo
    assert session.undo() == asked[1]
    assert shown(session) == asked[1]
    assert session.undo() == asked[0]
    assert session.counts == Counts(new=3, learning=0, due=0, done=0)
    assert not session.can_undo
    assert session.undo() is None
    assert desk.caches() == before
    assert desk.rows("select count(*) from review") == [(4,)]
    assert desk.rows("select count(*) from effective_review") == [(0,)]


def test_an_answer_taken_back_can_be_given_again(desk: Any) -> None:
    desk.write_cards(2)
    session = desk.open()
    seed = shown(session).seed
    desk.answer(session, AGAIN)
    assert session.undo().seed == seed

    desk.answer(session, EASY)

    session.close()
    assert desk.rows("select reviews, last_rating from card_state") == [(1, 4)]
    assert desk.caches() == desk.made_anew()


def test_a_card_made_ready_is_not_shown_in_the_state_an_undo_took_back(desk: Any) -> None:
    desk.write_cards(2)
    session = desk.open()
    first = shown(session)
    desk.answer(session, GOOD)
    desk.clock.advance(timedelta(minutes=11))
    session.intervals()  # makes the first card ready, which waits for its second step

    assert session.undo() == first


def test_what_was_on_the_screen_is_what_was_answered(desk: Any) -> None:
    """The deck changes between the question and the rating: the change is told the next time."""
    desk.write("Q: Which limit? {#limit}\nA: 4 %\n")
    session = desk.open()
    desk.write("Q: Which limit? {#limit}\nA: 3 %\n")
    desk.answer(session, EASY)
    session.close()

    assert shown(desk.open()).change == Change("4 %", "3 %")


def test_a_buried_card_is_back_tomorrow(desk: Any) -> None:
    desk.write_cards(2)
    session = desk.open()
    buried = shown(session).card.card_id
    session.bury()
    assert shown(session).card.card_id != buried
    session.close()

    assert buried not in desk.sitting()
    desk.tomorrow()
    assert buried in desk.sitting()


def test_a_due_card_that_was_buried_is_not_due_today(desk: Any) -> None:
    desk.write_cards(2)
    desk.sitting(EASY)
    desk.tomorrow(30)
    session = desk.open()
    session.bury()
    session.close()

    assert desk.open().counts.due == 1
    assert len(desk.sitting()) == 1
    desk.tomorrow()
    assert desk.open().counts.due == 1


def test_a_suspended_card_stays_away_until_it_is_taken_back(desk: Any) -> None:
    desk.write_cards(1)
    session = desk.open()
    suspended = shown(session)
    session.suspend()
    assert shown(session) is None
    assert shown(desk.open()) is None

    assert session.undo() == suspended

    session.close()
    assert shown(desk.open()) == suspended
    assert desk.caches() == desk.made_anew()


def test_flags_and_questions_for_the_teacher_stay_with_the_card(desk: Any) -> None:
    desk.write_cards(1)
    session = desk.open()

    session.flag(True)
    session.ask_teacher(True)

    assert (shown(session).flagged, shown(session).asks_teacher) == (True, True)
    session.close()
    session = desk.open()
    assert (shown(session).flagged, shown(session).asks_teacher) == (True, True)
    session.flag(False)
    desk.answer(session, GOOD)
    session.undo()
    assert (shown(session).flagged, shown(session).asks_teacher) == (False, True)


def test_the_seed_is_that_of_the_card_and_its_number_of_reviews(desk: Any) -> None:
    desk.write_cards(2)
    session = desk.open()
    one = shown(session).seed
    desk.answer(session, GOOD)
    two = shown(session).seed
    desk.answer(session, GOOD)
    again = session.study_ahead()

    assert one != two
    assert again.card.card_id.endswith("c0")
    assert again.seed != one
    session.close()
    desk.clock.advance(timedelta(minutes=30))
    assert shown(desk.open()).seed == again.seed


def test_one_key_shows_the_other_language(desk: Any) -> None:
    desk.write("Q: Which river? {#river}\nA: The Le'an\n\nQ: Only English? {#en}\nA: Yes\n")
    desk.write("问：哪条河？ {#river}\n答：乐安河\n", language="zh")
    session = desk.open(language="zh")

    assert shown(session).card.question == "哪条河？"
    assert session.in_language("en").card.question == "Which river?"
    assert session.in_language("en").seed == shown(session).seed
    desk.answer(session, GOOD, language="en")
    assert shown(session).card.language == "en"
    assert session.in_language("zh") is None
    session.close()
    assert desk.rows("select language, answer_digest <> '' from review") == [("en", 1)]


def test_a_changed_answer_comes_back_once_with_old_and_new(desk: Any) -> None:
    desk.write("Q: Which limit? {#limit}\nA: 4 %\n\nQ: Who? {#who}\nA: The seller\n")
    desk.sitting()
    desk.sitting(EASY)
    desk.write("Q: Which limit? {#limit}\nA: **3 %**\n\nQ: Who? {#who}\nA: The *seller*\n")

    session = desk.open()

    assert session.counts.due == 1
    assert shown(session).change == Change("4 %", "**3 %**")
    desk.answer(session, GOOD)
    assert shown(session) is None
    session.undo()
    assert shown(session).change == Change("4 %", "**3 %**")
    desk.answer(session, AGAIN)
    assert ahead(session).change is None
    desk.answer(session, GOOD)
    session.close()
    desk.tomorrow(0.1)
    assert shown(desk.open()) is None
    texts = desk.rows(
        "select text ->> 'markdown' from answer_text where text like '% \\%%' escape '\\'"
    )
    assert texts == [("4 %",), ("**3 %**",)]


def test_the_same_answer_in_other_words_leaves_the_schedule_alone(desk: Any) -> None:
    question = "Q: Within how many days? {{#days}}\nA: {}\n"
    desk.write(question.format("Within 7 days of the notice"))
    desk.sitting()
    desk.write(question.format("7 days from the notice on"))
    assert shown(desk.open()) is None

    desk.write(question.format("14 days from the notice on"))

    assert shown(desk.open()).change.old == "Within 7 days of the notice"
    assert desk.rows("select is_answer from card_change") == [(1,)]


def test_an_answer_that_changes_back_is_no_change(desk: Any) -> None:
    desk.write("Q: Which limit? {#limit}\nA: 4 %\n")
    desk.sitting()
    desk.write("Q: Which limit? {#limit}\nA: 3 %\n")
    assert shown(desk.open()) is not None
    desk.write("Q: Which limit? {#limit}\nA: 4 %\n")

    assert shown(desk.open()) is None


def test_a_card_that_left_waits_for_nothing_and_comes_back_with_its_progress(desk: Any) -> None:
    desk.write_cards(2)
    desk.sitting()
    desk.tomorrow(10)
    desk.write_cards(1)
    assert desk.open().counts.due == 1
    session = desk.open()
    desk.write("Prose only.\n")
    desk.answer(session, GOOD)
    assert shown(session) is None

    desk.write_cards(2)

    assert desk.open().counts.due == 1


def test_a_card_without_an_id_keeps_its_progress_when_its_text_is_mended(desk: Any) -> None:
    desk.write("Q: Which rate must a sellar stay below in all?\nA: 1 %\n")
    desk.sitting()

    desk.write("Q: Which rate must a seller stay below in all?\nA: 1 %\n")

    assert desk.open().counts.new == 0
    [(card_id, reviews)] = desk.rows("select card_id, reviews from card_state")
    assert desk.library.card(card_id, "en").question.startswith("Which rate must a seller")
    assert reviews == 2
    assert desk.caches() == desk.made_anew()


def test_a_clock_set_back_is_noticed_and_loses_nothing(desk: Any) -> None:
    desk.write_cards(2)
    desk.sitting()
    assert not desk.open().clock_went_back
    desk.tomorrow(-400)

    session = desk.open(limits=Limits(new_a_day=0))
    assert session.clock_went_back
    session.close()
    desk.tomorrow(410)

    assert len(desk.sitting()) == 2
    desk.tomorrow(-3)
    assert desk.open(Selection(cards=("platforms/amazon/health#c0",))).clock_went_back
    assert desk.caches() == desk.made_anew()


def test_ids_of_the_log_grow_whatever_the_clock_says(desk: Any) -> None:
    desk.write_cards(6)
    session = desk.open()
    for _ in range(5):
        desk.answer(session, GOOD)
        desk.clock.advance(timedelta(days=-1))
    session.close()

    ids = [row[0] for row in desk.rows("select review_id from review order by rowid")]
    assert ids == sorted(set(ids))
    assert desk.caches() == desk.made_anew()


def test_a_new_day_brings_new_cards_to_a_sitting_left_open(desk: Any) -> None:
    desk.write_cards(4)
    session = desk.open(limits=Limits(new_a_day=2))
    for _ in range(2):
        desk.answer(session, EASY)
    assert shown(session) is None

    desk.tomorrow()

    assert shown(session) is not None
    assert session.counts == Counts(new=2, learning=0, due=0, done=0)
    assert not session.can_undo


def test_more_due_cards_than_are_held_at_a_time_are_all_asked(desk: Any) -> None:
    desk.write_cards(330)
    session = desk.open(limits=Limits(new_a_day=400))
    while shown(session) is not None:
        desk.answer(session, EASY, seconds=0)
    session.close()
    desk.tomorrow(40)

    session = desk.open()
    assert session.counts.due == 330
    asked = set()
    while shown(session) is not None:
        asked.add(shown(session).card.card_id)
        desk.answer(session, EASY, seconds=0)

    assert len(asked) == 330
    assert session.counts == Counts(0, 0, 0, done=330)


def test_graded_answers_are_counted_as_right_or_wrong(desk: Any) -> None:
    desk.write("Q: Which? {#c}\n- [x] This\n- [ ] That\n  > No.\n\nQ: Type {#t}\nA: ~ word\n")
    session = desk.open()
    desk.answer(session, AGAIN, response=Chosen((1,)), correct=False)
    desk.answer(session, GOOD, response=Entered("word"), correct=True)
    session.close()

    assert desk.rows("select kind, answers, graded, right from review_day order by kind") == [
        ("chosen", 1, 1, 0),
        ("entered", 1, 1, 1),
    ]


def test_answering_nothing_is_a_mistake_of_the_caller(desk: Any) -> None:
    session = desk.open()

    with pytest.raises(ValueError, match="no card"):
        desk.answer(session)
    with pytest.raises(ValueError, match="no card"):
        session.suspend()


def test_a_disk_that_takes_nothing_keeps_the_sitting_going(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write_cards(3)
    session = desk.open()
    writer = desk.learner.writer

    def refuse(_answers: object) -> None:
        raise TrainerError("disk.full", path="x")

    with monkeypatch.context() as broken:
        broken.setattr(writer, "_commit", refuse)
        with pytest.raises(TrainerError, match=r"disk\.full"):
            desk.answer(session, GOOD).result(timeout=5)
    desk.answer(session, GOOD).result(timeout=5)
    session.close()

    assert desk.rows("select count(*) from review") == [(2,)]
    assert desk.caches() == desk.made_anew()


_MOVES = ("hour", "day", "week", "back", "close", "good", "good")
acts = st.lists(
    st.sampled_from(
        ["again", "hard", "good", "easy", "undo", "bury", "suspend", "flag", "ask", *_MOVES]
    ),
    max_size=40,
)


@settings(max_examples=25)
@given(acts)
def test_the_caches_are_what_the_log_comes_to(new_desk: Any, script: list[str]) -> None:
    with new_desk() as desk:
        desk.write(TWO_SIDED)
        session = desk.open(limits=Limits(new_a_day=2))
        firsts: dict[str, list[int]] = {}
        for act in script:
            question = shown(session)
            match act:
                case "undo":
                    session.undo()
                case "hour" | "day" | "week" | "back":
                    days = {"hour": 0.05, "day": 1, "week": 7, "back": -2}[act]
                    desk.tomorrow(days)
                case "close":
                    session.close()
                    session = desk.open(limits=Limits(new_a_day=2))
                case _ if question is None:
                    continue
                case "bury":
                    session.bury()
                case "suspend":
                    session.suspend()
                case "flag":
                    session.flag(not question.flagged)
                case "ask":
                    session.ask_teacher(not question.asks_teacher)
                case _:
                    desk.answer(session, Rating[act.upper()])
        session.close()

        assert desk.caches() == desk.made_anew()
        for day, note, count in desk.rows(
            "with first as (select card_id, min(review_id) as id from effective_review group by 1)"
            " select date((answered_at + 4 * 3600000) / 1000, 'unixepoch'),"
            " substr(r.card_id, 1, instr(r.card_id || '.', '.')), count(*)"
            " from review r join first f on f.id = r.review_id group by 1, 2"
        ):
            firsts.setdefault(f"{day} {note}", []).append(count)
        if "back" not in script:
            assert all(counts == [1] for counts in firsts.values())


@settings(max_examples=15)
@given(st.lists(st.sampled_from(["again", "good", "easy", "bury", "suspend"]), max_size=12))
def test_undoing_everything_restores_the_exact_state(new_desk: Any, script: list[str]) -> None:
    with new_desk() as desk:
        desk.write(TWO_SIDED)
        desk.sitting()
        desk.tomorrow(3)
        session = desk.open()
        before = desk.caches(), session.counts, shown(session)
        for act in script:
            if shown(session) is None:
                session.study_ahead()
            if shown(session) is None:
                break
            if act in {"bury", "suspend"}:
                getattr(session, act)()
            else:
                desk.answer(session, Rating[act.upper()])
        desk.clock.advance(timedelta(seconds=1))
        while session.can_undo:
            session.undo()

        assert (desk.caches(), session.counts, shown(session)) == before
        session.close()
        assert desk.caches() == desk.made_anew()


@pytest.mark.slow
def test_a_day_of_study_leaves_memory_flat(desk: Any) -> None:
    import gc
    import tracemalloc

    desk.write_cards(200)
    session = desk.open(limits=Limits(new_a_day=50))
    sizes = []
    tracemalloc.start()
    try:
        for round_ in range(12):
            for _ in range(400):
                if shown(session) is None:
                    desk.tomorrow(0.5)
                    continue
                session.answer(
                    GOOD if round_ % 3 else AGAIN,
                    SelfGraded(),
                    language="en",
                    correct=None,
                    taken=timedelta(seconds=3),
                )
                desk.clock.advance(timedelta(seconds=40))
            desk.learner.writer.flush()
            gc.collect()
            sizes.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()

    assert max(sizes[6:]) < sizes[3] + 600_000
