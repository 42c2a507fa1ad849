"""The `Shop:` line of a case: `aliexpress, 40 orders a day, 6 points on the ip track, 3000 USD`."""

import re
from dataclasses import dataclass
from datetime import date

from trainer.penalties.charges import CURRENCIES

_PARTS = re.compile("[,，;；、]")
_PLATFORM = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ORDERS = re.compile(
    r"([0-9]{1,9}) ?orders? (?:a|per) day|(?:每天|每日|日均) ?([0-9]{1,9}) ?[单笔]"
)
_STANDING = re.compile(
    r"([0-9]{1,9}) ?(?:points?|strikes?|cards?|warnings?) on (?:the )?([a-z0-9-]+)(?: track)?"
    r"|([a-z0-9-]+) ?(?:轨道|积分|记录|账)? ?(?:已?有|记|扣)? ?([0-9]{1,9}) ?[分次张]"
)
_CURRENCY = "|".join(sorted(map(re.escape, CURRENCIES), key=len, reverse=True))
_MONEY = re.compile(
    rf"(?:({_CURRENCY}) ?([0-9]{{1,9}})|([0-9]{{1,9}}) ?({_CURRENCY}))", re.IGNORECASE
)
_METRIC = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*) ([0-9]{1,7})/([0-9]{1,7})")
_DAY = re.compile(r"(?:on )?([0-9]{4}-[0-9]{2}-[0-9]{2})")


@dataclass(frozen=True, slots=True)
class ShopLine:
    """How a case begins: the platform and what stands against the shop, by track id."""

    platform: str
    orders_a_day: int | None = None
    standing: tuple[tuple[str, int], ...] = ()
    unread: tuple[str, ...] = ()  # pieces that say none of this
    money: int | None = None  # what is in the till
    currency: str = ""
    metrics: tuple[tuple[str, int, int], ...] = ()  # metric id, part, whole
    day: date | None = None  # when the story begins


def parse_shop(text: str) -> ShopLine:
    """The shop in `text`, English or Chinese. `platform` is "" when it begins with none."""
    parts = [part.strip().rstrip(".。") for part in _PARTS.split(text)]
    platform = parts[0] if _PLATFORM.fullmatch(parts[0]) else ""
    orders: int | None = None
    standing: list[tuple[str, int]] = []
    money: int | None = None
    currency = ""
    metrics: list[tuple[str, int, int]] = []
    day: date | None = None
    unread: list[str] = []
    for part in parts[1:] if platform else parts:
        if found := _ORDERS.fullmatch(part):
            orders = int(found[1] or found[2])
        elif found := _MONEY.fullmatch(part):
            money = int(found[2] or found[3])
            currency = CURRENCIES[(found[1] or found[4]).lower()]
        elif found := _METRIC.fullmatch(part):
            metrics.append((found[1], int(found[2]), int(found[3])))
        elif (found := _DAY.fullmatch(part)) and (written := _day(found[1])):
            day = written
        elif found := _STANDING.fullmatch(part):
            standing.append((found[2] or found[3], int(found[1] or found[4])))
        elif part:
            unread.append(part)
    return ShopLine(
        platform,
        orders,
        tuple(standing),
        tuple(unread),
        money,
        currency,
        tuple(metrics),
        day,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
