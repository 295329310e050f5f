"""Whose browser it is: only a cookie that we could have made counts."""

import re

import pytest

from playground.ui import browser


def test_our_own_cookie_names_an_owner() -> None:
    header = browser.new_cookie(secure=True)
    value = re.match(r"playground_browser=([^;]+);", header)
    assert value is not None

    owner = browser.owner({browser.COOKIE: value[1]})

    assert owner is not None
    assert value[1] not in owner
    assert {"HttpOnly", "SameSite=Lax", "Secure"} <= set(header.split("; "))


def test_two_browsers_differ() -> None:
    assert browser.new_cookie(secure=False) != browser.new_cookie(secure=False)


@pytest.mark.parametrize("cookie", ["", "short", "../" * 12, "x" * 31, "x" * 33, "ä" * 32, "x" * 31 + "\n"])
def test_no_other_cookie_does(cookie: str) -> None:
    assert browser.owner({browser.COOKIE: cookie}) is None
