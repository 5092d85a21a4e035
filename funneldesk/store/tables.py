"""Every table of a base, and which frozen record each one keeps.

Names of constraints follow one convention from the first day, so that migrations can name
them.  Times are microseconds UTC (`Micros`), money is minor units.  Nothing cascades: what is
removed is removed by an edit of its own, so that the journal knows it.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.activity import Activity
from funneldesk.domain.arrivals import ImportRun, Waiting
from funneldesk.domain.billing import Invoice, Payment
from funneldesk.domain.client import Company, ContactPoint, Person
from funneldesk.domain.criteria import DealCheck
from funneldesk.domain.deal import Deal, StageMove
from funneldesk.domain.doubles import NotDouble
from funneldesk.domain.fields import CustomField, CustomValue, SavedView
from funneldesk.domain.files import AttachedFile
from funneldesk.domain.funnel import Funnel, Stage
from funneldesk.domain.goals import Mark, Plan, SourceCost, Standard
from funneldesk.domain.items import DealItem
from funneldesk.domain.lead import Lead
from funneldesk.domain.questions import LeadAnswer, LeadQuestion
from funneldesk.domain.repeat import Repeat
from funneldesk.domain.rule import Rule, RuleRun
from funneldesk.domain.team import CurrencyRate, LossReason, Manager, Product, Source
from funneldesk.store.columns import Micros as Micros
from funneldesk.store.columns import flag as _flag
from funneldesk.store.columns import ident as _id
from funneldesk.store.columns import metadata as metadata
from funneldesk.store.columns import ref as _ref
from funneldesk.store.columns import text as _text
from funneldesk.store.columns import time as _time

managers = sa.Table(
    "managers", metadata, *_id(), _text("name", need=True), _flag("active"), _text("folded", need=True),
    sa.Index("ix_managers_folded", "folded"),
)  # fmt: skip
sources = sa.Table(
    "sources", metadata, *_id(), _text("name", need=True), _text("folded", need=True),
    sa.Index("ix_sources_folded", "folded"),
)  # fmt: skip
products = sa.Table(
    "products", metadata, *_id(), _text("name", need=True), sa.Column("price", sa.BigInteger),
    sa.Column("cost", sa.BigInteger), _text("currency"), _text("folded", need=True),
    sa.Index("ix_products_folded", "folded"),
)  # fmt: skip
loss_reasons = sa.Table(
    "loss_reasons", metadata, *_id(), _text("name", need=True), _text("outcome"), _flag("competitor"),
    _text("advice"), sa.Column("position", sa.Integer, nullable=False), _text("folded", need=True),
    sa.Column("funnel_id", sa.BigInteger), sa.Index("ix_loss_reasons_folded", "folded"),
)  # fmt: skip
currency_rates = sa.Table(
    "currency_rates", metadata, *_id(), _text("currency", need=True), _text("day", need=True),
    _text("rate", need=True), sa.Index("ix_currency_rates_currency_day", "currency", "day"),
)  # fmt: skip

companies = sa.Table(
    "companies", metadata, *_id(), _text("external_id"), _text("name", need=True), _text("legal_name"),
    _text("tax_id"), _text("bank_account"), _text("address"), _text("city"), _text("region"),
    _text("country"),
    _text("size"), _text("category"), _text("roles", need=True), _ref("source_id", "sources"),
    _ref("manager_id", "managers"), _text("comment"), _time("consent_at"), _text("consent_how"),
    _time("created_at"), _time("updated_at"), _text("name_key", need=True), _text("sort_key", need=True),
    sa.Index("ix_companies_name_key", "name_key"), sa.Index("ix_companies_sort_key", "sort_key"),
    sa.Index("ix_companies_tax_id", "tax_id"), sa.Index("ix_companies_external_id", "external_id"),
    sa.Index("ix_companies_manager_id", "manager_id"),
)  # fmt: skip
people = sa.Table(
    "people", metadata, *_id(), _text("external_id"), _ref("company_id", "companies"),
    _text("name", need=True),
    _text("first_name"), _text("last_name"), _text("position"), _text("kind", need=True), _text("tax_id"),
    _text("address"), _text("city"), _text("region"), _text("country"), _text("category"),
    _ref("source_id", "sources"), _ref("manager_id", "managers"), _text("comment"), _time("consent_at"),
    _text("consent_how"), _text("bank_account"),
    _time("created_at"), _time("updated_at"), _text("name_key", need=True), _text("sort_key", need=True),
    sa.Index("ix_people_company_id", "company_id"), sa.Index("ix_people_name_key", "name_key"),
    sa.Index("ix_people_sort_key", "sort_key"), sa.Index("ix_people_external_id", "external_id"),
)  # fmt: skip
contact_points = sa.Table(
    "contact_points", metadata, *_id(), _ref("company_id", "companies"), _ref("person_id", "people"),
    _text("kind", need=True), _text("value", need=True), _text("label"),
    sa.Column("position", sa.Integer, nullable=False), _text("key", need=True),
    sa.Index("ix_contact_points_company_id", "company_id"), sa.Index("ix_contact_points_person_id",
        "person_id"),
    sa.Index("ix_contact_points_key", "key"),
    sa.CheckConstraint("(company_id IS NULL) <> (person_id IS NULL)", name="one_owner"),
)  # fmt: skip

funnels = sa.Table(
    "funnels", metadata, *_id(), _text("name", need=True), sa.Column("position", sa.Integer, nullable=False),
    _text("won_name"), _text("template"), _flag("archived"), _text("probability_source", need=True),
    _flag("allow_skip"), _flag("allow_back"), _flag("loss_comment_required"),
    sa.Column("deal_mode", sa.Text, nullable=False, server_default="manual"), _text("loss_task"),
    sa.Column("season", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("training_months", sa.Integer, nullable=False, server_default="12"),
    sa.Column("season_months", sa.Integer, nullable=False, server_default="0"),
    sa.Column("expected_close", sa.Text, nullable=False, server_default="dates"),
)  # fmt: skip
stages = sa.Table(
    "stages", metadata, *_id(), _ref("funnel_id", "funnels", need=True), _text("name", need=True),
    sa.Column("slot", sa.Integer, nullable=False), sa.Column("position", sa.Integer, nullable=False),
    _text("kind", need=True), _text("goal"), _text("key_task"), _text("criterion"), _text("colour"),
    sa.Column("probability", sa.Float), sa.Column("limit_days", sa.Float), _flag("archived"),
    _text("folded", need=True), _text("subtasks"), _text("required"), _text("checklist"),
    sa.Column("manager_id", sa.BigInteger), sa.UniqueConstraint("funnel_id", "slot"),
)  # fmt: skip

leads = sa.Table(
    "leads", metadata, *_id(), _text("external_id"), _text("title", need=True), _text("company_name"),
    _text("person_name"), _text("phone"), _text("email"), _text("status", need=True),
    _ref("source_id", "sources"),
    _ref("manager_id", "managers"), _text("comment"), _time("created_at"), _time("closed_at"),
    _text("drop_reason"), _ref("company_id", "companies"), _ref("person_id", "people"),
    sa.Column("deal_id", sa.BigInteger), sa.Index("ix_leads_status", "status", "created_at"),
    sa.Index("ix_leads_external_id", "external_id"), sa.Index("ix_leads_company_id", "company_id"),
    sa.Index("ix_leads_person_id", "person_id"),
)  # fmt: skip
deals = sa.Table(
    "deals", metadata, *_id(), _text("external_id"), _text("title", need=True),
    _ref("company_id", "companies"), _ref("person_id", "people"), _ref("funnel_id", "funnels", need=True),
    sa.Column("amount", sa.BigInteger), _text("currency"), _ref("manager_id", "managers"),
    _ref("source_id", "sources"), _ref("product_id", "products"), _time("created_at"),
    _text("expected_close"), _ref("loss_reason_id", "loss_reasons"), _text("loss_comment"),
    _text("competitor"), _text("demand"), _text("comment"), sa.Column("lead_id", sa.BigInteger),
    sa.Column("position", sa.Float, nullable=False), _text("status", need=True), _ref("stage_id", "stages"),
    _time("entered_at"), _time("closed_at"), sa.Column("visited", sa.BigInteger, nullable=False),
    _ref("lost_from_id", "stages"), _flag("path_known"), _time("next_due_at"),
    sa.Column("next_activity_id", sa.BigInteger), _time("last_done_at"), _text("sort_key", need=True),
    _text("mode"), _text("skips"),  # no part of the record: what `closes` keeps of the history for reports
    sa.Column("counted_owner_id", sa.BigInteger), sa.Column("counted_amount", sa.BigInteger),
    sa.Column("reopened", sa.Boolean(create_constraint=False), nullable=False, server_default="0"),
    sa.Column("place_id", sa.BigInteger), sa.Column("brought", sa.Text),  # nor these: `places`, `brought`
    sa.Index("ix_deals_report", "place_id", "counted_owner_id", "counted_amount", "created_at", "closed_at",
        "entered_at"),
    sa.Index("ix_deals_source", "place_id", "source_id", "counted_amount", "created_at", "closed_at",
        "brought"),
    sa.Index("ix_deals_reason", "place_id", "loss_reason_id", "counted_amount", "created_at", "closed_at",
        sqlite_where=sa.text("loss_reason_id IS NOT NULL")),
    sa.Index("ix_deals_created", "funnel_id", "created_at"),
    sa.Index("ix_deals_entered", "funnel_id", "status", "entered_at", "closed_at", "currency",
        "counted_amount", "counted_owner_id"),
    sa.Index("ix_deals_board", "funnel_id", "status", "stage_id", "position", "id", "amount", "currency",
        "manager_id"),
    sa.Index("ix_deals_company_id", "company_id"), sa.Index("ix_deals_person_id", "person_id"),
    sa.Index("ix_deals_external_id", "external_id"), sa.Index("ix_deals_manager_id", "manager_id"),
    sa.Index("ix_deals_next_due", "status", "next_due_at"),
)  # fmt: skip
# Where deals are and how they got there, each once: see `store.places`.
places = sa.Table(
    "places", metadata, sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
    primary_key=True), _text("status", need=True), sa.Column("stage_id", sa.BigInteger, nullable=False),
    sa.Column("visited", sa.BigInteger, nullable=False),
    sa.Column("lost_from_id", sa.BigInteger, nullable=False), sa.Column("traits", sa.Integer, nullable=False),
    sa.Column("funnel_id", sa.BigInteger, nullable=False), _text("currency"),
    sa.Index("ix_places_key", "visited", "stage_id", "lost_from_id", "traits", "status", "funnel_id",
        "currency", unique=True),
)  # fmt: skip
stage_moves = sa.Table(
    "stage_moves", metadata, *_id(), _ref("deal_id", "deals", need=True),
    sa.Column("seq", sa.Integer, nullable=False), _time("at"), _text("from_kind"),
    _ref("from_stage_id", "stages"), _text("to_kind", need=True), _ref("to_stage_id", "stages"),
    _ref("actor_id", "managers"), _ref("owner_id", "managers"), sa.Column("amount", sa.BigInteger),
    _ref("loss_reason_id", "loss_reasons"), _text("cause", need=True), sa.UniqueConstraint("deal_id", "seq"),
    sa.Column("stay", sa.BigInteger),  # not part of the record: see `store.stays`
    sa.Index("ix_stage_moves_reopened", "deal_id",
        sqlite_where=sa.text("from_kind = 'lost' AND to_kind = 'open'")),
    sa.Index("ix_stage_moves_stay", "from_stage_id", "stay", sqlite_where=sa.text("stay IS NOT NULL")),
)  # fmt: skip
activities = sa.Table(
    "activities", metadata, *_id(), _text("kind", need=True), _text("subject", need=True), _text("result"),
    _text("comment"), _ref("company_id", "companies"), _ref("person_id", "people"), _ref("deal_id", "deals"),
    _ref("lead_id", "leads"), _ref("manager_id", "managers"), _time("created_at", need=True), _time("due_at"),
    _text("due_local"), _text("due_zone"), _flag("all_day"), _time("done_at"),
    _text("place"), sa.Column("stage_id", sa.BigInteger),
    sa.Column("minutes", sa.Integer), _time("remind_at"), sa.Column("given_by_id", sa.BigInteger),
    _time("checked_at"),
    sa.Index("ix_activities_deal_id", "deal_id"), sa.Index("ix_activities_company_id", "company_id"),
    sa.Index("ix_activities_person_id", "person_id"), sa.Index("ix_activities_lead_id", "lead_id"),
    sa.Index("ix_activities_planned", "done_at", "due_at"),
    sa.Index("ix_activities_given", "given_by_id", "checked_at"),
)  # fmt: skip
repeats = sa.Table(
    "repeats", metadata, *_id(), _ref("company_id", "companies"), _ref("person_id", "people"),
    _ref("funnel_id", "funnels", need=True), sa.Column("deal_id", sa.BigInteger, nullable=False),
    _text("title", need=True), sa.Column("amount", sa.BigInteger), _text("currency"),
    _ref("manager_id", "managers"), _text("due_day", need=True),
    sa.Column("made_deal_id", sa.BigInteger, nullable=False),
    sa.Index("ix_repeats_made_deal_id_due_day", "made_deal_id", "due_day"),
    sa.Index("ix_repeats_company_id", "company_id"),
    sa.Index("ix_repeats_person_id", "person_id"),
)  # fmt: skip
custom_fields = sa.Table(
    "custom_fields", metadata, *_id(), _text("record_kind", need=True), _text("name", need=True),
    _text("type", need=True), _text("options"), sa.Column("position", sa.Integer, nullable=False),
    _text("folded", need=True),
)  # fmt: skip
custom_values = sa.Table(
    "custom_values", metadata, *_id(), _ref("field_id", "custom_fields", need=True),
    _text("record_kind", need=True), sa.Column("record_id", sa.BigInteger, nullable=False),
    _text("value", need=True), sa.Column("number", sa.Float),
    sa.Index("ix_custom_values_record", "record_kind", "record_id"),
    sa.Index("ix_custom_values_field", "field_id", "value", "record_id"),
)  # fmt: skip
saved_views = sa.Table(
    "saved_views", metadata, *_id(), _text("screen", need=True), _text("name", need=True),
    _text("spec", need=True), sa.Column("position", sa.Integer, nullable=False),
)  # fmt: skip
invoices = sa.Table(
    "invoices", metadata, *_id(), _text("external_id"), _text("number", need=True),
    _ref("company_id", "companies"), _ref("person_id", "people"), _ref("deal_id", "deals"), _text("date"),
    _text("due_date"), sa.Column("amount", sa.BigInteger, nullable=False), _text("currency", need=True),
    _ref("manager_id", "managers"), _text("comment"), _time("created_at"), _text("number_key", need=True),
    sa.Index("ix_invoices_company_id", "company_id"), sa.Index("ix_invoices_person_id", "person_id"),
    sa.Index("ix_invoices_deal_id", "deal_id"), sa.Index("ix_invoices_external_id", "external_id"),
    sa.Index("ix_invoices_number_key", "number_key"),
)  # fmt: skip
payments = sa.Table(
    "payments", metadata, *_id(), _text("external_id"), _ref("invoice_id", "invoices"),
    _ref("company_id", "companies"), _ref("person_id", "people"), _text("date"),
    sa.Column("amount", sa.BigInteger, nullable=False), _text("currency", need=True), _text("comment"),
    _time("created_at"), sa.Index("ix_payments_invoice_id", "invoice_id"),
    sa.Index("ix_payments_company_id", "company_id"), sa.Index("ix_payments_person_id", "person_id"),
    sa.Index("ix_payments_external_id", "external_id"),
)  # fmt: skip
import_runs = sa.Table(
    "import_runs", metadata, *_id(), _text("kind", need=True), _text("file", need=True),
    _text("fingerprint", need=True), _time("at", need=True), _text("who", need=True),
    _text("counts", need=True), _text("rows", need=True),
    sa.Index("ix_import_runs_fingerprint", "fingerprint"),
)  # fmt: skip
waiting = sa.Table(
    "waiting", metadata, *_id(), _text("kind", need=True), _text("wants", need=True), _text("key", need=True),
    _text("folded", need=True), _text("file", need=True), sa.Column("row", sa.Integer, nullable=False),
    _text("cells", need=True), _time("at", need=True), _time("settled_at"),
    sa.Index("ix_waiting_wants", "settled_at", "wants", "folded"),
)  # fmt: skip

deal_checks = sa.Table(
    "deal_checks", metadata, *_id(), _ref("deal_id", "deals", need=True), _text("item", need=True),
    _time("at", need=True), sa.Index("ix_deal_checks_deal_id", "deal_id"),
)  # fmt: skip
rules = sa.Table(
    "rules", metadata, *_id(), sa.Column("funnel_id", sa.BigInteger), _text("event", need=True),
    sa.Column("stage_id", sa.BigInteger), sa.Column("days", sa.Float), _text("condition"),
    _text("action", need=True), _text("params", need=True), _flag("active"), _flag("imports"),
    sa.Column("position", sa.Integer, nullable=False),
)  # fmt: skip
rule_runs = sa.Table(
    "rule_runs", metadata, *_id(), sa.Column("rule_id", sa.BigInteger, nullable=False),
    _time("at", need=True), _text("record_kind", need=True),
    sa.Column("record_id", sa.BigInteger, nullable=False), _text("outcome", need=True), _text("detail"),
    sa.Index("ix_rule_runs_rule_id", "rule_id"),
)  # fmt: skip
# Which timed rules have fired for what: no record, so that no undo lets one fire twice.
rule_marks = sa.Table(
    "rule_marks", metadata, sa.Column("rule_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("record_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("mark", sa.BigInteger, primary_key=True, autoincrement=False),
)  # fmt: skip
not_doubles = sa.Table(
    "not_doubles", metadata, *_id(), _text("record_kind", need=True),
    sa.Column("first_id", sa.BigInteger, nullable=False),
    sa.Column("second_id", sa.BigInteger, nullable=False),
    sa.Index("ix_not_doubles_pair", "record_kind", "first_id", "second_id"),
)  # fmt: skip

deal_items = sa.Table(
    "deal_items", metadata, *_id(), _ref("deal_id", "deals", need=True), _ref("product_id", "products"),
    _text("name", need=True), sa.Column("quantity", sa.BigInteger, nullable=False),
    sa.Column("price", sa.BigInteger, nullable=False), sa.Column("cost", sa.BigInteger),
    sa.Column("discount", sa.Integer, nullable=False), sa.Column("position", sa.Integer, nullable=False),
    sa.Index("ix_deal_items_deal_id", "deal_id"), sa.Index("ix_deal_items_product_id", "product_id"),
)  # fmt: skip
files = sa.Table(
    "files", metadata, *_id(), _text("record_kind", need=True),
    sa.Column("record_id", sa.BigInteger, nullable=False), _text("name", need=True),
    sa.Column("size", sa.BigInteger, nullable=False), _text("sha256"), _text("link"),
    _time("added_at", need=True), _text("added_by", need=True),
    sa.Index("ix_files_record", "record_kind", "record_id"), sa.Index("ix_files_sha256", "sha256"),
)  # fmt: skip
# The bytes of files by their hash; kept while a record or the journal may still want them.
file_contents = sa.Table(
    "file_contents", metadata, sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
)  # fmt: skip
lead_questions = sa.Table(
    "lead_questions", metadata, *_id(), _text("text", need=True), _text("kind", need=True), _text("options"),
    sa.Column("points", sa.Integer, nullable=False), sa.Column("position", sa.Integer, nullable=False),
)  # fmt: skip
lead_answers = sa.Table(
    "lead_answers", metadata, *_id(), _ref("lead_id", "leads", need=True),
    _ref("question_id", "lead_questions", need=True), _text("value", need=True),
    sa.Index("ix_lead_answers_lead_id", "lead_id"), sa.Index("ix_lead_answers_question_id", "question_id"),
)  # fmt: skip

plans = sa.Table(
    "plans", metadata, *_id(), _text("month", need=True), _ref("manager_id", "managers"),
    _text("measure", need=True), sa.Column("value", sa.BigInteger, nullable=False),
    sa.Index("ix_plans_month", "month"),
)  # fmt: skip
source_costs = sa.Table(
    "source_costs", metadata, *_id(), _ref("source_id", "sources", need=True),
    _text("first_day", need=True), _text("last_day", need=True),
    sa.Column("amount", sa.BigInteger, nullable=False), _text("currency", need=True), _text("comment"),
    sa.Index("ix_source_costs_source_id", "source_id"),
)  # fmt: skip
marks = sa.Table(
    "marks", metadata, *_id(), _text("day", need=True), _text("title", need=True),
    _ref("funnel_id", "funnels"), sa.Index("ix_marks_day", "day"),
)  # fmt: skip
standards = sa.Table(
    "standards", metadata, *_id(), _text("kind", need=True), sa.Column("limit_", sa.Float, nullable=False),
    _ref("stage_id", "stages"), _text("category"),
)  # fmt: skip

settings = sa.Table(
    "settings", metadata, sa.Column("key", sa.Text, primary_key=True), _text("value", need=True)
)
sequences = sa.Table(
    "sequences", metadata, sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("next", sa.BigInteger, nullable=False),
)  # fmt: skip
search_later = sa.Table(
    "search_later", metadata, sa.Column("first", sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
    primary_key=True, autoincrement=False), sa.Column("last", sa.BigInteger, nullable=False),
)  # fmt: skip
journal = sa.Table(
    "journal", metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
    primary_key=True, autoincrement=False),
    _time("at", need=True), _text("who", need=True), sa.Column("actor_id", sa.BigInteger),
    _text("label", need=True), _text("params", need=True), _text("summary"),
    _text("state", need=True), _flag("barrier"), sa.Column("edits", sa.Integer, nullable=False),
    sa.Index("ix_journal_state", "state", "id"),
)  # fmt: skip
journal_edits = sa.Table(
    "journal_edits", metadata, sa.Column("journal_id", sa.ForeignKey("journal.id"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True), _text("op", need=True), _text("kind", need=True),
    sa.Column("record_id", sa.BigInteger, nullable=False), sa.Column("last_id", sa.BigInteger),
    sa.Column("before", sa.LargeBinary), sa.Column("after", sa.LargeBinary),
    sa.Index("ix_journal_edits_record", "kind", "record_id"),
)  # fmt: skip

# kind -> (record class, table).  The order is that in which rows may be inserted (parents first).
KINDS: dict[str, tuple[type[Any], sa.Table]] = {
    "manager": (Manager, managers),
    "source": (Source, sources),
    "product": (Product, products),
    "loss_reason": (LossReason, loss_reasons),
    "currency_rate": (CurrencyRate, currency_rates),
    "company": (Company, companies),
    "person": (Person, people),
    "contact_point": (ContactPoint, contact_points),
    "funnel": (Funnel, funnels),
    "stage": (Stage, stages),
    "lead": (Lead, leads),
    "deal": (Deal, deals),
    "stage_move": (StageMove, stage_moves),
    "activity": (Activity, activities),
    "repeat": (Repeat, repeats),
    "custom_field": (CustomField, custom_fields),
    "custom_value": (CustomValue, custom_values),
    "saved_view": (SavedView, saved_views),
    "deal_check": (DealCheck, deal_checks),
    "rule": (Rule, rules),
    "rule_run": (RuleRun, rule_runs),
    "not_double": (NotDouble, not_doubles),
    "deal_item": (DealItem, deal_items),
    "file": (AttachedFile, files),
    "lead_question": (LeadQuestion, lead_questions),
    "lead_answer": (LeadAnswer, lead_answers),
    "invoice": (Invoice, invoices),
    "payment": (Payment, payments),
    "plan": (Plan, plans),
    "source_cost": (SourceCost, source_costs),
    "mark": (Mark, marks),
    "standard": (Standard, standards),
    "import_run": (ImportRun, import_runs),
    "waiting": (Waiting, waiting),
}
KIND_OF: dict[type[Any], str] = {cls: kind for kind, (cls, _table) in KINDS.items()}
COLUMNS: dict[str, tuple[str, ...]] = {
    kind: tuple(f.name for f in fields(cls)) for kind, (cls, _table) in KINDS.items()
}


def table_of(kind: str) -> sa.Table:
    """The table that keeps records of `kind`."""
    return KINDS[kind][1]


def record_from(kind: str, row: Any) -> Any:
    """A row of the kind's table (columns in the record's order) -> its frozen record."""
    return KINDS[kind][0](**dict(zip(COLUMNS[kind], row, strict=True)))
