"""What every test stands on: no display, no traces, nothing left running."""

import os
import threading
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# Before Qt is imported anywhere: tests draw into memory.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.pop("TRAINER_DATA", None)
os.environ.pop("TRAINER_CONTENT", None)

settings.register_profile(
    "here", deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
settings.load_profile("here")


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    """A thread that outlives its test would write into the next one's files."""
    before = set(threading.enumerate())
    yield
    # A dummy stands for a thread that Qt made, and cannot be joined; Qt itself complains of those.
    left = [
        t
        for t in threading.enumerate()
        if t not in before and t.is_alive() and not isinstance(t, threading._DummyThread)
    ]
    for thread in left:
        thread.join(timeout=5)
    alive = [thread.name for thread in left if thread.is_alive() and not thread.daemon]
    assert not alive, f"threads left running: {alive}"
