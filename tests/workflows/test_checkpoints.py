"""Checkpoints grow by whole blocks, whoever writes them and whatever breaks off."""

import hashlib
import json
import subprocess
import sys
from typing import Any

import pytest

from models import clock
from models.errors import BrokenError
from models.settings import settings
from tests.small_round import NOON, application, sent_up, small_round, submitted
from workflows.record import audit, checkpoints
from workflows.record.acting import actor_of
from workflows.record.checkpoints import checkpoint, root
from workflows.record.journal import canonical

FIVE = """
import sys
from models.database import engine
from workflows.record.checkpoints import checkpoint
engine().connect().close()
print("ready", flush=True)
sys.stdin.read()
for _ in range(5):
    checkpoint()
"""


def blocks() -> list[dict[str, Any]]:
    """The blocks of the file."""
    lines = settings().checkpoint_file.read_bytes().splitlines()
    return [json.loads(line) for line in lines]


def test_a_checkpoint_holds_the_head_of_everything_that_changed(database: str) -> None:
    world = small_round()
    row = submitted(world)
    offices = (world.county, world.city, world.province, actor_of("admin@example.cn"))
    people = {actor.id for actor in (*world.clerks, *offices)}

    with clock.at(NOON):
        told = checkpoint()

    (block,) = blocks()
    heads = {leaf[1]: (leaf[0], leaf[2], leaf[3]) for leaf in block["leaves"]}
    assert heads.keys() == {row.id, world.round_id, *people}
    assert heads[row.id] == ("application", row.version, row.head)
    assert {heads[id_][:2] for id_ in people} == {("account", 1)}
    assert (block["prev"], block["until"], block["events"]) == ("", NOON.isoformat(), 10)
    assert told == {
        "at": NOON.isoformat(),
        "events": 10,
        "leaves": 8,
        "root": block["root"],
        "hash": block["hash"],
    }


def test_the_next_checkpoint_holds_only_what_changed_since(database: str) -> None:
    world = small_round()
    with clock.at(NOON):
        checkpoint()
    row, slate = sent_up(world)

    with clock.at(NOON):
        checkpoint()

    first, second = blocks()
    assert second["prev"] == first["hash"]
    assert [leaf[:3] for leaf in second["leaves"]] == [
        ["application", row.id, application(row.id).version],
        ["slate", slate.id, slate.version],
    ]
    assert audit.verify() == audit.Report(ok=True, events=16, things=9, checkpoints=2, faults=[])


def test_an_empty_journal_has_an_empty_checkpoint(database: str) -> None:
    assert checkpoint()["leaves"] == 0

    assert blocks()[0]["root"] == hashlib.sha256().hexdigest()


def test_the_root_is_the_merkle_tree_hash_of_rfc_6962() -> None:
    leaves = [[i] for i in range(7)]

    def tree(part: list[list[int]]) -> bytes:
        if len(part) == 1:
            return hashlib.sha256(b"\x00" + canonical(part[0]).encode()).digest()
        k = 1 << (len(part) - 1).bit_length() - 1
        return hashlib.sha256(b"\x01" + tree(part[:k]) + tree(part[k:])).digest()

    assert [root(leaves[:n]) for n in range(1, 8)] == [tree(leaves[:n]).hex() for n in range(1, 8)]


def test_a_long_checkpoint_comes_in_several_blocks(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sent_up(small_round())
    monkeypatch.setattr(checkpoints, "MOST_LEAVES", 4)

    with clock.at(NOON):
        told = checkpoint()

    first, second, last = blocks()
    assert [len(block["leaves"]) for block in (first, second, last)] == [4, 4, 1]
    assert told["leaves"] == 9
    # Were the last block lost in a crash, the next checkpoint would begin where this one did.
    assert [block["until"][:4] for block in (first, second)] == ["0001", "0001"]
    assert last["until"] == NOON.isoformat()
    assert [second["prev"], last["prev"]] == [first["hash"], second["hash"]]
    assert audit.verify().ok


def test_a_line_torn_by_a_crash_is_put_right(database: str) -> None:
    sent_up(small_round())
    checkpoint()
    file = settings().checkpoint_file
    whole = file.read_bytes()
    file.write_bytes(whole + whole[: len(whole) // 2])

    assert audit.verify().ok
    checkpoint()

    assert file.read_bytes().startswith(whole)
    assert [block["prev"] for block in blocks()] == ["", blocks()[0]["hash"]]
    assert audit.verify() == audit.Report(ok=True, events=16, things=9, checkpoints=2, faults=[])


def test_a_file_torn_in_its_first_line_begins_again(database: str) -> None:
    settings().checkpoint_file.parent.mkdir()
    settings().checkpoint_file.write_bytes(b'{"at":')

    checkpoint()

    assert [block["prev"] for block in blocks()] == [""]


@pytest.mark.tampers
def test_nothing_is_appended_to_a_file_somebody_changed(database: str) -> None:
    checkpoint()
    file = settings().checkpoint_file
    changed = file.read_bytes().replace(b'"events":0', b'"events":1')
    file.write_bytes(changed)

    with pytest.raises(BrokenError) as refused:
        checkpoint()

    assert refused.value.code == "checkpoint_broken"
    assert file.read_bytes() == changed


def test_a_copy_kept_elsewhere_can_be_verified(database: str) -> None:
    sent_up(small_round())
    checkpoint()
    kept = settings().checkpoint_file.rename(settings().data_dir / "kept")

    assert (audit.verify().checkpoints, audit.verify(kept).checkpoints) == (0, 1)


def test_four_processes_write_one_unbroken_file(database: str) -> None:
    sent_up(small_round())
    running = [
        subprocess.Popen([sys.executable, "-c", FIVE], stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(4)
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"

    for process in running:
        assert process.stdin is not None
        process.stdin.close()

    assert [process.wait(timeout=60) for process in running] == [0, 0, 0, 0]
    for process in running:
        assert process.stdout is not None
        process.stdout.close()
    assert audit.verify() == audit.Report(ok=True, events=16, things=9, checkpoints=20, faults=[])
