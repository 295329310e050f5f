"""Loss modes: what each sums, how far it goes back, when weights move; against autograd and torch.optim.SGD."""

import pytest
import torch
from pydantic import ValidationError

from playground.nn.architectures import registry as architectures
from playground.nn.cells import registry as cells
from playground.nn.losses import loss
from playground.tasks import Batch
from playground.training.learning import Cumulative, EachStepBackward, Truncated, UpdateEachStep, difference, registry
from tests.nn import loops
from tests.nn.builders import close, data, draw, kept_gradient, leaves, name, normal, parts

T, N = 5, 2
EVERY_CELL = [cls() for cls in cells]
every_cell = pytest.mark.parametrize("cell", EVERY_CELL, ids=name)
every_depth = pytest.mark.parametrize("layers", [1, 2])
every_reduction = pytest.mark.parametrize("over_time", ["mean", "sum"])
ONCE = ("many_to_one", "window_mlp")
CUTTING = {cls().kind: getattr(loops, cls().kind) for cls in architectures if cls.truncates}
every_cutting = pytest.mark.parametrize("kind", CUTTING)
some_counts = pytest.mark.parametrize("counted", [False, True], ids=["all count", "some count"])


def made(kind, cell, rng, layers=1, direction="one_way", counted=False, **changes):
    """A network, its weights, a batch, the mask of a network that reads its answers, and first states."""
    p = parts(cell, hidden=3, length=T, layers=layers, direction=direction, answers=1 if kind in ONCE else T)
    net = architectures[kind](**changes).network(p)
    x, targets = (tensor[:, :N] for tensor in data(p, rng, steps=1 if kind == "one_to_many" else T))
    counts = (torch.rand(targets.shape, generator=rng) < 0.6).double() if counted else None
    forced = torch.rand(targets.shape, generator=rng) < 0.5 if kind in ("one_to_many", "encoder_decoder") else None
    passes = layers * (2 if direction == "two_passes" else 1)
    initial = [[normal(rng, N, 3) for _ in cell.states] for _ in range(passes)]
    return net, draw(net.tensors(), rng), Batch(x, targets, counts), forced, initial


def only_pass(learning, net, weights, *given):
    (passed,) = learning.passes(net, weights, *given)
    return passed


def oracle(kind, net, weights, batch, forced, initial, **how):
    reading = {} if forced is None else {"targets": batch.targets, "forced": forced}
    return CUTTING[kind](net, weights, batch.x, initial, **reading, **how)


def combinations():
    """What a config may ask for. Truncated to a window of everything, so that its gradient is the loss's."""
    modes = [Cumulative(), Cumulative(over_time="sum"), EachStepBackward(), UpdateEachStep(), Truncated(k1=2, k2=T)]
    assert {type(mode) for mode in modes} == set(registry)
    for architecture in (cls() for cls in architectures):
        for direction in architecture.directions:
            for layers in (1, 2) if architecture.recurrent else (1,):
                for mode in modes:
                    if not mode.windowed or (architecture.truncates and direction == "one_way"):
                        label = f"{architecture.kind}-{direction}-{layers}-{mode.kind}-{getattr(mode, 'over_time', '')}"
                        yield pytest.param(architecture.kind, direction, layers, mode, id=label)


@every_cell
@pytest.mark.parametrize(("kind", "direction", "layers", "mode"), combinations())
def test_gradcheck(rng, cell, kind, direction, layers, mode):
    net, weights, batch, forced, _ = made(kind, cell, rng, layers, direction)
    forced = None if forced is None else torch.ones_like(forced)  # a choice of its own has no slope

    class OfTheLoss(torch.autograd.Function):
        @staticmethod
        def forward(ctx, *tensors):
            *_, passed = mode.passes(net, dict(zip(weights, tensors, strict=True)), batch, forced)
            ctx.save_for_backward(*(passed.gradients[letter].clone() for letter in weights))
            if isinstance(mode, UpdateEachStep):  # the last of its gradients is that of the last answer
                return loss(net.parts.loss, passed.forward.outputs[-1:], batch.targets[-1:])[0].clone()
            return passed.loss.clone()

        @staticmethod
        def backward(ctx, g):
            return tuple(g * gradient for gradient in ctx.saved_tensors)

    assert torch.autograd.gradcheck(OfTheLoss.apply, [w.requires_grad_() for w in weights.values()], fast_mode=True)


@every_cell
@every_depth
@every_reduction
@some_counts
@pytest.mark.parametrize("direction", ["one_way", "two_passes", "concatenated"])
def test_backward_at_each_step_is_the_cumulative_gradient(rng, cell, layers, direction, over_time, counted):
    net, weights, batch, _, initial = made("many_to_many", cell, rng, layers, direction, counted)
    one = only_pass(Cumulative(over_time=over_time), net, weights, batch, None, initial)
    many = only_pass(EachStepBackward(over_time=over_time), net, weights, batch, None, initial)
    assert one.difference is None
    assert many.difference <= 1e-14
    assert difference(many.gradients, one.gradients) <= 1e-14
    close((many.loss, many.g_outputs), (one.loss, one.g_outputs))
    close(many.passes, one.passes)


def test_the_difference_is_relative_to_the_gradient_as_a_whole():
    one, other = (
        {"W": torch.tensor([3.0, 0.0]), "b": torch.tensor([6.0])},
        {"W": torch.zeros(2), "b": torch.ones(1) * 10},
    )
    assert difference(one, other) == pytest.approx(0.5)
    assert difference(one, {name: 0 * g for name, g in one.items()}) == 0.0
    assert difference(one, one) == 0.0


@every_cell
@every_reduction
@some_counts
@every_cutting
def test_cumulative_is_autograds_gradient_of_the_sum_or_mean(rng, cell, over_time, counted, kind):
    net, weights, batch, forced, initial = made(kind, cell, rng, 2, counted=counted)
    passed = only_pass(Cumulative(over_time=over_time), net, weights, batch, forced, initial)
    theirs = leaves(weights)
    _, y = oracle(kind, net, theirs, batch, forced, initial)
    value = loops.loss(net.parts.loss, y, batch.targets, batch.counts, over_time)
    value.backward()
    close(passed.loss, value.detach())
    close(passed.gradients, {letter: w.grad for letter, w in theirs.items()})


WINDOWS = [(1, 1), (1, 3), (2, 2), (2, 3), (3, 4), (2, 5), (7, 7)]


@every_cell
@every_depth
@every_cutting
@pytest.mark.parametrize(("k1", "k2"), WINDOWS)
@pytest.mark.parametrize(("over_time", "counted"), [("mean", True), ("sum", False)])
def test_truncated_takes_the_states_before_a_window_as_given(rng, cell, layers, kind, k1, k2, over_time, counted):
    """Autograd: after every k₁ steps the losses of these steps, on a loop whose states k₂ steps before are detached."""
    net, weights, batch, forced, initial = made(kind, cell, rng, layers, counted=counted)
    learning = Truncated(k1=k1, k2=k2, over_time=over_time)
    passed = only_pass(learning, net, weights, batch, forced, initial)

    theirs, windows = leaves(weights), []
    for end in sorted({*range(k1, T, k1), T}):
        begin = (end - 1) // k1 * k1  # of the block of steps whose losses go back together
        runs, y = oracle(kind, net, theirs, batch, forced, initial, cut={end - k2} if end > k2 else ())
        block = torch.zeros(T, N, dtype=torch.float64)
        block[begin:end] = 1
        counts = torch.ones(len(y), N) if batch.counts is None else batch.counts
        whole = counts.sum().clamp(min=1) if over_time == "mean" else N
        value = loops.loss(net.parts.loss, y, batch.targets, counts * block[-len(y) :], "sum") * N / whole
        value.backward()
        windows.append([[kept_gradient(s).clone() for after in run for s in after] for run in runs])
    close(passed.gradients, {letter: kept_gradient(w) for letter, w in theirs.items()})
    for back, *of_windows in zip(passed.passes, *windows, strict=True):
        ours = [*back.initial, *(total[t] for t in range(T) for total in back.total)]
        close(ours, [sum(states) for states in zip(*of_windows, strict=True)])


@every_cell
@every_cutting
@pytest.mark.parametrize(("k1", "k2"), [(1, T), (2, T), (3, T + 3), (T, T), (T + 1, T + 1)])
def test_closed_form_9_a_window_of_everything_is_full_backpropagation(rng, cell, kind, k1, k2):
    net, weights, batch, forced, initial = made(kind, cell, rng, 2)
    full = only_pass(Cumulative(), net, weights, batch, forced, initial)
    cut = only_pass(Truncated(k1=k1, k2=k2), net, weights, batch, forced, initial)
    close((cut.loss, cut.g_outputs), (full.loss, full.g_outputs))
    close((cut.gradients, cut.passes), (full.gradients, full.passes))


@every_cell
@every_depth
@every_cutting
def test_closed_form_9_with_a_window_of_one_only_direct_terms_remain(rng, cell, layers, kind):
    net, weights, batch, forced, initial = made(kind, cell, rng, layers)
    passed = only_pass(Truncated(k1=1, k2=1), net, weights, batch, forced, initial)
    theirs = leaves(weights)
    _, y = oracle(kind, net, theirs, batch, forced, initial, cut=range(T))
    loops.loss(net.parts.loss, y, batch.targets).backward()
    close(passed.gradients, {letter: kept_gradient(w) for letter, w in theirs.items()})
    for back in passed.passes:
        steps = len(back.direct)
        close(back.total[0][-steps:], back.direct)
        assert not back.total[0][:-steps].any()


def test_a_window_shorter_than_its_block_is_refused_by_a_sentence():
    with pytest.raises(ValidationError, match=r"k₂ = 3 is less than k₁ = 4: .* Write k₂ of 4 or more\."):
        Truncated(k1=4, k2=3)


@every_cell
@every_depth
@every_cutting
@some_counts
def test_an_update_each_step_is_a_torch_loop_with_sgd(rng, cell, layers, kind, counted):
    """After each answer one step of SGD, and the sequence so far is run anew with the weights that it has moved."""
    net, weights, batch, forced, initial = made(kind, cell, rng, layers, counted=counted)
    theirs, rate = leaves(weights), 0.3
    sgd, values, gradients = torch.optim.SGD(theirs.values(), lr=rate), [], []
    for k in range(1, len(batch.targets) + 1):
        x = batch.x[:k] if kind == "many_to_many" else batch.x
        part = Batch(x, batch.targets[:k], batch.counts)
        _, y = oracle(kind, net, theirs, part, None if forced is None else forced[:k], initial)
        counts = torch.ones(1, N) if batch.counts is None else batch.counts[k - 1 : k]
        value = loops.loss(net.parts.loss, y[-1:], part.targets[-1:], counts, "sum") * N / counts.sum().clamp(min=1)
        sgd.zero_grad()
        value.backward()
        values.append(value.item())
        gradients.append({letter: w.grad.clone() for letter, w in theirs.items()})
        sgd.step()

    passes = []
    for passed in UpdateEachStep().passes(net, weights, batch, forced, initial):
        passes.append(passed)
        for letter, w in weights.items():
            w -= rate * passed.gradients[letter]
    close([passed.gradients for passed in passes], gradients)
    close(weights, {letter: w.detach() for letter, w in theirs.items()})
    for k, passed in enumerate(passes, 1):
        assert passed.loss.item() == pytest.approx(sum(values[:k]) / k, rel=1e-10)
        assert len(passed.forward.outputs) == k
