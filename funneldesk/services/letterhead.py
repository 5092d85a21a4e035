"""What stands at the head of prints beside the company's name: its logo, kept in the base."""

from __future__ import annotations

import base64
import binascii

from funneldesk.errors import UserError
from funneldesk.store.database import Database

LOGO_KEY = "company_logo"
LARGEST_KB = 500


def logo(db: Database) -> bytes:
    """The logo (PNG); empty where there is none."""
    try:
        return base64.b64decode(str(db.setting(LOGO_KEY, "")), validate=True)
    except binascii.Error:
        return b""


def set_logo(db: Database, picture: bytes) -> None:
    """Keep a logo; empty takes it away.  UserError `logo.too_large`.  Not journalled, as all settings."""
    if len(picture) > LARGEST_KB * 1000:
        raise UserError("logo.too_large", most=LARGEST_KB)
    db.set_setting(LOGO_KEY, base64.b64encode(picture).decode())
