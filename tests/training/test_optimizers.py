"""The whole loop, for every optimiser and clip rule that torch has, against autograd and torch.optim written out.

Independent of ours: an unrolled loop, parameter tensors one by one, torch's plain optimisers, torch.nn.utils' clipping.
The start and the batches are the run's own.
"""

import pytest
import torch
from torch.nn import functional as F
from torch.nn.utils import clip_grad_norm_, clip_grad_value_

from playground.training.config import RunConfig
from playground.training.loop import train
from playground.training.state import TrainingState

UPDATES = 20
PLAIN = {"foreach": False, "fused": False}
OPTIMIZERS = {
    "adam": lambda p, o: torch.optim.Adam(p, lr=o.learning_rate, **PLAIN),
    "adamw": lambda p, o: torch.optim.AdamW(p, lr=o.learning_rate, weight_decay=o.weight_decay, **PLAIN),
    "sgd": lambda p, o: torch.optim.SGD(p, lr=o.learning_rate, momentum=o.momentum, **PLAIN),
    "rmsprop": lambda p, o: torch.optim.RMSprop(p, lr=o.learning_rate, foreach=False),
}
CLIPS = {
    "none": ({"kind": "none"}, lambda _: None),
    "norm": ({"kind": "norm", "threshold": 0.05}, lambda p: clip_grad_norm_(p, 0.05, foreach=False)),
    "value": ({"kind": "value", "lo": -0.01, "hi": 0.01}, lambda p: clip_grad_value_(p, 0.01, foreach=False)),
    "per_parameter": (
        {"kind": "per_parameter", "threshold": 0.02},
        lambda p: [clip_grad_norm_(one, 0.02, foreach=False) for one in p],
    ),
}


def trained_by_autograd(config, clip):
    source = TrainingState(config)
    weights = {name: w.clone().requires_grad_() for name, w in source.weights.views.items()}
    optimizer = OPTIMIZERS[config.optimizer.kind](list(weights.values()), config.optimizer)
    losses = []
    for _ in range(config.updates):
        x, (targets,), _ = source.batch()
        h = torch.zeros(config.batch, config.hidden, dtype=torch.float64)
        for x_t in x:
            h = torch.tanh(x_t @ weights["W"].T + h @ weights["U"].T + weights["b"])
        y = h @ weights["V"].T + weights["c"]
        loss = F.mse_loss(y, targets) if config.task.kind == "adding" else F.cross_entropy(y, targets)
        optimizer.zero_grad()
        loss.backward()
        clip(list(weights.values()))
        optimizer.step()
        losses.append(loss.item())
    return weights, losses


@pytest.mark.parametrize("task", ["recall", "adding"])
@pytest.mark.parametrize("clip", CLIPS)
@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_twenty_updates_are_those_of_torch(kind, clip, task):
    data, by_torch = CLIPS[clip]
    config = RunConfig(
        task={"kind": task, "length": 8}, hidden=10, batch=6, updates=UPDATES, precision="float64",
        optimizer={"kind": kind, "learning_rate": 0.02}, clip=data,
    )  # fmt: skip
    state = TrainingState(config)
    losses = [event.values["loss"] for event in train(config, state) if "loss" in getattr(event, "values", {})]
    expected, expected_losses = trained_by_autograd(config, by_torch)
    assert losses == pytest.approx(expected_losses, rel=1e-10)
    for name, w in expected.items():
        assert not torch.equal(w, state.initial.views[name])
        torch.testing.assert_close(state.weights.views[name], w.detach(), rtol=1e-10, atol=1e-10)
