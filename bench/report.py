"""Figures as they are printed: a median, its spread, what stands beside it, and the goal."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    what: str
    figure: str
    beside: str = ""
    goal: str = ""


def seconds(work: Callable[[], object], runs: int = 5) -> list[float]:
    """How long `work` took, each of `runs` times."""
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return taken


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of `values` lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * len(ordered)))]


def milliseconds(values: Sequence[float]) -> str:
    """Median and 99th percentile in milliseconds."""
    median = statistics.median(values) * 1000
    return f"{median:.2f} ms, p99 {percentile(values, 0.99) * 1000:.2f} ms"


def show(rows: Sequence[Row]) -> None:
    widths = [
        max(len(getattr(row, name)) for row in (*rows, Row("what", "ours", "beside", "goal")))
        for name in ("what", "figure", "beside", "goal")
    ]
    for row in (Row("what", "ours", "beside", "goal"), *rows):
        cells = (row.what, row.figure, row.beside, row.goal)
        print("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)))
