"""This browser's notebook on the page: read once a script run, and where it cannot be read, a sentence says why.

Nothing is answered where there is none.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar

from playground.core.errors import PlaygroundError
from playground.lessons.notebook import Notebook, NotKept
from playground.runs.engine import engine
from playground.ui import state, told

_IN_HAND: ContextVar[Notebook | str | None] = ContextVar("notebook", default=None)  # a text is why there is none


@contextmanager
def once() -> Iterator[None]:
    """Around a script run, a fragment's among them, or a callback: the notebook is read as this begins."""
    with ExitStack() as stack:
        if _IN_HAND.get() is None:
            found: Notebook | str
            try:
                found = _mine()
                stack.enter_context(found.held())
            except PlaygroundError as error:
                found = str(error)
            stack.callback(_IN_HAND.reset, _IN_HAND.set(found))
        yield


def book() -> Notebook | None:
    """None where the browser keeps no cookie, or the notebook cannot be read."""
    found = _found()
    return found if isinstance(found, Notebook) else None


def why() -> str:
    """Why there is none; empty where there is one."""
    found = _found()
    return found if isinstance(found, str) else ""


def write(change: Callable[[Notebook], None]) -> None:
    """Writes while the page is drawn; where that cannot be, the page says so and goes on."""
    if (mine := book()) is not None:
        try:
            change(mine)
        except NotKept as error:
            told.say(str(error))


def _found() -> Notebook | str:
    if (found := _IN_HAND.get()) is not None:
        return found
    try:
        mine = _mine()
        mine.entries()
    except PlaygroundError as error:
        return str(error)
    return mine


def _mine() -> Notebook:
    return Notebook(engine().catalog.store, state.needed_owner())
