"""What a person can mend, apart from bugs.

`UserError` carries a code and parameters; `text.error_text` puts it into words.  Anything
else that is raised is a bug: it is logged and shown with a report that can be copied.
"""

from __future__ import annotations


class UserError(Exception):
    """A problem a person can mend.

    `code` names it (a dotted lower-case word such as ``base.locked``), `params` fill its
    sentence.  The words live in `funneldesk.text`, never here.
    """

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        inside = ", ".join(f"{k}={v!r}" for k, v in self.params.items())
        return f"{self.code}({inside})"


class StaleRecord(UserError):
    """A write on a version that somebody has changed since; both values are shown."""

    def __init__(self, kind: str, record_id: int, mine: object, theirs: object) -> None:
        super().__init__("record.stale", kind=kind, id=record_id, mine=mine, theirs=theirs)


class Cancelled(Exception):
    """The user pressed Cancel; whatever was under way leaves no trace."""
