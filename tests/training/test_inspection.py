"""What the page says about an initialiser before anyone trains: the figures of update 0."""

import math

import numpy as np
import pytest
import torch

from playground.core.reach import reach
from playground.training.config import RunConfig
from playground.training.inspection import Inspection, factor_per_step, inspect_config
from playground.training.loop import train
from playground.training.presets import PRESETS
from playground.training.state import TrainingState


@pytest.mark.parametrize("key", ["P1", "P2b", "P4"])
def test_it_shows_what_update_0_will_show(key):
    config = PRESETS[key].config
    seen = inspect_config(config)
    first = next(iter(train(config))).values
    np.testing.assert_array_equal(seen.total_gradient, first["total_gradient"])
    np.testing.assert_array_equal(seen.direct_gradient, first["direct_gradient"])
    assert seen.loss == first["loss"]
    U = TrainingState(config).weights.views["U"].double().numpy()
    assert seen.spectral_radius == pytest.approx(np.abs(np.linalg.eigvals(U)).max())
    assert seen.sigma_max == pytest.approx(np.linalg.svd(U, compute_uv=False)[0])
    assert seen.bound == pytest.approx(seen.sigma_max)  # γ = 1 for tanh and identity
    (total,) = np.asarray(first["total_gradient"])
    assert seen.factor == pytest.approx((total[0] / total[-1]) ** (1 / 29), rel=1e-6)
    assert seen.factor <= seen.bound * (1 + 1e-6)
    assert seen.steps == 30
    assert seen.baseline == pytest.approx(math.log(4))
    assert seen.seconds_per_update > 0


@pytest.mark.parametrize("key", PRESETS)
def test_every_preset_can_be_looked_at(key):
    config = PRESETS[key].config
    seen = inspect_config(config)
    assert Inspection.model_validate_json(seen.model_dump_json()).model_dump_json() == seen.model_dump_json()
    overflows = key == "P7f"  # which ends at update 0, and is there for that
    assert math.isfinite(seen.loss) is not overflows
    assert seen.parameter_count == sum(seen.parameters.values())
    assert len(seen.total_gradient) == len(seen.rows) == len(config.network.rows)
    if config.architecture.recurrent and not overflows:
        assert 1 <= seen.reach <= seen.steps <= config.network.steps
    shown = config.test_task.view_input(np.array(seen.examples["example_input"][0]))
    assert shown
    assert config.test_task.view_output(np.array(seen.examples["example_target"][0]))


def test_with_two_passes_the_one_that_reads_forward_is_judged():
    """The other's gradient grows towards step 1, where it ends: its factor would be above 1."""
    seen = inspect_config(PRESETS["P10b"].config)
    (forward, backward) = np.array(seen.total_gradient)
    assert seen.factor == pytest.approx((forward[0] / forward[-1]) ** (1 / 29), rel=1e-6)
    assert backward[0] > forward[0]


def test_parameters_are_counted_with_one_bias():
    config = RunConfig(hidden=10, task="adding")
    seen = inspect_config(config)
    assert seen.parameters == {"W": 20, "U": 100, "b": 10, "V": 10, "c": 1}
    assert seen.parameter_count == 141


def test_p1_reaches_back_about_half_of_its_steps_and_the_cure_all():
    assert 10 <= inspect_config(PRESETS["P1"].config).reach <= 17  # PRESETS: 13 of 30
    assert inspect_config(PRESETS["P2b"].config).reach == 30
    assert inspect_config(PRESETS["P4"].config).reach == 30  # 0.8^29 = 1.5e-3


@pytest.mark.parametrize("gain", [0.5, 0.8, 1.0, 1.5])
def test_reach_and_factor_of_a_straight_line(gain):
    total = [gain ** (29 - t) for t in range(30)]
    assert factor_per_step(total) == pytest.approx(gain, rel=1e-9)
    assert reach("layer 1", np.array(total), np.empty(0)).steps == sum(size >= 1e-3 for size in total)


def test_a_network_that_overflows_can_be_looked_at():
    seen = inspect_config(PRESETS["P4"].config.patched({"cell.recurrent_init.gain": 10.0, "task.length": 100}))
    assert not math.isfinite(seen.total_gradient[0][0])
    assert Inspection.model_validate_json(seen.model_dump_json()).steps == 100


def test_factor_of_nothing_is_not_a_number():
    assert math.isnan(factor_per_step([0.0, 0.0, 1.0]))
    assert math.isnan(factor_per_step([1.0, 1.0, math.inf]))
    assert math.isnan(factor_per_step([math.nan, math.nan, math.nan]))
    assert factor_per_step([0.0, 0.25, 1.0]) == pytest.approx(0.25)


def test_looking_changes_nothing():
    config = PRESETS["P1"].config.patched({"updates": 5})
    before = [event.values["loss"] for event in list(train(config))[:5]]
    inspect_config(config)
    assert [event.values["loss"] for event in list(train(config))[:5]] == before
    assert torch.equal(TrainingState(config).weights.flat, TrainingState(config).initial.flat)
