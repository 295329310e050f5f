"""A run that a test writes itself, and a server with nothing but the live routes."""

import contextlib
import json
import struct
import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest

from playground.core.measurement import Row
from playground.runs.catalog import Catalog
from playground.runs.folder import RunFolder
from playground.runs.records import Ending, Heartbeat
from playground.runs.table import to_table
from playground.training.config import RunConfig
from tests.browser.chromium import launch_args


class Script:
    """Plays the worker of one run: writes rows, one part each."""

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder
        self.update = 0
        self.part = 0
        self.beat()

    def beat(self):
        self.folder.write_attempts(["one"])
        self.folder.write_heartbeat(Heartbeat(attempt="one", time=time.time(), update=self.update - 1))

    def values(self, broken=False):
        update, found = self.update, {}
        for spec in self.folder.specs():
            due = update == 0 if spec.every == 0 else update % spec.every == 0
            if not due:
                continue
            if spec.name == "weight_edges":
                value = np.tile(np.linspace(-1, 1, spec.shape[1]), (spec.shape[0], 1))
            elif spec.name == "total_gradient":
                value = np.logspace(-6, 0, spec.shape[-1]) * 0.99**update * np.ones(spec.shape)
            else:
                value = np.full(spec.shape, 1 / (1 + update))
            value = np.full(spec.shape, np.nan) if broken else value
            found[spec.name] = value if spec.axes else float(value)
        return found

    def write(self, count=1, broken=False):
        rows = []
        for _ in range(count):
            rows.append(Row(self.update, time.time(), self.values(broken)))
            self.update += 1
        self.part += 1
        self.folder.parts.write(self.part, to_table(self.folder.specs(), self.part, rows))

    def end(self, outcome="finished"):
        self.folder.write_end(Ending(outcome=outcome, sentence=f"It {outcome}.", update=self.update - 1))
        self.folder.parts.merge_all()


@pytest.fixture
def catalog(tmp_path):
    return Catalog(tmp_path / "runs")


SMALL = {"task": {"kind": "recall", "length": 6}, "hidden": 5, "batch": 4, "updates": 200}


@pytest.fixture
def script_of(catalog):
    """A run that differs from the small one in this."""
    return lambda **changes: Script(catalog.create(RunConfig.parse({**SMALL, **changes})))


@pytest.fixture
def script(script_of):
    return script_of()


@pytest.fixture
def decode():
    """A frame as the browser reads it: its header, and its arrays by figure, trace and name."""

    def read(frame):
        (length,) = struct.unpack_from("<I", frame)
        header = json.loads(frame[4 : 4 + length])

        def array(placed):
            kind, shape, offset = placed
            return np.frombuffer(frame, f"<{kind}", int(np.prod(shape)), 4 + length + offset).reshape(shape)

        arrays = {
            figure: {
                name: {key: array(placed) for key, placed in trace["arrays"].items()}
                for name, trace in changes["traces"].items()
            }
            for figure, changes in header["figures"].items()
        }
        return SimpleNamespace(header=header, arrays=arrays)

    return read


@pytest.fixture
def serve(catalog):
    """Starts a server with these routes besides the live ones; its port."""
    import uvicorn
    from starlette.applications import Starlette

    from playground.ui.live import routes

    with contextlib.ExitStack() as stack:

        def start(*others):
            app = Starlette(routes=[*routes(catalog), *others])
            server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="off"))
            thread = threading.Thread(target=server.run, daemon=True)
            thread.start()
            while not server.started:
                time.sleep(0.01)

            def stop():
                server.should_exit = True
                server.force_exit = True
                thread.join(5)

            stack.callback(stop)
            return server.servers[0].sockets[0].getsockname()[1]

        yield start


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return launch_args()


@pytest.fixture
def live(serve, page):
    """A browser on a page with nothing but live pictures, none of a run yet."""
    from starlette.responses import HTMLResponse
    from starlette.routing import Route

    from tests.ui.live_page import PAGE

    port = serve(Route("/", lambda _: HTMLResponse(PAGE)))
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.set_viewport_size({"width": 1100, "height": 800})
    page.goto(f"http://127.0.0.1:{port}/")
    page.wait_for_function("[...document.querySelectorAll('.pg-plot')].filter((each) => each.layout).length >= 5")
    yield page
    assert errors == []
