"""What Today and Progress say."""

from datetime import date, timedelta
from typing import Any

import pytest

from trainer.cards.response import Chosen
from trainer.foundation.settings import MINUTES_A_DAY, NEW_CARDS_A_DAY
from trainer.scheduling.rating import Rating
from trainer.services.progress import ChangedRule, progress_of, today_of
from trainer.services.study import Counts, Selection


def today_at(desk: Any) -> Any:
    return today_of(desk.learner, desk.library, desk.clock)


def progress_at(desk: Any) -> Any:
    return progress_of(desk.learner, desk.library, desk.clock)


def test_a_newcomer_has_everything_before_them(desk: Any) -> None:
    desk.write_cards(5)

    today = today_at(desk)
    progress = progress_at(desk)

    assert today.counts == Counts(new=5, learning=0, due=0, done=0)
    assert today.streak_days == 0
    assert today.estimate > timedelta()
    assert progress.days == []
    assert progress.retention is None
    assert progress.answers == progress.cards_met == 0
    assert progress.cards_in_all == 5
    [competence] = progress.competences
    assert (competence.name, competence.cards, competence.known) == ("platform-rules", 5, 0)


def test_an_empty_library_says_so(desk: Any) -> None:
    assert today_at(desk).by_subject == {}
    assert progress_at(desk).competences == []


def test_today_counts_what_a_sitting_would_bring(desk: Any) -> None:
    desk.write_cards(6)
    desk.write_cards(4, "parcels", platform="ebay")
    desk.learner.settings[NEW_CARDS_A_DAY] = 3
    desk.learner.settings[MINUTES_A_DAY] = 15
    desk.sitting()
    desk.tomorrow(20)
    session = desk.open()
    desk.answer(session, Rating.AGAIN, seconds=30)

    today = today_at(desk)

    assert today.counts == session.counts == Counts(new=3, learning=1, due=2, done=1)
    assert today.by_subject["ebay"] == Counts(new=3, learning=0, due=0, done=0)
    assert today.by_subject["amazon"] == Counts(new=3, learning=1, due=2, done=1)
    assert today.studied == timedelta(seconds=30)
    assert today.goal_minutes == 15
    for subject, counts in today.by_subject.items():
        assert desk.open(Selection(subjects=(subject,))).counts == Counts(
            counts.new, counts.learning, counts.due, 1
        )


def test_a_streak_lasts_until_a_day_is_missed(desk: Any) -> None:
    desk.write_cards(40)
    lengths = []
    for pause in (1, 1, 2, 1):
        session = desk.open()
        desk.answer(session)
        session.close()
        lengths.append(today_at(desk).streak_days)
        desk.tomorrow(pause)

    assert lengths == [1, 2, 3, 1]
    assert today_at(desk).streak_days == 1
    desk.tomorrow()
    assert today_at(desk).streak_days == 0


def test_the_estimate_follows_the_learners_own_pace(desk: Any) -> None:
    desk.write_cards(60)
    desk.learner.settings[NEW_CARDS_A_DAY] = 30
    session = desk.open()
    for _ in range(30):
        desk.answer(session, Rating.EASY, seconds=60)
    for _ in range(30):
        session.undo()
    assert today_at(desk).estimate < timedelta(minutes=15)
    for _ in range(30):
        desk.answer(session, Rating.EASY, seconds=60)
    session.close()
    desk.tomorrow()
    desk.sitting(Rating.EASY)
    desk.tomorrow(1)
    desk.write_cards(110)

    assert today_at(desk).estimate == timedelta(seconds=round(30 * (30 * 60 + 30 * 5) / 60))


def test_changed_rules_and_questions_for_the_teacher_are_listed(desk: Any) -> None:
    rule = "## Limit {{#limit}}\n\nText.\n\nQ: Which? {{#a}}\nA: {}\n\nQ: How? {{#b}}\nA: {}\n"
    desk.write(rule.format("4 %", "so"))
    session = desk.open()
    session.ask_teacher(True)
    session.close()
    desk.sitting()
    desk.write(rule.format("3 %", "so"))

    today = today_at(desk)

    card = "platforms/amazon/health#a"
    assert today.changed == [ChangedRule("platforms/amazon/health#limit", (card,))]
    assert today.asked == (card,)
    assert today.counts.due == desk.open().counts.due == 1


def test_days_retention_and_answers_add_up(desk: Any) -> None:
    deck = "Q: Which? {{#q{0}}}\n- [x] Yes\n- [ ] No\n  > No.\n"
    desk.write("\n".join(deck.format(number) for number in range(4)))
    session = desk.open()
    for number in range(4):
        right = number != 3
        desk.answer(session, Rating.EASY, seconds=30, response=Chosen((0,)), correct=right)
    session.close()
    desk.tomorrow(12)
    session = desk.open()
    desk.answer(session, Rating.AGAIN, response=Chosen((1,)), correct=False)
    desk.answer(session, Rating.GOOD, response=Chosen((0,)), correct=True)
    desk.answer(session, Rating.GOOD, response=Chosen((0,)), correct=True)
    session.close()

    progress = progress_at(desk)

    first, second = progress.days
    assert (first.day, first.answers, first.right, first.minutes) == (date(2026, 11, 23), 4, 3, 2)
    assert (second.day, second.answers, second.right) == (date(2026, 12, 5), 3, 2)
    assert progress.reviews_counted == 3
    assert progress.retention == pytest.approx(2 / 3)
    assert progress.answers == 7


def test_retention_looks_back_thirty_days(desk: Any) -> None:
    desk.write_cards(2)
    desk.sitting(Rating.EASY)
    desk.tomorrow(15)
    desk.sitting(Rating.GOOD)
    assert progress_at(desk).reviews_counted == 2

    desk.tomorrow(29)
    assert progress_at(desk).reviews_counted == 2
    desk.tomorrow()
    assert progress_at(desk).reviews_counted == 0


def test_the_forecast_begins_tomorrow_and_holds_what_is_due(desk: Any) -> None:
    desk.write_cards(9)
    desk.sitting(Rating.EASY)

    forecast = progress_at(desk).forecast

    assert [day for day, _ in forecast] == [
        date(2026, 11, 24) + timedelta(days=ahead) for ahead in range(14)
    ]
    assert sum(count for _, count in forecast) == 9
    for day, count in forecast:
        desk.tomorrow()
        session = desk.open()
        assert session.counts.due == count, day
        while session.question is not None:
            desk.answer(session, Rating.EASY, seconds=0)
        session.close()


def test_a_competence_counts_cards_never_met_as_not_known(desk: Any) -> None:
    desk.write_cards(4, competence="intercultural")
    desk.write_cards(2, "parcels", platform="ebay")
    desk.sitting(selection=Selection(competences=("intercultural",)), rating=Rating.EASY)
    desk.write_cards(8, competence="intercultural")

    rules, culture = progress_at(desk).competences

    assert (rules.name, rules.met, rules.known) == ("platform-rules", 0, 0)
    assert (culture.name, culture.cards, culture.met) == ("intercultural", 8, 4)
    assert 0.45 < culture.known <= 0.5
    desk.tomorrow(300)
    assert progress_at(desk).competences[1].known < culture.known
