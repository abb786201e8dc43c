"""What can be done with a case among the people of its desk: pass it on, hold it, have it signed, hurry it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import streamlit as st

from models import clock
from models.vocabulary import Act, CountersignRule, Thing
from ui.attempt import ask, attempt
from ui.components import acts, countersign, keys, words
from ui.components.words import plain, t
from workflows.desk import chasing, countersigning, handling, holding
from workflows.queries import colleagues
from workflows.rules import office_words, permissions
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.application import Application
    from workflows.queries.colleagues import Colleague
    from workflows.queries.office import Card
    from workflows.record.acting import Actor


def why_not(actor: Actor, act: Act, row: Application, card: Card | None) -> str | None:
    """Why this cannot be done to the case now, naming whose it is; None when it can."""
    code = permissions.refusal(actor, act, Thing.APPLICATION, row)
    if code == "in_other_hands":
        return words.code(code, who=card.standing.handler if card else None)
    if code is None and card is not None and act in card.gate:
        return words.code(card.gate[act], receipt=row.receipt, due_at=card.countersigns[0].due_at)
    return acts.why_not(actor, act, Thing.APPLICATION, row)


def banner(card: Card | None) -> None:
    """In whose name one acts, and how the case stands among colleagues."""
    if card is None:
        return
    if card.for_whom:
        name = card.for_whom
        st.warning(plain(t(f"您正代理{name}办理，记录将写明代理。", f"You act for {name}; the record will say so.")),
                   icon=":material/supervisor_account:")  # fmt: skip
    if said := office_words.said(card.standing, words.spoken()):
        st.info(plain(" · ".join(said)), icon=":material/badge:")
    if card.hold_reason:
        left = card.left or 0
        rest = t(f"还剩{words.days(left)}", f"{words.days(left)} left") if left else t("已到期", "due at once")
        st.caption(plain(t(f"挂起原因：{card.hold_reason}；恢复后{rest}",
                           f"On hold because: {card.hold_reason}; then {rest}")))  # fmt: skip


def draw(actor: Actor, row: Application, card: Card | None) -> None:
    """The buttons, grey with their reasons, and the countersigns of this visit."""
    if card is None:
        return
    key = f"office:{row.id}:{row.version}"
    with st.container(horizontal=True):
        for act, said, body in _OFFERED:
            if _is_shown(act, row) and acts.button(t(*said), why_not(actor, act, row, card), key=f"{key}:{act}"):
                acts.dialog(t(*said), body, actor, row)
        no = permissions.may_not_copy(actor, row)
        theirs = words.code(no, act=Act.COPY.value, thing=Thing.APPLICATION.value) if no else None
        if acts.button(t("抄送", "Copy"), theirs, key=f"{key}:copy"):
            acts.dialog(t("抄送", "Copy"), _copy, actor, row)
    countersign.draw(actor, row, card)
    for one in card.chases:
        st.caption(plain(words.beside(words.moment(one.at), words.label(Act.CHASE), one.words)))
    for copied in card.copies:
        st.caption(plain(words.beside(words.moment(copied.at), words.label(Act.COPY), copied.to, copied.words)))


def chase(actor: Actor, row: Application) -> None:
    """For its people: ask the office to hurry, which never says who deals with it."""
    if row.desk is None or row.ended_at is not None:
        return
    with st.expander(t("催办…", "Ask to hurry…")):
        st.write(t("催办只发一封信，不影响办理顺序。", "This sends one letter; it changes nothing else."))
        key = keys.token("chase", row.id, row.version)
        with st.form(f"form:{key}", border=False):
            said = st.text_area(
                t("附言（可不填）", "Note (optional)"), max_chars=office_words.LONGEST, key=f"note:{key}"
            )
            sent = st.form_submit_button(t("催办", "Ask to hurry"))
        if sent and attempt(chasing.chase, actor, row.id, words=said, key=key,
                            done=t("已催办", "Asked to hurry")) is not None:  # fmt: skip
            st.rerun()


def reason_label(act: Act) -> str:
    """A reason's field, marked as the table of reasons says."""
    return (
        t("理由（必填）", "Reason (required)")
        if office_words.needs_words(act)
        else t("说明（可不填）", "Note (optional)")
    )


def colleague(actor: Actor, row: Application, key: str) -> str | None:
    """One of the desk's other reviewers, by the id of their account."""
    found = {one.id: one for one in ask(colleagues.colleagues_of, actor, desk=row.desk) or ()}
    others = [one for one in found if one != row.handler_id]
    return st.selectbox(t("接办人", "To whom"), others, format_func=lambda one: plain(name_of(found[one])), index=None,
                        placeholder=t("请选择", "Choose"), key=key)  # fmt: skip


def name_of(one: Colleague) -> str:
    """A colleague, with who acts for them now."""
    return f"{one.name}（{one.email}）" + (t(f"，由{one.deputy}代理", f", deputy: {one.deputy}") if one.deputy else "")


def _is_shown(act: Act, row: Application) -> bool:
    """What has an opposite shows only the one that fits."""
    fits = {Act.RELEASE: row.on_hold, Act.HOLD: not row.on_hold, Act.TAKE_BACK: row.delegated_by is not None}
    return fits.get(act, True)


def _pass_on(actor: Actor, row: Application, act: Act, verb: Callable[..., Any], done: str) -> None:
    key = keys.token(act.value, row.id, row.version)
    with acts.keeping(actor, row, act.value), st.form(f"form:{key}", border=False):
        to = colleague(actor, row, f"to:{key}")
        reason = st.text_area(reason_label(act), max_chars=office_words.LONGEST, key=f"reason:{key}")
        sent = acts.send(words.label(act))
    if sent and attempt(verb, actor, row.id, to=to or "", reason=reason, seen=row.version, key=key,
                        done=done) is not None:  # fmt: skip
        st.rerun()


def _transfer(actor: Actor, row: Application) -> None:
    acts.consequences(t("此后由接办人专人办理，其他人不能再办。", "From then on it is theirs alone."))
    _pass_on(actor, row, Act.TRANSFER, handling.transfer, t("已转办", "Transferred"))


def _delegate(actor: Actor, row: Application) -> None:
    acts.consequences(t("由对方代为办理，您可随时收回；离开本级时自动结束。",
                        "They deal with it; you may take it back at any time. It ends with this tier."))  # fmt: skip
    _pass_on(actor, row, Act.DELEGATE, handling.delegate, t("已委派", "Delegated"))


def _take_back(actor: Actor, row: Application) -> None:
    _simply(actor, row, Act.TAKE_BACK, handling.take_back, t("已收回", "Taken back"))


def _release(actor: Actor, row: Application) -> None:
    acts.consequences(t("审核期限从今天起接续计算。", "The review's term runs on from today."))
    _simply(actor, row, Act.RELEASE, holding.release, t("已恢复办理", "Taken up again"))


def _simply(actor: Actor, row: Application, act: Act, verb: Callable[..., Any], done: str) -> None:
    key = keys.token(act.value, row.id, row.version)
    with acts.keeping(actor, row, act.value), st.form(f"form:{key}", border=False):
        reason = st.text_area(reason_label(act), max_chars=office_words.LONGEST, key=f"reason:{key}")
        sent = acts.send(words.label(act))
    if sent and attempt(verb, actor, row.id, seen=row.version, reason=reason, key=key, done=done) is not None:
        st.rerun()


def _hold(actor: Actor, row: Application) -> None:
    key = keys.token("hold", row.id, row.version)
    acts.consequences(
        t("挂起期间不办理；申报人会收到通知和原因，仍可撤回。",
          "Nothing is done meanwhile. Its people are told when and why, and may withdraw."),
        t("到期自动恢复，剩余的工作日接续计算；不能超过本级截止时间。",
          "It ends by itself on that day, and the days left run on; never past the cut-off."),
    )  # fmt: skip
    with acts.keeping(actor, row, "hold"), st.form(f"form:{key}", border=False):
        until = st.date_input(
            t("挂起至（当天24:00）", "Through"), value=local_date(clock.now()) + timedelta(days=7), key=f"until:{key}"
        )
        reason = st.text_area(reason_label(Act.HOLD), max_chars=office_words.LONGEST, key=f"reason:{key}")
        sent = acts.send(words.label(Act.HOLD))
    if sent and attempt(holding.hold_case, actor, row.id, until=until, reason=reason, seen=row.version, key=key,
                        done=t("已挂起", "On hold")) is not None:  # fmt: skip
        st.rerun()


def _countersign(actor: Actor, row: Application) -> None:
    key = keys.token("countersign", row.id, row.version)
    acts.consequences(t("有结论前不能审核通过或不予受理；超时不算同意。",
                        "Until it is settled it is neither checked nor refused; silence is no yes."))  # fmt: skip
    found = _others(actor, row)
    with acts.keeping(actor, row, "countersign"), st.form(f"form:{key}", border=False):
        rule = st.radio(t("方式", "Rule"), list(CountersignRule), format_func=words.label, key=f"rule:{key}")
        percent = st.number_input(t("比例（%，票签时填）", "Per cent (for a ratio)"), 1, 100, 67, key=f"percent:{key}")
        signers = st.multiselect(t("会签人", "Signers"), list(found), format_func=found.__getitem__,
                                 placeholder=t("请选择", "Choose"), key=f"signers:{key}")  # fmt: skip
        more = st.text_input(
            t("其他可查看本件的人员（邮箱，用逗号分开）", "Others who may see it (email, commas)"), key=f"more:{key}"
        )
        days = st.number_input(t("期限（工作日）", "Working days"), 1, 30, 3, key=f"days:{key}")
        reason = st.text_area(t("事由（再次会签时必填）", "About (required after one that failed)"),
                              max_chars=office_words.LONGEST, key=f"reason:{key}")  # fmt: skip
        sent = acts.send(words.label(Act.COUNTERSIGN))
    if sent and attempt(countersigning.countersign, actor, row.id, rule=rule, signers=[*signers, *_listed(more)],
                        percent=int(percent), days=int(days), reason=reason, seen=row.version, key=key,
                        done=t("已发起会签", "Signers are asked")) is not None:  # fmt: skip
        st.rerun()


def _copy(actor: Actor, row: Application) -> None:
    key = keys.token("copy", row.id, row.version)
    acts.consequences(t("只能抄送给本来就能查看本件的人员。", "Only to people who may see the case anyway."))
    found = _others(actor, row)
    with st.form(f"form:{key}", border=False):
        to = st.multiselect(t("本单位人员", "Colleagues"), list(found), format_func=found.__getitem__,
                            placeholder=t("请选择", "Choose"), key=f"to:{key}")  # fmt: skip
        more = st.text_input(t("其他人员（邮箱，用逗号分开）", "Others (email, commas)"), key=f"more:{key}")
        said = st.text_area(t("附言（可不填）", "Note (optional)"), max_chars=office_words.LONGEST, key=f"note:{key}")
        sent = acts.send(words.label(Act.COPY))
    if sent and attempt(chasing.copy, actor, row.id, to=[*to, *_listed(more)], words=said, key=key,
                        done=t("已抄送", "Copied")) is not None:  # fmt: skip
        st.rerun()


def _others(actor: Actor, row: Application) -> dict[str, str]:
    """The desk's other reviewers by the id of their account."""
    found = ask(colleagues.colleagues_of, actor, desk=row.desk) or ()
    return {one.id: plain(name_of(one)) for one in found if one.id != actor.id}


def _listed(text: str) -> list[str]:
    return [one.strip() for one in text.replace("，", ",").split(",") if one.strip()]


_OFFERED: tuple[tuple[Act, tuple[str, str], Callable[[Actor, Application], None]], ...] = (
    (Act.TRANSFER, ("转办", "Transfer"), _transfer),
    (Act.DELEGATE, ("委派", "Delegate"), _delegate),
    (Act.TAKE_BACK, ("收回委派", "Take back"), _take_back),
    (Act.HOLD, ("挂起", "Hold"), _hold),
    (Act.RELEASE, ("恢复办理", "Take up again"), _release),
    (Act.COUNTERSIGN, ("会签", "Countersign"), _countersign),
)
