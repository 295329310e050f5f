import json
import struct

import numpy as np
import pytest

from playground.ui.live.frames import Payload


def test_a_frame_brings_every_bit_in_the_place_it_says():
    arrays = [
        np.array([1.0, np.nan, np.inf, -np.inf, -0.0, 5e-324]),
        np.arange(6, dtype=np.float32).reshape(2, 3)[:, ::-1],
        np.empty((0, 3), np.float32),
        np.array([3, 4], np.int64),
    ]
    payload = Payload()
    placed = [payload.add(array) for array in arrays]
    frame = payload.frame({"placed": placed, "text": "ρ"})
    (length,) = struct.unpack_from("<I", frame)
    header = json.loads(frame[4 : 4 + length])
    assert (4 + length) % 8 == 0
    assert header["text"] == "ρ"
    for array, (kind, shape, offset) in zip(arrays, header["placed"], strict=True):
        assert offset % 8 == 0
        read = np.frombuffer(frame, f"<{kind}", int(np.prod(shape)), 4 + length + offset).reshape(shape)
        assert read.tobytes() == np.ascontiguousarray(array, dtype=f"<{kind}").tobytes()


def test_a_header_must_be_json():
    with pytest.raises(ValueError, match="JSON"):
        Payload().frame({"rate": float("nan")})
