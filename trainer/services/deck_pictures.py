"""Pictures of a deck: they lie beside it, named after what they show, each once."""

from hashlib import blake2b
from pathlib import Path

from trainer.foundation.errors import TrainerError
from trainer.foundation.files import disk_error, write_whole
from trainer.foundation.identifiers import slug

WIDEST = 1200  # pixels; a page shows no more
ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp")


def keep_picture(deck: Path, content: bytes, ending: str, name: str) -> str:
    """Put a picture beside the deck file and return the name its text has to use.

    `name` is what it shows, in any words; a digest of the content makes it unique, so the same
    picture is kept once. Raises TrainerError (disk.*, file.locked).
    """
    digest = blake2b(content, digest_size=3).hexdigest()
    base = deck.name.partition(".")[0]
    file = f"{slug(name, fallback=base)}-{digest}{ending}"
    path = deck.with_name(file)
    try:
        if path.is_file() and path.read_bytes() == content:
            return file
    except OSError as error:
        known = disk_error(error, path)
        raise known or TrainerError("disk.gone", path=str(path)) from error
    write_whole(path, content)
    return file
