"""An applicant's words for where an application is: what it waits for, and what to do now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.vocabulary import REVIEWS, Role, State, TitleState
from ui.components import words
from ui.components.words import t
from workflows.queries import mine

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.application import Application
    from workflows.queries.mine import Case, Progress

TO_DO = (State.DRAFT, State.RETURNED)
_WITH_THE_OFFICE = (*REVIEWS, State.PUBLIC_NOTICE, State.CONTESTED)
_MARKS = {
    State.DRAFT: ":material/edit_note:",
    State.RETURNED: ":material/undo:",
    State.PUBLIC_NOTICE: ":material/campaign:",
    State.CONTESTED: ":material/balance:",
    State.NAMED: ":material/military_tech:",
    State.STRUCK: ":material/cancel:",
    State.NOT_SELECTED: ":material/remove_circle:",
    State.REFUSED: ":material/cancel:",
    State.WITHDRAWN: ":material/remove_circle:",
    State.LAPSED: ":material/remove_circle:",
}
_ADVICE: dict[State, Callable[[], str]] = {
    State.DRAFT: lambda: t("请填写完整并提交。", "Please fill it in and submit it."),
    State.RETURNED: lambda: t("请按退回意见修改，并重新提交。", "Please correct what is marked and submit again."),
    State.PUBLIC_NOTICE: lambda: t(
        "正在公示，您无需操作；公示期满后将审定命名。",
        "It is in public notice. Nothing to do; the decision follows when the notice is over.",
    ),
    State.CONTESTED: lambda: t(
        "有人提出异议，正在核查。如有需要，核查单位会与您联系。",
        "An objection is being looked into. The investigating union will ask you if needed.",
    ),
    State.NAMED: lambda: t(
        "已命名。请在“我的称号”查看，并按时报送年度考核材料。",
        "Named. See “My titles”, and hand in the yearly reports in time.",
    ),
    State.STRUCK: lambda: t(
        "异议成立，已取消资格。理由见来信。",
        "An objection was upheld. The letter gives the reason.",
    ),
    State.NOT_SELECTED: lambda: t(
        "本批次未入选，可以关注下一批次。", "Not selected this time. Watch for the next round."
    ),
    State.REFUSED: lambda: t("未予受理，理由见来信。", "It was not accepted. The letter gives the reason."),
    State.WITHDRAWN: lambda: t("已撤回，无需操作。", "Withdrawn. Nothing to do."),
    State.LAPSED: lambda: t(
        "逾期未提交，已失效，可以关注下一批次。",
        "It was not submitted in time and has lapsed. Watch for the next round.",
    ),
}


def advice(state: State, title: TitleState | None = None) -> str:
    """What its applicant is to do now; `title` is how the title stands that it was named for."""
    if title in (TitleState.REVOKED, TitleState.ENDED):
        return t(
            f"称号{words.label(title)}，不再报送考核材料。详情见“我的称号”。",
            f"The title is {words.label(title)}: no more reports are due. See “My titles”.",
        )
    if state in REVIEWS:
        return t(
            "无需操作，等待审核；如被退回，会发信通知您。",
            "Nothing to do: it is being reviewed. A letter tells you if it is returned.",
        )
    return _ADVICE[state]()


def mark(state: State) -> str:
    """A sign beside the words."""
    return _MARKS.get(state, ":material/hourglass_top:")


def office(way: Progress) -> str | None:
    """Which office has it: the one on its way, and while it is in public notice the last that had it."""
    done = [stop.office for stop in way.stops if stop.standing == "done"]
    return way.office or (done[-1] if done else None)


def role(state: State) -> str | None:
    """As what somebody there deals with it; who it is, applicants are not told (domain: 7.7)."""
    return words.label(Role.REVIEWER) if state in _WITH_THE_OFFICE else None


def following(what: str) -> str:
    """What comes next, as the query names it."""
    if what == mine.NOTICE:
        return t("公示", "public notice")
    return t("审定命名", "the decision") if what == mine.DECISION else what


def entered(row: Application) -> str:
    """When it came to where it is; for how long it has waited there, where it waits for an office."""
    at = words.moment(row.entered_at)
    if row.state not in _WITH_THE_OFFICE:
        return at
    return t(f"{at}（{words.since(row.entered_at)}）", f"{at} ({words.since(row.entered_at)})")


def when(case: Case) -> str:
    """One line: which office, since when, by when."""
    if case.state is State.DRAFT:
        closes = words.due(case.closes_at)
        return t(f"尚未提交 · 截止 {closes}", f"Not submitted · closes {closes}")
    parts = [case.office or "", words.label(case.state)]
    parts.append((words.since if case.state in _WITH_THE_OFFICE else words.moment)(case.entered_at))
    if case.due_at is not None:
        parts.append(t(f"期限 {words.due(case.due_at)}", f"due {words.due(case.due_at)}"))
    return " · ".join(filter(None, parts))
