"""One-use links: the way to a first password, and to a new one for who forgot theirs."""

from datetime import timedelta

import pytest

from models import clock
from models.database import reading
from models.errors import ForbiddenError, InputError, SignedOutError, TooManyError
from models.letter import Letter
from models.sql import rows_of
from models.vocabulary import LinkKind, Role
from tests.people import disable
from tests.worlds import COUNTY, NOW, World, rows
from workflows.people import identities, sessions
from workflows.people.accounts import open_account
from workflows.people.links import LIFE, ask_reset, look, use
from workflows.people.tokens import bearer, make_token
from workflows.post.linking import PATH, proved
from workflows.record.acting import SYSTEM, actor_by_id

LIN, SECRET = "lin@example.cn", "一句不容易猜到的话"


def invited() -> str:
    """Somebody new without a password; answers the link of their letter with its proof."""
    open_account(SYSTEM, email=LIN, name="林工", organization_code=COUNTY, role=Role.REVIEWER)
    return last("invited")


def last(template: str) -> str:
    """The link of the newest letter of a template, as it leaves."""
    with reading() as store:
        found = [row for row in store.all(rows_of(Letter)) if row.template == template]
    letter = max(found, key=lambda row: row.created_at)
    return str(proved(letter.params)["link"]).removeprefix(PATH)


def test_who_is_invited_sets_a_password_and_signs_in(world: World) -> None:
    link = invited()

    found = look(link)
    email = use(link, SECRET)

    assert (found.kind, found.name, found.email, found.ends_at) == (
        LinkKind.INVITATION, "林工", LIN, NOW + LIFE[LinkKind.INVITATION],
    )  # fmt: skip
    assert email == LIN
    assert sessions.sign_in(LIN, SECRET, "127.0.0.1")


def test_what_the_letters_row_holds_opens_nothing(world: World) -> None:
    link = invited().partition(".")[0]

    for given in (link, f"{link}.", f"{link}.{'0' * 64}"):
        with pytest.raises(InputError, match="link_over"):
            use(given, SECRET)

    assert link in str(rows("SELECT params FROM letter WHERE template = 'invited'"))


def test_a_link_works_once(world: World) -> None:
    link = invited()
    use(link, SECRET)

    with pytest.raises(InputError, match="link_over"):
        use(link, "另一句更长的话语")

    assert sessions.sign_in(LIN, SECRET, "127.0.0.1")


def test_a_new_password_by_letter_leaves_no_identity_that_somebody_linked_with_the_old(world: World) -> None:
    use(invited(), SECRET)
    thief = identities.Known("oidc:x", "thief")
    identities.link(sessions.sid_of(sessions.sign_in(LIN, SECRET, "127.0.0.1")), thief)
    inside = sessions.sid_of(identities.enter(thief, "127.0.0.1"))
    ask_reset(LIN, "127.0.0.1")

    use(last("password_reset"), "另一句更长的话语")

    assert sessions.actor_of(inside) is None
    with pytest.raises(ForbiddenError, match="identity_unknown"):
        identities.enter(thief, "127.0.0.1")
    assert identities.enter(identities.Known("oidc:x", "lin", LIN), "127.0.0.1")


@pytest.mark.parametrize("how", ["past", "shut out", "another was used"])
def test_a_link_that_is_no_longer_good_is_refused(world: World, how: str) -> None:
    link, moment = invited(), NOW
    match how:
        case "past":
            moment = NOW + LIFE[LinkKind.INVITATION]
        case "shut out":
            disable(rows("SELECT id FROM account WHERE email = :of", of=LIN)[0][0])
        case _:
            ask_reset(LIN, "10.0.0.1")
            use(last("password_reset"), SECRET)

    with clock.at(moment), pytest.raises(InputError, match="link_over"):
        use(link, SECRET)


def test_who_asks_in_anothers_name_breaks_no_link_of_theirs(world: World) -> None:
    link = invited()
    ask_reset(LIN, "10.0.0.1")
    ask_reset(LIN, "10.0.0.1")

    assert use(link, SECRET) == LIN


def test_a_new_password_from_a_link_ends_the_tokens_a_thief_may_have_made(world: World) -> None:
    use(invited(), SECRET)
    ids = rows("SELECT id FROM account WHERE email = :of", of=LIN)
    with reading() as store:
        lin = actor_by_id(store, ids[0][0])
    made, others = make_token(lin, name="x", scopes=["ask"]), make_token(world.county, name="y", scopes=["ask"])
    ask_reset(LIN, "10.0.0.1")

    use(last("password_reset"), "换成另一句更长的话")

    with pytest.raises(SignedOutError, match="token_refused"):
        bearer(made.token)
    assert bearer(others.token).actor == world.county


def test_a_household_of_ipv6_is_one_place(world: World) -> None:
    for n in range(20):
        ask_reset(f"a{n}@example.cn", f"2001:db8::{n + 1:x}")

    with pytest.raises(TooManyError):
        ask_reset("b@example.cn", "2001:db8::ffff")


def test_a_poor_password_uses_nothing_up(world: World) -> None:
    link = invited()

    with pytest.raises(InputError, match="password_short"):
        use(link, "短")

    assert use(link, SECRET) == LIN


def test_a_new_password_ends_every_session_and_is_told(world: World) -> None:
    use(invited(), SECRET)
    token = sessions.sign_in(LIN, SECRET, "127.0.0.1")
    ask_reset(LIN.upper(), "10.0.0.1")

    use(last("password_reset"), "换成另一句更长的话")

    assert sessions.actor_of(sessions.sid_of(token)) is None
    with pytest.raises(SignedOutError, match="wrong_credentials"):
        sessions.sign_in(LIN, SECRET, "127.0.0.1")
    assert rows("SELECT count(*) FROM letter WHERE template = 'password_changed'") == [(2,)]


def test_an_unknown_address_is_answered_the_same_and_gets_no_letter(world: World) -> None:
    before = rows("SELECT count(*) FROM letter")

    ask_reset("nobody@example.cn", "10.0.0.1")

    assert rows("SELECT count(*) FROM letter") == before


def test_nobody_can_have_a_mailbox_filled(world: World) -> None:
    invited()

    for n in range(9):
        ask_reset(LIN, f"10.0.0.{n}")

    assert rows("SELECT count(*) FROM letter WHERE template = 'password_reset'") == [(3,)]


def test_a_stranger_who_asked_too_often_shuts_nobody_out(world: World) -> None:
    invited()
    for n in range(9):
        ask_reset(LIN, f"10.0.0.{n}")

    ask_reset(LIN, "10.0.1.1")
    assert use(last("password_reset"), "换成另一句更长的话") == LIN
    with clock.at(NOW + timedelta(minutes=1)):
        ask_reset(LIN, "10.0.1.1")
        assert use(last("password_reset"), "又换成一句更长的话语") == LIN

    assert rows("SELECT count(*) FROM letter WHERE template = 'password_reset'") == [(4,)]


def test_one_place_cannot_ask_for_many(world: World) -> None:
    for n in range(20):
        ask_reset(f"a{n}@example.cn", "10.0.0.1")

    with pytest.raises(TooManyError):
        ask_reset("b@example.cn", "10.0.0.1")
