"""Stages of money that come with a title's age: opened by the sweep, once, when nothing is open about it."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import sqlalchemy as sa

from models.base import table
from models.database import reading, transaction
from models.round import ProgrammeVersion
from models.sql import Sql, bind
from models.subsidy import Subsidy
from models.title import Title
from models.vocabulary import Thing, TitleState
from workflows.clocks import aside
from workflows.programmes import programme_of
from workflows.purse import money, subsidies
from workflows.record.acting import SYSTEM
from workflows.rules.calendar import local_date
from workflows.rules.money import hold, named_by

if TYPE_CHECKING:
    from datetime import date

    from models import programme
    from models.database import Store

_T, _S = table(Title).c, table(Subsidy).c
BATCH, STEP = aside.BATCH, "subsidies_opened"
_VERSIONS: Sql[str] = Sql(sa.select(table(ProgrammeVersion).c.id).order_by(table(ProgrammeVersion).c.id))
_WAITING = aside.line(
    STEP,
    Title,
    sa.select(table(Title))
    .where(
        _T.programme_code == bind("code", _T.programme_code),
        _T.programme == bind("programme", _T.programme),
        _T.state.in_([TitleState.VALID, TitleState.ASSESSMENT_DUE]),
        _T.id > bind("after", _T.id),
        _T.named_on <= bind("by", _T.named_on),
        _T.named_on > bind("since", _T.named_on),
        ~sa.exists().where(_S.title_id == _T.id, _S.stage == bind("stage", _S.stage)),
    )
    .order_by(_T.id)
    .with_for_update(key_share=True, skip_locked=True),
    Thing.TITLE,
)


def open_anniversaries() -> int:
    """Open every stage whose months since the naming are over, the day after their last one (domain: 9.15).

    What an objection, a rectification, a suspension or a failed assessment holds back stays where
    it is and is looked at again by every sweep. Answers how many were opened.
    """
    with reading() as store:
        versions = store.all(_VERSIONS)
    return aside.each(STEP, versions, _open_of)


def _open_of(version: str) -> int:
    with reading() as store:
        rules = programme_of(store, version)
    return sum(
        _open(rules.id, rules.code, rule, rules.valid_from)
        for rule in rules.subsidies
        if rule.trigger == "anniversary" and rule.after_months and rule.yuan
    )


def _open(version: str, code: str, rule: programme.Subsidy, valid_from: date) -> int:
    done, after, months = 0, "", rule.after_months or 0
    while True:
        with transaction() as store:
            # A period that was over before the programme was in force gives nothing.
            since = named_by(valid_from - timedelta(days=1), months)
            by = named_by(local_date(store.now) - timedelta(days=1), months)
            one = aside.batch(
                store, _WAITING, partial(_give, store, rule), code=code, programme=version, after=after, by=by,
                since=since, stage=rule.stage, now=store.now,
            )  # fmt: skip
        done += one.done
        if one.found < BATCH:
            return done
        after = one.last


def _give(store: Store, rule: programme.Subsidy, rows: list[Title]) -> int:
    return subsidies.open_stages(store, SYSTEM, _free(store, rule, rows))


def _free(store: Store, rule: programme.Subsidy, rows: list[Title]) -> list[subsidies.Opening]:
    standing = money.standings(store, (row.id for row in rows))
    free = [row for row in rows if hold(standing[row.id], needs_grade=rule.needs_grade) is None]
    return [subsidies.Opening(row, rule, (rule.yuan or 0) * 100) for row in free]
