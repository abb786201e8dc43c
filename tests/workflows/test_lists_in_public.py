"""What the programme says of its notices, objections and annexed lists is what the public sees and the union gets."""

from typing import Any

import pytest

from models import clock
from models.errors import RefusedError
from models.programme import Notice, Objections, Scoring, Words
from models.vocabulary import Act, DeadlineKind, Ground, ObjectionState
from tests.ruled import ruled, rules
from tests.rules_of import programme
from tests.worlds import (
    NOTICE_OVER,
    NUMBER,
    World,
    application,
    closed,
    due,
    events,
    in_notice,
    notice_of,
    objected,
    objection,
    refused,
    rows,
    slate,
)
from workflows.deciding.decisions import decide
from workflows.hearing.objections import extend_answer, object_to
from workflows.queries.public import published_notice
from workflows.rules import listing

SHOWN = ("leader_honour", "team_size", "leader_id")


@pytest.mark.parametrize(("order", "expected"), [
    ("area", ["a", "b", "c"]), ("name", ["c", "b", "a"]), ("rank", ["b", "c", "a"]),
])  # fmt: skip
def test_notice_order_puts_the_names_by_area_by_name_or_by_rank(order: Any, expected: list[str]) -> None:
    lines = [
        {"application": "b", "area": "330100", "subject": "M"},
        {"application": "a", "area": "330000", "subject": "Z"},
        {"application": "c", "area": "330200", "subject": "A"},
    ]

    told = listing.in_order(Notice(days=5, order=order), lines, {"b": 1, "c": 2, "a": 3})

    assert [line["application"] for line in told] == expected


def test_notice_shows_further_fields_in_words_and_never_a_private_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    press = Words(zh="《浙江工人日报》", en="the press")
    ruled(monkeypatch, notice=rules().notice.model_copy(update={"shows": SHOWN, "places": (press,)}))
    _, notice = in_notice(world, 1)

    shown = published_notice(None, notice.id)

    said = [(more["label"]["zh"], more["value"]["zh"]) for more in shown.candidates[0].shows]
    assert [label for label, _ in said] == ["领衔人荣誉", "团队人数"]
    assert said[1][1].isdigit()
    assert [place.zh for place in shown.places] == ["《浙江工人日报》"]
    assert shown.candidates[0].shows == notice_of(notice.id).snapshot[0]["shows"]


def test_an_anonymous_objection_is_not_taken_where_the_programme_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids, notice = in_notice(world, 1)
    ruled(monkeypatch, objections=Objections(anonymous="refuse"))

    with refused("anonymous_refused", RefusedError):
        object_to(None, notice.id, application_id=ids[0], ground=Ground.DEEDS, words="事迹不实")
    assert rows("SELECT count(*) FROM objection") == [(0,)]


def test_the_time_to_look_into_an_objection_is_extended_once_with_a_reason(world: World) -> None:
    ids, notice = in_notice(world, 1)
    case = objected(world, notice, ids[0])

    after = extend_answer(world.province, case.id, reason="须外地调查取证", seen=case.version)

    assert (after.state, after.extended_at is not None) == (ObjectionState.INVESTIGATING, True)
    [limit] = rows("SELECT due_at, kind FROM deadline WHERE thing_id = :t AND closed_at IS NULL", t=case.id)
    assert limit[1] == DeadlineKind.OBJECTION_ANSWER
    assert due(case.id) == [DeadlineKind.OBJECTION_ANSWER]
    first = rows("SELECT due_at FROM deadline WHERE thing_id = :t AND closed_at IS NOT NULL", t=case.id)[0][0]
    assert str(limit[0]) > str(first)
    assert application(ids[0]).due_at is not None
    assert events(case.id)[-1][0] == Act.EXTEND
    with refused("extended_already", RefusedError):
        extend_answer(world.province, case.id, reason="再延", seen=after.version)


def test_no_extension_where_the_programme_gives_none(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ids, notice = in_notice(world, 1)
    case = objected(world, notice, ids[0])
    ruled(monkeypatch, objections=Objections(extension_days=0))

    with refused("no_extension", RefusedError):
        extend_answer(world.province, case.id, reason="须外地调查", seen=objection(case.id).version)


@pytest.mark.parametrize(("layout", "expected"), [
    ("area", [("330100", ["a", "b"]), ("330200", ["c"])]),
    ("flat", [("", ["c", "a", "b"])]),
    ("result", [("推荐采用", ["c"]), ("供参考", ["a"]), (None, ["b"])]),
])  # fmt: skip
def test_a_decisions_annex_is_laid_out_by_area_in_one_piece_or_by_result(layout: Any, expected: Any) -> None:
    bands = [{"name": "reference", "label": {"zh": "供参考", "en": "for reference"}, "at_least": 60},
             {"name": "use", "label": {"zh": "推荐采用", "en": "for use"}, "at_least": 85}]  # fmt: skip
    scoring = Scoring.model_validate({"step": "province", "criteria": [], "results": bands})
    told = programme(decision={"layout": layout}, scoring=scoring.model_dump(mode="json"))
    lines = [
        {"application": "a", "area": "330100", "subject": "B"},
        {"application": "b", "area": "330100", "subject": "C"},
        {"application": "c", "area": "330200", "subject": "A"},
    ]

    annex = listing.annexed(told, lines, {"a": 8499, "b": 5999, "c": 8500})

    heads = [group["result"] and group["result"]["zh"] if "result" in group else group["area"] for group in annex]
    names = [[line["application"] for line in group["names"]] for group in annex]
    assert list(zip(heads, names, strict=True)) == expected


def test_the_layout_of_the_annex_is_the_decisions(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ruled(monkeypatch, decision=rules().decision.model_copy(update={"layout": "flat"}))
    ids, notice = closed(world, 2)

    with clock.at(NOTICE_OVER):
        row = slate(notice.slate_id)
        made = decide(world.province, row.id, number=NUMBER, meeting_on=NOTICE_OVER.date(), seen=row.version)

    assert [(group["area"], len(group["names"])) for group in made.annex] == [("", len(ids))]
