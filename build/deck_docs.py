"""Write the table of diagnostics into docs/deck-format.md from the list the linter uses.

python build/deck_docs.py           write it
python build/deck_docs.py --check   exit status 1 when the table is stale
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from trainer.decks.diagnostics import DIAGNOSTICS, Diagnostic  # noqa: E402 - needs the path
from trainer.foundation.messages import Messages, load_messages  # noqa: E402 - needs the path

PAGE = ROOT / "docs" / "deck-format.md"
BEGIN = "<!-- diagnostics: made by build/deck_docs.py -->\n"
END = "<!-- end of diagnostics -->"
# Lines that every example has, because a deck needs them.
_USUAL = frozenset(
    (
        "---",
        "title: Orders",
        "platform: amazon",
        "competence: platform-rules",
        "as-of: 2026-10",
        "## Late parcels {#late}",
        "Parcels leave on time.",
        "Source: [Help](https://example.org) (2026-10)",
        "Source: Help (2026-10)",
        "",
    )
)
_LONGEST_LINE, _MOST_LINES = 60, 8


def table(messages: Messages) -> str:
    rows = ["| code | level | what it says | example |", "| --- | --- | --- | --- |"]
    for one in DIAGNOSTICS:
        sentence = messages(one.code).replace("|", "\\|").replace("{{", "{").replace("}}", "}")
        rows.append(f"| `{one.code}` | {one.level} | {sentence} | {_example(one)} |")
    return "\n".join(rows) + "\n"


def _example(diagnostic: Diagnostic) -> str:
    lines = []
    for line in diagnostic.example.split("\n"):
        if line.startswith("=== "):
            lines.append(f"{line.rpartition('/')[2]}:")
        elif line not in _USUAL:
            shown = line.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            lines.append(_code(shown.replace("\0", "\ufffd")))
    return "<br>".join(lines[:_MOST_LINES])


def _code(line: str) -> str:
    if len(line) > _LONGEST_LINE:
        line = f"{line[: _LONGEST_LINE - 1]}…"
    line = line.replace("|", "\\|")
    marks = "``" if "`" in line else "`"
    pad = " " if "`" in line or line != line.strip() else ""
    return f"{marks}{pad}{line}{pad}{marks}"


def page_with(table_text: str, page: str) -> str:
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{table_text}\n{END}{after}"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    checking = parser.parse_args().check
    page = PAGE.read_text(encoding="utf-8")
    fresh = page_with(table(load_messages(ROOT / "assets" / "translations", "en")), page)
    if fresh == page:
        return 0
    if checking:
        print("docs/deck-format.md is stale: run python build/deck_docs.py", file=sys.stderr)
        return 1
    PAGE.write_text(fresh, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
