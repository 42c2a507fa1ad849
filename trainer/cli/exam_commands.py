"""`trainer exam …`: the whole protocol of an exam without a display, one file for each stage."""

from argparse import ArgumentParser, _SubParsersAction

from trainer.cli import exam_paper_commands, exam_results_commands, exam_room_commands


def register(commands: "_SubParsersAction[ArgumentParser]") -> None:
    exam = commands.add_parser("exam", help="keys, papers and results of exams")
    stages = exam.add_subparsers(title="stages", dest="stage", metavar="STAGE", required=True)
    exam_paper_commands.register(stages)
    exam_room_commands.register(stages)
    exam_results_commands.register(stages)
