"""The update that comes next of a run that stands still, taken apart: what slow motion shows.

Computed again from the run's checkpoint, so that its numbers are to the bit those that are measured when the update is
done. Only what is shown leaves the worker: a few numbers for each time step and each tensor.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from playground.core.errors import PlaygroundError
from playground.figures import flight
from playground.nn.network import Way
from playground.nn.norms import norms, per_sample_norm
from playground.runs.folder import RunFolder
from playground.runs.worker import TURNS
from playground.training.config import RunConfig
from playground.training.replay import frame

Arrays = Mapping[str, NDArray[Any]]


def moment_at(path: str) -> bytes:
    """The next update of the run at `path` as JSON, whose NaN and Infinity Python reads. Raises PlaygroundError.

    update, loss, learning_rate   which update, what its loss is
    groups                        passes that go step by step together, one group after the other, as `ways` has them
    ways                          label, offset and back of each pass; by its own steps h (mean ‖h_t‖), a (max |a_t|),
                                  g (‖∂L/∂h_t‖, as everywhere)
    answers                       first, the step of the first; by answer losses, the mean of those that count, and
                                  counts, the share of the sequences in which it does
    tensors                       name; before and after clipping the norm of the gradient; ratio ‖Δw‖/‖w‖
    """
    torch.set_num_threads(1)
    folder = RunFolder.at(path)
    config, checkpoint = folder.config(), folder.checkpoint()
    if checkpoint is None:
        raise PlaygroundError("This run has kept no training state to compute its next update from.")
    found = frame(config, checkpoint.state, checkpoint.update, sys.maxsize, TURNS.ahead, folder.interventions())
    return json.dumps(_digest(config, found)).encode()


def _digest(config: RunConfig, found: Arrays) -> dict[str, Any]:
    data, ways = flight.prepare(found), config.network.ways
    passes = [
        {
            "label": way.label,
            "offset": way.offset,
            "back": way.reversed,
            "h": seen.state.tolist(),
            "a": seen.largest.tolist(),
            "g": per_sample_norm(torch.from_numpy(found[f"{p}/d_h"])).tolist(),
        }
        for p, (way, seen) in enumerate(zip(ways, data.ways, strict=True))
    ]
    return {
        "update": data.update,
        "loss": data.loss,
        "learning_rate": float(found["learning_rate"]),
        "groups": groups(ways),
        "ways": passes,
        "answers": _answers(config, found),
        "tensors": _tensors(found),
    }


def groups(ways: Sequence[Way]) -> list[list[int]]:
    """Passes that can go step by step side by side: all layers of one way, or the two ways of one layer."""
    made: list[list[int]] = []
    both = {way.offset for way in ways if way.reversed}
    for p, way in enumerate(ways):
        last = ways[made[-1][-1]] if made else None
        goes_on = last is not None and last.offset == way.offset and (way.offset not in both or way.reversed)
        made[-1].append(p) if goes_on else made.append([p])
    return made


def _answers(config: RunConfig, found: Arrays) -> dict[str, Any]:
    each = found["answer_loss"].astype(np.float64)
    counts = found["counts"].astype(np.float64) if "counts" in found else np.ones_like(each)
    given = counts.sum(1)
    with np.errstate(all="ignore"):
        means = np.where(counts > 0, each, 0.0).sum(1) / given
    return {
        "first": config.network.steps - len(each) + 1,
        "losses": np.where(given > 0, means, 0.0).tolist(),
        "counts": (given / counts.shape[1]).tolist(),
    }


def _tensors(found: Arrays) -> list[dict[str, Any]]:
    names = [str(name) for name in found["tensors"]]
    before = {name: torch.from_numpy(found[f"before/{name}"]) for name in names}
    added = {name: torch.from_numpy(found[f"after/{name}"]) - before[name] for name in names}
    dims = {name: tensor.ndim for name, tensor in before.items()}
    moved, were = (torch.stack(list(norms(of, dims).values())).double().numpy() for of in (added, before))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = moved / were
    columns = (names, found["norms_before"].tolist(), found["norms_after"].tolist(), ratios.tolist())
    keys = ("name", "before", "after", "ratio")
    return [dict(zip(keys, row, strict=True)) for row in zip(*columns, strict=True)]
