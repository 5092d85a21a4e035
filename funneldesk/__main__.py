"""`python -m funneldesk`."""

from __future__ import annotations

import sys

from funneldesk.app import main

if __name__ == "__main__":
    sys.exit(main())
