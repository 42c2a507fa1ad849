"""How far long work has come, on a person's screen and nowhere else."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

ReportProgress = Callable[[int, int], None]
_WIDTH = 24


@contextmanager
def progress() -> Iterator[ReportProgress]:
    """A bar on the standard error stream while it is a screen; programs that read us see none."""
    shown = sys.stderr is not None and sys.stderr.isatty()
    last = -1

    def report(done: int, total: int) -> None:
        nonlocal last
        percent = 100 * done // total if total else 100
        if shown and percent != last:
            last = percent
            bar = "#" * (_WIDTH * percent // 100)
            print(f"\r[{bar:<{_WIDTH}}] {percent:3} %", end="", file=sys.stderr, flush=True)

    try:
        yield report
    finally:
        if last >= 0:
            print("\r" + " " * (_WIDTH + 10) + "\r", end="", file=sys.stderr, flush=True)
