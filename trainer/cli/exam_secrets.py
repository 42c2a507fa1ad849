"""Passphrases of the exam commands: from a file, or asked for without an echo."""

from argparse import Namespace

from trainer.foundation.messages import Messages


def ask_passphrase(arguments: Namespace, messages: Messages, twice: bool = False) -> str:
    """The passphrase, from a file or asked for; asked twice where a new one is made.

    Raises ExamError exam.passphrase-differs.
    """
    from trainer.exams.keys import ExamError
    from trainer.services.exam_office import read_rules

    if arguments.passphrase_file:
        lines = read_rules(arguments.passphrase_file).splitlines()
        return lines[0] if lines else ""
    from getpass import getpass  # only where somebody types

    typed = getpass(messages("exam.passphrase-ask"))
    if twice and getpass(messages("exam.passphrase-again")) != typed:
        raise ExamError("exam.passphrase-differs")
    return typed
