"""Pictures as they are pasted, dropped or chosen: read, turned upright, no wider than needed."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, Qt
from PySide6.QtGui import QImage, QImageReader
from PySide6.QtWidgets import QFileDialog, QWidget

from trainer.foundation.errors import TrainerError
from trainer.services.deck_pictures import ENDINGS, WIDEST, keep_picture

_FORMATS = {b"png", b"jpeg", b"jpg", b"gif", b"webp", b"bmp"}


def pictures_of(given: QMimeData) -> list[tuple[QImage, str, str]]:
    """The pictures in what was pasted or dropped: image, name, ending to keep them with.

    Raises TrainerError: editor.no-picture.
    """
    files = [Path(url.toLocalFile()) for url in given.urls() if url.isLocalFile()]
    wanted = [file for file in files if file.suffix.lower() in ENDINGS]
    if wanted:
        return [read_picture(file) for file in wanted]
    image = given.imageData()
    if isinstance(image, QImage) and not image.isNull():
        return [(_narrow(image), "", ".png")]
    raise TrainerError("editor.no-picture", name="")


def read_picture(path: Path) -> tuple[QImage, str, str]:
    """Raises TrainerError: editor.no-picture. What a file is called does not count, only what it
    holds."""
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    reader.setDecideFormatFromContent(True)
    if bytes(reader.format().data()) not in _FORMATS:
        raise TrainerError("editor.no-picture", name=path.name)
    photo = bytes(reader.format().data()) in {b"jpeg", b"jpg"}
    image = reader.read()
    if image.isNull():
        raise TrainerError("editor.no-picture", name=path.name)
    return _narrow(image), path.stem, ".jpg" if photo else ".png"


def choose_pictures(parent: QWidget, title: str) -> list[Path]:
    patterns = " ".join(f"*{ending}" for ending in ENDINGS)
    names, _ = QFileDialog.getOpenFileNames(parent, title, "", f"({patterns})")
    return [Path(name) for name in names]


def keep(deck: Path, image: QImage, name: str, ending: str) -> str:
    """Put the picture beside the deck; the name to use. Raises TrainerError (disk.*)."""
    return keep_picture(deck, _encoded(image, ending), ending, name)


def _narrow(image: QImage) -> QImage:
    if image.width() <= WIDEST:
        return image
    return image.scaledToWidth(WIDEST, Qt.TransformationMode.SmoothTransformation)


def _encoded(image: QImage, ending: str) -> bytes:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if ending == ".jpg":
        image.save(buffer, "JPEG", 85)  # type: ignore[call-overload] # the stubs want bytes
    else:
        image.save(buffer, "PNG")  # type: ignore[call-overload] # as above
    buffer.close()
    return bytes(content.data())
