"""Watches runs as so many browsers would: `watchers.py URL SECONDS RUN …` prints each one's lags in seconds."""

import asyncio
import json
import struct
import sys
import time

import websockets


async def watched(url, run_id, seconds):
    """The lag of each frame, from the worker's step to the socket; the first frames, which bring the past, apart."""
    lags = []
    async with websockets.connect(f"{url.replace('http', 'ws')}/live/{run_id}?after=-1", max_size=None) as socket:
        ends = None
        while True:
            frame = await socket.recv()
            await socket.send("")
            now = time.time()
            ends = ends or now + 3 + seconds
            if now > ends:
                return lags
            if now > ends - seconds:
                (length,) = struct.unpack_from("<I", frame)
                lags.append(now - json.loads(frame[4 : 4 + length])["wall"])


async def everybody(url, seconds, runs):
    return await asyncio.gather(*(watched(url, run, float(seconds)) for run in runs))


if __name__ == "__main__":
    print(json.dumps(asyncio.run(everybody(sys.argv[1], sys.argv[2], sys.argv[3:]))))
