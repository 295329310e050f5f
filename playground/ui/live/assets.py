"""Scripts and style of the live pictures: nothing from elsewhere.

The address holds a hash of the contents, so that a browser may keep them for ever and a new version is fetched at once.
"""

import hashlib
import json
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from playground.ui.live.page import page

SCRIPT, STYLE, JSON = "text/javascript; charset=utf-8", "text/css; charset=utf-8", "application/json"
KINDS = {".js": SCRIPT, ".css": STYLE}
FOLDER = files("playground.ui.live") / "static"


def _found(folder: Traversable, before: str = "") -> dict[str, str]:
    """The kind of every script and style in a folder and those inside it, by its path from there."""
    kinds: dict[str, str] = {}
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        name = before + entry.name
        if entry.is_dir():
            kinds |= _found(entry, f"{name}/")
        elif (kind := KINDS.get(PurePosixPath(name).suffix)) is not None:
            kinds[name] = kind
    return kinds


OURS = _found(FOLDER)
PAGE = "page.json"
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}


class Assets:
    """All files by name."""

    @cached_property
    def ours(self) -> dict[str, tuple[bytes, str]]:
        return {name: ((FOLDER / name).read_bytes(), kind) for name, kind in OURS.items()}

    @cached_property
    def version(self) -> str:
        digest = hashlib.blake2b(digest_size=8)
        for data, _ in self.ours.values():
            digest.update(data)
        return digest.hexdigest()

    @cached_property
    def page(self) -> bytes:
        return json.dumps(page(), allow_nan=False).encode()


@cache
def assets() -> Assets:
    return Assets()


def warm_up() -> None:
    """Makes what takes longest, the empty pictures, before anybody asks."""
    _ = assets().page


def serve(request: Request) -> Response:
    """GET …/{version}/{name}. Not async: starlette then runs it in a thread, where drawing disturbs nobody."""
    name = request.path_params["name"]
    if name == PAGE:
        # Made by code that the version does not cover, so a browser asks each time; it is small.
        return Response(assets().page, media_type=JSON, headers={"Cache-Control": "no-cache"})
    if request.path_params["version"] != assets().version:
        return PlainTextResponse("The page was updated. Reload it.", 404)
    if name not in assets().ours:
        return PlainTextResponse("There is no such file.", 404)
    data, kind = assets().ours[name]
    return Response(data, media_type=kind, headers=FOR_EVER)
