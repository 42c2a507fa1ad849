"""Write the tables of docs/exchange.md and docs/exchange.zh.md from the data the program uses.

python build/exchange_docs.py           write them
python build/exchange_docs.py --check   exit status 1 when one is stale
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from trainer.exchange.formats import FORMATS, THINGS  # noqa: E402 - needs the path
from trainer.exchange.question_bank import COLUMN_KEYS, KIND_NAMES  # noqa: E402
from trainer.foundation.messages import Messages, load_messages  # noqa: E402

PAGES = {"en": "exchange.md", "zh_CN": "exchange.zh.md"}
_SIGNS = {"yes": "●", "inside": "◉", "partly": "◐", "no": "–"}


def carries(messages: Messages) -> str:
    names = [one.name for one in FORMATS]
    lines = [f"| | {' | '.join(names)} |", f"| --- |{' :-: |' * len(names)}"]
    arrows = [" ".join(("→" * one.imports, "←" * one.exports)).strip() for one in FORMATS]
    lines.append(f"| {messages('docs.directions')} | {' | '.join(arrows)} |")
    files = [" ".join(f"`{suffix}`" for suffix in one.suffixes) for one in FORMATS]
    lines.append(f"| {messages('docs.files')} | {' | '.join(files)} |")
    for thing in THINGS:
        signs = (_SIGNS[one.carries[thing]] for one in FORMATS)
        lines.append(f"| {messages(f'thing.{thing}')} | {' | '.join(signs)} |")
    return "\n".join(lines) + "\n"


def columns(messages: Messages) -> str:
    head = messages("docs.heading"), messages("docs.other-headings")
    lines = [f"| {head[0]} | | {head[1]} |", "| --- | --- | --- |"]
    for column in COLUMN_KEYS:
        if column.key.endswith(("-B", "-C", "-D", "-E", "-F", "-G", "-H", "-I")):
            continue  # A and J stand for all between them
        others = ", ".join(column.others)
        lines.append(f"| `{column.en}` | `{column.zh}` | {others} |")
    return "\n".join(lines) + "\n"


def kinds(messages: Messages) -> str:
    lines = [f"| {messages('docs.card')} | {messages('docs.kind-names')} |", "| --- | --- |"]
    for kind, names in KIND_NAMES.items():
        lines.append(f"| {messages(f'kind.{kind}')} | {', '.join(names)} |")
    return "\n".join(lines) + "\n"


TABLES = {"carries": carries, "columns": columns, "kinds": kinds}


def fresh(page: str, messages: Messages) -> str:
    for name, make in TABLES.items():
        begin = f"<!-- {name}: made by build/exchange_docs.py -->\n"
        end = f"<!-- end of {name} -->"
        before, rest = page.split(begin)
        _, after = rest.split(end)
        page = f"{before}{begin}\n{make(messages)}\n{end}{after}"
    return page


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    checking = parser.parse_args().check
    status = 0
    for language, name in PAGES.items():
        path = ROOT / "docs" / name
        page = path.read_text(encoding="utf-8")
        made = fresh(page, load_messages(ROOT / "assets" / "translations", language))
        if made == page:
            continue
        if checking:
            print(f"docs/{name} is stale: run python build/exchange_docs.py", file=sys.stderr)
            status = 1
        else:
            path.write_text(made, encoding="utf-8", newline="\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
