"""The chosen network unrolled over all its time steps, as plain data: what the live page draws and colours."""

from typing import Any

from playground.figures.over_time import top_first
from playground.training.config import RunConfig
from playground.training.probes.base import handover
from playground.ui.labels import value_name


def unrolled(config: RunConfig) -> dict[str, Any] | None:
    """Steps of the common time axis count from 1. None for a network without recurrence: there is nothing to unroll.

    rows        top first: label; `last`, its last own step (a second reading ends where a decoder begins)
    reads       steps, from the first on, that get an input of the task; `twice`: and the one from the other end too
    feeds       what the steps after them get: "answers", "zeros" or "nothing"
    answers     first and last step that has an answer; `counts`, those at which the loss looks
    both_ends   whether the answer reads the last states of two passes: the second one's is the one at step 1
    handover    the last step of an encoder; 0 without one
    said        the same in words
    """
    network = config.network
    if not network.ways:
        return None
    answers, counts = _answers(config)
    kind = config.architecture.kind  # type: ignore[attr-defined]  # every component has one
    turn = handover(network)
    return {
        "steps": network.steps,
        "rows": [
            {"label": row, "last": max(way.offset + way.steps for way in network.ways if way.label == row)}
            for row in top_first(network.rows)
        ],
        "reads": {"one_to_many": 1, "encoder_decoder": turn}.get(kind, network.steps),
        "twice": config.direction == "concatenated",
        "feeds": {"one_to_many": getattr(config.architecture, "feed", ""), "encoder_decoder": "answers"}.get(
            kind, "nothing"
        ),
        "answers": answers,
        "counts": counts,
        "both_ends": config.one_answer and config.direction == "two_passes",
        "handover": turn,
        "said": _said(config, network.steps, counts),
    }


def _answers(config: RunConfig) -> tuple[list[int], list[int]]:
    """First and last step with an answer, and of those at which the loss looks."""
    network, task = config.network, config.task
    steps, given = network.steps, network.parts.answers
    first = steps - given + 1
    answers = [first, steps]
    if config.one_answer or config.architecture.last_only:
        # Of several answers the last that counts, which in every task is the last of all, or the last of `asked`.
        at = steps if config.one_answer else first + task.asked[-1]
        return answers, [at, at]
    # A stream goes on: what its first window could not be asked, later ones can.
    asked = range(given) if config.arrival == "stream" else task.asked
    return answers, [first + asked[0], first + asked[-1]]


def _said(config: RunConfig, steps: int, counts: list[int]) -> str:
    layers = "1 layer" if config.layers == 1 else f"{config.layers} layers"
    direction = value_name(config, "direction", config.direction)
    where = f"step {counts[0]}" if counts[0] == counts[1] else f"steps {counts[0]} to {counts[1]}"
    return (
        f"{config.architecture.title}, {direction}, {layers}, {steps} time steps. Its answers count at {where}. "
        f"{config.architecture.summary}"
    )
