"""The live pictures in a real browser, on a page with nothing else: what must not happen to somebody who watches."""

import pytest

from playground.diagnosis.alarm import Alarm, Cleared
from playground.figures import style
from tests.ui.live_page import LOSS, NOW, drawn_until

pytestmark = pytest.mark.browser


def test_before_a_run_every_picture_has_its_title_rule_and_axes(live):
    assert live.inner_text(".pg-metric") == "Press Train, and the pictures begin."
    assert live.locator(".pg-card >> visible=true").count() == 5
    assert live.locator(".pg-absent >> visible=true").count() == 0
    assert all(rule for rule in live.locator(".pg-rule >> visible=true").all_inner_texts())


def test_rows_appear_as_they_are_written_and_no_picture_is_ever_blank(live, script):
    script.write()
    live.evaluate(f"watchForBlanks(); show('{script.folder.run_id}')")
    for _ in range(12):
        script.write(3)
        script.beat()
        live.wait_for_timeout(60)
    drawn_until(live, 36)
    assert live.evaluate(f"[...trace('{LOSS}', 'loss').x]") == list(range(37))
    assert live.evaluate("trace('… over training', 'ratio').z.length") == 37
    assert live.evaluate("blank") == 0
    assert live.evaluate("playgroundLags.length") > 3
    assert "36 / 200" in live.inner_text(".pg-facts")


def test_a_zoom_survives_frames_reruns_and_a_cut_connection(live, script):
    script.write(20)
    run = script.folder.run_id
    live.evaluate(f"show('{run}')")
    drawn_until(live, 19)
    x, y, width, height = live.evaluate(f"area('{NOW}')")
    live.mouse.move(x + width * 0.3, y + height * 0.3)
    live.mouse.down()
    live.mouse.move(x + width * 0.8, y + height * 0.8, steps=4)
    live.mouse.up()
    ranges = f"['xaxis', 'yaxis'].map((axis) => plot('{NOW}').layout[axis].range.map((v) => Math.round(v * 1000)))"
    live.wait_for_function(f"!card('{NOW}').querySelector('.pg-follow').hidden && {ranges}[0][1] < 6500")
    zoomed = live.evaluate(ranges)
    assert 0 < zoomed[0][0] < zoomed[0][1] < 6500
    # The picture below, over the same time steps, follows.
    below = "plot('… over training').layout.xaxis.range.map((v) => Math.round(v * 1000))"
    live.wait_for_function(f"JSON.stringify({below}) === '{str(zoomed[0]).replace(' ', '')}'")
    script.write(5)
    drawn_until(live, 24)
    assert live.evaluate(ranges) == zoomed
    live.evaluate(f"show('{run}')")
    live.evaluate("sockets.at(-1).close()")
    live.wait_for_function("document.querySelector('.pg-facts').innerText.includes('reconnecting')")
    script.write(5)
    drawn_until(live, 29)
    assert live.evaluate("sockets.at(-1).url").split("?")[1].startswith("after=24&show=")
    assert "reconnecting" not in live.inner_text(".pg-facts")
    assert live.evaluate(ranges) == zoomed
    live.evaluate(f"card('{NOW}').querySelector('.pg-follow').click()")
    live.wait_for_function(f"{ranges}[0][1] === 6500")


def test_a_thinned_run_keeps_the_grid_and_the_newest(live, script):
    script.write(1300)
    live.evaluate(f"show('{script.folder.run_id}')")
    drawn_until(live, 1299)
    script.write(3)
    drawn_until(live, 1302)
    shown = live.evaluate(f"[...trace('{LOSS}', 'loss').x]")
    assert shown == [*range(0, 1302, 4), 1302]
    rows = live.evaluate("[...trace('… over training', 'ratio').y]")
    assert rows == [*range(0, 1302, 8), 1304]  # the newest stands on the next place of its grid


def test_at_nan_the_last_finite_picture_stays_with_marks_and_alarm(live, script):
    script.write(6)
    live.evaluate(f"watchForBlanks(); show('{script.folder.run_id}')")
    drawn_until(live, 5)
    before = live.evaluate(f"[...trace('{NOW}', 'now').y]")
    script.write(broken=True)
    sentence = "Update 6: <b>the loss</b> is NaN."
    script.folder.write_alarms([Alarm(kind="not finite", update=6, sentence=sentence, phase="loss", tensor="loss")])
    script.end("diverged")
    live.wait_for_function("document.querySelector('.pg-facts').innerText.includes('diverged')")
    live.wait_for_function(f"trace('{NOW}', 'not finite')?.x.length === 6")
    assert live.evaluate(f"[...trace('{NOW}', 'now').y]") == before
    assert live.inner_text(".pg-alarm") == f"✕ {sentence}"
    assert live.evaluate(f"plot('{LOSS}').layout.shapes.some((shape) => shape.x0 === 6 && shape.x1 === 6)")
    assert live.evaluate("plot('… over training').layout.shapes.some((shape) => shape.y0 === 6)")
    assert live.evaluate("blank") == 0


def test_a_hidden_tab_asks_for_nothing_and_catches_up(live, script):
    script.write()
    live.evaluate(f"show('{script.folder.run_id}')")
    drawn_until(live, 0)
    hide = "Object.defineProperty(document, 'hidden', { value: %s, configurable: true });"
    live.evaluate(hide % "true")
    for _ in range(6):
        script.write()
        live.wait_for_timeout(100)
    assert live.evaluate(f"trace('{LOSS}', 'loss').x.at(-1)") == 0
    live.evaluate(hide % "false" + "document.dispatchEvent(new Event('visibilitychange'))")
    drawn_until(live, 6)
    assert live.evaluate(f"trace('{LOSS}', 'loss').x.length") == 7


def test_pictures_change_their_ground_with_the_theme(live, script):
    script.write(3)
    run = script.folder.run_id
    live.evaluate(f"show('{run}')")
    drawn_until(live, 2)
    ink = f"plot('{NOW}').layout.font.color"
    assert live.evaluate(ink) == "#1f2428"
    live.evaluate(
        "place.style.setProperty('--st-background-color', '#111417');"
        f"place.style.setProperty('--st-text-color', '#e6e8ea'); show('{run}')"
    )
    live.wait_for_function(f"{ink} === '#e6e8ea'")


def test_another_tensor_is_one_choice_away(live, script):
    script.write(3)
    live.evaluate(f"show('{script.folder.run_id}')")
    drawn_until(live, 2)
    assert live.evaluate("trace('Weights', 'U').visible") is True
    live.select_option(".pg-select >> visible=true", "V")
    live.wait_for_function("trace('Weights', 'V')?.visible === true && !trace('Weights', 'U')")
    script.write(3)
    drawn_until(live, 5)
    assert live.evaluate("trace('Weights', 'V').visible") is True


BELOW, GATES = "… over training", "Gates"
LAYERED = {
    "task": {"kind": "majority", "length": 12},
    "architecture": {"kind": "many_to_many"},
    "layers": 2,
    "cell": {"kind": "lstm"},
}


def chosen(page):
    return page.evaluate(f"['{NOW}', '{BELOW}', '{GATES}'].map((title) => card(title).querySelector('select').value)")


def test_pictures_over_time_show_the_same_layer_and_another_run_its_uppermost(live, script, script_of):
    script.write(3)
    live.evaluate(f"show('{script.folder.run_id}')")
    drawn_until(live, 2)
    layered = script_of(**LAYERED)
    layered.write(4)
    live.evaluate(f"show('{layered.folder.run_id}')")
    drawn_until(live, 3)
    live.wait_for_function(f"trace('{GATES}', 'layer 2: f')?.visible === true")
    assert chosen(live) == ["layer 2"] * 3
    legend = live.evaluate(f"card('{NOW}').querySelector('.pg-legend').innerText")
    assert "flow of the last answer" in legend
    assert "layer" not in legend
    live.evaluate(
        f"(() => {{ const one = card('{BELOW}').querySelector('select'); one.value = 'layer 1'; one.onchange(); }})()"
    )
    live.wait_for_function(f"trace('{NOW}', 'layer 1: now') && !trace('{NOW}', 'layer 2: now')")
    live.wait_for_function(f"trace('{GATES}', 'layer 1: f')")
    assert chosen(live) == ["layer 1"] * 3
    layered.write(4)
    drawn_until(live, 7)
    assert chosen(live) == ["layer 1"] * 3


def test_a_card_that_has_nothing_to_show_is_away_or_says_why(live, script_of):
    gated, without = script_of(cell={"kind": "gru"}), script_of(architecture={"kind": "window_mlp"})
    for script in (gated, without):
        script.write(3)
    live.evaluate(f"show('{gated.folder.run_id}')")
    live.wait_for_function(f"trace('{GATES}', 'z')?.visible === true")
    assert live.evaluate(f"trace('{GATES}', 'z').y.length") == 6
    assert live.locator(".pg-absent >> visible=true").count() == 0
    live.evaluate(f"show('{without.folder.run_id}')")
    live.wait_for_function(f"card('{GATES}').hidden")
    drawn_until(live, 2)
    said = live.locator(".pg-absent >> visible=true").all_inner_texts()
    assert said == ["This network has no recurrent state: no gradient travels through time."] * 2
    live.evaluate(f"show('{gated.folder.run_id}')")
    live.wait_for_function(f"!card('{GATES}').hidden")
    assert live.locator(".pg-absent >> visible=true").count() == 0


def show_both(page, one, other, names="['torch', 'orthogonal']"):
    page.evaluate(f"show('{one.folder.run_id}', {{ twin: '{other.folder.run_id}', names: {names} }})")


def test_a_twin_is_drawn_dashed_over_the_first_on_axes_that_hold_both(live, script, script_of):
    twin = script_of(seed=5)
    script.write(70)
    twin.write(8)
    show_both(live, script, twin)
    drawn_until(live, 69)
    name = "orthogonal: loss"
    live.wait_for_function(f"trace('{LOSS}', '{name}')?.x.length === 8")
    line = live.evaluate(f"trace('{LOSS}', '{name}').line")
    assert (line["color"], line["dash"]) == (style.TWIN, "dash")
    assert "orthogonal" in live.evaluate(f"card('{LOSS}').querySelector('.pg-legend').innerText")
    assert live.text_content(".pg-metric").endswith(" · orthogonal: 100 %")
    # The loss of the longer one is the lower.
    axis = f"plot('{LOSS}').layout.yaxis.range"
    merged = live.evaluate(axis)
    live.evaluate(f"show('{twin.folder.run_id}', {{ twin: '{script.folder.run_id}', names: ['orthogonal', 'torch'] }})")
    live.wait_for_function(f"trace('{LOSS}', 'torch: loss')?.x.length === 70 && trace('{LOSS}', 'loss').x.length === 8")
    assert live.evaluate(axis) == merged
    # What ended earlier keeps its lines, and the axis is as long as the longer run's.
    twin.end("stopped")
    live.wait_for_function("document.querySelector('.pg-facts').innerText.includes('stopped')")
    script.write(20)
    live.wait_for_function(f"trace('{LOSS}', 'torch: loss').x.length === 90")
    assert live.evaluate(f"plot('{LOSS}').layout.xaxis.range[1]") == 101
    assert live.evaluate(f"trace('{LOSS}', 'loss').x.length") == 8


def test_a_twins_own_picture_stands_below_on_the_same_axes_and_goes_with_it(live, script, script_of):
    twin = script_of(seed=5, cell={"kind": "lstm"})
    script.write(20)
    twin.write(66)
    height = live.evaluate(f"card('{BELOW}').offsetHeight")
    show_both(live, script, twin)
    drawn_until(live, 19)
    places = f"[...card('{BELOW}').querySelectorAll('.pg-plot')]"
    live.wait_for_function(f"{places}[1].data?.[0]?.z?.length === 66")
    ranges = f"{places}.map((place) => JSON.stringify([place.layout.xaxis.range, place.layout.yaxis.range]))"
    live.wait_for_function(f"new Set({ranges}).size === 1")
    assert live.evaluate(f"{places}.every(({{ layout }}) => layout.coloraxis.cmax === 8)")
    assert live.evaluate(f"card('{BELOW}').querySelector('.pg-twin-head').innerText.startsWith('orthogonal')")
    assert live.evaluate(f"card('{GATES}').hidden"), "the first has none"
    live.evaluate(f"show('{script.folder.run_id}')")
    live.wait_for_function(f"{places}.length === 1 && !trace('{LOSS}', 'orthogonal: loss')")
    assert live.evaluate(f"card('{BELOW}').offsetHeight") == height
    live.wait_for_function("sockets.filter((each) => each.readyState === WebSocket.OPEN).length === 1")


def test_a_look_zooms_to_its_update_once_and_show_all_brings_everything_back(live, script):
    script.write(100)
    run = script.folder.run_id
    live.evaluate(f"show('{run}')")
    drawn_until(live, 99)
    axis = "plot('Before and after clipping').layout.xaxis.range"
    whole = live.evaluate(axis)
    look = "look: { figure: 'clipping', update: 40, stamp: 1 }"
    live.evaluate(f"show('{run}', {{ {look} }})")
    live.wait_for_function(f"JSON.stringify({axis}) === '[25,55]'")
    assert live.evaluate("card('Before and after clipping').classList.contains('pg-looked')")
    # All over updates move together, though not all are drawn in the same frame.
    marked = f"plot('{LOSS}').layout.shapes.some(({{ x0 }}) => x0 === 40)"
    live.wait_for_function(marked)
    live.wait_for_function("!document.querySelector('.pg-looked')")
    live.evaluate("card('Before and after clipping').querySelector('.pg-follow').click()")
    live.wait_for_function(f"JSON.stringify({axis}) === '{str(whole).replace(' ', '')}'")
    live.wait_for_function(f"!{marked}")
    live.evaluate(f"show('{run}', {{ {look} }})")
    script.write(1)
    drawn_until(live, 100)
    assert live.evaluate("document.querySelector('.pg-looked')") is None
    assert live.evaluate(axis)[0] < 0


def test_the_worst_alarm_that_stands_is_in_the_banner_and_a_cleared_one_leaves_it(live, script):
    def alarm(kind, update, severity):
        return Alarm(kind=kind, update=update, sentence=f"{kind} at {update}.", severity=severity)

    note, warning = alarm("plateau", 1, "note"), alarm("vanishing", 2, "warning")
    script.folder.write_alarms([note, warning])
    script.write(6)
    live.evaluate(f"show('{script.folder.run_id}')")
    drawn_until(live, 5)
    said = "document.querySelector('.pg-alarm:not([hidden])')?.innerText"
    live.wait_for_function(f"{said} === '▲ vanishing at 2.'")
    assert live.get_attribute(".pg-alarm", "role") is None
    assert live.get_attribute(".pg-alarm", "aria-live") == "polite"
    failure = alarm("loss_avalanche", 4, "failure")
    script.folder.write_alarms([note, warning, failure])
    live.wait_for_function(f"{said} === '✕ loss_avalanche at 4. (and 1 more)'")
    assert live.get_attribute(".pg-alarm", "role") == "alert"
    not_finite = alarm("not_finite", 5, "failure")
    script.folder.write_alarms([note, warning, failure, not_finite])
    live.wait_for_function(f"{said} === '✕ not_finite at 5. (and 2 more)'")
    cleared = [Cleared(kind=each.kind, raised=each.update, update=5, sentence="Well.") for each in (warning, failure)]
    script.folder.write_alarms([note, warning, failure, *cleared])
    live.wait_for_function(f"{said} === undefined")
    marks = live.evaluate(
        f"plot('{LOSS}').layout.shapes.filter(({{ label }}) => '▲✕'.includes(label?.text)).map((s) => s.x0)"
    )
    assert marks == [2, 4]


def test_a_refused_run_says_why_and_an_unmounted_one_closes_its_socket(live, script):
    live.evaluate("show('20260101-000000-00000000')")
    live.wait_for_function("document.querySelector('.pg-metric').innerText.includes('There is no run of this name')")
    script.write()
    live.evaluate(f"show('{script.folder.run_id}')")
    drawn_until(live, 0)
    live.evaluate("unmount()")
    live.wait_for_function("sockets.every((each) => each.readyState >= WebSocket.CLOSING)")
    assert live.locator(".pg-live").count() == 0
