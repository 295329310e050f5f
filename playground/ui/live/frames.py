"""The binary frame that the browser reads: u32 length of the header, the header as JSON, then arrays, little-endian.

The header is padded with spaces so that the arrays start at a multiple of 8, and so does each of them: the browser then
looks at them in place, without copying. NaN and ±inf keep their bits, which JSON cannot promise.
"""

import json
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

ALIGNMENT = 8

Placed = tuple[str, tuple[int, ...], int]
"""Where an array is: its type ("f4", "f8"), its shape, and where it starts, in bytes from the first array."""


class Payload:
    """Gathers the arrays of one frame."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []
        self._length = 0

    def add(self, array: NDArray[Any]) -> Placed:
        kind = "f4" if array.dtype == np.float32 else "f8"
        data = np.ascontiguousarray(array, dtype=f"<{kind}").tobytes()
        start = self._length
        data += b"\0" * (-len(data) % ALIGNMENT)
        self._chunks.append(data)
        self._length += len(data)
        return kind, array.shape, start

    def frame(self, header: dict[str, Any]) -> bytes:
        """Raises ValueError for a header with NaN or ±inf, which is not JSON."""
        text = json.dumps(header, allow_nan=False, separators=(",", ":"), ensure_ascii=False).encode()
        text += b" " * (-(4 + len(text)) % ALIGNMENT)
        return b"".join([struct.pack("<I", len(text)), text, *self._chunks])
