"""What a clock cannot do is set aside, told and tried again; everything else of that sweep is done."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from models import clock
from models.database import engine, transaction
from models.errors import BusyError, ForbiddenError, NotFoundError
from models.vocabulary import Role, State, Thing
from models.words_clocks import STEPS
from tests.worlds import (
    CLOSES,
    COUNTY,
    NOW,
    PROVINCE,
    World,
    also,
    application,
    at_city,
    drafted,
    in_notice,
    letters,
    rows,
    submitted,
)
from workflows.clocks import aside, lapsing
from workflows.clocks import sweep as sweeping
from workflows.clocks.retrying import try_again
from workflows.clocks.sweep import sweep
from workflows.desk.reviews import send_back
from workflows.people.organizations import NATION
from workflows.post.wording import render
from workflows.queries.asides import set_aside
from workflows.record import journal

MINUTES, HOUR, DAY = timedelta(minutes=5), timedelta(hours=1), timedelta(days=1)
SECOND = timedelta(seconds=1)


def swept(moment: datetime) -> dict[str, int]:
    """What a sweep did at a moment, without what it did nothing of."""
    with clock.at(moment):
        return {name: n for name, n in sweep().items() if n}


def notes() -> list[tuple[Any, ...]]:
    """What was set aside: step, what, code, tries, whether it still stands."""
    return rows("SELECT step, thing_id, code, tries, cleared_at IS NULL FROM set_aside ORDER BY first_at, thing_id")


def owed_by(account: str | None, *ids: str) -> None:
    """Let the deadlines of these be somebody's, or nobody's whom there is."""
    with engine().begin() as connection:
        for one in ids:
            connection.execute(sa.text("UPDATE deadline SET account_id = :a WHERE thing_id = :t AND closed_at IS NULL"),
                               {"a": account, "t": one})  # fmt: skip


def told(world: World) -> list[tuple[str, str]]:
    """The letters about what was set aside: subject and body in Chinese, for the one keeper."""
    found = rows("SELECT params, account_id FROM letter WHERE template = 'set_aside' ORDER BY created_at")
    assert {account for _, account in found} <= {world.admin.id}
    return [render("set_aside", _params(params), "zh") for params, _ in found]


def _params(kept: Any) -> dict[str, Any]:
    import json  # noqa: PLC0415 -- SQLite keeps text

    return dict(json.loads(kept) if isinstance(kept, str) else kept)


@pytest.fixture
def three(world: World) -> Iterator[tuple[list[str], datetime]]:
    """Three applications at the county, and the moment at which their first reminder is due; the second is bad."""
    made = [submitted(world, n) for n in range(3)]
    owed_by("nobody", made[1].id)
    assert made[0].due_at is not None
    yield [row.id for row in made], made[0].due_at - timedelta(days=2)
    owed_by(None, made[1].id)


def test_one_bad_deadline_is_set_aside_and_the_others_are_reminded(
    world: World, three: tuple[list[str], datetime]
) -> None:
    ids, moment = three
    [[bad]] = rows("SELECT id FROM deadline WHERE thing_id = :t AND closed_at IS NULL", t=ids[1])

    done = swept(moment)

    assert (done["reminders"], done["set_aside"]) == (2, 1)
    assert [[one for one in letters(x) if one[0] == "deadline_before"] for x in ids] == [
        [("deadline_before", "county")], [], [("deadline_before", "county")],
    ]  # fmt: skip
    assert notes() == [("reminders", bad, "database", 1, True)]
    assert rows("SELECT rung FROM deadline WHERE id = :d", d=bad) == [(0,)]
    [(subject, body)] = told(world)
    assert subject == "【请办理】自动办理遇到问题，已搁置一项"
    assert "“催办”有一项无法办理" in body


def test_what_was_set_aside_is_tried_after_five_minutes_an_hour_and_then_daily(
    world: World, three: tuple[list[str], datetime]
) -> None:
    _, moment = three
    turns = [MINUTES, HOUR, DAY, DAY]

    swept(moment)
    tries = []
    for wait in turns:
        early = swept(moment + wait - SECOND)
        moment += wait
        tries.append((early.get("set_aside", 0), swept(moment).get("set_aside", 0), notes()[0][3]))

    assert tries == [(0, 1, 2), (0, 1, 3), (0, 1, 4), (0, 1, 5)]
    assert len(told(world)) == 1


def test_what_was_mended_is_done_by_the_next_try_and_stands_no_more(
    world: World, three: tuple[list[str], datetime]
) -> None:
    ids, moment = three
    swept(moment)
    owed_by(world.city.id, ids[1])

    before, after = swept(moment + SECOND), swept(moment + MINUTES)

    assert (before, after) == ({}, {"reminders": 1})
    assert [one for one in letters(ids[1]) if one[0] == "deadline_before"] == [("deadline_before", "city")]
    assert [(tries, stands) for *_, tries, stands in notes()] == [(1, False)]


def test_a_note_made_by_a_clock_that_ran_ahead_holds_nothing_back(
    world: World, three: tuple[list[str], datetime]
) -> None:
    ids, moment = three
    swept(moment + timedelta(hours=2))
    owed_by(world.city.id, ids[1])

    assert swept(moment) == {"reminders": 1}


def test_one_bad_draft_of_a_batch_is_set_aside_and_the_others_lapse(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [drafted(world, n).id for n in range(3)]
    with monkeypatch.context() as patch:
        patch.setattr(lapsing, "move_all", failing(journal.move_all, ids[1]))
        done = swept(CLOSES)

    assert (done["lapsed"], done["set_aside"]) == (2, 1)
    assert [application(one).state for one in ids] == [State.LAPSED, State.DRAFT, State.LAPSED]
    assert notes() == [("lapsed", ids[1], "step_failed", 1, True)]
    assert swept(CLOSES + MINUTES)["lapsed"] == 1
    assert application(ids[1]).state is State.LAPSED


def failing(real: Callable[..., Any], bad: str) -> Callable[..., Any]:
    """A verb's inside that has done half its work when it meets one row."""

    def move_all(store: Any, actor: Any, act: Any, changes: Any, **more: Any) -> Any:
        for n, change in enumerate(changes):
            if change.row.id == bad:
                real(store, actor, act, changes[:n], **more)
                raise KeyError("13812345678")
        return real(store, actor, act, changes, **more)

    return move_all


def test_one_bad_correction_does_not_keep_the_next_from_lapsing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ids, _ = at_city(world, 2)
    for one in ids:
        send_back(world.city, one, faults=[{"field": "topics", "words": "写明"}], seen=application(one).version)
    late = application(ids[0]).due_at
    assert late is not None
    real = journal.move

    def move(store: Any, actor: Any, act: Any, row: Any, **more: Any) -> Any:
        if row.id == min(ids):
            raise TypeError("route")
        return real(store, actor, act, row, **more)

    with monkeypatch.context() as patch:
        patch.setattr(lapsing, "move", move)
        assert swept(late)["lapsed"] == 1

    assert notes() == [("lapsed", min(ids), "step_failed", 1, True)]
    assert swept(late + MINUTES)["lapsed"] == 1


def test_a_step_that_fails_as_a_whole_stops_no_other_and_is_tried_by_every_sweep(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = drafted(world)

    def broken() -> int:
        raise ValueError("calendar")

    with monkeypatch.context() as patch:
        patch.setitem(sweeping._STEPS, "rounds_opened", broken)  # noqa: SLF001 -- the table itself
        first, second = swept(CLOSES), swept(CLOSES + SECOND)
    third = swept(CLOSES + 2 * SECOND)

    assert (first["rounds_closed"], first["lapsed"], first["set_aside"]) == (1, 1, 1)
    assert (second, third) == ({"set_aside": 1}, {})
    assert application(row.id).state is State.LAPSED
    assert notes() == [("rounds_opened", "", "step_failed", 2, False)]
    assert len(told(world)) == 1


def test_a_database_that_is_gone_is_no_bad_row(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    drafted(world)

    def gone(*_: Any, **__: Any) -> Any:
        raise BusyError("database_unreachable")

    with monkeypatch.context() as patch:
        patch.setattr(lapsing, "move_all", gone)
        with pytest.raises(BusyError):
            swept(CLOSES)

    assert notes() == []
    assert swept(CLOSES)["lapsed"] == 1


def test_many_bad_rows_of_one_step_are_one_letter_an_hour(world: World) -> None:
    made = [submitted(world, n) for n in range(4)]
    owed_by("nobody", *(row.id for row in made))
    assert made[0].due_at is not None
    moment = made[0].due_at - timedelta(days=2)

    assert swept(moment)["set_aside"] == 4
    assert len(told(world)) == 1
    owed_by(None, *(row.id for row in made))


def test_administrators_of_the_province_read_what_was_set_aside_in_words(
    world: World, three: tuple[list[str], datetime]
) -> None:
    ids, moment = three
    swept(moment)

    [found] = set_aside(world.admin, root=PROVINCE)
    [english] = set_aside(world.admin._replace(language="en"), root=PROVINCE)

    assert (found.step, found.name, found.thing, found.thing_id, found.receipt) == (
        "reminders", "催办", Thing.APPLICATION, ids[1], application(ids[1]).receipt,
    )  # fmt: skip
    assert (found.code, found.tries, found.first_at, found.last_at) == ("database", 1, moment, moment)
    assert (english.name, english.words != found.words) == ("reminders", True)
    assert found.try_at == moment + MINUTES


def test_nobody_else_reads_what_was_set_aside_or_has_it_tried(world: World, three: tuple[list[str], datetime]) -> None:
    _, moment = three
    swept(moment)
    head = also(world.clerks[4], COUNTY, Role.ADMINISTRATOR)
    elsewhere = also(world.clerks[3], "440000", Role.ADMINISTRATOR)
    [found] = set_aside(world.admin, root=PROVINCE)

    for who, root in ((head, COUNTY), (world.county, PROVINCE), (world.admin, NATION), (elsewhere, PROVINCE)):
        with pytest.raises(ForbiddenError) as refusal:
            set_aside(who, root=root)
        assert refusal.value.code == "not_administrator"
    assert set_aside(elsewhere, root="440000") == []
    for who in (head, world.county, elsewhere):
        with pytest.raises(NotFoundError):
            try_again(who, found.id)


def test_an_administrator_has_it_tried_again_by_the_next_sweep(world: World, three: tuple[list[str], datetime]) -> None:
    ids, moment = three
    swept(moment)
    owed_by(world.city.id, ids[1])
    [found] = set_aside(world.admin, root=PROVINCE)

    with clock.at(moment + SECOND):
        answers = [try_again(world.admin, found.id) for _ in range(2)]

    assert [one.try_at for one in answers] == [moment + SECOND] * 2
    assert swept(moment + 2 * SECOND) == {"reminders": 1}
    assert set_aside(world.admin, root=PROVINCE) == []
    with pytest.raises(NotFoundError):
        try_again(world.admin, found.id)


def test_a_note_holds_no_telephone_and_says_where_the_program_failed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = drafted(world).id
    monkeypatch.setattr(lapsing, "move_all", failing(journal.move_all, one))

    swept(CLOSES)

    [found] = set_aside(world.admin, root=PROVINCE)
    assert found.details["kind"] == "KeyError"
    assert "12345678" not in str(found)
    assert found.details["where"].startswith("clocks/lapsing.py:")
    assert set(found.details) == {"kind", "reason", "where"}


def test_what_was_over_long_ago_is_forgotten(world: World, three: tuple[list[str], datetime]) -> None:
    ids, moment = three
    swept(moment)
    owed_by(None, ids[1])
    over = moment + MINUTES
    swept(over)

    swept(over + aside.KEPT)
    kept = len(notes())
    swept(over + aside.KEPT + SECOND)

    assert (kept, notes()) == (1, [])


def test_every_step_of_a_sweep_has_a_name_in_both_languages() -> None:
    assert set(sweeping._STEPS) | {"set_aside"} <= set(STEPS)  # noqa: SLF001 -- the table itself
    assert all(zh and en for zh, en in STEPS.values())


def test_nothing_is_set_aside_where_nothing_is_bad(world: World) -> None:
    submitted(world)
    swept(NOW + timedelta(days=30))

    assert notes() == []


def test_what_belongs_to_a_unions_notice_is_not_told_to_another_province(world: World) -> None:
    _, notice = in_notice(world, 1)
    elsewhere = also(world.clerks[3], "440000", Role.ADMINISTRATOR)
    with transaction() as store:
        aside.note(store, "notices_closed", Thing.NOTICE, notice.id, ValueError("坏了"))

    assert [one.thing_id for one in set_aside(world.admin, root=PROVINCE)] == [notice.id]
    assert set_aside(elsewhere, root="440000") == []
