"""Numbers as official papers write them: 一、 （一） and the rest of them."""

from __future__ import annotations

_DIGITS = "零一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_MOST = 9999


def numeral(n: int) -> str:
    """A number of a heading in Chinese: 1 is 一, 12 is 十二, 105 is 一百零五. Raises ValueError outside 1 to 9,999."""
    if not 0 < n <= _MOST:
        raise ValueError(n)
    told = ""
    for place, digit in zip(reversed(range(len(str(n)))), map(int, str(n)), strict=True):
        told += _DIGITS[digit] + (_UNITS[place] if digit else "")
    while "零零" in told:
        told = told.replace("零零", "零")
    told = told.rstrip("零")
    return told.removeprefix("一") if told.startswith("一十") else told


def heading(n: int, text: str) -> str:
    """A heading of the first order: 一、组织情况."""
    return f"{numeral(n)}、{text}"


def subheading(n: int, text: str) -> str:
    """A heading of the second order: （一）杭州市."""
    return f"（{numeral(n)}）{text}"
