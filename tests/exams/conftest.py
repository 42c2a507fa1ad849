"""A small sitting, packed quickly: its KDF is far below what the program accepts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b

import pytest

from trainer.exams.keys import ActionCode, new_code, new_passphrase
from trainer.exams.model import (
    Capsule,
    FormItem,
    Header,
    Item,
    Kdf,
    PaperItem,
    PaperOption,
    Section,
    TimeRules,
)
from trainer.exams.package import Common, Contents, Package, read_package, write_package
from trainer.exams.teacher_keys import TeacherKeys, new_keys

QUICK = Kdf(passes=1, memory=8192)
NOW = 1_780_000_000_000


class Entropy:
    """Bytes that look random and are the same at every run."""

    def __init__(self, seed: str) -> None:
        self._seed, self._count = seed, 0

    def __call__(self, number: int) -> bytes:
        self._count += 1
        found = b""
        while len(found) < number:
            text = f"{self._seed}/{self._count}/{len(found)}"
            found += blake2b(text.encode()).digest()
        return found[:number]


def question(number: int) -> Item:
    options = tuple(PaperOption(f"option {letter} of {number}") for letter in "abcd")
    media = ("i1.1.png",) if number == 1 else ()
    paper = PaperItem("en", f"Question number {number}?", options=options, media=media)
    return Item(f"i{number}", "single-choice", "2", (paper,))


@dataclass(frozen=True, slots=True)
class Sitting:
    """A packed exam with what the teacher and the proctor have on paper."""

    content: bytes
    exam_key: bytes
    contents: Contents
    teacher: TeacherKeys
    passphrase: str
    tickets: dict[str, str]
    codes: list[ActionCode] = field(default_factory=list)

    def read(self, content: bytes | None = None, now: int = NOW) -> Package:
        whole = self.content if content is None else content
        return read_package(whole, [self.teacher.sign_public], "1.0", now, floor=QUICK)


SittingMaker = Callable[..., Sitting]


def make_sitting(candidates: int = 2, questions: int = 4, seed: str = "one") -> Sitting:
    entropy = Entropy(seed)
    teacher = new_keys("Ms Li", entropy)
    numbers = [str(1001 + place) for place in range(candidates)]
    items = [question(number) for number in range(questions)]
    keys = {item.item_id: entropy(32) for item in items}
    tickets = {number: new_code(entropy) for number in numbers}
    # Each candidate has all questions but one: forms differ.
    capsules = {
        number: Capsule(
            number,
            f"form-{place}",
            tuple(
                FormItem(item.item_id, keys[item.item_id], "s1", (3, 2, 1, 0))
                for at, item in enumerate(items)
                if at != place % questions
            ),
            ticket_key=entropy(32),
        )
        for place, number in enumerate(numbers)
    }
    codes = [ActionCode(number, "resume", 1, new_code(entropy)) for number in numbers]
    header = Header(
        exam_id=f"exam-{seed}",
        sitting_id=f"sitting-{seed}",
        title="Platform rules",
        teacher_name="",
        teacher_key=b"",
        recipients=(teacher.box_public,),
        created=NOW,
        valid_from=NOW - 86_400_000,
        valid_until=NOW + 86_400_000,
        minimum_version="0.1.0",
        kdf=QUICK,
        salt=b"",
        time=TimeRules("personal", 3600, 0, 0),
        sections=(Section("s1", "All"),),
        candidates=tuple(numbers),
        codes=(),
        parts=(),
    )
    contents = Contents(
        header,
        Common({"en": "Be honest."}, ("en",)),
        items,
        keys,
        capsules,
        tickets,
        codes,
        {"i1.1.png": b"\x89PNG picture"},
        new_passphrase(entropy),
    )
    content, exam_key = write_package(contents, teacher, entropy, lambda _d, _t: None, QUICK, QUICK)
    return Sitting(content, exam_key, contents, teacher, contents.passphrase, tickets, codes)


@pytest.fixture(scope="session")
def sitting() -> Sitting:
    return make_sitting()


@pytest.fixture(scope="session")
def sittings() -> SittingMaker:
    return make_sitting
