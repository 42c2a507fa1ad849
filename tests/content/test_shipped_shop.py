"""The shipped months of the shop: faithful in both languages, and enough happens everywhere."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.penalties.books import CONTENT, PLATFORMS
from tests.penalties.shop.months import shipped_world
from trainer.penalties.shop.world import ROLES, TRIGGERS
from trainer.services.shop_authoring import lint_shop_files

WORLD = shipped_world()


def test_nothing_is_wrong_with_the_shipped_events() -> None:
    files = sorted((CONTENT / "shop").rglob("*.md"))

    assert lint_shop_files(CONTENT, files) == []


def test_the_template_can_be_copied_into_the_shop(tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(CONTENT / "platforms", content / "platforms")
    shutil.copytree(CONTENT / "shop", content / "shop")
    own = []
    for name in ("shop-events.md", "shop-events.zh.md"):
        own.append(content / "shop" / name)
        shutil.copy(CONTENT / "template" / name, own[-1])

    assert lint_shop_files(content, own) == []


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_platform_can_be_played_with_all_goods(platform: str) -> None:
    for product in WORLD.products.values():
        events = WORLD.events_for(platform, product)
        assert {event.trigger for event in events} >= {"lost", "late", "faulty", "out-of-stock"}
        assert WORLD.ways_for(product)
    assert sum(event.drawn for event in WORLD.events.values() if platform in event.platforms) >= 4


def test_all_roles_and_triggers_have_something_to_do() -> None:
    assert {event.role for event in WORLD.events.values()} == set(ROLES)
    assert {event.trigger for event in WORLD.events.values()} >= set(TRIGGERS)


def test_the_wrong_way_tempts_and_the_right_one_costs() -> None:
    """A wrong decision that costs more time than the right one tempts nobody."""
    tempting = Counter(
        min(one.effects.minutes for one in event.choices if not one.right)
        <= max(one.effects.minutes for one in event.choices if one.right)
        or any(one.effects.demand > 0 or one.effects.cents > 0 for one in event.choices)
        for event in WORLD.events.values()
        if any(not one.right for one in event.choices)
    )

    assert tempting[True] >= tempting.total() * 0.7
