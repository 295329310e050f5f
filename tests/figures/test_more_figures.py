"""The pictures behind "more": what each shows of what was measured."""

import numpy as np
import pytest

from playground.core.measurement import Measurements, Series
from playground.figures import (
    activity,
    answer_flow,
    answer_history,
    answer_loss,
    eigenvalues,
    flow_matrix,
    horizon,
    loss,
    predictions,
    saturation,
    state_size,
    update_ratio,
    weight_share,
    weights_ridge,
)
from playground.training.probes import activity as activity_probe
from playground.training.probes import histograms
from tests.figures.plotlys import checked

TOP = "layer 2 →"


def test_the_flow_matrix_is_a_triangle_relative_to_the_last_answer_at_the_start(layered_run):
    flows = np.array([[10.0, 0, 0, 0], [0.0, 10, 0, 0], [1, np.inf, 10, 0], [1e-2, 1e-1, 1, 10]])
    data = flow_matrix.prepare(layered_run(3, flow_matrix=flows))
    assert data.decades[3] == pytest.approx([-2, -1, 0, 1])
    assert np.isnan(data.decades[0, 1:]).all(), "what comes later cannot change an answer: no zeros"
    live = flow_matrix.live_of(data)
    assert (live.traces["exactly 0"].arrays["x"].tolist(), live.traces["exactly 0"].arrays["y"].tolist()) == ([1], [2])
    assert (live.traces["not finite"].arrays["x"].tolist(), live.traces["not finite"].arrays["y"].tolist()) == (
        [2],
        [3],
    )
    assert flow_matrix.words(data) == "1 of 10 not finite."


@pytest.mark.parametrize(
    ("last", "words"),
    [
        ([1e-7, 1e-4, 1e-2, 1.0], "Of the last answer, 4, step 1 receives 10⁻⁷ of what its own step receives."),
        ([50.0, 1.0, 1.0, 1.0], "Of the last answer, 4, step 1 receives 50 times what its own step receives."),
        ([0.0, 0.0, 1e-2, 1.0], "The last answer, 4, tells 2 of 4 steps nothing."),
        ([0.0, 0.0, 0.0, 0.0], "The last answer, 4, tells no step anything."),
    ],
)
def test_the_flow_matrix_says_what_reaches_the_first_step(layered_run, last, words):
    flows = np.tril(np.ones((4, 4)))
    flows[3] = last
    assert flow_matrix.words(flow_matrix.prepare(layered_run(3, flow_matrix=flows))) == words


def test_answers_that_are_followed_have_the_steps_at_which_they_are_given(layered_run):
    """A decoder's answers end where the steps end; of many, every other is followed."""
    spec = layered_run(1)["flow_matrix"].spec
    late = spec.model_copy(update={"labels": ("k = 2", "k = 4"), "shape": (2, 10)})
    assert flow_matrix.answers_of(late) == ([2, 4], [8, 10])


def test_one_answer_of_several_is_a_line_of_the_matrix(layered_run):
    data = answer_flow.prepare(layered_run(3))
    assert list(data.profiles) == ["answer 4", "answer 3", "answer 2", "answer 1"]
    live = answer_flow.FIGURE.live(data)
    assert live.traces["answer 3: now"].arrays["y"][:3].tolist() == [1e-2, 1e-1, 1.0]
    assert np.isnan(live.traces["answer 3: now"].arrays["y"][3])
    assert live.traces["answer 3: exactly 0"].arrays["x"].tolist() == [], "after its own step there is nothing to be"
    assert answer_flow.FIGURE.words(data)["answer 3"] == "Step 1 receives 0.010 of what step 3 receives."
    assert answer_flow.FIGURE.words(data)["answer 1"] == "Step 1 alone reaches this answer."
    assert answer_flow.some(range(32)) == [31, 23, 16, 8, 0]


def test_one_answer_over_training_is_that_line_at_every_look(layered_run):
    data = answer_history.prepare(layered_run(3))
    assert list(data.rows) == ["answer 4", "answer 3", "answer 2", "answer 1"]
    matrix = layered_run(3)["flow_matrix"]
    for i, row in zip(answer_flow.some([1, 2, 3, 4]), data.rows.values(), strict=True):
        steps = flow_matrix.answers_of(matrix.spec)[1][i]
        np.testing.assert_allclose(10 ** row.decades[:, :steps] * row.reference, matrix.values[:, i, :steps])
        assert np.isposinf(row.decades[:, steps:]).all(), "after its own step there is nothing to be"
    assert answer_history.FIGURE.words(data)["answer 4"].startswith("Of 4 steps:")


def test_one_loss_term_has_its_flow_on_the_page_already(run):
    for figure in (flow_matrix, answer_flow, answer_history, answer_loss):
        assert figure.FIGURE.words(figure.prepare(run(2))) == flow_matrix.ONE_ANSWER


def test_the_share_of_each_step_in_the_gradient_of_u(run):
    data = weight_share.prepare(run(3))
    assert weight_share.FIGURE.words(data) == {
        "layer 1": "Step 4 adds most, 0.40; step 2 0.25 of that; 1 of 4 nothing at all."
    }
    assert weight_share.FIGURE.live(data).traces["exactly 0"].arrays["x"].tolist() == [1]
    broken = weight_share.prepare(run(3, weight_share=np.full((1, 4), np.nan)))
    assert weight_share.FIGURE.words(broken) == {"layer 1": "Not finite at 4 of 4 steps."}
    assert np.isfinite(weight_share.FIGURE.live(broken).traces["now"].arrays["y"][1:]).all(), "the last finite picture"


def test_the_size_of_the_states_stands_beside_what_a_formula_says(run, layered_run):
    data = state_size.prepare(run(3))
    assert state_size.FIGURE.words(data) == {"layer 1": "Step 1 0.10, step 4 0.30; expected at the start 0.40."}
    (line,) = [trace for trace in checked(state_size.FIGURE.draw(data)).data if trace.name == "foretold"]
    assert (line.meta, line.y.tolist()) == ("expected", [0.1, 0.2, 0.3, 0.4])
    assert "foretold" not in state_size.FIGURE.live(data).traces, "it does not change"
    several = state_size.prepare(layered_run(3))
    assert not [trace for trace in checked(state_size.FIGURE.draw(several)).data if "foretold" in trace.name]
    assert state_size.FIGURE.words(several)[TOP] == "Step 1 0.10, step 4 0.30."


def test_the_loss_of_every_answer_stands_at_its_step(layered_run):
    data = answer_loss.prepare(layered_run(3))
    assert answer_loss.FIGURE.words(data) == {"answers": "Step 4 answers worst, 1.0; step 3 best, 0.25."}
    live = answer_loss.FIGURE.live(data)
    assert np.isnan(live.traces["now"].arrays["y"][0])
    assert live.traces["exactly 0"].arrays["x"].tolist() == [], "an answer that nobody gives has no loss of 0"
    whole = layered_run(3)
    two = whole["answer_loss"]
    spec = two.spec.model_copy(update={"shape": (2,)})
    decoder = {"answer_loss": Series(spec, two.updates, two.values[:, 2:]), "total_gradient": whole["total_gradient"]}
    shown = answer_loss.FIGURE.live(answer_loss.prepare(Measurements(decoder))).traces["now"].arrays["y"]
    assert np.isnan(shown[:2]).all()
    assert shown[2:].tolist() == [0.25, 1.0]


def test_states_are_counted_in_the_bins_of_the_probe(run):
    assert activity.REACH == activity_probe.REACH
    edges = np.linspace(-activity.REACH, activity.REACH, histograms.BINS + 1)
    assert np.isclose(edges, activity.FAR).any(), "no bin lies on both sides"
    counts = np.zeros((1, 14))
    counts[0, [0, 1, 5, 12]] = 1, 2, 6, 1
    data = activity.prepare(run(3, state_histogram=counts))
    assert activity.words(data) == {"layer 1": "30 % of 10 states beyond ±0.9, 10 % beyond ±1.5; 1 not finite."}


def test_saturated_and_dead_units_are_means_over_the_rows_own_steps(run):
    data = saturation.prepare(run(3))
    assert data.rows["layer 1"]["saturated"].values.tolist() == pytest.approx([0.05, 0.05])
    assert saturation.words(data) == {"layer 1": "Saturated 5 %, mean slope 1.0, dead 25 %."}
    broken = saturation.prepare(run(3, mean_slope=np.full((1, 4), np.nan)))
    assert saturation.live_of(broken).traces["not finite"].arrays["x"].tolist() == [2]
    steep = saturation.prepare(run(3, mean_slope=np.full((1, 4), 1.7)))
    assert saturation.live_of(steep).extents["yaxis"][1] > 2


def test_a_layer_is_compared_with_the_others_and_a_tensor_stands_alone(layered_run):
    data = update_ratio.prepare(layered_run(3, update_ratio=np.array([0.0, np.inf])))
    choices = update_ratio.choices(data)
    assert list(choices) == [TOP, "layer 2 ←", "layer 1 →", "layer 1 ←", "W", "U"]
    assert [name for name in choices[TOP].traces if name.endswith("beside")] == [
        "layer 2 ←, beside",
        "layer 1 →, beside",
        "layer 1 ←, beside",
    ]
    assert choices["U"].traces == ("U: ratio", "U: exactly 0", "U: not finite")
    live = update_ratio.live_of(data)
    assert live.traces["U: not finite"].arrays["x"].tolist() == [2]
    assert live.traces["W: exactly 0"].arrays["x"].tolist() == [2]
    assert update_ratio.words(data)[TOP] == "Moves by 0.0020 of its size: healthy."
    assert update_ratio.words(data)["U"] == "The newest ratio is ∞."
    assert update_ratio.words(data)["W"] == "It does not move."
    low, high = live.extents["yaxis"]
    assert low <= -4
    assert high >= -2, "the band is always to be seen"


def test_eigenvalues_keep_the_circle_and_the_last_finite_picture(run):
    far = np.array([[[3.0, 0.0], [0.0, 0.2]]])
    data = eigenvalues.prepare(run(3, eigenvalues=far))
    assert eigenvalues.words(data) == {"layer 1": "ρ(U) 3.00 (start 0.500), σ_max 0.500; 1 of 2 outside."}
    assert eigenvalues.live_of(data).extents == dict.fromkeys(("xaxis", "yaxis"), (-3.0, 3.0))
    broken = eigenvalues.prepare(run(3, eigenvalues=np.full((1, 2, 2), np.nan)))
    live = eigenvalues.live_of(broken)
    assert live.traces["now"].arrays["x"].tolist() == [0.3, 0.3]
    assert len(live.traces["not finite"].arrays["x"]) == 1
    assert live.extents["xaxis"][1] > 1
    assert eigenvalues.words(broken) == {"layer 1": "U is not finite: it has no eigenvalues."}


def test_the_horizon_in_words(run):
    assert horizon.words(horizon.prepare(run(3))) == {"layer 1": "2 of 4 steps; the far end receives 10⁻⁷."}
    cut = horizon.prepare(run(3, cut_off_steps=np.array([2.0]), far_ratio=np.array([0.0])))
    assert horizon.words(cut)["layer 1"] == "2 of 4 steps; the far end receives 0, 2 exactly 0."
    broken = horizon.prepare(run(3, memory_horizon=np.array([np.nan])))
    assert horizon.words(broken) == {"layer 1": "The newest gradient is not finite."}
    assert horizon.live_of(broken).traces["not finite"].arrays["x"].tolist() == [2]


def test_ridges_stand_at_doublings_and_a_later_frame_adds_what_is_missing(run):
    measured = run(17)
    live = weights_ridge.live_of(weights_ridge.FIGURE.prepare(measured))
    earlier = live.traces["U: earlier"].arrays
    assert sorted(set(earlier["customdata"])) == [0, 2, 4, 8, 16], "taken at every second update"
    bases = np.nanmin(np.where(np.isnan(earlier["x"]), np.inf, earlier["x"]).reshape(5, -1), axis=1)
    assert bases.tolist() == [0, 1, 2, 3, 4]
    assert np.isnan(earlier["y"]).sum() == 5, "each outline is closed by itself"
    names = ("weight_histogram", "weight_edges")
    late = {name: measured[name] for name in names}
    series = late["weight_histogram"]
    chosen = [0, *range(5, len(series))]  # as a frame does: update 0, and what is new since update 8
    late["weight_histogram"] = Series(series.spec, series.updates[chosen], series.values[chosen])
    part = weights_ridge.live_of(weights_ridge.FIGURE.prepare(Measurements(late))).traces["U: earlier"].arrays
    for key, values in part.items():
        whole = earlier[key][np.isin(earlier["customdata"], [0, 16])]
        assert np.array_equal(values, whole, equal_nan=True)


def test_answers_beside_what_they_should_be(run, layered_run):
    data = predictions.prepare(run(3))
    assert (data.along, data.size) == ("example", 3)
    assert predictions.words(data) == {"examples": "2 of 3 right."}
    several = predictions.prepare(layered_run(3))
    assert list(several.examples) == ["example 1", "example 2", "example 3"]
    assert predictions.words(several)["example 2"] == "0 of 4 right."
    broken = predictions.prepare(run(3, example_prediction=np.array([[1.0], [np.nan], [0.0]])))
    assert predictions.live_of(broken).traces["not finite"].arrays["x"].tolist() == [2]
    assert predictions.words(broken) == {"examples": "1 of 3 answers are not finite."}


def test_numbers_are_compared_by_their_distance(run):
    whole = run(3)
    shape = {"axes": ("example", "answer", "feature"), "shape": (3, 1, 2)}
    found = {}
    for name, number in (("example_prediction", 0.75), ("example_target", 0.5)):
        spec, updates, _ = whole[name]
        found[name] = Series(spec.model_copy(update=shape), updates, np.full((len(updates), 3, 1, 2), number))
    data = predictions.prepare(Measurements({**found, "example_counts": whole["example_counts"]}))
    assert predictions.words(data) == {f"examples, number {i}": "On the mean 0.25 off." for i in (1, 2)}


def test_two_errors_have_one_scale_and_its_ticks_are_their_own(run):
    data = loss.prepare(run(5, loss=1e21))._replace(share=False, metric_title="mean squared error")
    extents = loss.live_of(data).extents
    assert extents["yaxis"] == extents["yaxis2"]
    right = checked(loss.draw(data)).layout.yaxis2
    assert (right.type, right.tickmode) == ("log", "auto")
