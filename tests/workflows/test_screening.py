"""Departments are asked in one set, silence is never consent, and a veto ends a case without its reason."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from models import clock
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError, StaleError
from models.merit import Consultation
from models.vocabulary import ReplyKind, Role, State
from tests.counting import statements
from tests.judging import at_desk, judged_round, listed, office, receipts
from tests.own_rounds import own_round, ranked, sealed_as, up
from tests.worlds import (
    CITY,
    COUNTY,
    NOW,
    PROVINCE,
    World,
    also,
    application,
    checked,
    due,
    events,
    everything,
    letters,
    person,
    quota,
    refused,
    rows,
    submitted,
    unit,
)
from workflows.desk.reviews import send_back
from workflows.desk.screening import consult, record_reply
from workflows.intake.applications import resubmit, revise
from workflows.listing.slates import seal
from workflows.queries.applications import application as whole
from workflows.queries.judging import screening, standings

SOURCE = {"document": "评选办法", "clause": "第九条"}
OFFICES = [office("safety"), office("tax", veto=False), office("cadres", when={"field": "leader_honour",
           "values": ["national_model"]})]  # fmt: skip


def screened(w: World, step: str = "province", **more: Any) -> World:
    """A round in which the province asks the departments."""
    return judged_round(w, screening={"step": step, "days": 10, "departments": OFFICES, "source": SOURCE, **more})


def asked(w: World, desk: str = PROVINCE, **more: Any) -> list[Consultation]:
    """Everybody at the desk, asked about."""
    return consult(w.desk(desk), round_id=w.round_id, organization_code=desk, **more)


def replied(w: World, one: str, department: str, reply: ReplyKind, words: str = "", **more: Any) -> Consultation:
    """A department's answer, entered at the province."""
    seen = more.pop("seen", None) or application(one).version
    return record_reply(w.province, one, department, reply=reply, words=words, seen=seen, **more)


def cleared(w: World, *ids: str) -> None:
    """Everybody who was asked about these has nothing against them."""
    for one in ids:
        for (department,) in rows("SELECT department FROM consultation WHERE application_id = :a", a=one):
            replied(w, one, department, ReplyKind.CLEAR)


def test_every_department_that_applies_is_asked_in_one_set(world: World) -> None:
    w = screened(world)
    ids = at_desk(w, 2)
    third = checked(w, PROVINCE, submitted(w, 2, leader_honour="national_model").id)[0]

    made = asked(w)

    assert sorted((c.application_id, c.department) for c in made) == sorted(
        [(one, name) for one in [*ids, third] for name in ("safety", "tax")] + [(third, "cadres")]
    )
    # Ten working days from 3 March, the day itself not counting.
    assert {c.due_at for c in made} == {datetime(2026, 3, 17, 16, tzinfo=UTC)}
    assert [(c.reply, c.replied_at, c.desk) for c in made] == [(None, None, PROVINCE)] * 7


def test_asking_runs_beside_the_tiers_own_term_and_replaces_nothing(world: World) -> None:
    w = screened(world)
    [one] = at_desk(w, 1)
    before = application(one)

    asked(w)

    after = application(one)
    assert (after.due_at, after.checked, after.state) == (before.due_at, True, State.PROVINCIAL_REVIEW)
    assert due(one) == ["review", "screening"]
    cleared(w, one)
    assert due(one) == ["review"]


def test_who_was_asked_is_not_asked_again(world: World) -> None:
    w = screened(world)
    [one] = at_desk(w, 1)
    asked(w)
    later = checked(w, PROVINCE, submitted(w, 1).id)[0]

    made = asked(w)

    assert [(c.application_id, c.department) for c in made] == [(later, "safety"), (later, "tax")]
    with refused("nothing_to_consult", RefusedError, source=SOURCE):
        asked(w)
    with refused("nothing_to_consult", RefusedError):
        asked(w, applications=[one])


def test_only_some_are_asked_about_where_they_are_named(world: World) -> None:
    w = screened(world)
    ids = at_desk(w, 2)

    assert {c.application_id for c in asked(w, applications=[ids[1]])} == {ids[1]}
    with refused("not_at_desk", NotFoundError, given="0" * 32):
        asked(w, applications=["0" * 32])


def test_asking_is_for_the_reviewers_of_the_rung_that_screens(world: World) -> None:
    w = own_round(world, screening={"step": "province", "departments": OFFICES, "source": SOURCE})
    checked(w, COUNTY, submitted(w).id)

    with refused("other_rung", RefusedError, rung="province", here="county", source=SOURCE):
        asked(w, COUNTY)
    for actor in (w.admin, w.city, w.clerks[0]):
        with refused("not_your_desk", ForbiddenError):
            consult(actor, round_id=w.round_id, organization_code=COUNTY)
    with refused("no_screening", RefusedError):
        asked(world, PROVINCE)


def test_asking_is_one_set_however_many_names(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    w = screened(world)
    ids = at_desk(w, 5)
    with statements(monkeypatch) as few:
        asked(w, applications=ids[:1])
    with statements(monkeypatch) as many:
        asked(w)

    assert len(few) == len(many)


def test_an_answer_is_kept_in_its_own_words(world: World) -> None:
    w = screened(world)
    [one] = at_desk(w, 1)
    asked(w)

    done = replied(w, one, "tax", ReplyKind.ADVICE, "欠缴已补", document="税函〔2026〕1号")

    assert (done.reply, done.words, done.document, done.replied_by) == (
        ReplyKind.ADVICE, "欠缴已补", "税函〔2026〕1号", w.province.id,
    )  # fmt: skip
    assert events(one)[-1] == ("reply", "provincial_review", "provincial_review", "province")
    with refused("replied_already", RefusedError, department={"zh": "tax部门", "en": "the tax office"}):
        replied(w, one, "tax", ReplyKind.CLEAR)


def test_what_cannot_be_entered_is_refused(world: World) -> None:
    w = screened(world)
    [one] = at_desk(w, 1)
    with refused("not_consulted", RefusedError, receipt=application(one).receipt, source=SOURCE):
        replied(w, one, "safety", ReplyKind.CLEAR)
    asked(w)

    for kind in (ReplyKind.VETO, ReplyKind.ADVICE):
        with refused("words_missing", InputError, field="words"):
            replied(w, one, "safety", kind, " ")
    with refused("unknown_department", InputError, given="police", known=["safety", "tax", "cadres"]):
        replied(w, one, "police", ReplyKind.CLEAR)
    with refused("not_consulted", RefusedError):
        replied(w, one, "cadres", ReplyKind.CLEAR)
    with refused("stale", StaleError):
        replied(w, one, "safety", ReplyKind.CLEAR, seen=1)
    for actor, code in ((w.admin, "not_your_desk"), (w.clerks[0], "own_case")):
        with refused(code, ForbiddenError):
            record_reply(actor, one, "safety", reply=ReplyKind.CLEAR, seen=application(one).version)


def test_a_list_waits_for_every_department_and_silence_is_no_consent(world: World) -> None:
    w = screened(world)
    ids = at_desk(w, 2)
    row = listed(w, ids)
    safety, tax = ({"zh": f"{n}部门", "en": f"the {n} office"} for n in ("safety", "tax"))
    with refused("not_screened", RefusedError, count=2, departments=[safety, tax], source=SOURCE):
        seal(w.province, row.id, seen=row.version)
    asked(w)
    cleared(w, ids[0])
    replied(w, ids[1], "safety", ReplyKind.CLEAR)

    waiting = {application(ids[1]).receipt: ["tax"]}
    with refused("not_screened", RefusedError, receipts=receipts(ids[1]), departments=[tax], waiting=waiting):
        seal(w.province, row.id, seen=row.version)
    replied(w, ids[1], "tax", ReplyKind.CLEAR)

    assert seal(w.province, row.id, seen=row.version).state == "sealed"


def test_a_tier_that_does_not_screen_seals_without_it(world: World) -> None:
    w = own_round(world, screening={"step": "province", "departments": OFFICES})

    assert sealed_as(w, COUNTY, ranked(w, COUNTY, checked(w, COUNTY, submitted(w).id))).state == "sealed"


def test_a_veto_refuses_at_once_and_lets_the_places_go(world: World) -> None:
    w = own_round(world, county=2, city=2, screening={"step": "province", "departments": OFFICES})
    ids = checked(w, COUNTY, *(submitted(w, n).id for n in range(2)))
    checked(w, CITY, *up(w, COUNTY, CITY, ids))
    checked(w, PROVINCE, *up(w, CITY, PROVINCE, ids))
    row = ranked(w, PROVINCE, ids)
    asked(w)

    done = replied(w, ids[0], "safety", ReplyKind.VETO, "发生亡人事故")

    assert done.reply is ReplyKind.VETO
    gone = application(ids[0])
    assert (gone.state, gone.desk, gone.live) == (State.REFUSED, None, False)
    assert due(ids[0]) == []
    assert [quota(w, code)[1:] for code in (COUNTY, CITY)] == [(0, 1), (0, 1)]
    assert rows("SELECT application_id FROM slate_entry WHERE slate_id = :s", s=row.id) == [(ids[1],)]
    assert [e[0] for e in events(ids[0])[-2:]] == ["reply", "refuse"]
    said = rows("SELECT opinion FROM review WHERE application_id = :a AND outcome = 'refused'", a=ids[0])
    assert said == [("征求意见未通过",)]


def test_its_people_learn_the_category_and_never_the_reason(world: World) -> None:
    w = screened(world)
    [one] = at_desk(w, 1)
    asked(w)
    replied(w, one, "safety", ReplyKind.VETO, "发生亡人事故", document="密件1号")

    seen = whole(w.clerks[0], one)
    told = rows("SELECT template, params FROM letter WHERE thing_id = :a AND template = 'refused'", a=one)
    assert len(told) == 1
    assert "vetoed" in str(told)
    assert "亡人" not in str((seen, told))
    assert "密件" not in str((seen, told))
    assert seen.history[-1].body == {"reason": "vetoed"}
    assert ("refused", "clerk0") in letters(one)
    assert screening(w.clerks[0], round_id=w.round_id, desk=PROVINCE) == []


def test_an_advisers_veto_is_kept_as_advice(world: World) -> None:
    w = screened(world)
    [one] = at_desk(w, 1)
    asked(w)

    done = replied(w, one, "tax", ReplyKind.VETO, "欠税")

    assert (done.reply, application(one).state) == (ReplyKind.ADVICE, State.PROVINCIAL_REVIEW)
    cleared_rest = replied(w, one, "safety", ReplyKind.CLEAR)
    assert cleared_rest.reply is ReplyKind.CLEAR
    row = listed(w, [one])
    assert seal(w.province, row.id, seen=row.version).state == "sealed"


def test_a_click_sent_twice_asks_and_answers_once(world: World) -> None:
    w = screened(world)
    [one] = at_desk(w, 1)
    made = asked(w, key="k")
    seen = application(one).version
    done = replied(w, one, "safety", ReplyKind.VETO, "事故", seen=seen, key="r")
    before = everything()

    assert asked(w, key="k") == sorted(
        [c for c in made if c.department == "tax"] + [done], key=lambda c: c.department
    )  # fmt: skip
    assert replied(w, one, "safety", ReplyKind.VETO, "事故", seen=seen, key="r") == done
    assert everything() == before


def test_the_desk_sees_who_owes_an_answer_soonest_first(world: World) -> None:
    w = screened(world)
    ids = at_desk(w, 2)
    asked(w)
    cleared(w, ids[0])

    found = screening(w.province, round_id=w.round_id, desk=PROVINCE)

    assert [(a.application_id, a.department, a.reply) for a in found if a.reply is None] == [
        (ids[1], "safety", None), (ids[1], "tax", None),
    ]  # fmt: skip
    assert len(found) == 4
    assert screening(w.city, round_id=w.round_id, desk=PROVINCE) == []


def test_an_answer_once_given_is_not_taken_back_by_a_later_veto(world: World) -> None:
    w = screened(world)
    [one] = at_desk(w, 1)
    asked(w)
    cleared(w, one)
    row = listed(w, [one])
    seal(w.province, row.id, seen=row.version)

    with refused("replied_already", RefusedError):
        replied(w, one, "safety", ReplyKind.VETO, "事故")


def test_the_journal_tells_the_kind_of_an_answer_and_never_its_words(world: World) -> None:
    w = screened(world)
    [one] = at_desk(w, 1)
    asked(w)

    done = replied(w, one, "tax", ReplyKind.ADVICE, "欠缴已补", document="密件1号")

    for reader in (w.province, w.clerks[0]):
        assert not [said for said in ("欠缴", "密件", "tax") if said in str(whole(reader, one).history[-1].body)]
    [told] = [h.body for h in whole(w.province, one).history if h.act == "reply"]
    said = sha256('["欠缴已补","密件1号"]'.encode()).hexdigest()
    assert told == {"consultation": done.id, "reply": "advice", "said": said}


def test_nobody_reads_what_was_said_or_scored_of_their_own_case(world: World) -> None:
    w = screened(world)
    ids = at_desk(w, 2)
    asked(w)
    reader = also(person("second", PROVINCE, Role.REVIEWER), unit(0), Role.CLERK)

    for one, found in ((ids[0], 0), (ids[1], 2), ("", 2)):
        shown = screening(reader, round_id=w.round_id, desk=PROVINCE, application_id=one)
        assert (len(shown), {a.application_id for a in shown} - {ids[1]}) == (found, set())
    lines = standings(reader, round_id=w.round_id, desk=PROVINCE)
    assert [line.application_id for line in lines] == [ids[1]]


def test_after_a_return_who_still_owes_an_answer_is_asked_for_it_by_a_new_day(world: World) -> None:
    w = screened(world)
    [one] = at_desk(w, 1)
    made = asked(w)
    replied(w, one, "tax", ReplyKind.CLEAR)
    send_back(w.province, one, faults=[{"field": "topics", "words": "不清"}], seen=application(one).version)
    revise(w.clerks[0], one, answers={"topics": "说清"}, seen=application(one).version)
    with clock.at(NOW + timedelta(days=1)):
        resubmit(w.clerks[0], one, seen=application(one).version)
        assert due(one) == ["review"]

        again = asked(w, key="k")

        assert again == [c for c in made if c.department == "safety"]
        assert asked(w, key="k") == again
        assert due(one) == ["review", "screening"]
        shown = screening(w.province, round_id=w.round_id, desk=PROVINCE)
        assert {a.department: a.due_at.day for a in shown} == {"tax": 17, "safety": 18}
        with refused("nothing_to_consult", RefusedError, source=SOURCE):
            asked(w)
