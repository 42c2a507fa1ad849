"""Anki's packages (.apkg, .colpkg) and collections as decks of ours."""

import json
import re
from collections.abc import Callable, Iterator
from hashlib import sha1

import msgspec

from trainer.cards.model import Body, Cloze, ClozePart, Recall, Term, Typed
from trainer.decks.plain_text import plain_text
from trainer.exchange import protobuf
from trainer.exchange.anki_collection import AnkiNote, Collection, NoteType, read_collection
from trainer.exchange.archives import LARGEST_MEMBER, Archive, is_zip, unzstd
from trainer.exchange.html_text import clean, markdown_of, words_of
from trainer.exchange.model import (
    Draft,
    DraftRule,
    Imported,
    NotCarried,
    PastReview,
    ReportProgress,
    assembled,
    no_report,
)
from trainer.exchange.names import LARGEST_PICTURE, BlockNames, title_of
from trainer.exchange.own_source import Packed, Unpacked, unpack
from trainer.exchange.pictures import Pictures
from trainer.exchange.texts import Texts, language_of
from trainer.foundation.errors import TrainerError

_LARGEST_COLLECTION = 256 * 2**20  # bytes, unpacked
_FIELD = re.compile(r"\{\{([#^/!=]?)([^{}]{1,300})\}\}")
_CLOZE_MARK = re.compile(r"\{\{c(\d{1,4})::|\}\}")
_DIVIDER = re.compile(r"<hr[^<>]*id\s*=\s*[\"']?answer[^<>]*>", re.IGNORECASE)
_LONGEST_TYPED = 60
_MOST_ROUNDS = 20_000  # pieces of one template


def read_anki(content: bytes, name: str, report: ReportProgress = no_report) -> Imported:
    """The notes of an Anki package or bare collection, with pictures, tags and history.

    Raises TrainerError: import.damaged, import.too-big, import.nothing-in-it.
    """
    if is_zip(content):
        archive = Archive(content)
        collection = read_collection(_collection_in(archive))
        pictures = Pictures(_media_in(archive), "images")
    else:
        collection = read_collection(content)
        pictures = Pictures(lambda _name: None, "images")
    return _Reader(collection, Texts(pictures), pictures).read(title_of(name), report)


def _collection_in(archive: Archive) -> bytes:
    if archive.has("collection.anki21b"):
        packed = archive.read("collection.anki21b", _LARGEST_COLLECTION)
        return unzstd(packed, _LARGEST_COLLECTION)
    for name in ("collection.anki21", "collection.anki2"):
        if archive.has(name):
            return archive.read(name, _LARGEST_COLLECTION)
    raise TrainerError("import.not-this-format")


def _media_in(archive: Archive) -> Callable[[str], bytes | None]:
    """Reads a medium by the name that notes call it by."""
    members: dict[str, str] = {}
    packed = False
    if archive.has("media"):
        listed = archive.read("media")
        packed = listed.startswith(b"\x28\xb5\x2f\xfd")
        if packed:
            entries = protobuf.fields_of(unzstd(listed))
            names = (protobuf.text(e, 1) for n, e in entries if n == 1 and isinstance(e, bytes))
            members = {name: str(number) for number, name in enumerate(names)}
        else:
            try:
                found = json.loads(listed)
                members = {str(found[key]): str(key) for key in found}
            except (ValueError, TypeError, RecursionError) as error:
                raise TrainerError("import.damaged") from error

    def read(name: str) -> bytes | None:
        member = members.get(name)
        if member is None or not archive.has(member):
            return None
        stored = archive.read(member, min(LARGEST_MEMBER, LARGEST_PICTURE))
        return unzstd(stored, LARGEST_PICTURE) if packed else stored

    return read


class _Reader:
    def __init__(self, collection: Collection, texts: Texts, pictures: Pictures) -> None:
        self._collection = collection
        self._texts = texts
        self._pictures = pictures
        self._rules: dict[str, DraftRule] = {}
        self._drafts: list[Draft] = []
        self._abouts: list[Packed] = []
        # For each draft, the card of Anki that each of its parts or ways was: a history's owner.
        self._owners: list[dict[int, int]] = []

    def read(self, title: str, report: ReportProgress) -> Imported:
        notes = self._collection.notes
        if not notes:
            raise TrainerError("import.nothing-in-it")
        for number, note in enumerate(notes):
            if number % 200 == 0:
                report(number, len(notes))
            self._take(note)
        report(len(notes), len(notes))
        questions = [plain_text(draft.question) or str(draft.body) for draft in self._drafts]
        language = language_of(questions)
        about = self._abouts[0] if self._abouts else None
        if about is not None and len(self._abouts) * 2 > len(notes):
            language = about.language
            # Several decks in one package are called after the package.
            title = about.title if len({one.title for one in self._abouts}) == 1 else title
        else:
            about = None
        deck, ids = assembled(title, language, self._drafts, self._rules, BlockNames())
        if about is not None:
            deck = msgspec.structs.replace(
                deck,
                subject_kind=about.subject_kind,
                subject=about.subject,
                competence=about.competence,
                as_of=about.as_of,
                tags=about.tags,
            )
        reviews, lost = self._history(ids)
        return Imported(
            deck=deck,
            pictures=self._pictures.kept,
            not_carried=(*self._texts.everything_lost(), *lost),
            reviews=reviews,
            seen=len(notes),
        )

    def _take(self, note: AnkiNote) -> None:
        kind = self._collection.note_types.get(note.kind)
        values = dict(zip(kind.fields, note.values, strict=False)) if kind else {}
        self._texts.about(words_of(note.values[0][:500]) if note.values else "?")
        if kind is None or not kind.templates or kind.image_occlusion:
            self._texts.lose("carried.note-type", name=kind.name if kind else "?")
            return
        ours = self._ours(note)
        if ours is not None:
            self._add_ours(ours, note)
            return
        tags = tuple(filter(None, map(_tag, note.tags)))
        if len(tags) < len(note.tags):
            self._texts.lose("carried.tags")
        rule = self._rule_of(note)
        if kind.is_cloze:
            self._add_cloze(note, kind, values, rule, tags)
        elif _is_both_ways(kind):
            front, back = (self._texts.html(values.get(name, "")) for name in kind.fields[:2])
            places = {card.place: card.card_id for card in note.cards}
            owners = {place: card for place, card in places.items() if place < 2}
            self._add(Draft("", Term(front, back, "definition"), rule=rule, tags=tags), owners)
        else:
            for card in note.cards or ():
                if card.place < len(kind.templates):
                    draft = self._by_template(kind, values, card.place)
                    draft.rule, draft.tags = rule, tags
                    self._add(draft, {0: card.card_id})

    def _add(self, draft: Draft, owners: dict[int, int]) -> None:
        self._drafts.append(draft)
        self._owners.append(owners)

    def _ours(self, note: AnkiNote) -> Unpacked | None:
        if len(note.values) < 3:
            return None
        return unpack(note.values[-1], note.values[:-1], self._pictures)

    def _add_ours(self, ours: Unpacked, note: AnkiNote) -> None:
        rule = ""
        if ours.rule is not None:
            rule = ours.rule.rule_id
            name = rule.rpartition("#")[2]
            self._rules.setdefault(rule, DraftRule(ours.rule.title, name, rule=ours.rule))
        card = ours.card
        self._abouts.append(ours.about)
        draft = Draft(
            question=card.question,
            body=ours.body,
            explanation=card.explanation,
            name=card.note_id.rpartition("#")[2],
            rule=rule,
            difficulty=card.difficulty,
            tags=card.tags,
        )
        self._add(draft, {card.place: card.card_id for card in note.cards})

    def _rule_of(self, note: AnkiNote) -> str:
        """Notes of one deck of Anki stand below one heading."""
        deck = note.cards[0].deck if note.cards else ""
        title = deck.rpartition("::")[2].strip() or "?"
        self._rules.setdefault(deck, DraftRule(title))
        return deck

    def _add_cloze(
        self,
        note: AnkiNote,
        kind: NoteType,
        values: dict[str, str],
        rule: str,
        tags: tuple[str, ...],
    ) -> None:
        field = next((n for n in kind.fields if "{{c" in values.get(n, "")), kind.fields[0])
        body, numbers, hints = cloze_of(values.get(field, ""), self._texts.html)
        if hints:
            self._texts.lose("carried.hint")
        if len(numbers) != len(set(numbers)):
            self._texts.lose("carried.cloze-together")
        others = [self._texts.html(values[n]) for n in kind.fields if n != field and n in values]
        explanation = "\n\n".join(filter(None, others))
        places = {card.place + 1: card.card_id for card in note.cards}
        owners = {}
        for place, number in enumerate(numbers):
            if number in places:
                owners[place] = places.pop(number)
        self._add(Draft("", body, explanation, rule=rule, tags=tags), owners)

    def _by_template(self, kind: NoteType, values: dict[str, str], place: int) -> Draft:
        template = kind.templates[place]
        if len(kind.templates) > 1 or len(kind.fields) > 2:
            known = {"Front", "Back", "正面", "背面"}
            if not known.issuperset(kind.fields):
                self._texts.lose("carried.template", name=kind.name)
        front = filled(template.front, values)
        back = _DIVIDER.split(filled(template.back, {**values, "FrontSide": ""}), maxsplit=1)[-1]
        asked = self._texts.html(front)
        answer = self._texts.html(back)
        typed = re.search(r"\{\{type:([^{}]{1,200})\}\}", template.front)
        if typed:
            wanted = words_of(values.get(typed[1].strip(), "")).strip()
            if 0 < len(wanted) <= _LONGEST_TYPED and " / " not in wanted:
                return Draft(asked, Typed((wanted,)))
        return Draft(asked, Recall(answer))

    def _history(
        self, ids: list[tuple[str, ...]]
    ) -> tuple[tuple[PastReview, ...], list[NotCarried]]:
        owner: dict[int, str] = {}
        for card_ids, owners in zip(ids, self._owners, strict=True):
            for place, anki_card in owners.items():
                if place < len(card_ids):
                    owner[anki_card] = card_ids[place]
        reviews = []
        others = 0
        for one in self._collection.reviews:
            if one.card_id in owner and 1 <= one.ease <= 4 and one.kind != 4 and _is_time(one.at):
                taken = min(max(one.taken_ms, 0), 3_600_000)
                reviews.append(PastReview(owner[one.card_id], one.at, one.ease, taken))
            else:
                others += 1
        blanks = {"number": str(others)}
        return tuple(reviews), [NotCarried("carried.reviews", "", blanks)] if others else []


def _is_time(at: int) -> bool:
    """From 2006, when there was Anki, to 2100."""
    return 1_136_073_600_000 <= at < 4_102_444_800_000


def _tag(tag: str) -> str:
    """A tag our attribute lists can hold."""
    return "" if re.search(r"[\s\"“”{}]", tag) or len(tag) > 80 else tag


def _is_both_ways(kind: NoteType) -> bool:
    """Whether the second card asks the first the other way round, as "Basic (and reversed)"."""
    if len(kind.templates) != 2 or len(kind.fields) < 2:
        return False
    first, second = (f"{{{{{name}}}}}" for name in kind.fields[:2])
    one, other = kind.templates
    return (
        one.front.strip() == first
        and second in one.back
        and other.front.strip() == second
        and first in other.back
    )


def filled(template: str, values: dict[str, str]) -> str:
    """What a template of Anki shows for a note: fields, and parts that stand only where a field
    is filled (https://docs.ankiweb.net/templates/fields.html)."""
    pieces: list[str] = []
    hidden_below = 0  # how many open parts, from the outermost hidden one
    end = 0
    for number, mark in enumerate(_FIELD.finditer(template)):
        if number > _MOST_ROUNDS:
            break
        if not hidden_below:
            pieces.append(template[end : mark.start()])
        end = mark.end()
        sign, name = mark[1], mark[2].strip()
        if sign in {"#", "^"}:
            there = bool(words_of(values.get(name, "")).strip() or "<img" in values.get(name, ""))
            if hidden_below or there != (sign == "#"):
                hidden_below += 1
        elif sign == "/":
            hidden_below = max(0, hidden_below - 1)
        elif not sign and not hidden_below:
            filters = name.split(":")
            if filters[0] != "type" and filters[-1] not in _ABOUT_THE_CARD:
                pieces.append(values.get(filters[-1].strip(), ""))
    if not hidden_below:
        pieces.append(template[end:])
    return "".join(pieces)


_ABOUT_THE_CARD = frozenset({"Tags", "Type", "Deck", "Subdeck", "Card", "CardFlag"})


def cloze_of(
    text: str, read: Callable[[str], str] = lambda html: markdown_of(clean(html).tree)
) -> tuple[Body, list[int], bool]:
    """The cloze in an Anki text, the number of each part, and whether hints were left out.

    Nested parts are one part: the outermost.
    """
    # Marks that survive the way from HTML to Markdown, one pair around each part.
    pieces: list[str] = []
    numbers: list[int] = []
    depth, end, hints = 0, 0, False
    for mark in _CLOZE_MARK.finditer(text):
        inside = text[end : mark.start()]
        end = mark.end()
        if depth == 1 and mark[0] == "}}" and "::" in inside:
            inside, hints = inside.partition("::")[0], True
        pieces.append(inside)
        if mark[1] is not None:
            if depth == 0:
                numbers.append(int(mark[1]))
                pieces.append("\ue010")
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                pieces.append("\ue011")
        else:
            pieces.append(mark[0])
    pieces.append(text[end:])
    if depth:
        pieces.append("\ue011")
    return (*marked_cloze(read("".join(pieces)), numbers), hints)


def marked_cloze(text: str, numbers: list[int]) -> tuple[Body, list[int]]:
    """The cloze in a Markdown text whose parts stand between U+E010 and U+E011; what remains of
    `numbers`, one a part. A text without parts becomes a question nobody can answer."""
    parts: list[ClozePart] = []
    kept: list[int] = []
    words: list[str] = []
    length = 0
    seen = 0
    for hidden, piece in _pieces(text.replace("==", "= =")):
        seen += hidden
        if hidden and piece.strip():
            parts.append(ClozePart(str(len(parts) + 1), length, length + len(piece)))
            kept.append(numbers[seen - 1] if seen <= len(numbers) else 0)
        words.append(piece)
        length += len(piece)
    if not parts:
        return Recall(""), []
    return Cloze("".join(words), tuple(parts), "1"), kept


def _pieces(text: str) -> Iterator[tuple[bool, str]]:
    """Text and hidden parts by turns, a text first."""
    for before in text.split("\ue010"):
        hidden, mark, after = before.partition("\ue011")
        if mark:
            yield True, hidden.replace("\n", " ")
            yield False, after
        else:
            yield False, before.replace("\ue011", "")


def guid_of(name: str) -> str:
    """The id by which Anki knows a note again when it is imported once more."""
    return sha1(name.encode("utf-8"), usedforsecurity=False).hexdigest()[:20]
