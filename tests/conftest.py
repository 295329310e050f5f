"""One thread and fixed seeds, for tests that use torch and for those that must never import it."""

import os

os.environ["OMP_NUM_THREADS"] = "1"  # torch reads it when it is imported, and nothing here imports torch

import pytest
from hypothesis import settings

# A test that fails must fail again tomorrow: the same examples each time, and no clock on a busy machine.
settings.register_profile("fixed", derandomize=True, deadline=None, database=None)
settings.load_profile("fixed")


@pytest.fixture
def rng():
    """The only source of random numbers: a torch generator with a fixed seed."""
    import torch

    return torch.Generator().manual_seed(20240607)
