"""Ready-made maps: questions that are asked often, each with the map that answers it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from playground.nn.cells.lstm import Lstm
from playground.nn.cells.vanilla import Vanilla
from playground.nn.initializers import Orthogonal
from playground.sweeps.axis import Axis
from playground.sweeps.spec import MapSpec
from playground.training.config import RunConfig
from playground.training.optimizers import Sgd


class Ready(NamedTuple):
    title: str
    sentence: str
    spec: MapSpec


BASE = RunConfig(hidden=32)
ORTHOGONAL = Vanilla(recurrent_init=Orthogonal())
GAIN = "cell.recurrent_init.gain"

READY: Mapping[str, Ready] = MappingProxyType(
    {
        "init-activation-clip": Ready(
            "Initialiser × activation × clipping",
            "Which initialiser and activation learn over 30 steps, and does clipping change that?",
            MapSpec(
                base=BASE,
                x=Axis(
                    path="cell.recurrent_init.kind",
                    values=("torch", "xavier_uniform", "orthogonal", "identity", "he_normal"),
                ),
                y=Axis(path="cell.activation.kind", values=("tanh", "sigmoid", "relu", "identity")),
                panels=Axis(path="clip.kind", values=("none", "norm", "value")),
                seeds=1,
            ),
        ),
        "gain-length": Ready(
            "Gain × length",
            "How large must the recurrent weights be for a sequence of this length, and how large may they be?",
            MapSpec(
                base=BASE.model_copy(update={"cell": ORTHOGONAL}),
                x=Axis.spread(GAIN, 0.6, 2.0, 8),
                y=Axis.spread("task.length", 10, 80, 8),
                seeds=3,
            ),
        ),
        "rate-clip": Ready(
            "Learning rate × clip bound",
            "Does a small clip bound make up for a large learning rate?",
            MapSpec(
                base=BASE.model_copy(update={"cell": ORTHOGONAL, "optimizer": Sgd()}),
                x=Axis.spread("optimizer.learning_rate", 1e-3, 3.0, 8, log=True),
                y=Axis.spread("clip.threshold", 0.01, 100.0, 8, log=True),
                seeds=3,
            ),
        ),
        "bias-length": Ready(
            "Forget bias × length",
            "How far does an LSTM remember, by the bias of its forget gate?",
            MapSpec(
                base=BASE.model_copy(update={"cell": Lstm()}),
                x=Axis.spread("cell.forget_bias.value", -1.0, 6.0, 8),
                y=Axis.spread("task.length", 10, 80, 8),
                seeds=1,
            ),
        ),
        "gain-rate": Ready(
            "Gain × learning rate",
            "Where is the edge between forgetting and blowing up, and does the learning rate move it?",
            MapSpec(
                base=RunConfig(hidden=16, cell=ORTHOGONAL),
                x=Axis.spread(GAIN, 0.5, 2.0, 16),
                y=Axis.spread("optimizer.learning_rate", 1e-4, 1e-1, 16, log=True),
                seeds=1,
            ),
        ),
    }
)
