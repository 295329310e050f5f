"""Whole runs, each trained once for all the files that look at it; conftest.py keeps these in one process."""

import functools
import pickle

from playground.training import cures
from playground.training.loop import train


@functools.cache
def events(config):
    # Copied once the run is over: its few numbers, kept where they came into being, hold 45 MB of a heap that the
    # batches between them have left; copied they are 6 MB. Of a hundred runs that is 4 GB.
    return tuple(pickle.loads(pickle.dumps(tuple(train(config.patched({"pace": 0}))))))


@functools.cache
def run(config):
    """As `playground.training.cures` tells it."""
    return cures.run_of(config, events(config))
