"""Blocks: all members once, never two shapes in one, never more than fits."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.nn import activations, cells, clipping, initializers
from playground.sweeps import limits
from playground.sweeps.axis import Axis
from playground.sweeps.blocks import CACHE, FIRST, MOST, members_a_block, next_block, shape_key
from playground.sweeps.estimate import ALONE, TOGETHER, _milliseconds
from playground.sweeps.fields import paths, suggested
from playground.sweeps.order import order
from playground.sweeps.spec import MapSpec
from playground.training import optimizers
from playground.training.config import MAX_WORK, RunConfig

BASE = RunConfig(hidden=4)
AXES = [
    Axis(path="task.length", values=(5, 10, 15, 20, 25)),
    Axis(path="cell.activation.kind", values=("tanh", "relu")),
    Axis(path="cell.recurrent_init.gain", values=(0.5, 1, 1.5, 2, 2.5)),
    Axis(path="clip.kind", values=("none", "norm", "value")),
    Axis(path="clip.threshold", values=(0.1, 1)),
    Axis(path="cell.kind", values=("vanilla", "lstm", "gru")),
]


def blocks(spec, wanted=None):
    taken = set()
    while (
        block := next_block(
            spec, order(spec, {}) if wanted is None else wanted, taken, most=lambda _: MOST if taken else FIRST
        )
    ) is not None:
        assert not taken & set(block.members)
        taken.update(block.members)
        yield block


@settings(max_examples=15)
@given(st.lists(st.sampled_from(AXES), min_size=1, max_size=3, unique_by=lambda a: a.path), st.integers(1, 3))
def test_blocks_hold_every_member_once_and_one_shape_each(axes, seeds):
    spec = MapSpec(base=BASE, **dict(zip(("x", "y", "panels"), axes, strict=False)), seeds=seeds)
    possible = [cell for cell in spec.cells() if cell not in spec.impossible()]

    found = list(blocks(spec))

    members = [member for block in found for member in block.members]
    assert sorted(members) == sorted((cell, seed) for cell in possible for seed in range(seeds))
    for block in found:
        assert len({shape_key(spec.config(cell, seed)) for cell, seed in block.members}) == 1
        assert len(block.members) <= members_a_block(spec.config(block.members[0][0]))
    assert len(found[0].members) <= FIRST


def test_a_block_starts_with_what_is_wanted_first_and_seeds_come_one_after_another():
    spec = MapSpec(base=BASE, x=AXES[2], seeds=2)

    assert [block.members for block in blocks(spec, [3, 0, 4])] == [
        ((3, 0), (0, 0), (4, 0), (3, 1)),
        ((0, 1), (4, 1)),
    ]
    assert next_block(spec, [], set()) is None
    assert next_block(spec, [1], {(1, 0), (1, 1)}) is None


def test_what_comes_much_later_in_the_order_waits():
    """Of two shapes in turn a block takes what is near: the other shape's cells are not put off to the end."""
    spec = MapSpec(
        base=BASE, x=Axis(path="cell.recurrent_init.gain", values=(0.5, 1)),
        y=Axis(path="task.length", values=range(5, 25)), seeds=1,
    )  # fmt: skip

    first = next_block(spec, [*range(0, 40, 2), *range(1, 40, 2)], set(), most=lambda _: FIRST)

    assert first is not None
    assert first.members == ((0, 0),)


@pytest.mark.parametrize("path", paths(RunConfig()))
def test_what_draws_clips_and_steps_may_differ_in_a_block_and_nothing_else(path):
    config = RunConfig()
    keys = {shape_key(config.patched({path: value})) for value in suggested(config, path).values}
    apart = path.startswith(
        ("cell.recurrent_init", "cell.input_init", "cell.bias_init", "readout_init", "clip", "opti")
    )

    assert (len(keys) == 1) == (apart or len(suggested(config, path).values) == 1)


def test_seeds_share_a_shape():
    assert shape_key(RunConfig(seed=3)) == shape_key(RunConfig())
    assert shape_key(RunConfig(updates=3)) != shape_key(RunConfig())


@pytest.mark.parametrize("cell", cells.registry.kinds())
def test_a_block_fits_into_the_cache_or_is_one_network(cell):
    for hidden, length in ((4, 5), (32, 30), (64, 100), (256, 200)):
        config = RunConfig().patched({"cell.kind": cell, "hidden": hidden, "task.length": length})
        members = members_a_block(config)
        assert 1 <= members <= MOST
        assert members == 1 or members * limits.kept(config) * 4 <= CACHE
        assert members >= members_a_block(config.patched({"precision": "float64"}))


@pytest.mark.parametrize("precision", limits.WIDTHS)
@pytest.mark.parametrize("length", [10, 50, 100])
def test_an_update_of_a_block_lasts_no_longer_than_others_can_wait(precision, length):
    """By what updates were measured to cost, of a way to learn that goes back from every step too."""
    for hidden, learning in ((4, "cumulative"), (16, "each_step"), (64, "each_step")):
        config = RunConfig.parse({
            "hidden": hidden, "precision": precision, "learning": learning,
            "task": {"kind": "parity", "length": length}, "architecture": "many_to_many",
        })  # fmt: skip
        members = members_a_block(config)
        cost = TOGETHER if precision == "float32" else ALONE
        alone = _milliseconds(cost, config, members if precision == "float32" else 1)
        assert members == 1 or members * alone < 45


def test_a_long_test_makes_a_block_small_too():
    """32 LSTMs that learn from 10 steps and are tested on 200 took a second and two gigabytes at each test."""
    config = RunConfig.parse({"hidden": 256, "cell": "lstm", "batch": 1, "task": {"kind": "recall", "length": 10}})

    assert members_a_block(config) > 2
    assert members_a_block(config.patched({"test_length": 200})) == 1


def test_no_block_takes_more_memory_than_half_a_gigabyte():
    """The largest network there may be: MAX_WORK numbers a tensor, with four blocks of rows."""
    largest = RunConfig().patched({"cell.kind": "lstm", "hidden": 256, "task.length": 100, "batch": MAX_WORK // 25_600})

    assert members_a_block(largest) == 1
    assert 4 * limits.kept(largest) < 500e6


def test_the_registries_that_may_differ_are_all_there():
    """A new initialiser, clip rule or optimiser is one by its class; a new activation is another shape."""
    base = RunConfig()
    for path, family, same in (
        ("cell.recurrent_init", initializers, True),
        ("clip", clipping, True),
        ("optimizer", optimizers, True),
        ("cell.activation", activations, False),
    ):
        keys = {shape_key(base.patched({f"{path}.kind": kind})) for kind in family.registry.kinds()}
        assert len(keys) == (1 if same else len(family.registry.kinds()))
