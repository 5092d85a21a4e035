"""Images of the journal that an older program wrote, in the form of today's records.

An upgrade rewrites records, never the journal: what it did to a record is done to an image when it is read.
"""

from __future__ import annotations

from typing import Any

DASH = "–"


def split_key_task(text: str | None) -> tuple[str, str] | None:
    """Key task and subtasks, where the subtasks stood below it, each behind a dash; else None."""
    lines = [line.strip() for line in (text or "").splitlines() if line.strip()]
    subtasks = [line[1:].strip() for line in lines[1:] if line.startswith(DASH)]
    if not subtasks or len(subtasks) != len(lines) - 1:
        return None
    return lines[0], "\n".join(subtasks)


def fitted(kind: str, image: Any) -> Any:
    """A record's image (all columns, or those that changed) as it would be written today."""
    if kind == "stage" and isinstance(image, dict) and "subtasks" not in image:
        parts = split_key_task(image.get("key_task"))
        if parts is not None:
            return {**image, "key_task": parts[0], "subtasks": parts[1]}
        if "funnel_id" in image:  # a whole record: records put back together have the same columns
            return {**image, "subtasks": None}
    return image
