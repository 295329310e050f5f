"""The training loop: forward, loss, backward, clip, update, measure. It yields, and never writes."""

import io
from collections.abc import Iterator

import torch

from playground.core.measurement import Value
from playground.core.seeds import generator
from playground.diagnosis import not_finite
from playground.diagnosis.alarm import Alarm
from playground.nn.norms import norms, per_sample_norm
from playground.nn.parameters import Parameters
from playground.tasks import Batch
from playground.training import probes, watch
from playground.training.config import RunConfig
from playground.training.events import End, Update

HELD_OUT = 256
"""Held-out sequences; with a share of 1/4 right, one standard error is 2.7 %."""


class TrainingState:
    """Everything that the next update depends on. After an `Update` it may be dumped, and loaded elsewhere."""

    def __init__(self, config: RunConfig) -> None:
        self.config = config
        self.dtype = getattr(torch, config.precision)
        self.initial = Parameters.draw(
            config.network.tensors(), lambda name: generator(config.seed, f"weights {name}"), self.dtype
        )
        self.weights = self.initial.clone()
        self.gradient = Parameters(torch.zeros_like(self.weights.flat), self.weights.shapes)
        self.weights.flat.grad = self.gradient.flat
        self.optimizer = config.optimizer.build(self.weights.flat)
        self.data = generator(config.seed, "training data")
        self.held_out = self._cast(config.task.sample(HELD_OUT, generator(config.seed, "held-out data")))
        self.update = 0
        self.alarmed = False
        self.diverged = False

    def batch(self) -> Batch:
        """The next training batch."""
        return self._cast(self.config.task.sample(self.config.batch, self.data))

    def dump(self) -> bytes:
        """A checkpoint: weights, optimiser, generator, position."""
        buffer = io.BytesIO()
        torch.save(
            {
                "weights": self.weights.flat,
                "optimizer": self.optimizer.state_dict(),
                "data": self.data.get_state(),
                "update": self.update,
                "alarmed": self.alarmed,
                "diverged": self.diverged,
            },
            buffer,
        )
        return buffer.getvalue()

    def load(self, data: bytes) -> None:
        """Goes back to a checkpoint of the same config; the numbers that follow are the same bits."""
        saved = torch.load(io.BytesIO(data), weights_only=True)
        self.weights.flat.copy_(saved["weights"])
        self.optimizer.load_state_dict(saved["optimizer"])
        self.data.set_state(saved["data"])
        self.update = saved["update"]
        self.alarmed = saved["alarmed"]
        self.diverged = saved["diverged"]

    def _cast(self, batch: Batch) -> Batch:
        targets = batch.targets
        return Batch(batch.x.to(self.dtype), targets.to(self.dtype) if targets.is_floating_point() else targets)


def train(config: RunConfig, state: TrainingState | None = None) -> Iterator[Update | Alarm | End]:
    """Trains `config` and yields what happens: an `Update` for each, the first `Alarm` before its update, one `End`.

    `list(train(config))` is a whole run. With `state` it goes on from there. Nothing here waits, writes or reads a
    clock.
    """
    state = state or TrainingState(config)
    network, weights, due = config.network, state.weights, _Schedule(config)
    before = weights.clone()
    while state.update < config.updates and not state.diverged:
        update = state.update
        before.flat.copy_(weights.flat)
        batch = state.batch()

        passed = network.forward_backward(weights.views, batch.x, batch.targets)
        raw_norms = norms(passed.gradients, weights.dims)
        clipped = config.clip.clip(passed.gradients, weights.views, raw_norms, weights.dims)
        for name, g in clipped.items():
            state.gradient.views[name].copy_(g)
        state.optimizer.step()

        step = probes.Step(passed, per_sample_norm(passed.states), raw_norms, norms(clipped, weights.dims), weights)
        values = due.measure(update, probes.Moment(config, network, state.held_out, state.initial, before, step))
        finite = watch.is_finite(step)
        found = None if finite or state.alarmed else watch.first_non_finite(passed, clipped, weights.views)
        state.update += 1
        state.alarmed |= found is not None
        state.diverged = not finite and not weights.flat.isfinite().all()
        if found:
            yield not_finite.alarm(update, found)
        yield Update(update, values)
    if state.diverged:
        update = state.update - 1
        yield End("diverged", update, f"Update {update} left weights that are not finite. Training ends here.")
        return
    final = probes.Moment(config, network, state.held_out, state.initial, weights, None)
    yield Update(config.updates, due.measure(config.updates, final))
    yield End("finished", config.updates, f"All {config.updates:,} updates are done.")


class _Schedule:
    """Which measurement is due at which update."""

    def __init__(self, config: RunConfig) -> None:
        self._probes = [(probe, probe.specs(config)) for probe in (cls() for cls in probes.registry)]

    def measure(self, update: int, moment: probes.Moment) -> dict[str, Value]:
        """The values that are due. After the last update, all that can be seen in the weights alone."""
        values: dict[str, Value] = {}
        for probe, specs in self._probes:
            if moment.step is None and probe.needs_step:
                continue
            wanted = [s.name for s in specs if _is_due(s.every, update) or (moment.step is None and s.every)]
            if wanted:
                taken = probe.measure(moment)
                values.update({name: taken[name] for name in wanted})
        return values


def _is_due(every: int, update: int) -> bool:
    return update % every == 0 if every else update == 0
