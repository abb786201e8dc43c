"""The way in for who has no password yet or forgot it: our own pages, without any script."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from anyio import to_thread
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from models.errors import ShenbaoError
from models.text import sentence
from models.vocabulary import LinkKind
from ui.signin import HASHING, came_from_our_form, fields, language, message, said, shown
from workflows.people import links, passwords

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from workflows.people.links import Welcome

_LABELS = {"password": ("密码", "Password")}
_OVER = ("link_over", "registration_known", "registration_closed")


def routes() -> list[BaseRoute]:
    """Asking for a letter, and where its link leads."""
    return [
        Route("/forgot", forgot),
        Route("/forgot", asked, methods=["POST"]),
        Route("/welcome/{link}", welcome),
        Route("/welcome/{link}", chosen, methods=["POST"]),
    ]


async def forgot(request: Request) -> Response:
    """GET /forgot: to which address a link shall be sent."""
    return _asking(request)


async def asked(request: Request) -> Response:
    """POST /forgot: the same answer whether there is such an account or not."""
    given = await fields(request)
    if not came_from_our_form(request, given):
        return _asking(request, error=said(request, "form_expired"), status=403)
    host = request.client.host if request.client else ""
    try:
        await to_thread.run_sync(links.ask_reset, given.get("email", ""), host)
    except ShenbaoError as error:
        return _asking(request, error=sentence(error, language(request)), status=error.http_status)
    note = message(said(request, "reset_sent"), "status")
    return shown(request, "welcome.html", "/", title=said(request, "forgot"), message=note, body=_back(request))


class Way(NamedTuple):
    """A kind of link to a password: how one is looked at and used, and the pages that ask for it and that refuse it."""

    look: Callable[[str], Any]
    use: Callable[[str, dict[str, str]], str]
    choosing: Callable[[Request, Any, str, int], Response]
    over: Callable[[Request, ShenbaoError], Response]
    told: Callable[[Request, ShenbaoError], str]


async def welcome(request: Request) -> Response:
    """GET /welcome/{link}: a password to choose."""
    return await looked(request, _WAY)


async def chosen(request: Request) -> Response:
    """POST /welcome/{link}: the password."""
    return await kept(request, _WAY)


async def looked(request: Request, way: Way) -> Response:
    """Look at a link and use nothing up: mail scanners open links too."""
    try:
        found = await to_thread.run_sync(way.look, request.path_params["link"])
    except ShenbaoError as error:
        return way.over(request, error)
    return way.choosing(request, found, "", 200)


async def kept(request: Request, way: Way) -> Response:
    """Use a link: the password, typed twice, and then to the door."""
    link, given = request.path_params["link"], await fields(request)
    try:
        found = await to_thread.run_sync(way.look, link)
    except ShenbaoError as error:
        return way.over(request, error)
    if not came_from_our_form(request, given):
        return way.choosing(request, found, said(request, "form_expired"), 403)
    if given.get("password") != given.get("again"):
        return way.choosing(request, found, said(request, "not_the_same"), 422)
    try:
        email = await to_thread.run_sync(way.use, link, given, limiter=HASHING)
    except ShenbaoError as error:
        if error.code in _OVER:
            return way.over(request, error)
        return way.choosing(request, found, way.told(request, error), error.http_status)
    return RedirectResponse(f"/login?set=1&as={quote(email)}", 303)


def _asking(request: Request, *, error: str = "", status: int = 200) -> Response:
    body = (
        '<form method="post" action="/forgot">{csrf}'
        f'<label for="email">{said(request, "email")}</label>'
        '<input id="email" name="email" type="email" autocomplete="username" maxlength="254" required autofocus>'
        f'<button type="submit">{said(request, "send_link")}</button></form>{_back(request)}'
    )
    note = message(error, "alert") or f"<p>{said(request, 'forgot_note')}</p>"
    return shown(request, "welcome.html", "/", status, title=said(request, "forgot"), message=note, body=body)


def _choosing(request: Request, found: Welcome, error: str, status: int) -> Response:
    title = "welcome" if found.kind is LinkKind.INVITATION else "new_password"
    return choosing(request, found.name, found.email, title=title, error=error, status=status)


def choosing(
    request: Request, name: str, email: str, *, title: str, note: str = "", asked: str = "", error: str = "",
    status: int = 200,
) -> Response:  # fmt: skip
    """The page on which somebody chooses a password, typed twice; `note` says what for, `asked` is one field more."""
    rule = said(request, "password_rule", least=passwords.LEAST, most=passwords.MOST)
    body = (
        f"<p>{_plain(f'{name} <{email}>'.strip())}</p>"
        + (f"<p>{_plain(note)}</p>" if note else "")
        + '<form method="post">{csrf}'
        f'<input type="hidden" name="username" value="{escape(email)}" autocomplete="username">{asked}'
        + "".join(_password(said(request, label), field) for field, label in _FIELDS)
        + f"<p>{rule}</p>"
        + f'<button type="submit">{said(request, "keep_password")}</button></form>'
    )
    told = message(error, "alert")
    return shown(request, "welcome.html", "/", status, title=said(request, title), message=told, body=body)


_FIELDS = (("password", "password"), ("again", "again"))


def _plain(told: str) -> str:
    """What a stranger may have typed, as text; our own placeholder for the hidden field is none of it."""
    return escape(told).replace("{", "&#123;")


def _password(label: str, name: str) -> str:
    return (
        f'<label for="{name}">{label}</label><input id="{name}" name="{name}" type="password"'
        f' autocomplete="new-password" minlength="{passwords.LEAST}" maxlength="{passwords.MOST}" required>'
    )


def _over(request: Request, error: ShenbaoError) -> Response:
    body = f'<p><a href="/forgot">{said(request, "ask_again")}</a></p>{_back(request)}'
    note = message(_told(request, error), "alert")
    return shown(request, "welcome.html", "/", error.http_status, title=said(request, "new_password"), message=note,
                 body=body)  # fmt: skip


def _told(request: Request, error: ShenbaoError) -> str:
    spoken = language(request)
    labels = {name: pair[("zh", "en").index(spoken)] for name, pair in _LABELS.items()}
    return sentence(error, spoken, labels)


def _back(request: Request) -> str:
    return f'<p><a class="quiet" href="/login">{said(request, "back")}</a></p>'


def _use(link: str, given: dict[str, str]) -> str:
    return links.use(link, given.get("password", ""))


_WAY = Way(links.look, _use, _choosing, _over, _told)
