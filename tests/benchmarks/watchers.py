"""Watches runs as so many browsers would: `watchers.py URL SECONDS RUN …` prints "watching" when all of them do, and
each one's lags in seconds at the end."""

import asyncio
import json
import struct
import sys
import time

import websockets

WARM_UP = 3.0
"""Seconds from the last one's first frame, which brings the past."""


async def watched(url, run_id, seconds, all_there):
    """The lag of each frame, from the worker's step to the socket."""
    lags, began = [], None
    async with websockets.connect(f"{url.replace('http', 'ws')}/live/{run_id}?after=-1", max_size=None) as socket:
        while True:
            frame = await socket.recv()
            await socket.send("")
            if began is None:
                await all_there.wait()
                began = time.time() + WARM_UP
            now = time.time()
            if now > began + seconds:
                return lags
            if now > began:
                (length,) = struct.unpack_from("<I", frame)
                lags.append(now - json.loads(frame[4 : 4 + length])["wall"])


async def everybody(url, seconds, runs):
    all_there = asyncio.Barrier(len(runs) + 1)
    watching = asyncio.gather(*(watched(url, run, float(seconds), all_there) for run in runs))
    await all_there.wait()
    await asyncio.sleep(WARM_UP)
    print("watching", flush=True)
    return await watching


if __name__ == "__main__":
    print(json.dumps(asyncio.run(everybody(sys.argv[1], sys.argv[2], sys.argv[3:]))))
