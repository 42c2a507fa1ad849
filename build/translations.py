"""Compile assets/translations/<language>/*.po into one .mo a language; check that they agree.

python build/translations.py           compile
python build/translations.py --check   only check; exit status 1 when something is wrong
"""

import argparse
import io
import string
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).resolve().parent.parent / "assets" / "translations"
LANGUAGES = ("en", "zh_CN")
PLURAL_FORMS = {"en": 2, "zh_CN": 1}

Sentences = dict[str, tuple[str, ...]]


def read_area(path: Path, locale: str, complaints: list[str]) -> Catalog:
    """The catalogue in one .po file; what is wrong with it goes to `complaints`."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=locale, abort_invalid=True)
    for message in catalogue:
        if not message.id:
            continue
        forms = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        if not all(forms) or message.fuzzy:
            complaints.append(f"{path.name} ({locale}): {message.id} is not translated")
    return catalogue


def sentences_of(language: str, complaints: list[str]) -> tuple[Catalog, Sentences]:
    """All areas of a language together."""
    whole = Catalog(locale=language, domain="trainer", fuzzy=False)
    sentences: Sentences = {}
    for path in sorted((FOLDER / language).glob("*.po")):
        for message in read_area(path, language, complaints):
            if not message.id:
                continue
            code = message.id if isinstance(message.id, str) else message.id[0]
            if code in sentences:
                complaints.append(f"{path.name} ({language}): {code} stands in two files")
            plural = not isinstance(message.id, str)
            forms = tuple(message.string) if plural else (str(message.string),)
            sentences[code] = forms
            whole.add(message.id, message.string)
    return whole, sentences


def blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def disagreements(english: Sentences, chinese: Sentences) -> list[str]:
    """Codes that stand in one language only, and blanks that differ."""
    complaints = [f"{code} is missing in Chinese" for code in sorted(english.keys() - chinese)]
    complaints += [f"{code} is missing in English" for code in sorted(chinese.keys() - english)]
    for code in sorted(english.keys() & chinese.keys()):
        wanted = set[str]().union(*map(blanks, english[code]))
        if any(blanks(form) != wanted for form in chinese[code]):
            complaints.append(f"{code}: the blanks differ between English and Chinese")
    return complaints


def compiled(catalogue: Catalog) -> bytes:
    # Equal sentences give equal bytes: the header must not carry the time of compiling.
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    checking = parser.parse_args().check
    complaints: list[str] = []
    catalogues = {language: sentences_of(language, complaints) for language in LANGUAGES}
    complaints += disagreements(catalogues["en"][1], catalogues["zh_CN"][1])
    for language, (catalogue, _) in catalogues.items():
        target = FOLDER / language / "LC_MESSAGES" / "trainer.mo"
        content = compiled(catalogue)
        if target.exists() and target.read_bytes() == content:
            continue
        if checking:
            complaints.append(f"{target.name} ({language}) is stale: run make translations")
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    total = len(catalogues["en"][1])
    print(f"translations: {total} sentences in {len(LANGUAGES)} languages, {len(complaints)} wrong")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
