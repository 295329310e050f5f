"""What a script says of its own run. Here stand the types alone."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

SEED: int
DTYPE: torch.dtype
DEVICE: str
HIDDEN: int
"""Units H of a layer."""
CARRIED: int
"""States that a cell hands on: h, and for an LSTM c."""
OUTPUTS: int
"""Width O of an answer."""
BACK_EVERY: int
BACK: int
"""k₁ and k₂ of truncated back-propagation."""
THRESHOLD: float
LOWEST: float
HIGHEST: float
RATIO: float
FLOOR: float
"""Bounds of the clip rules."""
PASSES: tuple[str, ...]
WRITING_PASSES: tuple[str, ...]
"""Names of the weights of each pass, {} being the letter."""
INITIAL: dict[str, tuple[tuple[int, ...], Any]]
"""Of each weight its shape and how it is drawn."""

phi: Callable[[Tensor], Tensor]
sigma: Callable[[Tensor], Tensor]
phi_c: Callable[[Tensor], Tensor]
"""Activations."""

CELL: Any
LAYERS: Any
LOSSES: Callable[[Tensor, Tensor], Tensor]
WEIGHTS: Callable[[Any], Tensor]
CLIP: Callable[[nn.Module], None]
