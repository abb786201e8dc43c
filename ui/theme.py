"""The colours and letters of every page, light and dark: Streamlit's settings and our own pages are made from them.

Each pair of ink and ground that is used for words reaches 4.5 : 1, each edge and mark 3 : 1 (WCAG 2.2, 1.4.3
and 1.4.11); a test counts them. Red is the union's: it marks whose page this is, and is no colour of buttons.
"""

from __future__ import annotations

from typing import Any

FONT = "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC','Source Han Sans SC','WenQuanYi Micro Hei',sans-serif"
LIGHT = {
    "ink": "#1c2b36", "soft": "#52616c", "line": "#d3dbe1", "edge": "#7d8b96", "paper": "#ffffff", "ground": "#f3f6f8",
    "field": "#f3f6f8", "tint": "#e9f1f7", "accent": "#1f5f8b", "button": "#1f5f8b", "button-deep": "#174a6d",
    "red": "#b5202a", "alert": "#9b1c1c", "alert-ground": "#fdf1f0", "alert-line": "#efc4c0",
}  # fmt: skip
DARK = {
    "ink": "#e6ecf0", "soft": "#a9b7c2", "line": "#3a4752", "edge": "#7d8d9a", "paper": "#192026", "ground": "#10161b",
    "field": "#232c34", "tint": "#1d3344", "accent": "#8cc4ea", "button": "#2a75a8", "button-deep": "#206492",
    "red": "#e0545c", "alert": "#ffb4ab", "alert-ground": "#3b1d1e", "alert-line": "#6d3533",
}  # fmt: skip
# Told apart without red and green, and by their lightness where there is no colour.
_SERIES = {
    "light": ["#1f5f8b", "#b8600b", "#5b4a9c", "#2b7a5f", "#8a2f5b", "#5c6770"],
    "dark": ["#8cc4ea", "#f0a860", "#b9a7f0", "#74cfae", "#ec94bd", "#aab6bf"],
}
# Of what Streamlit colours by meaning, the words that its own colours leave too faint on their grounds.
_TEXTS = {
    "light": {"yellowTextColor": "#7a5600", "orangeTextColor": "#8a3d12", "greenTextColor": "#0b5640",
              "grayTextColor": "#52616c"},
    "dark": {"grayTextColor": "#a9b7c2"},
}  # fmt: skip
_LETTERS = {
    "font": FONT,
    "headingFont": FONT,
    "baseFontSize": 15,
    "baseRadius": "8px",
    "showWidgetBorder": True,
    "headingFontSizes": ["1.75rem", "1.4rem", "1.2rem", "1.05rem", "1rem", "0.9rem"],
}


def options() -> dict[str, Any]:
    """Streamlit's settings of the look, by their full names; with both shades given, the reader's choice decides."""
    told: dict[str, Any] = {f"theme.{name}": value for name, value in _LETTERS.items()}
    for shade, colours in (("light", LIGHT), ("dark", DARK)):
        told |= {f"theme.{shade}.{name}": value for name, value in _of(shade, colours).items()}
    return told


def _of(shade: str, colours: dict[str, str]) -> dict[str, Any]:
    return {
        "primaryColor": colours["button"],
        "backgroundColor": colours["paper"],
        "secondaryBackgroundColor": colours["field"],
        "textColor": colours["ink"],
        "linkColor": colours["accent"],
        "borderColor": colours["line"],
        "chartCategoricalColors": _SERIES[shade],
        "sidebar.backgroundColor": colours["ground"],
        "sidebar.secondaryBackgroundColor": colours["tint"],
        **_TEXTS[shade],
    }


def variables(colours: dict[str, str]) -> str:
    """The colours as a style sheet's variables."""
    return "".join(f"--{name}:{value};" for name, value in colours.items())
