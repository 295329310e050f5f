"""What every process of the engine loads first: an end when the server ends, and torch before a run asks for it.

Also for workers that somebody else starts: `dask worker tcp://… --preload playground.runs.preload`.
"""

import importlib
import os
import sys
import threading

CHILD_SETTING = "PLAYGROUND_ENGINE_CHILD"
"""Set for processes that the engine starts, whose standard input is a pipe that nobody writes to."""


def _end_with_parent() -> None:
    # The kernel closes the pipe's other end when the parent ends, by whatever signal: no polling, and no mistaking
    # another process for it. Runs are safe to be cut off anywhere, so nothing is tidied up.
    sys.stdin.buffer.read()
    os._exit(1)


if os.environ.get(CHILD_SETTING):
    threading.Thread(target=_end_with_parent, name="end with parent", daemon=True).start()


def dask_setup(server: object) -> None:
    """Called by Dask when the process is ready to serve."""
    from distributed import Worker

    if not isinstance(server, Worker):
        return
    importlib.import_module("playground.runs.light_torch").postpone_compiler()
    if os.environ.get(CHILD_SETTING) and hasattr(os, "nice"):
        os.nice(10)  # four busy workers at nice 0 delayed the server's answers to 261 ms, at nice 10 to 20 ms
    for module in ("playground.runs.worker", "playground.sweeps.job"):
        importlib.import_module(module).warm_up()
