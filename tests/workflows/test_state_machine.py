"""Any order of acts, clicks and clocks: after every step the doctor is content and no quota is over.

The clerks of five units and the reviewers of three tiers press whatever they find, twice and too
late as well; the clock runs on and jumps back. What is refused must change nothing.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from models import clock
from models.errors import BrokenError, ConflictError, ForbiddenError, RefusedError, ShenbaoError
from models.vocabulary import Ground
from tests.worlds import (
    CITY,
    COUNTY,
    NOW,
    PROVINCE,
    World,
    application,
    drafted,
    everything,
    notice_of,
    objection,
    rows,
    slate,
    unit,
)
from workflows import doctor
from workflows.clocks.sweep import sweep
from workflows.deciding.decisions import decide
from workflows.desk.reviews import check, refuse, send_back
from workflows.hearing.notices import close, publish
from workflows.hearing.objections import object_to, report_back, settle, take_up
from workflows.intake.applications import draft, resubmit, revise, submit, withdraw
from workflows.listing.sending import recall, send_up
from workflows.listing.slates import open_slate, rank, seal
from workflows.rounds import issue
from workflows.rules.calendar import local_date

PICK = st.integers(0, 7)
DESKS = st.sampled_from([COUNTY, CITY, PROVINCE])
UNITS = 5
ABOVE = {COUNTY: CITY, CITY: PROVINCE}
FAULTS = [{"field": "topics", "words": "请写明"}]
_OVER = "SELECT count(*) FROM quota WHERE reserved + used > places OR reserved < 0 OR used < 0"
Click = tuple[Callable[..., Any], Any, tuple[Any, ...], dict[str, Any]]


class Office(RuleBasedStateMachine):
    """People at their desks."""

    def __init__(self, make: Callable[[], str], enter: Callable[[str], None], world: World) -> None:
        super().__init__()
        enter(make())
        self.world = world
        self.now = NOW
        self.clicks = 0
        self.last: tuple[Click, Any] | None = None

    def press(self, verb: Callable[..., Any], actor: Any, *args: Any, **given: Any) -> Any:
        """Press a button; what is refused leaves no trace, what is done is told when pressed again."""
        self.clicks += 1
        given["key"] = f"click {self.clicks}"
        before = everything()
        with clock.at(self.now):
            try:
                done = verb(actor, *args, **given)
            except BrokenError:
                raise
            except ShenbaoError:
                assert everything() == before
                return None
        self.last = (verb, actor, args, given), done
        return done

    def found(self, statement: str, pick: int, **values: Any) -> str | None:
        """One of the things a statement finds."""
        ids = [row[0] for row in rows(f"{statement} ORDER BY 1", **values)]
        return ids[pick % len(ids)] if ids else None

    @initialize(names=st.integers(2, UNITS), tiers=st.sampled_from([0, 1, 2, 3, 3, 3]), line=st.integers(1, 3))
    def file(self, names: int, tiers: int, line: int) -> None:
        """Begin with applications that have climbed some of the way."""
        self.issue(COUNTY, 6)
        for n in range(names):
            self.apply(n)
        for desk in (COUNTY, CITY)[:tiers]:
            self.push(desk, 3)
        if tiers > len(ABOVE):
            self.publish(line)

    @rule(n=st.integers(0, UNITS - 1))
    def apply(self, n: int) -> None:
        with clock.at(self.now):
            mine = "SELECT id FROM application WHERE organization = :u AND (live OR state = 'draft')"
            if rows(mine, u=unit(n)) or local_date(self.now) > local_date(NOW + timedelta(days=18)):
                return
            row = drafted(self.world, n)
        self.press(submit, self.world.clerks[n], row.id, seen=row.version)

    @rule(n=st.integers(0, UNITS - 1))
    def begin(self, n: int) -> None:
        self.press(draft, self.world.clerks[n], round_id=self.world.round_id, organization_code=unit(n))

    @rule(n=st.integers(0, UNITS - 1), pick=PICK)
    def withdraw(self, n: int, pick: int) -> None:
        if one := self.found("SELECT id FROM application WHERE organization = :u", pick, u=unit(n)):
            self.press(withdraw, self.world.clerks[n], one, seen=application(one).version)

    @rule(desk=DESKS, pick=PICK)
    def check(self, desk: str, pick: int) -> None:
        if one := self.found("SELECT id FROM application WHERE desk = :d AND NOT checked", pick, d=desk):
            self.press(check, self.world.desk(desk), one, seen=application(one).version)

    @rule(desk=DESKS)
    def check_all(self, desk: str) -> None:
        for pick in range(UNITS):
            self.check(desk, pick)

    @rule(desk=DESKS, pick=PICK, ends=st.sampled_from([False, False, True]))
    def judge(self, desk: str, pick: int, *, ends: bool) -> None:
        one = self.found("SELECT id FROM application WHERE desk = :d", pick, d=desk)
        if one is not None and ends:
            self.press(refuse, self.world.desk(desk), one, reason="不符", seen=application(one).version)
        elif one is not None:
            self.press(send_back, self.world.desk(desk), one, faults=FAULTS, opinion="再次",
                       seen=application(one).version)  # fmt: skip

    @rule(pick=PICK)
    def mend(self, pick: int) -> None:
        if one := self.found("SELECT id FROM application WHERE state = 'returned'", pick):
            clerk = self.world.clerks[int(application(one).subject[-1])]
            self.press(revise, clerk, one, answers={"topics": "写明"}, seen=application(one).version)
            self.press(resubmit, clerk, one, seen=application(one).version)

    @rule(desk=DESKS, line=st.integers(0, UNITS), turn=st.booleans())
    def rank(self, desk: str, line: int, *, turn: bool) -> None:
        drafting = rows("SELECT id, version FROM slate WHERE organization = :d AND state = 'drafting'", d=desk)
        can = "SELECT id FROM application WHERE desk = :d AND checked AND coalesce(slate_id, :s) = :s ORDER BY id"
        ids = [row[0] for row in rows(can, d=desk, s=drafting[0][0] if drafting else "")]
        ids = ids[::-1] if turn else ids
        self.press(rank, self.world.desk(desk), round_id=self.world.round_id, organization_code=desk,
                   main=ids[:line], reserve=ids[line : line + 1], seen=drafting[0][1] if drafting else 0)  # fmt: skip

    @rule(desk=DESKS)
    def seal(self, desk: str) -> None:
        if one := self.found("SELECT id FROM slate WHERE organization = :d AND state = 'drafting'", 0, d=desk):
            self.press(seal, self.world.desk(desk), one, seen=slate(one).version)

    @rule(desk=DESKS, pick=PICK, back=st.sampled_from([False, False, True]))
    def send(self, desk: str, pick: int, *, back: bool) -> None:
        one = self.found("SELECT id FROM slate WHERE organization = :d AND state <> 'drafting'", pick, d=desk)
        if one is not None and back:
            self.press(recall, self.world.desk(desk), one, reason="误报", seen=slate(one).version)
        elif one is not None:
            self.press(send_up, self.world.desk(desk), one, seen=slate(one).version)

    @rule(desk=st.sampled_from([CITY, PROVINCE]), pick=PICK)
    def open(self, desk: str, pick: int) -> None:
        if one := self.found("SELECT id FROM slate WHERE sent_to = :d", pick, d=desk):
            self.press(open_slate, self.world.desk(desk), one, seen=slate(one).version)

    @rule(desk=st.sampled_from([COUNTY, CITY]), line=st.integers(1, 3))
    def push(self, desk: str, line: int) -> None:
        """A tier does its whole work."""
        self.check_all(desk)
        self.rank(desk, line, turn=False)
        self.seal(desk)
        for pick in range(2):
            self.send(desk, pick, back=False)
        self.open(ABOVE[desk], 0)

    @rule(line=st.integers(1, 3))
    def publish(self, line: int) -> None:
        self.check_all(PROVINCE)
        self.rank(PROVINCE, line, turn=False)
        self.seal(PROVINCE)
        for one, version in rows("SELECT id, version FROM slate WHERE organization = :d ORDER BY id", d=PROVINCE):
            self.press(publish, self.world.province, one, seen=version)

    @rule(pick=PICK, signed=st.sampled_from([True, True, False]))
    def object(self, pick: int, *, signed: bool) -> None:
        if one := self.found("SELECT id FROM application WHERE notice_id IS NOT NULL", pick):
            self.press(object_to, None, application(one).notice_id, application_id=one, ground=Ground.DEEDS,
                       words="不实", objector="李四", signed=signed)  # fmt: skip

    @rule(pick=PICK, upheld=st.booleans())
    def hear(self, pick: int, *, upheld: bool) -> None:
        if one := self.found("SELECT id FROM objection", pick):
            outcome = "upheld" if upheld else "dismissed"
            self.press(take_up, self.world.province, one, reason="具体", seen=objection(one).version)
            self.press(report_back, self.world.city, one, finding="已核查", seen=objection(one).version)
            self.press(settle, self.world.province, one, outcome=outcome, reason="研究", seen=objection(one).version)

    @rule()
    def decide(self) -> None:
        for one in [row[0] for row in rows("SELECT id FROM notice WHERE state = 'open' ORDER BY id")]:
            self.press(close, self.world.province, one, seen=notice_of(one).version)
        for one in [row[0] for row in rows("SELECT id FROM slate WHERE state = 'in_notice' ORDER BY id")]:
            self.press(decide, self.world.province, one, number=f"浙总工〔2026〕{self.clicks}号",
                       meeting_on=local_date(self.now), seen=slate(one).version)  # fmt: skip

    @rule()
    def conclude(self) -> None:
        """A notice runs out, and the province decides."""
        self.wait(7)
        self.decide()

    @rule(code=st.sampled_from([COUNTY, CITY]), places=st.integers(0, 6))
    def issue(self, code: str, places: int) -> None:
        before = everything()
        try:
            issue(self.world.admin, round_id=self.world.round_id, organization_code=code, places=places)
        except RefusedError:
            assert everything() == before

    @rule(days=st.sampled_from([1, 1, 3, 7]))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)
        with clock.at(self.now):
            sweep()

    @rule(hours=st.integers(1, 2))
    def turn_back_the_clock(self, hours: int) -> None:
        self.now = max(NOW, self.now - timedelta(hours=hours))
        with clock.at(self.now):
            sweep()

    @precondition(lambda self: self.last is not None)
    @rule()
    def press_again(self) -> None:
        """The same click once more changes nothing and is answered with the same thing."""
        assert self.last is not None
        (verb, actor, args, given), done = self.last
        before = everything()
        with clock.at(self.now):
            again = verb(actor, *args, **given)
        assert everything() == before
        assert again.id == done.id

    @precondition(lambda self: self.last is not None and "seen" in self.last[0][3])
    @rule()
    def press_too_late(self) -> None:
        """Another click on what was seen before the last change is refused and changes nothing."""
        assert self.last is not None
        (verb, actor, args, given), _ = self.last
        before = everything()
        with clock.at(self.now):
            try:
                verb(actor, *args, **{**given, "key": "late"})
            except (ConflictError, ForbiddenError, RefusedError):
                assert everything() == before
            else:
                pytest.fail("a stale click was obeyed")

    @invariant()
    def the_doctor_is_content(self) -> None:
        assert doctor.check() == []

    @invariant()
    def no_quota_is_overstepped(self) -> None:
        assert rows(_OVER) == [(0,)]


def test_no_order_of_acts_breaks_an_invariant(
    worlds: tuple[Callable[[], str], World], enter: Callable[[str], None]
) -> None:
    make, world = worlds

    class Here(Office):
        def __init__(self) -> None:
            super().__init__(make, enter, world)

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=12, stateful_step_count=40, deadline=None,
            suppress_health_check=[*HealthCheck],
        ),
    )  # fmt: skip
