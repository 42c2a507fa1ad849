"""The program: the window, or the command line when a command is given."""

import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path


def main(words: Sequence[str] | None = None) -> int:
    words = sys.argv[1:] if words is None else words
    data: Path | None = None
    content: Path | None = None
    language: str | None = None
    learner = page = ""
    if words:
        # The command line is not needed to open a window, and start-up is what students wait for.
        from trainer.cli.command_line import parse, run_command

        arguments = parse(words)
        if arguments.command:
            return run_command(arguments, print_pdf)
        data, content, language = arguments.data, arguments.content, arguments.language
        learner, page = arguments.learner or "", arguments.page or ""

    from trainer.bootstrap import find_places, messages_for, usual_language

    places = find_places(data, content)
    if not display_is_there():
        from trainer.cli.command_line import without_display

        return without_display(messages_for(places, language))

    # Until the first page is there nothing is thrown away; looking for it would cost 10 ms.
    # `open_window` switches the collector on again.
    gc.disable()
    from trainer.desktop.application import WindowOptions, open_window
    from trainer.foundation.clock import SystemClock

    options = WindowOptions(learner=learner, page=page, language=language or usual_language())
    return open_window(places, SystemClock(), options)


def print_pdf(html: str, path: Path) -> None:
    """What commands make papers with: Qt draws them, and Qt is loaded only when one is wanted."""
    from trainer.desktop import printing

    printing.print_pdf(html, path)


def display_is_there() -> bool:
    """Whether a window can open. Qt would abort without a word for the user if it cannot."""
    if sys.platform in {"win32", "darwin"} or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


if __name__ == "__main__":
    sys.exit(main())
