"""Panels: the pool of experts, the draw with its record, who must stand back, who judges what and who is late."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from models.vocabulary import Role
from ui.attempt import ask, begin
from ui.components import assigning_desk, draw_desk, pool_desk, recusal_desk
from ui.components.words import t
from workflows.queries import judges, panels

if TYPE_CHECKING:
    from workflows.queries.judges import Panel as Bench
    from workflows.record.acting import Actor


def main() -> None:
    """The desk, and one of four tabs about it."""
    actor = begin()
    st.title(t("评审组", "Panels"), anchor=False)
    desk = _desk(actor)
    pool, draw, stand_back, deal = st.tabs([
        t("专家库", "Pool"), t("抽取", "Draw"), t("回避", "Recusal"), t("分派与进度", "Assignment and progress"),
    ])  # fmt: skip
    with pool:
        pool_desk.draw(actor, desk)
    bench = _round(actor, desk)
    with draw:
        draw_desk.draw(actor, desk, bench)
    found = None if bench is None else ask(panels.drawn_panels, actor, round_id=bench.round_id, desk=desk)
    standing = next((one for one in found or [] if one.panel.state == "drawn"), None)
    with stand_back:
        recusal_desk.draw(actor, desk, standing)
    with deal:
        assigning_desk.draw(actor, standing)


def _desk(actor: Actor) -> str:
    """The union whose panels are looked at: a picker where there are several."""
    desks = actor.places(Role.REVIEWER, Role.ADMINISTRATOR)
    if len(desks) == 1:
        return desks[0]
    return st.selectbox(t("单位", "Desk"), desks, key="panels:desk")


def _round(actor: Actor, desk: str) -> Bench | None:
    """The round scored at this desk; a picker where there are several."""
    found = {one.round_id: one for one in judges.panels_of(actor) if one.desk == desk}
    if len(found) <= 1:
        return next(iter(found.values()), None)
    chosen = st.selectbox(t("批次", "Round"), list(found), key=f"panels:round:{desk}",
                          format_func=lambda key: found[key].round_name)  # fmt: skip
    return found[chosen]


main()
