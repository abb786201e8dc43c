"""One round of the demo, told on the days of its plan: handed in, checked, ranked, sent up."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from models.application import Application
from models.database import reading
from models.round import Round
from models.slate import Slate
from workflows.clocks.sweep import sweep
from workflows.demo import words
from workflows.demo.certificate import certificate
from workflows.desk.reviews import check, refuse, send_back
from workflows.intake.applications import draft, resubmit, revise, submit, withdraw
from workflows.intake.attachments import attach
from workflows.listing.sending import send_up
from workflows.listing.slates import open_slate, rank, seal
from workflows.record.claiming import look
from workflows.rounds import issue, plan_round
from workflows.rules.calendar import ends_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from random import Random

    from workflows.demo.cases import Case
    from workflows.demo.diary import Days, Diary
    from workflows.demo.people import World
    from workflows.record.acting import Actor

T = TypeVar("T")
PLACES = {"county": 20, "city": 30}
_BEST, _WORST = 9700, 7200  # hundredths of a point


class Story:
    """A round's plan: which case does what on which day (working days since the opening)."""

    def __init__(self, world: World, diary: Diary, dice: Random, days: Days, programme: str) -> None:
        self.world, self.diary, self.dice, self.days = world, diary, dice, days
        self.programme = programme
        self.round_id = ""
        self.slates: dict[tuple[str, int], str] = {}
        self.notices: list[str] = []
        self.objections: dict[str, str] = {}

    def plan(self, year: int, closing: int) -> None:
        """Plan the round before its opening day, and hand out the places."""
        self.diary.on(self.days.at(-10), lambda: self._plan(year, closing))
        for day in (0, closing + 1):
            self.sweep(day)

    def sweep(self, *days: int) -> None:
        """Let the clock do its work on the mornings of these days."""
        for day in days:
            self.diary.on(self.days.at(day, 8, 55), sweep)

    def hand_in(self, cases: Iterable[Case], first: int, last: int) -> None:
        """Draft in the morning of some day, submit in its afternoon."""
        for case in cases:
            day = self.dice.randint(first, last)
            self.draft(case, day)
            self.diary.on(self._hour(day, 14), partial(self._submit, case))

    def draft(self, case: Case, day: int, *without: str) -> None:
        """Begin an application, with some fields still empty."""
        answers = {name: value for name, value in case.answers.items() if name not in without}
        self.diary.on(self._hour(day, 9), lambda: self._draft(case, answers, file=not without))

    def check(self, cases: Iterable[Case], step: int, first: int, last: int) -> None:
        """Pass the check of a tier on some day."""
        for case in cases:
            words_of = self.dice.choice(words.OPINIONS)
            self.diary.on(self._some_hour(first, last), partial(self._check, case, step, words_of))

    def recommend(
        self,
        cases: Iterable[Case],
        step: int,
        day: int,
        *,
        reserve: int = 0,
        sent: bool = True,
        opened: bool = True,
    ) -> None:
        """Each desk ranks and seals its cases; its list goes up, and is opened the day after."""
        for desk, own in self.by_desk(cases, step).items():
            self.sealed(desk, own, day, reserve=reserve)
            if sent:
                self.diary.on(self.days.at(day, 15), partial(self._send, desk, day))
            if sent and opened:
                above = own[0].desks[step + 1]
                self.diary.on(self.days.at(day + 1, 9, 30), partial(self._open, desk, above, day))

    def sealed(self, desk: str, cases: Sequence[Case], day: int, *, reserve: int = 0) -> None:
        """A desk writes its list and its meeting seals it."""
        self.rank(desk, cases, day, reserve=reserve)
        self.diary.on(self.days.at(day, 11), partial(self._seal, desk, day))

    def rank(self, desk: str, cases: Sequence[Case], day: int, *, reserve: int = 0) -> None:
        """A desk writes its list, best first."""
        points = sorted(self.dice.sample(range(_WORST, _BEST), len(cases)), reverse=True)
        scores = [f"{p / 100:.2f}" for p in points]
        self.diary.on(self._hour(day, 10), lambda: self._rank(desk, cases, scores, day, reserve))

    def send_back(self, cases: Iterable[Case], step: int, day: int, *, mended: int = 0) -> None:
        """Return cases with a fault each; those that are mended come back that day."""
        for case in cases:
            field, fault = self.dice.choice(words.FAULTS)
            self.diary.on(self._hour(day, 11), partial(self._send_back, case, step, field, fault))
            if mended:
                self.diary.on(self._hour(mended, 10), partial(self._mend, case, field))

    def refuse(self, cases: Iterable[Case], step: int, first: int, last: int) -> None:
        """Do not accept cases."""
        for case in cases:
            reason = self.dice.choice(words.REFUSALS)
            self.diary.on(self._some_hour(first, last), partial(self._refuse, case, step, reason))

    def withdraw(self, cases: Iterable[Case], first: int, last: int) -> None:
        """Let cases be taken back by their applicants."""
        for case in cases:
            self.diary.on(self._some_hour(first, last), partial(self._withdraw, case))

    def by_desk(self, cases: Iterable[Case], step: int) -> dict[str, list[Case]]:
        """Cases by the desk of a step."""
        found: dict[str, list[Case]] = {}
        for case in cases:
            found.setdefault(case.desks[step], []).append(case)
        return found

    def slate(self, desk: str, day: int) -> Slate:
        """The list a desk made on a day, as it is now."""
        return read(Slate, self.slates[desk, day])

    def officer(self, desk: str) -> Actor:
        """Who acts for a union."""
        return self.world.officers[desk]

    def _hour(self, day: int, hour: int) -> datetime:
        return self.days.at(day, hour, self.dice.randrange(60))

    def _some_hour(self, first: int, last: int) -> datetime:
        return self._hour(self.dice.randint(first, last), self.dice.choice((9, 10, 13, 14, 15, 16)))

    def _plan(self, year: int, closing: int) -> None:
        made = plan_round(
            self.world.admin, programme=self.programme, organization_code=words.PROVINCE, year=year,
            opens_at=self.days.at(0), closes_at=ends_at(self.days.day(closing)),
        )  # fmt: skip
        self.round_id = made.id
        for desk in self.world.desks:
            places = PLACES["city" if desk.endswith("00") or desk in words.INDUSTRIES else "county"]
            issue(self.world.admin, round_id=made.id, organization_code=desk, places=places)

    def _draft(self, case: Case, answers: dict[str, object], *, file: bool) -> None:
        made = draft(self._clerk(case), round_id=self.round_id, organization_code=case.unit.code, line=case.line,
                     answers=answers)  # fmt: skip
        case.id = made.id
        if file:
            self._attach(case, "荣誉证书")

    def _attach(self, case: Case, title: str) -> None:
        attach(self._clerk(case), case.id, slot="honour_proof", filename=f"{title}.pdf",
               content=certificate(f"{title} {case.answers['leader_name']}"), seen=self.row(case).version)  # fmt: skip

    def _submit(self, case: Case) -> None:
        submit(self._clerk(case), case.id, seen=self.row(case).version)

    def _check(self, case: Case, step: int, opinion: str) -> None:
        check(self.officer(case.desks[step]), case.id, seen=self.row(case).version, opinion=opinion)

    def _rank(self, desk: str, cases: Sequence[Case], scores: Sequence[str], day: int, reserve: int) -> None:
        items = [{"application": c.id, "score": score} for c, score in zip(cases, scores, strict=True)]
        line = len(items) - reserve
        made = rank(self.officer(desk), round_id=self.round_id, organization_code=desk, main=items[:line],
                    reserve=items[line:])  # fmt: skip
        self.slates[desk, day] = made.id

    def _seal(self, desk: str, day: int) -> None:
        slate = self.slate(desk, day)
        seal(self.officer(desk), slate.id, seen=slate.version, minutes=words.MINUTES)

    def _send(self, desk: str, day: int) -> None:
        slate = self.slate(desk, day)
        send_up(self.officer(desk), slate.id, seen=slate.version)

    def _open(self, desk: str, above: str, day: int) -> None:
        slate = self.slate(desk, day)
        open_slate(self.officer(above), slate.id, seen=slate.version)

    def _send_back(self, case: Case, step: int, field: str, fault: str) -> None:
        send_back(self.officer(case.desks[step]), case.id, faults=[{"field": field, "words": fault}],
                  seen=self.row(case).version)  # fmt: skip

    def _mend(self, case: Case, field: str) -> None:
        if field == "honour_proof":
            self._attach(case, "荣誉证书（补正）")
        else:
            better = case.answers[field] + 1 if field == "team_size" else f"{case.answers[field]}（已补正）"
            revise(self._clerk(case), case.id, answers={field: better}, seen=self.row(case).version)
        resubmit(self._clerk(case), case.id, seen=self.row(case).version)

    def _refuse(self, case: Case, step: int, reason: str) -> None:
        refuse(self.officer(case.desks[step]), case.id, reason=reason, seen=self.row(case).version)

    def _withdraw(self, case: Case) -> None:
        withdraw(self._clerk(case), case.id, seen=self.row(case).version, reason="本单位另有安排")

    def _clerk(self, case: Case) -> Actor:
        return self.world.clerks[case.unit.clerk]

    def row(self, case: Case) -> Application:
        """A case as it is now."""
        return read(Application, case.id)

    def round(self) -> Round:
        """The round as it is now."""
        return read(Round, self.round_id)


def read(model: type[T], thing_id: str) -> T:
    """A thing as it is now."""
    with reading() as store:
        return look(store, model, thing_id)
