"""The pages about exchange are true: their tables are made of the data the program uses."""

import subprocess
import sys
from pathlib import Path

import pytest

from trainer.exchange.formats import FORMATS, THINGS

ROOT = Path(__file__).resolve().parents[2]


def test_the_tables_are_fresh() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "build" / "exchange_docs.py"), "--check"],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["exchange.md", "exchange.zh.md"])
def test_every_format_stands_on_both_pages(name: str) -> None:
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    for one in FORMATS:
        assert one.name in page
        assert set(one.carries) == set(THINGS)
        for suffix in one.suffixes:
            assert f"`{suffix}`" in page
