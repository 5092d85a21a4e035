"""Modules with classes of Qt are loaded by one thread at a time.

Where two threads make such classes at once, PySide takes the bases of the one for those of the other:
"QObject isn't a direct base class of ...".  It happens seldom, and the screen it happens to does not open.
"""

from __future__ import annotations

import threading

ALONE = threading.RLock()  # held while such modules are loaded, by the window's thread as by another
