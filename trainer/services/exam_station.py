"""The PC a candidate sits at: its folders, clock and marks; the teachers it trusts."""

import sys
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from trainer.exams.clock import ExamClock
from trainer.exams.keys import KDF_FLOOR, Entropy, ExamError
from trainer.exams.model import Kdf
from trainer.exams.teacher_keys import PublicKeys, read_public, write_public
from trainer.foundation.errors import TrainerError
from trainer.foundation.files import write_whole
from trainer.services.exam_clock import SystemExamClock
from trainer.services.exam_keys import PUBLIC, TRUSTED
from trainer.services.exam_office import EXAM_FOLDER, TRUSTED_BESIDE
from trainer.storage.exam_log import Disk, SystemDisk, folder_name
from trainer.storage.exam_mirror import Share

_MOST_KEY = 64 << 10
_MACHINE_ID = Path("/etc/machine-id")


@dataclass(frozen=True, slots=True)
class Station:
    """What a PC brings along. `teachers` are folders of trusted keys; the last one is where a
    newly trusted one goes, so it must be writable."""

    disk: Disk
    clock: ExamClock
    entropy: Entropy
    root: Path  # attempts, on a local disk
    teachers: Sequence[Path]
    program: str  # hash of the program
    version: str
    machine: str = ""
    spare: Path | None = None  # where attempts go when the local disk refuses
    share: Share | None = None  # drop folder for copies
    floor: Kdf = KDF_FLOOR  # tests of other matters lower it


ATTEMPTS = "attempts"  # below the folder of exams


def this_station(
    data: Path, program: Path, version: str, entropy: Entropy, share: Share | None = None
) -> Station:
    """The PC the program runs on. Teachers are trusted whose keys lie beside the program, where
    users cannot write, or in the data folder, after their words were compared."""
    exams = data / EXAM_FOLDER
    return Station(
        disk=SystemDisk(),
        clock=SystemExamClock(),
        entropy=entropy,
        root=exams / ATTEMPTS,
        teachers=(program / TRUSTED_BESIDE, exams / TRUSTED),
        program=program_hash(),
        version=version,
        machine=machine_mark(),
        share=share,
    )


def trusted_keys(folders: Sequence[Path]) -> list[PublicKeys]:
    """The teachers this PC trusts; a file that is no key is passed over."""
    found = []
    for path in _key_files(folders):
        try:
            if path.stat().st_size <= _MOST_KEY:
                found.append(read_public(path.read_bytes()))
        except (OSError, ExamError):
            continue
    return found


def trust(folder: Path, keys: PublicKeys) -> None:
    """Trust a teacher from now on. Raises TrainerError (disk.*)."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TrainerError("disk.read-only", path=str(folder)) from error
    name = blake2b(keys.sign_public, digest_size=10).hexdigest()
    write_whole(folder / f"{name}{PUBLIC}", write_public(keys))


def program_hash() -> str:
    """BLAKE2b over the program's own files: of a bundle, its executable."""
    state = blake2b(digest_size=20)
    if getattr(sys, "frozen", False):
        with Path(sys.executable).open("rb") as file:
            while block := file.read(1 << 20):
                state.update(block)
        return state.hexdigest()
    package = Path(__file__).resolve().parents[1]
    for path in sorted(package.rglob("*.py")):
        content = path.read_bytes()
        name = path.relative_to(package).as_posix().encode()
        state.update(len(name).to_bytes(4, "big") + name)
        state.update(len(content).to_bytes(8, "big") + content)
    return state.hexdigest()


def short_mark(program: str) -> str:
    """The part of the program's hash that people compare."""
    return "-".join((program[:4], program[4:8])).upper()


def machine_mark() -> str:
    """The same at every start of this PC's system, another one on the next PC."""
    try:
        own = _MACHINE_ID.read_text(encoding="ascii").strip() or str(uuid.getnode())
    except (OSError, UnicodeDecodeError):
        own = _windows_id() or str(uuid.getnode())
    return blake2b(own.encode(), digest_size=10, person=b"machine").hexdigest()


def spare_folder(spare: Path, sitting_id: str, candidate: str, attempt_id: str) -> Path:
    return spare / folder_name(sitting_id) / folder_name(candidate) / folder_name(attempt_id)


def _key_files(folders: Sequence[Path]) -> Iterator[Path]:
    for folder in folders:
        try:
            yield from sorted(folder.glob(f"*{PUBLIC}"))
        except OSError:
            continue


def _windows_id() -> str:
    if sys.platform == "win32":
        import winreg  # only Windows has it; it is read, never written

        place = r"SOFTWARE\Microsoft\Cryptography"
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, place) as key:
                return str(winreg.QueryValueEx(key, "MachineGuid")[0])
        except OSError:
            return ""
    return ""
