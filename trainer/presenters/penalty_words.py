"""What the penalty engine found, in sentences: steps, measures, bills, standings."""

from datetime import date
from fractions import Fraction

from trainer.foundation.messages import Messages
from trainer.penalties.account import Account, Restriction, Step
from trainer.penalties.charges import Bill
from trainer.penalties.engine import TrackStanding
from trainer.penalties.measures import Measure
from trainer.penalties.rulebook import Rulebook, Track
from trainer.presenters.amounts import amount, figure


def step_words(messages: Messages, step: Step, book: Rulebook) -> str:
    """A step of an explanation, without its day: "+6 points for ..., 12 on ..."."""
    track = book.tracks.get(step.track_id)
    match step.kind:
        case "given":
            return _given(messages, step, book)
        case "billed":
            return _billed(messages, step)
        case "reached":
            at = _shown(messages, step.at, track)
            return messages("penalties.step.reached", at=at, consequence=step.title)
        case "begins" | "closed":
            return messages("penalties.step.begins", measure=_begun(messages, step))
        case "ends":
            measure = measure_name(messages, step.measure) if step.measure else ""
            return messages("penalties.step.ends", measure=measure)
        case "lapsed" | "annulled":
            return messages(
                f"penalties.step.{step.kind}",
                amount=amount(messages, step.points, track.unit if track else ""),
                title=step.title,
                total=_shown(messages, step.total, track),
                track=track.title if track else "",
            )


def measure_name(messages: Messages, measure: Measure) -> str:
    """ "Account frozen", "no new listings"."""
    return messages(f"penalties.measure.{measure.kind}")


def restriction_words(messages: Messages, one: Restriction) -> str:
    """A measure in force, with its end: "Account frozen until 2026-03-17"."""
    name = measure_name(messages, one.measure)
    if one.until is not None:
        return messages("penalties.until", measure=name, day=one.until)
    if one.measure.kind == "closed":
        return name
    return messages("penalties.no-end", measure=name)


def bill_words(bill: Bill) -> str:
    """ "512 USD", "0–400 USD"; without a currency where the rule names none."""
    high = money(bill.high)
    text = high if bill.low == bill.high else f"{money(bill.low)}–{high}"
    return f"{text} {bill.currency}".strip()


def money(value: Fraction) -> str:
    """ "1,500", "9.60"."""
    return f"{int(value):,}" if value.denominator == 1 else f"{float(value):,.2f}"


def standing_words(messages: Messages, standing: TrackStanding) -> list[str]:
    """Where a record stands, what comes next, and when points lapse: a line each."""
    track = standing.track
    lines = [
        messages(
            "penalties.standing",
            track=track.title,
            amount=_shown(messages, standing.points, track),
        )
    ]
    if standing.next is not None:
        to_next = amount(messages, standing.next.at - standing.points, track.unit)
        lines.append(
            messages(
                "penalties.next",
                at=_shown(messages, standing.next.at, track),
                amount=to_next,
                consequence=standing.next.consequence,
            )
        )
    lines += [
        messages(
            "penalties.lapses", amount=amount(messages, lapse.points, track.unit), day=lapse.day
        )
        for lapse in standing.lapses
    ]
    return lines


def touched(account: Account, day: date) -> list[TrackStanding]:
    """The records something was ever written on, as the rulebook orders them."""
    written = {entry.row.track_id for entry in account.entries if entry.incident.day <= day}
    return [one for name, one in account.standings(day).items() if name in written]


def _given(messages: Messages, step: Step, book: Rulebook) -> str:
    track, row = book.tracks.get(step.track_id), book.violations.get(step.row_id)
    unit = track.unit if track else ""
    blanks = {
        "amount": amount(messages, step.points, unit),
        "title": step.title,
        "total": _shown(messages, step.total, track),
        "track": track.title if track else "",
    }
    code = "penalties.step.lost" if track is not None and track.falls else "penalties.step.given"
    sentence = messages(code, **blanks)
    notes = []
    if step.time > 1 and row is not None and len(book.family(row.family or step.row_id)) > 1:
        notes.append(messages("penalties.note.time", time=step.time))
    if step.reason:
        priced = amount(messages, step.price, unit)
        notes.append(messages(f"penalties.note.{step.reason}", price=priced))
    if not notes:
        return sentence
    note = notes[0] if len(notes) == 1 else messages("penalties.and", one=notes[0], other=notes[1])
    return messages("penalties.noted", text=sentence, note=note)


def _billed(messages: Messages, step: Step) -> str:
    if step.reason == "not-in-force":
        return messages("penalties.step.not-in-force", title=step.title)
    if step.bill is not None:
        return messages("penalties.step.billed", title=step.title, sum=bill_words(step.bill))
    if step.reason == "unknown":
        return messages("penalties.step.unknown", title=step.title)
    return messages("penalties.step.no-sum", title=step.title)


def _begun(messages: Messages, step: Step) -> str:
    if step.measure is None:
        return ""
    name = measure_name(messages, step.measure)
    if step.until is not None:
        return messages("penalties.until", measure=name, day=step.until)
    return name


def _shown(messages: Messages, points: Fraction, track: Track | None) -> str:
    """Points as the platform shows them: what is left of a score that falls."""
    if track is not None and track.falls:
        return messages("penalties.score", score=figure(track.shown(points)))
    return amount(messages, points, track.unit if track else "")
