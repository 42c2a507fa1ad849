"""Printable pages as PDF: a self-contained HTML text becomes A4 pages with the system's fonts.

Whoever needs a paper (a freshness report, exam slips, a gradebook) writes HTML that Qt's rich text
knows, pictures as `data:` addresses; this module alone turns it into a file, with or without a
display.
"""

import os
from pathlib import Path

from PySide6.QtCore import QBuffer, QCoreApplication, QIODevice, QMarginsF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QFont,
    QGuiApplication,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextDocument,
)

from trainer.foundation.files import write_whole

DPI = 300
MARGIN_MM = 16
FOOT_MM = 8
FAMILIES = ["Segoe UI", "Microsoft YaHei UI", "Noto Sans", "Noto Sans CJK SC"]


def print_pdf(html: str, path: Path) -> None:
    """Write `html` to `path` as A4 pages, numbered at the foot when there are several.

    The file appears whole or not at all. Raises TrainerError (disk.*) when it cannot be written.
    """
    application = _application()  # kept until the pages are drawn
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    _draw(html, QPdfWriter(buffer))
    del application
    write_whole(path, bytes(buffer.data().data()))


def _application() -> QCoreApplication:
    """Fonts need an application; a command on a PC without a display has none yet."""
    running = QGuiApplication.instance()
    if running is not None:
        return running
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return QGuiApplication(["trainer"])


def _draw(html: str, writer: QPdfWriter) -> None:
    writer.setResolution(DPI)
    writer.setCreator("Platform Rules Trainer")
    margins = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            margins,
            QPageLayout.Unit.Millimeter,
        )
    )
    font = QFont(FAMILIES)
    font.setPointSizeF(10.5)
    document = QTextDocument()
    document.documentLayout().setPaintDevice(writer)
    document.setDefaultFont(font)
    document.setDocumentMargin(0)
    document.setHtml(html)
    foot = round(FOOT_MM / 25.4 * DPI)
    page = QSizeF(writer.width(), writer.height() - foot)
    document.setPageSize(page)
    painter = QPainter(writer)
    count = document.pageCount()
    for number in range(count):
        if number:
            writer.newPage()
        painter.save()
        painter.translate(0, -number * page.height())
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette.setColor(context.palette.ColorRole.Text, "black")
        context.clip.setRect(0, number * page.height(), page.width(), page.height())
        painter.setClipRect(context.clip)
        document.documentLayout().draw(painter, context)
        painter.restore()
        if count > 1:
            painter.setFont(font)
            painter.drawText(
                0,
                round(page.height()),
                writer.width(),
                foot,
                Qt.AlignmentFlag.AlignCenter,
                f"{number + 1} / {count}",
            )
    painter.end()
