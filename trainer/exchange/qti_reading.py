"""QTI 2.0 to 2.2 items and packages as decks of ours.

IMS Question and Test Interoperability 2.1 (2012), https://www.imsglobal.org/question/
"""

import posixpath
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import unquote

import msgspec

from trainer.cards.model import (
    Body,
    Choice,
    Cloze,
    Matching,
    Number,
    Option,
    Ordering,
    Recall,
    TrueFalse,
    Typed,
)
from trainer.cards.numbers import parse_number
from trainer.cards.parametric import as_decimal
from trainer.decks.plain_text import plain_text
from trainer.exchange.anki_reading import marked_cloze
from trainer.exchange.archives import Archive, is_zip
from trainer.exchange.html_text import xml_text
from trainer.exchange.joining import COLUMNS, draft_rule, joined, take_tags
from trainer.exchange.model import (
    Draft,
    DraftRule,
    Imported,
    ReportProgress,
    assembled,
    no_report,
)
from trainer.exchange.names import BlockNames, title_of
from trainer.exchange.pictures import Pictures
from trainer.exchange.safe_xml import parse_xml, text_of
from trainer.exchange.texts import Texts, language_of
from trainer.foundation.errors import TrainerError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_LARGEST_ITEM = 8 * 2**20  # bytes
_ASIDE = frozenset({"feedbackInline", "feedbackBlock", "rubricBlock", "prompt"})


def read_qti(content: bytes, name: str, report: ReportProgress = no_report) -> Imported:
    """The items of a QTI package (.zip) or of one item's file.

    Raises TrainerError: import.damaged, import.bad-xml, import.entities, import.too-big,
    import.not-this-format, import.nothing-in-it.
    """
    if is_zip(content):
        return _Package(Archive(content)).read(title_of(name), report)
    root = parse_xml(content)
    items = [root] if root.tag == "assessmentItem" else list(root.iter("assessmentItem"))
    if not items:
        raise TrainerError("import.not-this-format")
    reader = _Items(Pictures(lambda _name: None, "images"))
    for item in items:
        reader.add(item, "", ())
    return reader.imported(title_of(name), {})


class _Package:
    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._folder = ""  # of the item being read
        self._items = _Items(Pictures(self._picture, "images"))
        self._sections: dict[str, str] = {}  # by the path of an item
        self._rules: dict[str, DraftRule] = {}
        self._titles: list[str] = []
        self._order: list[str] = []

    def read(self, title: str, report: ReportProgress) -> Imported:
        names = [name for name in self._archive.names() if name.lower().endswith(".xml")]
        manifest = next((name for name in names if name.endswith("imsmanifest.xml")), "")
        keywords = self._keywords(manifest) if manifest else {}
        roots: dict[str, Element] = {}
        skipped = 0
        for number, name in enumerate(names):
            report(number, len(names))
            if name == manifest:
                continue
            try:
                roots[name] = parse_xml(self._archive.read(name, _LARGEST_ITEM))
            except TrainerError as error:
                if error.code in {"import.too-big", "import.entities"}:
                    raise
                skipped += 1
        for name, root in roots.items():
            if root.tag == "assessmentTest":
                self._test(name, root)
        items = {name: root for name, root in roots.items() if root.tag == "assessmentItem"}
        if not items:
            raise TrainerError("import.not-this-format" if not skipped else "import.damaged")
        for name in [*(n for n in self._order if n in items), *items]:
            item = items.pop(name, None)
            if item is not None:
                self._folder = posixpath.dirname(name)
                self._items.add(item, self._sections.get(name, ""), keywords.get(name, ()))
        if skipped:
            self._items.lose("carried.damaged-items", number=str(skipped))
        if len(self._titles) == 1:
            title = self._titles[0]
        return self._items.imported(title, self._rules)

    def _picture(self, address: str) -> bytes | None:
        path = posixpath.normpath(posixpath.join(self._folder, unquote(address)))
        return self._archive.read(path) if self._archive.has(path) else None

    def _keywords(self, manifest: str) -> dict[str, tuple[str, ...]]:
        root = parse_xml(self._archive.read(manifest, _LARGEST_ITEM))
        folder = posixpath.dirname(manifest)
        found = {}
        for resource in root.iter("resource"):
            path = posixpath.normpath(posixpath.join(folder, resource.get("href", "")))
            found[path] = tuple(text_of(word) for word in resource.iter("keyword"))
        return found

    def _test(self, name: str, root: "Element") -> None:
        self._titles.append(root.get("title", ""))
        folder = posixpath.dirname(name)
        for number, section in enumerate(root.iter("assessmentSection")):
            key = f"{name} {number}"
            title = section.get("title", "").strip()
            if title and section.get("visible") != "false":
                rubric = section.find("rubricBlock")
                words = self._items.texts.html(_inside(rubric)) if rubric is not None else ""
                name = section.get("identifier", "").removeprefix("rule_").partition("__")[0]
                known = next((k for k in self._rules if k.startswith(f"{name}\0")), "")
                key = known or f"{name}\0{key}"
                self._rules.setdefault(key, draft_rule(title, words, name))
            for reference in section.findall("assessmentItemRef"):
                path = posixpath.normpath(posixpath.join(folder, reference.get("href", "")))
                self._order.append(path)
                if key in self._rules:
                    self._sections[path] = key


class _Items:
    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures
        self.texts = Texts(pictures)
        self._drafts: list[Draft] = []
        self._seen = 0

    def lose(self, code: str, **blanks: str) -> None:
        self.texts.about("")
        self.texts.lose(code, **blanks)

    def imported(self, title: str, rules: dict[str, DraftRule]) -> Imported:
        drafts = joined(self._drafts)
        language = language_of([plain_text(f"{d.question} {d.explanation}") for d in drafts])
        for draft in drafts:
            if isinstance(draft.body, Matching):
                left, right = COLUMNS[language]
                draft.body = msgspec.structs.replace(draft.body, left=left, right=right)
        deck, _ = assembled(title, language, drafts, rules, BlockNames())
        lost = self.texts.everything_lost()
        return Imported(deck, self._pictures.kept, lost, seen=self._seen)

    def add(self, item: "Element", rule: str, tags: Iterable[str]) -> None:
        self._seen += 1
        texts = self.texts
        texts.about(item.get("title", "") or item.get("identifier", ""))
        body = item.find("itemBody")
        interactions = [] if body is None else [e for e in body.iter() if _interacts(e)]
        if body is None or not interactions:
            texts.lose("carried.description")
            return
        feedback = [texts.html(_inside(one)) for one in item.findall("modalFeedback")]
        explanation = "\n\n".join(filter(None, dict.fromkeys(feedback)))
        answers = {one.get("identifier", ""): one for one in item.findall("responseDeclaration")}
        found = self._body(item, body, interactions, answers)
        if found is None:
            return
        asked, made = found
        name = item.get("label", "") or item.get("identifier", "")
        question = "" if isinstance(made, Cloze) else asked
        draft = Draft(question, made, explanation, name, rule)
        if not take_tags(draft, tags):
            texts.lose("carried.tags")
        self._drafts.append(draft)

    def _body(
        self,
        item: "Element",
        body: "Element",
        interactions: "list[Element]",
        answers: "dict[str, Element]",
    ) -> tuple[str, Body] | None:
        first = interactions[0]
        declared = answers.get(first.get("responseIdentifier", ""))
        kinds = {one.tag for one in interactions}
        if kinds <= {"textEntryInteraction", "inlineChoiceInteraction"}:
            if len(interactions) > 1 or not _stands_alone(body, first):
                return "", self._gaps(body, answers)
            return self._entry(item, body, first, declared)
        if len(interactions) > 1:
            self.texts.lose("carried.question-type", name=" + ".join(sorted(kinds)))
            return None
        asked = self._asked(body, first)
        right = _values(declared)
        match first.tag:
            case "choiceInteraction":
                return asked, self._choice(first, right)
            case "orderInteraction":
                words = {c.get("identifier", ""): self._line(c) for c in first.iter("simpleChoice")}
                return asked, Ordering(tuple(words[key] for key in right if key in words))
            case "matchInteraction":
                return asked, self._match(first, right)
            case "extendedTextInteraction":
                rubric = list(body.iter("rubricBlock"))
                answer = "\n\n".join(self.texts.html(_inside(one)) for one in rubric)
                return asked, Recall(answer or "\n\n".join(right))
            case _:
                self.texts.lose("carried.question-type", name=first.tag)
                return None

    def _asked(self, body: "Element", interaction: "Element") -> str:
        prompt = interaction.find("prompt")
        before = self.texts.html(_inside(body, without=interaction))
        asked = self.texts.html(_inside(prompt)) if prompt is not None else ""
        return "\n\n".join(part for part in (before, asked) if part)

    def _line(self, element: "Element") -> str:
        return self.texts.line(_inside(element))

    def _choice(self, interaction: "Element", right: list[str]) -> Body:
        choices = list(interaction.iter("simpleChoice"))
        names = [choice.get("identifier", "") for choice in choices]
        if sorted(names) == ["false", "true"] and len(right) == 1:
            return TrueFalse(right == ["true"])
        options = []
        for choice, name in zip(choices, names, strict=True):
            told = choice.iter("feedbackInline")
            reason = " ".join(self.texts.html(_inside(one)) for one in told)
            options.append(Option(self._line(choice), name in right, reason))
        return Choice(tuple(options))

    def _match(self, interaction: "Element", right: list[str]) -> Matching:
        words = {
            one.get("identifier", ""): self._line(one)
            for one in interaction.iter("simpleAssociableChoice")
        }
        pairs = []
        for pair in right:
            left, _, other = pair.partition(" ")
            if left in words and other.strip() in words:
                pairs.append((words[left], words[other.strip()]))
        used = {side for pair in pairs for side in pair}
        if used != set(words.values()):
            self.texts.lose("carried.extra-answer")
        return Matching("", "", tuple(pairs))

    def _entry(
        self,
        item: "Element",
        body: "Element",
        interaction: "Element",
        declared: "Element | None",
    ) -> tuple[str, Body] | None:
        unit = next((text_of(e) for e in body.iter("span") if e.get("class") == "unit"), "")
        asked = self.texts.html(_inside(body, without=interaction, without_units=True))
        right = _values(declared)
        base = declared.get("baseType", "") if declared is not None else ""
        number = parse_number(right[0]) if right else None
        if base in {"float", "integer"} and number is not None:
            spread = None
            for one in item.findall("templateDeclaration"):
                if one.get("identifier") == "TOLERANCE":
                    spread = parse_number(text_of(one.find("defaultValue/value")))
            tolerance = as_decimal(abs(spread[0]), 9) if spread else "0"
            return asked, Number(as_decimal(number[0], 9), " ".join(unit.split()), tolerance)
        entries = declared.iter("mapEntry") if declared is not None else ()
        accepted = [*right, *(e.get("mapKey", "") for e in entries if _counts(e))]
        words = tuple(dict.fromkeys(" ".join(word.split()) for word in accepted if word.strip()))
        if not words:
            self.texts.lose("carried.no-answer")
            return None
        return asked, Typed(words)

    def _gaps(self, body: "Element", answers: "dict[str, Element]") -> Body:
        count = 0
        for element in body.iter():
            if not _interacts(element):
                continue
            right = _values(answers.get(element.get("responseIdentifier", "")))
            word = right[0] if right else ""
            if element.tag == "inlineChoiceInteraction":
                choices = element.iter("inlineChoice")
                word = next((text_of(c) for c in choices if c.get("identifier") == word), "")
                self.texts.lose("carried.wrong-words")
            element.set("filled", f"\ue010{word}\ue011")
            count += 1
        made, _ = marked_cloze(self.texts.html(_inside(body)), list(range(count)))
        return made


def _interacts(element: "Element") -> bool:
    return element.tag.endswith("Interaction")


def _stands_alone(body: "Element", interaction: "Element") -> bool:
    """Whether a gap is a field below the question, and no word within a sentence."""
    for parent in body.iter():
        if interaction in list(parent):
            if parent is body:
                return True
            words = (parent.text or "") + "".join(
                f"{text_of(child) if child.get('class') != 'unit' else ''}{child.tail or ''}"
                for child in parent
            )
            return not words.strip()
    return True


def _values(declared: "Element | None") -> list[str]:
    if declared is None:
        return []
    found = declared.find("correctResponse")
    return [] if found is None else [text_of(value) for value in found.findall("value")]


def _counts(entry: "Element") -> bool:
    try:
        return float(entry.get("mappedValue", "0")) > 0
    except ValueError:
        return False


def _inside(
    element: "Element", without: "Element | None" = None, *, without_units: bool = False
) -> str:
    """What stands in `element`, as HTML, without what is said elsewhere."""
    pieces: list[str] = []
    _collect(element, without, without_units, pieces)
    return "".join(pieces)


def _collect(
    element: "Element", without: "Element | None", without_units: bool, pieces: list[str]
) -> None:
    pieces.append(xml_text(element.text or ""))
    for child in element:
        is_unit = without_units and child.get("class") == "unit"
        if "filled" in child.attrib:
            pieces.append(xml_text(child.attrib["filled"]))
        elif not (child is without or is_unit or child.tag in _ASIDE or _interacts(child)):
            tag = "img" if child.tag == "object" and child.get("data") else child.tag
            attributes = "".join(
                f' {"src" if name == "data" else name}="{xml_text(value)}"'
                for name, value in child.attrib.items()
                if name in {"href", "src", "alt", "start", "data"}
            )
            pieces.append(f"<{tag}{attributes}>")
            _collect(child, without, without_units, pieces)
            pieces.append(f"</{tag}>")
        pieces.append(xml_text(child.tail or ""))
