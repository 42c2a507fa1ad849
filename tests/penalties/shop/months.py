"""Months to play: with the shipped content, and in a small world that tests write themselves."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path, PurePosixPath

from tests.penalties.books import CONTENT, shipped_book, written_book
from trainer.decks.addresses import address_of
from trainer.decks.shop_files import ShopFile, read_shop_file, world_of
from trainer.foundation.source import Level
from trainer.penalties.shop.simulation import Game
from trainer.penalties.shop.state import Mode, Setup
from trainer.penalties.shop.world import World

_WORLD = """
## Platforms {#platforms .platforms}
| Platform | Begins | Orders | Units | Fee | Paid | Sent | Closed | Promised |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
| Somewhere {#somewhere} | 2026-11-02 | 10 | 1 | 10 % | 5 days | 2 | 4 | 20 |

## Goods {#goods .goods}
| Goods | Traits | Cost | Price | Faults | Demand |
| --- | --- | --- | --- | --- | --- |
| Lamp {#lamp} | electric | $5 | $20 | 2 % | 100 % |

## Ways {#ways .ways}
| Way | Price | Days | Lost | Tracked | Not |
| --- | --- | --- | --- | --- | --- |
| Line {#line} | $3 | 5-9 | 2 % | yes | battery |
| Post {#post} | $1 | 9-30 | 5 % | no | – |

## Counts {#counts .counts}
| Platform | Metric | Part | Whole | Then |
| --- | --- | --- | --- | --- |
| somewhere {demand=-20 closes=3} | late-rate | late | sent | closed |

## Automatic {#automatic .automatic}
| Platform | When | Breach | |
| --- | --- | --- | --- |
| somewhere | unfilled | not-sent | closed unsent |
| somewhere | cancelled | cancelled-order | cancelled |
"""
_BOOK = """
## Record {#record .track window="365 days"}
| Points | Then |
| --- | --- |
| 12 {frozen="7 days"} | Frozen for 7 days |
| 48 {.closed} | Closed |

Source: Help (2026-10)

## Acts {#acts .violations track=record}
| Act | Points |
| --- | --- |
| Cheating {#cheating} | 12 |
| Lying {#lying} | 48 |
| Not sent {#not-sent} | 2 |

Source: Help (2026-10)

## Fines {#fines .fines}
| Act | Sum | Remark |
| --- | --- | --- |
| Cancelled {#cancelled-order} | US$2 per order | |
| Rude {#rude} | no fixed sum | |

Source: Help (2026-10)

## Figures {#figures .metrics}
| Metric | Formula | Window | Limit | Then |
| --- | --- | --- | --- | --- |
| Late {#late-rate} | late / sent | 10 days | < 4 % | closed |

Source: Help (2026-10)
"""


@cache
def shipped_files() -> tuple[ShopFile, ...]:
    files = []
    for path in sorted((CONTENT / "shop").rglob("*.md")):
        address = address_of(path.relative_to(CONTENT))
        assert address is not None
        files.append(read_shop_file(path.read_bytes(), path, address))
    return tuple(files)


@cache
def shipped_world() -> World:
    return world_of(shipped_files(), "en")


def shipped_game(
    platform: str, product: str, seed: str = "1", days: int = 30, mode: Mode = "alone"
) -> Game:
    setup = Setup(platform, product, days, seed, mode)
    return Game(shipped_world(), shipped_book(platform), setup)


def own_game(
    events: str, *, seed: str = "1", days: int = 30, mode: Mode = "alone", extra: str = ""
) -> Game:
    """A month on a small platform of its own, with the `events` given."""
    world = world_of(own_files(events + extra), "en")
    return Game(world, written_book(_BOOK), Setup("somewhere", "lamp", days, seed, mode))


def own_files(events: str) -> Sequence[ShopFile]:
    address = address_of(PurePosixPath("shop/events.md"))
    assert address is not None
    file = read_shop_file(_WORLD + events, Path("events.md"), address)
    errors = [one.code for one in file.findings if one.level is Level.ERROR]
    assert errors == []
    return [file]


def event(name: str, braces: str, *choices: str, ignored: str = "", breach: str = "") -> str:
    """An event on the small platform, whose one breach is called `bad`."""
    lines = [f"## {name} {{#{name} role=operations from=team {braces}}}", "", "Text.", ""]
    for choice in choices:
        lines += [choice, "  > Why."]
    lines += ["", f"Ignored: Nothing. {{{ignored}}}" if ignored else ""]
    lines += ["| Platform | bad | Rule |", "| --- | --- | --- |"]
    lines += [
        f"| somewhere | {breach or '–'} | [R](../platforms/somewhere/points.md#acts) |",
        "",
        "",
    ]
    return "\n".join(lines)
