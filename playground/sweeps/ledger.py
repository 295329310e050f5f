"""What is known of the networks of an ensemble: one number, or one array entry, for each, kept as they train.

Arrays are (E,), one entry a network; nothing here is done network by network at every update.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from playground.diagnosis.verdict import solves
from playground.sweeps.member import BLOWN, Member
from playground.training.config import RunConfig
from playground.training.probes.clip_ledger import SAME

Numbers = NDArray[np.float64]
NEVER = -1


class Ledger:
    """The measurements of E networks, as the probes of their single runs take them."""

    def __init__(self, config: RunConfig, members: int) -> None:
        self._task = config.task
        self.alive: NDArray[np.bool_] = np.ones(members, dtype=np.bool_)
        self.updates = np.zeros(members, dtype=np.int64)
        self.numbers: dict[str, Numbers] = {
            name: np.full(members, np.nan)
            for name in ("metric", "loss", "ratio_first", "ratio", "largest_norm", "horizon", "sigma_max", "g2",
                         "input_variance")
        }  # fmt: skip
        self.gamma = config.cell.slope_bound() if config.architecture.recurrent else None
        self._solved, self._diverged, self._blew_up = (np.full(members, NEVER) for _ in range(3))
        self._clipped = np.zeros(members)
        self._unbearable = np.full(members, np.nan)

    def at_start(self, values: Mapping[str, Numbers]) -> None:
        """Numbers of update 0, of all members."""
        self.numbers.update(values)
        self.numbers["ratio_first"] = self.numbers["ratio"].copy()

    def test(self, update: int, metric: Numbers) -> None:
        """A held-out test of the weights that `update` begins with."""
        here = self.alive
        self.numbers["metric"][here] = metric[here]
        is_share, guessing = self._task.is_share, self._task.baseline_metric
        for e in np.flatnonzero(here & (self._solved == NEVER)):
            if solves(float(metric[e]), is_share, guessing):
                self._solved[e] = update

    def ratios(self, ratio: Numbers) -> None:
        """The far end's share of the signal, now."""
        self.numbers["ratio"][self.alive] = ratio[self.alive]

    def see(self, update: int, loss: Numbers, before: Numbers, clipped: NDArray[np.bool_], finite: NDArray[np.bool_]
            ) -> None:  # fmt: skip
        """One update: its loss, the norm of its whole gradient before clipping, whether clipping changed it, and
        whether it left weights that are finite."""
        here = self.alive.copy()
        if update == 0:
            self._unbearable = BLOWN * np.fmax(self._task.baseline_loss, loss)
        self.numbers["loss"][here] = loss[here]
        self.numbers["largest_norm"][here] = np.fmax(self.numbers["largest_norm"], before)[here]
        self._clipped += clipped & here
        far_over = ~(loss <= self._unbearable)
        self._blew_up[here & ~far_over] = NEVER
        self._blew_up[here & far_over & (self._blew_up == NEVER)] = update
        self.updates += here
        self._diverged[here & ~finite] = update
        self.alive &= finite

    def members(self, places: Sequence[tuple[int, int]], over: bool) -> list[Member]:
        """Each network under its cell and seed. `over` says that no update is left."""
        return [
            Member(
                cell=cell, seed=seed, updates=int(self.updates[e]), over=over or not self.alive[e], gamma=self.gamma,
                solved=_known(self._solved[e]), diverged=_known(self._diverged[e]), blew_up=_known(self._blew_up[e]),
                clipped=float(self._clipped[e] / max(1, self.updates[e])),
                **{name: float(values[e]) for name, values in self.numbers.items()},
            )
            for e, (cell, seed) in enumerate(places)
        ]  # fmt: skip


def changed(before: Numbers, after: Numbers) -> NDArray[np.bool_]:
    """Of norms (tensors, E), whether one of a member's changed by more than a rounding, or is not finite: (E,)."""
    with np.errstate(invalid="ignore"):  # inf − inf is an answer too: it was clipped
        same = (before < np.inf) & (np.abs(after - before) <= SAME * before)
    found: NDArray[np.bool_] = np.asarray(~same.all(0), dtype=np.bool_)
    return found


def _known(update: np.int64) -> int | None:
    return None if update == NEVER else int(update)
