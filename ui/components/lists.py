"""Beside a tier's slate: the first list, its answers, and the yes of a joint meeting's members."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from models.vocabulary import Rung
from ui.attempt import ask, attempt
from ui.components import acts, board, keys, paging, words
from ui.components.words import plain, t
from ui.session import guarded
from workflows.listing import first_lists, joint, owing
from workflows.queries import lists, review

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.round import Round
    from models.slate import Slate
    from workflows.listing.first_lists import Handed, Name, Nominee
    from workflows.listing.joint import Vote, Votes
    from workflows.queries.lists import WholeSlate
    from workflows.record.acting import Actor


def first_stage(actor: Actor, desk: str, window: Round) -> None:
    """The stage before the formal list, where the programme has one: hand in names, or answer those of others."""
    limit = owing.due_of(lists.rules_of(window.id), window)
    if limit is None:
        return
    if desk == window.organization:
        _answering(actor, window)
        return
    free = first_lists.nominees(actor, round_id=window.id, organization_code=desk)
    known = first_lists.first_list(actor, round_id=window.id, organization_code=desk)
    if not free and not known:
        return
    st.subheader(t("初审名单", "First list"), anchor=False)
    due = words.due(limit.at)
    st.caption(plain(t(f"报送期限：{due}。正式名单须在同意的名单之内。",
                       f"Due: {due}. The formal list is part of what is cleared.")))  # fmt: skip
    _answered(known)
    _proposing(actor, desk, window, [one for one in free if one.application_id not in _settled(known)], known)


def _settled(known: Sequence[Name]) -> set[str]:
    return {one.application_id for one in known if one.cleared is not None}


def _answered(known: Sequence[Name]) -> None:
    """The names handed in, and what was said of each."""
    if not known:
        return
    rows = [
        {
            t("受理编号", "Receipt"): one.receipt,
            t("名称", "Name"): one.subject,
            t("领衔人", "Leader"): one.leader_name,
            t("申报单位", "Unit"): one.organization_name,
            t("答复", "Answer"): _said(one.cleared),
            t("理由", "Reason"): one.reason,
        }
        for one in paging.part(known, f"handed:{hash(tuple(known))}")
    ]
    st.dataframe(rows, hide_index=True, alt=t("已报送的初审名单", "The first list handed in"))


def _said(cleared: bool | None) -> str:  # noqa: FBT001 -- the three words of a column
    if cleared is None:
        return t("待答复", "waiting")
    return t("同意", "cleared") if cleared else t("不同意", "not cleared")


@st.fragment
@guarded
def _proposing(actor: Actor, desk: str, window: Round, free: Sequence[Nominee], known: Sequence[Name]) -> None:
    """Tick the names and hand them in; those answered already stay as they are."""
    if not free:
        return
    handed = {one.application_id for one in known}
    mark = f"{desk}:{window.id}", hash((tuple(one.application_id for one in free), tuple(known)))
    key, place = keys.token("propose", *mark), f"nominees:{desk}:{window.id}"
    column = st.column_config
    table = paging.edited(
        actor, [one.application_id for one in free],
        [{"listed": one.application_id in handed, "receipt": one.receipt, "subject": one.subject,
          "leader": one.leader_name, "unit": one.organization_name} for one in free],
        key=place,
        disabled=["receipt", "subject", "leader", "unit"], alt=t("可列入初审名单的申报", "Names to choose from"),
        column_config={
            "listed": column.CheckboxColumn(t("列入", "List")),
            "receipt": column.TextColumn(t("受理编号", "Receipt")),
            "subject": column.TextColumn(t("名称", "Name")),
            "leader": column.TextColumn(t("领衔人", "Leader")),
            "unit": column.TextColumn(t("申报单位", "Unit")),
        },
    )  # fmt: skip
    st.caption(t("再次报送将取代尚未答复的名单。", "Handing in again takes the place of what is not answered yet."))
    chosen = [one.application_id for one, line in zip(free, table, strict=True) if line["listed"]]
    if not st.button(t("报送初审名单", "Hand in the first list"), key=f"propose:{key}", type="primary"):
        return
    if attempt(first_lists.propose, actor, round_id=window.id, organization_code=desk, applications=chosen, key=key,
               done=t("初审名单已报送", "The first list was handed in")) is not None:  # fmt: skip
        paging.forget(actor, place)
        st.rerun()


def _answering(actor: Actor, window: Round) -> None:
    """The deciding union's side: one tier's first list at a time, answered name by name."""
    st.subheader(t("下级的初审名单", "First lists of the tiers below"), anchor=False)
    handed = {one.desk: one for one in first_lists.first_lists(actor, round_id=window.id)}
    if not handed:
        st.text(t("还没有单位报送初审名单。", "No first list has been handed in yet."))
        return
    desk = st.selectbox(t("报送单位", "Handed in by"), list(handed), key=f"first-list:{window.id}",
                        format_func=lambda code: _of(handed[code]))  # fmt: skip
    names = first_lists.first_list(actor, round_id=window.id, organization_code=desk)
    _answers(actor, window, desk, names)


def _of(one: Handed) -> str:
    return plain(t(f"{one.desk_name}（{one.names}名，待答复{one.waiting}名）",
                   f"{one.desk_name} ({one.names} names, {one.waiting} waiting)"))  # fmt: skip


@st.fragment
@guarded
def _answers(actor: Actor, window: Round, desk: str, names: Sequence[Name]) -> None:
    """Yes or no to each name; only what is new or was changed is sent."""
    key, place = keys.token("answer", f"{window.id}:{desk}", hash(tuple(names))), f"answers:{desk}:{window.id}"
    column, meanings = st.column_config, {_said(cleared): cleared for cleared in (None, True, False)}
    table = paging.edited(
        actor, [one.application_id for one in names],
        [{"receipt": one.receipt, "subject": one.subject, "leader": one.leader_name, "unit": one.organization_name,
          "answer": _said(one.cleared), "reason": one.reason} for one in names],
        key=place, disabled=["receipt", "subject", "leader", "unit"],
        alt=t("逐名答复", "An answer for each name"),
        column_config={
            "receipt": column.TextColumn(t("受理编号", "Receipt")),
            "subject": column.TextColumn(t("名称", "Name")),
            "leader": column.TextColumn(t("领衔人", "Leader")),
            "unit": column.TextColumn(t("申报单位", "Unit")),
            "answer": column.SelectboxColumn(t("答复", "Answer"), options=list(meanings), required=True),
            "reason": column.TextColumn(t("理由（不同意时必填）", "Reason (for a no)"), max_chars=500),
        },
    )  # fmt: skip
    said = [
        {"application": one.application_id, "cleared": meanings[line["answer"]], "reason": line["reason"] or ""}
        for one, line in zip(names, table, strict=True)
        if meanings[line["answer"]] is not None
        and (meanings[line["answer"]], line["reason"] or "") != (one.cleared, one.reason)
    ]
    reason = None if said else t("请先在表中选择答复", "Choose an answer in the table first")
    pressed = acts.button(t("答复初审名单", "Send the answers"), reason, key=f"answer:{key}", type="primary")
    if pressed and attempt(first_lists.answer, actor, round_id=window.id, organization_code=desk, answers=said,
                           key=key, done=t("已答复", "Answered")) is not None:  # fmt: skip
        paging.forget(actor, place)
        st.rerun()


def to_sign(actor: Actor, desk: str) -> None:
    """The joint meetings' lists that wait for this member's yes; nothing where none does."""
    waiting = joint.to_confirm(actor, desk=desk)
    if not waiting:
        return
    st.subheader(t("待会签名单", "Lists to confirm"), anchor=False)
    for votes in waiting:
        _to_sign(actor, votes)


def _to_sign(actor: Actor, votes: Votes) -> None:
    whole = lists.slate(actor, votes.slate_id)
    with st.expander(_called(actor, whole), expanded=True):
        board.places(whole)
        _votes(votes)
        acts.consequences(
            t("会签只对这些名字、这一顺序有效；名单变动后须重新会签。",
              "It holds for these names in this order; a list that changes is to be confirmed again."),
        )  # fmt: skip
        key = keys.token("confirm", votes.slate_id, votes.version)
        if not st.button(t("确认会签", "Confirm the list"), key=f"confirm:{key}", type="primary"):
            return
        if attempt(joint.confirm, actor, votes.slate_id, seen=votes.version, key=key,
                   done=t("已会签", "Confirmed")) is not None:  # fmt: skip
            st.rerun()


def _called(actor: Actor, whole: WholeSlate) -> str:
    row = whole.slate
    window, _ = lists.one_round(actor, row.round_id)
    names = review.names(actor, codes=[row.organization])
    return plain(board.name_of(row, names[row.organization], window.name))


def signed(actor: Actor, row: Slate) -> None:
    """Which members have confirmed the joint meeting's own sealed list."""
    if row.rung is not Rung.JOINT or row.sealed_at is None:
        return
    votes = ask(joint.confirmations, actor, row.id)
    if votes is not None:
        _votes(votes)


def _votes(votes: Votes) -> None:
    """Who has confirmed, whose yes was for another list, and how many it takes."""
    stand = sum(vote.stands for vote in votes.votes)
    st.text(t(f"会签：已有{stand}家，需要{votes.needed}家", f"Confirmed by {stand}, needed: {votes.needed}"))
    rows = [
        {
            t("成员", "Member"): vote.name,
            t("会签", "Confirmed"): _standing(vote),
            t("时间", "When"): words.moment(vote.confirmed_at) if vote.confirmed_at else "",
        }
        for vote in votes.votes
    ]
    st.dataframe(rows, hide_index=True, alt=t("会签情况", "Who has confirmed"),
                 key=f"votes:{votes.slate_id}:{votes.version}")  # fmt: skip


def _standing(vote: Vote) -> str:
    if vote.stands:
        return t("已会签", "yes")
    if vote.confirmed_at is not None:
        return t("名单已变，须重新会签", "for an earlier list")
    return t("未会签", "not yet")
