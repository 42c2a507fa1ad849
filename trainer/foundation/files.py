"""Files written whole or not at all, and what a refusing disk means in the user's words."""

import errno
import os
from pathlib import Path

from trainer.foundation.errors import TrainerError

_NO_ROOM = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
_GONE = {
    errno.ENOENT,
    errno.ENOTDIR,
    errno.EIO,
    errno.ENXIO,
    errno.ENODEV,
    getattr(errno, "ESTALE", errno.EIO),
    getattr(errno, "EHOSTDOWN", errno.EIO),
    getattr(errno, "EHOSTUNREACH", errno.EIO),
}
# Windows' own numbers: handle disk full, disk full, quota exceeded; write protected; sharing and
# lock violation.
_WINDOWS = {
    39: "disk.full",
    112: "disk.full",
    1295: "disk.full",
    19: "disk.read-only",
    32: "file.locked",
    33: "file.locked",
}


def disk_error(error: OSError, path: Path) -> TrainerError | None:
    """What `error`, met while working on `path`, means to a person; None when it is a bug.

    Codes: disk.full, disk.read-only, disk.gone, file.locked; blank: path.
    """
    number = getattr(error, "winerror", None)
    if number in _WINDOWS:
        return TrainerError(_WINDOWS[number], path=str(path))
    if error.errno in _NO_ROOM:
        return TrainerError("disk.full", path=str(path))
    if error.errno in _READ_ONLY:
        return TrainerError("disk.read-only", path=str(path))
    return TrainerError("disk.gone", path=str(path)) if error.errno in _GONE else None


def write_whole(path: Path, content: bytes) -> None:
    """Put `content` in the place of `path`: on the disk before it bears the name, so that a power
    cut leaves the old file or the new one.

    Raises TrainerError (disk.*, file.locked); the old file is then as it was.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        try:
            with part.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        known = disk_error(error, path)
        if known is None:
            raise
        raise known from error
