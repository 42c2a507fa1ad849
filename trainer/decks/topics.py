"""Topics under which platforms are compared: which there are, and what a heading says of one."""

from collections.abc import Mapping

from trainer.foundation.identifiers import SLUG

# In the order in which they are shown. A deck may bring one of its own: see `topic-name`.
FROM_TABLES = (
    "points-close",
    "strikes-close",
    "point-window",
    "level-day",
    "levels",
    "first-step",
)
"""Topics whose cells come from the penalty tables by themselves."""
FROM_HEADINGS = (
    "dispatch-deadline",
    "late-limit",
    "tracking-limit",
    "cancel-limit",
    "defect-limit",
    "reply-time",
    "dispute-window",
    "dispute-answer",
    "return-send",
    "appeal-deadline",
    "ip-answer",
    "counter-notice-wait",
    "off-platform",
    "payout",
    "closure-funds",
    "commission",
    "membership-fee",
    "deposit",
    "accounts",
)
TOPICS = (*FROM_TABLES, *FROM_HEADINGS)

WHICH = ".which-"
"""Stands in the ids of cards that ask which platform, between rule and topic."""
COMPARISON = "comparison"
"""The subject of these cards: that of their rule would tell the answer."""

ATTRIBUTES = frozenset({"topic", "value", "topic-name"})
"""What the braces of a rule may say about comparing."""


def topics_said(attributes: Mapping[str, str]) -> tuple[str, ...]:
    """The topics in `topic="dispatch-deadline, payout"`."""
    return tuple(attributes.get("topic", "").replace(",", " ").split())


def unknown_topics(attributes: Mapping[str, str]) -> tuple[str, ...]:
    """Those that nobody has named: neither the program nor a `topic-name` in the same braces."""
    named = bool(attributes.get("topic-name"))
    return tuple(
        topic
        for topic in topics_said(attributes)
        if topic not in FROM_HEADINGS and not (named and SLUG.fullmatch(topic))
    )
