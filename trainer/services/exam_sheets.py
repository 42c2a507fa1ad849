"""What is printed for a sitting: slips, the proctor's codes, the page for the envelope, and the
paper with its answers for the day the power fails for good.

HTML that Qt's rich text knows; names and texts are escaped or rendered by the decks' own renderer.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from html import escape

from trainer.cards.model import (
    Card,
    Choice,
    Cloze,
    Language,
    Matching,
    Number,
    Ordering,
    Parametric,
    TrueFalse,
    Typed,
)
from trainer.cards.parametric import as_decimal
from trainer.cards.showing import show
from trainer.decks.rendering import Renderer
from trainer.exams.blueprint import Blueprint
from trainer.exams.key_file import Entrant, KeyFile
from trainer.exams.keys import ActionCode, grouped
from trainer.exams.marking import KeyedCard, KeyedCase, KeyedItem
from trainer.exams.model import ACTIONS, Item, PaperItem
from trainer.exams.paper_set import PaperSet, Placed, sections_of
from trainer.exams.papers import GAP, Question
from trainer.foundation.clock import from_milliseconds
from trainer.foundation.fingerprint import fingerprint_words
from trainer.foundation.messages import Messages

_BREAK = '<div style="page-break-after: always"></div>'
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BLANK = "＿" * 8
_SLIPS_ON_PAGE = 6
_ROWS_ON_PAGE = 6


@dataclass(frozen=True, slots=True)
class Printed:
    """A packed sitting with the texts and pictures of its papers."""

    file: KeyFile
    papers: PaperSet
    media: Mapping[str, bytes]


def sheets(printed: Printed, language: Language, messages: Messages) -> Iterator[tuple[str, str]]:
    """Path without suffix below the sitting's folder, and HTML, of every sheet in one language."""
    file = printed.file
    yield f"proctor/slips-{language}", slips(file, messages)
    yield f"proctor/codes-{language}", proctor_sheet(file, messages)
    yield f"envelope/words-{language}", envelope_page(file, messages)
    yield f"teacher/papers-{language}", printed_papers(printed, language, messages)
    yield f"teacher/answers-{language}", answer_key(printed, language, messages)


def slips(file: KeyFile, messages: Messages) -> str:
    """A slip a candidate, to be cut apart: number, name, code and time."""
    boxes = [_slip(file, one, messages) for one in file.entrants]
    pages = [
        "".join(boxes[start : start + _SLIPS_ON_PAGE])
        for start in range(0, len(boxes), _SLIPS_ON_PAGE)
    ]
    return _BREAK.join(pages)


def _slip(file: KeyFile, one: Entrant, messages: Messages) -> str:
    return (
        '<table width="100%" border="1" cellspacing="0" cellpadding="9"><tr>'
        f'<td width="55%"><b>{escape(file.header.title)}</b>{_rehearsal(file, messages)}<br>'
        f"{escape(one.name)}<br>{escape(one.group)}<br>"
        f"{messages('sheet.time')} {escape(_time_of(file, one, messages))}</td>"
        f'<td width="45%">{messages("sheet.number")}<br><span style="font-size:16pt">'
        f"<b>{escape(one.number)}</b></span><br>{messages('sheet.ticket')}<br>"
        f"<span style=\"font-size:16pt; font-family:Consolas,'DejaVu Sans Mono',monospace\">"
        f"<b>{grouped(one.ticket)}</b></span></td></tr></table>"
        f'<p style="font-size:8pt; color:#555555">✂ {messages("sheet.slip-how")}</p>'
    )


def proctor_sheet(file: KeyFile, messages: Messages) -> str:
    """Who sits the exam, with every one-time code, and lines to sign on."""
    issued: dict[str, list[ActionCode]] = {one.number: [] for one in file.entrants}
    for code in file.codes:
        known = ActionCode(code.candidate, code.action, code.number, code.code)
        issued[code.candidate].append(known)
    rows = []
    for one in file.entrants:
        cells = []
        for action in ACTIONS:
            codes = [str(c) for c in issued[one.number] if c.action == action]
            if codes:
                words = messages(f"action.{action}")
                cells.append(f"<b>{words}</b>&nbsp;&nbsp;{'&nbsp;&nbsp; '.join(codes)}")
        rows.append(
            f"<tr><td><b>{escape(one.number)}</b><br>{escape(one.name)}<br>{escape(one.group)}"
            f"<br>{escape(_time_of(file, one, messages))}</td>"
            "<td style=\"font-size:8.5pt; font-family:Consolas,'DejaVu Sans Mono',monospace\">"
            f"{'<br>'.join(cells)}</td>"
            f"<td>{messages('sheet.receipt')}<br><br>________________<br>"
            f"{messages('sheet.signed')}<br><br>________________</td></tr>"
        )
    how = f"<p>{messages('sheet.codes-how')}</p>"
    head = (
        f"<thead><tr><th>{messages('sheet.candidate')}</th><th>{messages('sheet.codes')}</th>"
        f"<th>{messages('sheet.signature')}</th></tr></thead>"
    )
    # Few enough for a page: nobody's codes stand on two.
    table = _BREAK.join(
        '<table width="100%" border="1" cellspacing="0" cellpadding="5">'
        f"{head}{''.join(rows[start : start + _ROWS_ON_PAGE])}</table>"
        for start in range(0, len(rows), _ROWS_ON_PAGE)
    )
    notes = f"<p>{messages('sheet.started-at')} ____________ {messages('sheet.ended-at')} ________"
    return _page(file, messages, "sheet.codes-title", f"{how}{table}{notes}____</p>")


def envelope_page(file: KeyFile, messages: Messages) -> str:
    words = file.passphrase.split()
    lines = "".join(
        f'<p style="font-size:22pt">{place}.&nbsp;&nbsp;<b>{word}</b></p>'
        for place, word in enumerate(words, start=1)
    )
    fingerprint = fingerprint_words(file.header.teacher_key)
    return _page(
        file,
        messages,
        "sheet.envelope",
        f"<p>{messages('sheet.envelope-how')}</p>{lines}"
        f"<p>{messages('sheet.fingerprint')}<br><b>{fingerprint}</b></p>",
    )


def printed_papers(printed: Printed, language: Language, messages: Messages) -> str:
    """A paper for every candidate; for named forms one a form."""
    file, papers = printed.file, printed.papers
    press = PaperPress(file.plan, papers, printed.media, language, messages)
    press.rehearsal = file.header.rehearsal
    if file.plan.forms == "named":
        return _BREAK.join(press.form(name) for name in papers.forms)
    return _BREAK.join(
        press.form(one.form_id, f"{one.number}  {one.name}", _time_of(file, one, messages))
        for one in file.entrants
    )


def answer_key(printed: Printed, language: Language, messages: Messages) -> str:
    """The answers of every form, in its order and with its letters."""
    file, papers = printed.file, printed.papers
    render = Renderer().render
    keyed = file.keyed()
    parts = [f"<h2>{messages('sheet.answers')}</h2>"]
    holders: dict[str, list[str]] = {}
    for one in file.entrants:
        holders.setdefault(one.form_id, []).append(one.number)
    for name, placed in papers.forms.items():
        who = ", ".join(holders.get(name, ()))
        rows = []
        for number, place in enumerate(placed, start=1):
            question = papers.questions[place.item_id]
            paper = _in_language(question.item, language)
            answer = answer_text(keyed[place.item_id], paper, place, language, messages)
            rows.append(
                f'<tr><td align="right">{number}</td><td>{_inline(render(answer))}</td>'
                f'<td align="right">{question.item.points}</td></tr>'
            )
        parts.append(
            f"<h3>{messages('sheet.form', name=escape(name))}</h3><p>{escape(who)}</p>"
            '<table width="100%" border="1" cellspacing="0" cellpadding="3">'
            f"<thead><tr><th>{messages('sheet.question')}</th><th>{messages('sheet.answer')}</th>"
            f"<th>{messages('sheet.points')}</th></tr></thead>{''.join(rows)}</table>"
        )
    return _page(file, messages, "sheet.answers-title", "".join(parts))


def answer_text(
    item: KeyedItem, paper: PaperItem, placed: Placed, language: Language, messages: Messages
) -> str:
    """What is right, as Markdown, by the letters and numbers the form shows."""
    if isinstance(item.keyed, KeyedCase):
        return _road_text(item.keyed, paper)
    keyed = item.keyed
    card = next(one for one in (keyed.card, *keyed.others) if one.language == language)
    on_screen = {at: place for place, at in enumerate(placed.order)}  # paper order -> screen
    in_paper = {at: place for place, at in enumerate(keyed.order)}  # deck order -> paper
    match card.body:
        case Choice(options=options):
            right = [
                (on_screen[in_paper[at]], option.text)
                for at, option in enumerate(options)
                if option.right
            ]
            return "; ".join(f"{_LETTERS[place]}. {text}" for place, text in sorted(right))
        case Ordering(steps=steps):
            return ", ".join(_LETTERS[on_screen[in_paper[at]]] for at in range(len(steps)))
        case Matching(pairs=pairs):
            return ", ".join(
                f"{at + 1}-{_LETTERS[on_screen[in_paper[at]]]}" for at in range(len(pairs))
            )
        case TrueFalse(truth=truth):
            return messages("sheet.true" if truth else "sheet.false")
        case Typed(accepted=accepted):
            return " / ".join(accepted)
        case Cloze(text=text, parts=cloze_parts, hidden=hidden):
            part = next(part for part in cloze_parts if part.key == hidden)
            return text[part.start : part.end]
        case Number(value=value, tolerance=tolerance, unit=unit):
            return _number(value, tolerance, unit)
        case Parametric(tolerance=tolerance, unit=unit):
            return _number(_computed(card, keyed), tolerance, unit)
        case _:
            return ""


def _computed(card: Card, keyed: KeyedCard) -> str:
    answer = show(card, keyed.seed).answer
    return as_decimal(answer) if answer is not None else ""


def _number(value: str, tolerance: str, unit: str) -> str:
    span = f" ± {tolerance}" if Fraction(tolerance) else ""
    return f"{value}{span} {unit}".strip()


def _road_text(keyed: KeyedCase, paper: PaperItem) -> str:
    """At every step that decides, the decisions that are right."""
    lines = []
    steps = zip(keyed.scenario.steps, paper.steps, strict=True)
    for place, (step, shown) in enumerate(steps, start=1):
        order = keyed.orders.get(step.step_id, ())
        right = [_LETTERS[place] for place, at in enumerate(order) if step.choices[at].right]
        if right:
            lines.append(f"[{place}] {shown.title}: {' / '.join(right)}")
    return "; ".join(lines)


class PaperPress:
    """Renders forms as they stand on paper: what a teacher previews and what is printed."""

    rehearsal = False

    def __init__(
        self,
        plan: Blueprint,
        papers: PaperSet,
        media: Mapping[str, bytes],
        language: Language,
        messages: Messages,
    ) -> None:
        self._title = plan.title
        self._sections = {one.section_id: one for one in sections_of(plan)}
        self._papers = papers
        self._media = media
        self._language: Language = language
        self._messages = messages
        self._renderer = Renderer()
        self._made: dict[tuple[str, tuple[int, ...]], str] = {}

    def form(self, name: str, who: str = "", more: str = "") -> str:
        """The form called `name`, for `who`, with `more` beside it."""
        messages = self._messages
        told = f" — {messages('sheet.rehearsal')}" if self.rehearsal else ""
        who = who or messages("sheet.form", name=name)
        parts = [
            f"<h2>{escape(self._title)}{told}</h2>",
            f"<p>{escape(who)}&nbsp;&nbsp;&nbsp;{escape(more)}</p>",
        ]
        before = stem = ""
        for number, placed in enumerate(self._papers.forms[name], start=1):
            item = self._papers.questions[placed.item_id].item
            if placed.section_id != before and len(self._sections) > 1:
                parts.append(f"<h3>{escape(self._sections[placed.section_id].title)}</h3>")
            before = placed.section_id
            if item.stem_id and item.stem_id != stem:
                parts.append(self._render(dict(item.stem).get(self._language, item.stem[0][1])))
            stem = item.stem_id
            parts.append(self._question(number, self._papers.questions[placed.item_id], placed))
        return "".join(parts)

    def _render(self, text: str) -> str:
        html = self._renderer.render(text)
        for name, content in self._media.items():
            if f'src="{name}"' in html:
                kind = "png" if content.startswith(b"\x89PNG") else "jpeg"
                data = b64encode(content).decode("ascii")
                html = html.replace(f'src="{name}"', f'src="data:image/{kind};base64,{data}"')
        return html

    def _question(self, number: int, question: Question, placed: Placed) -> str:
        item = question.item
        key = (item.item_id, placed.order)
        if key not in self._made:
            self._made[key] = self._body(item, placed)
        points = self._messages("sheet.of-points", points=item.points)
        rule = ""
        if item.scoring is not None:
            rule = f" · {self._messages(f'exam.scoring.{item.scoring}')}"
        return (
            f'<table width="100%" cellpadding="3"><tr><td width="28" align="right">'
            f"<b>{number}.</b></td><td>{self._made[key]}"
            f'<span style="font-size:8pt; color:#555555">{escape(points)}{escape(rule)}</span>'
            "</td></tr></table>"
        )

    def _body(self, item: Item, placed: Placed) -> str:
        paper = _in_language(item, self._language)
        parts = [self._render(paper.stem)]
        if paper.cloze:
            parts.append(self._render(paper.cloze.replace(GAP, _BLANK)))
        if paper.options:
            parts.append(self._lettered([paper.options[at].text for at in placed.order]))
            if item.kind == "ordering":
                parts.append(f"<p>{self._messages('sheet.order')} {_BLANK}{_BLANK}</p>")
        if paper.lefts:
            rights = [paper.rights[at] for at in placed.order]
            parts.append(self._columns(paper, rights))
        numbers = {step.step_id: place for place, step in enumerate(paper.steps, start=1)}
        for place, step in enumerate(paper.steps, start=1):
            title = f"[{place}] {step.title}"
            parts.append(f"<p><b>{escape(title)}</b></p>{self._render(step.text)}")
            texts = [f"{text} → [{numbers.get(target, '')}]" for text, target in step.choices]
            parts.append(self._lettered(texts))
        if item.kind == "true-false":
            true, false = self._messages("sheet.true"), self._messages("sheet.false")
            parts.append(f"<p>□ {true}&nbsp;&nbsp;&nbsp;&nbsp;□ {false}</p>")
        if item.kind in {"number", "parametric", "typed"}:
            parts.append(f"<p>{_BLANK}{_BLANK} {escape(paper.unit)}</p>")
        return "".join(parts)

    def _lettered(self, texts: Sequence[str]) -> str:
        rows = "".join(
            f"<tr><td>□&nbsp;{_LETTERS[place % 26]}</td><td>{_inline(self._render(text))}</td></tr>"
            for place, text in enumerate(texts)
        )
        return f'<table cellpadding="3">{rows}</table>' if rows else ""

    def _columns(self, paper: PaperItem, rights: Sequence[str]) -> str:
        rows = "".join(
            f"<tr><td>{place + 1}. {_inline(self._render(left))}</td><td>____</td>"
            f"<td>{_LETTERS[place % 26]}. {_inline(self._render(right))}</td></tr>"
            for place, (left, right) in enumerate(zip(paper.lefts, rights, strict=True))
        )
        head = f"<tr><th>{escape(paper.left_title)}</th><th></th>"
        return (
            f'<table cellpadding="4">{head}<th>{escape(paper.right_title)}</th></tr>{rows}</table>'
        )


def _inline(html: str) -> str:
    """A single paragraph without its tags, so that it stands on the line of its letter."""
    one = html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1
    return html[3:-4] if one else html


def _in_language(item: Item, language: Language) -> PaperItem:
    return next((paper for paper in item.papers if paper.language == language), item.papers[0])


def _time_of(file: KeyFile, one: Entrant, messages: Messages) -> str:
    """ "60 + 15 min"."""
    limit = file.header.time.limit
    extra = -(-limit * one.extra_percent // 100) + 60 * one.extra_minutes
    if extra:
        return messages("sheet.minutes-extra", minutes=limit // 60, extra=-(-extra // 60))
    return messages("sheet.minutes", minutes=limit // 60)


def _rehearsal(file: KeyFile, messages: Messages) -> str:
    return f" — {messages('sheet.rehearsal')}" if file.header.rehearsal else ""


def _page(file: KeyFile, messages: Messages, title: str, body: str) -> str:
    made: datetime = from_milliseconds(file.header.created, None)
    return (
        f"<h2>{escape(file.header.title)}{_rehearsal(file, messages)}</h2>"
        f"<p><b>{messages(title)}</b>&nbsp;&nbsp;{made:%Y-%m-%d %H:%M}&nbsp;&nbsp;"
        f'<span style="color:#555555">{file.header.sitting_id[-8:]}</span></p>{body}'
    )
