"""What the kinds of a config are called in a script: the names of `runs/plain`, or torch's own."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from playground.core.component import Component
from playground.core.errors import PlaygroundError
from playground.nn.clipping import ClipRule
from playground.runs.embedding import Embedding

PLAIN: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "cell": {"vanilla": "Vanilla", "lstm": "Lstm", "gru": "Gru"},
        "architecture": {
            "many_to_one": "ManyToOne",
            "many_to_many": "ManyToMany",
            "one_to_many": "OneToMany",
            "encoder_decoder": "EncoderDecoder",
            "window_mlp": "WindowMlp",
        },
        "clip rule": {
            "none": "leave",
            "value": "clip_by_value",
            "norm": "clip_by_norm",
            "per_parameter": "clip_each_by_norm",
            "agc": "clip_by_the_size_of_the_weights",
            "too_early": "clip_before_the_backward_pass",
        },
        "loss mode": {
            "cumulative": "learn_at_once",
            "each_step": "learn_answer_by_answer",
            "update_each_step": "update_after_each_answer",
            "truncated": "learn_in_blocks",
        },
    }
)
DIRECTIONS = MappingProxyType({"one_way": "OneWay", "two_passes": "TwoPasses", "concatenated": "Concatenated"})
LOSSES = MappingProxyType({"cross-entropy": "cross_entropy", "mean squared error": "squared_error"})
ACTIVATIONS = MappingProxyType(
    {
        "tanh": "torch.tanh",
        "sigmoid": "torch.sigmoid",
        "relu": "torch.relu",
        "leaky_relu": "nn.LeakyReLU({slope_below})",
        "identity": "nn.Identity()",
        "hardtanh": "nn.Hardtanh()",
        "softsign": "nn.Softsign()",
        "silu": "nn.SiLU()",
        "gelu": "nn.GELU()",
    }
)
"""Those that torch has too. Others are embedded."""
PHIS = MappingProxyType({"activation": "phi", "gate_activation": "sigma", "output_activation": "phi_c"})
"""Fields of a cell."""
BOUNDS = MappingProxyType(
    {"threshold": "THRESHOLD", "lo": "LOWEST", "hi": "HIGHEST", "ratio": "RATIO", "floor": "FLOOR"}
)
"""Fields of a clip rule."""


def plain(what: str, component: Component) -> str:
    """Raises PlaygroundError for a kind that nobody has written down yet."""
    kind = component.kind  # type: ignore[attr-defined]  # every component has one
    if kind not in PLAIN[what]:
        raise PlaygroundError(
            f"There is no script for the {what} {component.title} yet: its part belongs into playground/runs/plain. "
            "Export the run's measurements instead."
        )
    return PLAIN[what][kind]


def activation(component: Component, e: Embedding) -> str:
    known = ACTIVATIONS.get(component.kind)  # type: ignore[attr-defined]
    return known.format(**component.model_dump()) if known else f"{e.component(component, 'value')}.value"


def bounds(rule: ClipRule) -> Iterator[tuple[str, float]]:
    return ((name, getattr(rule, field)) for field, name in BOUNDS.items() if field in type(rule).model_fields)
