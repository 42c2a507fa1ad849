"""A robot that answers as fast as it can, to be killed: `python -m tests.services.exam_child
FOLDER RUN FIRST`. It prints each number when it has been told that it is saved."""

import sys
from pathlib import Path

from tests.services.exam_rooms import HandClock, Pc, endless_exam, pick


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


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
