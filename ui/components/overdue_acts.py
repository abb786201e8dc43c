"""What an administrator does about overdue work picked from the list: hurry its desks, give it more time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from models.vocabulary import Act, Thing
from ui.attempt import ask, attempt
from ui.components import acts, bulk, keys, links, words
from ui.components.words import plain, t
from workflows.batches import applying
from workflows.clocks import postponing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflows.queries.watch_late import Overdue
    from workflows.record.acting import Actor


def draw(actor: Actor, picked: Sequence[Overdue]) -> None:
    """The acts on the rows picked; grey with the reason where there is none they are for."""
    none = t("请先在列表中选择事项", "Choose something from the list first")
    cases = list(dict.fromkeys(row.thing_id for row in picked if row.thing is Thing.APPLICATION))
    no_case = t("选中的事项里没有申报，无法催办", "None of these is an application, so nobody can be hurried")
    with st.container(horizontal=True, vertical_alignment="center"):
        hurry = acts.button(words.label(Act.CHASE), none if not picked else None if cases else no_case,
                            key="overdue:chase", type="primary")  # fmt: skip
        later = acts.button(words.label(Act.POSTPONE), None if picked else none, key="overdue:postpone")
        links.to(t("移交整个岗位的申报 →", "Hand over somebody's whole desk →"), "colleagues")
    if hurry:
        acts.dialog(words.label(Act.CHASE), _chase, actor, cases)
    if later:
        acts.dialog(words.label(Act.POSTPONE), _postpone, actor, picked)


def _chase(actor: Actor, cases: list[str]) -> None:
    """Hurry whoever has the cases: first which can be hurried now, then the letters."""
    acts.consequences(t(f"向{len(cases)}份申报的经办人或单位发出催办信；近日催办过的不能再催，可以略过，下面写明何时可再催。",
                        f"Whoever has these {len(cases)} applications gets a letter. Those hurried lately "
                        "can be left out; below it is said when they may be hurried again."))  # fmt: skip
    said = st.text_area(t("催办的话（可不填）", "Words (optional)"), max_chars=500, key="overdue:chase:words")
    arguments = {"words": said} if said.strip() else {}
    rows = [{"line": 1, "cases": cases, "act": Act.CHASE.value, "arguments": arguments}]
    told = ask(applying.batch_plan, actor, rows=rows)
    if told is not None:
        bulk.dry_run(actor, told, called=t("从逾期事项催办", "Hurried from the overdue list"), place="overdue")


def _postpone(actor: Actor, picked: Sequence[Overdue]) -> None:
    """Give more time, with the reason; each date by itself, and how many were put off is told."""
    for row in picked[:5]:
        st.text(f"{row.desk_name} · {words.label(row.kind)} · {row.subject or ''} · {words.until(row.due_at)}")
    if len(picked) > 5:  # noqa: PLR2004 -- as many as fit
        st.caption(t(f"等共{len(picked)}项", f"{len(picked)} in all"))
    key = keys.token("postpone", ",".join(row.id for row in picked))
    with st.form(f"form:{key}", border=False):
        day = st.date_input(t("顺延至（工作日，当日24:00）", "Until the end of (a working day)"), value=None,
                            format="YYYY-MM-DD", key=f"until:{key}")  # fmt: skip
        why = st.text_area(t("理由（必填）", "Reason (required)"), max_chars=500, key=f"reason:{key}")
        sent = acts.send(words.label(Act.POSTPONE))
    if not sent:
        return
    if not isinstance(day, date):
        st.error(t("请填写顺延至哪一天。", "Please give the day."))
        return
    done = [row for row in picked if attempt(
        postponing.postpone, actor, row.id, until=day, reason=why, seen_due=row.due_at, key=f"{key}:{row.id}",
        done=plain(t(f"已顺延：{row.subject or words.label(row.kind)}", f"Put off: {row.subject or row.kind}")),
    ) is not None]  # fmt: skip
    if len(done) == len(picked):
        keys.spend(key)
        st.rerun()
    st.warning(t(f"已顺延{len(done)}项，其余{len(picked) - len(done)}项未顺延，原因见上。",
                 f"Put off: {len(done)}. Not put off: {len(picked) - len(done)}, for the reasons above."))  # fmt: skip
