"""`python -m bench [--quick]`: everything that is measured, in one run, as one table."""

import argparse
import sys
import tempfile
from pathlib import Path

from bench import editing, memory_model, penalties, reading, studying, window
from bench.report import Row, show

ROOT = Path(__file__).resolve().parent.parent


def bundle() -> list[Row]:
    """The size of the bundle, when `make bundle` has made one."""
    folder = ROOT / "dist" / "PlatformRulesTrainer"
    packed = folder.with_suffix(".tar.xz")
    if not packed.exists():
        return [Row("bundle", "not built: make bundle")]
    size = sum(
        path.stat().st_size
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    )
    return [
        Row("bundle, unpacked", f"{size / 1e6:.0f} MB", goal="140 MB"),
        Row("bundle, compressed", f"{packed.stat().st_size / 1e6:.0f} MB", goal="45 MB"),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the history")
    quick = parser.parse_args().quick
    cards, reviews = (10_000, 100_000) if quick else (100_000, 1_000_000)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "study").mkdir()
        show(
            [
                *reading.rows(),
                *window.rows(folder / "window"),
                *studying.rows(folder / "study", cards, reviews),
                *memory_model.rows(),
                *penalties.rows(),
                *editing.rows(folder / "editing"),
                *bundle(),
            ]
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
