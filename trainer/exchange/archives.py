"""ZIP files and compressed streams from anywhere: limits, and no member written by its name."""

import io
import zipfile
import zlib
from collections.abc import Iterable

from trainer.foundation.errors import TrainerError

MOST_MEMBERS = 20_000
LARGEST_MEMBER = 64 * 2**20  # bytes, unpacked
LARGEST_WHOLE = 512 * 2**20  # bytes, of everything that is read

# What zipfile and zlib raise for files that are damaged or made to hurt.
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)
_DAMAGE_TOO = (KeyError, OverflowError, RuntimeError, UnicodeDecodeError, MemoryError)
_FIRST_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest a ZIP file can name


class Archive:
    """The members of a ZIP file by name. Raises TrainerError: import.damaged, import.too-big."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            members = self._zip.infolist()
        except (*_DAMAGE, *_DAMAGE_TOO) as error:
            raise TrainerError("import.damaged") from error
        if len(members) > MOST_MEMBERS:
            raise TrainerError("import.too-big")
        self._members = {member.filename: member for member in members}
        self._read = 0

    def names(self) -> list[str]:
        return list(self._members)

    def has(self, name: str) -> bool:
        return name in self._members

    def read(self, name: str, most: int = LARGEST_MEMBER) -> bytes:
        """The member `name`, unpacked; its header may lie about its size.

        Raises KeyError when there is none."""
        member = self._members[name]
        most = min(most, LARGEST_WHOLE - self._read)
        if member.file_size > most:
            raise TrainerError("import.too-big")
        try:
            with self._zip.open(member) as file:
                content = file.read(most + 1)
        except (*_DAMAGE, *_DAMAGE_TOO) as error:
            raise TrainerError("import.damaged") from error
        if len(content) > most:
            raise TrainerError("import.too-big")
        self._read += len(content)
        return content


def is_zip(content: bytes) -> bool:
    return content[:4] in {b"PK\x03\x04", b"PK\x05\x06"}


def zipped(members: Iterable[tuple[str, bytes]]) -> bytes:
    """A ZIP file, the same bytes for the same members."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members:
            about = zipfile.ZipInfo(name, _FIRST_DATE)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.external_attr = 0o644 << 16
            file.writestr(about, content)
    return packed.getvalue()


def unzstd(content: bytes, most: int = LARGEST_MEMBER) -> bytes:
    """A Zstandard frame, unpacked. Raises TrainerError: import.damaged, import.too-big."""
    import zstandard  # 20 ms, for those who open such a file

    try:
        # A window larger than this is not needed below `most` bytes, and costs its memory at once.
        reader = zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(content)
        unpacked = reader.read(most + 1)
    except (zstandard.ZstdError, MemoryError) as error:
        raise TrainerError("import.damaged") from error
    if len(unpacked) > most:
        raise TrainerError("import.too-big")
    return unpacked
