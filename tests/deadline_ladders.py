"""The reminders of each kind of deadline in words, as docs/deadlines.md has them."""

from models.vocabulary import DeadlineKind
from workflows.post.ladders import LADDERS, REPORTS, Rung, Whom

WHO = {Whom.OWNER: "经办 owner", Whom.HEAD: "本级管理员 head", Whom.ABOVE: "上一级 tier above"}


def words(kind: DeadlineKind) -> str:
    """A ladder as one cell: when, and whom."""
    if kind in REPORTS:
        return "按项目文件 by the programme (`remind_before`, `remind_after`, `written_notice_after`)"
    return "；".join(_rung(rung) for rung in LADDERS[kind]) or "—"


def _rung(rung: Rung) -> str:
    day = "当日 0" if rung.days == 0 else f"{'前' if rung.days < 0 else '后'}{abs(rung.days)}天 {rung.days:+d}"
    return f"{day}：{'、'.join(WHO[one] for one in rung.to)}"
