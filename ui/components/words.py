"""How pages say things: the reader's language, moments, and texts that Markdown may not read."""

from __future__ import annotations

import re
from contextvars import ContextVar
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from models import clock, text
from ui.cookies import LANGUAGE_COOKIE, language_of
from workflows.clocks.due import current
from workflows.rules.calendar import local_date, working_days_between

if TYPE_CHECKING:
    from datetime import date, datetime
    from enum import StrEnum

# Whatever Markdown, Streamlit's colours, icons and emoji codes, or LaTeX would read as theirs.
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:^=&\"'@])")
# Where a bare address would become a link, or a line would begin a list.
_INVISIBLE = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f]")
SPOKEN = "language"  # the reader's own language, kept in the session's state by attempt.begin

_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


def spoken() -> str:
    """The language of this page: chosen in the browser, else the reader's own, else Chinese.

    A page asks some hundred times, and a thread runs one session's pages: what was found is kept until `read_by`.
    """
    if (known := _spoken.get()) is not None:
        return known
    chosen = language_of(st.context.cookies.get(LANGUAGE_COOKIE))
    found = chosen or language_of(st.session_state.get(SPOKEN)) or "zh"
    if get_script_run_ctx() is not None:
        _spoken.set(found)
    return found


def read_by(own: str | None) -> None:
    """Somebody with this language of their own begins to look at a page."""
    st.session_state[SPOKEN] = own
    _spoken.set(None)


def t(zh: str, en: str) -> str:
    """One of two texts of ours, in the reader's language."""
    return en if spoken() == "en" else zh


def plain(said: Any) -> str:
    """What somebody typed, for a slot that renders Markdown: shown as it is, never obeyed.

    Labels, titles, captions, toasts, options, errors and expanders all render it; st.text and the
    cells of tables do not.
    """
    shown = _INVISIBLE.sub("", str(said))
    return _SPECIAL.sub(r"\\\1", shown).replace("\n", "  \n")


def label(word: StrEnum | str) -> str:
    """A word of the trade in the reader's language."""
    return text.label(word, spoken())


def code(reason: str, **details: Any) -> str:
    """What a reason code means, in the reader's language."""
    return text.explain(reason, details, spoken())


def moment(at: datetime | None) -> str:
    """A moment in Beijing time; a dash for none."""
    return text.moment(at, spoken()) if at else text.MISSING


def until(at: datetime | None) -> str:
    """When something ends, midnight being 24:00 of the day before; a dash for none."""
    return text.until(at, spoken()) if at else text.MISSING


def day(on: date | None) -> str:
    """A day; a dash for none."""
    return text.day(on, spoken()) if on else text.MISSING


def due(at: datetime | None) -> str:
    """When something ends and how long is left until then; a dash for none."""
    if at is None:
        return text.MISSING
    return t(f"{until(at)}（{remaining(at)}）", f"{until(at)} ({remaining(at)})")


def days(n: int) -> str:
    """A number of working days."""
    return t(f"{n}个工作日", f"{n} working day" if n == 1 else f"{n} working days")


def since(at: datetime) -> str:
    """For how many working days something has waited, today not counted."""
    if local_date(at) >= local_date(clock.now()):
        return t("今天到达", "arrived today")
    n = waited(at)
    if n == 0:  # nothing but days off since
        return t("等待不足1个工作日", "waiting less than a working day")
    return t(f"已等待{days(n)}", f"waiting {days(n)}")


def waited(at: datetime) -> int:
    """The working days between a moment and now."""
    return max(0, working_days_between(local_date(at), local_date(clock.now()), calendar=current()))


def remaining(due_at: datetime | None) -> str:
    """How long is left until a due moment, or by how much it has passed, in working days; a dash for none."""
    if due_at is None:
        return text.MISSING
    now = clock.now()
    # Midnight ends the day before it.
    today, last = local_date(now), local_date(due_at - timedelta(microseconds=1))
    n = abs(working_days_between(today, last, calendar=current()))
    if due_at <= now:
        over = t("已逾期，不足1个工作日", "late by less than a working day")
        return t(f"已逾期{days(n)}", f"{days(n)} late") if n else over
    if n or last == today:
        return t(f"剩{days(n)}", f"{days(n)} left") if n else t("今天到期", "due today")
    return _off((last - today).days)


def _off(n: int) -> str:
    """In how many days something is due that ends on a day off, with no working day until then."""
    return t("明天到期", "due tomorrow") if n == 1 else t(f"{n}天后到期", f"due in {n} days")


def first(is_first: bool) -> str | None:  # noqa: FBT001 -- asked and answered in one word
    """Why there is no page before this one, for the button that is grey; None when there is one."""
    return t("已是第一页", "This is the first page") if is_first else None


def last(is_last: bool) -> str | None:  # noqa: FBT001 -- asked and answered in one word
    """Why there is no page after this one, for the button that is grey; None when there is one."""
    return t("已是最后一页", "This is the last page") if is_last else None


def money(fen: int) -> str:
    """A sum kept in fen, as offices write it: 10万元, 12,345.67元."""
    return text.money(fen, spoken())


def points(score: int | None) -> str:
    """A score kept in hundredths of a point, both decimals always told: 9050 is 90.50; empty for none."""
    return "" if score is None else f"{score / 100:.2f}"


def beside(*said: str | None) -> str:
    """What stands beside each other on one line; what is empty is left out."""
    return t("　", " · ").join(filter(None, said))
