"""Everything the linter can say about the files of the simulated shop, and how grave it is.

The sentences stand in the translations; the tests provoke each finding with its example. An
example is what replaces the piece before the arrow in the sample event of docs/shop-format.md.
"""

from dataclasses import dataclass

from trainer.decks.diagnostics import LEVELS
from trainer.foundation.source import Level

_ERROR, _WARNING, _HINT = Level.ERROR, Level.WARNING, Level.HINT


@dataclass(frozen=True, slots=True)
class ShopDiagnostic:
    code: str
    level: Level


SHOP_DIAGNOSTICS = tuple(
    ShopDiagnostic(f"shop-file.{name}", level)
    for name, level in (
        # Headings and braces
        ("no-id", _ERROR),
        ("bad-id", _ERROR),
        ("duplicate-id", _ERROR),
        ("bad-attribute", _ERROR),
        ("unknown-attribute", _ERROR),
        ("bad-value", _ERROR),
        ("unknown-class", _ERROR),
        # Events
        ("no-role", _ERROR),
        ("no-sender", _ERROR),
        ("no-text", _WARNING),
        ("no-choices", _ERROR),
        ("no-right-choice", _ERROR),
        ("all-choices-right", _WARNING),
        ("empty-choice", _ERROR),
        ("choice-mark", _ERROR),
        ("no-reason", _WARNING),
        ("no-platforms", _ERROR),
        ("no-rule", _WARNING),
        ("unknown-breach", _ERROR),
        ("unused-breach", _WARNING),
        ("unknown-blank", _WARNING),
        # Tables
        ("table-columns", _ERROR),
        ("bad-cell", _ERROR),
        # What only the whole content shows
        ("unknown-platform", _ERROR),
        ("unknown-violation", _ERROR),
        ("unknown-rule", _ERROR),
        ("unknown-metric", _ERROR),
        ("unknown-level", _ERROR),
        ("unknown-goods", _ERROR),
        ("unknown-event", _ERROR),
        ("never-comes", _WARNING),
        ("points-needed", _WARNING),
        ("event-elsewhere", _ERROR),
        ("translation-missing", _HINT),
        ("original-missing", _HINT),
        ("not-translated", _WARNING),
        ("orphaned", _WARNING),
        ("plot-differs", _ERROR),
        ("number-differs", _WARNING),
    )
)
SHOP_LEVELS = {one.code: one.level for one in SHOP_DIAGNOSTICS} | LEVELS
