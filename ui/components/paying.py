"""What a deciding union does with a subsidy: approve, pay, return, close, recover, cancel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ui.attempt import attempt
from ui.components import acts, keys, words
from ui.components.subsidy import said
from ui.components.words import t
from workflows.purse import payments, spending

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from workflows.queries.money import Money
    from workflows.record.acting import Actor


def pay(actor: Actor, picked: list[Money]) -> None:
    """Write down that one voucher paid the chosen ones, all or none."""
    rows = [one.row for one in picked]
    key = keys.token("pay", "-".join(row.id for row in rows), "-".join(str(row.version) for row in rows))
    total = words.money(sum(row.fen for row in rows))
    acts.consequences(
        t(f"{len(rows)} 笔，合计 {total}：", f"{len(rows)} payments, {total} in all:"),
        *(f"{row.number} {row.payee} {row.account_number} {words.money(row.fen)}" for row in rows[:20]),
        t("每个称号每期只拨付一次。", "Each stage of a title is paid once."),
    )
    with st.form(f"form:{key}", border=False):
        voucher = st.text_input(t("凭证号", "Voucher number"), max_chars=120, key=f"voucher:{key}")
        sent = acts.send(t("拨付", "Pay"))
    items = [{"subsidy": row.id, "seen": row.version} for row in rows]
    if sent and attempt(payments.pay_many, actor, items=items, voucher=voucher, key=key,
                        done=t("已登记拨付", "Paid")) is not None:  # fmt: skip
        st.rerun()


def approve(actor: Actor, one: Money) -> None:
    """Approve what was asked for, with the words of the finance department's consent."""
    _dialog(
        actor, one, payments.approve_subsidy, t("核准", "Approve"), "with_finance",
        t("会同财政核准的依据（按规定须会同的必填）", "The finance department's consent, where the rules ask for it"),
        t("核准后由另一人拨付。", "Somebody else then pays it."),
    )  # fmt: skip


def send_back(actor: Actor, one: Money) -> None:
    """Send the papers back to the unit."""
    why = t("退回的理由（必填），将告知单位", "Reason (required); the unit is told")
    _dialog(actor, one, payments.return_subsidy, t("退回", "Return"), "reason", why)


def close(actor: Actor, one: Money) -> None:
    """Close one whose account was looked through."""
    spent = sum(line["fen"] for line in one.row.spent)
    left = words.money(one.row.fen - spent)
    rest = t(f"结余 {left}。", f"Unspent: {left}.")
    _dialog(actor, one, spending.close_subsidy, t("办结", "Close"), "words", t("审阅意见", "Remark"), rest)


def cancel(actor: Actor, one: Money) -> None:
    """Cancel one that is not paid."""
    why = t("取消的理由（必填），将告知单位", "Reason (required); the unit is told")
    again = t("取消后本期不再开放。", "The stage does not come again.")
    _dialog(actor, one, spending.cancel_subsidy, t("取消", "Cancel"), "reason", why, again)


def recover(actor: Actor, one: Money) -> None:
    """Write down what came back."""
    row, key = one.row, keys.token("recover", one.row.id, one.row.version)
    acts.consequences(f"{row.number} {row.name} · {said(one.label)} · {words.money(row.fen)}")
    with acts.keeping(actor, row, "recover"), st.form(f"form:{key}", border=False):
        yuan = st.text_input(t("收回金额（元）", "Sum that came back, in yuan"), max_chars=20, key=f"yuan:{key}")
        reason = st.text_area(t("理由（必填）", "Reason (required)"), max_chars=500, key=f"reason:{key}")
        sent = acts.send(t("收回", "Recover"))
    if sent and attempt(spending.recover, actor, row.id, yuan=yuan, reason=reason, seen=row.version, key=key,
                        done=t("已登记收回", "Written down")) is not None:  # fmt: skip
        st.rerun()


def _dialog(
    actor: Actor, one: Money, verb: Callable[..., Any], label: str, argument: str, asked: str, *lines: str
) -> None:
    """One act with one text to give."""
    row, key = one.row, keys.token(argument + verb.__name__, one.row.id, one.row.version)
    acts.consequences(f"{row.number} {row.name} · {said(one.label)} · {words.money(row.fen)}", *lines)
    with acts.keeping(actor, row, argument), st.form(f"form:{key}", border=False):
        given = st.text_area(asked, max_chars=500, key=f"{argument}:{key}")
        sent = acts.send(label)
    words_: dict[str, Any] = {argument: given}
    if sent and attempt(verb, actor, row.id, seen=row.version, key=key, done=t("已办理", "Done"), **words_) is not None:
        st.rerun()
