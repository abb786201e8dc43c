"""On every page: for whom somebody may act there beside themselves, and the choice to act as oneself alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ui.components import words
from ui.components.words import plain, t
from ui.session import ALONE
from workflows.queries import colleagues

if TYPE_CHECKING:
    from workflows.queries.colleagues import Standing
    from workflows.record.acting import Actor

_MOST = 3


def show(actor: Actor) -> None:
    """Whose seats this person acts in, at which desk and until when; nothing for whom nobody lends one.

    Who chose to act alone is told so, and may choose otherwise. The choice ends with the browser's session.
    """
    if actor.is_alone:
        st.info(t("您正只以本人身份办理：不使用代理的岗位。", "You act as yourself only; no seat lent to you is used."),
                icon=":material/person:")  # fmt: skip
        st.button(t("恢复代理身份", "Act as deputy again"), key="banner:again", on_click=_choose, args=(False,))
        return
    if not actor.lent or not (found := colleagues.standing_in(actor)):
        return
    lines = [_line(one) for one in found[:_MOST]]
    if len(found) > _MOST:
        lines.append(plain(t(f"另有{len(found) - _MOST}项代理", f"and {len(found) - _MOST} more")))
    note = t("凡须借此岗位办理的，办理记录写明两人姓名。",
             "Whatever needs such a seat is recorded under both names.")  # fmt: skip
    st.warning("  \n".join([*lines, plain(note)]), icon=":material/supervisor_account:")
    st.button(t("只以本人身份办理", "Act as myself only"), key="banner:alone", on_click=_choose, args=(True,))


def _choose(alone: bool) -> None:  # noqa: FBT001 -- a button's one argument
    st.session_state[ALONE] = alone


def _line(one: Standing) -> str:
    seat = f"{one.organization_name} · {words.label(one.role)}"
    said = t(f"您正代 {one.principal} 办理（{seat}），至 {words.until(one.ends_at)}",
             f"You act for {one.principal} ({seat}), until {words.until(one.ends_at)}")  # fmt: skip
    return f"**{plain(said)}**"
