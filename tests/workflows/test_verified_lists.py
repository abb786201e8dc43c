"""A published list is known by its hash, which anybody can compute again from its canonical text."""

import hashlib
import json
from pathlib import Path

import pytest

from models.errors import NotFoundError
from tests.own_rounds import own_round
from tests.worlds import CITY, COUNTY, PROVINCE, World, checked, in_notice, refused, sealed, sent, submitted
from ui.cli import main
from workflows.hearing.notices import publish
from workflows.queries.public import notice_verify, published_notice


def test_the_hash_is_that_of_the_canonical_text(world: World) -> None:
    _, notice = in_notice(world, 2)

    told = notice_verify(None, notice.id)

    assert (told.snapshot_hash, told.computed, told.matches) == (notice.snapshot_hash, notice.snapshot_hash, True)
    assert hashlib.sha256(told.text.encode()).hexdigest() == notice.snapshot_hash
    assert json.loads(told.text) == notice.snapshot
    assert told.text == json.dumps(notice.snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def test_a_notice_that_is_not_there_is_not_found(world: World) -> None:
    with refused("not_found", NotFoundError, thing="notice"):
        notice_verify(None, "0" * 32)


@pytest.mark.parametrize("text", ["焊接工作室（联系13800001234）", "工作室 33010619800101001X", "室 a@b.cn"])
def test_a_number_written_into_a_subject_never_reaches_the_public(world: World, text: str) -> None:
    there = own_round(world, notice={"days": 5, "shows": ["topics"]})
    one = submitted(there, 0, studio_name=text, topics=f"课题，{text}")
    checked(there, COUNTY, one.id)
    sent(there, COUNTY, [one.id])
    checked(there, CITY, one.id)
    sent(there, CITY, [one.id])
    checked(there, PROVINCE, one.id)
    row = sealed(there, PROVINCE, [one.id])
    made = publish(there.province, row.id, seen=row.version)

    said = f"{made.snapshot} {published_notice(None, made.id)}"
    for secret in ("13800001234", "33010619800101001X", "a@b.cn"):
        assert secret not in said


def test_the_command_line_tells_whether_a_file_is_the_list(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, notice = in_notice(world, 2)
    right, wrong = tmp_path / "right.json", tmp_path / "wrong.json"
    right.write_text(notice_verify(None, notice.id).text + "\n", encoding="utf-8")
    wrong.write_text("[]", encoding="utf-8")

    codes = []
    for given in ([], [right], [wrong]):
        with pytest.raises(SystemExit) as ended:
            main(["notice", "verify", notice.id, *map(str, given)])
        codes.append(ended.value.code or 0)

    assert codes == [0, 0, 2]
    said = capsys.readouterr().out.splitlines()
    assert said[:2] == [notice.snapshot_hash] * 2
    assert notice.snapshot_hash in said[2]
