"""The address in a QR code is one that others can open, or a sentence says that there is none."""

import pytest

from playground.ui.address import Address, of_playground, reachable, with_query


@pytest.mark.parametrize(
    ("url", "listens", "ip", "expected", "said"),
    [
        ("https://rnn.example.org/share?hidden=8", "", "10.0.0.7", "https://rnn.example.org/share", ""),
        ("http://localhost:8501/", "", "10.0.0.7", "http://10.0.0.7:8501/", "You are on localhost"),
        ("http://127.0.0.1:8501/", "0.0.0.0", "10.0.0.7", "http://10.0.0.7:8501/", "You are on localhost"),
        ("http://localhost:8501/", "localhost", "10.0.0.7", "http://localhost:8501/", "listens on localhost alone"),
        ("http://localhost:8501/", "", None, "http://localhost:8501/", "it is in no network"),
        ("", "", None, "", "it is in no network"),
    ],
)
def test_who_can_open_it(url: str, listens: str, ip: str | None, expected: str, said: str) -> None:
    found = reachable(url, listens, ip)

    assert found.url == expected
    assert said in found.sentence
    assert bool(said) == bool(found.sentence)


@pytest.mark.parametrize("page", ["", "/", "/share"])
@pytest.mark.parametrize("root", ["https://a.org/rnn", "http://localhost:8501", "http://share"])
def test_links_lead_to_the_playground(root: str, page: str) -> None:
    assert of_playground(Address(f"{root}{page}")).url == f"{root}/"


def test_the_query_is_readable() -> None:
    assert with_query("http://a/", {"hide": "task,clip", "x": "a b"}) == "http://a/?hide=task,clip&x=a+b"
    assert with_query("http://a/", {}) == "http://a/"
