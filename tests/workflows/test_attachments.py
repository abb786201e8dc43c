"""A file is kept only if it is what it says, where the form has room, for whoever may see it."""

import hashlib
import os
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfWriter

from models import clock
from models.application import Application
from models.errors import (
    BrokenError,
    ForbiddenError,
    IllegalMoveError,
    InputError,
    NotFoundError,
    RefusedError,
    ShenbaoError,
    StaleError,
)
from models.settings import settings
from tests.small_round import NOON, SmallRound, application, drafted, photo, small_round, submitted
from tests.tampering import one
from workflows.desk.reviews import send_back
from workflows.intake.attachments import attach, detach, read
from workflows.intake.uploads import MEDIA_TYPES, accepted, kind_of, safe_name

MB = 1 << 20


def pdf() -> bytes:
    """A PDF of one empty page."""
    file, writer = BytesIO(), PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(file)
    return file.getvalue()


def office(main: str, parts: dict[str, bytes] | None = None) -> bytes:
    """A small Office document."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in {
            "[Content_Types].xml": b"<Types/>",
            main: b"<doc/>",
            **(parts or {}),
        }.items():
            made.writestr(name, content)
    return file.getvalue()


def picture(kind: str, **options: Any) -> bytes:
    """A small picture with the place it was taken at."""
    file = BytesIO()
    exif = Image.Exif()
    exif[0x0132] = "2025:03:04 12:00:00"
    exif.get_ifd(0x8825)[1] = "N"
    Image.new("RGB", (8, 8), "red").save(file, kind, exif=exif, **options)
    return file.getvalue()


GOOD = {
    "pdf": pdf(),
    "docx": office("word/document.xml"),
    "xlsx": office("xl/workbook.xml"),
    "jpg": picture("JPEG", comment=b"home"),
    "png": picture("PNG"),
    "webp": picture("WEBP"),
}


@pytest.fixture
def world(database: str) -> SmallRound:
    """Build an open round."""
    return small_round()


@pytest.fixture
def draft(world: SmallRound) -> Application:
    """Build a draft without files."""
    return drafted(world)


def put(world: SmallRound, row: Application, **changes: Any) -> Any:
    """Attach a picture, but for what the test says otherwise."""
    given_ = {
        "slot": "honour_proof",
        "filename": "证书.png",
        "content": photo(),
        "seen": row.version,
    }
    with clock.at(NOON):
        return attach(world.clerks[0], row.id, **{**given_, **changes})


def stored() -> list[str]:
    """The names of all files kept."""
    return sorted(path.name for path in settings().attachments_dir.rglob("*") if path.is_file())


@pytest.mark.parametrize("kind", GOOD)
def test_every_allowed_kind_is_kept_under_its_hash(world: SmallRound, draft: Application, kind: str) -> None:
    name = f"材料.{kind}"

    made = put(world, draft, slot="results_proof", filename=name, content=GOOD[kind])

    file, path = read(world.clerks[0], made.id)
    content = path.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    assert file == made
    assert path == settings().attachments_dir / sha256[:2] / sha256
    assert (made.slot, made.filename, made.media_type) == ("results_proof", name, MEDIA_TYPES[kind])
    assert (made.size, made.sha256, made.at) == (len(content), sha256, NOON)
    assert kind_of(content) == kind
    assert application(draft.id).version == draft.version + 1


@pytest.mark.parametrize("kind", ["jpg", "png", "webp"])
def test_a_picture_keeps_its_pixels_and_loses_its_place(kind: str) -> None:
    with Image.open(BytesIO(GOOD[kind])) as before:
        assert dict(before.getexif()) != {}

    kept = accepted(GOOD[kind], [kind], most=MB)

    with Image.open(BytesIO(kept.content)) as after:
        assert (after.size, dict(after.getexif()), after.info.get("comment")) == ((8, 8), {}, None)
        red, green, blue = after.convert("RGB").getpixel((4, 4))  # type: ignore[misc]  # three bands
        assert (red > 240, green < 16, blue < 16) == (True, True, True)


def bomb() -> bytes:
    """A spreadsheet of 40 MB that is 40 KB on disk."""
    return office("xl/workbook.xml", {"xl/sheet.xml": b"0" * 40_000_000})


def doctype() -> bytes:
    """A document whose entities multiply."""
    return office("word/document.xml", {"word/document.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'})


BAD = {
    "nothing": (b"", "file_empty"),
    "too big": (b"x" * (10 * MB + 1), "file_too_big"),
    "page named pdf": (b"<html><script>alert(1)</script></html>", "file_kind"),
    "drawing with scripts": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "file_kind"),
    "program": (b"MZ" + bytes(200), "file_kind"),
    "text": ("材料".encode(), "file_kind"),
    "plain zip": (office("a.txt"), "file_kind"),
    "macros": (office("word/document.xml", {"word/vbaProject.bin": b"x"}), "file_kind"),
    "torn pdf": (pdf()[:-40], "file_broken"),
    "torn picture": (photo()[:50], "file_broken"),
    "torn document": (office("word/document.xml")[:-30], "file_broken"),
    "multiplying entities": (doctype(), "file_broken"),
    "packed bomb": (bomb(), "file_bomb"),
    "many parts": (office("xl/workbook.xml", {f"{i}": b"" for i in range(600)}), "file_bomb"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_its_code_and_leaves_nothing(
    world: SmallRound, draft: Application, name: str
) -> None:
    content, code = BAD[name]

    with pytest.raises(InputError) as refused:
        put(world, draft, slot="results_proof", filename="材料.pdf", content=content)

    assert refused.value.code == code
    assert (refused.value.details["field"], refused.value.details["filename"]) == (
        "results_proof",
        "材料.pdf",
    )
    assert (application(draft.id), stored()) == (draft, [])


def test_a_flood_of_pixels_is_refused_before_it_is_unpacked() -> None:
    file = BytesIO()
    Image.new("1", (9000, 9000)).save(file, "PNG")

    with pytest.raises(InputError) as refused:
        accepted(file.getvalue(), ["png"], most=MB)

    assert refused.value.code == "file_bomb"


@given(st.sampled_from(sorted(GOOD)), st.data())
def test_damaged_files_are_kept_or_refused_but_never_crash(kind: str, data: st.DataObject) -> None:
    content = bytearray(GOOD[kind])
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(1, len(content)))

    assert outcome(bytes(content[:end])) in {*GOOD, "file_broken", "file_kind", "file_bomb"}


def outcome(content: bytes) -> str:
    """The kind that a file is kept as, or the code that it is refused with."""
    try:
        kept = accepted(content, list(GOOD), most=MB)
    except InputError as refused:
        return refused.code
    return kept.kind if kind_of(kept.content) == kept.kind else "changed"


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("证书.PNG", "证书.PNG"),
        ("../../etc/passwd.png", "etcpasswd.png"),
        ("C:\\temp\\a.png", "C:tempa.png"),
        ("evil\u202egnp.exe", "evilgnp.exe.png"),
        ("line\r\nbreak.png", "linebreak.png"),
        ("page.html", "page.html.png"),
        ("e\u0301.png", "\u00e9.png"),
        ("...", "file.png"),
        ("", "file.png"),
        ("名" * 200 + ".png", "名" * 38 + ".png"),
    ],
)
def test_a_name_is_made_safe(given_name: str, kept: str) -> None:
    assert safe_name(given_name, "png") == kept


@given(st.text(), st.sampled_from(sorted(GOOD)))
def test_no_name_is_long_or_leads_anywhere(name: str, kind: str) -> None:
    safe = safe_name(name, kind)

    assert len(safe.encode()) <= 120
    assert Path(safe).name == safe
    assert safe.isprintable()


def test_an_unknown_slot_is_refused_with_the_known_ones(world: SmallRound, draft: Application) -> None:
    with pytest.raises(InputError) as refused:
        put(world, draft, slot="photo")

    assert (refused.value.code, refused.value.details) == (
        "unknown_slot", {"field": "photo", "known": ["honour_proof", "results_proof"]},
    )  # fmt: skip


def test_a_kind_the_slot_does_not_take_is_refused(world: SmallRound, draft: Application) -> None:
    with pytest.raises(InputError) as refused:
        put(world, draft, filename="a.docx", content=GOOD["docx"])

    assert (refused.value.code, refused.value.details["allowed"]) == (
        "file_kind",
        ["jpg", "pdf", "png"],
    )


def test_a_full_slot_takes_no_more_until_one_is_taken_out(world: SmallRound, draft: Application) -> None:
    files = [put(world, application(draft.id)) for _ in range(5)]
    with pytest.raises(InputError) as refused:
        put(world, application(draft.id))
    assert (refused.value.code, refused.value.details) == (
        "slot_full",
        {"field": "honour_proof", "most": 5},
    )

    row = application(draft.id)
    detach(world.clerks[0], row.id, attachment_id=files[0].id, seen=row.version)

    assert put(world, application(draft.id)).slot == "honour_proof"
    assert len(stored()) == 1


def test_a_file_taken_out_is_not_found_any_more(world: SmallRound, draft: Application) -> None:
    made = put(world, draft)

    after = detach(world.clerks[0], draft.id, attachment_id=made.id, seen=draft.version + 1)

    assert after.version == draft.version + 2
    with pytest.raises(NotFoundError):
        read(world.clerks[0], made.id)
    with pytest.raises(NotFoundError):
        detach(world.clerks[0], draft.id, attachment_id=made.id, seen=after.version)


def test_the_same_click_twice_brings_one_file(world: SmallRound, draft: Application) -> None:
    first = put(world, draft, key="click")

    again = put(world, draft, key="click")

    assert again == first
    assert application(draft.id).version == draft.version + 1


def test_a_file_for_a_form_that_changed_meanwhile_is_refused(world: SmallRound, draft: Application) -> None:
    put(world, draft)

    with pytest.raises(StaleError):
        put(world, draft)


def test_strangers_and_missing_files_are_told_apart_by_nobody(world: SmallRound, draft: Application) -> None:
    made = put(world, draft)

    with pytest.raises(NotFoundError) as foreign:
        read(world.clerks[1], made.id)
    with pytest.raises(NotFoundError) as missing:
        read(world.clerks[1], "0" * 32)

    assert foreign.value.code == missing.value.code
    assert {**foreign.value.details, "given": ""} == {**missing.value.details, "given": ""}


def test_a_reviewer_reads_a_file_from_submission_on_but_not_of_a_draft(world: SmallRound) -> None:
    row = drafted(world)
    made = put(world, row)
    with pytest.raises(NotFoundError):
        read(world.county, made.id)

    other = submitted(world, 1)

    with pytest.raises(NotFoundError):
        read(world.city, _file_of(other))
    assert read(world.county, _file_of(other))[0].application_id == other.id


def test_a_file_of_another_application_cannot_be_taken_out(world: SmallRound) -> None:
    mine, other = drafted(world), submitted(world, 1)

    with pytest.raises(NotFoundError):
        detach(world.clerks[0], mine.id, attachment_id=_file_of(other), seen=mine.version)


def test_nobody_but_its_people_attaches(world: SmallRound, draft: Application) -> None:
    with pytest.raises((NotFoundError, ForbiddenError)):
        attach(
            world.county,
            draft.id,
            slot="honour_proof",
            filename="a.png",
            content=photo(),
            seen=draft.version,
        )

    assert stored() == []


def test_a_submitted_form_takes_no_files(world: SmallRound) -> None:
    row = submitted(world)

    with pytest.raises((IllegalMoveError, ShenbaoError)) as refused:
        put(world, row)

    assert refused.value.code == "illegal_move"
    assert application(row.id) == row


def test_a_returned_form_opens_only_the_slots_at_fault(world: SmallRound) -> None:
    row = submitted(world)
    faults = [{"field": "results_proof", "words": "请补充"}]
    with clock.at(NOON):
        row = send_back(world.county, row.id, faults=faults, seen=row.version)

    with pytest.raises(RefusedError) as refused:
        put(world, row)
    with pytest.raises(RefusedError):
        detach(world.clerks[0], row.id, attachment_id=_file_of(row), seen=row.version)

    assert (refused.value.code, refused.value.details) == (
        "field_not_open", {"field": "honour_proof", "open": ["results_proof"]},
    )  # fmt: skip
    assert put(world, row, slot="results_proof").slot == "results_proof"


@pytest.mark.tampers
def test_bytes_that_are_gone_are_said_to_be_gone(world: SmallRound, draft: Application) -> None:
    made = put(world, draft)
    _, path = read(world.clerks[0], made.id)
    path.unlink()

    with pytest.raises(BrokenError) as gone:
        read(world.clerks[0], made.id)

    assert (gone.value.code, gone.value.details) == ("file_missing", {"sha256": made.sha256})


def test_a_disk_that_refuses_leaves_neither_row_nor_half_a_file(
    world: SmallRound, draft: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ShenbaoError) as refused:
        put(world, draft)

    assert refused.value.code == "disk_full"
    assert (application(draft.id), stored()) == (draft, [])


def _file_of(row: Application) -> str:
    return str(one("SELECT id FROM attachment WHERE application_id = :id", id=row.id)["id"])
