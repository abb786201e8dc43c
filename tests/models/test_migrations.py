"""The schema goes up and down on both databases, and is what the models say."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from models import schema, search
from models.base import metadata
from models.database import connect, engine
from models.errors import BrokenError
from models.search import is_shadow

Shape = dict[str, object]


def shape() -> Shape:
    """Everything an inspector sees of the connected database."""
    seen = sa.inspect(engine())
    names = [n for n in seen.get_table_names() if n != "alembic_version"]
    return {
        name: (
            [(c["name"], str(c["type"]), c["nullable"]) for c in seen.get_columns(name)],
            sorted(str(u["column_names"]) for u in seen.get_unique_constraints(name)),
            sorted(str(i["name"]) for i in seen.get_indexes(name)),
            sorted(str(c["name"]) for c in seen.get_check_constraints(name)),
        )
        for name in names
    }


def triggers() -> set[str]:
    """The names of the triggers of the connected database."""
    source = "sqlite_master WHERE type = 'trigger'"
    if engine().dialect.name == "postgresql":
        source = "(SELECT tgname AS name FROM pg_trigger WHERE NOT tgisinternal) t"
    with engine().connect() as connection:
        return {row[0] for row in connection.execute(sa.text(f"SELECT name FROM {source}"))}  # noqa: S608 -- no user text


def modelled(_item: object, name: str | None, kind: str, *_more: object) -> bool:
    """Tell the tables that models speak of from the insides of the text index."""
    return not is_shadow(kind, name)


@pytest.fixture
def unchecked(database: str) -> Iterator[str]:
    """Yield a database that the test takes apart and leaves whole."""
    connect(database)
    yield database
    schema.upgrade()


def test_the_migrated_schema_is_what_the_models_say(database: str) -> None:
    with engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": modelled})

        assert compare_metadata(context, metadata) == []


def test_every_rule_of_the_models_is_kept_by_the_database_under_its_name(database: str) -> None:
    seen = sa.inspect(engine())
    kept = {(table, c["name"]) for table in metadata.tables for c in seen.get_check_constraints(table)}

    rules = {(table.name, str(c.name)) for table in metadata.tables.values() for c in table.constraints
             if isinstance(c, sa.CheckConstraint)}  # fmt: skip
    assert kept ^ rules == set()


def test_all_revisions_go_down_to_nothing_and_up_again(unchecked: str) -> None:
    before, sealed = shape(), triggers()

    schema.downgrade()

    assert (shape(), triggers()) == ({}, set())
    schema.upgrade()
    assert (shape(), triggers()) == (before, sealed)
    assert schema.revision() == schema.head()


def test_the_names_of_the_files_tell_the_revisions_as_alembic_does() -> None:
    told = ScriptDirectory.from_config(schema.config())

    assert list(schema.revisions()) == [one.revision for one in told.walk_revisions()][::-1]
    assert [schema.head()] == told.get_heads()


def test_the_seal_is_lifted_and_set_by_its_own_revision(unchecked: str) -> None:
    sealed = triggers()

    schema.downgrade("0001")

    assert (schema.revision(), triggers()) == ("0001", set())
    schema.upgrade()
    assert triggers() == sealed
    assert "seal_journal_event_update" in sealed


def test_a_database_of_a_newer_program_is_refused(
    fresh_sqlite: Callable[[], str],
) -> None:
    connect(fresh_sqlite())
    with engine().begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(BrokenError) as refused:
        schema.ensure()

    assert (refused.value.code, refused.value.details) == (
        "unknown_schema",
        {"found": "9999", "known": schema.head()},
    )


def test_the_record_outlives_the_growth_of_its_words(unchecked: str) -> None:
    schema.downgrade()
    schema.upgrade("0002")
    with engine().begin() as connection:
        connection.execute(sa.text(_EVENT), {"id": "e" * 32, "version": 1, "act": "draft"})

    schema.upgrade()

    with engine().begin() as connection:
        connection.execute(sa.text(_EVENT), {"id": "f" * 32, "version": 2, "act": "transfer"})
        told = connection.execute(sa.text("SELECT version, act FROM journal_event ORDER BY version")).all()
    assert [tuple(row) for row in told] == [(1, "draft"), (2, "transfer")]
    with pytest.raises(sa.exc.DBAPIError, match="sealed journal_event refuses"), engine().begin() as connection:
        connection.execute(sa.text("UPDATE journal_event SET act = 'name'"))
    schema.downgrade()


def a_case_of_old() -> None:
    """Bring the schema down to revision 0002, with a case on a list in it."""
    schema.downgrade()
    schema.upgrade("0002")
    with engine().begin() as connection:
        for table, row in _CASE.items():
            names = ", ".join(row)
            made = f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{n}' for n in row)})"  # noqa: S608 -- our own
            connection.execute(sa.text(made), row)


@pytest.mark.tampers
def test_a_database_with_cases_in_it_goes_up(unchecked: str) -> None:
    a_case_of_old()

    schema.upgrade()

    with engine().begin() as connection:
        told = connection.execute(sa.text(
            "SELECT a.handler_id, a.on_hold, s.signatories, q.allotted, d.text FROM application a"
            " JOIN slate_entry e ON e.application_id = a.id JOIN slate s ON s.id = e.slate_id"
            " JOIN quota q ON q.round_id = a.round_id JOIN search_document d ON d.application_id = a.id"
        )).one()  # fmt: skip
    assert (told.handler_id, bool(told.on_hold), told.signatories in ("[]", []), told.allotted) == (
        None,
        False,
        True,
        0,
    )
    assert "工作室" in told.text


@pytest.mark.tampers
def test_how_far_each_case_came_is_kept_from_its_route_and_let_go_again(unchecked: str) -> None:
    a_case_of_old()
    schema.upgrade("0008")
    whole, kept = shape(), triggers()
    with engine().begin() as connection:
        connection.execute(sa.text(_ON_ITS_WAY), {"of": "c", "step": 1, "at": _THEN})
        connection.execute(sa.text(_COPY_OF_CASE), {"to": "d", "from": "c"})
        connection.execute(sa.text(_ON_ITS_WAY), {"of": "d", "step": 0, "at": None})

    schema.upgrade()

    with engine().connect() as connection:
        told = connection.execute(sa.text("SELECT id, rung FROM application ORDER BY id")).all()
    assert [tuple(row) for row in told] == [("c", "city-or-industry"), ("d", None)]
    assert triggers() >= kept
    schema.downgrade("0008")
    assert (shape(), triggers()) == (whole, kept)
    with engine().connect() as connection:
        told = connection.execute(sa.text("SELECT id, step FROM application ORDER BY id")).all()
    assert [tuple(row) for row in told] == [("c", 1), ("d", 0)]


@pytest.mark.tampers
def test_an_upgrade_that_breaks_off_changes_nothing_and_can_be_begun_again(
    unchecked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_case_of_old()
    before = shape(), triggers()

    with monkeypatch.context() as broken:
        broken.setattr(search, "marks_of", lambda _row: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            schema.upgrade()

    assert (schema.revision(), shape(), triggers()) == ("0002", *before)
    schema.upgrade()
    assert schema.revision() == schema.head()


_THEN, _LATER = "2026-03-02 01:00:00+00:00", "2026-06-01 01:00:00+00:00"
_CASE: dict[str, dict[str, object]] = {
    "organization": {"code": "000000", "name": "总工会", "tier": "nation", "direct": False, "non_public": False,
                     "active": True},
    "account": {"id": "a", "email": "a@example.cn", "name": "张三", "language": "zh", "state": "active",
                "created_at": _THEN, "version": 1, "head": ""},
    "programme_version": {"id": "p@1", "code": "p", "version": 1, "content": '{"fields": []}', "text": "",
                          "sha256": "", "published_at": _THEN},
    "round": {"id": "r", "programme": "p@1", "organization": "000000", "year": 2026, "name": "一", "state": "open",
              "opens_at": _THEN, "closes_at": _LATER, "ends_at": _LATER, "version": 1, "head": ""},
    "quota": {"id": "q", "round_id": "r", "organization": "000000", "pool": "", "kind": "maximum", "minimum": 0,
              "places": 3, "reserved": 0, "used": 0},
    "application": {"id": "c", "round_id": "r", "programme": "p@1", "organization": "000000", "applicant_id": "a",
                    "line": "region", "channel": "union", "pool": "", "subject": "工作室", "leader_name": "李四",
                    "answers": "{}", "state": "draft", "route": "[]", "step": 0, "checked": False,
                    "faults": "[]", "live": False, "created_at": _THEN, "entered_at": _THEN,
                    "version": 1, "head": ""},
    "slate": {"id": "s", "round_id": "r", "organization": "000000", "rung": "county", "state": "drafting",
              "minutes": "", "created_at": _THEN, "version": 1, "head": ""},
    "slate_entry": {"slate_id": "s", "application_id": "c", "rank": 1, "reserve": False, "note": "", "outside": ""},
}  # fmt: skip
_ON_ITS_WAY = """
    UPDATE application SET submitted_at = :at, step = :step,
    route = '[["county", "330106"], ["city-or-industry", "330100"]]' WHERE id = :of
"""
_COPY_OF_CASE = """
    INSERT INTO application (id, round_id, programme, organization, applicant_id, line, channel, pool, subject,
    leader_name, answers, state, route, step, checked, faults, live, created_at, entered_at, version, head, on_hold)
    SELECT :to, round_id, programme, organization, applicant_id, line, channel, pool, subject,
    leader_name, answers, state, route, step, checked, faults, live, created_at, entered_at, version, head, on_hold
    FROM application WHERE id = :from
"""
_EVENT = """
    INSERT INTO journal_event (id, thing, thing_id, version, act, target, account_id, at, body, prev, hash)
    VALUES (:id, 'application', 'a', :version, :act, 'draft', 'system', '2026-03-02 01:00:00+00:00', '{}', '', :id)
"""
