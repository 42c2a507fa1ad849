"""What a family asks about, in a few lines: what a learner is told when the table has changed."""

from trainer.cards.model import Family, FamilyRow


def family_facts(body: Family) -> str:
    """The figures of the table, one a line. A change of one is a change of the answer; limits of
    other platforms are not part of it."""
    lines = [body.window] if body.window else []
    lines += [f"- {step.at}: {step.words}" for step in body.steps]
    lines += [f"- {_row(row)}" for row in body.rows if row.asked]
    return "\n".join(lines)


def _row(row: FamilyRow) -> str:
    prices = row.low if row.high in {"", row.low} else f"{row.low}-{row.high}"
    rest = " ".join(part for part in (row.sign, prices, row.unit, row.words) if part)
    return f"{row.title}: {rest}"
