"""How the pages look to this reader: light or dark, and how large the type. Kept in a cookie of this browser."""

from __future__ import annotations

import hashlib
from functools import cache
from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from models.writing import tongue
from ui import theme
from ui.cookies import LANGUAGE_COOKIE, YEAR, language_of, put
from ui.gate import SID
from ui.printing import framed
from ui.signin import fields, local
from workflows.people import sessions

if TYPE_CHECKING:
    from starlette.requests import Request

COOKIE = "shenbao_look"
THEMES = ("auto", "light", "dark")
SIZES = ("normal", "large")
TEXT = {
    "title": ("显示设置", "Appearance"),
    "theme": ("颜色", "Colours"),
    "auto": ("跟随系统", "As this device is set"),
    "light": ("浅色", "Light"),
    "dark": ("深色", "Dark"),
    "size": ("字号", "Type"),
    "normal": ("标准", "Normal"),
    "large": ("大字", "Large"),
    "note": ("只影响这个浏览器，保存一年。", "For this browser only; kept for a year."),
    "save": ("保存", "Save"),
    "back": ("返回", "Back"),
}


class Look(NamedTuple):
    """What a reader chose."""

    theme: str = "auto"
    size: str = "normal"


USUAL = Look()


def routes() -> list[BaseRoute]:
    """The page to choose on, and the style sheet that every page of ours takes its colours from."""
    return [
        Route("/appearance", page),
        Route("/appearance", chosen, methods=["POST"]),
        Route("/appearance.css", sheet),
    ]


def look_of(request: Request) -> Look:
    """What this browser's cookie says; the usual look for a cookie that says nothing we know."""
    said = request.cookies.get(COOKIE, "").split(".")
    return _fit(*said) if len(said) == len(Look._fields) else USUAL


async def page(request: Request) -> Response:
    """GET /appearance?next=/review: the form, with what holds now."""
    spoken = await language(request)
    body = _form(look_of(request), local(request.query_params.get("next")), tongue(spoken))
    return HTMLResponse(framed(TEXT["title"][tongue(spoken)], body, spoken), headers={"Cache-Control": "no-store"})


async def chosen(request: Request) -> Response:
    """POST /appearance: remembers the choice and goes back; it is a cookie and nothing else, so there is no token."""
    given = await fields(request)
    look = _fit(given.get("theme", ""), given.get("size", ""))
    response = RedirectResponse(local(given.get("next")), HTTPStatus.SEE_OTHER)
    put(response, COOKIE, ".".join(look), max_age=YEAR)
    return response


async def sheet(request: Request) -> Response:
    """GET /appearance.css: the colours chosen here, so that the pages themselves are the same for everybody."""
    text, tag = _sheet(look_of(request))
    headers = {"Cache-Control": "private, no-cache", "ETag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(text, headers=headers, media_type="text/css")


@cache
def _sheet(look: Look) -> tuple[str, str]:
    """The style sheet of a look, with its tag. Paper is white, whatever the screen is."""
    light, dark = theme.variables(theme.LIGHT), theme.variables(theme.DARK)
    parts = [f":root{{--font:{theme.FONT};}}"]
    if look.theme == "auto":
        parts += [f":root{{color-scheme:light dark;{light}}}",
                  f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"]  # fmt: skip
    else:
        parts.append(f":root{{color-scheme:{look.theme};{dark if look.theme == 'dark' else light}}}")
    if look.size == "large":
        parts.append(":root{font-size:125%}")
    parts.append(f"@media print{{:root{{color-scheme:light;font-size:100%;{light}}}}}")
    text = "\n".join(parts)
    return text, f'"{hashlib.sha256(text.encode()).hexdigest()[:16]}"'


def _fit(shade: str, size: str) -> Look:
    return Look(shade if shade in THEMES else "auto", size if size in SIZES else "normal")


async def language(request: Request) -> str:
    """What the address asks for, else what was chosen in this browser, else the reader's own, else Chinese."""
    asked = language_of(request.query_params.get("lang")) or language_of(request.cookies.get(LANGUAGE_COOKIE))
    if asked is not None:
        return asked
    actor = await run_in_threadpool(sessions.actor_of, request.headers.get(SID, ""))
    return language_of(actor.language if actor else None) or "zh"


def _form(look: Look, back: str, column: int) -> str:
    groups = _group("theme", THEMES, look.theme, column) + _group("size", SIZES, look.size, column)
    return (
        f'<form method="post" action="/appearance">{groups}<p class="note">{TEXT["note"][column]}</p>'
        f'<input type="hidden" name="next" value="{escape(back)}">'
        f'<button type="submit">{TEXT["save"][column]}</button></form>'
        f'<p><a href="{escape(back)}">{TEXT["back"][column]}</a></p>'
    )


def _group(name: str, choices: tuple[str, ...], held: str, column: int) -> str:
    offered = "".join(
        f'<label class="check"><input type="radio" name="{name}" value="{each}"{" checked" if each == held else ""}> '
        f"{TEXT[each][column]}</label>"
        for each in choices
    )
    return f"<fieldset><legend>{TEXT[name][column]}</legend>{offered}</fieldset>"
