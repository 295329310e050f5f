"""torch, imported at the first attribute that somebody asks of it.

The screen's process must never load torch, yet a component keeps its fields (which the screen reads) and its maths
(which only a worker runs) in one class. Such files write ``from playground.core.lazy import torch``.
`importlib.util.LazyLoader` is not safe with threads; this proxy leans on the import lock, which is.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch
else:

    class LazyModule:
        """A module that is imported when its first attribute is read."""

        def __init__(self, name: str) -> None:
            self._name = name

        def __getattr__(self, attribute: str) -> Any:
            value = getattr(importlib.import_module(self._name), attribute)
            # Kept, so that a hot loop pays for the detour once. Safe: torch does not rebind its functions.
            setattr(self, attribute, value)
            return value

    torch = LazyModule("torch")

__all__ = ["torch"]
