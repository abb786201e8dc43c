"""Verification finds every way to tamper with the journal, and names what was touched."""

import json

import pytest
import sqlalchemy as sa

from models import clock
from models.application import Application
from models.database import engine
from models.settings import settings
from models.vocabulary import Thing
from tests.small_round import NOON, sent_up, small_round
from tests.tampering import by_hand, one
from workflows.record import audit, journal
from workflows.record.audit import Fault, Report
from workflows.record.checkpoints import checkpoint
from workflows.record.streaming import snapshot, stream

pytestmark = pytest.mark.tampers
EDITS = (
    *("act = 'name'", "source = 'named'", "target = 'named'", "account_id = 'x'"),
    *("on_behalf = 'x'", "desk = 'x'", "at = '2020-01-01 00:00:00+00'", "key = 'x'", "id = 'x'"),
    "body = '{\"a\": 1}'",
)


@pytest.fixture
def history(database: str) -> Application:
    """Build an application with five events: draft, attach, submit, check, recommend."""
    world = small_round()
    row, _ = sent_up(world)
    return row


def found() -> list[tuple[str, str, str, int]]:
    """The faults without their values."""
    return [fault[:4] for fault in audit.verify().faults]


def event(of: str, version: int) -> dict[str, object]:
    """One event as the database has it."""
    return one(
        "SELECT * FROM journal_event WHERE thing_id = :of AND version = :version",
        of=of,
        version=version,
    )


def test_an_untouched_journal_is_whole(history: Application) -> None:
    assert audit.verify() == Report(ok=True, events=16, things=9, checkpoints=0, faults=[])


def test_the_report_is_plain_json(history: Application) -> None:
    by_hand("UPDATE journal_event SET desk = 'x' WHERE thing_id = :id AND version = 2", id=history.id)

    told = json.loads(json.dumps(audit.verify().as_dict()))

    assert {k: v for k, v in told.items() if k != "faults"} == {
        "ok": False, "events": 16, "things": 9, "checkpoints": 0,
    }  # fmt: skip
    assert [{**f, "detail": ""} for f in told["faults"]] == [
        {
            "kind": "edited",
            "thing": "application",
            "thing_id": history.id,
            "version": 2,
            "detail": "",
        }
    ]


@pytest.mark.parametrize("change", EDITS)
def test_an_edited_row_is_found_in_every_column(history: Application, change: str) -> None:
    change_third = f"UPDATE journal_event SET {change} WHERE thing_id = :id AND version = 3"  # noqa: S608 -- from the list above
    by_hand(change_third, id=history.id)

    assert ("edited", "application", history.id, 3) in found()


def test_an_edit_that_was_hashed_anew_breaks_the_chain(history: Application) -> None:
    original = _told(history.id, 3)
    forged = journal.digest({**original, "account_id": "somebody"})
    by_hand(
        "UPDATE journal_event SET account_id = 'somebody', hash = :forged"
        " WHERE thing_id = :id AND version = 3",
        id=history.id, forged=forged,
    )  # fmt: skip

    assert found() == [("broken_link", "application", history.id, 4)]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("change", "kind", "version"),
    [
        ("body = '{'", "unreadable", 3),
        ("at = 'noon'", "unreadable", 3),
        ("version = 'three'", "edited", 0),
    ],
)
def test_a_row_that_cannot_be_read_is_found_among_those_that_can(
    history: Application, change: str, kind: str, version: int
) -> None:
    change_third = f"UPDATE journal_event SET {change} WHERE thing_id = :id AND version = 3"  # noqa: S608 -- from the list above
    by_hand(change_third, id=history.id)

    report = audit.verify()

    assert (kind, "application", history.id, version) in {fault[:4] for fault in report.faults}
    assert (report.events, report.things) == (16, 9)


def test_a_deleted_row_leaves_a_gap(history: Application) -> None:
    by_hand("DELETE FROM journal_event WHERE thing_id = :id AND version = 4", id=history.id)

    assert {f[0] for f in found()} == {"gap", "broken_link"}
    assert {f[1:] for f in found()} == {("application", history.id, 5)}


def test_an_inserted_row_is_found(history: Application) -> None:
    by_hand(_copy("'fresh', thing, thing_id, 6"), id=history.id)

    assert {f[0] for f in found()} == {"edited", "broken_link", "broken_path", "row_behind"}
    assert {f[1:] for f in found()} == {("application", history.id, 6)}


def test_a_perfectly_forged_further_event_is_found_by_its_row(history: Application) -> None:
    last = _told(history.id, 5)
    more = {**last, "id": "fresh", "version": 6, "source": last["target"], "prev": last["hash"]}
    by_hand(_copy("'fresh', thing, thing_id, 6"), id=history.id)
    by_hand(
        "UPDATE journal_event SET prev = :prev, source = :source, hash = :hash WHERE id = 'fresh'",
        prev=last["hash"], source=last["target"], hash=journal.digest(more),
    )  # fmt: skip

    assert found() == [("row_behind", "application", history.id, 6)]


def test_reordered_rows_are_found(history: Application) -> None:
    swap = "UPDATE journal_event SET version = {} WHERE thing_id = :id AND version = {}"
    by_hand(swap.format(99, 3), swap.format(3, 4), swap.format(4, 99), id=history.id)

    assert {("edited", 3), ("edited", 4), ("broken_link", 3), ("broken_link", 4)} <= {
        (fault[0], fault[3]) for fault in found()
    }


def test_a_cut_tail_is_found_by_the_row(history: Application) -> None:
    by_hand("DELETE FROM journal_event WHERE thing_id = :id AND version = 5", id=history.id)

    assert ("tail_cut", "application", history.id, 5) in found()


CUT = (
    "DELETE FROM journal_event WHERE thing_id = :id AND version = 5",
    "UPDATE application SET version = 4, head = :head, state = 'county_review' WHERE id = :id",
)


def test_a_tail_cut_with_care_is_remembered_by_its_deadline(history: Application) -> None:
    by_hand(*CUT, id=history.id, head=event(history.id, 4)["hash"])

    assert found() == [("event_missing", "application", history.id, 0)]


def test_a_tail_cut_without_a_trace_is_found_by_the_checkpoint(history: Application) -> None:
    checkpoint()
    gone = event(history.id, 5)["id"]
    by_hand(
        *CUT, "DELETE FROM deadline WHERE id = :gone",
        id=history.id, head=event(history.id, 4)["hash"], gone=gone,
    )  # fmt: skip

    assert found() == [
        ("checkpoint_differs", "application", history.id, 5),
        ("events_fewer", "journal", "", 0),
    ]


def test_a_whole_history_removed_is_found_by_the_checkpoint(history: Application) -> None:
    by_hand("DELETE FROM deadline")
    checkpoint()
    slate = _slate()
    by_hand(
        "DELETE FROM slate_entry", "DELETE FROM slate WHERE id = :slate",
        "DELETE FROM journal_event WHERE thing_id = :slate", slate=slate,
    )  # fmt: skip

    assert found() == [
        ("checkpoint_differs", "slate", slate, 4),
        ("events_fewer", "journal", "", 0),
    ]


def test_a_row_without_its_history_is_found(history: Application) -> None:
    by_hand("DELETE FROM deadline", "DELETE FROM journal_event WHERE thing_id = :id", id=history.id)

    assert found() == [("events_missing", "application", history.id, 5)]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("state = 'joint_review'", "row_state"),
        ("head = 'x'", "row_head"),
        ("version = 3", "row_behind"),
    ],
)
def test_a_row_set_behind_the_journals_back_is_found(history: Application, change: str, kind: str) -> None:
    by_hand(f"UPDATE application SET {change} WHERE id = :id", id=history.id)  # noqa: S608 -- from the list above

    assert (kind, "application", history.id, 5) in found()


def test_a_seal_that_was_taken_away_is_found(history: Application) -> None:
    on = " ON review" if engine().dialect.name == "postgresql" else ""
    with engine().begin() as connection:
        connection.execute(sa.text(f"DROP TRIGGER seal_review_delete{on}"))

    assert audit.verify().faults == [Fault("seal_missing", "review", "", 0, "seal_review_delete")]


def test_an_edited_checkpoint_is_found(history: Application) -> None:
    checkpoint()
    with clock.at(NOON):
        checkpoint()
    file = settings().checkpoint_file
    first, second = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(first.replace(b'"events":16', b'"events":17') + second)

    assert found() == [
        ("checkpoint_edited", "checkpoint", "", 1),
        ("checkpoint_edited", "checkpoint", "", 2),
    ]


def _told(of: str, version: int) -> dict[str, object]:
    """An event in the types that its hash is made of."""
    with snapshot() as store:
        sql = audit._HISTORY[Thing.APPLICATION]  # noqa: SLF001 -- read as the product reads it
        return next(
            row._asdict()
            for row in stream(store, sql, thing=Thing.APPLICATION)
            if (row.thing_id, row.version) == (of, version)
        )


def _copy(columns: str) -> str:
    return (
        f"INSERT INTO journal_event SELECT {columns}, act, source, target, account_id, on_behalf,"  # noqa: S608 -- from this file
        " desk, at, body, NULL, prev, hash FROM journal_event WHERE thing_id = :id AND version = 5"
    )


def _slate() -> str:
    return str(one("SELECT id FROM slate")["id"])
