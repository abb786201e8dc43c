"""Real processes at once, on both databases: quotas hold, one click acts, of two acts one wins."""

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa

from models import clock
from models.account import Account
from models.application import Application
from models.base import table as table_of
from models.database import connect, disconnect, reading, transaction
from models.errors import BusyError, ShenbaoError
from models.settings import settings
from models.slate import Entry, Slate
from models.sql import Sql, bind, insert_into
from models.vocabulary import Act, Ground, Role, Rung, SlateState, State
from tests.worlds import (
    CITY,
    COUNTY,
    NOTICE_OVER,
    NOW,
    NUMBER,
    PROVINCE,
    World,
    application,
    at_county,
    at_province,
    checked,
    closed,
    drafted,
    events,
    identity,
    in_notice,
    letters,
    person,
    places_on,
    quota,
    rows,
    sealed,
    sent,
    slate,
    submitted,
    unit,
)
from workflows import table
from workflows.doctor import lending, places
from workflows.listing.slates import rank, seal
from workflows.places.splitting import split
from workflows.post.letters import to_people
from workflows.record.acting import Actor
from workflows.record.claiming import hold
from workflows.record.journal import found
from workflows.record.verb import VERBS
from workflows.rounds import issue

# A fresh interpreter each, as under `shenbao up`: nothing is shared but the database.
SPAWN = multiprocessing.get_context("spawn")
PATIENCE = 120
MANY = 16
BESIDE = "330108"
DRAFTS, PLACES = 16, 5
_SIT = insert_into(Entry)
_HASTE: Sql[None] = Sql(sa.text("SET LOCAL lock_timeout = '100ms'"))
_P = table_of(Application).c
_PLACE: Sql[None] = Sql(
    sa.update(table_of(Application)).where(_P.id == bind("of", _P.id)).values(slate_id=bind("on", _P.slate_id))
)


class Click(NamedTuple):
    """A button somebody presses."""

    verb: str
    actor: Actor | None
    given: dict[str, Any]


class Told(NamedTuple):
    """What a process was told: the answer's id and version, or a refusal's code with its details."""

    code: str
    answer: Any


Crowd = Callable[..., list[Told]]


def sit(desk: Connection, starts: dict[int, Any]) -> None:
    """One process: take a click, wait for the others, press, and tell."""
    table.load()
    while (work := desk.recv()) is not None:
        url, now, click, n = work
        connect(url)
        starts[n].wait(PATIENCE)
        desk.send(pressed(click, now))
        disconnect()


def pressed(click: Click, now: datetime) -> Told:
    """What pressing a button came to."""
    with clock.at(now):
        try:
            done = VERBS[click.verb](click.actor, **click.given)
        except ShenbaoError as error:
            return Told(error.code, error.details)
    return Told("done", getattr(done, "id", None))


@pytest.fixture(scope="module")
def desks() -> Iterator[tuple[list[Connection], Any]]:
    """Start the processes once; they press for every race of this file."""
    starts = {n: SPAWN.Barrier(n) for n in (2, 4, MANY)}
    pipes = [SPAWN.Pipe() for _ in range(MANY)]
    people = [SPAWN.Process(target=sit, args=(theirs, starts), daemon=True) for _, theirs in pipes]
    for one, (_, theirs) in zip(people, pipes, strict=True):
        one.start()
        # Only the process holds its end now: when it dies, the test hears of it at once.
        theirs.close()
    yield [ours for ours, _ in pipes], starts
    for ours, _ in pipes:
        ours.send(None)
    for one in people:
        one.join(PATIENCE)
    assert [one.exitcode for one in people] == [0] * MANY


@pytest.fixture
def crowd(world: World, desks: tuple[list[Connection], Any]) -> Crowd:
    """Press every button in a process of its own at the same moment; answers in the clicks' order."""
    url = settings().database

    def press(*clicks: Click, now: datetime = NOW) -> list[Told]:
        for desk, click in zip(desks[0], clicks, strict=False):
            desk.send((url, now, click, len(clicks)))
        answers = []
        for desk, _ in zip(desks[0], clicks, strict=False):
            assert desk.poll(PATIENCE), "a process hangs"
            answers.append(desk.recv())
        return answers

    return press


def codes(answers: list[Told]) -> dict[str, int]:
    """How many were told what."""
    return dict(Counter(one.code for one in answers))


def drafts(w: World, n: int, first: int = 0) -> list[Slate]:
    """The county's lists being drafted, one name each: more than its people could make by hand."""
    ids = []
    for i in range(first, first + n):
        row = submitted(w, i % 5, leader_id=identity(100 + i), studio_name=f"工作室{i}")
        ids += checked(w, COUNTY, row.id)
    lists = []
    for one in ids:
        with transaction() as store:
            made = found(store, w.county, Act.START, Slate, round_id=w.round_id, organization=COUNTY,
                         rung=Rung.COUNTY, state=SlateState.DRAFTING, created_at=store.now)  # fmt: skip
            store.run(_SIT, slate_id=made.id, application_id=one, rank=1)
            store.run(_PLACE, of=one, on=made.id)
        lists.append(made)
    return lists


def test_sixteen_processes_seal_against_one_quota_and_win_exactly_its_places(world: World, crowd: Crowd) -> None:
    issue(world.admin, round_id=world.round_id, organization_code=COUNTY, places=PLACES)
    lists = drafts(world, DRAFTS)

    answers = crowd(*(Click("seal", world.county, {"slate_id": s.id, "seen": s.version}) for s in lists))

    assert codes(answers) == {"done": PLACES, "quota_spent": DRAFTS - PLACES}
    assert quota(world, COUNTY) == (PLACES, PLACES, 0)
    assert sorted(one.answer for one in answers if one.code == "done") == sorted(
        s.id for s in lists if slate(s.id).state is SlateState.SEALED
    )
    assert {one.answer["places"] for one in answers if one.code != "done"} == {PLACES}


def a_submission(w: World) -> Click:
    """An applicant hands in."""
    row = drafted(w)
    return Click("submit", w.clerks[0], {"application_id": row.id, "seen": row.version})


def a_draft(w: World) -> Click:
    """An applicant begins."""
    return Click("draft", w.clerks[0], {"round_id": w.round_id, "organization_code": unit(0)})


def a_check(w: World) -> Click:
    """A reviewer passes."""
    row = submitted(w)
    return Click("check", w.county, {"application_id": row.id, "seen": row.version})


def a_ranking(w: World) -> Click:
    """A tier begins its list."""
    return Click("rank", w.county, {"round_id": w.round_id, "organization_code": COUNTY, "main": at_county(w, 2)})


def a_seal(w: World) -> Click:
    """A tier seals."""
    made = rank(w.county, round_id=w.round_id, organization_code=COUNTY, main=at_county(w, 2))
    return Click("seal", w.county, {"slate_id": made.id, "seen": made.version})


def a_sending(w: World) -> Click:
    """A tier sends up."""
    made = sealed(w, COUNTY, at_county(w, 2))
    return Click("send-up", w.county, {"slate_id": made.id, "seen": made.version})


def a_notice(w: World) -> Click:
    """The province publishes."""
    made = sealed(w, PROVINCE, at_province(w, 2)[0])
    return Click("publish", w.province, {"slate_id": made.id, "seen": made.version})


def an_objection(w: World) -> Click:
    """A citizen objects."""
    ids, notice = in_notice(w, 1)
    return Click("object", None, {"notice_id": notice.id, "application_id": ids[0], "ground": Ground.DEEDS,
                                  "words": "不实", "objector": "李四", "signed": True})  # fmt: skip


def a_decision(w: World) -> Click:
    """The province decides."""
    _, notice = closed(w, 2)
    return Click("decide", w.province, {"slate_id": notice.slate_id, "number": NUMBER, "meeting_on": date(2026, 3, 10),
                                        "seen": slate(notice.slate_id).version})  # fmt: skip


def a_round(w: World) -> Click:
    """The province plans its next year."""
    opens, closes = NOW + timedelta(days=200), NOW + timedelta(days=220)
    return Click("plan-round", w.admin, {"programme": "provincial-studio@1", "organization_code": PROVINCE,
                                         "year": 2027, "opens_at": opens, "closes_at": closes})  # fmt: skip


BUTTONS = (a_submission, a_draft, a_check, a_ranking, a_seal, a_sending, a_notice, an_objection, a_decision, a_round)


@pytest.mark.parametrize("button", BUTTONS)
def test_one_click_that_arrives_four_times_acts_once_and_all_get_its_answer(
    world: World, crowd: Crowd, button: Callable[[World], Click]
) -> None:
    click = button(world)
    before = rows("SELECT count(*) FROM journal_event")[0][0]
    click = click._replace(given={**click.given, "key": "k"})

    answers = crowd(click, click, click, click, now=NOTICE_OVER)

    assert codes(answers) == {"done": 4}
    assert len({one.answer for one in answers}) == 1
    again = pressed(click, NOTICE_OVER)
    assert again == answers[0]
    # One effect, whatever number of things it moves: no act and no letter of it is there twice.
    since = "SELECT thing_id, act, count(*) FROM journal_event GROUP BY thing_id, act, version HAVING count(*) > 1"
    assert rows(since) == []
    keyed = "SELECT count(*) FROM journal_event WHERE key IS NOT NULL"
    assert rows(keyed) == [(1,)]
    assert rows("SELECT count(*) FROM journal_event")[0][0] > before


@pytest.mark.parametrize("button", [b for b in BUTTONS if b not in (a_draft, an_objection, a_ranking, a_round)])
def test_of_four_different_clicks_one_wins_and_the_others_are_told_who_what_and_when(
    world: World, crowd: Crowd, button: Callable[[World], Click]
) -> None:
    click = button(world)

    answers = crowd(*(click._replace(given={**click.given, "key": f"k{n}"}) for n in range(4)), now=NOTICE_OVER)

    assert codes(answers) == {"done": 1, "stale": 3}
    assert click.actor is not None
    at = NOTICE_OVER.astimezone(UTC).isoformat()
    told = {(one.answer["who"], one.answer["act"], one.answer["at"]) for one in answers if one.code == "stale"}
    assert told == {(click.actor.name, click.verb, at)}


def test_two_reviewers_of_a_tier_begin_one_list_and_not_two(world: World, crowd: Crowd) -> None:
    ids = at_county(world, 2)
    click = Click("rank", world.county, {"round_id": world.round_id, "organization_code": COUNTY, "main": ids})

    answers = crowd(*(click._replace(given={**click.given, "key": f"k{n}"}) for n in range(4)))

    assert codes(answers) == {"done": 1, "stale": 3}
    assert rows("SELECT count(*) FROM slate") == [(1,)]


def test_two_reviewers_of_a_tier_with_different_names_begin_one_list_and_not_two(world: World, crowd: Crowd) -> None:
    ids = at_county(world, 2)
    given = {"round_id": world.round_id, "organization_code": COUNTY}

    answers = crowd(*(Click("rank", world.county, {**given, "main": [one]}) for one in ids))

    assert codes(answers) == {"done": 1, "stale": 1}
    assert rows("SELECT count(*) FROM slate") == [(1,)]


@pytest.mark.parametrize("again", range(3))
def test_a_withdrawal_and_a_seal_at_once_hold_a_place_only_for_who_is_there(
    world: World, crowd: Crowd, again: int
) -> None:
    ids = at_county(world, 2)
    made = rank(world.county, round_id=world.round_id, organization_code=COUNTY, main=ids)
    row = application(ids[0])

    gone, held = crowd(
        Click("withdraw", world.clerks[0], {"application_id": row.id, "seen": row.version}),
        Click("seal", world.county, {"slate_id": made.id, "seen": made.version}),
    )

    # Whoever came first: a withdrawal makes the list another one than was seen.
    assert (gone.code, held.code) in (("done", "done"), ("done", "stale"))
    assert application(ids[0]).state is State.WITHDRAWN
    assert places_on(made.id) == [(ids[1], 1, False)]
    assert quota(world, COUNTY) == (3, 1 if held.code == "done" else 0, 0)


@pytest.mark.parametrize("again", range(3))
def test_a_list_is_not_sent_up_and_recalled_at_once(world: World, crowd: Crowd, again: int) -> None:
    ids = at_county(world, 2)
    made = sealed(world, COUNTY, ids)
    seen = {"slate_id": made.id, "seen": made.version}

    up, back = crowd(Click("send-up", world.county, seen), Click("recall", world.county, {**seen, "reason": "误报"}))

    assert {up.code, back.code} == {"done", "stale"}
    assert quota(world, COUNTY) == ((3, 0, 2) if up.code == "done" else (3, 0, 0))
    assert {application(one).desk for one in ids} == {CITY if up.code == "done" else COUNTY}


@pytest.mark.parametrize("again", range(3))
def test_a_list_is_not_recalled_and_opened_at_once(world: World, crowd: Crowd, again: int) -> None:
    made = sent(world, COUNTY, at_county(world, 2))
    seen = {"slate_id": made.id, "seen": made.version}

    back, taken = crowd(Click("recall", world.county, {**seen, "reason": "误报"}), Click("open", world.city, seen))

    # Whoever recalled first has made the list invisible to the upper tier.
    assert (back.code, taken.code) in (("done", "not_found"), ("stale", "done"))
    assert quota(world, COUNTY) == ((3, 0, 0) if back.code == "done" else (3, 0, 2))


@pytest.mark.parametrize("again", range(3))
def test_an_objection_and_a_decision_at_once_never_name_a_contested_candidate(
    world: World, crowd: Crowd, again: int
) -> None:
    ids, notice = closed(world, 1)
    posted = {"ground": Ground.DEEDS, "words": "不实", "objector": "李四", "signed": True,
              "postmarked_on": date(2026, 3, 9)}  # fmt: skip

    case, named = crowd(
        Click("object", world.province, {"notice_id": notice.id, "application_id": ids[0], **posted}),
        Click("decide", world.province, {"slate_id": notice.slate_id, "number": NUMBER,
              "meeting_on": date(2026, 3, 10), "seen": slate(notice.slate_id).version}),
        now=NOTICE_OVER,
    )  # fmt: skip

    assert case.code == "done"
    state, heard = application(ids[0]).state, rows("SELECT state, inadmissible FROM objection")
    assert (named.code, state, heard) in (
        ("done", State.NAMED, [("lead", "too_late")]),
        ("nothing_to_decide", State.CONTESTED, [("investigating", None)]),
    )


@pytest.mark.parametrize("again", range(3))
def test_a_name_is_not_returned_and_ranked_at_once(world: World, crowd: Crowd, again: int) -> None:
    ids = at_county(world, 2)
    row = application(ids[0])

    back, listed = crowd(
        Click("return", world.county, {"application_id": row.id, "seen": row.version,
              "faults": [{"field": "topics", "words": "写明"}]}),
        Click("rank", world.county, {"round_id": world.round_id, "organization_code": COUNTY, "main": ids}),
    )  # fmt: skip

    assert (back.code, listed.code) in (("done", "not_at_desk"), ("moved_meanwhile", "done"), ("done", "done"))
    assert (application(ids[0]).state is State.RETURNED) == (back.code == "done")
    standing = {one for (s,) in rows("SELECT id FROM slate") for one, _, _ in places_on(s)}
    assert (ids[0] in standing) == (back.code != "done")


def ledger_faults() -> list[Any]:
    """What the doctor has against the ledgers."""
    with reading() as store:
        asked = (places.ledgers_agree, places.places_are_taken_once, lending.splits_agree, lending.loans_agree)
        return [found for ask in asked for found in ask(store)]


def everybody_at_once(w: World) -> list[Click]:
    """Four seal, four withdraw, four take sealed lists back, four object to names in notice."""
    issue(w.admin, round_id=w.round_id, organization_code=COUNTY, places=20)
    ids, notice = in_notice(w, 2)
    lists = drafts(w, 8, 20)
    back = [seal(w.county, one.id, seen=one.version) for one in lists[4:]]
    # Two leave a list that is sealed meanwhile, two one that is recalled.
    gone = [application(places_on(one.id)[0][0]) for one in (*lists[:2], *back[:2])]
    clerks = {unit(n): clerk for n, clerk in enumerate(w.clerks)}
    words = {"ground": Ground.DEEDS, "words": "不实", "signed": True, "notice_id": notice.id}
    return [
        *(Click("seal", w.county, {"slate_id": one.id, "seen": one.version}) for one in lists[:4]),
        *(Click("withdraw", clerks[one.organization], {"application_id": one.id, "seen": one.version})
          for one in gone),
        *(Click("recall", w.county, {"slate_id": one.id, "seen": one.version, "reason": "误报"}) for one in back),
        *(Click("object", None, {**words, "application_id": ids[n % 2], "objector": f"群众{n}"}) for n in range(4)),
    ]  # fmt: skip


@pytest.mark.parametrize("again", range(2))
def test_sixteen_processes_seal_withdraw_recall_and_object_and_the_ledger_is_conserved(
    world: World, crowd: Crowd, again: int
) -> None:
    clicks = everybody_at_once(world)

    answers = crowd(*clicks)

    told = [one.code for one in answers]
    assert ledger_faults() == []
    # Whose list nobody else touches gets through; a list from which somebody left is another one than was seen.
    assert told[2:4] == told[10:12] == ["done"] * 2
    assert told[12:] == ["done"] * 4
    assert set(told[:2] + told[8:10]) <= {"done", "stale"}
    assert set(told[4:8]) <= {"done", "moved_meanwhile"}
    for left, listed in zip(told[4:8], (*told[:2], *told[8:10]), strict=True):
        assert "done" in (left, listed)
    sealed_now = rows("SELECT count(*) FROM slate WHERE organization = :o AND state = 'sealed'", o=COUNTY)[0][0]
    places_held = rows(
        "SELECT count(*) FROM slate_entry e JOIN slate s ON s.id = e.slate_id"
        " WHERE s.organization = :o AND s.state = 'sealed'", o=COUNTY)[0][0]  # fmt: skip
    assert quota(world, COUNTY) == (20, places_held, 2)
    assert sealed_now >= 2


def all_move_places(w: World) -> list[Click]:
    """Four split, four lend to and fro, four seal, four withdraw: whoever holds one row wants another."""
    neighbour = person("neighbour", BESIDE, Role.REVIEWER)
    lists = drafts(w, 8)
    given = {"round_id": w.round_id, "reason": "调剂"}
    split(w.city, **given, organization_code=CITY, shares={COUNTY: 3, BESIDE: 3})
    held = [seal(w.county, one.id, seen=one.version) for one in lists[4:]]
    gone = [application(places_on(one.id)[0][0]) for one in held]
    clerks = {unit(n): clerk for n, clerk in enumerate(w.clerks)}
    lent = [(w.county, COUNTY, BESIDE), (neighbour, BESIDE, COUNTY)] * 2
    return [
        *(Click("split", w.city, {**given, "organization_code": CITY, "shares": {one: 1}, "key": f"s{n}"})
          for n, one in enumerate((COUNTY, BESIDE) * 2)),
        *(Click("lend", who, {**given, "organization_code": one, "to": other, "places": 1, "key": f"l{n}"})
          for n, (who, one, other) in enumerate(lent)),
        *(Click("seal", w.county, {"slate_id": one.id, "seen": one.version}) for one in lists[:4]),
        *(Click("withdraw", clerks[one.organization], {"application_id": one.id, "seen": one.version})
          for one in gone),
    ]  # fmt: skip


@pytest.mark.parametrize("again", range(2))
def test_sixteen_processes_split_lend_seal_and_withdraw_without_a_deadlock(
    world: World, crowd: Crowd, again: int
) -> None:
    answers = crowd(*all_move_places(world))

    told = [one.code for one in answers]
    assert ledger_faults() == []
    assert told[:4] == told[12:] == ["done"] * 4
    assert set(told[4:8]) <= {"done", "nothing_to_lend"}
    assert set(told[8:12]) <= {"done", "quota_spent"}
    assert rows("SELECT allotted FROM quota WHERE organization = :o", o=CITY) == [(10,)]
    assert rows("SELECT sum(places) FROM quota WHERE organization IN (:a, :b)", a=COUNTY, b=BESIDE) == [(13,)]
    # A list from which its only name left is still sealed, and holds no place.
    assert rows("SELECT reserved FROM quota WHERE organization = :o", o=COUNTY)[0][0] == told[8:12].count("done")


def test_two_reviewers_who_check_at_once_write_one_opinion_and_one_letter(world: World, crowd: Crowd) -> None:
    row = submitted(world)
    click = Click("check", world.county, {"application_id": row.id, "seen": row.version})

    answers = crowd(click, click)

    assert codes(answers) == {"done": 1, "stale": 1}
    assert events(row.id, since=row.version) == [("check", "county_review", "county_review", "county")]
    assert rows("SELECT count(*) FROM review") == [(1,)]
    assert [one for one in letters(row.id) if one[0] == "checked"] == [("checked", "clerk0")]


def test_a_row_that_is_held_is_still_spoken_of(postgresql_worlds: Any, enter: Callable[[str], None]) -> None:
    # Else whoever loses a seat and whoever writes them a letter about a case would wait for each other.
    make, w = postgresql_worlds
    enter(make())
    with clock.at(NOW), transaction() as one:
        hold(one, Account, w.county.id)
        one.run(_HASTE)
        with transaction() as other:
            other.run(_HASTE)
            to_people(other, "e" * 32, [w.county.id], "checked", {})
            assert hold(other, Account, w.city.id).id == w.city.id
        with transaction() as other:
            other.run(_HASTE)
            with pytest.raises(BusyError):
                hold(other, Account, w.county.id)
    assert rows("SELECT account_id FROM letter WHERE id LIKE 'eeee%'") == [(w.county.id,)]


def test_a_wish_a_question_and_their_answers_are_one_each_however_many_press(world: World, crowd: Crowd) -> None:
    row, lin = submitted(world), person("lin", unit(1), Role.CLERK)
    wish = Click("ask-seat", lin, {"organization_code": unit(0), "role": Role.CLERK})
    [asked, again] = crowd(wish, wish)
    assert asked == again
    questions = crowd(*(Click("ask-office", world.clerks[0], {"application_id": row.id, "text": f"问{n}"})
                        for n in range(4)))  # fmt: skip
    assert codes(questions) == {"done": 3, "questions_open": 1}
    one = next(told.answer for told in questions if told.code == "done")
    admins = [person(name, COUNTY, Role.ADMINISTRATOR) for name in ("wang", "zhao")]

    answers = crowd(*(Click("answer-question", who, {"question_id": one, "text": who.name}) for who in admins))
    settled = crowd(*(Click("settle-registration", who, {"registration_id": asked.answer, "is_granted": granted,
                                                         "reason": "核对", "key": who.name})
                      for who, granted in zip(admins, (True, False), strict=True)))  # fmt: skip

    assert codes(answers) == {"done": 1, "question_answered": 1}
    assert codes(settled) == {"done": 1, "registration_settled": 1}
    granted = settled[0].code == "done"
    assert rows("SELECT count(*) FROM seat WHERE account_id = :of", of=lin.id) == [(1 + int(granted),)]
    wrote = Counter(one for (one,) in rows("SELECT template FROM letter WHERE account_id IN (:lin, :clerk)",
                                           lin=lin.id, clerk=world.clerks[0].id))  # fmt: skip
    assert (wrote["seat_granted"], wrote["seat_refused"]) == (int(granted), int(not granted))
    assert wrote["question_answered"] == 1
