"""What each figure shows of what was measured: nothing non-finite is dropped, each is compared to the right thing."""

import numpy as np
import pytest

from playground.figures import clipping, gradient_history, gradient_now, loss, weights
from playground.figures.figure import grid, kept


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
    assert gradient_now.words(data) == "Not finite at 4 of 4 steps."


def test_the_ghost_is_update_zero_and_the_words_compare_both_ends(run):
    data = gradient_now.prepare(run(3, total_gradient=np.array([2e-7, 1e-5, 1e-2, 2.0])))
    assert data.start.tolist() == [1e-3, 1e-2, 1e-1, 1.0]
    assert gradient_now.words(data) == "Step 1 receives 10⁻⁷ of what step 4 receives."


@pytest.mark.parametrize(
    ("norms", "words"),
    [
        ([0.0, 0.0, 1.0, 1.0], "Exactly 0 at 2 of 4 steps."),
        ([0.0, 0.0, 0.0, 0.0], "Exactly 0 at step 4: there is no signal at all."),
    ],
)
def test_zeros_are_said(run, norms, words):
    assert gradient_now.words(gradient_now.prepare(run(2, total_gradient=np.array(norms)))) == words


def test_colour_is_relative_to_the_last_step_at_update_zero(run):
    data = gradient_history.prepare(run(2, total_gradient=np.array([1e5, 1.0, 0.0, np.inf])))
    assert data.decades[0].tolist() == [-3, -2, -1, 0]
    assert data.decades[1, :2].tolist() == [5, 0]
    assert np.isneginf(data.decades[1, 2])
    assert np.isnan(data.decades[1, 3])
    live = gradient_history.live_of(data)
    assert np.isnan(live.traces["ratio"].arrays["z"][1, 2:]).all()
    assert live.traces["unplaced"].arrays["z"][1, 2:].tolist() == [0, 1]
    assert live.traces["exactly 0"].arrays["x"].tolist() == [3]
    assert live.traces["not finite"].arrays["x"].tolist() == [4]
    assert gradient_history.words(data) == "Of 4 steps: 1 not finite, 1 exactly 0, 1 above 10³."


@pytest.mark.parametrize("reference", [0.0, np.nan, np.inf])
def test_a_start_without_a_reference_still_draws(run, reference):
    data = gradient_history.prepare(run(1, total_gradient=np.array([1.0, 1.0, 1.0, reference])))
    assert data.reference == 1.0


def test_many_marks_are_thinned_across(run):
    data = gradient_history.prepare(run(2))._replace(length=100, decades=np.full((2, 100), -np.inf))
    assert 10 <= len(gradient_history.live_of(data).traces["exactly 0"].arrays["x"]) / 2 <= 15


def test_the_metric_in_words(run):
    data = loss.prepare(run(3))
    assert loss.metric_words(data) == "50 %, guessing is 25 %"
    error = data._replace(share=False, metric_title="mean squared error")
    assert loss.metric_words(error) == "mean squared error 0.50, guessing is 0.25"
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


def test_weights_tell_out_of_range_and_not_finite_apart(run):
    counts = np.array([[0, 0, 0, 0, 0, 4, 2], [1, 0, 5, 0, 2, 0, 0]], dtype=float)
    data = weights.prepare(run(3, weight_histogram=counts))
    assert list(data.tensors) == ["U", "W"]
    assert weights.words(data) == {
        "U": "5 numbers between −1.0 and 1.0, 1 below, 2 above.",
        "W": "0 numbers, 4 NaN, 2 infinite.",
    }
    live = weights.live_of(data)
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
