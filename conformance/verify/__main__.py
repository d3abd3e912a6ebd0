"""`python -m conformance.verify FILE`."""

import sys

from conformance.verify.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
