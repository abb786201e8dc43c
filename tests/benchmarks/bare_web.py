"""The limit of a page: the bare statements and as many bytes, over a WebSocket, by Starlette alone."""

from __future__ import annotations

import sys
import threading
from typing import Any

import uvicorn
from anyio import to_thread
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from models import clock
from tests.benchmarks.bench_queue import _COUNTS, _PAGE
from tests.benchmarks.ground import marks, raw


def main(port: int, url: str, size: int) -> None:
    """Answer whatever comes with `size` bytes, after what a page asks of the database."""
    kept = threading.local()
    sealed = b"x" * size
    zone = "" if url.startswith("sqlite") else "+00"
    moment = f"{clock.now().replace(tzinfo=None)}{zone}"
    begins = f"0001-01-02 00:00:00.000000{zone}"

    def ask(desk: str) -> None:
        connection = kept.__dict__.setdefault("connection", None) or raw(url)
        kept.connection = connection
        cursor = connection.cursor()
        cursor.execute("BEGIN")
        for text, values in ((_PAGE, (desk, begins, "")), (_COUNTS, (moment, desk))):
            cursor.execute(marks(url, text), values)
            cursor.fetchall()
        connection.rollback()

    async def answer(socket: WebSocket) -> None:
        await socket.accept()
        try:
            while True:
                await to_thread.run_sync(ask, await socket.receive_text())
                await socket.send_bytes(sealed)
        except WebSocketDisconnect:
            return

    app: Any = Starlette(routes=[WebSocketRoute("/", answer)])
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
