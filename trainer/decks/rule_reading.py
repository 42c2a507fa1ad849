"""Makes rules of `##` headings: their prose, their key lines, their penalty table."""

import re
from collections.abc import Sequence
from difflib import get_close_matches

from trainer.cards.model import Language
from trainer.decks.attributes import NO_ATTRIBUTES, list_start, parse_attributes
from trainer.decks.front_matter import as_date
from trainer.decks.identity import provisional_name
from trainer.decks.model import TABLE_KINDS, PenaltyTable, Rule, Source, TableKind
from trainer.decks.names import Names, say_bad_pieces
from trainer.decks.numbers_in_text import differing_numbers
from trainer.decks.penalty_tables import TableReader, without_row_names
from trainer.decks.remarks import Remarks
from trainer.decks.sources import parse_source
from trainer.decks.table_attributes import HEADING
from trainer.decks.topics import ATTRIBUTES, FROM_HEADINGS, topics_said, unknown_topics

_KINDS: dict[str, TableKind] = {kind: kind for kind in TABLE_KINDS}
_THRESHOLD = re.compile(
    r"[0-9][0-9.,]*\s?(?:[%％‰]|points?\b|strikes?\b|(?:working |business )?(?:days?|hours?)\b"
    r"|USD|CNY|EUR|GBP|RMB|分|次|天|日内|小时|元|美元)"
)


class _Open:
    """A rule while it is read."""

    def __init__(self, line: int, rule_id: str, name: str, title: str) -> None:
        self.line = line
        self.rule_id = rule_id
        self.name = name
        self.title = title
        self.prose: list[str] = []
        self.keys: dict[str, str] = {}
        self.sources: list[Source] = []
        self.kind: TableKind | None = None
        self.attributes: dict[str, str] = {}
        self.table: PenaltyTable | None = None
        self.has_cards = False


class RuleReader:
    """Reads the rules of one deck, one open at a time."""

    def __init__(
        self,
        lines: Sequence[str],
        deck_id: str,
        language: Language,
        names: Names,
        remarks: Remarks,
    ) -> None:
        self.rules: list[Rule] = []
        self.rule_id = ""  # of the open rule, "" when none is open
        self._lines = lines
        self._deck_id = deck_id
        self._language: Language = language
        self._names = names
        self._remarks = remarks
        self._tables = TableReader(lines, remarks)
        self._open: _Open | None = None

    @property
    def row_names(self) -> list[str]:
        """The ids of the rows of all penalty tables so far."""
        return self._tables.row_names

    def begin(self, index: int, column: int) -> None:
        """Open the rule whose heading is line `index`; its text begins at `column`."""
        self.close()
        line = self._lines[index].rstrip()
        at = list_start(line)
        attributes = parse_attributes(line[at + 1 : -1]) if at >= column else NO_ATTRIBUTES
        title = _without_closing_marks(line[column : at if at >= column else len(line)])
        if not title:
            self._remarks.add("deck.empty-heading", index)
        name = attributes.name
        if not name or not self._names.take(name, index, at):
            name = self._names.provisional(provisional_name(title), index, misnamed=bool(name))
        rule = self._open = _Open(index, f"{self._deck_id}#{name}", name, title)
        self.rule_id = rule.rule_id
        rule.attributes = attributes.values
        say_bad_pieces(attributes, index, at, self._remarks)
        for word in attributes.classes:
            if word in _KINDS and rule.kind is None:
                rule.kind = _KINDS[word]
            else:
                known = ", ".join(TABLE_KINDS)
                self._remarks.add("deck.unknown-class", index, at, name=word, known=known)
        known_here = HEADING[rule.kind] if rule.kind else {}
        for key, value in attributes.values.items():
            meaning = known_here.get(key)
            if meaning is not None:
                if meaning.read(value) is None:
                    example = meaning.example
                    self._remarks.add(
                        "deck.bad-value", index, at, name=key, value=value, example=example
                    )
            elif key != "tags" and key not in ATTRIBUTES:
                self._remarks.add("deck.unknown-attribute", index, at, name=key)

        for topic in unknown_topics(attributes.values):
            near = get_close_matches(topic, FROM_HEADINGS, 1, 0.5)
            known = near[0] if near else ", ".join(FROM_HEADINGS)
            self._remarks.add("deck.unknown-topic", index, at, name=topic, known=known)

    def add_card(self) -> None:
        if self._open is not None:
            self._open.has_cards = True

    def add_prose(self, line: str) -> bool:
        """Whether a rule is open to take the line."""
        if self._open is None:
            return False
        self._open.prose.append(line)
        return True

    def take_table(self, index: int, end: int) -> int:
        """Read the table on line `index` when the open rule wants one: the line after it, or -1."""
        rule = self._open
        if rule is None or rule.kind is None or rule.table is not None:
            return -1
        said = {name: value for name, value in rule.attributes.items() if name not in ATTRIBUTES}
        rule.table, stop = self._tables.read(rule.kind, rule.name, said, index, end)
        rule.prose.extend(map(without_row_names, self._lines[index:stop]))
        return stop

    def take_key(self, index: int, key: str, value: str, column: int) -> None:
        """Use a key line of the open rule; `value` has the lines that go on with it too."""
        rule = self._open
        if rule is None:
            self._remarks.add("deck.key-outside-rule", index, key=key)
            return
        if rule.has_cards:
            self._remarks.add("deck.key-after-card", index, key=key)
        if not value:
            self._remarks.add("deck.key-empty", index, key=key)
        elif key == "Source":
            source, problem = parse_source(value)
            if problem == "bad-date":
                self._remarks.add("deck.bad-date", index, column, value=value)
            elif problem:
                self._remarks.add(f"deck.{problem}", index, column)
            rule.sources.append(source)
        elif key in rule.keys:
            self._remarks.add("deck.key-twice", index)
            rule.keys[key] += f"\n{value}"
        elif key == "As-of":
            date = as_date(value)
            if date is None:
                self._remarks.add("deck.bad-date", index, column, value=value)
            rule.keys[key] = date or ""
        else:
            rule.keys[key] = value

    def close(self) -> None:
        """Close the open rule, if any."""
        rule, self._open, self.rule_id = self._open, None, ""
        if rule is None:
            return
        text = "\n".join(rule.prose).strip()
        keys = rule.keys
        if rule.kind and rule.table is None:
            self._remarks.add("deck.no-table", rule.line, kind=rule.kind)
        if not rule.sources and not keys.get("Verify"):
            self._say_unsourced(rule, text)
        said = rule.attributes
        self._check_value(rule, text)
        self.rules.append(
            Rule(
                rule_id=rule.rule_id,
                language=self._language,
                title=rule.title,
                text=text,
                line=rule.line + 1,
                penalty=keys.get("Penalty", ""),
                sources=tuple(rule.sources),
                as_of=keys.get("As-of", ""),
                verify=keys.get("Verify", ""),
                was=keys.get("Was", ""),
                elsewhere=keys.get("Elsewhere", ""),
                table=rule.table,
                tags=tuple(said.get("tags", "").replace(",", " ").split()),
                topics=topics_said(said),
                topic_value=said.get("value", ""),
                topic_name=said.get("topic-name", ""),
            )
        )

    def _check_value(self, rule: _Open, text: str) -> None:
        """What is compared is taken from the rule: no number may stand in it alone."""
        value = rule.attributes.get("value", "")
        if not value:
            return
        if "topic" not in rule.attributes:
            self._remarks.add("deck.value-no-topic", rule.line)
        whole = "\n".join((rule.title, text, *rule.keys.values()))
        alone = differing_numbers(value, whole)[0]
        if alone:
            numbers = ", ".join(f"{float(number):g}" for number in sorted(alone))
            self._remarks.add("deck.value-not-in-rule", rule.line, numbers=numbers)

    def _say_unsourced(self, rule: _Open, text: str) -> None:
        spoken = f"{text}\n{rule.keys.get('Penalty', '')}"
        if rule.table is not None or _THRESHOLD.search(spoken):
            self._remarks.add("deck.threshold-no-source", rule.line)
        elif spoken.strip() or rule.has_cards:
            self._remarks.add("deck.rule-no-source", rule.line)


def _without_closing_marks(title: str) -> str:
    """`Title ##` as `Title`; the # of `C#` stays."""
    bare = title.rstrip().rstrip("#")
    return title.strip() if bare and not bare[-1].isspace() else bare.strip()
