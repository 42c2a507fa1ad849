"""Files as other people's programs write them, and the decks they become (tests/data/exchange)."""

import io
import zipfile
from pathlib import Path, PurePosixPath

import pytest
from openpyxl import Workbook, load_workbook

from trainer.cards.model import Choice, Matching, Number, Ordering, Recall, Typed
from trainer.decks.parser import parse_deck
from trainer.exchange import formats
from trainer.exchange.clean_deck import About, CleanDeck, clean_deck
from trainer.exchange.model import Bundle
from trainer.foundation.errors import TrainerError
from trainer.foundation.source import Level

DATA = Path(__file__).resolve().parents[1] / "data" / "exchange"
CASES = [
    ("moodle.xml", "moodle.md", {
        "carried.active-content", "carried.part-credit", "carried.extra-answer",
        "carried.wrong-words", "carried.question-type",
        "carried.description", "carried.card-refused",
    }),
    ("questions.gift", "questions.gift.md", {
        "carried.reasons", "carried.spellings", "carried.description", "carried.card-refused",
    }),
    ("bank.csv", "bank.md", {"carried.kind-guessed", "carried.no-answer"}),
    ("obsidian.md", "obsidian.expected.md", {"carried.schedule"}),
    ("hashcards.md", "hashcards.expected.md", {"carried.picture"}),
]  # fmt: skip


def imported(name: str, content: bytes | None = None) -> CleanDeck:
    content = (DATA / name).read_bytes() if content is None else content
    clean = clean_deck(formats.read(content, name), About(verify="尚未核实"))
    _, findings = parse_deck(clean.text, PurePosixPath("a.md"), "a", "en")
    assert [found for found in findings if found.level is Level.ERROR] == []
    return clean


def body(clean: CleanDeck) -> str:
    """The deck below its front matter."""
    return clean.text.split("\n---\n", 1)[1].strip() + "\n"


@pytest.mark.parametrize(("name", "expected", "lost"), CASES)
def test_a_file_becomes_a_clean_deck(name: str, expected: str, lost: set[str]) -> None:
    clean = imported(name)
    assert body(clean) == (DATA / expected).read_text(encoding="utf-8")
    assert {one.code for one in clean.not_carried} == lost


def test_every_lost_question_is_named() -> None:
    lost = [one for one in imported("moodle.xml").not_carried if one.code == "carried.card-refused"]
    assert [(one.where, one.blanks) for one in lost] == [
        ("没有答案的题", {"why": "deck.no-answer"})
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_question_bank_in_any_encoding_is_the_same(encoding: str) -> None:
    text = (DATA / "bank.csv").read_text(encoding="utf-8")
    assert body(imported("bank.csv", text.encode(encoding))) == body(imported("bank.csv"))


def test_a_workbook_is_read_like_its_csv() -> None:
    import csv

    book = Workbook()
    book.create_sheet("说明", 0).append(["这里没有题目"])
    sheet = book.worksheets[1]
    text = (DATA / "bank.csv").read_text(encoding="utf-8")
    for row in csv.reader(io.StringIO(text)):
        # A formula somebody left in a cell has no value to be read.
        sheet.append([None if cell.startswith("=") else cell for cell in row])
    packed = io.BytesIO()
    book.save(packed)
    without = body(imported("bank.csv")).replace(
        'Q: 看答案 {#11}\nA: \\=HYPERLINK("http://x")\n\n', ""
    )
    assert body(imported("bank.xlsx", packed.getvalue())) == without


FORMULAS = """---
title: =cmd|' /C calc'!A0
platform: amazon
---

Q: =1+1 {#a}
A: @SUM(1)

Q: What? {#b}
- [x] +1
- [ ] -1
"""


@pytest.mark.parametrize("key", ["csv", "xlsx"])
def test_no_cell_becomes_a_formula(key: str) -> None:
    deck, _ = parse_deck(FORMULAS, PurePosixPath("a.md"), "a", "en")
    content = formats.write(key, Bundle((deck,))).content
    if key == "csv":
        cells = [
            cell for row in content.decode("utf-8-sig").splitlines() for cell in row.split(",")
        ]
        assert not [cell for cell in cells if cell.strip('"')[:1] in {"=", "+", "-", "@"}]
    else:
        sheet = load_workbook(io.BytesIO(content)).worksheets[0]
        kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
        values = {cell.value for row in sheet.iter_rows() for cell in row}
        assert kinds <= {"s", "n"}
        assert "=1+1" in values
    clean = clean_deck(formats.read(content, f"x.{key}"), About())
    assert "A: @SUM(1)" in clean.text
    assert "- [ ] -1" in clean.text


QTI = """<?xml version="1.0"?>
<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="{name}" title="{name}"
 adaptive="false" timeDependent="false">{declared}<itemBody>{body}</itemBody></assessmentItem>"""


def qti(name: str, cardinality: str, base: str, right: list[str], body: str) -> tuple[str, str]:
    values = "".join(f"<value>{value}</value>" for value in right)
    declared = (
        f'<responseDeclaration identifier="RESPONSE" cardinality="{cardinality}" baseType="{base}">'
        f"<correctResponse>{values}</correctResponse></responseDeclaration>"
    )
    return f"{name}.xml", QTI.format(name=name, declared=declared, body=body)


ITEMS = [
    qti("choice", "single", "identifier", ["b"],
        "<p>Look: <b>bold</b></p><choiceInteraction responseIdentifier='RESPONSE' maxChoices='1'>"
        "<prompt>Which?</prompt><simpleChoice identifier='a'>A</simpleChoice>"
        "<simpleChoice identifier='b'>B<feedbackInline outcomeIdentifier='F' identifier='b' "
        "showHide='show'>why b</feedbackInline></simpleChoice></choiceInteraction>"),
    qti("order", "ordered", "identifier", ["x", "y"],
        "<orderInteraction responseIdentifier='RESPONSE'><prompt>Order</prompt>"
        "<simpleChoice identifier='y'>second</simpleChoice>"
        "<simpleChoice identifier='x'>first</simpleChoice></orderInteraction>"),
    qti("match", "multiple", "directedPair", ["l1 r1", "l2 r2"],
        "<matchInteraction responseIdentifier='RESPONSE'><prompt>Match</prompt><simpleMatchSet>"
        "<simpleAssociableChoice identifier='l1' matchMax='1'>one</simpleAssociableChoice>"
        "<simpleAssociableChoice identifier='l2' matchMax='1'>two</simpleAssociableChoice>"
        "</simpleMatchSet><simpleMatchSet>"
        "<simpleAssociableChoice identifier='r2' matchMax='1'>2</simpleAssociableChoice>"
        "<simpleAssociableChoice identifier='r1' matchMax='1'>1</simpleAssociableChoice>"
        "</simpleMatchSet></matchInteraction>"),
    qti("number", "single", "float", ["5"],
        "<p>How many?</p><p><textEntryInteraction responseIdentifier='RESPONSE'/></p>"),
    qti("typed", "single", "string", ["York"],
        "<p>Which town?</p><div><textEntryInteraction responseIdentifier='RESPONSE'/></div>"),
    qti("gap", "single", "string", ["York"],
        "<p>Now is the winter by this sun of <textEntryInteraction responseIdentifier='RESPONSE'/>"
        ".</p>"),
    qti("hotspot", "single", "identifier", ["a"],
        "<hotspotInteraction responseIdentifier='RESPONSE'/>"),
]  # fmt: skip


def test_items_of_another_program_are_read() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("imsmanifest.xml", "<manifest><resources/></manifest>")
        for name, item in ITEMS:
            package.writestr(name, item)
    found = formats.read(packed.getvalue(), "items.zip")
    bodies = {card.question or card.note_id: card.body for card in found.deck.cards}
    choice = bodies["Look: **bold**\n\nWhich?"]
    assert isinstance(choice, Choice)
    assert [(o.text, o.right, o.reason) for o in choice.options] == [
        ("A", False, ""),
        ("B", True, "why b"),
    ]
    assert bodies["Order"] == Ordering(("first", "second"))
    assert bodies["Match"] == Matching("Left", "Right", (("one", "1"), ("two", "2")))
    assert bodies["How many?"] == Number("5")
    assert bodies["Which town?"] == Typed(("York",))
    assert "C: Now is the winter by this sun of ==York==." in clean_deck(found, About()).text
    assert [(one.code, one.blanks) for one in found.not_carried] == [
        ("carried.question-type", {"name": "hotspotInteraction"})
    ]


def test_one_item_alone_is_read() -> None:
    found = formats.read(ITEMS[3][1].encode("utf-8"), "number.xml")
    assert found.deck.cards[0].body == Number("5")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("x.xyz", b"what is this", "import.unknown-format"),
        ("x.apkg", b"", "import.nothing-in-it"),
        ("x.csv", b"a,b\n1,2\n", "import.no-headings"),
        ("x.csv", "题目,答案\n".encode(), "import.nothing-in-it"),
        ("x.md", b"# only prose\n", "import.nothing-in-it"),
        ("x.gift", b"// only a comment\n", "import.nothing-in-it"),
        ("x.xml", b"<quiz></quiz>", "import.nothing-in-it"),
        ("x.xml", b"<quiz><question>", "import.bad-xml"),
        ("x.xml", b"<html></html>", "import.not-this-format"),
        ("x.zip", b"PK\x03\x04 torn", "import.damaged"),
    ],
)
def test_what_cannot_be_read_is_said(name: str, content: bytes, code: str) -> None:
    with pytest.raises(TrainerError) as refused:
        formats.read(content, name)
    assert refused.value.code == code


def test_a_recall_with_a_why_comes_back_from_gift() -> None:
    source = "---\ntitle: T\nplatform: amazon\n---\n\nQ: What? {#a}\nA: x\n\ny\nWhy: z\n"
    deck, _ = parse_deck(source, PurePosixPath("a.md"), "a", "en")
    found = formats.read(formats.write("gift", Bundle((deck,))).content, "x.gift")
    assert (found.deck.cards[0].body, found.deck.cards[0].explanation) == (Recall("x\n\ny"), "z")
