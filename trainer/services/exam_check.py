"""Is this PC fit for an exam? Looks and reports; changes nothing but a test file it removes."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from trainer.exams.clock import ExamClock, Reading
from trainer.foundation.errors import TrainerError
from trainer.services.exam_station import Station, short_mark
from trainer.services.lab import Check

LEAST_FREE = 200 << 20  # bytes
_SLOW_MS = 500


def check_station(
    station: Station, program: Path, pause: Callable[[float], None] = time.sleep
) -> Iterator[Check]:
    """`program` is the folder the program runs from: candidates must not be able to change it."""
    yield Check("program", True, "exam.check-program", {"mark": short_mark(station.program)})
    yield _protected(program)
    yield _keys(station)
    yield _disk(station)
    yield _space(station.root)
    yield _clock(station.clock, pause)
    yield _memory()
    if station.share is not None:
        yield _share(station)


def _protected(program: Path) -> Check:
    good = not os.access(program, os.W_OK) or _is_administrator()
    code = "exam.check-protected" if good else "exam.check-unprotected"
    return Check("rights", good, code, {"folder": program})


def _is_administrator() -> bool:
    """Who may write everywhere learns nothing from this check."""
    return os.name == "posix" and os.geteuid() == 0


def _keys(station: Station) -> Check:
    trusted = station.keys.trusted()
    names = ", ".join(f"{each.name} ({each.words})" for each in trusted)
    code = "exam.check-keys" if trusted else "exam.check-no-keys"
    return Check("keys", bool(trusted), code, {"names": names})


def _disk(station: Station) -> Check:
    """Write, flush and read back where answers will go."""
    probe = station.root / f"check-{os.getpid()}.tmp"
    began = time.monotonic()
    try:
        station.disk.make(station.root)
        station.disk.append(probe, 0, b"first ")
        station.disk.append(probe, 6, b"second")
        good = station.disk.read(probe) == b"first second"
    except TrainerError as error:
        return Check("disk", False, "exam.check-no-disk", {"folder": station.root, "why": error})
    finally:
        probe.unlink(missing_ok=True)
    took = round(1000 * (time.monotonic() - began) / 2)
    code = "exam.check-disk" if good and took < _SLOW_MS else "exam.check-slow-disk"
    return Check("disk", good and took < _SLOW_MS, code, {"ms": took, "folder": station.root})


def _space(root: Path) -> Check:
    there = next(folder for folder in (root, *root.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    code = "exam.check-space" if free >= LEAST_FREE else "exam.check-no-space"
    return Check("space", free >= LEAST_FREE, code, {"megabytes": free >> 20})


def _clock(clock: ExamClock, pause: Callable[[float], None]) -> Check:
    """Ticks go on, and wall and ticks agree."""
    before = clock.read()
    pause(0.2)
    after = clock.read()
    elapsed = after.ticks - before.ticks
    good = before.boot == after.boot and 100 <= elapsed <= 5000 and _sane(after)
    code = "exam.check-clock" if good else "exam.check-no-clock"
    return Check("clock", good, code, {"boot": after.boot[:8], "hours": after.uptime // 3_600_000})


def _sane(reading: Reading) -> bool:
    return reading.wall > 1_767_225_600_000  # 2026-01-01: an empty CMOS battery is years off


def _memory() -> Check:
    """Argon2id takes 256 MiB for half a second."""
    from trainer.exams.keys import KDF_USUAL, SALT_BYTES, stretch

    began = time.monotonic()
    try:
        stretch("check", bytes(SALT_BYTES), KDF_USUAL)
    except (MemoryError, RuntimeError):
        return Check("memory", False, "exam.check-no-memory")
    seconds = round(time.monotonic() - began, 1)
    return Check("memory", True, "exam.check-memory", {"seconds": seconds})


def _share(station: Station) -> Check:
    """Nothing is written: what a drop folder gets cannot be deleted again."""
    try:
        if station.share is not None:
            station.share.size("check")
    except OSError as error:
        return Check("share", False, "exam.check-no-share", {"why": error})
    return Check("share", True, "exam.check-share")
