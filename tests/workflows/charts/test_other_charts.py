"""The lives of slates, notices, objections, rounds, titles and assessments, each as a table."""

from enum import StrEnum
from itertools import product

import pytest

from models.vocabulary import (
    AccountState,
    Act,
    AssessmentState,
    ExpertState,
    MeetingState,
    NoticeState,
    ObjectionState,
    PanelState,
    RoundState,
    SlateState,
    SubsidyState,
    Thing,
    TitleState,
)
from workflows.charts.advance import CHARTS, advance, offered
from workflows.charts.strict import Facts

# `act` stays, `act>state` leads there, `act?yes:no` asks whether it passed (`.` is to stay, `!` cannot be),
# `act=free:failed:passed` whether something is still owed, `act~yes:again:no` whether there is a chance left.
DATES = "postpone recount"
PLACES = "extend issue split reclaim lend give-back"
LEADERS = "depart nominate succeed decline lapse correct postpone recount"
TABLES: dict[Thing, tuple[type[StrEnum], dict[str, str]]] = {
    Thing.SLATE: (SlateState, {
        "drafting": "rank seal>sealed end>decided withdraw attach undo",
        "sealed": "recall>drafting send-up>sent_up publish>in_notice end>decided promote withdraw confirm attach undo",
        "in_notice": "send-up>sent_up publish decide?decided:. end>decided promote withdraw confirm attach undo",
        "sent_up": "recall>drafting open>opened end>decided promote withdraw attach send-down>drafting undo",
        "opened": "end>decided promote withdraw accept send-down>drafting undo",
        "decided": "",
    }),
    Thing.NOTICE: (NoticeState, {"open": "correct attach close>closed recount", "closed": "attach postpone recount"}),
    Thing.OBJECTION: (ObjectionState, {
        "lead": "take-up>investigating admit?investigating:. answer?upheld:dismissed attach recount",
        "investigating": "extend report-back>reported dismiss>dismissed uphold>upheld attach withdraw>lead"
                         " admit?!:lead recount",
        "reported": "dismiss>dismissed uphold>upheld attach postpone recount",
        "dismissed": "",
        "upheld": "",
    }),
    Thing.ROUND: (RoundState, {
        "planned": f"{PLACES} open>open",
        "open": f"{PLACES} close>reviewing",
        "reviewing": f"{PLACES} end>finished",
        "finished": "",
    }),
    Thing.TITLE: (TitleState, {
        "valid": f"start>assessment_due rectify>rectifying suspend>suspended revoke>revoked end>ended {LEADERS}",
        "assessment_due": (
            f"assess?valid:rectifying rectify>rectifying warn suspend>suspended revoke>revoked end>ended {LEADERS}"
        ),
        "rectifying": f"recheck?valid:. suspend>suspended revoke>revoked end>ended {LEADERS}",
        "suspended": f"resume=valid:rectifying:assessment_due revoke>revoked end>ended {LEADERS}",
        "revoked": "",
        "ended": "",
    }),
    Thing.ASSESSMENT: (AssessmentState, {
        "due": f"report>reported rectify>rectifying revoke>failed {DATES}",
        "reported": f"assess~graded:rectifying:failed rectify>rectifying revoke>failed {DATES}",
        "graded": "",
        "rectifying": f"recheck~passed:.:failed revoke>failed {DATES}",
        "passed": "",
        "failed": "",
    }),
    Thing.SUBSIDY: (SubsidyState, {
        "eligible": f"request>requested cancel>cancelled {DATES}",
        "requested": f"request approve>approved return>eligible cancel>cancelled {DATES}",
        "approved": f"pay>paid return>eligible cancel>cancelled {DATES}",
        "paid": f"account-for>reported end>closed flag recover>recovered {DATES}",
        "reported": f"return>paid end>closed flag recover>recovered {DATES}",
        "closed": f"flag recover>recovered {DATES}",
        "recovered": "",
        "cancelled": "",
    }),
    Thing.EXPERT: (ExpertState, {"active": "revise end>retired", "retired": ""}),
    Thing.PANEL: (PanelState, {"drawn": f"accept replace assign call-off>dissolved {DATES}", "dissolved": ""}),
    Thing.MEETING: (MeetingState, {
        "planned": "move-on>running close>closed", "running": "move-on close>closed", "closed": "",
    }),
    Thing.ACCOUNT: (AccountState, {
        "active": "seat vacate depute grant-token end-token link-identity unlink-identity word-letter unword-letter"
                  " relieve correct hand-over disable>disabled",
        "disabled": "hand-over unlink-identity",
    }),
}  # fmt: skip


def expected(state: str, acts: str, facts: Facts) -> dict[str, str]:
    """What a line of a table says: by act, the state it leads to."""
    found = {}
    for word in acts.split():
        act, _, target = word.partition(">")
        if "?" in word:
            act, _, ways = word.partition("?")
            target = ways.split(":")[0 if facts.passed else 1]
        if "~" in word:
            act, _, ways = word.partition("~")
            target = ways.split(":")[0 if facts.passed else 2 - facts.owing]
        if "=" in word:
            act, _, ways = word.partition("=")
            target = ways.split(":")[facts.owing * (1 + facts.passed)]
        if target != "!":
            found[act] = state if target in ("", ".") else target
    return found


@pytest.mark.parametrize("thing", TABLES)
def test_every_act_leads_where_the_table_says_and_nowhere_else(thing: Thing) -> None:
    kind, table = TABLES[thing]
    assert set(table) == {state.value for state in kind}
    for state, acts in table.items():
        for passed, owing in product((False, True), repeat=2):
            facts = Facts(passed=passed, owing=owing)

            led = {act.value: advance(thing, state, act, facts) for act in offered(thing, state, facts)}

            assert led == expected(state, acts, facts), state
            for act in set(Act) - offered(thing, state, facts):
                assert advance(thing, state, act, facts) is None


def test_every_chart_is_in_a_table() -> None:
    assert set(TABLES) | {Thing.APPLICATION} == set(CHARTS)


def test_a_list_sent_down_in_part_stays_where_it_is() -> None:
    for state in (SlateState.SENT_UP, SlateState.OPENED):
        assert advance(Thing.SLATE, state, Act.SEND_DOWN, Facts(part=True)) == state
