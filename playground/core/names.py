"""Names on which rooms agree that do not import each other."""

from typing import Literal

LossName = Literal["cross-entropy", "mean squared error"]
"""A task asks for it, the network computes it."""

MetricName = Literal["accuracy", "exact match", "mean squared error"]
"""What a task counts as success."""

ArchitectureName = Literal["many_to_one", "many_to_many", "one_to_many", "encoder_decoder", "window_mlp"]
"""How inputs, states and answers are connected: a task says with which of them it makes sense."""
