"""Before a list is sealed: missing evidence by name, who stands back, and as many statements for many as for few."""

import pytest

from models.attachment import Attachment
from models.database import transaction
from models.errors import ForbiddenError
from models.sql import update_of
from models.vocabulary import Role
from tests.counting import statements
from tests.worlds import COUNTY, World, also, application, at_county, refused, rows, slate, submitted, unit
from workflows.desk.reviews import check
from workflows.listing.returning import send_down
from workflows.listing.sending import send_up
from workflows.listing.slates import open_slate, rank, seal
from workflows.queries.concerns import Concerns, Lacking, Recused, seal_concerns
from workflows.record.foreseeing import plan

GONE = update_of(Attachment, "removed_at", where=("application_id",))


def drafted_list(w: World, ids: list[str]) -> str:
    """The county's list of these, in draft."""
    return rank(w.county, round_id=w.round_id, organization_code=COUNTY, main=ids).id


def test_a_list_in_order_has_nothing_against_it(world: World) -> None:
    assert seal_concerns(world.county, drafted_list(world, at_county(world, 2))) == Concerns([], [])


def test_a_name_without_its_evidence_is_listed_with_every_fault(world: World) -> None:
    ids = at_county(world, 2)
    with transaction() as store:
        store.run(GONE, removed_at=store.now, old_application_id=ids[1])
    row = application(ids[1])

    found = seal_concerns(world.county, drafted_list(world, ids))

    assert found.lacking == [
        Lacking(ids[1], row.receipt, row.subject, [{"field": "honour_proof", "code": "file_required"}])
    ]
    with transaction() as store:
        store.run(GONE, removed_at=None, old_application_id=ids[1])


def test_who_must_stand_back_is_named_before_the_seal_is_refused(world: World) -> None:
    also(world.county, unit(1), Role.CLERK)
    deputy = also(world.stranger, COUNTY, Role.REVIEWER)
    ids = [submitted(world, n).id for n in (0, 1)]
    for one in ids:
        check(deputy, one, seen=application(one).version)
    made = rank(deputy, round_id=world.round_id, organization_code=COUNTY, main=ids)
    row = application(ids[1])

    for who, you in ((world.county, True), (deputy, False)):
        found = seal_concerns(who, made.id).recused
        assert found == [Recused(world.county.id, "county", row.receipt, row.subject, "企业1", you)]
    with refused("own_case", ForbiddenError):
        seal(world.county, made.id, seen=made.version)
    assert seal(deputy, made.id, seen=made.version).version == made.version + 1


def test_concerns_are_for_the_lists_own_reviewers(world: World) -> None:
    made = drafted_list(world, at_county(world, 1))

    for who in (world.city, world.stranger, world.clerks[0]):
        with refused("not_your_desk", ForbiddenError):
            seal_concerns(who, made)


def test_sealing_sending_and_giving_back_take_as_many_statements_for_many_as_for_few(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts: list[list[int]] = []
    ids = at_county(world, 3)
    for names in (ids[:1], ids[1:]):
        made, found = slate(drafted_list(world, names)), []
        for act in ("seal", "concerns", "send", "down"):
            with statements(monkeypatch) as asked:
                match act:
                    case "seal":
                        made = seal(world.county, made.id, seen=made.version, signatories=["王主席"])
                    case "concerns":
                        seal_concerns(world.county, made.id)
                    case "send":
                        made = send_up(world.county, made.id, seen=made.version)
                    case _:
                        made = open_slate(world.city, made.id, seen=made.version)
                        fault = [{"field": "topics", "words": "写明"}]
                        down = [{"application": one, "faults": fault} for one in names]
                        send_down(world.city, made.id, seen=made.version, reason="补正", names=down)
            found.append(len(asked))
        counts.append(found)

    assert counts[0] == counts[1]


def test_a_dry_run_names_what_sealing_and_giving_back_would_do(world: World) -> None:
    ids = at_county(world, 2)
    made = slate(drafted_list(world, ids))

    ahead = plan(world.county, verb="seal", arguments={"slate_id": made.id, "seen": made.version})

    assert [(one.organization, one.source, one.target, one.n) for one in ahead.places] == [
        (COUNTY, "available", "reserved", 2)
    ]
    made = send_up(world.county, made.id, seen=seal(world.county, made.id, seen=made.version).version)
    before = rows("SELECT count(*) FROM journal_event")
    ahead = plan(world.city, verb="send-down", arguments={"slate_id": made.id, "seen": made.version, "reason": "重报"})
    assert [(one.act, one.receipt) for one in ahead.steps if one.receipt] == [
        ("send-down", application(one).receipt) for one in sorted(ids)
    ]
    assert ("slate_sent_down", "county") in [(one.template, one.to) for one in ahead.letters]
    assert rows("SELECT count(*) FROM journal_event") == before
