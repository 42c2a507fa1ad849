"""What a month is played by, as a few letters: two months with the same digest, setup and moves
are the same month. Words do not count, so it is the same in every language."""

from hashlib import blake2b

import msgspec

from trainer.penalties.rulebook import Rulebook
from trainer.penalties.shop.rules import Rules
from trainer.penalties.shop.state import encoded
from trainer.penalties.shop.world import Event

_FORMAT = 1  # raised when the simulation itself moves on


def digest_of(rules: Rules) -> str:
    """16 hexadecimal digits."""
    world = rules.world
    platform = rules.setup.platform
    parts: list[object] = [
        _FORMAT,
        msgspec.structs.replace(rules.platform, title=""),
        msgspec.structs.replace(rules.product, title=""),
        [msgspec.structs.replace(way, title="") for way in world.ways.values()],
        rules.countings,
        [one for one in world.automatics if one.platform_id == platform],
        [one for one in world.levels if one.platform_id == platform],
        [one for one in world.unpriced if one.platform_id == platform],
        [_plot(event, platform) for _, event in sorted(rules.events.items())],
        _figures(rules.book),
    ]
    return blake2b(encoded(parts), digest_size=8).hexdigest()


def _plot(event: Event, platform: str) -> Event:
    """The event without its words, as it is on one platform."""
    on_platform = msgspec.structs.replace(event.platforms[platform], rule_id="", line=0)
    return msgspec.structs.replace(
        event,
        title="",
        text="",
        choices=tuple(
            msgspec.structs.replace(one, text="", reason="", line=0) for one in event.choices
        ),
        ignored=msgspec.structs.replace(event.ignored, text="", line=0),
        platforms={platform: on_platform},
        line=0,
        file="",
    )


def _figures(book: Rulebook) -> list[str]:
    """Everything in a rulebook that can move an account."""
    found = [
        repr((name, one.window, one.merge, one.most_a_day, one.start, one.ceiling, one.earns))
        + repr([(step.at, step.measures, step.every) for step in one.thresholds])
        for name, one in book.tracks.items()
    ]
    found += [
        repr((name, one.track_id, one.low, one.high, one.measures, one.also, one.family))
        + repr((one.from_time, one.since, one.until, one.list_id))
        for name, one in book.violations.items()
    ]
    found += [
        repr((name, one.charge, one.track_id, one.measures, one.also, one.since, one.until))
        for name, one in book.fines.items()
    ]
    found += [
        repr((name, one.sign, one.limit, one.spans, one.busy, one.tolerates, one.needs))
        for name, one in book.metrics.items()
    ]
    found += [
        repr((name, one.most_a_day, one.merge, one.repeats))
        for name, one in book.price_lists.items()
    ]
    return sorted(found)
