"""GET `/live/{run}/at/{update}`: one frame of the run as it was at a past update, for whoever looks back.

The newest values are that update's, and so are the words; of what lies before it a viewer has everything already.
"""

import asyncio
import secrets
from collections import Counter

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from playground.core.errors import BrokenRun, PlaygroundError, shorten
from playground.runs.catalog import Catalog
from playground.runs.folder import RunFolder
from playground.ui.live import content
from playground.ui.live.access import Owner, same_origin
from playground.ui.live.chosen import Figures, chosen
from playground.ui.live.content import Speed
from playground.ui.live.reading import stored
from playground.ui.live.standing import look

AT_ONCE = 2
"""Frames made at a time: each reads a run whole, and the live pictures come first."""
WAITING = 60
"""Who waits for that."""
PER_OWNER = 4
"""Of those of one browser, which asks for one at a time, of both runs where it shows two."""
FRAME = "application/octet-stream"
PRIVATE = {"Cross-Origin-Resource-Policy": "same-origin"}
ENDED = {**PRIVATE, "Cache-Control": "private, max-age=3600, immutable"}
GOES_ON = {**PRIVATE, "Cache-Control": "no-store"}


class Past:
    """`at` is the endpoint."""

    def __init__(self, catalog: Catalog, owner: Owner) -> None:
        self._catalog = catalog
        self._owner = owner
        self._room = asyncio.Semaphore(AT_ONCE)
        self._waiting: Counter[str | None] = Counter()
        # What a frame says depends on the program too: another server, another tag.
        self._life = secrets.token_hex(8)

    async def at(self, request: Request) -> Response:
        if not same_origin(request.headers.get("origin"), request.headers.get("host")):
            return PlainTextResponse("This page was served by another site.", 403)
        owner = self._owner(request.cookies)
        if self._waiting.total() >= WAITING or (owner and self._waiting[owner] >= PER_OWNER):
            return PlainTextResponse("Too many look back at once. Try again.", 503, {"Retry-After": "1"})
        self._waiting[owner] += 1
        try:
            return await self._answer(request, owner)
        except PlaygroundError as error:
            return PlainTextResponse(str(error), 404, GOES_ON)
        finally:
            self._waiting[owner] -= 1
            self._waiting += Counter()  # forgets who has none

    async def _answer(self, request: Request, owner: str | None) -> Response:
        update = update_of(request.path_params["update"])
        figures = chosen(request.query_params.get("show"))
        folder = await asyncio.to_thread(self._catalog.open, request.path_params["run"], owner)
        end = await asyncio.to_thread(folder.end)
        if end is None or end.outcome == "stopped":  # that may be resumed
            return Response(await self._made(folder, update, figures), media_type=FRAME, headers=GOES_ON)
        tag = f'"{self._life}-{update}-{"-".join(figure.name for figure in figures)}"'
        headers = {**ENDED, "ETag": tag}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(await self._made(folder, update, figures), media_type=FRAME, headers=headers)

    async def _made(self, folder: RunFolder, update: int, figures: Figures) -> bytes:
        async with self._room:
            return await asyncio.to_thread(frame_at, folder, update, figures)


def update_of(text: str) -> int:
    """Raises PlaygroundError."""
    if not (text.isdecimal() and text.isascii() and len(text) <= 12):
        raise PlaygroundError(f"{shorten(text)} is not an update. Write a whole number from 0.")
    return int(text)


def frame_at(folder: RunFolder, update: int, figures: Figures) -> bytes:
    """The run as of this update, or as of its last one where that came earlier. Raises PlaygroundError."""
    history = stored(folder, update, figures).history
    if history.newest < 0:
        raise BrokenRun(f"Run {folder.run_id} has nothing at update {update:,} yet.")
    said = content.words(history, figures)
    return content.frame(history, figures, history.newest - 1, look(folder, update), Speed(), said, None)
