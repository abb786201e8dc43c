"""What a list must be made of: floors, ceilings, places per unit, awards beyond the quota, told beforehand."""

import json
from datetime import date
from typing import Any

import pytest

from models import clock
from models.errors import ForbiddenError, InputError, NotFoundError, QuotaError, RefusedError
from models.text import sentence
from models.vocabulary import SlateState
from tests.counting import statements
from tests.own_rounds import CONTEST, POOL, own_round, pools, ranked, sealed_as, up, version
from tests.worlds import (
    CITY,
    COUNTY,
    NOTICE_OVER,
    NUMBER,
    PROVINCE,
    World,
    answers,
    application,
    checked,
    identity,
    photo,
    places_on,
    refused,
    rows,
    slate,
    submitted,
    unit,
)
from workflows.deciding.decisions import decide
from workflows.hearing.notices import close, publish
from workflows.intake.applications import draft, submit, withdraw
from workflows.intake.attachments import attach
from workflows.queries.places import precheck

SOURCE = {"document": "推荐通知", "clause": "第三条"}
MODEL = {"leader_honour": "city_model"}
FLOOR = {"name": "models", "label": {"zh": "劳模领衔", "en": "led by model workers"}, "field": "leader_honour",
         "values": ["city_model"], "floor": 35, "source": SOURCE}  # fmt: skip
CEILING = {**FLOOR, "name": "large", "label": {"zh": "大团队", "en": "large teams"}, "field": "team_size",
           "values": ["50"], "floor": None, "ceiling": 40}  # fmt: skip
PRIZE = {"outside": [{"name": "organiser", "label": {"zh": "组织奖", "en": "organiser's prize"}, "most": 1}]}


def of(w: World, *given: dict[str, Any]) -> list[str]:
    """The ids of applications the county has checked, one with each of these answers."""
    return checked(w, COUNTY, *(submitted(w, n, **one).id for n, one in enumerate(given)))


def second(w: World, n: int, leader: int) -> str:
    """One more application of the n-th unit, under another leader, checked by the county."""
    form = {**answers(n), "studio_name": f"第二工作室{leader}", "leader_id": identity(leader)}
    row = draft(w.clerks[n], round_id=w.round_id, organization_code=unit(n), answers=form)
    attach(w.clerks[n], row.id, slot="honour_proof", filename="证书.png", content=photo(), seen=row.version)
    row = submit(w.clerks[n], row.id, seen=application(row.id).version)
    return checked(w, COUNTY, row.id)[0]


def test_a_broken_list_is_refused_with_every_broken_rule_at_once(world: World) -> None:
    there = own_round(world, composition=[FLOOR, CEILING])
    ids = of(there, {}, {"team_size": 50}, {"team_size": 50}, {**MODEL, "team_size": 50}, {})
    row = ranked(there, COUNTY, ids)

    with refused("composition", RefusedError, count=2) as told:
        sealed_as(there, COUNTY, row)

    assert told.details["broken"] == [
        {"code": "composition_floor", "name": "models", "label": FLOOR["label"], "percent": 35, "have": 1, "need": 2,
         "of": 5, "swap": 1, "more": 2, "source": SOURCE},
        {"code": "composition_ceiling", "name": "large", "label": CEILING["label"], "percent": 40, "have": 3,
         "need": 2, "of": 5, "swap": 1, "more": 2, "source": SOURCE},
    ]  # fmt: skip
    assert sentence(told) == (
        "名单结构不符合要求，请调整后再确认：\n"
        "· 劳模领衔：正式推荐5个，其中1个，应不少于2个（35%，向上取整）。换入1个即可；如不换人，须再增加2个。"
        "（依据：推荐通知，第三条）\n"
        "· 大团队：正式推荐5个，其中3个，应不超过2个（40%，向下取整）。换出1个即可；如不补人，须减少2个。"
        "（依据：推荐通知，第三条）"
    )
    assert sentence(told, "en").startswith(
        "The list is not made up as required. Please change it:\n· led by model workers: 1 of 5 main names, at least 2"
    )


def test_the_swap_that_was_named_is_enough(world: World) -> None:
    there = own_round(world, composition=[FLOOR])
    ids = of(there, {}, {}, MODEL, MODEL)

    row = sealed_as(there, COUNTY, ranked(there, COUNTY, [ids[0], *ids[2:]], []))

    assert row.state is SlateState.SEALED


def test_the_reserve_is_not_counted(world: World) -> None:
    there = own_round(world, composition=[FLOOR])
    ids = of(there, MODEL, {})

    assert sealed_as(there, COUNTY, ranked(there, COUNTY, ids[:1], ids[1:])).state is SlateState.SEALED


def test_what_is_not_strict_is_warned_of_and_journaled(world: World) -> None:
    there = own_round(world, composition=[{**FLOOR, "strict": False}, CEILING])
    row = ranked(there, COUNTY, of(there, {}, {}))

    sealed_as(there, COUNTY, row)

    body = rows("SELECT body FROM journal_event WHERE thing_id = :t AND act = 'seal'", t=row.id)[0][0]
    told = json.loads(body) if isinstance(body, str) else body
    assert [(one["code"], one["have"], one["need"]) for one in told["warnings"]] == [("composition_floor", 0, 1)]
    assert precheck_of(there, None).warnings == []


def test_a_tier_that_is_not_named_is_not_asked(world: World) -> None:
    there = own_round(world, composition=[{**FLOOR, "tiers": ["city-or-industry"]}])
    ids = up(there, COUNTY, CITY, of(there, {}, {}))
    row = ranked(there, CITY, checked(there, CITY, *ids))

    with refused("composition", RefusedError, count=1):
        sealed_as(there, CITY, row)


@pytest.mark.parametrize(("per_unit", "sealed"), [(1, False), (2, True)])
def test_a_unit_has_at_most_its_places_on_a_list(world: World, per_unit: int, sealed: bool) -> None:  # noqa: FBT001 -- a table
    there = own_round(world, quota={"per_unit": per_unit, "source": SOURCE})
    ids = of(there, {}, {})
    row = ranked(there, COUNTY, [*ids, second(there, 0, 10)])

    if sealed:
        assert sealed_as(there, COUNTY, row).state is SlateState.SEALED
    else:
        with refused("unit_places", RefusedError, organization="企业0", have=2, most=1, source=SOURCE):
            sealed_as(there, COUNTY, row)


def test_too_many_of_a_unit_are_told_beside_what_else_is_broken(world: World) -> None:
    there = own_round(world, quota={"per_unit": 1}, composition=[FLOOR])
    [one] = of(there, {})
    row = ranked(there, COUNTY, [one, second(there, 0, 10)])

    with refused("composition", RefusedError, count=2) as told:
        sealed_as(there, COUNTY, row)

    assert [fault["code"] for fault in told.details["broken"]] == ["composition_floor", "unit_places"]


def test_a_reserve_name_of_a_unit_that_has_its_place_is_passed_by(world: World) -> None:
    there = own_round(world, county=10, quota={"per_unit": 1})
    ids = of(there, {}, {}, {})
    again = second(there, 0, 10)
    row = sealed_as(there, COUNTY, ranked(there, COUNTY, ids[:2], [again, ids[2]]))

    withdraw(there.clerks[1], ids[1], seen=version(ids[1]))

    assert places_on(row.id) == [(ids[0], 1, False), (ids[2], 2, False), (again, 3, True)]


def precheck_of(w: World, ids: list[str] | None, reserve: list[str] | None = None) -> Any:
    """What the county is told of a planned list."""
    return precheck(w.county, round_id=w.round_id, organization_code=COUNTY, applications=ids, reserve=reserve)


def test_a_planned_list_is_looked_at_before_anyone_is_processed(world: World) -> None:
    there = own_round(world, county=2, composition=[FLOOR], quota={**POOL, "per_unit": 1}, approval={"cap": 20})
    ids = [submitted(there, n, **given).id for n, given in enumerate(({}, {}, {}, CONTEST))]
    before = [application(one) for one in ids]

    told = precheck_of(there, ids)

    assert [fault["code"] for fault in told.refused] == ["composition_floor", "quota_spent", "no_quota"]
    assert [(m.pool, m.main, m.places, m.free) for m in told.meters] == [("", 3, 2, 2), ("contest", 1, None, None)]
    assert (told.passes, len(told.zh), len(told.en)) == (False, 3, 3)
    assert told.zh[1] == "名额不足：共2个，剩余2个，本次需要3个。请减少正式推荐，或改列备选。"
    assert told.zh[2].startswith("本批次没有给该工会（330106）下达“竞赛类”类名额")
    assert [application(one) for one in ids] == before


def test_without_a_plan_the_draft_list_is_looked_at(world: World) -> None:
    there = own_round(world, composition=[FLOOR])
    ids = of(there, MODEL, {}, {})
    assert precheck_of(there, None).counts == []

    ranked(there, COUNTY, ids[:2], ids[2:])

    told = precheck_of(there, None)
    assert [(c.have, c.bound, c.of) for c in told.counts] == [(1, 1, 2)]
    assert (told.passes, told.meters[0].reserve, told.meters[0].reserve_allowed) == (True, 1, 1)


def test_only_the_tiers_reviewers_look_at_what_is_at_their_desk(world: World) -> None:
    there = own_round(world)
    one = submitted(there).id

    with refused("not_your_desk", ForbiddenError):
        precheck(there.city, round_id=there.round_id, organization_code=COUNTY)
    with refused("not_at_desk", NotFoundError, given=one):
        precheck(there.city, round_id=there.round_id, organization_code=CITY, applications=[one])


def test_an_award_beyond_the_quota_takes_no_place(world: World) -> None:
    there = own_round(world, county=2, quota=PRIZE)
    ids = of(there, {}, {}, {})
    main = [*ids[:2], {"application": ids[2], "outside": "organiser"}]

    row = sealed_as(there, COUNTY, ranked(there, COUNTY, main))

    assert pools(there, COUNTY) == {"": (2, 2, 0)}
    assert rows("SELECT rank, outside FROM slate_entry WHERE slate_id = :s ORDER BY rank", s=row.id) == [
        (1, ""), (2, ""), (3, "organiser"),
    ]  # fmt: skip


@pytest.mark.parametrize(("place", "code", "kind"), [
    ("main", "outside_unknown", InputError), ("reserve", "outside_reserve", InputError),
])  # fmt: skip
def test_an_award_beyond_the_quota_is_one_of_the_programmes_for_a_main_name(
    world: World, place: str, code: str, kind: type[InputError]
) -> None:
    there = own_round(world, quota=PRIZE)
    [one] = of(there, {})
    item = {"application": one, "outside": "poet" if place == "main" else "organiser"}

    with refused(code, kind):
        if place == "main":
            ranked(there, COUNTY, [item])
        else:
            ranked(there, COUNTY, [], [item])


def test_awards_beyond_the_quota_are_no_more_over_all_lists_than_the_programme_says(world: World) -> None:
    there = own_round(world, quota=PRIZE)
    ids = of(there, {}, {})
    sealed_as(there, COUNTY, ranked(there, COUNTY, [{"application": ids[0], "outside": "organiser"}]))
    row = ranked(there, COUNTY, [{"application": ids[1], "outside": "organiser"}])

    with refused("outside_full", QuotaError, most=1, asked=2, award=PRIZE["outside"][0]["label"]):
        sealed_as(there, COUNTY, row)
    assert [fault["code"] for fault in precheck_of(there, None).refused] == ["outside_full"]


def test_who_leaves_an_award_beyond_the_quota_frees_no_place(world: World) -> None:
    there = own_round(world, county=5, quota=PRIZE)
    ids = of(there, {}, {}, {})
    main = [ids[0], {"application": ids[1], "outside": "organiser"}]
    row = sealed_as(there, COUNTY, ranked(there, COUNTY, main, ids[2:]))

    withdraw(there.clerks[1], ids[1], seen=version(ids[1]))

    assert pools(there, COUNTY) == {"": (5, 1, 0)}
    assert places_on(row.id) == [(ids[0], 1, False), (ids[2], 2, True)]


def test_an_award_beyond_the_quota_is_named_too_and_shown_in_the_annex(world: World) -> None:
    there = own_round(world, quota=PRIZE)
    ids = up(there, COUNTY, CITY, of(there, {}, {}))
    ids = up(there, CITY, PROVINCE, checked(there, CITY, *ids))
    checked(there, PROVINCE, *ids)
    main = [ids[0], {"application": ids[1], "outside": "organiser"}]
    row = sealed_as(there, PROVINCE, ranked(there, PROVINCE, main))
    notice = publish(there.province, row.id, seen=row.version)
    with clock.at(NOTICE_OVER):
        close(there.province, notice.id, seen=notice.version)
        made = decide(there.province, row.id, number=NUMBER, meeting_on=date(2026, 3, 10), seen=slate(row.id).version)

    named = {line["application"]: line.get("outside") for group in made.annex for line in group["names"]}
    assert named == {ids[0]: None, ids[1]: PRIZE["outside"][0]["label"]}
    assert [line.get("outside") for line in notice.snapshot] == [None, PRIZE["outside"][0]["label"]]
    assert [application(one).state for one in ids] == ["named", "named"]
    assert pools(there, PROVINCE) == {"": (70, 0, 1)}


def test_a_longer_list_asks_no_more_statements(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    there = own_round(world, composition=[FLOOR, CEILING], quota={**PRIZE, "per_unit": 1})
    ids, asked = of(there, MODEL, MODEL, MODEL, {}, {}), []
    for part in (ids[:1], ids[1:]):
        row = ranked(there, COUNTY, part)
        with statements(monkeypatch) as run:
            precheck_of(there, None)
            sealed_as(there, COUNTY, row)
        asked.append(len(run))

    assert asked[0] == asked[1]


def test_a_plan_is_judged_by_its_numbers_before_anybody_is_processed(world: World) -> None:
    there = own_round(world, composition=[FLOOR, CEILING])
    asked: dict[str, Any] = {"round_id": there.round_id, "organization_code": COUNTY}

    broken = precheck(there.county, numbers={"total": 9, "models": 3, "large": 4}, **asked)

    assert [(one["code"], one["name"], one["have"], one["need"], one["of"]) for one in broken.refused[:2]] == [
        ("composition_floor", "models", 3, 4, 9), ("composition_ceiling", "large", 4, 3, 9),
    ]  # fmt: skip
    assert [one["code"] for one in broken.refused[2:]] == ["quota_spent"]
    whole = precheck(there.county, numbers={"total": 3, "models": 2, "large": 1}, **asked)
    assert (whole.passes, whole.refused, [one.have for one in whole.counts]) == (True, [], [2, 1])
    assert [(one.main, one.places, one.free) for one in whole.meters] == [(3, 6, 6)]


@pytest.mark.parametrize(("numbers", "code", "field"), [
    ({}, "argument_missing", "numbers.total"),
    ({"total": 3, "models": 2}, "argument_missing", "numbers.large"),
    ({"total": 3, "models": 2, "large": 0, "other": 1}, "unknown_field", "numbers.other"),
    ({"total": 3, "models": 4, "large": 0}, "too_big", "numbers.models"),
    ({"total": -1, "models": 0, "large": 0}, "too_small", "numbers.total"),
])  # fmt: skip
def test_a_plan_needs_every_number_that_is_asked_of_it(
    world: World, numbers: dict[str, int], code: str, field: str
) -> None:
    there = own_round(world, composition=[FLOOR, CEILING])

    with refused(code, InputError, field=field):
        precheck(there.county, round_id=there.round_id, organization_code=COUNTY, numbers=numbers)
