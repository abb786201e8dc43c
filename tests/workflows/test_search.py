"""A search shows what its words mean of what its asker may see, page by page, on both databases."""

from datetime import timedelta

import pytest

from models import clock
from models.application import Application
from models.base import table
from models.database import reading
from models.errors import InputError
from models.sql import rows_of
from models.vocabulary import Role
from tests.worlds import (
    CITY,
    COUNTY,
    INDUSTRY,
    NOW,
    PROVINCE,
    World,
    also,
    application,
    at_city,
    at_county,
    at_province,
    checked,
    drafted,
    identity,
    in_notice,
    named,
    person,
    refused,
    sealed,
    sent,
    submitted,
    unit,
)
from workflows.desk.reviews import send_back
from workflows.intake.applications import revise, withdraw
from workflows.listing.sending import recall
from workflows.queries.search import ids_for, search
from workflows.record.acting import Actor, refreshed
from workflows.rules import permissions

_EVERY = rows_of(Application, order=(table(Application).c.id,))


def meant(actor: Actor, words: str) -> list[str]:
    """The ids that words mean for somebody."""
    with reading() as store:
        return ids_for(store, refreshed(store, actor), words)


def subjects(actor: Actor, words: str) -> list[str]:
    """The names of what words mean for somebody, in the order of the alphabet."""
    return sorted(line.subject for line in search(actor, words=words).lines)


def cast(w: World) -> list[Actor]:
    """Somebody of every role at every place, and some who sit twice."""
    roles = (Role.WORKER, Role.CLERK, Role.EXPERT, Role.REVIEWER, Role.ADMINISTRATOR)
    places = (unit(0), COUNTY, CITY, PROVINCE, INDUSTRY, "330200")
    made = [person(f"{role}{place.lower()}", place, role) for role in roles for place in places]
    both = also(person("both", COUNTY, Role.REVIEWER), unit(0), Role.WORKER)
    return [*made, both, also(w.clerks[1], PROVINCE, Role.ADMINISTRATOR), *w.clerks, w.county, w.city, w.admin]


def sees(actor: Actor) -> list[str]:
    """What somebody may see, by the one rule of it."""
    with reading() as store:
        # An expert is given cases to judge, and searches for none.
        who = refreshed(store, actor)._replace(hears=frozenset(), judged=frozenset())
        return [row.id for row in store.all(_EVERY) if permissions.sees(who, row)]


def scattered(w: World) -> None:
    """Six applications at as many stages."""
    at_province(w, 1)
    at_city_only = checked(w, COUNTY, submitted(w, 1).id)
    sent(w, COUNTY, at_city_only)
    row = submitted(w, 2)
    send_back(w.county, row.id, faults=[{"field": "topics", "words": "请写明"}], seen=row.version)
    submitted(w, 3)
    drafted(w, 4)
    row = submitted(w, 5)
    withdraw(w.clerks[5], row.id, seen=row.version)


@pytest.mark.parametrize("words", ["", "工作室", "工", "-焊接", "课题 OR 成果", "sort:due", "工作室 sort:-receipt"])
def test_a_search_finds_exactly_what_each_role_may_see(world: World, words: str) -> None:
    scattered(world)

    for actor in cast(world):
        assert sorted(meant(actor, words)) == sees(actor), actor
        assert sorted(line.id for line in search(actor, words=words).lines) == sees(actor), actor


def test_a_tier_finds_what_was_sent_to_it_and_no_more_once_it_was_recalled(world: World) -> None:
    ids = at_county(world, 2)
    row = sent(world, COUNTY, ids[:1])
    assert (meant(world.city, "工作室"), meant(world.city, "")) == (ids[:1], ids[:1])

    recall(world.county, row.id, seen=row.version, reason="漏报")

    assert (meant(world.city, "工作室"), meant(world.city, "")) == ([], [])
    assert len(meant(world.county, "工作室0")) == 1


def test_a_draft_is_found_by_its_unit_alone(world: World) -> None:
    row = drafted(world)

    assert meant(world.clerks[0], "工作室0") == [row.id]
    assert [meant(actor, "工作室0") for actor in (world.county, world.admin, world.clerks[1])] == [[], [], []]


@pytest.mark.parametrize("words", [
    "工作室0", "领衔人0", "作室", "室", "企业0", '"工作室0 领衔人0"', "工作室0 -工作室1", "数控 机床", "数控机床",
    "ｃｎｃ", "(没有 OR 数控) 企业", "-没有 -工作室1", "𬱖",
])  # fmt: skip
def test_public_words_of_a_form_are_found(world: World, words: str) -> None:
    submitted(world, 0, topics="数控机床的CNC改造，由𬱖师傅带头", results="提高效率")
    submitted(world, 1)

    assert "工作室0" in subjects(world.county, words)
    assert subjects(world.stranger, words) == []


def test_a_search_may_be_as_long_as_it_may_be(world: World) -> None:
    hanzi = "".join(map(chr, range(0x4E00, 0x4E00 + 500)))
    submitted(world, 0, topics=hanzi)
    pairs = " ".join(hanzi[n : n + 2] for n in range(0, 320, 2))

    found = [subjects(world.county, words) for words in (hanzi, pairs, f"{pairs} 没有")]
    assert found == [["工作室0"], ["工作室0"], []]


@pytest.mark.parametrize("words", ["床数", "机床数控", "工作0", "没有", '"数控 机床"', "提高 没有", "铣", "工_室"])
def test_words_that_are_not_there_find_nothing(world: World, words: str) -> None:
    submitted(world, 0, topics="数控机床", results="提高效率")

    assert subjects(world.county, words) == []


def test_private_answers_are_never_found_by_anybody(world: World) -> None:
    submitted(world, 0)

    for actor in (world.clerks[0], world.county, world.admin):
        assert meant(actor, identity(0)) == []
        assert meant(actor, identity(0)[-2:]) == []
        assert len(meant(actor, "工作室0")) == 1


def test_what_was_revised_is_found_by_its_new_words_alone(world: World) -> None:
    row = drafted(world, topics="数控机床")

    revise(world.clerks[0], row.id, answers={"topics": "焊接工艺"}, seen=row.version)

    assert (meant(world.clerks[0], "数控"), meant(world.clerks[0], "焊接工艺")) == ([], [row.id])


def stages(w: World) -> None:
    """Units 0 to 3 at the county: checked, unchecked, returned, on a sealed list with a score; 4 a draft."""
    checked(w, COUNTY, submitted(w, 0).id)
    submitted(w, 1)
    row = submitted(w, 2)
    send_back(w.county, row.id, faults=[{"field": "topics", "words": "请写明"}], seen=row.version)
    (listed,) = checked(w, COUNTY, submitted(w, 3).id)
    sealed(w, COUNTY, [{"application": listed, "score": "88.5"}])
    drafted(w, 4)


@pytest.mark.parametrize(("words", "found"), [
    ("is:checked", "03"), ("is:unchecked", "1"), ("is:returned", "2"), ("is:listed", "3"), ("is:live", "0123"),
    ("is:ended", ""), ("is:mine", ""), ("is:overdue", ""), ("is:at-risk", "2"), ("is:held", ""), ("-is:checked", "12"),
    ("state:returned", "2"), ("状态:审核", "013"), ("tier:county", "013"), ("tier:city", ""), ("desk:me", "013"),
    (f"desk:{COUNTY}", "013"), ("desk:3301", ""), ("handler:none", "013"), ("handler:me", ""), ("handler:王", ""),
    ("round:2026", "0123"), ("round:1999", ""), ("programme:provincial-studio", "0123"),
    ("programme:provincial-studio@1", "0123"), ("programme:provincial", ""), ("region:33", "0123"),
    ("region:330106", "0123"), ("region:330000", "0123"), ("region:32", ""), ("地区:杭州", "0123"), ("region:宁波", ""),
    ("unit:企业1", "1"), (f"unit:{unit(2)}", "2"), ("leader:衔人3", "3"), ("receipt:zzz", ""),
    ("submitted:today", "0123"), ("submitted<today", ""), ("entered:2026-03-03", "0123"), ("since<1wd", "0123"),
    ("since>=1wd", ""), ("due<=today", ""), ("due>today", "0123"), ("-due>today", ""), ("score>88", "3"),
    ("score:88.5", "3"), ("score>88.5", ""), ("-score>88", "012"), ("unit:企业0 OR unit:企业1", "01"),
    ("工作室 (is:checked OR is:returned) -is:listed", "02"), ("领衔人 score>80", "3"),
])  # fmt: skip
def test_a_field_finds_what_it_says(world: World, words: str, found: str) -> None:
    stages(world)

    assert subjects(world.county, words) == [f"工作室{n}" for n in found]


def test_moments_are_days_in_shanghai_and_a_term_ends_with_its_last_day(world: World) -> None:
    row = submitted(world)
    assert row.due_at is not None
    last = (row.due_at - timedelta(seconds=1)).astimezone(NOW.tzinfo).date()

    for words in (f"due:{last}", f"due<={last}", f"due>={last}", "due<=+30wd"):
        assert meant(world.county, words) == [row.id]
    for words in (f"due<{last}", f"due>{last}"):
        assert meant(world.county, words) == []
    with clock.at(row.due_at - timedelta(days=1)):
        assert (meant(world.county, "is:at-risk"), meant(world.county, "is:overdue")) == ([row.id], [])
    with clock.at(row.due_at):
        assert (meant(world.county, "is:at-risk"), meant(world.county, "is:overdue")) == ([], [row.id])


def test_a_score_is_found_on_ones_own_sealed_list_alone(world: World) -> None:
    ids, _ = at_city(world, 1)
    recused = also(person("recused", CITY, Role.REVIEWER), unit(0), Role.CLERK)
    sealed(world, CITY, [{"application": ids[0], "score": "90"}])

    found = {actor.name: meant(actor, "score>0") for actor in (*world.clerks[:1], world.county, world.city, recused)}

    assert found == {"clerk0": [], "county": [], "city": ids, "recused": []}
    assert meant(recused, "is:listed") == []


def test_an_order_puts_what_has_none_of_it_last_and_turns_round(world: World) -> None:
    also(world.county, unit(2), Role.CLERK)
    first = submitted(world, 0)
    with clock.at(NOW + timedelta(days=1)):
        second = submitted(world, 1)
        draft_ = drafted(world, 2)

    by_receipt = [row.id for row in sorted((first, second), key=lambda row: row.receipt or "")]
    for order in ("due", "submitted", "receipt", "entered"):
        found = [*(by_receipt if order == "receipt" else [first.id, second.id]), draft_.id]
        assert meant(world.county, f"sort:{order}") == found, order
        assert meant(world.county, f"sort:-{order}") == found[::-1], order
    assert meant(world.county, "") == [draft_.id, second.id, first.id]


@pytest.mark.parametrize("order", ["", "sort:due", "sort:-due", "sort:receipt", "sort:submitted", "sort:-entered"])
@pytest.mark.parametrize("text", ["", "工作室"])
def test_pages_show_each_application_once_in_the_words_order(
    world: World, monkeypatch: pytest.MonkeyPatch, text: str, order: str
) -> None:
    monkeypatch.setattr("workflows.queries.search.PAGE", 2)
    for n in range(5):
        with clock.at(NOW + timedelta(minutes=n)):
            submitted(world, n)
    words, seen, after = f"{text} {order}", [], ""

    while True:
        page = search(world.county, words=words, after=after)
        seen += [line.id for line in page.lines]
        assert (page.total, page.more) == (5, False)
        if page.after is None:
            break
        after = page.after

    assert seen == meant(world.county, words)
    assert len(set(seen)) == 5


def test_counts_are_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflows.queries.search.COUNTED", 2)
    for n in range(3):
        submitted(world, n)

    assert search(world.county, words="工作室")[2:] == (2, True)
    with refused("search_too_many", InputError, most=2), reading() as store:
        ids_for(store, refreshed(store, world.county), "工作室", most=2)


@pytest.mark.parametrize(("order", "after"), [("", "x|0"), ("sort:due", f"{'0' * 32}|soon"), ("", "|"), ("", "0" * 32)])
def test_a_place_to_go_on_from_that_is_none_is_refused(world: World, order: str, after: str) -> None:
    with refused("search_after", InputError, given=after):
        search(world.county, words=order, after=after)


def test_what_was_named_and_what_is_in_notice_stays_found(world: World) -> None:
    named(world, 1)

    assert subjects(world.city, "is:ended 工作室") == ["工作室0"]
    assert subjects(world.admin, "状态:命名") == ["工作室0"]
    assert search(world.clerks[0], words="is:mine").total == 1


def test_cases_in_notice_are_found_by_their_state(world: World) -> None:
    ids, _ = in_notice(world, 2)

    assert sorted(meant(world.county, "状态:公示")) == sorted(ids)


def test_somebody_without_a_seat_finds_nothing(world: World) -> None:
    row = submitted(world)
    nobody = world.clerks[0]._replace(id="public", seats=())

    assert search(nobody, words="工作室") == ([], None, 0, False)
    assert application(row.id).subject == "工作室0"


@pytest.mark.parametrize("order", ["", "sort:-entered"])
def test_a_page_after_what_one_may_not_see_is_as_empty_as_one_after_nothing(world: World, order: str) -> None:
    row = submitted(world)
    hidden = drafted(world, 1)
    key = row.entered_at.isoformat() if order else "0"

    for last in (hidden.id, "0" * 32):
        assert search(world.county, words=order, after=f"{last}|{key}").lines == []
