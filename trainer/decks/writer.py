"""Cards and decks as the text a teacher would write: for importers, and to copy a card."""

import re
from collections.abc import Iterable, Sequence

from trainer.cards.model import (
    Card,
    Choice,
    Cloze,
    Day,
    Family,
    Matching,
    Number,
    Option,
    Ordering,
    Parameter,
    Parametric,
    Recall,
    Term,
    TrueFalse,
    Typed,
)
from trainer.decks.card_reading import is_answer_form
from trainer.decks.identity import is_provisional
from trainer.decks.model import Deck, PenaltyTable, Rule
from trainer.decks.scanner import (
    BULLETS,
    FENCES,
    after_fence,
    fence_at,
    heading_at,
    is_rule_off,
    key_at,
    numbered_at,
    option_at,
    starts_list,
)
from trainer.decks.tables import cells_of

_BARE = re.compile(r"[A-Za-z0-9._/-]+")
_BLANK_LINES = re.compile(r"\n{3,}")


def card_source(card: Card) -> str:
    """The block of `card` as deck text, without an empty line behind it.

    The cards of one block (parts of a cloze, both ways of a term) have the same source.
    """
    ident = _attributes(card)
    lines: list[str]
    match card.body:
        case Recall(answer=answer):
            lines = [_question(card, ident), *_keyed("A", _answer(answer))]
        case Term() as body:
            term, definition = body.shown, body.hidden
            if body.asks_for == "term":
                term, definition = definition, term
            lines = [f"T: {_text(term)}{ident}", *_keyed("D", _text(definition))]
        case Cloze() as body:
            lines = [f"C: {_text(_marked(body))}{ident}"]
        case Choice(options=options):
            lines = [_question(card, ident), *(_option(option) for option in options)]
        case TrueFalse(truth=truth):
            lines = [_question(card, ident), f"A: {_truth(truth, card)}"]
        case Number() as body:
            lines = [_question(card, ident), f"A: = {_number(body)}"]
        case Typed(accepted=accepted):
            lines = [_question(card, ident), f"A: ~ {' / '.join(map(_one_line, accepted))}"]
        case Ordering(steps=steps):
            numbered = (f"{place}. {_item(step)}" for place, step in enumerate(steps, start=1))
            lines = [_question(card, ident), *numbered]
        case Matching() as body:
            lines = [_question(card, ident), "", *_table(body)]
        case Parametric() as body:
            lines = [_question(card, ident), *_params(body)]
        case Day() | Family():
            return ""  # nobody writes them: they come out of the penalty tables
    if card.explanation:
        lines.extend(_keyed("Why", _text(card.explanation)))
    return "\n".join(lines)


def cards_source(cards: Iterable[Card]) -> str:
    """The blocks of `cards`, each once, with an empty line between them."""
    blocks: dict[str, str] = {}
    for card in cards:
        if card.note_id not in blocks:
            blocks[card.note_id] = card_source(card)
    return "".join(f"{block}\n\n" for block in blocks.values())


def deck_source(deck: Deck) -> str:
    """A whole deck of rules and cards as text. Cases are not written: nothing makes them yet."""
    parts = [_front_matter(deck)]
    if deck.introduction:
        parts.append(f"{_prose(deck.introduction)}\n\n")
    by_rule: dict[str, list[Card]] = {}
    for card in deck.cards:
        by_rule.setdefault(card.rule_id, []).append(card)
    parts.append(cards_source(by_rule.pop("", ())))
    parts += [
        f"{rule_source(rule)}\n\n{cards_source(by_rule.pop(rule.rule_id, ()))}"
        for rule in deck.rules
    ]
    return "".join(parts).rstrip("\n") + "\n"


def rule_source(rule: Rule) -> str:
    """A rule without its cards, with what the braces of its penalty table say."""
    lines = [f"## {_one_line(rule.title)}{_ident(rule.rule_id, _said_of(rule))}", ""]
    if rule.text:
        lines += [_prose(_with_braces(rule.text, rule.table)), ""]
    told = (("Penalty", rule.penalty), ("Verify", rule.verify), ("Was", rule.was))
    lines += [f"{key}: {_one_line(value)}" for key, value in told if value]
    for source in rule.sources:
        title = f"[{source.title}]({source.url})" if source.url else source.title
        lines.append(f"Source: {title} ({source.date or 'undated'})")
    if rule.elsewhere:
        lines.append(f"Elsewhere: {_one_line(rule.elsewhere)}")
    if rule.as_of:
        lines.append(f"As-of: {rule.as_of}")
    return "\n".join(lines).rstrip("\n")


# The pieces


def _question(card: Card, ident: str) -> str:
    """The id goes behind the first line, where readers look for it."""
    kinds = {Ordering: "steps", Matching: "table"}
    within = kinds.get(type(card.body), "question")
    first, newline, rest = _text(card.question, within).partition("\n")
    return f"Q: {first}{ident}".rstrip() + newline + rest


def _attributes(card: Card) -> str:
    pieces = []
    if not is_provisional(card.note_id):
        pieces.append(f"#{card.note_id.rpartition('#')[2]}")
    if card.difficulty != 2:
        pieces.append(f"difficulty={card.difficulty}")
    if isinstance(card.body, Choice) and card.body.scoring != "right-minus-wrong":
        pieces.append(f"scoring={card.body.scoring}")
    if card.tags:
        pieces.append(f'tags="{" ".join(card.tags)}"')
    return f" {{{' '.join(pieces)}}}" if pieces else ""


def _ident(block_id: str, more: Sequence[str] = ()) -> str:
    name = () if is_provisional(block_id) else (f"#{block_id.rpartition('#')[2]}",)
    pieces = " ".join((*name, *more))
    return f" {{{pieces}}}" if pieces else ""


def _said_of(rule: Rule) -> list[str]:
    """The kind of a rule's table, what its heading says, the rule's tags and topics."""
    said = {} if rule.table is None else dict(rule.table.attributes)
    if rule.tags:
        said.setdefault("tags", " ".join(rule.tags))
    compared = {
        "topic": " ".join(rule.topics),
        "value": rule.topic_value,
        "topic-name": rule.topic_name,
    }
    said.update({name: value for name, value in compared.items() if value})
    kind = [] if rule.table is None else [f".{rule.table.kind}"]
    return kind + [_said(name, value) for name, value in said.items()]


def _said(name: str, value: str) -> str:
    if not value:
        return f".{name}"
    quote = "'" if '"' in value else '"'
    return f"{name}={value}" if _BARE.fullmatch(value) else f"{name}={quote}{value}{quote}"


def _with_braces(text: str, table: PenaltyTable | None) -> str:
    """The text of a rule with the ids and attributes of its table's rows, which it left out."""
    if table is None:
        return text
    lines = text.split("\n")
    first = next((n for n, line in enumerate(lines) if line[:1] == "|"), len(lines))
    for place, row in enumerate(table.rows, start=first + 2):
        name = [f"#{row.row_id}"] if row.row_id else []
        pieces = name + [_said(key, value) for key, value in row.attributes.items()]
        if pieces and place < len(lines):
            cells = [cell.replace("|", "\\|") for cell in cells_of(lines[place])]
            cells[0] = f"{cells[0]} {{{' '.join(pieces)}}}"
            lines[place] = f"| {' | '.join(cells)} |"
    return "\n".join(lines)


def _keyed(key: str, text: str) -> list[str]:
    return [f"{key}: {text}" if text and text[0] != "\n" else f"{key}:{text}"]


def _answer(text: str) -> str:
    """An answer in words that would be read as another kind begins with a backslash."""
    return _text(f"\\{text}" if is_answer_form(text) else text, "answer")


def _marked(body: Cloze) -> str:
    pieces: list[str] = []
    end = 0
    for place, part in enumerate(body.parts, start=1):
        name = "" if part.key == str(place) else f"{{#{part.key}}}"
        pieces += [body.text[end : part.start], f"=={body.text[part.start : part.end]}=={name}"]
        end = part.end
    return "".join((*pieces, body.text[end:]))


def _option(option: Option) -> str:
    mark = "x" if option.right else " "
    last = " {.last}" if option.last else ""
    reason = "".join(f"\n  > {line}" for line in option.reason.split("\n") if option.reason)
    return f"- [{mark}] {_item(option.text)}{last}{reason}"


def _truth(truth: bool, card: Card) -> str:
    if card.language == "zh":
        return "对" if truth else "错"
    return "true" if truth else "false"


def _number(body: Number) -> str:
    number = f"{body.value} {body.unit}".rstrip()
    return number if body.tolerance == "0" else f"{number} ± {body.tolerance}"


def _table(body: Matching) -> list[str]:
    rows = ((body.left, body.right), ("---", "---"), *body.pairs)
    return [f"| {_cell(left)} | {_cell(right)} |" for left, right in rows]


def _cell(text: str) -> str:
    return _one_line(text).replace("|", "\\|")


def _params(body: Parametric) -> list[str]:
    lines = ["```params", *map(_parameter, body.parameters)]
    lines += [f"where: {condition}" for condition in body.conditions]
    lines.append(f"answer: {body.answer}")
    if body.decimals is not None:
        lines.append(f"round: {body.decimals}")
    if body.unit:
        lines.append(f"unit: {body.unit}")
    if body.tolerance != "0":
        lines.append(f"tolerance: {body.tolerance}")
    lines += [f"wrong: {wrong.formula} | {wrong.reason}".rstrip(" |") for wrong in body.wrong]
    return [*lines, "```"]


def _parameter(parameter: Parameter) -> str:
    if parameter.choices:
        return f"{parameter.name}: one of {', '.join(parameter.choices)}"
    step = "" if parameter.step == "1" else f" step {parameter.step}"
    return f"{parameter.name}: {parameter.low}..{parameter.high}{step}"


def _front_matter(deck: Deck) -> str:
    lines = ["---", f"title: {_one_line(deck.title)}"]
    if deck.subject_kind:
        lines.append(f"{deck.subject_kind}: {deck.subject}")
    if deck.competence:
        lines.append(f"competence: {deck.competence}")
    if deck.as_of:
        lines.append(f"as-of: {deck.as_of}")
    if deck.zone:
        lines.append(f"zone: {deck.zone}")
    if deck.order:
        lines.append(f"order: {deck.order}")
    if deck.tags:
        lines.append(f"tags: [{', '.join(deck.tags)}]")
    return "\n".join([*lines, "---", "", ""])


# Text that must not be taken for anything else


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _item(text: str) -> str:
    """Text of an option or step: further lines are indented, as lists have them."""
    return "\n  ".join(line.strip() for line in text.split("\n") if line.strip())


def _text(text: str, within: str = "") -> str:
    """`text` behind a key: a line that would begin a card or a heading, or an option where
    options count (`within` a "question" or an "answer"), or the list or table where one is the
    answer (`within` "steps" or "table"), is marked with a backslash or a blank, which readers do
    not see. A code block is closed."""
    text = text.strip()
    # A code block needs its first line for itself.
    lines = (f"\n{text}" if fence_at(text.partition("\n")[0]) else text).split("\n")
    index = 1
    numbers_are_text = False
    while index < len(lines):
        opening = fence_at(lines[index])
        if opening:
            index, closed = after_fence(lines, index, opening[0])
            if not closed:
                lines.append(opening[0])
                index += 1
            continue
        lines[index] = _harmless(lines[index], within, numbers_are_text=numbers_are_text)
        if numbered_at(lines[index]):  # a list that does not begin with 1 is text to its end
            numbers_are_text = within == "table"
        index += 1
    return "\n".join(lines)


def _prose(text: str) -> str:
    return _text(f"\n{text}").lstrip("\n")


def _harmless(line: str, within: str, *, numbers_are_text: bool) -> str:
    first = line[:1]
    if not first:
        return line
    if (first == "#" and heading_at(line)) or is_rule_off(line):
        return f"\\{line}"
    if first in BULLETS or line.lstrip(" ")[:1] in BULLETS:
        return line.replace("[", "\\[", 1) if within and option_at(line) else line
    if within == "steps" and numbered_at(line):
        return f" {line}"
    if within == "table" and (first == "|" or (starts_list(line) and not numbers_are_text)):
        return f" {line}"
    if key_at(line):
        return f" {line}"
    return f"\\{line}" if first in FENCES and fence_at(line) else line
