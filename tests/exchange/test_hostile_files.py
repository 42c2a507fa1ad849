"""Any bytes as an import: a deck or a clear refusal, soon, and nothing active in what is kept."""

import io
import json
import sqlite3
import time
import zipfile
from contextlib import closing
from pathlib import Path, PurePosixPath

import pytest
import zstandard
from hypothesis import example, given, settings
from hypothesis import strategies as st

from trainer.decks.parser import parse_deck
from trainer.exchange import formats
from trainer.exchange.archives import MOST_MEMBERS, unzstd
from trainer.exchange.clean_deck import About, clean_deck
from trainer.exchange.html_text import HtmlWriter, clean, markdown_of
from trainer.exchange.model import Imported
from trainer.exchange.names import picture_kind, picture_name
from trainer.foundation.errors import TrainerError
from trainer.foundation.source import Level

DATA = Path(__file__).resolve().parents[1] / "data" / "exchange"
KEYS = [one.key for one in formats.FORMATS if one.imports]
# Far above what any of these takes; it tells a hang from a slow machine.
PATIENCE = 20.0


def take(content: bytes, name: str, key: str = "") -> str:
    """The code of the refusal, or "" when it became a clean deck. Anything else is a mistake."""
    began = time.monotonic()
    try:
        imported = formats.read(content, name, key=key)
        made = clean_deck(imported, About())
    except TrainerError as error:
        return error.code
    finally:
        assert time.monotonic() - began < PATIENCE
    _, findings = parse_deck(made.text, PurePosixPath("a.md"), "a", "en")
    assert [found for found in findings if found.level is Level.ERROR] == []
    return ""


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", method) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return whole.getvalue()


# Any bytes

SEEDS = [path.read_bytes() for path in sorted(DATA.iterdir())]


@pytest.mark.parametrize("key", KEYS)
@settings(max_examples=60)
@given(content=st.binary(max_size=300))
@example(content=b"")
@example(content=b"\xff\xfe\x00")
def test_any_bytes_are_a_deck_or_a_refusal(key: str, content: bytes) -> None:
    take(content, "x", key)


@pytest.mark.parametrize("key", ["moodle", "gift", "csv", "obsidian", "hashcards", "qti"])
@settings(max_examples=60)
@given(seed=st.sampled_from(SEEDS), data=st.data())
def test_a_torn_or_changed_file_is_a_deck_or_a_refusal(
    key: str, seed: bytes, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(seed)))
    end = data.draw(st.integers(start, len(seed)))
    take(seed[:start] + data.draw(st.binary(max_size=20)) + seed[end:], "x", key)


@pytest.mark.parametrize(
    "heading", ["Rule {#ru\x129}", "Rule {#a b}", "R ｛＃x y｝", "{#}", "Q: {#a}"]
)
def test_a_heading_with_braces_is_words(heading: str) -> None:
    assert take(f"## {heading}\n\nFront::back\n".encode(), "x.md", "obsidian") == ""
    assert take(f"$CATEGORY: a/{heading}\n\nTrue?{{T}}\n".encode(), "x.gift") == ""


SIGNS = st.text(alphabet="QACT:=~{}#%->\\[]()!<|_. \n*`$1ab题：?x\"'&;,→\ue010\ue011", max_size=120)


@pytest.mark.parametrize("key", ["gift", "csv", "obsidian", "hashcards"])
@settings(max_examples=150)
@given(text=SIGNS)
def test_any_text_is_a_deck_or_a_refusal(key: str, text: str) -> None:
    head = "题目,答案,题型,A,B\n" if key == "csv" else ""
    take(f"{head}{text}".encode("utf-8", "replace"), "x", key)


@settings(max_examples=200)
@given(text=SIGNS)
def test_any_text_in_a_moodle_question_is_a_deck(text: str) -> None:
    from trainer.exchange.html_text import xml_text

    kinds = ("multichoice", "shortanswer", "numerical", "matching", "ordering", "cloze", "essay")
    one = xml_text(text)
    questions = "".join(
        f'<question type="{kind}"><questiontext><text>{one}</text></questiontext>'
        f'<answer fraction="100"><text>{one}</text></answer><graderinfo><text>{one}</text>'
        f"</graderinfo><subquestion><text>{one}</text><answer><text>{one}</text></answer>"
        "</subquestion></question>"
        for kind in kinds
    )
    assert take(f"<quiz>{questions}</quiz>".encode(), "x.xml") == ""


@settings(max_examples=300)
@given(text=st.text(alphabet="<>/abisrcptdul ol=\"'&;!-[]()#*_\n:javx", max_size=200))
def test_any_html_becomes_markdown_without_anything_active(text: str) -> None:
    shown = HtmlWriter(lambda target: target).html(markdown_of(clean(text).tree, lambda s, _: s))
    lower = shown.lower()
    assert "<script" not in lower
    assert "javascript:" not in lower.replace("&", "") or "href" not in lower


# Made to hurt


@pytest.mark.parametrize(
    "text",
    [
        "<a" * 100_000,
        "<!--" * 50_000,
        "<div>" * 50_000,
        '<a b="' * 40_000,
        "[" * 100_000,
        "*" * 100_000,
        "](" * 50_000,
        "<table>" * 30_000,
        "{{" * 50_000,
        "==" * 50_000,
        "::" * 50_000,
        "{1:SA:=" * 20_000,
        "\\" * 100_000,
        "`" * 100_001,
        "__ " * 40_000,
    ],
    ids=lambda text: text[:8],
)
@pytest.mark.parametrize("key", ["moodle", "gift", "csv", "obsidian", "hashcards"])
def test_texts_made_to_take_for_ever_do_not(key: str, text: str) -> None:
    from trainer.exchange.html_text import xml_text

    whole = {
        "moodle": f'<quiz><question type="cloze"><questiontext><text>{xml_text(text)}</text>'
        "</questiontext></question></quiz>",
        "gift": f"::{text}{{={text}}}",
        "csv": f"题目,答案\n{text},{text}\n",
        "obsidian": f"{text}::{text}\n",
        "hashcards": f"C: {text}\n\nQ: {text}\nA: {text}\n",
    }
    take(whole[key].encode(), "x", key)


def test_a_zip_bomb_is_refused() -> None:
    big = b"\0" * (65 * 2**20)
    assert take(packed({"collection.anki2": big * 4}), "x.apkg") in BOMBS
    assert take(packed({"[Content_Types].xml": big}), "x.xlsx") in BOMBS
    assert take(packed({"imsmanifest.xml": big}), "x.zip") in BOMBS
    frame = zstandard.ZstdCompressor().compress(big * 5)
    assert take(packed({"collection.anki21b": frame}), "x.apkg") in BOMBS


BOMBS = {"import.too-big", "import.damaged"}


def test_a_header_that_lies_about_its_size_is_not_believed() -> None:
    content = bytearray(packed({"collection.anki2": b"x" * 100_000}))
    place = content.rindex(b"PK\x01\x02") + 24
    content[place : place + 4] = (10).to_bytes(4, "little")
    assert take(bytes(content), "x.apkg") == "import.damaged"


def test_too_many_members_are_refused() -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as file:
        for number in range(MOST_MEMBERS + 1):
            file.writestr(f"{number}.xml", b"")
        file.writestr("imsmanifest.xml", b"<a/>")
    assert take(whole.getvalue(), "x.zip") == "import.too-big"


def test_a_frame_is_unpacked_up_to_its_limit() -> None:
    frame = zstandard.ZstdCompressor().compress(b"x" * 1000)
    assert unzstd(frame, 1000) == b"x" * 1000
    with pytest.raises(TrainerError, match=r"import\.too-big"):
        unzstd(frame, 999)


LAUGHS = """<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<quiz><question type="essay"><questiontext><text>&b;</text></questiontext></question></quiz>"""
OUTSIDE = """<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<quiz><question type="essay"><questiontext><text>&a;</text></questiontext></question></quiz>"""


@pytest.mark.parametrize("text", [LAUGHS, OUTSIDE], ids=["laughs", "outside"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(text: str, encoding: str) -> None:
    assert take(text.encode(encoding), "x.xml", "moodle") == "import.entities"
    item = {"imsmanifest.xml": b"<manifest/>", "a.xml": text.encode(encoding)}
    assert take(packed(item), "x.zip") == "import.entities"
    book = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": text.encode(encoding)}
    assert take(packed(book), "x.xlsx") == "import.entities"


def test_a_tree_too_deep_is_refused() -> None:
    assert take(b"<quiz>" + b"<a>" * 100_000, "x.xml") == "import.too-big"


def test_a_sheet_with_a_cell_at_the_far_end_is_no_bomb() -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["题目", "答案"])
    sheet.append(["What?", "x"])
    sheet["XFD1048576"] = "far"
    whole = io.BytesIO()
    book.save(whole)
    assert take(whole.getvalue(), "x.xlsx") in {"", "import.too-big"}


# Names that want to lie elsewhere


PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde"
    b"\0\0\0\0IEND\xaeB`\x82"
)


def package_with_medium(name: str, content: bytes) -> Imported:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(
            "create table col (models text, decks text); create table cards (id, nid, did, ord);"
            "create table notes (id, mid, tags, flds);"
        )
        model = {
            "name": "N",
            "type": 0,
            "flds": [{"name": "F"}],
            "tmpls": [{"qfmt": "{{F}}", "afmt": "{{F}}"}],
        }
        connection.execute("insert into col values (?, '{}')", (json.dumps({"1": model}),))
        connection.execute("insert into notes values (1, 1, '', ?)", (f'<img src="{name}">',))
        connection.execute("insert into cards values (1, 1, 1, 0)")
        connection.commit()
        collection = connection.serialize()
    members = {
        "collection.anki2": collection,
        "media": json.dumps({"0": name}).encode(),
        "0": content,
    }
    return formats.read(packed(members), "x.apkg")


@pytest.mark.parametrize(
    "name",
    ["../../evil.png", "/etc/evil.png", "C:\\evil.png", "..\\evil.png", "CON.png", "a/b.png"],
)
def test_a_picture_cannot_name_its_place(name: str) -> None:
    kept = package_with_medium(name, PNG).pictures
    for path in kept:
        assert path.startswith("images/")
        assert "/" not in path[7:]
        assert "\\" not in path
        assert ".." not in path
        assert path.lower() != "images/con.png"


@pytest.mark.parametrize("content", [b"<svg onload='x'/>", b"MZ\x90", b"<html>", b""])
def test_what_is_no_picture_is_left_behind(content: bytes) -> None:
    found = package_with_medium("a.png", content)
    assert found.pictures == {}
    assert {one.code for one in found.not_carried} == {"carried.picture"}


@given(st.text(max_size=80), st.sets(st.sampled_from(["picture.png", "a.png"])))
def test_a_picture_name_can_be_held_anywhere(wish: str, taken: set[str]) -> None:
    name = picture_name(wish, ".png", taken)
    assert name not in taken
    assert name.endswith(".png")
    assert not set(name) & set('/\\:*?"<>|\0')
    assert len(name) < 80


@given(st.binary(max_size=20))
def test_a_kind_of_picture_is_one_we_can_show(content: bytes) -> None:
    assert picture_kind(content) in {"", ".png", ".jpg", ".gif", ".bmp", ".webp"}


# Collections made to hurt


def test_a_view_in_place_of_a_table_is_not_asked() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(
            "create table col (models text, decks text);"
            "create table cards (id, nid, did, ord);"
            "create view notes as with recursive n(i) as (select 1 union all select i + 1 from n)"
            " select i as id, i as mid, '' as tags, '' as flds from n;"
        )
        content = connection.serialize()
    assert take(content, "x.anki2") == "import.damaged"


@settings(max_examples=80)
@given(place=st.integers(0, 8000), junk=st.binary(min_size=1, max_size=30))
def test_a_damaged_collection_is_refused_or_read(place: int, junk: bytes) -> None:
    content = bytearray(_COLLECTION)
    content[place % len(content) : place % len(content) + len(junk)] = junk
    take(bytes(content), "x.anki2")


def _collection() -> bytes:
    found = package_with_medium("a.png", PNG)
    assert found.seen == 1
    from trainer.exchange.anki_writing import write_anki
    from trainer.exchange.model import Bundle

    deck, _ = parse_deck("Q: What? {#a}\nA: x\n", PurePosixPath("a.md"), "a", "en")
    with zipfile.ZipFile(io.BytesIO(write_anki(Bundle((deck,))).content)) as file:
        return file.read("collection.anki2")


_COLLECTION = _collection()
