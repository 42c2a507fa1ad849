"""Which rules have grown old, by age, source and doubt; marking them as checked; the report."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from trainer.cards.model import Language
from trainer.decks.addresses import Address
from trainer.decks.linter import FRESHNESS
from trainer.decks.model import Deck, Source
from trainer.decks.parser import parse_deck
from trainer.decks.plain_text import plain_text
from trainer.decks.rule_dates import Origin, checked_on, last_day, with_date
from trainer.exchange.question_bank import neutralised
from trainer.foundation.errors import TrainerError
from trainer.foundation.files import write_whole
from trainer.foundation.messages import Messages
from trainer.services.deck_source import content_of, read_source


class Freshness(StrEnum):
    """In the order of their urgency."""

    TO_VERIFY = "to-verify"  # the deck itself says that it is in doubt
    OLD = "old"  # checked longer ago than the limit
    UNDATED = "undated"  # nothing says when
    FRESH = "fresh"


_URGENCY = {one: place for place, one in enumerate(Freshness)}


@dataclass(frozen=True, slots=True)
class RuleAge:
    """One rule, all its languages together."""

    rule_id: str
    deck_id: str
    titles: Mapping[Language, str]
    deck_titles: Mapping[Language, str]
    subject: str
    checked: str  # as written; "" when nothing says
    origin: Origin
    days: int  # since the last day `checked` can mean; 0 for the present and what is undated
    freshness: Freshness
    verify: Mapping[Language, str]
    sources: tuple[Source, ...]
    cards: int  # that hang on it

    def title(self, language: Language) -> str:
        return self.titles.get(language) or next(iter(self.titles.values()), "")

    def deck_title(self, language: Language) -> str:
        return self.deck_titles.get(language) or next(iter(self.deck_titles.values()), "")

    @property
    def sites(self) -> tuple[str, ...]:
        """Where its sources lie: host names, or titles where there is no address."""
        return tuple(dict.fromkeys(_site(one) for one in self.sources))


def _site(source: Source) -> str:
    host = urlsplit(source.url).hostname or "" if source.url else ""
    return host.removeprefix("www.") or plain_text(source.title)


def ages(decks: Iterable[Deck], today: date, limit: timedelta = FRESHNESS) -> list[RuleAge]:
    """Every rule of `decks`, the most urgent and oldest first. A translation is no second rule."""
    by_rule: dict[str, list[tuple[Deck, int]]] = {}
    for deck in decks:
        for place, rule in enumerate(deck.rules):
            by_rule.setdefault(rule.rule_id, []).append((deck, place))
    found = [_age(versions, today, limit) for versions in by_rule.values()]
    return sorted(found, key=lambda one: (_URGENCY[one.freshness], -one.days, one.rule_id))


def _age(versions: Sequence[tuple[Deck, int]], today: date, limit: timedelta) -> RuleAge:
    deck, place = versions[0]
    rule = deck.rules[place]
    # Where two languages say different dates, the older one is what can be relied on.
    checked, origin = min(
        (checked_on(one.rules[at], one) for one, at in versions), key=lambda told: told[0]
    )
    verify: dict[Language, str] = {}
    for one, at in versions:
        if one.rules[at].verify:
            verify[one.language] = one.rules[at].verify
    days = max(0, (today - last_day(checked)).days) if checked else 0
    if verify:
        freshness = Freshness.TO_VERIFY
    elif not checked:
        freshness = Freshness.UNDATED
    else:
        freshness = Freshness.OLD if days > limit.days else Freshness.FRESH
    return RuleAge(
        rule_id=rule.rule_id,
        deck_id=deck.deck_id,
        titles={one.language: one.rules[at].title for one, at in versions},
        deck_titles={one.language: one.title for one, _ in versions},
        subject=deck.subject,
        checked=checked,
        origin=origin,
        days=days,
        freshness=freshness,
        verify=verify,
        sources=tuple(dict.fromkeys(s for one, at in versions for s in one.rules[at].sources)),
        cards=len(_notes_of(rule.rule_id, [one for one, _ in versions])),
    )


def _notes_of(rule_id: str, decks: Sequence[Deck]) -> set[str]:
    return {card.note_id for deck in decks for card in deck.cards if card.rule_id == rule_id}


# Marking


@dataclass(frozen=True, slots=True)
class Marked:
    """What marking did. `before` and `after` have the bytes of each file that was changed."""

    rules: int
    before: Mapping[Path, bytes] = field(default_factory=dict)
    after: Mapping[Path, bytes] = field(default_factory=dict)


def mark_checked(
    rule_ids: Iterable[str],
    files: Mapping[Address, Path],
    today: date,
    *,
    confirmed: bool = False,
) -> Marked:
    """Write `today` as the date of these rules into every language of their decks.

    `files` are the decks that may be written. All files are prepared before the first is
    replaced. `confirmed`: their "to verify" lines go too. Raises TrainerError: author.*, disk.*.
    """
    wanted: dict[str, set[str]] = {}
    for rule_id in rule_ids:
        wanted.setdefault(rule_id.rpartition("#")[0], set()).add(rule_id)
    before: dict[Path, bytes] = {}
    after: dict[Path, bytes] = {}
    done: set[str] = set()
    for address, path in files.items():
        ids = wanted.get(address.deck_id)
        if not ids:
            continue
        source = read_source(path, address)
        if not source.faithful:
            raise TrainerError("author.not-faithful", path=str(path))
        deck, _ = parse_deck(source.text, path, address.deck_id, address.language)
        text = source.text
        # From the last rule up, so that lines above stay where they are.
        for rule in sorted(deck.rules, key=lambda one: -one.line):
            if rule.rule_id in ids:
                text = with_date(text, rule.line, today, address.language, confirmed=confirmed)
                done.add(rule.rule_id)
        if text != source.text:
            before[path] = path.read_bytes()
            after[path] = content_of(source, text)
    for path, content in after.items():
        write_whole(path, content)
    return Marked(len(done), before, after)


def undo(marked: Marked) -> bool:
    """Put the files back as they were. False, and nothing done, when one was edited since.

    Raises TrainerError (disk.*)."""
    for path, content in marked.after.items():
        try:
            if path.read_bytes() != content:
                return False
        except OSError:
            return False
    for path, content in marked.before.items():
        write_whole(path, content)
    return True


# The report


def as_csv(rows: Sequence[RuleAge], messages: Messages, language: Language) -> str:
    """One row a rule, for a spreadsheet."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([messages(f"freshness.column.{one}") for one in _COLUMNS])
    for row in rows:
        writer.writerow([neutralised(cell) for cell in _cells(row, messages, language)])
    return text.getvalue()


def as_markdown(
    rows: Sequence[RuleAge], today: date, messages: Messages, language: Language
) -> str:
    """For the meeting with those who know: chapter by chapter, with boxes to tick."""
    lines = [f"# {messages('freshness.report-title', date=today.isoformat())}", ""]
    lines += [_summary(rows, messages), ""]
    for deck, of_deck in _by_deck(rows, language):
        lines += [f"## {deck}", ""]
        for row in of_deck:
            state = messages(f"freshness.{row.freshness}")
            lines.append(f"- [ ] **{row.title(language)}** ({_told_date(row, messages)}; {state})")
            doubt = row.verify.get(language) or next(iter(row.verify.values()), "")
            if doubt:
                lines.append(f"  - {messages('freshness.doubt')}: {doubt}")
            lines += [f"  - {_source_line(source)}" for source in row.sources]
        lines.append("")
    return "\n".join(lines)


def as_html(rows: Sequence[RuleAge], today: date, messages: Messages, language: Language) -> str:
    """The same as a page to print, with room for what the meeting decides."""
    heads = ("rule", "checked", "state", "sources", "decision")
    head = "".join(f"<th>{escape(messages(f'freshness.column.{one}'))}</th>" for one in heads)
    parts = [
        f"<h1>{escape(messages('freshness.report-title', date=today.isoformat()))}</h1>",
        f"<p>{escape(_summary(rows, messages))}</p>",
    ]
    for deck, of_deck in _by_deck(rows, language):
        parts.append(f"<h2>{escape(deck)}</h2><table><tr>{head}</tr>")
        for row in of_deck:
            doubt = row.verify.get(language) or next(iter(row.verify.values()), "")
            told = f"<br><i>{escape(doubt)}</i>" if doubt else ""
            sources = "<br>".join(escape(_source_line(source)) for source in row.sources)
            parts.append(
                f"<tr><td>{escape(row.title(language))}{told}</td>"
                f"<td>{escape(_told_date(row, messages))}</td>"
                f"<td>{escape(messages(f'freshness.{row.freshness}'))}</td>"
                f"<td>{sources}</td><td>☐</td></tr>"
            )
        parts.append("</table>")
    lang = "zh-CN" if messages.language == "zh_CN" else "en"
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><style>{_STYLE}</style>'
        f"</head><body>{''.join(parts)}</body></html>"
    )


_COLUMNS = ("deck", "rule", "id", "state", "checked", "days", "doubt", "sources", "cards")
_STYLE = (
    "body { font-family: 'Segoe UI', 'Microsoft YaHei UI', 'Noto Sans CJK SC', sans-serif; }"
    "h1 { font-size: 16pt; } h2 { font-size: 12pt; } td, th { font-size: 9pt; text-align: left;"
    " padding: 3px 6px; vertical-align: top; border-bottom: 1px solid #bbb; }"
)


def _cells(row: RuleAge, messages: Messages, language: Language) -> list[str]:
    return [
        row.deck_title(language),
        row.title(language),
        row.rule_id,
        messages(f"freshness.{row.freshness}"),
        row.checked,
        str(row.days) if row.checked else "",
        row.verify.get(language) or next(iter(row.verify.values()), ""),
        "\n".join(_source_line(source) for source in row.sources),
        str(row.cards),
    ]


def _source_line(source: Source) -> str:
    date_ = f" ({source.date})" if source.date else ""
    url = f" {source.url}" if source.url and source.url != source.title else ""
    return f"{plain_text(source.title)}{date_}{url}"


def _told_date(row: RuleAge, messages: Messages) -> str:
    return row.checked or messages("freshness.no-date")


def _summary(rows: Sequence[RuleAge], messages: Messages) -> str:
    counts = {
        one.value.replace("-", "_"): sum(r.freshness is one for r in rows) for one in Freshness
    }
    return messages("freshness.summary", rules=len(rows), **counts)


def _by_deck(
    rows: Sequence[RuleAge], language: Language
) -> Iterable[tuple[str, Sequence[RuleAge]]]:
    decks: dict[str, list[RuleAge]] = {}
    for row in rows:
        decks.setdefault(row.deck_id, []).append(row)
    for deck_id in sorted(decks):
        of_deck = decks[deck_id]
        yield of_deck[0].deck_title(language) or deck_id, of_deck
