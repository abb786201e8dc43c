"""What a programme's form asks of whom and when: conditions, tiers' parts, the formal stage, the workplace."""

from io import BytesIO
from typing import Any

from pypdf import PdfWriter

from models.database import transaction
from models.errors import FaultsError, IllegalMoveError, InputError, NotEligibleError, NotFoundError, RefusedError
from models.programme import shipped
from models.sql import insert_into
from models.stages import FirstList
from models.vocabulary import Line, State
from tests.rounds_of import in_round
from tests.worlds import (
    COUNTY,
    INDUSTRY,
    UNITS,
    World,
    answers,
    application,
    checked,
    drafted,
    photo,
    refused,
    submitted,
    unit,
)
from workflows.desk.reviews import check, send_back
from workflows.intake.applications import draft, resubmit, revise, submit
from workflows.intake.attachments import attach, detach
from workflows.listing.slates import rank, seal
from workflows.queries.applications import revisions

SHIPPED = shipped("provincial-studio").model_dump(mode="json")
WORDS = {"zh": "栏", "en": "Field"}
SOURCE = {"document": "平顶山市总工会2019年推荐通知", "clause": "公示"}


def asking(w: World, *fields: dict[str, Any], slots: tuple[dict[str, Any], ...] = (), **more: Any) -> World:
    """A round whose form has more fields and slots than the shipped one."""
    return in_round(
        w, fields=[*SHIPPED["fields"], *({"label": WORDS, **field} for field in fields)],
        slots=[*SHIPPED["slots"], *({"label": WORDS, **slot} for slot in slots)], **more,
    )  # fmt: skip


def pdf(pages: int) -> bytes:
    """A real PDF."""
    writer, file = PdfWriter(), BytesIO()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    writer.write(file)
    return file.getvalue()


PATENTS = {"name": "patents", "kind": "number", "when": {"field": "leader_honour", "values": ["none", "craftsman"]}}


def test_conditional_an_answer_that_is_not_asked_is_not_handed_in(world: World) -> None:
    w = asking(world, PATENTS)
    row = drafted(w, leader_honour="may_day", patents=3)
    assert application(row.id).answers["patents"] == 3

    done = submit(w.clerks[0], row.id, seen=row.version)

    assert "patents" not in done.answers
    assert [(r.field, (r.before or {}).get("value"), (r.after or {}).get("value"))
            for r in revisions(w.clerks[0], row.id) if r.version == done.version] == [("patents", 3, None)]  # fmt: skip


def test_conditional_a_field_that_is_asked_is_required(world: World) -> None:
    w = asking(world, PATENTS)
    row = drafted(w, leader_honour="craftsman")

    with refused("faults", FaultsError, faults=[{"field": "patents", "code": "required"}]):
        submit(w.clerks[0], row.id, seen=row.version)


def test_money_is_kept_in_fen_and_too_short_a_text_waits_for_the_submission(world: World) -> None:
    w = asking(world, {"name": "budget", "kind": "money"}, {"name": "deeds", "kind": "long", "min_length": 5})

    row = drafted(w, budget="12,000.50", deeds="四个字了")

    assert (row.answers["budget"], row.answers["deeds"]) == (1_200_050, "四个字了")
    with refused("faults", FaultsError, faults=[{"field": "deeds", "code": "too_short", "length": 4, "least": 5}]):
        submit(w.clerks[0], row.id, seen=row.version)


WORKPLACE = {"minutes_slot": "minutes", "notice_from": "shown_from", "notice_to": "shown_to", "source": SOURCE}
SHOWN = ({"name": "shown_from", "kind": "date"}, {"name": "shown_to", "kind": "date"})
MINUTES = {"name": "minutes", "required": False}


def test_workplace_minutes_and_notice_come_before_the_application(world: World) -> None:
    w = asking(world, *SHOWN, slots=(MINUTES,), workplace=WORKPLACE)
    # Tuesday, 3 March 2026: from Wednesday to Monday are four working days.
    row = drafted(w, shown_from="2026-02-25", shown_to="2026-02-27")

    with refused("faults", FaultsError) as told:
        submit(w.clerks[0], row.id, seen=row.version)
    assert [(f["field"], f["code"], f["source"]) for f in told.details["faults"]] == [
        ("minutes", "file_required", SOURCE), ("shown_to", "workplace_notice_short", SOURCE),
    ]  # fmt: skip
    assert told.details["faults"][1]["counted"] == 3

    attach(w.clerks[0], row.id, slot="minutes", filename="记录.png", content=photo(), seen=row.version)
    row = revise(w.clerks[0], row.id, answers={"shown_from": "2026-02-24"}, seen=row.version + 1)
    with refused("faults", FaultsError, count=1):
        submit(w.clerks[0], row.id, seen=row.version)
    row = revise(w.clerks[0], row.id, answers={"shown_to": "2026-02-28"}, seen=row.version)
    assert submit(w.clerks[0], row.id, seen=row.version).state is State.COUNTY_REVIEW


def test_pages_a_paper_longer_than_its_slot_allows_is_not_taken(world: World) -> None:
    w = asking(world, slots=({"name": "volume", "required": False, "pages": 3},))
    row = drafted(w)

    with refused("too_many_pages", InputError, field="volume", pages=4, most=3):
        attach(w.clerks[0], row.id, slot="volume", filename="全卷.pdf", content=pdf(4), seen=row.version)
    assert attach(w.clerks[0], row.id, slot="volume", filename="全卷.pdf", content=pdf(3), seen=row.version).slot


COUNTY_FIELD = {"name": "tax_paid", "kind": "yes_no", "by": "county"}
COUNTY_SLOT = {"name": "report", "by": "county"}


def test_by_a_tier_fills_in_its_own_fields_when_it_checks(world: World) -> None:
    w = asking(world, COUNTY_FIELD)
    row = submitted(w)

    with refused("faults", FaultsError, faults=[{"field": "tax_paid", "code": "tier_field"}]):
        check(w.county, row.id, seen=row.version)
    with refused("not_this_tiers", RefusedError, field="topics", open=["tax_paid"]):
        check(w.county, row.id, seen=row.version, answers={"topics": "别的"})
    done = check(w.county, row.id, seen=row.version, answers={"tax_paid": "是"})

    assert (done.checked, application(row.id).answers["tax_paid"]) == (True, True)
    assert application(row.id).content_hash != row.content_hash


def test_by_the_applicant_neither_fills_in_nor_is_returned_for_a_tiers_part(world: World) -> None:
    w = asking(world, COUNTY_FIELD, slots=(COUNTY_SLOT,))
    row = drafted(w)

    with refused("tier_fills", RefusedError, field="tax_paid", tier="county"):
        revise(w.clerks[0], row.id, answers={"tax_paid": "是"}, seen=row.version)
    with refused("tier_fills", RefusedError, field="report"):
        attach(w.clerks[0], row.id, slot="report", filename="a.png", content=photo(), seen=row.version)
    row = submit(w.clerks[0], row.id, seen=row.version)
    with refused("unknown_field", InputError, field="tax_paid"):
        send_back(w.county, row.id, faults=[{"field": "tax_paid", "words": "请填"}], seen=row.version)


def test_by_a_tier_puts_its_own_papers_in_and_takes_them_out_while_the_case_is_on_its_desk(world: World) -> None:
    w = asking(world, slots=(COUNTY_SLOT,))
    row = submitted(w)
    own: dict[str, Any] = {"slot": "report", "filename": "推荐报告.png", "content": photo()}

    with refused("faults", FaultsError, faults=[{"field": "report", "code": "file_required"}]):
        check(w.county, row.id, seen=row.version)
    for actor in (w.city, w.stranger):
        with refused("not_found", NotFoundError):
            attach(actor, row.id, seen=row.version, **own)
    with refused("tier_fills", RefusedError):
        attach(w.clerks[0], row.id, seen=row.version, **own)
    with refused("not_this_tiers", RefusedError, field="honour_proof", open=["report"]):
        attach(w.county, row.id, seen=row.version, **{**own, "slot": "honour_proof"})
    file = attach(w.county, row.id, seen=row.version, **own)
    row = detach(w.county, row.id, attachment_id=file.id, seen=row.version + 1)
    attach(w.county, row.id, seen=row.version, **own)

    assert check(w.county, row.id, seen=row.version + 1).checked


def test_a_form_under_review_stays_as_it_was_handed_in(world: World) -> None:
    row = submitted(world)

    with refused("illegal_move", IllegalMoveError):
        revise(world.clerks[0], row.id, answers={"topics": "别的"}, seen=row.version)
    with refused("illegal_move", IllegalMoveError):
        attach(world.clerks[0], row.id, slot="results_proof", filename="a.png", content=photo(), seen=row.version)


FORMAL = {"name": "deeds", "kind": "long", "stage": "formal"}
FORMAL_SLOT = {"name": "volume", "stage": "formal"}
_ON_FIRST_LIST = insert_into(FirstList)


def cleared(w: World, application_id: str) -> None:
    """Let the first list with this application on it be cleared."""
    with transaction() as store:
        store.run(_ON_FIRST_LIST, id=f"list{application_id}"[:32], round_id=w.round_id, desk=COUNTY, cleared=True,
                  application_id=application_id, proposed_at=store.now, proposed_by=w.county.id,
                  answered_at=store.now, answered_by=w.province.id)  # fmt: skip


def test_formal_the_second_part_opens_with_the_cleared_first_list_and_is_needed_for_the_formal_one(
    world: World,
) -> None:
    w = asking(world, FORMAL, slots=(FORMAL_SLOT,), entry={"first_list_due": "03-10"})
    draft_row, clerk = drafted(w), w.clerks[0]
    with refused("after_first_list", RefusedError, field="deeds"):
        revise(clerk, draft_row.id, answers={"deeds": "先进事迹"}, seen=draft_row.version)
    row = submit(clerk, draft_row.id, seen=draft_row.version)
    with refused("after_first_list", RefusedError, field="deeds"):
        revise(clerk, row.id, answers={"deeds": "先进事迹"}, seen=row.version)
    checked(w, COUNTY, row.id)
    cleared(w, row.id)
    listed = rank(w.county, round_id=w.round_id, organization_code=COUNTY, main=[row.id])
    with refused("formal_missing", RefusedError, receipts=[row.receipt]):
        seal(w.county, listed.id, seen=listed.version, minutes="会议")

    row = application(row.id)
    with refused("field_not_open", RefusedError, field="topics", open=["deeds", "volume"]):
        revise(clerk, row.id, answers={"topics": "别的"}, seen=row.version)
    row = revise(clerk, row.id, answers={"deeds": "先进事迹"}, seen=row.version)
    attach(clerk, row.id, slot="volume", filename="全卷.pdf", content=pdf(1), seen=row.version)

    assert seal(w.county, listed.id, seen=listed.version, minutes="会议").state == "sealed"
    assert application(row.id).checked


def test_formal_a_programme_without_a_first_list_asks_for_everything_at_once(world: World) -> None:
    w = asking(world, FORMAL)
    row = drafted(w)

    with refused("faults", FaultsError, faults=[{"field": "deeds", "code": "required"}]):
        submit(w.clerks[0], row.id, seen=row.version)


def test_one_subject_of_a_unit_does_not_come_in_by_two_lines(world: World) -> None:
    n = UNITS - 1
    first = submitted(world, n)
    other = draft(world.clerks[n], round_id=world.round_id, organization_code=unit(n), line=Line.INDUSTRY,
                  answers=answers(77, studio_name=f"工作室{n}"))  # fmt: skip
    attach(world.clerks[n], other.id, slot="honour_proof", filename="证书.png", content=photo(), seen=1)

    with refused("subject_twice", RefusedError, subject=f"工作室{n}", line="region", other=first.receipt):
        submit(world.clerks[n], other.id, seen=2)
    row = revise(world.clerks[n], other.id, answers={"studio_name": "另一个工作室"}, seen=2)
    assert submit(world.clerks[n], other.id, seen=row.version).desk == INDUSTRY


def test_two_persons_of_one_name_are_two_subjects(world: World) -> None:
    w = in_round(world, subject="person")
    submitted(w, 0)
    row = draft(w.clerks[0], round_id=w.round_id, organization_code=unit(0), answers=answers(9, studio_name="工作室0"))
    attach(w.clerks[0], row.id, slot="honour_proof", filename="证书.png", content=photo(), seen=1)

    assert submit(w.clerks[0], row.id, seen=2).state is State.COUNTY_REVIEW


def test_eligible_is_asked_again_when_a_correction_comes_back(world: World) -> None:
    row = submitted(world)
    row = send_back(world.county, row.id, faults=[{"field": "team_size", "words": "请核实"}], seen=row.version)
    row = revise(world.clerks[0], row.id, answers={"team_size": 2}, seen=row.version)

    with refused("not_eligible", NotEligibleError):
        resubmit(world.clerks[0], row.id, seen=row.version)
