"""Names on which rooms agree that do not import each other."""

from typing import Literal

LossName = Literal["cross-entropy", "mean squared error"]
"""A task asks for it, the network computes it."""
