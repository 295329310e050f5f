"""What the canvas shows, pixel by pixel: figures of real measurements, and oracles for colours, numbers and places."""

import json
import re

import numpy as np
import plotly.colors
import pytest

from playground.core.measurement import Measurements, Row
from playground.core.words import number
from playground.figures import outcome_style, style, trainability
from playground.figures.gallery import FIGURES
from playground.runs.table import to_series, to_table
from playground.training import probes
from playground.training.config import RunConfig
from playground.training.events import Update
from playground.training.loop import train
from playground.ui.live.assets import assets
from playground.ui.live.page import page as described
from playground.ui.live.page import skeleton

pytestmark = pytest.mark.browser

ORIGIN = "http://plot.test/"
WIDTH, HEIGHT = 560, 220
LEFT, TOP = 56, 8
PAGE = f"""<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="chart.css">
<style>
  #place {{ width: {WIDTH}px; height: {HEIGHT}px; --st-background-color: #ffffff; --st-text-color: #31333f }}
</style>
<body style="margin: 0"><div id="place" class="pg-plot"></div>
<script type="module">
  const [charts, pictures, arrays, themes] =
    await Promise.all(["chart", "picture", "plot/arrays", "theme"].map((name) => import(`./${{name}}.js`)));
  const page = await (await fetch("described.json")).json();
  const theme = themes.themeOf(place, page.templates);
  // Draws a skeleton as the live page does, its arrays as frames bring them.
  window.show = (figure, drawn, changes = {{}}) => {{
    window.chart?.close();
    const picture = new pictures.Picture(drawn);
    for (const trace of picture.traces) {{
      for (const key of ["x", "y"]) if (trace[key]) trace[key] = arrays.numbers(trace[key]);
      if (trace.z) trace.z = arrays.rowsOf(trace.z);
      Object.assign(trace, changes[trace.name]);
    }}
    window.zooms = [];
    const on = {{ zoom: (to) => zooms.push(to), draw() {{}}, resize() {{}} }};
    window.chart = new charts.Chart(place, figure, picture, on);
    window.redraw({{}});
  }};
  window.redraw = (zoom) => {{
    Object.assign(chart, {{ zoom, size: {{ width: {WIDTH}, height: {HEIGHT} }} }});
    chart.draw(theme.template);
  }};
  window.pixel = (x, y) => [...place.querySelectorAll("canvas")[1].getContext("2d").getImageData(x, y, 1, 1).data];
  window.ready = true;
</script>"""


@pytest.fixture(scope="module")
def canvas(browser):
    """One page for all: every file comes from memory."""
    page = browser.new_page(viewport={"width": 800, "height": 400})
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def answer(route):
        name = route.request.url.removeprefix(ORIGIN)
        if name == "described.json":
            return route.fulfill(json=described())
        body, kind = assets().ours[name] if name else (PAGE.encode(), "text/html")
        return route.fulfill(body=body, content_type=kind)

    page.route(f"{ORIGIN}**", answer)
    page.goto(ORIGIN)
    page.wait_for_function("window.ready")
    yield page
    assert errors == []
    page.close()


@pytest.fixture(scope="module")
def measured():
    """Of an LSTM of two layers, with all that it measures."""
    config = RunConfig.parse(
        {"task": {"kind": "recall", "length": 8}, "cell": {"kind": "lstm"}, "layers": 2, "hidden": 6, "updates": 13}
    )
    rows = [Row(event.update, 0.0, event.values) for event in train(config) if isinstance(event, Update)]
    specs = probes.specs(config)
    table = to_table(specs, 1, rows)
    return Measurements({spec.name: to_series(spec, table) for spec in specs})


def figure_of(name):
    return next(figure for figure in FIGURES if figure.name == name)


def show(canvas, name, drawn, changes=None):
    figure = {"title": figure_of(name).title, "updates_axis": figure_of(name).updates_axis}
    canvas.evaluate("([figure, drawn, changes]) => show(figure, drawn, changes)", [figure, drawn, changes or {}])


def place(canvas, x, y):
    """The px of a point: x and y as the axes count, log10 on a log axis."""
    layout = canvas.evaluate("({ margin: chart.frame.layout.margin, ...chart.frame.layout })")
    area = (LEFT, WIDTH - layout["margin"]["r"], HEIGHT - layout["margin"]["b"], TOP)
    (x0, x1), (y0, y1) = layout["xaxis"]["range"], layout["yaxis"]["range"]
    across = area[0] + (x - x0) / (x1 - x0) * (area[1] - area[0])
    return across, area[2] + (y - y0) / (y1 - y0) * (area[3] - area[2])


def pixel(canvas, x, y):
    return canvas.evaluate("([x, y]) => pixel(x, y)", [int(x), int(y)])


def rgb(colour):
    if colour.startswith("#"):
        return list(bytes.fromhex(colour[1:]))
    return [float(each) for each in re.findall(r"[\d.]+", colour)]


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_every_figure_is_drawn_empty_and_measured(canvas, measured, figure):
    for drawn in (skeleton(figure, Measurements({})), skeleton(figure, measured)):
        show(canvas, figure.name, drawn)
        assert canvas.evaluate("chart.place.data.length === chart.frame.drawn.length")


def test_a_point_stands_where_its_values_say_in_its_own_colour(canvas, measured):
    drawn = skeleton(figure_of("gradient_now"), measured)
    row, data = next(iter(figure_of("gradient_now").prepare(measured).rows.items()))
    show(canvas, "gradient_now", drawn)
    for step in (1, 5, 8):
        at = place(canvas, step, np.log10(data.now[step - 1]))
        assert pixel(canvas, *at) == [*rgb(style.RUN), 255], (row, step)


def test_a_cell_has_the_colour_that_the_scale_gives_its_value(canvas, measured):
    figure = figure_of("gradient_history")
    row = next(iter(figure.prepare(measured).rows.values()))
    show(canvas, "gradient_history", skeleton(figure, measured))
    scale = plotly.colors.make_colorscale(style.DIVERGING["light"])
    for update, step in ((0, 1), (6, 3), (12, 8)):
        share = (row.decades[update, step - 1] + style.DECADES) / (2 * style.DECADES)
        (wanted,) = plotly.colors.sample_colorscale(scale, [float(share)])
        assert pixel(canvas, *place(canvas, step, update))[:3] == pytest.approx(rgb(wanted), abs=2)


def test_a_maps_cells_stand_apart_each_with_its_sign_and_theory_over_them(canvas):
    """Names downward: the first row is the uppermost."""
    words = [["learns", "stalls"], ["forgets", "blows up"]]
    signs = {word: look.sign for word, look in outcome_style.OUTCOMES.items()}
    rows = tuple(
        tuple(
            trainability.Square(0, outcome_style.code(word, 1.0, True), None, signs[word], word, f"{word}<br>all seeds")
            for word in row
        )
        for row in words
    )
    gains, kinds = trainability.Side("gain", ("1", "2"), True), trainability.Side("activation φ", ("a", "b"), False)
    line = trainability.Theory("even", "χ = 1", (0.8, 0.8), (-0.5, 1.5))
    data = trainability.MapData("", "", gains, kinds, (trainability.Panel("", rows, (line,)),), None, (), {})
    show(canvas, "loss", trainability.draw(data).plain() | {"choices": {}, "absent": False, "twin": []})

    for i, row in enumerate(words):
        for j, word in enumerate(row):
            beside = pixel(canvas, *place(canvas, j - 0.4, i))
            assert beside == [*rgb(outcome_style.OUTCOMES[word].colours["light"]), 255], word
            middle = pixel(canvas, *place(canvas, j, i))
            assert (middle != beside) == (word in ("learns", "blows up")), "the others' signs are open"
    assert pixel(canvas, *place(canvas, 0.5, 0))[3] < 255, "a gap"
    x, y = place(canvas, 0.8, 0.2)
    assert pixel(canvas, x, y) == [*rgb(style.INK["light"]), 255]
    assert pixel(canvas, x - 2, y)[:3] == [255, 255, 255], "its halo"
    canvas.mouse.move(*place(canvas, 1, 1))
    assert canvas.evaluate("document.querySelector('.pg-tip').innerText") == "blows up\nall seeds"


def test_names_that_are_too_long_are_slanted_and_none_is_left_out(canvas):
    names, row = trainability.Side("initialiser", ("Xavier uniform",) * 6, False), trainability.Side("", ("a",), False)
    square = trainability.Square(0, 0, None, "", "", "")
    data = trainability.MapData("", "", names, row, (trainability.Panel("", ((square,) * 6,), ()),), None, (), {})
    show(canvas, "loss", trainability.draw(data).plain() | {"choices": {}, "absent": False, "twin": []})
    ends = [place(canvas, i, 0)[0] for i in range(6)]
    count = """([x, y]) => chart.place.querySelector("canvas").getContext("2d").getImageData(x - 16, y, 16, 16).data
      .filter((value, i) => i % 4 === 3 && value).length"""
    under = HEIGHT - trainability.under(names) + 6
    assert all(canvas.evaluate(count, [int(x), under]) > 20 for x in ends)


def test_what_is_not_finite_is_a_gap_and_a_lone_value_a_dot(canvas, measured):
    drawn = skeleton(figure_of("clipping"), measured)
    y = [1.0] * 4 + [None] + [1.0] + [None] + [1.0] * 4
    show(canvas, "clipping", drawn, {"after": {"x": list(range(11)), "y": y}, "before": {"y": []}})
    for x, there in ((2.5, True), (4, False), (5, True), (6, False), (8.5, True)):
        assert (pixel(canvas, *place(canvas, x, 0.0))[3] > 128) == there, x


def test_of_more_points_than_pixels_the_highest_stays(canvas, measured):
    drawn = skeleton(figure_of("clipping"), measured)
    drawn["layout"] |= {"xaxis": {"range": [0, 4_000]}, "yaxis": {"type": "log", "range": [-1, 1]}}
    y = np.full(4_000, 1.0)
    y[2_345] = 4.0
    changes = {"after": {"x": list(range(4_000)), "y": y.tolist()}, "before": {"y": []}}
    show(canvas, "clipping", drawn, changes)
    x, top = place(canvas, 2_345, np.log10(4.0))
    assert max(pixel(canvas, x + near, top + 3)[3] for near in (-1, 0, 1)) > 100
    assert pixel(canvas, x + 4, top + 3)[3] == 0


def test_the_text_under_the_pointer_is_exact(canvas, measured):
    figure = figure_of("gradient_now")
    show(canvas, "gradient_now", skeleton(figure, measured))
    row = next(iter(figure.prepare(measured).rows.values()))
    x, y = place(canvas, 5, np.log10(row.now[4]))
    canvas.mouse.move(x + 3, y + 2)
    assert canvas.inner_text(".pg-tip-head") == "step 5"
    said = dict(
        canvas.evaluate(
            "[...document.querySelectorAll('.pg-tip-row')].map((row) => [...row.querySelectorAll('span')]"
            ".map((each) => each.textContent))"
        )
    )
    assert said["start"] == re.sub(r"\.?0+(?=·|$)", "", number(row.start[4], 3))
    canvas.mouse.move(790, 390)
    assert canvas.locator(".pg-tip").count() == 0
    history = figure_of("gradient_history")
    show(canvas, "gradient_history", skeleton(history, measured))
    canvas.mouse.move(*place(canvas, 3, 6))
    decades = next(iter(history.prepare(measured).rows.values())).decades[6, 2]
    assert canvas.inner_text(".pg-tip") == f"update 6, step 3\n{number(10 ** round(decades, 1))} of the reference"
    canvas.mouse.move(790, 390)


def test_a_tap_keeps_its_text_until_the_next_tap_elsewhere(canvas, measured):
    show(canvas, "gradient_now", skeleton(figure_of("gradient_now"), measured))
    tap = """([x, y, target]) => ["pointerdown", "pointerup", "pointerleave"].forEach((kind) => target.dispatchEvent(
        new PointerEvent(kind, { clientX: x, clientY: y, pointerType: "touch", bubbles: kind !== "pointerleave" })))"""
    canvas.evaluate(f"(at) => ({tap})([...at, place])", [int(each) for each in place(canvas, 5, -1)])
    assert canvas.inner_text(".pg-tip-head") == "step 5"
    canvas.evaluate(f"({tap})([790, 390, document.body])")
    assert canvas.locator(".pg-tip").count() == 0
    assert canvas.evaluate("zooms") == []


def test_a_drag_zooms_to_what_it_covers_and_a_double_click_asks_for_all(canvas, measured):
    show(canvas, "gradient_now", skeleton(figure_of("gradient_now"), measured))
    (x0, y0), (x1, y1) = place(canvas, 3, -1.0), place(canvas, 6, -0.5)

    def drag(*to):
        canvas.mouse.move(x0, y0)
        canvas.mouse.down()
        canvas.mouse.move(*to, steps=3)
        assert canvas.locator(".pg-box").count() == 1
        canvas.mouse.up()
        return canvas.evaluate("zooms.at(-1)")

    zoomed = drag(x1, y1)
    assert zoomed["xaxis"] == pytest.approx([3, 6], abs=0.02)
    assert zoomed["yaxis"] == pytest.approx([-1.0, -0.5], abs=0.03)
    canvas.evaluate("redraw(zooms.at(-1))")
    assert place(canvas, 3, -1.0) == pytest.approx(
        (LEFT, HEIGHT - canvas.evaluate("chart.frame.layout.margin.b")), abs=2
    )
    canvas.evaluate("redraw({})")
    flat = drag(x1, y0 + 5)
    assert set(flat) == {"xaxis"}
    assert drag(x0 + 5, y1).keys() == {"yaxis"}
    assert drag(5000, y0)["xaxis"] == pytest.approx([3, 8.5], abs=0.02)  # not past where the steps end
    canvas.mouse.dblclick(x0, y0)
    assert canvas.evaluate("zooms.at(-1)") is None


def test_another_scale_shows_the_same_values(canvas, measured):
    figure = figure_of("gradient_now")
    row = next(iter(figure.prepare(measured).rows.values()))
    show(canvas, "gradient_now", skeleton(figure, measured))
    canvas.evaluate("chart.zoom = { xaxis: [0.5, 8.5], yaxis: [-1, 0] }; chart.scale = 'linear'")
    assert canvas.evaluate("chart.zoom") == {"xaxis": [0.5, 8.5]}
    canvas.evaluate("redraw({})")
    low, high = canvas.evaluate("chart.place.layout.yaxis.range")
    assert low == 0 < np.nanmax(row.now) < high
    assert pixel(canvas, *place(canvas, 8, row.now[7])) == [*rgb(style.RUN), 255]


def test_a_file_has_title_ground_and_the_marks(canvas, measured):
    show(canvas, "gradient_history", skeleton(figure_of("gradient_history"), measured))
    x, y = place(canvas, 2, 5)
    width, height, corner, cell, both = canvas.evaluate(
        """async ([x, y]) => {
            const { png } = await import("./plot/png.js");
            const one = { frame: chart.frame, title: chart.figure.title };
            const image = await createImageBitmap(await png([one]));
            const two = await createImageBitmap(await png([one, one]));
            const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
            context.drawImage(image, 0, 0);
            const at = (x, y) => [...context.getImageData(x, y, 1, 1).data];
            return [image.width, image.height, at(1, 1), at(2 * x, image.height - 2 * y), two.height];
        }""",
        [x, HEIGHT - y],
    )
    assert (width, corner) == (2 * WIDTH, [255] * 4)
    assert height > 2 * HEIGHT
    assert both == 2 * height  # a twin's own picture stands below
    assert cell == pixel(canvas, x, y)


TICKS = """
async (cases) => {
  const [{ ticksOf }, { Scale }] = await Promise.all(["ticks", "scale"].map((name) => import(`./plot/${name}.js`)));
  const room = (text) => 7 * text.length + 14;
  return cases.map(([type, range, length, more]) => ticksOf(more, new Scale(type, range, 0, length), room));
}
"""


def test_ticks_are_round_numbers_and_never_touch(canvas):
    def texts(*case):
        (ticks,) = canvas.evaluate(TICKS, [case])
        return [tick["text"] for tick in ticks]

    assert texts("log", [-8, 0], 300, {"nticks": 5}) == ["10⁻⁸", "10⁻⁶", "10⁻⁴", "10⁻²", "1"]
    assert texts("log", [-0.5, 1.5], 300, {}) == ["1", "10"]
    assert texts("log", [-1.1, -0.2], 300, {}) == ["0.1", "0.2", "0.5"]
    assert texts("linear", [-1, 1], 300, {"nticks": 5}) == ["−1", "−0.5", "0", "0.5", "1"]
    assert texts("linear", [0.5, 4.5], 300, {"tickformat": "d"}) == ["1", "2", "3", "4"]
    assert texts("linear", [0.0, 0.1], 300, {"tickformat": ".0%", "nticks": 3}) == ["0 %", "5 %", "10 %"]
    assert texts("linear", [0, 2e6], 300, {"nticks": 3}) == ["0", "10⁶", "2·10⁶"]
    generator = np.random.default_rng(0)
    cases = []
    for _ in range(300):
        low, length = float(generator.normal(scale=20)), float(generator.uniform(20, 900))
        span = float(10 ** generator.uniform(-4, 3))
        cases.append(["log" if generator.random() < 0.5 else "linear", [low, low + span], length, {}])
    for case, ticks in zip(cases, canvas.evaluate(TICKS, cases), strict=True):
        at = [tick["at"] for tick in ticks]
        wide = [7 * len(tick["text"]) for tick in ticks]
        touching = [i for i in range(1, len(at)) if at[i] - at[i - 1] < (wide[i] + wide[i - 1]) / 2]
        assert not touching, (case, ticks)
        assert len({tick["text"] for tick in ticks}) == len(ticks), (case, ticks)


def test_numbers_are_written_as_python_writes_them(canvas):
    generator = np.random.default_rng(1)
    values = [0.0, 1.0, -1.0, 9.96, 0.00999, 1e-4, 99999.0, 1e5, -3.14e-14, 1e300]
    values += (generator.normal(size=200) * 10.0 ** generator.integers(-12, 12, 200)).tolist()
    for digits in (1, 2, 3):
        said = canvas.evaluate(
            "async ([values, digits]) => { const { number } = await import('./plot/numbers.js');"
            " return values.map((value) => number(value, digits)); }",
            [values, digits],
        )
        assert json.dumps(said) == json.dumps([number(value, digits) for value in values])


@pytest.mark.parametrize(
    ("value", "format", "text"),
    [
        (123_456, None, "123,456"),
        (0.123456, None, "0.1235"),
        (-0.5, ".1~f", "−0.5"),
        (1.0, ".1~f", "1"),
        (1250.0, ",d", "1,250"),
        (3.14e-14, ".2~e", "3.14·10⁻¹⁴"),
        (0.02, ".2~e", "0.02"),
        (0.24, ".0%", "24 %"),
        (-1e-9, ".2f", "0.00"),
    ],
)
def test_formats(canvas, value, format, text):
    said = "async ([value, format]) => (await import('./plot/numbers.js')).formatted(value, format ?? undefined)"
    assert canvas.evaluate(said, [value, format]) == text
