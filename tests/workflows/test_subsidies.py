"""Stages of money: opened by a naming, a band, an age or a re-confirmation, each once; cancelled with the title."""

from datetime import date, datetime, timedelta

import pytest

from models import clock
from models.database import reading, transaction
from models.programme import Programme
from models.title import Assessment, Title
from models.vocabulary import AssessmentKind, SubsidyState, Thing, TitleState
from tests.counting import statements
from tests.money import BANDED, LATER, NAMING, SECOND, now, one_title, paid, paying, reported, requested, subsidy
from tests.rounds_of import published
from tests.ruled import assessing, ruled
from tests.tampering import by_hand
from tests.worlds import BEIJING, NEW_YEAR, World, assessment, due, events, everything, letters, named, rows, title
from workflows.clocks.sweep import sweep
from workflows.deciding import gates
from workflows.named.assessments import assess, recheck, report
from workflows.named.titles import resume, revoke, suspend
from workflows.programmes import programme_of
from workflows.purse import money, subsidies
from workflows.record.acting import SYSTEM

YEARLY = {**NAMING, "stage": "grant", "yuan": 1000, "per": "person_year", "report_months": None}


def rules() -> Programme:
    """The programme of the small province, as the test has changed it."""
    with reading() as store:
        return programme_of(store, "provincial-studio@1")


def assessed(w: World, one: Title, score: str, at: datetime) -> Assessment:
    """The year's assessment of the first unit's title, reported and graded."""
    with clock.at(at):
        row = assessment(title_id=one.id)
        row = report(w.clerks[0], row.id, text="总结", seen=row.version)
        return assess(w.province, results=[{"assessment": row.id, "seen": row.version, "score": score}])[0]


def swept(at: datetime) -> int:
    """How many stages the sweep opens at a moment."""
    with clock.at(at):
        return sweep()["subsidies_opened"]


def test_a_naming_makes_its_stage_due_and_tells_the_unit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one = one_title(world, monkeypatch, NAMING, SECOND, BANDED)

    row = subsidy(one)
    assert rows("SELECT count(*) FROM subsidy") == [(1,)]
    assert (row.state, row.fen, row.organization, row.decider, row.programme_code, row.year, row.version) == (
        SubsidyState.ELIGIBLE, 10_000_000, one.organization, one.decider, "provincial-studio", 2026, 1,
    )  # fmt: skip
    assert events(row.id) == [("start", None, "eligible", "province")]
    assert (due(row.id), letters(row.id)) == (["subsidy_stage"], [("subsidy_open", "clerk0")])


def test_a_programme_without_subsidies_pays_nothing(world: World) -> None:
    named(world)

    assert rows("SELECT count(*) FROM subsidy") == [(0,)]


@pytest.mark.parametrize("n", [1, 3])
def test_two_hundred_namings_open_their_stages_in_as_many_statements_as_one(
    world: World, monkeypatch: pytest.MonkeyPatch, n: int
) -> None:
    paying(monkeypatch, BANDED)
    titles = named(world, n)
    paying(monkeypatch)

    paid_by = rules()
    with transaction() as store, statements(monkeypatch) as run:
        subsidies.named(store, world.province, paid_by, titles)

    assert rows("SELECT count(*) FROM subsidy") == [(n,)]
    # The stages there are; rows, events, deadlines, letters.
    assert len(run) == 5


def test_a_stage_opens_once_for_a_title(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one = one_title(world, monkeypatch)
    before = everything()

    with transaction() as store:
        subsidies.named(store, world.province, rules(), [one, one])

    assert everything() == before


@pytest.mark.parametrize(("band", "fen"), [("A", 50_000_000), ("C", 20_000_000), ("", None), ("D", None)])
def test_bands_pays_the_amount_of_the_band_reached(
    world: World, monkeypatch: pytest.MonkeyPatch, band: str, fen: int | None
) -> None:
    one = one_title(world, monkeypatch, BANDED)

    for _ in range(2):
        with transaction() as store:
            subsidies.graded(store, world.province, rules(), [(one, band)])

    assert rows("SELECT stage, fen FROM subsidy") == ([("acceptance", fen)] if fen else [])


def test_a_reconfirmation_pays_its_stage_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    again = {**NAMING, "stage": "again", "trigger": "reconfirmation", "yuan": 30_000}
    one = one_title(world, monkeypatch, again)

    for _ in range(2):
        with transaction() as store:
            subsidies.reconfirmed(store, world.province, rules(), [one])

    assert rows("SELECT stage, fen FROM subsidy") == [("again", 3_000_000)]


def test_after_months_opens_the_second_stage_the_day_after_two_years_and_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = one_title(world, monkeypatch, SECOND)
    assert one.named_on == date(2026, 3, 10)
    swept(datetime(2027, 1, 4, 9, tzinfo=BEIJING))
    assessed(world, one, "80", datetime(2027, 1, 4, 10, tzinfo=BEIJING))

    assert swept(datetime(2028, 3, 10, 23, 59, tzinfo=BEIJING)) == 0
    assert swept(datetime(2028, 3, 11, 0, 0, tzinfo=BEIJING)) == 1
    assert swept(datetime(2028, 3, 11, 0, 5, tzinfo=BEIJING)) == 0

    row = subsidy(one, "second")
    assert (row.fen, row.state, row.year) == (5_000_000, SubsidyState.ELIGIBLE, 2028)
    assert events(row.id) == [("start", None, "eligible", "system")]


def test_needs_grade_makes_a_stage_wait_until_an_assessment_is_passed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = one_title(world, monkeypatch, SECOND)
    day = datetime(2028, 3, 11, 9, tzinfo=BEIJING)

    assert swept(day) == 0
    failed = assessed(world, one, "59.99", day)
    assert swept(day + timedelta(days=1)) == 0
    with clock.at(day + timedelta(days=60)):
        recheck(world.province, failed.id, score="60", seen=failed.version)
    assert swept(day + timedelta(days=61)) == 1


def test_a_stage_waits_while_its_title_is_suspended(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one = one_title(world, monkeypatch, {**SECOND, "needs_grade": False})
    day = datetime(2028, 3, 11, 9, tzinfo=BEIJING)
    with clock.at(day):
        one = suspend(world.province, one.id, reason="核查", seen=one.version)

    assert swept(day) == 0
    with clock.at(day):
        resume(world.province, one.id, reason="核查完毕", seen=one.version)
    assert swept(day + timedelta(days=3)) == 1


def test_a_period_that_was_over_before_the_programme_was_in_force_gives_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_title(world, monkeypatch, {**SECOND, "needs_grade": False})
    monkeypatch.setitem(rules().__dict__, "valid_from", date(2028, 3, 11))

    assert swept(datetime(2028, 4, 1, tzinfo=BEIJING)) == 0


def test_per_person_year_pays_a_person_once_a_year_and_again_in_the_next(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    paying(monkeypatch, BANDED)
    titles = named(world, 3)
    monkeypatch.setitem(rules().__dict__, "subsidies", ())
    paying(monkeypatch, YEARLY)
    same = [titles[0], titles[1]._replace(leader_key=titles[0].leader_key), titles[2]]  # type: ignore[attr-defined]

    with transaction() as store:
        subsidies.named(store, world.province, rules(), same[:1])
        subsidies.named(store, world.province, rules(), same)
    assert rows("SELECT title_id FROM subsidy ORDER BY title_id") == sorted([(titles[0].id,), (titles[2].id,)])

    with clock.at(datetime(2027, 3, 1, tzinfo=BEIJING)), transaction() as store:
        subsidies.named(store, SYSTEM, rules(), same)
    assert rows("SELECT title_id, fen FROM subsidy WHERE year = 2027") == [(titles[1].id, 100_000)]


def test_a_cancelled_grant_leaves_the_person_free_for_another_title(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    paying(monkeypatch, YEARLY)
    first, second = named(world, 2)
    row = subsidy(first, "grant")
    with transaction() as store:
        subsidies.cancel(store, world.province, [row], {first.id: first}, "材料不实")

    assert now(row.id).person_key is None
    assert now(subsidy(second, "grant").id).person_key == second.leader_key


def ending(w: World, *titles: Title) -> None:
    """The province revokes titles by one document."""
    items = [{"title": t.id, "seen": title(t.id).version} for t in titles]
    with clock.at(LATER):
        revoke(w.province, titles=items, number="浙总工〔2026〕99号", meeting_on=date(2026, 3, 10), reason="弄虚作假")


def test_a_batch_withdrawal_cancels_what_is_unpaid_and_flags_what_was_paid(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    paying(monkeypatch)
    titles = named(world, 3)
    with clock.at(LATER):
        waiting, asked, gone = subsidy(titles[2]), requested(world, titles[1], 1), paid(world, titles[0])

    ending(world, *titles)

    assert [(now(row.id).state, now(row.id).flag, due(row.id)) for row in (waiting, asked, gone)] == [
        (SubsidyState.CANCELLED, "", []), (SubsidyState.CANCELLED, "", []),
        (SubsidyState.PAID, "弄虚作假", ["subsidy_step"]),
    ]  # fmt: skip
    assert events(gone.id)[-1] == ("flag", "paid", "paid", "province")
    assert ("subsidy_cancelled", "clerk1") in letters(asked.id)
    assert {("subsidy_flagged", "province"), ("subsidy_flagged", "cashier")} <= set(letters(gone.id))


def test_recover_not_set_flags_a_paid_one_and_leaves_its_report_due(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = one_title(world, monkeypatch, {**NAMING, "recover": False})
    with clock.at(LATER):
        row = paid(world, one)

    ending(world, one)

    assert (now(row.id).flag, due(row.id)) == ("弄虚作假", ["subsidy_report"])


def test_a_title_that_ends_without_blame_owes_the_account_of_what_is_unspent(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    paying(monkeypatch)
    first, second = named(world, 2)
    with clock.at(LATER):
        spending, told = paid(world, second, 1), subsidy(first)
        gone = [one._replace(state=TitleState.ENDED) for one in (first, second)]  # type: ignore[attr-defined]

        with transaction() as store:
            subsidies.ended(store, world.province, rules(), gone, "单位注销")

    assert (now(told.id).state, now(spending.id).state) == (SubsidyState.CANCELLED, SubsidyState.PAID)
    assert (now(spending.id).flag, due(spending.id)) == ("单位注销", ["subsidy_report"])
    assert ("subsidy_account", "clerk1") in letters(spending.id)


def test_what_came_back_or_was_closed_long_ago_is_flagged_only_while_it_may_come_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = one_title(world, monkeypatch)
    with clock.at(LATER):
        row = reported(world, one)

    ending(world, one)

    assert (now(row.id).state, now(row.id).flag) == (SubsidyState.REPORTED, "弄虚作假")


@pytest.mark.parametrize("n", [1, 3])
def test_a_withdrawal_takes_as_many_statements_for_three_as_for_one(
    world: World, monkeypatch: pytest.MonkeyPatch, n: int
) -> None:
    paying(monkeypatch)
    gone = [one._replace(state=TitleState.REVOKED) for one in named(world, n)]  # type: ignore[attr-defined]

    paid_by = rules()
    with transaction() as store, statements(monkeypatch) as run:
        subsidies.ended(store, world.province, paid_by, gone, "整批撤销")

    # The rows; their change, events, deadlines closed, letters.
    assert len(run) == 5
    assert rows("SELECT DISTINCT state FROM subsidy") == [("cancelled",)]


def test_standings_tell_of_everything_open_in_one_statement(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    titles = named(world, 3)

    with transaction() as store, statements(monkeypatch) as run:
        found = money.standings(store, (one.id for one in titles))

    assert len(run) == 1
    assert {(s.title_id, s.state.value, s.objection, s.rectifying, s.leaderless, s.passed) for s in found.values()} == {
        (one.id, "valid", False, False, False, None) for one in titles
    }


def test_a_subsidy_is_a_thing_of_its_own(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one = one_title(world, monkeypatch)

    assert rows("SELECT DISTINCT thing FROM journal_event WHERE thing_id = :id", id=subsidy(one).id) == [
        (Thing.SUBSIDY.value,)
    ]


def test_a_band_pays_when_it_is_the_acceptances_and_not_a_years(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one = one_title(world, monkeypatch, BANDED)
    ruled(monkeypatch, assessment=assessing(report_due="01-31"))
    swept(NEW_YEAR)

    row = assessed(world, one, "90", NEW_YEAR)
    assert (row.band, rows("SELECT count(*) FROM subsidy")) == ("A", [(0,)])

    accepted = row._replace(kind=AssessmentKind.ACCEPTANCE)  # type: ignore[attr-defined]
    with transaction() as store:
        gates.after_grading(store, world.province, rules(), [one], [accepted])
    assert rows("SELECT stage, fen FROM subsidy") == [("acceptance", 50_000_000)]


def test_a_person_is_paid_once_a_year_by_each_programme(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    paying(monkeypatch, BANDED)
    first, second = named(world, 2)
    paying(monkeypatch, YEARLY)
    other = second._replace(leader_key=first.leader_key, programme_code="craftsman")  # type: ignore[attr-defined]

    with transaction() as store:
        subsidies.named(store, world.province, rules(), [first])
        subsidies.named(store, world.province, rules(), [other])

    assert sorted(rows("SELECT programme_code, person_key FROM subsidy")) == [
        ("craftsman", first.leader_key), ("provincial-studio", first.leader_key),
    ]  # fmt: skip


def test_a_revocation_looks_at_the_money_of_each_titles_own_version(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    paying(monkeypatch)
    titles = sorted(named(world, 2), key=lambda one: one.id)
    by_hand("UPDATE title SET programme = :p WHERE id = :t", p=published(), t=titles[0].id)

    ending(world, *titles)

    assert subsidy(titles[1]).state is SubsidyState.CANCELLED
