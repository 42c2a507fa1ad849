"""A whole exam: every candidate a process of their own, with what goes wrong in a room; collected
twice in any order; and marks that equal what the test itself knows."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import pytest

from tests.exams.right_answers import right_answer
from trainer.exams.key_file import KeyFile, read_key_file
from trainer.exams.teacher_keys import read_keys
from trainer.foundation.chance import Chance

ROOT = Path(__file__).resolve().parents[2]
PHRASE = "a long sentence of mine"
PLAN = """title = "Final"
[[sections]]
title = "All"
[[sections.cells]]
count = 5
points = "2"
kinds = ["single-choice", "true-false"]
[[sections.cells]]
count = 3
points = "1.5"
kinds = ["number", "typed", "multiple-response"]
"""
ZONES = ("Asia/Shanghai", "UTC", "America/New_York", "Pacific/Auckland")
FULL_AT = 6_000  # bytes a file may have on the PC whose disk is full


def program(folder: Path, data: str, *words: object) -> list[str]:
    found = [sys.executable, ROOT / "main.py", "--data", folder / data, "--language", "en"]
    return [str(word) for word in (*found, "exam", *words)]


def environment(zone: str = "UTC") -> dict[str, str]:
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen", "TZ": zone}


def call(folder: Path, *words: object, data: str = "teacher", good: tuple[int, ...] = (0,)) -> str:
    done = subprocess.run(
        program(folder, data, *words),
        check=False,
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        env=environment(),
    )
    assert done.returncode in good, done.stderr + done.stdout
    return done.stdout


@dataclass
class Seat:
    """A candidate at a PC. `saved` are the questions whose answer the program called saved."""

    folder: Path
    number: str
    key: KeyFile
    package: Path
    zone: str
    chance: Chance
    saved: set[str] = field(default_factory=set)
    codes_used: int = 0

    @property
    def data(self) -> str:
        return f"pc-{self.number}"

    def knows(self) -> list[str]:
        """The questions this candidate answers, all of them rightly."""
        form = self.key.form_of(self.number)
        return [item_id for item_id in form if self.chance.unit() < 0.7]

    def start(self, *more: object, data: str = "", limit: int = 0) -> "subprocess.Popen[str]":
        entrant = self.key.entrant(self.number)
        assert entrant is not None
        words = ("sit", self.package, "--number", self.number, "--ticket", entrant.ticket)
        opened = ("--words", self.key.passphrase, *more)

        def limited() -> None:
            if limit:
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        process = subprocess.Popen(
            program(self.folder, data or self.data, *words, *opened),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=environment(self.zone),
            preexec_fn=limited,  # noqa: PLW1509 - no thread of this process holds a lock there
        )
        first = self.heard(process)
        assert "attempt" in first, process.communicate()
        if first["held"]:
            self.tell(process, do="code", text=self.code("resume"))
        return process

    def code(self, action: str) -> str:
        letters = {"resume": "R", "plus-10": "T"}
        issued = [
            code
            for code in self.key.codes
            if (code.candidate, code.action) == (self.number, action)
        ]
        code = issued[self.codes_used % len(issued)]
        self.codes_used += 1
        return f"{letters[action]}{code.number}: {code.code}"

    def heard(self, process: "subprocess.Popen[str]") -> dict[str, object]:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = json.loads(line) if line else {}
        assert isinstance(found, dict)
        return found

    def tell(self, process: "subprocess.Popen[str]", **act: object) -> dict[str, object]:
        assert process.stdin is not None
        process.stdin.write(json.dumps(act) + "\n")
        process.stdin.flush()
        return self.heard(process)

    def answer(self, process: "subprocess.Popen[str]", item_id: str) -> bool:
        given = right_answer(self.key.keyed()[item_id])
        told = self.tell(process, do="answer", item=item_id, **given)
        if "saved" in told:
            self.saved.add(item_id)
        return "saved" in told

    def finish(self, process: "subprocess.Popen[str]") -> None:
        told = self.tell(process, do="finish")
        assert "receipt" in told, told
        process.communicate(timeout=30)

    def expected(self) -> Fraction:
        keyed = self.key.keyed()
        return sum((Fraction(keyed[item_id].points) for item_id in self.saved), Fraction(0))


def calm(seat: Seat) -> None:
    """Nothing goes wrong."""
    process = seat.start()
    for item_id in seat.knows():
        assert seat.answer(process, item_id)
    seat.finish(process)


def killed(seat: Seat) -> None:
    """The process is killed in the middle, twice."""
    for part in (seat.knows()[:2], seat.knows()[2:4]):
        process = seat.start()
        for item_id in part:
            assert seat.answer(process, item_id)
        process.kill()
        process.communicate()
    seat.finish(seat.start())


def full_disk(seat: Seat) -> None:
    """The disk fills up; what is not saved is not called saved; room is made and it goes on."""
    process = seat.start(limit=FULL_AT)
    refused = False
    for item_id in seat.key.form_of(seat.number) * 6:
        refused = refused or not seat.answer(process, item_id)
        if refused:
            break
    assert refused
    process.kill()
    process.communicate()
    seat.finish(seat.start())


def moved(seat: Seat) -> None:
    """The PC dies; the folder is carried to another one."""
    process = seat.start()
    for item_id in seat.knows()[:3]:
        assert seat.answer(process, item_id)
    process.kill()
    process.communicate()
    other = f"{seat.data}-new"
    shutil.copytree(seat.folder / seat.data, seat.folder / other)
    shutil.rmtree(seat.folder / seat.data)
    process = seat.start(data=other)
    for item_id in seat.knows()[3:5]:
        assert seat.answer(process, item_id)
    seat.finish(process)


def rolled_back(seat: Seat) -> None:
    """A copy of the folder is put back: what came after it is gone, and it shows."""
    process = seat.start()
    first, *later = seat.knows() or seat.key.form_of(seat.number)
    assert seat.answer(process, first)
    kept = set(seat.saved)
    copy = seat.folder / f"{seat.data}-copy"
    shutil.copytree(seat.folder / seat.data, copy)
    for item_id in later[:2]:
        assert seat.answer(process, item_id)
    process.kill()
    process.communicate()
    shutil.rmtree(seat.folder / seat.data)
    copy.rename(seat.folder / seat.data)
    seat.saved = kept
    seat.finish(seat.start())


def longer(seat: Seat) -> None:
    """More time by a code of the sheet."""
    process = seat.start()
    told = seat.tell(process, do="code", text=seat.code("plus-10"))
    assert told.get("did") == "exam.code-plus-10", told
    for item_id in seat.knows():
        assert seat.answer(process, item_id)
    seat.finish(process)


def twice(seat: Seat) -> None:
    """The same slip at two PCs: both hand in, and a person has to decide."""
    process = seat.start()
    for item_id in seat.knows()[:2]:
        assert seat.answer(process, item_id)
    seat.finish(process)
    kept = set(seat.saved)
    friend = seat.start(data=f"{seat.data}-friend")
    for item_id in seat.key.form_of(seat.number):
        assert seat.answer(friend, item_id)
    seat.finish(friend)
    seat.saved = kept


STORIES = (calm, killed, full_disk, moved, rolled_back, longer, twice)


def test_a_room_of_seven(tmp_path: Path) -> None:
    play(tmp_path, 7)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_room_of_thirty(tmp_path: Path) -> None:
    play(tmp_path, 30)


def play(folder: Path, candidates: int) -> None:
    package, key_path, key = packed(folder, candidates)
    chance = Chance("room")
    seats = [
        Seat(folder, one.number, key, package, ZONES[at % 4], Chance(f"seat {at}"))
        for at, one in enumerate(key.entrants)
    ]
    stories = [STORIES[at % len(STORIES)] for at in range(candidates)]
    for seat in seats:
        call(folder, "keys", "trust", "teacher.pub", data=seat.data)
        if stories[seats.index(seat)] is twice:
            call(folder, "keys", "trust", "teacher.pub", data=f"{seat.data}-friend")
    with ThreadPoolExecutor(3) as room:
        for done in [room.submit(story, seat) for story, seat in zip(stories, seats, strict=True)]:
            done.result()

    pcs = [path for path in folder.glob("pc-*") if (path / "exams").is_dir()]
    for stick in ("stick-1", "stick-2"):
        for pc in chance.shuffled(sorted(pcs)):
            call(folder, "collect", pc, "--to", stick)
    first, second = (marks(folder, key_path, stick) for stick in ("stick-1", "stick-2"))
    both = marks(folder, key_path, "stick-2", "stick-1", "stick-2")

    assert first == second == both
    for seat, story in zip(seats, stories, strict=True):
        row = first[seat.number]
        remarks = row["remarks"]
        if story is twice:
            assert row["waits"], row
            continue
        assert Fraction(str(row["score"])) == seat.expected(), (story.__name__, row)
        assert row["status"] == "complete"
        if story is rolled_back:
            assert remarks, row  # it went on, and the record says so


def marks(folder: Path, key_path: Path, *sticks: str) -> dict[str, dict[str, object]]:
    said = call(
        folder, "mark", key_path, *sticks, "--json", "--passphrase-file", "secret.txt", good=(0, 1)
    )
    return {row["number"]: row for row in json.loads(said)}


def packed(folder: Path, candidates: int) -> tuple[Path, Path, KeyFile]:
    (folder / "secret.txt").write_text(PHRASE, encoding="utf-8")
    rows = [f"{1001 + at},Name {at},{'25%' if at % 9 == 4 else ''}" for at in range(candidates)]
    text = "\n".join(["number,name,extra", *rows])
    (folder / "class.csv").write_text(text + "\n", encoding="utf-8")
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    secret = ("--passphrase-file", "secret.txt")
    call(folder, "keys", "new", "--name", "Ms Li", *secret)
    call(folder, "keys", "public", "teacher.pub")
    call(
        folder, "pack", "plan.toml", "class.csv", "--output", ".", "--minutes", "60", "--small",
        "--html", *secret,
    )  # fmt: skip
    (made,) = folder.glob("Final-*")
    (package,), (key_path,) = made.glob("room/*.xpk"), made.glob("teacher/*.xkey")
    teacher = read_keys((folder / "teacher/exams/teacher.keys").read_bytes(), PHRASE)
    return package, key_path, read_key_file(key_path.read_bytes(), teacher)
