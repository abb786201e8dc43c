"""Bad text in the rooms of judging, money, titles and lists: each verb keeps it whole or refuses it in words."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from models import clock
from tests.judging import SCORING, at_desk, experts, judged_round, scored
from tests.money import ACCOUNT, cashier, one_title, requested, subsidy
from tests.own_rounds import ranked
from tests.typed import BAD, HUGE, came_to, longer
from tests.worlds import COUNTY, NOTICE_OVER, World, at_county, named, submitted
from workflows.deciding.withdrawals import withdraw_decision
from workflows.desk.cut_offs import extend
from workflows.desk.reviews import check, send_back
from workflows.intake.questions import answer_question, ask_office
from workflows.judging.scoring import recuse, score
from workflows.listing.sending import recall
from workflows.listing.slates import seal
from workflows.named.titles import end_title, revoke, suspend
from workflows.purse.payments import approve_subsidy, pay, request_subsidy, return_subsidy
from workflows.purse.spending import cancel_subsidy

Calls = dict[str, Callable[[str], Any]]
MEETING = date(2026, 3, 10)


def taken(calls: Calls) -> dict[str, tuple[str, str]]:
    """How each call took bad text, and ten thousand characters of it."""
    return {name: (came_to(call, BAD), came_to(call, HUGE)) for name, call in calls.items()}


def test_words_about_titles(world: World) -> None:
    [one] = named(world)
    about: dict[str, Any] = {"seen": one.version}
    paper: dict[str, Any] = {"meeting_on": MEETING}
    with clock.at(NOTICE_OVER + timedelta(days=1)):
        found = taken({
            "suspend": lambda said: suspend(world.province, one.id, reason=said, **about),
            "end": lambda said: end_title(world.province, one.id, reason=said, **about),
            "revoke": lambda said: revoke(
                world.province, titles=[{"title": one.id, **about}], number="浙总工〔2026〕20号", reason=said, **paper
            ),
            "number": lambda said: revoke(
                world.province, titles=[{"title": one.id, **about}], number=said, reason="弄虚作假", **paper
            ),
            "withdraw": lambda said: withdraw_decision(
                world.province, str(one.decision_id), number="浙总工〔2026〕21号", reason=said, return_by=20, **paper
            ),
        })  # fmt: skip
        # As long as a document's reason may be: the title keeps its beginning, and says that there is more.
        longest = came_to(
            lambda said: revoke(world.province, titles=[{"title": one.id, **about}], number="浙总工〔2026〕20号",
                                reason=said, **paper), longer(2000),
        )  # fmt: skip

    assert found == {
        "suspend": ("kept", "too_long"), "end": ("kept", "too_long"), "revoke": ("kept", "too_long"),
        "number": ("decision_number", "decision_number"), "withdraw": ("kept", "too_long"),
    }  # fmt: skip
    assert longest == "kept"


def test_words_about_money(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    title = one_title(world, monkeypatch)
    with clock.at(NOTICE_OVER + timedelta(hours=3)):
        row, clerk = subsidy(title), world.clerks[0]

        def asking(field: str) -> Callable[[str], Any]:
            return lambda said: request_subsidy(clerk, row.id, seen=row.version, **{**ACCOUNT, field: said})

        first = taken({field: asking(field) for field in ("payee", "bank", "account_number", "receipt")})
        asked = requested(world, title)
        first |= taken({
            "finance": lambda said: approve_subsidy(world.province, asked.id, with_finance=said, seen=asked.version),
            "return": lambda said: return_subsidy(world.province, asked.id, reason=said, seen=asked.version),
            "cancel": lambda said: cancel_subsidy(world.province, asked.id, reason=said, seen=asked.version),
        })  # fmt: skip
        payer = cashier()
        due = approve_subsidy(world.province, asked.id, seen=asked.version)
        first |= taken({"voucher": lambda said: pay(payer, due.id, voucher=said, seen=due.version)})

    assert {name for name, (bad, _) in first.items() if bad in ("cut", "broke", "")} == set()
    assert {name for name, (_, huge) in first.items() if huge in ("cut", "broke", "")} == set()


def test_words_about_lists_and_cases(world: World) -> None:
    ids = at_county(world, 1)
    draft = ranked(world, COUNTY, ids)
    case = submitted(world, 1)
    asked = ask_office(world.clerks[1], case.id, text="何时考察？")

    def sealing(**said: Any) -> Any:
        return seal(world.county, draft.id, seen=draft.version, **said)

    found = taken({
        "minutes": lambda said: sealing(minutes=said), "signed": lambda said: sealing(signatories=[said]),
        "opinion": lambda said: check(world.county, case.id, opinion=said, seen=case.version),
        "fault": lambda said: send_back(
            world.county, case.id, faults=[{"field": "topics", "words": said}], seen=case.version
        ),
        "answer": lambda said: answer_question(world.county, asked.id, text=said),
        "later": lambda said: extend(
            world.province, round_id=world.round_id, organization_code=COUNTY,
            until=clock.now() + timedelta(days=200), reason=said,
        ),
    })  # fmt: skip
    done = sealing()
    found |= taken({"recall": lambda said: recall(world.county, done.id, seen=done.version, reason=said)})

    assert {name for name, told in found.items() if {"cut", "broke", ""} & set(told)} == set()
    assert [name for name, (bad, _) in found.items() if bad == "kept"] == [
        "minutes", "signed", "opinion", "fault", "answer", "recall",
    ]  # fmt: skip


def test_words_of_judges(world: World) -> None:
    w = judged_round(world, scoring=SCORING)
    [one] = at_desk(w, 1)
    judge, other = experts(2)
    scored(one, [other], 90)
    found = taken({
        "sheet": lambda said: score(judge, one, scores={"total": 90}, words=said),
        "points": lambda said: score(judge, one, scores={"total": said}),
        "recuse": lambda said: recuse(w.province, one, other.id, reason=said),
    })  # fmt: skip

    assert found == {"sheet": ("kept", "too_long"), "points": ("faults", "faults"), "recuse": ("kept", "too_long")}
