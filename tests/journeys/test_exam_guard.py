"""The guard on a real screen: leaving is noted with its length; a crash leaves nothing behind."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.journeys.screens import Screen, running

SCRIPT = Path(__file__).resolve().parents[1] / "desktop" / "exam" / "watched.py"
ROOT = SCRIPT.parents[3]


def environment(screen: Screen) -> dict[str, str]:
    return {**screen.environment, "PYTHONPATH": str(ROOT)}


def lines_until(process: subprocess.Popen[bytes], word: str, most: int = 40) -> list[str]:
    """What the window says, up to the line that begins with `word`."""
    said: list[str] = []
    if process.stdout is None:
        pytest.fail("the window says nothing")
    for _ in range(most):
        said.append(process.stdout.readline().decode().strip())
        if said[-1].startswith(word) or not said[-1]:
            break
    return said


def leave_and_return(screen: Screen, seconds: float) -> float:
    """How long the other window was in front, as the test itself has seen it."""
    screen.focus("other window")
    began = time.monotonic()
    time.sleep(seconds)
    screen.focus("exam window")
    return time.monotonic() - began


def away(said: list[str]) -> list[float]:
    return [int(line.split()[1]) / 1000 for line in said if line.startswith("returned")]


def test_t48_leaving_is_noted_with_its_length(screen: Screen) -> None:
    check_leaving(screen, times=3, seconds=1.5)


@pytest.mark.slow
def test_t48_fifty_times_three_seconds(screen: Screen) -> None:
    check_leaving(screen, times=50, seconds=3)


def check_leaving(screen: Screen, times: int, seconds: float) -> None:
    surroundings = environment(screen)
    exam, other = [sys.executable, str(SCRIPT)], [sys.executable, str(SCRIPT), "other"]
    with running(other, surroundings), running(exam, surroundings) as process:
        lines_until(process, "ready")
        screen.focus("exam window")
        time.sleep(0.6)
        lasted: list[float] = []
        real: list[float] = []
        for _ in range(times):
            real.append(leave_and_return(screen, seconds))
            lasted += away(lines_until(process, "returned"))
            time.sleep(0.3)

    assert len(lasted) == times
    pairs = list(zip(lasted, real, strict=True))
    assert all(abs(noted - there) <= 0.3 for noted, there in pairs), pairs


def test_t49_a_crash_leaves_the_desktop_as_it_was(screen: Screen) -> None:
    surroundings = environment(screen)
    other, exam = [sys.executable, str(SCRIPT), "other"], [sys.executable, str(SCRIPT)]
    with running(other, surroundings) as neighbour:
        screen.focus("other window")
        with running(exam, surroundings) as process:
            lines_until(process, "ready")
            screen.focus("exam window")
            process.kill()
        began = time.monotonic()
        screen.focus("other window", seconds=2)
        screen.type("works")

        assert time.monotonic() - began < 2
        assert neighbour.poll() is None
        windows = screen._xdotool("search", "--name", "exam window").stdout
        assert windows.strip() == ""


def test_t50_a_second_screen_is_covered(tmp_path: Path) -> None:
    screens = [
        {"name": name, "x": x, "y": 0, "width": 800, "height": 600, "logicalDpi": 96, "dpr": 1}
        for name, x in (("one", 0), ("two", 800))
    ]
    config = tmp_path / "screens.json"
    config.write_text(json.dumps({"screens": screens}), encoding="utf-8")
    surroundings = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "QT_QPA_PLATFORM": f"offscreen:configfile={config}",
    }
    with running([sys.executable, str(SCRIPT), "cover"], surroundings) as process:
        said = lines_until(process, "screens")

    assert said[-1] == "screens 2 1"
