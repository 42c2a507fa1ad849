"""Branching cases: steps, decisions, and whether every way leads to an end."""

from collections.abc import Mapping, Sequence

from trainer.cards.model import Language
from trainer.decks.attributes import NO_ATTRIBUTES, Attributes, list_start, parse_attributes
from trainer.decks.choice_attributes import CHOICE
from trainer.decks.model import ChoiceLink, Scenario, Step
from trainer.decks.remarks import Remarks
from trainer.decks.scanner import (
    CARD_KEYS,
    FENCES,
    after_fence,
    fence_at,
    heading_at,
    is_rule_off,
    key_at,
    option_at,
)
from trainer.decks.table_attributes import Meaning
from trainer.foundation.identifiers import SLUG, slug

_LINK_MARKS = str.maketrans("【】（）＃［］", "[]()#[]")
_NO_ATTRIBUTES: Mapping[str, Meaning] = {}


class _StepLines:
    """A step while it is read."""

    def __init__(self, line: int, title: str, name: str) -> None:
        self.line = line
        self.title = title
        self.name = name
        self.text: list[str] = []
        self.choices: list[ChoiceLink] = []


class ScenarioReader:
    """Reads one case: the lines from its heading to the next `##` heading."""

    def __init__(self, lines: Sequence[str], language: Language, remarks: Remarks) -> None:
        self._lines = lines
        self._language: Language = language
        self._remarks = remarks
        self._steps: list[_StepLines] = []
        self._by_name: dict[str, int] = {}  # index into _steps
        self._text: list[str] = []
        self._shop = ""

    def read(
        self, scenario_id: str, title: str, start: int, *, healthy: bool
    ) -> tuple[Scenario | None, int]:
        """The case whose heading is line `start`, or None when it has an error, and the line
        after it. `healthy` says that its heading is."""
        errors = self._remarks.errors
        end = self._take_lines(start + 1)
        self._check(start, errors)
        if self._remarks.errors != errors or not healthy:
            return None, end
        return (
            Scenario(
                scenario_id=scenario_id,
                language=self._language,
                title=title,
                text="\n".join(self._text).strip(),
                shop=self._shop,
                steps=tuple(map(_finished, self._steps)),
                line=start + 1,
            ),
            end,
        )

    def _take_lines(self, index: int) -> int:
        lines = self._lines
        while index < len(lines):
            line = lines[index]
            first = line[:1]
            if first == "#":
                heading = heading_at(line)
                if heading and heading[0] <= 2:
                    break
                if heading and heading[0] == 3:
                    self._begin_step(index, heading[1])
                    index += 1
                    continue
            elif first in FENCES and first:
                opening = fence_at(line)
                if opening:
                    index = self._take_fence(index, opening[0])
                    continue
            if first == "-" or first == "*" or first == "+" or line[:4].lstrip(" ")[:1] == "-":
                option = option_at(line)
                if option:
                    index = self._take_choice(index, *option)
                    continue
                if is_rule_off(line):
                    index += 1
                    continue
            self._take_text(index, line)
            index += 1
        return index

    def _take_text(self, index: int, line: str) -> None:
        found = key_at(line) if line else None
        if found and found[0] in CARD_KEYS:
            self._remarks.add("deck.card-in-scenario", index)
        elif found and found[0] == "Shop" and not self._steps:
            self._shop = line[found[1] :].strip()
            return
        (self._steps[-1].text if self._steps else self._text).append(line)

    def _take_fence(self, index: int, marks: str) -> int:
        following, closed = after_fence(self._lines, index, marks)
        if not closed:
            self._remarks.add("deck.fence-unclosed", index)
        text = self._steps[-1].text if self._steps else self._text
        text.extend(self._lines[index:following])
        return following

    def _begin_step(self, index: int, column: int) -> None:
        line = self._lines[index].rstrip()
        at = list_start(line)
        attributes = parse_attributes(line[at + 1 : -1]) if at >= 0 else NO_ATTRIBUTES
        title = line[column : at if at >= 0 else len(line)].strip()
        name = attributes.name
        if not name:
            name = slug(title, fallback="step")
            if name in self._by_name:
                name = f"{name}-{index + 1}"
            fix = self._remarks.fix(index, len(line), len(line), f" {{#{name}}}")
            self._remarks.add("deck.step-no-id", index, fix=fix)
        elif not SLUG.fullmatch(name):
            self._remarks.add("deck.bad-id", index, at, id=name)
        elif name in self._by_name:
            first = self._steps[self._by_name[name]].line + 1
            self._remarks.add("deck.duplicate-step", index, at, id=name, first=first)
        self._say_unknown(attributes, index, at, _NO_ATTRIBUTES)
        self._by_name.setdefault(name, len(self._steps))
        self._steps.append(_StepLines(index, title, name))

    def _take_choice(self, index: int, mark: str | bool, column: int) -> int:
        line = self._lines[index].rstrip()
        attributes, at = NO_ATTRIBUTES, list_start(line)
        if at >= column:
            attributes = parse_attributes(line[at + 1 : -1])
            self._say_unknown(attributes, index, at, CHOICE)
        text, target = _link(line[column : at if at >= column else len(line)].rstrip())
        if not isinstance(mark, bool):
            self._remarks.add("deck.option-mark", index, mark=mark)
        if not target:
            self._remarks.add("deck.choice-no-link", index, column)
        elif not text:
            self._remarks.add("deck.empty-option", index, column)
        reason, following = self._reason(index + 1)
        if not self._steps:
            self._remarks.add("deck.choice-before-step", index)
        else:
            self._steps[-1].choices.append(
                ChoiceLink(text, target, mark is True, reason, attributes.values, index + 1)
            )
        return following

    def _reason(self, index: int) -> tuple[str, int]:
        reasons: list[str] = []
        while index < len(self._lines):
            inner = self._lines[index].strip()
            if inner[:1] not in {">", "＞"}:
                break
            reasons.append(inner[1:].strip())
            index += 1
        return "\n".join(reasons), index

    def _say_unknown(
        self, attributes: Attributes, line: int, column: int, known: Mapping[str, Meaning]
    ) -> None:
        for piece in attributes.bad:
            self._remarks.add("deck.bad-attribute", line, column, piece=piece)
        for name, value in attributes.values.items():
            meaning = known.get(name)
            if meaning is None:
                self._remarks.add("deck.unknown-attribute", line, column, name=name)
            elif meaning.read(value) is None:
                example = meaning.example
                self._remarks.add(
                    "deck.bad-value", line, column, name=name, value=value, example=example
                )

    def _check(self, start: int, errors: int) -> None:
        if not self._steps:
            self._remarks.add("deck.scenario-no-steps", start)
            return
        for step in self._steps:
            for choice in step.choices:
                if choice.target and choice.target not in self._by_name:
                    line = choice.line - 1
                    column = max(self._lines[line].rfind(f"#{choice.target}"), 0)
                    self._remarks.add("deck.broken-link", line, column, target=choice.target)
            if step.choices and not any(choice.right for choice in step.choices):
                self._remarks.add("deck.step-no-right-choice", step.line)
            if not step.choices and not "".join(step.text).strip():
                self._remarks.add("deck.step-empty", step.line)
        if self._remarks.errors == errors:
            self._check_ways()

    def _check_ways(self) -> None:
        """Every step can be reached from the first, and an end from every step reached."""
        ways = [[self._by_name[c.target] for c in step.choices] for step in self._steps]
        reached = _closure(ways, [0])
        back: list[list[int]] = [[] for _ in ways]
        for index, targets in enumerate(ways):
            for target in targets:
                back[target].append(index)
        ends = [index for index, targets in enumerate(ways) if not targets]
        ending = _closure(back, ends)
        for index, step in enumerate(self._steps):
            if index not in reached:
                self._remarks.add("deck.step-unreachable", step.line, id=step.name)
            elif index not in ending:
                self._remarks.add("deck.step-never-ends", step.line, id=step.name)


def _closure(ways: Sequence[Sequence[int]], begin: Sequence[int]) -> set[int]:
    reached = set(begin)
    waiting = list(begin)
    while waiting:
        for target in ways[waiting.pop()]:
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    return reached


def _finished(step: _StepLines) -> Step:
    text = "\n".join(step.text).strip()
    return Step(step.name, step.title, text, tuple(step.choices), step.line + 1)


def _link(text: str) -> tuple[str, str]:
    """Text and step id of `[text](#step)`; the id is "" when it is no such link."""
    plain = text.translate(_LINK_MARKS)
    middle = plain.rfind("](#")
    if plain[:1] == "[" and middle > 0 and plain[-1:] == ")":
        return text[1:middle].strip(), plain[middle + 3 : -1].strip()
    return text, ""
