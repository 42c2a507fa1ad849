"""Keys as the plain numbers that `QKeyEvent.key()` gives.

Naming one `Qt.Key` makes PySide build all 480 of them, some 10 ms of every start.
"""

SPACE = 0x20
ESCAPE = 0x01000000
BACKSPACE = 0x01000003
RETURN = 0x01000004
ENTER = 0x01000005  # on the number pad
DELETE = 0x01000007
LEFT = 0x01000012
UP = 0x01000013
RIGHT = 0x01000014
DOWN = 0x01000015
PAGE_UP = 0x01000016
PAGE_DOWN = 0x01000017

ENTERS = (RETURN, ENTER)


def letter_of(key: int) -> str:
    """The capital letter on a key, "" for any other key."""
    return chr(key) if ord("A") <= key <= ord("Z") else ""
