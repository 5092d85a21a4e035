"""What a company is to us, and what a person is, in words."""

from __future__ import annotations

from funneldesk.text import _

ROLES = ("client", "partner", "supplier")
PERSON_KINDS = ("employee", "individual", "sole_trader")


def role_words(role: str) -> str:
    """One role of a company; an unknown one as it is."""
    return {"client": _("Client"), "partner": _("Partner"), "supplier": _("Supplier")}.get(role, role)


def roles_words(roles: str) -> str:
    """All roles of a company."""
    return ", ".join(role_words(role) for role in roles.split(",") if role)


def person_kind_words(kind: str) -> str:
    """What a person is."""
    return {
        "employee": _("Employee"),
        "individual": _("Individual"),
        "sole_trader": _("Sole trader"),
    }.get(kind, kind)
