"""Looking back, as the server answers it."""

import threading
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from playground.figures.gallery import FIGURES
from playground.runs.catalog import owner_of
from playground.training.config import RunConfig
from playground.ui import browser
from playground.ui.live import past, reading
from playground.ui.live.chosen import chosen

COOKIE = "a" * 32


@pytest.fixture
def ask(serve, script):
    port = serve()

    def get(update, run_id=None, query="", cookie=None, **headers):
        if cookie:
            headers["Cookie"] = f"{browser.COOKIE}={cookie}"
        url = f"http://127.0.0.1:{port}/live/{run_id or script.folder.run_id}/at/{update}{query}"
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            return answer.headers, answer.read()

    return get


def refused(ask, *args, **more):
    with pytest.raises(urllib.error.HTTPError) as caught:
        ask(*args, **more)
    return caught.value.code, caught.value.read().decode()


def test_a_frame_is_the_run_as_of_that_update(ask, script, decode):
    script.write(20)
    headers, data = ask(12, query="?show=gradient_now,loss,gradient_history")
    frame = decode(data)
    assert frame.header["update"] == 12
    assert set(frame.header["figures"]) == {"gradient_now", "loss", "gradient_history"}
    assert frame.arrays["gradient_now"]["now"]["y"] == pytest.approx(np.logspace(-6, 0, 6) * 0.99**12)
    assert frame.header["words"]["loss"].startswith("Loss 0.0769,")
    # What lies before it the viewer has: of it only the newest comes.
    assert frame.arrays["loss"]["loss"]["x"].tolist() == [12]
    assert headers["Cache-Control"] == "no-store"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_no_more_is_read_than_the_pictures_need(script):
    """Each of them alone is shown the same numbers as of the whole run."""
    script.write(20)
    for figure in FIGURES:
        figures, whole = chosen(figure.name), reading.stored(script.folder, 12).history
        part = reading.stored(script.folder, 12, figures).history
        assert set(part.names) < set(whole.names)
        for names in (set(figure.needs), {"loss"}):
            news, wanted = part.since(11, names), whole.since(11, names)
            assert news.names() == wanted.names()
            for name in news.names():
                assert np.array_equal(news[name].values, wanted[name].values, equal_nan=True)


def test_a_browser_that_asks_for_many_leaves_room_for_others(ask, script, monkeypatch):
    script.write(3)
    made, begun, frame_at = threading.Event(), threading.Semaphore(0), past.frame_at

    def slow(*args):
        begun.release()
        made.wait(5)
        return frame_at(*args)

    monkeypatch.setattr(past, "frame_at", slow)
    monkeypatch.setattr(past, "PER_OWNER", 1)
    with ThreadPoolExecutor() as pool:
        mine = pool.submit(ask, 1, cookie=COOKIE)
        assert begun.acquire(timeout=5)
        assert refused(ask, 1, cookie=COOKIE)[0] == 503
        other = pool.submit(ask, 1, cookie="b" * 32)
        assert begun.acquire(timeout=5)
        made.set()
        assert mine.result()[1] == other.result()[1]
    ask(1, cookie=COOKIE)


def test_after_the_end_is_as_at_the_end_and_before_the_beginning_is_nothing(ask, script, decode):
    assert refused(ask, 0)[0] == 404
    script.write(5)
    assert decode(ask(90)[1]).header["update"] == 4


def test_what_has_ended_does_not_change_and_may_be_kept(ask, script):
    script.write(8)
    script.end()
    headers, data = ask(3)
    assert headers["Cache-Control"] == "private, max-age=3600, immutable"
    assert ask(3)[1] == data
    assert ask(4)[0]["ETag"] != headers["ETag"]
    assert ask(3, query="?show=loss")[0]["ETag"] != headers["ETag"]
    code, nothing = refused(ask, 3, **{"If-None-Match": headers["ETag"]})
    assert (code, nothing) == (304, "")


def test_it_is_for_those_who_may_watch(ask, script, catalog):
    script.write(3)
    foreign = catalog.create(RunConfig(), owner_of(COOKIE)).run_id
    unknown = refused(ask, 0, "20260101-000000-00000000")
    assert refused(ask, 0, foreign) == refused(ask, 0, foreign, cookie="b" * 32) == unknown
    assert "nothing at update 0 yet" in refused(ask, 0, foreign, cookie=COOKIE)[1]
    assert refused(ask, 0, Origin="https://elsewhere.example")[0] == 403


@pytest.mark.parametrize("update", ["-1", "x", "1.5", "9" * 13, "%D9%A3"])
def test_a_nonsensical_update_is_refused(ask, update):
    code, said = refused(ask, update)
    assert code == 404
    assert "not an update" in said


@pytest.mark.parametrize("show", ["nonsense", "loss," * 200, "..%2F..%2Fconfig"])
def test_a_nonsensical_choice_is_refused(ask, script, show):
    script.write(1)
    assert refused(ask, 0, query=f"?show={show}")[0] == 404
