"""Optimisers without torch's compiler do the same, and whoever wants the compiler still gets it."""

import subprocess
import sys

CODE = """
import sys
from playground.runs.light_torch import postpone_compiler
if {postponed}:
    postpone_compiler()
from playground.training.config import RunConfig
from playground.training.loop import train
from playground.training.state import TrainingState
from playground.training.optimizers import registry
for kind in registry.kinds():
    config = RunConfig.parse({{"optimizer": kind, "updates": 3, "hidden": 4}})
    state = TrainingState(config)
    list(train(config, state))
    again = TrainingState(config)
    again.load(state.dump())
    print(kind, state.weights.flat.double().sum().item().hex())
print("torch._dynamo.convert_frame" in sys.modules, file=sys.stderr)
import torch._dynamo
print(torch._dynamo.config.suppress_errors, "torch._dynamo.convert_frame" in sys.modules, file=sys.stderr)
"""


def _run(postponed):
    command = [sys.executable, "-c", CODE.format(postponed=postponed)]
    return subprocess.run(command, capture_output=True, text=True, check=True)


def test_the_same_numbers_without_the_compiler_which_is_there_when_asked_for():
    with_compiler, without = _run(False), _run(True)
    assert with_compiler.stdout == without.stdout
    assert len(without.stdout.splitlines()) >= 3
    assert with_compiler.stderr.split() == ["True", "False", "True"]
    assert without.stderr.split() == ["False", "False", "True"]
