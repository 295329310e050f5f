"""The training loop: forward, loss, backward, clip, update, measure. It yields, and never writes."""

import io
from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import Tensor

from playground.core.errors import PlaygroundError
from playground.core.measurement import Value
from playground.core.seeds import generator
from playground.diagnosis import not_finite
from playground.diagnosis.diagnose import Diagnosis
from playground.nn.norms import norms, per_sample_norm
from playground.nn.parameters import Parameters
from playground.tasks import Batch
from playground.training import probes, watch
from playground.training.config import RunConfig
from playground.training.events import End, Event, Update
from playground.training.probes import turn

HELD_OUT = 256
"""Held-out sequences; with a share of 1/4 right, one standard error is 2.7 %."""


class TrainingState:
    """Everything that the next update depends on. After an `Update` it may be dumped, and loaded elsewhere."""

    def __init__(self, config: RunConfig) -> None:
        self.config = config
        self.network = config.network
        self.dtype = getattr(torch, config.precision)
        self.device = device_of(config)
        self.initial = Parameters.draw(
            self.network.tensors(), lambda name: generator(config.seed, f"weights {name}"), self.dtype, self.device
        )
        self.weights = self.initial.clone()
        self.gradient = Parameters(torch.zeros_like(self.weights.flat), self.weights.shapes)
        self.weights.flat.grad = self.gradient.flat
        self.optimizer = config.optimizer.build(self.weights.flat)
        self.streams = {purpose: generator(config.seed, purpose) for purpose in STREAMS}
        self.memory: Tensor | None = None  # of a stream's data
        self.carried: list[tuple[Tensor, ...]] | None = None  # a stream's states after the last window
        held_out = config.test_task.sample(HELD_OUT, generator(config.seed, "held-out data"))
        self.held_out = self._asked(held_out, generator(config.seed, "held-out time"))
        self.moved: Tensor | None = None  # what an update added to all weights, for `turn`
        self.diagnosis = Diagnosis(config, probes.specs(config))
        self.update = 0
        self.alarmed = False
        self.diverged = False

    def batch(self) -> Batch:
        """The next training batch."""
        config, data = self.config, self.streams["training data"]
        if config.arrival == "stream":
            batch, self.memory = config.task.window(config.batch, data, self.memory)
        else:
            batch = config.task.sample(config.batch, data)
        return self._asked(batch, self.streams["time"])

    def forced(self, batch: Batch) -> "Tensor | None":
        """Where a network that reads its own answers is given the true ones: (K, N)."""
        share = self.config.architecture.forcing(self.update / self.config.updates)
        if share is None:
            return None
        drawn = torch.rand(batch.targets.shape[:2], generator=self.streams["teacher forcing"])
        return (drawn < share).to(self.device)

    def learning_rate(self) -> float:
        """η of the next update, which the optimiser is told."""
        rate = self.config.optimizer.learning_rate * self.config.schedule.factor(self.update, self.config.updates)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        return rate

    def snapshot(self) -> dict[str, Any]:
        """Everything that the next update depends on, as copies that later updates leave alone."""
        groups = self.optimizer.state_dict()["param_groups"]
        moments = self.optimizer.state.get(self.weights.flat, {})
        return {
            "weights": self.weights.flat.clone(),
            "optimizer": {"state": {0: _copied(moments)} if moments else {}, "param_groups": groups},
            "streams": {purpose: stream.get_state() for purpose, stream in self.streams.items()},
            "memory": None if self.memory is None else self.memory.clone(),
            "carried": self.carried,  # written anew by each window, never in place
            "moved": self.moved,  # written anew, never in place
            "update": self.update,
            "alarmed": self.alarmed,
            "diverged": self.diverged,
            "diagnosis": self.diagnosis.dump(),
        }

    def turn(self, before: Tensor) -> float:
        """Cosine between what this update added to the weights and what the last one did; 0 where one added nothing.

        To be told of each update; known at every fifth, so that only two of five have to be kept.
        """
        place = self.update % turn.EVERY
        if place not in (0, turn.EVERY - 1):
            return 0.0
        last, self.moved = self.moved, self.weights.flat - before
        if place or last is None:
            return 0.0
        lengths = self.moved.norm().item() * last.norm().item()
        return torch.dot(self.moved, last).item() / lengths if lengths else 0.0

    def dump(self) -> bytes:
        """A checkpoint: weights, optimiser, generators, position."""
        return packed(self.snapshot())

    def load(self, data: bytes) -> None:
        """Goes back to a checkpoint of the same config; the numbers that follow are the same bits."""
        self.restore(torch.load(io.BytesIO(data), weights_only=True, map_location=self.device))

    def restore(self, saved: Mapping[str, Any]) -> None:
        """Goes back to a snapshot, whose tensors become this state's own."""
        self.weights.flat.copy_(saved["weights"])
        self.optimizer.load_state_dict(saved["optimizer"])
        for purpose, stream in self.streams.items():
            stream.set_state(saved["streams"][purpose].cpu())
        self.memory = None if saved["memory"] is None else saved["memory"].cpu()
        self.carried = saved["carried"]
        self.moved = None if saved["moved"] is None else saved["moved"].to(self.dtype)
        self.update = saved["update"]
        self.alarmed = saved["alarmed"]
        self.diverged = saved["diverged"]
        self.diagnosis.load(saved["diagnosis"])

    def _asked(self, batch: Batch, order: "torch.Generator") -> Batch:
        """What this run asks of a batch, in its numbers: which answers, in which order of time."""
        x, targets, counts = batch
        if self.config.shuffle_time:
            places = torch.rand(x.shape[:2], generator=order).argsort(0)
            x = x.gather(0, places[..., None].expand(x.shape))
        if self.config.one_answer and len(targets) > 1:
            targets, counts = targets[-1:], None if counts is None else counts[-1:]
        elif self.config.architecture.last_only:
            counts = last_counted(torch.ones(targets.shape[:2], dtype=x.dtype) if counts is None else counts)
        numbers = targets.to(self.device, self.dtype) if targets.is_floating_point() else targets.to(self.device)
        counts = None if counts is None else counts.to(self.device, self.dtype)
        return Batch(x.to(self.device, self.dtype), numbers, counts)


def packed(snapshot: dict[str, Any]) -> bytes:
    """A snapshot as what `load` reads."""
    buffer = io.BytesIO()
    torch.save(snapshot, buffer)
    return buffer.getvalue()


def _copied(moments: Mapping[str, Any]) -> dict[str, Any]:
    """What an optimiser remembers of one tensor."""
    return {name: value.clone() if isinstance(value, Tensor) else value for name, value in moments.items()}


STREAMS = ("training data", "time", "teacher forcing")
"""What a run draws as it goes, each from a generator of its own: one choice never changes the numbers of another."""


def device_of(config: RunConfig) -> torch.device:
    """Raises PlaygroundError where there is no such device."""
    if config.device == "cuda" and not torch.cuda.is_available():
        raise PlaygroundError("This machine has no GPU that torch can use. Write 'cpu' for the device.")
    return torch.device(config.device)


def last_counted(counts: Tensor) -> Tensor:
    """Of each sequence the last answer that counts: (K, N) with at most one 1 in each column."""
    from_the_end = counts.flip(0).cumsum(0).flip(0)
    return counts * (from_the_end == 1)


def one_update(state: TrainingState) -> probes.Step:
    """The next batch, its gradients, and the weights moved. What `train` and a replay share; counts nothing."""
    config, network, weights = state.config, state.network, state.weights
    batch, rate = state.batch(), state.learning_rate()
    for passed in config.learning.passes(network, weights.views, batch, state.forced(batch), state.carried):
        raw_norms = norms(passed.gradients, weights.dims)
        clipped = config.clip.clip(passed.gradients, weights.views, raw_norms, weights.dims)
        for name, g in clipped.items():
            state.gradient.views[name].copy_(g)
        state.optimizer.step()
    if config.arrival == "stream":
        state.carried = [tuple(s[-1].clone() for s in tape.states) for tape in passed.forward.tapes]
    state_norms = probes.on_axis(network, [per_sample_norm(back.total[0]) for back in passed.passes])
    return probes.Step(batch, passed, state_norms, raw_norms, norms(clipped, weights.dims), weights, rate)


def train(config: RunConfig, state: TrainingState | None = None) -> Iterator[Event]:
    """Trains `config` and yields what happens: an `Update` for each, what it raises or clears before it, one `End`.

    `list(train(config))` is a whole run. With `state` it goes on from there. Nothing here waits, writes or reads a
    clock.
    """
    state = state or TrainingState(config)
    network, weights, due = state.network, state.weights, _Schedule(config)
    before = weights.clone()
    while state.update < config.updates and not state.diverged:
        update = state.update
        before.flat.copy_(weights.flat)
        step = one_update(state)
        clipped = {name: state.gradient.views[name] for name in step.passed.gradients}
        step = step._replace(turn=state.turn(before.flat))
        values = due.measure(update, probes.Moment(config, network, state.held_out, state.initial, before, step))
        finite = watch.is_finite(step)
        found = [] if finite or state.alarmed else watch.non_finite(network, step, clipped)
        findings = state.diagnosis.see(update, values)
        state.update += 1
        state.alarmed |= bool(found)
        state.diverged = not finite and not weights.flat.isfinite().all()
        yield from findings
        if found:
            yield not_finite.alarm(config, update, found, state.diagnosis.past)
        yield Update(update, values)
    if state.diverged:
        update = state.update - 1
        yield End("diverged", update, f"Update {update} left weights that are not finite. Training ends here.")
        return
    final = probes.Moment(config, network, state.held_out, state.initial, weights, None)
    values = due.measure(config.updates, final)
    yield from state.diagnosis.see(config.updates, values)
    yield Update(config.updates, values)
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
