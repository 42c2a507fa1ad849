"""Checking, counting and stamping decks as files in folders."""

from datetime import date
from pathlib import Path

import pytest

from trainer.foundation.errors import TrainerError
from trainer.foundation.source import Level
from trainer.services import authoring

TODAY = date(2026, 11, 23)
HEAD = "---\ntitle: {title}\n{kind}: {subject}\ncompetence: {competence}\nas-of: 2026-10\n---\n"
RULE = "## Rule {#rule}\nSource: [S](https://example.org) (2026-10)\n\n"
AMAZON = HEAD.format(title="T", kind="platform", subject="amazon", competence="platform-rules")
CULTURE = HEAD.format(title="C", kind="skill", subject="culture", competence="intercultural")


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Two decks, one of them in two languages, with what must not be taken for decks."""
    folder = tmp_path / "content"
    files = {
        "platforms/amazon/a.md": AMAZON
        + RULE
        + "Q: What? {#what}\nA: x\n\nT: AHR {#ahr}\nD: y\n\nQ: No answer {#broken}\n",
        "platforms/amazon/a.zh.md": AMAZON
        + RULE
        + "Verify: 只见一次\n\n问：什么？ {#what}\n答：甲\n\n术语：AHR {#ahr}\n定义：乙\n",
        "skills/culture/c.md": CULTURE
        + RULE.replace("(2026-10)", "(2026-10)\nAs-of: 2025-12")
        + "C: ==a== and ==b== {#ab}\n\nQ: ? {#broken-too}\n\n"
        + "## Scenario: S {#s}\n### One {#one}\nEnd.\n",
        "README.md": "# About\n\nQ: no deck\n",
        "template/a.md": "Q: no deck\n",
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def codes(report: authoring.LintReport) -> list[str]:
    return [f"{finding.place.path.name} {finding.code}" for finding in report.findings]


def test_a_translation_is_no_second_deck_and_its_cards_count_once(content: Path) -> None:
    counts = authoring.count(authoring.read_decks([content]))

    assert (counts.decks, counts.files, counts.rules, counts.scenarios) == (2, 3, 2, 1)
    assert (counts.cards, counts.studyable) == (7, 5)
    assert counts.by_kind["recall"] == 1
    assert counts.by_kind["term"] == counts.by_kind["cloze"] == 2
    assert counts.by_language == {"en": 5, "zh": 3}
    assert counts.by_competence["platform-rules"] == 3
    assert counts.by_competence["intercultural"] == 2
    assert (counts.to_verify, counts.oldest) == (0, "2025-12")
    first = counts.per_deck[0]
    assert (first.deck_id, first.languages, first.cards) == ("platforms/amazon/a", ("en", "zh"), 4)


def test_a_whole_folder_is_checked(content: Path) -> None:
    report = authoring.lint([content], TODAY)
    assert report.files == 3
    assert codes(report) == [
        "a.md deck.no-answer",
        "a.zh.md deck.line-missing",
        "c.md deck.translation-missing",
        "c.md deck.no-answer",
    ]
    assert report.count(Level.ERROR) == 2


def test_one_file_is_checked_with_all_it_leans_on(content: Path) -> None:
    chinese = content / "platforms" / "amazon" / "a.zh.md"
    assert codes(authoring.lint([chinese], TODAY)) == ["a.zh.md deck.line-missing"]


def test_a_case_of_a_skill_knows_the_tables_of_its_shop(content: Path) -> None:
    table = "## Costs {#costs .violations}\n| V | P |\n| - | - |\n| F {#fake} | 6 |\n\n"
    table += "Source: S (2026)\n"
    other = content / "platforms" / "amazon" / "b.md"
    other.write_text(AMAZON + table, encoding="utf-8")
    case = content / "skills" / "culture" / "case.md"
    case.write_text(
        CULTURE + "## Scenario: S {#s}\nShop: amazon, 9 orders a day\n### One {#one}\n"
        "- [x] [Go](#two) {violation=fake}\n### Two {#two}\nEnd.\n",
        encoding="utf-8",
    )
    assert codes(authoring.lint([case], TODAY)) == ["case.md deck.translation-missing"]
    other.unlink()
    assert "case.md deck.unknown-violation" in codes(authoring.lint([case], TODAY))


def test_images_are_looked_for_on_the_disk(content: Path) -> None:
    deck = content / "skills" / "culture" / "image.md"
    deck.write_text(CULTURE + RULE + "Q: What? ![x](x.png) {#a}\nA: y\n", encoding="utf-8")
    assert "image.md deck.image-missing" in codes(authoring.lint([deck], TODAY))
    (content / "skills" / "culture" / "x.png").write_bytes(b"x")
    assert "image.md deck.image-missing" not in codes(authoring.lint([deck], TODAY))


def test_a_file_in_another_language_is_named_and_not_read(content: Path) -> None:
    (content / "skills" / "culture" / "c.fr.md").write_text("Q: Quoi?\n", encoding="utf-8")
    assert "c.fr.md deck.unknown-language" in codes(authoring.lint([content], TODAY))
    assert authoring.count(authoring.read_decks([content])).files == 3


def test_a_deck_outside_any_content_folder_is_read_too(tmp_path: Path) -> None:
    deck = tmp_path / "mine.md"
    deck.write_text(AMAZON + RULE + "Q: What? {#a}\nA: x\n", encoding="utf-8")
    assert codes(authoring.lint([deck], TODAY)) == ["mine.md deck.translation-missing"]


def test_a_path_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(TrainerError) as told:
        authoring.lint([tmp_path / "nothing.md"], TODAY)
    assert told.value.code == "author.no-such-path"


# Stamping


def test_an_original_and_its_translation_get_the_same_ids(content: Path) -> None:
    english = content / "skills" / "culture" / "new.md"
    chinese = content / "skills" / "culture" / "new.zh.md"
    english.write_bytes("Q: What is guanxi?\r\nA: x\r\n".encode("utf-8-sig"))
    chinese.write_bytes("问：什么是关系？\r\n答：甲\r\n".encode("gb18030"))

    reports = authoring.stamp([chinese, english])

    assert [(report.path, report.problem) for report in reports] == [(english, ""), (chinese, "")]
    assert english.read_bytes() == "Q: What is guanxi? {#what-is-guanxi}\r\nA: x\r\n".encode(
        "utf-8-sig"
    )
    assert (
        chinese.read_bytes().decode("gb18030") == "问：什么是关系？ {#what-is-guanxi}\r\n答：甲\r\n"
    )
    assert all(not report.given for report in authoring.stamp([content / "skills"]))


def test_a_translation_that_is_not_alike_is_left_as_it_is(content: Path) -> None:
    chinese = content / "skills" / "culture" / "c.zh.md"
    chinese.write_text("问：别的？\n答：甲\n", encoding="utf-8")
    (report,) = authoring.stamp([chinese])
    assert report.problem == "author.not-aligned"
    assert chinese.read_text(encoding="utf-8") == "问：别的？\n答：甲\n"


def test_a_damaged_file_is_left_as_it_is(content: Path) -> None:
    deck = content / "skills" / "culture" / "damaged.md"
    deck.write_bytes(b"Q: Caf\xe9 and more words?\nA: x\n" + "茶叶和咖啡".encode() * 20)
    before = deck.read_bytes()
    (report,) = authoring.stamp([deck])
    assert report.problem == "author.not-faithful"
    assert deck.read_bytes() == before


def test_what_cannot_be_written_is_left_as_it_was(
    content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deck = content / "skills" / "culture" / "new.md"
    deck.write_text("Q: What?\nA: x\n", encoding="utf-8")

    def full(_path: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(TrainerError) as told:
        authoring.stamp([deck])
    assert told.value.code == "author.cannot-write"
    assert deck.read_text(encoding="utf-8") == "Q: What?\nA: x\n"
    assert not list(content.rglob("*.new"))


def test_a_deck_of_ones_own_leans_on_the_shipped_ones(tmp_path: Path) -> None:
    """A case in the teacher's folder names a violation whose table came with the program."""
    shipped, own = tmp_path / "shipped", tmp_path / "own"
    table = (
        "## Fines {#f .fines}\n\n| Act | Sum | Remark |\n| - | - | - |\n"
        "| Fake {#fake} | 5 USD | |\n\nSource: [S](https://example.org) (2026-10)\n"
    )
    case = (
        "## Scenario: A {#a}\nShop: amazon\n\n### One {#one}\n\nText.\n\n"
        "- [ ] [Sell it](#end) {violation=fake}\n- [x] [Do not](#end)\n\n### End {#end}\n\nEnd.\n"
    )
    for folder, name, text in ((shipped, "fines", table), (own, "mine", case)):
        path = folder / "platforms" / "amazon" / f"{name}.md"
        path.parent.mkdir(parents=True)
        path.write_text(AMAZON + text, encoding="utf-8")

    def errors(beside: list[Path]) -> list[str]:
        found = authoring.lint([own], TODAY, beside=beside).findings
        return [one.code for one in found if one.level is Level.ERROR]

    assert errors([]) == ["deck.unknown-violation"]
    assert errors([shipped, own]) == []
