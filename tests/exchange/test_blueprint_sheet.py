"""Blueprints as Excel tables: read back the same in both languages, mistakes named."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.bootstrap import find_places, messages_for
from trainer.exams.blueprint import EXAM_KINDS, Blueprint, Cell, SectionPlan
from trainer.exams.keys import ExamError
from trainer.exchange.blueprint_sheet import blueprint_xlsx, read_blueprint_sheet
from trainer.services.exam_office import read_plan, write_plan

MESSAGES = {code: messages_for(find_places(), code) for code in ("en", "zh_CN")}
CELLS = st.builds(
    Cell,
    st.integers(1, 9),
    st.sampled_from(["1", "1.5", "10"]),
    st.sampled_from([(), ("amazon",), ("power-bank", "ebay")]),
    st.sampled_from([(), ("platform-rules",), ("foreign-language", "intercultural")]),
    st.lists(st.sampled_from(EXAM_KINDS), max_size=3, unique=True).map(tuple),
    st.sampled_from([(), (1,), (2, 5)]),
)
PLANS = st.builds(
    Blueprint,
    st.sampled_from(["Final", "期末", "=1+1", "en"]),
    st.lists(st.lists(CELLS, min_size=1, max_size=3), min_size=1, max_size=3).map(
        lambda sections: tuple(
            SectionPlan(f"S{at}", tuple(cells), "sequential" if at else "free", 10 * at)
            for at, cells in enumerate(sections)
        )
    ),
    languages=st.sampled_from([("zh",), ("en", "zh")]),
    forms=st.sampled_from(["each", "named"]),
    named=st.integers(1, 4),
    scoring=st.sampled_from(["all", "right-minus-wrong", "per-option"]),
    ordering=st.sampled_from(["pairs", "exact"]),
    shuffle_questions=st.booleans(),
    shuffle_options=st.booleans(),
    unverified=st.booleans(),
    always=st.sampled_from([(), ("platforms/a/b#c", "d#e")]),
    never=st.sampled_from([(), ("platforms/a/b#c",)]),
)


@given(PLANS, st.sampled_from(["en", "zh_CN"]))
@settings(max_examples=60)
def test_t55_a_plan_written_as_a_table_reads_back_the_same(plan: Blueprint, language: str) -> None:
    assert read_blueprint_sheet(blueprint_xlsx(plan, MESSAGES[language])) == plan


@pytest.mark.parametrize("name", ["plan.toml", "plan.xlsx"])
def test_a_plan_lies_in_either_kind_of_file(tmp_path: Path, name: str) -> None:
    plan = Blueprint('期末 "A" \\ \x7f', (SectionPlan("S", (Cell(2, kinds=("case",)),)),))
    write_plan(plan, tmp_path / name, MESSAGES["zh_CN"])

    assert read_plan(tmp_path / name).sections == plan.sections


HEAD = "标题,期末\n部分,平台,能力,题型,难度,题数,分值\n"


def test_a_table_as_a_teacher_types_it() -> None:
    text = (
        f"{HEAD}规则,amazon、ebay,平台规则,单选、多选,1;2,１０,2\n,,,判断,,5,1\n案例,,,案例,,2,6\n"
    )

    plan = read_blueprint_sheet(text.encode("gb18030"))
    assert plan.sections == (
        SectionPlan(
            "规则",
            (
                Cell(
                    10,
                    "2",
                    ("amazon", "ebay"),
                    ("platform-rules",),
                    ("single-choice", "multiple-response"),
                    (1, 2),
                ),
                Cell(5, "1", kinds=("true-false",)),
            ),
        ),
        SectionPlan("案例", (Cell(2, "6", kinds=("case",)),)),
    )


@pytest.mark.parametrize(
    ("row", "code", "blanks"),
    [
        ("A,,,奇怪,,2,1", "exam.blueprint-cell", {"row": 3, "text": "奇怪"}),
        ("A,,,,6,2,1", "exam.blueprint-cell", {"row": 3, "text": "6"}),
        ("A,,,,,two,1", "exam.blueprint-cell", {"row": 3, "text": "two"}),
        ("A,,,,,2,-1", "exam.plan-cell", {"number": 1}),
        ("A,,,,,,1", "exam.plan-empty", {}),
    ],
)
def test_what_is_wrong_is_named(row: str, code: str, blanks: dict[str, object]) -> None:
    with pytest.raises(ExamError) as caught:
        read_blueprint_sheet(f"{HEAD}{row}\n".encode())
    assert caught.value.code == code
    assert caught.value.blanks.items() >= blanks.items()


def test_a_table_that_is_no_plan() -> None:
    with pytest.raises(ExamError, match=r"exam\.blueprint-heads"):
        read_blueprint_sheet("学号,姓名\n1,王\n".encode())
