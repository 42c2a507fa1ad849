"""The `Shop:` line of a case: `aliexpress, 40 orders a day, 6 points on the ip track`."""

import re
from dataclasses import dataclass

_PARTS = re.compile("[,，;；、]")
_PLATFORM = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ORDERS = re.compile(
    r"([0-9]{1,9}) ?orders? (?:a|per) day|(?:每天|每日|日均) ?([0-9]{1,9}) ?[单笔]"
)
_STANDING = re.compile(
    r"([0-9]{1,9}) ?(?:points?|strikes?|cards?|warnings?) on (?:the )?([a-z0-9-]+)(?: track)?"
    r"|([a-z0-9-]+) ?(?:轨道|积分|记录|账)? ?(?:已?有|记|扣)? ?([0-9]{1,9}) ?[分次张]"
)


@dataclass(frozen=True, slots=True)
class ShopLine:
    """How a case begins: the platform and what stands against the shop, by track id."""

    platform: str
    orders_a_day: int | None = None
    standing: tuple[tuple[str, int], ...] = ()
    unread: tuple[str, ...] = ()  # pieces that say none of this


def parse_shop(text: str) -> ShopLine:
    """The shop in `text`, English or Chinese. `platform` is "" when it begins with none."""
    parts = [part.strip().rstrip(".。") for part in _PARTS.split(text)]
    platform = parts[0] if _PLATFORM.fullmatch(parts[0]) else ""
    orders: int | None = None
    standing: list[tuple[str, int]] = []
    unread: list[str] = []
    for part in parts[1:] if platform else parts:
        if found := _ORDERS.fullmatch(part):
            orders = int(found[1] or found[2])
        elif found := _STANDING.fullmatch(part):
            standing.append((found[2] or found[3], int(found[1] or found[4])))
        elif part:
            unread.append(part)
    return ShopLine(platform, orders, tuple(standing), tuple(unread))
