"""A room to try exams in: a sitting packed quickly, a clock that is moved by hand, a disk that
loses what was not flushed when the power goes."""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from msgspec.structs import replace

from tests.exams.conftest import NOW, QUICK, Entropy, question
from trainer.cards.response import Chosen
from trainer.exams.bundle import read_bundle, write_bundle
from trainer.exams.clock import ExamClock, Reading
from trainer.exams.deadline import Allowance
from trainer.exams.keys import ActionCode, new_code, new_passphrase
from trainer.exams.log import Record, open_segment
from trainer.exams.model import (
    ACTIONS,
    Answered,
    Capsule,
    FormItem,
    Header,
    Kdf,
    Section,
    TimeRules,
)
from trainer.exams.package import Common, Contents, Package, read_package, write_package
from trainer.exams.room import Entered
from trainer.exams.teacher_keys import PublicKeys, TeacherKeys, new_keys
from trainer.exams.verify import Issued
from trainer.foundation.chance import Chance
from trainer.foundation.errors import TrainerError
from trainer.services.exam_attempt import RunningAttempt
from trainer.services.exam_keys import KeyShelf
from trainer.services.exam_room import ExamRoom
from trainer.services.exam_station import Station
from trainer.storage.exam_log import Disk, SystemDisk
from trainer.storage.exam_mirror import Share

PERSONAL = TimeRules("personal", 3600, 0, 0)
ROOM = TimeRules("room", 3600, 0, 0)
MINUTE = 60_000


class HandClock:
    """Ticks and wall go on together until somebody says otherwise."""

    def __init__(self, boot: str = "boot-1", ticks: int = 5_000_000, wall: int = NOW) -> None:
        self.boot, self.ticks, self.wall, self.zone, self.up = boot, ticks, wall, 480, ticks

    def read(self) -> Reading:
        return Reading(self.boot, self.ticks, self.wall, self.zone, self.up)

    def go(self, ms: int) -> None:
        self.ticks += ms
        self.wall += ms
        self.up += ms

    def reboot(self, off: int = 30_000, up: int = 40_000) -> None:
        self.boot += "'"
        self.ticks = self.up = up
        self.wall += off + up


class PowerDisk:
    """Files in memory. `cut` is what a power cut leaves: everything flushed, and of what was not
    yet flushed as much as chance has it, torn at any byte."""

    def __init__(self, chance: Chance | None = None) -> None:
        self.files: dict[str, bytes] = {}
        self._durable: dict[str, bytes] = {}
        self._chance = chance
        self.full = False
        self.cut_after = -1  # appends until the power goes; -1: never
        self.dead = False
        self.held: set[str] = set()
        self._lock = threading.Lock()

    def append(self, path: Path, at: int, content: bytes) -> None:
        with self._lock:
            self._ready(path)
            name = path.as_posix()
            if at and name not in self.files:
                raise TrainerError("disk.gone", path=name)
            self.files[name] = self.files.get(name, b"")[:at] + content
            if self.cut_after == 0:
                self.dead = True
                raise TrainerError("disk.gone", path=name)
            self.cut_after -= self.cut_after > 0
            self._durable[name] = self.files[name]

    def replace(self, path: Path, content: bytes) -> None:
        with self._lock:
            self._ready(path)
            if self.cut_after == 0:
                self.dead = True
                raise TrainerError("disk.gone", path=str(path))
            self.cut_after -= self.cut_after > 0
            self.files[path.as_posix()] = self._durable[path.as_posix()] = content

    def read(self, path: Path) -> bytes:
        try:
            return self.files[path.as_posix()]
        except KeyError:
            raise TrainerError("disk.gone", path=str(path)) from None

    def names(self, folder: Path) -> list[str]:
        parts = len(PurePosixPath(folder.as_posix()).parts)
        inside = [PurePosixPath(name) for name in self.files]
        return sorted(
            {each.parts[parts] for each in inside if each.is_relative_to(folder.as_posix())}
        )

    def make(self, folder: Path) -> None:
        with self._lock:
            self._ready(folder)

    def hold(self, folder: Path) -> Callable[[], None]:
        name = folder.as_posix()
        if name in self.held:
            raise TrainerError("exam.running")
        self.held.add(name)
        return lambda: self.held.discard(name)

    def cut(self) -> None:
        """The power goes and comes back."""
        for name, content in list(self.files.items()):
            safe = self._durable.get(name, b"")
            kept = len(safe)
            if len(content) > kept and self._chance is not None:
                kept += self._chance.below(len(content) - kept + 1)
            left = content[:kept] if content.startswith(safe) else safe
            if kept or name in self._durable:
                self.files[name] = self._durable[name] = left
            else:
                del self.files[name]
        self.dead, self.cut_after = False, -1
        self.held.clear()

    def _ready(self, path: Path) -> None:
        if self.dead:
            raise TrainerError("disk.gone", path=str(path))
        if self.full:
            raise TrainerError("disk.full", path=str(path))


@dataclass
class Exam:
    """A packed exam with all papers on the table."""

    package: bytes
    teacher: TeacherKeys
    school: TeacherKeys
    words: str
    tickets: dict[str, str]
    codes: dict[tuple[str, str, int], ActionCode]
    capsules: dict[str, Capsule]
    exam_key: bytes
    header: Header

    def code(self, candidate: str, action: str, number: int = 1) -> str:
        return str(self.codes[candidate, action, number])


def make_exam(
    rules: TimeRules = PERSONAL,
    candidates: int = 2,
    questions: int = 5,
    seed: str = "room",
    sections: Sequence[Section] = (Section("s1", "All"),),
    extra: int = 0,
    lock_after: int = 0,
    kdf: Kdf = QUICK,
    codes_each: int = 3,
    now: int = NOW,
) -> Exam:
    entropy = Entropy(seed)
    teacher, school = new_keys("Ms Li", entropy), new_keys("School", entropy)
    numbers = [str(1001 + place) for place in range(candidates)]
    items = [
        replace(question(at), papers=(replace(question(at).papers[0], media=()),))
        for at in range(questions)
    ]
    keys = {item.item_id: entropy(32) for item in items}
    tickets = {number: new_code(entropy) for number in numbers}
    share = -(-questions // len(sections))
    capsules = {
        number: Capsule(
            number,
            "A",
            tuple(
                FormItem(item.item_id, keys[item.item_id], sections[at // share].section_id)
                for at, item in enumerate(items)
            ),
            extra=extra,
            ticket_key=entropy(32),
        )
        for number in numbers
    }
    codes = [
        ActionCode(number, action, at, new_code(entropy))
        for number in numbers
        for action in ACTIONS
        for at in range(1, codes_each + 1)
    ]
    header = Header(
        exam_id=f"exam-{seed}",
        sitting_id=f"sitting-{seed}",
        title="Platform rules",
        teacher_name="",
        teacher_key=b"",
        recipients=(teacher.box_public, school.box_public),
        created=now,
        valid_from=now - 86_400_000,
        valid_until=now + 86_400_000,
        minimum_version="0.1.0",
        kdf=kdf,
        salt=b"",
        time=rules,
        sections=tuple(sections),
        candidates=tuple(numbers),
        codes=(),
        parts=(),
        lock_after=lock_after,
    )
    words = new_passphrase(entropy)
    common = Common({"en": "Be honest."}, ("en",))
    contents = Contents(header, common, items, keys, capsules, tickets, codes, {}, words)
    package, exam_key = write_package(contents, teacher, entropy, lambda _d, _t: None, kdf, kdf)
    by_name: dict[tuple[str, str, int], ActionCode] = {
        (code.candidate, code.action, code.number): code for code in codes
    }
    return Exam(package, teacher, school, words, tickets, by_name, capsules, exam_key, header)


def endless_exam() -> Exam:
    """The same in every process; as many restarts as one likes."""
    rules = TimeRules("personal", 36_000, 0, 0, free_gap=36_000, free_restarts=1000)
    return make_exam(rules, seed="endless", codes_each=0)


@dataclass
class Pc:
    """One PC of the room."""

    exam: Exam
    folder: Path
    clock: HandClock = field(default_factory=HandClock)
    disk: Disk = field(default_factory=SystemDisk)
    share: Share | None = None
    spare: Path | None = None
    machine: str = "pc-1"
    seed: str = "pc"
    own_clock: ExamClock | None = None  # in the place of the one that is moved by hand
    room: ExamRoom | None = None

    def __post_init__(self) -> None:
        keys = self.exam.teacher
        self._entropy = Entropy(self.seed)
        self._keys = KeyShelf(self.folder / "keys", self._entropy)
        self._keys.trust(PublicKeys(keys.name, keys.sign_public, keys.box_public))

    def station(self) -> Station:
        return Station(
            self.disk,
            self.own_clock or self.clock,
            self._entropy,
            self.folder / "attempts",
            self._keys,
            "program",
            "1.0",
            self.machine,
            self.spare,
            self.share,
            QUICK,
        )

    def package(self) -> Package:
        keys = [self.exam.teacher.sign_public]
        return read_package(self.exam.package, keys, "1.0", NOW, QUICK)

    def enter(self, number: str = "1001", code: str = "", ticket: str = "") -> Entered:
        """The program is started, and the candidate comes as far as the rules."""
        self.room = ExamRoom(self.station(), mirror_every=0.05)
        self.room.open_content(self.exam.package)
        self.room.unlock(self.exam.words)
        return self.room.enter(number, ticket or self.exam.tickets[number], code)

    def sit(self, number: str = "1001", code: str = "") -> RunningAttempt:
        attempt = self.enter(number, code).attempt
        assert isinstance(attempt, RunningAttempt)
        return attempt

    def stop(self) -> None:
        """The program ends in order, without the exam ending."""
        if self.room is not None:
            self.room.leave(wait=5)
            self.room = None

    def kill(self) -> None:
        """The program is gone: what the disk has is all there is."""
        if self.room is not None:
            with suppress(TrainerError):
                self.room.leave(wait=5)
            self.room = None

    def work(self, attempt: RunningAttempt, seconds: int) -> None:
        """Time goes by with a look at the clock every second."""
        for _ in range(seconds):
            self.clock.go(1000)
            attempt.tick()

    def bundle(self) -> bytes:
        """What can be collected from this PC's disk."""
        if isinstance(self.disk, PowerDisk):
            files = self.disk.files.items()
            return write_bundle([content for name, content in sorted(files) if ".log" in name])
        logs = sorted((self.folder / "attempts").rglob("*.log"))
        return write_bundle([path.read_bytes() for path in logs])

    def records(self) -> list[Record]:
        """What the teacher reads of it."""
        chain = read_bundle(self.bundle()).chain
        return [
            record
            for link in chain.links
            for record in open_segment(link.segment, self.exam.teacher)[: link.taken]
        ]


def issued_to(exam: Exam, number: str) -> Issued:
    """What the teacher's file says was given to a candidate."""
    codes = {
        (code.action, code.number): code.code
        for code in exam.codes.values()
        if code.candidate == number
    }
    capsule = exam.capsules[number]
    return Issued(capsule.ticket_key, Allowance(capsule.extra_percent, capsule.extra), codes)


def pick(item: int, option: int) -> Answered:
    return Answered(f"i{item}", Chosen((option,)))
