"""Every table in one place, and the schema's way up and down through Alembic.

Alembic takes 10 MB, and is there only while a schema moves: a process that serves asks at which revision
the database is, for as long as it lives.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

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

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
NOUNS = (
    organization, account, round, application, slate, notice, title, journal, deadline, letter, attachment,
    fact, merit, stages, subsidy, panel, bulk, likeness, quota, docket, search, office, token, registration, attention,
)  # fmt: skip

__all__ = ["NOUNS", "config", "ensure", "head", "metadata", "revision", "revisions", "upgrade"]

_REVISION = sa.text("SELECT version_num FROM alembic_version")


def config() -> Config:
    """Alembic's configuration for this process's database."""
    from alembic.config import Config  # noqa: PLC0415 -- slow import

    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    return made


@cache
def revisions() -> tuple[str, ...]:
    """Every revision this program knows, the oldest first: the numbers with which their files' names begin."""
    return tuple(sorted(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*_*.py")))


def head() -> str:
    """The newest revision this program knows."""
    return revisions()[-1]


def revision() -> str | None:
    """The revision the connected database is at; None when it is empty. Raises BusyError."""
    try:
        with engine().connect() as connection:
            if not sa.inspect(connection).has_table("alembic_version"):
                return None
            found: str | None = connection.execute(_REVISION).scalar()
            return found
    except sa.exc.DBAPIError as error:
        raise (trouble(error.orig) or BusyError("database_unreachable")) from error


def upgrade(to: str = "head") -> None:
    """Bring the connected database up to a revision."""
    from alembic import command  # noqa: PLC0415 -- slow import

    command.upgrade(config(), to)


def downgrade(to: str = "base") -> None:
    """Take the connected database down to a revision."""
    from alembic import command  # noqa: PLC0415 -- slow import

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
    if found is not None and found not in revisions():
        raise BrokenError("unknown_schema", found=found, known=head())
