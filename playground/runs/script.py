"""A run as a stand-alone PyTorch script: the same data, the same first weights, the same updates, with autograd.

Task, initialisers and schedule are the project's own source, so that the same numbers are drawn; the network and the
way it learns are those of `runs/plain`, which shares nothing with the project's own scan.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from playground.core.errors import PlaygroundError
from playground.core.words import cut
from playground.nn.architectures.encoder_decoder import EncoderDecoderNetwork
from playground.nn.architectures.sequence import SequenceNetwork
from playground.nn.stack import Stack
from playground.runs.embedding import Embedding
from playground.runs.folder import RunFolder
from playground.runs.script_loop import loop
from playground.runs.script_names import DIRECTIONS, LOSSES, PHIS, activation, bounds, plain
from playground.training.config import RunConfig
from playground.training.live_changes import Intervention
from playground.training.stopping import Stop

SHOWN = 60
"""Letters of a setting in the header: a text of the user's own may fill a book."""

MAIN = """\
if __name__ == "__main__":
    torch.set_num_threads(1)
    for update, loss in enumerate(train()):
        print(update, loss, sep="\\t", flush=True)"""


def script_of(folder: RunFolder) -> bytes:
    """Raises PlaygroundError for a run that no script can do again: see `why_not`."""
    if reason := why_not(folder):
        raise PlaygroundError(reason)
    return script(folder.config(), folder.interventions()).encode()


def why_not(folder: RunFolder) -> str:
    """A sentence for a run of which there is no script; empty for all others."""
    origin, config = folder.origin(), folder.config()
    if origin is not None:
        return (
            f"This run goes on from update {origin.update:,} of another one, from weights that no seed draws. "
            f"Export the script of run {origin.run_id} instead."
        )
    try:
        _chosen(config)
    except PlaygroundError as error:
        return str(error)
    return ""


def script(config: RunConfig, interventions: Sequence[Intervention] = ()) -> str:
    """Python that needs torch, and for some tasks numpy. Raises PlaygroundError for what has no such form yet."""
    chosen = _chosen(config)
    e = Embedding(chosen)
    e.write("# Random numbers")
    e.take("playground.core.seeds", "generator")

    e.write("# The task")
    e.write(f"task = {e.component(config.task, 'window' if config.arrival == 'stream' else 'sample')}")

    e.write("# First weights")
    weights = config.network.tensors().items()
    drawn = [f'    "{name}": ({shape}, {e.component(how, "draw")}),' for name, (shape, how) in weights]
    e.write("\n".join(["INITIAL = {", *drawn, "}"]))

    e.write("# The network")
    fields = [field for field in PHIS if field in type(config.cell).model_fields]
    for field in fields if config.architecture.recurrent else ["activation"]:
        e.write(f"{PHIS[field]} = {activation(getattr(config.cell, field), e)}")
    if config.architecture.recurrent:
        e.take("playground.runs.plain.cells", chosen["CELL"])
        e.take("playground.runs.plain.layers", chosen["LAYERS"])
    e.take("playground.runs.plain.networks", chosen["NETWORK"])

    e.write("# Losses, gradients, updates")
    e.take("playground.runs.plain.losses", chosen["LOSSES"])
    e.take("playground.runs.plain.losses", chosen["WEIGHTS"])
    e.take("playground.runs.plain.clipping", chosen["CLIP"])
    if any(config.clip != config.patched(each.changes).clip for each in interventions):
        e.write(f"clip = {chosen['CLIP']}")
        chosen["CLIP"] = "clip"
    e.take("playground.runs.plain.learning", chosen["LEARN"])

    e.write("# The run")
    e.write("\n".join(loop(config, interventions, e, chosen["NETWORK"], chosen["LEARN"])))
    e.write(MAIN)

    body = "\n\n\n".join(e.parts)
    used = [f"{name} = {value}" for name, value in _settings(config).items() if re.search(rf"\b{name}\b", body)]
    head = "\n".join(_header(config, interventions, "numpy" in e.head()))
    return "\n\n".join([head, "from __future__ import annotations", e.head(), "\n".join(used), "", body]) + "\n"


def _chosen(config: RunConfig) -> dict[str, str]:
    """What stands for the names in capitals."""
    zeros = getattr(config.architecture, "feed", "") == "zeros"
    return {
        "CELL": plain("cell", config.cell),
        "LAYERS": DIRECTIONS[config.direction],
        "NETWORK": plain("architecture", config.architecture) + ("OnZeros" if zeros else ""),
        "LOSSES": LOSSES[config.task.loss],
        "WEIGHTS": f"{getattr(config.learning, 'over_time', 'mean')}_over_time",
        "CLIP": plain("clip rule", config.clip),
        "LEARN": plain("loss mode", config.learning),
    }


def _settings(config: RunConfig) -> dict[str, str]:
    """Names of `plain/settings`, and those of the loop."""
    network, learning = config.network, config.learning
    values: dict[str, Any] = {
        "SEED": config.seed,
        "UPDATES": config.updates,
        "BATCH": config.batch,
        "LEARNING_RATE": config.optimizer.learning_rate,
        "HIDDEN": config.hidden,
        "CARRIED": len(config.cell.states),
        "OUTPUTS": config.task.outputs,
        **dict(bounds(config.clip)),
        "DEVICE": config.device,
    }
    if isinstance(network, SequenceNetwork):
        values["PASSES"] = _places(network.stack)
    if isinstance(network, EncoderDecoderNetwork):
        values |= {"PASSES": _places(network.encoder), "WRITING_PASSES": _places(network.decoder)}
    if "k1" in type(learning).model_fields:
        values |= {"BACK_EVERY": learning.k1, "BACK": learning.k2}  # type: ignore[attr-defined]
    return {name: repr(value) for name, value in values.items()} | {"DTYPE": f"torch.{config.precision}"}


def _places(stack: Stack) -> tuple[str, ...]:
    """Of each pass the names of its weights, {} being the letter."""
    return tuple(f"{stack.prefix}{{}}{suffix}" for suffix in stack.suffixes)


def _header(config: RunConfig, interventions: Sequence[Intervention], numpy: bool) -> Iterator[str]:
    task = config.task.title
    yield f"# {task[0].upper()}{task[1:]}, {config.architecture.title}, {config.cell.title}."
    yield "# A run of the RNN playground as plain PyTorch, with nothing of the playground's in it."
    yield "#"
    yield f"# Needs Python 3.11 and torch{', and numpy' if numpy else ''}. Prints the loss of the batch of each update."
    yield "# Weights and data are drawn as the playground draws them; gradients are autograd's. In float64 the losses"
    yield "# are those of the playground to about ten digits, as long as nothing explodes, which makes rounding large."
    if config.precision != "float64":
        yield f"# This run is in {config.precision}: the two part by rounding, and a little more with each update."
    if config.stop != Stop():
        yield "# What would have ended the run early is not looked at: the script goes on to the last update."
    for each in interventions:
        yield f"# Changed before update {each.update}: {each.sentence}."
    yield "#"
    changes = config.difference(RunConfig())
    yield (
        "# What differs from the playground's defaults:" if changes else "# All settings are the playground's defaults."
    )
    for path, value in changes.items():
        yield f"#   {path} = {cut(repr(value), SHOWN)}"
