"""What this PC can tell of time: ticks that count sleep, the boot they belong to, wall and zone."""

import sys
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

from trainer.exams.clock import ABOUT, Reading

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class SystemExamClock:
    """Linux: CLOCK_BOOTTIME and the kernel's boot id. Windows: GetTickCount64, which counts sleep;
    its boot is the number that Windows counts them by, else the minute the ticks began. Elsewhere:
    the monotonic clock, and a boot of this process's own, so that every restart counts as one."""

    def __init__(self) -> None:
        self._own = uuid.uuid4().hex
        if sys.platform == "win32":
            self._own = _windows_boot()

    def read(self) -> Reading:
        wall = time.time_ns() // 1_000_000
        offset = datetime.now(UTC).astimezone().utcoffset()
        zone = round(offset.total_seconds() / 60) if offset is not None else 0
        if sys.platform == "win32":
            ticks = _windows_ticks()
            return Reading(self._own, ticks, wall, zone, ticks)
        if hasattr(time, "CLOCK_BOOTTIME"):
            ticks = time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000
            try:
                boot = _BOOT_ID.read_text(encoding="ascii").strip()
            except OSError:
                boot = self._own
            return Reading(boot, ticks, wall, zone, ticks)
        ticks = time.monotonic_ns() // 1_000_000
        return Reading(self._own, ticks, wall, zone, 0)


def _windows_boot() -> str:
    """Asked once: moving the wall clock later is a jump, not another boot."""
    if sys.platform == "win32":
        import winreg  # only Windows has it; it is read, never written

        place = (
            r"SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management"
            r"\PrefetchParameters"
        )
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, place) as key:
                return f"windows-{int(winreg.QueryValueEx(key, 'BootId')[0])}"
        except (OSError, ValueError, TypeError):
            pass
    return f"{ABOUT}{(time.time_ns() // 1_000_000 - _windows_ticks()) // 60_000}"


def _windows_ticks() -> int:
    """Milliseconds since the boot, sleep included."""
    import ctypes

    count = ctypes.windll.kernel32.GetTickCount64  # type: ignore[attr-defined] # only Windows has it
    count.restype = ctypes.c_uint64
    return int(count())
