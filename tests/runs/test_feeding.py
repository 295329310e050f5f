"""Tasks that are out are heard of again, whatever becomes of the workers and of the connection to them."""

import pytest

from playground.runs.feeding import DIED, Feeding, Work


class Feed:
    """Has one task, and again whenever it came to nothing."""

    def __init__(self):
        self.heard, self.left = [], ["a"]

    def next(self, _most):
        return Work(self.left.pop(), "math", "sqrt", (4,)) if self.left else None

    def ended(self, key, trouble):
        self.heard.append((key, trouble))
        self.left.append(f"{key}+")


class Client:
    """Hands out futures that never end; without a connection it raises."""

    def __init__(self, connected=True):
        self.connected, self.submitted, self.cancelled = connected, [], []

    def submit(self, *_, key, workers, **__):
        if not self.connected:
            raise RuntimeError("Client is closed")
        self.submitted.append((key, workers))
        return Future(self, key)


class Future:
    def __init__(self, client, key):
        self.client, self.key = client, key

    def done(self):
        return False

    def cancel(self):
        self.client.cancelled.append(self.key)

    def add_done_callback(self, _):
        pass


@pytest.fixture
def feed():
    return Feed()


@pytest.fixture
def feeding(feed):
    return Feeding(feed, lambda: None)


def test_what_a_dead_worker_held_is_handed_to_another(feed, feeding):
    client = Client()
    feeding.serve(client, ["one"])
    feeding.serve(client, ["two"])
    assert feed.heard == [("a", DIED)]
    assert client.cancelled == ["a"]
    assert client.submitted == [("a", ["one"]), ("a+", ["two"])]


def test_what_cannot_be_handed_out_is_not_out(feed, feeding):
    """The connection breaks just then: nobody else would ever say that this task came to nothing."""
    with pytest.raises(RuntimeError):
        feeding.serve(Client(connected=False), ["one"])
    feeding.lose()
    assert feed.heard == [("a", "")]
    assert feed.left == ["a+"]


def test_without_workers_nothing_is_asked_for(feed, feeding):
    feeding.serve(Client(), [])
    assert feed.left == ["a"]
