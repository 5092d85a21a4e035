"""What a company is to us, and what a person is, in words."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu

from funneldesk.text import _
from funneldesk.ui.clients.inline import InlineChoice

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


class RolesChoice(InlineChoice):
    """Any of client, partner, supplier; `picked` carries them with commas between."""

    def __init__(self) -> None:
        super().__init__()
        self._roles: list[str] = []

    def set_roles(self, roles: str) -> None:
        """Show the roles of a company."""
        self._roles = [role for role in roles.split(",") if role]
        self.set_value(roles or None, roles_words(roles))

    def make_menu(self) -> QMenu:
        """Each role can be ticked; the last one stays."""
        menu = QMenu(self)
        for role in ROLES:
            action = menu.addAction(role_words(role), lambda role=role: self._turn(role))
            action.setCheckable(True)
            action.setChecked(role in self._roles)
        return menu

    def _turn(self, role: str) -> None:
        kept = [known for known in ROLES if (known in self._roles) != (known == role)]
        if kept:
            self.set_roles(",".join(kept))
            self.picked.emit(",".join(kept))
