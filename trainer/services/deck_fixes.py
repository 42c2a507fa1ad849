"""What can be done about a finding with one key: the texts of the deck, mended."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from trainer.cards.model import Language, Number
from trainer.decks.addresses import ORIGINAL, SUBJECT_FOLDERS
from trainer.decks.blocks import TextBlock, table_around, text_blocks, tidy_table, with_missing
from trainer.decks.model import Deck
from trainer.decks.numbers_in_text import differing_numbers
from trainer.decks.scanner import RULE_KEYS, key_at
from trainer.decks.stamping import stamp
from trainer.foundation.source import Finding, Fix
from trainer.services.live_check import other_language

Texts = Mapping[Language, str]
_COMPETENCES = {"platforms": "platform-rules", "products": "product-knowledge"}
_SKILLS = {
    "logistics": "logistics-finance",
    "payments": "logistics-finance",
    "language": "foreign-language",
    "culture": "intercultural",
}


@dataclass(frozen=True, slots=True)
class QuickFix:
    """`code` names what it does. `apply` makes of the deck's texts the new ones; a language that
    comes new is a file to be made."""

    code: str
    apply: Callable[[Texts], Texts]
    blanks: Mapping[str, object] = field(default_factory=dict)


def fixes_for(
    finding: Finding, texts: Texts, language: Language, deck: Deck, findings: Sequence[Finding]
) -> Sequence[QuickFix]:
    """What can be done about `finding`, the best first. `deck` is what `texts[language]` says,
    `findings` is all there is to say about it."""
    fixes: list[QuickFix] = []
    if finding.fix is not None:
        fixes.append(_own_fix(finding.fix, language))
    match finding.code:
        case "deck.no-id":
            fixes.append(QuickFix("editor.fix.ids", _stamped))
        case "deck.not-translated" | "deck.orphaned":
            name = str(finding.blanks.get("id", ""))
            code = finding.code
            names = [str(one.blanks["id"]) for one in findings if one.code == code]
            fixes.append(_copied([name], language, "editor.fix.copy-one"))
            if len(names) > 1:
                fixes.append(_copied(names, language, "editor.fix.copy-all"))
        case "deck.translation-missing" | "deck.original-missing":
            fixes.append(translation_fix(language))
        case "deck.number-differs" | "deck.answer-differs":
            fixes += _number_fixes(str(finding.blanks.get("id", "")), texts, deck)
        case "deck.table-cells" | "deck.table-columns":
            fixes.append(_tidied(finding.place.line - 1, language))
        case "deck.rule-no-source" | "deck.threshold-no-source":
            fixes += _source_fixes(finding.place.line - 1, language)
        case "deck.front-matter-missing" | "deck.no-competence" | "deck.no-subject":
            fixes.append(
                QuickFix("editor.fix.head", lambda now: _with_head(now, language, deck.deck_id))
            )
        case _:
            pass
    return fixes


_MENDED = {
    "deck.no-id",
    "deck.not-translated",
    "deck.orphaned",
    "deck.translation-missing",
    "deck.original-missing",
    "deck.number-differs",
    "deck.answer-differs",
    "deck.table-cells",
    "deck.table-columns",
    "deck.rule-no-source",
    "deck.threshold-no-source",
    "deck.front-matter-missing",
    "deck.no-competence",
    "deck.no-subject",
}


def can_be_mended(finding: Finding) -> bool:
    """Whether `fixes_for` has something to offer, most likely: asked at every move."""
    return finding.fix is not None or finding.code in _MENDED


def translation_fix(language: Language) -> QuickFix:
    """Make the other language out of this one."""
    return QuickFix("editor.fix.translation", lambda now: _both(now, language))


def fixes_at(line: int, texts: Texts, language: Language) -> Sequence[QuickFix]:
    """What can be done on a line (from 0) that nothing is wrong with."""
    lines = texts[language].split("\n")
    return [_tidied(line, language)] if table_around(lines, line) else []


def _own_fix(fix: Fix, language: Language) -> QuickFix:
    def apply(texts: Texts) -> Texts:
        lines = texts[language].split("\n")
        first, last = fix.start.line - 1, fix.end.line - 1
        head = lines[first][: fix.start.column - 1]
        tail = lines[last][fix.end.column - 1 :]
        lines[first : last + 1] = (head + fix.replacement + tail).split("\n")
        return {**texts, language: "\n".join(lines)}

    shown = fix.replacement.strip()
    if not shown:
        return QuickFix("editor.fix.mend", apply)
    return QuickFix("editor.fix.write", apply, {"text": shown})


def _stamped(texts: Texts) -> Texts:
    """Ids for everything: the original's first, and the translation takes them over."""
    new = dict(texts)
    original: str | None = None
    for language in sorted(texts, key=lambda one: one != ORIGINAL):
        done = stamp(texts[language], original)
        if done is not None:
            new[language] = done.text
        if language == ORIGINAL:
            original = new[language]
    return new


def _copied(names: Sequence[str], language: Language, code: str) -> QuickFix:
    there = other_language(language)

    def apply(texts: Texts) -> Texts:
        if there not in texts:
            return texts
        return {**texts, there: with_missing(texts[there], texts[language], names)}

    return QuickFix(code, apply, {"number": len(names)})


def _both(texts: Texts, language: Language) -> Texts:
    """The other language begins as a copy: the same ids, the same numbers, words to translate.
    Ids are given first, so that the two stay one deck."""
    stamped = _stamped({language: texts[language]})
    return {**texts, **stamped, other_language(language): stamped[language]}


def _number_fixes(name: str, texts: Texts, deck: Deck) -> Sequence[QuickFix]:
    here, there = deck.language, other_language(deck.language)
    if there not in texts:
        return []
    blocks = {language: _block_of(texts[language], name) for language in (here, there)}
    words = {
        language: "\n".join(texts[language].split("\n")[block.start : block.end])
        for language, block in blocks.items()
        if block is not None
    }
    if len(words) < 2:
        return []
    mine, theirs = _one_number(words[here], words[there], deck, name)
    if mine is None or theirs is None:
        return []
    fixes = []
    for target, old, new in ((here, mine, theirs), (there, theirs, mine)):
        block = blocks[target]
        if block is not None:
            fixes.append(_renumbered(target, block, old, new, is_here=target == here))
    return fixes


def _one_number(
    here: str, there: str, deck: Deck, name: str
) -> tuple[Fraction | None, Fraction | None]:
    """The one number that differs, as it is here and there."""
    only_here, only_there = differing_numbers(here, there)
    if len(only_here) == len(only_there) == 1:
        return only_here.pop(), only_there.pop()
    card = next((one for one in deck.cards if one.note_id.endswith(f"#{name}")), None)
    if card is not None and isinstance(card.body, Number):
        found = _ANSWER.search(there)
        if found:
            return Fraction(card.body.value), Fraction(found[1])
    return None, None


_ANSWER = re.compile(r"^(?:A|Ａ|答|答案)\s?[:：]\s*[=＝]\s*(-?[0-9]+(?:\.[0-9]+)?)", re.MULTILINE)


def _renumbered(
    language: Language, block: TextBlock, old: Fraction, new: Fraction, *, is_here: bool
) -> QuickFix:
    """Write `new` for `old` in one block."""
    forms = "|".join(re.escape(form) for form in _written_forms(old))
    number = re.compile(rf"(?<![0-9.,])(?:{forms})(?![0-9]|[.,][0-9])")
    words = _written_forms(new)[0]

    def apply(texts: Texts) -> Texts:
        lines = texts[language].split("\n")
        lines[block.start : block.end] = [
            number.sub(words, line) for line in lines[block.start : block.end]
        ]
        return {**texts, language: "\n".join(lines)}

    code = "editor.fix.number-here" if is_here else "editor.fix.number-there"
    return QuickFix(code, apply, {"old": _written_forms(old)[0], "new": words})


def _written_forms(number: Fraction) -> list[str]:
    if number.denominator == 1:
        plain = str(number.numerator)
        grouped = f"{number.numerator:,}"
        return [plain] if plain == grouped else [plain, grouped]
    return [f"{float(number):.12g}"]


def _tidied(line: int, language: Language) -> QuickFix:
    def apply(texts: Texts) -> Texts:
        lines = texts[language].split("\n")
        found = table_around(lines, line)
        if found is None:
            return texts
        start, end = found
        lines[start:end] = tidy_table(lines[start:end])
        return {**texts, language: "\n".join(lines)}

    return QuickFix("editor.fix.table", apply)


def _source_fixes(line: int, language: Language) -> Sequence[QuickFix]:
    """A line to fill in, behind the rule's own text."""
    keys = {"en": ("Source: ", "Verify: "), "zh": ("来源：", "待核实：")}[language]

    def adder(key: str) -> Callable[[Texts], Texts]:
        def apply(texts: Texts) -> Texts:
            lines = texts[language].split("\n")
            block = next((one for one in text_blocks(texts[language]) if one.start == line), None)
            if block is None:
                return texts
            follows = lines[block.end - 1].strip() and block.end - block.start > 1
            blank = [] if follows and _is_key_line(lines[block.end - 1]) else [""]
            lines[block.end : block.end] = [*blank, key]
            return {**texts, language: "\n".join(lines)}

        return apply

    codes = "editor.fix.source", "editor.fix.verify"
    return [QuickFix(code, adder(key)) for code, key in zip(codes, keys, strict=True)]


def _is_key_line(line: str) -> bool:
    key = key_at(line)
    return key is not None and key[0] in RULE_KEYS


def _with_head(texts: Texts, language: Language, deck_id: str) -> Texts:
    """The front matter with what its path tells, added where it is missing."""
    lines = texts[language].split("\n")
    parts = deck_id.split("/")
    kind = SUBJECT_FOLDERS.get(parts[0], "")
    subject = parts[1] if len(parts) > 1 else ""
    competence = _COMPETENCES.get(parts[0]) or _SKILLS.get(subject, "platform-rules")
    wanted = {kind or "platform": subject, "competence": competence}
    if lines[0].rstrip() != "---":
        title = next((one.lstrip("# ") for one in lines if one.startswith("# ")), parts[-1])
        head = ["---", f"title: {title}", *(f"{k}: {v}" for k, v in wanted.items()), "---"]
        return {**texts, language: "\n".join([*head, *lines])}
    end = next((at for at, one in enumerate(lines[1:], 1) if one.rstrip() == "---"), 1)
    have = {one.partition(":")[0].strip() for one in lines[1:end]}
    lines[end:end] = [f"{key}: {value}" for key, value in wanted.items() if key not in have]
    return {**texts, language: "\n".join(lines)}


def _block_of(text: str, name: str) -> TextBlock | None:
    return next((one for one in text_blocks(text) if one.name == name), None)
