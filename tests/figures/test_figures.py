"""What each figure shows of what was measured: nothing non-finite is dropped, each is compared to the right thing."""

import numpy as np
import pytest

from playground.core import reach
from playground.core.measurement import MeasurementSpec, Series
from playground.figures import clipping, gates, gradient_history, gradient_now, loss, over_time, weights
from playground.figures.figure import grid, kept
from tests.figures.plotlys import checked


def test_exact_zero_and_not_finite_are_marks_and_gaps_on_the_log_axis(run):
    norms = np.array([0.0, np.nan, np.inf, 1.0])
    live = gradient_now.live_of(gradient_now.prepare(run(3, total_gradient=norms)))
    assert live.traces["exactly 0"].arrays["x"].tolist() == [1]
    assert live.traces["not finite"].arrays["x"].tolist() == [2, 3]
    assert np.isnan(live.traces["now"].arrays["y"][:3]).all()


def test_the_last_finite_picture_stays_under_the_marks(run):
    data = gradient_now.prepare(run(3, total_gradient=np.full(4, np.nan)))
    live = gradient_now.live_of(data)
    assert live.traces["now"].arrays["y"].tolist() == [1e-3, 1e-2, 1e-1, 1.0]
    assert len(live.traces["not finite"].arrays["x"]) == 4
    assert gradient_now.words(data) == {"layer 1": "Not finite at 4 of 4 steps."}


def test_the_ghost_is_update_zero_and_the_words_compare_both_ends(run):
    data = gradient_now.prepare(run(3, total_gradient=np.array([2e-7, 1e-5, 1e-2, 2.0])))
    assert data.rows["layer 1"].start.tolist() == [1e-3, 1e-2, 1e-1, 1.0]
    (start,) = [trace for trace in checked(gradient_now.draw(data)).data if trace.name == "start"]
    assert start.y.tolist() == [1e-3, 1e-2, 1e-1, 1.0]
    assert gradient_now.words(data) == {"layer 1": "Step 1 receives 10⁻⁷ of what step 4 receives."}


@pytest.mark.parametrize(
    ("norms", "words"),
    [
        ([0.0, 0.0, 1.0, 1.0], "Exactly 0 at 2 of 4 steps."),
        ([0.0, 0.0, 0.0, 1.0], "Exactly 0 at 3 of 4 steps."),
        ([0.0, 0.0, 0.0, 0.0], "Exactly 0 at every step: there is no signal at all."),
    ],
)
def test_zeros_are_said(run, norms, words):
    data = gradient_now.prepare(run(2, total_gradient=np.array(norms)))
    assert gradient_now.words(data) == {"layer 1": words}


def test_layers_and_directions_are_choices_with_the_uppermost_way_forward_first(layered_run):
    measured = layered_run(3)
    for figure in (gradient_now.FIGURE, gradient_history.FIGURE, gates.FIGURE):
        assert list(figure.choices(figure.prepare(measured))) == ["layer 2 →", "layer 2 ←", "layer 1 →", "layer 1 ←"]
    assert list(over_time.top_first(("layer 1", "layer 2", "layer 3"))) == ["layer 3", "layer 2", "layer 1"]


def test_where_there_is_a_flow_it_heads_and_the_total_stays_beside_it(layered_run):
    data = gradient_now.prepare(layered_run(2))
    top = data.rows["layer 2 →"]
    assert top.now.tolist() == pytest.approx([1e-7, 1e-5, 1e-3, 1e-1])
    assert top.start.tolist() == top.now.tolist()
    assert top.total.tolist() == pytest.approx([0.1] * 4)
    assert gradient_now.words(data)["layer 2 →"] == "Step 1 receives 10⁻⁶ of what step 4 receives."
    assert gradient_now.words(data)["layer 2 ←"] == "Step 4 alone reaches the last answer."
    shown = {trace.meta for trace in checked(gradient_now.draw(data)).data if trace.visible and trace.y is not None}
    assert shown >= {"start", "direct", "total", "cell state c", "flow of the last answer"}


def test_without_a_flow_the_total_heads_and_is_not_drawn_twice(run):
    data = gradient_now.prepare(run(2))
    assert data.rows["layer 1"].total.tolist() == []
    (now,) = [trace for trace in checked(gradient_now.draw(data)).data if trace.name == "now"]
    assert now.meta == "total"


def test_the_axis_holds_every_row_so_that_layers_can_be_compared(layered_run):
    low, high = gradient_now.live_of(gradient_now.prepare(layered_run(2))).extents["yaxis"]
    assert low <= -9
    assert high >= 0
    choices = gradient_now.choices(gradient_now.prepare(layered_run(2)))
    assert {choice.yrange for choice in choices.values()} == {None}


@pytest.mark.parametrize(
    ("row", "norms", "direct", "step"),
    [
        ("layer 1", [0.1, 0.2, 1.0, 0.0], [0.0, 0.0, 1.0, 0.0], 3),  # the last answer is asked before the end
        ("layer 1 ←", [1.0, 0.1, 0.01, 1e-3], [1.0, 0.0, 0.0, 0.0], 1),  # read at its own end, where time begins
        ("layer 2 ←", [0.0, 0.0, 0.0, 1.0], [1.0, 1.0, 1.0, 1.0], 4),  # the flow of the last answer
        ("layer 1", [1e-3, 0.1, 1.0, 0.0], [0.0, 0.0, 0.0, 0.0], 3),  # an encoder's, told nothing directly
        ("layer 1 ←", [1.0, 0.1, 0.01, 0.0], [0.0, 0.0, 0.0, 0.0], 1),
        ("layer 1", [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0], None),
    ],
)
def test_where_a_signal_enters(row, norms, direct, step):
    found = reach.entry(row, np.array(norms), np.array(direct))
    assert (None if found is None else found + 1) == step


def test_a_way_back_is_compared_from_its_own_end(layered_run):
    away = np.array([1.0, 1e-1, 1e-2, 1e-3])
    told = np.array([1.0, 0.0, 0.0, 0.0])
    rows = {"total_gradient": np.tile(away, (4, 1)), "direct_gradient": np.tile(told, (4, 1))}
    whole = layered_run(1, **rows)
    measured = type(whole)({name: whole[name] for name in rows})
    said = gradient_now.words(gradient_now.prepare(measured))
    assert said["layer 2 ←"] == "Step 4 receives 0.0010 of what step 1 receives."
    decades = gradient_history.prepare(measured).rows["layer 2 ←"].decades
    assert decades[0].tolist() == pytest.approx([0, -1, -2, -3])


def test_what_comes_after_the_last_answer_is_no_exact_zero(run):
    measured = run(2, total_gradient=np.array([0.0, 1e-3, 1.0, 0.0]))
    now, history = gradient_now.prepare(measured), gradient_history.prepare(measured)
    assert gradient_now.live_of(now).traces["exactly 0"].arrays["x"].tolist() == [1]
    assert gradient_now.words(now) == {"layer 1": "Exactly 0 at 1 of 3 steps."}
    live = gradient_history.live_of(history)
    assert live.traces["exactly 0"].arrays["x"].tolist() == [1]
    assert np.isnan(live.traces["unplaced"].arrays["z"][1, 1:]).all()
    assert np.isnan(live.traces["ratio"].arrays["z"][1]).tolist() == [True, False, False, True]
    assert gradient_history.words(history) == {"layer 1": "Of 3 steps: 1 exactly 0."}


@pytest.mark.parametrize(
    ("row", "rows", "norms", "beyond"),
    [
        ("layer 1", ["layer 1"], [0.0, 1.0, 0.0], [False, False, True]),
        ("layer 1", ["layer 1"], [0.0, 0.0, 0.0], [False, False, False]),  # no signal at all: it vanished
        ("layer 1", ["layer 2", "layer 1"], [0.0, 1.0, 0.0], [False, False, True]),
        ("layer 1 ←", ["layer 1 →", "layer 1 ←"], [0.0, 1.0, 0.0], [True, False, False]),
        ("layer 1 ←", ["layer 2 →", "layer 2 ←", "layer 1 →", "layer 1 ←"], [0.0, 1.0, 0.0], [False, False, False]),
    ],
)
def test_what_a_signal_cannot_reach(row, rows, norms, beyond):
    found = reach.out_of_reach(row, dict.fromkeys(rows), np.array([norms, norms]))
    assert found.tolist() == [beyond, beyond]


def test_a_network_without_state_says_so(stateless_run):
    for figure in (gradient_now.FIGURE, gradient_history.FIGURE):
        data = figure.prepare(stateless_run)
        assert figure.words(data) == "This network has no recurrent state: no gradient travels through time."
        assert not checked(figure.draw(data)).data


def test_the_keeping_gate_comes_first(layered_run):
    data = gates.prepare(layered_run(3))
    assert gates.words(data)["layer 2 →"] == "f 0.75, i 0.50, o 0.50 on the mean."
    live = gates.live_of(data)
    assert live.traces["layer 2 →: f"].arrays["y"].tolist() == pytest.approx([0.6, 0.7, 0.8, 0.9])
    low, high = live.extents["yaxis"]
    assert -0.1 < low < 0
    assert 1 < high < 1.1


def test_a_gate_that_leaves_its_range_or_breaks_is_seen(layered_run):
    values = np.full((3, 4, 4), 0.5)
    values[0, 2, 1], values[1, 2, 3] = np.nan, 1.5
    data = gates.prepare(layered_run(3, gate_values=values))
    live = gates.live_of(data)
    assert live.traces["layer 2 →: not finite"].arrays["x"].tolist() == [2]
    assert live.extents["yaxis"][1] > 2
    assert "o NaN" in gates.words(data)["layer 2 →"]
    broken = gates.prepare(layered_run(3, gate_values=np.full((3, 4, 4), np.nan)))
    assert np.isfinite(gates.live_of(broken).traces["layer 2 →: f"].arrays["y"]).all(), "the last finite picture"


def test_a_cell_without_gates_says_so(run):
    assert gates.words(gates.prepare(run(2))) == "This cell has no gates."


@pytest.mark.parametrize(
    ("labels", "first"),
    [
        (("W", "U"), "U"),
        (("U₁", "U₂"), "U₂"),
        (("U", "U←"), "U"),
        (("enc U", "dec U"), "dec U"),
        (("A", "V"), "A"),
    ],
)
def test_the_weights_begin_with_the_uppermost_recurrent_matrix(run, labels, first):
    def relabelled(series):
        return Series(series.spec.model_copy(update={"labels": labels}), series.updates, series.values)

    whole = run(1)
    names = ("weight_histogram", "weight_edges")
    data = weights.prepare(type(whole)({name: relabelled(whole[name]) for name in names}))
    assert next(iter(data.parts)) == first
    assert set(data.parts) == set(labels)


def test_remarks_say_only_what_is_unusual(run, layered_run):
    assert loss.remarks(loss.prepare(run(3))) == ()
    assert loss.remarks(loss.prepare(layered_run(3))) == (
        "η 0.0025",
        "backward at each step and once after the sequence: difference 0 (2·10⁻¹⁶, rounding)",
    )
    constant = loss.prepare(layered_run(1))
    assert [remark for remark in loss.remarks(constant) if "η" in remark] == []
    apart = constant._replace(difference=constant.difference._replace(values=np.array([0.0, 0.2, np.nan])))
    assert loss.remarks(apart) == ("backward at each step and once after the sequence: difference 0.2",)


def test_colour_is_relative_to_the_last_step_at_update_zero(run):
    data = gradient_history.prepare(run(2, total_gradient=np.array([1e5, 1.0, 0.0, np.inf])))
    decades = data.rows["layer 1"].decades
    assert decades[0].tolist() == [-3, -2, -1, 0]
    assert decades[1, :2].tolist() == [5, 0]
    assert np.isneginf(decades[1, 2])
    assert np.isnan(decades[1, 3])
    live = gradient_history.live_of(data)
    assert np.isnan(live.traces["ratio"].arrays["z"][1, 2:]).all()
    assert live.traces["unplaced"].arrays["z"][1, 2:].tolist() == [0, 1]
    assert live.traces["exactly 0"].arrays["x"].tolist() == [3]
    assert live.traces["not finite"].arrays["x"].tolist() == [4]
    assert gradient_history.words(data) == {"layer 1": "Of 4 steps: 1 not finite, 1 exactly 0, 1 above 10³."}


@pytest.mark.parametrize("reference", [0.0, np.nan, np.inf])
def test_a_start_without_a_reference_still_draws(run, reference):
    data = gradient_history.prepare(run(1, total_gradient=np.full(4, reference)))
    assert data.rows["layer 1"].reference == 1.0
    assert gradient_history.words(data)


def test_many_marks_are_thinned_across(run):
    row = gradient_history.Row(np.full((2, 100), -np.inf), 1.0)
    data = gradient_history.prepare(run(2))._replace(length=100, rows={"layer 1": row})
    assert 10 <= len(gradient_history.live_of(data).traces["exactly 0"].arrays["x"]) / 2 <= 15


def test_the_metric_in_words(run):
    data = loss.prepare(run(3))
    assert loss.metric_words(data) == "50 %, guessing is 25 %"
    error = data._replace(share=False, metric_title="mean squared error")
    assert loss.metric_words(error) == "mean squared error 0.50, guessing is 0.25"
    exact = data._replace(metric_title="exact match")
    assert loss.metric_words(exact) == "exact match 50 %, guessing is 25 %"
    assert loss.metric_words(loss.prepare(run(0))) == ""


def test_a_loss_of_nan_is_a_mark_at_its_update(run):
    live = loss.live_of(loss.prepare(run(4, loss=np.nan)))
    assert live.traces["not finite"].arrays["x"].tolist() == [3]
    assert np.isnan(live.traces["loss"].arrays["y"][-1])
    assert "NaN" in loss.words(loss.prepare(run(4, loss=np.nan)))


def test_the_share_of_clipped_updates(run):
    assert clipping.words(clipping.prepare(run(4))) == "Clipped in 100 % of the updates."
    data = clipping.prepare(run(4, global_norm_before=1.0))
    assert clipping.words(data) == "Clipped in 75 % of the updates."
    data = clipping.prepare(run(4, global_norm_before=np.inf, global_norm_after=np.nan))
    assert clipping.words(data) == "Clipped in 100 % of the updates; 1 without a finite norm."
    updates = np.arange(200.0)
    late = clipping.ClippingData(
        loss.Curve(updates, np.ones(200)), loss.Curve(updates, np.where(updates < 150, 1, 0.5))
    )
    assert clipping.words(late) == "Clipped in 25 % of the updates, 100 % of the last 50."


def test_weights_tell_out_of_range_and_not_finite_apart(run):
    counts = np.array([[0, 0, 0, 0, 0, 4, 2], [1, 0, 5, 0, 2, 0, 0]], dtype=float)
    data = weights.prepare(run(3, weight_histogram=counts))
    assert list(data.parts) == ["U", "W"]
    assert weights.words(data) == {
        "U": "5 numbers between −1.0 and 1.0, 1 below, 2 above.",
        "W": "0 numbers, 4 NaN, 2 infinite.",
    }
    live = weights.FIGURE.live(data)
    assert live.traces["W not finite"].arrays["x"].tolist() == [2]
    assert live.traces["U not finite"].arrays["x"].tolist() == []
    assert live.traces["U above"].arrays["x"].tolist() == [0, 2]
    assert live.traces["U"].arrays["z"].shape == (2, 3)


def test_grids_are_nested_and_hold_to_their_rows():
    for newest in (0, 10, 511, 512, 513, 20_000):
        for every in (1, 10):
            spacing = grid(newest, every, 512)
            assert newest // spacing <= 512
            assert spacing % every == 0
    assert grid(5000, 1, 512) % grid(600, 1, 512) == 0


def test_the_newest_is_kept_off_the_grid():
    assert kept(np.array([0, 4, 5]), 4).tolist() == [True, True, True]
    assert kept(np.array([0, 3, 5, 5]), 4).tolist() == [True, False, True, True]
    assert kept(np.array([], dtype=np.int64), 4).tolist() == []


@pytest.mark.parametrize(("handover", "lines"), [(0, 0), (3, 1)])
def test_a_line_stands_between_encoder_and_decoder(handover, lines):
    shapes = over_time.divider(handover)
    assert [shape["x0"] for shape in shapes] == [3.5] * lines


def test_a_row_that_reads_from_the_end_stops_where_the_decoder_begins():
    spec = MeasurementSpec(
        name="t", title="t", description="d", unit="1", axes=("layer", "time"), shape=(2, 7), handover=4
    )
    series = Series(spec, np.empty(0, np.int64), np.empty((0, 2, 7)))
    assert [over_time.own_steps(row, series) for row in ("layer 1 →", "layer 1 ←")] == [7, 4]


def test_a_picture_has_no_trace_that_stays_empty(run, layered_run):
    """A trace without data costs its share of each of twelve drawings a second."""
    for measured in (run(3), layered_run(3)):
        data = gradient_now.prepare(measured)
        names = {trace.name for trace in checked(gradient_now.draw(data)).data}
        live = gradient_now.live_of(data).traces
        starts = {name for name in names if name.endswith("start")}
        assert names - starts == set(live)
        marks = ("exactly 0", "not finite")
        assert all(len(trace.arrays["y"]) for name, trace in live.items() if not name.endswith(marks))
