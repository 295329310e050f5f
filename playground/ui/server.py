"""What the server does besides running pages: starts and ends the engine, knows browsers, guards every answer."""

import asyncio
import ctypes
import gc
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pyarrow as pa
import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import HTTPConnection
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playground.runs.engine import engine
from playground.sweeps.feed import feed
from playground.ui import browser, live

M_TRIM_THRESHOLD, M_ARENA_MAX = -1, -8  # malloc.h

HEADERS = {
    # The page may be framed by itself alone, loads no plug-ins, and its relative addresses stay its own.
    "Content-Security-Policy": "frame-ancestors 'self'; object-src 'none'; base-uri 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """The engine lives as long as the server."""
    _give_memory_back()
    feed()  # maps that were under way go on
    engine().start()
    # What the first browser would have to wait for.
    threading.Thread(target=live.warm_up, name="warm up", daemon=True).start()
    try:
        yield
    finally:
        await asyncio.to_thread(engine().close)


def _give_memory_back() -> None:
    """Arrow's pool, and glibc's arenas of each thread, keep what they once had: 25 MB after one run was watched.

    And Streamlit loads plotly's classes, 11 MB, to give them a theme for `st.plotly_chart`; whoever asks for them after
    this loads them again.
    """
    for name in [name for name in sys.modules if name.partition(".")[0] in ("plotly", "_plotly_utils")]:
        del sys.modules[name]
    gc.collect()
    pa.set_memory_pool(pa.system_memory_pool())
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt:
        mallopt(M_TRIM_THRESHOLD, 64 * 1024)
        mallopt(M_ARENA_MAX, 2)


def routes() -> list[BaseRoute]:
    return list(live.routes())


def middleware() -> list[Middleware]:
    return [Middleware(Guard), Middleware(GZipMiddleware, minimum_size=1000)]


class Guard:
    """Security headers on every answer; on a page, the cookie by which a browser is known."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        stranger = browser.owner(connection.cookies) is None

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                # Only with a page: a first visit asks for many files at once, and each would bring another cookie. A
                # page that the browser has already comes as 304, without a type.
                page = headers.get("content-type", "").startswith("text/html")
                if stranger and (page or (message["status"] == 304 and "." not in connection.url.path)):
                    headers.append("Set-Cookie", browser.new_cookie(secure=connection.url.scheme == "https"))
            await send(message)

        await self.app(scope, receive, guarded)
