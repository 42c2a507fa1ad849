"""Files of events in three forms, and every way in which a line of them can be wrong."""

import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.penalties.books import shipped_book
from trainer.foundation.errors import TrainerError
from trainer.penalties.account import Incident
from trainer.services.event_files import read_events

BOOK = shipped_book("aliexpress")
WANTED = (
    Incident(date(2026, 3, 10), "brushing"),
    Incident(date(2026, 3, 31), "blind-box", Fraction(12), annulled=date(2026, 5, 1)),
)
FORMS = {
    "csv": "date,violation,points,annulled\n2026-03-10,brushing,,\n"
    "2026-04-01 14:00 +08:00,blind-box,12,2026-05-01\n",
    "semicolons": "Date;Violation;Points;Annulled\n2026/3/10;brushing;;\n"
    "2026-04-01T14:00+08:00;blind-box;12;2026.5.1\n",
    "chinese": "日期,违规,扣分,撤销\n2026年3月10日,brushing,,\n"
    "2026-04-01 06:00Z,blind-box,12,2026-05-01\n",
    "markdown": "# The shop of group 3\n\n| date | violation | points | annulled |\n"
    "| --- | --- | ---: | --- |\n| 2026-03-10 | brushing | | |\n"
    "| 2026-04-01 14:00 +08:00 | blind-box | 12 | 2026-05-01 |\n",
    "titles": "violation,date,points,annulled\n"
    '"Credit and sales manipulation, minor",2026-03-10,,\n'
    '"Blind boxes and lucky bags, up to 48 if serious",2026-03-31,12,2026-05-01\n',
    "json": json.dumps(
        [
            {"date": "2026-03-10", "violation": "brushing"},
            {
                "date": "2026-04-01 14:00 +08:00",
                "violation": "blind-box",
                "points": 12,
                "annulled": "2026-05-01",
            },
        ],
        indent=1,
    ),
    "json with a head": json.dumps(
        {
            "shop": ["group 3"],
            "events": [
                {"date": "2026-03-10", "violation": "brushing"},
                {"日期": "2026-03-31", "违规": "blind-box", "扣分": 12, "撤销": "2026-05-01"},
            ],
        },
        ensure_ascii=False,
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_says_the_same(form: str, tmp_path: Path) -> None:
    path = tmp_path / "events"
    path.write_text(FORMS[form], encoding="utf-8")
    found = read_events(path, BOOK)
    assert found.findings == ()
    assert found.incidents == WANTED


def test_a_file_from_a_chinese_excel_is_read(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_bytes(FORMS["chinese"].encode("gb18030"))
    assert read_events(path, BOOK).incidents == WANTED


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("date,violation\n2026-02-30,brushing", "2:1", "penalties.bad-date"),
        ("date,violation\n,brushing", "2:1", "penalties.no-date"),
        ("date,violation\n2026-03-10,", "2:12", "penalties.no-violation"),
        ("date,violation\n2026-03-10, bushing", "2:13", "penalties.unknown-violation"),
        ("date,violation,points\n2026-03-10,brushing,six", "2:21", "penalties.bad-number"),
        ("date,violation,count\n2026-03-10,brushing,0", "2:21", "penalties.bad-number"),
        (
            "date,violation,annulled\n2026-03-10,brushing,2026-03-10",
            "2:21",
            "penalties.annulled-before",
        ),
        ("date,violation,mood\n2026-03-10,brushing,bad", "1:16", "penalties.unknown-column"),
        ("date,points\n2026-03-10,6", "1:1", "penalties.no-column"),
        ("", "1:1", "penalties.no-rows"),
        ("| date | violation |\n| --- | --- |\n| 2026-03-10 | x |", "3:16",
         "penalties.unknown-violation"),
        ("[\n {'a'", "2:3", "penalties.bad-json"),
        ('{"shop": 3}', "1:1", "penalties.no-rows"),
        ("[\n 7\n]", "2:2", "penalties.no-object"),
        ('[{"date": "2026-03-10",\n "violation": "x"}]', "2:2", "penalties.unknown-violation"),
        ('[{"date": "2026-03-10"}]', "1:2", "penalties.no-violation"),
    ],
)  # fmt: skip
def test_what_is_wrong_has_its_place(text: str, place: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / "events"
    path.write_text(text, encoding="utf-8")
    found = [(one.place, one.code) for one in read_events(path, BOOK).findings]
    assert [(f"{at.line}:{at.column}", its) for at, its in found] == [(place, code)]


def test_a_broken_line_does_not_stop_the_others(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text("date,violation\nx,y\n2026-03-10,brushing\n", encoding="utf-8")
    assert read_events(path, BOOK).incidents == WANTED[:1]


def test_points_that_are_not_the_tables_are_counted_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text("date,violation,points\n2026-03-10,brushing,7\n", encoding="utf-8")
    found = read_events(path, BOOK)
    assert [one.points for one in found.incidents] == [7]
    assert [(one.level, one.blanks["range"]) for one in found.findings] == [("warning", "6")]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match="no-such-path"):
        read_events(tmp_path / "none.csv", BOOK)


def test_no_more_than_ten_thousand_events_are_read(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text("date,violation\n" + "2026-03-10,brushing\n" * 10_001, encoding="utf-8")
    found = read_events(path, BOOK)
    assert len(found.incidents) == 10_000
    assert [(one.place.line, one.code) for one in found.findings] == [
        (10_002, "penalties.too-many")
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=200) | st.text("[]{}|,\"'\n:d0129-", max_size=80).map(str.encode))
def test_any_bytes_are_findings_and_no_crash(raw: bytes, tmp_path: Path) -> None:
    path = tmp_path / "events"
    path.write_bytes(raw)
    assert read_events(path, BOOK).incidents == ()
