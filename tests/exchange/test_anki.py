"""Anki itself opens what we write, and makes what we read."""

import json
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path, PurePosixPath

import pytest
from anki.collection import (
    Collection,
    ExportAnkiPackageOptions,
    ImportAnkiPackageOptions,
    ImportAnkiPackageRequest,
)

from trainer.cards.model import Cloze, Recall, Term, Typed
from trainer.decks.model import Deck
from trainer.decks.parser import parse_deck
from trainer.exchange.anki_reading import read_anki
from trainer.exchange.anki_writing import write_anki
from trainer.exchange.clean_deck import About, clean_deck
from trainer.exchange.model import Bundle, PastReview
from trainer.foundation.errors import TrainerError
from trainer.foundation.source import Level

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060"
    "0000000400010fa5c2bf0000000049454e44ae426082"
)
DAY = 86_400_000
NOW = 1_796_000_000_000
OURS = """---
title: Parcels
platform: aliexpress
competence: platform-rules
as-of: 2026-11
---

## Dispatch {#dispatch}

Hand the parcel over within **5 days**.

Source: [Rules](https://example.org/rules) (2026-11)

Q: Within how many days? ![A parcel](parcel.png) {#days tags="time eu"}
A: = 5 days

T: AHR {#ahr}
D: Account health rating

C: Below ==4 %== and above ==1 %==. {#limits}

Q: What then? {#then difficulty=4}
- [x] Fine
  > As the table says.
- [ ] Ban
"""


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    anki = Collection(str(tmp_path / "collection.anki2"))
    yield anki
    anki.close()


def ours() -> Deck:
    return parse_deck(OURS, PurePosixPath("a.md"), "platforms/aliexpress/parcels", "en")[0]


def bundle(*reviews: PastReview) -> Bundle:
    return Bundle((ours(),), lambda _deck, target: PNG if "png" in target else None, reviews, NOW)


def take_in(anki: Collection, content: bytes, folder: Path) -> None:
    path = folder / "ours.apkg"
    path.write_bytes(content)
    options = ImportAnkiPackageOptions(with_scheduling=True)
    anki.import_anki_package(ImportAnkiPackageRequest(package_path=str(path), options=options))


def given_out(anki: Collection, folder: Path, *, legacy: bool) -> bytes:
    path = folder / f"theirs-{legacy}.apkg"
    options = ExportAnkiPackageOptions(with_scheduling=True, with_media=True, legacy=legacy)
    anki.export_anki_package(out_path=str(path), options=options, limit=None)
    return path.read_bytes()


def add(anki: Collection, kind: str, *fields: str, deck: str = "School", tags: str = "") -> int:
    note_type = anki.models.by_name(kind)
    deck_id = anki.decks.id(deck)
    assert note_type is not None
    assert deck_id is not None
    note = anki.new_note(note_type)
    note.fields = list(fields)
    note.tags = tags.split()
    anki.add_note(note, deck_id)
    anki.decks.select(deck_id)
    return int(note.id)


def test_anki_opens_what_we_write(collection: Collection, tmp_path: Path) -> None:
    exported = write_anki(bundle())
    take_in(collection, exported.content, tmp_path)

    assert (exported.questions, collection.note_count(), collection.card_count()) == (4, 4, 6)
    assert collection.decks.by_name("aliexpress::Parcels") is not None
    assert collection.media.have("parcel.png")
    (card_id,) = collection.find_cards("tag:time tag:eu")
    card = collection.get_card(card_id)
    assert '<img src="parcel.png"' in card.question()
    assert "Hand the parcel over within <strong>5 days</strong>" in card.answer()
    assert not collection.find_cards("is:due OR is:learn")


def test_anki_knows_a_second_export_again(collection: Collection, tmp_path: Path) -> None:
    for _ in range(2):
        take_in(collection, write_anki(bundle()).content, tmp_path)
    assert collection.note_count() == 4


def test_anki_takes_over_the_history(collection: Collection, tmp_path: Path) -> None:
    card_id = ours().cards[0].card_id
    begin = NOW - 30 * DAY
    history = [PastReview(card_id, begin + n * 3 * DAY, 3, 4000) for n in range(3)]
    take_in(collection, write_anki(bundle(*history)).content, tmp_path)

    assert collection.db is not None
    rows = collection.db.all("select id, ease, time from revlog order by id")
    assert rows == [[one.at, 3, 4000] for one in history]
    (card,) = collection.find_cards("-is:new")
    assert collection.get_card(card).ivl == 3


@pytest.mark.parametrize("legacy", [True, False])
def test_our_decks_come_back_from_anki_with_pictures_and_history(
    collection: Collection, tmp_path: Path, *, legacy: bool
) -> None:
    card_id = ours().cards[0].card_id
    take_in(collection, write_anki(bundle(PastReview(card_id, NOW, 4, 900))).content, tmp_path)
    imported = read_anki(given_out(collection, tmp_path, legacy=legacy), "back.apkg")

    assert imported.pictures == {"images/parcel.png": PNG}
    assert imported.deck.title == "Parcels"
    assert imported.not_carried == ()
    clean = clean_deck(imported, About())
    assert "difficulty=4" in clean.text
    assert "![A parcel](images/parcel.png)" in clean.text
    assert "Source: [Rules](https://example.org/rules) (2026-11)" in clean.text
    assert clean.reviews == (PastReview("#days", NOW, 4, 900),)


@pytest.mark.parametrize("legacy", [True, False])
def test_a_collection_made_in_anki_becomes_a_clean_deck(
    collection: Collection, tmp_path: Path, *, legacy: bool
) -> None:
    collection.media.write_data("shop front.png", PNG)
    add(collection, "Basic", "What is <b>AHR</b>?", "A score<br>of health", tags="amazon vat::eu")
    add(collection, "Basic (and reversed card)", "chargeback", "拒付")
    add(collection, "Cloze", "Below {{c1::4 %::a rate}} or {{c2::<i>banned</i>}}", "See help")
    add(collection, "Basic (type in the answer)", "Capital?", "Paris")
    add(collection, "Basic", 'See <img src="shop front.png">', "A <script>alert(1)</script>shop")
    imported = read_anki(given_out(collection, tmp_path, legacy=legacy), "Class 3.apkg")

    assert imported.deck.title == "Class 3"
    assert [rule.title for rule in imported.deck.rules] == ["School"]
    first, term, _, part, _, typed, picture = imported.deck.cards
    assert (first.question, first.body) == ("What is **AHR**?", Recall("A score\n\nof health"))
    assert first.tags == ("amazon", "vat::eu")
    assert term.body == Term("chargeback", "拒付", "definition")
    assert isinstance(part.body, Cloze)
    assert part.body.text == "Below 4 % or *banned*"
    assert part.explanation == "See help"
    assert typed.body == Typed(("Paris",))
    assert picture.question == "See ![](images/shop-front.png)"
    assert picture.body == Recall("A shop")
    assert imported.pictures == {"images/shop-front.png": PNG}
    assert {one.code for one in imported.not_carried} == {
        "carried.hint",
        "carried.active-content",
    }
    clean = clean_deck(imported, About(verify="Imported"))
    _, findings = parse_deck(clean.text, PurePosixPath("a.md"), "a", "en")
    assert [found for found in findings if found.level is Level.ERROR] == []
    assert "{#what-is-ahr" in clean.text


def test_answers_given_in_anki_are_history_here(collection: Collection, tmp_path: Path) -> None:
    add(collection, "Basic (and reversed card)", "one", "two")
    queue = collection.sched
    for rating in (3, 4, 1):
        card = queue.getCard()
        if card is None:
            break
        card.start_timer()
        queue.answerCard(card, rating)
    assert collection.db is not None
    given = collection.db.scalar("select count() from revlog")
    assert given
    imported = read_anki(given_out(collection, tmp_path, legacy=False), "x.apkg")
    assert len(imported.reviews) == given
    assert {one.card_id for one in imported.reviews} <= {c.card_id for c in imported.deck.cards}
    reviews = clean_deck(imported, About()).reviews
    assert {one.card_id for one in reviews} <= {"#one.definition", "#one.term"}


def test_what_was_edited_in_anki_counts(collection: Collection, tmp_path: Path) -> None:
    take_in(collection, write_anki(bundle()).content, tmp_path)
    (note_id,) = collection.find_notes("tag:time")
    note = collection.get_note(note_id)
    note["Answer"] = "6 days"
    collection.update_note(note)
    imported = read_anki(given_out(collection, tmp_path, legacy=True), "x.apkg")
    texts = clean_deck(imported, About()).text
    assert "6 days" in texts
    assert "A: = 5 days" not in texts


def test_a_bare_collection_is_read_too(collection: Collection, tmp_path: Path) -> None:
    add(collection, "Basic", "Front", "Back")
    with zipfile.ZipFile(BytesIO(given_out(collection, tmp_path, legacy=True))) as package:
        content = package.read("collection.anki21")
    assert read_anki(content, "collection.anki2").deck.cards[0].question == "Front"


def crafted(model: object) -> bytes:
    """A collection with one note, that Anki would never write."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(
            "create table col (models text, decks text);"
            "create table cards (id, nid, did, ord);"
            "create table notes (id, mid, tags, flds);"
            "insert into notes values (1, 1, '', 'x');"
            "insert into cards values (1, 1, 1, 0);"
        )
        connection.execute("insert into col values (?, '{}')", (json.dumps(model),))
        connection.commit()
        return connection.serialize()


def test_a_template_that_never_closes_is_no_trouble() -> None:
    template = {"qfmt": "{{F}}{{#F}}" * 50, "afmt": "{{F}}"}
    model = {"1": {"name": "N", "type": 0, "flds": [{"name": "F"}], "tmpls": [template]}}
    assert read_anki(crafted(model), "x.anki2").seen == 1


@pytest.mark.parametrize("model", [[], {"x": 1}, {"1": None}, {"1": {"flds": 3}}, "{}", None])
def test_note_types_that_are_none_are_damage(model: object) -> None:
    with pytest.raises(TrainerError, match=r"import\.damaged"):
        read_anki(crafted(model), "x.anki2")
