"""The demo's round of this year: open today, with work at every desk."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from models.vocabulary import Ground, Line
from workflows.demo import words
from workflows.demo.diary import Days, before
from workflows.demo.heard import Hearing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflows.demo.cases import Case, Casebook
    from workflows.demo.people import Unit

TODAY = 46  # today, in working days since the opening
_CLOSING = TODAY + 5
_LENGTH = TODAY + 12
_FAR = ("330110", "330212", "330282", "330782", "330302", "330603")
_AT_THE_PROVINCE = (
    (7, ("330402",)),
    (14, ("330106", "330108", "331002")),
    (8, ("330502", "331102")),
)
_VISITORS = ("applicant@", "holder@")
_QUIET = tuple(c.code for c in words.COUNTIES if c.code != words.XIHU)


def live_days(today: date) -> Days:
    """The plan of this year's round: it opened so long ago that there is something to see."""
    return Days(before(today, TODAY), _LENGTH)


class Live(Hearing):
    """This year's round; `book` writes its applications."""

    def tell(self, book: Casebook, year: int) -> None:
        """Enter all of it."""
        self.book = book
        self.plan(year, _CLOSING)
        self._in_notice()
        self._at_the_province()
        self._at_the_cities()
        self._on_their_way_up()
        self._at_the_counties()
        self._at_the_industries()
        self._given_back()
        self._left()
        self._drafts()
        self.sweep(2, 10, 20, 30, 37, *range(39, TODAY))

    def _cases(self, number: int, counties: Sequence[str] = (), industry: str | None = None) -> list[Case]:
        """So many applications, on the line of an industry union if one is named."""
        units = [u for u in self.world.of(*counties, industry=industry) if not u.clerk.startswith(_VISITORS)]
        line = Line.INDUSTRY if industry else Line.REGION
        return self.book.cases(units, number, self.days.day(0), line)

    def _in_notice(self) -> None:
        """Published two working days ago: two contested, one of them reported on, and a lead."""
        cases = self._cases(20, _FAR)
        industry = self._cases(2, industry=words.SCHOOLS)
        self.hand_in([*cases, *industry], 1, 8)
        self.check(cases, 0, 9, 12)
        self.recommend(cases, 0, 14)
        self.check(cases, 1, 16, 20)
        self.check(industry, 0, 16, 20)
        self.recommend(cases, 1, 22)
        self.recommend(industry, 0, 22)
        self.check(cases, 2, 24, 36)
        self.check(industry, 1, 24, 36)
        ranked = [*cases, *industry]
        self.sealed(words.PROVINCE, ranked, TODAY - 3, reserve=3)
        self.publish(TODAY - 2, TODAY - 3)
        self.object_to(ranked[0], Ground.CONDUCT, TODAY - 1)
        self.object_to(ranked[1], Ground.AUTHORSHIP, TODAY - 1)
        self.object_to(ranked[2], Ground.GRADE, TODAY - 1, signed=False)
        self.report_back(ranked[1], TODAY - 1, "经核查，专利第一发明人确为该团队成员，署名顺序已由登记机关更正。")

    def _at_the_province(self) -> None:
        """A part overdue, a part checked, a part on the next list in draft."""
        late, old, new = (self._cases(number, counties) for number, counties in _AT_THE_PROVINCE)
        for cases, shift, opened in ((late, 0, True), (old, 2, True), (new, 6, False)):
            self.hand_in(cases, 8 + shift, 16 + shift)
            self.check(cases, 0, 17 + shift, 19 + shift)
            self.recommend(cases, 0, 22 + shift)
            self.check(cases, 1, 24 + shift, 28 + shift)
            self.recommend(cases, 1, 35 + shift, opened=opened)
        self.check([*late[:3], *old[:8]], 2, 39, TODAY - 2)
        self.rank(words.PROVINCE, [*late[:2], *old[:3]], TODAY - 1)
        self.send_back(old[8:10], 2, TODAY - 1)
        self.withdraw(old[10:11], 41, TODAY - 1)

    def _at_the_cities(self) -> None:
        """Opened by the cities: some overdue, some checked, a list in draft and a sealed one."""
        cases = self._cases(30, (words.XIHU, "330109", "330212", "330282", "330802", "330481"))
        self.hand_in(cases, 18, 26)
        self.check(cases, 0, 27, 31)
        self.recommend(cases[::3], 0, 37)
        self.recommend([c for i, c in enumerate(cases) if i % 3], 0, 40)
        desks = self.by_desk(cases, 1)
        done = [case for own in desks.values() for case in own[: len(own) * 2 // 3]]
        self.check(done, 1, 42, TODAY - 2)
        of_hangzhou, of_ningbo = ([c for c in done if c.desks[1] == city] for city in (words.HANGZHOU, words.NINGBO))
        self.rank(words.HANGZHOU, of_hangzhou[:3], TODAY - 1)
        self.sealed(words.NINGBO, of_ningbo[:4], TODAY - 1, reserve=1)

    def _on_their_way_up(self) -> None:
        """Sent up and not yet opened: they can still be recalled; one left and a reserve name rose."""
        cases = self._cases(14, ("330110", "330782", "330382"))
        self.hand_in(cases, 30, 34)
        self.check(cases, 0, 35, 39)
        self.recommend(cases, 0, TODAY - 5, reserve=1, opened=False)
        self.withdraw(cases[:1], TODAY - 3, TODAY - 2)

    def _at_the_counties(self) -> None:
        """Xihu's desk is full; the others have a handful each."""
        full, others = self._cases(34, (words.XIHU,)), self._cases(52, _QUIET)
        self.hand_in(full, 38, TODAY - 1)
        self.hand_in(others[:32], 40, TODAY - 1)
        early = others[32:]
        self.hand_in(early, 39, 42)
        self.check(early, 0, 43, TODAY - 2)
        desks = self.by_desk(early, 0)
        self.rank(words.YINZHOU, desks[words.YINZHOU], TODAY - 1)
        self.sealed(words.YIWU, desks[words.YIWU], TODAY - 1)
        ready = self._cases(6, (words.XIHU,))
        self.hand_in(ready, 36, 37)
        self.check(ready, 0, 38, TODAY - 2)

    def _at_the_industries(self) -> None:
        """The line beside the cities."""
        for code in words.INDUSTRIES:
            cases = self._cases(7, industry=code)
            self.hand_in(cases, 35, TODAY - 2)
            old = self._cases(3, industry=code)
            self.hand_in(old, 30, 34)
            self.check(old, 0, 36, TODAY - 2)

    def _given_back(self) -> None:
        """Returned and awaited, returned and mended, returned and given up."""
        awaited, mended, given_up = (
            self._cases(8, _QUIET),
            self._cases(4, (words.XIHU,)),
            self._cases(5, _QUIET),
        )
        self.hand_in([*awaited, *mended, *given_up], 33, 35)
        self.send_back(awaited[:4], 0, TODAY - 2)
        self.send_back(awaited[4:], 0, TODAY - 1)
        self.send_back(mended, 0, 41, mended=43)
        self.send_back(given_up, 0, 37)

    def _left(self) -> None:
        refused, withdrawn = self._cases(6, _QUIET), self._cases(6)
        self.hand_in([*refused, *withdrawn], 20, 28)
        self.refuse(refused, 0, 30, 33)
        self.withdraw(withdrawn, 30, 40)

    def _drafts(self) -> None:
        """Begun only; the applicant a visitor signs in as has one ready to submit and one returned."""
        for case in self._cases(18):
            self.draft(case, self.dice.randint(30, TODAY - 1), "results", "training")
        own: list[Unit] = [self.world.units[words.XIHU][0]]
        ready, returned, waiting = self.book.cases(own, 3, self.days.day(0))
        self.draft(ready, TODAY - 1)
        self.hand_in([returned, waiting], 36, 38)
        self.send_back([returned], 0, TODAY - 1)
