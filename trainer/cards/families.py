"""Questions that a penalty table asks by itself: drawn at each showing, answered by the engine.

A draw that would be trivial or unclear is thrown away and another is made from the same chance, so
one seed always gives one question. Every wrong answer that is offered, or recognised, is a
misconception with a name and a reason.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import msgspec

from trainer.cards.family_words import Words
from trainer.cards.model import Body, Choice, Day, Family, FamilyRow, Language, Option, Parametric
from trainer.cards.parametric import as_decimal
from trainer.foundation.chance import Chance
from trainer.penalties.engine import (
    Penalty,
    end_of,
    mistakes_left,
    points_on,
    standing_of,
)
from trainer.penalties.rulebook import Threshold, Track, Violation
from trainer.penalties.windows import EVER, Window, parse_window

MAX_TRIES = 5000  # a family that is made has come out within far fewer
MAX_OPTIONS = 4
_ID = "record"
_FIRST_DAY = date(2025, 9, 1)
_DAYS = 700  # days on which a history can end
_SPACING = timedelta(days=8)  # two penalties so far apart are never merged into one
_MOST_ROOM = 12


class Drawn(msgspec.Struct, frozen=True):
    """A family's question for one showing, as an ordinary one.

    `body` is a Choice, a Day, or a Parametric whose number is `answer`. A Day's answer and wrong
    answers are day numbers (`date.toordinal`).
    """

    question: str
    explanation: str
    body: Body
    answer: Fraction | None = None
    wrong: tuple[tuple[Fraction, str], ...] = ()


class UndrawableError(ValueError):
    """No question with sense can be drawn from the table; `decks.families` makes no such card."""


def draw_family(body: Family, language: Language, key: str, tries: int = MAX_TRIES) -> Drawn:
    """The question that `key` stands for, with the same numbers in every language.

    Raises UndrawableError when `tries` draws from the table give none.
    """
    from trainer.cards.family_tables import draw_table

    chance, words = Chance(key), Words(language)
    for _ in range(tries):
        match body.about:
            case "points":
                drawn = _points(body, chance, words)
            case "clean":
                drawn = _clean(body, chance, words)
            case "consequence":
                drawn = _consequence(body, chance, words)
            case "room":
                drawn = _room(body, chance, words)
            case _:
                drawn = draw_table(body, chance, words)
        if drawn is not None:
            return drawn
    raise UndrawableError(body.about)


def family_title(body: Family, language: Language) -> str:
    """What the family is called in lists."""
    words = Words(language)
    return words(f"title.{body.about}", platform=words.platform(body.platform), record=body.record)


def track_of(body: Family) -> Track:
    """The record of a family as the engine knows it."""
    steps = tuple(Threshold(Fraction(step.at), step.words, "") for step in body.steps)
    return Track(
        _ID, body.record, body.unit, "", parse_window(body.window) or EVER, thresholds=steps
    )


def number_body(unit: str = "") -> Parametric:
    """The body of a question that is answered with a number."""
    return Parametric(parameters=(), answer="answer", unit=unit)


def choice_of(right: str, wrong: Sequence[tuple[str, str]], chance: Chance) -> Choice | None:
    """The right option among up to three wrong ones with reasons; None with fewer than two.

    The first misconceptions are the likeliest and are kept; where options say the same, one stays.
    """
    told = {right: ""}
    for text, reason in wrong:
        if len(told) < MAX_OPTIONS:
            told.setdefault(text, reason)
    if len(told) < 3:
        return None
    return Choice(
        tuple(Option(text, text == right, told[text]) for text in chance.shuffled(list(told)))
    )


# Records: what counts, when it goes, what follows


def _points(body: Family, chance: Chance, words: Words) -> Drawn | None:
    track = track_of(body)
    history = _history(body, track, chance, 2 + chance.below(3))
    if history is None:
        return None
    penalties, today = history
    gone = [one for one in penalties if (end := end_of(one, track)) and end <= today]
    answer = points_on(today, penalties, track)
    if not gone or answer == 0:
        return None
    elsewhere = Fraction(0)
    lines = _given(body, penalties, words)
    if body.other_record:
        elsewhere = chance.choice(_amounts(body))
        day = _before(today, chance, 5, 60)
        if day in [one.given_on for one in penalties]:
            return None
        lines += [
            words(
                "given-elsewhere",
                day=words.day(day),
                points=words.amount(elsewhere, body.unit),
                record=body.other_record,
            )
        ]
    window = words.window(track.window)
    wrong = {
        "expired": sum((one.points for one in penalties), Fraction(0)),
        "records": answer + elsewhere,
        "calendar": sum(
            (one.points for one in penalties if one.given_on.year == today.year), Fraction(0)
        ),
        "last": penalties[-1].points,
    }
    reasons = [
        (value, words(f"points.wrong.{name}", window=window)) for name, value in wrong.items()
    ]
    for limit in body.others:
        other = msgspec.structs.replace(body, window=limit.value)
        value = points_on(today, penalties, track_of(other))
        reasons.append((value, _other_window(words, "points", limit.platform, limit.value)))
    counted = []
    for one in penalties:
        end = end_of(one, track)
        if end is not None:
            which = "points.gone" if one in gone else "points.counts"
            counted.append(_line(words, which, body, one, end))
    if elsewhere:
        counted.append(
            words(
                "points.elsewhere",
                points=words.amount(elsewhere, body.unit),
                record=body.other_record,
            )
        )
    return Drawn(
        words(
            "points.question",
            platform=words.platform(body.platform),
            record=body.record,
            list="\n".join(lines),
            day=words.day(today),
        ),
        words(
            "points.why",
            window=window,
            list="\n".join(counted),
            day=words.day(today),
            answer=words.amount(answer, body.unit),
        ),
        number_body(_bare_unit(words, answer, body.unit)),
        answer,
        _distinct(answer, reasons),
    )


def _clean(body: Family, chance: Chance, words: Words) -> Drawn | None:
    track = track_of(body)
    history = _history(body, track, chance, 2 + chance.below(2))
    if history is None:
        return None
    penalties, today = history
    standing = standing_of(track, penalties, today)
    clean = standing.clean_on
    if len(standing.counted) < len(penalties) or clean is None:
        return None
    window = track.window
    first, last = penalties[0].given_on, penalties[-1].given_on
    first_end = window.end_of(first)
    chained = None if first_end is None else window.end_of(first_end)
    wrong = [
        (first_end, words("clean.wrong.first")),
        (clean - timedelta(days=1), words("clean.wrong.edge")),
        (date(last.year + 1, 1, 1), words("clean.wrong.calendar", window=words.window(window))),
        (chained, words("clean.wrong.chained")),
    ]
    for limit in body.others:
        end = (parse_window(limit.value) or EVER).end_of(last)
        wrong.append((end, _other_window(words, "clean", limit.platform, limit.value)))
    goes = [
        _line(words, "clean.goes", body, one, end)
        for one in penalties
        if (end := end_of(one, track)) is not None
    ]
    answer = Fraction(clean.toordinal())
    numbers = [(Fraction(day.toordinal()), reason) for day, reason in wrong if day is not None]
    return Drawn(
        words(
            "clean.question",
            platform=words.platform(body.platform),
            record=body.record,
            list="\n".join(_given(body, penalties, words)),
        ),
        words(
            "clean.why",
            window=words.window(window),
            list="\n".join(goes),
            answer=words.day(clean),
        ),
        Day(clean.isoformat()),
        answer,
        _distinct(answer, numbers),
    )


def _consequence(body: Family, chance: Chance, words: Words) -> Drawn | None:
    track = track_of(body)
    history = _history(body, track, chance, 2 + chance.below(3))
    if history is None:
        return None
    penalties, _ = history
    day = penalties[-1].given_on
    before = points_on(day - timedelta(days=1), penalties, track)
    earlier = points_on(day, penalties[:-1], track)
    after = points_on(day, penalties, track)
    # Something that goes on the very day would make two questions of one.
    if earlier != before:
        return None
    crossed = track.crossed(before, after)
    if not crossed and chance.below(4):
        return None
    whole = sum((one.points for one in penalties), Fraction(0))
    choice = _what_follows(body, track, crossed, (after, whole), chance, words)
    if choice is None:
        return None
    written = words.amount(after, body.unit)
    following = track.next_above(after)
    if crossed:
        at = words.amount(crossed[-1].at, body.unit)
        rule = words("consequence.rule.reached", at=at, words=crossed[-1].consequence)
    elif following is not None:
        rule = words("consequence.rule.none", at=words.amount(following.at, body.unit))
    else:
        rule = words("consequence.rule.top")
    counted = []
    for one in penalties[:-1]:
        end = end_of(one, track)
        if end is not None:
            which = "points.gone" if end <= day else "points.counts"
            counted.append(_line(words, which, body, one, end))
    return Drawn(
        words(
            "consequence.question",
            platform=words.platform(body.platform),
            record=body.record,
            list="\n".join(_given(body, penalties, words)),
            day=words.day(day),
        ),
        words(
            "consequence.why",
            list="\n".join(counted),
            before=words.amount(before, body.unit),
            after=written,
            rule=rule,
        ).strip(),
        choice,
    )


def _what_follows(
    body: Family,
    track: Track,
    crossed: Sequence[Threshold],
    sums: tuple[Fraction, Fraction],  # what counts, and what was ever given
    chance: Chance,
    words: Words,
) -> Choice | None:
    after, whole = sums
    nothing = words("consequence.nothing")
    right = crossed[-1].consequence if crossed else nothing
    written = words.amount(after, body.unit)
    wrong: list[tuple[str, str]] = []

    def mistake(name: str, step: Threshold, text: str = "") -> None:
        at = words.amount(step.at, body.unit)
        reason = words(f"consequence.wrong.{name}", at=at, after=written)
        wrong.append((text or step.consequence, reason))

    with_gone = track.reached(whole)
    if with_gone is not None and with_gone.at > after:
        mistake("expired", with_gone)
    if crossed:
        mistake("nothing", crossed[-1], nothing)
    higher = [step for step in track.thresholds if step.at > after]
    lower = [step for step in track.thresholds if step.at <= after]
    for step in higher[:1]:
        mistake("higher", step)
    for step in reversed(lower):
        mistake("lower", step)
    for step in higher[1:]:
        mistake("higher", step)
    return choice_of(right, wrong, chance)


def _room(body: Family, chance: Chance, words: Words) -> Drawn | None:
    track = track_of(body)
    at = next((n for n, step in enumerate(body.steps) if step.closes), len(body.steps) - 1)
    target = track.thresholds[at]
    named = [row for row in body.rows if row.title]
    row = chance.choice(named) if named else FamilyRow("")
    price = Fraction(row.low) if named else chance.choice(_amounts(body))
    most = _on_the_way(body, target.at, chance)
    before = most if most % 1 == 0 else Fraction(int(most))
    violation = Violation("", row.title, _ID, price, price, "")
    answer = mistakes_left(violation, before, target.at)
    if answer is None or not 1 <= answer <= _MOST_ROOM or before <= 0:
        return None
    written = words.amount(target.at, body.unit)
    started = words.amount(before, body.unit)
    wrong = [(Fraction(answer + 1), words("room.wrong.edge", at=written))]
    fresh = mistakes_left(violation, Fraction(0), target.at)
    if fresh is not None:
        wrong.append((Fraction(fresh), words("room.wrong.fresh", before=started)))
    for limit in body.others:
        left = mistakes_left(violation, before, Fraction(limit.value))
        reason = words(
            "room.wrong.other",
            at=words.amount(Fraction(limit.value), body.unit),
            platform=words.platform(limit.platform),
        )
        wrong.append((Fraction(left or 0), reason))
    for step in reversed(body.steps[:at]):
        left = mistakes_left(violation, before, Fraction(step.at))
        if left:
            written_step = words.amount(Fraction(step.at), body.unit)
            reason = words("room.wrong.step", at=written_step, words=step.words)
            wrong.append((Fraction(left), reason))
    told = {
        "platform": words.platform(body.platform),
        "record": body.record,
        "before": started,
        "row": row.title,
        "price": words.amount(price, body.unit),
        "words": target.consequence,
        "at": written,
        "answer": answer,
        "still": words.amount(before + answer * price, body.unit),
        "beyond": words.amount(before + (answer + 1) * price, body.unit),
    }
    question = words("room.question" if row.title else "room.plain", **told)
    return Drawn(
        question,
        words("room.why", **told),
        number_body(),
        Fraction(answer),
        _distinct(Fraction(answer), wrong),
    )


# Histories


def _history(
    body: Family, track: Track, chance: Chance, count: int
) -> tuple[list[Penalty], date] | None:
    """`count` penalties a shop may really have, oldest first, and a day some time after them.

    The shop was never closed on the way: what counts stays below the last step until the last
    penalty.
    """
    today = _FIRST_DAY + timedelta(days=chance.below(_DAYS))
    end = track.window.end_of(today)
    length = 365 if end is None else (end - today).days
    days = sorted(_before(today, chance, 5, length + 60) for _ in range(count))
    if any(later - earlier < _SPACING for earlier, later in pairwise(days)):
        return None
    amounts = _amounts(body)
    penalties = [Penalty(day, _ID, chance.choice(amounts)) for day in days]
    top = _end(body)
    for number, penalty in enumerate(penalties[:-1], start=1):
        if points_on(penalty.given_on, penalties[:number], track) >= top:
            return None
    if body.about != "consequence" and points_on(days[-1], penalties, track) >= top:
        return None
    return penalties, today


def _end(body: Family) -> Fraction:
    """From so many on there is no shop left, or nothing further to reach."""
    closing = [Fraction(step.at) for step in body.steps if step.closes]
    return min(closing) if closing else Fraction(1000)


def _amounts(body: Family) -> list[Fraction]:
    """What one decision can cost on the record, least first."""
    top = max((Fraction(step.at) for step in body.steps), default=Fraction(0))
    priced = {Fraction(row.low) for row in body.rows if row.low}
    fitting = sorted(price for price in priced if 0 < price <= max(top / 2, Fraction(1)))
    if fitting:
        return fitting
    return [Fraction(2), Fraction(6)] if body.unit == "points" and top > 6 else [Fraction(1)]


def _on_the_way(body: Family, target: Fraction, chance: Chance) -> Fraction:
    """A sum below `target` that amounts of the record can add up to."""
    amounts = _amounts(body)
    total = Fraction(0)
    wanted = 1 + chance.below(max(1, int(target) - 1))
    while total < wanted:
        total += chance.choice(amounts)
    return total if total < target else total - amounts[0]


def _before(day: date, chance: Chance, least: int, most: int) -> date:
    return day - timedelta(days=least + chance.below(most - least + 1))


def _given(body: Family, penalties: Sequence[Penalty], words: Words) -> list[str]:
    return [
        words("given", day=words.day(one.given_on), points=words.amount(one.points, body.unit))
        for one in penalties
    ]


def _line(words: Words, key: str, body: Family, penalty: Penalty, end: date) -> str:
    points = words.amount(penalty.points, body.unit)
    return words(key, points=points, day=words.day(penalty.given_on), end=words.day(end))


def _other_window(words: Words, family: str, platform: str, window: str) -> str:
    named = words.window(parse_window(window) or Window("ever"))
    return words(f"{family}.wrong.other-window", platform=words.platform(platform), window=named)


def _bare_unit(words: Words, number: Fraction, unit: str) -> str:
    return words.amount(number, unit).removeprefix(as_decimal(number)).strip()


def _distinct(
    answer: Fraction, wrong: Sequence[tuple[Fraction, str]]
) -> tuple[tuple[Fraction, str], ...]:
    """The misconceptions that lead to another answer, the first of two that lead to the same."""
    found: dict[Fraction, str] = {}
    for value, reason in wrong:
        if value != answer and value >= 0:
            found.setdefault(value, reason)
    return tuple(found.items())
