"""Our own still drawings of lessons, by the name after `drawing:`. To add one: write it under figures, name it here."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from playground.core.errors import UnknownName
from playground.figures import cliff
from playground.figures.drawn import Drawn


class Drawing(NamedTuple):
    """A figure of numbers that are computed when somebody looks, without torch; `words` say what is to be seen."""

    title: str
    rule: str
    words: str
    figure: Drawn


def _cliff() -> Drawing:
    data = cliff.prepare()
    return Drawing(cliff.TITLE, cliff.RULE, cliff.words(data), cliff.draw(data))


DRAWINGS: Mapping[str, Callable[[], Drawing]] = MappingProxyType({"cliff": _cliff})


def drawing(name: str) -> Drawing:
    """Raises UnknownName."""
    if name not in DRAWINGS:
        raise UnknownName("drawing", name, DRAWINGS)
    return DRAWINGS[name]()
