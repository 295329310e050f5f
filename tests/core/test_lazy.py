"""Configs, probes' declarations and presets are read by a process that must never load torch."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "statement",
    [
        "from playground.training.config import RunConfig; RunConfig().canonical_json()",
        "from playground.training.config import RunConfig; RunConfig().patched({'optimizer.kind': 'sgd'})",
        "from playground.training import probes; from playground.training.config import RunConfig; "
        "assert probes.specs(RunConfig())",
        "from playground.training.presets import PRESETS; [preset.config for preset in PRESETS.values()]",
        "import playground.training.events, playground.diagnosis.not_finite",
    ],
)
def test_torch_stays_out(statement):
    script = f"import sys; {statement}; assert not [name for name in sys.modules if name.split('.')[0] == 'torch']"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_proxy_is_torch():
    import torch

    from playground.core.lazy import torch as lazy

    assert lazy.tanh is torch.tanh
    with pytest.raises(AttributeError):
        lazy.no_such_function  # noqa: B018
