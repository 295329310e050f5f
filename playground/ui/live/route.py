"""The WebSocket `/live/{run}`: pushes frames to whoever may watch the run.

The browser asks with `?after=<last update it saw>` and sends one short message for each frame that it has taken up. No
more than two frames are under way at a time: a slow line, or a hidden tab, gets fewer and bigger ones, never a queue.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from starlette.websockets import WebSocket, WebSocketDisconnect

from playground.core.errors import PlaygroundError
from playground.runs.catalog import Catalog
from playground.runs.folder import RunFolder
from playground.ui.live.tail import Tail, TailFailed, Tails

_log = logging.getLogger(__name__)

UNDER_WAY = 2
FOREIGN, UNKNOWN, FAILED = 4403, 4404, 1011

Owner = Callable[[Mapping[str, str]], str | None]


class Live:
    """`watch` is the endpoint. `owner` says from its cookies whose browser asks."""

    def __init__(self, catalog: Catalog, owner: Owner) -> None:
        self._catalog = catalog
        self._owner = owner
        self._tails = Tails()

    async def watch(self, websocket: WebSocket) -> None:
        # Accepted first, even to be refused: a browser learns code and reason only from an open socket.
        await websocket.accept()
        if not same_origin(websocket.headers.get("origin"), websocket.headers.get("host")):
            await websocket.close(FOREIGN, "This page was served by another site.")
            return
        try:
            after = after_of(websocket.query_params.get("after", "-1"))
            folder = await asyncio.to_thread(self._find, websocket.path_params["run"], self._owner(websocket.cookies))
        except PlaygroundError as error:
            await websocket.close(UNKNOWN, _fitting(str(error)))
            return
        async with self._tails.watch(folder) as tail:
            await _serve(websocket, tail, after)

    def _find(self, run_id: str, owner: str | None) -> RunFolder:
        if not self._catalog.may_watch(run_id, owner):
            raise PlaygroundError("There is no run of this name that you may see. Open one from the list of runs.")
        return self._catalog.get(run_id)


def same_origin(origin: str | None, host: str | None) -> bool:
    """Whether a page of this very server asks. No origin: not a browser, so nobody's cookies are being borrowed."""
    if origin is None:
        return True
    try:
        return bool(host) and urlsplit(origin).netloc.lower() == str(host).lower()
    except ValueError:  # "http://["
        return False


def after_of(text: str) -> int:
    """The last update that the browser saw. Raises PlaygroundError."""
    if not (text.removeprefix("-").isdecimal() and len(text) <= 12):
        raise PlaygroundError(f"after={text[:20]!r} is not an update. Write a whole number, −1 for everything.")
    return max(-1, int(text))


def _fitting(sentence: str) -> str:
    # A close frame has room for 123 bytes.
    return sentence.encode()[:120].decode(errors="ignore")


async def _serve(websocket: WebSocket, tail: Tail, after: int) -> None:
    room = asyncio.Semaphore(UNDER_WAY)
    tasks = asyncio.create_task(_receive(websocket, room)), asyncio.create_task(_send(websocket, tail, after, room))
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


async def _send(websocket: WebSocket, tail: Tail, after: int, room: asyncio.Semaphore) -> None:
    seen = 0
    while True:
        await tail.changed(seen)
        await room.acquire()
        # Read together, without a pause between: what is newest may have changed while there was no room.
        seen, frame, newest = tail.version, tail.frame(after), tail.newest
        await websocket.send_bytes(frame)
        after = newest
