"""Letters that did not arrive: whose task they are, a new address, and sending again as many as one said."""

import threading
from datetime import timedelta
from typing import Any, NamedTuple, cast

import pytest
import sqlalchemy as sa

from models import clock
from models.account import Account
from models.base import table
from models.database import reading, transaction
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError
from models.letter import Letter
from models.sql import Sql, bind, rows_of
from models.vocabulary import Act, LetterKind, LinkKind, Role
from tests.factories import PASSWORD
from tests.worlds import CITY, COUNTY, NOW, PROVINCE, World, also, person, refused, rows, submitted, unit
from workflows.desk.reviews import send_back
from workflows.intake.applications import withdraw
from workflows.people import identities, links, sessions
from workflows.people.accounts import open_account
from workflows.post.resending import Resent, resend
from workflows.post.returned import Readdressed, readdress, settle_undelivered, undelivered
from workflows.queries import own_letters, post
from workflows.queries.own_letters import letters_about, my_letters
from workflows.record.acting import SYSTEM, Actor, actor_of
from workflows.record.foreseeing import plan

_L, _A = table(Letter).c, table(Account).c
DAY = timedelta(days=1)
TOPICS = [{"field": "topics", "words": "请补充"}]
_SET: Sql[None] = Sql(
    sa.update(table(Letter))
    .where(
        _L.template == bind("named", _L.template),
        _L.account_id.in_(sa.select(_A.id).where(_A.email == bind("email", _A.email))),
    )
    .values({n: bind(n, _L[n]) for n in ("sent_at", "dead_at", "bounced_at", "error", "attempts")})
)
_ALL = rows_of(Letter, order=(cast("Any", Letter).id,))


def became(
    template: str, who: Actor, *, dead: bool = False, back: bool = False,
    error: str = "address_unknown (550 no such user)",
) -> None:  # fmt: skip
    """Let the letters of a template to somebody be sent, given up or sent back."""
    with transaction() as store:
        n = store.run(_SET, named=template, email=who.email, sent_at=None if dead else NOW,
                      dead_at=NOW if dead else None, bounced_at=NOW if back else None,
                      error=error if dead or back else "", attempts=1)  # fmt: skip
        assert n


class Sent(NamedTuple):
    """One letter, as far as sending again tells."""

    template: str
    account_id: str
    kind: LetterKind
    thing_id: str | None
    asked_by: str | None


def asked() -> list[Sent]:
    """The letters that somebody had sent again, waiting."""
    with reading() as store:
        return sorted(
            Sent(row.template, row.account_id, row.kind, row.thing_id, row.asked_by)
            for row in store.all(_ALL) if row.asked_by and row.sent_at is None and row.dead_at is None
        )  # fmt: skip


def unreached(who: Actor, root: str) -> list[tuple[str, int, str]]:
    return [(one.email, one.n, one.error) for one in undelivered(who, root=root)]


def chair(code: str = COUNTY) -> Actor:
    """An administrator."""
    return person(f"chair{code}", code, Role.ADMINISTRATOR)


def test_whom_nobody_reached_is_a_task_of_their_unions(world: World) -> None:
    submitted(world)
    became("submitted", world.clerks[0], dead=True)
    became("invited", world.clerks[0], dead=True, error="superseded")
    became("arrived", world.county, back=True, error="letter_returned (5.2.1)")

    seen = [("clerk0@example.cn", 1, "address_unknown (550 no such user)"),
            ("county@example.cn", 1, "letter_returned (5.2.1)")]  # fmt: skip
    for who, root in ((chair(), COUNTY), (world.county, COUNTY), (world.city, CITY), (world.admin, PROVINCE)):
        assert sorted(unreached(who, root)) == seen
    assert post.stuck(world.admin, root=PROVINCE)[1:] == (2, 2)
    assert undelivered(world.industry, root="ZJIND1") == []
    with refused("not_administrator", ForbiddenError, organization=COUNTY):
        undelivered(world.clerks[0], root=COUNTY)
    with refused("not_administrator", ForbiddenError, organization=COUNTY):
        undelivered(world.stranger, root=COUNTY)


def test_who_was_told_by_phone_is_nobodys_task_any_more(world: World) -> None:
    submitted(world)
    became("submitted", world.clerks[0], dead=True)
    (task,) = undelivered(world.county, root=COUNTY)

    for reason, code in (("  ", "reason_missing"), ("长" * 151, "too_long")):
        with refused(code, InputError, field="reason"):
            settle_undelivered(world.county, root=COUNTY, account_id=task.account_id, reason=reason)
    assert settle_undelivered(world.county, root=COUNTY, account_id=task.account_id, reason="已电话告知").n == 1

    assert undelivered(world.county, root=COUNTY) == []
    assert post.stuck(world.admin, root=PROVINCE)[1:] == (0, 0)
    (row,) = [one for one in post.letters(world.admin, root=PROVINCE, state="dead") if one.settled]
    assert (row.email, row.settled) == ("clerk0@example.cn", "已电话告知")
    with refused("nothing_undelivered", RefusedError):
        settle_undelivered(world.county, root=COUNTY, account_id=task.account_id, reason="已电话告知")


def test_a_new_address_is_journalled_and_what_still_matters_goes_there_again(world: World) -> None:
    row = submitted(world)
    row = send_back(world.county, row.id, faults=TOPICS, seen=row.version)
    who = world.clerks[0]
    for template in ("invited", "submitted", "returned"):
        became(template, who, dead=True)

    done = readdress(chair(), email=who.email, to="Clerk.Zero@New.Example.CN", key="k1")

    assert done == Readdressed(who.id, "clerk.zero@new.example.cn", 2)
    assert actor_of("clerk.zero@new.example.cn").id == who.id
    assert [(s.template, s.kind) for s in asked()] == [
        ("returned", LetterKind.ACTION), ("submitted", LetterKind.INFORMATION),
    ]  # fmt: skip
    assert rows("SELECT act, account_id FROM journal_event WHERE thing_id = :id AND act = :act", id=who.id,
                act=Act.CORRECT.value) == [(Act.CORRECT.value, actor_of("chair330106@example.cn").id)]  # fmt: skip
    told = my_letters(actor_of("clerk.zero@new.example.cn"))
    invited = [one for one in told if "请设置密码" in one.read.subject]
    assert [("clerk.zero@new.example.cn" in one.read.body, one.state) for one in invited] == [
        (True, "waiting"), (False, "dead"),
    ]  # fmt: skip
    assert undelivered(world.county, root=COUNTY) == []
    # The same click again.
    assert readdress(actor_of("chair330106@example.cn"), email=who.email, to="Clerk.Zero@New.Example.CN", key="k1") == (
        Readdressed(who.id, "clerk.zero@new.example.cn", 0)
    )


def test_whom_the_old_address_led_in_through_a_provider_comes_in_no_more(world: World) -> None:
    who = person_with_password("typo@example.cn")
    stranger = identities.Known("oidc:x", "stranger", who.email)
    inside = sessions.sid_of(identities.enter(stranger, "127.0.0.1"))

    readdress(chair(), email=who.email, to="here@example.cn")

    assert sessions.actor_of(inside) is None
    with refused("identity_unknown", ForbiddenError):
        identities.enter(stranger, "127.0.0.1")


def test_who_has_a_password_is_told_and_old_links_open_nothing(world: World) -> None:
    who = person_with_password("moved@example.cn")
    with transaction() as store:
        links.make(store, LinkKind.RESET, who.id)

    readdress(chair(), email=who.email, to="here@example.cn")

    told = {one.read.subject: one.state for one in my_letters(actor_of("here@example.cn"))}
    assert told == {"【通知】邮箱已更改": "waiting", "【通知】账号已开通": "waiting"}
    assert rows("SELECT count(*) FROM link WHERE account_id = :id AND used_at IS NULL", id=who.id) == [(0,)]


def person_with_password(email: str) -> Actor:
    """A reviewer of the county who can sign in."""
    open_account(SYSTEM, email=email, name="搬家", organization_code=COUNTY, role=Role.REVIEWER, password=PASSWORD)
    return actor_of(email)


def test_what_failed_long_ago_is_not_sent_again_but_is_settled(world: World) -> None:
    submitted(world)
    became("submitted", world.clerks[0], dead=True)
    who = chair()

    with clock.at(NOW + 31 * DAY):
        assert readdress(who, email="clerk0@example.cn", to="b@new.example.cn").n == 0
        assert undelivered(who, root=COUNTY) == []


def test_what_asked_for_something_that_is_over_is_not_sent_again(world: World) -> None:
    row = submitted(world)
    row = send_back(world.county, row.id, faults=TOPICS, seen=row.version)
    became("returned", world.clerks[0], dead=True)
    became("submitted", world.clerks[0], dead=True)
    withdraw(world.clerks[0], row.id, seen=row.version, reason="不再申报")
    who = chair()

    readdress(who, email="clerk0@example.cn", to="a@new.example.cn")

    assert [s.template for s in asked()] == ["submitted"]


@pytest.mark.parametrize(
    ("to", "code"),
    [("clerk1@example.cn", "email_known"), ("CLERK0@example.cn", "address_same"), ("no", "email_invalid")],
)
def test_a_wrong_new_address_changes_nothing(world: World, to: str, code: str) -> None:
    who = chair()

    with refused(code, InputError):
        readdress(who, email="clerk0@example.cn", to=to)


def test_only_who_administers_every_place_somebody_sits_in_gives_them_an_address(world: World) -> None:
    also(world.clerks[0], "320100", Role.REVIEWER)
    who = chair()

    with refused("not_found", NotFoundError, given="clerk0@example.cn"):
        readdress(who, email="clerk0@example.cn", to="a@new.example.cn")
    with refused("not_found", NotFoundError, given="county@example.cn"):
        readdress(world.county, email="county@example.cn", to="a@new.example.cn")
    with refused("not_found", NotFoundError, given="nobody@example.cn"):
        readdress(who, email="nobody@example.cn", to="a@new.example.cn")


def test_a_fellow_administrators_address_is_given_from_above_only(world: World) -> None:
    fellow, peer = person("fellow", COUNTY, Role.ADMINISTRATOR), chair()

    with refused("not_found", NotFoundError, given=fellow.email):
        readdress(peer, email=fellow.email, to="mine@example.cn")

    assert readdress(chair(CITY), email=fellow.email, to="a@new.example.cn").email == "a@new.example.cn"


def lost(world: World, n: int) -> None:
    """Some applications of which the county never heard."""
    for i in range(n):
        submitted(world, i)
    became("arrived", world.county, dead=True)


def test_as_many_are_sent_again_as_one_said_and_their_originals_are_settled(world: World) -> None:
    lost(world, 3)

    done = resend(world.admin, root=PROVINCE, state="dead", template="arrived", count=3)

    assert done.n == 3
    assert [(s.template, s.account_id, s.kind, s.asked_by) for s in asked()] == [
        ("arrived", world.county.id, LetterKind.ACTION, world.admin.id)
    ] * 3
    assert {s.thing_id for s in asked()} == {one.thing_id for one in by_template("arrived") if one.asked_by is None}
    assert undelivered(world.county, root=COUNTY) == []
    with refused("resend_count", RefusedError, n=0, count=3):
        resend(world.admin, root=PROVINCE, state="dead", template="arrived", count=3)


def by_template(template: str) -> list[Letter]:
    with reading() as store:
        return [row for row in store.all(_ALL) if row.template == template]


@pytest.mark.parametrize("count", [0, 2, 4])
def test_another_number_than_there_is_is_refused_and_sends_nothing(world: World, count: int) -> None:
    lost(world, 3)

    with refused("resend_count", RefusedError, n=3, count=count):
        resend(world.admin, root=PROVINCE, state="dead", template="arrived", count=count)


def test_a_dry_run_tells_the_letters_or_the_right_number(world: World) -> None:
    lost(world, 2)
    given = {"root": PROVINCE, "state": "dead", "template": "arrived"}

    wrong = plan(world.admin, verb="resend", arguments={**given, "count": 5})
    right = plan(world.admin, verb="resend", arguments={**given, "count": 2})

    assert wrong.refused == ("resend_count", {"n": 2, "count": 5})
    assert [(p.template, p.to) for p in right.letters] == [("arrived", "county")] * 2
    assert asked() == []


def test_the_same_click_again_sends_nothing_more(world: World) -> None:
    lost(world, 2)
    given: dict[str, Any] = {"root": PROVINCE, "state": "dead", "template": "arrived", "count": 2, "key": "click"}

    first = resend(world.admin, **given)

    assert resend(world.admin, **given) == first == Resent(2, first.batch)
    assert len(asked()) == 2


def test_two_who_send_the_same_again_at_once_send_it_once(world: World) -> None:
    lost(world, 4)
    found: list[Any] = []

    def click() -> None:
        with clock.at(NOW + DAY):
            try:
                found.append(resend(world.admin, root=PROVINCE, state="dead", template="arrived", count=4).n)
            except RefusedError as error:
                found.append(error.details["n"])

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(found) == [0, 4]
    assert len(asked()) == 4


def test_the_conditions_narrow_what_is_meant(world: World) -> None:
    submitted(world, 0)
    submitted(world, 1)
    for who in world.clerks[:2]:
        became("submitted", who, dead=True)
    became("arrived", world.county, back=True)
    became("invited", world.city)

    def meant(**given: Any) -> int:
        answer = plan(world.admin, verb="resend", arguments={"root": PROVINCE, "count": -1, **given})
        assert answer.refused is not None
        return int(answer.refused[1]["n"])

    with clock.at(NOW + DAY):
        assert meant(state="dead") == 2
        assert meant(state="dead", person="clerk1@example.cn") == 1
        assert meant(state="dead", person=world.clerks[1].id) == 1
        assert meant(state="dead", template="arrived") == 0
        assert meant(state="back") == 2
        assert meant(state="sent", person="CITY@example.cn") == 1
        assert meant(state="dead", since="2026-03-03") == 2
        assert meant(state="dead", since="2026-03-04") == 0
    with clock.at(NOW + 40 * DAY):
        assert meant(state="dead") == 0
        assert meant(state="dead", since="2026-03-03") == 2


def test_only_letters_that_left_or_failed_are_sent_again_and_only_by_administrators(world: World) -> None:
    with refused("resend_state", InputError, given="waiting"):
        resend(world.admin, root=PROVINCE, state="waiting", count=0)
    with refused("not_administrator", ForbiddenError, organization=COUNTY):
        resend(world.county, root=COUNTY, state="dead", count=0)


def test_the_letters_of_an_office_are_narrowed_by_state_template_person_and_day(world: World) -> None:
    submitted(world)
    became("submitted", world.clerks[0], dead=True)
    became("arrived", world.county, back=True)

    def found(**given: Any) -> list[tuple[str, str]]:
        return [(one.template, one.state) for one in post.letters(world.admin, root=PROVINCE, **given)]

    assert found(state="dead") == [("submitted", "dead")]
    assert found(state="back") == [("arrived", "back")]
    assert found(template="submitted") == [("submitted", "dead")]
    assert sorted(found(person="clerk0@example.cn")) == [("invited", "waiting"), ("submitted", "dead")]
    assert sorted(found(since=NOW.date())) == [("arrived", "back"), ("submitted", "dead")]
    with refused("letter_state", InputError, given="lost"):
        post.letters(world.admin, root=PROVINCE, state="lost")


def test_a_cases_letters_are_told_to_its_desk_and_to_its_people_as_each_may_know(world: World) -> None:
    row = submitted(world)
    second = person("second", COUNTY, Role.REVIEWER)
    became("submitted", world.clerks[0], dead=True)

    def told(who: Actor) -> list[tuple[str, str, str, str]]:
        return sorted((one.side, one.name, one.subject, one.state) for one in letters_about(who, row.id))

    arrived = ("desk", "county", "【请办理】有新的申报待审核：工作室0", "waiting")
    handed = ("applicant", "clerk0", "【通知】申报已提交：工作室0", "dead")
    assert told(world.county) == told(second) == [handed, arrived]
    assert told(world.clerks[0]) == [handed]
    assert letters_about(world.county, row.id)[0].at >= NOW
    (mine,) = letters_about(world.clerks[0], row.id)
    assert mine.trouble == "邮件服务器说没有这个收件地址（550 no such user）。请核对收件人的邮箱。"
    other = person("other", unit(0), Role.CLERK)
    assert told(other) == []
    for stranger in (world.stranger, world.clerks[1], world.city):
        with refused("not_found", NotFoundError):
            letters_about(stranger, row.id)


def test_ones_own_letters_come_newest_first_page_by_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    submitted(world)
    monkeypatch.setattr(own_letters, "PAGE", 50)

    mine = my_letters(world.clerks[0])

    assert [(one.read.subject, one.state) for one in mine] == [
        ("【通知】申报已提交：工作室0", "waiting"), ("【请办理】账号已开通，请设置密码", "waiting"),
    ]  # fmt: skip
    assert [one.id for one in my_letters(world.clerks[0], before=mine[0].read.at)] == [mine[1].id]


def test_letters_to_a_colleague_who_sits_at_another_desk_as_well_are_not_told(world: World) -> None:
    both = also(person("both", COUNTY, Role.REVIEWER), CITY, Role.REVIEWER)
    here = person("here", COUNTY, Role.REVIEWER)
    row = submitted(world)

    assert sorted(one.name for one in letters_about(here, row.id)) == ["clerk0", "county", "here"]
    assert "both" in {one.name for one in letters_about(both, row.id)}
