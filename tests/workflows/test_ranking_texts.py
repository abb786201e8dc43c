"""The list as text: printed from the record, edited by hand, written back by the rules of ranking."""

from typing import Any

from models.errors import FaultsError, ForbiddenError, InputError, StaleError
from models.text import sentence
from tests.worlds import COUNTY, World, application, at_county, places_on, refused, rows, sealed, slate
from workflows.listing.ranking_texts import rank_by_text, ranking_as_text
from workflows.listing.slates import rank

SCORES = "SELECT application_id, score, note FROM slate_entry ORDER BY rank"


def asked(w: World) -> dict[str, Any]:
    """The county's list of the round."""
    return {"round_id": w.round_id, "organization_code": COUNTY}


def receipt(application_id: str) -> str:
    """An application's receipt number."""
    found = application(application_id).receipt
    assert found is not None
    return found


def test_a_list_begins_as_text(world: World) -> None:
    ids = at_county(world, 3)
    a, b, c = map(receipt, ids)
    assert ranking_as_text(world.county, **asked(world)).seen == 0

    made = rank_by_text(world.county, **asked(world), text=f"2 = {a} [88]\n1 = {b} 随便写 [92.5]\n[备选]\n3 = {c}")

    assert places_on(made.id) == [(ids[1], 1, False), (ids[0], 2, False), (ids[2], 3, True)]
    assert rows(SCORES) == [(ids[1], 9250, ""), (ids[0], 8800, ""), (ids[2], None, "")]
    told = ranking_as_text(world.county, **asked(world))
    assert told == (
        (
            f"[正式推荐]\n1 = {b} 工作室1（企业1） [92.50]\n2 = {a} 工作室0（企业0） [88.00]\n\n"
            f"[备选]\n3 = {c} 工作室2（企业2）\n\n[不列入]\n"
        ),
        made.version,
    )  # fmt: skip


def test_words_of_recommendation_stay_and_who_is_taken_off_is_not_listed(world: World) -> None:
    ids = at_county(world, 2)
    made = rank(world.county, **asked(world), main=[{"application": ids[0], "note": "成绩突出"}, ids[1]])

    text = f"1 = {receipt(ids[0])}\n[不列入]\n{receipt(ids[1])} 工作室1"
    done = rank_by_text(world.county, **asked(world), text=text, seen=made.version)

    assert rows(SCORES) == [(ids[0], None, "成绩突出")]
    assert places_on(done.id) == [(ids[0], 1, False)]
    assert application(ids[1]).slate_id is None
    again = ranking_as_text(world.county, **asked(world))
    assert again.text.endswith(f"[不列入]\n{receipt(ids[1])} 工作室1（企业1）\n")
    assert rank_by_text(world.county, **asked(world), text=again.text, seen=again.seen).id == done.id


def test_every_mistake_is_told_at_once_and_nothing_is_written(world: World) -> None:
    one = receipt(at_county(world, 1)[0])

    with refused("faults", FaultsError, count=3) as told:
        rank_by_text(world.county, **asked(world), text=f"1 = {one}\n写错了\n2 = 2026-ZZZZZZZZ\n= {one}")

    assert [(fault["code"], fault["line"]) for fault in told.details["faults"]] == [
        ("ranking_line", 2), ("ranking_twice", 4), ("ranking_unknown", 3),
    ]  # fmt: skip
    assert "第2行“写错了”无法识别" in sentence(told)
    assert "Line 3: receipt 2026-ZZZZZZZZ is not among the candidates" in sentence(told, "en")
    with refused("slate_empty", InputError):
        rank_by_text(world.county, **asked(world), text="# 什么也没有")


def test_a_text_is_written_by_the_desk_and_over_the_version_it_was_printed_from(world: World) -> None:
    ids = at_county(world, 1)
    text = f"1 = {receipt(ids[0])}"
    with refused("not_your_desk", ForbiddenError):
        rank_by_text(world.city, **asked(world), text=text)
    with refused("not_your_desk", ForbiddenError):
        ranking_as_text(world.city, **asked(world))
    made = rank_by_text(world.county, **asked(world), text=text)

    with refused("stale", StaleError):
        rank_by_text(world.county, **asked(world), text=text, seen=made.version - 1)


def test_who_stands_on_a_sealed_list_is_no_candidate(world: World) -> None:
    ids = at_county(world, 2)
    made = sealed(world, COUNTY, ids[:1])

    assert receipt(ids[0]) not in ranking_as_text(world.county, **asked(world)).text
    with refused("faults", FaultsError):
        rank_by_text(world.county, **asked(world), text=f"1 = {receipt(ids[0])}")
    assert slate(made.id) == made
