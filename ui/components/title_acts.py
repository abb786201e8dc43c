"""What ends or holds a title: a revocation by document, a suspension, a natural end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from models.vocabulary import Act, EndCause
from ui.attempt import attempt
from ui.components import acts, keys, words
from ui.components.words import t
from workflows import titles

if TYPE_CHECKING:
    from workflows.acting import Actor
    from workflows.queries.docket import Given

_VERBS = {Act.SUSPEND: titles.suspend, Act.RESUME: titles.resume, Act.END: titles.end_title}
_NO_CAUSE = "—"


def revoke(actor: Actor, rows: list[Given]) -> None:
    """Revoke the chosen titles by one numbered document."""
    key = keys.token("revoke", "-".join(row.id for row in rows), "-".join(str(row.version) for row in rows))
    acts.consequences(
        t(f"撤销 {len(rows)} 个称号，不能恢复：", f"Revokes {len(rows)} titles for good:"),
        *(f"{row.number} {row.name}" for row in rows),
        t("理由将告知持有单位。", "The holders are told the reason."),
    )
    with st.form(f"form:{key}", border=False):
        number = st.text_input(t("文号", "Document number"), placeholder="浙总工〔2026〕15号", key=f"number:{key}")
        meeting = st.date_input(t("会议日期", "Date of the meeting"), value=None, key=f"meeting:{key}")
        reason = st.text_area(t("理由（必填）", "Reason (required)"), max_chars=2000, key=f"reason:{key}")
        sent = acts.send(t("撤销称号", "Revoke"))
    if sent and meeting is None:
        st.error(t("请填写会议日期。", "Please give the date of the meeting."))
        return
    chosen = [{"title": row.id, "seen": row.version} for row in rows]
    if sent and attempt(titles.revoke, actor, titles=chosen, number=number, meeting_on=meeting, reason=reason,
                        key=key, done=t("称号已撤销", "Revoked")) is not None:  # fmt: skip
        st.rerun()


def by_hand(actor: Actor, row: Given, act: Act) -> None:
    """Suspend, resume or end one title, with the reason."""
    key = keys.token(act, row.id, row.version)
    acts.consequences(f"{row.number} {row.name}")
    with st.form(f"form:{key}", border=False):
        cause = _cause(key) if act is Act.END else {}
        reason = st.text_area(t("理由（必填）", "Reason (required)"), max_chars=500, key=f"reason:{key}")
        sent = acts.send(words.label(act))
    if sent and attempt(_VERBS[act], actor, row.id, reason=reason, seen=row.version, key=key, **cause,
                        done=t("已办理", "Done")) is not None:  # fmt: skip
        st.rerun()


def _cause(key: str) -> dict[str, Any]:
    """Why a title ends without blame, where one of the programme's causes is it."""
    picked = st.selectbox(t("终止原因", "Cause"), [_NO_CAUSE, *EndCause], key=f"cause:{key}",
                          format_func=lambda one: words.label(one) if one in list(EndCause) else one)  # fmt: skip
    return {} if picked == _NO_CAUSE else {"cause": EndCause(picked)}
