"""A grey button is no decoration: whoever goes past it to the verb is refused, for the very reason that it gives."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import structlog
from streamlit.testing.v1 import AppTest

from models import clock
from models.database import together
from models.errors import ShenbaoError
from models.vocabulary import Act, CountersignRule, Role, Thing
from tests.ui.faces import Eyes, Faces, eyes, stage, there
from tests.worlds import (
    COUNTY,
    NOTICE_OVER,
    NOW,
    PROVINCE,
    World,
    also,
    application,
    named,
    person,
    submitted,
    title,
)
from ui.components import acts, office_acts, words
from workflows.deciding.decisions import decide
from workflows.desk import chasing, countersigning, handling, holding, reviews
from workflows.hearing import notices
from workflows.listing import returning, sending, slates
from workflows.named import titles
from workflows.record.acting import Actor, actor_of

__all__ = ["eyes", "stage", "there"]

WHY = "说明理由"
DAY = date(2026, 3, 10)
Call = Callable[[Actor, str, int], Any]
CASE: dict[str, Call] = {
    "check": lambda who, one, seen: reviews.check(who, one, seen=seen),
    "return": lambda who, one, seen: reviews.send_back(who, one, faults=[{"field": "topics", "words": WHY}], seen=seen),
    "refuse": lambda who, one, seen: reviews.refuse(who, one, reason=WHY, seen=seen),
    "transfer": lambda who, one, seen: handling.transfer(who, one, to=who.email, reason=WHY, seen=seen),
    "delegate": lambda who, one, seen: handling.delegate(who, one, to=who.email, reason=WHY, seen=seen),
    "take-back": lambda who, one, seen: handling.take_back(who, one, reason=WHY, seen=seen),
    "hold": lambda who, one, seen: holding.hold_case(
        who, one, until=clock.now().date() + timedelta(days=3), reason=WHY, seen=seen
    ),
    "release": lambda who, one, seen: holding.release(who, one, reason=WHY, seen=seen),
    "countersign": lambda who, one, seen: countersigning.countersign(
        who, one, rule=CountersignRule.ALL, signers=[who.email], seen=seen
    ),
    "copy": lambda who, one, _: chasing.copy(who, one, to=[who.email]),
}
LIST: dict[str, Call] = {
    "seal": lambda who, one, seen: slates.seal(who, one, seen=seen),
    "send-up": lambda who, one, seen: sending.send_up(who, one, seen=seen),
    "recall": lambda who, one, seen: sending.recall(who, one, reason=WHY, seen=seen),
    "accept": lambda who, one, seen: returning.accept(who, one, seen=seen),
    "send-down": lambda who, one, seen: returning.send_down(who, one, reason=WHY, seen=seen),
    "publish": lambda who, one, seen: notices.publish(who, one, seen=seen),
    "decide": lambda who, one, seen: decide(who, one, number="浙总工〔2026〕15号", meeting_on=DAY, seen=seen),
}
NOTICE: dict[str, Call] = {
    "correct": lambda who, one, seen: notices.correct(
        who, one, application_id="", field="subject", value=WHY, reason=WHY, seen=seen
    ),
    "close": lambda who, one, seen: notices.close(who, one, seen=seen),
}
TITLE: dict[Act, Call] = {
    Act.SUSPEND: lambda who, one, seen: titles.suspend(who, one, reason=WHY, seen=seen),
    Act.RESUME: lambda who, one, seen: titles.resume(who, one, reason=WHY, seen=seen),
    Act.END: lambda who, one, seen: titles.end_title(who, one, reason=WHY, seen=seen),
    Act.REVOKE: lambda who, one, seen: titles.revoke(
        who, titles=[{"title": one, "seen": seen}], number="浙总工〔2026〕15号", meeting_on=DAY, reason=WHY
    ),
}
# The page, its things, how the key of a button tells the act, the thing and its version, and the verbs.
PAGES: dict[str, tuple[tuple[str | None, ...], tuple[tuple[str, dict[str, Call]], ...]]] = {
    "review_case": (("case", "noticed", "scored", "half"), (
        (r"(?:case|office):(?P<id>\w{32}):(?P<seen>\d+):(?P<act>[\w-]+)", CASE),
    )),
    "review_slate": ((None,), ((r"slate:(?P<id>\w{32}):(?P<seen>\d+):(?P<act>[\w-]+)", LIST),)),
    "review_notice": ((None,), (
        (r"(?P<act>publish|decide):(?P<id>\w{32}):(?P<seen>\d+)", LIST),
        (r"(?P<act>correct):(?P<id>\w{32}):(?P<seen>\d+)", NOTICE),
    )),
}  # fmt: skip
PEOPLE = ("county", "city", "province", "industry", "next_city")


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with structlog.testing.capture_logs():
        yield


@pytest.fixture(autouse=True)
def _by_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a reason say its code alone."""
    monkeypatch.setattr(words, "code", lambda code, **_: f"code {code} ")


def grey(page: AppTest, forms: tuple[tuple[str, dict[str, Call]], ...]) -> Iterator[tuple[str, str, int, str, Call]]:
    """The grey buttons of a page that stand for a verb: act, thing, version, the code of the reason, the call."""
    for button in page.button:
        for form, calls in forms:
            found = re.fullmatch(form, str(button.key))
            told = re.search(r"code (\S+)", (button.help or "").replace("\\", ""))
            if button.disabled and found and told and found["act"] in calls:
                yield found["act"], found["id"], int(found["seen"]), told[1], calls[found["act"]]
                break


def test_what_is_grey_is_refused_by_its_verb_for_the_same_reason(there: Faces, eyes: Eyes) -> None:
    tried: set[tuple[str, str]] = set()
    differing: set[tuple[str, str, str, str]] = set()
    for who in PEOPLE:
        for view, (things, forms) in PAGES.items():
            for thing in things:
                page = eyes.open(who, f"ui/views/{view}.py", thing).page
                for act, one, seen, reason, call in grey(page, forms):
                    tried.add((act, reason))
                    if (said := refused(lambda: call(there.people[who], one, seen))) != reason:  # noqa: B023 -- at once
                        differing.add((who, act, reason, said))

    # Where a union decides itself its list goes nowhere: the page says not now, the verb says never.
    assert {one[1:] for one in differing} <= {("send-up", "illegal_move", "deciding_tier")}
    assert {act for act, _ in tried} >= {"check", "return", "refuse", "hold", "countersign", "seal", "recall"}


def test_what_stands_in_the_way_of_a_case_is_the_same_on_its_page_and_in_its_verbs(world: World) -> None:
    w, second = world, person("second", COUNTY, Role.REVIEWER)
    cases = [submitted(w, n) for n in range(4)]
    handling.transfer(w.county, cases[0].id, to=second.email, reason=WHY, seen=cases[0].version)
    holding.hold_case(w.county, cases[1].id, until=NOW.date() + timedelta(days=3), reason=WHY, seen=cases[1].version)
    also(w.clerks[2], COUNTY, Role.REVIEWER)
    reviews.check(w.county, cases[3].id, seen=cases[3].version)
    found = {
        (act, reason, refused(lambda: call(who, row.id, row.version)))  # noqa: B023 -- called at once
        for who in (w.county, second, w.clerks[2], w.city)
        for row in [application(one.id) for one in cases]
        for act, call in CASE.items() if act != "copy"
        if (reason := grey_at(office_acts.why_not(actor_of(who.email), Act(act), row, None)))
    }  # fmt: skip

    # Where a case has not come, it is not known to be: its page is not drawn either.
    assert {(act, reason, said) for act, reason, said in found if said not in (reason, "not_found")} == set()
    assert {reason for _, reason, said in found if said == reason} == {
        "in_other_hands", "on_hold", "own_case", "not_delegator",
    }  # fmt: skip


def test_what_stands_in_the_way_of_a_title_is_the_same_on_its_page_and_in_its_verbs(world: World) -> None:
    w, [one] = world, named(world)
    found: set[tuple[str, str, str]] = set()
    with clock.at(NOTICE_OVER + timedelta(days=1)):
        also(w.clerks[0], PROVINCE, Role.REVIEWER)
        for change in (titles.suspend, titles.resume):
            row = change(w.province, one.id, reason=WHY, seen=title(one.id).version)
            found |= {
                (act.value, reason, refused(lambda: call(who, row.id, row.version)))  # noqa: B023 -- called at once
                for who in (w.province, w.clerks[0], w.county, w.admin)
                for act, call in TITLE.items()
                if (reason := grey_at(acts.why_not(actor_of(who.email), act, Thing.TITLE, row)))
            }

    assert {reason for _, reason, _ in found} == {"own_case", "not_your_desk", "illegal_move"}
    assert {(act, reason, said) for act, reason, said in found if said != reason} == set()


def grey_at(reason: str | None) -> str:
    """The code of a reason."""
    return reason.split()[1] if reason else ""


def refused(call: Callable[[], Any]) -> str:
    """The code of a refusal; "done" when there is none."""
    try:
        with together(keep=False):
            call()
    except ShenbaoError as error:
        return error.code
    return "done"
