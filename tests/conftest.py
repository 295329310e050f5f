"""One thread and fixed seeds, for tests that use torch and for those that must never import it."""

import os

os.environ["OMP_NUM_THREADS"] = "1"  # torch reads it when it is imported, and nothing here imports torch

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

# A test that fails must fail again tomorrow: the same examples each time, and no clock on a busy machine.
settings.register_profile("fixed", derandomize=True, deadline=None, database=None)
settings.load_profile("fixed")


@pytest.fixture
def rng():
    """The only source of random numbers: a torch generator with a fixed seed."""
    import torch

    return torch.Generator().manual_seed(20240607)


ONE_AT_A_TIME = (
    "tests/browser/",
    "tests/ui/test_live_browser.py",
    "tests/runs/test_engine.py",
    "tests/sweeps/test_cluster.py",
)
"""What starts browsers, servers or workers wants the machine to itself: one process does all of it, from the start."""

WHOLE_RUNS = ("tests/training/test_presets.py", "tests/training/test_failures.py", "tests/diagnosis/test_diagnose.py")
"""What looks at the same runs (tests/training/whole.py)."""


def pytest_xdist_auto_num_workers(config):
    """Two for the whole suite, which has two cores; none for a part of it, or for benchmarks."""
    return 2 if config.args_source == pytest.Config.ArgsSource.TESTPATHS else 0


class ByFile(LoadScopeScheduling):
    """A file's tests share what they have trained, so they stay together."""

    def _split_scope(self, nodeid):
        if nodeid.startswith(ONE_AT_A_TIME):
            return "one at a time"
        return "whole runs" if nodeid.startswith(WHOLE_RUNS) else nodeid.split("::")[0]


def pytest_xdist_make_scheduler(config, log):
    return ByFile(config, log)
