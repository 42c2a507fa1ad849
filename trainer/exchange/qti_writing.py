"""Decks of ours as a QTI 2.1 package: one item a question, one test whose sections are the rules.

IMS Question and Test Interoperability 2.1 (2012), https://www.imsglobal.org/question/
"""

from collections.abc import Callable, Iterable, Iterator

from trainer.cards.model import (
    Card,
    Choice,
    Cloze,
    Matching,
    Number,
    Ordering,
    Parametric,
    Recall,
    Term,
    TrueFalse,
    Typed,
)
from trainer.cards.parametric import as_decimal
from trainer.cards.showing import show
from trainer.decks.model import Deck, Rule
from trainer.decks.plain_text import plain_text
from trainer.exchange.archives import zipped
from trainer.exchange.faces import WORDS
from trainer.exchange.html_text import HtmlWriter, xml_text
from trainer.exchange.joining import halves, rule_words, tags_of
from trainer.exchange.model import (
    Bundle,
    Exported,
    NotCarried,
    ReportProgress,
    left_behind,
    no_report,
    notes_of,
)
from trainer.exchange.names import picture_kind, picture_name

_QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
_CP = "http://www.imsglobal.org/xsd/imscp_v1p1"
_MD = "http://www.imsglobal.org/xsd/imsmd_v1p2"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_TEMPLATES = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/"


def write_qti(bundle: Bundle, report: ReportProgress = no_report) -> Exported:
    """A content package (.zip) with all decks of `bundle`."""
    return _Writer(bundle).write(report)


class _Writer:
    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._lost: list[NotCarried] = []
        self._members: dict[str, bytes] = {}
        self._resources: list[str] = []
        self._pictures: dict[tuple[str, str], str] = {}
        self._used: list[str] = []  # pictures of the present item
        self._deck_id = ""
        self._html = HtmlWriter(self._picture)

    def write(self, report: ReportProgress) -> Exported:
        done, total = 0, sum(len(deck.cards) for deck in self._bundle.decks)
        count = 0
        for number, deck in enumerate(self._bundle.decks, start=1):
            self._deck_id = deck.deck_id
            self._lost += left_behind(deck)
            sections: list[str] = []
            open_rule: Rule | None = None
            items: list[str] = []
            for note in notes_of(deck):
                if note.rule is not open_rule and items:
                    sections.append(self._section(deck, open_rule, items, len(sections)))
                    items = []
                open_rule = note.rule
                for name, question in self._questions(note.card):
                    count += 1
                    path = f"items/{number}-{count}.xml"
                    self._used = []
                    item = question(f"{number}-{count}", name)
                    self._members[path] = (_HEAD + item).encode("utf-8")
                    self._resource(f"item-{number}-{count}", "imsqti_item_xmlv2p1", path, note.card)
                    items.append(f'<assessmentItemRef identifier="ref-{number}-{count}" '
                                 f'href="{path}" />')  # fmt: skip
                done += len(note.cards)
                report(done, total)
            if items:
                sections.append(self._section(deck, open_rule, items, len(sections)))
            self._test(number, deck, sections)
        return Exported(self._package(), tuple(self._lost), count)

    def _lose(self, code: str, card: Card) -> None:
        self._lost.append(NotCarried(code, card.note_id.rpartition("#")[2]))

    def _picture(self, target: str) -> str:
        key = (self._deck_id, target)
        if key not in self._pictures:
            content = self._bundle.picture(*key)
            suffix = picture_kind(content) if content else ""
            if not content or not suffix:
                self._lost.append(NotCarried("carried.picture", self._deck_id, {"name": target}))
                self._pictures[key] = ""
            else:
                taken = {name.rpartition("/")[2] for name in self._members}
                name = picture_name(target, suffix, taken)
                self._members[f"items/images/{name}"] = content
                self._pictures[key] = f"images/{name}"
        if self._pictures[key]:
            self._used.append(f"items/{self._pictures[key]}")
        return self._pictures[key]

    # Items

    def _questions(self, card: Card) -> Iterator[tuple[str, Callable[[str, str], str]]]:
        name = card.note_id.rpartition("#")[2]
        if isinstance(card.body, Term):
            for half, asked, answer in halves(card):
                yield half, _bound(self._essay, card, asked, answer)
        else:
            yield name, _bound(self._item, card)

    def _essay(self, number: str, name: str, card: Card, asked: str, answer: str) -> str:
        body = (
            f"{self._html.html(asked)}"
            f'<extendedTextInteraction responseIdentifier="RESPONSE" />'
            f'<rubricBlock view="scorer">{self._html.html(answer)}</rubricBlock>'
        )
        declared = (
            '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="string" />'
        )
        return self._whole(number, name, card, asked, declared, body, card.explanation, "")

    def _item(self, number: str, name: str, card: Card) -> str:
        html = self._html
        showing = show(card, 0)
        asked = html.html(showing.question)
        right = ""
        template = f"{_TEMPLATES}match_correct"
        match card.body:
            case Recall(answer=answer):
                return self._essay(number, name, card, card.question, answer)
            case Choice() as body:
                if any(option.last for option in body.options):
                    self._lose("carried.last-option", card)
                right = _correct(f"c{n}" for n, one in enumerate(body.options) if one.right)
                kind = "multiple" if body.several else "single"
                declared = _declared(kind, "identifier", right)
                shown = asked + self._options(body)
            case TrueFalse(truth=truth):
                right = _correct(["true" if truth else "false"])
                declared = _declared("single", "identifier", right)
                words = WORDS[card.language]
                choices = "".join(
                    f'<simpleChoice identifier="{value}">{words[value]}</simpleChoice>'
                    for value in ("true", "false")
                )
                shown = asked + _interaction("choice", choices, 'shuffle="false" maxChoices="1"')
            case Number(value=value, tolerance=tolerance, unit=unit):
                shown, declared = _numeric(asked, value, tolerance, unit)
            case Parametric() as body:
                self._lose("carried.fresh-numbers", card)
                decimals = 6 if body.decimals is None else body.decimals
                value = as_decimal(showing.answer, decimals) if showing.answer is not None else "0"
                shown, declared = _numeric(asked, value, body.tolerance, body.unit)
            case Typed(accepted=accepted):
                template = f"{_TEMPLATES}map_response"
                shown = f'{asked}<p><textEntryInteraction responseIdentifier="RESPONSE" /></p>'
                declared = _declared("single", "string", _correct(accepted[:1]), _mapping(accepted))
            case Ordering(steps=steps):
                right = _correct(f"s{n}" for n in range(len(steps)))
                declared = _declared("ordered", "identifier", right)
                choices = "".join(
                    f'<simpleChoice identifier="s{n}">{html.line(steps[n])}</simpleChoice>'
                    for n in showing.order
                )
                shown = asked + _interaction("order", choices, 'shuffle="true"')
            case Matching() as body:
                self._lose("carried.column-titles", card)
                pairs = (f"l{n} r{n}" for n in range(len(body.pairs)))
                declared = _declared("multiple", "directedPair", _correct(pairs))
                shown = asked + self._sets(body)
            case Cloze() as body:
                if any(part.key != str(n) for n, part in enumerate(body.parts, start=1)):
                    self._lose("carried.part-names", card)
                shown, declared = self._gaps(body)
            case Term():
                raise AssertionError(card)
        why = showing.explanation
        return self._whole(number, name, card, showing.question, declared, shown, why, template)

    def _options(self, body: Choice) -> str:
        choices = []
        for number, option in enumerate(body.options):
            reason = ""
            if option.reason:
                reason = (
                    f'<feedbackInline outcomeIdentifier="FEEDBACK" identifier="c{number}" '
                    f'showHide="show">{self._html.line(option.reason)}</feedbackInline>'
                )
            words = self._html.line(option.text)
            choices.append(f'<simpleChoice identifier="c{number}">{words}{reason}</simpleChoice>')
        most = 0 if body.several else 1
        return _interaction("choice", "".join(choices), f'shuffle="true" maxChoices="{most}"')

    def _sets(self, body: Matching) -> str:
        sides = []
        for letter, side in (("l", 0), ("r", 1)):
            choices = "".join(
                f'<simpleAssociableChoice identifier="{letter}{n}" matchMax="1">'
                f"{self._html.line(pair[side])}</simpleAssociableChoice>"
                for n, pair in enumerate(body.pairs)
            )
            sides.append(f"<simpleMatchSet>{choices}</simpleMatchSet>")
        count = len(body.pairs)
        return _interaction("match", "".join(sides), f'shuffle="true" maxAssociations="{count}"')

    def _gaps(self, body: Cloze) -> tuple[str, str]:
        pieces: list[str] = []
        declared = []
        end = 0
        for number, part in enumerate(body.parts, start=1):
            hidden = plain_text(body.text[part.start : part.end])
            declared.append(
                _declared("single", "string", _correct([hidden]), name=f"RESPONSE{number}")
            )
            pieces += [body.text[end : part.start], "\ue010"]
            end = part.end
        text = self._html.html("".join((*pieces, body.text[end:])))
        for number in range(1, len(body.parts) + 1):
            gap = f'<textEntryInteraction responseIdentifier="RESPONSE{number}" />'
            text = text.replace("\ue010", gap, 1)
        return text, "".join(declared)

    def _whole(
        self,
        number: str,
        name: str,
        card: Card,
        asked: str,
        declared: str,
        body: str,
        why: str,
        template: str,
    ) -> str:
        title = xml_text(plain_text(asked)[:80] or name)
        label = xml_text(f"{card.note_id.rpartition('#')[0]}#{name}")
        feedback = ""
        if why:
            feedback = (
                '<modalFeedback outcomeIdentifier="EXPLANATION" identifier="none" showHide="hide">'
                f"{self._html.html(why)}</modalFeedback>"
            )
        processing = f'<responseProcessing template="{template}" />' if template else ""
        return (
            f'<assessmentItem xmlns="{_QTI}" identifier="item-{number}" title="{title}"'
            f' label="{label}" adaptive="false" timeDependent="false"'
            f' xml:lang="{"zh-CN" if card.language == "zh" else "en"}">'
            f"{declared}"
            '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float" />'
            '<outcomeDeclaration identifier="FEEDBACK" cardinality="multiple" '
            'baseType="identifier" />'
            '<outcomeDeclaration identifier="EXPLANATION" cardinality="single" '
            'baseType="identifier" />'
            f"<itemBody>{body}</itemBody>{processing}{feedback}</assessmentItem>\n"
        )

    # The package around them

    def _section(self, deck: Deck, rule: Rule | None, items: list[str], number: int) -> str:
        title = xml_text(rule.title if rule else deck.title)
        words = self._html.html(rule_words(rule)) if rule else ""
        rubric = f'<rubricBlock view="candidate">{words}</rubricBlock>' if words else ""
        visible = "true" if rule else "false"
        # A rule can have several sections, and no two may have one name.
        name = f"rule_{rule.rule_id.rpartition('#')[2]}__{number}" if rule else f"section_{number}"
        name = name.replace("~", "")
        return (
            f'<assessmentSection identifier="{name}" title="{title}" '
            f'visible="{visible}">{rubric}{"".join(items)}</assessmentSection>'
        )

    def _test(self, number: int, deck: Deck, sections: list[str]) -> None:
        path = f"test-{number}.xml"
        test = (
            f'<assessmentTest xmlns="{_QTI}" identifier="test-{number}" '
            f'title="{xml_text(deck.title)}"><testPart identifier="part" '
            'navigationMode="nonlinear" submissionMode="individual">'
            f"{''.join(sections)}</testPart></assessmentTest>\n"
        )
        self._members[path] = (_HEAD + test).encode("utf-8")
        self._resources.append(
            f'<resource identifier="test-{number}" type="imsqti_test_xmlv2p1" href="{path}">'
            f'<file href="{path}" /></resource>'
        )

    def _resource(self, name: str, kind: str, path: str, card: Card) -> None:
        words = "".join(
            f"<imsmd:keyword><imsmd:langstring>{xml_text(tag)}</imsmd:langstring></imsmd:keyword>"
            for tag in tags_of(card)
        )
        about = ""
        if words:
            general = f"<imsmd:general>{words}</imsmd:general>"
            about = f"<metadata><imsmd:lom>{general}</imsmd:lom></metadata>"
        files = "".join(
            f'<file href="{xml_text(one)}" />' for one in (path, *dict.fromkeys(self._used))
        )
        self._resources.append(
            f'<resource identifier="{name}" type="{kind}" href="{path}">{about}{files}</resource>'
        )

    def _package(self) -> bytes:
        manifest = (
            f'{_HEAD}<manifest xmlns="{_CP}" xmlns:imsmd="{_MD}" identifier="decks">'
            "<metadata><schema>QTIv2.1 Package</schema><schemaversion>1.0.0</schemaversion>"
            "</metadata><organizations />"
            f"<resources>{''.join(self._resources)}</resources></manifest>\n"
        )
        members = [("imsmanifest.xml", manifest.encode("utf-8")), *self._members.items()]
        return zipped(members)


def _bound(make: Callable[..., str], card: Card, *more: str) -> Callable[[str, str], str]:
    return lambda number, name: make(number, name, card, *more)


def _interaction(kind: str, inside: str, attributes: str) -> str:
    name = f"{kind}Interaction"
    return f'<{name} responseIdentifier="RESPONSE" {attributes}>{inside}</{name}>'


def _declared(
    cardinality: str, base: str, correct: str, mapping: str = "", name: str = "RESPONSE"
) -> str:
    return (
        f'<responseDeclaration identifier="{name}" cardinality="{cardinality}" '
        f'baseType="{base}">{correct}{mapping}</responseDeclaration>'
    )


def _correct(values: Iterable[str]) -> str:
    inside = "".join(f"<value>{xml_text(value)}</value>" for value in values)
    return f"<correctResponse>{inside}</correctResponse>"


def _mapping(values: Iterable[str]) -> str:
    entries = "".join(
        f'<mapEntry mapKey="{xml_text(value)}" mappedValue="1" caseSensitive="false" />'
        for value in values
    )
    return f'<mapping defaultValue="0">{entries}</mapping>'


def _numeric(asked: str, value: str, tolerance: str, unit: str) -> tuple[str, str]:
    """A number with its unit behind the gap; the tolerance as the area around the value."""
    behind = f' <span class="unit">{xml_text(unit)}</span>' if unit else ""
    shown = f'{asked}<p><textEntryInteraction responseIdentifier="RESPONSE" />{behind}</p>'
    declared = _declared("single", "float", _correct([value]))
    if tolerance != "0":
        declared += (
            '<templateDeclaration identifier="TOLERANCE" cardinality="single" baseType="float">'
            f"<defaultValue><value>{tolerance}</value></defaultValue></templateDeclaration>"
        )
    return shown, declared
