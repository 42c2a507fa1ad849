from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from trainer.desktop.printing import print_pdf
from trainer.foundation.errors import TrainerError


def test_a_long_table_becomes_several_pages(qtbot: QtBot, tmp_path: Path) -> None:
    rows = "".join(f"<tr><td>{number}</td><td>成绩</td></tr>" for number in range(120))

    print_pdf(f"<table>{rows}</table>", tmp_path / "marks.pdf")

    content = (tmp_path / "marks.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert content.count(b"/Type /Page\n") >= 3
    assert list(tmp_path.iterdir()) == [tmp_path / "marks.pdf"]


def test_a_folder_that_is_not_there_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    with pytest.raises(TrainerError):
        print_pdf("<p>nothing</p>", tmp_path / "gone" / "marks.pdf")
