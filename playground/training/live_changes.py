"""Changes of a run while it trains, without a reset: rate, clip rule and bounds, activation, gain of U, what stops it.

Each becomes an *intervention*, which takes effect before the update that it names. The run's config stays what it
began with; together with its interventions it says all that decides the run, so that it can be computed again.
"""

from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from playground.core.words import number
from playground.diagnosis.diagnose import Change

if TYPE_CHECKING:
    from playground.nn.network import Network
    from playground.training.config import RunConfig

RATE = "optimizer.learning_rate"
GAIN = "cell.recurrent_init.gain"
WHOLE = ("clip", "cell.activation", "stop")
"""Parts of which everything may change, the kind too."""
WATCHED = ("pace", "alarms", "stop")
"""What says how a run is watched, not how it trains."""


class Intervention(BaseModel):
    """What changed before `update`: fields of the config in force until then, by dotted path, and one sentence."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    update: Annotated[int, Field(ge=0)]
    changes: dict[str, Any]
    sentence: str


def is_live(path: str) -> bool:
    """Whether a field may change while a run trains."""
    return path in (RATE, GAIN) or path.startswith(tuple(f"{part}." for part in WHOLE))


def live_changes(old: "RunConfig", new: "RunConfig") -> dict[str, Any] | None:
    """What a run of `old` has to take on to train as `new` says; None where that needs a new run.

    A gain of 0 needs one: U that was multiplied by 0 is lost.
    """
    changes = {path: v for path, v in new.difference(old).items() if path != "pace"}  # the worker is told by itself
    lost = GAIN in changes and not (_gain(old) and _gain(new))
    return changes if all(map(is_live, changes)) and not lost else None


def trains_alike(paths: Iterable[str]) -> bool:
    """Whether a run whose config differs in these fields has the same numbers, as far as both go."""
    return all(path.partition(".")[0] in WATCHED for path in paths)


def intervention(update: int, old: "RunConfig", new: "RunConfig") -> Intervention | None:
    """The step from one config to another before an update; None where they train alike, or need two runs."""
    changes = live_changes(old, new)
    return Intervention(update=update, changes=changes, sentence=_sentence(old, new)) if changes else None


def in_force(config: "RunConfig", interventions: Iterable[Intervention]) -> "RunConfig":
    """What a run that began as `config` trains with after these."""
    return stages(config, interventions)[-1]


def stages(config: "RunConfig", interventions: Iterable[Intervention]) -> list["RunConfig"]:
    """What it trains with before the first of them, and after each."""
    return [*accumulate(interventions, lambda now, each: now.patched(each.changes), initial=config)]


def told(config: "RunConfig", interventions: Iterable[Intervention]) -> Iterator[Change]:
    """What they are to a diagnosis of a run that began as `config`."""
    for each in interventions:
        old, config = config, config.patched(each.changes)
        if trains_alike(each.changes):
            continue  # what was found stands
        yield Change(each.update, config, each.sentence, bool(rescaled(old, config)[1]))


def rescaled(old: "RunConfig", new: "RunConfig") -> tuple[float, list[str]]:
    """The factor on U, and the tensors that it is on: all that are drawn with the gain."""
    if not (_gain(old) and _gain(new)) or _gain(old) == _gain(new):
        return 1.0, []
    before, after = _drawn(old.network), _drawn(new.network)
    return _gain(new) / _gain(old), [name for name, initializer in after.items() if initializer != before[name]]


def _drawn(network: "Network") -> dict[str, object]:
    return {name: initializer for name, (_, initializer) in network.tensors().items()}


def _gain(config: "RunConfig") -> float:
    """Of U; 0 where its initialiser has none."""
    return float(getattr(config.cell.recurrent_init, "gain", 0.0))  # type: ignore[attr-defined]  # every cell has one


def _sentence(old: "RunConfig", new: "RunConfig") -> str:
    rates = (old.optimizer.learning_rate, new.optimizer.learning_rate)
    said = [("learning rate", *map(_exact, rates)), ("clip", _said(old.clip), _said(new.clip))]
    said += [("activation", _said(old.cell.activation), _said(new.cell.activation))]
    said += [("gain of U", _exact(_gain(old)), _exact(_gain(new))), ("stop", _stops(old), _stops(new))]
    return "; ".join(f"{name} {before} → {after}" for name, before, after in said if before != after)


def _stops(config: "RunConfig") -> str:
    stop = config.stop
    conditions = [("solved", stop.solved), ("NaN or ∞", stop.not_finite), (f"a {stop.alarm}", stop.alarm != "never")]
    conditions += [(f"{stop.seconds:,} s", stop.seconds > 0)]
    return ", ".join(name for name, asked in conditions if asked) or "at its end"


def _said(component: BaseModel) -> str:
    """by norm 1"""
    values = [_exact(getattr(component, name)) for name in type(component).model_fields if name != "kind"]
    return " ".join([str(component.title), ", ".join(values)]).strip()  # type: ignore[attr-defined]  # all have one


def _exact(value: float) -> str:
    """0.003 as it was written; far from 1 as powers of ten."""
    text = f"{value:.10g}".replace("-", "−")
    return number(value, 3) if "e" in text else text
