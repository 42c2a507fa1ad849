"""The system's own clock for exams."""

import subprocess
import sys
import time

from trainer.services.exam_clock import SystemExamClock


def test_ticks_go_on_in_one_boot_and_agree_with_the_wall() -> None:
    clock = SystemExamClock()
    before = clock.read()
    time.sleep(0.05)
    after = clock.read()

    assert after.boot == before.boot
    assert after.ticks > before.ticks
    assert abs((after.wall - before.wall) - (after.ticks - before.ticks)) < 1000
    assert -14 * 60 <= after.zone <= 14 * 60


def test_another_process_sees_the_same_boot() -> None:
    words = "from trainer.services.exam_clock import SystemExamClock as C; r = C().read(); "
    words += "print(r.boot, r.ticks)"
    before = SystemExamClock().read()
    child = subprocess.run(
        [sys.executable, "-c", words], check=True, capture_output=True, encoding="utf-8"
    )
    boot, ticks = child.stdout.split()

    assert boot == before.boot
    assert int(ticks) >= before.ticks
