"""A script that stands alone does what the run did: an independent proof of both.

Its gradients are autograd's, its network and clip rules are written a second time; only tasks and initialisers are the
project's own text. Whatever is registered has a case here.
"""

import itertools
import json
import re
import subprocess
import sys
import types

import pytest
import torch

from playground.core.errors import PlaygroundError
from playground.nn.activations import registry as activations
from playground.nn.architectures import registry as architectures
from playground.nn.cells import registry as cells
from playground.nn.clipping import registry as clip_rules
from playground.nn.gate_biases import registry as gate_biases
from playground.nn.initializers import registry as initializers
from playground.runs.records import Origin
from playground.runs.script import script, script_of, why_not
from playground.tasks import registry as tasks
from playground.training.config import RunConfig
from playground.training.events import Update
from playground.training.learning import registry as loss_modes
from playground.training.live_changes import intervention
from playground.training.loop import one_update, train
from playground.training.optimizers import registry as optimizers
from playground.training.schedules import registry as schedules
from playground.training.state import TrainingState

SMALL = {"hidden": 5, "batch": 3, "task.length": 5, "optimizer.learning_rate": 0.01, "precision": "float64"}
U, PHI = "cell.recurrent_init.kind", "cell.activation.kind"
LSTM = {"cell.kind": "lstm", "cell.forget_bias.kind": "chrono"}
WORDS = 'CELL and LAYERS, clip \\ CLIP """ \'phi\' # DEVICE. One two three four five six seven eight nine ten eleven.'

CASES = [
    {PHI: "sigmoid", U: "xavier_uniform", "schedule.kind": "cosine", "seed": 7},
    {PHI: "relu", U: "identity", "clip.kind": "value", "clip.lo": -0.02, "clip.hi": 0.03, "schedule.kind": "step"},
    {PHI: "leaky_relu", U: "he_uniform", "clip.kind": "per_parameter", "clip.threshold": 0.05, "layers": 2},
    {PHI: "identity", U: "orthogonal", "clip.kind": "agc", "optimizer.kind": "adamw"},
    {PHI: "hardtanh", U: "sparse", "clip.kind": "too_early", "clip.threshold": 0.01, "optimizer.kind": "sgd"},
    {PHI: "softsign", U: "spectral_radius", "clip.kind": "none", "optimizer.kind": "rmsprop", "shuffle_time": True},
    {PHI: "silu", U: "xavier_normal", "direction": "two_passes", "layers": 2, "schedule.kind": "warm_up"},
    {PHI: "gelu", U: "he_normal", "direction": "concatenated", "architecture.kind": "window_mlp"}
    | {"direction": "one_way"},
    {U: "lecun_uniform", "direction": "concatenated", "cell.kind": "gru", "cell.keep_bias.kind": "chrono"},
    {U: "lecun_normal", "task.kind": "parity", "learning.kind": "each_step", "learning.over_time": "sum"},
    {U: "normal", "task.kind": "parity", "learning.kind": "update_each_step", "cell.kind": "gru"},
    {U: "constant", "task.kind": "parity", "learning.kind": "truncated", "learning.k1": 2, "learning.k2": 3},
    {"task.kind": "parity", "architecture.kind": "many_to_one", "learning.kind": "truncated", "learning.k2": 3}
    | {"learning.k1": 2, "layers": 2},
    {"task.kind": "copy", "task.length": 7, "architecture.loss_at": "last step", "direction": "two_passes"},
    LSTM | {"task.kind": "echo", "task.length": 12, "arrival": "stream", "learning.kind": "truncated"},
    LSTM | {"task.kind": "melody", "task.length": 3, "architecture.teacher_forcing": 0.5}
    | {"learning.kind": "update_each_step"},
    LSTM | {"task.kind": "frequency", "architecture.teacher_forcing": 0.0, "cell.output_activation.kind": "identity"},
    {"task.kind": "drawing", "task.length": 6, "architecture.feed": "zeros", "learning.over_time": "sum"},
    LSTM | {"task.kind": "repeat", "task.length": 2, "direction": "two_passes", "architecture.fade": 0.1},
    {"task.kind": "next_word", "task.text": WORDS, "cell.gate_activation.kind": "hardtanh", "cell.kind": "gru"},
]  # fmt: skip
"""A case is what differs from the small run; together they hold every kind of everything."""


def alone(text):
    """The script as a module of its own."""
    module = types.ModuleType("alone")
    sys.modules["alone"] = module  # where dataclasses look for the names in their annotations
    exec(compile(text, "alone.py", "exec"), module.__dict__)
    return module


def losses(config, updates, plan=()):
    """Of the project's own updates, without the probes."""
    torch.set_num_threads(1)
    state = TrainingState(config, plan)
    for _ in range(updates):
        state.obey()
        yield one_update(state).passed.loss.item()
        state.update += 1


def agrees(config, updates=50, plan=()):
    theirs = list(itertools.islice(alone(script(config, plan)).train(), updates))
    assert theirs == pytest.approx(list(losses(config, updates, plan)), rel=1e-5, nan_ok=True)


@pytest.mark.parametrize("changes", CASES, ids=lambda changes: " ".join(map(str, changes.values()))[:60])
def test_the_first_50_updates_are_those_of_the_run(changes):
    agrees(RunConfig().patched(SMALL | changes))


@pytest.mark.parametrize("kind", tasks.kinds())
def test_every_task_is_asked_in_the_same_words(kind):
    """Data are the project's own text: that they are all there shows at the first few updates."""
    agrees(RunConfig().patched({"hidden": 5, "batch": 3, "precision": "float64", "task.kind": kind}), updates=2)


@pytest.mark.parametrize("source", ["damped pair", "mackey-glass", "yours"])
def test_every_series_too(source):
    values = tuple(float(n % 7) for n in range(40))
    task = {"task.kind": "series", "task.source": source, "task.values": values}
    agrees(RunConfig().patched(SMALL | task), updates=2)


REGISTRIES = {
    U: initializers, PHI: activations, "cell.kind": cells, "architecture.kind": architectures, "clip.kind": clip_rules,
    "learning.kind": loss_modes, "optimizer.kind": optimizers, "schedule.kind": schedules,
}  # fmt: skip


@pytest.mark.parametrize("path", REGISTRIES)
def test_the_cases_hold_every_kind(path):
    def kind(config):
        for part in path.split("."):
            config = getattr(config, part)
        return config

    assert {kind(RunConfig().patched(SMALL | case)) for case in CASES} >= set(REGISTRIES[path].kinds())
    assert set(gate_biases.kinds()) == {"constant", "chrono"}


def test_changes_that_were_made_live_are_made_again():
    config = RunConfig().patched(SMALL | {U: "orthogonal", "layers": 2})
    steps = [
        (0, {"clip.kind": "value", "clip.hi": 0.01}), (10, {"optimizer.learning_rate": 0.05}),
        (20, {"cell.recurrent_init.gain": 1.5}), (30, {PHI: "relu", "clip.kind": "agc"}),
    ]  # fmt: skip
    plan, now = [], config
    for update, changes in steps:
        plan.append(intervention(update, now, now.patched(changes)))
        now = now.patched(changes)

    agrees(config, 50, plan)
    assert "# Changed before update 10: learning rate 0.01 → 0.05" in script(config, plan)
    agrees(config, 50, [intervention(5, config, config.patched(steps[2][1]))])


def test_as_a_program_of_its_own(tmp_path):
    """Straight from the file, in a Python that cannot find the project; against all that `train` yields."""
    config = RunConfig().patched(SMALL | {"updates": 50})
    expected = [e.values["loss"] for e in train(config) if isinstance(e, Update) and "loss" in e.values]
    path = tmp_path / "run.py"
    path.write_text(script(config))

    out = subprocess.run([sys.executable, "-I", path], cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    printed = [line.split("\t") for line in out.splitlines()]
    assert [int(update) for update, _ in printed] == list(range(len(expected)))
    assert [float(loss) for _, loss in printed] == pytest.approx(expected, rel=1e-5, nan_ok=True)


def test_it_names_nothing_of_the_project_and_runs_nothing_of_a_strangers():
    config = RunConfig().patched(SMALL | {"task.kind": "next_word", "task.text": WORDS + "\n'''\nimport os; 1/0"})
    text = script(config)

    assert not re.search(r"^\s*(from|import) playground", text, re.M)
    assert alone(text).task.text == config.task.text
    assert "precision = 'float64'" in text.split("\n\n")[0]


@pytest.mark.parametrize("changes", [{"precision": "bfloat16"}, {"device": "cuda"}, {"stop.solved": True}])
def test_what_is_different_is_said(changes):
    text = script(RunConfig().patched(changes))
    (path, value), *_ = changes.items()
    assert f"#   {path} = {value!r}" in text
    assert ("by rounding" in text) is ("precision" in changes or "device" in changes or "stop.solved" in changes)
    assert ("would have ended the run early" in text) is ("stop.solved" in changes)


def test_a_run_that_goes_on_from_another_has_none(catalog, config):
    folder = catalog.create(config)
    assert why_not(folder) == ""
    assert json.dumps(config.seed) in script_of(folder).decode()
    folder.write_origin(Origin(run_id=folder.run_id, update=30))
    assert "goes on from update 30" in why_not(folder)
    with pytest.raises(PlaygroundError, match="no seed draws"):
        script_of(folder)
