"""A union's places among those around it: its ledger line by line, and places split, taken back, lent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ui.attempt import ask, attempt
from ui.components import acts, keys, words
from ui.components.words import plain, spoken, t
from workflows.places import lending, splitting
from workflows.queries import ledger

if TYPE_CHECKING:
    from models.round import Quota, Round
    from workflows.queries.ledger import Family, Lent, Standing
    from workflows.record.acting import Actor


def around(actor: Actor, desk: str, window: Round, held: Quota) -> None:
    """One pool's places: every line in words, and what may be done with them."""
    asked = {"round_id": window.id, "organization_code": desk, "pool": held.pool}
    with st.expander(t("名额账", "Ledger of places") + (f" · {plain(held.pool)}" if held.pool else "")):
        for line in ask(ledger.quota_in_story, actor, **asked) or ():
            st.text(line.en if spoken() == "en" else line.zh)
        family = ask(ledger.quota_family, actor, **asked)
        if family is None:
            return
        for loan in family.loans:
            _loan(actor, loan)
        with st.container(horizontal=True):
            mark = f"{desk}:{window.id}:{held.pool}:{window.version}"
            if family.below and st.button(t("分配给下级", "Split"), key=f"split:{mark}"):
                acts.dialog(t("分配给下级", "Split"), _split, actor, desk, window, family)
            if family.allotted and st.button(t("收回", "Reclaim"), key=f"reclaim:{mark}"):
                acts.dialog(t("收回", "Reclaim"), _reclaim, actor, desk, window, family)
            if family.beside and st.button(t("借给同级", "Lend"), key=f"lend:{mark}"):
                acts.dialog(t("借给同级", "Lend"), _lend, actor, desk, window, family)


def _loan(actor: Actor, one: Lent) -> None:
    zh, en = ("借给", "lent to") if one.out else ("借自", "borrowed from")
    said = t(f"{zh}{one.other_name} {one.n} 个，未还 {one.rest} 个。事由：{one.why}",
             f"{one.n} {en} {one.other_name}, {one.rest} open: {one.why}")  # fmt: skip
    st.text(said)
    key = keys.token("give-back", one.id, one.rest)
    name = t("收回借出的名额", "Take back") if one.out else t("归还", "Give back")
    if (
        st.button(name, key=f"back:{key}")
        and attempt(lending.give_back, actor, one.id, key=key, done=t("已归还", "Given back")) is not None
    ):
        st.rerun()


def _split(actor: Actor, desk: str, window: Round, family: Family) -> None:
    acts.consequences(t(f"还可分配 {family.may_split} 个；本级名额不因分配减少。",
                        f"{family.may_split} may still be split; this union's own number stays."))  # fmt: skip
    key = keys.token("split", f"{desk}:{window.id}:{family.pool}", family.allotted)
    with st.form(f"form:{key}", border=False):
        to = _whom(family.below, f"to:{key}")
        n = st.number_input(t("名额数", "Places"), min_value=1, step=1, key=f"n:{key}")
        reason = st.text_input(t("说明", "Words"), max_chars=200, key=f"why:{key}")
        sent = acts.send(t("分配", "Split"))
    if sent and attempt(splitting.split, actor, round_id=window.id, organization_code=desk, shares={to: int(n)},
                        pool=family.pool, reason=reason, key=key,
                        done=t("名额已分配", "Split")) is not None:  # fmt: skip
        st.rerun()


def _reclaim(actor: Actor, desk: str, window: Round, family: Family) -> None:
    acts.consequences(t("只能收回本级分配的、尚未使用的名额；可同时改配给另一单位。",
                        "Only unused places that were split from here; they may go to another at once."))  # fmt: skip
    key = keys.token("reclaim", f"{desk}:{window.id}:{family.pool}", family.allotted)
    named = {one.organization: one.name for one in family.below}
    with st.form(f"form:{key}", border=False):
        of = _whom([one for one in family.below if one.places], f"of:{key}")
        n = st.number_input(t("名额数", "Places"), min_value=1, step=1, key=f"n:{key}")
        to = st.selectbox(t("改配给（可不选）", "Give to (optional)"), ["", *named], key=f"to:{key}",
                          format_func=lambda code: plain(named.get(code, "—")))  # fmt: skip
        reason = st.text_input(t("理由（必填）", "Reason (required)"), max_chars=200, key=f"why:{key}")
        sent = acts.send(t("收回", "Reclaim"))
    if sent and attempt(splitting.reclaim, actor, round_id=window.id, organization_code=desk, of=of, places=int(n),
                        to=to or None, pool=family.pool, reason=reason, key=key,
                        done=t("名额已收回", "Taken back")) is not None:  # fmt: skip
        st.rerun()


def _lend(actor: Actor, desk: str, window: Round, family: Family) -> None:
    acts.consequences(t(f"本级未用 {family.free} 个。借出后记入双方账目，对方已用的不能收回。",
                        f"{family.free} are unused. Both ledgers keep the loan; what is used stays."))  # fmt: skip
    key = keys.token("lend", f"{desk}:{window.id}:{family.pool}", len(family.loans))
    with st.form(f"form:{key}", border=False):
        to = _whom(family.beside, f"to:{key}")
        n = st.number_input(t("名额数", "Places"), min_value=1, step=1, key=f"n:{key}")
        reason = st.text_input(t("理由（必填）", "Reason (required)"), max_chars=200, key=f"why:{key}")
        sent = acts.send(t("借出", "Lend"))
    if sent and attempt(lending.lend, actor, round_id=window.id, organization_code=desk, to=to, places=int(n),
                        reason=reason, pool=family.pool, key=key,
                        done=t("名额已借出", "Lent")) is not None:  # fmt: skip
        st.rerun()


def _whom(unions: list[Standing], key: str) -> str:
    """Which union; each is shown with what it has."""
    shown = {one.organization: plain(f"{one.name}（{_has(one)}）") for one in unions}
    chosen = st.selectbox(t("单位", "Union"), list(shown), format_func=lambda code: shown[code], key=key)
    return chosen or ""


def _has(one: Standing) -> str:
    if one.places is None:
        return words.t("尚无名额", "none yet")
    free = one.places - (one.reserved or 0) - (one.used or 0)
    return words.t(f"名额{one.places}，未用{free}", f"{one.places}, {free} unused")
