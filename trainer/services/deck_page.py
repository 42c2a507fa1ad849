"""A deck as one HTML page: what a teacher looks at before handing it out."""

from collections.abc import Iterable
from html import escape
from pathlib import Path

from trainer.cards.family_facts import family_facts
from trainer.cards.model import (
    Card,
    Choice,
    Cloze,
    Day,
    Family,
    Matching,
    Number,
    Ordering,
    Parametric,
    Recall,
    Term,
    TrueFalse,
    Typed,
)
from trainer.decks.linter import ReadDeck
from trainer.decks.model import Rule, Scenario
from trainer.decks.rendering import Renderer, cloze_html
from trainer.foundation.messages import Messages

_STYLE = """
body { font: 16px/1.5 "Segoe UI", "Microsoft YaHei UI", "Noto Sans", "Noto Sans CJK SC", sans-serif;
  color: #1d1f22; background: #f6f4ef; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
.card, .step { background: #fff; border: 1px solid #dedad1; border-radius: 10px;
  padding: .75rem 1rem; margin: .75rem 0; }
.note, .id, .findings { color: #5a5f67; font-size: .875em; }
.right { color: #1a7038; font-weight: 600; }
.filled { text-decoration: underline; }
table { border-collapse: collapse; } td, th { border: 1px solid #dedad1; padding: .25rem .5rem; }
img { max-width: 100%; }
"""


def deck_page(read: ReadDeck, content: Path, messages: Messages) -> str:
    """The deck with its findings, rules, cards with their answers, and cases. Images are shown
    from `content`, the folder they are kept in."""
    folder = read.deck.deck_id.rpartition("/")[0]
    page = _Page(Renderer(folder, f"{content.resolve().as_uri()}/"), messages)
    return page.whole(read)


class _Page:
    def __init__(self, renderer: Renderer, messages: Messages) -> None:
        self._render = renderer.render
        self._renderer = renderer
        self._messages = messages

    def whole(self, read: ReadDeck) -> str:
        deck = read.deck
        by_rule: dict[str, list[Card]] = {}
        for card in deck.cards:
            by_rule.setdefault(card.rule_id, []).append(card)
        body = [
            f"<h1>{escape(deck.title)}</h1>",
            *self._findings(read),
            self._render(deck.introduction),
            *self._cards(by_rule.pop("", ())),
        ]
        for rule in deck.rules:
            body.append(self._rule(rule))
            body.extend(self._cards(by_rule.pop(rule.rule_id, ())))
        body.extend(map(self._scenario, deck.scenarios))
        return (
            f'<!doctype html>\n<html lang="{deck.language}">\n<head>\n<meta charset="utf-8">\n'
            f"<title>{escape(deck.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
            + "\n".join(part for part in body if part)
            + "\n</body>\n</html>\n"
        )

    def _findings(self, read: ReadDeck) -> Iterable[str]:
        rows = [
            f"<li>{finding.place.line}:{finding.place.column} {finding.level}"
            f" {escape(self._messages(finding.code, **finding.blanks))}</li>"
            for finding in read.findings
        ]
        if read.deck.left_out:
            number = len(read.deck.left_out)
            rows.insert(0, f"<li>{self._messages('preview.left-out', number=number)}</li>")
        return [f'<ul class="findings">{"".join(rows)}</ul>'] if rows else []

    def _rule(self, rule: Rule) -> str:
        parts = [f"<h2>{escape(rule.title)} {_ident(rule.rule_id)}</h2>", self._render(rule.text)]
        for name in ("penalty", "as_of", "verify", "was", "elsewhere"):
            value = getattr(rule, name)
            if value:
                parts.append(self._note(f"preview.{name.replace('_', '-')}", self._inline(value)))
        undated = self._messages("preview.undated")
        sources = [
            self._inline(f"[{one.title}]({one.url})" if one.url else one.title)
            + f" ({one.date or undated})"
            for one in rule.sources
        ]
        if sources:
            parts.append(self._note("preview.sources", "; ".join(sources)))
        return "\n".join(parts)

    def _note(self, code: str, html: str) -> str:
        return f'<p class="note"><b>{escape(self._messages(code))}:</b> {html}</p>'

    def _inline(self, text: str) -> str:
        """A text of one paragraph, without the paragraph."""
        html = self._render(text)
        return html.removeprefix("<p>").removesuffix("</p>")

    def _cards(self, cards: Iterable[Card]) -> Iterable[str]:
        for card in cards:
            explanation = self._note("preview.why", self._inline(card.explanation))
            yield (
                f'<div class="card">{_ident(card.card_id)}{self._render(card.question)}'
                f"{self._body(card)}{explanation if card.explanation else ''}</div>"
            )

    def _body(self, card: Card) -> str:
        match card.body:
            case Recall(answer=answer):
                return self._render(answer)
            case Term(shown=shown, hidden=hidden):
                return f"<p>{self._inline(shown)} → {self._inline(hidden)}</p>"
            case Cloze() as body:
                return cloze_html(body, self._renderer, reveal=True)
            case Choice(options=options):
                return _list("ul", (self._option(o.text, o.reason, right=o.right) for o in options))
            case TrueFalse(truth=truth):
                return self._answer(self._messages("preview.true" if truth else "preview.false"))
            case Number() as body:
                spread = "" if body.tolerance == "0" else f" ± {body.tolerance}"
                return self._answer(f"{body.value}{spread} {body.unit}".strip())
            case Typed(accepted=accepted):
                return self._answer(" / ".join(accepted))
            case Ordering(steps=steps):
                return _list("ol", map(self._inline, steps))
            case Matching() as body:
                rows = ((body.left, body.right), ("---", "---"), *body.pairs)
                return self._render("\n".join(f"| {left} | {right} |" for left, right in rows))
            case Parametric() as body:
                return self._answer(f"{body.answer} {body.unit}".strip())
            case Day(value=value):
                return self._answer(value)
            case Family() as body:
                return self._render(family_facts(body))

    def _answer(self, text: str) -> str:
        return f"<p><b>{escape(self._messages('preview.answer'))}:</b> {escape(text)}</p>"

    def _option(self, text: str, reason: str, *, right: bool) -> str:
        html = self._inline(text)
        if right:
            html = f'<span class="right">✓ {html}</span>'
        return f'{html}<br><span class="note">{self._inline(reason)}</span>' if reason else html

    def _scenario(self, scenario: Scenario) -> str:
        case = escape(self._messages("preview.case"))
        parts = [
            f"<h2>{case}: {escape(scenario.title)} {_ident(scenario.scenario_id)}</h2>",
            self._note("preview.shop", escape(scenario.shop)) if scenario.shop else "",
            self._render(scenario.text),
        ]
        for step in scenario.steps:
            choices = [
                self._option(f"{choice.text} → {choice.target}", choice.reason, right=choice.right)
                for choice in step.choices
            ]
            end = "" if choices else f'<p class="note">{self._messages("preview.end")}</p>'
            parts.append(
                f'<div class="step"><h3>{escape(step.title)} {_ident(step.step_id)}</h3>'
                f"{self._render(step.text)}{_list('ul', choices) if choices else end}</div>"
            )
        return "\n".join(parts)


def _ident(name: str) -> str:
    return f'<span class="id">#{escape(name.rpartition("#")[2])}</span>'


def _list(kind: str, items: Iterable[str]) -> str:
    return f"<{kind}>{''.join(f'<li>{item}</li>' for item in items)}</{kind}>"
