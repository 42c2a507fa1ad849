"""`trainer exam keys | class | blueprint | preview | pack | open-package`: before an exam."""

import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace, _SubParsersAction
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from trainer import __version__
from trainer.bootstrap import messages_for, open_library, program_folder
from trainer.cli.exam_secrets import ask_passphrase
from trainer.foundation.clock import SystemClock, milliseconds
from trainer.foundation.messages import Messages

if TYPE_CHECKING:
    from trainer.cards.model import Language
    from trainer.exams.model import ClockRule
    from trainer.services.exam_keys import KeyShelf
    from trainer.services.exam_pool import ExamPool

GOOD, FINDINGS, WRONG_USE = 0, 1, 2
_MINUTE, _DAY = 60_000, 86_400_000

Stages = "_SubParsersAction[ArgumentParser]"


def register(stages: "_SubParsersAction[ArgumentParser]") -> None:
    _register_keys(stages.add_parser("keys", help="make, copy and trust keys"))
    words = stages.add_parser("class", help="check a class list (CSV or XLSX)")
    words.add_argument("list", type=Path, metavar="LIST")
    words.add_argument("--new", action="store_true", help="write a list to fill in")
    words.add_argument("--json", action="store_true", help="print for a program to read")
    words.set_defaults(run=check_class)
    words = stages.add_parser("blueprint", help="hold a blueprint against the decks")
    words.add_argument("blueprint", type=Path, metavar="BLUEPRINT", nargs="?")
    words.add_argument(
        "--new", action="store_true", help="print, or write, a blueprint to begin with"
    )
    words.add_argument("--json", action="store_true", help="print for a program to read")
    words.set_defaults(run=check_blueprint)
    words = stages.add_parser("preview", help="write every form as a page (HTML or PDF)")
    words.add_argument("blueprint", type=Path, metavar="BLUEPRINT")
    words.add_argument("output", type=Path, metavar="FILE")
    words.add_argument("--class", dest="list", type=Path, metavar="LIST", help="class list")
    words.add_argument("--seed", help="the seed that the sitting is to have")
    words.set_defaults(run=preview)
    _register_pack(stages.add_parser("pack", help="pack a sitting and print its papers"))
    _register_open(stages.add_parser("open-package", help="look into a package as a lab PC does"))


def _register_keys(keys: ArgumentParser) -> None:
    steps = keys.add_subparsers(title="steps", dest="step", metavar="STEP", required=True)

    def step(
        name: str, text: str, run: Callable[[Namespace, Messages], int], *file: str
    ) -> ArgumentParser:
        words = steps.add_parser(name, help=text)
        for each in file:
            words.add_argument("file", type=Path, metavar=each)
        words.set_defaults(run=run)
        return words

    words = step("new", "make your keys, once", keys_new)
    words.add_argument("--name", required=True, help="your name, as candidates read it")
    _passphrase(words)
    step("show", "whose keys these are, in six words", keys_show)
    step("backup", "copy your keys to a stick", keys_backup, "TARGET")
    step("restore", "bring back a copy", keys_restore, "BACKUP")
    step("public", "write the public key for the lab PCs", keys_public, "TARGET")
    words = step("new-spare", "make a spare key for a second person", keys_new_spare, "TARGET")
    words.add_argument("--name", required=True, help="whose key it is")
    _passphrase(words)
    step("spare", "seal to this spare key as well", keys_spare, "FILE")
    words = step("trust", "open packages of this teacher on this PC", keys_trust, "FILE")
    words.add_argument("--words", help="the six words on the teacher's paper")


def _register_pack(words: ArgumentParser) -> None:
    words.add_argument("blueprint", type=Path, metavar="BLUEPRINT")
    words.add_argument("list", type=Path, metavar="LIST", help="class list (CSV or XLSX)")
    words.add_argument("--output", type=Path, required=True, metavar="DIR", help="where to put it")
    words.add_argument("--minutes", type=_positive, required=True, help="time to work")
    words.add_argument("--start", type=_moment, metavar="TIME", help="2026-12-08T09:00, local time")
    words.add_argument("--end", type=_moment, metavar="TIME", help="when the window closes")
    words.add_argument("--late", type=_positive, default=0, help="minutes one may come late")
    words.add_argument(
        "--lock-after",
        type=_positive,
        default=0,
        metavar="SECONDS",
        help="away from the window for so long, a proctor unlocks",
    )
    words.add_argument("--clock", choices=("room", "personal"), help="whose clock counts")
    words.add_argument("--days", type=_positive, default=14, help="how long it is valid (14)")
    words.add_argument("--rules", type=Path, metavar="FILE", help="Markdown shown before the start")
    words.add_argument("--seed", help="draw with this seed (made anew otherwise)")
    words.add_argument("--rehearsal", action="store_true", help="a rehearsal, and says so")
    words.add_argument("--small", action="store_true", help="for lab PCs below 4 GB of memory")
    words.add_argument("--html", action="store_true", help="write pages as HTML instead of PDF")
    _passphrase(words)
    words.set_defaults(run=pack)


def _register_open(words: ArgumentParser) -> None:
    words.add_argument("package", type=Path, metavar="PACKAGE")
    words.add_argument("--trust", type=Path, metavar="FILE", help="public key of the teacher")
    words.add_argument("--number", help="candidate's number")
    words.add_argument("--ticket", help="the code on the slip")
    secret = words.add_mutually_exclusive_group()
    secret.add_argument("--words", help="the seven words of the envelope")
    secret.add_argument("--start-key", type=Path, metavar="FILE", help="start.key")
    words.set_defaults(run=open_package)


def _passphrase(words: ArgumentParser) -> None:
    words.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="its first line (asked for otherwise)"
    )


# Keys


def keys_new(arguments: Namespace, messages: Messages) -> int:
    shelf = _shelf(arguments)
    keys = shelf.make(arguments.name, ask_passphrase(arguments, messages, twice=True))
    print(messages("exam.keys-made", path=shelf.key_path, words=keys.words))
    return GOOD


def keys_show(arguments: Namespace, messages: Messages) -> int:
    """Exit status: 0 there are keys, 1 there are none."""
    shelf = _shelf(arguments)
    mine, spare = shelf.mine(), shelf.spare()
    if mine is None:
        print(messages("exam.no-keys"))
        return FINDINGS
    print(messages("exam.keys-mine", name=mine.name, words=mine.words))
    if spare is None:
        print(messages("exam.keys-no-spare"))
    else:
        print(messages("exam.keys-spare", name=spare.name, words=spare.words))
    for one in shelf.trusted():
        print(messages("exam.keys-trusted", name=one.name, words=one.words))
    return GOOD


def keys_backup(arguments: Namespace, messages: Messages) -> int:
    print(messages("exam.keys-copied", path=_shelf(arguments).back_up(arguments.file)))
    return GOOD


def keys_restore(arguments: Namespace, messages: Messages) -> int:
    mine = _shelf(arguments).restore(arguments.file)
    print(messages("exam.keys-mine", name=mine.name, words=mine.words))
    return GOOD


def keys_public(arguments: Namespace, messages: Messages) -> int:
    print(messages("exam.keys-public", path=_shelf(arguments).write_public(arguments.file)))
    return GOOD


def keys_new_spare(arguments: Namespace, messages: Messages) -> int:
    from trainer.services.exam_keys import make_spare

    secret = ask_passphrase(arguments, messages, twice=True)
    spare = make_spare(arguments.name, secret, arguments.file, os.urandom)
    print(messages("exam.keys-spare", name=spare.name, words=spare.words))
    return GOOD


def keys_spare(arguments: Namespace, messages: Messages) -> int:
    spare = _shelf(arguments).set_spare(arguments.file)
    print(messages("exam.keys-spare", name=spare.name, words=spare.words))
    return GOOD


def keys_trust(arguments: Namespace, messages: Messages) -> int:
    """Exit status: 0 trusted, 1 the words are others."""
    from trainer.services.exam_keys import read_public_file

    public = read_public_file(arguments.file)
    if arguments.words and "-".join(arguments.words.lower().replace("-", " ").split()) != (
        public.words
    ):
        print(messages("exam.words-differ", words=public.words), file=sys.stderr)
        return FINDINGS
    _shelf(arguments).trust(public)
    print(messages("exam.keys-trusted", name=public.name, words=public.words))
    return GOOD


# Class list and blueprint


def check_class(arguments: Namespace, messages: Messages) -> int:
    """Exit status: 0 good (there may be warnings), 1 errors found."""
    from trainer.services.exam_office import read_class, write_new_class

    if arguments.new:
        write_new_class(arguments.list, messages)
        print(messages("exam.new-file", path=arguments.list))
        return GOOD
    found = read_class(arguments.list)
    if arguments.json:
        import json  # only for programs that ask

        import msgspec

        rows = [
            {
                "row": one.place.line,
                "column": one.place.column,
                "level": str(one.level),
                "code": one.code,
                "message": messages(one.code, **one.blanks),
            }
            for one in found.findings
        ]
        entrants = msgspec.to_builtins(found.entrants)
        print(json.dumps({"candidates": entrants, "findings": rows}, ensure_ascii=False, indent=2))
    else:
        for one in found.findings:
            print(f"{one.place}: {one.level} {one.code} {messages(one.code, **one.blanks)}")
        print(messages.count("exam.candidates", len(found.entrants)), file=sys.stderr)
    return GOOD if found.good else FINDINGS


def check_blueprint(arguments: Namespace, messages: Messages) -> int:
    """Exit status: 0 all is there, 1 something is missing or wrong."""
    from trainer.services.exam_office import example_blueprint, read_plan, write_new_plan

    if arguments.new and arguments.blueprint is not None:
        write_new_plan(arguments.blueprint, messages)
        print(messages("exam.new-file", path=arguments.blueprint))
        return GOOD
    if arguments.blueprint is None:
        print(example_blueprint(messages), end="")
        return GOOD
    plan = read_plan(arguments.blueprint)
    report = _pool(arguments).report(plan)
    if arguments.json:
        import json  # only for programs that ask

        cells = [
            {
                "line": one.number,
                "section": one.section,
                "wanted": one.cell.count,
                "fitting": one.fitting,
                "drawable": one.drawable,
                "missing": one.missing,
                "why": one.why,
            }
            for one in report.cells
        ]
        found = [{"code": code, **blanks} for code, blanks in report.problems]
        print(json.dumps({"cells": cells, "problems": found}, ensure_ascii=False, indent=2))
        return GOOD if report.good else FINDINGS
    for code, blanks in report.problems:
        print(messages(code, **blanks))
    for one in report.cells:
        state = messages("exam.cell-good" if not one.missing else "exam.cell-short")
        line = messages(
            "exam.cell-line",
            number=one.number,
            wanted=one.cell.count,
            fitting=one.fitting,
            missing=one.missing,
        )
        print(f"{state}  {line} {messages(one.why) if one.why else ''}".rstrip())
    return GOOD if report.good else FINDINGS


def preview(arguments: Namespace, messages: Messages) -> int:
    from trainer.services.exam_office import preview_pages, read_class, read_plan

    plan = read_plan(arguments.blueprint)
    entrants = read_class(arguments.list).entrants if arguments.list else ()
    seed = arguments.seed or os.urandom(16).hex()
    html = preview_pages(plan, entrants, seed, _pool(arguments), messages, _language(messages))
    if arguments.output.suffix.lower() == ".pdf":
        arguments.print_pdf(html, arguments.output)
    else:
        from trainer.foundation.files import write_whole

        write_whole(arguments.output, html.encode("utf-8"))
    print(messages("exam.previewed", path=arguments.output, seed=seed))
    return GOOD


# Packing, and opening what was packed


def pack(arguments: Namespace, messages: Messages) -> int:
    """Exit status: 0 packed, 1 the class list has errors or the blueprint cannot be filled."""
    from trainer.exams.keys import KDF_SMALL, KDF_USUAL
    from trainer.exams.model import TimeRules
    from trainer.services.exam_office import default_rules, read_class, read_plan, read_rules
    from trainer.services.exam_packing import Cost, Order, Press, new_seed
    from trainer.services.exam_packing import pack as pack_sitting

    plan, found = read_plan(arguments.blueprint), read_class(arguments.list)
    for one in found.findings:
        print(f"{one.place}: {one.level} {messages(one.code, **one.blanks)}", file=sys.stderr)
    if not found.good:
        return FINDINGS
    pool = _pool(arguments)
    for code, blanks in pool.report(plan).problems:
        print(messages(code, **blanks), file=sys.stderr)
        return FINDINGS
    shelf = _shelf(arguments)
    now = milliseconds(SystemClock().now())
    start = milliseconds(arguments.start) if arguments.start else 0
    late = arguments.late * 60
    end = milliseconds(arguments.end) if arguments.end else 0
    if start and not end:
        end = start + 1000 * (60 * arguments.minutes + late)
    if end and end <= (start or now):
        print(messages("exam.window-wrong"), file=sys.stderr)
        return WRONG_USE
    clock: ClockRule = arguments.clock or ("room" if end else "personal")
    both: dict[Language, Messages] = {
        language: messages_for(arguments.places, "zh_CN" if language == "zh" else "en")
        for language in plan.languages
    }
    rules = (
        dict.fromkeys(plan.languages, read_rules(arguments.rules))
        if arguments.rules
        else {language: default_rules(each) for language, each in both.items()}
    )
    order = Order(
        plan=plan,
        entrants=found.entrants,
        time=TimeRules(clock, 60 * arguments.minutes, start, end, late),
        valid_from=min(now, start or now) - _DAY,
        valid_until=max(now, end) + arguments.days * _DAY,
        seed=arguments.seed or new_seed(os.urandom),
        rules=rules,
        spare=shelf.spare(),
        rehearsal=arguments.rehearsal,
        lock_after=arguments.lock_after,
    )
    teacher = shelf.open(ask_passphrase(arguments, messages))
    packed = pack_sitting(
        order,
        pool,
        teacher,
        arguments.output,
        Press(both, None if arguments.html else arguments.print_pdf),
        now,
        os.urandom,
        _progress(),
        Cost(KDF_SMALL if arguments.small else KDF_USUAL),
    )
    print(messages("exam.packed", path=packed.folder, candidates=len(order.entrants)))
    print(messages("exam.packed-where"))
    if order.spare is None:
        print(messages("exam.keys-no-spare"), file=sys.stderr)
    return GOOD


def open_package(arguments: Namespace, messages: Messages) -> int:
    """Exit status: 0 opened as far as was asked. What does not open is one sentence, status 2."""
    from trainer.exams.package import read_package
    from trainer.services.exam_keys import read_public_file
    from trainer.services.exam_office import read_package_file

    content = read_package_file(arguments.package)
    trusted = [one.sign_public for one in _shelf(arguments).trusted()]
    if arguments.trust:
        trusted.append(read_public_file(arguments.trust).sign_public)
    now = milliseconds(SystemClock().now())
    package = read_package(content, trusted, __version__, now)
    header = package.header
    print(
        messages(
            "exam.package-is",
            title=header.title,
            teacher=header.teacher_name,
            candidates=len(header.candidates),
            minutes=header.time.limit // 60,
        )
    )
    if not (arguments.words or arguments.start_key):
        return GOOD
    if arguments.words:
        key = package.open_with_words(arguments.words)
    else:
        key = package.open_with_key(read_package_file(arguments.start_key))
    print(messages("exam.package-open"))
    if arguments.number and arguments.ticket:
        capsule = package.capsule(key, arguments.number, arguments.ticket)
        items = [package.item(placed.item_id, placed.key) for placed in capsule.items]
        print(messages("exam.form-open", number=arguments.number, questions=len(items)))
    return GOOD


def _shelf(arguments: Namespace) -> "KeyShelf":
    from trainer.services.exam_office import open_shelf

    return open_shelf(arguments.places.data, program_folder(), os.urandom)


def _pool(arguments: Namespace) -> "ExamPool":
    from trainer.services.exam_pool import ExamPool

    library = open_library(arguments.places, SystemClock())
    try:
        library.refresh()
        return ExamPool(library)
    finally:
        library.close()


def _language(messages: Messages) -> "Language":
    return "zh" if messages.language.startswith("zh") else "en"


def _progress() -> Callable[[int, int], None]:
    """A line that counts, where somebody looks at it."""

    def report(done: int, total: int) -> None:
        if sys.stderr.isatty():
            end = "\n" if done >= total else ""
            print(f"\r{100 * done // max(total, 1):3} %", end=end, file=sys.stderr, flush=True)

    return report


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:6]) <= 10_000:
        raise ArgumentTypeError(text)
    return int(text[:6])


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError, OSError) as error:
        raise ArgumentTypeError(text) from error
