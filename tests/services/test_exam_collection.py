"""Results collected in any order and however often, from folders nobody can be sure of."""

import os
import shutil
import zlib
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from tests.exams.conftest import NOW, QUICK, Entropy
from tests.services.exam_rooms import Exam, Pc, issued_to, make_exam, pick
from trainer.exams.bundle import MAGIC, Index, read_bundle, write_bundle
from trainer.exams.clock import Stamp
from trainer.exams.collection import Board
from trainer.exams.keys import ExamError, digest
from trainer.exams.log import Record, SegmentWriter, Tally, open_segment, read_segment
from trainer.exams.model import CodeUsed, Event, Finished, Resumed, Started
from trainer.exams.package import read_package
from trainer.exams.teacher_keys import TeacherKeys, new_keys
from trainer.exams.verify import Outside, Result, open_result
from trainer.foundation.chance import Chance
from trainer.foundation.errors import Cancelled, TrainerError
from trainer.services.exam_collection import board_of, collect, deliver, gather
from trainer.storage.exam_log import folder_name
from trainer.storage.exam_mirror import FolderShare


@pytest.fixture(scope="module")
def exam() -> Exam:
    return make_exam(candidates=4, seed="collect")


class Room:
    """Four PCs: three candidates sat, one was cut off, one never came."""

    def __init__(self, exam: Exam, folder: Path) -> None:
        self.exam, self.folder = exam, folder
        self.pcs: dict[str, Pc] = {}

    def pc(self, number: str, name: str = "") -> Pc:
        name = name or f"pc-{number}"
        pc = Pc(self.exam, self.folder / name, machine=name, seed=name)
        self.pcs[name] = pc
        return pc

    def sits(self, number: str, options: Sequence[int], *, ends: bool = True) -> Pc:
        pc = self.pc(number)
        attempt = pc.sit(number)
        attempt.show("i0")
        for item, option in enumerate(options):
            attempt.answer(pick(item, option))
        pc.work(attempt, 30)
        if ends:
            attempt.finish("candidate")
        pc.stop()
        return pc

    def places(self) -> list[Path]:
        return [pc.folder / "attempts" for pc in self.pcs.values()]

    def board(self, *folders: Path, receipts: dict[str, str] | None = None) -> Board:
        package = Pc(self.exam, self.folder / "proctor").package()
        return board_of(folders, package.header, package.header_digest, receipts)


@pytest.fixture
def room(exam: Exam, tmp_path: Path) -> Room:
    one = Room(exam, tmp_path)
    one.sits("1001", [1, 2, 3])
    one.sits("1002", [2, 2], ends=False)
    one.sits("1003", [0])
    return one


def opened(exam: Exam, path: Path, **more: object) -> Result:
    bundle = read_bundle(path.read_bytes())
    return open_bundle(exam, path.read_bytes(), bundle.binding.candidate, **more)


def open_bundle(exam: Exam, content: bytes, number: str, **more: object) -> Result:
    bundle = read_bundle(content)
    package = read_package(exam.package, [exam.teacher.sign_public], "1.0", NOW, QUICK)
    keys = more.pop("keys", exam.teacher)
    return open_result(
        bundle,
        package.header,
        package.header_digest,
        issued_to(exam, number),
        keys,  # type: ignore[arg-type]
        **more,  # type: ignore[arg-type]
    )


def statuses(board: Board) -> dict[str, str]:
    return {row.candidate: row.status for row in board.rows}


def codes(result: Result) -> set[str]:
    return {remark.code for remark in result.remarks}


def answers(result: Result) -> dict[str, object]:
    return {at: msgspec.to_builtins(one.response) for at, one in result.state.answers.items()}


EXPECTED = {"1001": "complete", "1002": "unclean", "1003": "complete", "1004": "missing"}


def test_the_board_says_who_is_there_and_who_is_missing(room: Room, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    collected = collect(room.places(), stick)

    assert {one.candidate for one in collected.carried} == {"1001", "1002", "1003"}
    assert statuses(room.board(stick)) == EXPECTED
    assert not [path for path in stick.iterdir() if path.suffix != ".xrs"]
    assert not any(one.new for one in collect(room.places(), stick).carried)


def test_t24_any_order_and_any_number_of_times_the_same(room: Room, tmp_path: Path) -> None:
    sticks = [tmp_path / f"stick-{number}" for number in range(3)]
    chance = Chance("orders")
    for stick in sticks:
        for _ in range(3):
            for place in chance.shuffled(room.places()):
                collect([place], stick)
    # Older states of one of them, as a mirror or an early copy has them.
    log = next((room.pcs["pc-1001"].folder / "attempts").rglob("segment-001.log")).read_bytes()
    for cut in (len(log) // 2, len(log) - 40, len(log) - 300):
        (sticks[1] / f"old-{cut}.xrs").write_bytes(write_bundle([log[:cut]]))

    boards = [room.board(*chance.shuffled(sticks)) for _ in range(4)]

    assert statuses(boards[0]) == EXPECTED
    taken = [{row.candidate: row.taken.mark for row in board.rows if row.taken} for board in boards]
    assert all(one == taken[0] for one in taken)
    assert boards[0] == boards[1]


def test_the_loose_files_of_a_mirror_are_results_too(room: Room, tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    for number, pc in room.pcs.items():
        for path in (pc.folder / "attempts").rglob("*.log"):
            shutil.copy(path, share / f"{number}-{path.name}")

    assert statuses(room.board(share)) == EXPECTED


def test_t19_an_index_that_says_otherwise_is_refused(room: Room, tmp_path: Path) -> None:
    content = next(tmp_path.rglob("result.xrs")).read_bytes()
    length = int.from_bytes(content[8:12], "big")
    index = msgspec.json.decode(content[12 : 12 + length], type=Index)
    for change in (
        {"candidate": "1003"},
        {"receipt": "AAAAAAAA"},
        {"records": 1},
        {"finished": False},
        {"attempt_id": "0" * 32},
    ):
        plain = msgspec.json.encode(msgspec.structs.replace(index, **change))
        forged = MAGIC + len(plain).to_bytes(4, "big") + plain + content[12 + length : -32]
        with pytest.raises(ExamError, match="bundle-index"):
            read_bundle(forged + digest(forged))


def test_t19_a_files_name_is_not_believed(room: Room, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    for one in collect(room.places(), stick).carried:
        if one.candidate == "1001":
            (stick / one.name).rename(stick / one.name.replace("1001", "1004"))

    assert statuses(room.board(stick)) == EXPECTED


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b'{"candidate": "1001", "answers": {"i0": 1}}',
        MAGIC,
        MAGIC + b"\xff\xff\xff\xff" + b"0" * 64,
        b"PK\x03\x04" + b"\0" * 200,
        b"PRTLOG1\n" + b"\0" * 300,
    ],
)
def test_t20_what_is_no_result_is_rejected_by_name(
    room: Room, tmp_path: Path, content: bytes
) -> None:
    stick = tmp_path / "stick"
    collect(room.places(), stick)
    (stick / "evil.xrs").write_bytes(content)

    board = room.board(stick)

    assert statuses(board) == EXPECTED
    assert [one.name for one in board.rejected] == ["evil.xrs"]


def test_t20_sealed_to_others_cannot_be_opened(exam: Exam, tmp_path: Path) -> None:
    other = make_exam(candidates=4, seed="other")
    foreign = Room(other, tmp_path / "foreign")
    foreign.sits("1001", [1])
    path = next((tmp_path / "foreign").rglob("result.xrs"))

    with pytest.raises(ExamError, match="other-sitting"):
        opened(exam, path)
    with pytest.raises(ExamError, match="not-ours"):
        open_bundle(other, path.read_bytes(), "1001", keys=new_keys("x", Entropy("x")))
    stick = tmp_path / "stick"
    collect([path.parent], stick)
    mine = Room(exam, tmp_path / "mine")
    assert [one.remark.code for one in mine.board(stick).rejected] == ["exam.remark-other-sitting"]


def test_t17_t20_an_attempt_begun_without_the_slip_is_rejected(room: Room) -> None:
    """Candidate 1001's log, handed in as if 1002's slip had begun it."""
    path = next((room.pcs["pc-1001"].folder / "attempts").rglob("result.xrs"))

    with pytest.raises(ExamError, match="no-proof"):
        open_bundle(room.exam, path.read_bytes(), "1002")


def test_t27_the_spare_key_opens_the_same(room: Room) -> None:
    path = next((room.pcs["pc-1001"].folder / "attempts").rglob("result.xrs"))

    mine = opened(room.exam, path)
    spare = opened(room.exam, path, keys=room.exam.school)

    assert mine.records == spare.records
    assert mine.state == spare.state
    assert mine.remarks == ()
    assert mine.clean
    assert mine.state.answers["i2"] == pick(2, 3)


def test_t26_the_pc_alone_reads_no_answer_of_a_finished_segment(room: Room) -> None:
    """Every file of the PC, the words, the slip: no key of the log is derived from them."""
    pc = room.pcs["pc-1001"]
    bundle = read_bundle(next(pc.folder.rglob("result.xrs")).read_bytes())
    for seed in (room.exam.exam_key, room.exam.capsules["1001"].ticket_key):
        with pytest.raises(ExamError, match="not-ours"):
            open_segment(bundle.chain.last, TeacherKeys("s", seed, seed))


def test_t21_a_fork_is_seen_and_the_receipt_decides(exam: Exam, tmp_path: Path) -> None:
    room = Room(exam, tmp_path)
    pc = room.pc("1001")
    attempt = pc.sit()
    attempt.show("i0")
    attempt.answer(pick(0, 1)).result()
    pc.stop()
    shutil.copytree(pc.folder / "attempts", tmp_path / "copy")
    receipts = []
    for option, place in ((2, "first"), (3, "second")):
        pc.clock.go(5000)
        again = pc.sit()
        again.answer(pick(0, option))
        receipts.append(again.finish("candidate").code)
        pc.stop()
        shutil.move(pc.folder / "attempts", tmp_path / place)
        shutil.copytree(tmp_path / "copy", pc.folder / "attempts")
    both = [tmp_path / "first", tmp_path / "second"]

    board = room.board(*both)

    row = board.rows[0]
    assert row.status == "conflict"
    assert "exam.remark-fork" in {remark.code for remark in row.remarks}
    assert {bundle.index.receipt for bundle in (*row.aside, row.taken) if bundle} == set(receipts)
    for receipt in receipts:
        named = room.board(*both, receipts={"1001": receipt}).rows[0]
        assert named.taken is not None
        assert named.taken.index.receipt == receipt
        assert named.status == "conflict"


def test_a_receipt_on_paper_that_is_another_sets_aside(room: Room, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    carried = {one.candidate: one for one in collect(room.places(), stick).carried}
    good = carried["1001"].receipt
    assert room.board(stick, receipts={"1001": good.lower()}).rows[0].status == "complete"
    row = room.board(stick, receipts={"1001": "AAAA-AAAA"}).rows[0]
    assert row.status == "conflict"
    assert [remark.code for remark in row.remarks] == ["exam.remark-receipt"]


def test_two_attempts_on_one_ticket_the_first_counts(exam: Exam, tmp_path: Path) -> None:
    room = Room(exam, tmp_path)
    first = room.sits("1001", [1])
    second = room.pc("1001", "elsewhere")
    second.clock.go(60_000)
    attempt = second.sit()
    attempt.show("i0")
    attempt.answer(pick(0, 3))
    attempt.finish("candidate")
    second.stop()

    row = room.board(*room.places()).rows[0]

    assert row.status == "conflict"
    assert row.taken is not None
    assert row.taken.mark == read_bundle(first.bundle()).mark
    assert [one.mark for one in row.aside] == [read_bundle(second.bundle()).mark]


def test_t23_a_segment_after_the_end_without_a_code_does_not_count(
    exam: Exam, tmp_path: Path
) -> None:
    """The program itself refuses; here somebody has made the segment with a program of his own,
    with ticket and words in hand."""
    room = Room(exam, tmp_path)
    pc = room.sits("1001", [1])
    chain = read_bundle(pc.bundle()).chain
    before = chain.last.binding
    last = chain.tally
    assert last is not None
    for code in ("", "ABCDEFGHJK"):
        binding = msgspec.structs.replace(before, segment=2, previous=chain.head)
        writer = SegmentWriter(
            binding, exam.capsules["1001"].ticket_key, exam.header.recipients, Entropy("own")
        )
        stamp = msgspec.structs.replace(last.stamp, ticks=last.stamp.ticks + 1000)
        events: list[Event] = [Resumed((pick(0, 2),), (), stamp.active, 1, as_of=99), pick(1, 2)]
        if code:
            events.insert(0, CodeUsed("reopen", 1, code))
        frames = [writer.append(Record(stamp, event), Tally(stamp)) for event in events]
        frames.append(writer.append(Record(stamp, Finished("time")), Tally(stamp), final=True))
        log = next((pc.folder / "attempts").rglob("segment-001.log")).read_bytes()
        content = write_bundle([log, writer.start + b"".join(frames)])

        result = open_bundle(exam, content, "1001")

        assert answers(result) == answers(open_bundle(exam, pc.bundle(), "1001"))
        assert "exam.remark-late" in codes(result)
        assert ("exam.remark-code-unknown" in codes(result)) == bool(code)


def test_codes_that_were_never_given_grant_nothing(exam: Exam, tmp_path: Path) -> None:
    """A patched program takes any code; the teacher's sheet knows better."""
    room = Room(exam, tmp_path)
    pc = room.sits("1001", [1])
    binding = read_bundle(pc.bundle()).binding
    writer = SegmentWriter(
        binding, exam.capsules["1001"].ticket_key, exam.header.recipients, Entropy("own")
    )

    def at(seconds: int) -> Stamp:
        return Stamp("b", 1000 * seconds, 0, 1000 * seconds, 1000 * seconds)

    other = exam.codes["1002", "plus-10", 1].code
    events: list[tuple[int, Event]] = [
        (0, Started()),
        (10, CodeUsed("plus-10", 1, other)),
        (11, CodeUsed("plus-5", 1, exam.codes["1001", "plus-5", 1].code)),
        (3890, pick(0, 1)),
        (3950, pick(0, 2)),
    ]
    frames = [
        writer.append(Record(at(when), event), Tally(at(when), started=True))
        for when, event in events
    ]
    content = write_bundle([writer.start + b"".join(frames)])
    assert read_segment(writer.start).end == "open"

    result = open_bundle(exam, content, "1001")

    assert result.state.grants == 300
    assert result.state.late == 1
    assert result.state.answers["i0"] == pick(0, 1)
    assert {"exam.remark-code-unknown", "exam.remark-late"} <= codes(result)


def test_time_that_was_not_counted_is_seen_by_the_ticks(exam: Exam, tmp_path: Path) -> None:
    room = Room(exam, tmp_path)
    binding = read_bundle(room.sits("1001", [1]).bundle()).binding
    writer = SegmentWriter(
        binding, exam.capsules["1001"].ticket_key, exam.header.recipients, Entropy("own")
    )
    frames = []
    events: list[tuple[int, int, Event]] = [
        (0, 0, Started()),
        (900, 30, pick(0, 1)),
        (901, 20, pick(1, 1)),
    ]
    for ticks, active, event in events:
        stamp = Stamp("b", 1000 * ticks, 0, 1000 * active, 1000 * ticks)
        frames.append(writer.append(Record(stamp, event), Tally(stamp, started=True)))

    result = open_bundle(exam, write_bundle([writer.start + b"".join(frames)]), "1001")

    assert {"exam.remark-uncounted", "exam.remark-clock-back"} <= codes(result)


def test_g5_what_the_proctor_noted_bounds_the_time(room: Room) -> None:
    path = next((room.pcs["pc-1001"].folder / "attempts").rglob("result.xrs"))
    result = opened(room.exam, path)
    started = result.state.started
    assert started is not None

    late = Outside(began=started.moment + 60_000, ended=started.moment + 70_000)
    assert {"exam.remark-early", "exam.remark-too-long"} <= codes(
        opened(room.exam, path, outside=late)
    )
    fair = Outside(began=started.moment - 60_000, ended=started.moment + 3_600_000)
    assert codes(opened(room.exam, path, outside=fair)) == set()
    assert codes(opened(room.exam, path, programs=["another"])) == {"exam.remark-program"}


# Hostile folders


def test_links_in_a_collected_folder_lead_nowhere(room: Room, tmp_path: Path) -> None:
    secret = tmp_path / "elsewhere"
    secret.mkdir()
    source = room.places()[0]
    inside = next(source.rglob("result.xrs"))
    shutil.copy(inside, secret / "secret.xrs")
    trap = tmp_path / "trap"
    trap.mkdir()
    (trap / "link.xrs").symlink_to(secret / "secret.xrs")
    (trap / "folder").symlink_to(secret)
    (trap / "loop").symlink_to(trap)

    assert gather([trap]).bundles == ()


def test_a_link_in_the_place_of_a_result_is_replaced_not_followed(
    room: Room, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    name = collect(room.places(), stick).carried[0].name
    content = (stick / name).read_bytes()
    (stick / name).unlink()
    (stick / name).symlink_to(victim)

    assert deliver(content, stick / name)
    assert victim.read_bytes() == b"mine"
    assert not (stick / name).is_symlink()


def test_no_candidate_number_becomes_a_path(tmp_path: Path) -> None:
    for name in ("../../etc", "a/b", "C:\\x", "", ".", "..", "con ", "学生", "a" * 300, "x\0y"):
        made = folder_name(name)
        assert "/" not in made
        assert "\\" not in made
        assert made not in {"", ".", ".."}
        assert len(made) <= 40
    assert folder_name("学生一") != folder_name("学生二")


def test_a_file_as_large_as_no_exam_makes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.xrs"
    with path.open("wb") as file:
        file.write(MAGIC)
        file.truncate(1 << 32)  # sparse: takes no room

    found = gather([tmp_path])

    assert found.bundles == ()
    assert [one.remark.code for one in found.unread] == ["exam.bundle-large"]


@pytest.mark.parametrize("length", [0, -1, 1 << 40])
def test_lengths_in_an_index_cannot_make_it_read_elsewhere(
    room: Room, tmp_path: Path, length: int
) -> None:
    content = next(tmp_path.rglob("result.xrs")).read_bytes()
    size = int.from_bytes(content[8:12], "big")
    index = msgspec.json.decode(content[12 : 12 + size], type=Index)
    lengths = (length, index.lengths[0] - length)
    plain = msgspec.json.encode(msgspec.structs.replace(index, lengths=lengths))
    forged = MAGIC + len(plain).to_bytes(4, "big") + plain + content[12 + size : -32]

    with pytest.raises(ExamError, match=r"bundle-index|no-log"):
        read_bundle(forged + digest(forged))


def test_segments_of_two_candidates_make_no_bundle(room: Room) -> None:
    logs = [
        next((room.pcs[name].folder / "attempts").rglob("segment-001.log")).read_bytes()
        for name in ("pc-1001", "pc-1003")
    ]
    with pytest.raises(ExamError, match="bundle-mixed"):
        write_bundle(logs)


def test_t33_a_stick_pulled_while_copying_leaves_no_half_result(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "stick"
    real = os.fsync

    def pulled(_descriptor: int) -> None:
        raise OSError(5, "gone")

    monkeypatch.setattr(os, "fsync", pulled)
    with pytest.raises(TrainerError, match=r"disk\.gone"):
        collect(room.places(), stick)
    monkeypatch.setattr(os, "fsync", real)

    assert list(stick.glob("*.xrs")) == []
    collect(room.places(), stick)
    assert statuses(room.board(stick)) == EXPECTED


def test_t33_half_a_file_is_never_taken_as_whole(room: Room, tmp_path: Path) -> None:
    content = next(tmp_path.rglob("result.xrs")).read_bytes()
    stick = tmp_path / "stick"
    stick.mkdir()
    for cut in range(0, len(content), 97):
        (stick / "half.xrs").write_bytes(content[:cut])
        assert gather([stick]).bundles == ()


def test_progress_is_told_and_can_be_stopped(room: Room) -> None:
    told: list[tuple[int, int]] = []
    gather(room.places(), lambda done, of: told.append((done, of)))
    assert told[-1][0] == told[-1][1] > 0

    def stop(done: int, of: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        gather(room.places(), stop)


def test_a_log_put_beside_anothers_does_not_spoil_it(room: Room, tmp_path: Path) -> None:
    """A neighbour may write to the share: he copies the victim's binding and signs it himself."""
    share = tmp_path / "share"
    share.mkdir()
    log = next((room.pcs["pc-1001"].folder / "attempts").rglob("segment-001.log")).read_bytes()
    (share / "1001.log").write_bytes(log)
    binding = read_segment(log).binding
    for count, change in enumerate(({}, {"begun": 0}, {"header_digest": b"x"}, {"segment": 0})):
        own = msgspec.structs.replace(binding, **change)  # type: ignore[arg-type]
        writer = SegmentWriter(own, bytes(32), room.exam.header.recipients, Entropy(f"n{count}"))
        (share / f"evil-{count}.log").write_bytes(writer.start)
    package = Pc(room.exam, tmp_path / "desk").package()
    tickets = {number: capsule.ticket_key for number, capsule in room.exam.capsules.items()}

    keyless = board_of([share], package.header, package.header_digest)
    teachers = board_of([share], package.header, package.header_digest, ticket_keys=tickets)

    assert keyless.rows[0].status == "conflict"
    assert teachers.rows[0].status == "complete"
    assert {one.remark.code for one in teachers.rejected} == {
        "exam.remark-no-proof",
        "exam.remark-other-package",
    }


def framed(body: bytes) -> bytes:
    """A genesis frame as anybody can make it."""
    content = len(body).to_bytes(4, "big") + body + bytes(64)
    return b"PRTLOG1\n" + content + zlib.crc32(content).to_bytes(4, "big")


@pytest.mark.parametrize(
    "content",
    [
        framed(b"\x91" * 100_000),
        framed(b"\x81\xa1x" * 100_000),
        framed(b"\xdd\xff\xff\xff\xff"),
        framed(b"\xc6\xff\xff\xff\xff"),
        b"PRTLOG1\n\xff\xff\xff\xff" + bytes(100),
        b"PRTLOG1\n" + bytes(8) * 1000,
    ],
)
def test_bottomless_and_endless_things_are_no_log(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "evil.log").write_bytes(content)

    found = gather([tmp_path])

    assert [one.remark.code for one in found.unread] == ["exam.no-log"]


def test_a_bottomless_index_is_refused() -> None:
    plain = b'{"x":' * 50_000 + b"1" + b"}" * 50_000
    whole = MAGIC + len(plain).to_bytes(4, "big") + plain
    with pytest.raises(ExamError, match=r"bundle-(index|damaged)"):
        read_bundle(whole + digest(whole))


def test_t21_a_rollback_disagrees_with_the_copy_on_the_share(exam: Exam, tmp_path: Path) -> None:
    room = Room(exam, tmp_path)
    share = tmp_path / "share"
    share.mkdir()
    pc = room.pc("1001")
    pc.share = FolderShare(share)
    attempt = pc.sit()
    attempt.show("i0")
    attempt.answer(pick(0, 1)).result()
    shutil.copytree(pc.folder / "attempts", tmp_path / "copy")
    attempt.went_away()
    attempt.came_back(40_000)
    attempt.answer(pick(0, 2)).result()
    pc.stop()
    shutil.rmtree(pc.folder / "attempts")
    shutil.copytree(tmp_path / "copy", pc.folder / "attempts")
    pc.share = None
    pc.clock.go(5_000)
    pc.sit().finish("candidate")
    pc.stop()

    alone = room.board(pc.folder / "attempts").rows[0]
    beside = room.board(pc.folder / "attempts", share).rows[0]

    assert alone.status == "complete"  # the gap and the restart are in the opened result
    assert beside.status == "conflict"
    assert "exam.remark-fork" in {remark.code for remark in beside.remarks}


@pytest.mark.parametrize("segments", [1, 2])
def test_t16_an_attempt_cut_anywhere_is_collected_as_far_as_it_goes(
    exam: Exam, tmp_path: Path, segments: int
) -> None:
    room = Room(exam, tmp_path)
    pc = room.sits("1001", [1, 2], ends=False)
    if segments == 2:
        pc.clock.go(1000)
        pc.sit().finish("candidate")
        pc.stop()
    logs = [path.read_bytes() for path in sorted((pc.folder / "attempts").rglob("*.log"))]
    whole = read_bundle(write_bundle(logs)).chain
    genesis = 8 + 4 + int.from_bytes(logs[-1][8:12], "big") + 64 + 4
    for cut in range(0, len(logs[-1]), 23):
        files = [*logs[:-1], logs[-1][:cut]]
        if segments == 1 and cut < genesis:
            with pytest.raises(ExamError, match="no-log"):
                write_bundle(files)
            continue
        chain = read_bundle(write_bundle(files)).chain
        assert not chain.complete
        assert not chain.forked
        assert whole.heads[: len(chain.heads)] == chain.heads
