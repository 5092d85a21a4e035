"""Where the program's own files (icons, words, templates, help, fonts) lie."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_HERE = Path(__file__).resolve().parent


@cache
def resource_root() -> Path:
    """The folder of resources: an installed package's, else the checkout's; FileNotFoundError if neither."""
    for folder in (_HERE / "_resources", _HERE.parent / "resources"):
        if (folder / "icons").is_dir():
            return folder
    raise FileNotFoundError("the folder of resources is missing: the installation is damaged")


def resource_path(*parts: str) -> Path:
    """The path of one resource, as in `resource_path("icons", "phone.svg")`; it need not exist."""
    return resource_root().joinpath(*parts)
