"""The docket: receipts, admission on the record, objections that join, evidence, withdrawal, and who reads what."""

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from models import clock
from models.errors import (
    ForbiddenError,
    IllegalMoveError,
    InputError,
    NotFoundError,
    RefusedError,
    ShenbaoError,
    StaleError,
)
from models.vocabulary import Ground, ObjectionState, Role, State
from tests.own_rounds import own_round
from tests.worlds import (
    CITY,
    COUNTY,
    NOTICE_OVER,
    NOW,
    PROVINCE,
    World,
    also,
    application,
    closed,
    due,
    events,
    everything,
    in_notice,
    letters,
    named,
    objected,
    objection,
    person,
    photo,
    quota,
    refused,
    rows,
    slate,
    unit,
)
from workflows import table
from workflows.clocks.sweep import sweep
from workflows.deciding.decisions import decide
from workflows.desk.reviews import check
from workflows.hearing.admitting import admit, withdraw_objection
from workflows.hearing.docketing import add_evidence, read
from workflows.hearing.notices import close
from workflows.hearing.objections import extend_answer, object_to, report_back, settle, take_up
from workflows.queries.docket import docket, objection_status, receipt_of
from workflows.record import verb

NAME, CONTACT, FILE = "欧阳告发", "13911112222", "欧阳告发的材料.png"


def told(case: Any) -> Any:
    """What the objector learns by the receipt."""
    return objection_status(None, receipt=receipt_of(case.id))


def settled(w: World, case: Any, outcome: str, reason: str = "已查明") -> Any:
    """The city reports and the province settles."""
    case = report_back(w.city, case.id, finding="已核查", seen=objection(case.id).version)
    return settle(w.province, case.id, outcome=outcome, reason=reason, seen=case.version)  # type: ignore[arg-type]


def test_the_holder_of_a_receipt_is_told_in_general_words_and_nobody_else_anything(world: World) -> None:
    ids, notice = in_notice(world, 1)
    case = objected(world, notice, ids[0], objector=NAME, contact=CONTACT)
    receipt = receipt_of(case.id)

    before = told(case)
    assert before[1:] == ("investigating", "", date(2026, 3, 3), date(2026, 3, 17), None, False, 0, True, True)
    assert objection_status(None, receipt=receipt.replace("-", " ")) == before

    settled(world, case, "dismissed", reason=f"{NAME}所述不实")

    after = told(case)
    assert after[1:] == ("dismissed", "", date(2026, 3, 3), None, date(2026, 3, 3), False, 0, False, False)
    for secret in (NAME, CONTACT, "领衔人0", "工作室0", "企业0", ids[0], case.id):
        assert secret not in str((before, after))


def test_a_receipt_that_is_not_there_and_a_misheard_one_are_told_in_the_same_words(world: World) -> None:
    ids, notice = in_notice(world, 1)
    receipt = receipt_of(objected(world, notice, ids[0]).id)
    wrong = receipt[:-1] + str((int(receipt[-1]) + 1) % 10)

    for given in (wrong, "0000-0000-0000-0018", "", "abc"):
        with refused("receipt_unknown", NotFoundError, field="receipt", given=given):
            objection_status(None, receipt=given)


def test_every_objection_has_a_receipt_of_its_own_that_says_nothing_of_its_order(world: World) -> None:
    ids, notice = in_notice(world, 1)

    given = {receipt_of(objected(world, notice, ids[0], signed=n % 2 == 0).id) for n in range(6)}

    assert len({receipt[:4] for receipt in given}) > 1
    assert len(given) == 6


def test_a_reviewer_admits_a_lead_with_a_reason_on_the_record(world: World) -> None:
    ids, notice = in_notice(world, 1)
    lead = objected(world, notice, ids[0], signed=False)
    assert told(lead)[1:3] == ("lead", "anonymous")

    case = admit(world.province, lead.id, heard=True, reason="异议人已到场签字", seen=lead.version)

    assert (case.state, case.inadmissible, case.investigator) == (ObjectionState.INVESTIGATING, None, CITY)
    assert (application(ids[0]).state, due(case.id)) == (State.CONTESTED, ["objection_answer"])
    assert events(case.id, since=1) == [
        ("admit", "lead", "lead", "system"), ("admit", "lead", "investigating", "province"),
    ]  # fmt: skip
    assert letters(case.id) == [("objection_received", "city")]


def test_a_reviewer_puts_an_objection_among_the_leads_with_its_code_and_the_name_goes_on(world: World) -> None:
    ids, notice = in_notice(world, 1)
    case = objected(world, notice, ids[0])

    lead = admit(world.province, case.id, heard=False, code="not_identified", reason="查无此人", seen=case.version)

    assert (lead.state, lead.inadmissible, told(lead)[1:3]) == (
        ObjectionState.LEAD, "not_identified", ("lead", "not_identified"),
    )  # fmt: skip
    assert (application(ids[0]).state, due(case.id)) == (State.PUBLIC_NOTICE, [])
    assert take_up(world.province, case.id, seen=lead.version, reason="线索具体").state is ObjectionState.INVESTIGATING


def test_what_came_too_late_is_admitted_by_nobody_and_taken_up_of_ones_own_accord(world: World) -> None:
    ids, notice = in_notice(world, 1)
    with clock.at(NOTICE_OVER):
        late = objected(world, notice, ids[0])

        with refused("too_late", RefusedError):
            admit(world.province, late.id, heard=True, reason="情况属实", seen=late.version)
        assert take_up(world.province, late.id, seen=late.version, reason="线索具体").investigator == CITY


@pytest.mark.parametrize(("given", "code", "field"), [
    ({"heard": True, "reason": " "}, "reason_missing", "reason"),
    ({"heard": False, "reason": "无据", "code": "late"}, "not_a_choice", "code"),
    ({"heard": False, "reason": "无据"}, "not_a_choice", "code"),
])  # fmt: skip
def test_admission_says_why(world: World, given: dict[str, Any], code: str, field: str) -> None:
    ids, notice = in_notice(world, 1)
    case = objected(world, notice, ids[0], signed=False)

    with refused(code, InputError, field=field):
        admit(world.province, case.id, seen=case.version, **given)


def test_only_the_receiving_union_admits_and_nobody_in_their_own_units_case(world: World) -> None:
    ids, notice = in_notice(world, 1)
    case = objected(world, notice, ids[0])
    decider = also(also(world.stranger, PROVINCE, Role.REVIEWER), unit(0), Role.CLERK)

    for actor, code in ((world.city, "not_your_desk"), (decider, "own_case")):
        with refused(code, ForbiddenError):
            admit(actor, case.id, heard=False, code="no_evidence", reason="无据", seen=case.version)


def test_nothing_that_was_reported_on_is_put_among_the_leads(world: World) -> None:
    ids, notice = in_notice(world, 1)
    case = report_back(world.city, objected(world, notice, ids[0]).id, finding="属实", seen=2)

    with refused("illegal_move", IllegalMoveError, act="admit", state="reported"):
        admit(world.province, case.id, heard=False, code="no_evidence", reason="无据", seen=case.version)
    with refused("illegal_move", IllegalMoveError, act="withdraw", state="reported"):
        withdraw_objection(None, receipt=receipt_of(case.id))


def test_a_further_objection_to_the_same_name_joins_the_first_that_is_open(world: World) -> None:
    ids, notice = in_notice(world, 2)
    first, other = objected(world, notice, ids[0]), objected(world, notice, ids[1])

    second = objected(world, notice, ids[0], words="另有情况")

    assert {c.objection.id: c.joins for c in docket(world.province, desk=PROVINCE)} == {
        first.id: None, other.id: None, second.id: first.id,
    }  # fmt: skip
    assert [told(case).joined for case in (first, second)] == [False, True]
    settled(world, first, "dismissed")
    assert application(ids[0]).state is State.CONTESTED
    settled(world, second, "dismissed")
    assert (application(ids[0]).state, application(ids[1]).state) == (State.PUBLIC_NOTICE, State.CONTESTED)

    third = objected(world, notice, ids[0])
    assert {c.objection.id: c.joins for c in docket(world.province, desk=PROVINCE)}[third.id] is None


def test_who_takes_an_objection_back_lets_the_name_go_on_and_leaves_a_lead(world: World) -> None:
    ids, notice = in_notice(world, 1)
    case = objected(world, notice, ids[0])

    lead = withdraw_objection(None, receipt=receipt_of(case.id), key="k")
    before = everything()
    assert withdraw_objection(None, receipt=receipt_of(case.id), key="k") == lead
    assert everything() == before

    assert (lead.state, lead.inadmissible, told(lead).code) == (
        ObjectionState.LEAD, "objection_withdrawn", "withdrawn",
    )  # fmt: skip
    assert (application(ids[0]).state, due(case.id), due(ids[0])) == (State.PUBLIC_NOTICE, [], [])
    assert events(case.id)[-1] == ("withdraw", "investigating", "lead", "public")
    assert take_up(world.province, case.id, seen=lead.version, reason="线索具体").state is ObjectionState.INVESTIGATING


def test_one_taken_back_does_not_release_a_name_another_still_holds(world: World) -> None:
    ids, notice = in_notice(world, 1)
    first, _ = objected(world, notice, ids[0]), objected(world, notice, ids[0])

    withdraw_objection(None, receipt=receipt_of(first.id))

    assert application(ids[0]).state is State.CONTESTED


def test_right_in_part_the_name_goes_on_and_the_objector_reads_so(world: World) -> None:
    ids, notice = in_notice(world, 1)

    done = settled(world, objected(world, notice, ids[0]), "partly", reason="年份写错，不影响条件")

    assert (done.state, done.outcome) == (ObjectionState.DISMISSED, "部分成立，不影响资格：年份写错，不影响条件")
    assert (application(ids[0]).state, told(done).code) == (State.PUBLIC_NOTICE, "partly")
    assert rows("SELECT count(*) FROM mark") == [(0,)]


def test_upheld_the_places_of_every_tier_go_back(world: World) -> None:
    ids, notice = in_notice(world, 2)
    assert [quota(world, code) for code in (COUNTY, CITY, PROVINCE)] == [(3, 0, 2), (10, 0, 2), (70, 2, 0)]

    settled(world, objected(world, notice, ids[0]), "upheld")

    assert [quota(world, code) for code in (COUNTY, CITY, PROVINCE)] == [(3, 0, 1), (10, 0, 1), (70, 1, 0)]


def test_a_letter_of_the_last_day_that_arrives_after_the_decision_is_a_lead(world: World) -> None:
    ids, notice = closed(world, 1)
    posted: dict[str, Any] = {"postmarked_on": date(2026, 3, 9), "application_id": ids[0], "ground": Ground.DEEDS,
                              "words": "不实", "objector": "李四", "signed": True}  # fmt: skip
    with clock.at(NOTICE_OVER):
        heard = object_to(world.province, notice.id, **posted)
        assert (heard.state, application(ids[0]).state) == (ObjectionState.INVESTIGATING, State.CONTESTED)
        settled(world, heard, "dismissed")
        decide(world.province, notice.slate_id, number="浙总工〔2026〕15号", meeting_on=date(2026, 3, 10),
               seen=slate(notice.slate_id).version)  # fmt: skip

    with clock.at(NOTICE_OVER + timedelta(days=2)):
        late = object_to(world.province, notice.id, **posted)

    assert (late.state, late.inadmissible, application(ids[0]).state) == (
        ObjectionState.LEAD, "too_late", State.NAMED,
    )  # fmt: skip


def test_an_extension_counts_from_the_end_of_the_term_that_runs(world: World) -> None:
    ids, notice = in_notice(world, 1)
    lead = objected(world, notice, ids[0], signed=False)
    with clock.at(NOW + timedelta(days=2)):
        case = take_up(world.province, lead.id, seen=lead.version, reason="线索具体")
        assert told(case).due_on == date(2026, 3, 19)

        extend_answer(world.province, case.id, reason="需外地取证", seen=case.version)

    assert told(case).due_on == date(2026, 4, 2)


def test_no_time_that_passes_settles_an_objection_or_names_what_it_holds(world: World) -> None:
    ids, notice = in_notice(world, 1)
    case = objected(world, notice, ids[0])
    for days in (8, 20, 80):
        with clock.at(NOW + timedelta(days=days)):
            sweep()

    assert (objection(case.id).state, application(ids[0]).state) == (ObjectionState.INVESTIGATING, State.CONTESTED)
    # The notice itself is over: a clock ends it, and settles nothing that was raised in it.
    assert rows("SELECT state FROM notice") == [("closed",)]


def test_evidence_comes_in_by_the_receipt_and_is_read_by_receiver_and_investigator_alone(world: World) -> None:
    ids, notice = in_notice(world, 1)
    case = objected(world, notice, ids[0])

    paper = add_evidence(None, receipt=receipt_of(case.id), filename=FILE, content=photo(), key="k")

    assert add_evidence(None, receipt=receipt_of(case.id), filename=FILE, content=photo(), key="k") == paper
    assert rows("SELECT count(*) FROM objection_paper") == [(1,)]
    assert (read(world.province, paper.id)[0], read(world.city, paper.id)[0].filename) == (paper, "证据1.png")
    assert events(case.id)[-1] == ("attach", "investigating", "investigating", "public")
    assert due(case.id) == ["objection_answer"]
    [seen_above], [seen_below] = docket(world.province, desk=PROVINCE), docket(world.city, desk=CITY)
    hidden = f"****-****-****-{receipt_of(case.id)[-4:]}"
    assert (seen_above.receipt, [p.filename for p in seen_above.papers]) == (hidden, [FILE])
    assert (seen_below.receipt, [p.filename for p in seen_below.papers]) == ("", ["证据1.png"])
    clerk_above = also(also(world.stranger, PROVINCE, Role.REVIEWER), unit(0), Role.CLERK)
    for other in (world.county, world.clerks[0], world.admin, world.industry, clerk_above):
        with refused("not_found", NotFoundError, thing="attachment", given=paper.id):
            read(other, paper.id)


@pytest.mark.parametrize(("content", "code"), [(b"", "file_empty"), (b"MZ\x90", "file_kind")])
def test_evidence_is_what_it_says_it_is(world: World, content: bytes, code: str) -> None:
    ids, notice = in_notice(world, 1)
    receipt = receipt_of(objected(world, notice, ids[0]).id)

    with refused(code, InputError, field="evidence", filename=FILE):
        add_evidence(None, receipt=receipt, filename=FILE, content=content)


def test_evidence_has_a_limit_and_ends_with_the_settlement(world: World) -> None:
    ids, notice = in_notice(world, 1)
    case = objected(world, notice, ids[0])
    receipt = receipt_of(case.id)
    for n in range(5):
        add_evidence(None, receipt=receipt, filename=f"{n}.png", content=photo())

    with refused("evidence_full", InputError, field="evidence", most=5):
        add_evidence(None, receipt=receipt, filename=FILE, content=photo())

    other = settled(world, objected(world, notice, ids[0]), "dismissed")
    with refused("illegal_move", IllegalMoveError, act="attach", state="dismissed"):
        add_evidence(None, receipt=receipt_of(other.id), filename=FILE, content=photo())


def test_nobody_reads_the_docket_of_a_case_of_their_own_unit(world: World) -> None:
    ids, notice = in_notice(world, 2)
    own, other = objected(world, notice, ids[0], objector=NAME), objected(world, notice, ids[1])
    both = also(also(world.stranger, PROVINCE, Role.REVIEWER), unit(0), Role.CLERK)

    assert [case.objection.id for case in docket(both, desk=PROVINCE)] == [other.id]
    assert {case.objection.id for case in docket(world.province, desk=PROVINCE)} == {own.id, other.id}


def asked(actor: Any, w: World, ids: list[str], notice: Any, case: Any) -> str:
    """All that somebody can learn by every question there is, and by every refusal."""
    known: dict[str, Any] = {
        "application_id": ids[0], "slate_id": notice.slate_id, "notice_id": notice.id, "round_id": w.round_id,
        "objection_id": case.id, "thing_id": ids[0], "organization_code": unit(0), "year": 2026,
        "codes": [PROVINCE], "text": NAME, "query": NAME, "words": NAME,
    }  # fmt: skip
    table.load()
    heard: list[str] = []
    for name in sorted(verb.QUERIES):
        takes = table.arguments_of(name)
        for place in (PROVINCE, CITY, COUNTY):
            given = {**known, "desk": place, "root": place, "organization": place}
            arguments = {arg: given[arg] for arg in takes if arg in given and not (arg == "text" and place == CITY)}
            try:
                heard.append(f"{name}: {table.ask(name, actor, arguments)!r}")
            except ShenbaoError as error:
                heard.append(f"{name}: {error!r} { {k: v for k, v in error.details.items() if v != NAME} }")
    return "\n".join(line for line in heard if NAME in line or CONTACT in line)


def test_no_question_letter_event_or_error_tells_anybody_but_the_receiver_who_objected(world: World) -> None:
    ids, notice = in_notice(world, 2)
    case = objected(world, notice, ids[0], objector=NAME, contact=CONTACT)
    paper = add_evidence(None, receipt=receipt_of(case.id), filename=FILE, content=photo())
    assert paper.filename == FILE
    report_back(world.city, case.id, finding="已核查", seen=objection(case.id).version)
    expert = person("expert", PROVINCE, Role.EXPERT)
    everybody = (*world.clerks[:2], world.county, world.city, world.industry, world.admin, world.stranger, expert)

    leaks = {actor.name: found for actor in everybody if (found := asked(actor, world, ids, notice, case))}

    assert leaks == {}
    assert NAME in asked(world.province, world, ids, notice, case)
    told = everything()
    for kept in ("letter", "journal_event", "deadline", "application", "revision", "review", "notice", "docket_entry"):
        assert [row for row in told[kept] if NAME in row or CONTACT in row] == []
    for act in (partial(check, application_id=ids[0]), partial(report_back, objection_id=case.id, finding="x")):
        with pytest.raises(ShenbaoError) as caught:
            act(world.clerks[0], seen=99)
        assert NAME not in str(caught.value.details)


def test_an_officer_holds_the_receipt_of_the_letter_they_entered_and_of_no_other(world: World) -> None:
    ids, notice = in_notice(world, 1)
    objected(world, notice, ids[0])
    letter = object_to(world.province, notice.id, application_id=ids[0], ground=Ground.DEEDS, words="来信",
                       objector=NAME, contact=CONTACT, signed=True)  # fmt: skip
    colleague = person("colleague", PROVINCE, Role.REVIEWER)

    def held(actor: Any) -> list[str]:
        return [case.receipt for case in docket(actor, desk=PROVINCE) if "*" not in case.receipt]

    assert (held(world.province), held(colleague)) == ([receipt_of(letter.id)], [])
    for case in docket(colleague, desk=PROVINCE):
        with refused("receipt_unknown", NotFoundError):
            withdraw_objection(colleague, receipt=case.receipt)


def test_an_objector_who_was_signed_in_is_named_to_no_investigator_by_a_stale_page(world: World) -> None:
    ids, notice = in_notice(world, 1)
    case = objected(world, notice, ids[0])
    add_evidence(world.stranger, receipt=receipt_of(case.id), filename=FILE, content=photo())

    with refused("stale", StaleError, who="公众", act="attach"):
        report_back(world.city, case.id, finding="已核查", seen=case.version)
    with refused("stale", StaleError, who="stranger", act="attach"):
        take_up(world.province, case.id, reason="线索具体", seen=case.version)


def test_a_name_passed_over_gives_its_place_back_at_every_tier(world: World) -> None:
    ids, notice = in_notice(world, 2)
    named(own_round(world))  # the same leader, in another round meanwhile
    assert [quota(world, code) for code in (COUNTY, CITY, PROVINCE)] == [(3, 0, 2), (10, 0, 2), (70, 2, 0)]

    with clock.at(NOTICE_OVER):
        close(world.province, notice.id, seen=notice.version)
        decide(world.province, notice.slate_id, number="浙总工〔2026〕16号", meeting_on=date(2026, 3, 10),
               seen=slate(notice.slate_id).version)  # fmt: skip

    assert [application(one).state for one in ids] == [State.NOT_SELECTED, State.NAMED]
    assert [quota(world, code) for code in (COUNTY, CITY, PROVINCE)] == [(3, 0, 1), (10, 0, 1), (70, 0, 1)]
    assert rows("SELECT count(*) FROM slate_entry WHERE application_id = :a", a=ids[0]) == [(0,)]
