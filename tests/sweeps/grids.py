"""Maps that were never trained: a spec, and cells with given outcomes."""

from playground.sweeps.axis import Axis
from playground.sweeps.cells import Cell
from playground.sweeps.outcome import Outcome
from playground.sweeps.spec import MapSpec

GAIN = Axis(path="cell.recurrent_init.gain", values=(0.4, 0.6, 0.8, 1, 1.2, 1.4))
LENGTH = Axis(path="task.length", values=(10, 20, 30, 40, 50))
RATE = Axis(path="optimizer.learning_rate", values=(1e-4, 1e-3, 1e-2, 1e-1), log=True)
BIAS = Axis(path="cell.recurrent_init.value", values=(-2.0, 1.0, -1.0, 0.5))
KIND = Axis(path="cell.activation.kind", values=("tanh", "relu", "sigmoid"))
CLIP = Axis(path="clip.kind", values=("none", "value", "norm"))
INIT = Axis(path="cell.recurrent_init.kind", values=("torch", "xavier_uniform", "orthogonal", "identity", "he_normal"))


def spec(x, y=None, panels=None, **fields):
    return MapSpec(x=x, y=y, panels=panels, **({"seeds": 1} | fields))


PARTLY = spec(GAIN, Axis(path="architecture.kind", values=("many_to_one", "encoder_decoder")))
"""Half of its cells cannot be."""


def cell(number, outcome, when=None, over=True):
    return Cell(number, outcome, 1.0, when, 1, 1, 200, over, {outcome: 1}, {})


def settings(spec, number):
    return tuple(spec.settings(number).values())


def grid(spec, outcome, kept=lambda _: True, over=True):
    """Each cell's outcome by a function of its settings, in the order of the axes; or a pair of it and when."""
    found = {}
    for number in spec.cells():
        if kept(number) and number not in spec.impossible():
            said = outcome(*settings(spec, number))
            what, when = (said, None) if isinstance(said, Outcome) else said
            found[number] = cell(number, what, when, over)
    return found
