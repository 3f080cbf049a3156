"""Run the program with ``python -m rhythmtrainer``."""

import sys

from rhythmtrainer.cli import main

if __name__ == "__main__":
    sys.exit(main())
