"""Where this page is, for a link that somebody else is to open."""

import socket
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st
from streamlit import config

from playground.ui import PAGES

LOCAL = ("localhost", "127.0.0.1", "[::1]", "::1", "0.0.0.0")


class Address(NamedTuple):
    """A page without its query, and what there is to say about who can open it."""

    url: str
    sentence: str = ""


def here() -> Address:
    """The page's address as others can reach it, as far as this machine can tell."""
    return reachable(st.context.url or "", str(config.get_option("server.address") or ""), own_ip())


def reachable(url: str, listens: str, ip: str | None) -> Address:
    """`url` itself, unless it says "this machine": then with this machine's address `ip` in its network.

    `listens` is what the server was told to listen to; empty for everything.
    """
    parts = urlsplit(url)._replace(query="", fragment="")
    if (parts.hostname or "") not in LOCAL and parts.hostname:
        return Address(urlunsplit(parts))
    if listens in LOCAL and listens != "0.0.0.0":
        return Address(
            urlunsplit(parts),
            f"Only this machine can open it: the server listens on {listens} alone, as it was told to.",
        )
    if ip is None:
        return Address(urlunsplit(parts), "Only this machine can open it: it is in no network.")
    port = f":{parts.port}" if parts.port else ""
    said = (
        "You are on localhost, which is what each machine calls itself. The link has this machine's address in its "
        "network instead, which others in that network can open."
    )
    return Address(urlunsplit(parts._replace(netloc=f"{ip}{port}")), said)


def of_playground(at: Address) -> Address:
    """The first page of the app whose page `at` is. Streamlit gives its own address without a slash at the end."""
    parts = urlsplit(at.url)
    path = parts.path.rstrip("/")
    before, _, page = path.rpartition("/")
    others = {file.stem for file in PAGES.glob("*.py")} - {"playground"}
    return at._replace(url=urlunsplit(parts._replace(path=f"{before if page in others else path}/")))


def with_query(url: str, parameters: dict[str, str]) -> str:
    return f"{url}?{urlencode(parameters, safe=',:*')}" if parameters else url


def own_ip() -> str | None:
    """This machine's address in its network. Nothing is sent: a datagram socket only has to choose its way out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address that is nobody's, by RFC 5737
        except OSError:
            return None
        found: str = probe.getsockname()[0]
    return None if found.startswith(("127.", "0.")) else found
