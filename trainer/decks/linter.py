"""What one deck alone cannot know: its translation, its platform's tables, its images, its age."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from pathlib import PurePath

from trainer.cards.model import (
    Card,
    Choice,
    Cloze,
    Matching,
    Number,
    Ordering,
    Parametric,
    TrueFalse,
    kind_of,
)
from trainer.decks.addresses import ORIGINAL, Address
from trainer.decks.card_texts import card_pieces
from trainer.decks.choice_attributes import consequences_of
from trainer.decks.images import image_path, images_in
from trainer.decks.model import Deck, PenaltyTable, Row, Rule, Scenario, Step
from trainer.decks.numbers_in_text import differing_numbers
from trainer.decks.remarks import Remarks
from trainer.decks.rule_dates import checked_on, last_day
from trainer.decks.scanner import after_fence, fence_at
from trainer.decks.shop_line import parse_shop
from trainer.foundation.source import Finding

FRESHNESS = timedelta(days=365)
"""After so long a rule is to be checked again."""


@dataclass(frozen=True, slots=True)
class ReadDeck:
    """A deck as it was read from its file. `path` is where findings point to."""

    path: PurePath
    address: Address
    lines: Sequence[str]
    deck: Deck
    findings: tuple[Finding, ...] = ()


@dataclass(slots=True)
class _Platform:
    """What the tables of a platform's decks name, and where it was named first."""

    tracks: set[str] = field(default_factory=set)
    violations: set[str] = field(default_factory=set)
    metrics: set[str] = field(default_factory=set)
    rows: dict[tuple[str, str], str] = field(default_factory=dict)  # language, row id: deck id


def lint_library(
    decks: Sequence[ReadDeck],
    has_image: Callable[[str], bool],
    today: date,
    freshness: timedelta = FRESHNESS,
) -> dict[PurePath, tuple[Finding, ...]]:
    """Everything to say about each file, in file order: what its parser said and what only the
    whole library shows.

    `has_image` tells whether there is an image at a path below the content folder.
    """
    remarks = {one.path: Remarks(one.path) for one in decks}
    platforms = _platforms(decks, remarks)
    by_address = {one.address: one for one in decks}
    for one in decks:
        say = remarks[one.path]
        _check_age(one.deck, today - freshness, say)
        _check_images(one, has_image, say)
        _check_tracks(one.deck, platforms, say)
        _check_rows(one, platforms, say)
        for scenario in one.deck.scenarios:
            _check_scenario(one, scenario, platforms, say)
    for one in decks:
        _check_translation(one, by_address, remarks)
    return {
        one.path: tuple(
            sorted(
                (*one.findings, *remarks[one.path].in_file_order()),
                key=lambda finding: finding.place,
            )
        )
        for one in decks
    }


# Age and images


def _check_age(deck: Deck, oldest: date, say: Remarks) -> None:
    for rule in deck.rules:
        checked, _ = checked_on(rule, deck)
        # A rule with a Verify line already tells everybody to look again.
        if checked and not rule.verify and last_day(checked) < oldest:
            say.add("deck.rule-old", rule.line - 1, date=checked)


def _check_images(one: ReadDeck, has_image: Callable[[str], bool], say: Remarks) -> None:
    if not any("![" in line for line in one.lines):
        return
    folder = one.address.deck_id.rpartition("/")[0]
    index = 0
    while index < len(one.lines):
        line = one.lines[index]
        opening = fence_at(line) if line[:1] in {"`", "~", " "} else None
        if opening:
            index, _ = after_fence(one.lines, index, opening[0])
            continue
        if "![" in line:
            for column, target in images_in(line):
                path, trouble = image_path(target, folder)
                if not trouble and not has_image(path):
                    say.add("deck.image-missing", index, column, target=target)
        index += 1


# Penalty tables and cases


def _platforms(
    decks: Iterable[ReadDeck], remarks: Mapping[PurePath, Remarks]
) -> dict[str, _Platform]:
    platforms: dict[str, _Platform] = {}
    for one in decks:
        if one.deck.subject_kind != "platform":
            continue
        platform = platforms.setdefault(one.deck.subject, _Platform())
        for rule in one.deck.rules:
            if rule.table is not None:
                _add_table(rule.table, one, platform, remarks[one.path])
    return platforms


def _add_table(table: PenaltyTable, one: ReadDeck, platform: _Platform, say: Remarks) -> None:
    if table.kind == "track":
        platform.tracks.add(table.table_id)
        return
    if table.kind not in {"violations", "fines", "metrics"}:
        return
    for row in table.rows:
        if not row.row_id:
            continue
        named = platform.metrics if table.kind == "metrics" else platform.violations
        named.add(row.row_id)
        first = platform.rows.setdefault((one.address.language, row.row_id), one.deck.deck_id)
        if first != one.deck.deck_id:
            column = _column(one, row.line, row.row_id)
            say.add("deck.row-elsewhere", row.line - 1, column, id=row.row_id, deck=first)


def _check_tracks(deck: Deck, platforms: Mapping[str, _Platform], say: Remarks) -> None:
    for rule in deck.rules:
        track = rule.table.attributes.get("track", "") if rule.table is not None else ""
        if track and track not in platforms.get(deck.subject, _Platform()).tracks:
            say.add("deck.unknown-track", rule.line - 1, track=track, platform=deck.subject)


def _check_rows(one: ReadDeck, platforms: Mapping[str, _Platform], say: Remarks) -> None:
    """Rows that name another: the first time of an act, or a row it falls under as well."""
    platform = one.deck.subject
    known = platforms.get(platform, _Platform()).violations
    for rule in one.deck.rules:
        for row in rule.table.rows if rule.table is not None else ():
            for key in ("of", "also"):
                for name in row.attributes.get(key, "").replace(",", " ").split():
                    if name not in known:
                        say.add(
                            "deck.unknown-row",
                            row.line - 1,
                            _column(one, row.line, name),
                            name=key,
                            row=name,
                            platform=platform,
                        )


def _check_scenario(
    one: ReadDeck, scenario: Scenario, platforms: Mapping[str, _Platform], say: Remarks
) -> None:
    name = one.deck.subject if one.deck.subject_kind == "platform" else ""
    if scenario.shop:
        shop = parse_shop(scenario.shop)
        line = _line_of(one, scenario)
        column = _column(one, line + 1, scenario.shop)
        if not shop.platform or shop.unread:
            unread = ", ".join(shop.unread)
            say.add("deck.bad-shop", line, column, value=unread)
        name = shop.platform or name
        if name and name not in platforms:
            say.add("deck.unknown-platform", line, column, platform=name)
            return
        for track, _ in shop.standing:
            if track not in platforms[name].tracks:
                say.add(
                    "deck.unknown-track",
                    line,
                    _column(one, line + 1, track),
                    track=track,
                    platform=name,
                )
        for metric, _, _ in shop.metrics:
            if metric not in platforms.get(name, _Platform()).metrics:
                at = _column(one, line + 1, metric)
                say.add("deck.unknown-metric", line, at, metric=metric, platform=name)
    known = platforms.get(name, _Platform()).violations
    metrics = platforms.get(name, _Platform()).metrics
    for step in scenario.steps:
        for choice in step.choices:
            said = consequences_of(choice.attributes)
            for metric, _, _ in said.metrics:
                if metric not in metrics:
                    at = _column(one, choice.line, metric)
                    say.add(
                        "deck.unknown-metric", choice.line - 1, at, metric=metric, platform=name
                    )
            for violation in said.violations:
                if violation in known:
                    continue
                say.add(
                    "deck.unknown-violation",
                    choice.line - 1,
                    _column(one, choice.line, violation),
                    violation=violation,
                    platform=name,
                )


def _line_of(one: ReadDeck, scenario: Scenario) -> int:
    """The line (from 0) of a case's `Shop:` line."""
    for index in range(scenario.line, min(scenario.steps[0].line, len(one.lines))):
        if one.lines[index].rstrip().endswith(scenario.shop):
            return index
    return scenario.line - 1


def _column(one: ReadDeck, line: int, text: str) -> int:
    """Where `text` stands on a line that counts from 1."""
    return max(one.lines[line - 1].rfind(text), 0) if line <= len(one.lines) else 0


# The other language


def _check_translation(
    one: ReadDeck, by_address: Mapping[Address, ReadDeck], remarks: Mapping[PurePath, Remarks]
) -> None:
    say = remarks[one.path]
    other_language = "zh" if one.address.language == ORIGINAL else ORIGINAL
    other = by_address.get(Address(one.address.deck_id, other_language))
    is_original = one.address.language == ORIGINAL
    if other is None:
        code = "deck.translation-missing" if is_original else "deck.original-missing"
        say.add(code, 0, path=Address(one.address.deck_id, other_language).path)
        return
    code = "deck.not-translated" if is_original else "deck.orphaned"
    there = _lines_by_id(other.deck)
    for block_id, line in _lines_by_id(one.deck).items():
        if block_id not in there:
            say.add(code, line - 1, id=block_id.partition("#")[2], path=other.address.path)
    if not is_original:
        _compare(other, one, say)


def _lines_by_id(deck: Deck) -> dict[str, int]:
    lines = {rule.rule_id: rule.line for rule in deck.rules}
    lines.update((card.note_id, card.line) for card in deck.cards)
    lines.update((scenario.scenario_id, scenario.line) for scenario in deck.scenarios)
    return lines


def _compare(original: ReadDeck, translation: ReadDeck, say: Remarks) -> None:
    """Say where a translation differs in what must not differ. The place is the translation's."""
    introductions = [original.deck.introduction], [translation.deck.introduction]
    _compare_numbers(*introductions, translation.deck.title, 0, say)
    cards = _notes(original.deck)
    for note_id, card in _notes(translation.deck).items():
        if note_id in cards:
            _compare_cards(cards[note_id], card, say)
    rules = {rule.rule_id: rule for rule in original.deck.rules}
    for rule in translation.deck.rules:
        if rule.rule_id in rules:
            _compare_rules(rules[rule.rule_id], rule, say)
    scenarios = {one.scenario_id: one for one in original.deck.scenarios}
    for scenario in translation.deck.scenarios:
        if scenario.scenario_id in scenarios:
            _compare_scenarios(scenarios[scenario.scenario_id], scenario, say)


def _notes(deck: Deck) -> dict[str, Card]:
    notes: dict[str, Card] = {}
    for card in deck.cards:
        notes.setdefault(card.note_id, card)
    return notes


def _compare_cards(original: Card, card: Card, say: Remarks) -> None:
    name = card.note_id.partition("#")[2]
    line = card.line - 1
    if kind_of(original.body) != kind_of(card.body):
        say.add(
            "deck.kind-differs",
            line,
            id=name,
            here=kind_of(card.body),
            there=kind_of(original.body),
        )
    elif _without_words(original) != _without_words(card):
        say.add("deck.answer-differs", line, id=name)
    else:
        _compare_numbers(card_pieces(original), card_pieces(card), name, line, say)


def _without_words(card: Card) -> object:
    """What of an answer is the same in every language."""
    match card.body:
        case Choice(options=options, scoring=scoring):
            return scoring, tuple((option.right, option.last) for option in options)
        case TrueFalse(truth=truth):
            return truth
        case Number(value=value, tolerance=tolerance):
            return Fraction(value), Fraction(tolerance)
        case Parametric() as body:
            formulas = tuple(wrong.formula for wrong in body.wrong)
            return (
                body.parameters,
                body.answer,
                body.conditions,
                body.decimals,
                Fraction(body.tolerance),
                formulas,
            )
        case Ordering(steps=steps):
            return len(steps)
        case Matching(pairs=pairs):
            return len(pairs)
        case Cloze(parts=parts):
            return sorted(part.key for part in parts)
        case _:
            return None


def _compare_numbers(
    original: Sequence[str], texts: Sequence[str], name: str, line: int, say: Remarks
) -> None:
    """Say which numbers differ between texts that stand for each other. The first of each is the
    whole; in the others a number may be left out, but not be another."""
    differing: set[Fraction] = set()
    for place, (before, text) in enumerate(zip(original, texts, strict=True)):
        only_here, only_there = differing_numbers(text, before)
        if place == 0 or (only_here and only_there):
            differing |= only_here | only_there
    if differing:
        numbers = ", ".join(map(_written, sorted(differing)))
        say.add("deck.number-differs", line, id=name, numbers=numbers)


def _written(number: Fraction) -> str:
    return str(number) if number.denominator == 1 else f"{float(number):g}"


def _compare_rules(original: Rule, rule: Rule, say: Remarks) -> None:
    name = rule.rule_id.partition("#")[2]
    line = rule.line - 1
    if (original.table is None) != (rule.table is None):
        say.add("deck.table-differs", line, id=name, row="")
    elif original.table is not None and rule.table is not None:
        _compare_tables(original.table, rule.table, name, say)
    dates = [[rule.as_of, *sorted(one.date for one in rule.sources)] for rule in (original, rule)]
    if dates[0] != dates[1]:
        say.add("deck.dates-differ", line, id=name)
    if original.topics != rule.topics:
        say.add("deck.topics-differ", line, id=name)
    for key in ("penalty", "verify", "was", "elsewhere"):
        if bool(getattr(original, key)) != bool(getattr(rule, key)):
            say.add("deck.line-missing", line, id=name, key=key.capitalize())
    _compare_numbers(_words_of(original), _words_of(rule), name, line, say)


def _words_of(rule: Rule) -> Sequence[str]:
    """What a rule says; its penalty table is compared cell by cell."""
    text = rule.text
    if rule.table is not None:
        text = "\n".join(line for line in text.split("\n") if line[:1] != "|")
    told = (
        *(rule.title, text, rule.penalty, rule.verify, rule.was, rule.elsewhere),
        rule.topic_value,
    )
    return ("\n".join(told),)


def _compare_tables(original: PenaltyTable, table: PenaltyTable, name: str, say: Remarks) -> None:
    if (original.kind, original.attributes) != (table.kind, table.attributes) or len(
        original.rows
    ) != len(table.rows):
        say.add("deck.table-differs", table.line - 1, id=name, row="")
        return
    for before, row in zip(original.rows, table.rows, strict=True):
        names = (before.row_id, before.attributes), (row.row_id, row.attributes)
        if names[0] != names[1] or _row_differs(before, row):
            say.add("deck.table-differs", row.line - 1, id=name, row=row.row_id or row.cells[0])


def _row_differs(before: Row, row: Row) -> bool:
    cells = zip(before.cells, row.cells, strict=False)
    return any(any(differing_numbers(one, other)) for one, other in cells)


def _compare_scenarios(original: Scenario, scenario: Scenario, say: Remarks) -> None:
    def plot(one: Scenario) -> list[object]:
        steps = [
            (step.step_id, [(c.target, c.right, c.attributes) for c in step.choices])
            for step in one.steps
        ]
        shop = parse_shop(one.shop)
        begins = [shop.money, shop.currency, sorted(shop.metrics), shop.day]
        return [shop.platform, shop.orders_a_day, sorted(shop.standing), begins, steps]

    name = scenario.scenario_id.partition("#")[2]
    if plot(original) != plot(scenario):
        say.add("deck.steps-differ", scenario.line - 1, id=name)
        return
    _compare_numbers(
        [f"{original.title}\n{original.text}"],
        [f"{scenario.title}\n{scenario.text}"],
        name,
        scenario.line - 1,
        say,
    )
    for before, step in zip(original.steps, scenario.steps, strict=True):
        pieces = _words_of_step(before), _words_of_step(step)
        _compare_numbers(*pieces, step.step_id, step.line - 1, say)


def _words_of_step(step: Step) -> Sequence[str]:
    choices = [f"{choice.text}\n{choice.reason}" for choice in step.choices]
    return "\n".join((step.title, step.text, *choices)), *choices
