"""Currency rates: the list in the settings, and the dialog of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from funneldesk.domain.change import Change
from funneldesk.domain.team import CurrencyRate
from funneldesk.text import _, format_date, format_number
from funneldesk.ui.context import AppContext
from funneldesk.ui.form_dialog import FormDialog
from funneldesk.ui.settings.record_list import RecordList

if TYPE_CHECKING:
    from funneldesk.store.database import Database
    from funneldesk.store.transaction import Actor


class RatesSection(RecordList[CurrencyRate]):
    """Every rate with the day it holds from; they are added, changed and removed."""

    kinds = ("currency_rate",)

    def __init__(self, context: AppContext) -> None:
        about = _("Sums of deals in another currency are counted in {currency} by the rate of their day.")
        super().__init__(context, _("Currency rates"), 9, about.format(currency=context.currency))

    def reader(self) -> Callable[[Database], Sequence[CurrencyRate]]:
        """All rates, by currency, the newest first."""
        return _read

    def line(self, rate: CurrencyRate) -> str:
        """What one unit is worth, and since when."""
        digits = max(2, -int(Decimal(rate.rate).as_tuple().exponent))
        return _("1 {currency} = {rate} {own} from {day}").format(
            currency=rate.currency,
            rate=format_number(Decimal(rate.rate), digits),
            own=self._context.currency,
            day=format_date(date.fromisoformat(rate.day)),
        )

    def nothing(self) -> str:
        """What happens without."""
        return _("No rates yet. Without one, sums in another currency are left out and said to be.")

    def dialog(self, rate: CurrencyRate | None) -> RateDialog:
        """The rate's own."""
        return RateDialog(self._context, self, rate)

    def removal(self, rate: CurrencyRate) -> Callable[[Database, Actor], Change]:
        """The one before it holds again."""

        def write(db: Database, actor: Actor) -> Change:
            from funneldesk.services import team

            return team.delete_rate(db, rate.currency, rate.day, actor=actor)

        return write


class RateDialog(FormDialog):
    """Currency, the day from which it holds, and the rate."""

    help_page = "settings"

    error_key = "rate"

    def __init__(self, context: AppContext, parent: QWidget | None, rate: CurrencyRate | None) -> None:
        super().__init__(context, parent, _("Currency rate"), _("Save"), "check")
        from funneldesk.domain import clock

        today = clock.local_date(clock.now(), context.zone).isoformat()
        form = self.form
        form.add_text("currency", _("Currency"), rate.currency if rate else "", required=True, hint="USD")
        form.add_date("day", _("From"), rate.day if rate else today)
        label = _("Worth in {currency}").format(currency=context.currency)
        form.add_text("rate", label, rate.rate if rate else "", required=True)
        form.field("rate" if rate else "currency").setFocus()

    def write(self, db: Database, actor: Any, values: dict[str, Any]) -> Change:
        """Set the rate."""
        from funneldesk.services import team

        return team.set_rate(db, values["currency"], values["day"] or "", values["rate"], actor=actor)


def _read(db: Database) -> Sequence[CurrencyRate]:
    from funneldesk.services import team

    return team.rates(db)
