"""Who may see what, for everything that is asked outside a page's script."""

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

Owner = Callable[[Mapping[str, str]], str | None]
"""Says from its cookies whose browser asks."""


def same_origin(origin: str | None, host: str | None) -> bool:
    """Whether a page of this very server asks. No origin: not a browser, so nobody's cookies are being borrowed."""
    if origin is None:
        return True
    try:
        return bool(host) and urlsplit(origin).netloc.lower() == str(host).lower()
    except ValueError:  # "http://["
        return False
