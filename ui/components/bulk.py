"""Many cases at once: chosen rows tried by name, then done as a unit; and a batch undone."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import streamlit as st

from models.vocabulary import Act, Role
from ui import outlook
from ui.attempt import ask, attempt
from ui.components import acts, keys, words
from ui.components.words import plain, t
from workflows.batches import applying, undoing
from workflows.queries import batches

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workflows.batches.applying import Outlook
    from workflows.queries.batches import BatchLine, WholeBatch
    from workflows.record.acting import Actor

Rows = list[dict[str, Any]]
# What rows picked from a list may be used for, with what each asks for in words.
_ASKS = {
    "check": ("opinion", "审核意见（可不填）", "Opinion (optional)"),
    "refuse": ("reason", "不予受理的理由", "Reason"),
    "chase": ("words", "催办的话（可不填）", "Words (optional)"),
}
_SHOWN = 500


def act(actor: Actor, picked: Mapping[str, int], *, place: str) -> None:
    """Act on rows of a list, by id and the version shown: first what it would do, then do it.

    Draws nothing while no row is picked. `place` tells this list from others on the page.
    """
    if not picked:
        return
    chosen = st.segmented_control(
        t(f"对选中的{len(picked)}份办理", f"With the {len(picked)} chosen"), list(_ASKS), key=f"bulk:{place}:act",
        format_func=lambda name: words.label(Act(name)),
    )  # fmt: skip
    if chosen is None:
        return
    name, zh, en = _ASKS[chosen]
    said = st.text_area(t(zh, en), max_chars=2000, key=f"bulk:{place}:{chosen}:words")
    rows = [{"line": 1, "cases": list(picked), "act": chosen, "arguments": {name: said} if said.strip() else {},
             "seen": dict(picked)}]  # fmt: skip
    told = ask(applying.batch_plan, actor, rows=rows)
    if told is not None:
        dry_run(actor, told, called=t("从列表选择", "Chosen from the list"), place=place)


def dry_run(actor: Actor, told: Outlook, *, called: str, place: str) -> None:
    """What a plan would do, line by line, and the button that does it as it was shown."""
    spoken = words.spoken()
    st.subheader(t("将会发生什么", "What will happen"), anchor=False)
    st.text(outlook.summary(told, spoken))
    if told.known is not None:
        st.warning(plain(outlook.known(told.known, spoken)))
        return
    if told.impossible:
        st.error(plain(outlook.impossible(told, spoken)))
    skip = bool(told.impossible and told.moves) and st.checkbox(
        t("略过不能办理的，只办理其余的", "Leave these out and do the others"), key=f"bulk:{place}:skip"
    )
    key = keys.token("apply", place, told.fingerprint)
    blocked = not told.moves or (bool(told.impossible) and not skip)
    reason = t("没有能办理的；或请先勾选略过不能办理的。",
               "Nothing can be done so; or tick the box that leaves the others out.") if blocked else None  # fmt: skip
    if acts.button(t(f"办理{told.moves}项", f"Do {told.moves}"), reason, key=f"bulk:{place}:apply", type="primary"):
        done = attempt(applying.apply, actor, rows=told.rows, words=called, skip=skip, key=key,
                       done=_done(actor))  # fmt: skip
        if done is not None:
            st.rerun()
    if lines := outlook.lines(told._replace(impossible=[]), spoken)[1 : _SHOWN + 1]:
        st.dataframe({t("逐项", "One by one"): lines}, hide_index=True, alt=t("每一项会怎样", "What happens to each"))


def _done(actor: Actor) -> str:
    """Where it can be undone is told to those who have that page."""
    if not actor.places(Role.REVIEWER):
        return t("已办理", "Done")
    return t("已办理，可在“批量办理”中整批撤销", "Done; it can be undone as a unit")


def undo(actor: Actor, whole: WholeBatch) -> None:
    """Undo a batch as a unit, grey with why it cannot be."""
    batch, no = whole.batch, _why_not(whole)
    if no is not None:
        st.info(plain(no))
        return
    key = keys.token("undo-batch", batch.id)
    acts.consequences(
        t("整批恢复到办理之前；有一份不能恢复，就都不恢复。", "All of it goes back as it was, or none of it."),
        t("尚未发出的通知不再发出；已发出的，另行告知作废。",
          "Letters not sent yet are withdrawn; who may have read one is told."),
    )  # fmt: skip
    with st.form(f"form:{key}", border=False):
        reason = st.text_area(t("撤销的原因（必填）", "Reason (required)"), max_chars=500, key=f"reason:{key}")
        sent = acts.send(t("整批撤销", "Undo the batch"))
    if sent and attempt(undoing.undo_batch, actor, batch.id, reason=reason, key=key,
                        done=t("已整批撤销", "Undone")) is not None:  # fmt: skip
        st.rerun()


def _why_not(whole: WholeBatch) -> str | None:
    if whole.batch.undone_at is not None:
        at, why = words.moment(whole.batch.undone_at), whole.batch.undo_reason
        return t(f"已于{at}撤销。原因：{why}", f"Undone on {at}. Reason: {why}")
    if whole.lasting:
        return words.code("not_undoable", acts=whole.lasting)
    if moved := [step for step in whole.steps if step.moved_on]:
        called = "、".join(step.receipt or step.thing_id for step in moved[:20])
        return t(f"以下{len(moved)}项此后已有变化，整批不能撤销：{called}",
                 f"{len(moved)} have moved on since, so it cannot be undone: {called}")  # fmt: skip
    return None


def history(actor: Actor, desk: str) -> None:
    """The desk's batches, newest first, and the chosen one with its undo."""
    lines = batches.batches(actor, desk=desk)
    if not lines:
        st.caption(t("还没有批量办理过。", "Nothing was done in bulk yet."))
        return
    chosen = st.dataframe(
        [_line(line) for line in lines], key=f"bulk:batches:{_mark(lines)}", on_select="rerun",
        selection_mode="single-row", hide_index=True, alt=t("批量办理的记录", "Batches"),
    ).selection.rows  # fmt: skip
    whole = ask(batches.batch, actor, lines[chosen[0]].id) if chosen else None
    if whole is not None:
        st.dataframe([_step(step) for step in whole.steps[:_SHOWN]], hide_index=True,
                     alt=t("这一批的每一项", "Every act of the batch"))  # fmt: skip
        undo(actor, whole)


def _line(line: BatchLine) -> dict[str, str]:
    acts_ = "、".join(f"{words.label(name)} {n}" for name, n in line.counts["acts"].items())
    return {
        t("时间", "When"): words.moment(line.at),
        t("办理人", "Who"): line.who,
        t("名称", "Called"): line.words,
        t("内容", "What"): acts_,
        t("状态", "State"): t("已撤销", "undone") if line.undone_at else t("有效", "in force"),
    }


def _step(step: Any) -> dict[str, str]:
    return {
        t("行", "Line"): str(step.line),
        t("动作", "Act"): words.label(step.act),
        t("受理编号", "Receipt"): step.receipt or step.thing_id,
        t("名称", "Name"): step.subject or "",
        t("现状", "Now"): words.label(step.state),
        t("此后有变化", "Moved on"): t("是", "yes") if step.moved_on else "",
    }


def _mark(lines: Sequence[BatchLine]) -> str:
    return hashlib.sha256(repr([(one.id, one.undone_at) for one in lines]).encode()).hexdigest()[:12]
