"""A browser without the browser: one Streamlit session over its WebSocket, pressed by the keys of its widgets."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from time import perf_counter
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

PATIENCE = 60.0  # seconds until a run that does not end is an error
FULL, FRAGMENT = ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY


class Visitor:
    """One open page. What the server draws is kept by the widgets' keys, as a browser keeps it."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._token = port, token
        self._page = self._query = ""
        self._cached: dict[str, ForwardMsg] = {}
        self._values: dict[str, WidgetState] = {}
        self._ended = asyncio.Event()
        self._fragment_ended = asyncio.Event()
        self._fragments: set[str] = set()  # those of this page that refresh by themselves
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._socket: ClientConnection | None = None
        self.widgets: dict[str, str] = {}  # what is on the page: the end of a widget's id (its key), its id
        self.disabled: set[str] = set()
        self.pages: dict[str, str] = {}  # the address of each page of the menu, and what Streamlit knows it by
        self.received = 0  # bytes
        self.runs = 0
        self.live: list[float] = []  # milliseconds of the runs of fragments that refresh by themselves
        self.first: float | None = None  # when the first thing of the page was there

    async def open(self, query: str = "", page: str = "") -> tuple[float, float]:
        """Connect and have the page drawn; milliseconds until its first element, and until its end."""
        begun = perf_counter()
        self._socket = await connect(
            f"ws://127.0.0.1:{self._port}/_stcore/stream", subprotocols=["streamlit", "-"],  # type: ignore[list-item]
            additional_headers={"Cookie": f"shenbao={self._token}"}, compression=None, max_size=None, proxy=None,
        )  # fmt: skip
        self._tasks["reader"] = asyncio.create_task(self._read())
        self._query, self.first = query, None
        await self._run(page)
        drawn = self.first or perf_counter()
        return (drawn - begun) * 1000, (perf_counter() - begun) * 1000

    async def press(self, key: str) -> float:
        """Press the button whose key ends so; milliseconds until the page is drawn."""
        return await self._changed(WidgetState(id=self.widgets[key], trigger_value=True), keep=False)

    async def put(self, key: str, text: str) -> float:
        """Leave a text in a field, or a selection in a table; milliseconds until the page is drawn."""
        return await self._changed(WidgetState(id=self.widgets[key], string_value=text))

    def keyed(self, begin: str) -> str | None:
        """The key of a widget of the page that begins so."""
        return next((key for key in self.widgets if key.startswith(begin)), None)

    def may(self, key: str) -> bool:
        """Whether a button is there and not grey."""
        return key in self.widgets and key not in self.disabled

    async def close(self) -> None:
        """Close the tab."""
        for task in self._tasks.values():
            task.cancel()
        if self._socket is not None:
            await self._socket.close()

    async def _changed(self, state: WidgetState, *, keep: bool = True) -> float:
        begun = perf_counter()
        if keep:
            self._values[state.id] = state
        await self._run(self._page, state)
        return (perf_counter() - begun) * 1000

    async def _run(self, page: str, *pressed: WidgetState) -> None:
        self._ended.clear()
        await self._send(page, pressed)
        await asyncio.wait_for(self._ended.wait(), PATIENCE)
        self.runs += 1

    async def _send(self, page: str, pressed: tuple[WidgetState, ...] = (), fragment: str = "") -> None:
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_script_hash, state.fragment_id = self._query, page, fragment
        state.is_auto_rerun = bool(fragment)
        state.cached_message_hashes.extend(self._cached)
        there = set(self.widgets.values())
        states = {i: value for i, value in self._values.items() if i in there} | {one.id: one for one in pressed}
        state.widget_states.widgets.extend(states.values())
        state.context_info.timezone, state.context_info.locale = "Asia/Shanghai", "zh-CN"
        if self._socket is None:
            raise ConnectionError
        await self._socket.send(message.SerializeToString())

    async def _read(self) -> None:
        if self._socket is None:
            raise ConnectionError
        with suppress(ConnectionClosed):
            async for raw in self._socket:
                if isinstance(raw, bytes):
                    self.received += len(raw)
                    self._take(ForwardMsg.FromString(raw))

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            self._take(self._cached[message.ref_hash])
            return
        if message.metadata.cacheable and message.hash:
            self._cached[message.hash] = message
        if kind == "delta":
            self.first = self.first or perf_counter()
            self._draw(message.delta)
        elif kind == "new_session":
            self._begin(message)
        elif kind == "navigation":
            self._page = message.navigation.page_script_hash
            self.pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            self._refresh(message.auto_rerun.fragment_id, message.auto_rerun.interval)
        elif kind == "script_finished":
            self._finish(message.script_finished)

    def _begin(self, message: ForwardMsg) -> None:
        """A full run draws the page anew; a fragment's leaves the rest as it is."""
        if message.metadata.run.fragment_ids:
            return
        self._page = message.new_session.page_script_hash
        self.widgets, self.disabled, self._fragments = {}, set(), set()

    def _draw(self, delta: Any) -> None:
        if delta.WhichOneof("type") != "new_element":
            return
        element = getattr(delta.new_element, delta.new_element.WhichOneof("type"))
        found = str(getattr(element, "id", ""))
        if not found.startswith("$$ID-"):
            return
        key = found.removeprefix("$$ID-").partition("-")[2]
        self.widgets[key] = found
        if getattr(element, "disabled", False):
            self.disabled.add(key)

    def _refresh(self, fragment: str, seconds: float) -> None:
        """Go on looking at that pace: a browser begins to count anew at every click, which asks less of the server."""
        self._fragments.add(fragment)
        if fragment not in self._tasks:
            self._tasks[fragment] = asyncio.create_task(self._refreshing(fragment, seconds))

    async def _refreshing(self, fragment: str, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            begun = perf_counter()
            self._fragment_ended.clear()
            await self._send(self._page, fragment=fragment)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._fragment_ended.wait(), seconds)
                self.live.append((perf_counter() - begun) * 1000)

    def _finish(self, status: int) -> None:
        if status == FULL:
            for gone in self._tasks.keys() - self._fragments - {"reader"}:
                self._tasks.pop(gone).cancel()
            self._ended.set()
        elif status == FRAGMENT:
            self._fragment_ended.set()
