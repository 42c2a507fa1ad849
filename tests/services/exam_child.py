"""A robot that answers as fast as it can, to be killed: `python -m tests.services.exam_child
FOLDER RUN FIRST`. It prints each number when it has been told that it is saved. With `FOLDER held
NOW` it comes in by the system's own clock and tells whether it is held up."""

import sys
import time
from pathlib import Path

from tests.services.exam_rooms import HandClock, Pc, endless_exam, make_exam, pick
from trainer.services.exam_clock import SystemExamClock


def main(folder: Path, run: int, first: int) -> None:
    clock = HandClock(ticks=5_000_000 + 60_000 * run)
    pc = Pc(endless_exam(), folder, clock=clock, seed=f"run-{run}")
    attempt = pc.sit()
    print("attempt", attempt.attempt_id, flush=True)
    attempt.show("i0").result()
    number = first
    while True:
        attempt.answer(pick(number % 5, number)).result()
        print("saved", number, flush=True)
        number += 1


def held(folder: Path, now: int) -> None:
    exam = make_exam(seed="held", codes_each=0, now=now)
    pc = Pc(exam, folder, seed=str(time.time_ns()), own_clock=SystemExamClock())
    entered = pc.enter()
    entered.attempt.show("i0").result()
    moment = entered.attempt.tick()
    told = "resumed" if entered.resumed else "new"
    print(told, moment.left, moment.held or "-", flush=True)
    pc.stop()


if __name__ == "__main__":
    if sys.argv[2] == "held":
        held(Path(sys.argv[1]), int(sys.argv[3]))
        sys.exit()
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
