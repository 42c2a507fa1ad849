"""A card as two sides of HTML, what is asked and what is answered: for cards of other programs."""

from html import escape

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
from trainer.cards.parametric import as_decimal
from trainer.cards.showing import show
from trainer.decks.model import Rule
from trainer.exchange.html_text import HtmlWriter

WORDS = {
    "en": {
        "true": "True",
        "false": "False",
        "why": "Why",
        "penalty": "Penalty",
        "source": "Source",
    },
    "zh": {"true": "对", "false": "错", "why": "解析", "penalty": "处罚", "source": "来源"},
}


def sides(card: Card, html: HtmlWriter) -> tuple[str, str]:
    """Question and answer of `card` as HTML. Fresh numbers are drawn once; options and steps stand
    in a shuffled order that is always the same."""
    showing = show(card, 0)
    asked = html.html(showing.question)
    match showing.card.body:
        case Recall(answer=answer):
            return asked, html.html(answer)
        case Term(shown=shown, hidden=hidden):
            return html.html(shown), html.html(hidden)
        case Cloze(text=text):
            return html.html(text), ""
        case Choice(options=options):
            offer = [options[place] for place in showing.order]
            offered = _list("ol", [html.line(option.text) for option in offer], ' type="A"')
            right = [
                html.line(option.text) + _note(html.line(option.reason))
                for option in offer
                if option.right
            ]
            wrong = [
                f"<s>{html.line(option.text)}</s>{_note(html.line(option.reason))}"
                for option in offer
                if not option.right and option.reason
            ]
            return f"{asked}{offered}", _list("ul", [*right, *wrong])
        case TrueFalse(truth=truth):
            return asked, WORDS[card.language]["true" if truth else "false"]
        case Number() as body:
            spread = "" if body.tolerance == "0" else f" ± {body.tolerance}"
            return asked, escape(f"{body.value}{spread} {body.unit}".strip())
        case Typed(accepted=accepted):
            return asked, escape(" / ".join(accepted))
        case Ordering(steps=steps):
            mixed = [html.line(steps[place]) for place in showing.order]
            return f"{asked}{_list('ul', mixed)}", _list("ol", [html.line(step) for step in steps])
        case Matching(pairs=pairs):
            lefts = [html.line(left) for left, _ in pairs]
            rights = [html.line(pairs[place][1]) for place in showing.order]
            answer = _list(
                "ul", [f"{html.line(left)} → {html.line(right)}" for left, right in pairs]
            )
            return f"{asked}{_list('ul', lefts)}{_list('ul', rights)}", answer
        case Parametric() as body:
            decimals = 6 if body.decimals is None else body.decimals
            value = as_decimal(showing.answer, decimals) if showing.answer is not None else ""
            return asked, escape(f"{value} {body.unit}".strip())
        case Day(value=value):
            return asked, value
        case Family():
            raise TypeError("a family is shown as the question it was drawn into")


def rule_html(rule: Rule, html: HtmlWriter, words: dict[str, str]) -> str:
    """What a rule says, its penalty and its sources."""
    parts = [f"<p><b>{html.line(rule.title)}</b></p>", html.html(rule.text)]
    if rule.penalty:
        parts.append(f"<p>{words['penalty']}: {html.line(rule.penalty)}</p>")
    for source in rule.sources:
        title = f"[{source.title}]({source.url})" if source.url else source.title
        date = f" ({source.date})" if source.date else ""
        parts.append(f"<p>{words['source']}: {html.line(title)}{date}</p>")
    return "".join(parts)


def _list(tag: str, items: list[str], attributes: str = "") -> str:
    return f"<{tag}{attributes}>{''.join(f'<li>{item}</li>' for item in items)}</{tag}>"


def _note(reason: str) -> str:
    return f"<br />{reason}" if reason else ""
