"""The unrolled network and its slow motion in a real browser, on a page with nothing else."""

import json

import numpy as np
import pytest
from starlette.responses import HTMLResponse
from starlette.routing import Route

from playground.core.measurement import Row
from playground.core.words import number
from playground.figures import gradient_history, gradient_now
from playground.runs.moment import moment_at
from playground.runs.records import Checkpoint
from playground.runs.table import to_measurements, to_table
from playground.training.config import RunConfig
from playground.training.events import Update
from playground.training.loop import train
from playground.training.probes import specs
from playground.training.state import TrainingState
from playground.ui import network, slow
from playground.ui.live.component import address

pytestmark = pytest.mark.browser

PAGE = f"""<!doctype html><meta charset="utf-8"><body style="margin:16px">
<link rel="stylesheet" href="{address()}/live.css"><link rel="stylesheet" href="{address()}/network.css">
<style>#place {{ --st-background-color:#ffffff; --st-text-color:#1f2428; --st-font:sans-serif }}</style>
<div class="pg-live" id="place"></div>
<script type="module">
  const part = (name) => import(`{address()}/${{name}}.js`);
  const [{{ Network }}, {{ Picture }}, {{ themeOf }}, colours] = await Promise.all(
    ["network", "picture", "theme", "network_colours"].map(part));
  const {{ templates }} = await (await fetch("{address()}/page.json")).json();
  const place = document.getElementById("place");
  const {{ template }} = themeOf(place, templates);
  const shown = new Network({{}});
  place.append(shown.node);
  window.written = [];
  const fill = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...more) {{
    written.push(text);
    fill.call(this, text, ...more);
  }};
  window.pressed = 0;
  document.addEventListener("keydown", () => (window.pressed += 1));
  window.show = (network, drawn, slow) => {{
    const picture = new Picture(drawn);
    shown.show(network);
    shown.slow(slow);
    shown.draw(picture, template);
    const found = network && colours.coloursOf(network, picture);
    return found?.map((row) => row.map(String));
  }};
  window.ready = true;
</script>"""

SMALL = {"hidden": 5, "batch": 4, "updates": 200, "pace": 0}
RECALL = {"task": {"kind": "recall", "length": 8}}
LAYERED = {"task": {"kind": "majority", "length": 12}, "layers": 2, "direction": "two_passes", "cell": {"kind": "lstm"}}
BROKEN = {
    **RECALL, "optimizer": {"kind": "sgd", "learning_rate": 3.0}, "clip": {"kind": "none"},
    "cell": {"kind": "vanilla", "activation": {"kind": "identity"}},
}  # fmt: skip
SILENT = {"task": {"kind": "recall", "length": 8}, "cell": {"kind": "vanilla", "recurrent_init": {"kind": "constant"}}}


@pytest.fixture
def bare(serve, page):
    port = serve(Route("/", lambda _: HTMLResponse(PAGE)))
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": 900, "height": 500})
    page.goto(f"http://127.0.0.1:{port}/")
    page.wait_for_function("window.ready")
    yield page
    assert errors == []


def trained(changes, updates=4):
    """What so many updates have measured, and the state after them."""
    config = RunConfig.parse({**SMALL, **changes})
    state, rows = TrainingState(config), []
    events = (event for event in train(config, state) if isinstance(event, Update))
    while len(rows) < updates:
        event = next(events)
        rows.append(Row(event.update, 0.0, event.values))
    declared = specs(config)
    return config, to_measurements(declared, to_table(declared, 1, rows)), state, events


def drawn(measurements):
    data = gradient_now.prepare(measurements)
    figure = gradient_now.draw(data).plain()
    return {**figure, "choices": {n: c._asdict() for n, c in gradient_now.choices(data).items()}, "absent": False}


def told(decades):
    """As the browser writes numbers, to twelve digits."""
    return [f"{value:.12g}" for value in np.asarray(decades, float)]


def test_its_colours_are_those_of_the_picture_over_training_or_none(bare):
    for changes in (RECALL, LAYERED, BROKEN, SILENT):
        config, measurements, *_ = trained(changes)
        found = bare.evaluate("([n, d]) => show(n, d, null)", [network.unrolled(config), drawn(measurements)])
        rows = gradient_history.prepare(measurements).rows
        assert len(found) == len(rows)
        for mine, row in zip(found, rows.values(), strict=True):
            assert told(mine) == told(row.decades[-1])
    assert config.architecture.title in bare.get_attribute("canvas", "aria-label")
    assert bare.locator(".pg-network").bounding_box()["height"] <= 120

    longer = network.unrolled(config.patched({"task.length": 9}))  # the form has moved on
    assert bare.evaluate("([n, d]) => show(n, d, null)", [longer, drawn(measurements)]) is None
    assert bare.locator(".pg-network").is_visible()
    assert bare.evaluate("d => show(null, d, null)", drawn(measurements)) is None
    assert bare.locator(".pg-network").is_hidden()


@pytest.fixture
def slowed(bare, catalog):
    """Shows the next update of a run in slow motion; what is measured when it is done."""

    def show(changes, updates=4):
        config, measurements, state, following = trained({**changes, "updates": 100}, updates)
        folder = catalog.create(config)
        folder.write_checkpoint(Checkpoint("one", state.update, state.dump()))
        taken = {**slow._told(config), **slow._named(json.loads(moment_at(folder.path)))}
        bare.evaluate("([n, d, s]) => show(n, d, s)", [network.unrolled(config), drawn(measurements), taken])
        return config, next(following).values

    return show


def numbers(page):
    """The numbers of the moment that is shown, by name."""
    pairs = page.locator(".pg-player-number").evaluate_all("all => all.map((each) => each.innerText.trim())")
    return dict(pair.rpartition(" ")[::2] for pair in pairs if not pair.endswith(":"))


DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def phase(page, name):
    page.get_by_role("button", name=name, exact=True).click()
    page.evaluate(DRAWN)


LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def test_slow_motion_shows_the_numbers_that_are_measured_when_the_update_is_done(bare, slowed):
    config, values = slowed({**LAYERED, "clip": {"kind": "norm", "threshold": 0.01}})
    steps, rows, tensors = 12, config.network.rows, list(config.network.tensors())

    phase(bare, "Loss")
    assert numbers(bare)["loss"] == number(values["loss"])
    assert f"L = {number(values['loss'])}" in bare.evaluate("written")

    phase(bare, "Backward")
    seen = {}
    for _ in range(2 * steps):  # of each layer both ways at once
        seen |= (here := numbers(bare))
        assert set(here.values()) <= set(bare.evaluate("written"))
        bare.evaluate("written = []")
        bare.keyboard.press("ArrowRight")
        bare.evaluate(DRAWN)
    wanted = {
        f"{row}: ‖∂L/∂h{str(t + 1).translate(LOWERED)}‖": number(values["total_gradient"][r][t])
        for r, row in enumerate(rows)
        for t in range(steps)
    }
    assert seen == wanted

    # After the last step back comes the clip.
    before, after = values["gradient_norm_before"], values["gradient_norm_after"]
    pairs = bare.locator(".pg-player-number").all_inner_texts()[1:]
    assert pairs == [f"{n} {number(b)} → {number(a)}" for n, b, a in zip(tensors, before, after, strict=True)]
    assert "makes 0.010 of it" in bare.inner_text(".pg-player-sentence")

    phase(bare, "Update")
    assert numbers(bare) == dict(zip(tensors, map(number, values["update_ratio"]), strict=True))
    assert bare.get_by_role("button", name="One moment on").is_disabled()


def test_keys_move_it_and_leave_the_page_alone_and_what_is_not_finite_or_refused_is_said(bare, slowed):
    slowed(RECALL)
    said = bare.locator(".pg-player-sentence")
    first = "Step 1: the state takes in x₁; there is nothing to remember yet."
    assert said.inner_text() == first
    assert bare.get_by_role("button", name="Play").is_visible()  # who wants calm presses it
    bare.get_by_label("Moment of the update").focus()
    for key, sentence in {
        "ArrowRight": "Step 2: the state takes in x₂ and what it remembers.",
        "ArrowLeft": first,
        "End": "Adam moves every weight",
        "Home": first,
    }.items():
        bare.keyboard.press(key)
        assert said.inner_text().startswith(sentence)
    assert bare.evaluate("pressed") == 0
    phase(bare, "Backward")  # the arrows go on from there
    bare.keyboard.press("ArrowRight")
    assert said.inner_text().startswith("Step 7: the signal from step 8 goes back through U: ")
    bare.keyboard.press("Home")
    bare.get_by_label("Moments a second").select_option("30")
    bare.get_by_label("Moment of the update").press(" ")
    bare.wait_for_function("document.querySelector('[aria-current]')?.innerText === 'Update'")
    bare.get_by_role("button", name="Play").wait_for()

    config, values = slowed(BROKEN, 3)
    assert not np.isfinite(values["loss"])
    phase(bare, "Loss")
    assert numbers(bare)["loss"] == number(values["loss"])
    refused, measured = "Pause the run first.", drawn(trained(RECALL)[1])
    bare.evaluate("([n, d, s]) => show(n, d, s)", [network.unrolled(config), measured, {"refused": refused}])
    assert bare.inner_text(".pg-player").strip() == refused
    assert not bare.get_by_role("button", name="Play").is_visible()
