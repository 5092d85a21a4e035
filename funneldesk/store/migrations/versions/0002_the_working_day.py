"""What the working day needs beside the first schema; one function per subject."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from funneldesk.store.migrations.as_of_0002 import keep_closes, split_key_task

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and columns of every subject, in the order of who refers to whom."""
    _billing()
    _arrivals()
    _records()
    _day()
    _goals()
    _funnels()
    _rules()
    _search()
    _reports()


def _id() -> list[sa.Column[Any]]:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return [
        sa.Column("id", number, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    ]


def _text(name: str, *, need: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=not need)


def _number(name: str, *, need: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=not need)


def _ref(name: str, *, need: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=not need)


def _make(table: str, columns: list[sa.Column[Any]], refs: dict[str, str], indexes: list[list[str]]) -> None:
    """A table with its id, foreign keys (column -> table) and indexes, named by the convention."""
    keys = [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
        for column, other in refs.items()
    ]
    op.create_table(table, *_id(), *columns, *keys, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")))
    for names in indexes:
        op.create_index(f"ix_{table}_{'_'.join(names)}", table, names, unique=False)


def _billing() -> None:
    """Invoices and payments."""
    owners = [_ref("company_id"), _ref("person_id")]
    _make(
        "invoices",
        [
            _text("external_id"), _text("number", need=True), *owners, _ref("deal_id"), _text("date"),
            _text("due_date"), _number("amount", need=True), _text("currency", need=True),
            _ref("manager_id"), _text("comment"), _number("created_at"), _text("number_key", need=True),
        ],
        {"company_id": "companies", "person_id": "people", "deal_id": "deals", "manager_id": "managers"},
        [["company_id"], ["person_id"], ["deal_id"], ["external_id"], ["number_key"]],
    )  # fmt: skip
    owners = [_ref("company_id"), _ref("person_id")]
    _make(
        "payments",
        [
            _text("external_id"), _ref("invoice_id"), *owners, _text("date"),
            _number("amount", need=True), _text("currency", need=True), _text("comment"),
            _number("created_at"),
        ],
        {"invoice_id": "invoices", "company_id": "companies", "person_id": "people"},
        [["invoice_id"], ["company_id"], ["person_id"], ["external_id"]],
    )  # fmt: skip


def _arrivals() -> None:
    """Imports that were run, and rows that wait for what they name."""
    _make(
        "import_runs",
        [
            _text("kind", need=True), _text("file", need=True), _text("fingerprint", need=True),
            _number("at", need=True), _text("who", need=True), _text("counts", need=True),
            _text("rows", need=True),
        ],
        {},
        [["fingerprint"]],
    )  # fmt: skip
    _make(
        "waiting",
        [
            _text("kind", need=True), _text("wants", need=True), _text("key", need=True),
            _text("folded", need=True), _text("file", need=True),
            sa.Column("row", sa.Integer(), nullable=False), _text("cells", need=True),
            _number("at", need=True), _number("settled_at"),
        ],
        {},
        [],
    )  # fmt: skip
    op.create_index("ix_waiting_wants", "waiting", ["settled_at", "wants", "folded"], unique=False)


def _records() -> None:
    """Pairs that are no doubles, lines of deals, files, the questionnaire of leads, consent."""
    pair = [_text("record_kind", need=True), _number("first_id", need=True), _number("second_id", need=True)]
    _make("not_doubles", pair, {}, [])
    op.create_index("ix_not_doubles_pair", "not_doubles", ["record_kind", "first_id", "second_id"])
    _make(
        "deal_items",
        [
            _ref("deal_id", need=True), _ref("product_id"), _text("name", need=True),
            _number("quantity", need=True), _number("price", need=True), _number("cost"),
            sa.Column("discount", sa.Integer(), nullable=False),
            sa.Column("position", sa.Integer(), nullable=False),
        ],
        {"deal_id": "deals", "product_id": "products"},
        [["deal_id"], ["product_id"]],
    )  # fmt: skip
    _make(
        "files",
        [
            _text("record_kind", need=True), _number("record_id", need=True), _text("name", need=True),
            _number("size", need=True), _text("sha256"), _text("link"), _number("added_at", need=True),
            _text("added_by", need=True),
        ],
        {},
        [["sha256"]],
    )  # fmt: skip
    op.create_index("ix_files_record", "files", ["record_kind", "record_id"])
    op.create_table(
        "file_contents",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_file_contents")),
    )
    _make(
        "lead_questions",
        [
            _text("text", need=True), _text("kind", need=True), _text("options"),
            sa.Column("points", sa.Integer(), nullable=False),
            sa.Column("position", sa.Integer(), nullable=False),
        ],
        {},
        [],
    )  # fmt: skip
    _make(
        "lead_answers",
        [_ref("lead_id", need=True), _ref("question_id", need=True), _text("value", need=True)],
        {"lead_id": "leads", "question_id": "lead_questions"},
        [["lead_id"], ["question_id"]],
    )
    for table in ("companies", "people"):
        op.add_column(table, _text("consent_how"))
    op.add_column("people", _text("bank_account"))


def _day() -> None:
    """How long activities take, reminders, tasks given to others, deals to be started again."""
    for column in (
        sa.Column("minutes", sa.Integer()), _number("remind_at"), _number("given_by_id"),
        _number("checked_at"),
    ):  # fmt: skip
        op.add_column("activities", column)
    op.create_index("ix_activities_given", "activities", ["given_by_id", "checked_at"])
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    _make(
        "repeats",
        [
            _ref("company_id"), _ref("person_id"), sa.Column("funnel_id", number, nullable=False),
            _number("deal_id", need=True), _text("title", need=True), _number("amount"), _text("currency"),
            _ref("manager_id"), _text("due_day", need=True), _number("made_deal_id", need=True),
        ],
        {"company_id": "companies", "person_id": "people", "funnel_id": "funnels", "manager_id": "managers"},
        [["made_deal_id", "due_day"], ["company_id"], ["person_id"]],
    )  # fmt: skip


def _goals() -> None:
    """Plans, costs of sources, marked changes, standards of contact."""
    month = [_text("month", need=True), _ref("manager_id"), _text("measure", need=True)]
    _make("plans", [*month, _number("value", need=True)], {"manager_id": "managers"}, [["month"]])
    _make(
        "source_costs",
        [
            _ref("source_id", need=True), _text("first_day", need=True), _text("last_day", need=True),
            _number("amount", need=True), _text("currency", need=True), _text("comment"),
        ],
        {"source_id": "sources"},
        [["source_id"]],
    )  # fmt: skip
    _make(
        "marks",
        [_text("day", need=True), _text("title", need=True), _ref("funnel_id")],
        {"funnel_id": "funnels"},
        [["day"]],
    )
    limit = sa.Column("limit_", sa.Float(), nullable=False)
    _make(
        "standards",
        [_text("kind", need=True), limit, _ref("stage_id"), _text("category")],
        {"stage_id": "stages"},
        [],
    )


def _funnels() -> None:
    """What stages ask of a deal, how deals go through a funnel, whose task a step is."""
    for name in ("subtasks", "required", "checklist"):
        op.add_column("stages", sa.Column(name, sa.Text()))
    op.add_column("stages", sa.Column("manager_id", sa.BigInteger()))
    op.add_column("funnels", sa.Column("deal_mode", sa.Text(), nullable=False, server_default="manual"))
    op.add_column("funnels", sa.Column("loss_task", sa.Text()))
    op.add_column("funnels", sa.Column("season", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("loss_reasons", sa.Column("funnel_id", sa.BigInteger()))
    op.add_column("deals", sa.Column("mode", sa.Text()))
    op.add_column("deals", sa.Column("skips", sa.Text()))
    op.add_column("activities", sa.Column("place", sa.Text()))
    op.add_column("activities", sa.Column("stage_id", sa.BigInteger()))
    op.create_table(
        "deal_checks",
        *_id(),
        sa.Column("deal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_deal_checks_deal_id_deals")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_checks")),
    )
    op.create_index("ix_deal_checks_deal_id", "deal_checks", ["deal_id"])
    _split_key_tasks()


def _split_key_tasks() -> None:
    """Subtasks stood below their key task, each behind a dash."""
    stages = sa.table("stages", sa.column("id"), sa.column("key_task"), sa.column("subtasks"))
    connection = op.get_bind()
    for stage_id, text in connection.execute(sa.select(stages.c.id, stages.c.key_task)).all():
        parts = split_key_task(text)
        if parts is not None:
            values = {"key_task": parts[0], "subtasks": parts[1]}
            connection.execute(sa.update(stages).where(stages.c.id == stage_id).values(values))


def _rules() -> None:
    """Rules of automation, what they did, and for what the timed ones have fired."""
    op.create_table(
        "rules",
        *_id(),
        sa.Column("funnel_id", sa.BigInteger()),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("stage_id", sa.BigInteger()),
        sa.Column("days", sa.Float()),
        sa.Column("condition", sa.Text()),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("imports", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules")),
    )
    op.create_table(
        "rule_runs",
        *_id(),
        sa.Column("rule_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("record_kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_runs")),
    )
    op.create_index("ix_rule_runs_rule_id", "rule_runs", ["rule_id"])
    op.create_table(
        "rule_marks",
        sa.Column("rule_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("record_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("mark", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("rule_id", "record_id", "mark", name=op.f("pk_rule_marks")),
    )


def _search() -> None:
    """Ranges of records that are not in the search index yet."""
    op.create_table(
        "search_later",
        sa.Column(
            "first",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("first", name=op.f("pk_search_later")),
    )


def _reports() -> None:
    """What reports ask of the last close of a deal, and the indexes that answer them without the rows."""
    op.add_column("deals", _number("close_owner_id"))
    op.add_column("deals", _number("close_amount"))
    op.add_column("deals", sa.Column("reopened", sa.Boolean(), nullable=False, server_default="0"))
    op.create_index(
        "ix_stage_moves_reopened",
        "stage_moves",
        ["deal_id"],
        sqlite_where=sa.text("from_kind = 'lost' AND to_kind = 'open'"),
    )
    keep_closes(op.get_bind())
    for name, columns in {
        "ix_deals_report": (
            "funnel_id", "currency", "status", "stage_id", "visited", "lost_from_id", "path_known", "mode",
            "close_owner_id", "manager_id", "amount", "close_amount", "created_at", "closed_at", "entered_at",
        ),
        "ix_deals_created": ("funnel_id", "created_at"),
        "ix_deals_entered": (
            "funnel_id", "status", "entered_at", "closed_at", "currency", "amount", "close_amount",
            "close_owner_id", "manager_id",
        ),
    }.items():  # fmt: skip
        op.create_index(name, "deals", list(columns))
