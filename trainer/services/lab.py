"""Is this PC fit? Looks, reports, and changes nothing but one test file it removes again."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

MINIMUM_FREE = 200 * 2**20  # bytes: decks, learners and their backups with room to spare
OLDEST_SENSIBLE = datetime(2026, 1, 1)  # noqa: DTZ001 - an empty CMOS battery is years off
MINIMUM_SQLITE = (3, 37, 0)  # strict tables

_CHINESE_FONTS = ("NotoSansCJK", "SourceHanSans", "wqy", "DroidSansFallback")
_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `code` names the sentence, which also says what to do."""

    name: str
    good: bool
    code: str
    blanks: Mapping[str, object] = field(default_factory=dict)


def check_pc(content: Path, data: Path, now: datetime) -> Iterator[Check]:
    """Everything the program needs, one check after another."""
    yield _decks(content)
    yield _writing(data)
    yield _space(data)
    yield _sqlite()
    yield _clock(now)
    yield _display()
    yield _chinese_font()


def _decks(content: Path) -> Check:
    count = sum(1 for _ in content.rglob("*.md")) if content.is_dir() else 0
    code = "doctor.decks" if count else "doctor.no-decks"
    return Check("decks", count > 0, code, {"count": count, "folder": content})


def _writing(data: Path) -> Check:
    """Write, sync and read back: a share may take a file and lose it."""
    probe = data / f"doctor-{os.getpid()}.tmp"
    made = [folder for folder in (data, *data.parents) if not folder.exists()]
    try:
        data.mkdir(parents=True, exist_ok=True)
        with probe.open("wb") as file:
            file.write(b"written")
            file.flush()
            os.fsync(file.fileno())
        good = probe.read_bytes() == b"written"
        probe.unlink()
        for folder in made:
            folder.rmdir()
    except OSError as error:
        return Check("writing", False, "doctor.no-writing", {"folder": data, "reason": error})
    return Check("writing", good, "doctor.writing", {"folder": data})


def _space(data: Path) -> Check:
    there = next(folder for folder in (data, *data.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    code = "doctor.space" if free >= MINIMUM_FREE else "doctor.no-space"
    return Check("space", free >= MINIMUM_FREE, code, {"megabytes": free // 2**20})


def _sqlite() -> Check:
    good = sqlite3.sqlite_version_info >= MINIMUM_SQLITE and _has_full_text_search()
    code = "doctor.sqlite" if good else "doctor.no-sqlite"
    return Check("sqlite", good, code, {"version": sqlite3.sqlite_version})


def _has_full_text_search() -> bool:
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("create virtual table trial using fts5(text)")
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()
    return True


def _clock(now: datetime) -> Check:
    good = now.replace(tzinfo=None) >= OLDEST_SENSIBLE
    code = "doctor.clock" if good else "doctor.no-clock"
    return Check("clock", good, code, {"time": now.strftime("%Y-%m-%d %H:%M %Z").strip()})


def _display() -> Check:
    if sys.platform in {"win32", "darwin"}:
        return Check("display", True, "doctor.display")
    good = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
    return Check("display", good, "doctor.display" if good else "doctor.no-display")


def _chinese_font() -> Check:
    good = sys.platform in {"win32", "darwin"} or any(
        any(name.lower() in path.name.lower() for name in _CHINESE_FONTS)
        for folder in _FONT_FOLDERS
        for path in Path(folder).expanduser().rglob("*.tt[cf]")
    )
    return Check("font", good, "doctor.font" if good else "doctor.no-font")
