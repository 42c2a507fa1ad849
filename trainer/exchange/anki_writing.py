"""Decks of ours as an Anki package (.apkg) that every version of Anki opens.

The collection inside has schema 11, the oldest still read; scheduling comes from the reviews.
"""

import json
import sqlite3
from contextlib import closing

from trainer.cards.model import Card, Cloze, Number, Parametric, Term, Typed
from trainer.cards.showing import show
from trainer.exchange.anki_reading import guid_of
from trainer.exchange.archives import zipped
from trainer.exchange.faces import WORDS, rule_html, sides
from trainer.exchange.html_text import HtmlWriter, words_of
from trainer.exchange.model import (
    Bundle,
    Exported,
    NotCarried,
    Note,
    PastReview,
    ReportProgress,
    left_behind,
    no_report,
    notes_of,
)
from trainer.exchange.names import picture_kind, picture_name
from trainer.exchange.own_source import pack

_SCHEMA = """
create table col (id integer primary key, crt integer not null, mod integer not null,
 scm integer not null, ver integer not null, dty integer not null, usn integer not null,
 ls integer not null, conf text not null, models text not null, decks text not null,
 dconf text not null, tags text not null);
create table notes (id integer primary key, guid text not null, mid integer not null,
 mod integer not null, usn integer not null, tags text not null, flds text not null,
 sfld integer not null, csum integer not null, flags integer not null, data text not null);
create table cards (id integer primary key, nid integer not null, did integer not null,
 ord integer not null, mod integer not null, usn integer not null, type integer not null,
 queue integer not null, due integer not null, ivl integer not null, factor integer not null,
 reps integer not null, lapses integer not null, left integer not null, odue integer not null,
 odid integer not null, flags integer not null, data text not null);
create table revlog (id integer primary key, cid integer not null, usn integer not null,
 ease integer not null, ivl integer not null, lastIvl integer not null, factor integer not null,
 time integer not null, type integer not null);
create table graves (usn integer not null, oid integer not null, type integer not null);
create index ix_notes_usn on notes (usn);
create index ix_cards_usn on cards (usn);
create index ix_revlog_usn on revlog (usn);
create index ix_cards_nid on cards (nid);
create index ix_cards_sched on cards (did, queue, due);
create index ix_revlog_cid on revlog (cid);
create index ix_notes_csum on notes (csum);
"""
_DAY_MS = 86_400_000
_EASE = 2500  # per mille: what Anki begins with
_LAST_FIELD = "Trainer"
_MORE = ("Why", "Rule", "Id", _LAST_FIELD)
_CSS = """.card { font-family: sans-serif; font-size: 20px; line-height: 1.5; text-align: left;
 color: black; background-color: white; }
.more { font-size: 16px; color: #555; } s { color: #888; }
.nightMode .more { color: #aaa; }
.cloze { font-weight: bold; color: #0f6b5c; }"""
_BEHIND = (
    '{{#Why}}<p class="more">{{Why}}</p>{{/Why}}{{#Rule}}<div class="more">{{Rule}}</div>{{/Rule}}'
)


def _kind(
    number: int, name: str, fields: tuple[str, ...], *templates: tuple[str, str]
) -> dict[str, object]:
    """A note type as Anki keeps it."""
    return {
        "id": number,
        "name": name,
        "type": 1 if fields[0] == "Text" else 0,
        "mod": 0,
        "usn": -1,
        "sortf": 0,
        "did": None,
        "tmpls": [
            {
                "name": f"Card {place + 1}",
                "ord": place,
                "qfmt": front,
                "afmt": f"{back}{_BEHIND}",
                "bqfmt": "",
                "bafmt": "",
                "did": None,
                "bfont": "",
                "bsize": 0,
            }
            for place, (front, back) in enumerate(templates)
        ],
        "flds": [
            {
                "name": field,
                "ord": place,
                "sticky": False,
                "rtl": False,
                "font": "Arial",
                "size": 20,
            }
            for place, field in enumerate(fields)
        ],
        "css": _CSS,
        "latexPre": "",
        "latexPost": "",
        "req": [[place, "any", [place]] for place in range(len(templates))],
        "tags": [],
        "vers": [],
    }


_FRONT = "{{FrontSide}}<hr id=answer>"
# The numbers are ours for ever: by them Anki knows the note types of an earlier export again.
QUESTION, TYPED, TERM, CLOZE = 1764547200001, 1764547200002, 1764547200003, 1764547200004
_KINDS = {
    QUESTION: _kind(
        QUESTION,
        "Trainer question",
        ("Question", "Answer", *_MORE),
        ("{{Question}}", f"{_FRONT}{{{{Answer}}}}"),
    ),
    TYPED: _kind(
        TYPED,
        "Trainer typed",
        ("Question", "Answer", *_MORE),
        ("{{Question}}{{type:Answer}}", f"{_FRONT}{{{{Answer}}}}"),
    ),
    TERM: _kind(
        TERM,
        "Trainer term",
        ("Term", "Definition", *_MORE),
        ("{{Term}}", f"{_FRONT}{{{{Definition}}}}"),
        ("{{Definition}}", f"{_FRONT}{{{{Term}}}}"),
    ),
    CLOZE: _kind(CLOZE, "Trainer cloze", ("Text", *_MORE), ("{{cloze:Text}}", "{{cloze:Text}}")),
}


def write_anki(bundle: Bundle, report: ReportProgress = no_report) -> Exported:
    """An .apkg file with all decks of `bundle`, their pictures, and its reviews, if it has any."""
    return _Writer(bundle).write(report)


class _Writer:
    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._lost: list[NotCarried] = []
        self._media: dict[str, bytes] = {}
        self._media_names: dict[tuple[str, str], str] = {}
        self._last_number = max(bundle.now, 1_400_000_000_000)
        self._used: dict[str, str] = {}  # pictures of the present note
        self._deck_id = ""
        self._html = HtmlWriter(self._picture)
        self._notes: list[tuple[object, ...]] = []
        self._cards: list[tuple[object, ...]] = []
        self._revlog: dict[int, tuple[object, ...]] = {}
        self._history: dict[str, list[PastReview]] = {}
        for review in sorted(bundle.reviews, key=lambda one: one.at):
            self._history.setdefault(review.card_id, []).append(review)
        # The day the collection was begun: due days count from it.
        first = min((review.at for review in bundle.reviews), default=bundle.now)
        self._began = first - first % _DAY_MS

    def write(self, report: ReportProgress) -> Exported:
        total = sum(len(deck.cards) for deck in self._bundle.decks)
        done = 0
        decks = {1: "Default"}
        for deck in self._bundle.decks:
            number = self._number()
            decks[number] = _deck_name(deck.subject, deck.title)
            self._deck_id = deck.deck_id
            self._lost += left_behind(deck)
            for note in notes_of(deck):
                self._add(note, number)
                done += len(note.cards)
                if len(self._notes) % 100 == 0:
                    report(done, total)
        report(total, total)
        content = self._package(decks)
        return Exported(content, tuple(self._lost), len(self._notes))

    def _lose(self, code: str, block_id: str, **blanks: str) -> None:
        self._lost.append(NotCarried(code, block_id.rpartition("#")[2], blanks))

    def _add(self, note: Note, deck_number: int) -> None:
        card, html = note.card, self._html
        self._used = {}
        words = WORDS[card.language]
        why = html.html(card.explanation)
        match card.body:
            case Cloze() as body:
                kind, faces = CLOZE, [_cloze_html(body, html)]
            case Term():
                kind, faces = TERM, list(sides(card, html))
            case Typed() | Number():
                kind, faces = TYPED, list(sides(card, html))
            case Parametric():
                kind, faces = QUESTION, list(sides(card, html))
                why = html.html(show(card, 0).explanation)
                self._lose("carried.fresh-numbers", card.note_id)
            case _:
                kind, faces = QUESTION, list(sides(card, html))
        rule = rule_html(note.rule, html, words) if note.rule else ""
        shown = [*faces, why, rule, card.note_id]
        name = f"{note.deck.language} {card.note_id}"
        number = self._number()
        modified = self._bundle.now // 1000
        tags = "".join(f" {tag}" for tag in card.tags)
        first = words_of(shown[0])
        self._notes.append(
            (
                number,
                guid_of(name),
                kind,
                modified,
                -1,
                f"{tags} " if tags else "",
                "\x1f".join([*shown, pack(note, shown, self._used)]),
                first,
                int(guid_of(first)[:8], 16),
                0,
                "",
            )
        )
        for place, one in enumerate(_in_order(note)):
            self._add_card(number, place, one, deck_number)

    def _add_card(self, note: int, place: int, card: Card, deck_number: int) -> None:
        number = self._number()
        history = self._history.get(card.card_id, [])
        days = [(one.at - self._began) // _DAY_MS for one in history]
        interval = max(1, days[-1] - days[-2]) if len(days) > 1 else 1
        met = bool(history)
        kind = 2 if met else 0  # review, new
        due = days[-1] + interval if met else len(self._cards) + 1
        lapses = sum(one.rating == 1 for one in history[1:])
        ivl, factor = (interval, _EASE) if met else (0, 0)
        self._cards.append(
            (
                *(number, note, deck_number, place, self._bundle.now // 1000, -1, kind, kind, due),
                *(ivl, factor, len(history), lapses, 0, 0, 0, 0, ""),
            )
        )
        last = 0
        for index, one in enumerate(history):
            following = days[index + 1] - days[index] if index + 1 < len(days) else interval
            at = one.at
            while at in self._revlog:  # Anki knows a review by its time alone
                at += 1
            step = max(1, following)
            taken = min(one.taken_ms, 60_000)
            self._revlog[at] = (
                *(at, number, -1, one.rating, step, last, _EASE),
                *(taken, 0 if index == 0 else 1),  # learnt, reviewed
            )
            last = step

    def _picture(self, target: str) -> str:
        key = (self._deck_id, target)
        if key not in self._media_names:
            content = self._bundle.picture(self._deck_id, target)
            suffix = picture_kind(content) if content else ""
            if not content or not suffix:
                self._lost.append(NotCarried("carried.picture", self._deck_id, {"name": target}))
                self._media_names[key] = ""
            else:
                name = picture_name(target, suffix, self._media)
                self._media[name] = content
                self._media_names[key] = name
        if self._media_names[key]:
            self._used[target] = self._media_names[key]
        return self._media_names[key]

    def _number(self) -> int:
        """An id as Anki makes them: milliseconds of a moment, later ones higher."""
        self._last_number += 1
        return self._last_number

    def _package(self, decks: dict[int, str]) -> bytes:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.executescript(_SCHEMA)
            for table, width, rows in (
                ("col", 13, [self._col(decks)]),
                ("notes", 11, self._notes),
                ("cards", 18, self._cards),
                ("revlog", 9, list(self._revlog.values())),
            ):
                connection.executemany(f"insert into {table} values ({_blanks(width)})", rows)  # noqa: S608
            connection.commit()
            content = connection.serialize()
        media = {str(number): name for number, name in enumerate(self._media)}
        return zipped(
            [
                ("collection.anki2", content),
                ("media", json.dumps(media, ensure_ascii=False).encode("utf-8")),
                *((str(number), one) for number, one in enumerate(self._media.values())),
            ]
        )

    def _col(self, decks: dict[int, str]) -> tuple[object, ...]:
        now = self._bundle.now
        about = {
            str(number): {
                "id": number,
                "name": name,
                "mod": now // 1000,
                "usn": -1,
                "desc": "",
                "dyn": 0,
                "conf": 1,
                "collapsed": False,
                "browserCollapsed": False,
                "extendNew": 0,
                "extendRev": 0,
                "newToday": [0, 0],
                "revToday": [0, 0],
                "lrnToday": [0, 0],
                "timeToday": [0, 0],
            }
            for number, name in decks.items()
        }
        conf = {"curDeck": 1, "activeDecks": [1], "schedVer": 2, "nextPos": len(self._cards) + 1}
        dump = json.dumps
        kinds = {str(number): kind for number, kind in _KINDS.items()}
        return (
            1, self._began // 1000, now, now, 11, 0, 0, 0,
            dump(conf), dump(kinds), dump(about, ensure_ascii=False), dump({"1": _OPTIONS}), "{}",
        )  # fmt: skip


_OPTIONS = {
    "id": 1,
    "name": "Default",
    "mod": 0,
    "usn": 0,
    "maxTaken": 60,
    "autoplay": True,
    "timer": 0,
    "replayq": True,
    "dyn": False,
    "new": {"bury": False, "delays": [1, 10], "initialFactor": 2500, "ints": [1, 4, 0], "order": 1,
            "perDay": 20},
    "rev": {"bury": False, "ease4": 1.3, "ivlFct": 1, "maxIvl": 36500, "perDay": 200,
            "hardFactor": 1.2},
    "lapse": {"delays": [10], "leechAction": 1, "leechFails": 8, "minInt": 1, "mult": 0},
}  # fmt: skip


def _deck_name(subject: str, title: str) -> str:
    parts = (part.replace("::", ":").strip() for part in (subject, title))
    return "::".join(part for part in parts if part) or "?"


def _in_order(note: Note) -> tuple[Card, ...]:
    """The cards of a note as Anki counts them: a term first asks for the definition."""
    if not isinstance(note.card.body, Term):
        return note.cards
    return (note.card, *(card for card in note.cards if card is not note.card))


def _cloze_html(body: Cloze, html: HtmlWriter) -> str:
    """The text with {{c1::…}} around each part; braces of its own would be read as marks."""
    pieces, end = [], 0
    for part in body.parts:
        hidden = body.text[part.start : part.end]
        pieces += [body.text[end : part.start], f"\ue010{hidden}\ue011"]
        end = part.end
    written = (
        html.html("".join((*pieces, body.text[end:]))).replace("}}", "} }").replace("{{", "{ {")
    )
    for number in range(1, len(body.parts) + 1):
        written = written.replace("\ue010", f"{{{{c{number}::", 1).replace("\ue011", "}}", 1)
    return written


def _blanks(count: int) -> str:
    return ", ".join("?" * count)
