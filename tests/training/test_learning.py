"""Learning that takes longer: the adding problem at T = 50, on one seed. Always answering 1 scores 1/6."""

import pytest

from playground.training.config import RunConfig
from playground.training.events import Update
from playground.training.loop import train

ADDING = RunConfig(
    task={"kind": "adding", "length": 50}, hidden=64, batch=64, updates=3000,
    optimizer={"kind": "adam", "learning_rate": 1e-3}, clip={"kind": "norm", "threshold": 1.0},
)  # fmt: skip


def held_out_errors(config):
    for event in train(config):
        if isinstance(event, Update) and "test_metric" in event.values:
            yield event.values["test_metric"]


@pytest.mark.slow
def test_relu_and_identity_solve_adding():
    config = ADDING.patched({"cell.activation.kind": "relu", "cell.recurrent_init.kind": "identity"})
    assert any(error < 0.01 for error in held_out_errors(config))  # stops at the first


@pytest.mark.slow
def test_torchs_default_tanh_stays_on_the_plateau():
    """All of torch.nn.RNN's own: W from U(±1/√H) as well as U, and two biases of that kind, which add up.

    With a larger W (Xavier) it leaves the plateau within 2,300 updates.
    """
    H = ADDING.hidden
    as_torch_draws = {
        "cell.input_init.kind": "torch",
        "cell.input_init.gain": (ADDING.task.inputs / H) ** 0.5,
        "cell.bias_init.kind": "normal",
        "cell.bias_init.std": (2 / (3 * H)) ** 0.5,
    }
    *_, last = held_out_errors(ADDING.patched(as_torch_draws))
    assert last >= 0.6 / 6
