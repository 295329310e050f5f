"""The socket as a browser meets it, over a real server."""

import base64
import contextlib
import json
import threading
import time

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from playground.core.errors import PlaygroundError
from playground.diagnosis.alarm import Alarm, Cleared
from playground.figures.gallery import FIGURES
from playground.runs.catalog import owner_of
from playground.training.config import RunConfig
from playground.training.live_changes import Intervention
from playground.ui import browser
from playground.ui.live import content, route, tail
from playground.ui.live.access import same_origin
from playground.ui.live.route import after_of

COOKIE = "a" * 32


class Viewer:
    def __init__(self, socket, decode):
        self.socket = socket
        self.decode = decode

    def next(self, timeout=5, ask=True):
        frame = self.decode(self.socket.recv(timeout))
        if ask:
            self.socket.send("")
        return frame

    def until(self, update):
        while True:
            frame = self.next()
            if frame.header["update"] >= update:
                return frame


@pytest.fixture
def watch(serve, script, decode):
    port, open_sockets = serve(), contextlib.ExitStack()

    def open_socket(run_id=None, after=None, origin="same", cookie=None, show=None):
        given = {"after": after, "show": show}
        query = "?" + "&".join(f"{name}={value}" for name, value in given.items() if value is not None)
        headers = {"Cookie": f"{browser.COOKIE}={cookie}"} if cookie else {}
        url = f"ws://127.0.0.1:{port}/live/{run_id or script.folder.run_id}{query}"
        origin = f"http://127.0.0.1:{port}" if origin == "same" else origin
        socket = open_sockets.enter_context(connect(url, origin=origin, additional_headers=headers))
        return Viewer(socket, decode)

    with open_sockets:
        yield open_socket


def closed(viewer):
    with pytest.raises(ConnectionClosed) as caught:
        viewer.next()
    return caught.value.rcvd


def test_a_newcomer_gets_the_pictures_whole_then_only_what_is_new(watch, script):
    script.write(10)
    viewer = watch()
    first = viewer.next()
    assert set(first.header["first"]) == set(first.header["figures"])
    assert first.header["update"] == 9
    assert first.arrays["loss"]["loss"]["x"].tolist() == list(range(10))
    assert first.arrays["gradient_history"]["ratio"]["z"].shape == (10, 6)
    assert first.header["first"]["weights"]["choices"]["U"]["yrange"] == [-1.0, 1.0]
    script.write(2)
    second = viewer.next()
    assert "first" not in second.header
    assert (second.header["after"], second.header["update"]) == (9, 11)
    assert second.arrays["loss"]["loss"]["x"].tolist() == [10, 11]
    assert second.arrays["gradient_now"]["now"]["y"] == pytest.approx(np.logspace(-6, 0, 6) * 0.99**11)
    # What never changes comes once.
    assert "start" not in second.arrays["gradient_now"]
    (start,) = [trace for trace in first.header["first"]["gradient_now"]["data"] if trace["name"] == "start"]
    assert np.frombuffer(base64.b64decode(start["y"]["bdata"])) == pytest.approx(np.logspace(-6, 0, 6))


def test_each_layer_and_direction_comes_with_its_own_words(watch, script_of):
    script = script_of(
        task={"kind": "majority", "length": 12},
        architecture={"kind": "many_to_many"},
        layers=2,
        direction="two_passes",
        cell={"kind": "lstm"},
    )
    script.write(10)
    frame = watch(script.folder.run_id).next()
    rows = ["layer 2 →", "layer 2 ←", "layer 1 →", "layer 1 ←"]
    for name in ("gradient_now", "gradient_history", "gates"):
        assert list(frame.header["first"][name]["choices"]) == rows
        assert list(frame.header["words"][name]) == rows
        assert frame.header["first"][name]["absent"] is False
    assert frame.arrays["gradient_now"]["layer 1 ←: cell"]["y"].shape == (12,)
    # The flow is looked at every second update of 200.
    assert frame.arrays["gradient_history"]["layer 2 →: ratio"]["y"].tolist() == [0, 2, 4, 6, 8]
    assert frame.arrays["gates"]["layer 2 →: f"]["y"] == pytest.approx(np.full(12, 1 / 9))


def test_what_a_run_does_not_have_is_said_to_be_absent(watch, script_of):
    def absent(**changes):
        script = script_of(**changes)
        script.write(2)
        first = watch(script.folder.run_id).next().header["first"]
        return {name for name, drawn in first.items() if drawn["absent"]}

    assert absent() == {"gates"}
    assert absent(cell={"kind": "gru"}) == set()
    assert absent(architecture={"kind": "window_mlp"}) == {"gradient_now", "gradient_history", "gates"}


def test_remarks_come_where_there_is_something_to_remark(watch, script, script_of):
    script.write(3)  # with a learning rate that falls
    assert watch().next().header["remarks"] == ["η 0.33"]
    each = script_of(
        task={"kind": "majority", "length": 12},
        architecture={"kind": "many_to_many"},
        learning={"kind": "each_step"},
    )
    each.write(1)
    (remark,) = watch(each.folder.run_id).next().header["remarks"]
    assert remark.startswith("backward at each step")


def test_only_the_pictures_that_were_asked_for_are_sent(watch, script):
    script.write(3)
    frame = watch(show="loss,gradient_now,loss").next()
    assert list(frame.header["figures"]) == list(frame.header["first"]) == ["gradient_now", "loss"]
    assert set(frame.header["words"]) == {"gradient_now", "loss"}
    assert list(watch(show="").next().header["figures"]) == []
    assert frame.header["metric_words"]


def test_those_who_chose_the_same_share_one_frame(watch, script, monkeypatch):
    made, frame = [], content.frame

    def counted(history, figures, after, *rest):
        made.append((after, *(figure.name for figure in figures)))
        return frame(history, figures, after, *rest)

    monkeypatch.setattr(content, "frame", counted)
    script.write(3)
    viewers = [watch(show="loss,weights") for _ in range(5)] + [watch(show="weights,loss"), watch(show="loss")]
    for viewer in viewers:
        viewer.next()
    script.write()
    for viewer in viewers:
        viewer.until(3)
    news = [each for each in made if each[0] == 2]
    assert sorted(set(news)) == [(2, "loss"), (2, "loss", "weights")]
    assert len(news) <= 3, "one each, and another where a status came meanwhile"


@pytest.mark.parametrize(
    "show", ["nonsense", "loss,nonsense", ",".join(figure.name for figure in FIGURES), "x" * 5000, "../config"]
)
def test_a_nonsensical_choice_is_refused(watch, script, show):
    script.write()
    assert closed(watch(show=show)).code == 4404


def test_who_comes_back_gets_what_was_missed(watch, script):
    script.write(10)
    frame = watch(after=4).next()
    assert "first" not in frame.header
    assert frame.arrays["loss"]["loss"]["x"].tolist() == [5, 6, 7, 8, 9]


def test_who_saw_more_than_there_is_starts_afresh(watch, script):
    script.write(3)
    assert "first" in watch(after=90).next().header


def test_a_run_without_rows_says_that_it_waits_and_then_shows_all(watch, script):
    viewer = watch()
    frame = viewer.next()
    assert frame.header["update"] == -1
    assert frame.header["status"] in ("running", "lost")
    script.write()
    frame = viewer.until(0)
    assert set(frame.header["first"]["weights"]["choices"]) >= {"U"}


def test_a_slow_reader_gets_fewer_and_bigger_frames(watch, script):
    script.write()
    viewer = watch()
    viewer.next(ask=False)
    script.write()
    viewer.next(ask=False)
    for _ in range(5):
        script.write()
    with pytest.raises(TimeoutError):
        viewer.next(timeout=0.5)
    viewer.socket.send("")
    assert viewer.next().arrays["loss"]["loss"]["x"].tolist() == [2, 3, 4, 5, 6]


def test_two_viewers_share_one_tail_and_see_the_same(watch, script):
    script.write(5)
    one, other = watch(), watch()
    assert one.next().header["update"] == other.next().header["update"] == 4
    script.write()
    assert one.until(5).arrays["loss"]["loss"]["y"] == other.until(5).arrays["loss"]["loss"]["y"]


def test_an_ended_run_brings_its_alarm_its_marks_and_its_end(watch, script):
    script.write(4)
    script.write(broken=True)
    sentence = "Update 4: the loss is NaN."
    alarm = Alarm(kind="not finite", update=4, sentence=sentence, phase="forward", tensor="h", time_step=3)
    script.folder.write_alarms([alarm])
    script.end("diverged")
    frame = watch().next()
    assert frame.header["status"] == "diverged"
    assert [mark["x0"] for mark in frame.header["figures"]["gradient_now"]["marks"]] == [3]
    (told,) = frame.header["alarms"]
    assert (told["sentence"], told["update"], told["severity"], told["cleared"]) == (sentence, 4, "failure", False)
    assert frame.header["figures"]["loss"]["marks"][0]["x0"] == 4
    assert frame.header["figures"]["gradient_history"]["marks"][0]["y0"] == 4
    assert frame.arrays["gradient_now"]["not finite"]["x"].tolist() == [1, 2, 3, 4, 5, 6]
    assert np.isfinite(frame.arrays["gradient_now"]["now"]["y"]).all()


def test_what_was_cleared_is_said_to_be(watch, script):
    script.write(30)
    warning = Alarm(kind="vanishing", update=8, sentence="It forgets.", severity="warning")
    again = warning.model_copy(update={"update": 28})
    script.folder.write_alarms([warning, Cleared(kind="vanishing", raised=8, update=20, sentence="Well."), again])
    header = watch().next().header
    assert [(told["update"], told["cleared"], told["colour"]) for told in header["alarms"]] == [
        (8, True, "vanishing"),
        (28, False, "vanishing"),
    ]
    assert [mark["x0"] for mark in header["figures"]["loss"]["marks"]] == [8, 28]


def test_what_was_changed_on_the_way_is_said_and_marked_over_updates(watch, script):
    script.write(30)
    changes = {"optimizer.learning_rate": 0.01}
    change = Intervention(update=12, changes=changes, sentence="learning rate 0.003 → 0.01")
    script.folder.write_interventions([change])
    header = watch().next().header
    assert header["changes"] == ["◆ learning rate 0.003 → 0.01 at update 12"]
    assert [mark["x0"] for mark in header["figures"]["loss"]["marks"]] == [12]
    assert [mark["y0"] for mark in header["figures"]["gradient_history"]["marks"]] == [12]
    assert header["figures"]["gradient_now"]["marks"] == []


def test_the_end_reaches_those_who_watch_with_every_row_before_it(watch, script):
    script.write(3)
    viewer = watch()
    viewer.next()
    script.write(4)
    script.end()
    while (frame := viewer.next()).header["status"] != "finished":
        pass
    assert frame.header["update"] == 6
    assert frame.header["seconds_left"] is None


@pytest.mark.parametrize("ends_anew", [False, True])
def test_a_run_that_is_resumed_is_followed_again_by_who_watched_its_end(watch, script, catalog, monkeypatch, ends_anew):
    monkeypatch.setattr(tail, "ENDED_EVERY", 0.05)
    script.write(3)
    viewer = watch()
    script.end("stopped")
    while viewer.next().header["status"] != "stopped":
        pass
    catalog.resume(script.folder.run_id)
    if not ends_anew:
        assert viewer.next().header["status"] != "stopped"
    script.folder.parts.split_all()
    script.write(2)
    script.write()
    if ends_anew:
        script.end()
    frames = [viewer.next()]
    while frames[-1].header["update"] < 5 or (ends_anew and frames[-1].header["status"] != "finished"):
        frames.append(viewer.next())
    news = [frame.arrays["loss"]["loss"]["x"] for frame in frames if "loss" in frame.arrays["loss"]]
    assert np.concatenate(news).tolist() == [3, 4, 5]


def test_a_broken_folder_says_why(watch, script, tmp_path):
    (tmp_path / "runs" / script.folder.run_id / "config.json").write_text("{")
    frame = watch().next()
    assert frame.header["status"] == "broken"
    assert "JSON" in frame.header["sentence"]


def test_another_site_is_refused(watch, script):
    script.write()
    ending = closed(watch(origin="https://elsewhere.example"))
    assert (ending.code, ending.reason) == (4403, "This page was served by another site.")


@pytest.mark.parametrize("run_id", ["20260101-000000-00000000", "..", "nonsense", "%2e%2e"])
def test_an_unknown_run_is_refused_with_a_sentence(watch, run_id):
    ending = closed(watch(run_id))
    assert ending.code == 4404
    assert ending.reason


@pytest.mark.parametrize("after", ["x", "1.5", "9" * 40, "", "--1"])
def test_a_nonsensical_place_is_refused(watch, after):
    assert closed(watch(after=after)).code == 4404


def test_a_run_is_shown_to_its_owner_alone(watch, catalog):
    folder = catalog.create(RunConfig(), owner_of(COOKIE))
    assert closed(watch(folder.run_id)).code == 4404
    assert closed(watch(folder.run_id, cookie="b" * 32)).code == 4404
    assert watch(folder.run_id, cookie=COOKIE).next().header["status"] == "queued"


def test_there_are_so_many_sockets_a_browser_and_in_all(watch, script, monkeypatch):
    monkeypatch.setattr(route, "PER_OWNER", 2)
    monkeypatch.setattr(route, "IN_ALL", 4)
    script.write()
    ann, bob = COOKIE, "b" * 32
    mine = [watch(cookie=ann), watch(cookie=ann)]
    ending = closed(watch(cookie=ann))
    assert ending.code == 4429
    assert ending.reason.endswith("Close some, then reload.")
    others = [watch(cookie=bob), watch()]
    assert closed(watch()).reason.endswith("Reload in a while.")
    for viewer in (*mine, *others):
        viewer.next()
    others[0].socket.close()
    while True:  # the server hears of it a moment later
        again = watch(cookie=bob)
        with contextlib.suppress(ConnectionClosed):
            assert again.next().header["update"] == 0
            break


def test_origins():
    assert same_origin("http://one.example:8501", "one.example:8501")
    assert same_origin("https://ONE.example", "one.example")
    assert same_origin(None, "one.example")
    assert not same_origin("http://one.example.evil.example", "one.example")
    assert not same_origin("null", "one.example")
    assert not same_origin("http://[", "one.example")
    assert not same_origin("http://one.example", None)


def test_the_place_to_go_on_from():
    assert after_of("-1") == -1
    assert after_of("-7") == -1
    assert after_of("12") == 12
    with pytest.raises(PlaygroundError, match="Write a whole number"):
        after_of("twelve")


def test_headers_are_json_even_when_nothing_is_finite(watch, script):
    script.write(3, broken=True)
    frame = watch().next()
    assert json.dumps(frame.header, allow_nan=False)


def test_a_frame_that_cannot_be_made_is_logged_and_said(watch, script, monkeypatch, caplog):
    def broken(*_):
        raise ZeroDivisionError

    script.write()
    monkeypatch.setattr(content, "frame", broken)
    assert closed(watch()).code == 1011
    assert "A frame could not be made" in caplog.text


def test_a_run_that_is_not_yours_sounds_like_one_that_is_not_there(watch, catalog):
    foreign = catalog.create(RunConfig(), owner_of(COOKIE)).run_id
    assert closed(watch(foreign)).reason == closed(watch("20260101-000000-00000000")).reason


def test_frames_keep_their_pace(watch, script):
    script.write()
    viewer, over = watch(), threading.Event()
    viewer.next()

    def write():
        while not over.wait(0.01):
            script.write()

    writer = threading.Thread(target=write)
    writer.start()
    began = time.monotonic()
    for _ in range(20):
        viewer.next()
    took = time.monotonic() - began
    over.set()
    writer.join()
    assert took > 20 / 15 * 0.8, "frames come faster than a browser draws"
    assert took < 4, "even a busy machine sends five a second"
