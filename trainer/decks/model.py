"""What a deck is: chapters of rules, the cards under them, penalty tables and branching cases."""

from typing import Literal

import msgspec

from trainer.cards.model import Card, Language, Value

Competence = Literal[
    "platform-rules", "logistics-finance", "product-knowledge", "foreign-language", "intercultural"
]
COMPETENCES: tuple[Competence, ...] = (
    "platform-rules",
    "logistics-finance",
    "product-knowledge",
    "foreign-language",
    "intercultural",
)
TableKind = Literal["track", "violations", "metrics", "tiers", "fines", "ladder"]
TABLE_KINDS: tuple[TableKind, ...] = (
    "track",
    "violations",
    "metrics",
    "tiers",
    "fines",
    "ladder",
)


class Source(Value, frozen=True):
    """Where a rule is written down. `date` is "2026-10", "2026-10-05", "2026", or "" (undated)."""

    title: str
    url: str = ""
    date: str = ""


class Row(Value, frozen=True):
    """A row of a penalty table: its cells as written, without the braces of the first."""

    row_id: str  # "" where the table names no rows
    cells: tuple[str, ...]
    line: int
    # frozen="7 days"; one without a value (`.closed`) has ""
    attributes: dict[str, str] = msgspec.field(default_factory=dict)


class PenaltyTable(Value, frozen=True):
    kind: TableKind
    table_id: str  # the id of the rule it stands under, for example "ip"
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    attributes: dict[str, str]  # window="365 days", track=ip, unit=points …
    line: int


class Rule(Value, frozen=True):
    """A rule: its prose and what a learner is shown after an answer."""

    rule_id: str  # "<deck id>#<rule>"
    language: Language
    title: str
    text: str  # Markdown without the key lines and cards, tables included
    line: int
    penalty: str = ""
    sources: tuple[Source, ...] = ()
    as_of: str = ""
    verify: str = ""  # why it still has to be verified; "" when it need not
    was: str = ""
    elsewhere: str = ""
    table: PenaltyTable | None = None
    tags: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()  # under which it is compared with other platforms: decks.topics
    topic_value: str = ""  # what it says about them, in a few words; "" for what it has in bold
    topic_name: str = ""  # what a topic of the deck's own is called


class ChoiceLink(Value, frozen=True):
    """One decision in a case."""

    text: str
    target: str  # step id
    right: bool
    reason: str
    attributes: dict[str, str]  # violation=counterfeit …
    line: int


class Step(Value, frozen=True):
    step_id: str
    title: str
    text: str
    choices: tuple[ChoiceLink, ...]
    line: int


class Scenario(Value, frozen=True):
    """A branching case. The first step is where it starts."""

    scenario_id: str  # "<deck id>#<scenario>"
    language: Language
    title: str
    text: str
    shop: str  # the Shop: line as written, "" if there is none
    steps: tuple[Step, ...]
    line: int


class Deck(Value, frozen=True):
    """One Markdown file, read."""

    deck_id: str  # "platforms/amazon/account-health": its path below content/, no language, no .md
    language: Language
    title: str
    introduction: str
    rules: tuple[Rule, ...]
    cards: tuple[Card, ...]  # in file order, only cards fit for study
    scenarios: tuple[Scenario, ...]
    subject: str = ""  # amazon | power-bank | logistics …
    subject_kind: Literal["platform", "product", "skill", ""] = ""
    competence: str = ""
    as_of: str = ""
    order: int = 0
    tags: tuple[str, ...] = ()
    zone: str = ""  # IANA name of the zone in which a platform counts its days
    left_out: tuple[str, ...] = ()  # note ids of cards, and ids of cases, that have an error
