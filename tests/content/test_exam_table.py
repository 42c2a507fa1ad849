"""docs/exam-tests.md names every attack and fault test of the exam, and where it lives."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "exam-tests.md"
ROW = re.compile(r"^\| (T-\d\d) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
NAME = re.compile(r"^def test((?:_t\d\d)+)_", re.MULTILINE)


def test_every_row_has_its_tests_where_it_says_and_every_test_its_row() -> None:
    found: dict[str, set[str]] = {}
    for path in (ROOT / "tests").rglob("test_*.py"):
        for match in NAME.finditer(path.read_text(encoding="utf-8")):
            for number in re.findall(r"\d\d", match[1]):
                name = path.relative_to(ROOT / "tests").as_posix()
                found.setdefault(f"T-{number}", set()).add(name)

    rows = {
        number: set(re.findall(r"`([^`]+)`", where))
        for number, _, where in ROW.findall(TABLE.read_text(encoding="utf-8"))
    }

    assert len(rows) >= 42
    assert set(rows) == set(found)
    assert {number: files - found[number] for number, files in rows.items() if files - found[number]} == {}
