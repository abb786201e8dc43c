"""What the processes do that the fault tests start and kill: real verbs on a real database."""

import json
import os
import resource
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from io import BytesIO
from itertools import count
from multiprocessing.synchronize import Barrier
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple
from uuid import uuid4

from PIL import Image

from models import clock, database
from models.base import table
from models.database import Store, connect, reading
from models.errors import ConflictError, RefusedError, ShenbaoError
from models.settings import Settings, settings
from models.slate import Slate
from models.sql import bind, rows_of
from models.vocabulary import Line, SlateState
from tests import factories, living
from tests.living import Living
from tests.worlds import COUNTY, NOW, World, answers, application, identity, unit
from workflows import doctor
from workflows.clocks import aside, lapsing, runs
from workflows.clocks.sweep import sweep
from workflows.desk import reviews
from workflows.desk.reviews import check
from workflows.hearing import objections
from workflows.intake import applications, attachments
from workflows.intake.applications import draft, revise, submit, withdraw
from workflows.intake.attachments import attach
from workflows.listing import sending, slates
from workflows.listing.sending import recall, send_up
from workflows.listing.slates import rank, seal
from workflows.named import yearly
from workflows.people import sessions
from workflows.post import reminders
from workflows.queries.queue import queue
from workflows.record import journal
from workflows.record.acting import Actor
from workflows.record.verb import VERBS

WRITERS: tuple[ModuleType, ...] = (
    *(applications, aside, attachments, lapsing, objections, reminders, reviews, runs),
    *(sending, sessions, slates, yearly),
)
LATE = timedelta(days=25)  # what was handed in then is overdue in any year, and not too old to be told of
LEFT = 10  # of so many one is left where it is
_LISTS = rows_of(Slate, table(Slate).c.organization == bind("of", table(Slate).c.organization))


class Place(NamedTuple):
    """Where a process works: its database, its files, and what it writes its log to."""

    url: str
    data: str
    log: str


class Diary:
    """What a client was told: one line for each answer, on the disk before the next click."""

    def __init__(self, file: str) -> None:
        self._handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._last: dict[str, Any] = {}

    def note(self, **line: Any) -> None:
        """Write a line; the same trouble again is not told again."""
        if "verb" not in line and line == self._last:
            return
        self._last = line
        os.write(self._handle, f"{json.dumps(line)}\n".encode())
        os.fsync(self._handle)


def enter(place: Place) -> None:
    """Stand on a database as a fresh process of the product does."""
    os.environ |= {"SHENBAO_DATABASE_URL": place.url, "SHENBAO_DATA_DIR": place.data}
    Settings.model_config["env_file"] = None
    settings.cache_clear()
    connect(place.url)


def die() -> None:
    """End at once, with nothing cleaned up."""
    os.kill(os.getpid(), signal.SIGKILL)


def work(place: Place, there: World, number: int) -> None:
    """Take application after application through the county, until killed."""
    enter(place)
    diary = Diary(place.log)
    with clock.at(NOW):
        for lap in count(1):
            with told(diary):
                _lap(diary, there, number, lap)


def edit(place: Place, actor: Actor, one: str, seen: int) -> None:
    """Save a draft again and again, until killed."""
    enter(place)
    diary = Diary(place.log)
    for lap in count(seen):
        with told(diary):
            row = revise(actor, one, answers={"topics": f"第{lap}稿"}, seen=lap, key=uuid4().hex)
            diary.note(verb="revise", **_receipt_of(row))


def edit_on(place: Place, actor: Actor, one: str) -> None:
    """Save a draft again and again, each time as it stands, until killed: an answer that was cut off is no end."""
    enter(place)
    diary = Diary(place.log)
    for lap in count(1):
        with told(diary):
            seen = application(one).version
            diary.note(verb="revise", **_receipt_of(revise(actor, one, answers={"topics": f"第{lap}稿"}, seen=seen)))


def hand_in(place: Place, there: Living, number: int) -> None:
    """Hand in what has long been due at the county by now, and take most of it back, until killed."""
    enter(place)
    diary = Diary(place.log)
    for lap in count(1):
        with told(diary):
            _handed_in(diary, there, number, lap)


def _handed_in(diary: Diary, there: Living, number: int, lap: int) -> None:
    clerk = there.clerks[number]
    given = {**living.answers(number), "studio_name": f"第{uuid4().hex}工作室", "leader_id": identity(100 + lap % 900)}

    def did(verb: Callable[..., Any], *given: Any, **more: Any) -> Any:
        row = verb(*given, **more, key=uuid4().hex)
        diary.note(verb=verb.__name__, **_receipt_of(row))
        return row

    with clock.at(clock.now() - LATE):
        row = did(draft, clerk, round_id=there.round_id, organization_code=factories.unit(number), line=Line.REGION,
                  answers=given)  # fmt: skip
        did(attach, clerk, row.id, slot="honour_proof", filename="证书.png", content=picture(), seen=1)
        row = did(submit, clerk, row.id, seen=2)
    if lap % LEFT:
        did(withdraw, clerk, row.id, seen=row.version)


def look(place: Place, there: World) -> None:
    """Ask and ask, the long questions as well, until killed."""
    enter(place)
    diary = Diary(place.log)
    with clock.at(NOW):
        while True:
            with told(diary):
                queue(there.county, desk=COUNTY)
                diary.note(verb="queue", wrong=[str(found) for found in doctor.check()])


@contextmanager
def told(diary: Diary, **line: Any) -> Iterator[None]:
    """Write down what people would be told, and what nobody should ever be shown."""
    try:
        yield
    except ShenbaoError as error:
        diary.note(error=error.code, kind=type(error).__name__, **line)
    except Exception as error:  # noqa: BLE001 -- it is what the test looks for
        diary.note(raw=f"{type(error).__module__}.{type(error).__name__}: {error}", **line)


def _lap(diary: Diary, there: World, number: int, lap: int) -> None:
    _clear(diary, there)
    clerk = there.clerks[number]

    def did(verb: Callable[..., Any], *given: Any, **more: Any) -> Any:
        row = verb(*given, **more, key=uuid4().hex)
        diary.note(verb=verb.__name__, **_receipt_of(row))
        return row

    row = did(draft, clerk, round_id=there.round_id, organization_code=unit(number),
              answers=answers(100 * number + lap % 100))  # fmt: skip
    did(attach, clerk, row.id, slot="honour_proof", filename="证书.png", content=picture(), seen=1)
    row = did(revise, clerk, row.id, answers={"topics": f"第{lap}圈"}, seen=2)
    row = did(submit, clerk, row.id, seen=row.version)
    row = did(check, there.county, row.id, seen=row.version)
    with suppress(ConflictError, RefusedError):
        known = [s.version for s in _lists() if s.state is SlateState.DRAFTING]
        listed = did(rank, there.county, round_id=there.round_id, organization_code=COUNTY,
                     main=[row.id], seen=known[0] if known else 0)  # fmt: skip
        listed = did(seal, there.county, listed.id, seen=listed.version, minutes="会议")
        did(send_up, there.county, listed.id, seen=listed.version)
    did(withdraw, clerk, row.id, seen=application(row.id).version)


def _clear(diary: Diary, there: World) -> None:
    """Take back the lists that somebody left sealed, as the dead do."""
    for one in _lists():
        if one.state in (SlateState.SEALED, SlateState.SENT_UP):
            with suppress(ConflictError):
                row = recall(there.county, one.id, seen=one.version, reason="重新排序")
                diary.note(verb="recall", **_receipt_of(row))


def _lists() -> list[Slate]:
    with reading() as store:
        return store.all(_LISTS, of=COUNTY)


def _receipt_of(row: Any) -> dict[str, Any]:
    """What the client keeps of an answer."""
    names = ("id", "version", "head", "receipt", "content_hash", "sha256")
    return {name: getattr(row, name) for name in names if getattr(row, name, None) is not None}


def picture() -> bytes:
    """A small PNG like no other."""
    file = BytesIO()
    Image.frombytes("RGB", (4, 4), os.urandom(48)).save(file, "PNG")
    return file.getvalue()


def click(place: Place, moment: datetime, verb: str, actor: Actor, given: tuple[Any, ...],
          more: dict[str, Any], when: str) -> None:  # fmt: skip
    """One click, whose process dies `amid` its change, `before` its commit or `after` it."""
    enter(place)
    _die_at(1, when)
    with clock.at(moment):
        VERBS[verb](actor, *given, **more)


def die_sweeping(place: Place, moment: datetime, number: int, when: str) -> None:
    """Sweep, and die at the commit or change of this number, counted from 1."""
    enter(place)
    _die_at(number, when)
    with clock.at(moment):
        sweep()


def sweep_together(place: Place, moments: list[datetime], start: Barrier) -> None:
    """Sweep at the same moment as others do; the log tells what each sweep did."""
    enter(place)
    diary = Diary(place.log)
    for moment in moments:
        start.wait(60)
        with clock.at(moment):
            diary.note(at=moment.isoformat(), counts=sweep())


def sweep_in_zone(place: Place, zone: str, moments: list[datetime]) -> None:
    """Sweep at each of these moments on a machine whose own clock shows another part of the world."""
    os.environ["TZ"] = zone
    time.tzset()
    enter(place)
    for moment in moments:
        with clock.at(moment):
            sweep()


def die_attaching(place: Place, moment: datetime, actor: Actor, more: dict[str, Any],
                  when: str) -> None:  # fmt: skip
    """Attach a file, and die before it has its name, or before a row speaks of it."""
    enter(place)
    if when == "written":
        Path.replace = lambda *_: die()  # type: ignore[method-assign, assignment]
    else:
        setattr(attachments, "transaction", die)  # noqa: B010 -- not its own name
    with clock.at(moment):
        attach(actor, **more)


def write_little(place: Place, moment: datetime, actor: Actor, one: str, seen: int) -> None:
    """Attach and revise where the system gives no room; the log tells what people are told."""
    enter(place)
    diary = Diary(place.log)
    for verb, more in (
        ("attach", {"slot": "honour_proof", "filename": "证书.png", "content": picture()}),
        ("revise", {"answers": {"topics": "写不下"}}),
    ):
        with clock.at(moment), told(diary, of=verb), _little_room():
            VERBS[verb](actor, one, **more, seen=seen)


@contextmanager
def _little_room() -> Iterator[None]:
    """No file of this process may grow beyond 20 bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (20, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def hold(place: Place, how: str, ready: Any) -> None:
    """Hold the database until killed: its queue, or the file itself as another program would."""
    enter(place)
    with database.transaction() if how == "queue" else _held_otherwise():
        ready.set()
        signal.pause()


@contextmanager
def _held_otherwise() -> Iterator[None]:
    raw = database.engine().raw_connection()
    raw.cursor().execute("BEGIN IMMEDIATE")
    yield


def _die_at(number: int, when: str) -> None:
    """Let the process die before or after the commit of this number, or amid such a change."""
    commits = count(1)
    if when == "amid":
        _die_amid(number)
        return

    @contextmanager
    def transaction() -> Iterator[Store]:
        mine = next(commits) == number
        with database.transaction() as store:
            yield store
            if mine and when == "before":
                die()
        if mine and when == "after":
            die()

    for module in WRITERS:
        if hasattr(module, "transaction"):
            module.transaction = transaction  # type: ignore[attr-defined]


def _die_amid(number: int) -> None:
    """Let the process die when a row is changed and its event is not written yet."""
    records, record = count(1), journal._record  # noqa: SLF001 -- the very place

    def recorded(*given: Any) -> None:
        if next(records) == number:
            die()
        record(*given)

    setattr(journal, "_record", recorded)  # noqa: B010 -- mypy would have the same signature
