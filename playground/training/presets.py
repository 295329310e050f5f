"""Presets: demonstrations that work, each one or two changes away from the first.

They build RunConfigs and nothing else. What each promises is held over seeds by tests/training/test_presets.py, and
measured by `python -m playground presets`. Recall with random distractors, T = 30, H = 64, Adam: the learning rate is
2·10⁻³ because at 3·10⁻³ the orthogonal cure was knocked off by ρ shooting past 2 in 3 of 24 seeds, at 2·10⁻³ in 1 of
24.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from playground.training.config import RunConfig


class Preset(NamedTuple):
    """A name, what the card promises, where to look, and the fields that differ from the defaults."""

    key: str
    title: str
    promise: str
    changes: Mapping[str, Any]

    @property
    def config(self) -> RunConfig:
        return RunConfig().patched(self.changes)


_U = "cell.recurrent_init.kind"
_PHI = "cell.activation.kind"
_RUNAWAY = {_PHI: "identity", _U: "orthogonal", "optimizer.kind": "sgd", "clip.kind": "none", "updates": 60}

_CLOSED_FORM = {
    _PHI: "identity",
    _U: "orthogonal",
    "cell.recurrent_init.gain": 0.8,
    "optimizer.kind": "sgd",
    "optimizer.learning_rate": 0.0,
    "optimizer.momentum": 0.0,
    "updates": 60,
}
_BY_VALUE = {"clip.kind": "value", "clip.lo": -0.03, "clip.hi": 0.03, "updates": 300}
_BY_NORM = {"clip.kind": "norm", "clip.threshold": 0.3, "updates": 300}
_TO_DEATH = {"clip.kind": "norm", "clip.threshold": 1e-3, "updates": 300}

_UNCLIPPED = {"optimizer.kind": "sgd", "clip.kind": "none"}
_DETECTIVE = {
    "task.kind": "adding",
    "task.length": 50,
    "hidden": 32,
    _U: "orthogonal",
    "cell.recurrent_init.gain": 2.0,
    "optimizer.learning_rate": 0.1,
    "updates": 60,
    "pace": 3,
}
_HE = {
    _PHI: "relu",
    _U: "he_uniform",
    "cell.recurrent_init.gain": 1.2,
    "optimizer.learning_rate": 0.1,
    "updates": 60,
    "pace": 1,
}
_RATE_1 = {"task.kind": "adding", "cell.kind": "gru", "optimizer.learning_rate": 1.0, "updates": 60, "pace": 3}
_HALF = {
    _PHI: "identity",
    _U: "orthogonal",
    "cell.recurrent_init.gain": 1.5,
    "optimizer.kind": "sgd",
    "precision": "float16",
    "updates": 100,
    "pace": 3,
}
_DEEP = {
    "layers": 4,
    _PHI: "sigmoid",
    _U: "xavier_uniform",
    "task.length": 10,
    "optimizer.kind": "sgd",
    "optimizer.learning_rate": 0.1,
    "clip.kind": "none",
    "updates": 200,
}

_LSTM = {"cell.kind": "lstm", "updates": 300}
_GRU = {"cell.kind": "gru", "updates": 400}
_MAJORITY = {
    "task.kind": "majority",
    _U: "xavier_uniform",
    "hidden": 32,
    "optimizer.learning_rate": 0.01,
    "updates": 300,
    "pace": 10,
}
_SMALL = {"hidden": 32}
_PARITY = {"task.kind": "parity", "task.length": 10, "cell.kind": "gru", _U: "xavier_uniform", "hidden": 32, "pace": 30}
_VIDEO = {"task.kind": "moving_dot", _U: "xavier_uniform", "hidden": 32, "updates": 300}
_FAST = {"cell.kind": "gru", "optimizer.learning_rate": 0.005, "updates": 400, "pace": 0}
_TWO = _FAST | {"hidden": 128, "batch": 64, "updates": 600}
_TAGS = _FAST | {"task.kind": "tagging", "updates": 200, "pace": 10}
_TONES = _FAST | {"task.kind": "tones", "pace": 20}

_ALL = (
    Preset("P1", "See a network forget", "tanh with torch's own weights: the beginning never reaches the end.", {}),
    Preset(
        "P2b", "Cure it with one change", "U orthogonal, all else equal: it reads back 30 steps.", {_U: "orthogonal"}
    ),
    Preset(
        "P5", "Blow it up in 20 updates", "It learns to remember, and that drives it to NaN.", _RUNAWAY | {"pace": 3}
    ),
    Preset("P2a", "Cured: Xavier", "U Xavier uniform: ρ goes from 0.58 to 1.", {_U: "xavier_uniform"}),
    Preset("P2c", "Cured: ReLU, identity", "ReLU with U = 1: flat at the start.", {_PHI: "relu", _U: "identity"}),
    Preset("P2x", "ReLU alone does not cure", "Slope 1, but U still shrinks every signal.", {_PHI: "relu"}),
    Preset("P1s", "Sigmoid: the worst", "The slope is at most 1/4 at each step.", {_PHI: "sigmoid"}),
    Preset(
        "P3",
        "An LSTM as delivered forgets",
        "Biases 0, as torch draws them on the mean: the forget gate starts half shut, 0.5 a step.",
        _LSTM | {"cell.forget_bias.value": 0.0},
    ),
    Preset(
        "P3b",
        "LSTM, forget bias 1",
        "The usual advice: enough for 20 steps, not surely for 30.",
        _LSTM | {"cell.forget_bias.value": 1.0},
    ),
    Preset(
        "P3c",
        "Cured: forget bias ln T",
        "b_f = 3 ≈ ln 30: σ(3)^29 = 0.24 of the signal arrives.",
        _LSTM | {"cell.forget_bias.value": 3.0},
    ),
    Preset("P3g", "A GRU forgets too", "Its gate z keeps half a step's state.", _GRU | {"cell.keep_bias.value": 0.0}),
    Preset("P3h", "Cured: GRU that keeps", "Bias 2 on z: it starts by keeping.", _GRU | {"cell.keep_bias.value": 2.0}),
    Preset("P4", "A straight line", "Linear, U = 0.8·Q, no learning: ‖∂L/∂h_t‖ = 0.8^(T−t).", _CLOSED_FORM),
    Preset("P5a", "Cured: clip by value", "Each element of the gradient kept in ±0.03.", _RUNAWAY | _BY_VALUE),
    Preset("P5b", "Cured: clip by norm", "The gradient's norm kept at 0.3.", _RUNAWAY | _BY_NORM),
    Preset("P6", "Clipped to death", "Norm 0.001: all updates clipped, nothing learned.", _RUNAWAY | _TO_DEATH),
    Preset(
        "P6x",
        "Adam does not notice a clip",
        "The same clip with Adam: all updates clipped, and solved all the same.",
        {"task.length": 20, "hidden": 32, _U: "orthogonal", "clip.threshold": 1e-3, "updates": 300},
    ),
    Preset(
        "P6e",
        "A clip before the backward pass",
        "Found in published code: the ledger shows a clip that changes nothing.",
        _RUNAWAY | {"clip.kind": "too_early", "clip.threshold": 0.3, "pace": 3},
    ),
    Preset("P7", "A detective story", "NaN at update 32. What happened first?", _UNCLIPPED | _DETECTIVE),
    Preset("P7h", "He, a little too much", "ReLU with He × 1.2: it lasts for two to four updates.", _UNCLIPPED | _HE),
    Preset("P7g", "A GRU explodes too", "Learning rate 1: gates are no protection.", _UNCLIPPED | _RATE_1),
    Preset("P7f", "Where float16 ends", "1.5 a step: at 65,504 a state becomes inf.", _HALF),
    Preset(
        "P3l",
        "An LSTM at 100 steps",
        "As torch delivers it: half of the signal is lost at each of them.",
        {"cell.kind": "lstm", "cell.forget_bias.value": 0.0, "task.length": 100, "updates": 200},
    ),
    Preset("P1d", "Vanishing over depth", "Four sigmoid layers: the lowest one hardly learns.", _DEEP),
    Preset("P8", "Reading ahead: one way cannot", "Majority of x_{t−2} … x_{t+2}: 81.25 % is the ceiling.", _MAJORITY),
    Preset(
        "P8b",
        "Reading ahead: two passes",
        "The second pass has seen what comes: 100 %.",
        _MAJORITY | {"direction": "two_passes"},
    ),
    Preset(
        "P9",
        "… the joined input does not",
        "[x_t ; x_{T−t+1}] shows the wrong steps: 81–82 %.",
        _MAJORITY | {"direction": "concatenated"},
    ),
    Preset("P10", "One way, far too long", "P1 with H = 32: the first symbol is 29 steps away.", _SMALL),
    Preset(
        "P10b",
        "Two passes: one step away",
        "The second pass ends at x₁: the path has length 1.",
        _SMALL | {"direction": "two_passes", "updates": 100},
    ),
    Preset(
        "P10c",
        "… and here the joined input helps",
        "The last input holds x₁ too: the path has length 1.",
        _SMALL | {"direction": "concatenated", "updates": 100},
    ),
    Preset(
        "P11",
        "A label at every step",
        "Parity, told at each step: it learns in some 250 updates.",
        _PARITY | {"architecture.kind": "many_to_many"},
    ),
    Preset(
        "P11e", "… or only at the end", "The same net, the same last question: nothing.", _PARITY | {"updates": 600}
    ),
    Preset("P12", "Order matters: a video", "A dot on a ring of 12 pixels: left or right?", _VIDEO),
    Preset("P12s", "… shuffled", "The same frames in any order: 50 %.", _VIDEO | {"shuffle_time": True}),
    Preset(
        "P12m",
        "… an ordinary network",
        "As many weights, no recurrence: it can, for this one length.",
        _VIDEO | {"architecture.kind": "window_mlp"},
    ),
    Preset(
        "adding",
        "Add two marked numbers",
        "A GRU that keeps holds the first until the second.",
        _FAST | {"task.kind": "adding", "cell.keep_bias.value": 2.0, "updates": 600},
    ),
    Preset(
        "order",
        "Which came first?",
        "Two symbols among distractors.",
        {"task.kind": "order", _U: "orthogonal"},
    ),
    Preset("waves", "Name the wave", "Sine, square or sawtooth, in noise.", _FAST | {"task.kind": "waves"}),
    Preset("next_word", "The next word", "A small story; or paste your own.", _FAST | {"task.kind": "next_word"}),
    Preset(
        "echo",
        "An endless echo",
        "A stream: the state goes on from window to window.",
        _FAST | {"task.kind": "echo", "task.delay": 5, "arrival": "stream"},
    ),
    Preset("running_sum", "Keep the sum", "A number at every step.", {"task.kind": "running_sum", _U: "orthogonal"}),
    Preset("brackets", "Which bracket may follow?", "Count the open ones.", _FAST | {"task.kind": "brackets"}),
    Preset("tagging", "Tag words, one way", "“the fish …” noun or verb? 87.7 % is the ceiling.", _TAGS),
    Preset("tagging2", "… reading ahead", "The word after decides: 100 %.", _TAGS | {"direction": "two_passes"}),
    Preset(
        "tones", "Transcribe tones as they come", "Online: noisy frames to letters.", _TONES | {"arrival": "online"}
    ),
    Preset(
        "tones2", "… with the whole recording", "Offline, two passes: better.", _TONES | {"direction": "two_passes"}
    ),
    Preset(
        "series",
        "The next value",
        "Mackey–Glass, a chaotic curve; or a column of yours.",
        _FAST | {"task.kind": "series", "task.source": "mackey-glass"},
    ),
    Preset(
        "copy", "Say it again", "Symbols, a pause, then all of them.", _FAST | {"task.kind": "copy", "updates": 600}
    ),
    Preset("melody", "Write a melody", "From a start note and a style.", _FAST | {"task.kind": "melody"}),
    Preset(
        "drawing",
        "Draw a figure",
        "Circle, spiral, star, figure eight; half the time it reads its own pen.",
        _FAST | {"task.kind": "drawing", "architecture.teacher_forcing": 0.5},
    ),
    Preset("letters", "Write a saying", "From its first letter.", _FAST | {"task.kind": "letters"}),
    Preset(
        "frequency",
        "A wave from a number",
        "It reads its own answers while it trains, as it will afterwards.",
        _FAST | {"task.kind": "frequency", "architecture.teacher_forcing": 0.0},
    ),
    Preset(
        "frequency2",
        "… always told the truth",
        "Teacher forcing: it never learns to live with its own errors.",
        _FAST | {"task.kind": "frequency"},
    ),
    Preset(
        "reversal",
        "Say it backwards",
        "Eight digits, one network reads, the other writes.",
        _TWO | {"task.kind": "reversal", "updates": 2000, "schedule.kind": "cosine"},
    ),
    Preset("repeat", "Repeat digits", "The same in the same order.", _TWO | {"task.kind": "repeat", "updates": 1500}),
    Preset("translation", "Number words to digits", "Lengths that differ.", _TWO | {"task.kind": "translation"}),
    Preset(
        "phrases",
        "Translate a phrase",
        "Another word order.",
        _TWO | {"task.kind": "translation", "task.language": "phrases"},
    ),
    Preset("summary", "Sum it up", "The few key tokens of a long sequence.", _TWO | {"task.kind": "summary"}),
    Preset(
        "dates", "Dates", "Many ways to write one to year-month-day.", _TWO | {"task.kind": "dates", "updates": 1500}
    ),
)

PRESETS: Mapping[str, Preset] = MappingProxyType({preset.key: preset for preset in _ALL})


def nearest(config: RunConfig) -> Preset:
    """The preset with the fewest settings that this config has otherwise; of several the first."""
    mine = _settings(config)
    return min(PRESETS.values(), key=lambda preset: len(mine ^ _settings_of(preset.key)))


@cache
def _settings_of(key: str) -> frozenset[str]:
    return _settings(PRESETS[key].config)


def _settings(config: RunConfig) -> frozenset[str]:
    """What decides what is trained, as texts: quickly compared."""

    def walk(value: object, path: str) -> Iterator[str]:
        if isinstance(value, dict):
            for name, part in value.items():
                yield from walk(part, f"{path}.{name}")
        else:
            yield f"{path}={value}"

    return frozenset(walk(config.model_dump(mode="json", exclude={"pace", "alarms"}), ""))


CARDS = ("P1", "P2b", "P5")
"""What a first visit offers."""

FAILURES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "P1": ("vanishing", "orthogonal"),
        "P1s": ("vanishing", "relu_identity"),
        "P1d": ("vanishing_depth", "tanh"),
        "P2x": ("vanishing", "relu_identity"),
        "P3": ("vanishing", "keep"),
        "P3g": ("vanishing", "keep"),
        "P3l": ("vanishing", "keep"),
        "P5": ("not_finite", "clip_norm"),
        "P6": ("clip_always", "weaker_clip"),
        "P6x": ("clip_always", "weaker_clip"),
        "P6e": ("clip_idle", "clip_norm"),
        "P7": ("not_finite", "lstm"),
        "P7h": ("not_finite", "orthogonal"),
        "P7g": ("not_finite", "smaller_rate"),
        "P7f": ("not_finite", "double"),
    }
)
"""The presets that fail, each with the alarm that it is there for, and the remedy that removes it."""
