"""The demo's titles through the years: reported, graded, rectified, revoked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from models import clock
from models.title import Assessment, Title
from models.vocabulary import AssessmentState
from workflows.clocks.sweep import sweep
from workflows.demo import words
from workflows.demo.diary import before, moment, working_day
from workflows.demo.people import DOMAIN
from workflows.demo.story import read
from workflows.named.assessments import assess, recheck, report
from workflows.named.titles import end_title, revoke, suspend
from workflows.queries import lists
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from workflows.demo.diary import Diary
    from workflows.demo.people import World
    from workflows.record.acting import Actor

HOLDER = f"holder@{DOMAIN}"
_SOON = timedelta(days=10)
_BEST, _PASS = (9600, 7000)  # hundredths of a point
_RECHECK = timedelta(days=80)  # rectifications take three months
_FAIL = "52.50"


def report_due(today: date) -> str:
    """When reports are due: soon, on whatever day the demo is made (month and day)."""
    soon = today + _SOON
    if soon.year > today.year:
        soon = date(today.year, 12, 28)
    return "02-28" if (soon.month, soon.day) == (2, 29) else max(f"{soon:%m-%d}", "01-12")


class Years:
    """The assessments of every year since the first titles; `due` is the day reports are due."""

    def __init__(self, world: World, diary: Diary, dice: Random, due: str) -> None:
        self.world, self.diary, self.dice = world, diary, dice
        self._month, self._day = map(int, due.split("-"))

    def past(self, year: int, failing: int) -> None:
        """In `year` the year before was assessed; some fail at first, and one of two for good."""
        due = working_day(date(year, self._month, self._day))
        graded = working_day(due + timedelta(days=1))
        again = working_day(graded + _RECHECK)
        self.diary.on(moment(working_day(date(year, 1, 2)), 8, 55), sweep)
        self.diary.on(moment(before(due, 2), 10), lambda: self._report_all(year - 1))
        self.diary.on(moment(graded, 15), lambda: self._grade_all(year - 1, failing))
        self.diary.on(moment(again, 10), lambda: self._recheck(year - 1))
        self.diary.on(moment(working_day(again + timedelta(days=9)), 15), lambda: self._revoke(year))

    def live(self, today: date) -> None:
        """This year's, as far as it has come: some graded, some handed in, some awaited."""
        start = moment(date(today.year, 1, 1), 0, 5)
        self.diary.on(max(start, self._ago(today, 16)), sweep)
        self.diary.on(max(start, self._ago(today, 6)), lambda: self._report_some(today.year - 1))
        self.diary.on(max(start, self._ago(today, 2)), lambda: self._grade_some(today.year - 1))
        self.diary.on(max(start, self._ago(today, 1)), self._end_some)

    @property
    def _province(self) -> Actor:
        return self.world.officers[words.PROVINCE]

    def _ago(self, today: date, number: int) -> datetime:
        return moment(before(today, number), 10, 40)

    def _rows(self, year: int, *states: AssessmentState) -> list[Assessment]:
        rows = lists.assessments(self._province, organization_code=words.PROVINCE, year=year)
        return sorted((row for row in rows if row.state in states), key=lambda row: row.id)

    def _clerk(self, row: Assessment) -> Actor:
        return next(self.world.clerks[u.clerk] for u in self.world.of() if u.code == row.organization)

    def _report_all(self, year: int) -> None:
        for row in self._rows(year, AssessmentState.DUE):
            self._report(row)

    def _report(self, row: Assessment) -> None:
        dice = self.dice
        text = words.REPORT.format(
            topics=dice.randint(1, 6), problems=dice.randint(5, 40), gain=dice.randint(5, 80) * 10,
            pairs=dice.randint(2, 9), talks=dice.randint(1, 8),
        )  # fmt: skip
        report(self._clerk(row), row.id, text=text, seen=row.version)

    def _grade_all(self, year: int, failing: int) -> None:
        self._grade(self._rows(year, AssessmentState.REPORTED), failing)

    def _grade(self, rows: list[Assessment], failing: int) -> None:
        """Grade as one list. The holder a visitor signs in as always passes."""
        own = self.world.clerks[HOLDER].seats[0].organization
        last = [row for row in rows if row.organization != own][-failing:] if failing else []
        assess(self._province, results=[self._result(row, fails=row in last) for row in rows])

    def _result(self, row: Assessment, *, fails: bool) -> dict[str, Any]:
        score = _FAIL if fails else f"{self.dice.randint(_PASS, _BEST) / 100:.2f}"
        remark = "年度计划未完成，经费台账缺失。" if fails else "运行正常，成果推广有力。"
        return {"assessment": row.id, "seen": row.version, "score": score, "remark": remark}

    def _recheck(self, year: int) -> None:
        for place, row in enumerate(self._rows(year, AssessmentState.RECTIFYING)):
            recheck(self._province, row.id, score="51.00" if place else "74.00", seen=row.version)

    def _revoke(self, year: int) -> None:
        failed = [read(Title, row.title_id) for row in self._rows(year - 1, AssessmentState.FAILED)]
        if failed:
            today = local_date(clock.now())
            revoke(
                self._province, titles=[{"title": t.id, "seen": t.version} for t in failed],
                number=f"浙总工〔{today.year}〕41号", meeting_on=today, reason="限期整改后复查仍不合格。",
            )  # fmt: skip

    def _report_some(self, year: int) -> None:
        """The holder a visitor signs in as has not reported yet."""
        own = self.world.clerks[HOLDER].seats[0].organization
        rows = [row for row in self._rows(year, AssessmentState.DUE) if row.organization != own]
        for row in rows[: len(rows) * 3 // 5]:
            self._report(row)

    def _grade_some(self, year: int) -> None:
        rows = self._rows(year, AssessmentState.REPORTED)
        self._grade(rows[: len(rows) * 3 // 5], 2)

    def _end_some(self) -> None:
        """One studio's firm is closed, and another is looked into."""
        titles = lists.titles(self._province, organization_code=words.PROVINCE)
        valid = sorted((t for t in titles if t.state == "valid"), key=lambda t: t.id)
        suspend(self._province, valid[-1].id, reason="接到举报，正在核查。", seen=valid[-1].version)
        end_title(
            self._province,
            valid[-2].id,
            reason="所在单位已注销，称号自然终止。",
            seen=valid[-2].version,
        )
