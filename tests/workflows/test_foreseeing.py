"""A dry run: every consequence by name, and nothing changed."""

import pytest

from models.database import together
from models.errors import InputError, NotFoundError
from models.vocabulary import Act, Bucket, SlateState, Thing
from tests.worlds import (
    CITY,
    COUNTY,
    World,
    application,
    at_city,
    at_county,
    drafted,
    everything,
    in_notice,
    sent,
    slate,
)
from workflows.desk.reviews import check
from workflows.listing.slates import rank, seal
from workflows.record.foreseeing import plan, told


def test_a_dry_run_names_every_consequence_and_changes_nothing(world: World) -> None:
    first, _second = at_county(world, 2)
    listed = rank(world.county, round_id=world.round_id, organization_code=COUNTY, main=[first], reserve=[])
    before = everything()

    foreseen = plan(world.county, verb="seal", arguments={"slate_id": listed.id, "seen": listed.version})

    assert everything() == before
    assert foreseen.refused is None
    assert [(s.thing, s.act, s.source, s.target) for s in foreseen.steps] == [
        (Thing.SLATE, Act.SEAL, "drafting", "sealed")
    ]
    assert [(p.organization, p.source, p.target, p.n) for p in foreseen.places] == [
        (COUNTY, Bucket.AVAILABLE, Bucket.RESERVED, 1)
    ]
    assert seal(world.county, listed.id, seen=listed.version).state is SlateState.SEALED


def test_a_dry_run_tells_the_refusal_with_its_numbers(world: World) -> None:
    ids = at_county(world, 4)
    listed = rank(world.county, round_id=world.round_id, organization_code=COUNTY, main=ids)

    foreseen = plan(world.county, verb="seal", arguments={"slate_id": listed.id, "seen": listed.version})

    assert foreseen.refused is not None
    assert foreseen.refused[0] == "quota_spent"
    assert slate(listed.id) == listed


def test_what_cannot_be_undone_is_not_tried(world: World) -> None:
    for verb in ("attach", "draw-panel"):
        with pytest.raises(InputError, match="not_foreseen"):
            plan(world.clerks[0], verb=verb, arguments={})
    with pytest.raises(InputError, match="unknown"):
        plan(world.clerks[0], verb="no-such-verb", arguments={})


def test_verbs_together_are_one_transaction(world: World) -> None:
    first, _second = at_county(world, 2)
    before = everything()

    def ranked_and_more() -> None:
        with together():
            rank(world.county, round_id=world.round_id, organization_code=COUNTY, main=[first])
            check(world.county, "0" * 32, seen=1)

    with pytest.raises(NotFoundError):
        ranked_and_more()
    assert everything() == before

    with together(keep=False) as store:
        listed = rank(world.county, round_id=world.round_id, organization_code=COUNTY, main=[first])
        assert told(store, world.county).steps[-1].thing_id == listed.id
    assert everything() == before


def test_a_clerk_is_told_neither_which_officer_a_letter_reaches_nor_whose_places_move(world: World) -> None:
    row = drafted(world)

    foreseen = plan(world.clerks[0], verb="submit", arguments={"application_id": row.id, "seen": row.version})

    assert [(step.act, step.subject) for step in foreseen.steps] == [(Act.SUBMIT, "工作室0")]
    assert [(post.template, post.to) for post in foreseen.letters] == [("arrived", ""), ("submitted", "clerk0")]
    ids, sent_up = at_city(world, 2)
    seen = application(ids[1]).version

    foreseen = plan(world.clerks[1], verb="withdraw", arguments={"application_id": ids[1], "seen": seen})

    assert foreseen.refused is None
    assert [step.thing_id for step in foreseen.steps] == [ids[1]]
    assert (foreseen.places, sent_up.id in str(foreseen)) == ([], False)
    assert {post.to for post in foreseen.letters} <= {"", "clerk1"}


def test_an_objector_foresees_nothing_of_what_they_may_not_see(world: World) -> None:
    ids, notice = in_notice(world, 1)

    foreseen = plan(world.stranger, verb="object", arguments={
        "notice_id": notice.id, "application_id": ids[0], "ground": "deeds", "words": "事迹不实", "objector": "赵六",
        "contact": "13800000000", "signed": True,
    })  # fmt: skip

    assert foreseen == ([], [], [], [], None)


def test_a_union_is_told_whose_places_move_and_whom_its_letters_reach(world: World) -> None:
    shares = {"shares": {COUNTY: 1}, "round_id": world.round_id, "organization_code": CITY}
    foreseen = plan(world.city, verb="split", arguments=shares)
    assert foreseen.refused is None
    assert ({shift.organization for shift in foreseen.places}, foreseen.letters[-1].to) == ({COUNTY}, "county")

    ids = at_county(world, 1)
    row = sent(world, COUNTY, ids)
    foreseen = plan(world.city, verb="open", arguments={"slate_id": row.id, "seen": row.version})
    assert (foreseen.refused, [step.act for step in foreseen.steps]) == (None, [Act.OPEN])
    assert "" not in {post.to for post in foreseen.letters}
