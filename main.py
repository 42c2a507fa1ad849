"""Platform Rules Trainer: a few lines that start it from a checkout."""

import sys

from trainer.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
