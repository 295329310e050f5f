"""How a run stands against what no memory scores: what most symptoms are gated by.

Absolute sizes and ratios alone accuse the healthy: a solved run's gradients are tiny, and its far steps' share may be
anything. So a symptom of forgetting counts only while the loss stays where guessing puts it.
"""

from typing import TYPE_CHECKING

from playground.diagnosis.past import Past, median

if TYPE_CHECKING:
    from playground.training.config import RunConfig

BAND = (0.95, 1.08)
"""The loss over the baseline, between which nothing has been learned. Of 50 presets on two seeds, those that learn stay
in it for 37 updates at most before they leave it, or have a signal that reaches all steps meanwhile."""

RECENT = 10
"""Updates over which a loss is typical: one batch is not."""


def relative_loss(config: "RunConfig", past: Past, updates: int = RECENT) -> float:
    """The median of the newest losses, over what guessing scores."""
    return median(past.numbers("loss", updates)) / config.task.baseline_loss


def stuck(config: "RunConfig", past: Past, updates: int) -> bool:
    """Whether the loss has stayed at the baseline for so many updates, tens by tens."""
    losses = past.numbers("loss", updates)
    low, high = (bound * config.task.baseline_loss for bound in BAND)
    return (
        len(losses) >= updates
        and learns(config)
        and all(low <= median(losses[i : i + RECENT]) <= high for i in range(updates % RECENT, updates, RECENT))
    )


def learns(config: "RunConfig") -> bool:
    """Whether it was asked to: a learning rate of 0 only measures."""
    return config.optimizer.learning_rate > 0
