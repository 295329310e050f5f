"""A weight matrix grows exponentially."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from playground.core.words import number
from playground.diagnosis.past import Past
from playground.diagnosis.symptom import Patience, Story, Symptom, registry

if TYPE_CHECKING:
    from playground.training.config import RunConfig

WINDOW = 8


@registry.register
class WeightsGrowing(Symptom):
    """ln ‖w‖ of a matrix rises by so much an update, at each of the last eight looks, and has doubled meanwhile.

    The rate is the slope of a straight line through ln ‖w‖ over updates.
    """

    title: ClassVar[str] = "weights growing exponentially"
    severity: ClassVar = "failure"
    figure: ClassVar[str] = "weights"
    needs: ClassVar = {"weight_norm": WINDOW, "gradient_norm_before": 1}
    well_again: ClassVar[str] = "The weights have stopped growing."
    kind: Literal["weights_growing"] = "weights_growing"
    patience: Patience = 1
    rate: Annotated[float, Field(gt=0, le=10, description="Growth of ln ‖w‖ an update.")] = 0.1
    times: Annotated[float, Field(gt=1, le=1e6, description="Growth over the last 8 looks.")] = 2.0

    def level(self, config: "RunConfig", past: Past) -> float:  # noqa: ARG002
        # Cheap first: at every update nearly nothing has doubled.
        if not past.has("weight_norm", WINDOW) or not self._doubled(past).any():
            return 0.0
        fastest = self._fastest(past)
        return 0.0 if fastest is None else fastest[1] / self.rate

    def _doubled(self, past: Past) -> NDArray[np.bool_]:
        """Which tensors are so many times as large as they were, and did not start at 0, as biases do."""
        doubled: NDArray[np.bool_] = past.last("weight_norm") >= self.times * past.before("weight_norm", WINDOW - 1)
        return doubled & (past.first("weight_norm") > 0)

    def _fastest(self, past: Past) -> tuple[int, float, float] | None:
        """The matrix that grows fastest: its place, rate and growth."""
        norms = past.values("weight_norm")[-WINDOW:]
        steady = self._doubled(past) & (norms > 0).all(0) & np.isfinite(norms).all(0) & (norms[1:] > norms[:-1]).all(0)
        if not steady.any():
            return None
        logs = np.log(np.where(steady, norms, 1.0))
        updates = past.updates("weight_norm")[-WINDOW:]
        updates = updates - updates.mean()
        rates = updates @ logs / (updates @ updates)
        place = int(rates.argmax())
        return place, float(rates[place]), float(norms[-1, place] / norms[0, place])

    def story(self, config: "RunConfig", past: Past) -> Story:
        fastest = self._fastest(past)
        assert fastest is not None
        place, rate, grown = fastest
        name = past.labels("weight_norm")[place]
        now, when = past.last("weight_norm")[place], past.updates("weight_norm")
        where = "The read-out" if name.endswith("V") else f"The matrix {name}"
        return Story(
            f"{where} diverges: ‖{name}‖ grows ×{number(float(np.exp(rate)))} an update.",
            (
                f"‖{name}‖ = {number(float(now))}, ×{number(grown)} in {when[-1] - when[-WINDOW]:.0f} updates.",
                f"Its gradient's norm: {number(float(past.last('gradient_norm_before')[place]))}.",
            ),
            (
                f"The learning rate {number(config.optimizer.learning_rate)} is too large: each step overshoots "
                "by more than the last.",
                "An exploded gradient keeps pushing the same way.",
            ),
            ("smaller_rate", "clip_norm", "clip_value", "orthogonal"),
            {"tensor": name},
        )
