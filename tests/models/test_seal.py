"""What is on record stays on record, whatever statement is tried on it."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from importlib import import_module

import pytest
import sqlalchemy as sa
from sqlmodel.sql.sqltypes import UTCDateTime

from models.account import Account
from models.base import metadata, new_id, table
from models.database import DuplicateError, engine, transaction
from models.errors import BrokenError
from models.journal import Event
from models.merit import Consultation, Inspection, Sheet
from models.notice import Notice
from models.sealing import SEALED as SEALED_TABLES
from models.sealing import Seals
from models.sql import Sql, insert_into
from models.title import Decision
from models.vocabulary import DecisionKind, InspectionKind, NoticeState, ReplyKind
from tests.small_round import NOON, PROVINCE, SmallRound, sent_up, small_round

SEALED = {
    "journal_event": "act = 'name'",
    "quota_entry": "n = 9",
    "decision": "number = 'x'",
    "review": "opinion = 'x'",
    "revision": "field = 'x'",
    "programme_version": "sha256 = 'x'",
    "inspection": "words = 'x'",
}
FROZEN = ("first_day", "snapshot", "snapshot_hash")
FIRST: Seals = import_module("models.migrations.versions.0002_seal_the_journal").SEALS
THIS_YEARS: Seals = import_module("models.migrations.versions.0005_seal_the_tiers_work").SEALS
pytestmark = pytest.mark.tampers


@pytest.fixture
def world(database: str) -> SmallRound:
    """Build a round in which every sealed table has a row."""
    made = small_round()
    row, slate = sent_up(made)
    _judged(row.id)
    decision = {"id": new_id(), "organization": PROVINCE, "kind": DecisionKind.NAMING,
                "number": "1", "body": "主席会议", "meeting_on": NOON.date(), "annex": [],
                "annex_hash": "", "account_id": "system", "decided_at": NOON}  # fmt: skip
    notice = {"id": new_id(), "round_id": made.round_id, "slate_id": slate.id, "derivation": "",
              "organization": PROVINCE, "state": NoticeState.OPEN, "opened_at": NOON,
              "first_day": NOON.date(),
              "last_day": date(2025, 3, 11), "ends_at": NOON, "provisional": False,
              "snapshot": [{"a": 1}], "snapshot_hash": "x"}  # fmt: skip
    with transaction() as store:
        store.run(insert_into(Decision), **decision)
        store.run(insert_into(Notice), **notice)
    return made


def _judged(application_id: str) -> None:
    """A visit, a sheet and a department's answer; the last two settled."""
    about = {"application_id": application_id, "account_id": "system"}
    with transaction() as store:
        judge = store.first(Sql(sa.select(table(Account).c.id).limit(1)))
        store.run(insert_into(Inspection), id=new_id(), kind=InspectionKind.PITCH, held_on=NOON.date(), words="好",
                  at=NOON, **about)  # fmt: skip
        store.run(insert_into(Sheet), id=new_id(), application_id=application_id, desk=PROVINCE, account_id=judge,
                  scores={"total": "90"}, total=9000, at=NOON, voided_at=NOON, void_reason="亲属", voided_by="system",
                  recused=True)  # fmt: skip
        store.run(insert_into(Consultation), id=new_id(), department="tax", desk=PROVINCE, asked_at=NOON, due_at=NOON,
                  reply=ReplyKind.CLEAR, replied_at=NOON, replied_by="system", **about)  # fmt: skip


def refused(statement: str) -> str:
    """Try a statement by hand; answers in which words it was refused."""
    with pytest.raises(sa.exc.DBAPIError) as error, engine().begin() as connection:
        connection.execute(sa.text(statement))
    return str(error.value.orig).splitlines()[0]


def content(name: str) -> list[tuple[object, ...]]:
    """All rows of a table."""
    with engine().connect() as connection:
        return [tuple(r) for r in connection.execute(sa.text(f"SELECT * FROM {name} ORDER BY 1"))]  # noqa: S608 -- a name from the list above


def statements(name: str) -> Iterator[tuple[str, str]]:
    """What an administrator with a database client may try, and the word it is refused with."""
    if name in SEALED:
        yield f"UPDATE {name} SET {SEALED[name]}", "update"  # noqa: S608 -- as above
    yield f"DELETE FROM {name}", "delete"  # noqa: S608 -- as above
    if engine().dialect.name == "postgresql":
        yield f"TRUNCATE {name} CASCADE", "truncate"
    elif name != "programme_version":
        yield f"INSERT OR REPLACE INTO {name} SELECT * FROM {name}", "UNIQUE"  # noqa: S608 -- as above


@pytest.mark.parametrize("name", [*SEALED, "notice", "sheet", "consultation"])
def test_a_sealed_table_is_only_added_to(world: SmallRound, name: str) -> None:
    before = content(name)
    assert before != []

    for statement, word in statements(name):
        assert re.search(f"sealed {name} refuses {word}|{word} constraint", refused(statement))

    assert content(name) == before


@pytest.mark.parametrize(("name", "change"), [
    ("sheet", "total = 1"), ("sheet", "void_reason = 'x'"), ("sheet", "voided_at = NULL, void_reason = ''"),
    ("consultation", "reply = 'veto'"), ("consultation", "words = 'x'"), ("consultation", "due_at = '2030-01-01'"),
])  # fmt: skip
def test_what_a_judge_or_a_department_said_is_settled_once(world: SmallRound, name: str, change: str) -> None:
    before = content(name)

    assert f"sealed {name} refuses update" in refused(f"UPDATE {name} SET {change}")  # noqa: S608 -- as above

    assert content(name) == before


@pytest.mark.parametrize("column", FROZEN)
def test_what_a_notice_says_is_frozen(world: SmallRound, column: str) -> None:
    before = content("notice")
    value = "'[]'" if column == "snapshot" else "'2026-01-01'"

    assert "sealed notice refuses update" in refused(f"UPDATE notice SET {column} = {value}")  # noqa: S608 -- as above

    assert content("notice") == before


@pytest.mark.parametrize("column", ["last_day", "ends_at"])
def test_a_notice_never_hangs_shorter_and_may_hang_longer(world: SmallRound, column: str) -> None:
    before = content("notice")

    assert "sealed notice refuses update" in refused(f"UPDATE notice SET {column} = '2025-01-01'")  # noqa: S608 -- as above
    assert content("notice") == before
    with engine().begin() as connection:
        done = connection.execute(sa.text(f"UPDATE notice SET {column} = '2027-01-01'"))  # noqa: S608 -- as above

    assert done.rowcount == 1


def test_a_notice_may_still_be_moved_on(world: SmallRound) -> None:
    with engine().begin() as connection:
        done = connection.execute(sa.text("UPDATE notice SET version = 1, last_day = last_day"))

    assert done.rowcount == 1


# A new row that agrees with an old one in one unique rule only.
RIVALS = {
    "id": ("id", "'fresh'", "NULL"),
    "thing, thing_id, version": ("'fresh'", "thing_id", "NULL"),
    "account_id, key": ("'fresh'", "'fresh'", "key"),
}


def add_event(verb: str, row: str, thing_id: str, key: str) -> None:
    """Copy the first event by hand, from a connection that has not our settings."""
    with engine().connect() as connection:
        connection.execute(sa.text("PRAGMA recursive_triggers=OFF"))
        connection.execute(
            sa.text(
                f"{verb} INTO journal_event SELECT {row}, thing, {thing_id}, version, act,"  # noqa: S608 -- as above
                f" source, target, account_id, on_behalf, desk, at, body, {key}, prev, hash"
                " FROM journal_event ORDER BY key IS NULL, id LIMIT 1"
            )
        )
        connection.commit()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("unique", RIVALS)
def test_a_replacing_row_pushes_no_other_out(world: SmallRound, unique: str) -> None:
    add_event("INSERT", "'keyed'", "'other'", "'click'")
    before = content("journal_event")

    with pytest.raises(sa.exc.IntegrityError, match="UNIQUE constraint failed"):
        add_event("INSERT OR REPLACE", *RIVALS[unique])

    assert content("journal_event") == before


def test_a_plain_duplicate_is_told_as_the_duplicate_it_is(world: SmallRound) -> None:
    event = dict(zip([c.key for c in sa.inspect(Event).columns], content("journal_event")[0], strict=True))
    event |= {"at": NOON, "body": {}}

    with pytest.raises(DuplicateError) as twice, transaction() as store:
        store.run(insert_into(Event), **{**event, "id": new_id()})

    assert twice.value.details == {"unique": "uq_journal_event_thing_thing_id_version"}


def test_the_store_tells_a_seal_from_a_busy_database(world: SmallRound) -> None:
    from_hand = sa.text("DELETE FROM journal_event")

    with pytest.raises(BrokenError) as refusal, transaction() as store:
        store.run(type(insert_into(Event))(from_hand))

    assert refusal.value.details == {"reason": "sealed journal_event refuses delete"}


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_session_that_plays_replica_is_refused_as_well(world: SmallRound) -> None:
    with engine().begin() as connection:
        connection.execute(sa.text("SET session_replication_role = replica"))
        with pytest.raises(sa.exc.DBAPIError, match="sealed journal_event refuses update"):
            connection.execute(sa.text("UPDATE journal_event SET act = 'name'"))


def anything(column: sa.Column[object]) -> object:
    """A value that fits a column, whatever it means."""
    if isinstance(column.type, sa.Enum):
        return column.type.enums[0]
    if isinstance(column.default, sa.ColumnDefault) and column.default.is_scalar:
        return column.default.arg
    kinds = {sa.Integer: 1, sa.Boolean: False, UTCDateTime: NOON, sa.Date: NOON.date(), sa.JSON: "[]"}
    return next((value for kind, value in kinds.items() if isinstance(column.type, kind)), column.name[:9])


def some_row(name: str) -> None:
    """A row of a table past every verb, related to nothing."""
    columns = [c for c in metadata.tables[name].columns if not c.nullable]
    texts = {c.name: str(anything(c)) if isinstance(anything(c), datetime | date) else anything(c) for c in columns}
    names = ", ".join(f'"{c}"' for c in texts)
    with engine().connect() as connection:
        if engine().dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        marks = ", ".join(f":{c}" for c in texts)
        connection.execute(sa.text(f"INSERT INTO {name} ({names}) VALUES ({marks})"), texts)  # noqa: S608 -- our own tables
        connection.commit()
        connection.invalidate()


@pytest.mark.parametrize("name", [*THIS_YEARS.uniques])
def test_what_the_tiers_leave_on_record_stays_as_it_was(database: str, name: str) -> None:
    some_row(name)
    before = content(name)
    frozen = THIS_YEARS.frozen.get(name, tuple(metadata.tables[name].columns.keys()))

    for column in (c for c in frozen if not metadata.tables[name].columns[c].nullable):
        change = f'UPDATE {name} SET "{column}" = NULL'  # noqa: S608 -- our own tables
        assert f"sealed {name} refuses update" in refused(change)
    for statement, word in statements(name):
        assert re.search(f"sealed {name} refuses {word}|{word} constraint", refused(statement))

    assert content(name) == before
    assert len(before) == 1


def test_the_audit_looks_for_every_seal() -> None:
    assert set(SEALED_TABLES) == {*THIS_YEARS.uniques, *FIRST.uniques}
