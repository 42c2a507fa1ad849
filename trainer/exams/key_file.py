"""The teacher's file of a sitting (.xkey): right answers, names, tickets, codes and the seed.

Signed by the teacher and sealed to the teacher and to the school's spare key. It never goes near
the room.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from trainer.cards.model import Value
from trainer.exams.blueprint import Blueprint, PoolCard
from trainer.exams.keys import KEY_BYTES, Entropy, ExamError, seal, unseal
from trainer.exams.marking import KeyedCard, KeyedCase, KeyedItem
from trainer.exams.model import Action, Capsule, Header
from trainer.exams.paper_set import Asked, PaperSet, make_papers
from trainer.exams.papers import Study
from trainer.exams.teacher_keys import SIGNATURE_BYTES, TeacherKeys, seal_to, verify

MAGIC = b"PRTXKEY1"
MOST = 256 << 20
_SIGNER_BYTES = 32


class Entrant(Value, frozen=True):
    """A candidate of the class list, with what was made for them."""

    number: str
    name: str
    group: str = ""
    extra_percent: int = 0
    extra_minutes: int = 0
    accommodations: tuple[str, ...] = ()  # of `class_list.ACCOMMODATIONS`
    ticket: str = ""
    form_id: str = ""


class IssuedCode(Value, frozen=True):
    candidate: str
    action: Action
    number: int
    code: str


class KeyFile(Value, frozen=True):
    """Everything the teacher needs afterwards. `header_digest` says which package it belongs to."""

    header: Header
    header_digest: bytes
    exam_key: bytes
    passphrase: str
    seed: str
    plan: Blueprint
    entrants: tuple[Entrant, ...]
    codes: tuple[IssuedCode, ...]
    items: tuple[KeyedItem, ...]
    capsules: tuple[Capsule, ...]
    pool: tuple[PoolCard, ...] = ()  # what the forms were drawn from
    studies: tuple[Study, ...] = ()  # case studies as they were, in every language

    def entrant(self, number: str) -> Entrant | None:
        return next((one for one in self.entrants if one.number == number), None)

    def keyed(self) -> dict[str, KeyedItem]:
        return {item.item_id: item for item in self.items}

    def form_of(self, number: str) -> list[str]:
        """The item ids of a candidate's form, in its order."""
        capsule = next(one for one in self.capsules if one.candidate == number)
        return [placed.item_id for placed in capsule.items]

    def rebuild(self) -> PaperSet:
        """Every form made again from plan, pool and seed: byte for byte what was packed."""
        found = {asked.card_id: asked.texts for asked in map(_asked, self.items)}
        for study_id in {study.study_id for study in self.studies}:
            own = [study for study in self.studies if study.study_id == study_id]
            found[study_id] = {study.language: study for study in own}
        names = {capsule.form_id for capsule in self.capsules}
        return make_papers(self.plan, self.pool, lambda card_id: found[card_id], names, self.seed)


@dataclass(frozen=True, slots=True)
class _Asked:
    card_id: str
    texts: Asked


def _asked(item: KeyedItem) -> _Asked:
    match item.keyed:
        case KeyedCard(card=card, others=others):
            return _Asked(card.card_id, {one.language: one for one in (card, *others)})
        case KeyedCase(scenario=case, others=cases):
            return _Asked(case.scenario_id, {one.language: one for one in (case, *cases)})


class _Envelope(Value, frozen=True):
    boxes: tuple[bytes, ...]  # the key of the content, sealed to each recipient
    content: bytes


def write_key_file(
    file: KeyFile, teacher: TeacherKeys, recipients: Sequence[bytes], entropy: Entropy
) -> bytes:
    key = entropy(KEY_BYTES)
    content = seal(key, msgspec.json.encode(file), MAGIC, entropy)
    boxes = tuple(seal_to(public, key) for public in recipients)
    envelope = msgspec.msgpack.encode(_Envelope(boxes, content))
    signed = MAGIC + teacher.sign_public + envelope
    return signed + teacher.sign(signed)


def read_key_file(content: bytes, keys: TeacherKeys, signer: bytes | None = None) -> KeyFile:
    """The file, opened with the teacher's keys or the school's spare ones (then `signer` is the
    teacher's public key).

    Raises ExamError: exam.no-key-of-exam for something else or altered, exam.not-opened when it
    was sealed to others.
    """
    wanted = keys.sign_public if signer is None else signer
    head = len(MAGIC) + _SIGNER_BYTES
    signed, signature = content[:-SIGNATURE_BYTES], content[-SIGNATURE_BYTES:]
    if len(content) > MOST or not content.startswith(MAGIC) or len(signed) < head:
        raise ExamError("exam.no-key-of-exam")
    if signed[len(MAGIC) : head] != wanted or not verify(wanted, signed, signature):
        raise ExamError("exam.no-key-of-exam")
    try:
        envelope = msgspec.msgpack.decode(signed[head:], type=_Envelope)
    except (msgspec.MsgspecError, ValueError) as error:
        raise ExamError("exam.no-key-of-exam") from error
    for box in envelope.boxes:
        try:
            key = keys.open_box(box)
        except ExamError:
            continue
        plain = unseal(key, envelope.content, MAGIC)
        try:
            return msgspec.json.decode(plain, type=KeyFile)
        except (msgspec.MsgspecError, ValueError) as error:  # of another version
            raise ExamError("exam.no-key-of-exam") from error
    raise ExamError("exam.not-opened")
