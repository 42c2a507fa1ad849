"""The pictures of an import: looked at, renamed, counted, and those that cannot be shown named."""

from collections.abc import Callable
from urllib.parse import unquote

from trainer.exchange.model import NotCarried
from trainer.exchange.names import LARGEST_PICTURE, picture_kind, picture_name
from trainer.foundation.errors import TrainerError

_MOST_BYTES = 256 * 2**20


class Pictures:
    """Takes pictures out of a file as texts name them. They come to lie in `folder`."""

    def __init__(self, read: Callable[[str], bytes | None], folder: str) -> None:
        self._read = read
        self._folder = folder
        self._paths: dict[str, str] = {}
        self._taken: set[str] = set()
        self._room = _MOST_BYTES
        self.kept: dict[str, bytes] = {}
        self.lost: list[NotCarried] = []
        self.where = ""  # the question whose text is being read

    def __call__(self, address: str, _description: str) -> str:
        """The path below the deck's folder that `address` gets; "" when it cannot be carried."""
        if address not in self._paths:
            self._paths[address] = self._take(address)
        return self._paths[address]

    def _take(self, address: str) -> str:
        name = unquote(address)
        try:
            content = self._read(name) if ":" not in name[:12] else None
        except TrainerError:
            content = None
        suffix = picture_kind(content) if content else ""
        if not content or not suffix or len(content) > min(LARGEST_PICTURE, self._room):
            shown = name if len(name) <= 60 else f"{name[:60]}…"
            self.lost.append(NotCarried("carried.picture", self.where, {"name": shown}))
            return ""
        file_name = picture_name(name, suffix, self._taken)
        self._taken.add(file_name.lower())
        self._room -= len(content)
        path = f"{self._folder}/{file_name}"
        self.kept[path] = content
        return path
