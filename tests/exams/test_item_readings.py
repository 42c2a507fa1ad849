import inspect
import re
from collections.abc import Sequence

import pytest

from trainer.bootstrap import assets_folder
from trainer.exams import item_readings
from trainer.exams.item_analysis import ItemFigures, OptionCount, PaperFigures
from trainer.exams.item_readings import read_item, read_paper
from trainer.foundation.messages import load_messages

ASSETS = assets_folder()


def figures(
    n: int = 60,
    facility: float | None = 0.6,
    discrimination: float | None = 0.35,
    options: Sequence[tuple[int, float, float]] = ((36, 0.9, 0.3), (12, 0.0, 0.4), (12, 0.1, 0.3)),
    omitted: int = 0,
    not_reached: int = 0,
) -> ItemFigures:
    counts = tuple(OptionCount(place, *count) for place, count in enumerate(options))
    return ItemFigures("q", n, omitted, not_reached, facility, discrimination, 0.5, counts)


@pytest.mark.parametrize(
    ("item", "codes"),
    [
        (figures(), ["analysis.good"]),
        (figures(discrimination=-0.1), ["analysis.negative"]),
        (figures(facility=0.3, discrimination=0.1), ["analysis.below-guessing", "analysis.weak"]),
        (figures(facility=0.95), ["analysis.easy", "analysis.good"]),
        (
            figures(options=((36, 0.9, 0.3), (0, 0, 0), (24, 0.4, 0.2))),
            ["analysis.idle", "analysis.draws-strong", "analysis.good"],
        ),
        (figures(discrimination=None), ["analysis.no-spread"]),
        (
            figures(omitted=9, not_reached=9),
            ["analysis.time", "analysis.omitted", "analysis.good"],
        ),
        (figures(n=0, facility=None), ["analysis.nobody"]),
        (figures(n=12, facility=0.95), ["analysis.few"]),
        (figures(n=12, discrimination=-0.4), ["analysis.few", "analysis.negative"]),
    ],
)
def test_a_question_is_read_with_the_most_urgent_first(item: ItemFigures, codes: list[str]) -> None:
    assert [reading.code for reading in read_item(item, {0})] == codes


@pytest.mark.parametrize(
    ("alpha", "sem", "codes"),
    [
        (0.85, 2.0, ["analysis.alpha-good", "analysis.sem"]),
        (0.7, 2.0, ["analysis.alpha-fair", "analysis.sem"]),
        (0.3, 2.0, ["analysis.alpha-weak", "analysis.sem"]),
        (-0.2, None, ["analysis.alpha-negative"]),
        (None, None, ["analysis.alpha-none"]),
    ],
)
def test_a_paper_is_read(alpha: float | None, sem: float | None, codes: list[str]) -> None:
    paper = PaperFigures(40, 0.6, 0.1, ("a", "b"), alpha, None, sem)

    assert [reading.code for reading in read_paper(paper)] == codes


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_reading_has_a_sentence(language: str) -> None:
    messages = load_messages(ASSETS / "translations", language)
    codes = set(re.findall(r'"(analysis\.[a-z-]+)"', inspect.getsource(item_readings)))

    assert len(codes) > 15
    assert {code for code in codes if not messages.knows(code)} == set()
