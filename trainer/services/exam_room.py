"""A candidate's PC from the package to the attempt: open, identify, words, begin or take up."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from trainer.exams.bundle import write_bundle
from trainer.exams.chain import Chain
from trainer.exams.clock import begin
from trainer.exams.deadline import Allowance, extra_time, may_start
from trainer.exams.keys import ExamError
from trainer.exams.log import Binding, SegmentWriter, receipt_of
from trainer.exams.model import Capsule, CodeUsed
from trainer.exams.package import MOST_PACKAGE, Package, read_package, signer_of
from trainer.exams.room import Entered, Opened
from trainer.exams.teacher_keys import PublicKeys
from trainer.exams.tries import Tries
from trainer.foundation.errors import TrainerError
from trainer.foundation.files import disk_error
from trainer.foundation.fingerprint import fingerprint_words
from trainer.services.exam_attempt import RunningAttempt, Standing
from trainer.services.exam_earlier import Earlier, Memo, earlier_attempts, places_of, take_up
from trainer.services.exam_station import Station, short_mark
from trainer.storage.exam_journal import Journal, JournalWriter, journal_key
from trainer.storage.exam_log import JOURNAL, GrowingFile, SegmentFile, folder_name
from trainer.storage.exam_mirror import EVERY, Mirror, Stored, Written

PACKAGES = "*.xpk"
RESULT = "result.xrs"
_MOST_KEY = 4096


class ExamRoom:
    """One candidate after another at one PC."""

    def __init__(
        self,
        station: Station,
        folders: Sequence[Path] = (),
        mirror_every: float = EVERY,
    ) -> None:
        """`folders` are looked through for packages, drives besides."""
        self._station = station
        self._folders = folders
        self._every = mirror_every
        self._package: Package | None = None
        self._exam_key = b""
        self._tries = Tries()
        self._let_go: Callable[[], None] | None = None
        self._file: SegmentFile | None = None
        self._attempt: RunningAttempt | None = None
        self._mirror: Mirror | None = None

    def found(self) -> Sequence[tuple[str, str]]:
        """Packages on this PC and its drives: path, and the folder or drive."""
        found = []
        for folder in [*self._folders, *_drives()]:
            try:
                paths = sorted(path for path in folder.glob(PACKAGES) if path.is_file())
            except OSError:
                continue
            found += [(str(path), str(folder)) for path in paths]
        return list(dict.fromkeys(found))

    @property
    def attempt(self) -> RunningAttempt:
        """The attempt that was entered last. Raises ExamError before that."""
        if self._attempt is None:
            raise ExamError("exam.closed")
        return self._attempt

    @property
    def package(self) -> Package:
        if self._package is None:
            raise ExamError("exam.no-package")
        return self._package

    def open(self, path: Path) -> Opened:
        """Raises ExamError (see `read_package`) and TrainerError (disk.*)."""
        return self.open_content(_read(path, MOST_PACKAGE))

    def open_content(self, content: bytes) -> Opened:
        station = self._station
        keys = [each.sign_public for each in station.keys.trusted()]
        now = station.clock.read().wall
        self._package = read_package(content, keys, station.version, now, station.floor)
        self._exam_key = b""
        words = fingerprint_words(signer_of(content))
        return Opened(self._package.header, words, short_mark(station.program))

    def trust(self, path: Path) -> None:
        """Know the teacher of this package from now on: somebody has compared the words.

        Raises ExamError when the package is not good even so, and TrainerError (disk.*).
        """
        content = _read(path, MOST_PACKAGE)
        signer = signer_of(content)
        station = self._station
        now = station.clock.read().wall
        header = read_package(content, [signer], station.version, now, station.floor).header
        box = header.recipients[0] if header.recipients else b""
        station.keys.trust(PublicKeys(header.teacher_name, signer, box))

    def unlock(self, words: str) -> None:
        """Open the paper with the words; takes half a second.

        Raises ExamError: exam.words-*, and exam.wait (blank seconds) after wrong ones.
        """
        self._wait_or(lambda: self.package.open_with_words(words, self._station.floor))

    def unlock_with(self, key: Path) -> None:
        """Open the paper with the start key's file. Raises ExamError, TrainerError (disk.*)."""
        content = _read(key, _MOST_KEY)
        self._wait_or(lambda: self.package.open_with_key(content))

    def enter(self, number: str, ticket: str, code: str = "") -> Entered:
        """Begin the attempt, or take up the one that is on this PC. `code` is a reopen code of
        the proctor's sheet, for an attempt that was handed in.

        Raises ExamError: exam.ticket-wrong, exam.not-on-roster, exam.code-form, exam.wait,
        exam.window-early, exam.window-late, exam.running, exam.already-handed-in (blank receipt),
        exam.code-wrong; and TrainerError (disk.*) when nothing can be written.
        """
        package, station = self.package, self._station
        if not self._exam_key:
            raise ExamError("exam.words-wrong")
        self._wait()
        try:
            capsule = package.capsule(self._exam_key, number, ticket, station.floor)
        except ExamError as error:
            if error.code == "exam.ticket-wrong":
                self._went_wrong()
            raise
        self._tries = Tries()
        self.leave()
        memo: Memo = {}
        earlier = earlier_attempts(station, package, capsule, memo)
        if earlier:
            return self._go_on(capsule, earlier[0], code, memo)
        return self._begin(capsule)

    def leave(self, wait: float = 0.0) -> None:
        """Let go of the attempt; what is written stays and can be taken up. Raises TrainerError
        (disk.*) when something could not be written."""
        file, mirror, let_go = self._file, self._mirror, self._let_go
        self._file = self._mirror = self._let_go = None
        try:
            if file is not None:
                file.close()
        finally:
            if mirror is not None:
                mirror.close(wait)
            if let_go is not None:
                let_go()

    def mirror_now(self) -> None:
        """Copy to the share without waiting for the next round."""
        if self._mirror is not None:
            self._mirror.now()

    @property
    def mirror_behind(self) -> bool:
        return self._mirror is not None and self._mirror.behind

    # Parts

    def _begin(self, capsule: Capsule) -> Entered:
        station, header = self._station, self.package.header
        reading = station.clock.read()
        if not may_start(reading.wall, header.time):
            early = header.time.window_start and reading.wall < header.time.window_start
            raise ExamError("exam.window-early" if early else "exam.window-late")
        attempt_id = station.entropy(16).hex()
        folder = places_of(station, self.package, capsule.candidate, attempt_id)[0]
        standing = Standing(begin(reading))
        attempt = self._run(capsule, standing, folder, attempt_id, 1, b"", Journal({}, frozenset()))
        return self._entered(attempt, capsule, resumed=False)

    def _go_on(self, capsule: Capsule, earlier: Earlier, code: str, memo: Memo) -> Entered:
        # The lock comes first: what another window still writes must not be read half.
        self._let_go = self._station.disk.hold(earlier.folder)
        try:
            used = self._reopening(capsule, earlier.chain, code)
            fresh = earlier_attempts(self._station, self.package, capsule, memo)
            earlier = next(one for one in fresh if one.attempt_id == earlier.attempt_id)
            key = journal_key(self._exam_key, capsule.ticket_key)
            taken = take_up(self._station, self.package, earlier, key, capsule)
            attempt = self._run(
                capsule,
                taken.standing,
                earlier.folder,
                earlier.attempt_id,
                earlier.next_number,
                earlier.chain.head,
                taken.journal,
                earlier.contents,
            )
        except BaseException:
            self.leave()
            raise
        if used is not None:
            attempt.reopened(used)
        attempt.resumed(taken.event).result()
        return self._entered(attempt, capsule, resumed=True)

    def _reopening(self, capsule: Capsule, chain: Chain, code: str) -> CodeUsed | None:
        """The code that opens again what was handed in; None when it was not."""
        if not chain.complete:
            return None
        if not code:
            raise ExamError("exam.already-handed-in", receipt=receipt_of(chain.head))
        self._wait()
        known = self.package.check_code(capsule.candidate, code, self._station.floor)
        used = chain.tally.codes if chain.tally else ()
        if known is None or known.action != "reopen":
            self._went_wrong()
            wait = -(-self._tries.wait(self._station.clock.read().ticks) // 1000)
            raise ExamError("exam.code-wrong", seconds=wait)
        if (known.action, known.number) in used:
            raise ExamError("exam.code-used")
        return CodeUsed(known.action, known.number, known.code)

    def _run(
        self,
        capsule: Capsule,
        standing: Standing,
        folder: Path,
        attempt_id: str,
        number: int,
        previous: bytes,
        begun: Journal,
        before: Sequence[tuple[int, bytes]] = (),
    ) -> RunningAttempt:
        station, package = self._station, self.package
        header = package.header
        reading = standing.counted.last
        binding = Binding(
            header.exam_id,
            header.sitting_id,
            package.header_digest,
            capsule.candidate,
            attempt_id,
            number,
            previous,
            station.program,
            station.machine,
            reading.boot,
            reading.wall,
            b"",
        )
        writer = SegmentWriter(binding, capsule.ticket_key, header.recipients, station.entropy)
        if self._let_go is None:
            try:
                self._let_go = station.disk.hold(folder)
            except TrainerError:
                if station.spare is None:
                    raise
        spare = places_of(station, package, capsule.candidate, attempt_id)[1:]
        file = SegmentFile(
            station.disk,
            folder,
            number,
            spare[0] if spare else None,
            GrowingFile(station.disk, folder / JOURNAL, begun.good),
        )
        self._file = file
        file.start(writer.start).result()
        if station.share is not None:
            known = f"{folder_name(capsule.candidate)}-{folder_name(attempt_id)}"
            copied: list[tuple[str, Written]] = [
                (f"{known}-{at:03}.log", Stored(content)) for at, content in before
            ]
            copied.append((f"{known}-{number:03}.log", file))
            self._mirror = Mirror(station.share, copied, self._every)
        key = journal_key(self._exam_key, capsule.ticket_key)
        journal = JournalWriter(key, attempt_id, station.entropy, begun.entries)
        attempt = RunningAttempt(station, package, capsule, standing, writer, file, journal)
        attempt.when_ended = lambda: self._bundle(file, folder, [one for _, one in before])
        self._attempt = attempt
        return attempt

    def _bundle(self, file: SegmentFile, folder: Path, before: Sequence[bytes]) -> None:
        """The result beside its segments; where it cannot be written, collecting makes it."""
        with suppress(TrainerError):
            content = write_bundle([*before, file.written()])
            self._station.disk.replace(folder / RESULT, content)
        self.mirror_now()

    def _entered(self, attempt: RunningAttempt, capsule: Capsule, *, resumed: bool) -> Entered:
        rules = self.package.header.time
        extra = extra_time(rules, Allowance(capsule.extra_percent, capsule.extra))
        common = self.package.common(self._exam_key)
        return Entered(
            attempt,
            resumed,
            -(-rules.limit // 60),
            -(-extra // 60),
            common.rules,
            attempt.held,
            capsule.accommodations,
        )

    def _wait_or(self, open_it: Callable[[], bytes]) -> None:
        self._wait()
        try:
            self._exam_key = open_it()
        except ExamError as error:
            if error.code in {"exam.words-wrong", "exam.start-key-wrong"}:
                self._went_wrong()
            raise
        self._tries = Tries()

    def _wait(self) -> None:
        wait = self._tries.wait(self._station.clock.read().ticks)
        if wait:
            raise ExamError("exam.wait", seconds=-(-wait // 1000))

    def _went_wrong(self) -> None:
        self._tries = self._tries.after_wrong(self._station.clock.read().ticks)


def _read(path: Path, most: int) -> bytes:
    try:
        if path.stat().st_size > most:
            raise ExamError("exam.no-package")
        return path.read_bytes()
    except OSError as error:
        raise (disk_error(error, path) or TrainerError("disk.gone", path=str(path))) from error


def _drives() -> Iterator[Path]:
    """Drives that may carry a package: every letter on Windows, what is mounted elsewhere."""
    if sys.platform == "win32":
        for letter in "DEFGHIJKLMNOPQRSTUVWXYZ":
            drive = Path(f"{letter}:/")
            if drive.exists():
                yield drive
    else:
        for parent in (Path("/media"), Path("/run/media"), Path("/mnt"), Path("/Volumes")):
            yield from (each for each in sorted(parent.glob("*")) if each.is_dir())
            yield from (each for each in sorted(parent.glob("*/*")) if each.is_dir())
