"""One thread and fixed seeds, for tests that use torch and for those that must never import it."""

import os
from pathlib import Path

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


ONE_AT_A_TIME = ("browser/", "ui/test_live_browser.py", "runs/test_engine.py")
"""What starts browsers, servers or workers wants the machine to itself: one process does all of it."""


def pytest_xdist_auto_num_workers(config):
    """Two for the whole suite, which has two cores; none for a part of it, or for benchmarks."""
    return 2 if config.args_source == pytest.Config.ArgsSource.TESTPATHS else 0


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """A file's tests share what they have trained, so they stay together."""
    for item in items:
        path = item.path.relative_to(Path(__file__).parent).as_posix()
        item.add_marker(pytest.mark.xdist_group("one at a time" if path.startswith(ONE_AT_A_TIME) else path))
