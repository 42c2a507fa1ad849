"""XML from anywhere: no entities, nothing fetched, not too deep, not too much."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainer.foundation.errors import TrainerError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LARGEST = 64 * 2**20  # bytes
_MOST_ELEMENTS = 1_000_000
_DEEPEST = 200


def parse_xml(content: bytes) -> "Element":
    """The root element of `content`; namespaces are taken off the names.

    Raises TrainerError: import.damaged (with line and column), import.entities, import.too-big.
    """
    # Loaded for those who open such a file.
    from xml.etree.ElementTree import ParseError, TreeBuilder

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser

    if len(content) > LARGEST:
        raise TrainerError("import.too-big")

    class Builder(TreeBuilder):
        """A tree that refuses to grow without end."""

        count = depth = 0

        def start(self, tag: str, attrs: dict[str, str], /) -> "Element":
            self.count += 1
            self.depth += 1
            if self.count > _MOST_ELEMENTS or self.depth > _DEEPEST:
                raise TrainerError("import.too-big")
            return super().start(_bare(tag), {_bare(name): text for name, text in attrs.items()})

        def end(self, tag: str, /) -> "Element":
            self.depth -= 1
            return super().end(_bare(tag))

    parser = DefusedXMLParser(target=Builder())
    try:
        parser.feed(content)
        root: Element = parser.close()
    except DefusedXmlException as error:
        raise TrainerError("import.entities") from error
    except ParseError as error:
        line, column = error.position
        raise TrainerError("import.bad-xml", line=line, column=column + 1) from error
    except (ValueError, LookupError) as error:  # an encoding nobody knows
        raise TrainerError("import.damaged") from error
    return root


def _bare(name: str) -> str:
    return name.rpartition("}")[2]


def text_of(element: "Element | None", default: str = "") -> str:
    """All text in `element`."""
    return default if element is None else "".join(element.itertext()).strip()


def children(element: "Element", *names: str) -> Iterator["Element"]:
    return (child for child in element if child.tag in names)
