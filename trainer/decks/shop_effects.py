"""The braces of the shop's events: what a heading, a choice or a passed deadline says in them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from trainer.decks.attributes import Attributes
from trainer.decks.remarks import Remarks
from trainer.foundation.identifiers import SLUG
from trainer.penalties.shop.world import (
    FIGURES,
    ROLES,
    SENDERS,
    TRIGGERS,
    Effects,
    Figure,
    Follow,
    Need,
    Sign,
)

_NUMBER = re.compile(r"[-+−]?[0-9]{1,6}(?:\.[0-9]{1,2})?")
_DAYS = re.compile(r"([0-9]{1,2})\s*(?:[-–—~至]\s*([0-9]{1,2}))?")
_FOLLOW = re.compile(r"([a-z0-9-]+)@([0-9]{1,2})(?::([0-9]{1,3})[%％])?")
_NEED = re.compile(r"([a-z]+)\s*(<=|>=|<|>|≤|≥)\s*([0-9]{1,7})")
_SIGNS: dict[str, Sign] = {"<": "<", "<=": "<=", "≤": "<=", ">": ">", ">=": ">=", "≥": ">="}

EFFECT_KEYS = (
    "time", "money", "stock", "refund", "cancel", "dispute", "defect", "unresolved", "demand",
    "for", "hold", "rating", "violation", "found", "after", "then",
)  # fmt: skip
EVENT_KEYS = (
    "role", "from", "days", "weight", "within", "goods", "needs", "again", "trigger",
)  # fmt: skip
EVENT_CLASSES = ("follow",)


@dataclass(frozen=True, slots=True)
class EventHead:
    """What the braces of an event's heading say."""

    role: str = ""
    sender: str = ""
    days: tuple[int, int] = (1, 90)
    weight: int = 1
    within: int = 2
    goods: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    again: int = 0
    trigger: str = ""
    follow_only: bool = False


class BraceReader:
    """Reads the braces that stand on one line; what is wrong with them is said there."""

    def __init__(self, remarks: Remarks, line: int, column: int) -> None:
        self._remarks = remarks
        self._line = line
        self._column = max(column, 0)

    def head(self, attributes: Attributes) -> EventHead:
        self._say_unknown(attributes, EVENT_KEYS, EVENT_CLASSES)
        said = attributes.values
        return EventHead(
            role=self._one_of("role", said, ROLES),
            sender=self._one_of("from", said, SENDERS),
            days=self._days(said),
            weight=self._whole("weight", said, 1),
            within=self._whole("within", said, 2),
            goods=names_in(said.get("goods", "")),
            needs=self._needs(said),
            again=self._whole("again", said, 0),
            trigger=self._one_of("trigger", said, TRIGGERS),
            follow_only="follow" in attributes.classes,
        )

    def effects(self, attributes: Attributes) -> Effects:
        self._say_unknown(attributes, EFFECT_KEYS, ())
        said = attributes.values
        return Effects(
            minutes=self._scaled("time", said, 60),
            cents=self._scaled("money", said, 100),
            stock=self._scaled("stock", said, 1),
            refunds=self._whole("refund", said, 0),
            cancels=self._whole("cancel", said, 0),
            disputes=self._whole("dispute", said, 0),
            defects=self._whole("defect", said, 0),
            unresolved=self._whole("unresolved", said, 0),
            demand=self._scaled("demand", said, 1),
            demand_days=self._whole("for", said, 7 if "demand" in said else 0),
            hold=self._whole("hold", said, 0),
            rating=self._scaled("rating", said, 100),
            breaches=names_in(said.get("violation", "")),
            found=min(100, self._whole("found", said, 100)),
            after=self._whole("after", said, 0),
            follows=self._follows(said),
        )

    def _say_unknown(
        self, attributes: Attributes, keys: tuple[str, ...], classes: tuple[str, ...]
    ) -> None:
        for piece in attributes.bad:
            self._say("bad-attribute", piece=piece)
        for name in attributes.values:
            if name not in keys:
                self._say("unknown-attribute", name=name, known=", ".join(keys))
        for name in attributes.classes:
            if name not in classes:
                self._say("unknown-class", name=name)

    def _one_of(self, name: str, said: Mapping[str, str], known: tuple[str, ...]) -> str:
        value = said.get(name, "")
        if value and value not in known:
            self._bad(name, value)
            return ""
        return value

    def _whole(self, name: str, said: Mapping[str, str], otherwise: int) -> int:
        value = said.get(name)
        if value is None:
            return otherwise
        plain = value.rstrip("%％").strip()
        if not (plain.isascii() and plain.isdigit() and len(plain) <= 6):
            self._bad(name, value)
            return otherwise
        return int(plain)

    def _scaled(self, name: str, said: Mapping[str, str], scale: int) -> int:
        value = said.get(name)
        if value is None:
            return 0
        number = scaled_number(value.rstrip("%％").strip(), scale)
        if number is None or (name == "time" and number < 0):
            self._bad(name, value)
            return 0
        return number

    def _days(self, said: Mapping[str, str]) -> tuple[int, int]:
        value = said.get("days", "")
        if not value:
            return 1, 90
        found = _DAYS.fullmatch(value)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if not 1 <= first <= last <= 90:
            self._bad("days", value)
            return 1, 90
        return first, last

    def _needs(self, said: Mapping[str, str]) -> tuple[Need, ...]:
        needs = []
        for piece in filter(None, (one.strip() for one in said.get("needs", "").split(","))):
            found = _NEED.fullmatch(piece)
            figure = next((one for one in FIGURES if found and one == found[1]), None)
            if found is None or figure is None:
                self._bad("needs", piece)
                continue
            figure_name: Figure = figure
            needs.append(Need(figure_name, _SIGNS[found[2]], int(found[3])))
        return tuple(needs)

    def _follows(self, said: Mapping[str, str]) -> tuple[Follow, ...]:
        follows = []
        for piece in said.get("then", "").replace(",", " ").split():
            found = _FOLLOW.fullmatch(piece)
            if found is None or int(found[3] or 100) > 100:
                self._bad("then", piece)
                continue
            follows.append(Follow(found[1], int(found[2]), int(found[3] or 100)))
        return tuple(follows)

    def _bad(self, name: str, value: str) -> None:
        self._say("bad-value", name=name, value=value)

    def _say(self, code: str, /, **blanks: object) -> None:
        self._remarks.add(f"shop-file.{code}", self._line, self._column, fix=None, **blanks)


def names_in(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").replace("，", " ").split())


def scaled_number(text: str, scale: int) -> int | None:
    """ "1.5" at a scale of 100 is 150; None when it is no number."""
    if not _NUMBER.fullmatch(text):
        return None
    sign = -1 if text[0] in "-−" else 1
    whole, _, decimals = text.lstrip("-−+").partition(".")
    return sign * (int(whole) * scale + int(decimals.ljust(2, "0") or 0) * scale // 100)


def is_name(text: str) -> bool:
    return SLUG.fullmatch(text) is not None
