"""What an exam is made of: its header, time rules, sections, items as a candidate sees them, a
candidate's form, and the events of an attempt.

These values are the contract between packing, attempt and marking. A candidate's side holds no
right answer, score, formula or reason: those are in `exams.key` and stay with the teacher. Values
are `msgspec` structs; bytes travel as base64 in JSON. Times are whole milliseconds since 1970 UTC,
lengths of time whole seconds.
"""

from typing import Literal

from trainer.cards.model import Language, Scoring, Value
from trainer.cards.response import Response

FORMAT = 1
SUITE = "X1"  # the one suite of ciphers; a package with another is refused

ClockRule = Literal["room", "personal"]
Navigation = Literal["free", "sequential"]
Action = Literal["resume", "plus-5", "plus-10", "pause", "unlock", "reopen", "quit"]
ACTIONS: tuple[Action, ...] = (
    "resume",
    "plus-5",
    "plus-10",
    "pause",
    "unlock",
    "reopen",
    "quit",
)
GRANTS: dict[Action, int] = {"plus-5": 300, "plus-10": 600}  # seconds a code adds


class TimeRules(Value, frozen=True):
    """When and how long. `room`: the end is absolute and time off counts; `personal`: time off is
    not counted up to `free_gap` in all and `free_restarts` restarts, beyond that a code is asked.
    """

    clock: ClockRule
    limit: int
    window_start: int  # 0: no window
    window_end: int  # 0: no window
    late_join: int = 0  # seconds after window_start at which nobody may start; 0: never too late
    free_gap: int = 120
    free_restarts: int = 2
    announcements: tuple[int, ...] = (900, 300, 60)  # seconds before the end


class Section(Value, frozen=True):
    section_id: str
    title: str
    navigation: Navigation = "free"
    limit: int = 0  # 0: only the exam's own limit


class Kdf(Value, frozen=True):
    """Argon2id: passes and bytes of memory. Readers refuse less than `exams.keys.KDF_FLOOR`."""

    passes: int
    memory: int


class Part(Value, frozen=True):
    """A piece of the package after the header. `digest` is BLAKE2b-256 over its sealed bytes."""

    name: str
    digest: bytes
    length: int


class CodeHash(Value, frozen=True):
    """What the package knows of a one-time code: its Argon2id hash, bound to exam, candidate,
    action and number."""

    candidate: str
    action: Action
    number: int
    salt: bytes
    digest: bytes


class Header(Value, frozen=True):
    """The clear, signed head of a package. It names candidates by number only."""

    exam_id: str
    sitting_id: str
    title: str
    teacher_name: str
    teacher_key: bytes  # Ed25519 verify key
    recipients: tuple[bytes, ...]  # X25519 public keys that results are sealed to: T_box, R_box
    created: int
    valid_from: int
    valid_until: int
    minimum_version: str
    kdf: Kdf
    salt: bytes  # of the passphrase
    time: TimeRules
    sections: tuple[Section, ...]
    candidates: tuple[str, ...]  # numbers
    codes: tuple[CodeHash, ...]
    parts: tuple[Part, ...]
    code_kdf: Kdf = Kdf(3, 64 << 20)  # of the one-time codes, which are many
    rehearsal: bool = False
    lock_after: int = 0  # seconds away after which a proctor unlocks; 0: never
    format: int = FORMAT
    suite: str = SUITE


class PaperOption(Value, frozen=True):
    text: str
    last: bool = False


class PaperStep(Value, frozen=True):
    """A step of a penalty case: what happens, and the decisions with the step each leads to."""

    step_id: str
    title: str
    text: str
    choices: tuple[tuple[str, str], ...]  # text, step id


class PaperItem(Value, frozen=True):
    """One question as a candidate sees it, in one language; nothing in it tells the answer.

    `kind` is one of `cards.model.KINDS` or "case". Options, steps and right-hand entries stand in
    an order drawn for the sitting (the *paper order*); a response's indexes refer to it, and the
    teacher's key knows what they are in the deck.
    """

    language: Language
    stem: str  # Markdown; parametric blanks filled
    options: tuple[PaperOption, ...] = ()  # choices; steps to put in order
    lefts: tuple[str, ...] = ()  # matching
    rights: tuple[str, ...] = ()
    left_title: str = ""
    right_title: str = ""
    cloze: str = ""  # the text, its gap written as {{gap}}
    unit: str = ""
    steps: tuple[PaperStep, ...] = ()  # a penalty case
    media: tuple[str, ...] = ()  # names of media parts


class Item(Value, frozen=True):
    """A question of the sitting in every language it has."""

    item_id: str  # random for the sitting; never a card id
    kind: str
    points: str  # plain decimal
    papers: tuple[PaperItem, ...]
    scoring: Scoring | None = None  # multiple response: named on the item
    stem_id: str = ""  # items of one case study share a stem that stays visible
    stem: tuple[tuple[Language, str], ...] = ()


class FormItem(Value, frozen=True):
    """A question in one candidate's form: where it stands, its key, the order on the screen."""

    item_id: str
    key: bytes  # opens the item's part
    section_id: str
    order: tuple[int, ...] = ()  # place on the screen -> index in paper order


class Capsule(Value, frozen=True):
    """What only this candidate's ticket opens."""

    candidate: str
    form_id: str
    items: tuple[FormItem, ...]
    extra_percent: int = 0
    extra: int = 0  # seconds
    ticket_key: bytes = b""  # keys the ticket proof in the attempt's genesis
    accommodations: tuple[str, ...] = ()  # "large-type", "high-contrast" …


# Events of an attempt. The log adds sequence, ticks and wall time (`exams.log`).


class Started(Value, frozen=True, tag="started"):
    """The first item is shown; the clock runs from here."""


class ItemShown(Value, frozen=True, tag="shown"):
    item_id: str


class Answered(Value, frozen=True, tag="answered"):
    """The full answer, never a change to it; None takes it back. `road` is that of a case."""

    item_id: str
    response: Response | None = None
    road: tuple[int, ...] = ()


class Flagged(Value, frozen=True, tag="flagged"):
    item_id: str
    on: bool


class FocusLost(Value, frozen=True, tag="focus-lost"):
    """The window was not in front for `lasted` milliseconds (logged on return; 0 while away)."""

    lasted: int
    other: str = ""  # title of the window in front, where the system tells


class ScreenChanged(Value, frozen=True, tag="screens"):
    screens: int


class Arrived(Value, frozen=True, tag="device"):
    """A drive or a remote session came or went."""

    what: str


class ClockFault(Value, frozen=True, tag="clock"):
    """wall-jump, zone, sleep, gap, backwards: `seconds` says how far."""

    what: str
    seconds: int


class CodeUsed(Value, frozen=True, tag="code"):
    """The code as typed; only who can open the result reads it."""

    action: Action
    number: int
    code: str


class CodeRefused(Value, frozen=True, tag="code-refused"):
    action: Action
    tries: int


class SectionEntered(Value, frozen=True, tag="section"):
    section_id: str


class SaveFailed(Value, frozen=True, tag="save-failed"):
    reason: str


class Heartbeat(Value, frozen=True, tag="heartbeat"):
    active: int  # milliseconds of exam time used


class Resumed(Value, frozen=True, tag="resumed"):
    """The state taken over from this PC's journal, so that this segment tells all by itself.

    `as_of` is how many changes (answers and flags) of the attempt the journal had: a change that
    the log knows and the journal does not is not undone by it.
    """

    answers: tuple[Answered, ...]
    flags: tuple[str, ...]
    active: int
    gap: int  # seconds since the last event before, by the best clock there is
    machine_changed: bool = False
    as_of: int = 0


class Paused(Value, frozen=True, tag="paused"):
    on: bool


class Finished(Value, frozen=True, tag="finished"):
    reason: Literal["candidate", "time", "proctor"]


Event = (
    Started
    | ItemShown
    | Answered
    | Flagged
    | FocusLost
    | ScreenChanged
    | Arrived
    | ClockFault
    | CodeUsed
    | CodeRefused
    | SectionEntered
    | SaveFailed
    | Heartbeat
    | Resumed
    | Paused
    | Finished
)
