"""`trainer doctor`: whether this PC is fit, and what to do where it is not."""

from argparse import ArgumentParser, Namespace, _SubParsersAction

from trainer.foundation.clock import SystemClock
from trainer.foundation.messages import Messages
from trainer.services.lab import check_pc


def register(commands: "_SubParsersAction[ArgumentParser]") -> None:
    command = commands.add_parser("doctor", help="say whether this PC is fit for the program")
    command.add_argument("--json", action="store_true", help="print for a program to read")
    command.set_defaults(run=doctor)


def doctor(arguments: Namespace, messages: Messages) -> int:
    """Exit status: 0 the PC is fit, 1 something is missing."""
    places = arguments.places
    checks = list(check_pc(places.content, places.data, SystemClock().now()))
    if arguments.json:
        import json  # only for programs that ask

        rows = [
            {"name": c.name, "good": c.good, "text": messages(c.code, **c.blanks)} for c in checks
        ]
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for check in checks:
            mark = messages("doctor.good") if check.good else messages("doctor.bad")
            print(f"{mark}  {messages(check.code, **check.blanks)}")
    return 0 if all(check.good for check in checks) else 1
