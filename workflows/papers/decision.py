"""The decision (决定): a numbered document of a collective body with its annexed list, or a revocation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models import text
from models.vocabulary import DecisionKind
from workflows.papers.numerals import subheading
from workflows.papers.sheet import Said, Sheet, table_of, titled
from workflows.papers.summary import heads
from workflows.queries import papers

if TYPE_CHECKING:
    from workflows.queries.papers import Document
    from workflows.record.acting import Actor


def written(_actor: Actor | None, decision_id: str) -> Sheet:
    """A decision with its list by area; decisions are public. Raises NotFoundError."""
    found = papers.document(decision_id)
    naming = found.row.kind is DecisionKind.NAMING
    groups = _named(found) if naming else [_revoked(found)]
    words = {
        "title": _title(found), "office": found.office, "number": found.row.number,
        "paragraphs": _naming(found) if naming else _revocation(found),
        "day": text.day(found.row.decided_at), "hash": found.row.annex_hash,
        "annex": "命名名单" if naming else "撤销名单", "groups": groups,
    }  # fmt: skip
    name = f"{found.row.number} {words['title']}".replace("\n", "")
    return Sheet("decision", name, found.row.decided_at, words, _whole(found, groups))


def _title(found: Document) -> str:
    called = found.rules.title.name.zh if found.rules else "称号"
    if found.row.kind is DecisionKind.NAMING:
        return titled("关于命名", f"{found.round_name or called}的决定")
    return titled("关于撤销", f"{called}的决定")


def _naming(found: Document) -> list[str]:
    """What a naming says: who decided on which day, how many, and that the list is annexed."""
    count = sum(len(group["names"]) for group in found.row.annex)
    called = found.rules.title.name.zh if found.rules else found.round_name
    basis = f"根据《{found.rules.approval.document}》，" if found.rules and found.rules.approval.document else ""
    body = f"{basis}经{_meeting(found)}研究，决定命名附件所列{count}项为{called}。"
    return [body, "名单经公示并按规定程序审核，作为本决定附件一并印发。"]


def _revocation(found: Document) -> list[str]:
    row = found.row
    earlier = f"{found.withdrawn}命名的" if found.withdrawn else ""
    told = [f"经{_meeting(found)}研究，决定撤销{earlier}附件所列{len(row.annex)}项称号。"]
    told += [f"撤销理由：{row.reason}"] if row.reason else []
    return told + ([f"有关单位应于{text.day(row.return_by)}前交回牌匾和证书。"] if row.return_by else [])


def _meeting(found: Document) -> str:
    return f"{text.day(found.row.meeting_on)}{found.row.body}"


def _named(found: Document) -> list[Said]:
    """The annexed groups as tables: by area, by result, or one; certificate numbers where they are given."""
    columns = ["序号", *(heads(found.rules) if found.rules else ["名称", "领衔人"]), "所在单位", "证书编号"]
    groups, number = [], 0
    for group in found.row.annex:
        rows = [_line(found, line, number + n) for n, line in enumerate(group["names"], 1)]
        number += len(rows)
        groups.append((_called(found, group), table_of(columns, rows)))
    several = len(groups) > 1
    return [
        {**made, "label": subheading(n, called) if called and several else called}
        for n, (called, made) in enumerate(groups, 1)
    ]


def _called(found: Document, group: dict[str, Any]) -> str:
    result = group.get("result")
    return str(result["zh"]) if result else found.areas.get(group["area"], "")


def _line(found: Document, line: dict[str, Any], number: int) -> list[str]:
    title = found.titles.get(line["application"])
    award = f"（{line['outside']['zh']}）" if line.get("outside") else ""
    return [str(number), line["subject"] + award, line["leader_name"], line["organization_name"],
            title.number if title else ""]  # fmt: skip


def _revoked(found: Document) -> Said:
    rows = [[str(n), line["name"], line["number"]] for n, line in enumerate(found.row.annex, 1)]
    return table_of(["序号", "名称", "证书编号"], rows)


def _whole(found: Document, groups: list[Said]) -> Said:
    """The whole list in one table for the workbook, the group as a column where there are any."""
    if not any(group["label"] for group in groups):
        return table_of(groups[0]["columns"], [row for group in groups for row in group["rows"]])
    called = [_called(found, group) for group in found.row.annex]
    rows = [[*row, name] for name, group in zip(called, groups, strict=True) for row in group["rows"]]
    return table_of([*groups[0]["columns"], "组别" if "result" in found.row.annex[0] else "地区"], rows)
