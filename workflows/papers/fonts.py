"""Which fonts papers are set in, and which characters none of them can show."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import typst

from models.errors import RefusedError
from models.settings import settings
from models.text import explain
from workflows.papers.coverage import Coverage, coverage

if TYPE_CHECKING:
    from collections.abc import Iterator

EXTRA = "noto_cjk_sans_otc"
SYSTEM = (
    "/usr/share/fonts/opentype/noto", "/usr/share/fonts/noto-cjk", "/usr/share/fonts/google-noto-cjk",
    "/usr/share/fonts/google-noto-sans-cjk-fonts", "/usr/share/fonts/google-noto-serif-cjk-fonts",
    "/usr/local/share/fonts", "/usr/share/fonts/truetype/lxgw-wenkai", "/usr/share/fonts/truetype/arphic",
)  # fmt: skip
# GB/T 9704 asks for these; whoever owns them puts them into the fonts' folder, and they come first.
WANTED = {
    "title": ("FZXiaoBiaoSong-B05S", "方正小标宋简体", "Noto Serif CJK SC", "Noto Sans CJK SC"),
    "body": ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "STFangsong", "Noto Serif CJK SC", "Noto Sans CJK SC"),
    "head": ("SimHei", "黑体", "Noto Sans CJK SC"),
    "kai": ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "LXGW WenKai", "AR PL UKai CN", "Noto Serif CJK SC",
            "Noto Sans CJK SC"),
}  # fmt: skip
_PROOF = "公示推荐工会"
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_SHOWN = 20


class Found(NamedTuple):
    """The fonts of this installation as typst holds them, and the families that serve each purpose, best first."""

    fonts: Any
    families: dict[str, list[str]]
    faces: tuple[tuple[str, int], ...]


def folders() -> list[Path]:
    """Where fonts are looked for, in this order: the setting's folder, the extra package, the system's."""
    own = settings().fonts_dir
    places = [*([own] if own else []), *_extra(EXTRA), *map(Path, SYSTEM)]
    return [place for place in places if place.is_dir()]


@cache
def _extra(package: str) -> list[Path]:
    """Where the extra package is; it does not come or go while a process runs."""
    spec = find_spec(package)
    return [Path(place) for place in (spec.submodule_search_locations or [])] if spec else []


def found() -> Found:
    """The fonts in force. They are read once for each choice of folders."""
    return _found(tuple(map(str, folders())))


def state() -> str:
    """What the doctor says of fonts: the families papers are set in, or what to do about there being none."""
    families = list(dict.fromkeys(name for names in found().families.values() for name in names[:1]))
    return "、".join(families) or explain("no_chinese_font", {}, settings().language)


@lru_cache(maxsize=4)
def _found(places: tuple[str, ...]) -> Found:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(places))
    there = {(one.path, one.index): one.family for one in fonts.fonts() if one.path is not None}
    faces = tuple(face for face in _one_a_file(there) if all(ord(c) in covered(*face) for c in _PROOF))
    chinese = {path for path, _ in faces}
    named = {family for (path, _), family in there.items() if path in chinese}
    return Found(fonts, {use: _families(wanted, named) for use, wanted in WANTED.items()}, faces)


def _families(wanted: tuple[str, ...], named: set[str]) -> list[str]:
    """The wanted families that are there, then whatever else shows Chinese."""
    best = [name for name in wanted if name in named]
    return best or sorted(named)


def _one_a_file(faces: dict[tuple[str, int], str]) -> Iterator[tuple[str, int]]:
    """One face of each file, a simplified one where there is one: those of one collection share their characters."""
    seen: set[str] = set()
    for path, index in sorted(faces, key=lambda face: (not faces[face].endswith(" SC"), face)):
        if path not in seen:
            seen.add(path)
            yield path, index


@lru_cache(maxsize=64)
def covered(path: str, index: int) -> Coverage:
    """The code points that a face of a font file can show; none for a file that is no font."""
    return coverage(path, index)


def missing(text: str) -> str:
    """The characters of a text that no font at hand can show, each once, in order."""
    left = {c for c in text if not _is_silent(c)}
    for face in found().faces:
        if not left:
            break
        left = {c for c in left if ord(c) not in covered(*face)}
    return "".join(dict.fromkeys(c for c in text if c in left))


def require(words: Any, name: str) -> None:
    """Refuse words with characters that would print as empty boxes, and say where they stand.

    Raises RefusedError("glyphs_missing") with the characters and the field or column of each.
    """
    faults = [(where, lost) for where, text in texts(words, name) if (lost := missing(text))]
    if faults:
        places = list(dict.fromkeys(f"{where}：{' '.join(lost)}" for where, lost in faults))
        lost = "".join(dict.fromkeys("".join(lost for _, lost in faults)))
        raise RefusedError("glyphs_missing", characters=" ".join(lost), codes=" ".join(f"U+{ord(c):04X}" for c in lost),
                           places=places[:_SHOWN])  # fmt: skip


def texts(words: Any, where: str) -> Iterator[tuple[str, str]]:
    """Every text of a paper with the name of the field, column or part that it stands in."""
    match words:
        case str():
            yield where, words
        case {"columns": list() as columns, "rows": list() as rows}:
            yield where, "".join(columns)
            for row in rows:
                yield from ((column, cell) for column, cell in zip(columns, row, strict=True))
        case dict():
            inside = str(words.get("label") or where)
            for value in words.values():
                yield from texts(value, inside)
        case list():
            for value in words:
                yield from texts(value, where)


def _is_silent(character: str) -> bool:
    """Whether a character leaves no mark of its own: spaces, controls, variation selectors."""
    return unicodedata.category(character) in ("Cc", "Cf", "Zs") or any(ord(character) in s for s in _SELECTORS)
