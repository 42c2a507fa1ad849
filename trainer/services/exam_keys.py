"""Keys on the disk: the teacher's own, its copy, the school's spare key, and the public keys that
lab PCs trust.

    <folder>/teacher.keys     private, under the teacher's passphrase
    <folder>/spare.pub        public key of the school's spare key: results are sealed to it as well
    <folder>/trusted/*.pub    teachers whose packages this PC opens
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from trainer.exams.keys import KDF_FLOOR, KDF_USUAL, Entropy, ExamError
from trainer.exams.model import Kdf
from trainer.exams.teacher_keys import (
    PublicKeys,
    TeacherKeys,
    new_keys,
    read_keys,
    read_public,
    write_keys,
    write_public,
)
from trainer.foundation.errors import TrainerError
from trainer.foundation.files import disk_error, write_whole

KEYS, SPARE, TRUSTED = "teacher.keys", "spare.pub", "trusted"
PUBLIC = ".pub"
_MOST = 64 * 1024
_MOST_TRUSTED = 200


class KeyShelf:
    """The keys in one folder. A lab PC looks into more than one for those it trusts: the program's
    own, which users cannot write, and the user's, for a first use with the words read out."""

    def __init__(self, folder: Path, entropy: Entropy, also_trusted: Iterable[Path] = ()) -> None:
        self._folder = folder
        self._entropy = entropy
        self._also_trusted = tuple(also_trusted)

    # The teacher's machine

    @property
    def key_path(self) -> Path:
        return self._folder / KEYS

    def mine(self) -> PublicKeys | None:
        """Who the keys on this PC belong to; None when there are none yet.

        Raises ExamError exam.no-key-file for a damaged file, TrainerError disk.*.
        """
        return read_public(_read(self.key_path)) if self.key_path.exists() else None

    def make(self, name: str, passphrase: str, kdf: Kdf = KDF_USUAL) -> TeacherKeys:
        """New keys, once; this PC opens their packages, so that a teacher can rehearse.

        Raises ExamError: exam.keys-there, exam.name-missing,
        exam.passphrase-short; TrainerError disk.*."""
        if self.key_path.exists():
            raise ExamError("exam.keys-there", path=str(self.key_path))
        if not name.strip():
            raise ExamError("exam.name-missing")
        keys = new_keys(name.strip()[:80], self._entropy)
        content = write_keys(keys, passphrase, self._entropy, kdf)
        _make_folder(self._folder)
        write_whole(self.key_path, content)
        self.trust(PublicKeys(keys.name, keys.sign_public, keys.box_public))
        return keys

    def open(self, passphrase: str, floor: Kdf = KDF_FLOOR) -> TeacherKeys:
        """Half a second. Raises ExamError: exam.no-keys, exam.passphrase-wrong,
        exam.no-key-file."""
        if not self.key_path.exists():
            raise ExamError("exam.no-keys")
        return read_keys(_read(self.key_path), passphrase, floor)

    def back_up(self, target: Path) -> Path:
        """A copy of the key file, under the same passphrase, read back. A folder gets
        "teacher.keys". Raises ExamError exam.no-keys, exam.backup-there; TrainerError disk.*."""
        if not self.key_path.exists():
            raise ExamError("exam.no-keys")
        content = _read(self.key_path)
        path = target / KEYS if target.is_dir() else target
        if path.exists() and _read(path) != content:
            raise ExamError("exam.backup-there", path=str(path))
        write_whole(path, content)
        if _read(path) != content:
            raise ExamError("exam.backup-bad", path=str(path))
        return path

    def restore(self, backup: Path) -> PublicKeys:
        """Put a copy back where there is no key. Raises ExamError exam.keys-there,
        exam.no-key-file; TrainerError disk.*."""
        if self.key_path.exists():
            raise ExamError("exam.keys-there", path=str(self.key_path))
        content = _read(backup)
        known = read_public(content)
        _make_folder(self._folder)
        write_whole(self.key_path, content)
        self.trust(known)
        return known

    def write_public(self, target: Path) -> Path:
        """What IT puts on every lab PC. A folder gets a file named after the teacher's words."""
        mine = self.mine()
        if mine is None:
            raise ExamError("exam.no-keys")
        path = target / _file_name(mine) if target.is_dir() else target
        write_whole(path, write_public(mine))
        return path

    # The school's spare key

    def spare(self) -> PublicKeys | None:
        path = self._folder / SPARE
        return read_public(_read(path)) if path.exists() else None

    def set_spare(self, public: Path) -> PublicKeys:
        """Seal everything from now on to this key as well; a key file or its public part."""
        found = read_public(_read(public))
        mine = self.mine()
        if mine is not None and mine.box_public == found.box_public:
            raise ExamError("exam.spare-is-mine")
        _make_folder(self._folder)
        write_whole(self._folder / SPARE, write_public(found))
        return found

    # A lab PC

    def trusted(self) -> list[PublicKeys]:
        """The teachers whose packages this PC opens. A file that is no key is passed over: it can
        let nobody in."""
        found: dict[bytes, PublicKeys] = {}
        files: list[Path] = []
        for folder in (*self._also_trusted, self._folder / TRUSTED):
            files += sorted(folder.glob(f"*{PUBLIC}"))[:_MOST_TRUSTED]
        for path in files:
            public = self._quietly(path)
            if public is not None:
                found.setdefault(public.sign_public, public)
        return list(found.values())

    def trust(self, public: PublicKeys) -> None:
        """Pin a key, after its words were compared. Raises TrainerError disk.*."""
        folder = self._folder / TRUSTED
        _make_folder(folder)
        write_whole(folder / _file_name(public), write_public(public))

    def _quietly(self, path: Path) -> PublicKeys | None:
        return _or_none(lambda: read_public(_read(path)) if path.is_file() else None)


def read_public_file(path: Path) -> PublicKeys:
    """Raises ExamError exam.no-key-file; TrainerError disk.*."""
    return read_public(_read(path))


def open_key_file(path: Path, passphrase: str, floor: Kdf = KDF_FLOOR) -> TeacherKeys:
    """Keys that lie elsewhere: a copy, or the school's spare ones. Raises as `KeyShelf.open`."""
    return read_keys(_read(path), passphrase, floor)


def make_spare(
    name: str, passphrase: str, target: Path, entropy: Entropy, kdf: Kdf = KDF_USUAL
) -> PublicKeys:
    """A spare key of the school, to be kept by a second person; not on this PC.

    Raises ExamError: exam.backup-there, exam.passphrase-short; TrainerError disk.*.
    """
    if target.exists():
        raise ExamError("exam.backup-there", path=str(target))
    keys = new_keys(name.strip()[:80], entropy)
    content = write_keys(keys, passphrase, entropy, kdf)
    write_whole(target, content)
    write_whole(target.with_suffix(PUBLIC), write_public(keys))
    return read_public(content)


def _file_name(public: PublicKeys) -> str:
    return "-".join(public.words.split("-")[:3]) + PUBLIC


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        known = disk_error(error, folder)
        if known is None:
            raise
        raise known from error


def _or_none(read: Callable[[], PublicKeys | None]) -> PublicKeys | None:
    try:
        return read()
    except TrainerError:
        return None


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_MOST + 1)
    except OSError as error:
        known = disk_error(error, path)
        if known is None:
            raise
        raise known from error
