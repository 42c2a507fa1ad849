"""GIFT, the text format of Moodle's question bank: https://docs.moodle.org/en/GIFT_format"""

import re
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

import msgspec

from trainer.cards.model import (
    Body,
    Card,
    Choice,
    Cloze,
    ClozePart,
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
from trainer.decks.encoding import decode
from trainer.decks.images import images_in
from trainer.decks.plain_text import plain_text
from trainer.exchange.joining import COLUMNS, halves, joined, tags_of, take_tags
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
from trainer.exchange.texts import Texts, language_of
from trainer.foundation.errors import TrainerError

_LARGEST = 32 * 2**20  # bytes
_FORM = re.compile(r"\s*\[(html|markdown|plain|moodle)\]", re.IGNORECASE)
_NAME = re.compile(r"\s*::((?:[^:\\]|\\.|:(?!:)){0,500})::", re.DOTALL)
_MARKER = re.compile(r"\[(id|tag):((?:[^\]\\]|\\.){0,300})\]")
_WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:\.\d{1,7})?)%")
_RANGE = re.compile(r"\s*(-?[\d.]{1,20})\s*\.\.\s*(-?[\d.]{1,20})\s*\Z")

# Escaped signs are kept as letters nobody writes while the marks around them are looked for.
_SIGNS = "~=#{}:\\"
_HIDE = {sign: chr(0xE020 + place) for place, sign in enumerate(_SIGNS)}
_ESCAPED = re.compile(r"\\([~=#{}:\\n])")
_SHOWN = {ord(hidden): sign for sign, hidden in _HIDE.items()} | {0xE030: "\n"}


# Reading


def read_gift(content: bytes, name: str, report: ReportProgress = no_report) -> Imported:
    """The questions of a GIFT file. Raises TrainerError: import.too-big, import.nothing-in-it."""
    if len(content) > _LARGEST:
        raise TrainerError("import.too-big")
    text = decode(content).text.replace("\r\n", "\n").replace("\r", "\n")
    return _Reader().read(text, title_of(name), report)


class _Reader:
    def __init__(self) -> None:
        self._pictures = Pictures(lambda _name: None, "images")
        self._texts = Texts(self._pictures)
        self._rules: dict[str, DraftRule] = {}

    def read(self, text: str, title: str, report: ReportProgress) -> Imported:
        drafts: list[Draft] = []
        rule, seen = "", 0
        titles: set[str] = set()
        blocks = re.split(r"\n[ \t]*(?:\n[ \t]*)+", text)
        for number, block in enumerate(blocks):
            if number % 200 == 0:
                report(number, len(blocks))
            markers: list[tuple[str, str]] = []
            lines = []
            for line in block.split("\n"):
                if line.lstrip().startswith("//"):
                    markers += [(m[1], _plain(_hidden(m[2]))) for m in _MARKER.finditer(line)]
                elif line.startswith("$CATEGORY:"):
                    rule = self._category(line.partition(":")[2], titles)
                else:
                    lines.append(line)
            body = "\n".join(lines).strip()
            if not body:
                continue
            seen += 1
            draft = self._draft(body)
            if draft is not None:
                draft.rule = rule
                draft.name = next((v for k, v in markers if k == "id"), draft.name)
                if not take_tags(draft, (v for k, v in markers if k == "tag")):
                    self._texts.lose("carried.tags")
                drafts.append(draft)
        if not seen:
            raise TrainerError("import.nothing-in-it")
        drafts = joined(drafts)
        language = language_of([plain_text(f"{d.question} {d.explanation}") for d in drafts])
        for draft in drafts:
            if isinstance(draft.body, Matching):
                left, right = COLUMNS[language]
                draft.body = msgspec.structs.replace(draft.body, left=left, right=right)
        title = titles.pop() if len(titles) == 1 else title
        deck, _ = assembled(title, language, drafts, self._rules, BlockNames())
        return Imported(deck, not_carried=self._texts.everything_lost(), seen=seen)

    def _category(self, path: str, titles: set[str]) -> str:
        parts = [
            part.replace("\x00", "/").strip() for part in path.replace("//", "\x00").split("/")
        ]
        parts = [part for part in parts if part and part[0] != "$" and part != "top"]
        if parts:
            titles.add(parts[0])
        if len(parts) < 2:
            return ""
        key = "\x00".join(parts)
        self._rules.setdefault(key, DraftRule(parts[-1]))
        return key

    def _draft(self, block: str) -> Draft | None:
        block = _hidden(block)
        named = _NAME.match(block)
        name = _plain(named[1]).strip() if named else ""
        if named:
            block = block[named.end() :]
        form = _FORM.match(block)
        read = self._reading(form[1].lower() if form else "moodle")
        if form:
            block = block[form.end() :]
        start, end = block.find("{"), block.rfind("}")
        self._texts.about(_plain(block[: start if start >= 0 else None]) or name)
        if start < 0 or end < start:
            self._texts.lose("carried.description")
            return None
        before, inside, after = block[:start], block[start + 1 : end], block[end + 1 :]
        answers, _, general = inside.partition("####")
        explanation = read(general)
        body = self._body(answers, read)
        if body is None:
            return None
        asked = read(f"{before.rstrip()} _____ {after.strip()}" if after.strip() else before)
        if after.strip() and isinstance(body, Typed):
            return self._gap(before, after, body, read, explanation, name)
        if isinstance(body, Recall):
            body, explanation = _answer_in(explanation)
        return Draft(asked, body, explanation, name)

    def _gap(
        self,
        before: str,
        after: str,
        body: Typed,
        read: Callable[[str], str],
        explanation: str,
        name: str,
    ) -> Draft:
        """A missing word in the middle of a sentence: a cloze with one part."""
        if len(body.accepted) > 1:
            self._texts.lose("carried.spellings")
        word = body.accepted[0].replace("==", "= =")
        text = read(f"{before}\ue010{after}").replace("==", "= =")
        head, _, tail = text.partition("\ue010")
        part = ClozePart("1", len(head), len(head) + len(word))
        return Draft("", Cloze(f"{head}{word}{tail}", (part,), "1"), explanation, name)

    def _reading(self, form: str) -> Callable[[str], str]:
        texts = self._texts
        match form:
            case "markdown":
                return lambda text: texts.markdown(_plain(text))
            case "html":
                return lambda text: texts.html(_plain(text))
            case "plain":
                return lambda text: texts.plain(_plain(text))
            case _:
                return lambda text: texts.html(_plain(text).strip().replace("\n", "<br>"))

    def _body(self, answers: str, read: Callable[[str], str]) -> Body | None:
        inside = answers.strip()
        if not inside:
            return Recall("")
        if inside[0] == "#":
            return self._number(inside[1:])
        first, _, rest = inside.partition("#")
        if first.strip().upper() in {"T", "TRUE", "F", "FALSE"}:
            if rest.strip():
                self._texts.lose("carried.reasons")
            return TrueFalse(first.strip().upper() in {"T", "TRUE"})
        pieces = list(_answers(inside))
        if not pieces:
            self._texts.lose("carried.no-answer")
            return None
        if all(mark == "=" and "->" in words for mark, words in pieces):
            pairs = (words.partition("#")[0].partition("->") for _, words in pieces)
            return Matching("", "", tuple((_line(read(a)), _line(read(b))) for a, _, b in pairs))
        if all(mark == "=" for mark, _ in pieces):
            if any("#" in words for _, words in pieces):
                self._texts.lose("carried.reasons")
            words = (_WEIGHT.sub("", words.partition("#")[0], count=1) for _, words in pieces)
            return Typed(tuple(_line(_plain(word)) for word in words))
        return self._choice(pieces, read)

    def _choice(self, pieces: list[tuple[str, str]], read: Callable[[str], str]) -> Choice:
        options = []
        for mark, words in pieces:
            weight = _WEIGHT.match(words)
            text, _, reason = (words[weight.end() :] if weight else words).partition("#")
            share = float(weight[1]) if weight else 100.0 if mark == "=" else 0.0
            right = mark == "=" or share > 0
            if mark == "=" and weight and share < 100:
                self._texts.lose("carried.part-credit")
            options.append(Option(_line(read(text)), right, read(reason)))
        singles = [mark == "=" for mark, _ in pieces]
        if any(singles) and any(o.right and not s for o, s in zip(options, singles, strict=True)):
            self._texts.lose("carried.part-credit")
            options = [
                msgspec.structs.replace(option, right=single)
                for option, single in zip(options, singles, strict=True)
            ]
        return Choice(tuple(options))

    def _number(self, inside: str) -> Body | None:
        pieces = [words for mark, words in _answers(inside) if mark == "="] or [inside]
        if len(pieces) > 1:
            self._texts.lose("carried.part-credit")
        written = _plain(_WEIGHT.sub("", pieces[0].partition("#")[0], count=1))
        span = _RANGE.match(written)
        if span:
            low, high = parse_number(span[1]), parse_number(span[2])
            if low and high and low[0] <= high[0]:
                middle, spread = (low[0] + high[0]) / 2, (high[0] - low[0]) / 2
                return Number(as_decimal(middle, 9), "", as_decimal(spread, 9))
        else:
            value, _, spread_text = written.partition("\ue025" if "\ue025" in written else ":")
            number, spread_number = parse_number(value), parse_number(spread_text or "0")
            if number and spread_number:
                return Number(as_decimal(number[0], 9), "", as_decimal(abs(spread_number[0]), 9))
        self._texts.lose("carried.no-answer")
        return None


def _answers(inside: str) -> Iterator[tuple[str, str]]:
    """Mark ("=" or "~") and words of each answer."""
    marks = [found.start() for found in re.finditer("[=~]", inside)]
    for place, start in enumerate(marks):
        end = marks[place + 1] if place + 1 < len(marks) else len(inside)
        # "~=" is a right answer that is written as if it were a wrong one.
        if inside[start] == "~" and not inside[start + 1 : end].strip() and end < len(inside):
            continue
        yield inside[start], inside[start + 1 : end]


def _answer_in(explanation: str) -> tuple[Recall, str]:
    """An essay's answer stands in its general feedback, before what explains it."""
    answer, _, why = explanation.partition("\n\nWhy: ")
    return Recall(answer), why


def _hidden(text: str) -> str:
    return _ESCAPED.sub(lambda sign: _HIDE.get(sign[1], "\ue030"), text)


def _plain(text: str) -> str:
    return text.translate(_SHOWN)


def _line(text: str) -> str:
    return " ".join(text.split())


# Writing


def write_gift(bundle: Bundle, report: ReportProgress = no_report) -> Exported:
    """All decks of `bundle` as one file; a category for each deck and each of its rules."""
    lost: list[NotCarried] = []
    blocks: list[str] = []
    done, total = 0, sum(len(deck.cards) for deck in bundle.decks)
    questions = 0
    for deck in bundle.decks:
        blocks.append(f"$CATEGORY: $course$/top/{_path(deck.title)}")
        lost += left_behind(deck)
        lost += [
            NotCarried("carried.rule-text", rule.rule_id.rpartition("#")[2])
            for rule in deck.rules
            if rule.text or rule.sources or rule.penalty
        ]
        rule_id = ""
        for note in notes_of(deck):
            here = note.rule.rule_id if note.rule else ""
            if here != rule_id:
                rule_id = here
                below = f"/{_path(note.rule.title)}" if note.rule else ""
                blocks.append(f"$CATEGORY: $course$/top/{_path(deck.title)}{below}")
            for block in _blocks(note.card, lost):
                blocks.append(block)
                questions += 1
            done += len(note.cards)
            report(done, total)
    content = "\n\n".join(blocks) + "\n"
    return Exported(content.encode("utf-8"), tuple(lost), questions)


def _blocks(card: Card, lost: list[NotCarried]) -> Iterator[str]:
    name = card.note_id.rpartition("#")[2]

    def lose(code: str) -> None:
        lost.append(NotCarried(code, name))

    if any(images_in("\n".join((card.question, card.explanation)))):
        lose("carried.pictures")
    match card.body:
        case Term():
            for half, asked, answer in halves(card):
                yield _block(card, half, asked, f"{{{_essay(answer, card)}}}")
        case Recall(answer=answer):
            yield _block(card, name, card.question, f"{{{_essay(answer, card)}}}")
        case Cloze() as body:
            yield from _gaps(card, body, name, lose)
        case _:
            showing = show(card, 0)
            why = showing.explanation
            general = f"####{_escaped(why)}" if why else ""
            inside = _answers_of(card, showing.answer, lose)
            yield _block(card, name, showing.question, f"{{{inside}{general}}}")


def _gaps(card: Card, body: Cloze, name: str, lose: Callable[[str], None]) -> Iterator[str]:
    """A question with a missing word for each part."""
    if any(part.key != str(n) for n, part in enumerate(body.parts, start=1)):
        lose("carried.part-names")
    why = f"####{_escaped(card.explanation)}" if card.explanation else ""
    text = body.text
    if not text[body.parts[-1].end :].strip():
        # Without a word behind it the gap would be a question with a short answer.
        lose("carried.full-stop")
        text = f"{text}。" if card.language == "zh" else f"{text}."
    for number, part in enumerate(body.parts, start=1):
        before, after = text[: part.start], text[part.end :]
        gap = f"{{={_escaped(body.text[part.start : part.end])}{why}}}"
        yield _block(card, f"{name}.{number}", before, gap, after)


def _answers_of(card: Card, computed: Fraction | None, lose: Callable[[str], None]) -> str:
    """What stands between the braces."""
    match card.body:
        case Choice() as body:
            if any(option.last for option in body.options):
                lose("carried.last-option")
            return _choice(body)
        case TrueFalse(truth=truth):
            return "TRUE" if truth else "FALSE"
        case Number() as body:
            if body.unit:
                lose("carried.unit")
            return f"#{body.value}:{body.tolerance}"
        case Typed(accepted=accepted):
            return " ".join(f"={_escaped(word)}" for word in accepted)
        case Ordering(steps=steps):
            lose("carried.as-matching")
            return _pairs((str(place), step) for place, step in enumerate(steps, start=1))
        case Matching(pairs=pairs):
            lose("carried.column-titles")
            return _pairs(pairs)
        case Parametric() as body:
            lose("carried.fresh-numbers")
            decimals = 6 if body.decimals is None else body.decimals
            value = as_decimal(computed, decimals) if computed is not None else "0"
            return f"#{value}:{body.tolerance}"
        case _:
            raise AssertionError(card.body)


def _block(card: Card, name: str, asked: str, answers: str, after: str = "") -> str:
    deck_id = card.note_id.rpartition("#")[0]
    marks = "".join(f" [tag:{_marker(tag)}]" for tag in tags_of(card))
    head = f"// [id:{_marker(f'{deck_id}#{name}')}]{marks}"
    title = _escaped(plain_text(f"{asked}{after}")[:80])
    return f"{head}\n::{title}::[markdown]{_escaped(asked)}{answers}{_escaped(after)}"


def _essay(answer: str, card: Card) -> str:
    why = f"\n\nWhy: {card.explanation}" if card.explanation else ""
    return f"####{_escaped(answer + why)}"


def _choice(body: Choice) -> str:
    right = sum(option.right for option in body.options)
    wrong = len(body.options) - right
    pieces = []
    for option in body.options:
        reason = f"#{_escaped(option.reason)}" if option.reason else ""
        mark = "=" if option.right else "~"
        if body.several:
            share = 100 / right if option.right else -100 / max(wrong, 1)
            mark = f"~%{share:.5g}%"
        pieces.append(f"\n{mark}{_escaped(option.text)}{reason}")
    return "".join(pieces) + "\n"


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    return "".join(f"\n={_escaped(left)} -> {_escaped(right)}" for left, right in pairs) + "\n"


def _escaped(text: str) -> str:
    return re.sub(r"([~=#{}:\\])", r"\\\1", text).replace("\n", "\\n")


def _marker(text: str) -> str:
    return re.sub(r"([\]\\:])", r"\\\1", text)


def _path(title: str) -> str:
    return " ".join(title.split()).replace("/", "//")
