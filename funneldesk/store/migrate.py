"""Schema upgrades by Alembic: a verified copy first, one transaction, checks after."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory

from funneldesk.errors import UserError
from funneldesk.store import engine as sqlite_engine

_FOLDER = Path(__file__).parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    return config


def run_migrations(conn: sa.Connection, target: str = "head") -> None:
    """Bring an open connection to `target`; the caller owns the transaction."""
    config = _config()
    script = ScriptDirectory.from_config(config)

    def steps(revision: Any, _context: Any) -> Any:
        return script._upgrade_revs(target, revision)

    with EnvironmentContext(config, script, fn=steps, destination_rev=target) as context:
        context.configure(connection=conn, target_metadata=None, render_as_batch=True)
        context.run_migrations()


def upgrade(path: Path, *, index: bool = False) -> None:
    """Make or upgrade the base at `path` in one transaction; foreign keys off during, checked after.

    `index`: what the search finds has grown since the base was made, so its index is made anew.
    """
    from funneldesk.store.database import SCHEMA

    con = sqlite_engine.connect(path)
    con.execute(f"PRAGMA application_id={sqlite_engine.APPLICATION_ID}")
    con.close()
    engine = sqlite_engine.make_engine(path, writer=True, foreign_keys=False)
    try:
        with engine.begin() as conn:
            run_migrations(conn)
            if index:
                from funneldesk.store import search

                search.rebuild(conn)
            broken = conn.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise UserError("base.migration_failed", path=str(path), detail=str(broken[:3]))
            conn.exec_driver_sql(f"PRAGMA user_version={SCHEMA}")
    finally:
        engine.dispose()


def upgrade_existing(path: Path, version: int) -> None:
    """Upgrade an older base after a verified copy beside it (``NAME.before-N.funneldesk``)."""
    from funneldesk.store.backup import copy_base

    copy = path.with_name(f"{path.stem}.before-{version + 1}{path.suffix}")
    number = 2
    while copy.exists():
        copy = path.with_name(f"{path.stem}.before-{version + 1}-{number}{path.suffix}")
        number += 1
    copy_base(path, copy)
    upgrade(path, index=True)
