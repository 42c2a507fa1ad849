"""What a breach costs in money, as tables write it: "20 % of the order value, at least US$1"."""

import re
from dataclasses import dataclass
from fractions import Fraction

CURRENCIES = {
    "us$": "USD", "usd": "USD", "$": "USD", "美元": "USD",
    "cny": "CNY", "rmb": "CNY", "¥": "CNY", "人民币": "CNY", "元": "CNY",
    "eur": "EUR", "€": "EUR", "欧元": "EUR", "gbp": "GBP", "£": "GBP", "英镑": "GBP",
}  # fmt: skip

_CURRENCY = "|".join(sorted(map(re.escape, CURRENCIES), key=len, reverse=True))
_MONEY = re.compile(
    rf"(?P<before>{_CURRENCY})?\s*(?P<number>[0-9][0-9,]*(?:\.[0-9]+)?)\s*(?P<after>{_CURRENCY})?",
    re.IGNORECASE,
)
_SHARE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*[%％]")
_WHOLE = re.compile(
    r"(?:order value|value of the order|the loss|订单金额|订单价值|损失)", re.IGNORECASE
)
_DOUBLE = re.compile(r"(?:double|twice|双倍|两倍|加倍)", re.IGNORECASE)
_LEAST = re.compile(r"(?:at least|not less than|最低|至少|不低于)\s*$", re.IGNORECASE)
_MOST = re.compile(r"(?:at most|not more than|no more than|封顶|上限|不超过)\s*$", re.IGNORECASE)
_UP_TO = re.compile(r"(?:up to|最高|最多)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Bill:
    """Money, from `low` to `high` where the rule leaves the sum open."""

    low: Fraction
    high: Fraction
    currency: str


@dataclass(frozen=True, slots=True)
class Charge:
    """A price in money: `sum` for each piece, and a `share` of what the piece is worth.

    `up_to` says that `sum` is the most the platform takes for a piece. `least` holds for each
    piece, `most` for all of them together.
    """

    currency: str
    sum: Fraction = Fraction(0)
    share: Fraction = Fraction(0)  # 1/5 for 20 %
    least: Fraction = Fraction(0)
    most: Fraction | None = None
    up_to: bool = False

    def of(self, value: Fraction | None = None, count: int = 1) -> Bill | None:
        """The bill for `count` pieces worth `value` each. None when a share needs a value."""
        if self.share and value is None:
            return None
        piece = max(self.sum + self.share * (value or 0), self.least)
        high = piece * count
        if self.most is not None:
            high = min(high, self.most)
        return Bill(Fraction(0) if self.up_to else high, high, self.currency)


def parse_charge(text: str) -> Charge | None:
    """The price in `text`, English or Chinese; None when it names no sum to compute with.

    Knows "US$50 per order", "order value + US$500", "20 % of the order value, at least US$1",
    "up to US$10 per violation", "US$3,000 per product, at most US$30,000", "double the loss".
    """
    share = Fraction(0)
    percent = _SHARE.search(text)
    if percent:
        share = Fraction(percent[1]) / 100
    elif _WHOLE.search(text):
        share = Fraction(2 if _DOUBLE.search(text) else 1)
    currency, up_to = "", False
    amount, least = Fraction(0), Fraction(0)
    most: Fraction | None = None
    for found in _MONEY.finditer(text):
        named = found["before"] or found["after"]
        if not named:
            continue
        currency = CURRENCIES[named.lower()]
        number = Fraction(found["number"].replace(",", ""))
        leading = text[: found.start()]
        if _LEAST.search(leading):
            least = number
        elif _MOST.search(leading):
            most = number
        else:
            amount = number
            up_to = bool(_UP_TO.search(leading))
    if not currency and not share:
        return None
    return Charge(currency, amount, share, least, most, up_to)
