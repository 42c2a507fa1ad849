"""Makes cards of the lines of one block: which kind it is, its parts, and what is wrong with it."""

from bisect import bisect_left
from collections.abc import Sequence

from trainer.cards.model import (
    Body,
    Card,
    Choice,
    Cloze,
    ClozePart,
    Language,
    Matching,
    Number,
    Option,
    Ordering,
    Recall,
    Scoring,
    Term,
    TrueFalse,
    Typed,
)
from trainer.decks.attributes import Attributes, list_start, parse_attributes
from trainer.decks.formulas import Formulas
from trainer.decks.identity import provisional_name
from trainer.decks.images import image_path, images_in
from trainer.decks.names import Names, say_bad_pieces
from trainer.decks.numbers_written import parse_answer_number
from trainer.decks.parameters import read_parameters
from trainer.decks.remarks import Remarks
from trainer.decks.scanner import BLANKS, BULLETS, Block, after_fence, fence_at, key_at, starts_list
from trainer.decks.tables import cells_of, is_delimiter, table_end
from trainer.foundation.identifiers import SLUG

_TRUTHS = {
    **dict.fromkeys(("true", "对", "正确", "√", "✓"), True),
    **dict.fromkeys(("false", "错", "错误", "×", "✗"), False),
}
_LONGEST_TRUTH = 6
_FORM_MARKS = frozenset("=＝~～\\")
_SCORINGS: dict[str, Scoring] = {
    "all": "all",
    "right-minus-wrong": "right-minus-wrong",
    "per-option": "per-option",
}
_DEFAULT_SCORING: Scoring = "right-minus-wrong"
MAX_PARTS = 30  # of a cloze: each is a card, and each of those keeps the whole text


class CardReader:
    """Reads the cards of one deck. Those without an error are added to `cards`."""

    def __init__(
        self,
        lines: Sequence[str],
        deck_id: str,
        language: Language,
        names: Names,
        remarks: Remarks,
        unfit_lines: Sequence[int],
    ) -> None:
        self.cards: list[Card] = []
        self.left_out: list[str] = []  # note ids
        self._unfit_lines = unfit_lines  # ascending: cards on them are left out
        self._lines = lines
        self._deck_id = deck_id
        self._language: Language = language
        self._names = names
        self._remarks = remarks
        self._formulas = Formulas()
        # What the block at hand says about itself besides its parts.
        self._name = ""
        self._name_place = (0, 0)
        self._difficulty = 2
        self._tags: tuple[str, ...] = ()
        self._scoring = _DEFAULT_SCORING
        self._stray: list[str] = []

    def read(self, block: Block, rule_id: str) -> None:
        """Make the cards of `block`, or say why not."""
        remarks = self._remarks
        errors = remarks.errors
        self._name, self._difficulty, self._tags = "", 2, ()
        self._scoring = _DEFAULT_SCORING
        self._stray.clear()
        if block.suspect or block.repeated or block.open_fence >= 0:
            self._say_about_lines(block)
        if block.key == "Q":
            question, body = self._answered(block)
        elif block.key == "C":
            question, body = self._cloze(block)
        else:
            question, body = self._term(block)
        explanation = ""
        if block.why >= 0:
            end = block.answer if block.answer > block.why else block.end
            explanation = self._text(block.why, block.why_at, end)
        if self._stray:
            explanation = "\n\n".join(("\n".join(self._stray), explanation)).strip()
        name = self._name
        if name:
            self._names.take(name, *self._name_place)
        else:
            name = self._names.provisional(provisional_name(question), block.start)
        if body is not None and remarks.errors == errors and not self._is_unfit(block):
            self._add(block, name, question, body, explanation, rule_id)
        else:
            self.left_out.append(f"{self._deck_id}#{name}")

    def _add(
        self, block: Block, name: str, question: str, body: Body, explanation: str, rule_id: str
    ) -> None:
        note_id = f"{self._deck_id}#{name}"
        parts: tuple[tuple[str, Body], ...]
        if block.key == "Q":
            parts = (("", body),)
        else:
            parts, question = _parts(body), ""
        for part, one in parts:
            self.cards.append(
                Card(
                    note_id + part,
                    note_id,
                    self._language,
                    question,
                    one,
                    block.start + 1,
                    1,
                    explanation,
                    rule_id,
                    self._difficulty,
                    self._tags,
                )
            )

    def _is_unfit(self, block: Block) -> bool:
        lines = self._unfit_lines
        if not lines:
            return False
        nearest = bisect_left(lines, block.start)
        return nearest < len(lines) and lines[nearest] < block.end

    # The three ways a card begins

    def _term(self, block: Block) -> tuple[str, Body | None]:
        lines = self._lines
        end = min(_first(block.answer, block.end), _first(block.why, block.end))
        term = self._heading_text(block, end)
        if not term:
            self._remarks.add("deck.no-question", block.start)
        if block.answer < 0:
            self._remarks.add("deck.no-definition", block.start)
            return term, None
        if block.answer_key != "D":
            self._say_wrong_key(block, lines[block.answer][0], "D")
        definition = self._answer_text(block)
        return term, Term(term, definition, "definition") if definition and term else None

    def _cloze(self, block: Block) -> tuple[str, Body | None]:
        end = _first(block.why, block.end)
        if block.answer >= 0:
            self._remarks.add("deck.cloze-with-answer", block.answer)
            end = min(end, block.answer)
        marked = self._heading_text(block, end)
        return self._cloze_body(block, marked)

    def _answered(self, block: Block) -> tuple[str, Body | None]:
        """A `Q:` card: the form of its answer says which kind it is."""
        remarks = self._remarks
        answer, options, parameters = block.answer, block.options, block.parameters
        first_option = options[0][0] if options else -1
        if answer >= 0 and not (
            first_option > answer and not self._lines[answer][block.answer_at :].strip()
        ):
            question = self._heading_text(block, min(answer, _first(block.why, answer)))
            if options or parameters >= 0:
                later = max(answer, first_option, parameters)
                remarks.add("deck.two-answers", later)
                return question, None
            if block.answer_key != "A":
                self._say_wrong_key(block, self._lines[answer][0], "A")
            return question, self._written_answer(block)
        if options:
            question = self._heading_text(block, answer if answer >= 0 else first_option)
            if parameters >= 0:
                remarks.add("deck.two-answers", max(first_option, parameters))
                return question, None
            return question, self._choice(block)
        end = _first(block.why, block.end)
        if parameters >= 0:
            question = self._heading_text(block, parameters)
            self._take_stray(block.parameters_end, end)
            return question, read_parameters(
                self._lines, parameters, block.parameters_end, question, self._formulas, remarks
            )
        numbered = block.numbered
        if numbered and starts_list(self._lines[numbered[0][0]]):
            question = self._heading_text(block, numbered[0][0])
            return question, self._ordering(block, end)
        if block.table >= 0 and is_delimiter(self._line(block.table + 1, end)):
            question = self._heading_text(block, block.table)
            return question, self._matching(block, end)
        question = self._heading_text(block, end)
        remarks.add("deck.no-answer", block.start)
        return question, None

    # The kinds

    def _written_answer(self, block: Block) -> Body | None:
        answer = self._answer_text(block)
        if not answer:
            return None
        start = answer[0]
        if start == "\\" and is_answer_form(answer[1:]):
            return Recall(answer[1:])
        if start == "=" or start == "＝":
            return self._number(block, self._single_line(block, answer))
        if start == "~" or start == "～":
            return self._typed(block, self._single_line(block, answer))
        truth = _truth_of(answer)
        if truth is not None:
            self._single_line(block, answer)
            return TrueFalse(truth)
        return Recall(answer)

    def _number(self, block: Block, answer: str) -> Body | None:
        number = parse_answer_number(answer[1:].strip())
        if isinstance(number, str):
            column = block.answer_at
            self._remarks.add(f"deck.{number}", block.answer, column, value=answer[1:].strip())
            return None
        return Number(*number)

    def _typed(self, block: Block, answer: str) -> Body | None:
        plain = answer[1:].replace("／", " / ")
        accepted = tuple(one for part in plain.split(" / ") if (one := part.strip()))
        if not accepted:
            self._remarks.add("deck.no-answer", block.answer)
            return None
        return Typed(accepted)

    def _choice(self, block: Block) -> Body | None:
        options: list[Option] = []
        right = 0
        places = block.options
        end = block.why if block.why >= 0 else block.end
        lines = self._lines
        last = len(places) - 1
        for number, (line, column, mark) in enumerate(places):
            following = places[number + 1][0] if number < last else end
            text = lines[line][column:].rstrip()
            reason = ""
            if following - line == 2 and lines[line + 1][:4] == "  > ":
                reason = lines[line + 1][4:].strip()
            elif following - line > 1:
                text, reason = self._with_continuation(text, line, following)
            stays_last = False
            if text[-1:] == "}":
                text, stays_last = self._option_attributes(text, line, column)
            if mark is True:
                right += 1
            elif mark is not False:
                self._remarks.add("deck.option-mark", line, mark=mark)
            if not text:
                self._remarks.add("deck.empty-option", line)
            options.append(Option(text, mark is True, reason, stays_last))
        self._check_options(block, options, right)
        return Choice(tuple(options), self._scoring)

    def _ordering(self, block: Block, end: int) -> Body | None:
        steps: list[str] = []
        seen: set[str] = set()
        places = block.numbered
        for number, (line, column) in enumerate(places):
            following = places[number + 1][0] if number + 1 < len(places) else end
            text = self._lines[line][column:].rstrip()
            if following - line > 1:
                text, reason = self._with_continuation(text, line, following)
                if reason:
                    self._stray.append(reason)
            if not text:
                self._remarks.add("deck.empty-step", line)
            elif text in seen:
                self._remarks.add("deck.same-steps", line, column, text=text)
            seen.add(text)
            steps.append(text)
        if len(steps) < 2:
            self._remarks.add("deck.one-step", places[0][0])
        return Ordering(tuple(steps))

    def _matching(self, block: Block, end: int) -> Body | None:
        lines, table = self._lines, block.table
        stop = table_end(lines, table, end)
        header = cells_of(lines[table])
        if len(header) != 2:
            self._remarks.add("deck.matching-columns", table, number=len(header))
            return None
        pairs: list[tuple[str, str]] = []
        seen: set[str] = set()
        for index in range(table + 2, stop):
            cells = cells_of(lines[index])
            if len(cells) != 2 or not cells[0] or not cells[1]:
                self._remarks.add("deck.matching-row", index)
                continue
            if cells[0] in seen:
                self._remarks.add("deck.same-left", index, text=cells[0])
            seen.add(cells[0])
            pairs.append((cells[0], cells[1]))
        if len(pairs) < 2:
            self._remarks.add("deck.one-pair", table)
        self._take_stray(stop, end)
        return Matching(header[0], header[1], tuple(pairs))

    def _cloze_body(self, block: Block, marked: str) -> tuple[str, Body | None]:
        pieces = _outside_code(marked)
        if len(pieces) < 3:
            code = "deck.no-hidden-part" if len(pieces) == 1 else "deck.cloze-unclosed"
            self._remarks.add(code, block.start, block.text_at)
            return marked, None
        if len(pieces) % 2 == 0:
            self._remarks.add("deck.cloze-unclosed", block.start, block.text_at)
            return marked, None
        if len(pieces) > 2 * MAX_PARTS:
            self._remarks.add("deck.cloze-too-many", block.start, block.text_at, limit=MAX_PARTS)
            return marked, None
        text = pieces[0]
        parts: list[ClozePart] = []
        keys: set[str] = set()
        for number in range(1, len(pieces), 2):
            hidden, after = pieces[number], pieces[number + 1]
            key = str((number + 1) // 2)
            if after[:2] == "{#" and "}" in after:
                key, _, after = after[2:].partition("}")
                if not SLUG.fullmatch(key):
                    self._remarks.add("deck.bad-part-name", block.start, block.text_at, id=key)
            if key in keys:
                self._remarks.add("deck.cloze-part-twice", block.start, block.text_at, id=key)
            if not hidden.strip():
                self._remarks.add("deck.cloze-empty-part", block.start, block.text_at)
            keys.add(key)
            parts.append(ClozePart(key, len(text), len(text) + len(hidden)))
            text += hidden + after
        return text, Cloze(text, tuple(parts), parts[0].key)

    # Checks

    def _check_options(self, block: Block, options: list[Option], right: int) -> None:
        line = block.options[0][0]
        if len(options) < 2:
            self._remarks.add("deck.one-option", line)
        elif not right:
            self._remarks.add("deck.no-right-option", line)
        elif right == len(options):
            self._remarks.add("deck.all-options-right", line)
        texts = {option.text for option in options}
        if len(texts) < len(options):
            self._say_same_options(block, options)

    def _say_same_options(self, block: Block, options: list[Option]) -> None:
        seen: set[str] = set()
        for option, (line, column, _) in zip(options, block.options, strict=True):
            if option.text and option.text in seen:
                self._remarks.add("deck.same-options", line, column, text=option.text)
            seen.add(option.text)

    def _say_about_lines(self, block: Block) -> None:
        for line in block.suspect:
            self._remarks.add("deck.key-is-text", line)
        for line in block.repeated:
            found = key_at(self._lines[line])
            is_answer = found is not None and found[0] != "Why"
            self._remarks.add("deck.two-answers" if is_answer else "deck.key-twice", line)
        if block.open_fence >= 0:
            self._remarks.add("deck.fence-unclosed", block.open_fence)

    def _say_wrong_key(self, block: Block, written: str, wanted: str) -> None:
        fix = self._remarks.fix(block.answer, 0, 1, wanted) if written.isascii() else None
        self._remarks.add("deck.wrong-answer-key", block.answer, fix=fix, key=wanted)

    # Texts

    def _line(self, index: int, end: int) -> str:
        return self._lines[index] if index < end else ""

    def _text(self, line: int, column: int, end: int) -> str:
        """From `column` of `line` up to the line `end`."""
        lines = self._lines
        while end - line > 1 and not lines[end - 1]:
            end -= 1
        if end - line == 1:
            return lines[line][column:].rstrip()
        return "\n".join((lines[line][column:], *lines[line + 1 : end])).strip()

    def _answer_text(self, block: Block) -> str:
        end = block.why if block.why > block.answer else block.end
        answer = self._text(block.answer, block.answer_at, end)
        if not answer:
            self._remarks.add("deck.no-answer", block.answer)
        return answer

    def _single_line(self, block: Block, answer: str) -> str:
        """The first line of an answer that has only one; what follows becomes explanation."""
        first, _, rest = answer.partition("\n")
        if rest.strip():
            self._remarks.add("deck.stray-text", block.answer + 1)
            self._stray.append(rest.strip())
        return first.rstrip()

    def _heading_text(self, block: Block, end: int) -> str:
        """The text of the block up to line `end`, without the attribute list it may end with.

        The list stands at the end of the first line, or of the last.
        """
        start, column = block.start, block.text_at
        lines = self._lines
        while end - start > 1 and not lines[end - 1]:
            end -= 1
        text = lines[start][column:].rstrip()
        if text[-1:] == "}" or text[-1:] == "｝":
            text = self._without_attributes(text, start, column, block.key)
        if end - start > 1:
            rest = list(lines[start + 1 : end])
            last = rest[-1].rstrip()
            if last[-1:] == "}" or last[-1:] == "｝":
                rest[-1] = self._without_attributes(last, end - 1, 0, block.key)
            text = "\n".join((text, *rest)).strip()
        if not text and block.key == "Q":
            self._remarks.add("deck.no-question", start)
        return text

    def _without_attributes(self, text: str, line: int, column: int, key: str) -> str:
        at = list_start(text)
        if at < 0 or (key == "C" and text[:at].endswith("==")):
            return text
        place = column + at
        if text[at + 1] == "#" and not self._name and SLUG.fullmatch(text, at + 2, len(text) - 1):
            self._name, self._name_place = text[at + 2 : -1], (line, place)
            return text[:at].rstrip()
        attributes = parse_attributes(text[at + 1 : -1])
        if attributes.name and self._name:
            return text  # the first line has named the card; this belongs to its text
        if attributes.name:
            self._name, self._name_place = attributes.name, (line, place)
        if attributes.values or attributes.classes or attributes.bad:
            self._take_values(attributes, line, place)
        return text[:at].rstrip()

    def _take_values(self, attributes: Attributes, line: int, column: int) -> None:
        say_bad_pieces(attributes, line, column, self._remarks)
        for name in attributes.classes:
            self._remarks.add("deck.unknown-attribute", line, column, name=f".{name}")
        for name, value in attributes.values.items():
            match name:
                case "difficulty" if value in {"1", "2", "3", "4", "5"}:
                    self._difficulty = int(value)
                case "difficulty":
                    self._remarks.add("deck.bad-difficulty", line, column, value=value)
                case "tags":
                    self._tags = tuple(value.replace(",", " ").replace("，", " ").split())
                case "scoring" if value in _SCORINGS:
                    self._scoring = _SCORINGS[value]
                case "scoring":
                    known = ", ".join(_SCORINGS)
                    self._remarks.add("deck.bad-scoring", line, column, value=value, known=known)
                case _:
                    self._remarks.add("deck.unknown-attribute", line, column, name=name)

    def _option_attributes(self, text: str, line: int, column: int) -> tuple[str, bool]:
        at = list_start(text)
        if at < 0:
            return text, False
        attributes = parse_attributes(text[at + 1 : -1])
        place = column + at
        if attributes.name or attributes.values or attributes.bad:
            name = attributes.name or next(iter(attributes.values), "") or attributes.bad[0]
            self._remarks.add("deck.unknown-attribute", line, place, name=name)
        for name in attributes.classes:
            if name != "last":
                self._remarks.add("deck.unknown-attribute", line, place, name=f".{name}")
        return text[:at].rstrip(), "last" in attributes.classes

    def _with_continuation(self, text: str, start: int, end: int) -> tuple[str, str]:
        """The text of an option or step with the lines that go on with it, and its reason.

        An unindented paragraph behind an empty line belongs to no option any more.
        """
        lines = self._lines
        texts, reasons = [text], []
        current = texts
        after_blank = False
        index = start + 1
        while index < end:
            line = lines[index]
            inner = line.strip()
            index += 1
            if not inner:
                after_blank = True
            elif inner[0] == ">" or inner[0] == "＞":
                reasons.append(inner[1:].strip())
                current, after_blank = reasons, False
            elif after_blank and line[0] not in BLANKS:
                self._take_stray(index - 1, end)
                break
            else:
                if line[0] in BULLETS and inner[1:2] == " ":
                    fix = self._remarks.fix(index - 1, 2, 2, "[ ] ")
                    self._remarks.add("deck.option-no-box", index - 1, fix=fix)
                current.append(inner)
        return "\n".join(texts).strip(), "\n".join(reasons).strip()

    def _take_stray(self, start: int, end: int) -> None:
        """Text behind the answer that nothing announces: kept as explanation."""
        text = "\n".join(self._lines[start:end]).strip()
        if text:
            while not self._lines[start].strip():
                start += 1
            self._remarks.add("deck.stray-text", start)
            self._stray.append(text)


def say_image_troubles(
    lines: Sequence[str], start: int, deck_id: str, remarks: Remarks
) -> list[int]:
    """Say which images may not be shown, and give the lines they stand on. Code is left out."""
    folder = deck_id.rpartition("/")[0]
    unfit: list[int] = []
    index = start
    while index < len(lines):
        line = lines[index]
        opening = fence_at(line)
        if opening:
            index, _ = after_fence(lines, index, opening[0])
            continue
        if "![" in line:
            for column, target in images_in(line):
                trouble = image_path(target, folder)[1]
                if trouble:
                    remarks.add(f"deck.image-{trouble}", index, column, target=target)
                    unfit.append(index)
        index += 1
    return unfit


def _parts(body: Body) -> tuple[tuple[str, Body], ...]:
    """The cards of a term or a cloze: what is put behind the id, and the body."""
    match body:
        case Cloze(text=text, parts=parts):
            return tuple((f".{one.key}", Cloze(text, parts, one.key)) for one in parts)
        case Term(shown=term, hidden=definition):
            return (
                (".term", Term(definition, term, "term")),
                (".definition", Term(term, definition, "definition")),
            )
        case _:
            return (("", body),)


def is_answer_form(answer: str) -> bool:
    """Whether `answer` is read as a number, a spelling, a truth or an escape and not as words. A
    backslash before it makes it words."""
    return answer[:1] in _FORM_MARKS or _truth_of(answer) is not None


def _truth_of(answer: str) -> bool | None:
    if len(answer) > _LONGEST_TRUTH and "\n" not in answer[: _LONGEST_TRUTH + 1]:
        return None
    return _TRUTHS.get(answer.partition("\n")[0].strip(" .。").lower())


def _first(line: int, otherwise: int) -> int:
    return line if line >= 0 else otherwise


def _outside_code(text: str) -> list[str]:
    """`text` parted at every == that does not stand in a code span."""
    if "`" not in text:
        return text.split("==")
    pieces: list[str] = []
    piece: list[str] = []
    runs = text.split("`")
    last = len(runs) - 1
    for number, run in enumerate(runs):
        # Every second run stands between two backticks; behind an odd last one it does not.
        first, *others = [run] if number % 2 and number < last else run.split("==")
        piece += ("`", first) if number else (first,)
        for other in others:
            pieces.append("".join(piece))
            piece = [other]
    return [*pieces, "".join(piece)]
