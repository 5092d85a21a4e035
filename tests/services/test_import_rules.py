"""Rules of the office and imports: only those set off that say so."""

from __future__ import annotations

from typing import Any

from funneldesk.domain.activity import Activity
from funneldesk.domain.condition import Condition, Group
from funneldesk.domain.deal import Deal
from funneldesk.domain.funnel import Stage
from funneldesk.domain.lead import Lead
from funneldesk.domain.rule import Action as RuleAction
from funneldesk.domain.rule import Event, Params, Rule
from funneldesk.importing.fields import Kind
from funneldesk.services import history, rules
from funneldesk.services.rule_conditions import dumps
from funneldesk.store.database import Database
from tests.services.conftest import content, records
from tests.services.import_kit import deal_rows, run


def rule_for(db: Database, event: Event, *, imports: bool, **more: Any) -> None:
    task = Params("Call back", days=1).dumps()
    rules.add(db, Rule(event=event, action=RuleAction.TASK, params=task, imports=imports, **more))


LEADS = [["Lead", "Company", "Comment"], ["Roof", "Alpha", "hot"], ["Gate", "Beta", "cold"]]


def test_imported_leads_and_deals_set_off_only_rules_that_say_so(db: Database, stage_name: str) -> None:
    rule_for(db, Event.LEAD_ARRIVED, imports=False)
    rule_for(db, Event.ENTERED, imports=False)
    run(db, Kind.LEADS, LEADS)
    run(db, Kind.DEALS, deal_rows(stage_name))
    assert records(db, Activity) == []


def test_a_rule_for_imports_acts_on_what_fits_it_and_is_taken_back_with_the_import(
    db: Database, stage_name: str
) -> None:
    hot = dumps(Group((Condition("comment", "contains", "hot"),)))
    rule_for(db, Event.LEAD_ARRIVED, imports=True, condition=hot)
    before = content(db)
    run(db, Kind.LEADS, LEADS)
    roof = next(lead for lead in records(db, Lead) if lead.comment == "hot")
    assert [(a.subject, a.lead_id) for a in records(db, Activity)] == [("Call back", roof.id)]
    after = content(db)
    history.undo(db)
    assert content(db) == before
    history.redo(db)
    assert content(db) == after
    second = records(db, Stage)[1].id
    rule_for(db, Event.ENTERED, imports=True, funnel_id=1, stage_id=second)
    before = content(db)
    run(db, Kind.DEALS, deal_rows(stage_name))
    there = [deal.id for deal in records(db, Deal) if deal.stage_id == second]
    assert [a.deal_id for a in records(db, Activity) if a.deal_id] == there
    assert all(deal.next_activity_id for deal in records(db, Deal) if deal.id in there)
    history.undo(db)
    assert content(db) == before
