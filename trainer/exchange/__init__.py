"""Other programs' formats, printable pages, and content packs."""
