"""The money a union gives with its titles: what waits for approval or payment, and the totals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from models.vocabulary import Act, SubsidyState, Thing
from ui.attempt import begin
from ui.components import acts, papers, paying, words
from ui.components.desk import picked_desk
from ui.components.subsidy import said
from ui.components.words import plain, t
from workflows.queries import money
from workflows.rules.money import payment_refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflows.queries.money import Money
    from workflows.record.acting import Actor

_SHOWN = (
    SubsidyState.REQUESTED, SubsidyState.APPROVED, SubsidyState.PAID, SubsidyState.REPORTED, SubsidyState.ELIGIBLE,
    SubsidyState.CLOSED, SubsidyState.RECOVERED, SubsidyState.CANCELLED,
)  # fmt: skip


def main() -> None:
    """The subsidies to act on, and the totals by programme and year."""
    actor = begin()
    st.title(t("补助办理", "Subsidies"), anchor=False)
    desk = picked_desk(actor)
    if desk is None:
        return
    listed, totals = st.tabs([t("待办理", "To act on"), t("合计", "Totals")], key="subsidies:tab")
    with listed:
        _listed(actor, desk)
    with totals:
        _totals(actor, desk)
    papers.export("subsidies", desk=desk)


def _listed(actor: Actor, desk: str) -> None:
    open_ = t("全部未办结", "All that is open")
    chosen = st.selectbox(
        t("状态", "Status"), [None, *_SHOWN], format_func=lambda one: words.label(one) if one else open_,
        key=f"subsidies:state:{desk}",
    )  # fmt: skip
    rows = money.subsidies_at(actor, desk=desk, state=chosen)
    if not rows:
        st.info(t("目前没有补助需要办理。", "No subsidy waits here."))
        return
    st.caption(t("可选择多行，用一张凭证一并拨付。", "Choose several to pay them by one voucher."))
    picked = _picked(rows, desk)
    for one in picked[:1] if len(picked) == 1 else []:
        _one(one)
    _buttons(actor, picked)


def _picked(rows: Sequence[Money], desk: str) -> list[Money]:
    """Show rows and answer the chosen ones: by content, so a changed list drops the choice."""
    event = st.dataframe(
        [_line(one) for one in rows], key=f"subsidies:{desk}:{_mark(rows)}", on_select="rerun",
        selection_mode="multi-row", hide_index=True, alt=t("补助列表", "Subsidies"),
    )  # fmt: skip
    return [rows[n] for n in event.selection.rows]


def _line(one: Money) -> dict[str, Any]:
    row = one.row
    return {
        t("证书编号", "Number"): row.number,
        t("名称", "Name"): row.name,
        t("单位", "Unit"): row.organization_name,
        t("期次", "Stage"): said(one.label),
        t("金额", "Sum"): words.money(row.fen),
        t("状态", "Status"): words.label(row.state),
        t("期限", "Due"): words.until(row.due_at),
        t("暂不拨付的原因", "Held by"): words.label(one.hold) if one.hold else "",
        t("待核查", "Flag"): row.flag,
    }


def _one(one: Money) -> None:
    """The chosen one: where it is paid, and what became of it."""
    row = one.row
    with st.container(border=True):
        st.text(f"{row.number} {row.name} · {said(one.label)} · {words.money(row.fen)}")
        if row.payee:
            st.text(f"{row.payee} · {row.bank} · {row.account_number} · {t('收据', 'receipt')} {row.receipt}")
        for line in row.spent:
            st.text(f"{line['use']} · {words.money(line['fen'])} · {line['words']}")
        if row.recovered_fen:
            st.text(t("已收回：", "Came back: ") + words.money(row.recovered_fen))
        if row.flag:
            st.warning(plain(row.flag))


def _buttons(actor: Actor, picked: list[Money]) -> None:
    mark = _mark(picked)
    with st.container(horizontal=True):
        pay = t("拨付", "Pay")
        if acts.button(pay, _unpayable(actor, picked), key=f"subsidies:pay:{mark}", type="primary"):
            acts.dialog(pay, paying.pay, actor, picked)
        for act, label, body in (
            (Act.APPROVE, t("核准", "Approve"), paying.approve),
            (Act.SEND_BACK, t("退回", "Return"), paying.send_back),
            (Act.END, t("办结", "Close"), paying.close),
            (Act.RECOVER, t("收回", "Recover"), paying.recover),
            (Act.CANCEL, t("取消", "Cancel"), paying.cancel),
        ):
            only = t("请选择一行", "Choose one row")
            reason = only if len(picked) != 1 else acts.why_not(actor, act, Thing.SUBSIDY, picked[0].row)
            if acts.button(label, reason, key=f"subsidies:{act}:{mark}"):
                acts.dialog(label, body, actor, picked[0])


def _unpayable(actor: Actor, picked: Sequence[Money]) -> str | None:
    """Why the chosen ones cannot be paid by this person now."""
    if not picked:
        return t("请先选择要拨付的补助", "Choose the subsidies to pay first")
    hands = {actor.id, *(one.principal for one in actor.lent)}
    for one in picked:
        if (reason := acts.why_not(actor, Act.PAY, Thing.SUBSIDY, one.row)) is not None:
            return reason
        if (code := payment_refusal(one.hold, one.row.approved_by, hands)) is not None:
            return words.code(code, number=one.row.number, hold=one.hold)
    return None


def _totals(actor: Actor, desk: str) -> None:
    found = money.subsidy_totals(actor, desk=desk)
    if not found:
        st.info(t("还没有补助。命名后，项目规定了补助的会列在这里。", "No subsidies yet: those of a naming come here."))
        return
    st.dataframe(
        [
            {
                t("年度", "Year"): total.year,
                t("项目", "Programme"): total.programme_code,
                t("状态", "Status"): words.label(total.state),
                t("笔数", "Number"): total.n,
                t("金额", "Sum"): words.money(total.fen),
                t("收回", "Came back"): words.money(total.recovered_fen),
            }
            for total in found
        ],
        key=f"subsidies:totals:{desk}", hide_index=True, alt=t("补助合计", "Totals of the subsidies"),
    )  # fmt: skip


def _mark(rows: Sequence[Money]) -> int:
    return hash(tuple((one.row.id, one.row.version) for one in rows))


main()
