"""The training loop of a script, with no more in it than its run does."""

import inspect
from collections.abc import Iterator, Sequence

from playground.core.lazy import torch
from playground.core.seeds import generator
from playground.runs.embedding import Embedding
from playground.runs.script_names import activation, bounds, plain
from playground.training.config import RunConfig
from playground.training.live_changes import Intervention, rescaled

Lines = Iterator[str]


def loop(config: RunConfig, interventions: Sequence[Intervention], e: Embedding, network: str, learn: str) -> Lines:
    """`network` is the class, and `learn` the function that does one update."""
    changes = list(_changes(config, interventions, e))
    stream, forced = config.arrival == "stream", config.architecture.forcing(0.0) is not None
    kind = config.schedule.kind  # type: ignore[attr-defined]  # every component has one
    schedule = None if kind == "constant" else e.component(config.schedule, "factor")
    e.use("collections.abc", "Iterator")
    e.take("playground.runs.plain.data", "Asked")

    yield "def train() -> Iterator[float]:"
    yield '    """The loss of each batch, before the update that it leads to."""'
    if changed := sorted({name for _, names, _ in changes for name in names}):
        yield f"    global {', '.join(changed)}"
    yield f'    network, data = {network}(), generator(SEED, "training data")'
    yield f"    optimizer = {_optimizer(config)}"
    if config.shuffle_time:
        yield '    order = generator(SEED, "time")'
    if forced:
        yield '    forcing = generator(SEED, "teacher forcing")'
    if schedule:
        yield f"    schedule = {schedule}"
    if stream:
        yield "    memory = states = None"
    yield "    for update in range(UPDATES):"
    for update, _, lines in changes:
        yield f"        if update == {update}:"
        yield from (f"            {line}" for line in lines)
    if schedule or changes:
        yield "        for group in optimizer.param_groups:"
        yield '            group["lr"] = LEARNING_RATE' + (" * schedule.factor(update, UPDATES)" if schedule else "")
    yield from (f"        {line}" for line in _batch(config, e))
    before, after = ("states", "states") if stream else ("None", "_")
    yield f"        loss, {after} = {learn}(network, optimizer, batch, {before})"
    if stream:
        yield "        states = [tuple(part.detach() for part in state) for state in states]"
    yield "        yield loss"
    yield "        if not all(w.isfinite().all() for w in network.parameters()):"
    yield "            return  # a run ends where its weights are no numbers any more"


def _batch(config: RunConfig, e: Embedding) -> Lines:
    """From the task's sequences to what the network is asked."""
    counts = config.task.sample(1, generator(config.seed, "a look")).counts is not None
    if config.arrival == "stream":
        yield "(x, targets, counts), memory = task.window(BATCH, data, memory)"
    else:
        yield "x, targets, counts = task.sample(BATCH, data)"
    if config.shuffle_time:
        e.take("playground.runs.plain.data", "shuffled")
        yield "x = shuffled(x, order)"
    if config.one_answer and config.task.answers > 1:
        yield "targets, counts = targets[-1:], counts[-1:]" if counts else "targets = targets[-1:]"
    elif config.architecture.last_only:
        e.take("playground.runs.plain.data", "last_counted")
        yield "counts = last_counted(targets, counts)"
        counts = True
    share, forced = config.architecture.forcing(0.0), ""
    if share is not None:
        fade = getattr(config.architecture, "fade", 0.0)
        falling = f" * max(0.0, 1 - update / UPDATES / {fade!r})" if fade else ""
        yield f"forced = torch.rand(targets.shape[:2], generator=forcing) < {share!r}{falling}"
        forced = ", forced.to(DEVICE)"
    numbers = ", DTYPE" if config.task.loss == "mean squared error" else ""
    counted = ", counts.to(DEVICE, DTYPE)" if counts else ", None" if forced else ""
    yield f"batch = Asked(x.to(DEVICE, DTYPE), targets.to(DEVICE{numbers}){counted}{forced})"


def _changes(
    config: RunConfig, interventions: Sequence[Intervention], e: Embedding
) -> Iterator[tuple[int, list[str], list[str]]]:
    """Of each intervention its update, the names that it gives a new value, and the lines that do it."""
    for each in interventions:
        old, config = config, config.patched(each.changes)
        values: dict[str, object] = {}
        if config.optimizer != old.optimizer:
            values["LEARNING_RATE"] = config.optimizer.learning_rate
        if config.clip != old.clip:
            rule = plain("clip rule", config.clip)
            e.take("playground.runs.plain.clipping", rule)
            values |= {"clip": rule, **dict(bounds(config.clip))}
        if config.cell.activation != old.cell.activation:
            values["phi"] = activation(config.cell.activation, e)
        lines = [f"{name} = {value}" for name, value in values.items()]
        factor, _ = rescaled(old, config)
        if factor != 1:
            e.take("playground.runs.plain.weights", "rescale_recurrent")
            lines.append(f"rescale_recurrent(network, {factor!r})")
        if lines:
            yield each.update, list(values), lines


def _optimizer(config: RunConfig) -> str:
    """torch's optimiser, with what differs from its own defaults."""
    made = config.optimizer.build(torch.zeros(1))
    standard = inspect.signature(type(made)).parameters
    given = {
        name: value
        for name, value in made.defaults.items()
        if name in standard and name not in ("lr", "fused") and value != standard[name].default
    }
    more = "".join(f", {name}={value!r}" for name, value in given.items())
    return f"torch.optim.{type(made).__name__}(network.parameters(), lr=LEARNING_RATE{more})"
