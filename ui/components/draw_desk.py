"""The draw of a panel on a page: draw it, check it again, replace a member, print the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from models.vocabulary import Act, Recusal, Thing
from ui.attempt import ask, attempt
from ui.components import acts, keys, words
from ui.components.words import plain, t
from workflows.judging import drawing
from workflows.queries import panels

if TYPE_CHECKING:
    from workflows.queries.judges import Panel as Bench
    from workflows.queries.panels import Drawn, Sitting
    from workflows.record.acting import Actor


def draw(actor: Actor, desk: str, bench: Bench | None) -> None:
    """The panels of the round; where none stands, the form that draws one."""
    if bench is None:
        st.info(t("目前没有由本单位评分的批次。", "No round is scored at this desk at the moment."))
        return
    found = ask(panels.drawn_panels, actor, round_id=bench.round_id, desk=desk) or []
    for one in found:
        _record(actor, one)
    if not any(one.panel.state == "drawn" for one in found):
        _form(actor, desk, bench)


def _form(actor: Actor, desk: str, bench: Bench) -> None:
    st.subheader(t("抽取评审组", "Draw a panel"), anchor=False)
    key = keys.token("draw-panel", bench.round_id)
    with st.form(f"panels:{key}", border=False):
        left, right = st.columns(2)
        size = left.number_input(t("人数（不填按项目规定）", "Members (empty: the programme's)"), value=None, step=1,
                                 min_value=1, key=f"size:{key}")  # fmt: skip
        fields = right.text_input(t("各领域人数（如：机械2、信息1，可不填）", "Of which field how many (like: IT 1)"),
                                  key=f"fields:{key}")  # fmt: skip
        seed = left.text_input(t("公开的种子（如当期开奖号码）", "A public seed (like a lottery's numbers)"),
                               max_chars=200, key=f"seed:{key}")  # fmt: skip
        source = right.text_input(t("种子来源", "Where it was published"), max_chars=200, key=f"source:{key}")
        acts.consequences(
            t("不填种子则由系统生成并留底；事先公告、由第三方产生的种子更有公信力。",
              "Without a seed one is made and kept; one announced ahead and made by others convinces more."),
            t("同一批次只抽一次，不能重抽。", "A panel is drawn once, never again for the same round."),
        )  # fmt: skip
        sent = acts.send(t("抽取", "Draw"))
    if sent and attempt(drawing.draw_panel, actor, round_id=bench.round_id, organization_code=desk,
                        size=None if size is None else int(size), fields=_strata(fields), seed=seed,
                        seed_source=source, key=key, done=t("已抽取", "Drawn")) is not None:  # fmt: skip
        st.rerun()


def _strata(text: str) -> dict[str, int]:
    """`机械2、信息1` as numbers by field; what has no number asks for one."""
    made = {}
    for part in text.replace("，", "、").replace(",", "、").split("、"):
        name = part.strip().rstrip("0123456789").strip()
        if name:
            made[name] = int(part.strip()[len(part.strip().rstrip("0123456789")) :] or 1)
    return made


def _record(actor: Actor, drawn: Drawn) -> None:
    """The record of a draw: what anybody needs to draw it again, and who sits."""
    row = drawn.panel
    st.subheader(f"{words.label(row.state)} · {words.moment(row.drawn_at)}", anchor=False)
    made = t("系统生成", "made here")
    st.text(
        f"{t('编号', 'Id')} {row.id}\n{t('种子', 'Seed')} {row.seed}（{row.seed_source or made}）\n"
        f"{t('名册人数', 'Pool')} {len(row.snapshot)}  SHA-256 {row.snapshot_hash}"
    )
    names = {one.expert_id: one.name for one in drawn.members}
    mark = hash(tuple((one.member_id, one.left_at, one.undertaken_at) for one in drawn.members))
    picked = st.dataframe(
        [_seat(one, drawn.members, names) for one in drawn.members], hide_index=True, on_select="rerun",
        selection_mode="single-row", key=f"panels:members:{row.id}:{mark}", alt=t("评审组成员", "Members"),
    ).selection.rows  # fmt: skip
    chosen = drawn.members[picked[0]] if picked else None
    with st.container(horizontal=True):
        if st.button(t("核验抽取", "Draw it again"), key=f"panels:verify:{row.id}"):
            _verify(actor, row.id)
        _record_file(drawn)
        reason = acts.why_not(actor, Act.REPLACE, Thing.PANEL, row)
        if reason is None and (chosen is None or chosen.left_at is not None):
            reason = t("请先选择一位现任成员", "Choose a member who sits first")
        if acts.button(t("更换成员", "Replace"), reason, key=f"panels:replace:{row.id}") and chosen is not None:
            acts.dialog(t("更换成员", "Replace a member"), _replace, actor, row, chosen)


def _seat(one: Sitting, members: list[Sitting], names: dict[str, str]) -> dict[str, Any]:
    gone = next((other.name for other in members if other.member_id == one.replaces), None)
    # After the round everybody reads who was passed over, and not why.
    passed = "、".join(
        names.get(who, who[-6:]) + (f"（{words.label(Recusal(rule))}）" if rule else "")
        for who, rule in one.passed_over
    )
    return {
        t("签序", "Drawn as"): one.place + 1,
        t("姓名", "Name"): one.name,
        t("领域", "Field"): one.stratum,
        t("承诺书", "Undertaking"): words.moment(one.undertaken_at),
        t("已评/应评", "Written of"): f"{one.written}/{one.assigned}",
        t("递补", "In place of"): gone,
        t("跳过", "Passed over"): passed,
        t("离组", "Left"): f"{words.moment(one.left_at)} {one.left_reason}" if one.left_at else "",
    }


def _verify(actor: Actor, panel_id: str) -> None:
    found = ask(panels.panel_verify, actor, panel_id)
    if found is not None and found.ok:
        st.success(t("一致：按所记种子和名册重抽，结果相同。", "The same: the recorded seed and pool give this panel."))
    elif found is not None:
        st.error(plain(t("不符：", "It differs: ") + "、".join(found.differs)))


def _record_file(drawn: Drawn) -> None:
    """The record as a text to print and to check anywhere: seed, hash, and every lot's owner in order."""
    row = drawn.panel
    names = {one.expert_id: one.name for one in drawn.members}
    fields = {one["id"]: "、".join(one["fields"]) for one in row.snapshot}
    sitting = {one.expert_id for one in drawn.members if one.replaces is None}
    lines = [
        t("抽取记录", "Record of a draw"), f"panel {row.id}", f"seed {row.seed}", f"source {row.seed_source}",
        f"sha256 {row.snapshot_hash}", "",
        *(f"{n}\t{one}\t{fields[one]}\t{names.get(one, '')}\t{'*' if one in sitting else ''}"
          for n, one in enumerate(row.order, start=1)),
    ]  # fmt: skip
    st.download_button(t("抽取记录（打印）", "Record (to print)"), "\n".join(lines), f"panel-{row.id}.txt",
                       key=f"panels:record:{row.id}")  # fmt: skip


def _replace(actor: Actor, row: Any, chosen: Sitting) -> None:
    """Replace one member by the next of the same draw."""
    acts.consequences(
        t(f"{chosen.name}离组，由同一次抽取的下一顺位递补，未评的申报一并转交。",
          f"{chosen.name} leaves; the next of the same draw takes the seat and the cases not scored yet."),
    )  # fmt: skip
    key = keys.token("replace-member", chosen.member_id, row.version)
    with acts.kept(actor, chosen.member_id, row.version, "replace"), st.form(f"panels:{key}", border=False):
        reason = st.text_area(t("理由（必填）", "Reason (required)"), max_chars=500, key=f"reason:{key}")
        sent = acts.send(t("更换", "Replace"))
    if sent and attempt(drawing.replace_member, actor, row.id, chosen.account_id, reason=reason, seen=row.version,
                        key=key, done=t("已递补", "Replaced")) is not None:  # fmt: skip
        st.rerun()
