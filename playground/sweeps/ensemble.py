"""Networks of one shape that train side by side, each as it would train alone, and what is measured of each."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from playground.nn.clipping import Untouched
from playground.nn.parameters import Parameters
from playground.sweeps.ledger import Ledger, changed
from playground.sweeps.member import Member
from playground.sweeps.signals import matrices, reached
from playground.sweeps.together import Together, Took
from playground.training.config import RunConfig
from playground.training.loop import one_update
from playground.training.probes import held_out
from playground.training.probes.base import array, looks
from playground.training.state import TrainingState


class Ensemble:
    """Networks whose configs have one shape: what differs is initialisers, clip rule, optimiser and seed.

    float32 trains as one tensor program, which agrees with a single run to 1e-5 over the first 50 updates. A product of
    matrices is summed in another order for one network than for several, so that other precisions are trained network
    by network: float64 is to be the single run's to the bit, and 16 bits would show each rounding.
    """

    def __init__(self, configs: Sequence[RunConfig]) -> None:
        self.updates = configs[0].updates
        self.done = 0
        at_once = [list(configs)] if configs[0].precision == "float32" else [[config] for config in configs]
        self._parts = [_Part(part) for part in at_once]

    @property
    def over(self) -> bool:
        """Whether no network has anything to do any more."""
        return self.done >= self.updates or all(part.over for part in self._parts)

    def update(self) -> None:
        """One update of all. A network whose weights are not finite any more is over, and harms no neighbour."""
        for part in self._parts:
            if not part.over:
                part.update(self.done)
        self.done += 1

    def members(self, places: Sequence[tuple[int, int]]) -> list[Member]:
        """What is known of each network, under its cell and seed."""
        found, at = [], 0
        for part in self._parts:
            found += part.members(places[at : (at := at + part.size)], self.done >= self.updates)
        return found


class _Alone:
    """One network, by the very code of a single run."""

    def __init__(self, config: RunConfig) -> None:
        self._state = TrainingState(config)
        self.config, self.network, self.weights = config, self._state.network, self._state.weights
        self.held_out, self.rows = self._state.data.held_out, [0]

    def update(self, update: int) -> Took:
        self._state.update = update
        step = one_update(self._state)
        before, after = (torch.stack(list(n.values()))[:, None] for n in (step.norms_before, step.norms_after))
        return Took(step.batch, step.passed, before, after)

    def tested(self) -> Tensor:
        x, targets, counts = self.held_out
        outputs = self.network.forward(self.weights.views, x, targets).outputs
        return self.config.task.score(outputs, targets, counts)[None]


class _Part:
    """What trains as one program, with its measurements."""

    def __init__(self, configs: Sequence[RunConfig]) -> None:
        self.size = len(configs)
        self._config = configs[0]
        self._trainer = _Alone(configs[0]) if self._config.precision != "float32" else Together(configs)
        self._ledger = Ledger(self._config, self.size)
        self._clips = np.array([not isinstance(configs[row].clip, Untouched) for row in self._trainer.rows])
        self._every = looks(self._config, held_out.TEST_LOOKS)

    @property
    def over(self) -> bool:
        return not self._ledger.alive.any()

    def update(self, update: int) -> None:
        trainer, ledger = self._trainer, self._ledger
        looked = update % self._every == 0
        weights = trainer.weights.clone() if looked else trainer.weights
        if looked:
            ledger.test(update, array(trainer.tested()))
        took = trainer.update(update)
        if looked and self._config.architecture.recurrent:
            self._look(update, weights, took)
        before = array(took.before)
        ledger.see(
            update,
            array(took.passed.loss).reshape(-1),
            np.hypot.reduce(before, 0),
            self._clips & changed(before, array(took.after)),
            trainer.weights.flat.isfinite().all(-1).reshape(-1).numpy(force=True),
        )
        if update + 1 == self._config.updates and not self.over:
            ledger.test(update + 1, array(trainer.tested()))

    def members(self, places: Sequence[tuple[int, int]], over: bool) -> list[Member]:
        found = self._ledger.members([places[row] for row in self._trainer.rows], over)
        return [member for _, member in sorted(zip(self._trainer.rows, found, strict=True), key=lambda pair: pair[0])]

    def _look(self, update: int, weights: Parameters, took: Took) -> None:
        """What is measured beside a test: how much of the signal reaches the far end; at update 0 the matrix too."""
        trainer = self._trainer
        values = reached(self._config, trainer.network, weights, took.batch, took.passed, trainer.held_out)
        if update == 0:
            self._ledger.at_start(values | matrices(trainer.network, weights, took.passed))
        else:
            self._ledger.ratios(values["ratio"])
