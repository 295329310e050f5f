"""Euclidean norms that overflow, and vanish, no earlier than the numbers do.

At a finite loss of 3e23 the float32 norm of a gradient is already inf, and an alarm would come ten updates early with
the wrong sentence. float32 is therefore summed in float64; float64, which has nothing above it, is scaled by its
largest element.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from playground.core.lazy import torch

if TYPE_CHECKING:
    from torch import Tensor


def norm(tensor: "Tensor", dims: int) -> "Tensor":
    """√Σx² over the last `dims` axes, in float64; shape (…). NaN and ±inf come through."""
    axes = tuple(range(-dims, 0))
    if tensor.dtype != torch.float64:
        plain: Tensor = torch.linalg.vector_norm(tensor, dim=axes, dtype=torch.float64)
        return plain
    largest = tensor.abs().amax(axes, keepdim=True)
    scale = torch.where((largest > 0) & largest.isfinite(), largest, 1.0)
    scaled: Tensor = torch.linalg.vector_norm(tensor / scale, dim=axes)
    return scaled * scale.reshape(scaled.shape)


def norms(tensors: Mapping[str, "Tensor"], dims: Mapping[str, int]) -> dict[str, "Tensor"]:
    """`norm` of each tensor."""
    if all(tensor.ndim == dims[name] and tensor.dtype == torch.float32 for name, tensor in tensors.items()):
        # No members: one call for all, which a run makes thousands of times.
        return dict(zip(tensors, torch._foreach_norm(list(tensors.values()), 2, torch.float64), strict=True))
    return {name: norm(tensor, dims[name]) for name, tensor in tensors.items()}


def global_norm(norms: Mapping[str, "Tensor"]) -> "Tensor":
    """Norm of all tensors together, from the norm of each; shape (…)."""
    return norm(torch.stack(list(norms.values()), dim=-1), 1)


AT_ONCE = 2**18
"""Elements that are looked at in float64 at a time: a long run must not need three times the room of its states."""


def per_sample_norm(gradient: "Tensor") -> "Tensor":
    """Σ_n ‖g[…, n, :]‖ in float64: (T, …, N, H) → (T, …). For a mean loss, the mean over samples of one's own norm."""
    steps = max(1, AT_ONCE * len(gradient) // max(1, gradient.numel()))
    if steps >= len(gradient) or gradient.dtype == torch.float64:
        return norm(gradient, 1).sum(-1)
    # One buffer for all pieces: a new one for each was not always given back, 60 MB at T = 1,000, N = 64, H = 128.
    wide = gradient.new_empty(steps, *gradient.shape[1:], dtype=torch.float64)
    found = gradient.new_empty(gradient.shape[:-1], dtype=torch.float64)
    for start in range(0, len(gradient), steps):
        piece = gradient[start : start + steps]
        torch.linalg.vector_norm(wide[: len(piece)].copy_(piece), dim=-1, out=found[start : start + steps])
    return found.sum(-1)
