"""An object store on this machine: moto's S3 server in a thread, which notes what it is asked."""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from moto.server import ThreadedMotoServer
from pyarrow import fs

ACCESS = {
    "AWS_ACCESS_KEY_ID": "anybody",
    "AWS_SECRET_ACCESS_KEY": "anything",
    "AWS_EC2_METADATA_DISABLED": "true",  # nobody looks for a role of this machine
}
"""The environment in which pyarrow may read and write."""


class Objects:
    """Requests since the last `forget`, by kind: PUT, HEAD, GET, DELETE, POST, and LIST.

    `meanwhile` is done once, before the next GET of an object is answered.
    """

    def __init__(self, server: ThreadedMotoServer) -> None:
        self._app = server._server.app
        server._server.app = self
        self._place = "%s:%d" % server.get_host_and_port()  # noqa: UP031
        self.asked = Counter()
        self.meanwhile = None
        fs.FileSystem.from_uri(f"{self.url('')}&allow_bucket_creation=true")[0].create_dir("bucket")

    def url(self, folder: str) -> str:
        return f"s3://bucket/{folder}?region=us-east-1&endpoint_override=http://{self._place}"

    def forget(self) -> None:
        self.asked.clear()

    def __call__(self, environ: Mapping, start_response):
        kind = "LIST" if "list-type" in environ["QUERY_STRING"] else environ["REQUEST_METHOD"]
        self.asked[kind] += 1
        if kind == "GET" and self.meanwhile is not None:
            action, self.meanwhile = self.meanwhile, None
            action()
        return self._app(environ, start_response)


@contextmanager
def objects() -> Iterator[Objects]:
    """`ACCESS` must stand in the environment."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line for each request
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        yield Objects(server)
    finally:
        server.stop()
