"""torch.optim without torch's compiler.

The first optimiser step of a process imports `torch._dynamo` (1.0 s, 77 MB, 800 modules) only to say that it must not
compile the step. Nothing here is compiled, so those two calls are answered without it.
"""

import importlib
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

NAME = "torch._dynamo"


class _NotYet(ModuleType):
    """Stands for `torch._dynamo` until somebody wants more of it than an optimiser does; then imports it after all."""

    @staticmethod
    def disable(function: F, recursive: bool = True, *, wrapping: bool = True) -> F:  # noqa: ARG004  (dynamo's own)
        return function

    @staticmethod
    def graph_break() -> None:
        return None

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(NAME) is self:
            del sys.modules[NAME]
        return getattr(importlib.import_module(NAME), name)


def postpone_compiler() -> None:
    """For processes that train our runs, before the first optimiser is made."""
    import torch

    if NAME not in sys.modules:
        sys.modules[NAME] = torch._dynamo = _NotYet(NAME)
