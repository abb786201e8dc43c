"""The countersigns of a case: who was asked, who said what, one's own vote, and signers who come and go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from models.vocabulary import Act, CountersignRule, CountersignState, Thing, Vote
from ui.attempt import attempt
from ui.components import acts, keys, words
from ui.components.words import plain, t
from workflows.desk import countersigning
from workflows.rules.office_words import LONGEST

if TYPE_CHECKING:
    from models.application import Application
    from workflows.queries.office import Card, Signature, Signing
    from workflows.record.acting import Actor


def draw(actor: Actor, row: Application, card: Card) -> None:
    """Each countersign of this visit, the newest first; the open one with what can be done."""
    for one in card.countersigns:
        with st.container(border=True):
            _told(one)
            if one.state is CountersignState.OPEN:
                if card.signs:
                    vote(actor, row.id, row.version)
                _run(actor, row, one)


def vote(actor: Actor, application_id: str, version: int | str) -> None:
    """One's own vote: agree, or disagree with words."""
    key = keys.token("sign", application_id, version)
    with acts.kept(actor, application_id, version, "sign"), st.form(f"form:{key}", border=False):
        said = st.text_area(
            t("意见（不同意时必填）", "Words (required to disagree)"), max_chars=LONGEST, key=f"words:{key}"
        )
        with st.container(horizontal=True):
            yes = st.form_submit_button(t("同意", "Agree"), type="primary")
            no = st.form_submit_button(t("不同意", "Disagree"))
    if (yes or no) and attempt(countersigning.sign, actor, application_id, vote=Vote.AGREE if yes else Vote.DISAGREE,
                               words=said, key=key, done=t("已签署", "Signed")) is not None:  # fmt: skip
        st.rerun()


def _told(one: Signing) -> None:
    share = f" {one.percent}%" if one.rule is CountersignRule.RATIO else ""
    st.markdown(f"**{plain(words.label(one.rule) + share)}** · {plain(words.label(one.state))}")
    n = one.stands
    zh = f"{one.opened_by}发起 · 需{n.needed}人同意 · 已同意{n.agreed} · 不同意{n.disagreed} · 待签{n.left}"
    en = f"by {one.opened_by} · needed {n.needed} · agreed {n.agreed} · against {n.disagreed} · to sign {n.left}"
    st.caption(plain(t(zh, en)))
    if one.question:
        st.text(one.question)
    if one.state is CountersignState.OPEN:
        st.caption(plain(words.due(one.due_at)))
    rows = [
        {t("会签人", "Signer"): _name(s), t("意见", "Vote"): words.label(s.vote) if s.vote else t("待签", "to sign"),
         t("说明", "Words"): s.words, t("时间", "When"): words.moment(s.signed_at)}
        for s in one.signers
    ]  # fmt: skip
    st.dataframe(rows, hide_index=True, alt=t("会签意见", "Votes"), key=f"votes:{one.id}:{n.left}")


def _name(one: Signature) -> str:
    return f"{one.hand} 代 {one.name}" if one.hand else one.name


def _run(actor: Actor, row: Application, one: Signing) -> None:
    with st.container(horizontal=True):
        for act, said, body in (
            (Act.ADD_SIGNER, t("加签", "Add a signer"), _add),
            (Act.DROP_SIGNER, t("减签", "Drop a signer"), _drop),
            (Act.CALL_OFF, t("终止会签", "Call off"), _call_off),
        ):
            reason = acts.why_not(actor, act, Thing.APPLICATION, row)
            if acts.button(said, reason, key=f"run:{one.id}:{row.version}:{act}"):
                acts.dialog(said, body, actor, row, one)


def _add(actor: Actor, row: Application, _: Signing) -> None:
    key = keys.token("add-signer", row.id, row.version)
    with acts.keeping(actor, row, "add-signer"), st.form(f"form:{key}", border=False):
        signer = st.text_input(t("会签人（邮箱）", "Signer (email)"), key=f"signer:{key}")
        sent = acts.send()
    if sent and attempt(countersigning.add_signer, actor, row.id, signer=signer, seen=row.version, key=key,
                        done=t("已加签", "One more is asked")) is not None:  # fmt: skip
        st.rerun()


def _drop(actor: Actor, row: Application, one: Signing) -> None:
    key = keys.token("drop-signer", row.id, row.version)
    waiting = {s.account_id: s.name for s in one.signers if s.vote is None}
    with acts.keeping(actor, row, "drop-signer"), st.form(f"form:{key}", border=False):
        signer = st.selectbox(
            t("会签人", "Signer"), list(waiting), format_func=lambda s: plain(waiting[s]), key=f"signer:{key}"
        )
        reason = st.text_area(t("理由（必填）", "Reason (required)"), max_chars=LONGEST, key=f"reason:{key}")
        sent = acts.send()
    if sent and attempt(countersigning.drop_signer, actor, row.id, signer=signer or "", reason=reason,
                        seen=row.version, key=key, done=t("已减签", "Dropped")) is not None:  # fmt: skip
        st.rerun()


def _call_off(actor: Actor, row: Application, _: Signing) -> None:
    key = keys.token("call-off", row.id, row.version)
    with acts.keeping(actor, row, "call-off"), st.form(f"form:{key}", border=False):
        reason = st.text_area(t("理由（必填）", "Reason (required)"), max_chars=LONGEST, key=f"reason:{key}")
        sent = acts.send()
    if sent and attempt(countersigning.call_off, actor, row.id, reason=reason, seen=row.version, key=key,
                        done=t("会签已终止", "Called off")) is not None:  # fmt: skip
        st.rerun()
