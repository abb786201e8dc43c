"""What is done with a whole list: seal, send up, recall, each with what it will bring about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ui.attempt import attempt
from ui.components import acts, ahead, evidence, keys, words
from ui.components.words import plain, t
from workflows.listing import sending, slates
from workflows.queries import places, review
from workflows.record import foreseeing

if TYPE_CHECKING:
    from models.slate import Slate
    from workflows.queries.lists import WholeSlate
    from workflows.queries.review import Outlook
    from workflows.record.acting import Actor
    from workflows.rules.composition import Count

_COMPOSED = ("composition_floor", "composition_ceiling", "unit_places", "outside_full")


def seal(actor: Actor, whole: WholeSlate) -> None:
    """Seal the list under the quota."""
    row, key = whole.slate, keys.token("seal", whole.slate.id, whole.slate.version)
    outlook = review.seal_outlook(actor, row.id)
    told = places.precheck(actor, round_id=row.round_id, organization_code=row.organization)
    acts.consequences(*_meaning(outlook), *map(_counted, told.counts), *_letters(actor, row, outlook))
    evidence.concerned(actor, row)
    for one in [*told.refused, *told.warnings]:
        # Places and their minimum are said by the outlook, with what it asks for.
        if one["code"] in _COMPOSED:
            st.warning(plain(words.code(one["code"], **one)))
    if outlook.refused:
        st.warning(plain(words.code(outlook.refused[0], **outlook.refused[1])))
    with acts.keeping(actor, row, "seal"), st.form(f"form:{key}", border=False):
        minutes = st.text_area(
            t("集体研究的会议记录（可不填）", "Minutes of the meeting (optional)"), max_chars=2000, key=f"minutes:{key}"
        )
        signed = st.text_area(
            t("签名（每行一人，可不填）", "Signatories (one a line, optional)"), max_chars=3000, key=f"signed:{key}"
        )
        tie = reason = ""
        if outlook.tie:
            tie = st.text_area(
                t("同分如何确定先后（必填）", "How the tie was settled (required)"),
                key=f"tie:{key}",
            )
        if outlook.needs_reason:
            reason = st.text_area(
                t("不足最少名额的理由（必填）", "Why fewer than the minimum (required)"),
                key=f"why:{key}",
            )
        sent = acts.send(t("确认名单", "Seal"))
    if sent and attempt(slates.seal, actor, row.id, seen=row.version, minutes=minutes, reason=reason,
                        tie=tie, signatories=[name for name in signed.splitlines() if name.strip()],
                        key=key, done=t("名单已确认", "Sealed")) is not None:  # fmt: skip
        st.rerun()


def _letters(actor: Actor, row: Slate, found: Outlook) -> list[str]:
    """How many letters the seal writes, by a dry run where nothing is missing that is typed below."""
    if found.refused or found.needs_reason or found.tie or found.disorder:
        return []
    foreseen = foreseeing.plan(actor, verb="seal", arguments={"slate_id": row.id, "seen": row.version})
    if foreseen.refused:
        st.warning(plain(words.code(foreseen.refused[0], **foreseen.refused[1])))
        return []
    n = len(foreseen.letters)
    return [t(f"发出 {n} 封通知。", f"{n} letters go out.")] if n else []


def _counted(count: Count) -> str:
    """A floor or ceiling with both counts, kept or not."""
    label, held = t(count.label["zh"], count.label["en"]), f"{count.have}/{count.of}"
    if count.floor:
        return t(f"{label}：{held}，应不少于{count.bound}个。", f"{label}: {held}, at least {count.bound}.")
    return t(f"{label}：{held}，应不超过{count.bound}个。", f"{label}: {held}, at most {count.bound}.")


def _meaning(found: Outlook) -> list[str]:
    main, reserve = found.asked.main, found.asked.reserve
    left = "—" if found.free is None else found.free
    said = [
        t(f"占用 {main} 个名额（目前剩余 {left}）。", f"Holds {main} places ({left} left now)."),
        t(
            f"备选 {reserve} 名（最多 {found.reserve_allowed} 名）。",
            f"{reserve} in reserve (at most {found.reserve_allowed}).",
        ),
        t(
            "确认后不能再改；上级受理前可以撤回。",
            "Fixed from then on; it can be recalled until it is opened above.",
        ),
    ]
    if found.no_contest:
        said.append(t("可列入的全部列入，属等额推荐，将记入名单。",
                      "All who could be listed are: there is no contest, and that is kept."))  # fmt: skip
    if tie := found.tie:
        said.append(
            t(
                f"第{tie.first}至{tie.last}名同为{words.points(tie.score)}分，跨在入选线两边。",
                f"Places {tie.first} to {tie.last} tie across the line.",
            )
        )
    if found.disorder:
        said.append(words.code("order_against_scores", place=found.disorder))
    return said


def send_up(actor: Actor, whole: WholeSlate) -> None:
    """Send the sealed list to the tier above."""
    row, key = whole.slate, keys.token("send-up", whole.slate.id, whole.slate.version)
    main = sum(not p.reserve for p in whole.places)
    acts.consequences(
        t(f"{main} 份申报一并上报上级工会；备选 {len(whole.places) - main} 份留在本级等候递补。",
          f"{main} applications go up together; {len(whole.places) - main} in reserve wait here."),
        t("申报人将收到通知。上级启动受理前可以整份撤回。",
          "Their people are told. The whole list can be recalled until it is opened above."),
    )  # fmt: skip
    ahead.shown(actor, "send-up", slate_id=row.id, seen=row.version)
    if (
        st.button(t("确认上报", "Send up"), key=f"send:{key}", type="primary", shortcut=acts.SEND)
        and attempt(sending.send_up, actor, row.id, seen=row.version, key=key, done=t("已上报", "Sent up")) is not None
    ):
        st.rerun()


def recall(actor: Actor, whole: WholeSlate) -> None:
    """Take the list back as a unit."""
    row, key = whole.slate, keys.token("recall", whole.slate.id, whole.slate.version)
    ahead.shown(actor, "recall", slate_id=row.id, seen=row.version, reason="—")
    acts.consequences(
        t(
            "整份名单退回拟定，占用的名额释放。",
            "The whole list becomes a draft; its places are free again.",
        )
    )
    with acts.keeping(actor, row, "recall"), st.form(f"form:{key}", border=False):
        reason = st.text_area(t("撤回理由（必填）", "Reason (required)"), max_chars=500, key=f"reason:{key}")
        sent = acts.send(t("撤回名单", "Recall"))
    if sent and attempt(sending.recall, actor, row.id, seen=row.version, reason=reason, key=key,
                        done=t("名单已撤回", "Recalled")) is not None:  # fmt: skip
        st.rerun()
