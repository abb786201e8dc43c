"""Uploads: a file that is too long is cut off while it comes, and one person may send so many in an hour."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread

import httpx
import pytest
import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from models import clock
from models.errors import TooManyError
from models.settings import settings
from tests.people import an_account
from tests.ui.web import HOST, SITE
from ui import upload_quota
from ui.gate import Gate
from workflows.people import passwords, sessions

MB = 1 << 20
PATH, SECRET = "/_stcore/upload_file/1/2", "correct horse"


@pytest.fixture(autouse=True)
def _small(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for key, value in {"MAX_UPLOAD_MB": 2, "UPLOADS_AN_HOUR": 4, "UPLOAD_MB_AN_HOUR": 6}.items():
        monkeypatch.setenv(f"SHENBAO_{key}", str(value))
    settings.cache_clear()
    with structlog.testing.capture_logs():
        yield


class Sink:
    """Where Streamlit would take a file: tells how much of it came."""

    def __init__(self) -> None:
        self.taken = 0

    async def take(self, request: Request) -> Response:
        """Read a body and keep nothing of it."""
        async for chunk in request.stream():
            self.taken += len(chunk)
        return PlainTextResponse("", 204)


@contextmanager
def serving(sink: Sink) -> Iterator[int]:
    """Serve the gate before a sink; yields the port."""
    app = Starlette(
        routes=[Route("/{rest:path}", sink.take, methods=["GET", "PUT", "POST"])],
        middleware=[Middleware(Gate, policy="default-src 'self'")],
    )
    listener = socket.create_server(("127.0.0.1", 0))
    process = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    thread = Thread(target=process.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        process.should_exit = True
        thread.join()


def signed_in(email: str) -> dict[str, str]:
    """Headers of somebody's browser."""
    an_account(email, password_hash=passwords.hashed(SECRET))
    return {"host": HOST, "origin": SITE, "cookie": f"shenbao={sessions.sign_in(email, SECRET, '10.0.0.1')}"}


def raw(port: int, headers: dict[str, str], length: str, chunks: Iterator[bytes]) -> tuple[str, int]:
    """Send what no proper client would, until the server has enough; its answer and how much could be sent."""
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    sent = 0
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall(f"PUT {PATH} HTTP/1.1\r\n{head}{length}\r\n\r\n".encode())
        try:
            for chunk in chunks:
                line.sendall(chunk)
                sent += len(chunk)
        except OSError:
            pass  # it hung up, as it should
        answer = b""
        try:
            while b"}" not in answer and (piece := line.recv(4096)):
                answer += piece
        except OSError:
            pass  # cut off: what it had said until then counts
        return answer.decode("latin-1"), sent


def chunked(megabytes: int) -> Iterator[bytes]:
    """A body that does not say how long it is."""
    piece = b"x" * 65536
    for _ in range(megabytes * 16):
        yield b"10000\r\n" + piece + b"\r\n"
    yield b"0\r\n\r\n"


def test_two_gigabytes_are_refused_before_and_while_they_come() -> None:
    sink, said = Sink(), []
    li = signed_in("li@example.org")
    with serving(sink) as port:
        said.append(raw(port, li, f"Content-Length: {2048 * MB}", iter(())))
        announced = sink.taken
        said.append(raw(port, li, "Transfer-Encoding: chunked", chunked(2048)))
        chunk_wise = sink.taken
        said.append(raw(port, li, f"Content-Length: {MB}", (b"x" * MB for _ in range(64))))
        lied = sink.taken - chunk_wise

    assert [words.split("\r\n")[0][:12] for words, _ in said[:2]] == ["HTTP/1.1 413"] * 2
    # The answer to the second may be cut off with the line: its sender had not stopped.
    assert '{"code": "upload_too_long"}' in said[0][0]
    assert (announced, lied) == (0, MB)
    # Not more is read than one file may be; what was sent beyond lay in the sockets of this machine.
    assert chunk_wise <= upload_quota.longest()
    assert said[1][1] < 64 * MB


def test_a_person_may_send_so_many_files_in_an_hour_and_others_theirs() -> None:
    li, wang = signed_in("li@example.org"), signed_in("wang@example.org")
    with serving(Sink()) as port, httpx.Client(trust_env=False, timeout=60) as http:
        http.base_url = httpx.URL(f"http://127.0.0.1:{port}")
        answers = [http.put(PATH, content=b"x", headers=li) for _ in range(5)]
        other = http.put(PATH, content=b"x", headers=wang)
        page = http.post("/anything", content=b"x", headers=li)

    last = answers[-1]
    assert [answer.status_code for answer in answers] == [204] * 4 + [429]
    assert (last.json(), 0 < int(last.headers["retry-after"]) <= 3600) == ({"code": "uploads_spent"}, True)
    assert last.headers["x-content-type-options"] == "nosniff"
    assert (other.status_code, page.status_code) == (204, 204)


def test_bytes_are_counted_and_an_unknown_length_as_the_longest() -> None:
    with clock.at(clock.now()):
        upload_quota.charge("li", Headers({"content-length": str(2 * MB)}))
        upload_quota.charge("li", Headers({"content-length": "1", "transfer-encoding": "chunked"}))
        with pytest.raises(TooManyError) as refusal:
            upload_quota.charge("li", Headers({"content-length": str(MB)}))
        later = clock.now() + timedelta(hours=1)
    with clock.at(later):
        upload_quota.charge("li", Headers({"content-length": str(2 * MB)}))

    assert refusal.value.details == {"seconds": 3600}
