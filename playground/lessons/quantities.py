"""What a lesson may read off a run: one small function each. To add one: write it below, and a case in its test.

A function gets a `Look` at a run and gives a number, or one for each time step where it is declared `over` them.
"""

import math

import numpy as np

from playground.diagnosis.verdict import solves
from playground.figures.over_time import top_first
from playground.lessons.quantity import Found, Look, Numbers, Quantities

QUANTITIES = Quantities()


@QUANTITIES.add("accuracy", needs=("test_metric",), share=True)
@QUANTITIES.add("metric", needs=("test_metric",))
def _metric(look: Look) -> Found:
    """The task's own metric on held-out sequences: a share of right answers, or an error."""
    return float(look.newest("test_metric"))


@QUANTITIES.add("percent right", needs=("test_metric",))
def _percent(look: Look) -> Found:
    """The accuracy in percent, for a question whose answer is typed."""
    return 100 * float(look.newest("test_metric"))


@QUANTITIES.add("best accuracy", needs=("test_metric",), share=True)
def _best(look: Look) -> Found:
    """The best so far: the largest share, or the smallest error."""
    spec, _, values = look.series("test_metric")
    known = values[~np.isnan(values)]
    if not len(known):
        return math.nan
    return float(known.max() if spec.unit == "share" else known.min())


@QUANTITIES.add("guessing", needs=("test_metric",), fixed=True, share=True)
@QUANTITIES.add("guessing error", needs=("test_metric",), fixed=True)
def _guessing(look: Look) -> Found:
    """The metric that no memory scores."""
    reference = look.series("test_metric").spec.reference
    return math.nan if reference is None else reference


@QUANTITIES.add("updates until solved", needs=("test_metric",))
def _solved(look: Look) -> Found:
    """The first update at which the test counts as solved: from 97 % on, or a tenth of guessing's error; inf if
    never."""
    spec, updates, values = look.series("test_metric")
    there = (solves(value, spec.unit == "share", spec.reference) for value in values.tolist())
    return next((float(u) for u, solved in zip(updates, there, strict=True) if solved), math.inf)


@QUANTITIES.add("first not finite update", needs=("loss", "global_norm_before"))
def _not_finite(look: Look) -> Found:
    """The first update whose loss or gradient is not finite; inf if none is."""
    first = math.inf
    for name in ("loss", "global_norm_before"):
        _, updates, values = look.series(name)
        first = min(first, *updates[~np.isfinite(values)][:1].tolist(), math.inf)
    return float(first)


@QUANTITIES.add("first not finite step", needs=("state_size",), of="layer")
def _not_finite_step(look: Look) -> Found:
    """The first time step whose state is not finite; inf if all are."""
    if not len(look.series("state_size").updates):
        return math.nan
    steps = np.flatnonzero(~np.isfinite(look.entry("state_size")))
    return float(steps[0] + 1) if len(steps) else math.inf


@QUANTITIES.add("alarms", of="alarm", must=True)
def _alarms(look: Look) -> Found:
    """1 if it was raised by then, whether or not it was cleared since; else 0."""
    return float(any(alarm.kind == look.label and alarm.update <= look.until for alarm in look.evidence.alarms))


@QUANTITIES.add("loss", needs=("loss",))
def _loss(look: Look) -> Found:
    return float(look.newest("loss"))


@QUANTITIES.add("test loss", needs=("test_loss",))
def _test_loss(look: Look) -> Found:
    return float(look.newest("test_loss"))


@QUANTITIES.add("answer loss", needs=("answer_loss",), over="curve")
def _answer_loss(look: Look) -> Found:
    """Of each answer: "at step k" is answer k."""
    return look.newest("answer_loss")


_GRADIENTS = ("flow_gradient", "total_gradient")


@QUANTITIES.add("gradient", needs=_GRADIENTS, of="layer", over="curve")
def _gradient(look: Look) -> Found:
    return look.entry(look.headline())


@QUANTITIES.add("gradient ratio", needs=_GRADIENTS, of="layer", over="curve")
def _gradient_ratio(look: Look) -> Found:
    """Each step's gradient as a share of the last step's that gets any, at the same update."""
    return _to_last(look.entry(look.headline()))


@QUANTITIES.add("total gradient ratio", needs=("total_gradient",), of="layer", over="curve")
def _total_ratio(look: Look) -> Found:
    """The same of the total gradient, which has a direct part at every step that has a loss."""
    return _to_last(look.entry("total_gradient"))


@QUANTITIES.add("direct gradient", needs=("direct_gradient",), of="layer", over="curve")
def _direct(look: Look) -> Found:
    return look.entry("direct_gradient")


@QUANTITIES.add("cell gradient ratio", needs=("cell_gradient",), of="layer", over="curve")
def _cell_ratio(look: Look) -> Found:
    return _to_last(look.entry("cell_gradient"))


@QUANTITIES.add("jacobian", needs=("jacobian_norm",), of="layer", over="curve")
def _jacobian(look: Look) -> Found:
    """‖∂s_T/∂s_t‖₂; it is taken twice in a run, at update 0 and half way."""
    return look.entry("jacobian_norm")


@QUANTITIES.add("spectral radius", needs=("spectral_radius",), of="pass")
def _radius(look: Look) -> Found:
    return float(look.entry("spectral_radius"))


@QUANTITIES.add("largest singular value", needs=("singular_values",), of="pass")
def _sigma(look: Look) -> Found:
    return float(look.entry("singular_values")[0])


@QUANTITIES.add("bound", needs=("jacobian_bound",), of="layer")
def _bound(look: Look) -> Found:
    """γ·σ_max(U): no step changes the gradient by a larger factor."""
    return float(look.entry("jacobian_bound"))


@QUANTITIES.add("weight norm", needs=("weight_norm",), of="tensor", must=True)
def _weight_norm(look: Look) -> Found:
    return float(look.entry("weight_norm"))


@QUANTITIES.add("update ratio", needs=("update_ratio",), of="tensor", must=True)
def _update_ratio(look: Look) -> Found:
    return float(look.entry("update_ratio"))


@QUANTITIES.add("layer update ratio", needs=("layer_update_ratio",), of="layer")
def _layer_update_ratio(look: Look) -> Found:
    return float(look.entry("layer_update_ratio"))


@QUANTITIES.add("zero weights", needs=("zero_weights",), of="tensor", must=True, share=True)
def _zero_weights(look: Look) -> Found:
    return float(look.entry("zero_weights"))


@QUANTITIES.add(
    "gradient norm before", "gradient norm before clipping", needs=("global_norm_before", "gradient_norm_before"),
    of="tensor",
)  # fmt: skip
def _norm_before(look: Look) -> Found:
    """Of one tensor's gradient, or of all together."""
    return float(look.entry("gradient_norm_before") if look.label else look.newest("global_norm_before"))


@QUANTITIES.add(
    "gradient norm after", "gradient norm after clipping", needs=("global_norm_after", "gradient_norm_after"),
    of="tensor",
)  # fmt: skip
def _norm_after(look: Look) -> Found:
    return float(look.entry("gradient_norm_after") if look.label else look.newest("global_norm_after"))


@QUANTITIES.add("clipped share", needs=("clipped",), share=True)
def _clipped_share(look: Look) -> Found:
    """The share of the updates so far that were clipped."""
    clipped = look.series("clipped").values
    return float(clipped.mean()) if len(clipped) else math.nan


@QUANTITIES.add("clip cosine", needs=("clip_cosine",))
def _clip_cosine(look: Look) -> Found:
    """Between the gradient before and after clipping: 1 where the direction is kept."""
    return float(look.newest("clip_cosine"))


@QUANTITIES.add("saturated share", needs=("saturated_share",), of="layer", over="mean", share=True)
def _saturated(look: Look) -> Found:
    return look.entry("saturated_share")


@QUANTITIES.add("mean slope", needs=("mean_slope",), of="layer", over="mean")
def _mean_slope(look: Look) -> Found:
    return look.entry("mean_slope")


@QUANTITIES.add("gate", needs=("gate_values", "total_gradient"), of="gate", must=True, over="mean")
def _gate(look: Look) -> Found:
    """Of the uppermost layer: 0 is shut, 1 is open."""
    top = next(iter(top_first(look.series("total_gradient").spec.labels).values()))
    found: Numbers = look.entry("gate_values")[top]
    return found


@QUANTITIES.add("state size", needs=("state_size",), of="layer", over="curve")
def _state_size(look: Look) -> Found:
    """Root mean square of h over samples and units."""
    return look.entry("state_size")


@QUANTITIES.add("expected state size", needs=("state_size_expected",), of="layer", over="curve")
def _expected_size(look: Look) -> Found:
    """What the initialiser lets expect of it, before the first update."""
    return look.entry("state_size_expected")


@QUANTITIES.add("lowest clip cosine", needs=("clip_cosine",))
def _lowest_cosine(look: Look) -> Found:
    """The furthest that clipping has turned a gradient so far."""
    cosines = look.series("clip_cosine").values
    return float(np.nanmin(cosines)) if np.isfinite(cosines).any() else math.nan


@QUANTITIES.add("memory horizon", needs=("memory_horizon",), of="layer")
def _horizon(look: Look) -> Found:
    """How many steps, from the last one back, still receive a thousandth of its gradient."""
    return float(look.entry("memory_horizon"))


@QUANTITIES.add("far ratio", needs=("far_ratio",), of="layer")
def _far_ratio(look: Look) -> Found:
    return float(look.entry("far_ratio"))


@QUANTITIES.add("weight share ratio", needs=("weight_share",), of="layer", over="curve")
def _weight_share_ratio(look: Look) -> Found:
    """What each step adds to the gradient of U, as a share of what the last one adds."""
    return _to_last(look.entry("weight_share"))


@QUANTITIES.add("parameters", needs=("weight_histogram",), of="tensor", fixed=True)
def _parameters(look: Look) -> Found:
    """How many numbers a tensor has, or all together."""
    return float((look.entry("weight_histogram") if look.label else look.newest("weight_histogram")).sum())


@QUANTITIES.add("encoder parameters", needs=("weight_histogram",), fixed=True)
def _encoder_parameters(look: Look) -> Found:
    """Of the network that reads, where another one writes; else NaN."""
    return _counted(look, "enc")


@QUANTITIES.add("decoder parameters", needs=("weight_histogram",), fixed=True)
def _decoder_parameters(look: Look) -> Found:
    """Of the network that writes what another one has read; else NaN."""
    return _counted(look, "dec")


@QUANTITIES.add("read-out parameters", needs=("weight_histogram",), fixed=True)
def _readout_parameters(look: Look) -> Found:
    """Of V and c, which make an answer of a state."""
    return _counted(look, "V", "c")


@QUANTITIES.add("gradient difference", needs=("gradient_difference",))
def _difference(look: Look) -> Found:
    """Between a backward pass for each answer, added up, and one for all together: relative."""
    return float(look.newest("gradient_difference"))


def _counted(look: Look, *names: str) -> float:
    """How many numbers the tensors have together whose names' first words are these; NaN where there are none."""
    labels = look.series("weight_histogram").spec.labels
    there = [label.partition(" ")[0] in names for label in labels]
    return float(look.newest("weight_histogram")[there].sum()) if any(there) else math.nan


def _to_last(norms: Numbers) -> Numbers:
    """Divided by the last one that is not 0; NaN where all are."""
    reached = np.flatnonzero(norms)
    if not len(reached):
        return np.full(len(norms), np.nan)
    with np.errstate(all="ignore"):
        shares: Numbers = norms / norms[reached[-1]]
    return shares
