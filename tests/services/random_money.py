"""Random work on invoices, payments, lines of deals, goals, rates; and imports with rows that wait."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from funneldesk.domain.arrivals import Waiting
from funneldesk.domain.billing import Invoice, Payment
from funneldesk.domain.client import Company
from funneldesk.domain.deal import Deal
from funneldesk.domain.funnel import Stage
from funneldesk.domain.goals import Mark, Measure, SourceCost, Standard, StandardKind
from funneldesk.domain.items import WHOLE, DealItem
from funneldesk.domain.team import CurrencyRate, Manager, Product, Source
from funneldesk.importing.fields import Kind, OnDuplicate
from funneldesk.importing.flow import ImportFlow
from funneldesk.services import billing, deal_items, goals, imports, team, waiting
from funneldesk.services.goals import PlanCell
from tests.services.random_kit import PICK, Work

DAYS = ["2026-01-05", "2026-02-28", "2026-03-01", "2026-12-31"]


def _rows(kind: Kind, pick: int) -> list[list[str]]:
    """A small file: the numbers of clients, deals and invoices in it may be there, or not yet."""
    a, b, c = pick % 4, pick // 4 % 4, pick // 16 % 4
    tables: dict[Kind, list[list[str]]] = {
        Kind.CLIENTS: [["ID", "Company", "Phone", "City", "Manager"],
                       [f"c{a}", f"Delta {a}", "+48 22 000 11 22", f"Town {c}", "Emma"],
                       [f"c{b}", f"Sigma {b}", "", "Rome", "First"]],
        Kind.PEOPLE: [["ID", "Name", "Company ID", "E-mail"],
                      [f"p{a}", "Ann Lark", f"c{b}", "a@b.example"], [f"p{b}", f"Bob {c}", f"c{c}", ""]],
        Kind.LEADS: [["Lead", "Company", "Phone", "Source"], [f"Racks {a}", f"Delta {b}", "+48 22", "Fair"]],
        Kind.DEALS: [["Deal number", "Deal", "Client", "Amount", "Created"],
                     [f"d{a}", f"Racks {a}", f"Delta {b}", str(pick), DAYS[c]], [f"d{b}", "X", "", "", ""]],
        Kind.HISTORY: [["Deal number", "Stage", "Time"],
                       [f"d{a}", "Interest", DAYS[0]], [f"d{a}", "Offer", DAYS[b]],
                       [f"d{c}", "Won", DAYS[3]]],
        Kind.ACTIVITIES: [["deal", "client", "type", "at", "comment"],
                          [f"d{a}", "", "call", DAYS[b], "hi"], ["", f"Delta {c}", "meeting", DAYS[1], ""]],
        Kind.INVOICES: [["Invoice number", "Client", "Date", "Amount"],
                        [f"i{a}", f"Delta {b}", DAYS[c], "100"], [f"i{b}", f"Sigma {c}", DAYS[1], "50"]],
        Kind.PAYMENTS: [["Invoice", "Client", "Date", "Amount"],
                        [f"i{a}", "", DAYS[b], "40"], ["", f"Delta {c}", DAYS[1], "7"]],
    }  # fmt: skip
    return tables[kind]


class MoneyWork(Work):
    """What is done with money and files of rows."""

    @rule(pick=PICK, amount=st.integers(-(10**9), 10**9).filter(bool))
    def work_on_invoices(self, pick: int, amount: int) -> None:
        found, company = self.one(Invoice, pick), self.one(Company, pick)
        if found is not None and pick % 4 == 0:
            self.do(billing.update_invoice, found, number=f"i{pick % 4}", amount=amount)
        elif found is not None and pick % 4 == 1:
            self.do(billing.delete_invoice, found)
        elif company is not None:
            more = {"company_id": company, "deal_id": self.one(Deal, pick) if pick % 3 else None}
            self.do(billing.add_invoice, f"i{pick % 4}", amount, date=DAYS[pick % 4], **more)

    @rule(pick=PICK, amount=st.integers(1, 10**9))
    def work_on_payments(self, pick: int, amount: int) -> None:
        found = self.one(Payment, pick)
        invoice = self.one(Invoice, pick) if pick % 3 else None
        company = self.one(Company, pick)
        if found is not None and pick % 4 == 0:
            self.do(billing.update_payment, found, amount=amount)
        elif found is not None and pick % 4 == 1:
            self.do(billing.delete_payment, found)
        elif invoice or company:
            owner = {"invoice_id": invoice} if invoice else {"company_id": company}
            self.do(billing.add_payment, amount, date=DAYS[pick % 4], **owner)

    @rule(pick=PICK, price=st.integers(0, 10**6))
    def work_on_lines(self, pick: int, price: int) -> None:
        deal, line = self.one(Deal, pick), self.one(DealItem, pick)
        product = self.one(Product, pick) if pick % 2 else None
        if line is not None and pick % 5 == 0:
            self.do(deal_items.update, line, price=price, discount=pick % WHOLE, product_id=product)
        elif line is not None and pick % 5 == 1:
            self.do(deal_items.remove, line)
        elif deal is not None and pick % 5 == 2:
            self.do(deal_items.take_sum, deal)
        elif deal is not None:
            self.do(deal_items.add, deal, product_id=product, name="Racks", price=price)

    @rule(pick=PICK, day=st.sampled_from(DAYS))
    def work_on_goals(self, pick: int, day: str) -> None:
        source, stage = self.one(Source, pick), self.one(Stage, pick)
        if pick % 4 == 0:
            measures = list(Measure)
            cells = [
                PlanCell(f"2026-0{1 + n}", self.one(Manager, pick), measures[pick % len(measures)], value)
                for n, value in enumerate((pick, None, 5))
            ]
            self.do(goals.set_plans, cells)
        elif pick % 4 == 1 and source:
            known = self.one(SourceCost, pick) if pick % 3 == 0 else None
            cost = SourceCost(
                id=known or 0,
                source_id=source,
                first_day=day,
                last_day="2026-12-31",
                amount=pick,
                currency="",
            )
            self.do(goals.set_cost, cost)
        elif pick % 4 == 2:
            known = self.one(Mark, pick) if pick % 3 == 0 else None
            self.do(goals.set_mark, Mark(id=known or 0, day=day, title=f"New price {pick % 3}"))
        else:
            known = self.one(Standard, pick) if pick % 3 == 0 else None
            kind = list(StandardKind)[pick % 2]
            self.do(
                goals.set_standard, Standard(id=known or 0, kind=kind, limit_=1 + pick % 9, stage_id=stage)
            )

    @rule(pick=PICK, cls=st.sampled_from([SourceCost, Mark, Standard]))
    def remove_a_goal(self, pick: int, cls: type[SourceCost | Mark | Standard]) -> None:
        found = self.one(cls, pick)
        if found is not None:
            self.do(goals.delete, cls, found)

    @rule(pick=PICK, day=st.sampled_from(DAYS))
    def work_on_rates(self, pick: int, day: str) -> None:
        known = self.all(CurrencyRate)
        if known and pick % 3 == 0:
            rate = known[pick % len(known)]
            self.do(team.delete_rate, rate.currency, rate.day)
        else:
            self.do(team.set_rate, ("USD", "PLN", "EUR")[pick % 3], day, f"{1 + pick % 9}.5")

    @rule(pick=PICK, kind=st.sampled_from(list(Kind)), how=st.sampled_from(list(OnDuplicate)))
    def bring_in_a_file(self, pick: int, kind: Kind, how: OnDuplicate) -> None:
        flow = ImportFlow()
        try:
            imports.prepare(self.db, flow)
            flow.open_text("\n".join("\t".join(row) for row in _rows(kind, pick)), f"{kind}.csv")
            flow.set_kind(kind)
            gone = ("comment", "gone") if pick % 2 and kind in (Kind.CLIENTS, Kind.DEALS) else None
            flow.change_request(on_duplicate=how, vanished=gone)
            self.do(imports.run_import, flow, actor=self.actor(pick))
        finally:
            flow.close()

    @rule(pick=PICK)
    def throw_waiting_rows_away(self, pick: int) -> None:
        found = self.some(Waiting, pick)
        if found:
            self.do(waiting.drop, found)
