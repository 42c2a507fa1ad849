"""The lines between two `---` at the head of a deck: `key: value`, lists, comments."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from trainer.decks.addresses import SUBJECT_FOLDERS, SubjectKind
from trainer.decks.model import COMPETENCES
from trainer.decks.remarks import Remarks
from trainer.penalties.zones import knows_zone

KNOWN_KEYS = (
    "title", "platform", "product", "skill", "competence", "as-of", "order", "tags", "zone",
)  # fmt: skip
_LINE = re.compile(r"([^\s:：#][^:：#]{0,60}?)[ \t]*+[:：](?:[ \t\u3000]+|$)?")
_DATE = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?")
_CHINESE_DATE = re.compile(r"([0-9]{4})\s?年(?:\s?([0-9]{1,2})\s?月(?:\s?([0-9]{1,2})\s?日)?)?")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    title: str = ""
    subject_kind: SubjectKind = ""
    subject: str = ""
    competence: str = ""
    as_of: str = ""
    order: int = 0
    tags: tuple[str, ...] = ()
    zone: str = ""


@dataclass(slots=True)
class _Entry:
    line: int
    column: int
    value: str
    items: list[str] = field(default_factory=list)


def read_front_matter(
    lines: Sequence[str], deck_id: str, remarks: Remarks
) -> tuple[FrontMatter, int]:
    """The front matter and the line the deck itself begins on."""
    if not lines or lines[0].rstrip() != "---":
        remarks.add("deck.front-matter-missing", 0)
        return FrontMatter(), 0
    end = _closing(lines)
    if end < 0:
        remarks.add("deck.front-matter-unclosed", 0)
        end = _end_of_paragraph(lines)
        return _meaning(_entries(lines, end, remarks), deck_id, remarks), end
    return _meaning(_entries(lines, end, remarks), deck_id, remarks), end + 1


def as_date(text: str) -> str | None:
    """`text` as "2026", "2026-10" or "2026-10-05"; None when it is no date."""
    text = text.strip()
    if _DATE.fullmatch(text):
        return text
    found = _CHINESE_DATE.fullmatch(text)
    if not found:
        return None
    parts = [found[1], *(part.rjust(2, "0") for part in found.groups()[1:] if part)]
    joined = "-".join(parts)
    return joined if _DATE.fullmatch(joined) else None


def _closing(lines: Sequence[str]) -> int:
    for index in range(1, len(lines)):
        if lines[index].rstrip() == "---":
            return index
        if lines[index].startswith("## "):
            break
    return -1


def _end_of_paragraph(lines: Sequence[str]) -> int:
    for index in range(1, len(lines)):
        if not lines[index].strip() or lines[index].startswith("#"):
            return index
    return len(lines)


def _entries(lines: Sequence[str], end: int, remarks: Remarks) -> dict[str, _Entry]:
    entries: dict[str, _Entry] = {}
    last: _Entry | None = None
    for index in range(1, end):
        line = lines[index]
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        if stripped.startswith("- ") and last is not None and not last.value:
            last.items.append(_unquoted(stripped[2:]))
            continue
        found = _LINE.match(line)
        if found is None:
            remarks.add("deck.front-matter-line", index)
            continue
        key = found[1].lower().replace("_", "-")
        if key not in KNOWN_KEYS:
            remarks.add("deck.front-matter-key", index, key=key)
        elif key in entries:
            remarks.add("deck.front-matter-twice", index, key=key)
        last = _Entry(index, found.end(), _unquoted(line[found.end() :]))
        entries.setdefault(key, last)
    return entries


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) >= 2 and value[0] in "\"'" and value.endswith(value[0]):
        return value[1:-1]
    comment = value.find(" #")
    return value if comment < 0 else value[:comment].rstrip()


def _meaning(entries: dict[str, _Entry], deck_id: str, remarks: Remarks) -> FrontMatter:
    kind, subject = _subject(entries, deck_id, remarks)
    return FrontMatter(
        title=_value(entries, "title"),
        subject_kind=kind,
        subject=subject,
        competence=_competence(entries, remarks),
        as_of=_as_of(entries, remarks),
        order=_order(entries, remarks),
        tags=_tags(entries),
        zone=_zone(entries, remarks),
    )


def _value(entries: dict[str, _Entry], key: str) -> str:
    return entries[key].value if key in entries else ""


def _subject(entries: dict[str, _Entry], deck_id: str, remarks: Remarks) -> tuple[SubjectKind, str]:
    folder = deck_id.split("/")
    wanted = SUBJECT_FOLDERS.get(folder[0], "") if len(folder) > 1 else ""
    named: list[SubjectKind] = ["platform", "product", "skill"]
    for kind in named:
        subject = _value(entries, kind)
        if not subject:
            continue
        entry = entries[kind]
        if wanted and (wanted != kind or folder[1] != subject):
            remarks.add(
                "deck.subject-mismatch", entry.line, entry.column, subject=subject, folder=folder[1]
            )
        return kind, subject
    if wanted:
        return wanted, folder[1]
    remarks.add("deck.no-subject", 0)
    return "", ""


def _competence(entries: dict[str, _Entry], remarks: Remarks) -> str:
    value = _value(entries, "competence")
    if value in COMPETENCES:
        return value
    if value:
        entry = entries["competence"]
        known = ", ".join(COMPETENCES)
        remarks.add("deck.bad-competence", entry.line, entry.column, value=value, known=known)
    else:
        remarks.add("deck.no-competence", 0)
    return ""


def _as_of(entries: dict[str, _Entry], remarks: Remarks) -> str:
    value = _value(entries, "as-of")
    date = as_date(value) if value else ""
    if date is None:
        remarks.add("deck.bad-date", entries["as-of"].line, entries["as-of"].column, value=value)
    return date or ""


def _order(entries: dict[str, _Entry], remarks: Remarks) -> int:
    value = _value(entries, "order")
    if not value:
        return 0
    if not re.fullmatch(r"-?[0-9]{1,6}", value):
        remarks.add("deck.bad-order", entries["order"].line, entries["order"].column, value=value)
        return 0
    return int(value)


def _zone(entries: dict[str, _Entry], remarks: Remarks) -> str:
    value = _value(entries, "zone")
    if value and not knows_zone(value):
        remarks.add("deck.bad-zone", entries["zone"].line, entries["zone"].column, value=value)
        return ""
    return value


def _tags(entries: dict[str, _Entry]) -> tuple[str, ...]:
    if "tags" not in entries:
        return ()
    entry = entries["tags"]
    listed = entry.items or re.split("[,，、]", entry.value.strip("[]［］【】"))
    return tuple(tag for item in listed if (tag := _unquoted(item)))
