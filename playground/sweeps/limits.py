"""How large a map may be, each bound with the sentence that says so before it starts."""

import math

from playground.training.config import HELD_OUT, RunConfig

CELLS = 1_024
MEMBERS = 4_096
SEEDS = 10
UPDATES = 2_000
WORK = 10**14
"""Largest sum of `work` over all updates of all networks."""

MEMORY = 2**30
"""Bytes that a block may need at once. It may hold a single network; a worker has several blocks, of several maps, and
everybody's runs."""
WIDTHS = {"float64": 8, "float32": 4, "bfloat16": 2, "float16": 2}

WRITTEN = 32_000_000
"""Characters of the network as JSON, once for each cell. A text or a series of the user's own is nearly all of it: each
cell checks it anew, and a megabyte in a thousand cells costs seconds."""


def work(config: RunConfig) -> int:
    """Multiply-adds of one update, in round numbers: 3 · N · S · k · P, as if each of the P weights were used at each
    of S steps; forward, back, and the weights' gradients cost the same, and a loss mode may go over it all k times."""
    weights = sum(math.prod(shape) for shape, _ in config.network.tensors().values())
    return 3 * config.batch * steps_of(config) * sweeps(config) * weights


def kept(config: RunConfig) -> int:
    """Numbers that one update keeps of its way forward and back, in round numbers: 2 · N · S · rows of all weights."""
    return 2 * config.batch * steps_of(config) * _rows(config)


def tested(config: RunConfig) -> int:
    """Numbers that one held-out test goes over, in round numbers: 256 · S · rows of all weights."""
    return HELD_OUT * max(config.test_length or config.task.length, config.task.answers) * _rows(config)


def memory(config: RunConfig) -> int:
    """Bytes of one network while it trains, in round numbers: of an update and of a test."""
    return (kept(config) + tested(config)) * WIDTHS[config.precision]


def sweeps(config: RunConfig) -> int:
    """Times that one update goes over the whole sequence."""
    return 1 if config.one_answer else config.learning.sweeps(steps_of(config))


def _rows(config: RunConfig) -> int:
    return sum(shape[0] for shape, _ in config.network.tensors().values())


def steps_of(config: RunConfig) -> int:
    return max(config.task.length, config.task.answers)


def size_problem(shape: tuple[int, int, int], seeds: int) -> str:
    """Why a map has too many cells or networks; "" where it does not."""
    cells = math.prod(shape)
    times = " × ".join(str(n) for n in reversed(shape) if n > 1) or "1"
    if cells > CELLS:
        return f"{times} are {cells:,} cells, and {CELLS:,} are allowed. Take fewer values."
    if cells * seeds > MEMBERS:
        return (
            f"{times} cells with {seeds} seeds are {cells * seeds:,} networks, and {MEMBERS:,} are allowed. "
            "Take fewer values or seeds."
        )
    return ""


def written_problem(base: RunConfig, cells: int) -> str:
    """Why the text or the numbers of the user's own are too much for so many cells; "" where they are not."""
    written = len(base.model_dump_json())
    if written * cells <= WRITTEN:
        return ""
    return (
        f"With {written:,} characters of text or numbers of your own a map may have {max(1, WRITTEN // written):,} "
        f"cells, and these are {cells:,}. Take fewer values, or a shorter text or series."
    )


def memory_problem(config: RunConfig) -> str:
    """Why a network of a map needs too much memory; "" where it does not."""
    needed = memory(config)
    if needed <= MEMORY:
        return ""
    return (
        f"One network of this map needs about {needed / 2**20:,.0f} MiB while it trains and is tested, and "
        f"{MEMORY / 2**20:,.0f} are allowed. Take shorter sequences, fewer hidden units or a smaller batch."
    )


def work_problem(total: int) -> str:
    """Why a map is too much work, `total` multiply-adds; "" where it is not."""
    if total <= WORK:
        return ""
    return (
        f"This map is {total / WORK:.1f} times as much work as is allowed. Take fewer cells, seeds or updates, "
        "shorter sequences or fewer hidden units."
    )
