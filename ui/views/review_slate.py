"""A tier's list for a round: ranking its candidates, sealing, sending up, taking back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from models.vocabulary import Act, QuotaKind, SlateState, Thing
from ui.attempt import attempt, begin
from ui.components import (
    acts,
    board,
    contest,
    evidence,
    keys,
    ledger,
    moving,
    paging,
    papers,
    ranking,
    received,
    shortcuts,
    slate_acts,
    words,
)
from ui.components.desk import picked_desk, picked_round
from ui.components.lists import first_stage, signed, to_sign
from ui.components.words import plain, t
from ui.session import guarded
from workflows.listing import slates
from workflows.queries import lists, review

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.round import Quota, Round
    from workflows.queries.lists import WholeSlate
    from workflows.queries.review import Listed
    from workflows.record.acting import Actor

NOTICE = "views/review_notice.py"
RECEIVED = 10  # lists from below drawn at once


def main() -> None:
    """Rank at the top, the desk's own lists below, those sent up from below at the end."""
    actor = begin()
    st.title(t("推荐名单", "Slates"), anchor=False)
    shortcuts.sheet("review-slate")
    desk = picked_desk(actor)
    if desk is not None:
        to_sign(actor, desk)
    window = picked_round(actor, desk) if desk else None
    if desk is None or window is None:
        return
    own, received = review.slates_listed(actor, desk=desk)
    own = [one for one in own if one.slate.round_id == window.id]
    received = [one for one in received if one.slate.round_id == window.id]
    _waiting(received)
    first_stage(actor, desk, window)
    _meter(actor, desk, window)
    contest.desk(actor, desk, window)
    _ranking(actor, desk, window)
    unsaved = bool(st.session_state.get(_unsaved(desk, window)))
    st.subheader(t("本级名单", "Lists of this tier"), anchor=False)
    for one in own:
        _own(actor, one, unsaved=unsaved, decides=window.organization == desk)
    if not own:
        st.text(t("还没有名单。在上面排序并保存即可建立。", "No list yet. Ranking above begins one."))
    st.subheader(t("下级上报的名单", "Lists sent up to this tier"), anchor=False)
    for one in paging.part(received, f"slate:received:{desk}:{window.id}", RECEIVED):
        _received(actor, one)
    if not received:
        st.text(t("还没有下级上报的名单。", "Nothing has been sent up yet."))


def _waiting(received: list[Listed]) -> None:
    """Tell at once what came up and is not opened yet: it stands below all that is the desk's own."""
    if n := sum(one.slate.state is SlateState.SENT_UP for one in received):
        said = t(f"有{n}份下级名单等待受理：请在本页下方“下级上报的名单”中打开，点“启动受理”。",
                 f"Lists from below to be opened: {n}. They stand under “Lists sent up to this tier”.")  # fmt: skip
        st.info(said, icon=":material/move_to_inbox:")


def _meter(actor: Actor, desk: str, window: Round) -> None:
    """How the desk's places are used, pool by pool; a bar is full when none is left."""
    _, quotas = lists.one_round(actor, window.id)
    own = [quota for quota in quotas if quota.organization == desk]
    if not own:
        st.warning(plain(words.code("no_quota", organization=desk)))
    labels = {pool.name: pool.label for pool in lists.rules_of(window.id).quota.pools} if len(own) > 1 else {}
    for held in own:
        label = labels.get(held.pool)
        _bar(held, t(label.zh, label.en) if label else "")
        ledger.around(actor, desk, window, held)


def _bar(held: Quota, pool: str) -> None:
    """One pool's places; a quota without a limit has no bar to fill."""
    taken = held.used + held.reserved
    if held.kind is QuotaKind.FREE:
        st.text(plain(t(f"{pool}不限名额：已用 {held.used}，占用 {held.reserved}",
                        f"{pool} No limit: {held.used} used, {held.reserved} held".strip())))  # fmt: skip
        return
    said = t(
        f"{pool}名额 {held.places}：已用 {held.used}，占用 {held.reserved}，剩余 {held.places - taken}",
        f"{pool} Places {held.places}: {held.used} used, {held.reserved} held, {held.places - taken} left".strip(),
    )
    st.progress(min(1.0, taken / held.places) if held.places else 1.0, text=plain(said))


def _unsaved(desk: str, window: Round) -> str:
    """Where it is kept whether the board holds something not saved yet."""
    return f"slate:unsaved:{desk}:{window.id}"


@st.fragment
@guarded
def _ranking(actor: Actor, desk: str, window: Round) -> None:
    """The board, and its button. It draws itself anew at every cell that is filled in, and the lists below do not."""
    st.subheader(t("排序", "Ranking"), anchor=False)
    draft = board.draft_of(actor, desk, window.id)
    place = f"slate:board:{desk}:{window.id}"
    under_hand = board.kept(place, board.fresh(actor, desk, window.id, draft))
    if not under_hand.lines:
        st.info(
            t(
                "没有可排序的申报：审核通过后会出现在这里。",
                "Nothing to rank: what is checked appears here.",
            )
        )
        st.session_state.pop(place, None)
        st.session_state.pop(_unsaved(desk, window), None)
        return
    ranking.as_text(actor, desk, window, place)
    table = board.edited(actor, under_hand, board.awards_of(window.id))
    moving.draw(place, under_hand, table)
    main, reserve = board.listed(table, board.MAIN), board.listed(table, board.RESERVE)
    key = keys.token("rank", f"{desk}:{window.id}", under_hand.seen)
    if st.button(t("保存排序", "Save the ranking"), key=f"rank:{key}", type="primary", shortcut=shortcuts.SAVE):
        saved = attempt(slates.rank, actor, round_id=window.id, organization_code=desk, main=main,
                        reserve=reserve, seen=under_hand.seen, key=key,
                        done=t("排序已保存", "The ranking is saved"))  # fmt: skip
        if saved is not None:
            del st.session_state[place]
            st.rerun()
    st.session_state[_unsaved(desk, window)] = board.unsaved(table, under_hand)


def _own(actor: Actor, one: Listed, *, unsaved: bool, decides: bool) -> None:
    """One of the desk's lists with what can be done with it now."""
    row = one.slate
    with st.expander(_called(one), expanded=row.state is not SlateState.DECIDED):
        whole = lists.slate(actor, row.id)
        board.places(whole)
        papers.of_list(row.id)
        received.papers(actor, row, own=True)
        evidence.alike(actor, row)
        signed(actor, row)
        with st.container(horizontal=True):
            first = t("请先保存排序", "Save the ranking first") if unsaved else None
            _step(actor, whole, Act.SEAL, t("确认名单", "Seal"), slate_acts.seal, first)
            if not decides:  # above the deciding union there is nobody
                _step(actor, whole, Act.SEND_UP, t("上报", "Send up"), slate_acts.send_up)
            _step(actor, whole, Act.RECALL, t("撤回名单", "Recall"), slate_acts.recall)
            if st.button(t("公示与决定", "Notice and decision"), key=f"slate:{row.id}:notice"):
                st.switch_page(NOTICE)


def _step(
    actor: Actor,
    whole: WholeSlate,
    act: Act,
    said: str,
    body: Callable[..., None],
    first: str | None = None,
) -> None:
    """A button for the whole list; `first` is what must be done before, known once it is pressed."""
    row = whole.slate
    reason = acts.why_not(actor, act, Thing.SLATE, row)
    look = "primary" if reason is None and act is not Act.RECALL else "secondary"  # what comes next stands out
    if not acts.button(said, reason, key=f"slate:{row.id}:{row.version}:{act}", type=look):
        return
    if first:
        st.warning(first)
    else:
        acts.dialog(said, body, actor, whole)


def _received(actor: Actor, one: Listed) -> None:
    row = one.slate
    with st.expander(_called(one), key=f"received:{row.id}"):
        whole = lists.slate(actor, row.id)
        board.places(whole)
        papers.of_list(row.id)
        received.papers(actor, row, own=False)
        evidence.alike(actor, row)
        received.dealt_with(actor, whole)


def _called(one: Listed) -> str:
    counts = t(f"正式 {one.main}，备选 {one.reserve}", f"{one.main} main, {one.reserve} reserve")
    return plain(f"{board.name_of(one.slate, one.organization_name, one.round_name)} · {counts}")


main()
