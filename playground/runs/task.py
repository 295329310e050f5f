"""The task that Dask gets. A module of its own, for the scheduler imports it too, and needs nothing more of ours."""

import importlib
from typing import Any


def call(module: str, function: str, *arguments: Any) -> Any:
    """Calls a function by its name, so that whoever sends the task need not import torch."""
    return getattr(importlib.import_module(module), function)(*arguments)
