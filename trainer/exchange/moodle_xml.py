"""Moodle's question bank as XML: https://docs.moodle.org/en/Moodle_XML_format"""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from trainer.cards.model import (
    Body,
    Card,
    Choice,
    Cloze,
    Matching,
    Number,
    Option,
    Ordering,
    Parametric,
    Recall,
    Term,
    TrueFalse,
    Typed,
)
from trainer.cards.numbers import parse_number
from trainer.cards.parametric import as_decimal
from trainer.cards.showing import show
from trainer.decks.images import images_in
from trainer.decks.plain_text import plain_text
from trainer.exchange.anki_reading import marked_cloze
from trainer.exchange.html_text import xml_text
from trainer.exchange.joining import (
    COLUMNS,
    draft_rule,
    halves,
    joined,
    rule_words,
    tags_of,
    take_tags,
)
from trainer.exchange.model import (
    Bundle,
    Draft,
    DraftRule,
    Exported,
    Imported,
    NotCarried,
    ReportProgress,
    assembled,
    left_behind,
    no_report,
    notes_of,
)
from trainer.exchange.names import BlockNames, title_of
from trainer.exchange.pictures import Pictures
from trainer.exchange.safe_xml import parse_xml, text_of
from trainer.exchange.texts import Texts, language_of
from trainer.foundation.errors import TrainerError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_PLUGIN = "@@PLUGINFILE@@/"


# Reading


def read_moodle(content: bytes, name: str, report: ReportProgress = no_report) -> Imported:
    """The questions of a Moodle XML file, with pictures, categories and tags.

    Raises TrainerError: import.bad-xml, import.entities, import.damaged, import.too-big,
    import.nothing-in-it, import.not-this-format.
    """
    root = parse_xml(content)
    if root.tag != "quiz":
        raise TrainerError("import.not-this-format")
    questions = list(root.iter("question"))
    if not questions:
        raise TrainerError("import.nothing-in-it")
    return _Reader(questions).read(title_of(name), report)


class _Reader:
    def __init__(self, questions: "list[Element]") -> None:
        self._questions = questions
        self._files: dict[str, Element] = {}
        self._pictures = Pictures(self._file, "images")
        self._texts = Texts(self._pictures)
        self._rules: dict[str, DraftRule] = {}

    def read(self, title: str, report: ReportProgress) -> Imported:
        drafts: list[Draft] = []
        rule = ""
        seen = 0
        titles: set[str] = set()
        for number, question in enumerate(self._questions):
            if number % 100 == 0:
                report(number, len(self._questions))
            if question.get("type") == "category":
                rule = self._category(question, titles)
                continue
            seen += 1
            self._files = {one.get("name", ""): one for one in question.iter("file")}
            draft = self._draft(question)
            if draft is not None:
                draft.rule = rule
                tags = (text_of(tag) for tag in question.findall("tags/tag"))
                if not take_tags(draft, tags):
                    self._texts.lose("carried.tags")
                drafts.append(draft)
        drafts = joined(drafts)
        language = language_of([plain_text(f"{d.question} {d.explanation}") for d in drafts])
        drafts = [_with_columns(draft, language) for draft in drafts]
        if len(titles) == 1:
            title = titles.pop()
        deck, _ = assembled(title, language, drafts, self._rules, BlockNames())
        return Imported(deck, self._pictures.kept, self._texts.everything_lost(), seen=seen)

    def _file(self, name: str) -> bytes | None:
        element = self._files.get(name.removeprefix(_PLUGIN))
        if element is None:
            return None
        try:
            return base64.b64decode("".join((element.text or "").split()), validate=True)
        except (binascii.Error, ValueError):
            return None

    def _category(self, question: "Element", titles: set[str]) -> str:
        path = text_of(question.find("category")).replace("//", "\x00").split("/")
        path = [part.replace("\x00", "/").strip() for part in path]
        path = [part for part in path if part and part not in {"top", "$course$", "$system$"}]
        path = [part for part in path if not part.startswith("$")]
        if path:
            titles.add(path[0])
        if len(path) < 2:
            return ""
        key = "\x00".join(path)
        info = self._text(question.find("info"))
        name = text_of(question.find("idnumber"))
        self._rules.setdefault(key, draft_rule(path[-1], info, name))
        return key

    def _text(self, element: "Element | None") -> str:
        """The Markdown in a text of Moodle's: HTML, Markdown, plain or "auto"."""
        if element is None:
            return ""
        found = element.find("text")
        text = text_of(found) if found is not None else (element.text or "").strip()
        match element.get("format", "html"):
            case "markdown":
                return self._texts.markdown(text)
            case "plain_text":
                return self._texts.plain(text)
            case "moodle_auto_format":
                return self._texts.html(text.replace("\n", "<br>"))
            case _:
                return self._texts.html(text)

    def _draft(self, question: "Element") -> Draft | None:
        kind = question.get("type", "")
        name = text_of(question.find("idnumber")) or text_of(question.find("name"))
        # Beside the words there are the pictures, as letters.
        self._texts.about(text_of(question.find("questiontext/text")) or name)
        body, asked = self._body(kind, question)
        if body is None:
            return None
        explanation = self._text(question.find("generalfeedback"))
        if question.find("hint") is not None:
            self._texts.lose("carried.hint")
        if isinstance(body, Cloze):
            return Draft("", body, explanation, name)
        return Draft(asked, body, explanation, name)

    def _body(self, kind: str, question: "Element") -> tuple[Body | None, str]:
        asked = ""
        body: Body | None = None
        if kind not in {"cloze", "gapselect", "ddwtos"}:
            asked = self._text(question.find("questiontext"))
        match kind:
            case "multichoice" | "multichoiceset":
                body = self._choice(question)
            case "truefalse":
                answers = list(question.iter("answer"))
                right = max(answers, key=_fraction, default=None)
                body = None
                if right is not None:
                    body = TrueFalse(text_of(right.find("text")).lower() == "true")
            case "shortanswer":
                body = self._typed(question)
            case "numerical":
                body = self._number(question)
            case "matching" | "ddmatch":
                body = self._matching(question)
            case "ordering":
                items = sorted(question.iter("answer"), key=_fraction)
                body = Ordering(tuple(_one_line(self._text(item)) for item in items))
            case "essay":
                body = Recall(self._text(question.find("graderinfo")))
            case "cloze" | "multianswer":
                body = self._embedded(question)
            case "gapselect" | "ddwtos":
                body = self._gaps(question)
            case "description":
                self._texts.lose("carried.description")
            case _:
                self._texts.lose("carried.question-type", name=kind)
        return body, asked

    def _choice(self, question: "Element") -> Choice:
        single = text_of(question.find("single")).lower() in {"true", "1"}
        answers = list(question.iter("answer"))
        fractions = [_fraction(answer) for answer in answers]
        best = max(fractions, default=0.0)
        options = []
        for answer, fraction in zip(answers, fractions, strict=True):
            right = fraction > 0 and (not single or fraction == best)
            reason = self._text(answer.find("feedback"))
            options.append(Option(_one_line(self._text(answer)), right, reason))
        if single and any(0 < fraction < best for fraction in fractions):
            self._texts.lose("carried.part-credit")
        return Choice(tuple(options))

    def _typed(self, question: "Element") -> Typed:
        answers = [answer for answer in question.iter("answer") if _fraction(answer) >= 100]
        if len(answers) < len(list(question.iter("answer"))):
            self._texts.lose("carried.part-credit")
        if any(text_of(answer.find("feedback")) for answer in answers):
            self._texts.lose("carried.reasons")
        return Typed(tuple(_one_line(text_of(answer.find("text"))) for answer in answers))

    def _number(self, question: "Element") -> Body | None:
        for answer in question.iter("answer"):
            number = parse_number(text_of(answer.find("text")))
            if _fraction(answer) >= 100 and number is not None:
                found = question.find("units/unit/unit_name")
                spread = parse_number(text_of(answer.find("tolerance"), "0") or "0")
                return Number(
                    as_decimal(number[0], 12),
                    _one_line(text_of(found)),
                    as_decimal(abs(spread[0]), 12) if spread else "0",
                )
        self._texts.lose("carried.no-answer")
        return None

    def _matching(self, question: "Element") -> Matching:
        pairs = []
        for sub in question.iter("subquestion"):
            left, right = self._text(sub), text_of(sub.find("answer"))
            if left:
                pairs.append((_one_line(left), _one_line(self._texts.plain(right))))
            elif right:
                self._texts.lose("carried.extra-answer")
        return Matching("", "", tuple(pairs))

    def _embedded(self, question: "Element") -> Body:
        """Gaps in a text: https://docs.moodle.org/en/Embedded_Answers_(Cloze)_question_type"""
        element = question.find("questiontext")
        text = text_of(element.find("text") if element is not None else None)
        pieces: list[str] = []
        end = count = 0
        for gap in _GAP.finditer(text):
            answers = [one for one in map(str.strip, _GAP_ANSWERS.split(gap[2])) if one]
            rights = [one.lstrip("=").removeprefix("%100%") for one in answers if _is_right(one)]
            if len(rights) > 1:
                self._texts.lose("carried.spellings")
            right = rights[0] if rights else ""
            right = _GAP_FEEDBACK.split(right, maxsplit=1)[0]
            right = re.sub(r"\\(.)", r"\1", right).strip()
            if gap[1].upper().startswith("N"):
                right = right.partition(":")[0]
            pieces += [text[end : gap.start()], f"\ue010{right}\ue011"]
            end = gap.end()
            count += 1
        pieces.append(text[end:])
        form = element.get("format", "html") if element is not None else "html"
        whole = "".join(pieces)
        marked = self._texts.markdown(whole) if form == "markdown" else self._texts.html(whole)
        body, _ = marked_cloze(marked, list(range(count)))
        return body

    def _gaps(self, question: "Element") -> Body:
        """`[[2]]` in a text stands for the second word of a list."""
        words = [text_of(o.find("text")) for o in question.iter("selectoption")]
        words += [text_of(o.find("text")) for o in question.iter("dragbox")]
        text = self._text(question.find("questiontext"))

        def gap(mark: "re.Match[str]") -> str:
            place = int(mark[1]) - 1
            return f"\ue010{words[place]}\ue011" if 0 <= place < len(words) else ""

        marked = re.sub(r"\\?\[\\?\[(\d{1,3})\\?\]\\?\]", gap, text)
        self._texts.lose("carried.wrong-words")
        body, _ = marked_cloze(marked, list(range(len(words))))
        return body


_GAP = re.compile(r"\{\d{0,4}:([A-Z_]{1,24}):((?:[^{}\\]|\\.){0,4000})\}", re.IGNORECASE)
_GAP_ANSWERS = re.compile(r"(?<!\\)~")
_GAP_FEEDBACK = re.compile(r"(?<!\\)#")


def _with_columns(draft: Draft, language: str) -> Draft:
    if isinstance(draft.body, Matching) and not draft.body.left:
        left, right = COLUMNS[language]
        body = msgspec.structs.replace(draft.body, left=left, right=right)
        return msgspec.structs.replace(draft, body=body)
    return draft


def _is_right(answer: str) -> bool:
    return answer.startswith(("=", "%100%"))


def _fraction(answer: "Element") -> float:
    try:
        return float(answer.get("fraction", "0"))
    except ValueError:
        return 0.0


def _one_line(text: str) -> str:
    return " ".join(text.split())


# Writing


def write_moodle(bundle: Bundle, report: ReportProgress = no_report) -> Exported:
    """All decks of `bundle` as one file; a category for each deck and each of its rules."""
    return _Writer(bundle).write(report)


class _Writer:
    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._lost: list[NotCarried] = []
        self._lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"]
        self._questions = 0
        self._deck_id = ""

    def write(self, report: ReportProgress) -> Exported:
        total = sum(len(deck.cards) for deck in self._bundle.decks)
        done = 0
        for deck in self._bundle.decks:
            self._deck_id = deck.deck_id
            self._category(deck.title, "", "")
            self._lost += left_behind(deck)
            rule_id = ""
            for note in notes_of(deck):
                if note.rule is not None and note.rule.rule_id != rule_id:
                    rule_id = note.rule.rule_id
                    path = f"{_path(deck.title)}/{_path(note.rule.title)}"
                    self._category(path, rule_words(note.rule), rule_id)
                elif note.rule is None and rule_id:
                    self._category(deck.title, "", "")
                    rule_id = ""
                self._note(note.card)
                done += len(note.cards)
                report(done, total)
        self._lines.append("</quiz>\n")
        content = "\n".join(self._lines).encode("utf-8")
        return Exported(content, tuple(self._lost), self._questions)

    def _lose(self, code: str, block_id: str, **blanks: str) -> None:
        self._lost.append(NotCarried(code, block_id.rpartition("#")[2], blanks))

    def _category(self, path: str, words: str, rule_id: str) -> None:
        self._lines += [
            '<question type="category">',
            f"<category><text>{xml_text(f'top/{path}')}</text></category>",
            f'<info format="markdown"><text>{xml_text(words)}</text></info>',
            f"<idnumber>{xml_text(rule_id)}</idnumber>",
            "</question>",
        ]

    def _note(self, card: Card) -> None:
        match card.body:
            case Term():
                for name, asked, answer in halves(card):
                    self._question("essay", card, asked, _essay(answer), name)
            case Cloze() as body:
                if any(part.key != str(n) for n, part in enumerate(body.parts, start=1)):
                    self._lose("carried.part-names", card.note_id)
                self._question("cloze", card, _gapped(body), ())
            case Parametric() as body:
                self._lose("carried.fresh-numbers", card.note_id)
                showing = show(card, 0)
                decimals = 6 if body.decimals is None else body.decimals
                value = as_decimal(showing.answer, decimals) if showing.answer is not None else "0"
                number = Number(value, body.unit, body.tolerance)
                fixed = msgspec.structs.replace(card, explanation=showing.explanation)
                self._question("numerical", fixed, showing.question, _number(number))
            case _:
                kind, lines = self._answers(card)
                self._question(kind, card, card.question, lines)

    def _answers(self, card: Card) -> tuple[str, Iterable[str]]:
        match card.body:
            case Recall(answer=answer):
                return "essay", _essay(answer)
            case Choice() as body:
                if any(option.last for option in body.options):
                    self._lose("carried.last-option", card.note_id)
                return "multichoice", _choice(body)
            case TrueFalse(truth=truth):
                return "truefalse", _truth(truth)
            case Number() as body:
                return "numerical", _number(body)
            case Typed(accepted=accepted):
                answers = (_answer("100", word, form="") for word in accepted)
                return "shortanswer", ["<usecase>0</usecase>", *answers]
            case Ordering(steps=steps):
                return "ordering", _steps(steps)
            case Matching() as body:
                self._lose("carried.column-titles", card.note_id)
                return "matching", _pairs(body)
            case _:
                raise AssertionError(card.body)

    def _question(
        self, kind: str, card: Card, asked: str, lines: Iterable[str], name: str = ""
    ) -> None:
        self._questions += 1
        title = plain_text(asked)[:80]
        ident = f"{card.note_id.rpartition('#')[0]}#{name}" if name else card.note_id
        tags = "".join(f"<tag><text>{xml_text(tag)}</text></tag>" for tag in tags_of(card))
        self._lines += [
            f'<question type="{kind}">',
            f"<name><text>{xml_text(title)}</text></name>",
            self._text("questiontext", asked),
            self._text("generalfeedback", card.explanation),
            "<defaultgrade>1</defaultgrade><penalty>0</penalty><hidden>0</hidden>",
            f"<idnumber>{xml_text(ident)}</idnumber>",
            *lines,
            f"<tags>{tags}</tags>" if tags else "",
            "</question>",
        ]

    def _text(self, element: str, markdown: str) -> str:
        """A text with its pictures packed beside it."""
        files = []
        for target in dict.fromkeys(target for _, target in images_in(markdown)):
            content = self._bundle.picture(self._deck_id, target)
            if content is None:
                self._lost.append(NotCarried("carried.picture", self._deck_id, {"name": target}))
                continue
            name = target.rpartition("/")[2]
            markdown = markdown.replace(f"]({target}", f"]({_PLUGIN}{name}")
            packed = base64.b64encode(content).decode("ascii")
            files.append(
                f'<file name="{xml_text(name)}" path="/" encoding="base64">{packed}</file>'
            )
        inside = f"<text>{xml_text(markdown)}</text>{''.join(files)}"
        return f'<{element} format="markdown">{inside}</{element}>'


def _path(title: str) -> str:
    return title.replace("/", "//")


def _answer(fraction: str, text: str, reason: str = "", form: str = ' format="markdown"') -> str:
    feedback = f"<feedback{form}><text>{xml_text(reason)}</text></feedback>"
    return f'<answer fraction="{fraction}"{form}><text>{xml_text(text)}</text>{feedback}</answer>'


def _essay(answer: str) -> Iterator[str]:
    yield "<responseformat>editor</responseformat><responserequired>1</responserequired>"
    yield f'<graderinfo format="markdown"><text>{xml_text(answer)}</text></graderinfo>'


def _choice(body: Choice) -> Iterator[str]:
    yield f"<single>{'false' if body.several else 'true'}</single>"
    yield "<shuffleanswers>true</shuffleanswers><answernumbering>ABCD</answernumbering>"
    right = sum(option.right for option in body.options)
    wrong = len(body.options) - right
    for option in body.options:
        share = 100 / right if option.right else -100 / wrong if body.several and wrong else 0
        yield _answer(f"{share:.7g}", option.text, option.reason)


def _truth(truth: bool) -> Iterator[str]:
    yield _answer("100" if truth else "0", "true", form="")
    yield _answer("0" if truth else "100", "false", form="")


def _number(body: Number) -> Iterator[str]:
    yield (
        f'<answer fraction="100"><text>{body.value}</text><tolerance>{body.tolerance}</tolerance>'
        "<feedback><text></text></feedback></answer>"
    )
    if body.unit:
        name = f"<multiplier>1</multiplier><unit_name>{xml_text(body.unit)}</unit_name>"
        yield f"<units><unit>{name}</unit></units>"
    yield "<unitgradingtype>0</unitgradingtype><unitpenalty>0</unitpenalty>"
    yield f"<showunits>{0 if body.unit else 3}</showunits><unitsleft>0</unitsleft>"


def _steps(steps: Iterable[str]) -> Iterator[str]:
    yield "<layouttype>VERTICAL</layouttype><selecttype>ALL</selecttype>"
    yield "<selectcount>0</selectcount><gradingtype>RELATIVE_TO_CORRECT</gradingtype>"
    for place, step in enumerate(steps, start=1):
        yield f'<answer fraction="{place}" format="markdown"><text>{xml_text(step)}</text></answer>'


def _pairs(body: Matching) -> Iterator[str]:
    yield "<shuffleanswers>true</shuffleanswers>"
    for left, right in body.pairs:
        answer = f"<answer><text>{xml_text(plain_text(right))}</text></answer>"
        yield (
            f'<subquestion format="markdown"><text>{xml_text(left)}</text>{answer}</subquestion>'
        )


def _gapped(body: Cloze) -> str:
    pieces: list[str] = []
    end = 0
    for part in body.parts:
        hidden = re.sub(r"([}#~/\"\\=])", r"\\\1", body.text[part.start : part.end])
        pieces += [body.text[end : part.start], f"{{1:SHORTANSWER:={hidden}}}"]
        end = part.end
    return "".join((*pieces, body.text[end:]))
