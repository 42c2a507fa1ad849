"""Platform Rules Trainer: the window, or the command line when there are arguments."""

import sys

from trainer.bootstrap import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
