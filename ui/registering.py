"""Registering by oneself: our own pages, without any script. First the unit is found, then one says who one is."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from anyio import to_thread
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from models.errors import InputError, RefusedError, ShenbaoError
from models.text import label, sentence
from ui.entering import Way, choosing, kept, looked
from ui.signin import came_from_our_form, fields, language, message, said, shown
from workflows.people import registering
from workflows.people.registering import ROLES, Wish

if TYPE_CHECKING:
    from starlette.requests import Request

    from models.organization import Organization
    from workflows.people.registering import Area, Asked

_LONGEST = 120  # characters of what an address may carry


def routes() -> list[BaseRoute]:
    """Finding one's unit, asking, and where the letter's link leads."""
    return [
        Route("/register", units),
        Route("/register/{unit}", blank),
        Route("/register/{unit}", asked, methods=["POST"]),
        Route("/welcome/register/{link}", look),
        Route("/welcome/register/{link}", confirmed, methods=["POST"]),
    ]


async def units(request: Request) -> Response:
    """GET /register: the unit, by its unified code, or by its area and part of its name."""
    if (closed := _closed(request)) is not None:
        return closed
    given = {name: request.query_params.get(name, "").strip()[:_LONGEST] for name in ("code", "in", "area", "words")}
    if given["code"]:
        return await _by_code(request, given["code"])
    chosen = given["in"] or given["area"]
    host = request.client.host if request.client else ""
    try:
        place = await to_thread.run_sync(registering.area, chosen)
        found = await to_thread.run_sync(registering.units, place.code, given["words"], host)
    except ShenbaoError as error:
        return _finding(request, error=_told(request, error), status=error.http_status)
    return _finding(request, place=place, words=given["words"], found=found)


async def blank(request: Request) -> Response:
    """GET /register/{unit}: the form."""
    if (closed := _closed(request)) is not None:
        return closed
    return await _by_code(request, request.path_params["unit"], is_chosen=True)


async def asked(request: Request) -> Response:
    """POST /register/{unit}: the same answer whether the address has an account or not."""
    given = await fields(request)
    try:
        place = await to_thread.run_sync(registering.unit, request.path_params["unit"])
    except ShenbaoError as error:
        return _finding(request, error=_told(request, error), status=error.http_status)
    if not came_from_our_form(request, given):
        return _asking(request, place, given, said(request, "form_expired"), 403)
    wish = Wish(given.get("email", ""), given.get("name", ""), place.code, given.get("role", ""),  # type: ignore[arg-type]  # judged there
                given.get("note", ""), language(request))  # fmt: skip
    host = request.client.host if request.client else ""
    try:
        await to_thread.run_sync(registering.ask, wish, host)
    except ShenbaoError as error:
        return _asking(request, place, given, _told(request, error), error.http_status)
    note = message(said(request, "register_sent"), "status")
    return shown(request, "welcome.html", "/", title=said(request, "register"), message=note, body=_back(request))


async def look(request: Request) -> Response:
    """GET /welcome/register/{link}: a password to choose."""
    return await looked(request, _WAY)


async def confirmed(request: Request) -> Response:
    """POST /welcome/register/{link}: the password opens the account."""
    return await kept(request, _WAY)


async def _by_code(request: Request, code: str, *, is_chosen: bool = False) -> Response:
    try:
        place = await to_thread.run_sync(registering.unit, code)
    except ShenbaoError as error:
        return _finding(request, code=code, error=_told(request, error), status=error.http_status)
    return _asking(request, place, {}) if is_chosen else RedirectResponse(f"/register/{place.code}", 303)


def _closed(request: Request) -> Response | None:
    if registering.is_open():
        return None
    error = RefusedError("registration_closed")
    return _page(request, message(_told(request, error), "alert"), _back(request), error.http_status)


def _finding(
    request: Request, *, place: Area | None = None, words: str = "", code: str = "",
    found: list[Organization] | None = None, error: str = "", status: int = 200,
) -> Response:  # fmt: skip
    place = place or registering.area("")
    by_code = (
        '<form method="get" action="/register">'
        f'<label for="code">{said(request, "unit_code")}</label>'
        f'<input id="code" name="code" value="{_safe(code)}" maxlength="30" autocomplete="off" required>'
        f'<button type="submit">{said(request, "go_on")}</button></form>'
    )
    note = message(error, "alert") or f"<p>{said(request, 'register_note')}</p>"
    body = by_code + _by_name(request, place, words) + _found(request, place, words, found) + _back(request)
    return _page(request, note, body, status)


def _by_name(request: Request, place: Area, words: str) -> str:
    """One choice for the area: whoever chose one finds those in it, without any script."""
    options = "".join(f'<option value="{escape(code)}">{escape(name)}</option>' for code, name in place.below)
    here = said(request, "all_of", name=place.name) if place.over else said(request, "which_area")
    wider = f"/register?{urlencode({'area': place.over or '', 'words': words})}"
    must = "" if place.over else " required"
    up = f'<p><a href="{escape(wider)}">{said(request, "wider")}</a></p>' if place.over else ""
    return (
        f"<h2>{said(request, 'unit_by_name')}</h2>"
        '<form method="get" action="/register">'
        f'<input type="hidden" name="area" value="{escape(place.code)}">'
        f'<label for="in">{said(request, "area")}</label>'
        f'<select id="in" name="in"{must}><option value="">{escape(here)}</option>{options}</select>{up}'
        f'<label for="words">{said(request, "unit_words")}</label>'
        f'<input id="words" name="words" value="{_safe(words)}" maxlength="60" autocomplete="organization">'
        f'<button type="submit">{said(request, "look_up")}</button></form>'
    )


def _found(request: Request, place: Area, words: str, found: list[Organization] | None) -> str:
    if not words or found is None:
        return ""
    if not place.over:  # units are looked for in a province or below it
        return message(said(request, "which_area"), "status")
    if not found:
        return message(said(request, "no_unit"), "status")
    rows = "".join(
        f'<li><a href="/register/{escape(one.code)}">{escape(one.name)}</a> <span>{escape(one.code)}</span></li>'
        for one in found
    )
    more = f"<p>{said(request, 'more_units')}</p>" if len(found) == registering.MOST_UNITS else ""
    return f'<ul class="choices">{rows}</ul>{more}'


def _asking(
    request: Request, place: Organization, given: dict[str, str], error: str = "", status: int = 200
) -> Response:
    spoken = language(request)
    chosen = given.get("role", "")
    roles = "".join(
        f'<option value="{role.value}"{" selected" if role.value == chosen else ""}>'
        f"{escape(label(role, spoken))}</option>"
        for role in ROLES
    )
    body = (
        f"<p><b>{escape(place.name)}</b> {escape(place.code)} "
        f'<a href="/register">{said(request, "another_unit")}</a></p>'
        '<form method="post">{csrf}'
        + _field("name", said(request, "own_name"), given, 'autocomplete="name" maxlength="60"')
        + _field("email", said(request, "email"), given, 'type="email" autocomplete="email" maxlength="254"')
        + f'<label for="role">{said(request, "seat_as")}</label><select id="role" name="role">{roles}</select>'
        + f'<label for="note">{said(request, "seat_note")}</label>'
        + f'<textarea id="note" name="note" rows="3" maxlength="500">{_safe(given.get("note", ""))}</textarea>'
        + f'<button type="submit">{said(request, "send_link")}</button></form>{_back(request)}'
    )
    return _page(request, message(error, "alert"), body, status)


def _field(name: str, label_of: str, given: dict[str, str], more: str) -> str:
    value = _safe(given.get(name, ""))
    return f'<label for="{name}">{label_of}</label><input id="{name}" name="{name}" value="{value}" {more} required>'


def _safe(typed: str) -> str:
    """What was typed, as text; our own placeholder for the hidden field is none of it."""
    return escape(typed[:2000]).replace("{", "&#123;")


def _confirming(request: Request, found: dict[str, Asked], error: str, status: int) -> Response:
    (one, *others) = found.values()
    if others:
        return choosing(request, "", one.email, title="welcome", asked=_which(request, found), error=error,
                        status=status)  # fmt: skip
    return choosing(request, one.name, one.email, title="welcome", note=_said_of(request, one), error=error,
                    status=status)  # fmt: skip


def _which(request: Request, found: dict[str, Asked]) -> str:
    """The wishes that wait for an address, none of them chosen: anybody can ask in anybody's name."""
    rows = "".join(
        f'<label><input type="radio" name="wish" value="{escape(key)}" {"disabled" if one.fell else "required"}> '
        f"{_safe(f'{one.name} · {_said_of(request, one)}')}</label>"
        for key, one in found.items()
    )
    return f"<fieldset><legend>{said(request, 'which_wish')}</legend>{rows}</fieldset>"


def _said_of(request: Request, one: Asked) -> str:
    """What the office will read of a wish, the note too: its owner answers for it, whoever typed it."""
    fell = said(request, "unit_fell") if one.fell else ""
    return " · ".join(filter(None, (one.organization_name, fell, label(one.role, language(request)), one.note)))


def _over(request: Request, error: ShenbaoError) -> Response:
    again = f'<p><a href="/register">{said(request, "register")}</a></p>' if registering.is_open() else ""
    return _page(request, message(_told(request, error), "alert"), again + _back(request), error.http_status)


def _page(request: Request, note: str, body: str, status: int) -> Response:
    return shown(request, "welcome.html", "/", status, title=said(request, "register"), message=note, body=body)


def _told(request: Request, error: ShenbaoError) -> str:
    names = ("email", "name", "note", "role", "password")
    titles = ("email", "own_name", "seat_note", "seat_as", "password")
    if isinstance(error, InputError) and error.code == "argument_missing":
        return said(request, "name_missing")
    return sentence(error, language(request), {n: said(request, t) for n, t in zip(names, titles, strict=True)})


def _back(request: Request) -> str:
    return f'<p><a class="quiet" href="/login">{said(request, "back")}</a></p>'


def _use(link: str, given: dict[str, str]) -> str:
    return registering.confirm(link, given.get("password", ""), given.get("wish", ""))


_WAY = Way(registering.wishes, _use, _confirming, _over, _told)
