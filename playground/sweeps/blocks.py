"""Blocks: the members, cell and seed, that train together as one tensor program, in one task of a worker."""

from collections.abc import Callable, Container, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from pydantic import BaseModel

from playground.nn.clipping import ClipRule
from playground.nn.gate_biases import GateBias
from playground.nn.initializers import Initializer
from playground.sweeps import limits
from playground.sweeps.spec import MapSpec
from playground.training.config import RunConfig
from playground.training.optimizers import Optimizer


class Block(NamedTuple):
    """Members of one shape: (cell, seed offset) each."""

    members: tuple[tuple[int, int], ...]


def shape_key(config: RunConfig) -> str:
    """Equal for configs that can train as one tensor program: all may differ but how weights are drawn, the clip rule,
    the optimiser, and the seed."""
    return "|".join(f"{name}={value!r}" for name, value in _shared(config, ""))


MOST = 16
"""Members of the largest block. Measured with two workers side by side, of vanilla RNNs with T = 30 and H = 16: a map
of 256 takes 10.9 s in blocks of 16, 12.4 in blocks of 32, 16.5 in blocks of 8 (means of two rounds, taken in turn)."""

FIRST = 4
"""Members of a first block: small, so that colours are there within a second."""

AHEAD = 4
"""A block looks this many times its own size ahead in the order for members of its shape: cells that come much later
in the order wait for what the ones before them show."""

CACHE = 32_000_000
"""Bytes of the tensors that one update of a block goes over."""

A_TURN = 10**9
"""Multiply-adds of one update of a block, about 20 ms: the runs of others wait for it."""

A_TEST = 32_000_000
"""Numbers that a test of a block goes over, about 70 ms: they wait for that too, in one of ten updates."""

ONE_BY_ONE = 4
"""Members of a block in another precision than float32: they train one after the other, and the runs of others wait
for all of them."""


def members_a_block(config: RunConfig) -> int:
    """How many members of this shape one block takes: as many as fit into the processor's cache, and into a turn."""
    most = MOST if config.precision == "float32" else ONE_BY_ONE
    cached = CACHE // (limits.kept(config) * limits.sweeps(config) * limits.WIDTHS[config.precision])
    return max(1, min(most, cached, A_TURN // limits.work(config), A_TEST // limits.tested(config)))


def next_block(
    spec: MapSpec,
    wanted: Sequence[int],
    taken: Container[tuple[int, int]],
    most: Callable[[tuple[int, int]], int] = lambda _: MOST,
) -> Block | None:
    """The block that comes next: members of one shape, from the front of `wanted`, of those that are not `taken`; None
    where all are. All cells come with their first seed before any comes with its second. `most` says how
    many members a block takes at most, by the first of them."""
    free = ((cell, seed) for seed in range(spec.seeds) for cell in wanted if (cell, seed) not in taken)
    head = next(free, None)
    if head is None:
        return None
    config = spec.config(head[0])
    shape, room = shape_key(config), min(most(head), members_a_block(config))
    near = islice(free, AHEAD * room)
    alike = (member for member in near if shape_key(spec.config(member[0])) == shape)
    return Block((head, *islice(alike, room - 1)))


def _shared(part: BaseModel, path: str) -> Iterator[tuple[str, Any]]:
    """The fields that all members of a block have in common."""
    for name in type(part).model_fields:
        value = getattr(part, name)
        if name in APART or isinstance(value, OWN):
            continue
        if isinstance(value, BaseModel):
            yield from _shared(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value


APART = ("seed", "pace", "stop", "alarms")
"""What no update of the weights depends on, but for the seed, of which each member has its own."""

OWN = (Initializer, GateBias, ClipRule, Optimizer)
"""Components of which each member of a block has its own."""
