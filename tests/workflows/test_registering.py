"""Coming by oneself: an address proven by a letter's link, and a seat that an office gives or refuses."""

import mailbox
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import sqlalchemy as sa

from models import clock
from models.base import table
from models.database import transaction
from models.errors import ConflictError, ForbiddenError, InputError, NotFoundError, RefusedError, TooManyError
from models.organization import Organization
from models.secret import signature
from models.settings import settings
from models.sql import Sql, bind
from models.vocabulary import Role, Tier
from tests.people import disable
from tests.worlds import CITY, COUNTY, NOW, PROVINCE, World, events, person, rows, unit
from workflows.people import registering, sessions
from workflows.people.organizations import enrol
from workflows.people.registering import LIFE, Wish, ask, confirm, look
from workflows.people.seat_requests import ask_seat, my_seat_requests, registrations, settle_registration
from workflows.post import doorway
from workflows.post.carriers import deliver
from workflows.post.mail import CarrierError, DownError, RefusedLetterError
from workflows.record.acting import SYSTEM, Actor, actor_of

_O = table(Organization).c
_STRIKE: Sql[None] = Sql(sa.update(table(Organization)).where(_O.code == bind("of", _O.code)).values(active=False))
LIN, SECRET, HERE = "lin@example.cn", "一句不容易猜到的话", "10.0.0.1"


class Bag:
    """A carrier that keeps what it is given, or refuses it."""

    def __init__(self, trouble: CarrierError | None = None) -> None:
        self.trouble = trouble
        self.kept: list[EmailMessage] = []

    def carry(self, message: EmailMessage) -> None:
        """Keep a letter."""
        if self.trouble is not None:
            raise self.trouble
        self.kept.append(message)

    def rest(self) -> None:
        """Nothing to let go of."""


def wish(**given: Any) -> Wish:
    """What somebody of the first unit types."""
    return Wish(**{"email": LIN, "name": "林工", "organization": unit(0), "role": Role.CLERK, **given})


def letter() -> str:
    """Carry what waits; the body of the one letter."""
    bag = Bag()
    doorway.carry(carrier=bag)
    (message,) = bag.kept
    return str(message.get_content())


def link() -> str:
    """What proves the address, as the letter carries it."""
    return letter().partition(doorway.PATH)[2].split()[0]


def link_of(address: str) -> str:
    """The link of the newest wish of an address, whether its letter has left or not."""
    (found,) = rows("SELECT max(id) FROM registration WHERE email = :at", at=address)
    return f"{found[0]}.{signature(doorway.PURPOSE, found[0])}"


def registered(**given: Any) -> Actor:
    """Somebody with an account and no seat yet."""
    ask(wish(**given), HERE)
    return actor_of(confirm(link(), SECRET))


def told(template: str) -> list[str]:
    """To whom letters of a template were written."""
    return [str(row[0]) for row in rows(
        "SELECT a.email FROM letter l JOIN account a ON a.id = l.account_id WHERE l.template = :of ORDER BY a.email",
        of=template,
    )]  # fmt: skip


def test_an_address_is_proven_by_its_link_and_the_seat_waits_for_the_office(world: World) -> None:
    ask(wish(email=" LIN@example.cn ", note="工会主席"), HERE)
    given = link()
    asked = look(given)

    lin = actor_of(confirm(given, SECRET))

    assert asked == (LIN, "林工", "企业0", Role.CLERK, NOW + LIFE, "工会主席", False)
    assert (lin.name, lin.seats) == ("林工", ())
    assert sessions.sign_in(LIN, SECRET, HERE)
    assert [one[1:] for one in my_seat_requests(lin)] == [
        (unit(0), "企业0", Role.CLERK, NOW, PROVINCE, "浙江省总工会", None, None, "")
    ]
    assert [one[1:] for one in registrations(world.admin, root=PROVINCE)] == [
        ("林工", LIN, unit(0), "企业0", Role.CLERK, "工会主席", NOW)
    ]
    assert told("seat_asked") == [world.admin.email]
    assert events(lin.id) == [("enrol", None, "active", "public")]


def test_the_letter_says_where_and_leads_to_this_site(world: World) -> None:
    ask(wish(name="点此领奖 http://evil.example"), HERE)
    bag = Bag()
    doorway.carry(carrier=bag)
    (message,) = bag.kept

    assert message["To"] == LIN
    assert message["Subject"] == "【请办理】确认邮箱，设置密码"
    assert "有人用这个邮箱申请在企业0的账号" in message.get_content()
    assert "evil" not in message.as_string()


def test_opening_the_link_uses_nothing_up_and_using_it_does(world: World) -> None:
    ask(wish(), HERE)
    given = link()
    look(given)
    look(given)

    with pytest.raises(InputError, match="password_short"):
        confirm(given, "短")
    confirm(given, SECRET)

    for again in (look, lambda link: confirm(link, SECRET)):
        with pytest.raises(InputError, match="link_over"):
            again(given)


def test_a_link_without_its_proof_opens_nothing(world: World) -> None:
    ask(wish(), HERE)
    one = link().partition(".")[0]

    for forged in (one, f"{one}.", f"{one}.{'0' * 64}", "", "\0"):
        with pytest.raises(InputError, match="link_over"):
            confirm(forged, SECRET)


def test_a_link_ends_after_two_days_and_is_forgotten_a_month_later(world: World) -> None:
    ask(wish(), HERE)
    given = link()

    with clock.at(NOW + LIFE), pytest.raises(InputError, match="link_over"):
        confirm(given, SECRET)
    with clock.at(NOW + LIFE + sessions.KEEP + timedelta(seconds=1)):
        sessions.tidy()

    assert rows("SELECT count(*) FROM registration") == [(0,)]


def test_a_known_address_is_answered_the_same_and_told_by_letter_alone(world: World) -> None:
    ask(wish(email=world.county.email), HERE)

    assert rows("SELECT count(*) FROM registration") == [(0,)]
    assert told("register_known") == [world.county.email]


def test_who_is_shut_out_gets_no_letter(world: World) -> None:
    disable(world.stranger.id)

    ask(wish(email=world.stranger.email), HERE)

    assert (told("register_known"), rows("SELECT count(*) FROM registration")) == ([], [(0,)])


def test_of_two_links_to_one_address_one_opens_the_account(world: World) -> None:
    ask(wish(), HERE)
    first = link()
    ask(wish(organization=unit(1)), HERE)
    second = link()
    confirm(second, SECRET, second.partition(".")[0])

    with pytest.raises(InputError, match="registration_known"):
        confirm(first, "另一句更长的话语")

    assert sessions.sign_in(LIN, SECRET, HERE)


WRONG = (
    ({"email": "lin@пример.cn"}, "email_idn"),
    ({"email": "lin"}, "email_invalid"),
    ({"name": " \u200b "}, "argument_missing"),
    ({"name": "林" * 61}, "too_long"),
    ({"note": "好" * 501}, "too_long"),
    ({"organization": "91330106000000000X"}, "unit_unknown"),
    ({"organization": COUNTY}, "unit_unknown"),
    ({"role": Role.REVIEWER}, "role_not_asked"),
    ({"role": Role.ADMINISTRATOR}, "role_not_asked"),
    ({"role": "king"}, "role_not_asked"),
)


def test_what_will_not_do_is_refused_and_nothing_is_written(world: World) -> None:
    for given, code in WRONG:
        with pytest.raises(InputError, match=code):
            ask(wish(**given), HERE)

    assert rows("SELECT count(*) FROM registration") == [(0,)]


def test_where_registering_is_closed_nobody_comes_by_themselves(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHENBAO_REGISTRATION", "closed")
    settings.cache_clear()

    with pytest.raises(RefusedError, match="registration_closed"):
        ask(wish(), HERE)


def test_a_link_that_left_before_registering_was_closed_opens_nothing_until_it_is_open_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(wish(), HERE)
    given = link()
    ask(wish(email="wang@example.cn"), HERE)
    monkeypatch.setenv("SHENBAO_REGISTRATION", "closed")
    settings.cache_clear()
    for refused in (look, registering.wishes, lambda one: confirm(one, SECRET)):
        with pytest.raises(RefusedError, match="registration_closed"):
            refused(given)
    waiting = doorway.carry(carrier=Bag())
    monkeypatch.setenv("SHENBAO_REGISTRATION", "open")
    settings.cache_clear()

    assert sum(waiting.values()) == 0
    assert doorway.carry(carrier=Bag())["sent"] == 1
    assert confirm(given, SECRET) == LIN


def test_no_place_of_the_network_can_ask_for_many(world: World) -> None:
    for n in range(20):
        ask(wish(email=f"a{n}@example.cn"), HERE)

    with pytest.raises(TooManyError):
        ask(wish(email="b@example.cn"), HERE)


def test_nobody_can_have_a_mailbox_filled_and_its_owner_gets_in_all_the_same(world: World) -> None:
    bag = Bag()
    for n in range(7):
        ask(wish(name=f"路人{n}"), f"10.0.1.{n}")
        doorway.carry(carrier=bag)
    ask(wish(organization=unit(1)), HERE)
    doorway.carry(carrier=bag)
    one = str(bag.kept[0].get_content()).partition(doorway.PATH)[2].split()[0]
    found = registering.wishes(one)
    mine = next(key for key, asked in found.items() if asked.organization_name == "企业1")

    with pytest.raises(InputError, match="wish_unknown"):
        confirm(one, SECRET)
    confirm(one, SECRET, mine)

    assert (len(bag.kept), len(found)) == (5, 8)
    assert [(row.name, row.organization) for row in registrations(world.admin, root=PROVINCE)] == [("林工", unit(1))]


def test_the_mailbox_of_a_known_address_is_not_filled_either(world: World) -> None:
    for n in range(7):
        ask(wish(email=world.county.email), f"10.0.1.{n}")

    assert told("register_known") == [world.county.email] * 5


def test_the_same_wish_again_sends_the_same_link_once_more_and_it_lasts_from_then(world: World) -> None:
    for _ in range(6):
        ask(wish(), HERE)  # its letter has not left yet: that is one
    first = link()
    ask(wish(), HERE)
    at_once = link()
    with clock.at(NOW + timedelta(hours=30)):
        ask(wish(), HERE)
        again = link()

    assert (at_once, again) == (first, first)
    assert rows("SELECT count(*) FROM registration") == [(1,)]
    with clock.at(NOW + LIFE + timedelta(hours=29)):
        assert look(first).ends_at == NOW + LIFE + timedelta(hours=30)
        confirm(first, SECRET)


def test_nobody_changes_the_words_that_anothers_wish_goes_to_the_office_with(world: World) -> None:
    ask(wish(note="请拨打路人的电话"), "10.0.1.1")
    ask(wish(note="工会主席"), HERE)
    ask(wish(note="再打路人的电话"), "10.0.1.1")
    one = link_of(LIN)
    mine = next(key for key, asked in registering.wishes(one).items() if asked.note == "工会主席")

    confirm(one, SECRET, mine)

    assert [row.note for row in registrations(world.admin, root=PROVINCE)] == ["工会主席"]


def test_a_wish_of_another_address_or_one_that_is_over_cannot_be_chosen(world: World) -> None:
    ask(wish(), HERE)
    with clock.at(NOW + timedelta(hours=1)):
        ask(wish(organization=unit(1)), HERE)
        ask(wish(email="wang@example.cn"), HERE)
    mine = link_of(LIN)
    (other,) = rows("SELECT id FROM registration WHERE email = 'wang@example.cn'")
    ((old,),) = rows("SELECT id FROM registration WHERE organization = :of AND email = :at", of=unit(0), at=LIN)

    for chosen in (other[0], "x", "\0"):
        with pytest.raises(InputError, match="wish_unknown"):
            confirm(mine, SECRET, chosen)
    with clock.at(NOW + LIFE), pytest.raises(InputError, match="wish_unknown"):
        confirm(mine, SECRET, old)

    assert rows("SELECT count(*) FROM registration WHERE proven_at IS NOT NULL") == [(0,)]


def test_a_wish_whose_unit_was_struck_off_is_named_and_the_others_stand(world: World) -> None:
    ask(wish(), HERE)
    ask(wish(organization=unit(1)), HERE)
    mine = link_of(LIN)
    struck(unit(1))
    found = {asked.organization_name: (key, asked.fell) for key, asked in registering.wishes(mine).items()}

    with pytest.raises(InputError, match="unit_gone"):
        confirm(mine, SECRET, found["企业1"][0])
    confirm(mine, SECRET, found["企业0"][0])

    assert {name: fell for name, (_, fell) in found.items()} == {"企业0": False, "企业1": True}
    assert [row.organization for row in registrations(world.admin, root=PROVINCE)] == [unit(0)]


def test_a_link_of_nothing_but_struck_off_units_says_which(world: World) -> None:
    ask(wish(), HERE)
    mine = link_of(LIN)
    struck(unit(0))

    for use in (look, registering.wishes, lambda one: confirm(one, SECRET)):
        with pytest.raises(InputError) as refused:
            use(mine)
        assert (refused.value.code, refused.value.details["organization"]) == ("unit_gone", "企业0")
    assert rows("SELECT count(*) FROM registration WHERE proven_at IS NOT NULL") == [(0,)]


def struck(code: str) -> None:
    """The unit's credit code was cancelled."""
    with transaction() as store:
        store.run(_STRIKE, of=code)


def test_a_unit_is_found_by_area_and_part_of_its_name(world: World) -> None:
    assert registering.area("").below[10:12] == [("330000", "浙江省总工会"), ("340000", "安徽省总工会")]
    assert registering.area(CITY).over == PROVINCE
    assert [(one.code, one.name) for one in registering.units(COUNTY, " 企业1 ", HERE)] == [(unit(1), "企业1")]
    assert len(registering.units(CITY, "企业", HERE)) == len(registering.units(PROVINCE, "企业", HERE)) == 6
    assert registering.units("330200", "企业", HERE) == registering.units(COUNTY, "企", HERE) == []
    assert registering.units(COUNTY, "%_", HERE) == registering.units("nowhere", "企业", HERE) == []


def test_a_seat_is_given_by_who_may_give_it_and_told(world: World) -> None:
    lin = registered()
    (asked,) = registrations(world.admin, root=PROVINCE)

    done = settle_registration(world.admin, asked.id, is_granted=True, key="click")
    again = settle_registration(world.admin, asked.id, is_granted=True, key="click")

    assert done == again
    assert (done.is_granted, done.settled_at, done.office) == (True, NOW, "")
    assert [(s.organization, s.role) for s in actor_of(LIN).seats] == [(unit(0), Role.CLERK)]
    assert events(lin.id, since=1) == [("seat", "active", "active", "admin")]
    assert (told("seat_granted"), registrations(world.admin, root=PROVINCE)) == ([LIN], [])


def test_a_refusal_needs_its_reason_and_one_may_ask_again(world: World) -> None:
    lin = registered()
    (asked,) = registrations(world.admin, root=PROVINCE)

    with pytest.raises(InputError, match="reason_missing"):
        settle_registration(world.admin, asked.id, is_granted=False, reason=" ")
    settle_registration(world.admin, asked.id, is_granted=False, reason="不是本单位职工")
    with pytest.raises(ConflictError, match="registration_settled"):
        settle_registration(world.admin, asked.id, is_granted=True)
    with clock.at(NOW + timedelta(minutes=1)):
        second = ask_seat(lin, organization_code=unit(1), role=Role.WORKER)

    assert (told("seat_refused"), actor_of(LIN).seats) == ([LIN], ())
    assert [(one.organization, one.is_granted, one.reason) for one in my_seat_requests(lin)] == [
        (unit(1), None, ""), (unit(0), False, "不是本单位职工"),
    ]  # fmt: skip
    assert [one.id for one in registrations(world.admin, root=PROVINCE)] == [second.id]


def test_nobody_else_settles_or_sees_it(world: World) -> None:
    lin = registered()
    (asked,) = registrations(world.admin, root=PROVINCE)
    far = person("far", "340000", Role.ADMINISTRATOR)

    for who in (world.county, world.province, world.clerks[0], lin, far):
        with pytest.raises(NotFoundError, match="registration"):
            settle_registration(who, asked.id, is_granted=True)
    for who in (world.county, lin, far):
        with pytest.raises(ForbiddenError):
            registrations(who, root=PROVINCE)

    assert registrations(far, root="340000") == []


def test_the_nearest_office_is_asked(world: World) -> None:
    county = person("boss", COUNTY, Role.ADMINISTRATOR)
    registered()
    own = person("own", unit(1), Role.ADMINISTRATOR)
    registered(email="wang@example.cn", organization=unit(1))

    assert told("seat_asked") == sorted([county.email, own.email])
    assert [one.office for one in my_seat_requests(actor_of("wang@example.cn"))] == [unit(1)]


def test_who_is_asked_may_also_give_the_seat(world: World) -> None:
    enrol(SYSTEM, code="330106001", name="西溪街道总工会", parent=COUNTY, tier=Tier.TOWNSHIP)
    enrol(SYSTEM, code=unit(9), name="企业九", parent="330106001")
    town, county = (person(name, code, Role.ADMINISTRATOR) for name, code in (("town", "330106001"), ("boss", COUNTY)))

    registered(organization=unit(9))
    (asked,) = registrations(county, root=COUNTY)

    assert told("seat_asked") == [county.email]
    assert [one.office for one in my_seat_requests(actor_of(LIN))] == [COUNTY]
    assert [registrations(who, root=root) for who, root in ((town, "330106001"), (world.admin, PROVINCE))] == [
        [], [asked]
    ]  # fmt: skip
    with pytest.raises(NotFoundError):
        settle_registration(town, asked.id, is_granted=True)
    assert settle_registration(county, asked.id, is_granted=True).is_granted


def test_the_same_wish_again_is_one_and_a_fourth_waits(world: World) -> None:
    lin = registered()

    same = ask_seat(lin, organization_code=unit(0), role=Role.CLERK)
    for n in (1, 2):
        with clock.at(NOW + timedelta(minutes=n)):
            ask_seat(lin, organization_code=unit(n), role=Role.CLERK)
    with pytest.raises(RefusedError, match="seats_asked"):
        ask_seat(lin, organization_code=unit(3), role=Role.CLERK)
    with pytest.raises(RefusedError, match="seat_held"):
        ask_seat(world.clerks[0], organization_code=unit(0), role=Role.CLERK)

    assert [one.id for one in my_seat_requests(lin)][-1] == same.id
    assert len(my_seat_requests(lin)) == 3


def test_a_letter_that_is_not_taken_is_tried_again_unless_it_never_will_be(world: World) -> None:
    nothing = {"sent": 0, "retried": 0, "dead": 0}
    for n, trouble in enumerate((DownError("server_unreachable"), CarrierError("letter_delayed"),
                                 RefusedLetterError("address_unknown"))):  # fmt: skip
        became = "dead" if isinstance(trouble, RefusedLetterError) else "retried"
        with clock.at(NOW + n * 2 * doorway.PAUSE):
            ask(wish(email=f"lin{n}@example.cn"), HERE)
            first, at_once = doorway.carry(carrier=Bag(trouble)), doorway.carry(carrier=Bag())
        with clock.at(NOW + (n * 2 + 1) * doorway.PAUSE):
            later = doorway.carry(carrier=Bag())

        assert (first, at_once) == ({**nothing, became: 1}, nothing)
        assert later["sent"] == int(became == "retried")


def test_the_clock_of_letters_carries_it_too(world: World) -> None:
    ask(wish(), HERE)
    deliver()

    found = [str(m["To"]) for m in mailbox.Maildir(settings().maildir)]
    assert found.count(LIN) == 1
    assert rows("SELECT letter_at FROM registration") == [(None,)]


def test_a_link_that_is_over_is_not_carried(world: World) -> None:
    ask(wish(), HERE)
    with clock.at(NOW + LIFE):
        assert sum(doorway.carry(carrier=Bag()).values()) == 0


def test_who_came_in_by_a_letter_whose_server_dropped_the_line_gets_no_second(world: World) -> None:
    ask(wish(), HERE)

    class Dropping(Bag):
        """A server that takes a letter and does not say so, while its reader is quick."""

        def carry(self, message: EmailMessage) -> None:
            """Keep it, let its link be used, and fail."""
            super().carry(message)
            confirm(str(message.get_content()).partition(doorway.PATH)[2].split()[0], SECRET)
            raise DownError("server_down")

    dropping, later = Dropping(), Bag()
    doorway.carry(carrier=dropping)
    with clock.at(NOW + 2 * doorway.PAUSE):
        doorway.carry(carrier=later)

    assert (len(dropping.kept), later.kept) == (1, [])
