"""What a row of the dry run does, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from funneldesk.field_words import field_title
from funneldesk.importing.plan import Action, Plan
from funneldesk.text import N_, _, format_amount, format_date, format_number, ngettext
from funneldesk.ui.import_wizard.views import CheckRows, problem_words

if TYPE_CHECKING:
    from funneldesk.importing.review import RowPreview

# action -> what it is called in the list, its icon and colour
ACTIONS: dict[Action, tuple[str, str, str]] = {
    Action.CREATE: (N_("new"), "circle-plus", "success"),
    Action.UPDATE: (N_("updated"), "pencil", "accent"),
    Action.DUPLICATE: (N_("duplicate"), "copy", "quiet"),
    Action.SKIP: (N_("left out"), "minus", "quiet"),
    Action.REJECT: (N_("rejected"), "circle-alert", "danger"),
    Action.WAIT: (N_("waits"), "hourglass", "quiet"),
}
_BY_KEY = {
    "external_id": (N_("In the base already: same number in the other program."),
                    N_("Stands above in this file: same number in the other program.")),
    "tax_id": (N_("In the base already: same tax number."),
               N_("Stands above in this file: same tax number.")),
    "email": (N_("In the base already: same e-mail."), N_("Stands above in this file: same e-mail.")),
    "phone": (N_("In the base already: same phone."), N_("Stands above in this file: same phone.")),
    "name": (N_("In the base already: same name."), N_("Stands above in this file: same name.")),
    "name_city": (N_("In the base already: a name like it in the same city."),
                  N_("Stands above in this file: a name like it in the same city.")),
    "row": (N_("As it stood in the last file of this list."),
            N_("As it stood in the last file of this list.")),
}  # fmt: skip
_LISTS = ("manager", "source", "product", "loss_reason", "stage", "funnel")
Names = Mapping[str, Mapping[int, str]]


class RowWords:
    """Puts rows into words; `names` are those of the small lists of the base by kind and id."""

    def __init__(self, rows: CheckRows, names: Names, currency: str, zone: ZoneInfo) -> None:
        self._plan: Plan = rows.plan
        self._rows = rows
        self._kind = str(rows.plan.request.kind)
        self._names = names
        self._currency = currency
        self._zone = zone

    def what(self, row: RowPreview) -> str:
        """One line: what changes, what is wrong, or why nothing is done."""
        parts = [problem_words(problem) for problem in row.problems]
        parts += [
            f"{self._title(field)}: {self._value(field, old)} → {self._value(field, new)}"
            for field, old, new in row.changes
        ]
        if not parts and row.matched_by in _BY_KEY and row.action in (Action.DUPLICATE, Action.UPDATE):
            base, here = _BY_KEY[row.matched_by]
            first = self._rows.first_row(row.place) if self._plan.targets[row.place] < 0 else 0
            said = _(here if self._plan.targets[row.place] < 0 else base)
            row_words = _("row {number}").format(number=first)
            parts.append(f"{said} ({row_words})" if first else said)
        return "  ·  ".join(parts)

    def of_cell(self, row: RowPreview, column: int) -> str:
        """What is wrong with a cell, or what it changes: shown beside it."""
        name = self._rows.headers[column]
        said = [problem_words(problem) for problem in row.problems if problem.column == name]
        said += [
            f"{self._value(field, old)} → {self._value(field, new)}"
            for field, old, new in row.changes
            if self._rows.column_of(field) == column
        ]
        return "\n".join(said)

    def _title(self, field: str) -> str:
        return field_title(self._kind, field)

    def _value(self, field: str, value: Any) -> str:
        if value is None or value == "":
            return "–"
        bare = field.removesuffix("_id")
        if isinstance(value, int) and bare != field and bare in _LISTS:
            return self._name(bare, value)
        if isinstance(value, int) and field.endswith("_at"):
            return format_date(value, self._zone)
        if isinstance(value, int) and field == "amount":
            return format_amount(value, self._currency)
        return " ".join(str(value).split())

    def _name(self, kind: str, ref: int) -> str:
        if ref > 0:
            return self._names.get(kind, {}).get(ref, str(ref))
        made = self._plan.new_names(kind)
        return made[-ref - 1] if -ref <= len(made) else str(ref)


def count_sentence(counts: Mapping[str, int]) -> str:
    """Read = created + updated + duplicates + skipped + rejected; blank rows apart."""
    said = {name: format_number(value) for name, value in counts.items()}
    sentence = ngettext(
        "{read} row read = {created} new + {updated} updated + {duplicates} duplicate "
        "+ {skipped} left out + {rejected} rejected",
        "{read} rows read = {created} new + {updated} updated + {duplicates} duplicate "
        "+ {skipped} left out + {rejected} rejected",
        counts["read"],
    ).format(**said)
    if counts["waiting"]:
        waits = ngettext(
            "{waiting} of them waits for what it names",
            "{waiting} of them wait for what they name",
            counts["waiting"],
        )
        sentence += f"  ·  {waits.format(waiting=said['waiting'])}"
    if not counts["blank"]:
        return sentence
    blank = ngettext("{blank} blank row apart", "{blank} blank rows apart", counts["blank"])
    return f"{sentence}  ·  {blank.format(blank=said['blank'])}"


def rows_to_write(counts: Mapping[str, int]) -> int:
    """How many rows an import writes."""
    return counts["created"] + counts["updated"] + counts["waiting"]
