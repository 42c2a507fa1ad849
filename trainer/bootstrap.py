"""Where the parts are put together: folders, languages, the window or the command line."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sys


@dataclass(frozen=True, slots=True)
class Places:
    """The folders the program works with."""

    content: Path
    assets: Path
    data: Path  # the cache and the learners of this PC


def program_folder() -> Path:
    """The folder that holds `assets` and `content`: the checkout, or the bundle."""
    if getattr(sys, "frozen", False):
        return Path(sys.executable).resolve().parent
    return Path(__file__).resolve().parent.parent
