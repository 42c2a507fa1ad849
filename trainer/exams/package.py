"""The sealed package (.xpk) a candidate's PC gets: framed, signed, and closed part by part.

    magic  8   "PRTXPK1\\n"
    signer 32  Ed25519 key of the teacher
    length 4   of the header, big-endian
    header     JSON in the clear (`model.Header`); names no candidate but by number
    signature  64, Ed25519 over all before it as it stands
    parts      one after the other, each as long and with the digest that the header says

Reading goes in this order and no other: frame, signature, then the header is parsed; a part's
digest, then it is opened. The parts: "common" under the exam key, "item-<id>" each under its own
key, "media-<item id>.<n>.<type>" under a key made of its item's, "capsule-<number>" under exam key
and ticket together.
There is no right answer, mark, formula or reason in any of them. Parts are padded: who has the
decks could tell questions by their lengths.
"""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from trainer.cards.model import Language, Value
from trainer.exams.keys import (
    KDF_FLOOR,
    KDF_SMALL,
    KDF_USUAL,
    KEY_BYTES,
    SALT_BYTES,
    ActionCode,
    Entropy,
    ExamError,
    check_kdf,
    code_digest,
    derive,
    digest,
    grouped,
    read_action_code,
    read_code,
    read_passphrase,
    same,
    seal,
    stretch,
    unseal,
)
from trainer.exams.model import FORMAT, SUITE, Capsule, CodeHash, Header, Item, Kdf, Part
from trainer.exams.teacher_keys import SIGNATURE_BYTES, TeacherKeys, verify
from trainer.foundation.fingerprint import fingerprint_words

T = TypeVar("T")
S = TypeVar("S")
R = TypeVar("R")

MAGIC = b"PRTXPK1\n"
SIGNER_BYTES = 32
_HEAD = len(MAGIC) + SIGNER_BYTES + 4  # where the header begins
MOST_HEADER = 16 << 20
MOST_PACKAGE = 512 << 20
PART_STEP = 4096  # bytes; nine of ten questions take one step
MEDIA_STEP = 64 * 1024
MOST_CANDIDATES = 2000
LONGEST = 7 * 86_400  # seconds an exam, a section or an announcement may last
_LAST_MOMENT = 253_402_300_799_000  # the end of the year 9999, in ms
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}")
Report = Callable[[int, int], None]


class Common(Value, frozen=True):
    """What every candidate sees once the words are out: rules and instructions."""

    rules: dict[Language, str]  # Markdown
    languages: tuple[Language, ...]
    media: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contents:
    """What goes into a package. `tickets` and `capsules` are by candidate number."""

    header: Header  # parts, codes, salt and kdf are filled in by packing
    common: Common
    items: Sequence[Item]  # each names its media
    item_keys: Mapping[str, bytes]
    capsules: Mapping[str, Capsule]
    tickets: Mapping[str, str]
    codes: Sequence[ActionCode]
    media: Mapping[str, bytes]
    passphrase: str


def write_package(
    contents: Contents,
    teacher: TeacherKeys,
    entropy: Entropy,
    report: Report,
    kdf: Kdf = KDF_USUAL,
    code_kdf: Kdf = KDF_SMALL,
) -> tuple[bytes, bytes]:
    """The package's bytes, and the exam key (for the start key and the teacher's file).

    Most of the time goes into Argon2id: once a ticket and once a code; `report` is told of each.
    Raises ExamError, and Cancelled when `report` does. Tests of other matters give a `kdf` and a
    `code_kdf` that no reader with the program's own floor takes.
    """
    header = contents.header
    salt = entropy(SALT_BYTES)
    steps = 1 + len(contents.tickets) + len(contents.codes)
    exam_key = stretch(read_passphrase(contents.passphrase), salt, kdf, floor=kdf)
    done = 1
    report(done, steps)
    sealed: list[tuple[str, bytes]] = [
        ("common", _sealed(exam_key, "common", contents.common, header, entropy))
    ]
    for item in sorted(contents.items, key=lambda item: item.item_id):
        name = f"item-{item.item_id}"
        key = contents.item_keys[item.item_id]
        sealed.append((name, _sealed(key, name, item, header, entropy)))
        for media in dict.fromkeys(media for paper in item.papers for media in paper.media):
            part = f"media-{media}"
            media_key = _media_key(key, media)
            content = contents.media[media]
            padded = _padded(len(content).to_bytes(4, "big") + content, MEDIA_STEP)
            sealed.append((part, seal(media_key, padded, _context(header, part), entropy)))

    def capsule_key(number: str) -> bytes:
        ticket = contents.tickets[number]
        return _capsule_key(exam_key, header, number, ticket, salt, kdf, kdf)

    for number, key in zip(contents.tickets, _in_turn(capsule_key, contents.tickets), strict=True):
        name = f"capsule-{number}"
        sealed.append((name, _sealed(key, name, contents.capsules[number], header, entropy)))
        done += 1
        report(done, steps)

    def hashed(salted: tuple[ActionCode, bytes]) -> CodeHash:
        code, own_salt = salted
        content = code_digest(code, header.exam_id, own_salt, code_kdf, floor=code_kdf)
        return CodeHash(code.candidate, code.action, code.number, own_salt, content)

    codes = []
    salted = [(code, entropy(SALT_BYTES)) for code in contents.codes]
    for code_hash in _in_turn(hashed, salted):
        codes.append(code_hash)
        done += 1
        report(done, steps)
    filled = msgspec.structs.replace(
        header,
        salt=salt,
        kdf=kdf,
        code_kdf=code_kdf,
        codes=tuple(codes),
        parts=tuple(Part(name, digest(content), len(content)) for name, content in sealed),
        teacher_key=teacher.sign_public,
        teacher_name=teacher.name,
    )
    plain = msgspec.json.encode(filled)
    framed = MAGIC + teacher.sign_public + len(plain).to_bytes(4, "big") + plain
    return b"".join([framed, teacher.sign(framed), *(content for _, content in sealed)]), exam_key


class Package:
    """A package whose signature and form are good. Nothing in it is open yet."""

    def __init__(self, content: bytes, header: Header, header_digest: bytes, start: int) -> None:
        """Made by `read_package`. `start` is where the parts begin."""
        self.header = header
        self.header_digest = header_digest
        self._content = content
        self._places: dict[str, tuple[int, Part]] = {}
        for part in header.parts:
            self._places[part.name] = (start, part)
            start += part.length

    def open_with_words(self, passphrase: str, floor: Kdf = KDF_FLOOR) -> bytes:
        """The exam key from the words in the envelope; takes half a second.

        Raises ExamError: exam.words-* for words that cannot be right, exam.words-wrong for
        another exam's.
        """
        key = stretch(read_passphrase(passphrase), self.header.salt, self.header.kdf, floor)
        return self._checked(key, "exam.words-wrong")

    def open_with_key(self, start_key: bytes) -> bytes:
        """The exam key from the start key's file. Raises ExamError exam.start-key-wrong."""
        return self._checked(read_start_key(start_key, self.header), "exam.start-key-wrong")

    def common(self, exam_key: bytes) -> Common:
        return self._opened(exam_key, "common", Common)

    def capsule(self, exam_key: bytes, number: str, ticket: str, floor: Kdf = KDF_FLOOR) -> Capsule:
        """What only this candidate's ticket opens; takes half a second.

        Raises ExamError: exam.not-on-roster, exam.code-form, exam.ticket-wrong.
        """
        if number not in self.header.candidates:
            raise ExamError("exam.not-on-roster", number=number[:40])
        kdf, salt = self.header.kdf, self.header.salt
        key = _capsule_key(exam_key, self.header, number, ticket, salt, kdf, floor)
        try:
            capsule = self._opened(key, f"capsule-{number}", Capsule)
        except ExamError as error:
            raise ExamError("exam.ticket-wrong") from error
        if capsule.candidate != number:
            raise ExamError("exam.package-altered")
        return capsule

    def item(self, item_id: str, key: bytes) -> Item:
        """A question, with the key that a capsule has for it. Raises ExamError."""
        return self._opened(key, f"item-{item_id}", Item)

    def media(self, item_key: bytes, name: str) -> bytes:
        """A picture of the question that `item_key` opens. Raises ExamError."""
        part = f"media-{name}"
        key = _media_key(item_key, name)
        padded = unseal(key, self._part(part), _context(self.header, part))
        return padded[4 : 4 + int.from_bytes(padded[:4], "big")]

    def check_code(self, candidate: str, text: str, floor: Kdf = KDF_FLOOR) -> ActionCode | None:
        """The code that was typed from the proctor's sheet, or None when it is none of this
        candidate's. One hash is computed: 0.1 s. Whether it was used before, the attempt knows.

        Raises ExamError exam.code-form.
        """
        action, number, code = read_action_code(text)
        typed = ActionCode(candidate, action, number, code)
        for known in self.header.codes:
            if (known.candidate, known.action, known.number) == (candidate, action, number):
                given = code_digest(
                    typed, self.header.exam_id, known.salt, self.header.code_kdf, floor
                )
                return typed if same(given, known.digest) else None
        return None

    def _checked(self, exam_key: bytes, wrong: str) -> bytes:
        try:
            self.common(exam_key)
        except ExamError as error:
            raise ExamError(wrong) from error
        return exam_key

    def _part(self, name: str) -> bytes:
        if name not in self._places:
            raise ExamError("exam.package-altered")
        start, part = self._places[name]
        content = self._content[start : start + part.length]
        if not same(digest(content), part.digest):
            raise ExamError("exam.package-altered")
        return content

    def _opened(self, key: bytes, name: str, kind: type[T]) -> T:
        plain = unseal(key, self._part(name), _context(self.header, name))
        try:
            return msgspec.json.decode(plain, type=kind)
        except (msgspec.MsgspecError, ValueError) as error:
            raise ExamError("exam.package-altered") from error


def read_package(
    content: bytes,
    pinned: Iterable[bytes],
    version: str,
    now: int,
    floor: Kdf = KDF_FLOOR,
) -> Package:
    """Check a package from outside to inside: frame, signature, then what the header says.

    `pinned` are the teachers' keys this PC trusts; `version` is this program's; `now` is ms UTC.
    Raises ExamError: exam.no-package, exam.package-altered, exam.teacher-unknown (blank words),
    exam.too-new (blanks wanted, ours), exam.not-yet, exam.no-longer (blank day), exam.weak-kdf.
    """
    if not content.startswith(MAGIC) or len(content) < _HEAD:
        raise ExamError("exam.no-package")
    end = _HEAD + int.from_bytes(content[_HEAD - 4 : _HEAD], "big")
    if end > MOST_HEADER or len(content) > MOST_PACKAGE or end + SIGNATURE_BYTES > len(content):
        raise ExamError("exam.package-altered")
    signer = signer_of(content)
    framed, signature = content[:end], content[end : end + SIGNATURE_BYTES]
    if not verify(signer, framed, signature):
        raise ExamError("exam.package-altered")
    if not any(same(signer, key) for key in pinned):
        raise ExamError("exam.teacher-unknown", words=fingerprint_words(signer))
    header = _parsed(content[_HEAD:end])
    if header.teacher_key != signer:
        raise ExamError("exam.package-altered")
    _check(header, version, now, floor)
    parts_at = end + SIGNATURE_BYTES
    names = {part.name for part in header.parts}
    if len(names) != len(header.parts) or any(part.length < 0 for part in header.parts):
        raise ExamError("exam.package-altered")
    if len(content) != parts_at + sum(part.length for part in header.parts):
        raise ExamError("exam.package-altered")
    package = Package(content, header, digest(framed), parts_at)
    for part in header.parts:
        package._part(part.name)  # noqa: SLF001 - its own maker
    return package


def signer_of(content: bytes) -> bytes:
    """The key that a package says it is signed with: for people to compare and pin. Nothing is
    checked here."""
    return content[len(MAGIC) : len(MAGIC) + SIGNER_BYTES]


def write_start_key(header: Header, exam_key: bytes) -> bytes:
    """The file that may be put on the share at the start in place of the words."""
    return msgspec.json.encode(_StartKey(header.exam_id, header.sitting_id, exam_key))


def read_start_key(content: bytes, header: Header) -> bytes:
    """Raises ExamError exam.start-key-wrong for another exam's, or no key at all."""
    try:
        key = msgspec.json.decode(content[:4096], type=_StartKey)
    except (msgspec.MsgspecError, ValueError) as error:
        raise ExamError("exam.start-key-wrong") from error
    if (key.exam_id, key.sitting_id) != (header.exam_id, header.sitting_id):
        raise ExamError("exam.start-key-wrong")
    if len(key.exam_key) != KEY_BYTES:
        raise ExamError("exam.start-key-wrong")
    return key.exam_key


class _StartKey(Value, frozen=True):
    exam_id: str
    sitting_id: str
    exam_key: bytes


def _parsed(plain: bytes) -> Header:
    try:
        return msgspec.json.decode(plain, type=Header)
    except (msgspec.MsgspecError, ValueError) as error:
        raise ExamError("exam.package-altered") from error


def _check(header: Header, version: str, now: int, floor: Kdf) -> None:
    if header.format != FORMAT or header.suite != SUITE:
        raise ExamError("exam.too-new", wanted=header.minimum_version, ours=version)
    if _version(header.minimum_version) > _version(version):
        raise ExamError("exam.too-new", wanted=header.minimum_version, ours=version)
    if not _sound(header):
        raise ExamError("exam.package-altered")
    if now < header.valid_from:
        raise ExamError("exam.not-yet", moment=header.valid_from)
    if now > header.valid_until:
        raise ExamError("exam.no-longer", moment=header.valid_until)
    check_kdf(header.kdf, floor)
    check_kdf(header.code_kdf, floor)


def _sound(header: Header) -> bool:
    """Whether names can be names of files and lengths of time are such: even a signer whom this PC
    trusts cannot make it write elsewhere or count for ever."""
    time = header.time
    names = (header.exam_id, header.sitting_id, *header.candidates)
    limits = (section.limit for section in header.sections)
    lengths = (time.late_join, time.free_gap, header.lock_after, *limits)
    return (
        all(_NAME.fullmatch(name) for name in names)
        and len(set(header.candidates)) == len(header.candidates)
        and len(header.candidates) <= MOST_CANDIDATES
        and 0 < time.limit <= LONGEST
        and all(0 <= length <= LONGEST for length in lengths)
        and 0 <= time.free_restarts <= 1000
        and all(0 <= one <= LONGEST for one in time.announcements)
        and all(0 <= one <= _LAST_MOMENT for one in (time.window_start, time.window_end))
        and len(header.salt) == SALT_BYTES
        and all(len(code.salt) == SALT_BYTES for code in header.codes)
        and bool(header.recipients)
        and all(len(public) == KEY_BYTES for public in header.recipients)
    )


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part[:9]) for part in text.split(".") if part.isascii() and part.isdigit())


def _in_turn(work: Callable[[S], R], given: Iterable[S]) -> Iterator[R]:
    """The results in order. Argon2id lets go of the interpreter, so two run at a time; what waits
    is dropped when nobody asks for more."""
    with ThreadPoolExecutor(2) as pool:
        waiting: deque[Future[R]] = deque()
        try:
            for one in given:
                waiting.append(pool.submit(work, one))
                if len(waiting) > 2:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _media_key(item_key: bytes, name: str) -> bytes:
    return derive(item_key, "media", name.encode())


def _capsule_key(
    exam_key: bytes, header: Header, number: str, ticket: str, salt: bytes, kdf: Kdf, floor: Kdf
) -> bytes:
    """Exam key and ticket together: neither opens a capsule alone."""
    code = grouped(read_code(ticket))
    own_salt = derive(salt, "ticket-salt", header.sitting_id.encode(), number.encode())
    stretched = stretch(code, own_salt[:SALT_BYTES], kdf, floor)
    return derive(exam_key, "capsule", stretched, number.encode())


def _context(header: Header, name: str) -> bytes:
    """What a part is bound to: it cannot be moved to another sitting or another place."""
    return f"{header.exam_id}\n{header.sitting_id}\n{name}".encode()


def _sealed(key: bytes, name: str, content: object, header: Header, entropy: Entropy) -> bytes:
    plain = _padded(msgspec.json.encode(content), PART_STEP)
    return seal(key, plain, _context(header, name), entropy)


def _padded(content: bytes, step: int) -> bytes:
    """With blanks behind, up to a multiple of `step`; JSON does not mind them."""
    return content + b" " * (-len(content) % step)
