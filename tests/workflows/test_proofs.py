"""Proof of a notice: put on file by its union, read by those its names climb to, asked for where the programme says."""

from typing import Any

import pytest

from models import clock
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError
from models.vocabulary import NoticeState, ProofKind, Role, SlateState
from tests.own_rounds import own_round
from tests.rounds_of import ladder
from tests.worlds import (
    CITY,
    COUNTY,
    NOTICE_OVER,
    NUMBER,
    World,
    also,
    at_county,
    at_province,
    checked,
    due,
    events,
    everything,
    in_notice,
    objected,
    objection,
    photo,
    refused,
    rows,
    sealed,
    slate,
)
from workflows.deciding.decisions import decide
from workflows.hearing.notices import close, publish
from workflows.hearing.objections import report_back, settle
from workflows.hearing.proofs import attach_proof, notice_papers, notices_of, read
from workflows.listing.sending import send_up
from workflows.listing.slates import open_slate

PHOTO: dict[str, Any] = {"kind": ProofKind.PHOTO, "filename": "公告栏.png", "place": "厂务公开栏"}
STATEMENT: dict[str, Any] = {"kind": ProofKind.STATEMENT, "filename": "无异议证明.png"}


def noticed_below(w: World, n: int = 1) -> tuple[World, list[str], Any]:
    """A round whose counties hold notices of their own, and a county's notice."""
    there = own_round(w, ladder=ladder(county={"notice": True}), notice={"days": 5, "proof": ["photo", "statement"]})
    ids = at_county(there, n)
    row = sealed(there, COUNTY, ids)
    return there, ids, publish(there.county, row.id, seen=row.version)


def test_proof_is_kept_by_its_hash_and_leaves_the_notice_as_it_is(world: World) -> None:
    _, notice = in_notice(world, 1)

    paper = attach_proof(world.province, notice.id, content=photo(), key="k", **PHOTO)
    before = everything()

    assert attach_proof(world.province, notice.id, content=photo(), key="k", **PHOTO) == paper
    assert everything() == before
    assert (paper.kind, paper.place, paper.filename) == (ProofKind.PHOTO, "厂务公开栏", "公告栏.png")
    assert events(notice.id)[-1] == ("attach", "open", "open", "province")
    assert due(notice.id) == ["notice_end"]
    file, path = read(world.province, paper.id)
    assert (file, path.name) == (paper, paper.sha256)


def test_nobody_states_that_there_was_no_objection_while_the_notice_runs_or_one_is_open(world: World) -> None:
    ids, notice = in_notice(world, 1)
    case = objected(world, notice, ids[0])

    with refused("notice_running", RefusedError, ends_at=notice.ends_at.isoformat()):
        attach_proof(world.province, notice.id, content=photo(), **STATEMENT)
    with clock.at(NOTICE_OVER):
        close(world.province, notice.id, seen=notice.version)
        with refused("statement_untrue", RefusedError, count=1):
            attach_proof(world.province, notice.id, content=photo(), **STATEMENT)
        case = report_back(world.city, case.id, finding="查无实据", seen=objection(case.id).version)
        settle(world.province, case.id, outcome="dismissed", reason="无", seen=case.version)

        attach_proof(world.province, notice.id, content=photo(), **STATEMENT)

    assert events(notice.id)[-1] == ("attach", "closed", "closed", "province")
    assert due(notice.id) == ["decision"] or due(notice.id) == []


def test_a_list_goes_up_when_the_proofs_its_programme_asks_for_are_on_file(world: World) -> None:
    there, ids, notice = noticed_below(world)
    row = slate(notice.slate_id)
    with clock.at(NOTICE_OVER):
        close(there.county, notice.id, seen=notice.version)
        with refused("proof_missing", RefusedError, missing=["photo", "statement"]):
            send_up(there.county, row.id, seen=row.version)
        for proof in (PHOTO, STATEMENT):
            attach_proof(there.county, notice.id, content=photo(), **proof)

        assert send_up(there.county, row.id, seen=row.version).state is SlateState.SENT_UP

        assert {paper.kind for paper in notice_papers(there.city, notice.id)} == {
            ProofKind.PHOTO, ProofKind.STATEMENT,
        }  # fmt: skip
        [held] = notices_of(there.city, ids[0])
    assert (held.organization, held.state, len(held.papers), held.snapshot_hash) == (
        COUNTY, NoticeState.CLOSED, 2, notice.snapshot_hash,
    )  # fmt: skip
    [own] = notices_of(there.clerks[0], ids[0])
    assert (own.notice_id, own.papers) == (notice.id, [])


def test_a_list_is_decided_when_the_proofs_its_programme_asks_for_are_on_file(world: World) -> None:
    there = own_round(world, notice={"days": 5, "proof": ["original"]})
    ids, _ = at_province(there, 1)
    row = sealed(there, "330000", ids)
    notice = publish(there.province, row.id, seen=row.version)
    given: dict[str, Any] = {"number": NUMBER, "meeting_on": NOTICE_OVER.date()}
    with clock.at(NOTICE_OVER):
        close(there.province, notice.id, seen=notice.version)
        with refused("proof_missing", RefusedError, missing=["original"]):
            decide(there.province, row.id, seen=slate(row.id).version, **given)
        attach_proof(there.province, notice.id, kind=ProofKind.ORIGINAL, filename="原件.png", content=photo())

        assert decide(there.province, row.id, seen=slate(row.id).version, **given).number == NUMBER


def test_every_notice_on_a_names_path_is_told_in_its_order(world: World) -> None:
    there = own_round(world, ladder=ladder(county={"notice": True}))
    ids = at_county(there, 1)
    row = sealed(there, COUNTY, ids)
    first = publish(there.county, row.id, seen=row.version)
    with clock.at(NOTICE_OVER):
        close(there.county, first.id, seen=first.version)
        row = send_up(there.county, row.id, seen=slate(row.id).version)
        open_slate(there.city, row.id, seen=row.version)
        checked(there, CITY, *ids)
        row = sealed(there, CITY, ids)
        row = send_up(there.city, row.id, seen=row.version)
        open_slate(there.province, row.id, seen=row.version)
        checked(there, "330000", *ids)
        row = sealed(there, "330000", ids)
        second = publish(there.province, row.id, seen=row.version)

    assert [(held.notice_id, held.office) for held in notices_of(there.province, ids[0])] == [
        (first.id, "西湖区总工会"), (second.id, "浙江省总工会"),
    ]  # fmt: skip
    with refused("not_found", NotFoundError, thing="application"):
        notices_of(there.stranger, ids[0])


def test_only_the_notices_union_puts_proof_on_file_and_only_unions_above_read_it(world: World) -> None:
    there, _, notice = noticed_below(world)
    paper = attach_proof(there.county, notice.id, content=photo(), **PHOTO)

    for other in (there.city, there.clerks[0], there.admin):
        with refused("not_your_desk", ForbiddenError):
            attach_proof(other, notice.id, content=photo(), **PHOTO)
    for reader in (there.county, there.city, there.province, there.admin):
        assert read(reader, paper.id)[0] == paper
    for other in (there.clerks[0], there.stranger, there.industry, also(there.clerks[1], COUNTY, Role.EXPERT)):
        assert notice_papers(other, notice.id) == []
        with refused("not_found", NotFoundError, thing="attachment", given=paper.id):
            read(other, paper.id)


@pytest.mark.parametrize(("content", "code"), [(b"", "file_empty"), (b"MZ", "file_kind")])
def test_proof_is_a_file_that_is_what_it_says(world: World, content: bytes, code: str) -> None:
    _, notice = in_notice(world, 1)

    with refused(code, InputError, field="content"):
        attach_proof(world.province, notice.id, content=content, **PHOTO)
    assert rows("SELECT count(*) FROM notice_paper") == [(0,)]
