"""When a letter may leave: the hold after it is written, the quiet hours, and the daily digest of what asks nothing."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from models.settings import settings
from models.vocabulary import Habit, LetterKind
from workflows.clocks.due import current

if TYPE_CHECKING:
    from collections.abc import Mapping

# Nothing holds these back: whoever gets one has to know now, or cannot begin without it.
URGENT = frozenset({
    "doctor_found", "examination_given_up", "account_opened", "invited", "address_changed", "password_reset",
    "password_changed", "set_aside", "clock_alarm", "register_confirm", "register_known", "identity_linked",
})  # fmt: skip
STORM = 5  # more reminders than this, waiting for one person at once, leave as one message
_BEIJING = ZoneInfo("Asia/Shanghai")
_DAY = timedelta(days=1)


class Wish(NamedTuple):
    """How somebody wants to be written to; the defaults are the product's."""

    information: Habit = Habit.AT_ONCE
    quiet: bool = True


class Facts(NamedTuple):
    """What of a letter decides when it leaves."""

    template: str
    kind: LetterKind
    params: Mapping[str, Any]
    created_at: datetime


def held_until(template: str, now: datetime) -> datetime:
    """From when a letter written now may leave: after `letter_hold_seconds`, urgent ones at once (UTC)."""
    return now if template in URGENT else now + timedelta(seconds=settings().letter_hold_seconds)


def is_unwanted(letter: Facts, wish: Wish) -> bool:
    """Whether its reader wants no mail of this kind: what asks something, and what is urgent, always goes."""
    return wish.information is Habit.OFF and _can_be_missed(letter)


def is_daily(letter: Facts, wish: Wish) -> bool:
    """Whether it goes with the daily digest."""
    return wish.information is Habit.DAILY and _can_be_missed(letter)


def put_off(letter: Facts, wish: Wish, now: datetime) -> datetime | None:
    """Until when a letter is put off that could leave now (UTC), or None: let it go.

    The digest's letters wait for the first digest after they were written; in the quiet hours everything waits for
    the morning but what is urgent, and what is due before that.
    """
    if is_daily(letter, wish) and now < (together_at := digest_after(letter.created_at)):
        return together_at
    morning = quiet_until(now)
    if morning is None or not wish.quiet or letter.template in URGENT:
        return None
    return None if _is_due_before(letter, now, morning) else morning


def quiet_until(now: datetime) -> datetime | None:
    """When the quiet hours end in which `now` lies (UTC), or None outside of them. They are hours of Beijing."""
    begin, end = (time.fromisoformat(text) for text in (settings().quiet_from, settings().quiet_until))
    local = now.astimezone(_BEIJING)
    is_past_begin, is_before_end = local.time() >= begin, local.time() < end
    is_quiet = (is_past_begin and is_before_end) if begin <= end else (is_past_begin or is_before_end)
    if not is_quiet:
        return None
    return _at(local if is_before_end else local + _DAY, end)


def digest_after(moment: datetime) -> datetime:
    """The first digest after a moment (UTC): `digest_at`, Beijing time, of a working day."""
    local, at = moment.astimezone(_BEIJING), time.fromisoformat(settings().digest_at)
    day = local if local.time() < at else local + _DAY
    calendar = current()
    while not calendar.is_working(day.date()):
        day += _DAY
    return _at(day, at)


def _can_be_missed(letter: Facts) -> bool:
    return letter.kind is LetterKind.INFORMATION and letter.template not in URGENT


def _is_due_before(letter: Facts, now: datetime, morning: datetime) -> bool:
    """Whether something becomes due while its reader sleeps; what is overdue already waits for the morning."""
    due = letter.params.get("due_at")
    if letter.kind is not LetterKind.ACTION or not due:
        return False
    try:
        moment = datetime.fromisoformat(str(due))
    except ValueError:
        return False
    return now < (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) < morning


def _at(day: datetime, hour: time) -> datetime:
    return datetime.combine(day.date(), hour, _BEIJING).astimezone(UTC)
