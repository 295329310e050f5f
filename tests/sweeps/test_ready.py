"""Ready-made maps: of the size that they promise, each with a question."""

import pytest

from playground.sweeps.blocks import shape_key
from playground.sweeps.ready import READY


@pytest.mark.parametrize(
    ("name", "shape", "networks", "shapes"),
    [
        ("init-activation-clip", (3, 4, 5), 60, 4),
        ("gain-length", (1, 8, 8), 192, 8),
        ("rate-clip", (1, 8, 8), 192, 1),
        ("bias-length", (1, 8, 8), 64, 8),
        ("gain-rate", (1, 16, 16), 256, 1),
    ],
)
def test_it_has_the_size_that_it_promises(name, shape, networks, shapes):
    spec = READY[name].spec

    assert spec.shape == shape
    assert len(spec.cells()) * spec.seeds == networks
    assert spec.impossible() == {}
    assert len({shape_key(spec.config(cell)) for cell in spec.cells()}) == shapes


def test_each_asks_a_question_of_its_own():
    assert len({ready.title for ready in READY.values()}) == len(READY) == 5
    assert all(ready.sentence.endswith("?") for ready in READY.values())


def test_what_was_measured_is_of_these_networks():
    """The maps of the issue's figures: T = 30, 200 updates, H = 32 and 16, one seed."""
    for name, hidden in (("init-activation-clip", 32), ("gain-rate", 16)):
        spec = READY[name].spec
        assert (spec.base.task.length, spec.base.hidden, spec.updates, spec.seeds) == (30, hidden, 200, 1)
