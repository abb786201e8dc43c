"""The recommendation report (推荐报告) of a tier: how its list came about, all of it from the record (domain: 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models import text
from models.errors import NotFoundError
from models.vocabulary import NoticeState, ObjectionState, Outcome, ReplyKind, SlateState, Thing
from workflows.papers.numerals import heading
from workflows.papers.sheet import Said, Sheet, table_of, titled
from workflows.papers.summary import DRAFT, counted, heads, remark
from workflows.queries import papers

if TYPE_CHECKING:
    from models.notice import Notice
    from workflows.queries.papers import Named, Proceedings
    from workflows.record.acting import Actor

_NONE = "记录中没有这一项。"
_OPEN = (ObjectionState.INVESTIGATING, ObjectionState.REPORTED)


def written(actor: Actor | None, slate_id: str) -> Sheet:
    """The report of a list, for the reviewers of its union and of the one above that has it.

    What is not on record is said to be missing, never filled in. Raises NotFoundError,
    ForbiddenError("not_your_desk", "own_case").
    """
    if actor is None:
        raise NotFoundError("not_found", thing=Thing.SLATE.value, given=slate_id)
    listed = papers.named(actor, slate_id)
    told, slate = papers.proceedings(actor, listed), listed.whole.slate
    parts: tuple[tuple[str, list[str]], ...] = (
        ("组织情况", _organisation(listed, told)),
        ("推荐程序", _procedure(told)),
        ("会议研究", _meeting(listed)),
        ("公示情况", [_noticed(one, told) for one in listed.whole.notices] or ["本级没有公示。"]),
        ("征求意见", _consulted(listed, told)),
        ("考察（答辩）", _visited(told)),
        ("推荐名单", []),
        ("推荐意见", _opinion(listed, told)),
    )
    sections = [{"label": heading(n, name), "paragraphs": said} for n, (name, said) in enumerate(parts, 1)]
    at = told.steps[-1].at if told.steps else slate.created_at
    words = {
        "title": titled(f"关于{listed.window.name}的", "推荐报告"), "office": listed.office.name,
        "to": listed.above if slate.sent_to else "",
        "mark": DRAFT if slate.state is SlateState.DRAFTING else "",
        "sections": sections, "list": _list(listed), "list_after": 7, "day": text.day(slate.sealed_at or at),
    }  # fmt: skip
    return Sheet("report", f"推荐报告 {listed.window.name} {listed.office.name}", at, words, _list(listed))


def _organisation(listed: Named, told: Proceedings) -> list[str]:
    counts = {one.outcome: one.n for one in told.reviewed}
    said = [f"{name}{counts[outcome]}项" for outcome, name in (
        (Outcome.CHECKED, "审核通过"), (Outcome.RETURNED, "退回修改"), (Outcome.REFUSED, "不予受理"),
    ) if outcome in counts]  # fmt: skip
    first = f"{listed.office.name}组织开展{listed.window.name}推荐工作"
    return [f"{first}，{'，'.join(said)}。" if said else f"{first}。", f"列入名单{counted(listed.whole.places)}。"]


def _procedure(told: Proceedings) -> list[str]:
    """The acts on the list in their order; a ranking done again and again is told once."""
    steps = [step for n, step in enumerate(told.steps) if n == 0 or step.act is not told.steps[n - 1].act]
    return ["；".join(f"{text.day(step.at)}{text.label(step.act)}" for step in steps) + "。"] if steps else [_NONE]


def _meeting(listed: Named) -> list[str]:
    slate = listed.whole.slate
    signed = [f"参会签字：{'、'.join(map(str, slate.signatories))}。"] if slate.signatories else []
    return ([slate.minutes] if slate.minutes else [_NONE]) + signed


def _noticed(row: Notice, told: Proceedings) -> str:
    """One notice with its days, and what was said against the names in it."""
    span = f"{text.day(row.first_day)}至{text.day(row.last_day)}公示{len(row.snapshot)}项"
    if row.state is NoticeState.OPEN:
        return f"{span}，公示尚未结束。"
    counts = {one.state: one.n for one in told.objected if one.notice_id == row.id}
    if not counts:
        return f"{span}，公示期间未收到异议（名单指纹{row.snapshot_hash[:16]}）。"
    words = ((("不成立", (ObjectionState.DISMISSED,)), ("成立", (ObjectionState.UPHELD,)), ("正在核查", _OPEN),
              ("作为线索留存", (ObjectionState.LEAD,))))  # fmt: skip
    parts = [f"{name}{n}件" for name, states in words if (n := sum(counts.get(state, 0) for state in states))]
    return f"{span}，收到异议{sum(counts.values())}件，其中{'，'.join(parts)}（名单指纹{row.snapshot_hash[:16]}）。"


def _consulted(listed: Named, told: Proceedings) -> list[str]:
    """What each department answered, in numbers: the reason of a refusal stays inside."""
    asked = {d.name: d.label.zh for d in listed.rules.screening.departments} if listed.rules.screening else {}
    said = []
    for name in dict.fromkeys(one.department for one in told.replied):
        counts = {one.reply: one.n for one in told.replied if one.department == name}
        parts = [f"{text.label(kind)}{counts[kind]}项" for kind in ReplyKind if kind in counts]
        parts += [f"尚未答复{counts[None]}项"] if None in counts else []
        said.append(f"{asked.get(name, name)}：征求{sum(counts.values())}项，{'，'.join(parts)}。")
    return said or ["本级没有征求部门意见。"]


def _visited(told: Proceedings) -> list[str]:
    return [
        f"{text.label(one.kind)}{one.n}项（{text.day(one.first)}至{text.day(one.last)}）。"
        if one.first != one.last else f"{text.label(one.kind)}{one.n}项（{text.day(one.first)}）。"
        for one in told.visited
    ] or ["本级没有实地考察或答辩。"]  # fmt: skip


def _opinion(listed: Named, told: Proceedings) -> list[str]:
    """Each opinion that was written of a name; one that several share is said once."""
    called = {one.application_id: one.subject for one in listed.whole.places}
    last = {one.application_id: one for one in told.opinions if one.outcome in (Outcome.RECOMMENDED, Outcome.RESERVE)}
    shared: dict[str, list[str]] = {}
    for place in listed.whole.places:
        if (found := last.get(place.application_id)) is not None and found.opinion.strip():
            shared.setdefault(found.opinion.strip(), []).append(called[place.application_id])
    said = [f"{'、'.join(names)}：{words}" for words, names in shared.items()]
    if listed.whole.slate.sealed_at is not None:
        said.append(f"经集体研究，{listed.office.name}推荐上述名单（{counted(listed.whole.places)}）。")
    return said or [_NONE]


def _list(listed: Named) -> Said:
    rows = [[str(one.rank), one.subject, one.leader_name, one.organization_name, remark(listed.rules, one)]
            for one in listed.whole.places]  # fmt: skip
    return table_of(["序号", *heads(listed.rules), "所在单位", "备注"], rows)
