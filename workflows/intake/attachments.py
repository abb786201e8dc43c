"""The attachment verbs: files are checked, kept by their hash, and never shown to strangers."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from models.application import Application
from models.attachment import Attachment
from models.base import new_id, new_token, table
from models.database import reading, transaction
from models.errors import BrokenError, BusyError, InputError, NotFoundError, RefusedError
from models.journal import Event
from models.settings import settings
from models.sql import Sql, bind, insert_into, row_from, rows_of
from models.vocabulary import REVIEWS, Act
from workflows.charts.strict import Facts
from workflows.intake import filing
from workflows.intake.uploads import accepted, safe_name
from workflows.programmes import programme_of
from workflows.record.acting import refreshed
from workflows.record.claiming import claim, look
from workflows.record.journal import move
from workflows.record.verb import verb
from workflows.rules import permissions

if TYPE_CHECKING:
    from pathlib import Path

    from models.database import Store
    from models.programme import Slot
    from workflows.intake.uploads import Upload
    from workflows.record.acting import Actor

_F, _E = table(Attachment).c, table(Event).c
_MB = 1 << 20
_INSERT = insert_into(Attachment)
_BY_ID = rows_of(Attachment, _F.id == bind("id", _F.id), _F.removed_at.is_(None))
_IN_SLOT = rows_of(
    Attachment,
    _F.application_id == bind("of", _F.application_id),
    _F.slot == bind("slot", _F.slot),
    _F.removed_at.is_(None),
)
_REMOVE: Sql[None] = Sql(
    sa.update(table(Attachment)).where(_F.id == bind("of", _F.id)).values(removed_at=bind("removed_at", _F.removed_at))
)
_ANY = rows_of(Attachment, _F.id == bind("id", _F.id))


@verb("attach", answer=lambda store, event: _attachment(store, event.body["attachment"]))
def attach(
    actor: Actor, application_id: str, *, slot: str, filename: str, content: bytes, seen: int,
    key: str | None = None,
) -> Attachment:  # fmt: skip
    """Put a file into a slot of the form. A returned application opens only the slots at fault.

    Under review a tier fills its own slots, and the applicant the formal ones once the first list
    was cleared. Raises InputError: `unknown_slot`, `slot_full`, `too_many_pages`, and all of
    `uploads.accepted`; RefusedError as `filing.require_open`.
    """
    with reading() as store:
        row, who = claim(store, actor, Act.ATTACH, Application, application_id, seen=seen, key=key)
        rule, _ = _slot(store, who, row, slot)
        _refuse_full(store, row, rule)
    # Reading a file may take a second: nobody else's transaction waits for it.
    upload = _accepted(content, filename, rule)
    keep(upload)
    with transaction() as store:
        row, who = claim(store, actor, Act.ATTACH, Application, application_id, seen=seen, key=key)
        _, part = _slot(store, who, row, slot)
        _refuse_full(store, row, rule)
        file = _record(store, who, row, slot=slot, filename=filename, upload=upload)
        _moved(store, who, Act.ATTACH, row, file, key, part=part)
        return file


@verb("detach")
def detach(actor: Actor, application_id: str, *, attachment_id: str, seen: int, key: str | None = None) -> Application:
    """Take a file out of the form; it stays on the record. Raises NotFoundError, RefusedError."""
    with transaction() as store:
        row, who = claim(store, actor, Act.DETACH, Application, application_id, seen=seen, key=key)
        file = _attachment(store, attachment_id)
        if file.application_id != row.id:
            raise _not_found(attachment_id)
        _, part = _slot(store, who, row, file.slot)
        store.run(_REMOVE, of=file.id, removed_at=store.now)
        return _moved(store, who, Act.DETACH, row, file, key, part=part)


def read(actor: Actor, attachment_id: str) -> tuple[Attachment, Path]:
    """A file and where its bytes lie, for whoever may see its application.

    Raises NotFoundError in the same words for a missing and a foreign one; BrokenError when the
    bytes are gone.
    """
    with reading() as store:
        file = _attachment(store, attachment_id)
        application = look(store, Application, file.application_id)
        if not permissions.sees(refreshed(store, actor), application):
            raise _not_found(attachment_id)
    path = path_of(file.sha256)
    if not path.is_file():
        raise BrokenError("file_missing", sha256=file.sha256)
    return file, path


def path_of(sha256: str) -> Path:
    """Where bytes of this hash lie."""
    return settings().attachments_dir / sha256[:2] / sha256


def _slot(store: Store, who: Actor, row: Application, name: str) -> tuple[Slot, bool]:
    """A slot that is open to this person now, and whether it is a part that is filled under review.

    Raises InputError("unknown_slot"), RefusedError as `filing.require_open`.
    """
    rules = programme_of(store, row.programme)
    rule = rules.slot(name)
    if rule is None:
        raise InputError("unknown_slot", field=name, known=[s.name for s in rules.slots])
    if row.state in REVIEWS and not permissions.brings(who, row):
        if rule not in (own := filing.own_slots(rules, row)):
            raise RefusedError("not_this_tiers", field=name, open=[s.name for s in own])
        return rule, True
    return rule, filing.require_open(store, rules, row, [name])


def _moved(
    store: Store, who: Actor, act: Act, row: Application, file: Attachment, key: str | None, *, part: bool
) -> Application:
    """The application after a change of its files; under review its content is hashed anew."""
    told = filing.hashed(store, row, row.answers) if part else {}
    more: dict[str, Any] = dict(told)
    return move(store, who, act, row, key=key, facts=Facts(part=part), body={**_told(file), **told}, **more)


def _record(store: Store, who: Actor, row: Application, *, slot: str, filename: str, upload: Upload) -> Attachment:
    values = {
        "id": new_id(),
        "application_id": row.id,
        "slot": slot,
        "filename": safe_name(filename, upload.kind),
        "media_type": upload.media_type,
        "size": len(upload.content),
        "sha256": upload.sha256,
        "account_id": who.id,
        "at": store.now,
    }
    store.run(_INSERT, **values)
    return row_from(Attachment, values)


def _told(file: Attachment) -> dict[str, str]:
    """What the journal keeps of a file."""
    return {
        "attachment": file.id,
        "slot": file.slot,
        "filename": file.filename,
        "sha256": file.sha256,
    }


def _refuse_full(store: Store, row: Application, rule: Slot) -> None:
    if len(store.all(_IN_SLOT, of=row.id, slot=rule.name)) >= rule.most:
        raise InputError("slot_full", field=rule.name, most=rule.most)


def _accepted(content: bytes, filename: str, rule: Slot) -> Upload:
    most = min(rule.megabytes, settings().max_upload_mb) * _MB
    try:
        found = accepted(content, rule.kinds, most=most)
    except InputError as error:
        error.details |= {"field": rule.name, "filename": filename[:120]}
        raise
    if rule.pages is not None and found.pages > rule.pages:
        raise InputError("too_many_pages", field=rule.name, filename=filename[:120], pages=found.pages,
                         most=rule.pages)  # fmt: skip
    return found


def keep(upload: Upload) -> None:
    """Write the bytes under their hash, durable before any row speaks of them. Raises BusyError("disk_full")."""
    path = path_of(upload.sha256)
    if path.is_file() and path.stat().st_size == len(upload.content):
        return
    part = path.with_name(f"{path.name}.{new_token()[:8]}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("xb") as file:
            file.write(upload.content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        _sync(path.parent)
    except OSError as error:
        raise BusyError("disk_full") from error
    finally:
        part.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _attachment(store: Store, attachment_id: str) -> Attachment:
    row = store.first(_BY_ID, id=attachment_id)
    if row is None:
        raise _not_found(attachment_id)
    return row


def _not_found(attachment_id: str) -> NotFoundError:
    return NotFoundError("not_found", thing="attachment", given=attachment_id)
