"""The demo province: Zhejiang's unions at work over four years, made only through the verbs."""

from __future__ import annotations

import json
from datetime import date
from functools import partial
from random import Random
from time import perf_counter
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from models import clock
from models.account import Account
from models.application import Application
from models.base import seeded, table
from models.database import reading
from models.errors import BrokenError
from models.programme import shipped
from models.round import Round
from models.settings import settings
from models.sql import Sql
from models.vocabulary import Line
from workflows.clocks import tallying
from workflows.clocks.sweep import sweep
from workflows.demo import words
from workflows.demo.cases import Casebook
from workflows.demo.diary import Diary, moment
from workflows.demo.live import TODAY, Live, live_days
from workflows.demo.past import PastRound, past_days
from workflows.demo.people import PASSWORD, World, open_unions, open_units, people, planned
from workflows.demo.years import Years, report_due
from workflows.people.organizations import organization
from workflows.people.organizations import seed as seed_unions
from workflows.post.carriers import deliver
from workflows.post.mail import Folder
from workflows.programmes import publish, publish_programme
from workflows.record.acting import actor_of
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from email.message import EmailMessage
    from pathlib import Path

    from models.programme import Programme

__all__ = ["ensure", "make"]

SEED = 7
NAMED = (17, 17, 21)  # applications of the region line in each of the three earlier years
_IN_FOLDER = 120
_COUNTIES = (words.YINZHOU, words.XIHU, words.YUHANG, words.CIXI)
_ANY_ROUND = Sql(sa.select(table(Round).c.id).limit(1), str)
_ANY_ACCOUNT = Sql(sa.select(table(Account).c.id).limit(1), str)
_COUNT: Sql[int] = Sql(sa.select(sa.func.count()).select_from(table(Application)))


def _quiet(_line: str) -> None:
    """Say nothing."""


def ensure(seed: int = SEED, say: Callable[[str], None] = _quiet) -> dict[str, Any]:
    """Make the demo province if the database holds no round yet; answers what was done.

    Raises BrokenError("demo_unfinished") when an earlier try was cut short.
    """
    with reading() as store:
        has_people = store.first(_ANY_ACCOUNT) is not None
        has_rounds = store.first(_ANY_ROUND) is not None
    if has_people and _is_unfinished():
        raise BrokenError("demo_unfinished", folder=str(settings().data_dir))
    if not has_rounds:
        return make(seed, say)
    return {"made": False}


def make(seed: int = SEED, say: Callable[[str], None] = _quiet) -> dict[str, Any]:
    """Make the demo province on the connected database, as of now.

    The same seed on the same moment gives the same rows. `say` gets a line for each stage.
    Writes `demo.json` for the sign-in page.
    """
    began = perf_counter()
    _leave_note(finished=False)
    with seeded(seed):
        _Province(seed, say).tell()
    _leave_note(finished=True)
    with reading() as store:
        made = store.first(_COUNT) or 0
    seconds = round(perf_counter() - began, 1)
    say(f"示范省建成：申报 {made} 件，用时 {seconds} 秒")
    return {"made": True, "applications": made, "people": len(people()), "seconds": seconds}


class _Province:
    """The whole story: its world, and the diary that tells it."""

    def __init__(self, seed: int, say: Callable[[str], None]) -> None:
        self.today = local_date(clock.now())
        self.year = self.today.year
        self.say = say
        self.dice = Random(seed)  # noqa: S311 -- repeatable on purpose, never a secret
        self.diary = Diary(clock.now())
        self.world = World()
        self.book = Casebook(self.dice)
        self.due = report_due(self.today)
        self.rules = demo_programme(self.today, self.due)

    def tell(self) -> None:
        """Enter everything into the diary, then live through it."""
        self._open()
        years = Years(self.world, self.diary, self.dice, self.due)
        for place, number in enumerate(NAMED):
            self._past(self.year - len(NAMED) + place, number, contested=place > 0)
        for year in range(self.year - len(NAMED) + 1, self.year):
            years.past(year, failing=1 + (year == self.year - 1))
        self._live()
        years.live(self.today)
        self._present()
        self.diary.play()
        tallying.note_day()

    def _open(self) -> None:
        """The unions, their officers, the firms and the programme, before the first round."""
        units = planned(self.dice)
        self.world.take(units)
        day = moment(date(self.year - len(NAMED), 1, 15))
        self._say(day, f"建立组织：全国工会组织树、{len(units)} 家单位、各级工作人员")
        for act in (
            seed_unions,
            partial(open_unions, self.world, self.dice, units),
            partial(open_units, self.world, self.dice, units),
            lambda: publish_programme(self.world.admin, code=self.rules.code),
            lambda: publish(self.world.admin, self.rules),
            _archive,
        ):
            self.diary.on(day, act)

    def _past(self, year: int, number: int, *, contested: bool) -> None:
        days = past_days(year)
        units = self.world.of(*_COUNTIES)
        turn = number * (year % len(NAMED))
        cases = self.book.cases(units[turn:] + units[:turn], number, days.day(0))
        if contested:
            cases += self.book.cases(self.world.of(industry=words.SCHOOLS), 3, days.day(0), Line.INDUSTRY)
        self._say(days.at(-11), f"{year}年：申报 {len(cases)} 件，审核、公示、命名")
        PastRound(self.world, self.diary, self.dice, days, self.rules.id).tell(year, cases, contested=contested)
        self.diary.on(days.at(72), _archive)
        self.diary.on(moment(date(year, 12, 30), 18), _archive)

    def _live(self) -> None:
        days = live_days(self.today)
        self._say(days.at(-11), f"{self.year}年：本年度批次，各级办理中")
        Live(self.world, self.diary, self.dice, days, self.rules.id).tell(self.book, self.year)
        for day in (12, 24, 36, TODAY - 3):
            self.diary.on(days.at(day, 18), _archive)
        self.diary.on(days.at(TODAY - 1, 8), lambda: deliver(limit=_IN_FOLDER, carrier=Folder()))

    def _present(self) -> None:
        """Now: what is due today is done, and some of the letters lie in the folder."""
        self._say(self.diary.end, "今天：清扫到期事项，投递信件")
        self.diary.on(self.diary.end, sweep)
        self.diary.on(self.diary.end, lambda: deliver(limit=_IN_FOLDER, carrier=Folder()))

    def _say(self, when: datetime, line: str) -> None:
        self.diary.on(when, partial(self.say, line))


def demo_programme(today: date, due: str) -> Programme:
    """The catalogue's programme, approved for the demo's years; `due` is when reports are due."""
    base = shipped("provincial-studio")
    assessed = base.assessment and base.assessment.model_copy(update={"report_due": due})
    first, last = today.year - len(NAMED) - 1, today.year + 1
    document = f"演示方案（{first}—{last}年），内容同《{base.approval.document}》"
    until = max(base.approval.valid_until, date(last, 12, 31))
    return base.model_copy(update={
        "version": base.version + 1,
        "valid_from": date(first, 1, 1),
        "approval": base.approval.model_copy(update={"document": document, "valid_until": until}),
        "assessment": assessed,
    })  # fmt: skip


class _Archive:
    """Takes the letters of days long past: they were read then, and lie in no folder today."""

    def carry(self, message: EmailMessage) -> None:
        """Take one letter."""

    def rest(self) -> None:
        """Nothing is held between letters."""


def _archive() -> None:
    deliver(limit=10_000, carrier=_Archive())


def _note() -> Path:
    return settings().data_dir / "demo.json"


def _leave_note(*, finished: bool) -> None:
    """Tell the sign-in page whom to offer; also whether the province was finished."""
    offered = [person._asdict() for person in people()]
    for person in offered if finished else ():
        person["organization"] = _unit_of(person["email"])
    content = {"password": PASSWORD, "people": offered, "finished": finished}
    _note().parent.mkdir(parents=True, exist_ok=True)
    _note().write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def _unit_of(email: str) -> str:
    [seat] = actor_of(email).seats
    with reading() as store:
        return organization(store, seat.organization).name


def _is_unfinished() -> bool:
    try:
        return json.loads(_note().read_text(encoding="utf-8")).get("finished") is False
    except FileNotFoundError:
        return False
