"""The doctor says nothing of a whole round, and calls every breach by its name."""

import pytest

from models import clock
from models.application import Application
from models.database import reading
from models.round import Round
from models.settings import settings
from tests.small_round import (
    CITY,
    COUNTY,
    NOON,
    SmallRound,
    application,
    at_province,
    drafted,
    named,
    ranked,
    small_round,
    submitted,
)
from tests.tampering import by_hand, one
from workflows import doctor
from workflows.clocks.sweep import sweep
from workflows.desk.reviews import check, send_back
from workflows.doctor import Violation
from workflows.intake.applications import resubmit, withdraw
from workflows.listing.sending import recall, send_up
from workflows.listing.slates import rank, seal
from workflows.record.acting import actor_of
from workflows.record.claiming import look
from workflows.rounds import finish, issue


@pytest.fixture
def world(database: str) -> SmallRound:
    """Build an open round."""
    return small_round()


@pytest.fixture
def title(world: SmallRound) -> Application:
    """Build a round that has named one application and has another at the county's desk."""
    submitted(world, 1)
    return named(world)


@pytest.mark.parametrize("stage", [drafted, submitted, at_province, named])
def test_a_round_walked_by_the_verbs_is_well_at_every_stage(world: SmallRound, stage: object) -> None:
    assert callable(stage)
    stage(world)

    assert doctor.check(files=True) == []


CLERK = "SELECT account_id FROM seat WHERE organization = '91330106MA27XB123J'"
BREACHES = [
    ("I1 content_lost", "UPDATE application SET content_hash = 'x' WHERE state = 'named'"),
    ("I1 content_lost", "UPDATE application SET answers = '{}' WHERE state = 'named'"),
    ("I1 content_lost", "DELETE FROM attachment WHERE application_id = :id"),
    ("I3 ledger_differs", "DELETE FROM quota_entry WHERE act = 'send-up'"),
    ("I3 ledger_differs", "UPDATE quota SET places = places - 1"),
    ("I3 places_differ", "UPDATE quota SET used = 0"),
    ("I3 places_differ", "DELETE FROM slate_entry"),
    ("I3 places_differ", "DELETE FROM quota WHERE organization = '330106'"),
    ("I4 own_case", f"UPDATE journal_event SET account_id = ({CLERK}) WHERE act = 'check'"),  # noqa: S608 -- from this file
    ("I4 not_their_desk", "UPDATE journal_event SET desk = '110000' WHERE act = 'check'"),
    ("I4 not_their_desk", "UPDATE seat SET role = 'clerk' WHERE organization = '330100'"),
    ("I4 not_their_desk", "UPDATE seat SET starts_at = '2030-01-01 00:00:00+00'"),
    ("I5 events_differ", "UPDATE application SET version = version + 1"),
    ("I5 events_differ", "UPDATE title SET state = 'suspended'"),
    ("I6 not_in_chart", "UPDATE journal_event SET act = 'check' WHERE act = 'name'"),
    ("I6 not_in_chart", "UPDATE journal_event SET target = 'opened' WHERE act = 'start'"),
    ("I7 versions_differ", "UPDATE journal_event SET version = 99 WHERE act = 'submit'"),
    ("I8 ranks_broken", "UPDATE slate_entry SET rank = 2"),
    ("I9 edited", "UPDATE journal_event SET on_behalf = 'x'"),
    ("I10a waits_without_due_date", "DELETE FROM deadline WHERE kind = 'review'"),
    ("I10a waits_without_due_date", "UPDATE deadline SET closed_at = set_at"),
    ("I13 letter_to_nobody", "UPDATE letter SET account_id = 'x'"),
    ("I14 list_changed", "UPDATE notice SET snapshot = '[]'"),
    ("I14 list_changed", "UPDATE decision SET annex = '[]'"),
    ("I14 annex_differs", "UPDATE title SET decision_id = 'x'"),
    ("I14 objection_open", "UPDATE objection SET state = 'reported', settled_at = NULL"),
    ("I14 named_without_notice", "UPDATE application SET notice_id = NULL"),
    (
        "I14 named_without_notice",
        "UPDATE notice SET ends_at = '2030-01-01 00:00:00+00', closed_at = '2030-01-01 00:00:00+00'",
    ),
    ("I14 named_without_title", "DELETE FROM title"),
    ("I18 attachment_ownerless", "UPDATE attachment SET application_id = 'x'"),
    ("I19 file_missing", "UPDATE attachment SET sha256 = 'abcd'"),
    ("I19 file_changed", "UPDATE attachment SET size = 1"),
    ("I25 rung_differs", "UPDATE application SET rung = 'county' WHERE state = 'named'"),
    ("I25 rung_differs", "UPDATE application SET rung = NULL"),
]


@pytest.mark.tampers
@pytest.mark.parametrize(("name", "change"), BREACHES)
def test_a_breach_is_called_by_its_name(title: Application, name: str, change: str) -> None:
    by_hand(change, id=title.id)

    assert name in {f"{v.invariant} {v.name}" for v in doctor.check()}


@pytest.mark.tampers
def test_a_violation_says_which_row_and_what(title: Application) -> None:
    slate = one("SELECT slate_id FROM slate_entry ORDER BY slate_id LIMIT 1")["slate_id"]
    by_hand("UPDATE slate_entry SET rank = 3 WHERE slate_id = :slate", slate=slate)

    assert doctor.check() == [Violation("I8", "ranks_broken", "1 3 3 -", f"slate {slate}")]


@pytest.mark.tampers
def test_bytes_changed_under_their_name_are_found(title: Application) -> None:
    file = next(settings().attachments_dir.glob("*/*"))
    file.write_bytes(file.read_bytes()[::-1])

    assert [v[:2] for v in doctor.check()] == [("I19", "file_changed")]


@pytest.mark.tampers
def test_a_file_no_row_speaks_of_is_found_when_asked_for(title: Application) -> None:
    stray = settings().attachments_dir / "ab" / "abcd"
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"x")

    assert doctor.check() == []
    assert doctor.check(files=True) == [Violation("I19", "file_orphaned", "1", "file abcd")]


def test_a_round_with_every_detour_is_well_at_its_end(world: SmallRound) -> None:
    admin = actor_of("admin@example.cn")
    with clock.at(NOON):
        issue(admin, round_id=world.round_id, organization_code=COUNTY, places=5)
        first, second = (
            check(world.county, row.id, seen=row.version) for row in (submitted(world, 0), submitted(world, 1))
        )
        slate = rank(world.county, round_id=world.round_id, organization_code=COUNTY,
                     main=[first.id], reserve=[second.id])  # fmt: skip
        slate = seal(world.county, slate.id, seen=slate.version, minutes="会议")
        slate = send_up(world.county, slate.id, seen=slate.version)
        slate = recall(world.county, slate.id, seen=slate.version, reason="漏报")
        slate = seal(world.county, slate.id, seen=slate.version, minutes="会议")
        send_up(world.county, slate.id, seen=slate.version)
        faults = [{"field": "results", "words": "请补充"}]
        row = send_back(world.city, first.id, faults=faults, seen=application(first.id).version)
        row = resubmit(world.clerks[0], row.id, seen=row.version)
        withdraw(world.clerks[0], row.id, seen=row.version)
        assert doctor.check(files=True) == []
        row = check(world.city, second.id, seen=application(second.id).version)
        ranked(world.city, world, CITY, row)
    with reading() as store:
        closes_at = look(store, Round, world.round_id).closes_at
    with clock.at(closes_at):
        assert sweep()["rounds_closed"] == 1
        with reading() as store:
            seen = look(store, Round, world.round_id).version
        finish(admin, world.round_id, seen=seen)
        assert sweep()["passed_over"] == 1

        assert doctor.check(files=True) == []
