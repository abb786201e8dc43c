"""The web face as tests meet it: our routes and our gate behind a real server on this machine."""

import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Thread
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from ui import server
from ui.frame import frame

HOST = "shenbao.example.cn"
SITE = f"http://{HOST}"


class FaultyPageError(Exception):
    """Something nobody expected."""


class Web:
    """A browser's view of the site, without a browser."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"host": HOST}, trust_env=False)

    def stream(self, headers: Mapping[str, str]) -> tuple[int, Any]:
        """Open the WebSocket: the status of the handshake, and what arrives first."""
        try:
            with connect(
                f"ws://{HOST}/_stcore/stream",
                sock=socket.create_connection(("127.0.0.1", self._port)),
                additional_headers=headers,
            ) as link:
                return 101, json.loads(link.recv())
        except InvalidStatus as refused:
            return refused.response.status_code, dict(refused.response.headers)

    def refusal(self, headers: Mapping[str, str]) -> int:
        """The status of the WebSocket's handshake alone."""
        return self.stream(headers)[0]


@contextmanager
def serving() -> Iterator[Web]:
    """Serve our routes and the gate; where Streamlit would stand, an echo tells who arrived."""
    echoes = [
        WebSocketRoute("/_stcore/stream", _stream),
        Route("/{rest:path}", _echo, methods=["GET", "POST", "PUT"]),
    ]
    ours = [route for route in server.routes() if getattr(route, "endpoint", None) is not frame]
    app = Starlette(routes=[*ours, *echoes], middleware=server.middleware())
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, ws="websockets-sansio", log_config=None, lifespan="off")
    process = uvicorn.Server(config)
    thread = Thread(target=process.run, kwargs={"sockets": [listener]})
    thread.start()
    web = Web(listener.getsockname()[1])
    try:
        yield web
    finally:
        web.http.close()
        process.should_exit = True
        thread.join()


def hidden_fields(page: str) -> dict[str, str]:
    """What a form of ours carries along unseen."""
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))


def ran(script: str, given: str = "") -> Any:
    """What a fresh Python says when it has run a script: JSON on its last line."""
    done = subprocess.run([sys.executable, "-c", script], input=given, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


async def _echo(request: Request) -> Response:
    if request.url.path == "/broken":
        raise FaultyPageError
    response = JSONResponse(_seen(request.headers.items()))
    response.set_cookie("_streamlit_xsrf", "secure")
    return response


async def _stream(link: WebSocket) -> None:
    await link.accept()
    await link.send_json(_seen(link.headers.items()))
    await link.close()


def _seen(headers: list[tuple[str, str]]) -> dict[str, str]:
    """The headers with which the gate, or a liar, says who this is."""
    return {k: v for k, v in headers if k.replace("_", "-").startswith("x-shenbao-")}
