"""Scripts and style of the live pictures, and plotly.js from the installed plotly package: nothing from elsewhere.

The address holds a hash of the contents, so that a browser may keep them for ever and a new version is fetched at once.
"""

import gzip
import hashlib
import json
from functools import cache, cached_property
from importlib.metadata import version
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from playground.ui.live import content

SCRIPT, STYLE, JSON = "text/javascript; charset=utf-8", "text/css; charset=utf-8", "application/json"
OURS = {
    "live.js": SCRIPT,
    "view.js": SCRIPT,
    "head.js": SCRIPT,
    "painter.js": SCRIPT,
    "card.js": SCRIPT,
    "chart.js": SCRIPT,
    "picture.js": SCRIPT,
    "element.js": SCRIPT,
    "legend.js": SCRIPT,
    "connection.js": SCRIPT,
    "frame.js": SCRIPT,
    "theme.js": SCRIPT,
    "live.css": STYLE,
}
PLOTLY = "plotly.min.js"
PAGE = "page.json"
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}


class Assets:
    """All files by name. The large one is compressed once, when the first browser asks for it."""

    @cached_property
    def ours(self) -> dict[str, tuple[bytes, str]]:
        here = files("playground.ui.live") / "static"
        return {name: ((here / name).read_bytes(), kind) for name, kind in OURS.items()}

    @cached_property
    def version(self) -> str:
        digest = hashlib.blake2b(version("plotly").encode(), digest_size=8)
        for data, _ in self.ours.values():
            digest.update(data)
        return digest.hexdigest()

    @cached_property
    def page(self) -> bytes:
        return json.dumps(content.page(), allow_nan=False).encode()

    @cached_property
    def plotly(self) -> bytes:
        return gzip.compress((files("plotly") / "package_data" / PLOTLY).read_bytes(), 6, mtime=0)


@cache
def assets() -> Assets:
    return Assets()


def warm_up() -> None:
    """Makes what takes longest, the empty pictures and the compressed plotly.js, before anybody asks."""
    _ = assets().page, assets().plotly


def serve(request: Request) -> Response:
    """GET …/{version}/{name}. Not async: starlette then runs it in a thread, where compressing disturbs nobody."""
    name = request.path_params["name"]
    if name == PAGE:
        # Made by code that the version does not cover, so a browser asks each time; it is small.
        return Response(assets().page, media_type=JSON, headers={"Cache-Control": "no-cache"})
    if request.path_params["version"] != assets().version:
        return PlainTextResponse("The page was updated. Reload it.", 404)
    if name == PLOTLY:
        return _compressed(request)
    if name not in assets().ours:
        return PlainTextResponse("There is no such file.", 404)
    data, kind = assets().ours[name]
    return Response(data, media_type=kind, headers=FOR_EVER)


def _compressed(request: Request) -> Response:
    headers = {**FOR_EVER, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(assets().plotly, media_type=SCRIPT, headers={**headers, "Content-Encoding": "gzip"})
    return Response(gzip.decompress(assets().plotly), media_type=SCRIPT, headers=headers)
