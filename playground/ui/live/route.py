"""The WebSocket `/live/{run}`: pushes frames to whoever may watch the run.

The browser asks with `?after=<last update it saw>&show=<pictures>` and sends one short message for each frame that it
has taken up. No more than two frames are under way at a time: a slow line, or a hidden tab, gets fewer and bigger ones,
never a queue.
"""

import asyncio
import logging
from collections import Counter

from starlette.websockets import WebSocket, WebSocketDisconnect

from playground.core.errors import PlaygroundError
from playground.runs.catalog import Catalog
from playground.ui.live.access import Owner, same_origin
from playground.ui.live.chosen import Figures, chosen
from playground.ui.live.tail import Tail, TailFailed, Tails

_log = logging.getLogger(__name__)

UNDER_WAY = 2
PER_OWNER = 24
"""Sockets of one browser, each of which is a run on one of its pages."""
IN_ALL = 400
"""Sockets of all. Who has no cookie is counted here alone: such are programs, which cannot be told apart."""
FOREIGN, UNKNOWN, TOO_MANY, FAILED = 4403, 4404, 4429, 1011


class Live:
    """`watch` is the endpoint. `owner` says from its cookies whose browser asks."""

    def __init__(self, catalog: Catalog, owner: Owner) -> None:
        self._catalog = catalog
        self._owner = owner
        self._tails = Tails()
        self._open: Counter[str | None] = Counter()

    async def watch(self, websocket: WebSocket) -> None:
        # Accepted first, even to be refused: a browser learns code and reason only from an open socket.
        await websocket.accept()
        if not same_origin(websocket.headers.get("origin"), websocket.headers.get("host")):
            await websocket.close(FOREIGN, "This page was served by another site.")
            return
        owner = self._owner(websocket.cookies)
        if refusal := self._full(owner):
            await websocket.close(TOO_MANY, refusal)
            return
        self._open[owner] += 1
        try:
            await self._watch(websocket, owner)
        finally:
            self._open[owner] -= 1
            self._open += Counter()  # forgets who has none

    def _full(self, owner: str | None) -> str:
        """Why there is no further socket for this browser; empty where there is."""
        if owner and self._open[owner] >= PER_OWNER:
            return f"{PER_OWNER} live views are open in this browser. Close some, then reload."
        if self._open.total() >= IN_ALL:
            return f"{IN_ALL} live views are open here, and no more are served. Reload in a while."
        return ""

    async def _watch(self, websocket: WebSocket, owner: str | None) -> None:
        try:
            after = after_of(websocket.query_params.get("after", "-1"))
            figures = chosen(websocket.query_params.get("show"))
            folder = await asyncio.to_thread(self._catalog.open, websocket.path_params["run"], owner)
        except PlaygroundError as error:
            await websocket.close(UNKNOWN, _fitting(str(error)))
            return
        async with self._tails.watch(folder) as tail:
            await _serve(websocket, tail, after, figures)


def after_of(text: str) -> int:
    """The last update that the browser saw. Raises PlaygroundError."""
    if not (text.removeprefix("-").isdecimal() and len(text) <= 12):
        raise PlaygroundError(f"after={text[:20]!r} is not an update. Write a whole number, −1 for everything.")
    return max(-1, int(text))


def _fitting(sentence: str) -> str:
    # A close frame has room for 123 bytes.
    return sentence.encode()[:120].decode(errors="ignore")


async def _serve(websocket: WebSocket, tail: Tail, after: int, figures: Figures) -> None:
    room = asyncio.Semaphore(UNDER_WAY)
    sending = _send(websocket, tail, after, figures, room)
    tasks = asyncio.create_task(_receive(websocket, room)), asyncio.create_task(sending)
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        error = tasks[1].exception() if tasks[1].done() else None
        if error and not isinstance(error, WebSocketDisconnect):
            if not isinstance(error, TailFailed):
                _log.error("A frame could not be made.", exc_info=error)
            await websocket.close(FAILED, "The run cannot be followed. Trying again.")
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _receive(websocket: WebSocket, room: asyncio.Semaphore) -> None:
    while (await websocket.receive())["type"] == "websocket.receive":
        room.release()


async def _send(websocket: WebSocket, tail: Tail, after: int, figures: Figures, room: asyncio.Semaphore) -> None:
    seen = 0
    while True:
        await tail.changed(seen)
        await room.acquire()
        seen, frame, newest = await tail.take(after, figures)
        await websocket.send_bytes(frame)
        after = newest
