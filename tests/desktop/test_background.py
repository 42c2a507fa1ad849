"""Work off the GUI thread ends in exactly one way."""

import threading

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from trainer.desktop.background import BackgroundTask, ReportProgress
from trainer.foundation.errors import TrainerError


@pytest.fixture
def owner(qtbot: QtBot) -> QObject:
    return QObject()


def test_the_result_arrives_on_the_gui_thread(qtbot: QtBot, owner: QObject) -> None:
    threads: list[threading.Thread] = []

    def work(report: ReportProgress) -> str:
        threads.append(threading.current_thread())
        report(1, 2)
        return "done"

    task = BackgroundTask(work, owner)
    seen: list[object] = []
    task.progressed.connect(lambda done, total: seen.append((done, total)))
    with qtbot.waitSignal(task.succeeded) as result:
        task.start()
    task.wait()
    assert result.args == ["done"]
    assert seen == [(1, 2)]
    assert threads[0] is not threading.current_thread()


def test_an_error_arrives_as_it_was_raised(qtbot: QtBot, owner: QObject) -> None:
    error = TrainerError("disk.full", path="x")

    def work(_report: ReportProgress) -> None:
        raise error

    task = BackgroundTask(work, owner)
    with qtbot.waitSignal(task.failed) as failed:
        task.start()
    task.wait()
    assert failed.args == [error]


def test_stopped_work_ends_at_its_next_report(qtbot: QtBot, owner: QObject) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work(report: ReportProgress) -> str:
        begun.set()
        go_on.wait(5)
        report(1, 2)
        return "never"

    task = BackgroundTask(work, owner)
    succeeded: list[object] = []
    task.succeeded.connect(succeeded.append)
    with qtbot.waitSignal(task.cancelled):
        task.start()
        begun.wait(5)
        task.stop()
        go_on.set()
    task.wait()
    assert succeeded == []
