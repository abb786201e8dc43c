"""What may be uploaded: files that are what they say, parse, and carry nothing hidden."""

from __future__ import annotations

import hashlib
import struct
import unicodedata
import zipfile
import zlib
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple
from xml.parsers import expat

import filetype
from PIL import Image, ImageOps

from models.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_WORD = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": f"{_WORD}.wordprocessingml.document",
    "xlsx": f"{_WORD}.spreadsheetml.sheet",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
}
_PILLOWS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
_MAIN_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
_LONGEST_NAME = 120  # bytes
_UNWANTED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # control, bidi and the like
# A bomb is small on disk: reliability F13.
_MOST_MEMBERS, _MOST_BYTES, _MOST_RATIO, _RATIO_FROM = 500, 100_000_000, 50, 10_000_000
_MOST_PIXELS = 50_000_000
Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
# What the parsers raise on damaged bytes, found by damaging real files; Pillow only warns of a
# broken EXIF block, which is an error wherever warnings are.
_DAMAGE = (
    UserWarning,
    *(OSError, ValueError, SyntaxError, EOFError, LookupError, TypeError, AttributeError),
    *(ArithmeticError, RecursionError, NotImplementedError, RuntimeError, struct.error),
    *(zlib.error, zipfile.BadZipFile, expat.ExpatError),
)


class Upload(NamedTuple):
    """A file as it is kept; `pages` of a PDF, 1 of anything else."""

    content: bytes
    kind: str
    pages: int = 1

    @property
    def media_type(self) -> str:
        """Its type on the wire."""
        return MEDIA_TYPES[self.kind]

    @property
    def sha256(self) -> str:
        """The name of its bytes."""
        return hashlib.sha256(self.content).hexdigest()


def accepted(content: bytes, kinds: Collection[str], *, most: int) -> Upload:
    """The file as it is to be kept: images are drawn anew, so that place and camera are gone.

    `most` is in bytes. Raises InputError: `file_empty`, `file_too_big`, `file_kind`,
    `file_broken`, `file_bomb`.
    """
    if not content:
        raise InputError("file_empty")
    if len(content) > most:
        raise InputError("file_too_big", size=len(content), most=most)
    kind = kind_of(content)
    if kind is None or kind not in kinds:
        raise InputError("file_kind", found=kind or "-", allowed=sorted(kinds))
    with _told_as_broken(kind):
        if kind in _PILLOWS:
            return Upload(_redrawn(content, kind), kind)
        return Upload(content, kind, _pages_of_pdf(content) if kind == "pdf" else 1)


def kind_of(content: bytes) -> str | None:
    """What the bytes are, by looking at them; None for anything that is not on the list."""
    if content.startswith(b"PK"):
        return _office_kind(content)
    found = filetype.guess(content)
    return found.extension if found and found.extension in ("pdf", *_PILLOWS) else None


def safe_name(name: str, kind: str) -> str:
    """A file's name for people: nothing invisible, no path, its true ending, at most 120 bytes."""
    clean = unicodedata.normalize("NFC", name)
    kinds = ((c, unicodedata.category(c)) for c in clean if c not in "/\\")
    clean = "".join(" " if k == "Zs" else c for c, k in kinds if k not in _UNWANTED)
    stem, dot, ending = clean.strip(" .").rpartition(".")
    endings = (kind, "jpeg") if kind == "jpg" else (kind,)
    if not dot or ending.lower() not in endings:
        stem, ending = clean.strip(" ."), kind
    room = _LONGEST_NAME - len(ending.encode()) - 1
    short = stem.encode()[:room].decode(errors="ignore").strip()
    return f"{short or 'file'}.{ending}"


@contextmanager
def _told_as_broken(kind: str) -> Iterator[None]:
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise InputError("file_bomb", kind=kind) from error
    except _DAMAGE as error:
        raise InputError("file_broken", kind=kind, reason=type(error).__name__) from error


def _office_kind(content: bytes) -> str | None:
    """Which Office document a ZIP file is; None for any other, and for one with macros."""
    with _told_as_broken("zip"), zipfile.ZipFile(BytesIO(content)) as parts:
        members = parts.infolist()
        _refuse_bomb(members, len(content))
        names = {member.filename for member in members}
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            return None
        kind = next((k for k, main in _MAIN_PARTS.items() if main in names), None)
        if kind is not None:
            _read_through(parts, members)
            _require_xml(parts.read("[Content_Types].xml"))
            _require_xml(parts.read(_MAIN_PARTS[kind]))
        return kind


def _refuse_bomb(members: list[zipfile.ZipInfo], packed: int) -> None:
    total = sum(member.file_size for member in members)
    dense = total > _RATIO_FROM and total > _MOST_RATIO * packed
    if len(members) > _MOST_MEMBERS or total > _MOST_BYTES or dense:
        raise InputError("file_bomb", kind="zip", members=len(members), size=total)


def _read_through(parts: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """Unpack everything once: a member whose size or sum is a lie does not come through."""
    for member in members:
        with parts.open(member) as file:
            while file.read(1 << 16):
                pass


def _require_xml(content: bytes) -> None:
    """Well-formed, and without a document type, whose entities could multiply."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.Parse(content, True)  # noqa: FBT003 -- expat takes no keywords


def _refuse_doctype(*_: object) -> None:
    raise expat.ExpatError("doctype")


def _pages_of_pdf(content: bytes) -> int:
    from workflows.intake import pdf  # noqa: PLC0415 -- slow import

    return pdf.pages(content)


def _redrawn(content: bytes, kind: str) -> bytes:
    with Image.open(BytesIO(content), formats=[_PILLOWS[kind]]) as image:
        if image.width * image.height > _MOST_PIXELS:
            raise InputError("file_bomb", kind=kind, pixels=image.width * image.height)
        upright = ImageOps.exif_transpose(image)
    profile = upright.info.get("icc_profile")
    if "transparency" in upright.info:
        upright = upright.convert("RGBA")
    upright.info = {}
    kept = BytesIO()
    upright.save(kept, _PILLOWS[kind], quality=90, icc_profile=profile)
    return kept.getvalue()
