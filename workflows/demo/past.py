"""The demo's earlier rounds: from the opening day to the decision, with titles at their end."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from models.vocabulary import Ground, Line
from workflows.demo import words
from workflows.demo.diary import Days, working_day
from workflows.demo.heard import Hearing

if TYPE_CHECKING:
    from workflows.demo.cases import Case

_LENGTH = 80  # working days from the opening to the end


def opening(year: int) -> date:
    """The opening day of an earlier year's round."""
    return working_day(date(year, 3, 2))


def past_days(year: int) -> Days:
    """The plan of an earlier year's round."""
    return Days(opening(year), _LENGTH)


class PastRound(Hearing):
    """A whole round: all but a few of the cases are named in the end."""

    def tell(self, year: int, cases: list[Case], *, contested: bool) -> None:
        """Enter all of it."""
        self.plan(year, closing=25)
        ranked = self._climb(cases)
        self.sealed(words.PROVINCE, ranked, 47, reserve=2)
        self.publish(48, 47)
        if contested:
            self._contest(*ranked[:2])
            self.publish(52, 47)
        self.close(58)
        self.decide(62, 47, f"浙总工〔{year}〕18号")
        self.finish(68)
        self.sweep(26, 50, 59, 70)

    def _climb(self, cases: list[Case]) -> list[Case]:
        """Up to the province; four of the region line end on the way, one draft is never handed in."""
        region = [c for c in cases if c.line is Line.REGION]
        industry = [c for c in cases if c.line is Line.INDUSTRY]
        refused, withdrawn, low, middle, never = (region.pop() for _ in range(5))
        self.draft(never, 9, "results", "topics")
        self.hand_in([c for c in cases if c is not never], 1, 12)
        self.refuse([refused], 0, 14, 17)
        self.withdraw([withdrawn], 14, 17)
        self.check([*region, low, middle], 0, 13, 17)
        self.recommend([*region, middle], 0, 20)
        self.check([*region, middle], 1, 22, 27)
        self.check(industry, 0, 22, 27)
        self.recommend(region, 1, 30)
        self.recommend(industry, 0, 30)
        self.check(region, 2, 32, 41)
        self.check(industry, 1, 32, 41)
        return [*region, *industry]

    def _contest(self, struck: Case, cleared: Case) -> None:
        for case, ground in ((struck, Ground.AUTHORSHIP), (cleared, Ground.CONDUCT)):
            self.object_to(case, ground, 49)
        self.report_back(struck, 50, "经核查专利登记，情况属实。")
        self.report_back(cleared, 50, "经查阅事故台账，无相关记录。")
        self.settle(struck, 51, "upheld", "主要成果并非该团队取得，取消资格。")
        self.settle(cleared, 51, "dismissed", "查无实据，予以驳回。")
