"""The clock's work, with or without Prefect: everything due is done once, however late it wakes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models import clock
from workflows.clocks import aside, lapsing, progress, recounting, terms_over
from workflows.clocks.runs import note_run
from workflows.desk import duties, handling, holding
from workflows.hearing import notices
from workflows.named import anniversaries, endings, yearly
from workflows.people import sessions
from workflows.post import reminders

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

_STEPS: dict[str, Callable[[], int]] = {
    # First: nothing is done by a date that the calendar has moved on.
    "dates_recounted": recounting.recount,
    "rounds_opened": lapsing.open_rounds,
    "rounds_closed": lapsing.close_rounds,
    "hands_emptied": handling.fall_back_unseated,
    "holds_ended": holding.end_holds,
    "notices_ended": notices.end_notices,
    "lapsed": lapsing.lapse_overdue,
    "passed_over": lapsing.pass_over_finished,
    "assessments_started": yearly.start_assessments,
    "titles_ended": endings.end_expired,
    "successions_lapsed": endings.lapse_successions,
    "subsidies_opened": anniversaries.open_anniversaries,
    "sheets_followed": duties.follow_cases,
    "deadlines_fired": reminders.fire,
    "reminders": reminders.remind,
    "decisions_due": endings.give_notice,
    "terms_over": terms_over.end_terms,
    "sessions_ended": sessions.tidy,
}


def sweep(now: datetime | None = None) -> dict[str, int]:
    """Do everything that is due; answers how much of each kind.

    Each step works in transactions of its own and is safe to repeat, to kill and to run twice at
    once: what it finds done it leaves alone. What a step cannot deal with is set aside, and the others
    go on. `now` is for the flow's signature only. Raises BusyError when the database is held or gone.
    """
    started_at, begun = now or clock.now(), clock.now()
    counts = {}
    for number, (name, step) in enumerate(_STEPS.items()):
        progress.at(name, number, len(_STEPS))
        counts[name] = aside.whole(name, step)
    counts["set_aside"] = aside.settle(begun)
    note_run("sweep", started_at, counts)
    return counts
