"""Platforms side by side: under each topic what the tables and rules of each platform say."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from trainer.cards.family_words import Words
from trainer.cards.model import Language
from trainer.decks.model import Deck, Rule
from trainer.decks.plain_text import plain_text
from trainer.decks.rulebooks import rulebook_of
from trainer.decks.topics import TOPICS
from trainer.penalties.rulebook import Evaluation, Rulebook, Track
from trainer.penalties.spans import parse_spans
from trainer.penalties.windows import EVER

PLATFORMS = ("amazon", "ebay", "aliexpress", "wish", "dhgate", "alibaba", "made-in-china")
_BOLD = "**"


@dataclass(frozen=True, slots=True)
class Entry:
    """What one rule says under a topic. `row_id` names the row of its table, where one says it."""

    value: str
    rule_id: str
    title: str  # of the rule
    row_id: str = ""
    to_verify: bool = False


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic and what each platform says; a platform without such a rule is not in `cells`."""

    topic: str
    name: str
    cells: Mapping[str, tuple[Entry, ...]]

    def same_as(self, platform: str) -> tuple[str, ...]:
        """The other platforms of which one entry says the same as one of `platform`."""
        own = {folded(entry.value) for entry in self.cells.get(platform, ())}
        return tuple(
            other
            for other, entries in self.cells.items()
            if other != platform and any(folded(entry.value) in own for entry in entries)
        )

    @property
    def differs(self) -> bool:
        """Whether two platforms that have the rule do not say the same."""
        said = [frozenset(folded(one.value) for one in entries) for entries in self.cells.values()]
        return len(set(said)) > 1


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole matrix: rows in the order of the topics, a column for each of `platforms`."""

    platforms: tuple[str, ...]
    rows: tuple[TopicRow, ...]


def compare(platforms: Mapping[str, Sequence[Deck]], language: Language) -> Comparison:
    """The matrix of `platforms`: their decks of one language, by platform."""
    words = Words(language)
    names = [*(name for name in PLATFORMS if name in platforms)]
    names += sorted(name for name in platforms if name not in PLATFORMS)
    cells: dict[str, dict[str, list[Entry]]] = {}
    own_names: dict[str, str] = {}
    for name in names:
        rules = {rule.rule_id: rule for deck in platforms[name] for rule in deck.rules}
        book = rulebook_of(name, platforms[name])
        for topic, entry in (*_of_tables(book, rules, words), *_of_rules(rules.values(), words)):
            entries = cells.setdefault(topic, {}).setdefault(name, [])
            if all(folded(entry.value) != folded(other.value) for other in entries):
                entries.append(entry)
        for rule in rules.values():
            if rule.topic_name:
                own_names.update(
                    (topic, rule.topic_name) for topic in rule.topics if topic not in TOPICS
                )
    topics = [topic for topic in TOPICS if topic in cells]
    topics += sorted(topic for topic in cells if topic not in TOPICS)
    rows = tuple(
        TopicRow(
            topic,
            words.topic(topic, own_names.get(topic, "")),
            {name: tuple(entries) for name, entries in cells[topic].items()},
        )
        for topic in topics
    )
    return Comparison(tuple(names), rows)


def folded(value: str) -> str:
    """A value without what makes no difference to it."""
    return " ".join(value.casefold().split())


def _of_rules(rules: Iterable[Rule], words: Words) -> Iterator[tuple[str, Entry]]:
    for rule in rules:
        if rule.topics:
            value = rule.topic_value or _bold_in(rule.text) or rule.title
            entry = Entry(value, rule.rule_id, rule.title, to_verify=bool(rule.verify))
            for topic in rule.topics:
                yield topic, entry
        if rule.table is not None and rule.table.kind == "metrics":
            for row in rule.table.rows:
                topic = row.attributes.get("topic", "")
                if topic:
                    limit, window = row.cells[3], row.cells[2]
                    if parse_spans(window):
                        limit = words("limit-in", limit=limit, window=window)
                    yield (
                        topic,
                        Entry(limit, rule.rule_id, row.cells[0], row.row_id, bool(rule.verify)),
                    )


def _bold_in(text: str) -> str:
    """The first words in bold: what the rule itself holds for the most important."""
    _, _, rest = text.partition(_BOLD)
    bold, end, _ = rest.partition(_BOLD)
    return plain_text(bold).strip() if end else ""


def _of_tables(
    book: Rulebook, rules: Mapping[str, Rule], words: Words
) -> Iterator[tuple[str, Entry]]:
    def entry(value: str, rule_id: str) -> Entry:
        rule = rules[rule_id]
        return Entry(value, rule_id, rule.title, to_verify=bool(rule.verify))

    for track in book.tracks.values():
        for topic, value in _of_track(track, words):
            yield topic, entry(value, track.rule_id)
    for table_id, stages in book.tiers.items():
        if stages:
            titles = " · ".join(plain_text(stage.title) for stage in stages)
            yield "levels", entry(titles, stages[0].rule_id)
            evaluation = book.evaluations.get(table_id)
            said = rules[stages[0].rule_id].table
            if evaluation is not None and said is not None and "evaluated" in said.attributes:
                yield "level-day", entry(_day_of(evaluation, words), stages[0].rule_id)


def _of_track(track: Track, words: Words) -> Iterator[tuple[str, str]]:
    if track.falls:
        return
    closing = next((step.at for step in track.thresholds if step.closes), None)
    if closing is not None:
        topic = "strikes-close" if track.unit == "strikes" else "points-close"
        yield topic, words.amount(closing, track.unit)
    if track.thresholds:
        first = track.thresholds[0]
        at = words.amount(Fraction(first.at), track.unit)
        yield "first-step", words("step", at=at, words=first.consequence)
    if track.window != EVER:
        yield "point-window", words.window(track.window)


def _day_of(evaluation: Evaluation, words: Words) -> str:
    day = evaluation.evaluated
    return words("month-day", n=day) if day else words("month-end")
