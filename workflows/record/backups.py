"""Backups: database, attachments and checkpoints in one file, taken while everything runs, and back again."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models import clock, schema
from models.account import Session
from models.base import table
from models.database import engine, reading, transaction
from models.errors import BrokenError, InputError, RefusedError
from models.journal import Event
from models.letter import Carriage, Letter
from models.registration import Identity, Registration
from models.settings import settings
from models.sql import Sql, bind
from models.token import Link, Token
from workflows.record import dumps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FORMAT = 1
_MANIFEST, _CHECKPOINTS, _FILES = "manifest.json", "journal.checkpoints", "attachments"
_L, _C, _S, _K, _T, _R = (table(m).c for m in (Letter, Carriage, Session, Link, Token, Registration))
_EVENTS: Sql[int] = Sql(sa.select(sa.func.count()).select_from(table(Event)))
# What waited when the backup was taken went out meanwhile, or is stale: it stays on record.
_KEEP_BACK: Sql[None] = Sql(
    sa.update(table(Letter))
    .where(_L.sent_at.is_(None), _L.dead_at.is_(None))
    .values(dead_at=bind("now", _L.dead_at), error="restored")
)
_KEEP_OFF_THE_WAYS: Sql[None] = Sql(
    sa.update(table(Carriage))
    .where(_C.sent_at.is_(None), _C.dead_at.is_(None))
    .values(dead_at=bind("now", _C.dead_at), error="restored")
)
_SIGN_OUT: Sql[None] = Sql(
    sa.update(table(Session)).where(_S.revoked_at.is_(None)).values(revoked_at=bind("now", _S.revoked_at))
)
# A link used and a token ended since then would open the door again.
_VOID: Sql[None] = Sql(sa.update(table(Link)).where(_K.used_at.is_(None)).values(used_at=bind("now", _K.used_at)))
_END_TOKENS: Sql[None] = Sql(
    sa.update(table(Token)).where(_T.ended_at.is_(None)).values(ended_at=bind("now", _T.ended_at))
)
# As is a registration's letter with its link; and who unlinked an identity since then did so for a reason.
_UNASK: Sql[None] = Sql(
    sa.update(table(Registration))
    .where(_R.proven_at.is_(None))
    .values(letter_at=None, ends_at=sa.case((_R.ends_at > bind("now", _R.ends_at), bind("now", _R.ends_at)),
                                            else_=_R.ends_at))
)  # fmt: skip
_UNLINK: Sql[None] = Sql(sa.delete(table(Identity)))


class Taken(NamedTuple):
    """A backup: what is in it. `events` counts the journal's, `files` the attachments."""

    path: str
    taken_at: str
    database: str
    schema: str
    events: int
    files: int
    size: int


class Restored(NamedTuple):
    """What a restore brought back, and how many letters it keeps from going out once more."""

    taken_at: str
    events: int
    files: int
    letters_kept_back: int


def backup(file: Path) -> Taken:
    """Write a backup, readable by its owner alone; whoever works meanwhile is not in it, or wholly.

    Raises InputError("file_exists"), BrokenError("cannot_write", "backup_tool").
    """
    if file.exists():
        raise InputError("file_exists", field="file", given=str(file))
    part = file.with_name(f"{file.name}.part")
    with _written(part) as archive, TemporaryDirectory(dir=part.parent) as folder:
        taken_at, found, events = clock.now().isoformat(), str(schema.revision()), _events()
        # Checkpoints, then the rows they are of, then the files those rows tell of: each is kept before
        # the next is written, so what is copied later is never behind.
        first = [_set_aside(Path(folder))] if settings().checkpoint_file.is_file() else []
        parts = dict(_pack(archive, [*first, dumps.write(Path(folder))]))
        told: dict[str, Any] = {
            "format": FORMAT, "taken_at": taken_at, "database": engine().dialect.name, "schema": found,
            "events": events, "parts": parts,
        }  # fmt: skip
        _add(archive, _MANIFEST, json.dumps(told, ensure_ascii=False, sort_keys=True).encode())
    part.replace(file)
    files = sum(name.startswith(_FILES) for name in told["parts"])
    return Taken(str(file), taken_at, told["database"], found, told["events"], files, file.stat().st_size)


def restore(file: Path) -> Restored:
    """Bring a backup into an installation that has no data yet.

    Letters that waited when it was taken do not leave, by mail or by other ways; everybody signs in anew, and one-use
    links, those of registrations too, programs' tokens and linked identities open nothing any more. Raises
    RefusedError("restore_not_empty"), InputError("backup_broken", "backup_kind"), BrokenError("unknown_schema").
    """
    _require_empty()
    settings().data_dir.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=settings().data_dir) as name:
        folder = Path(name)
        told = _unpacked(file, folder)
        if told["database"] != engine().dialect.name:
            raise InputError("backup_kind", given=told["database"], wanted=engine().dialect.name)
        dumps.read(folder / dumps.NAMES[told["database"]])
        _place(folder)
    schema.ensure()
    with transaction() as store:
        kept = store.run(_KEEP_BACK, now=store.now)
        for end in (_KEEP_OFF_THE_WAYS, _SIGN_OUT, _VOID, _END_TOKENS, _UNASK):
            store.run(end, now=store.now)
        store.run(_UNLINK)
    return Restored(told["taken_at"], told["events"], sum(n.startswith(_FILES) for n in told["parts"]), kept)


def _events() -> int:
    with reading() as store:
        return store.first(_EVENTS) or 0


def _set_aside(folder: Path) -> Path:
    return Path(shutil.copy(settings().checkpoint_file, folder / _CHECKPOINTS))


@contextmanager
def _written(part: Path) -> Iterator[tarfile.TarFile]:
    """An archive that is on the disk when this ends, and not there at all when it fails."""
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as raw:
            with tarfile.open(fileobj=raw, mode="w") as archive:
                yield archive
            raw.flush()
            os.fsync(raw.fileno())
    except OSError as error:
        part.unlink(missing_ok=True)
        raise BrokenError("cannot_write", folder=str(part.parent), reason=error.strerror) from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _pack(archive: tarfile.TarFile, first: Iterable[Path]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in first:
        yield _copied(archive, path.name, path)
    for path in sorted(settings().attachments_dir.glob("??/*")):
        if len(path.name) == hashlib.sha256().digest_size * 2:
            yield _copied(archive, f"{_FILES}/{path.name}", path)


def _copied(archive: tarfile.TarFile, name: str, path: Path) -> tuple[str, dict[str, Any]]:
    with path.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
        member = tarfile.TarInfo(name)
        member.size, member.mode = source.tell(), 0o600
        source.seek(0)
        archive.addfile(member, source)
    return name, {"sha256": digest, "size": member.size}


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    archive.addfile(member, BytesIO(content))


def _require_empty() -> None:
    if schema.revision() is not None or any(settings().attachments_dir.glob("??/*")):
        raise RefusedError("restore_not_empty", folder=str(settings().data_dir.absolute()))


def _unpacked(file: Path, folder: Path) -> dict[str, Any]:
    """The manifest, with every part beside it, compared with what the manifest says of it."""
    try:
        with tarfile.open(file) as archive:
            members = {m.name: m for m in archive.getmembers() if m.isfile()}
            told: dict[str, Any] = json.loads(_read(archive, members[_MANIFEST]))
            if told["format"] != FORMAT:
                raise InputError("backup_broken", file=file.name, part=_MANIFEST)
            for name, said in told["parts"].items():
                _unpack(archive, members[name], folder, said["sha256"])
    except (OSError, tarfile.TarError, KeyError, ValueError, TypeError) as error:
        raise InputError("backup_broken", file=file.name, part=str(error)[:60]) from error
    return told


def _read(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    source = archive.extractfile(member)
    return source.read() if source else b""


def _unpack(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path, sha256: str) -> None:
    """One part into the folder, under its last name: what the archive calls it leads nowhere else."""
    source = archive.extractfile(member)
    target = folder / _flat(member.name)
    digest = hashlib.sha256()
    with target.open("wb") as out:
        while source is not None and (block := source.read(1 << 20)):
            digest.update(block)
            out.write(block)
    if digest.hexdigest() != sha256:
        raise InputError("backup_broken", file=str(archive.name), part=member.name)


def _flat(name: str) -> str:
    kind, _, rest = name.rpartition("/")
    if kind not in ("", _FILES) or rest in ("", ".", ".."):
        raise InputError("backup_broken", file="-", part=name[:60])
    return rest


def _place(folder: Path) -> None:
    """Checkpoints and attachments to where the product looks for them."""
    for path in folder.iterdir():
        if path.name == _CHECKPOINTS:
            path.replace(settings().checkpoint_file)
        elif path.name not in dumps.NAMES.values():
            home = settings().attachments_dir / path.name[:2]
            home.mkdir(parents=True, exist_ok=True)
            path.replace(home / path.name)
