"""What U lets expect, beside what is measured: closed forms on networks that train, and each pass from its own end."""

import numpy as np
import pytest

from playground.core.measurement import Measurements, MeasurementSpec, Row, Series
from playground.figures import decay, eigenvalues
from playground.training import probes
from playground.training.events import Update
from playground.training.loop import train
from playground.training.presets import PRESETS

SMALL = {"hidden": 8, "task.length": 12, "updates": 2, "precision": "float64"}


def measured(preset, **changes):
    config = PRESETS[preset].config.patched({**SMALL, **changes})
    rows = [Row(event.update, 0.0, event.values) for event in train(config) if isinstance(event, Update)]
    return Measurements.of(probes.specs(config), rows)


def test_a_linear_network_decays_as_its_matrix_says():
    """U = 0.8·Q: gradient, Jacobian, (γρ)ᵏ and the bound (γσ_max)ᵏ are one line."""
    run = measured("P4")
    data = decay.prepare(run)
    live = decay.live_of(data)
    exact = 0.8 ** np.arange(12)
    for name in ("bound", "predicted", "jacobian", "gradient"):
        assert live.traces[name].arrays["x"].tolist() == (-np.arange(12.0)).tolist()
        assert live.traces[name].arrays["y"] == pytest.approx(exact, rel=1e-10), name
    assert decay.words(data) == {"layer 1": "Gradient ×0.800 a step back; γ·ρ(U) 0.800, γ·σ_max 0.800."}
    assert eigenvalues.words(eigenvalues.prepare(run)) == {
        "layer 1": "ρ(U) 0.800 (start 0.800), σ_max 0.800; 0 of 8 outside."
    }


def test_what_is_measured_stays_under_the_bound():
    """γ of a sigmoid is 1/4: that it is taken into account is to be seen."""
    (found,) = decay.prepare(measured("P1s")).passes.values()
    bound = found.sigma ** np.arange(12)
    assert found.sigma < 0.5
    assert (found.jacobian <= bound * (1 + 1e-9)).all()
    assert (found.gradient <= bound * (1 + 1e-9)).all()
    assert found.rho <= found.sigma


def test_gates_let_no_bound_hold_and_the_picture_says_so():
    data = decay.prepare(measured("P3"))
    live = decay.live_of(data)
    assert len(live.traces["bound"].arrays["y"]) == len(live.traces["predicted"].arrays["y"]) == 0
    assert np.isfinite(live.traces["jacobian"].arrays["y"]).all()
    assert decay.words(data)["layer 1"].endswith("With gates U gives no bound.")


def series(name, values, axes, labels, **more):
    values = np.array(values, dtype=float)[None]
    spec = MeasurementSpec(
        name=name, title="t", description="d", unit="1", axes=axes, shape=values.shape[1:], labels=labels, **more
    )
    return Series(spec, np.array([0]), values)


def test_encoder_decoder_and_each_direction_count_from_their_own_end():
    """Two steps of encoder, three of decoder; the encoder's way back begins with step 1, as its last."""
    norms = [[0.25, 1.0, 0.01, 0.1, 1.0], [1.0, 0.5, 0.0, 0.0, 0.0]]
    rows = ("layer 1 →", "layer 1 ←")
    time = {"axes": ("layer", "time"), "labels": rows, "handover": 2}
    found = {
        "jacobian_norm": series("jacobian_norm", norms, **time),
        "total_gradient": series("total_gradient", np.multiply(norms, 4), **time),
        "spectral_radius": series("spectral_radius", [1.0] * 3, ("pass",), (*rows, "layer 1 →, decoder")),
    }
    passes = decay.prepare(Measurements(found)).passes
    assert list(passes) == ["layer 1 →, decoder", "layer 1 ←", "layer 1 →"]
    expected = {"layer 1 →, decoder": [1.0, 0.1, 0.01], "layer 1 ←": [1.0, 0.5], "layer 1 →": [1.0, 0.25]}
    for label, factors in expected.items():
        assert passes[label].jacobian.tolist() == factors
        assert passes[label].gradient.tolist() == factors


def test_a_lower_layer_is_told_something_new_at_every_step_so_its_gradient_is_not_compared(layered_run):
    passes = decay.prepare(layered_run(3)).passes
    assert {label: len(found.gradient) for label, found in passes.items()} == {
        "layer 2 ←": 1,
        "layer 2 →": 4,
        "layer 1 ←": 0,
        "layer 1 →": 0,
    }


def test_what_is_exactly_0_or_not_finite_is_marked_where_it_is(run):
    data = decay.prepare(run(3, jacobian_norm=np.array([[np.nan, 0.0, 0.5, 1.0]])))
    live = decay.live_of(data)
    assert live.traces["exactly 0"].arrays["x"].tolist() == [-2]
    assert live.traces["not finite"].arrays["x"].tolist() == [-3]
    assert decay.words(data) == {"layer 1": "Not finite at 1 of 4 steps."}
    zero = decay.prepare(run(3, total_gradient=np.array([0.0, 0.0, 0.5, 1.0])))
    assert decay.words(zero)["layer 1"].startswith("Gradient exactly 0 at 2 or more steps back;")


def test_an_exploding_bound_does_not_flatten_what_is_measured(run):
    data = decay.prepare(run(3, jacobian_bound=np.array([1e9])))
    assert decay.live_of(data).extents["yaxis"][1] <= 2


def test_one_step_has_no_decay():
    one = decay.Decay(*[np.ones(1)] * 3, 0.5, 0.5)
    assert decay.sentence(one) == "One step: nothing goes back."
