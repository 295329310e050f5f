"""Whose browser this is: a cookie that scripts cannot read, and whose hash alone is stored with a run."""

import re
import secrets
from collections.abc import Mapping

from playground.runs.catalog import owner_of

COOKIE = "playground_browser"
_FORM = re.compile(r"[A-Za-z0-9_-]{32}")
_YEAR = 365 * 24 * 3600


def owner(cookies: Mapping[str, str]) -> str | None:
    """Whom runs of this browser belong to; None where the cookie is missing or was not made by us."""
    cookie = cookies.get(COOKIE, "")
    return owner_of(cookie) if _FORM.fullmatch(cookie) else None


def new_cookie(secure: bool) -> str:
    """A Set-Cookie header for a browser that has none."""
    ending = "; Secure" if secure else ""
    return f"{COOKIE}={secrets.token_urlsafe(24)}; Path=/; Max-Age={_YEAR}; HttpOnly; SameSite=Lax{ending}"
