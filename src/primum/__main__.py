"""`python -m primum` is `primum`."""

import sys

from primum.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
