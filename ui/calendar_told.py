"""What the command line says of the working-day calendar."""

from __future__ import annotations

from models import clock
from models.settings import settings
from models.text import sentence


def calendar_told() -> dict[str, object]:
    """Until which year the days off are known, and what is wrong with the calendar in a sentence, if anything."""
    from workflows.clocks import calendars  # noqa: PLC0415 -- slow import
    from workflows.rules.calendar import local_date  # noqa: PLC0415 -- slow import

    found = calendars.trouble(local_date(clock.now()))
    said = sentence(found, settings().language) if found is not None else None
    return {"known_through": calendars.known_through(), "trouble": said}
