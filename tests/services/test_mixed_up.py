"""A learner who takes one platform for another meets the two again before they are due."""

from datetime import timedelta
from typing import Any

from trainer.cards.model import Choice
from trainer.cards.response import Chosen
from trainer.presenters.study import subject_of
from trainer.scheduling.queue import Limits
from trainer.scheduling.rating import Rating
from trainer.services.progress import today_of
from trainer.services.study import Selection

RULE = (
    '## {title} {{#{topic} topic={topic} value="{value}"}}\n\n{value}.\n\n'
    "Source: Help (2026-10)\n\n"
)
SAID = {
    "amazon": {"payout": "7 days", "reply-time": "24 hours", "deposit": "100 dollars"},
    "ebay": {"payout": "2 days", "reply-time": "30 hours", "deposit": "200 dollars"},
    "wish": {"payout": "90 days", "reply-time": "48 hours", "deposit": "300 dollars"},
}
WISH_PAYOUT = "platforms/wish/health#payout.which-payout"
OF_WISH_AND_EBAY = {
    f"platforms/{platform}/health#{topic}.which-{topic}"
    for platform in ("ebay", "wish")
    for topic in ("reply-time", "deposit")
}
NO_NEW = Limits(new_a_day=0)


def write(desk: Any) -> None:
    for platform, topics in SAID.items():
        text = "".join(
            RULE.format(title=topic, topic=topic, value=value) for topic, value in topics.items()
        )
        desk.write(text, platform=platform)


def choose(desk: Any, card_id: str, platform: str) -> None:
    session = desk.open(Selection(cards=(card_id,)))
    card = session.question.card
    assert isinstance(card.body, Choice)
    place = [tag for tag in card.tags if tag in SAID].index(platform)
    right = card.body.options[place].right
    desk.answer(session, Rating.EASY, response=Chosen((place,)), correct=right).result()
    session.close()


def early(desk: Any, **options: Any) -> list[str]:
    session = desk.open(limits=NO_NEW, **options)
    found = [card.card_id for card in (*session._queue.soon, *session._queue.due)]
    session.close()
    return found


def test_nobody_is_bothered_who_mixes_nothing_up(desk: Any) -> None:
    write(desk)
    choose(desk, WISH_PAYOUT, "wish")
    assert early(desk) == []


def test_a_mix_up_brings_cards_of_the_two_before_all_others(desk: Any) -> None:
    write(desk)
    choose(desk, WISH_PAYOUT, "ebay")

    asked = early(desk)
    # One of each topic that was not asked today, and never a card that lacks one of the two.
    assert len(asked) == 2
    assert set(asked) < OF_WISH_AND_EBAY
    assert today_of(desk.learner, desk.library, desk.clock).counts.due == 2

    desk.tomorrow()
    assert len(early(desk)) == 3  # the topic of yesterday is among them again
    assert early(desk, selection=Selection(subjects=("amazon",))) == []


def test_two_right_answers_tell_them_apart_again(desk: Any) -> None:
    write(desk)
    choose(desk, WISH_PAYOUT, "ebay")
    for card_id in sorted(OF_WISH_AND_EBAY)[:2]:
        platform = card_id.split("/")[1]
        choose(desk, card_id, platform)
    desk.tomorrow()
    assert early(desk) == []


def test_the_subject_does_not_tell_the_answer(desk: Any) -> None:
    write(desk)
    one_platform = desk.open(Selection(subjects=("wish",), kinds=("single-choice",)))
    compared = desk.open(Selection(subjects=("comparison",)))
    assert one_platform.question is None
    assert compared.counts.new == 3  # a topic a day
    assert subject_of(WISH_PAYOUT) == "comparison"


def test_an_answer_taken_back_counts_for_nothing(desk: Any) -> None:
    write(desk)
    session = desk.open(Selection(cards=(WISH_PAYOUT,)))
    desk.answer(session, Rating.AGAIN, response=Chosen((1,)), correct=False).result()
    session.undo()
    session.close()
    assert early(desk) == []


def test_a_learned_card_comes_early_once_a_day(desk: Any) -> None:
    write(desk)
    learned = min(OF_WISH_AND_EBAY)
    choose(desk, learned, learned.split("/")[1])
    desk.tomorrow()
    assert early(desk) == []
    choose(desk, WISH_PAYOUT, "ebay")

    first = early(desk)
    assert first
    session = desk.open(Selection(cards=(first[0],)))
    desk.clock.advance(timedelta(minutes=1))
    session.close()
    choose(desk, first[0], first[0].split("/")[1])
    assert first[0] not in early(desk)
