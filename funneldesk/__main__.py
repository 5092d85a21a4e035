"""`python -m funneldesk`."""

from __future__ import annotations

import multiprocessing
import sys

from funneldesk.app import main

if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(main())
