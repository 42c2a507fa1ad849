"""Reading again is reading: whatever is edited, the result is that of the parser."""

from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.decks.parser import parse_with_lines
from trainer.decks.rereading import Rereader

CONTENT = Path(__file__).resolve().parents[2] / "content"
PATH = PurePosixPath("platforms/amazon/o.md")
WHERE = (PATH, "platforms/amazon/o", "en")
HEAD = "---\ntitle: Orders\nplatform: amazon\n---\n"
LINES = st.lists(
    st.sampled_from(
        [
            "", "# Title", "#", "## Rule {#r}", "## Rule", "##Tight", "## Scenario: A {#c}",
            "### Step {#s}", "- [x] [Go](#s)", "Prose.", "Penalty: a fine", "Source: Help (2026)",
            "Q: What?", "Q: Who? {#q}", "Q: Bad {#Q_q}", "A: = 5 days", "A: x", "- [x] yes",
            "- [ ] no", "  > why", "C: ==a== b", "T: term", "D: words", "Why: so", "```", "~~~",
            "```params", "n: 1..9", "answer: n", "| a | b |", "| - | - |", "| x {#row} | 6 |",
            "## T {#t .track}", "## V {#v .violations track=t}", "![](../../../x.png)", "---",
            "    ```", " Q: indented", "1. one", "2. two", "As-of: 2026-13", "q: small",
        ]
    ),
    max_size=25,
)  # fmt: skip


def same(reader: Rereader, text: str) -> None:
    assert reader.read(text) == parse_with_lines(text, *WHERE)  # type: ignore[arg-type] # a language


@given(st.lists(LINES, min_size=1, max_size=4), st.booleans())
def test_any_text_is_read_as_the_parser_reads_it(texts: list[list[str]], head: bool) -> None:
    reader = Rereader(*WHERE)  # type: ignore[arg-type] # a language
    for lines in texts:
        same(reader, (HEAD if head else "") + "\n".join(lines))


@given(LINES, LINES, LINES, st.data())
def test_any_edit_is_read_as_the_parser_reads_it(
    before: list[str], put_in: list[str], after: list[str], data: st.DataObject
) -> None:
    reader = Rereader(*WHERE)  # type: ignore[arg-type] # a language
    same(reader, HEAD + "\n".join([*before, *after]))
    same(reader, HEAD + "\n".join([*before, *put_in, *after]))
    cut = data.draw(st.integers(0, len(after)))
    same(reader, HEAD + "\n".join([*before, *put_in, *after[cut:]]))


@pytest.mark.parametrize("path", sorted(CONTENT.rglob("*.md"))[::6], ids=lambda path: path.stem)
def test_a_shipped_deck_is_read_as_the_parser_reads_it_line_by_line(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    where = PurePosixPath("a.md"), "platforms/amazon/a", "en"
    reader = Rereader(*where)  # type: ignore[arg-type] # a language
    lines = text.split("\n")
    step = max(len(lines) // 7, 1)
    for at in range(0, len(lines), step):
        for edited in (
            [*lines[:at], *lines[at + 1 :]],
            [*lines[:at], "## New", *lines[at:]],
            [*lines[:at], lines[at] + " x", *lines[at + 1 :]],
            [*lines[:at], "", "Q: New?", "A: = 5 %", "", *lines[at:]],
        ):
            now = "\n".join(edited)
            assert reader.read(now) == parse_with_lines(now, *where)  # type: ignore[arg-type] # a language


def test_what_did_not_change_is_not_made_again() -> None:
    text = (
        HEAD
        + "# T\n\n"
        + "".join(f"## R{n} {{#r{n}}}\n\nQ: What {n}? {{#q{n}}}\nA: x\n\n" for n in range(20))
    )
    reader = Rereader(*WHERE)  # type: ignore[arg-type] # a language
    before = reader.read(text)[0].cards
    after = reader.read(text.replace("What 7?", "Why 7?"))[0].cards
    assert [a is b for a, b in zip(before, after, strict=True)].count(False) == 1
    moved = reader.read(text.replace("What 7?", "Why 7?\n\nMore"))[0].cards
    assert all(a.body is b.body for a, b in zip(after[8:], moved[8:], strict=True))
