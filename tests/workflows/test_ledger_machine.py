"""Any order of issuing, splitting, lending and recommending: the books agree, and nobody is ever over."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from models import clock
from models.database import reading
from models.errors import BrokenError, ShenbaoError
from models.vocabulary import Role
from tests.worlds import (
    CITY,
    COUNTY,
    NOW,
    World,
    application,
    checked,
    everything,
    person,
    rows,
    slate,
    submitted,
)
from workflows.desk.reviews import check
from workflows.doctor import lending, places
from workflows.intake.applications import withdraw
from workflows.listing.returning import send_down
from workflows.listing.sending import recall, send_up
from workflows.listing.slates import open_slate, rank, seal
from workflows.places.lending import give_back, lend
from workflows.places.splitting import reclaim, split
from workflows.rounds import issue

BESIDE = "330108"
COUNTIES = (COUNTY, BESIDE)
FEW = st.integers(1, 4)
PICK = st.integers(0, 5)
NAMES = 3
FAULT = [{"field": "topics", "words": "写明"}]
_OVER = "SELECT count(*) FROM quota WHERE reserved + used > places OR reserved < 0 OR used < 0 OR allotted < 0"
# Loans move places about: all that is there came from the issuer or was split.
_CAME = (
    "SELECT (SELECT sum(places) FROM quota), (SELECT sum(CASE WHEN source = 'issuer' THEN n ELSE -n END)"
    " FROM quota_entry WHERE (source = 'issuer' OR target = 'issuer') AND act IN ('issue', 'split', 'reclaim'))"
)


class Ledgers(RuleBasedStateMachine):
    """A city and two of its counties move places about while one of them recommends."""

    def __init__(self, make: Callable[[], str], enter: Callable[[str], None], world: World) -> None:
        super().__init__()
        enter(make())
        self.world = world
        self.neighbour: Any = None

    def press(self, verb: Callable[..., Any], actor: Any, *args: Any, **given: Any) -> Any:
        """Press a button; what is refused leaves no trace."""
        before = everything()
        with clock.at(NOW):
            try:
                return verb(actor, *args, **given)
            except BrokenError:
                raise
            except ShenbaoError:
                assert everything() == before
                return None

    def found(self, statement: str, pick: int, **values: Any) -> str | None:
        """One of the things a statement finds."""
        ids = [row[0] for row in rows(f"{statement} ORDER BY 1", **values)]
        return ids[pick % len(ids)] if ids else None

    def desk(self, code: str) -> Any:
        """Who sits there."""
        return self.world.county if code == COUNTY else self.neighbour

    @initialize()
    def file(self) -> None:
        """Three names at the county, checked."""
        with clock.at(NOW):
            self.neighbour = person("neighbour", BESIDE, Role.REVIEWER)
            checked(self.world, COUNTY, *(submitted(self.world, n).id for n in range(NAMES)))

    @rule(code=st.sampled_from([COUNTY, BESIDE, CITY]), n=st.integers(0, 6))
    def issue(self, code: str, n: int) -> None:
        self.press(issue, self.world.admin, round_id=self.world.round_id, organization_code=code, places=n)

    @rule(code=st.sampled_from(COUNTIES), n=FEW)
    def split(self, code: str, n: int) -> None:
        self.press(split, self.world.city, round_id=self.world.round_id, organization_code=CITY, shares={code: n})

    @rule(code=st.sampled_from(COUNTIES), n=FEW, on=st.booleans())
    def reclaim(self, code: str, n: int, *, on: bool) -> None:
        to = next(other for other in COUNTIES if other != code) if on else None
        self.press(reclaim, self.world.city, round_id=self.world.round_id, organization_code=CITY, of=code, places=n,
                   to=to, reason="调剂")  # fmt: skip

    @rule(code=st.sampled_from(COUNTIES), n=FEW)
    def lend(self, code: str, n: int) -> None:
        to = next(other for other in COUNTIES if other != code)
        self.press(lend, self.desk(code), round_id=self.world.round_id, organization_code=code, to=to, places=n,
                   reason="支援")  # fmt: skip

    @rule(code=st.sampled_from(COUNTIES), pick=PICK, n=st.none() | FEW)
    def give_back(self, code: str, pick: int, n: int | None) -> None:
        if one := self.found("SELECT id FROM quota_loan", pick):
            self.press(give_back, self.desk(code), one, places=n)

    @rule(line=st.integers(1, NAMES))
    def rank_and_seal(self, line: int) -> None:
        ids = [row[0] for row in rows(
            "SELECT a.id FROM application a LEFT JOIN slate s ON s.id = a.slate_id WHERE a.desk = :d AND a.checked"
            " AND (s.id IS NULL OR s.state = 'drafting') ORDER BY 1", d=COUNTY)]  # fmt: skip
        draft = rows("SELECT version FROM slate WHERE organization = :d AND state = 'drafting'", d=COUNTY)
        if not ids:
            return
        made = self.press(rank, self.world.county, round_id=self.world.round_id, organization_code=COUNTY,
                          main=ids[:line], reserve=ids[line:], seen=draft[0][0] if draft else 0)  # fmt: skip
        if made is not None:
            self.press(seal, self.world.county, made.id, seen=made.version)

    @rule(verb=st.sampled_from([send_up, recall]), pick=PICK)
    def move_up_or_back(self, verb: Callable[..., Any], pick: int) -> None:
        if one := self.found("SELECT id FROM slate", pick):
            more = {"reason": "补充"} if verb is recall else {}
            self.press(verb, self.world.county, one, seen=slate(one).version, **more)

    @rule(pick=PICK, whole=st.booleans())
    def give_the_list_back(self, pick: int, *, whole: bool) -> None:
        one = self.found("SELECT id FROM slate WHERE state IN ('sent_up', 'opened')", pick)
        if one is None:
            return
        member = self.found("SELECT application_id FROM slate_entry WHERE slate_id = :s AND NOT reserve", pick, s=one)
        names = None if whole else [{"application": member or "", "faults": FAULT}]
        self.press(send_down, self.world.city, one, seen=slate(one).version, reason="重报", names=names)

    @rule(pick=PICK)
    def open_it(self, pick: int) -> None:
        if one := self.found("SELECT id FROM slate WHERE state = 'sent_up'", pick):
            self.press(open_slate, self.world.city, one, seen=slate(one).version)

    @rule(pick=PICK)
    def check_again(self, pick: int) -> None:
        if one := self.found("SELECT id FROM application WHERE desk = :d AND NOT checked", pick, d=COUNTY):
            self.press(check, self.world.county, one, seen=application(one).version)

    @rule(n=st.integers(0, NAMES - 1))
    def withdraw(self, n: int) -> None:
        one = rows("SELECT id FROM application ORDER BY id")[n][0]
        self.press(withdraw, self.world.clerks[n], one, seen=application(one).version)

    @invariant()
    def books_agree(self) -> None:
        """The doctor is content with every ledger, nobody is over, and nothing came from nowhere."""
        with reading() as store:
            asked = (places.ledgers_agree, places.places_are_taken_once, lending.splits_agree, lending.loans_agree)
            assert [found for ask in asked for found in ask(store)] == []
        assert rows(_OVER) == [(0,)]
        there, came = rows(_CAME)[0]
        assert there == came


def test_the_ledger_is_conserved_in_every_order_of_acts(worlds: Any, enter: Callable[[str], None]) -> None:
    make, world = worlds

    class Here(Ledgers):
        def __init__(self) -> None:
            super().__init__(make, enter, world)

    run_state_machine_as_test(
        Here,
        settings=settings(max_examples=15, stateful_step_count=25, suppress_health_check=list(HealthCheck)),
    )
