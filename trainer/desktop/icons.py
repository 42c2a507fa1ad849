"""Icons of one open set (Lucide), drawn in the ink of the theme, crisp at every scale."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from trainer.desktop.theme import Theme

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon

STROKE = 1.5  # pixels of a 24-pixel icon
PIXEL_RATIOS = (1.0, 1.25, 1.5, 2.0)


class Icons:
    """The icons of `assets/icons`, tinted on demand. A pixmap is drawn once a size and colour."""

    def __init__(self, folder: Path, theme: Theme) -> None:
        self._folder = folder
        self._theme = theme
        self._sources: dict[str, str] = {}
        self._pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}
        self._kept: dict[tuple[object, ...], QPixmap] = {}

    def pixmap(self, name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
        """The icon `name` in `colour` ("#RRGGBB"), `size` logical pixels square.

        Raises FileNotFoundError for an icon that is not in the folder.
        """
        key = (name, colour, size, ratio)
        if key not in self._pixmaps:
            self._pixmaps[key] = self._drawn(name, colour, size, ratio)
        return self._pixmaps[key]

    def icon(self, name: str, colour: str = "", size: int = 20) -> "QIcon":
        """An icon for Qt's own controls, in ink unless `colour` says otherwise."""
        # Loaded for whoever needs one: our own controls paint pixmaps.
        from PySide6.QtGui import QIcon

        icon = QIcon()
        for ratio in PIXEL_RATIOS:
            icon.addPixmap(
                self.pixmap(name, colour or self._theme.colours.ink, self._theme.px(size), ratio)
            )
        return icon

    def paint(self, painter: QPainter, name: str, colour: str, rect: QRectF) -> None:
        """Paint the icon in the middle of `rect`, as large as it fits, on whole pixels."""
        size = int(min(rect.width(), rect.height()))
        pixmap = self.pixmap(name, colour, size, painter.device().devicePixelRatioF())
        left = round(rect.x() + (rect.width() - size) / 2)
        top = round(rect.y() + (rect.height() - size) / 2)
        painter.drawPixmap(left, top, pixmap)

    def kept(
        self,
        key: tuple[object, ...],
        size: QSize,
        ratio: float,
        draw: Callable[[QPainter], None],
    ) -> QPixmap:
        """What `draw` paints into `size` logical pixels, drawn once for each `key` and ratio."""
        if (*key, ratio) not in self._kept:
            pixmap = QPixmap(round(size.width() * ratio), round(size.height() * ratio))
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draw(painter)
            painter.end()
            self._kept[*key, ratio] = pixmap
        return self._kept[*key, ratio]

    def _drawn(self, name: str, colour: str, size: int, ratio: float) -> QPixmap:
        if name not in self._sources:
            path = self._folder / f"{name}.svg"
            self._sources[name] = path.read_text(encoding="utf-8")
        # A line thinner than a pixel would be grey, not ink.
        stroke = max(STROKE, 24 / (size * ratio) * 1.25)
        svg = (
            self._sources[name]
            .replace("currentColor", colour)
            .replace('stroke-width="2"', f'stroke-width="{stroke:.3f}"')
        )
        renderer = QSvgRenderer(QByteArray(svg.encode("utf-8")))
        pixmap = QPixmap(QSize(round(size * ratio), round(size * ratio)))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter)
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        return pixmap
