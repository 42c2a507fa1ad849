"""A contest: the same month for everybody, a result file each, and a ranking that plays every file
again, so that a result that was not played counts for nothing."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import msgspec

from trainer.foundation.errors import TrainerError
from trainer.foundation.files import write_whole
from trainer.penalties.shop.simulation import MoveRefusedError, Result
from trainer.penalties.shop.state import LENGTHS, Mode, Move, Setup, encoded
from trainer.services.content_library import ReportProgress
from trainer.services.shop import ShopSession, ShopWorlds

_FORMAT = "shop-result"
_VERSION = 1
_LARGEST = 2 << 20  # bytes of a file that is looked at
_MOST_MOVES = 5000
_MODES: tuple[Mode, ...] = get_args(Mode)
Verdict = Literal["good", "not-finished", "other-rules", "not-true", "unreadable", "same-as"]


class ResultFile(msgspec.Struct, frozen=True):
    """What a result file holds. The figures are for people who open it: a ranking computes them."""

    format: str
    version: int
    player: str
    contest: str
    setup: Setup
    digest: str
    moves: tuple[Move, ...]
    grade: int
    profit: int  # cents


@dataclass(frozen=True, slots=True)
class Ranked:
    """A line of the ranking. `place` is 0 for what does not count."""

    path: Path
    player: str
    place: int
    verdict: Verdict
    result: Result | None = None
    other: str = ""  # the player who handed in the same moves before


@dataclass(frozen=True, slots=True)
class Contest:
    """All results of one month, best first."""

    code: str
    setup: Setup
    lines: tuple[Ranked, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    contests: tuple[Contest, ...]
    unreadable: tuple[Ranked, ...]


def contest_code(setup: Setup) -> str:
    """The month as a code that can be written on a board: `aliexpress.power-bank.30.alone.kwtz`."""
    return f"{setup.platform}.{setup.product}.{setup.days}.{setup.mode}.{setup.seed}"


def setup_of_code(text: str) -> Setup | None:
    """The month of a code; None when it is none. Full-width letters, capitals, blanks and the
    Chinese full stop are forgiven."""
    plain = unicodedata.normalize("NFKC", text).strip().lower().replace("。", ".").replace(" ", "")
    parts = plain.split(".")
    if len(parts) != 5:
        return None
    platform, product, days, mode, seed = parts
    length = next((one for one in LENGTHS if str(one) == days), None)
    how = next((one for one in _MODES if one == mode), None)
    if not platform or not product or not seed or length is None or how is None or len(seed) > 20:
        return None
    return Setup(platform, product, length, seed, how)


def write_result(path: Path, session: ShopSession, player: str) -> None:
    """Write the result of a month. Raises TrainerError: shop.not-finished, disk.*, file.locked."""
    if not session.state.finished:
        raise TrainerError("shop.not-finished")
    result = session.game.result(session.state)
    content = ResultFile(
        _FORMAT,
        _VERSION,
        player,
        contest_code(session.setup),
        session.setup,
        session.digest,
        tuple(session.moves),
        result.grade,
        result.profit,
    )
    write_whole(path, msgspec.json.format(encoded(content), indent=1) + b"\n")


def read_result(path: Path) -> ResultFile | None:
    """The result in a file; None when it is none."""
    try:
        if path.stat().st_size > _LARGEST:
            return None
        found = msgspec.json.decode(path.read_bytes(), type=ResultFile)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
    fits = found.format == _FORMAT and found.version == _VERSION
    return found if fits and len(found.moves) <= _MOST_MOVES else None


def result_files(paths: Iterable[Path]) -> list[Path]:
    """The `.json` files among `paths` and in folders."""
    found: list[Path] = []
    for path in paths:
        found += sorted(path.glob("*.json")) if path.is_dir() else [path]
    return found


def rank(
    paths: Sequence[Path], worlds: ShopWorlds, report: ReportProgress | None = None
) -> Ranking:
    """Play every result again and put the contests in order. The same file twice counts once; the
    same moves handed in by another player count for the first by file name.

    Raises Cancelled when `report` does.
    """
    unreadable: list[Ranked] = []
    groups: dict[str, list[tuple[Path, ResultFile]]] = {}
    for path in paths:
        found = read_result(path)
        if found is None:
            unreadable.append(Ranked(path, path.stem, 0, "unreadable"))
        else:
            groups.setdefault(contest_code(found.setup), []).append((path, found))
    contests = []
    done = 0
    for code in sorted(groups):
        lines: list[Ranked] = []
        seen: dict[bytes, str] = {}
        for path, found in groups[code]:
            if report is not None:
                report(done, len(paths))
            done += 1
            line = _verified(path, found, worlds, seen)
            if line is not None:
                lines.append(line)
        contests.append(Contest(code, groups[code][0][1].setup, _in_order(lines)))
    return Ranking(tuple(contests), tuple(unreadable))


def _verified(
    path: Path, found: ResultFile, worlds: ShopWorlds, seen: dict[bytes, str]
) -> Ranked | None:
    """The line of a file; None when the same player's same moves are there already."""
    moves = encoded(found.moves)
    first = seen.get(moves)
    if first is not None:
        if first == found.player:
            return None
        return Ranked(path, found.player, 0, "same-as", other=first)
    seen[moves] = found.player
    try:
        game = worlds.game(found.setup)
    except KeyError:
        return Ranked(path, found.player, 0, "other-rules")
    if ShopSession(game).digest != found.digest:
        return Ranked(path, found.player, 0, "other-rules")
    try:
        state = game.replay(found.moves)
    except MoveRefusedError:
        return Ranked(path, found.player, 0, "not-true")
    result = game.result(state)
    if (result.grade, result.profit) != (found.grade, found.profit):
        return Ranked(path, found.player, 0, "not-true", result)
    verdict: Verdict = "good" if state.finished else "not-finished"
    return Ranked(path, found.player, 0, verdict, result)


def _in_order(lines: Iterable[Ranked]) -> tuple[Ranked, ...]:
    """Best first; equal results share a place. What does not count comes last."""
    good = sorted(
        (one for one in lines if one.verdict == "good" and one.result is not None),
        key=lambda one: (one.result.rank if one.result else (9, 0), one.player),
    )
    placed: list[Ranked] = []
    for number, line in enumerate(good, start=1):
        before = placed[-1] if placed else None
        same = before and before.result and line.result and before.result.rank == line.result.rank
        place = before.place if before is not None and same else number
        placed.append(Ranked(line.path, line.player, place, "good", line.result))
    rest = sorted((one for one in lines if one.verdict != "good"), key=lambda one: one.player)
    return (*placed, *rest)
