"""Each piece of a line is what it is to the parser too."""

import pytest

from trainer.decks.colouring import code_lines, spans_of


def roles(line: str) -> dict[str, str]:
    return {line[start:end]: role for start, end, role in spans_of(line)}


@pytest.mark.parametrize(
    ("line", "piece", "role"),
    [
        ("# Title", "# Title", "title"),
        ("## Rule {#odr}", "{#odr}", "attributes"),
        ("Q: What? {#a}", "Q: ", "key"),
        ("问：什么？", "问：", "key"),
        ("Penalty: a fine", "Penalty: ", "key"),
        ("- [x] right", "- [x] ", "right"),
        ("- 【 】 wrong", "- 【 】 ", "wrong"),
        ("  > reason", "  > reason", "quote"),
        ("C: an ==odd=={#n} one", "==odd=={#n}", "hidden"),
        ("see [page](https://a.b)", "[page](https://a.b)", "link"),
        ("1. First", "1. ", "mark"),
        ("a **strong** `code`", "**strong**", "strong"),
    ],
)
def test_a_piece_is_seen(line: str, piece: str, role: str) -> None:
    assert roles(line)[piece] == role


def test_code_and_front_matter_are_found() -> None:
    text = "---\ntitle: x\n---\n# T\n```params\nn: 1..9\n```\nafter\n"
    assert code_lines(text.split("\n")) == (3, [(4, 7)])


def test_plain_prose_has_no_colour() -> None:
    assert spans_of("The seller waits.") == []
    assert spans_of("") == []
