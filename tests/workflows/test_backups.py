"""A backup is whole whoever works meanwhile; restored it is the same record, and writes to nobody."""

import io
import json
import tarfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from models import schema
from models.database import connect, disconnect, transaction
from models.errors import BrokenError, InputError, RefusedError
from models.letter import Carriage, Way
from models.registration import Identity, Registration
from models.secret import signature
from models.settings import settings
from models.sql import insert_into
from models.token import Link, Token
from models.vocabulary import CarrierKind, LinkKind, Role
from tests.small_round import SmallRound, application, drafted, small_round, submitted
from tests.worlds import everything, rows
from workflows import doctor
from workflows.intake.applications import revise
from workflows.people.registering import look
from workflows.people.seat_requests import BLANK
from workflows.post import doorway
from workflows.post.carriers import deliver
from workflows.record import audit
from workflows.record.backups import backup, restore
from workflows.record.checkpoints import checkpoint

Elsewhere = Callable[[], None]
ENDED = ("letter", "session", "link", "token", "carriage")  # whose open rows a restore ends
PARTS = {"sqlite": "database.sqlite", "postgresql": "database.dump"}


@pytest.fixture
def elsewhere(
    request: pytest.FixtureRequest, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Elsewhere]:
    """Answer a way to an installation on another machine: no tables, no files."""
    made, home = [], str(settings().data_dir)

    def go() -> None:
        disconnect()
        url = f"sqlite:///{tmp_path}/other/shenbao.db"
        if database.startswith("postgresql"):
            name = f"restored_{tmp_path.name.replace('-', '_')}"
            request.getfixturevalue("postgresql_template")("CREATE DATABASE {} TEMPLATE template0", name)
            made.append(name)
            url = request.getfixturevalue("postgresql").format(name=name)
        monkeypatch.setenv("SHENBAO_DATA_DIR", str(tmp_path / "other"))
        monkeypatch.setenv("SHENBAO_DATABASE_URL", url)
        settings.cache_clear()
        connect(url)

    yield go
    disconnect()
    monkeypatch.setenv("SHENBAO_DATA_DIR", home)  # the doctor looks at the database's own files
    settings.cache_clear()
    for name in made:
        request.getfixturevalue("postgresql_template")("DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture
def world(database: str) -> SmallRound:
    """Build a round with an application, its photo, its letters and a checkpoint."""
    made = small_round()
    submitted(made)
    checkpoint()
    return made


def test_a_restored_backup_is_the_same_record(world: SmallRound, tmp_path: Path, elsewhere: Elsewhere) -> None:
    before, kind = everything(), "postgresql" if "postgresql" in str(settings().database) else "sqlite"
    photos = sorted(p.name for p in settings().attachments_dir.glob("??/*"))
    waiting = rows("SELECT count(*) FROM letter WHERE sent_at IS NULL AND dead_at IS NULL")[0][0]

    taken = backup(tmp_path / "b.tar")
    elsewhere()
    done = restore(tmp_path / "b.tar")

    after = everything()
    assert {name: rows_ for name, rows_ in after.items() if name not in ENDED} == {
        name: rows_ for name, rows_ in before.items() if name not in ENDED
    }
    assert (taken.database, taken.events, taken.files) == (kind, len(before["journal_event"]), len(photos))
    assert (done.events, done.files, done.letters_kept_back) == (taken.events, taken.files, waiting)
    assert sorted(p.name for p in settings().attachments_dir.glob("??/*")) == photos
    assert doctor.check(files=True) == []
    assert audit.verify().ok
    assert (tmp_path / "b.tar").stat().st_mode & 0o777 == 0o600


def test_no_old_letter_leaves_after_a_restore(world: SmallRound, tmp_path: Path, elsewhere: Elsewhere) -> None:
    backup(tmp_path / "b.tar")
    elsewhere()
    restore(tmp_path / "b.tar")

    assert deliver() == {"sent": 0, "retried": 0, "dead": 0}
    assert {row[0] for row in rows("SELECT error FROM letter WHERE sent_at IS NULL")} == {"restored"}


def test_no_other_way_carries_after_a_restore_and_no_link_or_token_opens_anything(
    world: SmallRound, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    [letter, *_] = rows("SELECT id, account_id FROM letter ORDER BY id")
    [(place,), *_] = rows("SELECT organization FROM application")
    with transaction() as store:
        store.run(insert_into(Way), id="w" * 32, account_id=letter[1], kind=CarrierKind.WEBHOOK, name="家",
                  address="json://127.0.0.1:9", only_action=False, made_at=store.now, ended_at=None)  # fmt: skip
        store.run(insert_into(Carriage), letter_id=letter[0], way_id="w" * 32, not_before=store.now)
        store.run(insert_into(Link), id="l" * 32, kind=LinkKind.RESET, account_id=letter[1], made_at=store.now,
                  ends_at=store.now + timedelta(hours=2), used_at=None)  # fmt: skip
        store.run(insert_into(Token), id="t" * 64, account_id=letter[1], name="报表", scopes=["ask"],
                  made_at=store.now, ends_at=store.now + timedelta(days=90), used_at=None, ended_at=None)  # fmt: skip
        store.run(insert_into(Identity), provider="oidc:x", subject="s", account_id=letter[1], made_at=store.now,
                  used_at=None)  # fmt: skip
        now, asked = store.now, {"email": "lin@example.cn", "name": "林", "language": "zh", "organization": place}
        store.run(insert_into(Registration), **{**BLANK, **asked, "id": "r" * 32, "role": Role.CLERK, "note": "",
                  "made_at": now, "letter_at": now, "ends_at": now + timedelta(days=2)})  # fmt: skip
    backup(tmp_path / "b.tar")
    elsewhere()
    restore(tmp_path / "b.tar")

    assert deliver() == {"sent": 0, "retried": 0, "dead": 0}
    assert doorway.carry() == {"sent": 0, "retried": 0, "dead": 0}
    with pytest.raises(InputError, match="link_over"):
        look(f"{'r' * 32}.{signature(doorway.PURPOSE, 'r' * 32)}")
    assert rows("SELECT count(*) FROM identity") == [(0,)]
    assert rows("SELECT sent_at, error FROM carriage") == [(None, "restored")]
    assert rows("SELECT count(*) FROM link WHERE used_at IS NULL") == [(0,)]
    assert rows("SELECT count(*) FROM token WHERE ended_at IS NULL") == [(0,)]


def test_a_backup_taken_while_people_work_is_whole(world: SmallRound, tmp_path: Path, elsewhere: Elsewhere) -> None:
    done, begun, draft, versions = Event(), Event(), drafted(world, 1), []

    def work() -> None:
        row = draft
        while not done.is_set():
            begun.set()
            row = revise(world.clerks[1], row.id, answers={"results": f"第{row.version}稿"}, seen=row.version)
            versions.append(row.version)

    worker = Thread(target=work)
    worker.start()
    begun.wait(60)
    try:
        for n in range(3):
            backup(tmp_path / f"{n}.tar")
    finally:
        done.set()
        worker.join()
    elsewhere()
    restore(tmp_path / "2.tar")

    assert doctor.check(files=True) == []
    assert audit.verify().ok
    assert draft.version <= application(draft.id).version <= versions[-1]


def test_nothing_is_restored_over_data(world: SmallRound, tmp_path: Path) -> None:
    backup(tmp_path / "b.tar")
    before = everything()

    with pytest.raises(RefusedError, match="restore_not_empty"):
        restore(tmp_path / "b.tar")
    with pytest.raises(InputError, match="file_exists"):
        backup(tmp_path / "b.tar")

    assert everything() == before


@pytest.mark.parametrize("damage", ["cut", "changed", "foreign", "leads_out"])
def test_a_damaged_backup_is_refused_as_a_whole(
    world: SmallRound, tmp_path: Path, elsewhere: Elsewhere, damage: str
) -> None:
    backup(tmp_path / "b.tar")
    broken = tmp_path / "broken.tar"
    broken.write_bytes(damaged((tmp_path / "b.tar").read_bytes(), damage))
    elsewhere()

    with pytest.raises(InputError, match="backup_broken"):
        restore(broken)

    assert schema.revision() is None
    assert list(settings().attachments_dir.glob("??/*")) == []


def test_a_backup_goes_back_to_its_own_kind_of_database(
    world: SmallRound, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    backup(tmp_path / "b.tar")
    kept = parts((tmp_path / "b.tar").read_bytes())
    told = json.loads(kept["manifest.json"])
    other = "postgresql" if told["database"] == "sqlite" else "sqlite"
    told["database"] = other
    (tmp_path / "c.tar").write_bytes(packed({**kept, "manifest.json": json.dumps(told).encode()}))
    elsewhere()

    with pytest.raises(InputError, match="backup_kind"):
        restore(tmp_path / "c.tar")


def test_a_full_disk_leaves_no_half_backup(world: SmallRound, tmp_path: Path) -> None:
    with pytest.raises(BrokenError, match="cannot_write"):
        backup(tmp_path / "no-such-folder" / "b.tar")

    assert list(tmp_path.glob("*.part")) == []


def parts(content: bytes) -> dict[str, bytes]:
    """What a tar file holds, by name."""
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        return {m.name: file.read() for m in archive.getmembers() if (file := archive.extractfile(m)) is not None}


def packed(held: dict[str, bytes]) -> bytes:
    """A tar file of these parts."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in held.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


def damaged(content: bytes, how: str) -> bytes:
    """A backup as it should not be."""
    held = parts(content)
    told = json.loads(held["manifest.json"])
    photo = next(name for name in held if name.startswith("attachments/"))
    match how:
        case "cut":
            return content[: len(content) // 2]
        case "changed":
            return packed({**held, photo: held[photo] + b"x"})
        case "foreign":
            return b"not a backup at all"
        case _:
            told["parts"]["attachments/../../x"] = told["parts"].pop(photo)
            return packed({**held, "attachments/../../x": held[photo], "manifest.json": json.dumps(told).encode()})
