"""Class lists as schools have them: any encoding, Chinese or English, mistakes named by cell."""

import io
from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from trainer.exams.key_file import Entrant
from trainer.exchange.class_list import (
    ClassList,
    class_list_csv,
    class_list_xlsx,
    read_class_list,
)
from trainer.foundation.errors import TrainerError
from trainer.foundation.source import Level

PATH = PurePath("list.csv")
CHINESE = "学号,姓名,班级,加时\n2301001,王小明,跨境2301,25%\n2301002,李雷,跨境2301,15 分钟\n"
WANTED = (
    Entrant("2301001", "王小明", "跨境2301", extra_percent=25),
    Entrant("2301002", "李雷", "跨境2301", extra_minutes=15),
)


def read(text: str | bytes) -> ClassList:
    return read_class_list(text.encode() if isinstance(text, str) else text, PATH)


def read_or_code(content: bytes) -> ClassList | str:
    """The list, or the code of the sentence that stands in its place."""
    try:
        return read(content)
    except TrainerError as error:
        return error.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_list_reads_the_same_in_any_encoding(encoding: str) -> None:
    found = read(CHINESE.encode(encoding))

    assert found.entrants == WANTED
    assert not found.findings


@pytest.mark.parametrize(
    "text",
    [
        CHINESE.replace(",", "\t"),
        CHINESE.replace(",", ";"),
        CHINESE.replace("\n", "\r\n"),
        CHINESE.replace("学号", " 学号： ").replace("班级", "Class").replace("加时", "Extra time"),
        f"义乌职业学校名单\n\n{CHINESE}",
        CHINESE.replace("25%", "２５％").replace("15 分钟", "15"),
    ],
)
def test_a_list_reads_the_same_in_any_shape(text: str) -> None:
    assert read(text).entrants == WANTED


def test_a_workbook_with_numbers_and_percents() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["学号", "姓名", "班级", "加时"])
    sheet.append([2301001, "王小明", "跨境2301", 0.25])
    sheet["D2"].number_format = "0%"
    sheet.append([2301002.0, "李雷", "跨境2301", 15])
    buffer = io.BytesIO()
    book.save(buffer)

    assert read(buffer.getvalue()).entrants == WANTED


MISTAKES = """学号,姓名,班级,加时,备注
2301001,王小明,1,
,无号,1,
2301001,又一个,1,
23/01,坏号,1,
NUL,设备,1,
2.301E+17,丢了,1,
2301007,,1,
2301008,加时,1,很多
2301009,加时,1,900%
"""


def test_every_mistake_has_its_row_and_column() -> None:
    found = read(MISTAKES)

    assert [(f.place.line, f.place.column, f.code) for f in found.findings] == [
        (1, 5, "class.column"),
        (3, 1, "class.no-number"),
        (4, 1, "class.twice"),
        (5, 1, "class.bad-number"),
        (6, 1, "class.bad-number"),
        (7, 1, "class.number-lost"),
        (8, 2, "class.no-name"),
        (9, 4, "class.bad-extra"),
        (10, 4, "class.much-extra"),
    ]
    assert not found.good
    assert [one.number for one in found.entrants] == ["2301001", "2301007"]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "姓名\n王\n"])
def test_a_table_that_is_no_list(text: str) -> None:
    (finding,) = read(text).findings
    assert (finding.code, finding.level) == ("class.no-headings", Level.ERROR)


def test_headings_alone_are_no_list() -> None:
    assert [finding.code for finding in read("学号,姓名\n").findings] == ["class.empty"]


@given(st.binary(max_size=300))
def test_any_bytes_are_a_list_or_one_sentence(content: bytes) -> None:
    for whole in (content, b"PK\x03\x04" + content, "学号\n".encode() + content):
        found = read_or_code(whole)
        if isinstance(found, ClassList):
            assert found.entrants or not found.good
        else:
            assert found in {"table.damaged", "table.too-big"}


WORKBOOK = class_list_xlsx(WANTED)  # once: a workbook holds the time it was written


@given(st.data())
def test_a_damaged_workbook_is_one_sentence(data: st.DataObject) -> None:
    content = bytearray(WORKBOOK)
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    found = read_or_code(bytes(content))
    assert isinstance(found, ClassList) or found in {"table.damaged", "table.too-big"}


TEXT = st.text(st.characters(exclude_categories=("C", "Z")), max_size=12).filter(
    lambda text: not text.startswith("'")
)
ENTRANTS = st.lists(
    st.builds(
        Entrant,
        st.from_regex(r"[0-9]{4,12}", fullmatch=True),
        TEXT,
        TEXT,
        st.integers(0, 100),
        st.integers(0, 90),
        accommodations=st.sampled_from([(), ("large-type",), ("large-type", "high-contrast")]),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda one: one.number,
)


@given(ENTRANTS)
def test_t55_a_list_written_reads_back_the_same(entrants: list[Entrant]) -> None:
    wanted = tuple(entrants)

    assert read(class_list_csv(entrants)).entrants == wanted
    assert read(class_list_xlsx(entrants)).entrants == wanted


@pytest.mark.parametrize("name", ["=1+1", "+86", "-王", "@李", '=HYPERLINK("http://x")'])
def test_a_name_is_never_a_formula(name: str) -> None:
    wanted = (Entrant("1", name),)

    assert f",'{name[0]}".encode() in class_list_csv(wanted) or b"\"'=" in class_list_csv(wanted)
    assert read(class_list_csv(wanted)).entrants == wanted
    assert read(class_list_xlsx(wanted)).entrants == wanted
