"""The deck editor: writing decks, seeing them as students do, and changing them with care."""
