"""The command line: reads the words, calls the command, turns errors into one sentence."""

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from pathlib import Path

from trainer.bootstrap import find_places, messages_for
from trainer.cli import (
    author_commands,
    deck_commands,
    doctor,
    exam_commands,
    exchange_commands,
    pack_commands,
    penalty_commands,
)
from trainer.foundation.errors import TrainerError
from trainer.foundation.messages import LANGUAGES, Messages

GOOD, FINDINGS, WRONG_USE = 0, 1, 2


def make_parser() -> ArgumentParser:
    """All words the program understands. Without a command the window opens."""
    parser = ArgumentParser(
        prog="trainer",
        description="Platform Rules Trainer. Without a command it opens the window.",
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="where learners are kept")
    parser.add_argument("--content", type=Path, metavar="DIR", help="where decks are")
    parser.add_argument("--language", choices=LANGUAGES, help="language of the program")
    parser.add_argument("--learner", metavar="NAME", help="sign this learner in (window only)")
    parser.add_argument(
        "--page", metavar="PAGE", help='open this page first, "exam" for a candidate (window only)'
    )
    commands = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND")
    author_commands.register(commands)
    deck_commands.register(commands)
    exchange_commands.register(commands)
    pack_commands.register(commands)
    penalty_commands.register(commands)
    doctor.register(commands)
    exam_commands.register(commands)
    return parser


def run_command(arguments: Namespace, print_pdf: Callable[[str, Path], None]) -> int:
    """Run the chosen command; `print_pdf` turns HTML into a PDF file for those that make papers.

    Exit status: 0 good, 1 something was found, 2 wrong use or the world is not right."""
    speak_utf8()
    places = find_places(arguments.data, arguments.content)
    arguments.places, arguments.print_pdf = places, print_pdf
    messages = messages_for(places, arguments.language)
    try:
        status = int(arguments.run(arguments, messages))
        sys.stdout.flush()
    except TrainerError as error:
        print(messages(error.code, **error.blanks), file=sys.stderr)
        return WRONG_USE
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return GOOD
    except KeyboardInterrupt:
        print(messages("work.cancelled"), file=sys.stderr)
        return WRONG_USE
    return status


def speak_utf8() -> None:
    """A Windows console or pipe may not know Chinese: other programs read us as UTF-8."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def without_display(messages: Messages) -> int:
    """What to say where no window can open."""
    print(messages("window.no-display"), file=sys.stderr)
    return WRONG_USE


def parse(words: Sequence[str]) -> Namespace:
    """The words as a namespace; argparse prints what is wrong and exits with 2."""
    return make_parser().parse_args(words)
