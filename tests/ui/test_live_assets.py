import json
import urllib.error
import urllib.request

import pytest

from playground.figures.gallery import FIGURES
from playground.ui.live.assets import OURS, assets
from playground.ui.live.component import address


@pytest.fixture
def get(serve):
    port = serve()

    def fetch(path, **headers):
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
        with urllib.request.urlopen(request) as answer:
            return answer.headers, answer.read()

    return fetch


def test_our_files_may_be_kept_for_ever(get):
    for name, kind in OURS.items():
        headers, data = get(f"{address()}/{name}")
        assert "immutable" in headers["Cache-Control"], name
        assert data == assets().ours[name][0], name
        assert headers["Content-Type"] == kind, name


def test_the_page_knows_every_figure_and_both_grounds(get):
    headers, data = get(f"{address()}/page.json")
    page = json.loads(data)
    assert headers["Cache-Control"] == "no-cache"
    assert [figure["name"] for figure in page["figures"]] == [figure.name for figure in FIGURES]
    assert set(page["templates"]) == {"light", "dark"}


@pytest.mark.parametrize("path", ["/live-assets/old/live.js", f"{address()}/tail.py", f"{address()}/..%2ftail.py"])
def test_anything_else_is_not_there(get, path):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        get(path)


def test_nothing_is_ever_set_as_html():
    for name, (data, _) in assets().ours.items():
        assert b"innerHTML" not in data, name
        assert b"http://" not in data.replace(b"http://www.w3.org", b""), name
        assert b"https://" not in data, name
