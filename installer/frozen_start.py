"""Runs first in a frozen program: what it starts (a browser, a mail program) must not get its libraries.

PyInstaller's loader points LD_LIBRARY_PATH at the bundle and keeps the user's value aside.  The loader of
the system has read it by now; other programs would read it again and take our libraries for theirs.  The
program's own children, which read foreign files, are told to begin as if nobody had started them: otherwise
they would rely on the value that is taken away here.
"""

import os
import sys

if sys.platform.startswith("linux"):
    kept = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if kept is not None:
        os.environ["LD_LIBRARY_PATH"] = kept
    else:
        os.environ.pop("LD_LIBRARY_PATH", None)
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
