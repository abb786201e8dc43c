"""A union's pool of experts on a page: who is in it, somebody new, and who leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from models import clock
from models.vocabulary import Act, Thing
from ui.attempt import ask, attempt
from ui.components import acts, keys, words
from ui.components.words import t
from workflows.judging import experts
from workflows.queries import panels
from workflows.rules import permissions
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from workflows.judging.experts import Enrolled
    from workflows.record.acting import Actor


def draw(actor: Actor, desk: str) -> None:
    """The pool as a table; administrators take in, and take out."""
    found = ask(panels.experts, actor, organization_code=desk)
    if found is None:
        return
    if permissions.governs(actor, desk):
        with st.expander(t("邀请专家入库", "Enrol an expert"), icon=":material/person_add:"):
            _enrol(actor, desk)
    if not found:
        st.info(t("专家库还是空的。", "The pool is empty."))
        return
    mark = hash(tuple((one.id, one.version) for one in found))
    picked = st.dataframe(
        [_row(one) for one in found], hide_index=True, on_select="rerun", selection_mode="single-row",
        key=f"panels:pool:{desk}:{mark}", alt=t("专家库", "Pool"),
    ).selection.rows  # fmt: skip
    chosen = found[picked[0]] if picked else None
    if chosen is None:
        reason: str | None = t("请先选择一行", "Choose a row first")
    else:
        reason = acts.why_not(actor, Act.END, Thing.EXPERT, chosen)
    if acts.button(t("出库", "Take out of the pool"), reason, key=f"panels:retire:{desk}") and chosen is not None:
        acts.dialog(t("出库", "Take out of the pool"), _retire, actor, chosen)


def _row(one: Enrolled) -> dict[str, Any]:
    return {
        t("姓名", "Name"): one.name,
        t("专业领域", "Fields"): "、".join(one.fields),
        t("工作单位代码", "Unit"): one.unit,
        t("聘期", "Term"): f"{words.day(one.starts_on)} – {words.day(one.ends_on)}",
        t("评审上限", "Cases at most"): one.most_cases,
        t("已登记亲属数", "Kin on record"): one.kin,
        t("状态", "State"): words.label(one.state),
    }


def _enrol(actor: Actor, desk: str) -> None:
    key = keys.token("enrol-expert", desk)
    with st.form(f"panels:{key}", border=False):
        left, right = st.columns(2)
        given: dict[str, Any] = {
            "email": left.text_input(t("邮箱", "Email"), max_chars=254, key=f"email:{key}"),
            "name": right.text_input(t("姓名", "Name"), max_chars=60, key=f"name:{key}"),
            "fields": _parts(left.text_input(t("专业领域（用、分开）", "Fields (separated by commas)"),
                                             key=f"fields:{key}")),
            "unit": right.text_input(t("工作单位代码", "Code of their unit"), max_chars=18, key=f"unit:{key}"),
            "alliances": _parts(left.text_input(t("同一联盟的单位代码（用、分开）", "Codes of allied units"),
                                                key=f"alliances:{key}")),
            "ends_on": right.date_input(t("聘期至（可不填）", "Term until (optional)"), None, format="YYYY-MM-DD",
                                        min_value=local_date(clock.now()), key=f"ends:{key}"),
            "person_id": left.text_input(t("本人身份证号（可不填，只存摘要）", "Identity number (kept as a hash)"),
                                         type="password", key=f"id:{key}"),
            "kin": _parts(right.text_input(t("亲属身份证号（用、分开，只存摘要）", "Kin's identity numbers (hashes)"),
                                           type="password", key=f"kin:{key}")),
            "most_cases": left.number_input(t("评审上限（可不填）", "Cases at most (optional)"), value=None, step=1,
                                            min_value=1, key=f"most:{key}"),
        }  # fmt: skip
        sent = acts.send(t("入库", "Enrol"))
    if sent and attempt(experts.enrol_expert, actor, organization_code=desk, key=key, **given,
                        done=t("已入库", "Enrolled")) is not None:  # fmt: skip
        st.rerun()


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.replace("，", "、").replace(",", "、").split("、") if part.strip()]


def _retire(actor: Actor, one: Enrolled) -> None:
    """Take one expert out, with the reason."""
    acts.consequences(t(f"{one.name}不再参加抽取；已在评审组中的，请在“抽取”中更换。",
                        f"{one.name} is drawn no more. On a panel, replace them under “Draw”."))  # fmt: skip
    key = keys.token("retire-expert", one.id, one.version)
    with acts.kept(actor, one.id, one.version, "retire"), st.form(f"panels:{key}", border=False):
        reason = st.text_area(t("理由（必填）", "Reason (required)"), max_chars=500, key=f"reason:{key}")
        sent = acts.send(t("出库", "Take out"))
    if sent and attempt(experts.retire_expert, actor, one.id, reason=reason, seen=one.version, key=key,
                        done=t("已出库", "Out of the pool")) is not None:  # fmt: skip
        st.rerun()
