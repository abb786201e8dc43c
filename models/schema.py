"""Every table in one place, and the schema's way up and down through Alembic."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from models import (
    account,
    application,
    attachment,
    attention,
    bulk,
    deadline,
    docket,
    fact,
    journal,
    letter,
    likeness,
    merit,
    notice,
    office,
    organization,
    panel,
    quota,
    registration,
    round,  # noqa: A004 -- the trade's word
    search,
    slate,
    stages,
    subsidy,
    title,
    token,
)
from models.base import metadata
from models.database import engine
from models.errors import BrokenError, BusyError
from models.troubles import trouble

NOUNS = (
    organization, account, round, application, slate, notice, title, journal, deadline, letter, attachment,
    fact, merit, stages, subsidy, panel, bulk, likeness, quota, docket, search, office, token, registration, attention,
)  # fmt: skip

__all__ = ["NOUNS", "config", "ensure", "head", "metadata", "revision", "upgrade"]


def config() -> Config:
    """Alembic's configuration for this process's database."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return made


def head() -> str:
    """The newest revision this program knows."""
    return str(ScriptDirectory.from_config(config()).get_current_head())


def revision() -> str | None:
    """The revision the connected database is at; None when it is empty. Raises BusyError."""
    try:
        with engine().connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except sa.exc.DBAPIError as error:
        raise (trouble(error.orig) or BusyError("database_unreachable")) from error


def upgrade(to: str = "head") -> None:
    """Bring the connected database up to a revision."""
    command.upgrade(config(), to)


def downgrade(to: str = "base") -> None:
    """Take the connected database down to a revision."""
    command.downgrade(config(), to)


def ensure() -> None:
    """Upgrade an empty or older database; refuse one from a newer program.

    Raises BrokenError("unknown_schema") with the revision found.
    """
    found = revision()
    _require_known(found)
    if found != head():
        upgrade()


def check() -> None:
    """Refuse any but the newest revision: BrokenError, schema_behind or unknown_schema; BusyError when unreachable."""
    found = revision()
    _require_known(found)
    if found != head():
        raise BrokenError("schema_behind", found=found or "-", known=head())


def _require_known(found: str | None) -> None:
    known = {s.revision for s in ScriptDirectory.from_config(config()).walk_revisions()}
    if found is not None and found not in known:
        raise BrokenError("unknown_schema", found=found, known=head())
