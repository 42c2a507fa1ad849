"""Replaying a whole log gives what following it gives."""

from hypothesis import given
from hypothesis import strategies as st

from trainer.scheduling.days import MINUTE, Moment
from trainer.scheduling.memory import Parameters, Scheduler, State
from trainer.scheduling.rating import Rating
from trainer.scheduling.replay import History, never_back, states_of

ratings = st.integers(1, 4)
# Minutes since the answer before; sometimes the clock has been set back.
pauses = st.sampled_from([0, 1, 10, 600, 1440, 5 * 1440, 100 * 1440, -30, -2000, -900 * 1440])
offsets = st.sampled_from([0, 480 * MINUTE, -300 * MINUTE])
histories = st.lists(st.tuples(ratings, pauses, offsets), min_size=1, max_size=25)


@given(st.lists(histories, min_size=1, max_size=8), st.sampled_from([0.8, 0.9, 0.95]))
def test_a_replay_gives_what_following_gives(
    many: list[list[tuple[int, int, int]]], retention: float
) -> None:
    scheduler = Scheduler(Parameters(retention=retention))
    followed: dict[str, State] = {}
    told = []
    for number, answers in enumerate(many):
        card_id, state, now, codes = f"card-{number}", None, Moment(1_793_592_000_000), []
        for rating, pause, offset in answers:
            now = Moment(now.at + pause * MINUTE, offset)
            state = scheduler.after(card_id, state, Rating(rating), now)
            codes.append(now.day * 8 + rating)
        assert state is not None
        followed[card_id] = state
        told.append(History(card_id, codes, now))

    assert dict(states_of(scheduler, told)) == followed


def test_more_cards_than_one_batch_come_out_in_order() -> None:
    cards = [History(f"card-{number}", [8003], Moment(0)) for number in range(9001)]

    names = [card_id for card_id, _ in states_of(Scheduler(), cards)]

    assert names == [card.card_id for card in cards]


def test_days_never_run_back() -> None:
    assert never_back([8 * 5 + 3, 8 * 3 + 1, 8 * 6 + 4]) == [8 * 5 + 3, 8 * 5 + 1, 8 * 6 + 4]
