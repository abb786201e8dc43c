"""Tokens: what a program may do for somebody, until when, and what it never may."""

from datetime import timedelta
from typing import Any

import pytest

from models import clock
from models.errors import ForbiddenError, InputError, NotFoundError, SignedOutError
from models.vocabulary import Act, Thing
from tests.people import disable
from tests.worlds import NOW, World, rows
from workflows import table
from workflows.people.tokens import LONGEST_DAYS, MOST, NEVER, WEIGHTY, bearer, end_token, make_token, my_tokens
from workflows.record.verb import VERBS

DAY = timedelta(days=1)


def test_a_token_acts_for_its_owner_with_the_seats_of_this_moment(world: World) -> None:
    made = make_token(world.county, name="台账同步", scopes=["ask"])

    found = bearer(made.token)

    assert found.actor == world.county
    assert found.scopes == {"ask"}
    assert (made.name, made.ends_at - NOW) == ("台账同步", 90 * DAY)


def test_the_token_itself_is_kept_nowhere(world: World) -> None:
    made = make_token(world.county, name="x", scopes=["ask"])

    assert made.token not in str(rows("SELECT * FROM token")) + str(rows("SELECT * FROM journal_event"))
    assert made.token.startswith("sbt_")


def test_granting_and_ending_are_on_the_record_of_the_account(world: World) -> None:
    made = make_token(world.county, name="x", scopes=["do:check"])
    end_token(world.county, token_id=made.id)
    end_token(world.county, token_id=made.id)

    told = rows("SELECT thing, act, account_id FROM journal_event WHERE thing_id = :of ORDER BY version",
                of=world.county.id)  # fmt: skip
    assert told[-2:] == [
        (Thing.ACCOUNT, Act.GRANT_TOKEN, world.county.id),
        (Thing.ACCOUNT, Act.END_TOKEN, world.county.id),
    ]


@pytest.mark.parametrize("how", ["ended", "expired", "shut out", "unknown"])
def test_a_token_that_is_no_longer_good_is_refused_in_the_same_words(world: World, how: str) -> None:
    made, moment = make_token(world.county, name="x", scopes=["ask"]), NOW
    match how:
        case "ended":
            end_token(world.county, token_id=made.id)
        case "expired":
            moment = made.ends_at
        case "shut out":
            disable(world.county.id)
        case _:
            made = made._replace(token=made.token[:-1])

    with clock.at(moment), pytest.raises(SignedOutError) as refusal:
        bearer(made.token)

    assert (refusal.value.code, refusal.value.details) == ("token_refused", {})


def test_its_use_is_noted_to_the_hour(world: World) -> None:
    made = make_token(world.county, name="x", scopes=["ask"])
    for minutes in (0, 30, 61):
        with clock.at(NOW + timedelta(minutes=minutes)):
            bearer(made.token)

    assert [held.used_at for held in my_tokens(world.county)] == [NOW + timedelta(minutes=61)]


@pytest.mark.parametrize(("scopes", "kind", "name", "refused"), [
    (["ask"], "ask", "queue", ""),
    (["ask"], "do", "check", "token_scope"),
    (["ask:queue"], "ask", "queue", ""),
    (["ask:queue"], "ask", "letters", "token_scope"),
    (["do"], "do", "check", ""),
    (["do"], "do", "seal", "token_scope"),
    (["do", "do:seal"], "do", "seal", ""),
    (["do"], "ask", "queue", "token_scope"),
    (["ask", "do"], "do", "make-token", "token_scope"),
    (["ask", "do"], "do", "readdress", "token_scope"),
    (["ask", "do"], "do", "add-way", "token_scope"),
])  # fmt: skip
def test_a_token_reaches_as_far_as_it_was_given(
    world: World, scopes: list[str], kind: str, name: str, refused: str
) -> None:
    found = bearer(make_token(world.county, name="x", scopes=scopes).token)

    if not refused:
        found.require(kind, name)
        return
    with pytest.raises(ForbiddenError) as refusal:
        found.require(kind, name)
    assert (refusal.value.code, refusal.value.details) == (refused, {"scope": f"{kind}:{name}"})


@pytest.mark.parametrize(("scopes", "acts", "refused"), [
    (["do:apply"], ["check", "hold"], ""),
    (["do", "do:apply"], ["check", " seal "], "do:seal"),
    (["do:apply", "do:seal"], ["seal", "send-up"], "do:send-up"),
    (["do:apply", "do:seal", "do:send-up"], ["seal", "send-up"], ""),
    (["do:seal"], ["check"], "do:apply"),
])  # fmt: skip
def test_a_plan_reaches_no_weighty_act_that_the_token_does_not_name(
    world: World, scopes: list[str], acts: list[str], refused: str
) -> None:
    found = bearer(make_token(world.county, name="x", scopes=scopes).token)
    arguments = {"rows": [{"cases": "0" * 32, "act": act} for act in acts]}

    if not refused:
        found.require("do", "apply", arguments)
        return
    with pytest.raises(ForbiddenError) as refusal:
        found.require("do", "apply", arguments)
    assert refusal.value.details == {"scope": refused}


@pytest.mark.parametrize(("given", "code", "details"), [
    ({"scopes": []}, "token_scopes", {"field": "scopes", "given": "", "near": None}),
    ({"scopes": ["do:chek"]}, "token_scopes", {"field": "scopes", "given": "do:chek", "near": "do:check"}),
    ({"scopes": ["do:make-token"]}, "token_scopes", {"field": "scopes", "given": "do:make-token", "near": "do:return"}),
    ({"days": 0}, "token_days", {"field": "days", "given": 0, "most": LONGEST_DAYS}),
    ({"days": 366}, "token_days", {"field": "days", "given": 366, "most": LONGEST_DAYS}),
    ({"name": " "}, "argument_missing", {"field": "name", "expected": "str"}),
])  # fmt: skip
def test_what_a_token_cannot_be_given_is_said(world: World, given: dict[str, Any], code: str, details: Any) -> None:
    with pytest.raises(InputError) as refusal:
        make_token(world.county, **{"name": "x", "scopes": ["ask"], **given})

    if given.get("scopes") == ["do:make-token"]:
        refusal.value.details["near"] = details["near"]  # whichever name is nearest
    assert (refusal.value.code, refusal.value.details) == (code, details)
    assert my_tokens(world.county) == []


def test_nobody_holds_more_than_twenty(world: World) -> None:
    for _ in range(MOST):
        make_token(world.county, name="x", scopes=["ask"])

    with pytest.raises(InputError, match="token_many"):
        make_token(world.county, name="x", scopes=["ask"])


def test_another_persons_token_is_not_there(world: World) -> None:
    made = make_token(world.county, name="x", scopes=["ask"])

    with pytest.raises(NotFoundError):
        end_token(world.city, token_id=made.id)

    assert my_tokens(world.city) == []
    assert bearer(made.token).actor == world.county


def test_every_verb_that_must_be_named_is_a_verb() -> None:
    table.load()

    assert (WEIGHTY | NEVER) - set(VERBS) == set()
