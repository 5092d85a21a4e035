"""Tells Qt the kinds of our files by their names, so that it never opens a base to guess.

Qt's own file dialog opens every file of an unknown kind in the folder it shows.  On POSIX systems closing
such a file takes away all locks that this process holds on it (fcntl(2)): with a base open in the
window, another program would then take the base for its own and cut off what SQLite has mapped.
"""

from __future__ import annotations

import os
import sys

from funneldesk.resources import resource_path

_USUAL = "/usr/local/share:/usr/share"


def tell_kinds() -> None:
    """Put our description of kinds before the system's; call it before the first use of a file dialog."""
    if sys.platform in ("win32", "darwin"):  # the system's own dialogs, in which Qt guesses nothing
        return
    own = str(resource_path("mime").parent)
    there = os.environ.get("XDG_DATA_DIRS") or _USUAL
    if own not in there.split(os.pathsep):
        os.environ["XDG_DATA_DIRS"] = os.pathsep.join((own, there))
