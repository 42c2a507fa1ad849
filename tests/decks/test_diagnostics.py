"""Every diagnostic is provoked by its own example, says a sentence, and says it in Chinese too."""

import string
from collections.abc import Callable
from pathlib import Path

import pytest

from trainer.decks.diagnostics import DIAGNOSTICS, LEVELS, Diagnostic
from trainer.decks.model import Deck
from trainer.foundation.messages import LANGUAGES
from trainer.foundation.source import Finding, Level

ROOT = Path(__file__).resolve().parents[2]
# These need bytes, folders or a file system; they have tests of their own.
WITHOUT_EXAMPLE = {
    "deck.encoding-gb18030",
    "deck.encoding-utf16",
    "deck.no-subject",
    "deck.unknown-language",
    "deck.unreadable",
}
LintExample = Callable[[str], list[Finding]]
Read = Callable[[str], tuple[Deck, tuple[Finding, ...]]]


def sentences(language: str) -> dict[str, str]:
    from babel.messages.pofile import read_po

    path = ROOT / "assets" / "translations" / language / "decks.po"
    with path.open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file) if m.id}


@pytest.fixture(scope="module", params=LANGUAGES)
def catalogue(request: pytest.FixtureRequest) -> dict[str, str]:
    return sentences(request.param)


def test_codes_are_unique() -> None:
    assert len(LEVELS) == len(DIAGNOSTICS)


@pytest.mark.parametrize(
    "diagnostic",
    [one for one in DIAGNOSTICS if one.code not in WITHOUT_EXAMPLE],
    ids=lambda diagnostic: diagnostic.code,
)
def test_each_finding_comes_from_its_example(
    diagnostic: Diagnostic, lint_example: LintExample
) -> None:
    found = lint_example(diagnostic.example)

    # A hint that a translation is missing goes with every single file.
    told = {finding.code for finding in found if finding.code != "deck.translation-missing"}
    assert told - {diagnostic.code} == set() or diagnostic.code == "deck.translation-missing"
    assert diagnostic.code in {finding.code for finding in found}
    for finding in found:
        assert finding.level is LEVELS[finding.code]


def test_each_code_has_a_sentence_with_the_blanks_it_is_given(
    catalogue: dict[str, str], lint_example: LintExample
) -> None:
    for diagnostic in DIAGNOSTICS:
        assert diagnostic.code in catalogue
        for finding in lint_example(diagnostic.example) if diagnostic.example else ():
            sentence = catalogue[finding.code]
            if finding.blanks:
                wanted = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
                assert wanted == set(finding.blanks), finding.code
                assert sentence.format(**finding.blanks)
            else:
                assert "{{" not in sentence, finding.code


def test_every_sentence_about_decks_belongs_to_a_code(catalogue: dict[str, str]) -> None:
    written = {code for code in catalogue if code.startswith("deck.")}
    assert written == set(LEVELS)


def test_an_error_keeps_its_card_out_and_all_others_in(read: Read) -> None:
    """Every example of an error in a single deck, between two good cards."""
    before, after = "Q: Before? {#before}\nA: x\n\n", "\n\n## After {#after}\nSource: S (2026)\n\n"
    after += "Q: Last? {#last}\nA: y\n"
    checked = 0
    for one in DIAGNOSTICS:
        alone = not one.example.startswith(("---", "===", "# Orders"))
        if one.level is not Level.ERROR or one.code == "deck.fence-unclosed" or not alone:
            continue
        example = one.example.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        deck, findings = read(before + example + after)
        if one.code not in {finding.code for finding in findings}:
            continue  # only the whole library shows it
        checked += 1
        names = [card.note_id.partition("#")[2] for card in deck.cards]
        broken_first = ["a"] if one.code == "deck.duplicate-id" else []
        assert names == ["before", *broken_first, "last"], one.code
    assert checked > 40
