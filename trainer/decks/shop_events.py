"""The events of the simulated shop as Markdown: a heading, a story, choices, and a table that
says what each breach is called on each platform."""

import posixpath
import re
from collections.abc import Sequence
from typing import cast

from trainer.decks.attributes import NO_ATTRIBUTES, Attributes, list_start, parse_attributes
from trainer.decks.remarks import Remarks
from trainer.decks.scanner import heading_at, is_rule_off, option_at
from trainer.decks.shop_effects import BraceReader, EventHead, is_name
from trainer.decks.tables import cells_of, is_delimiter, table_end
from trainer.penalties.shop.world import (
    Breach,
    Choice,
    Event,
    Ignored,
    OnPlatform,
    Role,
    Sender,
    Trigger,
)

BLANKS = ("product", "count", "price", "platform")
"""What `{…}` in the text of an event may stand for."""

_IGNORED = re.compile(r"(?:Ignored|逾期)[ \t\u3000]?[:：][ \t\u3000]*+")
_BLANK = re.compile(r"\{([a-z-]+)\}")
_BREACH = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)(?:\s*[(（]([0-9]+(?:\.[0-9]+)?)[)）])?")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_NOTHING = frozenset({"", "-", "–", "—", "无"})
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class EventReader:
    """Reads one event: the lines from its heading to the next heading of its level."""

    def __init__(self, lines: Sequence[str], folder: str, remarks: Remarks) -> None:
        """`folder` is that of the file below the content folder: rule links are relative."""
        self._lines = lines
        self._folder = folder
        self._remarks = remarks
        self._text: list[str] = []
        self._choices: list[Choice] = []
        self._ignored = Ignored()
        self._platforms: dict[str, OnPlatform] = {}
        self._names: list[str] = []  # columns of the table

    def read(
        self, name: str, title: str, attributes: Attributes, start: int, file: str
    ) -> tuple[Event | None, int]:
        """The event whose heading is line `start` (None when it has an error), and the line
        after it."""
        errors = self._remarks.errors
        head = BraceReader(self._remarks, start, self._brace(start)).head(attributes)
        end = self._take_lines(start + 1)
        self._check(head, start)
        if self._remarks.errors != errors or not name:
            return None, end
        return self._event(name, title, head, start, file), end

    def _event(self, name: str, title: str, head: EventHead, start: int, file: str) -> Event:
        return Event(
            event_id=name,
            title=title,
            text="\n".join(self._text).strip(),
            role=cast("Role", head.role),
            sender=cast("Sender", head.sender),
            choices=tuple(self._choices),
            platforms=self._platforms,
            first_day=head.days[0],
            last_day=head.days[1],
            weight=head.weight,
            within=head.within,
            goods=head.goods,
            needs=head.needs,
            again=head.again,
            trigger=cast("Trigger", head.trigger),
            follow_only=head.follow_only,
            ignored=self._ignored,
            line=start + 1,
            file=file,
        )

    def _take_lines(self, index: int) -> int:
        lines = self._lines
        while index < len(lines):
            line = lines[index]
            heading = heading_at(line) if line[:1] == "#" else None
            if heading and heading[0] <= 2:
                break
            option = option_at(line)
            ignored = _IGNORED.match(line)
            if option:
                index = self._take_choice(index, *option)
            elif ignored:
                index = self._take_ignored(index, ignored.end())
            elif line[:1] == "|" and self._choices:
                index = self._take_table(index)
            else:
                if not is_rule_off(line):
                    self._take_text(index, line)
                index += 1
        return index

    def _take_text(self, index: int, line: str) -> None:
        for blank in _BLANK.finditer(line):
            if blank[1] not in BLANKS:
                self._say("unknown-blank", index, blank.start(), blank=blank[1])
        self._text.append(line)

    def _take_choice(self, index: int, mark: str | bool, column: int) -> int:
        text, attributes = self._with_braces(index, column)
        if not isinstance(mark, bool):
            self._say("choice-mark", index, mark=mark)
        if not text:
            self._say("empty-choice", index)
        effects = BraceReader(self._remarks, index, self._brace(index)).effects(
            Attributes("", attributes.classes, attributes.values, attributes.bad)
        )
        reason, following = self._quoted(index + 1)
        if not reason:
            self._say("no-reason", index)
        name = attributes.name or _LETTERS[len(self._choices) % len(_LETTERS)]
        if not is_name(name):
            self._say("bad-id", index, self._brace(index), id=name)
        elif any(one.choice_id == name for one in self._choices):
            self._say("duplicate-id", index, self._brace(index), id=name, first=index + 1)
        self._choices.append(Choice(name, text, mark is True, reason, effects, index + 1))
        return following

    def _take_ignored(self, index: int, column: int) -> int:
        text, attributes = self._with_braces(index, column)
        effects = BraceReader(self._remarks, index, self._brace(index)).effects(attributes)
        if effects.minutes:
            self._say("bad-value", index, self._brace(index), name="time", value=effects.minutes)
        self._ignored = Ignored(text, effects, index + 1)
        return index + 1

    def _quoted(self, index: int) -> tuple[str, int]:
        quoted: list[str] = []
        while index < len(self._lines):
            inner = self._lines[index].strip()
            if inner[:1] not in {">", "＞"}:
                break
            quoted.append(inner[1:].strip())
            index += 1
        return "\n".join(quoted), index

    # What the breaches are called on the platforms

    def _take_table(self, start: int) -> int:
        lines = self._lines
        end = table_end(lines, start, len(lines))
        header = cells_of(lines[start])
        first = start + 1
        if first < end and is_delimiter(lines[first]):
            first += 1
        if len(header) < 2:
            self._say("table-columns", start, number=len(header), wanted=2)
            return end
        self._names = header[1:-1]
        for place in range(first, end):
            self._take_platform(place)
        return end

    def _take_platform(self, index: int) -> None:
        cells = cells_of(self._lines[index])
        wanted = len(self._names) + 2
        if len(cells) != wanted:
            self._say("table-columns", index, number=len(cells), wanted=wanted)
            return
        breaches = {
            name: found
            for name, cell in zip(self._names, cells[1:-1], strict=True)
            if (found := self._breaches(index, cell))
        }
        rule_id = self._rule(index, cells[-1])
        if cells[0] in self._platforms:
            first = self._platforms[cells[0]].line
            self._say("duplicate-id", index, id=cells[0], first=first)
        self._platforms[cells[0]] = OnPlatform(breaches, rule_id, index + 1)

    def _breaches(self, index: int, cell: str) -> tuple[Breach, ...]:
        if cell in _NOTHING:
            return ()
        found = []
        for piece in (one.strip() for one in cell.replace("，", ",").split(",")):
            match = _BREACH.fullmatch(piece)
            if match is None:
                self._say("bad-cell", index, self._column(index, piece), value=piece)
                continue
            found.append(Breach(match[1], match[2] or ""))
        return tuple(found)

    def _rule(self, index: int, cell: str) -> str:
        if cell in _NOTHING:
            return ""
        link = _LINK.search(cell)
        path, _, name = link[1].partition("#") if link else ("", "", "")
        if not path.endswith(".md") or not name:
            self._say("bad-cell", index, self._column(index, cell), value=cell)
            return ""
        whole = posixpath.normpath(posixpath.join(self._folder, path))
        return f"{whole.removesuffix('.md').removesuffix('.zh')}#{name}"

    # Whether it makes sense

    def _check(self, head: EventHead, start: int) -> None:
        if not head.role:
            self._say("no-role", start)
        if not head.sender:
            self._say("no-sender", start)
        if not "".join(self._text).strip():
            self._say("no-text", start)
        if not self._choices:
            self._say("no-choices", start)
        elif not any(one.right for one in self._choices):
            self._say("no-right-choice", start)
        elif len(self._choices) > 1 and all(one.right for one in self._choices):
            self._say("all-choices-right", start)
        if not self._platforms:
            self._say("no-platforms", start)
        for platform, on_platform in self._platforms.items():
            if not on_platform.rule_id:
                self._say("no-rule", on_platform.line - 1, platform=platform)
        self._check_breaches(start)

    def _check_breaches(self, start: int) -> None:
        used: set[str] = set()
        said = [(one.effects, one.line) for one in self._choices]
        for effects, line in [*said, (self._ignored.effects, self._ignored.line)]:
            for name in effects.breaches:
                used.add(name)
                if name not in self._names:
                    place = line - 1 if line else start
                    self._say("unknown-breach", place, self._column(place, name), name=name)
        for name in self._names:
            if name not in used:
                self._say("unused-breach", start, name=name)

    # Lines

    def _with_braces(self, index: int, column: int) -> tuple[str, Attributes]:
        line = self._lines[index].rstrip()
        at = list_start(line)
        if at < column:
            return line[column:].strip(), NO_ATTRIBUTES
        return line[column:at].strip(), parse_attributes(line[at + 1 : -1])

    def _brace(self, index: int) -> int:
        return list_start(self._lines[index].rstrip())

    def _column(self, index: int, text: str) -> int:
        return max(self._lines[index].rfind(text), 0) if text else 0

    def _say(self, code: str, line: int, column: int = 0, /, **blanks: object) -> None:
        self._remarks.add(f"shop-file.{code}", line, max(column, 0), fix=None, **blanks)
