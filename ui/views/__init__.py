"""The pages, in the order of the menu: who sees which, under which address and name."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from models.vocabulary import Role
from workflows.queries import judges
from workflows.record.acting import Actor


class Page(NamedTuple):
    """One page. `path` is its address (empty: the first page), `file` its script.

    `shown` says who has it at all; `hidden` keeps it out of the menu, for pages of one thing.
    """

    path: str
    title_zh: str
    title_en: str
    file: str
    shown: Callable[[Actor], bool]
    hidden: bool = False

    def title(self, language: str) -> str:
        """Its name in the menu and the window."""
        return self.title_en if language == "en" else self.title_zh


def everybody(_actor: Actor) -> bool:
    """Whoever is signed in."""
    return True


def reviewers(actor: Actor) -> bool:
    """Whoever holds a reviewer's seat."""
    return bool(actor.places(Role.REVIEWER))


def officers(actor: Actor) -> bool:
    """Whoever works at a desk or runs it: deputies, signatures and handing over are theirs."""
    return bool(actor.places(Role.REVIEWER, Role.ADMINISTRATOR))


def clerks(actor: Actor) -> bool:
    """Whoever applies for a unit."""
    return bool(actor.places(Role.CLERK))


def scorers(actor: Actor) -> bool:
    """Experts, and reviewers where the programme has their desk score."""
    return bool(actor.places(Role.EXPERT)) or (reviewers(actor) and bool(judges.panels_of(actor)))


def conveners(actor: Actor) -> bool:
    """Whoever keeps a pool of experts, or draws panels from it where their desk scores."""
    return bool(actor.places(Role.ADMINISTRATOR)) or (reviewers(actor) and bool(judges.panels_of(actor)))


def applicants(actor: Actor) -> bool:
    """Whoever applies, for a unit or, as one of its workers, for themselves."""
    return bool(actor.places(Role.CLERK, Role.WORKER))


def administrators(actor: Actor) -> bool:
    """Whoever runs an office's rounds."""
    return bool(actor.places(Role.ADMINISTRATOR))


PAGES: tuple[Page, ...] = (
    Page("", "首页", "Home", "ui/views/home.py", everybody),
    Page("my-applications", "我的申报", "My applications", "ui/views/my_applications.py", applicants),
    Page("apply", "填写申报", "Form", "ui/views/application_form.py", applicants, hidden=True),
    Page(
        "my-application",
        "办理进度",
        "Progress",
        "ui/views/application_status.py",
        applicants,
        hidden=True,
    ),
    Page("my-titles", "我的称号", "My titles", "ui/views/my_titles.py", clerks),
    Page("my-letters", "我的信件", "My letters", "ui/views/my_letters.py", everybody),
    Page("review", "待办审核", "To review", "ui/views/review_queue.py", reviewers),
    Page("review-case", "审核申报", "Review", "ui/views/review_case.py", reviewers, hidden=True),
    Page("compare", "并排比较", "Side by side", "ui/views/compare.py", reviewers, hidden=True),
    Page("questions", "申报人的提问", "Questions", "ui/views/questions.py", officers, hidden=True),
    Page("bulk", "批量办理", "Many at once", "ui/views/bulk.py", reviewers),
    Page("score", "评分", "Scoring", "ui/views/score.py", scorers),
    Page("panels", "评审组", "Panels", "ui/views/panels.py", conveners),
    Page("meeting", "评审会", "Meetings", "ui/views/meeting.py", scorers),
    Page("review-slate", "推荐名单", "Slates", "ui/views/review_slate.py", reviewers),
    Page("review-notice", "公示与决定", "Notices", "ui/views/review_notice.py", reviewers),
    Page("review-titles", "称号与考核", "Titles", "ui/views/review_titles.py", reviewers),
    Page("review-subsidies", "补助办理", "Subsidies", "ui/views/review_subsidies.py", reviewers),
    Page("rounds", "申报批次", "Rounds", "ui/views/admin_rounds.py", administrators),
    Page("programmes", "项目文件", "Programmes", "ui/views/admin_programmes.py", administrators),
    Page("overdue", "逾期事项", "Overdue", "ui/views/admin_overdue.py", administrators),
    Page("figures", "统计图", "Figures", "ui/views/admin_figures.py", administrators),
    Page("letters", "信件", "Letters", "ui/views/admin_letters.py", administrators),
    Page("wording", "信件用语", "Words of letters", "ui/views/admin_wording.py", administrators),
    Page("clocks", "运行情况", "Clocks", "ui/views/admin_clocks.py", administrators),
    Page("journal", "办理记录", "Journal", "ui/views/admin_journal.py", administrators),
    Page("colleagues", "代理与会签", "Deputies and signing", "ui/views/colleagues.py", officers),
    Page("people", "单位与人员", "People", "ui/views/admin_people.py", administrators),
    Page("facts", "事实记录", "Facts", "ui/views/admin_facts.py", administrators),
    Page("account", "我的账号", "My account", "ui/views/my_account.py", everybody),
    Page("imports", "批量导入", "Import", "ui/views/admin_imports.py", administrators),
)
