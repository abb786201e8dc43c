"""The meeting's minutes go with the list: who signed, the file as it is, and both seen upstairs."""

import hashlib
from io import BytesIO

import pytest
from PIL import Image

from models.errors import ForbiddenError, IllegalMoveError, InputError, NotFoundError, StaleError
from models.slate import Slate
from tests.worlds import CITY, COUNTY, World, at_county, photo, refused, rows, sealed, slate
from workflows import doctor
from workflows.listing.minutes import attach_minutes, read, slate_papers
from workflows.listing.sending import send_up
from workflows.listing.slates import open_slate, rank, seal


def scan() -> bytes:
    """A page unlike any attachment of the small province."""
    file = BytesIO()
    Image.new("RGB", (8, 8), "blue").save(file, "PNG")
    return file.getvalue()


BODY = "SELECT body FROM journal_event WHERE thing_id = :s AND act = 'seal'"


def attached(w: World, row: Slate, **other: object) -> str:
    """A photograph of the minutes beside the county's list."""
    given = {"filename": "会议纪要.png", "content": photo(), "seen": row.version, **other}
    return attach_minutes(w.county, row.id, **given).id  # type: ignore[arg-type]  # one of them is varied


def test_the_signatories_of_the_meeting_stand_on_the_list(world: World) -> None:
    ids = at_county(world, 2)
    done = sealed(world, COUNTY, ids[:1], signatories=["王主席", " 李副主席 "])

    assert slate(done.id).signatories == ["王主席", "李副主席"]
    told = rows(BODY, s=done.id)[0][0]
    assert '"signatories"' in str(told).replace("'", '"')


@pytest.mark.parametrize(("names", "code"), [
    (["王主席", "王主席"], "signed_twice"),
    ([" "], "words_missing"),
    (["长" * 61], "too_long"),
    ([f"委员{n}" for n in range(51)], "too_big"),
])  # fmt: skip
def test_signatories_are_named_once_each(world: World, names: list[str], code: str) -> None:
    row = rank(world.county, round_id=world.round_id, organization_code=COUNTY, main=at_county(world, 1))

    with refused(code, InputError):
        seal(world.county, row.id, seen=row.version, signatories=names)


def test_a_list_of_all_who_could_stand_on_it_says_that_there_was_no_contest(world: World) -> None:
    ids = at_county(world, 3)
    all_of_them = sealed(world, COUNTY, ids)
    assert "no_contest" in str(rows(BODY, s=all_of_them.id)[0][0])


def test_a_list_that_left_somebody_out_had_a_contest(world: World) -> None:
    ids = at_county(world, 3)
    some = sealed(world, COUNTY, ids[:2])
    told = str(rows(BODY, s=some.id)[0][0]).replace("'", '"')
    assert '"candidates": 3' in told.replace('"candidates":3', '"candidates": 3')
    assert "no_contest" not in told


def test_minutes_lie_beside_the_list_and_are_read_upstairs(world: World) -> None:
    row = sealed(world, COUNTY, at_county(world, 1))

    paper = attached(world, row)

    row = send_up(world.county, row.id, seen=slate(row.id).version)
    found = slate_papers(world.city, row.id)
    assert [(one.id, one.filename, one.media_type) for one in found] == [(paper, "会议纪要.png", "image/png")]
    assert hashlib.sha256(read(world.city, paper)[1].read_bytes()).hexdigest() == found[0].sha256
    for who in (world.stranger, world.province):
        with refused("not_found", NotFoundError):
            slate_papers(who, row.id)
        with refused("not_found", NotFoundError):
            read(who, paper)
    with refused("not_found", NotFoundError):
        read(world.city, "nothing")


def test_minutes_are_put_beside_ones_own_list_until_it_is_opened_above(world: World) -> None:
    row = sealed(world, COUNTY, at_county(world, 1))
    with refused("file_kind", InputError, field="minutes"):
        attached(world, row, content=b"text")
    with refused("stale", StaleError):
        attached(world, row, seen=row.version - 1)
    row = send_up(world.county, row.id, seen=row.version)
    with refused("not_your_desk", ForbiddenError):
        attach_minutes(world.city, row.id, filename="a.png", content=photo(), seen=row.version)
    row = open_slate(world.city, row.id, seen=row.version)

    with refused("illegal_move", IllegalMoveError):
        attached(world, row)


def test_one_click_attaches_once_and_ten_files_are_enough(world: World) -> None:
    row = sealed(world, COUNTY, at_county(world, 1))
    assert attached(world, row, key="k") == attached(world, row, key="k")
    for _ in range(9):
        attached(world, slate(row.id))

    with refused("slot_full", InputError, most=10):
        attached(world, slate(row.id))
    assert len(slate_papers(world.county, row.id)) == 10
    assert world.desk(CITY) == world.city


@pytest.mark.tampers
def test_the_doctor_misses_minutes_that_are_gone(world: World) -> None:
    row = sealed(world, COUNTY, at_county(world, 1))
    paper = attached(world, row, content=scan())
    path = read(world.county, paper)[1]
    kept = path.read_bytes()
    path.unlink()

    found = [(one.name, one.subject) for one in doctor.check()]

    path.write_bytes(kept)
    assert found == [("file_missing", f"attachment {paper}")]
    with refused("not_found", NotFoundError):
        read(world.stranger, paper)
