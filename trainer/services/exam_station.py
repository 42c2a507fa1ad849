"""The PC a candidate sits at: its folders and clock, and the marks of program and machine."""

import sys
import uuid
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from trainer.exams.clock import ExamClock
from trainer.exams.keys import KDF_FLOOR, Entropy
from trainer.exams.model import Kdf
from trainer.services.exam_clock import SystemExamClock
from trainer.services.exam_keys import KeyShelf
from trainer.services.exam_office import EXAM_FOLDER, open_shelf
from trainer.storage.exam_log import Disk, SystemDisk
from trainer.storage.exam_mirror import Share

_MACHINE_ID = Path("/etc/machine-id")


@dataclass(frozen=True, slots=True)
class Station:
    """What a PC brings along."""

    disk: Disk
    clock: ExamClock
    entropy: Entropy
    root: Path  # attempts, on a local disk
    keys: KeyShelf  # of the teachers this PC trusts
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
    return Station(
        disk=SystemDisk(),
        clock=SystemExamClock(),
        entropy=entropy,
        root=attempts_folder(data),
        keys=open_shelf(data, program, entropy),
        program=program_hash(),
        version=version,
        machine=machine_mark(),
        share=share,
    )


def attempts_folder(data: Path) -> Path:
    return data / EXAM_FOLDER / ATTEMPTS


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
