"""The summary table (汇总表) of a tier's list: one row a candidate, the columns those of the programme's form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models import text
from models.errors import NotFoundError
from models.vocabulary import SlateState, Thing
from workflows.papers.form import said
from workflows.papers.sheet import Said, Sheet, table_of
from workflows.queries import papers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.application import Application
    from models.programme import FieldRule, Programme
    from workflows.queries.lists import Placed
    from workflows.queries.papers import Named
    from workflows.record.acting import Actor

ON_PAPER = 4  # columns of the programme's own that a landscape page has room for
DRAFT = "草稿　未确认"


def written(actor: Actor | None, slate_id: str) -> Sheet:
    """The summary table of a list, for whoever may see the list: main names in their order, then the reserve.

    On paper stand the first short fields of the form, in the workbook all of them; private ones nowhere.
    Raises NotFoundError.
    """
    if actor is None:
        raise NotFoundError("not_found", thing=Thing.SLATE.value, given=slate_id)
    listed = papers.named(actor, slate_id)
    slate = listed.whole.slate
    at = slate.sealed_at or slate.created_at
    words = {
        "title": f"{listed.window.name}推荐汇总表", "office": listed.office.name,
        "mark": DRAFT if slate.state is SlateState.DRAFTING else "",
        "day": text.day(at), "count": counted(listed.whole.places),
        "list": table(listed, _short(listed.rules)[:ON_PAPER]),
    }  # fmt: skip
    return Sheet("summary", f"{listed.window.name}推荐汇总表 {listed.office.name}", at, words,
                 table(listed, _open(listed.rules)))  # fmt: skip


def counted(places: Sequence[Placed]) -> str:
    """How many names a list holds: 正式3项，备选1项."""
    reserve = sum(one.reserve for one in places)
    return f"正式{len(places) - reserve}项" + (f"，备选{reserve}项" if reserve else "")


def table(listed: Named, fields: Sequence[FieldRule]) -> Said:
    """A list as a table with these fields of its form between the unit and the remark."""
    places, rules = listed.whole.places, listed.rules
    scored = any(one.score is not None for one in places)
    columns = ["序号", *heads(rules), "所在单位", *(f.label.zh for f in fields), *(["得分"] if scored else []), "备注"]
    rows = [_row(rules, one, listed.members[one.application_id], fields, scored=scored) for one in places]
    return table_of(columns, rows)


def heads(rules: Programme) -> list[str]:
    """What the programme calls its subject and the leader: 工作室名称, 领衔人姓名."""
    asked = {name: rules.field(name) for name in (rules.subject_name, rules.leader_name) if name}
    subject, leader = (asked.get(name or "") for name in (rules.subject_name, rules.leader_name))
    return [subject.label.zh if subject else "名称", leader.label.zh if leader else "领衔人"]


def _row(rules: Programme, one: Placed, row: Application, fields: Sequence[FieldRule], *, scored: bool) -> list[str]:
    score = [] if not scored else ["" if one.score is None else points(one.score)]
    return [str(one.rank), one.subject, one.leader_name, one.organization_name,
            *(said(f, row.answers.get(f.name)) for f in fields), *score, remark(rules, one)]  # fmt: skip


def points(score: int) -> str:
    """Hundredths of a point as written: 9125 is 91.25."""
    return f"{score // 100}.{score % 100:02d}"


def remark(rules: Programme, one: Placed) -> str:
    """What sets a name apart: the reserve, a pool of its own, an award beyond the quota."""
    awards = {award.name: award.label.zh for award in rules.quota.outside}
    pools = {pool.name: pool.label.zh for pool in rules.quota.pools}
    told = ["备选" if one.reserve else "", pools.get(one.pool, ""), awards.get(one.outside, "")]
    return "，".join(filter(None, told))


def _open(rules: Programme) -> list[FieldRule]:
    """The fields a list may show: none that is private, and not the two that have columns of their own."""
    own = {rules.subject_name, rules.leader_name}
    return [f for f in rules.fields if not f.private and f.kind != "person_id" and f.name not in own]


def _short(rules: Programme) -> list[FieldRule]:
    return [f for f in _open(rules) if f.kind not in ("long", "email", "phone")]
