"""Joint deciders: the meeting is in the tree, and a list is decided when its members have confirmed it."""

from datetime import date
from typing import Any, NamedTuple

import pytest

from models import clock
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError, StaleError
from models.vocabulary import Act, Role, SlateState, State, Tier
from tests.rounds_of import in_round, published
from tests.rules_of import programme
from tests.worlds import (
    CLOSES,
    COUNTY,
    NOTICE_OVER,
    NOW,
    PROVINCE,
    World,
    also,
    application,
    checked,
    events,
    letters,
    person,
    refused,
    rows,
    slate,
    submitted,
    unit,
)
from workflows.deciding.decisions import decide
from workflows.hearing.notices import close, publish
from workflows.listing.joint import confirm, confirmations, to_confirm
from workflows.listing.sending import recall, send_up
from workflows.listing.slates import open_slate, rank, seal
from workflows.people.accounts import open_account, seat
from workflows.people.organizations import enrol
from workflows.programmes import publish as publish_programme
from workflows.queries import admin, lists, mine
from workflows.record.acting import SYSTEM, Actor
from workflows.rounds import plan_round

DELTA, JIANGSU, ANHUI = "yangtze-delta", "320000", "340000"
SOURCE = {"document": "三年行动方案", "clause": "四省市联合评选"}
NAME = {"zh": "长三角地区工会联席会议", "en": "Yangtze Delta joint meeting"}
JOINT: dict[str, Any] = {"organization": DELTA, "name": NAME, "members": [PROVINCE, JIANGSU, ANHUI], "source": SOURCE}
DECISION: dict[str, Any] = {"number": "长工联〔2026〕3号", "meeting_on": date(2026, 3, 10)}
STEPS = [{"desk": "province", "days": 5}, {"desk": "joint", "days": 5}]


class Meeting(NamedTuple):
    """The joint meeting's people, and its members' reviewers."""

    w: World
    secretary: Actor
    chief: Actor
    jiangsu: Actor
    anhui: Actor

    @property
    def members(self) -> tuple[Actor, ...]:
        """The reviewers of the members in their order."""
        return (self.w.province, self.jiangsu, self.anhui)


def met(world: World, **joint: Any) -> Meeting:
    """A round of three provinces together."""
    rules: dict[str, Any] = {"joint": {**JOINT, **joint}, "ladder": STEPS, "lines": ["region"]}
    # The meeting is in the tree before anybody sits in it: its first programme enters it.
    published(**rules)
    chief, secretary = person("chief", DELTA, Role.ADMINISTRATOR), person("secretary", DELTA, Role.REVIEWER)
    w = in_round(world, decider=DELTA, admin=chief, quotas={PROVINCE: 3}, **rules)
    others = [person(name, code, Role.REVIEWER) for name, code in (("jiangsu", JIANGSU), ("anhui", ANHUI))]
    return Meeting(w, secretary, chief, *others)


def listed(m: Meeting, n: int = 2) -> tuple[list[str], str]:
    """Names that climbed to the joint meeting, and its sealed list of them."""
    w = m.w
    ids = checked(w, PROVINCE, *(submitted(w, i).id for i in range(n)))
    below = rank(w.province, round_id=w.round_id, organization_code=PROVINCE, main=ids)
    below = seal(w.province, below.id, seen=below.version)
    below = send_up(w.province, below.id, seen=below.version)
    open_slate(m.secretary, below.id, seen=below.version)
    return ids, again(m, ids, checks=True)


def again(m: Meeting, ids: list[str], *, checks: bool = False) -> str:
    """The meeting's list in this order, sealed; its id."""
    from_desk = m.w._replace(county=m.secretary)
    if checks:
        checked(from_desk, COUNTY, *ids)
    drafts = rows("SELECT version FROM slate WHERE organization = :o AND state = 'drafting'", o=DELTA)
    seen = drafts[0][0] if drafts else 0
    made = rank(m.secretary, round_id=m.w.round_id, organization_code=DELTA, main=ids, seen=seen)
    return seal(m.secretary, made.id, seen=made.version, minutes="联席会议纪要").id


def confirmed(m: Meeting, slate_id: str, *members: Actor) -> None:
    """Members confirm a list as it stands."""
    for member in members:
        confirm(member, slate_id, seen=slate(slate_id).version)


def standing(m: Meeting, slate_id: str) -> list[tuple[str, bool]]:
    """Which members' yes stands."""
    return [(vote.organization, vote.stands) for vote in confirmations(m.secretary, slate_id).votes]


def over(m: Meeting, slate_id: str) -> None:
    """Hold the meeting's notice to its end."""
    notice = publish(m.secretary, slate_id, seen=slate(slate_id).version)
    with clock.at(NOTICE_OVER):
        close(m.secretary, notice.id, seen=notice.version)


def decided(m: Meeting, slate_id: str) -> None:
    """The joint decision."""
    with clock.at(NOTICE_OVER):
        decide(m.secretary, slate_id, **DECISION, seen=slate(slate_id).version)


def test_a_joint_programme_enters_its_meeting_into_the_tree_once(world: World) -> None:
    published(joint=JOINT, ladder=STEPS)
    published(joint=JOINT, ladder=STEPS)

    found = rows("SELECT name, tier, parent, province FROM organization WHERE code = :c", c=DELTA)
    assert found == [(NAME["zh"], Tier.JOINT, "000000", None)]


@pytest.mark.parametrize(("joint", "code", "details"), [
    ({"members": [PROVINCE, "330100"]}, "joint_member", {"field": "joint.members", "given": "330100"}),
    ({"members": [PROVINCE, "999999"]}, "joint_member", {"given": "999999"}),
    ({"shares": {"440000": 5}}, "joint_member", {"field": "joint.shares", "given": "440000"}),
    ({"organization": "330100"}, "joint_code", {"given": "330100", "name": "杭州市总工会"}),
])  # fmt: skip
def test_a_joint_meeting_that_cannot_be_is_refused(
    world: World, joint: dict[str, Any], code: str, details: dict[str, Any]
) -> None:
    with refused(code, InputError, **details):
        published(joint={**JOINT, **joint}, ladder=STEPS)


def test_a_members_administrator_publishes_what_they_decide_together(world: World) -> None:
    rules = programme(joint=JOINT, ladder=STEPS).model_copy(update={"code": "several-provinces"})
    stranger = person("guangdong", "440000", Role.ADMINISTRATOR)

    with refused("not_administrator", ForbiddenError):
        publish_programme(stranger, rules)
    assert publish_programme(world.admin, rules).id == rules.id


def test_joint_only_the_meeting_itself_plans_its_rounds(world: World) -> None:
    rules = published(joint=JOINT, ladder=STEPS)
    published(joint={**JOINT, "organization": "other-meeting"}, ladder=STEPS)
    other = person("other", "other-meeting", Role.ADMINISTRATOR)

    for who, code in ((world.admin, PROVINCE), (other, "other-meeting")):
        with refused("wrong_decider", RefusedError, organization=code, known=["joint"]):
            plan_round(who, programme=rules, organization_code=code, year=2026, opens_at=NOW, closes_at=CLOSES)


def test_shares_of_the_members_are_their_places(world: World) -> None:
    m = met(world, shares={PROVINCE: 25, JIANGSU: 30})

    asked = "SELECT organization, kind, places FROM quota WHERE round_id = :r ORDER BY organization"
    found = rows(asked, r=m.w.round_id)
    assert found == [(JIANGSU, "maximum", 30), (PROVINCE, "fixed", 3), (ANHUI, "maximum", 0), (DELTA, "maximum", 70)]
    seen = [(one.organization, one.places) for one in admin.places(m.chief, round_id=m.w.round_id)]
    assert seen == [(JIANGSU, 30), (PROVINCE, 3), (ANHUI, 0)]


def test_a_unit_of_a_member_climbs_to_the_meeting(world: World) -> None:
    m = met(world)
    row = submitted(m.w)

    assert row.route == [["province", PROVINCE], ["joint", DELTA]]
    assert m.w.round_id in {opening.round_id for opening in mine.openings(m.w.clerks[1])}


def test_confirm_the_list_is_decided_when_all_have_confirmed_it_as_it_stands(world: World) -> None:
    m = met(world)
    ids, made = listed(m)
    assert letters(made) == [("confirmation_asked", name) for name in ("anhui", "jiangsu", "province")]
    over(m, made)
    told = {"missing": [PROVINCE, JIANGSU, ANHUI], "confirmed": 0, "needed": 3, "source": SOURCE}
    with clock.at(NOTICE_OVER), refused("unconfirmed", RefusedError, **told):
        decide(m.secretary, made, **DECISION, seen=slate(made).version)

    with clock.at(NOTICE_OVER):
        confirmed(m, made, *m.members[:2])
        missing = {"missing": [ANHUI], "names": ["安徽省总工会"], "confirmed": 2}
        with refused("unconfirmed", RefusedError, **missing):
            decide(m.secretary, made, **DECISION, seen=slate(made).version)
        confirmed(m, made, m.anhui)
    assert standing(m, made) == [(PROVINCE, True), (JIANGSU, True), (ANHUI, True)]
    assert events(made)[-1] == (Act.CONFIRM, SlateState.IN_NOTICE, SlateState.IN_NOTICE, "anhui")
    decided(m, made)
    assert [application(one).state for one in ids] == [State.NAMED] * 2


def test_confirm_by_majority_needs_more_than_half(world: World) -> None:
    m = met(world, confirm="majority")
    ids, made = listed(m, 1)
    over(m, made)
    with clock.at(NOTICE_OVER):
        confirmed(m, made, m.anhui)
        with refused("unconfirmed", RefusedError, confirmed=1, needed=2, missing=[PROVINCE, JIANGSU]):
            decide(m.secretary, made, **DECISION, seen=slate(made).version)
        confirmed(m, made, m.jiangsu)
    decided(m, made)
    assert application(ids[0]).state is State.NAMED


def test_confirm_a_list_that_changes_must_be_confirmed_again(world: World) -> None:
    m = met(world)
    ids, made = listed(m)
    confirmed(m, made, *m.members)
    back = recall(m.secretary, made, seen=slate(made).version, reason="调整次序")
    assert back.state is SlateState.DRAFTING

    assert again(m, ids[::-1]) == made

    assert standing(m, made) == [(PROVINCE, False), (JIANGSU, False), (ANHUI, False)]
    confirmed(m, made, *m.members)
    assert standing(m, made) == [(PROVINCE, True), (JIANGSU, True), (ANHUI, True)]
    # The same names in the same order are the same list.
    recall(m.secretary, made, seen=slate(made).version, reason="核对")
    again(m, ids[::-1])
    assert standing(m, made) == [(PROVINCE, True), (JIANGSU, True), (ANHUI, True)]


def test_confirm_is_for_the_members_reviewers_once_for_each_list(world: World) -> None:
    m = met(world)
    _, made = listed(m, 1)
    version = slate(made).version
    clerk_of_member = person("js-admin", JIANGSU, Role.ADMINISTRATOR)

    with refused("not_a_member", ForbiddenError, organization=DELTA):
        confirm(m.secretary, made, seen=version)
    with refused("not_a_member", ForbiddenError):
        confirm(clerk_of_member, made, seen=version)
    for other in (m.w.county, m.w.stranger, m.w.clerks[0]):
        with refused("not_found", NotFoundError):
            confirm(other, made, seen=version)
    with refused("seen_missing", InputError):
        confirm(m.jiangsu, made, seen=None)  # type: ignore[arg-type]  # as a face might ask
    confirm(m.jiangsu, made, seen=version)
    with refused("confirmed_already", RefusedError, organization=JIANGSU):
        confirm(m.jiangsu, made, seen=version + 1)
    with refused("stale", StaleError, who="jiangsu"):
        confirm(m.anhui, made, seen=version)


def test_the_same_click_confirms_once(world: World) -> None:
    m = met(world)
    _, made = listed(m, 1)
    version = slate(made).version
    first = confirm(m.anhui, made, seen=version, key="k")

    assert confirm(m.anhui, made, seen=version, key="k") == first
    assert rows("SELECT count(*) FROM confirmation") == [(1,)]


def test_a_list_that_is_no_joint_meetings_or_not_sealed_has_nothing_to_confirm(world: World) -> None:
    m = met(world)
    ids = checked(m.w, PROVINCE, submitted(m.w).id)
    below = rank(m.w.province, round_id=m.w.round_id, organization_code=PROVINCE, main=ids)

    with refused("not_found", NotFoundError):
        confirm(m.w.province, below.id, seen=below.version)
    with pytest.raises(NotFoundError):
        confirmations(m.w.province, below.id)


def test_members_read_the_meetings_list_once_it_is_sealed_and_nobody_else_does(world: World) -> None:
    m = met(world)
    ids, made = listed(m)

    for reader in (*m.members, m.secretary):
        assert [place.application_id for place in lists.slate(reader, made).places] == ids
        assert confirmations(reader, made).needed == 3
    recall(m.secretary, made, seen=slate(made).version, reason="核对")
    for reader in (m.jiangsu, m.w.county):
        with pytest.raises(NotFoundError):
            lists.slate(reader, made)


def test_a_member_is_shown_what_waits_for_its_yes_until_it_has_given_it(world: World) -> None:
    m = met(world)
    _, made = listed(m, 1)
    assert [one.slate_id for one in to_confirm(m.anhui, desk=ANHUI)] == [made]

    confirmed(m, made, m.anhui)

    assert to_confirm(m.anhui, desk=ANHUI) == []
    assert [one.slate_id for one in to_confirm(m.jiangsu, desk=JIANGSU)] == [made]
    assert to_confirm(m.jiangsu, desk=ANHUI) == to_confirm(m.w.county, desk=COUNTY) == []


def test_a_members_own_notice_runs_at_its_own_step(world: World) -> None:
    m = met(world)
    steps = [{"desk": "province", "days": 5, "notice": True, "notice_days": 3}, {"desk": "joint", "days": 5}]
    w = in_round(world, decider=DELTA, admin=m.chief, quotas={PROVINCE: 3}, joint=JOINT, ladder=steps, lines=["region"])
    ids = checked(w, PROVINCE, submitted(w).id)
    below = rank(w.province, round_id=w.round_id, organization_code=PROVINCE, main=ids)
    below = seal(w.province, below.id, seen=below.version)

    with refused("notice_required", RefusedError):
        send_up(w.province, below.id, seen=below.version)
    notice = publish(w.province, below.id, seen=below.version)
    # Three working days of its own, where the programme's notice has five.
    assert (notice.first_day, notice.last_day) == (date(2026, 3, 3), date(2026, 3, 5))
    with clock.at(NOTICE_OVER):
        close(w.province, notice.id, seen=notice.version)
        sent = send_up(w.province, below.id, seen=slate(below.id).version)
    assert (sent.sent_to, application(ids[0]).state) == (DELTA, State.JOINT_REVIEW)


def test_accounts_of_the_meeting_are_opened_by_its_own_administrator_or_the_nations(world: World) -> None:
    m = met(world)
    given: dict[str, Any] = {"name": "新人", "organization_code": DELTA, "role": Role.REVIEWER}
    nation = person("acftu", "000000", Role.ADMINISTRATOR)

    with refused("not_administrator", ForbiddenError, organization=DELTA):
        open_account(world.admin, email="a@example.cn", **given)
    open_account(m.chief, email="b@example.cn", **given)
    open_account(nation, email="c@example.cn", **given)
    # Who sits in the meeting sits above every province.
    also = seat(m.chief, email="province@example.cn", organization_code=DELTA, role=Role.REVIEWER)
    assert also.email == "province@example.cn"
    with refused("seated_above", ForbiddenError, organization=DELTA):
        seat(world.admin, email="b@example.cn", organization_code=PROVINCE, role=Role.REVIEWER)


def test_nobody_enters_a_joint_meeting_by_hand(world: World) -> None:
    with refused("tier_not_enrolled", InputError, field="tier"):
        enrol(SYSTEM, code="MEETING", name="某联席会议", parent="000000", tier=Tier.JOINT)


def test_nobody_confirms_a_list_with_their_own_unit_on_it(world: World) -> None:
    m = met(world)
    ids, made = listed(m, 1)
    also(m.jiangsu, unit(0), Role.CLERK)

    with refused("own_case", ForbiddenError, application=ids[0], organization=unit(0)):
        confirm(m.jiangsu, made, seen=slate(made).version)
