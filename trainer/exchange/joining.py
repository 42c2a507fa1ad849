"""Pieces: blocks of ours that a format carries as several questions, and how they come together
again; rules as text; attributes as tags."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import PurePosixPath

import msgspec

from trainer.cards.model import Card, Choice, Cloze, ClozePart, Recall, Scoring, Term
from trainer.decks.model import Rule
from trainer.decks.parser import parse_deck
from trainer.decks.writer import rule_source
from trainer.exchange.model import Draft, DraftRule

DEFINITION, TERM = ".definition", ".term"
_PART = re.compile(r"(.+)\.(\d{1,3})\Z")
_DIFFICULTY = re.compile(r"difficulty-([1-5])\Z")
SCORINGS: dict[str, Scoring] = {"scoring-all": "all", "scoring-per-option": "per-option"}


def halves(card: Card) -> Iterator[tuple[str, str, str]]:
    """The two questions a term becomes: name, question, answer."""
    body = card.body
    if isinstance(body, Term):
        name = card.note_id.rpartition("#")[2]
        yield name + DEFINITION, body.shown, body.hidden
        yield name + TERM, body.hidden, body.shown


def joined(drafts: Sequence[Draft]) -> list[Draft]:
    """`drafts` with both ways of a term, and all parts of a cloze, as one again."""
    ways = {draft.name: draft for draft in drafts if isinstance(draft.body, Recall)}
    clozes: dict[str, Draft] = {}
    made: list[Draft] = []
    for draft in drafts:
        if draft.name.endswith(TERM) and _other_way(draft, ways, TERM, DEFINITION):
            continue
        if draft.name.endswith(DEFINITION) and _other_way(draft, ways, DEFINITION, TERM):
            hidden = draft.body.answer if isinstance(draft.body, Recall) else ""
            made.append(_renamed(draft, DEFINITION, Term(draft.question, hidden, "definition")))
            continue
        part = _PART.fullmatch(draft.name)
        if part is not None and isinstance(draft.body, Cloze):
            known = clozes.get(part[1])
            if known is not None and isinstance(known.body, Cloze):
                whole = _with_parts(known.body, draft.body.parts)
                if known.body.text == draft.body.text and whole is not None:
                    known.body = whole
                    continue
            whole_name = part[1]
            clozes[whole_name] = msgspec.structs.replace(draft, name=whole_name)
            made.append(clozes[whole_name])
            continue
        made.append(draft)
    return made


def _other_way(draft: Draft, ways: dict[str, Draft], this: str, that: str) -> bool:
    other = ways.get(draft.name.removesuffix(this) + that)
    if other is None or not isinstance(other.body, Recall) or not isinstance(draft.body, Recall):
        return False
    return other.body.answer == draft.question and draft.body.answer == other.question


def _renamed(draft: Draft, suffix: str, body: Term) -> Draft:
    name = draft.name.removesuffix(suffix)
    return msgspec.structs.replace(draft, question="", body=body, name=name)


def _with_parts(body: Cloze, parts: Iterable[ClozePart]) -> Cloze | None:
    places = sorted({(p.start, p.end) for p in (*body.parts, *parts)})
    if any(after[0] < before[1] for before, after in pairwise(places)):
        return None
    kept = tuple(ClozePart(str(n), start, end) for n, (start, end) in enumerate(places, start=1))
    return Cloze(body.text, kept, "1")


# Rules


def rule_words(rule: Rule) -> str:
    """A rule without its heading: prose and key lines, each a paragraph of its own. A penalty
    table is plain text in it."""
    lines = rule_source(msgspec.structs.replace(rule, table=None)).split("\n")[1:]
    keys = re.compile(r"(Penalty|Verify|Was|Source|Elsewhere|As-of): ")
    return "\n".join(f"\n{line}" if keys.match(line) else line for line in lines).strip()


def draft_rule(title: str, words: str, name: str = "") -> DraftRule:
    """The rule with this heading and text. Its key lines are read as such where they are no more
    than that."""
    title = " ".join(title.split())
    if words.strip():
        text = f"## {title}\n\n{words.strip()}\n"
        deck, _ = parse_deck(text, PurePosixPath("rule.md"), "", "en")
        if len(deck.rules) == 1 and not (deck.cards or deck.scenarios or deck.left_out):
            return DraftRule(title, name, rule=msgspec.structs.replace(deck.rules[0], title=title))
    return DraftRule(title, name, words)


# Attributes


def tags_of(card: Card) -> list[str]:
    """Tags, difficulty and scoring of a card as tags."""
    tags = list(card.tags)
    if card.difficulty != 2:
        tags.append(f"difficulty-{card.difficulty}")
    if isinstance(card.body, Choice) and card.body.scoring != "right-minus-wrong":
        tags.append(f"scoring-{card.body.scoring}")
    return tags


def take_tags(draft: Draft, tags: Iterable[str]) -> bool:
    """Give `draft` what `tags` say. False when one of them is no tag of ours."""
    kept: list[str] = []
    good = True
    for tag in tags:
        difficulty = _DIFFICULTY.fullmatch(tag)
        if difficulty is not None:
            draft.difficulty = int(difficulty[1])
        elif tag in SCORINGS and isinstance(draft.body, Choice):
            draft.body = msgspec.structs.replace(draft.body, scoring=SCORINGS[tag])
        else:
            plain = "-".join(tag.split())
            if plain and len(plain) <= 80 and not re.search(r"[\"“”{}]", plain):
                kept.append(plain)
            else:
                good = False
    draft.tags = tuple(dict.fromkeys(kept))
    return good


# Matching

COLUMNS = {"en": ("Left", "Right"), "zh": ("左", "右")}
