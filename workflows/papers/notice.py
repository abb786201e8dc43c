"""The notice (公示) for the wall: the frozen list in its public order, its days, where to object, and its hash."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from models import text
from models.settings import settings
from models.writing import until
from workflows.papers.numerals import subheading
from workflows.papers.sheet import Said, Sheet, table_of
from workflows.papers.summary import heads
from workflows.queries import lists, public

if TYPE_CHECKING:
    from models.programme import Programme
    from workflows.queries.public import Candidate, Published
    from workflows.record.acting import Actor

_POSTMARK = "书面意见以邮戳日期为准。"


def written(_actor: Actor | None, notice_id: str) -> Sheet:
    """A public notice as it hangs on the wall; anybody may have it. Raises NotFoundError.

    The list is the frozen one; a typing error put right since stands beside it, as on the public page.
    """
    shown = public.published_notice(None, notice_id)
    row, rules = shown.notice, lists.rules_of(shown.notice.round_id)
    words = {
        "title": f"{shown.round_name}公示", "round": shown.round_name, "office": shown.office,
        "count": len(shown.candidates), "span": f"{text.day(row.first_day)}至{text.day(row.last_day)}",
        "ends": until(row.ends_at), "derivation": row.derivation, "hash": row.snapshot_hash,
        "day": text.day(row.opened_at), "address": address(f"/notices/{row.id}"),
        "postmark": _POSTMARK if rules.objections.postmark else "",
        "places": "、".join(place.zh for place in shown.places),
        "groups": _groups(shown, rules), "corrections": _corrections(shown),
    }  # fmt: skip
    return Sheet("notice", f"{shown.round_name}公示 {shown.office}", row.opened_at, words,
                 table_of([*_columns(shown, rules), "地区"],
                          [[*_row(shown, one), one.area] for one in shown.candidates]))  # fmt: skip


def address(path: str) -> str:
    """Where a page is found by those who hold the paper; empty where the installation has no public address."""
    base = settings().public_url.rstrip("/")
    return f"{base}{path}" if base else ""


def _groups(shown: Published, rules: Programme) -> list[Said]:
    """The list area by area where the programme orders it so, else in one piece; numbers run on."""
    columns = _columns(shown, rules)
    if rules.notice.order != "area" or len({one.area for one in shown.candidates}) < 2:  # noqa: PLR2004 -- one area needs no heading
        return [table_of(columns, [_row(shown, one) for one in shown.candidates])]
    grouped = groupby(shown.candidates, key=lambda one: one.area)
    return [
        table_of(columns, [_row(shown, one) for one in members], label=subheading(n, area or "其他"))
        for n, (area, members) in enumerate(grouped, 1)
    ]


def _columns(shown: Published, rules: Programme) -> list[str]:
    return ["序号", *heads(rules), "所在单位", "推荐单位", *_shows(shown)]


def _shows(shown: Published) -> list[str]:
    """The further fields that the programme publishes, by their labels, each once."""
    return list(dict.fromkeys(pair["label"]["zh"] for one in shown.candidates for pair in one.shows))


def _row(shown: Published, one: Candidate) -> list[str]:
    told = {pair["label"]["zh"]: pair["value"]["zh"] for pair in one.shows}
    return [str(one.number), one.subject, one.leader_name, one.organization_name, one.recommended_by,
            *(told.get(name, "") for name in _shows(shown))]  # fmt: skip


def _corrections(shown: Published) -> list[str]:
    return [
        f"第{one.number}号：“{each.before}”更正为“{each.after}”（{text.day(each.at)}）"
        for one in shown.candidates
        for each in one.corrected
    ]
