"""What changed in a case since somebody looked at it last: told from what they may see now anyway."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from models.attention import Look
from models.base import table
from models.database import reading
from models.sql import bind, rows_of
from models.vocabulary import Act
from workflows.record.acting import Actor, refreshed
from workflows.record.verb import query

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from models.application import Revision
    from workflows.queries.applications import Happening, Whole

SAME_LOOK = timedelta(minutes=10)
_L = table(Look).c
_LAST = rows_of(Look, _L.account_id == bind("who", _L.account_id), _L.application_id == bind("of", _L.application_id))
# What these did is told by the fields and files themselves.
_TOLD_OTHERWISE = frozenset({Act.REVISE, Act.ATTACH, Act.DETACH})


class Before(NamedTuple):
    """The look that another is compared with: the version that was shown, and when (UTC)."""

    version: int
    seen_at: datetime


class Changed(NamedTuple):
    """A field that holds something else than it did; None: no answer."""

    field: str
    before: Any
    after: Any


class Differences(NamedTuple):
    """What is new: fields, files put in and taken out (`slot`, name), and what others did, oldest first."""

    fields: tuple[Changed, ...] = ()
    added: tuple[tuple[str, str], ...] = ()
    removed: tuple[tuple[str, str], ...] = ()
    events: tuple[Happening, ...] = ()

    @property
    def is_none(self) -> bool:
        """Whether nothing is new."""
        return not any(self)


@query("last-look")
def last_look(actor: Actor, application_id: str) -> Look | None:
    """Which version of a case one saw last, and when; None for a case never looked at, or never there."""
    with reading() as store:
        return store.first(_LAST, who=refreshed(store, actor).id, of=application_id)


@query("look-before")
def look_before(actor: Actor, application_id: str, *, anew: bool = False) -> Before | None:
    """Which look a case that is opened now is compared with; None where there is none, and it is the first.

    A page loaded anew within ten minutes of one's last look is that same look, so that what it told of is told
    again; `anew`: the case was left and opened again, which is another look however soon.
    """
    with reading() as store:
        last = store.first(_LAST, who=refreshed(store, actor).id, of=application_id)
        if last is None:
            return None
        is_same = not anew and store.now - last.seen_at <= SAME_LOOK
        if is_same and last.since_version is not None and last.since_at is not None:
            return Before(last.since_version, last.since_at)
        return Before(last.version, last.seen_at)


def differences(actor: Actor, whole: Whole, changes: Iterable[Revision], *, since: int) -> Differences:
    """What is new in a case after its version `since`, from what its reader was given of it.

    A field that was changed and changed back is not told, nor a file that came and went, nor the reader's own acts.
    """
    later = [event for event in whole.history if event.version > since]
    added, removed = _files(later)
    return Differences(
        tuple(_fields(change for change in changes if change.version > since)), added, removed,
        tuple(e for e in later if e.account_id != actor.id and e.act not in _TOLD_OTHERWISE),
    )  # fmt: skip


def _fields(changes: Iterable[Revision]) -> list[Changed]:
    first: dict[str, Any] = {}
    last: dict[str, Any] = {}
    for change in changes:
        first.setdefault(change.field, (change.before or {}).get("value"))
        last[change.field] = (change.after or {}).get("value")
    return [Changed(field, was, last[field]) for field, was in first.items() if was != last[field]]


def _files(events: Iterable[Happening]) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """Files that were put in and are still there, and files of before that were taken out."""
    came: dict[str, tuple[str, str]] = {}
    went: dict[str, tuple[str, str]] = {}
    for event in events:
        told = event.body.get("attachment"), (str(event.body.get("slot", "")), str(event.body.get("filename", "")))
        if event.act is Act.ATTACH and told[0]:
            came[told[0]] = told[1]
        elif event.act is Act.DETACH and told[0] and came.pop(told[0], None) is None:
            went[told[0]] = told[1]
    return tuple(came.values()), tuple(went.values())
