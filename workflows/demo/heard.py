"""The last part of a round: the notice, what is said against it, the decision."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal

from models import clock
from models.notice import Notice, Objection
from models.vocabulary import Ground, NoticeState
from workflows.deciding.decisions import decide
from workflows.demo import words
from workflows.demo.story import Story, read
from workflows.hearing.notices import close, publish
from workflows.hearing.objections import object_to, report_back, settle
from workflows.rounds import finish

if TYPE_CHECKING:
    from workflows.demo.cases import Case

_GROUNDS = {
    Ground.AUTHORSHIP: "所列专利的第一发明人并非该工作室成员。",
    Ground.CONDUCT: "领衔人所在班组上年度发生过安全责任事故。",
    Ground.GRADE: "该工作室水平一般，不应入选。",
}


class Hearing(Story):
    """A story up to its notice and beyond."""

    def publish(self, day: int, ranked: int) -> None:
        """Publish the province's list that was ranked on a day, or those that rose on it since."""
        self.diary.on(self.days.at(day, 9, 10), partial(self._publish, ranked))

    def object_to(self, case: Case, ground: Ground, day: int, *, signed: bool = True) -> None:
        """Somebody objects to a name; unsigned words are kept as a lead."""
        self.diary.on(self._hour(day, 10), partial(self._object, case, ground, signed=signed))

    def report_back(self, case: Case, day: int, finding: str) -> None:
        """The recommending union reports what it found."""
        self.diary.on(self._hour(day, 14), partial(self._report_back, case, finding))

    def settle(self, case: Case, day: int, outcome: Literal["dismissed", "upheld"], reason: str) -> None:
        """The deciding union settles what was reported."""
        self.diary.on(self._hour(day, 15), partial(self._settle, case, outcome, reason))

    def close(self, *days: int) -> None:
        """Close the notices that are over on a day."""
        for day in days:
            self.diary.on(self.days.at(day, 9, 20), self._close)

    def decide(self, day: int, ranked: int, number: str) -> None:
        """Name the list by a numbered document."""
        self.diary.on(self.days.at(day, 15), partial(self._decide, day, ranked, number))

    def finish(self, day: int) -> None:
        """End the round; the next sweep tells whoever was not named."""
        self.diary.on(
            self.days.at(day, 16),
            lambda: finish(self.world.admin, self.round_id, seen=self.round().version),
        )

    def _publish(self, ranked: int) -> None:
        slate = self.slate(words.PROVINCE, ranked)
        self.notices.append(publish(self.officer(words.PROVINCE), slate.id, seen=slate.version).id)

    def _object(self, case: Case, ground: Ground, *, signed: bool) -> None:
        made = object_to(
            self.officer(words.PROVINCE) if signed else None, str(self.row(case).notice_id), application_id=case.id,
            ground=ground, words=_GROUNDS[ground], objector="职工来信人" if signed else "",
            contact="letter@example.cn" if signed else "", signed=signed,
        )  # fmt: skip
        self.objections[case.id] = made.id

    def _report_back(self, case: Case, finding: str) -> None:
        own = read(Objection, self.objections[case.id])
        report_back(self.officer(str(own.investigator)), own.id, finding=finding, seen=own.version)

    def _settle(self, case: Case, outcome: Literal["dismissed", "upheld"], reason: str) -> None:
        own = read(Objection, self.objections[case.id])
        settle(self.officer(own.organization), own.id, outcome=outcome, reason=reason, seen=own.version)

    def _close(self) -> None:
        for notice_id in self.notices:
            notice = read(Notice, notice_id)
            if notice.state is NoticeState.OPEN and notice.ends_at <= clock.now():
                close(self.officer(notice.organization), notice.id, seen=notice.version)

    def _decide(self, day: int, ranked: int, number: str) -> None:
        slate = self.slate(words.PROVINCE, ranked)
        decide(
            self.officer(words.PROVINCE),
            slate.id,
            number=number,
            meeting_on=self.days.day(day),
            seen=slate.version,
        )
