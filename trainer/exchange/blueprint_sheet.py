"""A blueprint as a table a teacher keeps in Excel: settings above, one line of questions a row.

Headings and values may be Chinese or English; what is written reads back the same. A new title in
the first column begins a new section.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import msgspec

from trainer.decks.model import COMPETENCES
from trainer.exams.blueprint import EXAM_KINDS, Blueprint, problems
from trainer.exams.keys import ExamError
from trainer.exchange.sheet_rows import SheetRow, read_rows, write_xlsx
from trainer.foundation.messages import Messages

_SETTINGS = {
    "title": ("标题", "考试名称", "title"),
    "languages": ("语言", "languages", "language"),
    "forms": ("试卷", "forms"),
    "named": ("套数", "named", "number of forms"),
    "scoring": ("多选计分", "scoring"),
    "ordering": ("排序计分", "ordering"),
    "shuffle_questions": ("题目乱序", "shuffle questions"),
    "shuffle_options": ("选项乱序", "shuffle options"),
    "always": ("必考", "always"),
    "never": ("不考", "never"),
    "unverified": ("含待核实", "unverified"),
}
_COLUMNS = {
    "section": ("部分", "section"),
    "navigation": ("作答顺序", "navigation"),
    "minutes": ("限时", "minutes"),
    "subjects": ("平台或产品", "平台", "科目", "subjects", "subject"),
    "competences": ("能力", "competences", "competence"),
    "kinds": ("题型", "kinds", "kind"),
    "difficulties": ("难度", "difficulties", "difficulty"),
    "count": ("题数", "数量", "count"),
    "points": ("每题分值", "分值", "points"),
}
_VALUES = {
    "单选": "single-choice",
    "多选": "multiple-response",
    "判断": "true-false",
    "数值": "number",
    "简答": "typed",
    "填空": "cloze",
    "排序": "ordering",
    "配对": "matching",
    "计算": "parametric",
    "案例": "case",
    "案例分析": "case-study",
    "平台规则": "platform-rules",
    "物流与财务": "logistics-finance",
    "产品知识": "product-knowledge",
    "外语": "foreign-language",
    "跨文化": "intercultural",
    "中文": "zh",
    "英文": "en",
    "每人一套": "each",
    "分套": "named",
    "全对才得分": "all",
    "对减错": "right-minus-wrong",
    "逐项": "per-option",
    "相邻": "pairs",
    "完全一致": "exact",
    "自由": "free",
    "顺序": "sequential",
    "是": "true",
    "否": "false",
}
_CHINESE = {value: name for name, value in _VALUES.items()}
_LISTS = {"languages", "always", "never", "subjects", "competences", "kinds"}
_SEPARATORS = re.compile(r"[,;、\n]+")


def read_blueprint_sheet(content: bytes) -> Blueprint:
    """Raises ExamError: exam.no-blueprint (blank reason), exam.blueprint-cell (blanks row,
    heading, text), exam.plan-*; TrainerError table.*."""
    rows = read_rows(content)
    head = next((at for at, row in enumerate(rows) if "count" in _named(row, _COLUMNS)), None)
    if head is None:
        raise ExamError("exam.blueprint-heads")
    given: dict[str, Any] = {}
    for row in rows[:head]:
        name = _name(row.cell(0), _SETTINGS)
        if name and row.cell(1):
            given[name] = _setting(name, row, 1, row.cell(0))
    given["sections"] = _sections(rows[head + 1 :], _named(rows[head], _COLUMNS))
    try:
        plan = msgspec.convert(given, Blueprint)
    except msgspec.ValidationError as error:
        raise ExamError("exam.no-blueprint", reason=str(error)[:200]) from error
    for code, blanks in problems(plan):
        raise ExamError(code, **blanks)
    return plan


def blueprint_xlsx(plan: Blueprint, messages: Messages) -> bytes:
    """The table, with headings and values in the language of `messages`."""
    chinese = messages.language.startswith("zh")

    def heading(names: Sequence[str]) -> str:
        return names[0] if chinese else next(name for name in names if name.isascii())

    def word(value: object) -> str:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        return _CHINESE.get(text, text) if chinese else text

    rows: list[list[str]] = []
    for name, names in _SETTINGS.items():
        value = getattr(plan, name)
        shown = ", ".join(map(word, value)) if isinstance(value, tuple) else word(value)
        # A title is a title, whatever word it is.
        rows.append([heading(names), plan.title if name == "title" else shown])
    rows += [[], [heading(names) for names in _COLUMNS.values()]]
    for section in plan.sections:
        for cell in section.cells:
            lists = (cell.subjects, cell.competences, cell.kinds, cell.difficulties)
            rows.append(
                [
                    section.title,
                    word(section.navigation),
                    str(section.minutes),
                    *(", ".join(map(word, values)) for values in lists),
                    str(cell.count),
                    cell.points,
                ]
            )
    title = "命题蓝图" if chinese else "Blueprint"
    return write_xlsx(title, rows, (16, 16, 8, 22, 22, 24, 10, 8, 10))


def _sections(rows: Sequence[SheetRow], columns: dict[str, int]) -> list[dict[str, Any]]:
    sections: list[dict[str, Any]] = []
    for row in rows:
        title = row.cell(columns.get("section", -1))
        if not sections or (title and title != sections[-1]["title"]):
            sections.append({"title": title, "cells": []})
        for name in ("navigation", "minutes"):
            if row.cell(columns.get(name, -1)):
                sections[-1][name] = _setting(name, row, columns[name], name)
        cell = {
            name: _setting(name, row, columns[name], name)
            for name in ("subjects", "competences", "kinds", "difficulties", "count", "points")
            if row.cell(columns.get(name, -1))
        }
        sections[-1]["cells"].append({"count": 0, **cell})
    return sections


def _setting(name: str, row: SheetRow, column: int, heading: str) -> object:
    text = row.cell(column)
    if name in {"title", "points"}:
        return text
    pieces = [_value(piece) for piece in _SEPARATORS.split(unicodedata.normalize("NFKC", text))]
    pieces = [piece for piece in pieces if piece]
    known: Sequence[str] = {"kinds": EXAM_KINDS, "competences": COMPETENCES}.get(name, ())
    wrong = next((piece for piece in pieces if known and piece not in known), None)
    if wrong is None and name in _LISTS:
        return pieces
    single = pieces[0] if len(pieces) == 1 else ""
    if name == "difficulties" and all(piece in "12345" and len(piece) == 1 for piece in pieces):
        return [int(piece) for piece in pieces]
    if name in {"count", "minutes", "named"} and re.fullmatch(r"[0-9]{1,4}", single):
        return int(single)
    if name.startswith(("shuffle", "unverified")) and single in {"true", "false", "yes", "no"}:
        return single in {"true", "yes"}
    if name in {"forms", "scoring", "ordering", "navigation"}:
        return single
    raise ExamError("exam.blueprint-cell", row=row.line, heading=heading, text=(wrong or text)[:40])


def _value(text: str) -> str:
    text = text.strip()
    return _VALUES.get(text, text)


def _named(row: SheetRow, names: dict[str, tuple[str, ...]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for column, text in enumerate(row.cells):
        name = _name(text, names)
        if name:
            found.setdefault(name, column)
    return found


def _name(text: str, names: dict[str, tuple[str, ...]]) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold().strip().rstrip(":")
    return next((name for name, words in names.items() if folded in words), "")
