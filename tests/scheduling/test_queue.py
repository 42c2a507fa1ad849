"""The order of waiting cards."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from trainer.scheduling.queue import Queue, Waiting, one_a_note


def cards(prefix: str, count: int, due: int = 0) -> tuple[Waiting, ...]:
    return tuple(Waiting(f"{prefix}{n}", f"note-{prefix}{n}", due) for n in range(count))


def drained(queue: Queue, now: int = 1000) -> list[Waiting]:
    asked = []
    while (card := queue.pick(now)) is not None:
        asked.append(card)
        queue = queue.without(card.card_id)
    return asked


def test_new_cards_stand_evenly_among_due_ones() -> None:
    queue = Queue(due=cards("d", 12), new=cards("n", 4), due_total=12, new_total=4)

    order = "".join(card.card_id[0] for card in drained(queue))

    assert len(order) == 16
    places = [place for place, letter in enumerate(order) if letter == "n"]
    gaps = [after - before for before, after in pairwise(places)]
    assert all(3 <= gap <= 5 for gap in gaps)
    assert places[0] > 0


def test_cards_still_in_the_file_count_for_the_ratio() -> None:
    queue = Queue(due=cards("d", 5), new=cards("n", 2), due_total=100, new_total=2, behind=95)

    assert [card.card_id[0] for card in drained(queue)[:5]].count("n") <= 1


def test_learning_cards_come_when_they_are_due_and_not_before() -> None:
    learning = cards("l", 1, due=1000)
    queue = Queue(due=cards("d", 2), learning=learning, due_total=2)

    assert queue.wakes_at() == 1000
    early, late = queue.pick(999), queue.pick(1000)
    assert early is not None
    assert early.card_id == "d0"
    assert late is not None
    assert late.card_id == "l0"


def test_only_learning_cards_are_asked_when_the_minutes_are_used_up() -> None:
    queue = Queue(due=cards("d", 2), new=cards("n", 2), learning=cards("l", 1, due=10))

    assert queue.pick(5, only_learning=True) is None
    assert queue.pick(10, only_learning=True) == Waiting("l0", "note-l0", 10)


def test_a_sibling_steps_back_while_anything_else_waits() -> None:
    twins = (Waiting("a1", "a"), Waiting("a2", "a"), Waiting("b", "b"))
    queue = Queue(due=twins, due_total=3)

    assert [card.card_id for card in drained(queue)] == ["a1", "b", "a2"]


def test_siblings_alone_are_asked_in_the_end() -> None:
    queue = Queue(due=(Waiting("a1", "a"), Waiting("a2", "a")), due_total=2)

    assert [card.card_id for card in drained(queue)] == ["a1", "a2"]


def test_a_buried_card_leaves_without_a_trace() -> None:
    queue = Queue(due=(Waiting("a1", "a"), Waiting("b", "b")), due_total=2, last_note="x")

    assert queue.without("a1", asked=False).last_note == "x"
    assert queue.without("nobody") == queue


lines = st.lists(
    st.builds(Waiting, st.uuids().map(str), st.sampled_from("abcdef"), st.integers(0, 2000)),
    unique_by=lambda card: card.card_id,
    max_size=30,
)


@given(lines, lines, lines)
def test_every_card_is_asked_exactly_once(
    due: list[Waiting], new: list[Waiting], learning: list[Waiting]
) -> None:
    ordered = tuple(sorted(learning, key=lambda card: card.due))
    queue = Queue(tuple(due), tuple(new), ordered, len(due), len(new))

    asked = drained(queue, now=2000)

    assert sorted(asked) == sorted([*due, *new, *learning])


@given(lines, st.integers(0, 10), st.sets(st.sampled_from("abcdef")))
def test_new_cards_keep_to_the_limit_and_to_one_a_note(
    new: list[Waiting], room: int, touched: set[str]
) -> None:
    chosen = one_a_note(new, touched, room)

    notes = [card.note_id for card in chosen]
    assert len(chosen) <= room
    assert len(notes) == len(set(notes))
    assert not touched & set(notes)
    if len(chosen) < room:
        assert {card.note_id for card in new} - touched == set(notes)


@given(lines, lines)
def test_more_cards_from_the_file_are_never_doubled(
    first: list[Waiting], second: list[Waiting]
) -> None:
    queue = Queue(due=tuple(first)).with_more([*second, *first])

    assert len(queue.due) == len({card.card_id for card in [*first, *second]})


def test_what_is_wanted_soon_comes_before_new_and_due() -> None:
    queue = Queue(
        due=(Waiting("d", "d"),), new=(Waiting("n", "n"),), due_total=1, new_total=1,
        soon=(Waiting("s", "s"), Waiting("t", "t")),
    )  # fmt: skip
    asked = []
    while (card := queue.pick(0)) is not None:
        asked.append(card.card_id)
        queue = queue.without(card.card_id)
    assert asked[:2] == ["s", "t"]
    assert set(asked) == {"d", "n", "s", "t"}
    assert queue.pick(0, only_learning=True) is None
