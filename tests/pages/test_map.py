"""The page of maps in every state that a map can be in; without a browser, and without an engine."""

import json
import math
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from playground.runs.catalog import Catalog
from playground.sweeps.axis import Axis
from playground.sweeps.feed import feed, maps
from playground.sweeps.folder import End, Record
from playground.sweeps.maps import MapState
from playground.sweeps.member import Member
from playground.sweeps.ready import READY
from playground.sweeps.spec import MapSpec
from playground.training.config import RunConfig
from playground.ui.maps import opening, picks
from tests.pages.acts import checked, keys, press, said
from tests.pages.conftest import MAIN, ME

PAGE = "map.py"
GAIN = "cell.recurrent_init.gain"
SPEC = MapSpec(
    base=RunConfig().patched({"task.length": 5, "hidden": 3}),
    x=Axis.spread(GAIN, 0.5, 2.0, 3),
    y=Axis.spread("optimizer.learning_rate", 1e-3, 1e-1, 2, log=True),
    seeds=1,
    updates=8,
)


pytestmark = pytest.mark.usefixtures("me")


@pytest.fixture(autouse=True)
def fresh():
    """The process keeps its maps as it keeps its engine."""
    maps.cache_clear()
    feed.cache_clear()
    yield
    maps.cache_clear()
    feed.cache_clear()


@pytest.fixture
def at():
    """Opens the page by a link: the first page of the session, so that the link is still there."""

    def open_page(name=PAGE, session=None, **link):
        app = AppTest.from_file(str(MAIN), default_timeout=30)
        app.query_params.update(link)
        for key, value in (session or {}).items():
            app.session_state[key] = value
        return checked(app.switch_page(f"../../pages/{name}").run())

    return open_page


def member(cell, **changes):
    given = {"updates": 8, "over": True, "metric": 0.9, "loss": 0.3, "ratio": 0.1, "ratio_first": 0.1, "horizon": 4.0}
    return Member(cell=cell, seed=0, **{**given, "largest_norm": 1.0, "sigma_max": 1.0, "g2": 1.0, **changes})


def made(members, spec=SPEC, owner=ME, failures=None):
    folder = maps().create(spec, owner)
    folder.write_record("block", Record(members=tuple(members), failures=failures or {}))
    return folder


def ended(folder, done=48):
    folder.write_end(End(time=time.time(), done=done, of=48, sentence="It learns."))
    return folder


def running():
    return made([member(0, solved=4), member(5, updates=3, over=False)])


def done():
    return ended(made([member(cell, solved=4) for cell in SPEC.cells()]))


def stopped():
    folder = made([member(0, solved=4)])
    folder.steer(stopped=True)
    return ended(folder, done=8)


def not_finite():
    nothing = {"metric": math.nan, "loss": math.nan, "ratio": math.nan, "largest_norm": math.inf, "diverged": 2}
    return ended(made([member(cell, **nothing) for cell in SPEC.cells()]))


def failing():
    return ended(made([member(0, solved=4)], failures={1: "This cannot be trained: no room."}))


def broken():
    folder = made([])
    (Path(folder.path) / "spec.json").write_text("{")
    return folder


def picture(app):
    element = next(each for each in app.get("bidi_component") if "map" in json.loads(each.proto.json))
    return json.loads(json.loads(element.proto.json)["map"])


def shown(app):
    """What stands in the cells."""
    return {trace["name"]: trace["z"] for panel in picture(app)["panels"] for trace in panel["figure"]["data"]}


def test_at_first_there_is_a_ready_made_map_of_the_playgrounds_network_not_started(at):
    app = at(PAGE)

    assert app.selectbox(key="map.x.path").value == GAIN
    assert not app.button(key="map.fill").disabled
    assert "the cells take their colours" in said(app)
    assert picture(app)["shape"] == [1, 8, 8]
    assert "map" not in app.query_params
    assert app.query_params["x"] == "cell.recurrent_init.gain:0.6..2*8"


@pytest.mark.parametrize(
    ("state", "button", "says"),
    [
        (running, "map.pause", "Running"),
        (done, "map.fill", "Finished · 6 of 6 networks"),
        (stopped, "map.resume", "Stopped"),
        (not_finite, "map.fill", "Finished"),
        (failing, "map.fill", "no room"),
    ],
)
def test_a_map_in_any_state(at, state, button, says):
    folder = state()

    app = at(PAGE, map=folder.map_id, session={"map.picked": [1]})

    assert button in keys(app)
    assert says in said(app)
    assert picture(app)["shape"] == [1, 2, 3]
    assert app.number_input(key="map.x.count").value == 3
    assert app.query_params["map"] == folder.map_id


def test_what_is_not_finite_is_drawn_and_told(at):
    folder = not_finite()

    app = at(PAGE, map=folder.map_id, session={"map.picked": [1], "map.measure": "metric"})

    assert "blows up at update 2" in said(app)
    assert "NaN" in said(app)


@pytest.mark.parametrize("measure", ["metric", "solved", "ratio", "largest_norm", "clipped"])
def test_the_colour_can_be_any_measure(at, measure):
    app = at(PAGE, map=done().map_id, session={"map.measure": measure})

    assert any(value is not None for row in shown(app)["number"] for value in row)


def test_a_map_that_is_broken_is_left_out_and_listed_with_its_reason(at):
    folder = broken()

    app = at(PAGE, map=folder.map_id)

    assert "map" not in app.query_params
    assert app.button(key=f"map.history.{folder.map_id}.open").disabled
    assert "spec.json" in said(app)


def test_one_that_breaks_while_it_is_looked_at_says_why(at):
    folder = running()
    app = at(PAGE, map=folder.map_id)
    (Path(folder.path) / "control.json").write_text("[")

    checked(app.run())

    assert "control.json" in said(app)


def test_a_strangers_map_is_one_that_is_not_there(at):
    folder = made([member(0)], owner="somebody")

    app = at(PAGE, map=folder.map_id)

    assert "map" not in app.query_params
    assert folder.map_id not in "".join(filter(None, keys(app)))


def test_fill_pause_resume_and_stop_are_what_the_folder_is_asked(at):
    app = press(at(PAGE), "map.fill")
    folder = maps().get(app.query_params["map"])
    assert folder.spec().shape == (1, 8, 8)
    assert folder.owner() == ME

    press(app, "map.pause")
    assert folder.control().paused
    press(app, "map.resume")
    assert not folder.control().paused
    press(app, "map.stop")
    assert folder.control().stopped


def test_a_stopped_map_goes_on(at):
    folder = stopped()

    press(at(PAGE, map=folder.map_id), "map.resume")

    assert maps().summary(folder).state is MapState.RUNNING
    assert not folder.control().stopped


def test_a_map_that_is_extended_keeps_what_it_has(at):
    folder = done()
    app = at(PAGE, map=folder.map_id)

    app.number_input(key="map.seeds").set_value(3).run()
    press(app, "map.fill")

    wider = maps().get(app.query_params["map"])
    assert wider.map_id != folder.map_id
    assert wider.spec().seeds == 3
    assert sum(one.over for one in wider.members()) == 6


def test_a_ready_made_map_is_set_up_in_one_choice(at):
    app = at(PAGE)

    app.selectbox(key="map.ready").set_value("init-activation-clip").run()

    assert not app.exception
    assert app.multiselect(key="map.x.values").value == list(READY["init-activation-clip"].spec.x.values)
    assert len(picture(app)["panels"]) == 3
    assert READY["init-activation-clip"].sentence in said(app)


def test_axes_are_fields_of_the_config_numbers_or_names_in_the_order_of_picking(at):
    app = at(PAGE)

    app.selectbox(key="map.y.path").set_value("cell.activation.kind").run()
    app.multiselect(key="map.y.values").set_value(["relu", "tanh"]).run()
    app.number_input(key="map.x.count").set_value(4).run()

    spec = MapSpec.parse({"base": RunConfig(), **app.session_state["map.setup"]})
    assert spec.y.values == ("relu", "tanh")
    assert len(spec.x.values) == 4
    assert app.query_params["y"] == "cell.activation.kind:relu,tanh"


@pytest.mark.parametrize(
    ("key", "value"), [("map.x.low", 5.0), ("map.x.count", 99), ("map.seeds", 0), ("map.updates", 100_000)]
)
def test_what_does_not_fit_is_kept_with_its_sentence_until_it_is_mended(at, key, value):
    app = at(PAGE)
    before = app.number_input(key=key).value

    checked(app.number_input(key=key).set_value(value).run())

    assert any(":red[" in text.value for text in app.markdown)
    assert app.button(key="map.fill").disabled
    assert app.number_input(key=key).value == value
    checked(app.number_input(key=key).set_value(before).run())
    assert not any(":red[" in text.value for text in app.markdown)


def test_too_many_cells_are_said_before_they_start(at):
    app = at(PAGE, x=f"{GAIN}:0.5..2*32", y="optimizer.learning_rate:1e-4..0.1*32~")

    app.number_input(key="map.seeds").set_value(5).run()

    assert "networks, and 4,096 are allowed" in said(app)
    assert app.button(key="map.fill").disabled


def test_a_link_sets_the_same_map_up_and_starts_nothing(at):
    given = at(PAGE, map=done().map_id).query_params
    link = {name: value for name, value in given.items() if name != "map"}

    app = at(PAGE, **link)

    assert app.query_params == link
    assert "map.fill" in keys(app)
    assert MapSpec.parse({"base": SPEC.base, **app.session_state["map.setup"]}) == SPEC


def test_what_is_wrong_in_a_link_gets_a_sentence(at):
    app = at(PAGE, x=f"{GAIN}:0.5..2*8", y="nothing:1,2", seeds="many")

    assert "nothing" in said(app)
    assert app.number_input(key="map.x.low").value == 0.5, "what is right in it counts"


def test_the_rest_is_the_playgrounds_network_and_follows_it(at):
    app = at("playground.py", hidden="17")
    app.switch_page(f"../../pages/{PAGE}").run()
    assert "hidden units H 17" in said(app)
    assert app.query_params["hidden"] == "17"

    app.selectbox(key="map.ready").set_value("gain-rate").run()
    assert "Another network than the playground has" in said(app)
    press(app, "map.follow")
    assert "hidden units H 17" in said(app)


def test_a_cell_opens_in_the_playground_with_its_config_and_seed(at, tmp_path):
    app = at(PAGE, map=done().map_id, session={"map.picked": [4]})

    press(app, "map.open.0")

    (run,) = Catalog(tmp_path).ids()
    config = Catalog(tmp_path).get(run).config()
    assert config == SPEC.config(4).patched({"pace": 20})
    assert app.query_params["run"] == run
    assert "bar.pause" in keys(app)


def test_back_on_the_map_it_is_still_the_same_map(at):
    folder = done()
    app = press(at(PAGE, map=folder.map_id, session={"map.picked": [4]}), "map.open.0")

    checked(app.switch_page(f"../../pages/{PAGE}").run())

    assert app.query_params["map"] == folder.map_id


def test_what_the_browser_asks_to_open_is_opened(at, tmp_path):
    at(PAGE, map=done().map_id, session={picks._OPEN: 2})

    (run,) = Catalog(tmp_path).ids()
    assert Catalog(tmp_path).get(run).config() == SPEC.config(2).patched({"pace": 20})


def test_a_cell_that_is_not_there_opens_nothing(at, tmp_path):
    app = at(PAGE, map=done().map_id, session={picks._OPEN: 999})

    assert Catalog(tmp_path).ids() == []
    assert "no such cell" in said(app)


def test_two_cells_are_trained_in_lockstep_and_compared(at, tmp_path):
    app = at(PAGE, map=done().map_id, session={"map.picked": [0, 5]})

    press(app, "map.compare")

    catalog = Catalog(tmp_path)
    runs = app.query_params["runs"].split(",")
    assert catalog.together(runs[0]) == tuple(runs)
    gains = [catalog.get(run).config().cell.recurrent_init.gain for run in runs]
    assert gains == [SPEC.x.values[0], SPEC.x.values[2]]


def test_a_deleted_map_comes_back(at):
    folder = done()
    app = at(PAGE, map=folder.map_id)

    press(app, f"map.history.{folder.map_id}.delete")
    assert maps().in_trash(folder.map_id)
    assert "map" not in app.query_params

    press(app, f"map.undo.{folder.map_id}")
    press(app, f"map.history.{folder.map_id}.open")
    assert app.query_params["map"] == folder.map_id


def test_values_can_be_unpicked_of_a_field_that_the_network_has_lost(at):
    gates = {"path": "cell.gate_activation.kind", "values": ["sigmoid", "tanh"], "log": False}
    app = at(PAGE, cell="lstm")
    app.session_state["map.setup"] = app.session_state["map.setup"] | {"x": gates, "y": None}
    app.session_state["map.base"] = {}
    app.run()

    app.multiselect(key="map.x.values").set_value(["sigmoid"]).run()

    assert not app.exception, [each.value for each in app.exception]
    assert "gate" in said(app)


def test_a_double_click_opens_the_network_that_the_card_names(at, monkeypatch):
    opened = []
    monkeypatch.setattr(opening, "one", lambda *which: opened.append(which[1:]))

    at(PAGE, map=done().map_id, session={"map.picked": [1], "map.open": 1, "map.seed": 0})

    assert opened == [(1, 0)]


def test_somebody_elses_map_that_goes_on_is_in_nobodys_way(at, monkeypatch):
    monkeypatch.setenv("PLAYGROUND_SHARED_HISTORY", "1")
    theirs = made([member(0, updates=3, over=False)], SPEC.model_copy(update={"updates": 9}), owner="cd" * 32)

    app = at(PAGE, map=theirs.map_id)
    assert "map.fill" not in keys(app), "the form has the same map: one looks on"

    app.number_input(key="map.updates").set_value(10).run()
    assert not app.button(key="map.fill").disabled
    assert not [key for key in keys(app) if key.startswith("map.history.")], "others' maps are not in one's list"
