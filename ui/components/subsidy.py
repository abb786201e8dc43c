"""The money of a title as its unit sees it: each stage with what to do now, and by when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from models.vocabulary import DeadlineKind, SubsidyState
from ui.attempt import attempt
from ui.components import acts, keys, words
from ui.components.words import plain, t
from workflows.purse import payments, spending

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflows.queries.money import Coming, Money
    from workflows.record.acting import Actor

_LINES = 10


def stages(actor: Actor, title_id: str, known: Sequence[Money], coming: Sequence[Coming]) -> None:
    """A title's stages, those it has come to and those still ahead."""
    mine = [one for one in known if one.row.title_id == title_id]
    ahead = [one for one in coming if one.title_id == title_id]
    if not mine and not ahead:
        return
    st.divider()
    st.markdown(f"**{t('补助', 'Subsidies')}**")
    for one in mine:
        _stage(actor, one)
    for next_one in ahead:
        _ahead(next_one)


def said(label: dict[str, str]) -> str:
    """A label of the programme in the reader's language."""
    return label[words.spoken()]


def _stage(actor: Actor, one: Money) -> None:
    row = one.row
    st.text(words.beside(said(one.label), words.money(row.fen), words.label(row.state)))
    if row.voucher:
        paid = t("凭证号：", "Voucher: ") + row.voucher
        st.caption(plain(f"{words.day(row.paid_at)} {paid}"))
    if row.due_at is not None and (todo := _to_do(row.due_kind)):
        due = words.due(row.due_at)
        st.warning(t(f"{todo}，期限：{due}", f"{todo}, due: {due}"), icon=":material/schedule:")
    if one.hold is not None:
        st.info(plain(t("暂不拨付：", "Not paid for now: ") + words.label(one.hold)))
    if row.spent:
        st.caption(plain("；".join(f"{line['use']} {words.money(line['fen'])}" for line in row.spent)))
    if row.state is SubsidyState.ELIGIBLE:
        _ask(actor, one, t("申请拨付", "Request payment"))
    elif row.state is SubsidyState.REQUESTED:
        _ask(actor, one, t("修改收款信息", "Change the payee"))
    elif row.due_kind is DeadlineKind.SUBSIDY_REPORT:
        _account(actor, one)


def _to_do(kind: DeadlineKind | None) -> str:
    """What the unit itself is to do now; nothing while the deciding union has it."""
    said_ = {
        DeadlineKind.SUBSIDY_STAGE: t("请申请拨付", "Please request payment"),
        DeadlineKind.SUBSIDY_REPORT: t("请报告使用情况", "Please report how it was spent"),
    }
    return said_.get(kind, "") if kind else ""


def _ahead(one: Coming) -> None:
    opens = words.day(one.opens_on)
    when = t(f"{opens}起可申请", f"may be requested from {opens}")
    st.text(words.beside(said(one.label), words.money(one.fen), when))
    if one.hold is not None:
        st.caption(plain(t("目前的障碍：", "In the way now: ") + words.label(one.hold)))


def _ask(actor: Actor, one: Money, label: str) -> None:
    if st.button(label, key=f"ask:{one.row.id}:{one.row.version}"):
        acts.dialog(label, _request, actor, one)


def _request(actor: Actor, one: Money) -> None:
    """Where to pay: kept from strangers' eyes."""
    row, key = one.row, keys.token("request-subsidy", one.row.id, one.row.version)
    acts.consequences(
        words.beside(said(one.label), words.money(row.fen)),
        t("账号只有本单位申报员和命名工会审核员能看到。",
          "The account is seen by your unit's clerks and the deciding union's reviewers only."),
    )  # fmt: skip
    with st.form(f"form:{key}", border=False):
        given: dict[str, Any] = {
            "payee": st.text_input(t("收款单位（人）", "Payee"), row.payee, max_chars=120, key=f"payee:{key}"),
            "bank": st.text_input(t("开户银行", "Bank"), row.bank, max_chars=120, key=f"bank:{key}"),
            "account_number": st.text_input(t("银行账号", "Account"), row.account_number, max_chars=60,
                                            key=f"account:{key}"),
            "receipt": st.text_input(t("收据号", "Receipt number"), row.receipt, max_chars=120, key=f"receipt:{key}"),
        }  # fmt: skip
        sent = acts.send(t("申请拨付", "Request payment"))
    if sent and attempt(payments.request_subsidy, actor, row.id, seen=row.version, key=key,
                        done=t("已申请拨付", "Requested"), **given) is not None:  # fmt: skip
        st.rerun()


def _account(actor: Actor, one: Money) -> None:
    """The expenses in a table; what is left of the sum is unspent."""
    row, key = one.row, keys.token("account-for", one.row.id, one.row.version)
    lines = _lines(one, key)
    st.caption(t("填写用途、金额（元）和说明；余下的即为结余。", "Give the use, sum and purpose. The rest is unspent."))
    if not st.button(t("报告使用情况", "Report the spending"), key=f"account:{row.id}:{row.version}", type="primary"):
        return
    if attempt(spending.account_for, actor, row.id, spent=lines, seen=row.version, key=key,
               done=t("使用情况已报告", "The spending was reported")) is not None:  # fmt: skip
        st.rerun()


def _lines(one: Money, key: str) -> list[dict[str, Any]]:
    column, uses = st.column_config, [said(use) for use in one.uses]
    use = t("用途", "Use")
    table: list[dict[str, Any]] = st.data_editor(
        [{"use": None, "yuan": "", "words": ""} for _ in range(_LINES)], key=f"spent:{key}", hide_index=True,
        num_rows="fixed", placeholder="", on_change="ignore", alt=t("支出明细", "Expenses"),
        column_config={
            "use": column.SelectboxColumn(use, options=uses) if uses else column.TextColumn(use, max_chars=60),
            "yuan": column.TextColumn(t("金额（元）", "Sum in yuan"), max_chars=20),
            "words": column.TextColumn(t("说明", "What for"), max_chars=500),
        },
    )  # fmt: skip
    given = [{name: str(line[name] or "") for name in ("use", "yuan", "words")} for line in table]
    return [line for line in given if any(line.values())]
