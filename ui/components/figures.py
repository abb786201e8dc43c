"""Charts that say the same without colour: every number is written, and the same numbers stand in a table below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from ui.components.words import t

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LINE, _SLANT, _LEGEND, _CELL, _BAR, _TALL = 60, 90, 120, 34, 32, 240  # pixels: heads, slanted heads, legend, rows
_LEVEL, _SHORT = 4, 5  # as many labels stand side by side over the columns of a phone, or so short ones
_DARK = 0.6  # from which share of the most a field is so dark that its number is white
_ORANGE = ["#fff5eb", "#c4470a"]
# From dark to light, so that they are told apart in grey as well; the first of them is a label's ground nowhere.
SHADES = ("#1f5f8b", "#7fb0d3", "#dfe7ec")


def bars(rows: Sequence[tuple[str, int]], said: str) -> None:
    """A bar for each row, in the order given, with its number in its name: `rows` are names and numbers."""
    shown = [{"what": f"{name} {n:,}", "name": name, "n": n} for name, n in rows]
    y = {"field": "what", "type": "nominal", "title": None, "sort": [row["what"] for row in shown],
         "axis": {"labelLimit": 190, "labelFlush": False}}  # fmt: skip
    x = {"field": "n", "type": "quantitative", "title": None, "axis": {"tickMinStep": 1, "format": ",d"}}
    spec = {"height": _BAR * len(shown) + 30, "mark": {"type": "bar"},
            "encoding": {"x": x, "y": y, "tooltip": _tips({"name": said, "n": _number()})}}  # fmt: skip
    st.vega_lite_chart(shown, spec, width="stretch", alt=_alt(said, rows))


def columns(rows: Sequence[tuple[str, int]], said: str) -> None:
    """A column for each row, in the order given, with its number under its name."""
    shown = [{"what": name, "n": n} for name, n in rows]
    x = {"field": "what", "type": "ordinal", "title": None, "sort": None,
         "axis": {"labelAngle": -45, "labelOverlap": False}}  # fmt: skip
    y = {"field": "n", "type": "quantitative", "title": None, "axis": {"tickMinStep": 1, "format": ",d"}}
    spec = {"height": _TALL, "mark": {"type": "bar"},
            "encoding": {"x": x, "y": y, "tooltip": _tips({"what": said, "n": _number()})}}  # fmt: skip
    st.vega_lite_chart(shown, spec, width="stretch", alt=_alt(said, rows))


def shares(rows: Sequence[Mapping[str, Any]], parts: Sequence[str], said: str) -> None:
    """A bar for each row, in the order given, of parts from dark to light: a row is its `name` and a number a part."""
    shown = [{"name": row["name"], "part": part, "place": n, "n": row[part]}
             for row in rows for n, part in enumerate(parts)]  # fmt: skip
    y = {"field": "name", "type": "nominal", "title": None, "sort": None,
         "axis": {"labelLimit": 190, "labelFlush": False, "labelOverlap": False}}  # fmt: skip
    x = {"field": "n", "type": "quantitative", "title": None, "axis": {"tickMinStep": 1, "format": ",d"}}
    shade = {"field": "part", "type": "nominal", "title": None, "sort": list(parts), "legend": {"orient": "bottom"},
             "scale": {"domain": list(parts), "range": list(SHADES[: len(parts)])}}  # fmt: skip
    spec = {"height": _BAR * len(rows) + _LEGEND, "mark": {"type": "bar", "stroke": "#7d8b96", "strokeWidth": 0.5},
            "encoding": {"x": x, "y": y, "color": shade, "order": {"field": "place"},
                         "tooltip": _tips({"name": said, "part": t("类别", "Part"), "n": _number()})}}  # fmt: skip
    st.vega_lite_chart(shown, spec, width="stretch", alt=said)


def matrix(rows: Sequence[Mapping[str, Any]], across: Sequence[str], heads: tuple[str, str], said: str) -> None:
    """A field for each row `{y, x, n}`, darker where there is more, with the number in it.

    `across` are the columns in order, `heads` the names of rows and columns. Rows with most come first.
    """
    lines = len({row["y"] for row in rows})
    st.vega_lite_chart(
        list(rows), _matrix(max(row["n"] for row in rows), lines, list(across), heads), width="stretch", alt=said
    )


def _matrix(top: int, lines: int, across: list[str], heads: tuple[str, str]) -> dict[str, Any]:
    """Colour says how much at a glance, the number says it to everybody."""
    level = len(across) <= _LEVEL or (len(across) <= _LEVEL + 1 and max(map(len, across)) <= _SHORT)
    x = {"field": "x", "type": "nominal", "title": None, "sort": across, "axis": {
             "orient": "top", "labelAngle": 0 if level else -45, "labelLimit": 90, "labelOverlap": False,
             "labelFlush": False}}  # fmt: skip
    y = {"field": "y", "type": "nominal", "title": None,
         "sort": {"op": "sum", "field": "n", "order": "descending"},
         "axis": {"labelLimit": 130, "labelFlush": False}}  # fmt: skip
    shade = {"field": "n", "type": "quantitative", "scale": {"range": _ORANGE, "domain": [0, top]}, "legend": None}
    ink = {"condition": {"test": f"datum.n > {top * _DARK}", "value": "white"}, "value": "black"}
    tip = _tips({"y": heads[0], "x": heads[1], "n": _number()})
    return {
        "height": (_LINE if level else _SLANT) + _CELL * lines,
        "padding": {"left": 0, "top": 0, "right": 0 if level else 30, "bottom": 0},
        "encoding": {"x": x, "y": y, "tooltip": tip},
        "layer": [
            {"mark": {"type": "rect", "stroke": "white"}, "encoding": {"color": shade}},
            {"mark": {"type": "text", "fontSize": 13},
             "encoding": {"text": {"field": "n", "type": "quantitative"}, "color": ink}},
        ],
    }  # fmt: skip


def table(rows: Mapping[str, Sequence[Any]], said: str) -> None:
    """The same numbers in words, for whoever sees no chart."""
    st.dataframe(dict(rows), hide_index=True, alt=said)


def _tips(titles: Mapping[str, str]) -> list[dict[str, str]]:
    """What a pointer is told, under names in the reader's language."""
    return [{"field": field, "title": title} for field, title in titles.items()]


def _number() -> str:
    return t("数量", "Number")


def _alt(said: str, rows: Sequence[tuple[str, int]]) -> str:
    return said + "：" + t("，", ", ").join(f"{name} {n}" for name, n in rows)
