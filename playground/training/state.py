"""The state of training: everything that the next update depends on, to be kept and gone back to."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from playground.core.measurement import Value
from playground.core.seeds import generator
from playground.diagnosis.alarm import Alarm, Cleared
from playground.diagnosis.diagnose import Diagnosis
from playground.nn.parameters import Parameters
from playground.tasks import Batch
from playground.training import probes
from playground.training.config import RunConfig
from playground.training.data import Data, device_of
from playground.training.live_changes import Intervention, rescaled, trains_alike
from playground.training.probes import turn
from playground.training.stopping import solved_by


class TrainingState:
    """Everything that the next update depends on. After an `Update` it may be dumped, and loaded elsewhere.

    `plan` holds the run's interventions, oldest first, those still to come too; `config` is what is in force. Until
    `go_on`, an update, nothing that would stop the run does: whoever resumes it has seen that.
    """

    def __init__(self, config: RunConfig, interventions: Sequence[Intervention] = ()) -> None:
        self.began_as = config
        self.config = config
        self.plan = list(interventions)
        self.obeyed = 0  # of the plan
        self.network = config.network
        self.dtype = getattr(torch, config.precision)
        self.device = device_of(config)
        self.initial = drawn(config)
        self.weights = self.initial.clone()
        self.gradient = Parameters(torch.zeros_like(self.weights.flat), self.weights.shapes)
        self.weights.flat.grad = self.gradient.flat
        self.optimizer = config.optimizer.build(self.weights.flat)
        self.data = Data(config)
        self.carried: list[tuple[Tensor, ...]] | None = None  # a stream's states after the last window
        self.moved: Tensor | None = None  # what an update added to all weights, for `turn`
        self.diagnosis = Diagnosis(config, probes.specs(config))
        self.update = 0
        self.alarmed = False
        self.diverged = False
        self.solved = False  # at the last test
        self.stop = ""  # why it ends here, although it could go on
        self.go_on = -1

    def obey(self) -> list[Cleared]:
        """Makes the changes that come before the next update. What stood until then is over, and looked for anew."""
        over: list[Cleared] = []
        while self.obeyed < len(self.plan) and self.plan[self.obeyed].update <= self.update:
            change, old = self.plan[self.obeyed], self.config
            self.config = old.patched(change.changes)
            self.network = self.config.network
            factor, names = rescaled(old, self.config)
            for name in names:
                self.weights.views[name].mul_(factor)
            if self.config.stop != old.stop:
                self.solved = False  # what is solved already is to stop at the next test
            if not trains_alike(change.changes):
                over += self.diagnosis.change(self.update, self.config, change.sentence, scaled=bool(names))
            self.obeyed += 1
        return over

    def batch(self) -> Batch:
        """The next training batch."""
        return self.data.batch(self.config)

    def forced(self, batch: Batch) -> Tensor | None:
        """Where a network that reads its own answers is given the true ones: (K, N)."""
        return self.data.forced(self.config, self.update, batch)

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
            **self.data.snapshot(),
            "carried": self.carried,  # written anew by each window, never in place
            "moved": self.moved,  # written anew, never in place
            "update": self.update,
            "alarmed": self.alarmed,
            "diverged": self.diverged,
            "solved": self.solved,
            "stop": self.stop,
            "changes": self.config.difference(self.began_as),
            "obeyed": self.obeyed,
            "diagnosis": self.diagnosis.dump(),
        }

    def see_stop(
        self, update: int, values: Mapping[str, Value], findings: Sequence[Alarm | Cleared], lost: bool
    ) -> None:
        """Whether the run ends with this update because that was asked for."""
        solved = solved_by(self.config, values)
        said = self.config.stop.met(update, bool(solved) and not self.solved, lost, findings)
        self.stop = said if update > self.go_on else ""
        self.solved = self.solved if solved is None else solved

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
        self.data.restore(saved)
        self.carried = saved["carried"]
        self.moved = None if saved["moved"] is None else saved["moved"].to(self.dtype)
        self.update = saved["update"]
        self.alarmed = saved["alarmed"]
        self.diverged = saved["diverged"]
        # Checkpoints of the first version know of no changes, and of no stopping.
        self.solved, self.stop = saved.get("solved", False), saved.get("stop", "")
        self.config, self.obeyed = self.began_as.patched(saved.get("changes", {})), saved.get("obeyed", 0)
        self.network = self.config.network
        self.diagnosis.load(saved["diagnosis"], self.config)


def drawn(config: RunConfig) -> Parameters:
    """The weights with which a run of this config begins."""
    return Parameters.draw(
        config.network.tensors(),
        lambda name: generator(config.seed, f"weights {name}"),
        getattr(torch, config.precision),
        device_of(config),
    )


def packed(snapshot: dict[str, Any]) -> bytes:
    """A snapshot as what `load` reads."""
    buffer = io.BytesIO()
    torch.save(snapshot, buffer)
    return buffer.getvalue()


def _copied(moments: Mapping[str, Any]) -> dict[str, Any]:
    """What an optimiser remembers of one tensor."""
    return {name: value.clone() if isinstance(value, Tensor) else value for name, value in moments.items()}
