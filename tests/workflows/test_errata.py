"""Decisions: a number is one document's, and what was decided is put right by a new decision, never edited."""

from datetime import date
from typing import Any

import pytest

from models import clock
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError
from models.vocabulary import DecisionKind
from tests.rules_of import programme
from tests.worlds import (
    NOTICE_OVER,
    NUMBER,
    World,
    events,
    everything,
    letters,
    named,
    refused,
    rows,
    title,
)
from workflows import doctor
from workflows.deciding.decisions import require_number
from workflows.deciding.errata import correct_decision
from workflows.deciding.withdrawals import withdraw_decision
from workflows.named.titles import revoke
from workflows.queries.decided import public_decision, public_decisions

MEETING = date(2026, 3, 10)
AGAIN = "浙总工〔2026〕16号"


def mended(w: World, given: list[tuple[Any, str, str]], **other: Any) -> Any:
    """The province puts titles of one decision right."""
    items = [{"title": t.id, "field": field, "value": value, "seen": t.version} for t, field, value in given]
    more: dict[str, Any] = {"number": AGAIN, "meeting_on": MEETING, "reason": "打印有误", **other}
    with clock.at(NOTICE_OVER):
        return correct_decision(w.province, given[0][0].decision_id, titles=items, **more)


def test_a_decision_is_put_right_by_a_new_one_and_stays_as_it_was(world: World) -> None:
    first, second = named(world, 2)
    before = public_decision(None, str(first.decision_id))

    made = mended(world, [(second, "leader_name", "张杉"), (first, "name", "张三创新工作室")], key="k")

    assert (made.kind, made.number, made.reason) == (DecisionKind.NAMING, AGAIN, "打印有误")
    assert [title(t.id).name for t in (first, second)] == ["张三创新工作室", "工作室1"]
    assert [title(t.id).leader_name for t in (first, second)] == ["领衔人0", "张杉"]
    after = public_decision(None, str(first.decision_id))
    assert after == before._replace(corrected_by=[AGAIN])
    told = public_decision(None, made.id)
    assert (told.corrects, [(x.number, x.before, x.after) for x in told.areas[0].lines]) == (
        NUMBER, [(first.number, "工作室0", "张三创新工作室"), (second.number, "领衔人1", "张杉")],
    )  # fmt: skip
    assert events(first.id)[-1] == ("correct", "valid", "valid", "province")
    assert ("title_corrected", "clerk0") in letters(first.id)
    assert doctor.check() == []
    assert {one.number for one in public_decisions(None)} == {AGAIN, NUMBER}
    kept = everything()
    assert mended(world, [(second, "leader_name", "张杉"), (first, "name", "张三创新工作室")], key="k") == made
    assert everything() == kept


@pytest.mark.parametrize(("field", "value", "kind", "code", "details"), [
    ("number", "x", InputError, "unknown_field", {"field": "number"}),
    ("name", " ", InputError, "reason_missing", {"field": "value"}),
    ("name", "工作室0", RefusedError, "corrects_nothing", {"number": NUMBER}),
])  # fmt: skip
def test_a_correction_changes_words_and_something(
    world: World, field: str, value: str, kind: Any, code: str, details: dict[str, Any]
) -> None:
    [one] = named(world)

    with refused(code, kind, **details):
        mended(world, [(one, field, value)])


def test_only_the_deciding_unions_reviewers_put_a_decision_right(world: World) -> None:
    [one] = named(world)
    items: list[dict[str, object]] = [{"title": one.id, "field": "name", "value": "新名", "seen": one.version}]
    given: dict[str, Any] = {"titles": items, "number": AGAIN, "meeting_on": MEETING, "reason": "打印有误"}

    with clock.at(NOTICE_OVER):
        for actor in (world.city, world.admin):
            with refused("not_your_desk", ForbiddenError):
                correct_decision(actor, str(one.decision_id), **given)
        with refused("own_case", ForbiddenError):
            correct_decision(world.clerks[0], str(one.decision_id), **given)
        with refused("not_found", NotFoundError, thing="decision"):
            correct_decision(world.province, "0" * 32, **given)


def test_what_puts_another_right_is_not_put_right_itself_and_withdraws_nothing(world: World) -> None:
    [one] = named(world)
    made = mended(world, [(one, "name", "张三创新工作室")])
    now = title(one.id)
    items: list[dict[str, object]] = [{"title": one.id, "field": "name", "value": "新名", "seen": now.version}]

    with clock.at(NOTICE_OVER):
        with refused("not_a_naming", RefusedError, number=AGAIN):
            correct_decision(world.province, made.id, titles=items, number="浙总工〔2026〕17号", meeting_on=MEETING,
                             reason="再改")  # fmt: skip
        with refused("nothing_to_withdraw", RefusedError, number=AGAIN):
            withdraw_decision(world.province, made.id, number="浙总工〔2026〕17号", meeting_on=MEETING, reason="撤回",
                              return_by=20)  # fmt: skip


def test_a_number_is_one_documents_however_it_is_written(world: World) -> None:
    [one] = named(world)

    for number in (NUMBER, "浙总工〔2026〕015号", "浙总工〔２０２６〕１５号", " 浙总工〔2026〕15号 "):
        with refused("number_used", InputError, field="number"):
            mended(world, [(one, "name", "新名")], number=number)
    with clock.at(NOTICE_OVER):
        revoke(world.province, titles=[{"title": one.id, "seen": one.version}], number="浙总工〔２０２６〕０１６号",
               meeting_on=MEETING, reason="弄虚作假")  # fmt: skip
    assert rows("SELECT number FROM decision ORDER BY number") == [(NUMBER,), (AGAIN,)]


@pytest.mark.parametrize(("number", "code"), [
    ("浙总工[2026]15号", "decision_number"), ("浙总工〔2026〕号", "decision_number"), ("15号", "decision_number"),
    ("浙总工〔2025〕15号", "decision_year"), ("浙总工〔2028〕15号", "decision_year"),
])  # fmt: skip
def test_a_number_has_its_form_and_the_meetings_year(number: str, code: str) -> None:
    rules = programme()

    with pytest.raises(InputError) as caught:
        require_number(rules, number, MEETING, MEETING)

    assert caught.value.code == code
    assert require_number(rules, "浙总工〔2027〕1号", MEETING, MEETING) == "浙总工〔2027〕1号"
