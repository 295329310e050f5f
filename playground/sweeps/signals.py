"""How far a signal gets in each network of an ensemble, as the probes of a single run measure it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from playground.core.lazy import torch
from playground.nn.cells.base import ByHand
from playground.nn.norms import per_sample_norm
from playground.nn.stack import Back
from playground.sweeps.ledger import Numbers
from playground.tasks import Batch
from playground.training.config import RunConfig
from playground.training.probes import flow, horizon, on_axis
from playground.training.probes.base import array

if TYPE_CHECKING:
    from playground.nn.network import Network, Pass
    from playground.nn.parameters import Parameters


def reached(
    config: RunConfig, network: "Network", weights: "Parameters", batch: Batch, passed: "Pass", held_out: Batch
) -> dict[str, Numbers]:
    """`ratio` and `horizon` of the uppermost row, (E,). `weights` are those before the update that `passed` is of."""
    passes = passed.passes
    if flow.has_several_terms(config):
        passes = flow.one_term(network, weights.views, batch, passed, held_out)
    found = []
    for mine in _each(passes):
        norms = on_axis(network, [per_sample_norm(back.total[0]) for back in mine])
        found.append(horizon.measure(network, mine, norms))
    row = network.ways[network.main].row
    return {
        name: np.array([float(np.asarray(values[spec])[row]) for values in found])
        for name, spec in (("ratio", "far_ratio"), ("horizon", "memory_horizon"))
    }


def _each(passes: tuple[Back, ...]) -> Iterator[tuple[Back, ...]]:
    """The ways back of every member by itself."""
    if passes[0].direct.ndim == 3:
        yield passes
        return
    for e in range(passes[0].direct.shape[1]):
        yield tuple(
            Back(tuple(t[:, e] for t in back.total), back.direct[:, e], tuple(t[e] for t in back.initial))
            for back in passes
        )


def matrices(network: "Network", weights: "Parameters", passed: "Pass") -> dict[str, Numbers]:
    """Of the uppermost pass that reads forward, (E,): σ_max(U), ‖U‖_F²/H, and the mean of (W x + b)² over units, steps
    and samples, which is the σ² of SCIENCE's mean field. Of a cell with gates, those of its candidate."""
    main, cell = network.main, network.parts.cell
    U = network.recurrent(weights.views)[main].double()
    H = U.shape[-1]
    found = {"sigma_max": torch.linalg.matrix_norm(U, ord=2), "g2": U.square().sum((-2, -1)) / H}
    if isinstance(cell, ByHand):
        driven = cell.project(network.of_passes(weights.views)[main], passed.forward.tapes[main].x)[..., -H:]
        found["input_variance"] = driven.double().square().mean((0, -2, -1))
    return {name: array(values).reshape(-1) for name, values in found.items()}
