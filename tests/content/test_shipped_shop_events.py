"""The shipped events of the shop: enough everywhere, each can come, none gives itself away."""

from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest

from tests.penalties.books import PLATFORMS
from tests.penalties.shop.months import shipped_game, shipped_world
from trainer.penalties.shop.matters import plan
from trainer.penalties.shop.world import ROLES, TRIGGERS, Choice, Event

WORLD = shipped_world()
EVENTS = tuple(WORLD.events.values())
TRAITS = sorted({trait for product in WORLD.products.values() for trait in product.traits})
_SEEDS = 6
_COMMON = 0.06
"""No event may be more than so much of what is drawn on a platform."""
_ACT = 25
"""Matters drawn in a month of 30 days, about: with fewer events the last days are quiet."""


@cache
def drawn_on(platform: str) -> Counter[str]:
    """How often each event is drawn in a month of every product, with several seeds."""
    counts: Counter[str] = Counter()
    for product in WORLD.products:
        for seed in range(_SEEDS):
            game = shipped_game(platform, product, str(seed))
            for names in plan(game.rules).values():
                counts.update(names)
    return counts


def wrong(event: Event) -> Iterator[Choice]:
    return (choice for choice in event.choices if not choice.right)


def right(event: Event) -> Iterator[Choice]:
    return (choice for choice in event.choices if choice.right)


def test_there_are_sixty_events_and_more() -> None:
    assert len(EVENTS) >= 60


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_platform_has_events_of_its_own_and_work_for_every_role(platform: str) -> None:
    here = [event for event in EVENTS if platform in event.platforms]

    assert len(here) >= 25
    assert sum(len(event.platforms) == 1 for event in here) >= 5
    roles = Counter(event.role for event in here)
    assert min(roles[role] for role in ROLES) >= 8


@pytest.mark.parametrize("trait", TRAITS)
def test_every_trait_of_goods_makes_trouble_of_its_own(trait: str) -> None:
    names = {trait} | {name for name, product in WORLD.products.items() if trait in product.traits}

    assert sum(bool(names & set(event.goods)) for event in EVENTS) >= 3


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("product", WORLD.products)
def test_a_month_is_never_quiet(platform: str, product: str) -> None:
    events = WORLD.events_for(platform, WORLD.products[product])

    assert sum(event.drawn for event in events) >= _ACT


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_drawn_event_comes_and_none_comes_all_the_time(platform: str) -> None:
    counts = drawn_on(platform)
    meant = {event.event_id for event in EVENTS if event.drawn and platform in event.platforms}

    assert meant - set(counts) == set()
    name, number = counts.most_common(1)[0]
    assert number <= counts.total() * _COMMON, name


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.event_id)
def test_the_rest_is_called_by_something(event: Event) -> None:
    called = {
        platform
        for other in EVENTS
        for effects in other.effects()
        for follow in effects.follows
        if follow.event_id == event.event_id
        for platform in other.platforms
    }

    assert called <= set(event.platforms), "a consequence that would be lost on a platform"
    assert event.drawn or event.trigger in TRIGGERS or called


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.event_id)
def test_an_empty_till_never_forces_a_breach(event: Event) -> None:
    if event.ignored.effects.breaches:
        assert any(choice.effects.cents >= 0 for choice in right(event))


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.event_id)
def test_a_wrong_decision_costs_something_on_every_platform(event: Event) -> None:
    for choice in wrong(event):
        effects = choice.effects
        bad = (
            *(effects.follows, effects.hold, effects.refunds, effects.cancels, effects.disputes),
            *(effects.defects, effects.unresolved, effects.rating < 0, effects.demand < 0),
            effects.cents < 0,
        )
        for platform, here in event.platforms.items():
            breaches = [one for name in effects.breaches for one in here.breaches.get(name, ())]
            assert any(bad) or breaches, (choice.choice_id, platform)


def test_the_right_decision_does_not_give_itself_away() -> None:
    """Neither its place nor its length nor its price says which one is right."""
    asked = [event for event in EVENTS if any(wrong(event))]
    first = sum(event.choices[0].right for event in asked)
    longest = sum(max(event.choices, key=lambda one: len(one.text)).right for event in asked)
    dearest = sum(
        max(one.effects.cents for one in wrong(event))
        > min(one.effects.cents for one in right(event))
        for event in asked
    )

    assert first <= len(asked) * 0.7
    assert longest <= len(asked) * 0.7
    assert dearest <= len(asked) * 0.7
    assert sum(len(list(right(event))) > 1 for event in asked) >= 20
