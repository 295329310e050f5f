"""Random numbers: one seed a run, one independent stream a purpose."""

import hashlib
from typing import TYPE_CHECKING

from playground.core.lazy import torch

if TYPE_CHECKING:
    from torch import Generator


def generator(seed: int, purpose: str) -> "Generator":
    """A generator for one purpose ("weights U", "training data", …) of the run with this seed.

    Streams of different purposes are independent, so that drawing one more batch never changes the weights: runs which
    differ in one setting share everything that the setting does not touch.
    """
    digest = hashlib.blake2b(f"{seed}/{purpose}".encode(), digest_size=8).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest) >> 1)
