"""What is remembered of cases, and that the cards of broken rules really come soon."""

import shutil
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest

from trainer.scheduling.queue import Limits
from trainer.scheduling.rating import Rating
from trainer.services.case_records import CaseRecords
from trainer.services.casework import CaseSession, cases_in, open_case
from trainer.services.progress import today_of
from trainer.storage.review_log import ReviewLog

DECK = """
Q: Zero? {#zero}
A: 0

Q: One? {#one}
A: 1

## The record {#ip .track window="365 days"}

| Points | What happens |
| ---: | --- |
| 6 | No listing for 3 days |

Source: [Rules](https://example.org/) (2026-11)

## The prices {#prices .violations track=ip}

| Violation | Points |
| --- | ---: |
| Counterfeit {#counterfeit} | 6 |

Source: [Rules](https://example.org/) (2026-11)

Q: What does a counterfeit cost? {#cost}
A: = 6 points

Q: Is it much? {#much}
A: true

## Scenario: The sample {#sample}
Shop: amazon, 40 orders a day

### A logo {#start}

The sample has a logo.

- [ ] [List it](#caught) {violation=counterfeit}
- [x] [Ask for the letter](#letter)

### Letter {#letter}

The letter comes late.

- [x] [Wait](#good)
- [ ] [Pretend](#good)

### Caught {#caught}

The goods are gone.

### Good {#good}

The buyer is content.
"""
COST, MUCH = "platforms/amazon/health#cost", "platforms/amazon/health#much"


@pytest.fixture
def case(desk: Any) -> CaseSession:
    desk.write(DECK)
    return begun(desk)


def begun(desk: Any, language: Any = "en") -> CaseSession:
    (entry,) = cases_in(desk.library, language)
    session = open_case(desk.library, entry.scenario_id, language, desk.clock.now().date())
    assert session is not None
    return session


def go(session: CaseSession, *words: str) -> None:
    for text in words:
        session.choose(next(one for one in session.choices if one.text == text))


def records(desk: Any) -> CaseRecords:
    """As after a start of the program."""
    return CaseRecords(desk.learner, desk.clock)


def test_a_case_that_was_never_begun_is_not_known(desk: Any, case: CaseSession) -> None:
    known = records(desk).of(case.case.scenario_id)
    assert not known.done
    assert known.best_wrong is None
    assert known.going == ""


def test_a_case_can_be_gone_on_with_after_the_program_was_closed(
    desk: Any, case: CaseSession
) -> None:
    kept = records(desk)
    play = kept.new_play()
    go(case, "Ask for the letter")
    kept.keep(case, play).result()

    known = records(desk).of(case.case.scenario_id)
    assert (known.going_decisions, known.play_id, known.done) == (1, play, False)
    again = begun(desk)
    assert again.go_along(known.going)
    assert again.step.step_id == "letter"
    assert [taken.choice.text for taken in again.road] == ["Ask for the letter"]


def test_a_road_the_case_no_longer_has_is_gone_as_far_as_it_goes(
    desk: Any, case: CaseSession
) -> None:
    go(case, "Ask for the letter", "Wait")
    road = case.road_key()
    desk.write(DECK.replace("[Wait](#good)", "[Wait](#caught)"))
    again = begun(desk)
    assert not again.go_along(road)
    assert again.step.step_id == "letter"
    assert not again.go_along("nonsense at:all:good")
    assert again.step.step_id == "start"


def test_the_best_road_and_the_last_day_are_known(desk: Any, case: CaseSession) -> None:
    kept = records(desk)
    go(case, "List it")
    kept.keep(case, kept.new_play())
    assert kept.of(case.case.scenario_id).best_wrong == 1
    desk.tomorrow()
    case.start_again()
    go(case, "Ask for the letter", "Wait")
    kept.keep(case, kept.new_play())
    desk.tomorrow()
    case.start_again()
    go(case, "Ask for the letter", "Pretend")
    kept.keep(case, kept.new_play())

    for known in (kept.of(case.case.scenario_id), records(desk).of(case.case.scenario_id)):
        assert (known.times, known.best_right, known.best_wrong) == (3, 2, 0)
        assert known.flawless
        assert known.last_at == desk.clock.now()
        assert known.going == ""


def test_taking_back_an_end_opens_the_same_play_again(desk: Any, case: CaseSession) -> None:
    kept = records(desk)
    play = kept.new_play()
    go(case, "List it")
    kept.keep(case, play)
    case.go_back()
    kept.keep(case, play).result()
    for known in (kept.of(case.case.scenario_id), records(desk).of(case.case.scenario_id)):
        assert known.times == 0, "the last row of a play holds"


def test_a_case_that_was_left_is_not_gone_on_with(desk: Any, case: CaseSession) -> None:
    kept = records(desk)
    play = kept.new_play()
    go(case, "Ask for the letter")
    kept.keep(case, play)
    kept.leave(case.case.scenario_id, play).result()
    assert records(desk).of(case.case.scenario_id).going == ""


def test_cases_travel_with_the_log(desk: Any, case: CaseSession, tmp_path: Any) -> None:
    desk.learner.writer.flush()
    before = shutil.copyfile(desk.learner.path, tmp_path / "stick.sqlite")
    kept = records(desk)
    go(case, "List it")
    kept.keep(case, kept.new_play())
    kept.ask_soon([COST]).result()
    with closing(desk.learner.connect()) as connection:
        rows = connection.execute("select * from case_play").fetchall()

    from trainer.storage.database import connect

    with closing(connect(before)) as stick:
        merged = ReviewLog(stick).merge_from(desk.learner.path)
        assert (merged.cases, merged.marks) == (1, 1)
        assert ReviewLog(stick).merge_from(desk.learner.path).cases == 0
        assert stick.execute("select * from case_play").fetchall() == rows
        with pytest.raises(Exception, match="only grows"):
            stick.execute("delete from case_play")


# The queue


def test_cards_of_a_broken_rule_come_first_though_no_new_card_is_left_today(
    desk: Any, case: CaseSession
) -> None:
    go(case, "List it")
    told = case.debrief()
    assert told.soon == (COST, MUCH)
    records(desk).ask_soon(told.soon).result()

    session = desk.open(limits=Limits(new_a_day=0))
    asked = []
    while (question := session.question) is not None:
        asked.append(question.card.card_id)
        desk.answer(session)
    assert asked == [COST, MUCH]


def test_a_card_that_is_due_in_weeks_comes_now_and_only_once(desk: Any, case: CaseSession) -> None:
    desk.sitting(Rating.EASY)
    desk.tomorrow()
    assert today_of(desk.learner, desk.library, desk.clock).counts.due == 0
    records(desk).ask_soon([COST]).result()

    assert today_of(desk.learner, desk.library, desk.clock).counts.due == 1
    no_new = Limits(new_a_day=0)
    assert desk.sitting(limits=no_new) == [COST]
    assert desk.sitting(limits=no_new) == []
    assert today_of(desk.learner, desk.library, desk.clock).counts.due == 0


def test_an_answer_that_is_taken_back_leaves_the_card_wanted(desk: Any, case: CaseSession) -> None:
    desk.sitting(Rating.EASY)
    desk.tomorrow()
    records(desk).ask_soon([COST]).result()
    session = desk.open()
    desk.answer(session)
    session.undo()
    session.close()
    assert desk.sitting(limits=Limits(new_a_day=0)) == [COST]


def test_wanted_cards_come_before_any_number_of_new_ones(desk: Any, case: CaseSession) -> None:
    desk.write_cards(30, "more")
    records(desk).ask_soon([MUCH, COST]).result()
    session = desk.open(limits=Limits(new_a_day=20))
    asked = []
    for _ in range(3):
        asked.append(session.question.card.card_id)
        desk.answer(session, Rating.EASY)
    assert asked[:2] == [MUCH, COST]
    assert asked[2] not in {MUCH, COST}


def test_a_sitting_that_is_open_takes_them_up_behind_the_card_shown(
    desk: Any, case: CaseSession
) -> None:
    session = desk.open()
    shown = session.question.card.card_id
    assert shown not in {COST, MUCH}
    assert not session.take_wanted()
    records(desk).ask_soon([MUCH, COST]).result()
    assert session.take_wanted()
    assert not session.take_wanted(), "once is enough"

    asked = []
    for _ in range(3):
        asked.append(session.question.card.card_id)
        desk.answer(session, Rating.EASY)
    assert asked == [shown, MUCH, COST]
    assert session.question is None or session.question.card.card_id not in {COST, MUCH}


def test_a_suspended_card_stays_away(desk: Any, case: CaseSession) -> None:
    session = desk.open()
    while session.question.card.card_id != COST:
        desk.answer(session, Rating.EASY)
    session.suspend()
    session.close()
    records(desk).ask_soon([COST]).result()
    assert COST not in desk.sitting()


def test_wanted_cards_are_not_among_the_new_ones_too(desk: Any, case: CaseSession) -> None:
    records(desk).ask_soon([COST]).result()
    asked = desk.sitting()
    assert asked[0] == COST
    assert len(asked) == len(set(asked)) or asked.count(COST) <= 2  # learning steps come again
    counts = today_of(desk.learner, desk.library, desk.clock).counts
    assert counts.due == 0


def test_the_caches_made_anew_are_the_same(desk: Any, case: CaseSession) -> None:
    desk.sitting(Rating.EASY)
    records(desk).ask_soon([COST]).result()
    desk.clock.advance(timedelta(minutes=1))
    desk.open().close()
    kept = desk.caches()
    assert desk.made_anew() == kept
