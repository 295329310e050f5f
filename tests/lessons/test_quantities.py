"""Each quantity is what its name says, of runs that are small enough to look at."""

import math

import numpy as np
import pytest

from playground.core.errors import UnknownName
from playground.core.measurement import Measurements, Row, Series
from playground.diagnosis.alarm import Alarm
from playground.lessons.check import Course
from playground.lessons.evidence import Evidence
from playground.lessons.quantities import QUANTITIES
from playground.lessons.readings import reading
from playground.training import probes
from playground.training.config import RunConfig

SMALL = {"task.length": 6, "hidden": 5, "batch": 4, "updates": 40, "pace": 0}
HALF = {"cell.activation.kind": "identity", "cell.recurrent_init.kind": "orthogonal", "cell.recurrent_init.gain": 10}
HALF |= {"task.length": 12, "optimizer.kind": "sgd", "precision": "float16"}
CONFIGS = {
    "tanh": RunConfig().patched(SMALL | {"layers": 2, "clip.kind": "norm", "clip.threshold": 0.5}),
    "lstm": RunConfig().patched(SMALL | {"cell.kind": "lstm"}),
    "steps": RunConfig().patched(SMALL | {"task.kind": "parity", "architecture.kind": "many_to_many"}),
    "linear": RunConfig().patched(SMALL | {"cell.activation.kind": "identity"}),
    "each": RunConfig().patched(SMALL | {"task.kind": "parity", "learning.kind": "each_step"}),
    "half": RunConfig().patched(SMALL | HALF),
    "adding": RunConfig().patched(SMALL | {"task.kind": "adding"}),
    "two": RunConfig().patched(SMALL | {"task.kind": "summary", "task.symbols": 4, "task.capitals": 2}),
}
"""Two layers and a clipped gradient; gates and a second state; a loss at every step; a linear unit; a way back
from each answer; a linear unit that leaves float16; an error; one network that reads and one that writes."""

TOP = 1
U1, U2 = "U₁", "U₂"


@pytest.fixture(scope="module")
def runs():
    return {name: Course(config).until(40) for name, config in CONFIGS.items()}


def newest(run, name):
    return run.measurements[name].values[-1]


CASES = {
    "accuracy": ("tanh", "accuracy", lambda m: m["test_metric"].values[-1]),
    "metric": ("tanh", "metric at the start", lambda m: m["test_metric"].values[0]),
    "percent right": ("tanh", "percent right", lambda m: 100 * m["test_metric"].values[-1]),
    "best accuracy": ("tanh", "best accuracy", lambda m: m["test_metric"].values.max()),
    "guessing": ("tanh", "guessing", lambda _: 0.25),
    "guessing error": ("adding", "guessing error", lambda _: CONFIGS["adding"].task.baseline_metric),
    "updates until solved": ("tanh", "updates until solved", lambda _: math.inf),
    "first not finite update": ("tanh", "first not finite update", lambda _: math.inf),
    "first not finite step": (
        "half",
        "first not finite step at the start",
        lambda m: 1 + np.isfinite(m["state_size"].values[0, 0]).sum(),
    ),
    "alarms": ("tanh", "alarms of not_finite", lambda _: 0),
    "loss": ("tanh", "loss at update 7", lambda m: m["loss"].values[7]),
    "test loss": ("tanh", "test loss", lambda m: m["test_loss"].values[-1]),
    "answer loss": ("steps", "answer loss at step 2", lambda m: m["answer_loss"].values[-1, 1]),
    "gradient": ("steps", "gradient at lag 1 at the start", lambda m: m["flow_gradient"].values[0, 0, -2]),
    "gradient ratio": (
        "tanh",
        'gradient ratio of "layer 1" at step 1 at the start',
        lambda m: m["total_gradient"].values[0, 0, 0] / m["total_gradient"].values[0, 0, -1],
    ),
    "total gradient ratio": (
        "steps",
        "total gradient ratio at step 1",
        lambda m: m["total_gradient"].values[-1, 0, 0] / m["total_gradient"].values[-1, 0, -1],
    ),
    "direct gradient": (
        "tanh",
        "direct gradient at the last step at the start",
        lambda m: m["direct_gradient"].values[0, TOP, -1],
    ),
    "cell gradient ratio": (
        "lstm",
        "cell gradient ratio at step 1 at the start",
        lambda m: m["cell_gradient"].values[0, 0, 0] / m["cell_gradient"].values[0, 0, -1],
    ),
    "state size": ("tanh", "state size at step 2", lambda m: m["state_size"].values[-1, TOP, 1]),
    "expected state size": (
        "linear",
        "expected state size at step 1 at the start",
        lambda m: m["state_size_expected"].values[0, 0, 0],
    ),
    "lowest clip cosine": ("tanh", "lowest clip cosine", lambda m: m["clip_cosine"].values.min()),
    "jacobian": ("tanh", "jacobian at step 1 at the start", lambda m: m["jacobian_norm"].values[0, TOP, 0]),
    "spectral radius": ("tanh", "spectral radius", lambda m: m["spectral_radius"].values[-1, TOP]),
    "largest singular value": (
        "tanh",
        'largest singular value of "layer 1"',
        lambda m: m["singular_values"].values[-1, 0].max(),
    ),
    "bound": ("tanh", "bound at the start", lambda m: m["singular_values"].values[0, TOP].max()),  # γ = 1
    "weight norm": ("tanh", f"weight norm of {U2}", lambda m: m["weight_norm"].values[-1, label(m, U2)]),
    "update ratio": (
        "tanh",
        f"update ratio of {U1} at the start",
        lambda m: m["update_ratio"].values[0, label(m, U1)],
    ),
    "layer update ratio": ("tanh", "layer update ratio", lambda m: m["layer_update_ratio"].values[-1, TOP]),
    "zero weights": ("tanh", "zero weights of c at the start", lambda m: m["zero_weights"].values[0, -1]),
    "gradient norm before": (
        "tanh",
        "gradient norm before at the start",
        lambda m: np.hypot.reduce(m["gradient_norm_before"].values[0]),
    ),
    "gradient norm before clipping": (
        "tanh",
        f"gradient norm before clipping of {U1}",
        lambda m: m["gradient_norm_before"].values[-1, label(m, U1)],
    ),
    "gradient norm after": (
        "tanh",
        f"gradient norm after of {U1}",
        lambda m: m["gradient_norm_after"].values[-1, label(m, U1)],
    ),
    "gradient norm after clipping": (
        "tanh",
        "gradient norm after clipping at the start",
        lambda m: np.hypot.reduce(m["gradient_norm_after"].values[0]),
    ),
    "clipped share": (
        "tanh",
        "clipped share at update 9",
        lambda m: np.mean(m["global_norm_before"].values[:10] > 0.5),
    ),
    "clip cosine": ("tanh", "clip cosine", lambda _: 1.0),  # by norm: the direction stays
    "saturated share": (
        "tanh",
        "saturated share at the start",
        lambda m: m["saturated_share"].values[0, TOP].mean(),
    ),
    "mean slope": ("tanh", "mean slope at step 3", lambda m: m["mean_slope"].values[-1, TOP, 2]),
    "gate": ("lstm", "gate of f at the first step", lambda m: m["gate_values"].values[-1, gate(m, "f"), 0, 0]),
    "memory horizon": ("tanh", "memory horizon", lambda m: m["memory_horizon"].values[-1, TOP]),
    "far ratio": ("tanh", "far ratio", lambda m: m["far_ratio"].values[-1, TOP]),
    "weight share ratio": (
        "tanh",
        "weight share ratio at step 2 at the start",
        lambda m: m["weight_share"].values[0, TOP, 1] / m["weight_share"].values[0, TOP, -1],
    ),
    "gradient difference": (
        "each",
        "gradient difference at the start",
        lambda m: m["gradient_difference"].values[0],
    ),
    "encoder parameters": ("two", "encoder parameters", lambda _: 5 * (5 + 5 + 1)),
    "decoder parameters": ("two", "decoder parameters", lambda _: 5 * (4 + 5 + 1)),
    "read-out parameters": ("two", "read-out parameters", lambda _: 4 * (5 + 1)),
    "parameters": ("tanh", "parameters", lambda _: 5 * (4 + 5 + 1) + 5 * (5 + 5 + 1) + 4 * (5 + 1)),
}


def label(measurements, tensor):
    return measurements["weight_norm"].spec.labels.index(tensor)


def gate(measurements, letter):
    return measurements["gate_values"].spec.labels.index(letter)


def test_each_has_a_case():
    assert set(CASES) == set(QUANTITIES)


@pytest.mark.parametrize("name", CASES)
def test_what_it_is(runs, name):
    state, text, expected = CASES[name]
    assert text.startswith(name)
    assert reading(text).problem(CONFIGS[state]) is None
    measured = runs[state].measurements
    assert reading(text).value(runs, state) == pytest.approx(float(expected(measured)), rel=1e-9)
    assert {spec.name for spec in probes.specs(CONFIGS[state])} & reading(text).needs or name == "alarms"


def test_of_a_tensor():
    course = Course(CONFIGS["tanh"]).until(0)
    assert reading(f"parameters of {U1}").value({"start": course}, "start") == 25


@pytest.mark.parametrize("name", QUANTITIES)
def test_its_name_can_be_read(name):
    assert not {"of", "in", "at"} & set(name.split())
    assert QUANTITIES[name].name == name


def test_a_network_alone_is_neither_encoder_nor_decoder(runs):
    assert math.isnan(reading("encoder parameters").value(runs, "tanh"))
    assert math.isnan(reading("decoder parameters").value(runs, "tanh"))
    assert reading("read-out parameters").value(runs, "tanh") == 4 * (5 + 1)


def test_states_that_stay_finite_have_no_step_that_is_not(runs):
    assert reading("first not finite step").value(runs, "tanh") == math.inf
    assert 1 < reading("first not finite step at the start").value(runs, "half") < 12


def test_an_unknown_one_names_the_nearest():
    with pytest.raises(UnknownName, match="Did you mean 'spectral radius'"):
        QUANTITIES["spectal radius"]


def evidence(alarms=(), config=CONFIGS["tanh"], **columns):
    """A run in which these were measured at updates 0, 1, …"""
    specs = {spec.name: spec for spec in probes.specs(config)}
    series = {
        name: Series(specs[name], np.arange(len(values)), np.array(values, dtype=float))
        for name, values in columns.items()
    }
    return {"start": Evidence(config, Measurements(series), alarms, 9, True)}


def test_the_first_update_that_is_not_finite():
    first = reading("first not finite update")
    assert first.value(evidence(loss=[1, 2, math.nan], global_norm_before=[1, math.inf]), "start") == 1
    assert first.value(evidence(loss=[1, math.inf], global_norm_before=[1, 2]), "start") == 1
    assert first.value(evidence(loss=[1, 2], global_norm_before=[1, 2]), "start") == math.inf
    assert (
        reading("first not finite update at update 1").value(
            evidence(loss=[1, 2, math.nan], global_norm_before=[1, 2]), "start"
        )
        == math.inf
    )  # not by then


def test_solved_is_what_the_page_calls_so():
    solved = reading("updates until solved")
    assert solved.value(evidence(test_metric=[0.2, 0.96, math.nan, 0.97, 0.2]), "start") == 3
    error = RunConfig().patched(SMALL | {"task.kind": "adding"})
    guessing = error.task.baseline_metric
    assert solved.value(evidence(config=error, test_metric=[guessing, guessing / 2, guessing / 11]), "start") == 2


def test_the_best_of_an_error_is_the_least():
    best = reading("best accuracy")
    assert best.value(evidence(test_metric=[0.2, math.nan, 0.9, 0.3]), "start") == 0.9
    assert (
        best.value(evidence(config=RunConfig().patched({"task.kind": "adding"}), test_metric=[3, 1, 2]), "start") == 1
    )
    assert math.isnan(best.value(evidence(test_metric=[math.nan]), "start"))


def test_an_alarm_that_was_raised_by_then():
    alarm = Alarm(kind="vanishing", update=5, sentence="It vanishes.")
    for update, raised in ((4, 0), (5, 1), (6, 1)):
        text = f"alarms of vanishing at update {update}"
        assert reading(text).value(evidence([alarm]), "start") == raised
    assert reading("alarms of plateau").value(evidence([alarm]), "start") == 0


def test_a_ratio_is_to_the_last_step_that_gets_any():
    gradient = np.zeros((1, 2, 6))
    gradient[0, TOP] = [1, 2, 4, 8, 0, 0]
    run = evidence(total_gradient=gradient)
    assert reading("gradient ratio").curve(run, "start").tolist() == [1 / 8, 1 / 4, 1 / 2, 1, 0, 0]
    assert np.isnan(reading("gradient ratio").curve(evidence(total_gradient=np.zeros((1, 2, 6))), "start")).all()


def test_what_the_run_does_not_measure_is_an_error():
    with pytest.raises(ValueError, match="does not measure cell gradient"):
        reading("cell gradient ratio at step 1").value(evidence(), "start")


def test_rows_are_not_needed_where_nothing_is_read_off_them():
    specs = probes.specs(CONFIGS["tanh"])
    run = Evidence(CONFIGS["tanh"], Measurements.of(specs, [Row(0, 0.0, {})]), (), 0, False)
    assert reading("guessing").value({"start": run}, "start") == 0.25
