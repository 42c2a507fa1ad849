"""From decks and a class list to a folder of files: everything or nothing, and it opens."""

import errno
import os
import re
import zlib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest

from tests.exams.conftest import NOW, QUICK, Entropy
from trainer.bootstrap import find_places, messages_for
from trainer.cards.model import Card, Parametric
from trainer.cards.parametric import as_decimal
from trainer.cards.response import Entered
from trainer.cards.showing import show
from trainer.exams.blueprint import Blueprint, Cell, SectionPlan
from trainer.exams.key_file import Entrant, KeyFile, read_key_file
from trainer.exams.keys import ExamError
from trainer.exams.marking import KeyedCard, KeyedItem, share_of
from trainer.exams.model import Answered, Item, TimeRules
from trainer.exams.package import Package, read_package
from trainer.exams.teacher_keys import PublicKeys, new_keys
from trainer.foundation.errors import Cancelled, TrainerError
from trainer.foundation.files import write_whole
from trainer.services.content_library import Library
from trainer.services.exam_packing import Cost, Order, Packed, Press, pack, papers_for
from trainer.services.exam_pool import ExamPool


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


PIXEL = b"".join(
    [
        b"\x89PNG\r\n\x1a\n",
        chunk(b"IHDR", bytes([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])),
        chunk(b"tEXt", b"Author\0SECRETAUTHOR"),
        chunk(b"IDAT", zlib.compress(b"\0\0")),
        chunk(b"IEND", b""),
    ]
)
ENGLISH = """---
title: Parcels
platform: aliexpress
competence: platform-rules
as-of: 2026-11
---
# Parcels

## Dispatch {#dispatch}

Hand the parcel over within **5 days**.

Source: [Rules](https://example.org/rules) (2026-11)

Q: Within how many days must the parcel leave? {#days}
A: = 5 days

Q: Who pays the return? {#return}
- [x] SELLERPAYS the seller
  > BECAUSEREASON of the rule.
- [ ] the buyer
- [ ] nobody {.last}

Q: Look ![a box](box.png) and say what it is. {#box}
A: ~ SECRETBOX / carton

Q: {a} orders, each {b} USD. How much is it? {#sum}
```params
a: 2..9
b: 11..19
answer: a * b
wrong: a + b | ADDEDREASON
```

Q: A parcel may be late. {#late}
A: false
"""
CHINESE = (
    ENGLISH.replace("Within how many days must the parcel leave?", "包裹须在几天内发出？")
    .replace("Who pays the return?", "退货运费谁付？")
    .replace("SECRETBOX / carton", "纸箱秘密")
    .replace("A parcel may be late.", "包裹可以迟发。")
    .replace("{a} orders, each {b} USD. How much is it?", "{a} 单，每单 {b} 美元，共多少？")
)
PLAN = Blueprint(
    "Final: parcels/final?",
    (
        SectionPlan("One", (Cell(2, "2", kinds=("single-choice", "number")),)),
        SectionPlan("Two", (Cell(3, "1.5"),), "sequential", 10),
    ),
)
ENTRANTS = (
    Entrant("1001", "王小明", "A", extra_percent=25),
    Entrant("1002", "Li <b>Lei</b>", "A", extra_minutes=10, accommodations=("large-type",)),
    Entrant("1003", "韩梅梅", "B"),
)
ORDER = Order(
    PLAN,
    ENTRANTS,
    TimeRules("personal", 3600, 0, 0),
    NOW - 1000,
    NOW + 1000,
    "a seed",
    {"en": "Be honest.", "zh": "诚实。"},
    codes={"resume": 1, "plus-5": 1},
)
COST = Cost(QUICK, QUICK)
PLACES = find_places()
MESSAGES = {"en": messages_for(PLACES, "en"), "zh": messages_for(PLACES, "zh_CN")}
PRESS = Press(MESSAGES)  # type: ignore[arg-type] # languages as plain texts
TEACHER = new_keys("Ms Li", Entropy("teacher"))


def nobody(_done: int, _total: int) -> None:
    pass


@pytest.fixture
def pool(tmp_path: Path) -> ExamPool:
    folder = tmp_path / "content" / "platforms" / "aliexpress"
    folder.mkdir(parents=True)
    (folder / "parcels.md").write_text(ENGLISH, encoding="utf-8")
    (folder / "parcels.zh.md").write_text(CHINESE, encoding="utf-8")
    (folder / "box.png").write_bytes(PIXEL)
    library = Library(tmp_path / "content", tmp_path / "cache.sqlite")
    library.refresh()
    found = ExamPool(library)
    library.close()
    return found


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def packed(pool: ExamPool, out: Path, order: Order = ORDER) -> Packed:
    return pack(order, pool, TEACHER, out, PRESS, NOW, Entropy("pack"), nobody, COST)


def opened(done: Packed) -> tuple[Package, KeyFile]:
    content = done.package.read_bytes()
    package = read_package(content, [TEACHER.sign_public], "1.0", NOW, floor=QUICK)
    return package, read_key_file(done.key_file.read_bytes(), TEACHER)


def form_of(package: Package, key: KeyFile, number: str) -> list[Item]:
    entrant = key.entrant(number)
    assert entrant is not None
    exam_key = package.open_with_words(key.passphrase, floor=QUICK)
    capsule = package.capsule(exam_key, number, entrant.ticket, floor=QUICK)
    return [package.item(placed.item_id, placed.key) for placed in capsule.items]


def card_of(item: KeyedItem) -> Card:
    assert isinstance(item.keyed, KeyedCard)
    return item.keyed.card


def test_everything_a_sitting_needs_lies_in_one_folder(pool: ExamPool, out: Path) -> None:
    done = packed(pool, out)

    found = {path.relative_to(done.folder).as_posix() for path in done.folder.rglob("*.*")}
    name = done.folder.name
    assert found == {
        f"room/{name}.xpk",
        f"teacher/{name}.xkey",
        "envelope/start.key",
        *(f"proctor/{sheet}-{lang}.html" for sheet in ("slips", "codes") for lang in MESSAGES),
        *(f"teacher/{sheet}-{lang}.html" for sheet in ("papers", "answers") for lang in MESSAGES),
        *(f"envelope/words-{lang}.html" for lang in MESSAGES),
    }
    assert list(out.iterdir()) == [done.folder]
    assert not set(name) & set('<>:"/\\|?*')


def test_every_candidate_opens_their_own_form_and_it_marks(pool: ExamPool, out: Path) -> None:
    package, key = opened(packed(pool, out))

    for entrant in ENTRANTS:
        items = form_of(package, key, entrant.number)
        assert [item.item_id for item in items] == key.form_of(entrant.number)
        assert len(items) == PLAN.questions
        assert set(key.keyed()) >= {item.item_id for item in items}
        assert {paper.language for item in items for paper in item.papers} == {"en", "zh"}
    capsules = {one.candidate: one for one in key.capsules}
    assert capsules["1001"].extra_percent == 25
    assert capsules["1002"].extra == 600
    assert capsules["1002"].accommodations == ("large-type",)
    assert [section.navigation for section in package.header.sections] == ["free", "sequential"]


def test_t07_before_the_start_nothing_can_be_read(pool: ExamPool, out: Path) -> None:
    done = packed(pool, out)
    _, key = opened(done)
    content = done.package.read_bytes()

    for text in (*texts_of(pool), *(one.name for one in ENTRANTS), key.passphrase):
        assert text.encode() not in content
    sealed = content[int.from_bytes(content[40:44], "big") :]
    for start in range(0, len(sealed) - 4096, 4096):  # what looks like noise holds no text
        assert len(set(sealed[start : start + 4096])) > 240


def texts_of(pool: ExamPool) -> list[str]:
    found = ["Look", "SELLERPAYS", "诚实", "Be honest", "the buyer"]
    for one in pool.cards:
        for card in pool.find(one.card_id).values():
            assert isinstance(card, Card)
            found.append(card.question)
    return found


def test_t11_no_answer_formula_or_reason_on_the_candidates_side(pool: ExamPool, out: Path) -> None:
    done = packed(pool, out)
    package, key = opened(done)
    exam_key = package.open_with_words(key.passphrase, floor=QUICK)
    plain = [package.common(exam_key)]
    for entrant in key.entrants:
        capsule = package.capsule(exam_key, entrant.number, entrant.ticket, floor=QUICK)
        plain += [capsule, *form_of(package, key, entrant.number)]  # type: ignore[list-item]
    everything = b"\n".join(map(msgspec.json.encode, plain))
    everything += msgspec.json.encode(package.header)

    for tell in ("BECAUSE", "ADDED", "SECRETBOX", "秘密", "a * b", "platforms/", "#days", "a seed"):
        assert tell.encode() not in everything
    assert b'"right":' not in everything
    # The right option is in the form as an option, and nothing marks it.
    assert b"SELLERPAYS" in everything


def test_t13_every_paper_is_made_again_byte_by_byte(pool: ExamPool, out: Path) -> None:
    _, key = opened(packed(pool, out))
    papers, again = papers_for(ORDER, pool), key.rebuild()

    assert set(again.forms) == {"1001", "1002", "1003"}
    for name in papers.forms:
        assert again.written(name) == papers.written(name)
    assert papers_for(replace(ORDER, seed="other"), pool).forms != papers.forms


def test_t13_the_bytes_of_a_form_are_those_of_every_python_and_system(pool: ExamPool) -> None:
    from hashlib import blake2b

    papers = papers_for(ORDER, pool)
    written = b"".join(papers.written(name) for name in sorted(papers.forms))

    # Written down once. A change here makes old papers impossible to rebuild.
    assert blake2b(written, digest_size=8).hexdigest() == "f0ba848b0435b935"


def test_numbers_of_a_parametric_question_are_fixed_at_packing(pool: ExamPool, out: Path) -> None:
    package, key = opened(packed(pool, out))
    item = next(i for i in form_of(package, key, "1001") if i.kind == "parametric")

    numbers = {tuple(re.findall(r"\d+", paper.stem)) for paper in item.papers}
    assert len(numbers) == 1
    assert all("{" not in paper.stem for paper in item.papers)


def test_a_picture_travels_with_its_question_alone(pool: ExamPool, out: Path) -> None:
    package, key = opened(packed(pool, out))
    exam_key = package.open_with_words(key.passphrase, floor=QUICK)
    entrant = key.entrants[0]
    capsule = package.capsule(exam_key, "1001", entrant.ticket, floor=QUICK)
    keys = {placed.item_id: placed.key for placed in capsule.items}
    item = next(i for i in form_of(package, key, "1001") if i.kind == "typed")

    (name,) = item.papers[0].media
    assert f"![a box]({name})" in item.papers[0].stem
    assert package.media(keys[item.item_id], name).startswith(b"\x89PNG")
    other = next(each for item_id, each in keys.items() if item_id != item.item_id)
    for wrong in (other, exam_key):
        with pytest.raises(ExamError, match=r"exam\.not-opened"):
            package.media(wrong, name)


def test_the_printed_answers_say_what_marking_says(pool: ExamPool, out: Path) -> None:
    done = packed(pool, out)
    _, key = opened(done)
    answers = (done.folder / "teacher" / "answers-en.html").read_text(encoding="utf-8")

    assert "SECRETBOX / carton" in answers
    assert "5 days" in answers
    assert "false" in answers
    parametric = next(i for i in key.items if isinstance(card_of(i).body, Parametric))
    assert isinstance(parametric.keyed, KeyedCard)
    total = as_decimal(show(card_of(parametric), parametric.keyed.seed).answer or Fraction(0))
    assert f"<td>{total}</td>" in answers
    assert share_of(parametric, Answered(parametric.item_id, Entered(total))) == 1
    place = re.search(r"([A-C])\. SELLERPAYS", answers)
    paper = (done.folder / "teacher" / "papers-en.html").read_text(encoding="utf-8")
    assert place is not None
    assert re.search(rf"□&nbsp;{place[1]}</td><td>SELLERPAYS", paper)


def test_names_cannot_write_html_and_extra_time_stands_on_the_slip(
    pool: ExamPool, out: Path
) -> None:
    done = packed(pool, out)
    for path in done.folder.rglob("*.html"):
        assert "<b>Lei</b>" not in path.read_text(encoding="utf-8")
    slips = (done.folder / "proctor" / "slips-en.html").read_text(encoding="utf-8")
    assert "60 + 15 min" in slips
    assert "60 + 10 min" in slips


def test_the_spare_key_opens_the_teachers_file(pool: ExamPool, out: Path) -> None:
    spare = new_keys("School", Entropy("spare"))
    public = PublicKeys(spare.name, spare.sign_public, spare.box_public)
    done = packed(pool, out, replace(ORDER, spare=public))

    file = read_key_file(done.key_file.read_bytes(), spare, signer=TEACHER.sign_public)
    assert file.header.recipients == (TEACHER.box_public, spare.box_public)


def test_a_rehearsal_says_so_everywhere(pool: ExamPool, out: Path) -> None:
    done = packed(pool, out, replace(ORDER, rehearsal=True))
    package, _ = opened(done)

    assert package.header.rehearsal
    assert done.folder.name.endswith("-rehearsal")
    for name in ("proctor/slips-en.html", "teacher/papers-en.html", "envelope/words-en.html"):
        assert "REHEARSAL" in (done.folder / name).read_text(encoding="utf-8")


class Stop(Cancelled):
    pass


@pytest.mark.parametrize("after", [1, 3, 8, 14, 21])
def test_cancelling_leaves_nothing(pool: ExamPool, out: Path, after: int) -> None:
    seen: list[int] = []

    def report(done: int, _total: int) -> None:
        seen.append(done)
        if len(seen) == after:
            raise Stop

    with pytest.raises(Stop):
        pack(ORDER, pool, TEACHER, out, PRESS, NOW, Entropy("p"), report, COST)
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("at", range(13))
def test_a_full_disk_leaves_nothing(
    pool: ExamPool, out: Path, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    fsync = os.fsync

    def full(number: int) -> None:
        written.append(number)
        if len(written) == at + 1:
            raise OSError(errno.ENOSPC, "no space")
        fsync(number)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(TrainerError, match=r"disk\.full"):
        packed(pool, out)
    assert list(out.iterdir()) == []


def test_what_was_damaged_on_its_way_to_the_disk_is_not_kept(
    pool: ExamPool, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaging(path: Path, content: bytes) -> None:
        write_whole(path, content[:-1] + b"?" if path.suffix == ".xpk" else content)

    monkeypatch.setattr("trainer.services.exam_packing.write_whole", damaging)
    with pytest.raises(ExamError, match=r"exam\.self-test"):
        packed(pool, out)
    assert list(out.iterdir()) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"entrants": ()}, "exam.no-candidates"),
        ({"rules": {}}, "exam.no-rules"),
        (
            {"plan": Blueprint("T", (SectionPlan("S", (Cell(99),)),))},
            "exam.shortage",
        ),
    ],
)
def test_what_cannot_be_packed(
    pool: ExamPool, out: Path, changes: dict[str, object], code: str
) -> None:
    with pytest.raises(ExamError) as caught:
        packed(pool, out, replace(ORDER, **changes))  # type: ignore[arg-type]
    assert caught.value.code == code
    assert list(out.iterdir()) == []


def test_the_same_second_does_not_overwrite(pool: ExamPool, out: Path) -> None:
    first = packed(pool, out)
    before = first.package.read_bytes()

    with pytest.raises(ExamError, match=r"exam\.folder-there"):
        packed(pool, out)
    assert first.package.read_bytes() == before


def test_the_shortage_says_why(pool: ExamPool) -> None:
    plan = Blueprint(
        "T",
        (
            SectionPlan(
                "S",
                (
                    Cell(1, subjects=("ebay",)),
                    Cell(2, kinds=("number",)),
                    Cell(5),
                    Cell(1, kinds=("typed",)),
                ),
            ),
        ),
        always=("nowhere#x",),
        never=("nowhere#y",),
    )

    report = pool.report(plan)

    assert [(one.missing > 0, one.why) for one in report.cells] == [
        (True, "exam.why-nothing"),
        (True, "exam.why-few"),
        (True, "exam.why-shared"),
        (False, ""),
    ]
    assert [code for code, _ in report.problems] == ["exam.always-unfit", "exam.never-unknown"]
    assert not report.good


def test_a_translation_that_asks_something_else_is_told_as_a_matter_of_language(
    pool: ExamPool, tmp_path: Path
) -> None:
    path = tmp_path / "content" / "platforms" / "aliexpress" / "parcels.zh.md"
    path.write_text(CHINESE.replace("A: = 5 days", "A: = 7 days"), encoding="utf-8")
    library = Library(tmp_path / "content", tmp_path / "cache.sqlite")
    library.refresh()
    changed = ExamPool(library)
    library.close()
    plan = Blueprint("T", (SectionPlan("S", (Cell(1, kinds=("number",)),)),))

    assert pool.report(plan).good
    assert [one.why for one in changed.report(plan).cells] == ["exam.why-language"]


def test_what_a_blueprint_can_ask_for(pool: ExamPool) -> None:
    assert pool.choices(PLAN).subjects == {"aliexpress": 5}


STUDY = """---
title: Study
platform: ebay
competence: platform-rules
as-of: 2026-11
---
# Study

## The late lorry {#lorry tags="case-study"}

A lorry with 40 parcels is **two days** late. ![the lorry](box.png)

Source: [Rules](https://example.org/rules) (2026-11)

Q: How many parcels are late? {#count}
A: = 40

Q: What comes first? {#first}
- [x] tell the buyers
- [ ] wait
- [ ] cancel

Q: Only for study. {#recall}
A: An answer that the learner grades.
"""


def test_a_case_study_is_drawn_as_one_and_its_text_stays(tmp_path: Path, out: Path) -> None:
    folder = tmp_path / "content" / "platforms" / "ebay"
    folder.mkdir(parents=True)
    for name in ("study.md", "study.zh.md"):
        (folder / name).write_text(STUDY, encoding="utf-8")
    (folder / "box.png").write_bytes(PIXEL)
    library = Library(tmp_path / "content", tmp_path / "cache.sqlite")
    library.refresh()
    pool = ExamPool(library)
    library.close()
    plan = Blueprint("T", (SectionPlan("S", (Cell(1, "2", kinds=("case-study",)),)),))
    order = replace(ORDER, plan=plan)

    done = packed(pool, out, order)
    package, key = opened(done)
    items = form_of(package, key, "1001")

    assert [card.kind for card in pool.cards] == ["case-study"]
    assert {item.kind for item in items} == {"number", "single-choice"}
    assert [item.points for item in items] == ["2", "2"]
    assert len({item.stem_id for item in items}) == 1
    assert all("two days" in dict(item.stem)["en"] for item in items)
    for item in items:  # a picture of the text belongs to each question of it
        (name,) = item.papers[0].media
        assert f"]({name})" in dict(item.stem)["zh"]
    paper = (done.folder / "teacher" / "papers-en.html").read_text(encoding="utf-8")
    assert paper.count("two days") == len(ENTRANTS)
    assert all(
        key.rebuild().written(name) == papers_for(order, pool).written(name)
        for name in ("1001", "1002")
    )


def test_named_forms_are_shared_and_every_form_is_printed_once(pool: ExamPool, out: Path) -> None:
    order = replace(ORDER, plan=msgspec.structs.replace(PLAN, forms="named", named=2))

    done = packed(pool, out, order)
    package, key = opened(done)

    assert [one.form_id for one in key.entrants] == ["A", "B", "A"]
    first, third = form_of(package, key, "1001"), form_of(package, key, "1003")
    assert [one.item_id for one in first] == [one.item_id for one in third]
    paper = (done.folder / "teacher" / "papers-en.html").read_text(encoding="utf-8")
    assert (paper.count("Form A"), paper.count("Form B")) == (1, 1)


def test_what_a_killed_run_left_behind_is_swept_away(pool: ExamPool, out: Path) -> None:
    old, running = out / ".Final.1.part", out / ".Final.2.part"
    for left in (old, running):
        (left / "envelope").mkdir(parents=True)
        (left / "envelope" / "start.key").write_bytes(b"secret")
    os.utime(old, (NOW / 1000 - 7200, NOW / 1000 - 7200))
    os.utime(running, (NOW / 1000 - 60, NOW / 1000 - 60))

    done = packed(pool, out)

    assert sorted(out.iterdir()) == [running, done.folder]


def test_what_has_still_to_be_verified_is_not_asked_unawares(tmp_path: Path, out: Path) -> None:
    folder = tmp_path / "content" / "platforms" / "aliexpress"
    folder.mkdir(parents=True)
    for name, text in (("parcels.md", ENGLISH), ("parcels.zh.md", CHINESE)):
        unsure = text.replace("Source: [Rules]", "Verify: sources differ\nSource: [Rules]")
        (folder / name).write_text(unsure, encoding="utf-8")
    library = Library(tmp_path / "content", tmp_path / "cache.sqlite")
    library.refresh()
    pool = ExamPool(library)
    library.close()
    plan = Blueprint("T", (SectionPlan("S", (Cell(1, kinds=("number",)),)),))

    assert [cell.why for cell in pool.report(plan).cells] == ["exam.why-unverified"]
    with pytest.raises(ExamError, match=r"exam\.shortage"):
        packed(pool, out, replace(ORDER, plan=plan))
    assert pool.report(msgspec.structs.replace(plan, unverified=True)).good
    named = msgspec.structs.replace(plan, always=("platforms/aliexpress/parcels#days",))
    assert pool.report(named).good


def test_a_place_that_is_no_folder_is_told_before_the_long_work(
    pool: ExamPool, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"x")
    seen: list[int] = []

    with pytest.raises(TrainerError, match=r"disk\."):
        pack(
            ORDER, pool, TEACHER, tmp_path / "file", PRESS, NOW, Entropy("p"),
            lambda done, _: seen.append(done), COST,
        )  # fmt: skip
    assert seen == []
    assert (tmp_path / "file").read_bytes() == b"x"
