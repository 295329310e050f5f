"""Settings of several runs side by side: what differs, and what is the same in all."""

from collections.abc import Mapping, Sequence
from typing import Any

from playground.core.words import cut, number
from playground.training.config import RunConfig
from playground.training.paths import holder, leaves, value_at
from playground.ui.labels import label, value_name
from playground.ui.twins import OWNERS, called

ABSENT = "–"
"""In the place of a setting that a run's components do not have."""
APART = ("format", "alarms")
"""What says nothing of how a run trains."""
LONGEST = 40
"""Letters of a value, or of a run's name, in a table."""
NAMES: Mapping[str, str] = {"clip": "clip rule", "optimizer.learning_rate": "learning rate η"}
"""Where the form says the rest by the place in which a field stands."""


class Settings:
    """All settings of some configs, in the order of the form. `values[path]` has one for each config, None where its
    components have no such field.

    What a component brings as it comes, and no other config has, does not count as a difference of its own: a GRU has
    gates, and that it is a GRU is said already.
    """

    def __init__(self, configs: Sequence[RunConfig]) -> None:
        self.configs = tuple(configs)
        found = [_values(config) for config in configs]
        paths = dict.fromkeys(path for one in found for path in one)
        self.values = {path: tuple(one.get(path) for one in found) for path in paths}
        chosen = {path for config in configs for other in configs for path in config.difference(other)}
        self.differing = tuple(path for path in paths if path in chosen or len(self._distinct(path)) > 1)
        self.others = tuple(path for path in paths if path not in self.differing)

    def _distinct(self, path: str) -> set[Any]:
        return {value for value in self.values[path] if value is not None}

    def said(self, path: str, place: int) -> str:
        """A value in words; a text of somebody's own may fill a book."""
        value, config = self.values[path][place], self.configs[place]
        return ABSENT if value is None or holder(config, path) is None else _value(config, path, value)

    def said_once(self, path: str, letters: str) -> str:
        """Of a setting that does not differ: its one value, and who has it where not all do."""
        having = [place for place, value in enumerate(self.values[path]) if value is not None]
        who = "" if len(having) == len(self.configs) else f" ({', '.join(letters[place] for place in having)})"
        return f"{self.said(path, having[0])}{who}"


def title(path: str) -> str:
    """What a setting is called where its component does not stand beside it: "U: gain"."""
    path = path.removesuffix(".kind")
    *parents, last = path.split(".")
    own = NAMES.get(path, label(path))
    if not parents or parents[-1] == "cell" or path in NAMES:
        return own
    owner = OWNERS.get(parents[-1]) or label(".".join(parents))
    return own if last in OWNERS else f"{owner}: {own}"


def names(configs: Sequence[RunConfig]) -> list[str]:
    """What tells each from the others, in a few words: what most of them have is left out; "" where nothing differs."""
    settings = Settings(configs)
    found = []
    for config in configs:
        own: dict[str, Any] = {}
        for other in configs:
            # The fields of a component that is new say nothing that its name does not, but its own numbers.
            own |= config.difference(other)
        paths = [path for path in settings.values if path in own and path != "pace"]
        rare = [path for path in paths if 2 * settings.values[path].count(own[path]) <= len(configs)]
        found.append(cut(", ".join(called(p, _value(config, p, own[p])) for p in rare or paths), LONGEST))
    return found


def _values(config: RunConfig) -> dict[str, Any]:
    return {path: value_at(config, path) for path in leaves(config) if path.partition(".")[0] not in APART}


def _value(config: RunConfig, path: str, value: Any) -> str:
    if isinstance(value, float):
        text = f"{value:g}"
        return number(value) if "e" in text else text.replace("-", "−")
    text = f"{value:,}" if type(value) is int and path != "seed" else value_name(config, path, value)
    return cut(text, LONGEST)
