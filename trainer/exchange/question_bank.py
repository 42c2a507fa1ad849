"""A question bank as schools keep it: one row a question. Rows in, drafts out, and back.

The columns and the names of the kinds are data; docs/exchange.md lists them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

import msgspec

from trainer.cards.model import (
    Body,
    Card,
    Choice,
    Cloze,
    Day,
    Family,
    Language,
    Matching,
    Number,
    Option,
    Ordering,
    Parametric,
    Recall,
    Term,
    TrueFalse,
    Typed,
    kind_of,
)
from trainer.cards.numbers import parse_number
from trainer.cards.parametric import as_decimal
from trainer.decks.identity import is_provisional
from trainer.decks.images import images_in
from trainer.decks.model import Deck, Rule
from trainer.decks.parser import parse_deck
from trainer.decks.plain_text import plain_text
from trainer.decks.writer import card_source, rule_source
from trainer.exchange.anki_reading import marked_cloze
from trainer.exchange.joining import COLUMNS, draft_rule, rule_words, tags_of, take_tags
from trainer.exchange.model import (
    Draft,
    DraftRule,
    Imported,
    NotCarried,
    Note,
    ReportProgress,
    assembled,
    left_behind,
    notes_of,
)
from trainer.exchange.names import BlockNames
from trainer.foundation.errors import TrainerError

MOST_ROWS = 100_000
MOST_COLUMNS = 64
LETTERS = "ABCDEFGHIJ"


class Column(msgspec.Struct, frozen=True):
    """A column: its key, its heading in each language, and what else people call it."""

    key: str
    en: str
    zh: str
    others: tuple[str, ...] = ()


COLUMN_KEYS: tuple[Column, ...] = (
    Column("id", "Id", "编号", ("题号", "序号", "no", "number")),
    Column("kind", "Type", "题型", ("类型", "试题类型", "题目类型", "kind", "question type")),
    Column("question", "Question", "题目", ("题干", "试题", "问题", "题目内容", "stem")),
    *(
        Column(f"option-{letter}", f"Option {letter}", f"选项{letter}", (letter, f"答案{letter}"))
        for letter in LETTERS
    ),
    Column("answer", "Answer", "答案", ("正确答案", "参考答案", "标准答案", "correct answer")),
    Column("explanation", "Explanation", "解析", ("答案解析", "试题解析", "说明", "why")),
    Column("difficulty", "Difficulty", "难度", ("难易度", "难度系数", "难易程度")),
    Column("source", "Source", "来源", ("出处", "题目来源")),
    Column("tags", "Tags", "标签", ("关键词", "keywords")),
    Column("rule", "Rule", "规则", ("知识点", "考点", "章节", "所属章节", "topic", "chapter")),
    Column("rule-id", "Rule id", "规则编号"),
    Column("rule-text", "Rule text", "规则内容", ("规则说明",)),
    Column("penalty", "Penalty", "处罚"),
    Column("deck", "Question bank", "题库", ("题库名称", "试卷名称")),
    *(Column(f"reason-{letter}", f"Reason {letter}", f"说明{letter}") for letter in LETTERS),
)

# How each kind is called; the first names are what we write.
KIND_NAMES: Mapping[str, tuple[str, ...]] = {
    "single-choice": (
        "Single choice",
        "单选题",
        "单选",
        "单项选择题",
        "选择题",
        "single",
        "choice",
    ),
    "multiple-response": (
        *("Multiple response", "多选题", "多选", "多项选择题", "不定项选择题", "multiple"),
        "multiple choice",
    ),
    "true-false": ("True or false", "判断题", "判断", "是非题", "true/false", "judgement"),
    "cloze": ("Fill in", "填空题", "填空", "cloze", "fill in the blank", "blank"),
    "recall": (
        *("Question and answer", "简答题", "简答", "问答题", "论述题", "案例分析题", "主观题"),
        *("short answer", "essay", "recall"),
    ),
    "term": ("Term", "名词解释", "术语题", "术语"),
    "number": ("Number", "数值题", "计算题", "numerical"),
    "typed": ("Typed answer", "输入题", "默写题", "typed"),
    "ordering": ("Put in order", "排序题", "排序", "ordering", "order"),
    "matching": ("Match", "匹配题", "连线题", "配对题", "matching"),
    "parametric": ("Fresh numbers", "参数题", "变式题", "parametric"),
}
_TRUE = frozenset({"对", "正确", "是", "√", "✓", "true", "t", "yes", "y", "right", "1"})
_FALSE = frozenset({"错", "错误", "否", "×", "✗", "x", "false", "f", "no", "n", "wrong", "0"})
_DIFFICULTIES = {
    "易": 1, "容易": 1, "简单": 1, "较易": 2, "easy": 1, "中": 3, "中等": 3, "一般": 3, "适中": 3,
    "medium": 3, "较难": 4, "难": 5, "困难": 5, "hard": 5,
}  # fmt: skip
_KEYS = {
    "".join(name.split()).lower(): column.key
    for column in COLUMN_KEYS
    for name in (column.en, column.zh, *column.others)
}
_KINDS = {name.lower(): kind for kind, names in KIND_NAMES.items() for name in names}
_BLANK = re.compile(r"_{2,}|[（(][ \u3000]{1,20}[）)]|【[ \u3000]{0,20}】")
_OPTION_MARK = re.compile(r"\A[A-Ja-j][.、．:：)）]\s*")
_ARROW = re.compile(r"\s*(?:→|->|=>|——|\|\|)\s*")
_PARAMS = re.compile(r"```params\n(.*?)\n```", re.DOTALL)
GAP = "____"
_GAP_BESIDE = "【　】"  # directly behind another gap, which it would melt into
_NEUTRAL = "'"
_FORMULA_SIGNS = "=+-@\t\r"


# Formulas in cells


def neutralised(text: str) -> str:
    """`text` so that no spreadsheet takes it for a formula: an apostrophe before the sign.

    The advice is OWASP's on CSV injection."""
    return _NEUTRAL + text if text[:1] and text[0] in _FORMULA_SIGNS else text


def as_written(text: str) -> str:
    """The reverse of `neutralised`."""
    guarded = text[:1] == _NEUTRAL and text[1:2] and text[1] in _FORMULA_SIGNS
    return text[1:] if guarded else text


# Reading


def read_rows(
    rows: Iterator[Sequence[str]], title: str, report: ReportProgress, total: int
) -> Imported:
    """The deck in a table whose headings stand in one of the first rows.

    Raises TrainerError: import.no-headings, import.nothing-in-it, import.too-big.
    """
    reader = _Reader()
    columns: dict[int, str] = {}
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise TrainerError("import.too-big")
        if number % 200 == 0:
            report(min(number, total), max(number, total))
        if not columns:
            columns = _columns(row)
            if not columns and number > 20:
                break
            continue
        reader.add({key: row[at].strip() for at, key in columns.items() if at < len(row)}, number)
    if not columns:
        raise TrainerError("import.no-headings")
    if not reader.seen:
        raise TrainerError("import.nothing-in-it")
    return reader.imported(title)


def _columns(row: Sequence[str]) -> dict[int, str]:
    found: dict[int, str] = {}
    for place, cell in enumerate(row[:MOST_COLUMNS]):
        key = _KEYS.get("".join(cell.split()).lower().rstrip("*"))
        if key is not None and key not in found.values():
            found[place] = key
    return found if "question" in found.values() and len(found) > 1 else {}


class _Reader:
    def __init__(self) -> None:
        self._drafts: list[Draft] = []
        self._rules: dict[str, DraftRule] = {}
        self._lost: list[NotCarried] = []
        self._titles: set[str] = set()
        self.seen = 0
        self._where = ""

    def imported(self, title: str) -> Imported:
        if len(self._titles) == 1:
            title = self._titles.pop()
        language: Language = "zh" if _is_chinese(self._drafts) else "en"
        for draft in self._drafts:
            if isinstance(draft.body, Matching) and not draft.body.left:
                left, right = COLUMNS[language]
                draft.body = msgspec.structs.replace(draft.body, left=left, right=right)
        deck, _ = assembled(title, language, self._drafts, self._rules, BlockNames())
        return Imported(deck, not_carried=tuple(self._lost), seen=self.seen)

    def _lose(self, code: str, **blanks: str) -> None:
        self._lost.append(NotCarried(code, self._where, blanks))

    def add(self, cells: dict[str, str], number: int) -> None:
        asked = cells.get("question", "")
        if not any(cells.values()):
            return
        self.seen += 1
        shown = plain_text(asked)[:50]
        self._where = f"{number}: {shown}" if shown else str(number)
        if cells.get("deck"):
            self._titles.add(_line(cells["deck"]))
        body, question = self._body(cells, asked)
        if body is None:
            return
        draft = Draft(question, body, cells.get("explanation", ""), cells.get("id", ""))
        draft.rule = self._rule(cells)
        draft.difficulty = self._difficulty(cells.get("difficulty", ""))
        tags = re.split(r"[,，;；、\s]+", cells.get("tags", ""))
        if not take_tags(draft, filter(None, tags)):
            self._lose("carried.tags")
        self._drafts.append(draft)

    def _difficulty(self, text: str) -> int:
        if not text:
            return 2
        known = _DIFFICULTIES.get(text.lower())
        if known is None and (number := parse_number(text)):
            value = number[0]
            # A facility index between 0 and 1: the lower, the harder.
            known = round(5 - 4 * float(value)) if 0 <= value < 1 else int(value)
        if known is None or not 1 <= known <= 5:
            self._lose("carried.difficulty", value=text)
            return 2
        return known

    def _rule(self, cells: dict[str, str]) -> str:
        title = " ".join(cells.get("rule", "").split())
        source = cells.get("source", "")
        if not title and not source:
            return ""
        title = title or " ".join(plain_text(source).split())[:60] or "?"
        key = cells.get("rule-id", "") or f"{title}\x00{source if not cells.get('rule') else ''}"
        if key not in self._rules:
            lines = [cells.get("rule-text", ""), ""]
            if cells.get("penalty"):
                lines.append(f"Penalty: {_line(cells['penalty'])}")
            lines += [f"Source: {_source(one)}" for one in source.splitlines() if one.strip()]
            self._rules[key] = draft_rule(title, "\n".join(lines), cells.get("rule-id", ""))
        return key

    def _body(self, cells: dict[str, str], asked: str) -> tuple[Body | None, str]:
        answer = cells.get("answer", "")
        options = {letter: cells.get(f"option-{letter}", "") for letter in LETTERS}
        filled = {letter: text for letter, text in options.items() if text}
        named = " ".join(cells.get("kind", "").lower().split())
        kind = _KINDS.get(named) or _guess(answer, filled, asked)
        if named and named not in _KINDS:
            self._lose("carried.kind-guessed", name=named)
        match kind:
            case "single-choice" | "multiple-response":
                return self._choice(answer, filled, cells), asked
            case "true-false":
                return self._truth(answer, filled), asked
            case "cloze":
                return self._cloze(asked, answer)
            case "term":
                return Term(asked, answer, "definition"), ""
            case "number":
                return self._number(answer), asked
            case "typed":
                return Typed(tuple(filter(None, map(_line, answer.split(" / "))))), asked
            case "ordering":
                order = [letter for letter in answer.upper() if letter in filled] or list(filled)
                return Ordering(tuple(_line(filled[letter]) for letter in order)), asked
            case "matching":
                return self._matching(filled, answer), asked
            case "parametric":
                return self._parametric(asked, answer), asked
            case _:
                return Recall(answer), asked

    def _choice(self, answer: str, filled: dict[str, str], cells: dict[str, str]) -> Body | None:
        right = {letter for letter in answer.upper() if letter in filled}
        others = re.sub(r"[A-J\s,，;；、/和]", "", answer.upper())
        if others:
            right = {letter for letter, text in filled.items() if text == answer}
        if not right:
            self._lose("carried.no-answer")
            return None
        made = []
        for letter, text in filled.items():
            last = text.endswith("{.last}")
            words = _OPTION_MARK.sub("", text.removesuffix("{.last}"))
            reason = cells.get(f"reason-{letter}", "")
            made.append(Option(_line(words), letter in right, reason, last))
        return Choice(tuple(made))

    def _truth(self, answer: str, filled: dict[str, str]) -> Body | None:
        word = filled.get(answer.strip().upper(), answer).strip().lower()
        if word not in _TRUE | _FALSE:
            self._lose("carried.no-answer")
            return None
        return TrueFalse(word in _TRUE)

    def _cloze(self, asked: str, answer: str) -> tuple[Body | None, str]:
        marks = (
            "\n" if "\n" in answer else "|" if "|" in answer else "；" if "；" in answer else ";"
        )
        words = [word.strip() for word in answer.split(marks)]
        gaps = len(_BLANK.findall(asked))
        if not gaps or gaps != len(words) or not all(words):
            if gaps != len(words) and gaps > 1:
                self._lose("carried.gaps-differ")
            return Typed(tuple(filter(None, (_line(one) for one in answer.split(" / "))))), asked
        fill = iter(words)
        text = _BLANK.sub(lambda _blank: f"\ue010{next(fill)}\ue011", asked)
        body, _ = marked_cloze(text, list(range(gaps)))
        return body, ""

    def _number(self, answer: str) -> Body | None:
        value, _, spread = answer.removeprefix("=").replace("+/-", "±").partition("±")
        number, tolerance = parse_number(value), parse_number(spread or "0")
        if number is None or tolerance is None:
            self._lose("carried.no-answer")
            return None
        return Number(as_decimal(number[0], 12), number[1], as_decimal(abs(tolerance[0]), 12))

    def _matching(self, filled: dict[str, str], answer: str) -> Body:
        pairs = []
        for text in filled.values():
            pieces = _ARROW.split(text, maxsplit=1)
            if len(pieces) == 2:
                pairs.append((_line(pieces[0]), _line(pieces[1])))
            else:
                self._lose("carried.no-answer")
        heads = [*_ARROW.split(answer, maxsplit=1), ""] if answer else ["", ""]
        return Matching(heads[0], heads[1], tuple(pairs))

    def _parametric(self, asked: str, answer: str) -> Body | None:
        block = f"Q: {_line(asked)}\n```params\n{answer.replace('```', '')}\n```\n"
        deck, _ = parse_deck(block, PurePosixPath("a.md"), "", "en")
        if len(deck.cards) == 1 and isinstance(deck.cards[0].body, Parametric):
            return deck.cards[0].body
        self._lose("carried.no-answer")
        return None


def _guess(answer: str, filled: dict[str, str], asked: str) -> str:
    letters = re.sub(r"[\s,，;；、]", "", answer.upper())
    if filled and letters and all(letter in filled for letter in letters):
        return "multiple-response" if len(letters) > 1 else "single-choice"
    if not filled and answer.strip().lower() in _TRUE | _FALSE:
        return "true-false"
    return "cloze" if _BLANK.search(asked) else "recall"


def _is_chinese(drafts: Sequence[Draft]) -> bool:
    sample = [f"{draft.question}{draft.body}" for draft in drafts[:200]]
    return 2 * sum(bool(re.search("[\u4e00-\u9fff]", text)) for text in sample) > len(sample)


def _source(text: str) -> str:
    text = _line(text)
    return text if re.search(r"[（(][^（()）]{2,20}[)）]\Z", text) else f"{text} (undated)"


def _line(text: str) -> str:
    return " ".join(text.split())


# Writing


def headings(language: Language) -> list[str]:
    return [column.zh if language == "zh" else column.en for column in COLUMN_KEYS]


def rows_of(deck: Deck, lost: list[NotCarried]) -> Iterator[list[str]]:
    """A row for each question of `deck`, without the headings."""
    lost += left_behind(deck)
    told: set[str] = set()
    for note in notes_of(deck):
        cells = _cells(note, lost)
        if note.rule is not None and note.rule.rule_id not in told:
            told.add(note.rule.rule_id)
            cells |= _rule_cells(note.rule)
        elif note.rule is not None:
            cells |= {"rule": note.rule.title, "rule-id": _name(note.rule.rule_id)}
        yield [cells.get(column.key, "") for column in COLUMN_KEYS]


def _name(block_id: str) -> str:
    return "" if is_provisional(block_id) else block_id.rpartition("#")[2]


def _rule_cells(rule: Rule) -> dict[str, str]:
    # What has a column of its own stands there, and all else in the rule's text.
    words = rule_words(msgspec.structs.replace(rule, penalty="", sources=()))
    lines = rule_source(msgspec.structs.replace(rule, text="")).split("\n")
    sources = [line.removeprefix("Source: ") for line in lines if line.startswith("Source: ")]
    return {
        "rule": rule.title,
        "rule-id": _name(rule.rule_id),
        "rule-text": words,
        "penalty": _line(rule.penalty),
        "source": "\n".join(sources),
    }


def _cells(note: Note, lost: list[NotCarried]) -> dict[str, str]:
    card = note.card
    names = KIND_NAMES[kind_of(card.body)]
    for _, target in images_in("\n".join((card.question, card.explanation))):
        lost.append(NotCarried("carried.picture", note.name, {"name": target}))
    if isinstance(card.body, Cloze) and any(
        part.key != str(number) for number, part in enumerate(card.body.parts, start=1)
    ):
        lost.append(NotCarried("carried.part-names", note.name))
    return {
        "id": _name(card.note_id),
        "deck": note.deck.title,
        "kind": names[1 if card.language == "zh" else 0],
        "question": card.question,
        "explanation": card.explanation,
        "difficulty": str(card.difficulty),
        "tags": " ".join(tag for tag in tags_of(card) if not tag.startswith("difficulty-")),
        **_answer_cells(card, lost),
    }


def _answer_cells(card: Card, lost: list[NotCarried]) -> dict[str, str]:
    match card.body:
        case Recall(answer=answer):
            return {"answer": answer}
        case Term(shown=shown, hidden=hidden):
            return {"question": shown, "answer": hidden}
        case Cloze() as body:
            return _gaps(body)
        case Choice() as body:
            return _options(card, body, lost)
        case TrueFalse(truth=truth):
            words = ("对", "错") if card.language == "zh" else ("true", "false")
            return {"answer": words[0] if truth else words[1]}
        case Number() as body:
            spread = "" if body.tolerance == "0" else f" ± {body.tolerance}"
            return {"answer": f"{body.value} {body.unit}".strip() + spread}
        case Typed(accepted=accepted):
            return {"answer": " / ".join(accepted)}
        case Ordering(steps=steps):
            cells = _lettered(card, steps, lost)
            return {**cells, "answer": LETTERS[: len(cells)]}
        case Matching() as body:
            cells = _lettered(card, [f"{left} → {right}" for left, right in body.pairs], lost)
            return {**cells, "answer": f"{body.left} → {body.right}"}
        case Parametric():
            block = _PARAMS.search(card_source(card))
            return {"answer": block[1] if block else ""}
        case Day() | Family():
            return {}  # nobody writes them, so no sheet has them


def _lettered(card: Card, texts: Sequence[str], lost: list[NotCarried]) -> dict[str, str]:
    if len(texts) > len(LETTERS):
        lost.append(NotCarried("carried.too-many-options", _name(card.note_id)))
    return {f"option-{letter}": text for letter, text in zip(LETTERS, texts, strict=False)}


def _options(card: Card, body: Choice, lost: list[NotCarried]) -> dict[str, str]:
    texts = [option.text + (" {.last}" if option.last else "") for option in body.options]
    cells = _lettered(card, texts, lost)
    right = ""
    for letter, option in zip(LETTERS, body.options, strict=False):
        cells[f"reason-{letter}"] = option.reason
        right += letter if option.right else ""
    return {**cells, "answer": right}


def _gaps(body: Cloze) -> dict[str, str]:
    pieces: list[str] = []
    words = []
    end = 0
    for part in body.parts:
        words.append(body.text[part.start : part.end])
        beside = bool(pieces) and part.start == end
        pieces += [body.text[end : part.start], _GAP_BESIDE if beside else GAP]
        end = part.end
    mark = "|" if any(re.search("[;；]", word) for word in words) else "；"
    return {"question": "".join((*pieces, body.text[end:])), "answer": mark.join(words)}
