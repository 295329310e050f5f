"""A run's weights as arrays for numpy: no pickle, nothing that is executed when it is read."""

import io

import numpy as np

from playground.core.errors import PlaygroundError
from playground.core.lazy import torch
from playground.nn.parameters import Parameters
from playground.runs.folder import RunFolder


def why_not(folder: RunFolder) -> str:
    """A sentence for a run that has none; empty for all others."""
    return "" if folder.checkpoint() else "This run has kept no weights: none were saved, or they were lost."


def weights_of(folder: RunFolder) -> bytes:
    """An .npz with each tensor under its letter, and `update`: how many updates it has seen.

    16-bit numbers are written as float32, which holds each of them exactly. Raises PlaygroundError.
    """
    checkpoint = folder.checkpoint()
    if checkpoint is None:
        raise PlaygroundError(why_not(folder))
    saved = torch.load(io.BytesIO(checkpoint.state), weights_only=True, map_location="cpu")
    shapes = {name: shape for name, (shape, _) in folder.config().network.tensors().items()}
    flat = saved["weights"]
    wide = flat if flat.dtype == torch.float64 else flat.float()
    arrays = {name: view.numpy() for name, view in Parameters(wide, shapes).views.items()}
    sink = io.BytesIO()
    np.savez(sink, update=np.int64(saved["update"]), **arrays)  # type: ignore[arg-type]  # a flag among its names
    return sink.getvalue()
