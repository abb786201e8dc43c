"""Public notices of a desk: publish, correct, close, decide; the letters of objection to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from models.vocabulary import Act, NoticeState, SlateState, Thing
from ui.attempt import attempt, begin
from ui.components import acts, docket, keys, notice_acts, papers, proofs, shortcuts, words
from ui.components.desk import picked_desk
from ui.components.words import plain, t
from workflows.hearing import notices
from workflows.queries import docket as dockets
from workflows.queries import lists, review

if TYPE_CHECKING:
    from models.notice import Notice
    from workflows.queries.review import Listed
    from workflows.record.acting import Actor


def main() -> None:
    """Lists that wait for their notice or decision, the notices, the objections."""
    actor = begin()
    st.title(t("公示与决定", "Notices and decisions"), anchor=False)
    shortcuts.sheet("review-notice")
    desk = picked_desk(actor)
    if desk is None:
        return
    own, _ = review.slates_listed(actor, desk=desk)
    ready = [one for one in own if one.slate.state in (SlateState.SEALED, SlateState.IN_NOTICE)]
    st.subheader(t("待公示、待决定的名单", "Lists to publish or decide"), anchor=False)
    for one in ready:
        _list(actor, one)
    if not ready:
        st.text(t("没有待公示或待决定的名单。名单在“推荐名单”中确认后，就在这里发布公示。",
                  "No list waits for a notice or a decision. A sealed slate is published here."))  # fmt: skip
    st.subheader(t("公示", "Public notices"), anchor=False)
    published = dockets.notices_at(actor, desk=desk)
    for notice in published:
        _notice(actor, notice)
    if not published:
        st.text(t("还没有发布过公示。发布后，公示期和异议都在这里。",
                  "No notice has been published yet. Its days and objections will be here."))  # fmt: skip
    docket.objections(actor, desk)


def _list(actor: Actor, one: Listed) -> None:
    row = one.slate
    with st.container(border=True):
        counts = t(f"正式 {one.main}，备选 {one.reserve}", f"{one.main} main, {one.reserve} reserve")
        st.text(f"{one.round_name} · {words.label(row.state)} · {counts}")
        with st.container(horizontal=True):
            reason = acts.why_not(actor, Act.PUBLISH, Thing.SLATE, row)
            look = "primary" if reason is None and row.state is SlateState.SEALED else "secondary"
            if acts.button(t("发布公示", "Publish"), reason, key=f"publish:{row.id}:{row.version}", type=look):
                acts.dialog(t("发布公示", "Publish"), notice_acts.publish, actor, one)
            reason = acts.why_not(actor, Act.DECIDE, Thing.SLATE, row)
            if acts.button(t("审定命名", "Decide"), reason, key=f"decide:{row.id}:{row.version}"):
                acts.dialog(t("审定命名", "Decide"), notice_acts.decide, actor, one)


def _notice(actor: Actor, notice: Notice) -> None:
    span = f"{words.day(notice.first_day)} — {words.day(notice.last_day)} 24:00"
    head = f"{words.label(notice.state)} · {span} · {t(f'{len(notice.snapshot)} 项', f'{len(notice.snapshot)} names')}"
    with st.expander(plain(head), expanded=notice.state is NoticeState.OPEN):
        _snapshot(actor, notice)
        if words.spoken() == "zh":  # the derivation is kept in Chinese only
            st.caption(plain(notice.derivation))
        st.caption(t("名单指纹（SHA-256）", "Hash of the list (SHA-256)"))
        st.code(notice.snapshot_hash, language=None, wrap_lines=True)
        proofs.draw(actor, notice)
        with st.container(horizontal=True):
            papers.button(t("公示单", "Notice sheet"), "notice", notice.id, table=True)
        with st.container(horizontal=True):
            reason = acts.why_not(actor, Act.CORRECT, Thing.NOTICE, notice)
            if acts.button(t("更正", "Correct"), reason, key=f"correct:{notice.id}:{notice.version}"):
                acts.dialog(t("更正", "Correct"), notice_acts.correct, actor, notice)
            if st.button(t("登记异议来信", "Enter an objection"), key=f"object:{notice.id}"):
                acts.dialog(t("登记异议来信", "Enter an objection"), notice_acts.object_to, actor, notice)
            reason = acts.why_not(actor, Act.CLOSE, Thing.NOTICE, notice)
            key = keys.token("close", notice.id, notice.version)
            if (
                acts.button(t("结束公示", "Close"), reason, key=f"close:{key}")
                and attempt(
                    notices.close,
                    actor,
                    notice.id,
                    seen=notice.version,
                    key=key,
                    done=t("公示已结束", "Closed"),
                )
                is not None
            ):
                st.rerun()


def _snapshot(actor: Actor, notice: Notice) -> None:
    areas = [code for line in notice.snapshot for code in (line["area"], line["recommended_by"]) if code]
    called = review.names(actor, codes=areas)
    rows = [
        {
            t("名称", "Name"): line["subject"],
            t("领衔人", "Leader"): line["leader_name"],
            t("单位", "Unit"): line["organization_name"],
            t("地区", "Area"): called.get(line["area"], ""),
            t("推荐单位", "Recommended by"): called.get(line["recommended_by"], ""),
        }
        for line in notice.snapshot
    ]
    st.dataframe(rows, hide_index=True, key=f"snapshot:{notice.id}", alt=t("公示名单", "List in notice"))
    _, corrections = lists.notice(actor, notice.id)
    for one in corrections:
        st.text(t(f"更正：“{one.before}”改为“{one.after}”（{one.reason}）",
                  f"Corrected: “{one.before}” is now “{one.after}” ({one.reason})"))  # fmt: skip


main()
