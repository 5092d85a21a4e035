"""Tags put on a selection and taken off it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from funneldesk.domain.change import Change
from funneldesk.domain.condition import ValueType
from funneldesk.domain.condition_fields import AskField, custom_id
from funneldesk.errors import UserError
from funneldesk.text import _, error_text
from funneldesk.ui.clients.common import save
from funneldesk.ui.context import AppContext
from funneldesk.ui.dialog import Dialog
from funneldesk.ui.widgets.buttons import PrimaryButton
from funneldesk.ui.widgets.forms import Form
from funneldesk.ui.widgets.labels import PlainLabel, Quiet

if TYPE_CHECKING:
    from funneldesk.services.bulk import Ref
    from funneldesk.store.database import Database


class TagsDialog(Dialog):
    """Tags are an own field of several choices; which one can be chosen where there are several."""

    help_page = "deals"

    def __init__(
        self, context: AppContext, refs: Sequence[Ref], fields: Sequence[AskField], parent: QWidget
    ) -> None:
        super().__init__(context.theme, parent)
        self._context = context
        self._refs = list(refs)
        column = self.headed(_("Tags"), 440)
        kinds = {kind for kind, _id in refs}
        lists = [f for f in fields if f.type is ValueType.SEVERAL and custom_id(f.key) and f.owner in kinds]
        names = list(dict.fromkeys(f.name for f in lists)) or [_("Tags")]
        known = list(dict.fromkeys(str(v) for f in lists for v, _name in f.options))
        self.form = Form(context.theme, label_width=110)
        choices = [(name, name) for name in names]
        self.field = self.form.add_choice("field", _("Field"), choices, names[0], optional=False)
        self.add = self.form.add_text("add", _("Put on"), hint=_("vip; wholesale"))
        self.remove = self.form.add_text("remove", _("Take off"))
        self.form.set_row_visible("field", len(names) > 1)
        column.addWidget(self.form)
        if known:
            column.addWidget(Quiet(_("In use: {tags}").format(tags="; ".join(known[:20])), wrap=True))
        self.error = PlainLabel("", "error")
        self.error.setWordWrap(True)
        self.error.hide()
        column.addWidget(self.error)
        button = PrimaryButton(_("Set"), self.accept)
        self.add_foot(column, button)
        self.add.setFocus()

    # Qt overrides

    def accept(self) -> None:
        add, remove = _tags(self.add.text()), _tags(self.remove.text())
        if not add and not remove:
            self.reject()
            return
        refs, name = self._refs, str(self.field.value())

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import bulk

            return bulk.tag(db, refs, name, add=add, remove=remove, actor=actor)

        save(self._context, write, self, lambda _change: super(TagsDialog, self).accept(), self._failed)

    def _failed(self, error: Exception) -> None:
        self.error.setText(error_text(error) if isinstance(error, UserError) else str(error))
        self.error.show()


def _tags(text: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in text.replace(",", ";").split(";") if part.strip()))
