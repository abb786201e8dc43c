"""What ends or holds titles, by document or by hand, one or a whole batch; and who leads one after another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from models.vocabulary import Act, EndCause
from ui.attempt import attempt
from ui.components import acts, keys, words
from ui.components.succeeding import told
from ui.components.words import t
from workflows.deciding import withdrawals
from workflows.named import successions, titles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.title import Decision, Title
    from workflows.queries.register import Given
    from workflows.queries.standing import Change
    from workflows.record.acting import Actor

_VERBS = {Act.SUSPEND: titles.suspend, Act.RESUME: titles.resume, Act.END: titles.end_title}
_NO_CAUSE = "—"
_SHOWN = 30


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
    with acts.keeping(actor, row, act.value), st.form(f"form:{key}", border=False):
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


def settle(actor: Actor, row: Given, change: Change) -> None:
    """Approve the successor that a unit proposed, or decline with words."""
    key = keys.token("settle", row.id, row.version)
    renamed = change.new_name not in ("", row.name)
    unspent = None if change.unspent_fen is None else words.money(change.unspent_fen)
    acts.consequences(
        f"{row.number} {row.name}",
        told(change),
        t(f"同意后名称改为“{change.new_name}”", f"Approved, its name becomes “{change.new_name}”") if renamed else None,
        t(f"尚未使用的补助：{unspent}", f"Subsidy not yet spent: {unspent}") if unspent else None,
        t("不同意的，称号由命名单位另行终止。", "Declined, the title is then to be ended."),
    )
    with acts.keeping(actor, row, "settle"), st.form(f"form:{key}", border=False):
        approved = st.radio(
            t("决定", "Decision"), [True, False], index=None, horizontal=True, key=f"approved:{key}",
            format_func=lambda yes: t("同意更换", "Approve") if yes else t("不同意", "Decline"),
        )  # fmt: skip
        said = st.text_area(t("意见（不同意时必填）", "Words (required for a no)"), max_chars=500, key=f"words:{key}")
        sent = acts.send(t("确认办理", "Settle it"))
    if sent and approved is None:
        st.error(t("请选择同意或不同意。", "Please choose."))
    elif sent and attempt(successions.settle_succession, actor, row.id, approved=approved, words=said,
                          seen=row.version, key=key, done=t("已办理", "Done")) is not None:  # fmt: skip
        st.rerun()


def withdraw(actor: Actor, named: Decision, left: Sequence[Title]) -> None:
    """Revoke by one new document everything that is left of an earlier decision."""
    key = keys.token("withdraw-decision", named.id, len(left))
    acts.consequences(
        t(f"撤回文件{named.number}，其命名的 {len(left)} 个称号全部撤销，不能恢复：",
          f"Withdraws document {named.number}: all {len(left)} titles left of it are revoked for good:"),
        *(f"{row.number} {row.name}" for row in left[:_SHOWN]),
        "……" if len(left) > _SHOWN else None,
        t("理由和交回牌匾、证书的期限将告知各持有单位。", "The holders are told the reason and the day of return."),
    )  # fmt: skip
    with st.form(f"form:{key}", border=False):
        number = st.text_input(t("文号", "Document number"), placeholder="浙总工〔2026〕15号", key=f"number:{key}")
        meeting = st.date_input(t("会议日期", "Date of the meeting"), value=None, key=f"meeting:{key}")
        reason = st.text_area(t("理由（必填）", "Reason (required)"), max_chars=2000, key=f"reason:{key}")
        days = st.number_input(t("几日内交回牌匾、证书（自会议次日起算）", "Days to return plates and certificates"),
                               min_value=1, max_value=365, value=20, step=1, key=f"days:{key}")  # fmt: skip
        sure = st.checkbox(t(f"我确认撤销这 {len(left)} 个称号", f"Yes, revoke these {len(left)} titles"),
                           key=f"sure:{key}")  # fmt: skip
        sent = acts.send(t("撤回整批决定", "Withdraw the whole decision"))
    if not sent:
        return
    if meeting is None:
        st.error(t("请填写会议日期。", "Please give the date of the meeting."))
    elif not sure:
        st.error(t("请勾选确认。", "Please tick the box to confirm."))
    elif attempt(withdrawals.withdraw_decision, actor, named.id, number=number, meeting_on=meeting, reason=reason,
                 return_by=int(days), key=key, done=t("整批决定已撤回", "Withdrawn")) is not None:  # fmt: skip
        st.rerun()
