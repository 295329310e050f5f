"""What a network reads that writes: the true answer before, its own, or for each sequence one of both."""

import pytest
import torch

from playground.nn.architectures.encoder_decoder import EncoderDecoder
from playground.nn.architectures.one_to_many import OneToMany
from playground.nn.cells.gru import Gru
from playground.nn.feedback import as_input
from playground.nn.losses import LOSSES
from tests.nn import loops
from tests.nn.builders import I, N, O, T, close, data, draw, parts

MASKS = {
    "teacher": lambda _: torch.ones(T, N, dtype=torch.bool),
    "never": lambda _: torch.zeros(T, N, dtype=torch.bool),
    "mixed": lambda rng: torch.rand(T, N, generator=rng) < 0.5,
}
ORACLES = {OneToMany(): loops.one_to_many, EncoderDecoder(): loops.encoder_decoder}


@pytest.fixture(params=ORACLES, ids=lambda a: a.kind)
def architecture(request):
    return request.param


@pytest.fixture(params=LOSSES)
def given(request, architecture, rng):
    p = parts(Gru(), layers=2, loss=request.param, answers=T)
    net = architecture.network(p)
    return net, draw(net.tensors(), rng), *data(p, rng)


def read_and_said(net, forward):
    """What the first layer that writes has read of its answers, and the answers as it would read them."""
    read = forward.tapes[-net.parts.layers].x[..., -O:]
    own = forward.outputs.argmax(-1) if net.parts.loss == "cross-entropy" else forward.outputs
    return read, loops.as_input(net.parts, own)


@pytest.mark.parametrize("mask", MASKS)
def test_each_step_reads_the_answer_before(given, rng, mask):
    net, weights, x, targets = given
    forced = MASKS[mask](rng)
    forward = net.forward(weights, x, targets, forced)
    read, own = read_and_said(net, forward)
    true = loops.as_input(net.parts, targets)
    assert not read[0].any()
    close(read[1:], torch.where(forced[:-1, :, None], true[:-1], own[:-1]))


def test_the_one_input_comes_once(rng):
    net = OneToMany().network(parts(Gru(), answers=T))
    x, _ = data(net.parts, rng)
    read = net.forward(draw(net.tensors(), rng), x).tapes[0].x
    assert read.shape == (T, N, I + O)
    assert torch.equal(read[0, :, :I], x[0])
    assert not read[1:, :, :I].any()


def test_evaluation_is_a_greedy_loop(architecture, given):
    """Without a mask it reads its own answers, whether it is told the true ones or not."""
    net, weights, x, targets = given
    forward = net.forward(weights, x)
    _, y = ORACLES[architecture](net, weights, x)
    close(forward.outputs, y.detach())
    read, own = read_and_said(net, forward)
    close(read[1:], own[:-1])
    for told in ((targets,), (targets, torch.zeros(T, N, dtype=torch.bool))):
        close(net.forward(weights, x, *told), forward)


def test_true_answers_change_what_comes_after_them(given):
    """And nothing before: the true answer of sequence 1 at step 3 is read at step 4."""
    net, weights, x, _ = given
    free = net.forward(weights, x).outputs
    forced = torch.zeros(T, N, dtype=torch.bool)
    forced[2, 1] = True
    other = (free.argmax(-1) + 1) % O if net.parts.loss == "cross-entropy" else free + 1
    changed = (net.forward(weights, x, other, forced).outputs - free).abs().amax(-1) > 1e-6
    assert changed[3:, 1].all()
    assert not changed[:3].any()
    assert not changed[:, [0, 2]].any()


def test_the_last_true_answer_is_never_read(given):
    net, weights, x, targets = given
    forced = torch.ones(T, N, dtype=torch.bool)
    other = targets.clone()
    other[-1] = 0
    close(net.forward(weights, x, targets, forced), net.forward(weights, x, other, forced))


@pytest.mark.parametrize("answers", [1, 2, T + 3])
def test_it_writes_as_many_answers_as_it_is_told(given, answers):
    net, weights, x, targets = given
    told = targets.repeat(2, *(1,) * (targets.ndim - 1))[:answers]
    forced = torch.ones(told.shape[:2], dtype=torch.bool)
    assert net.forward(weights, x, told, forced).outputs.shape == (answers, N, O)
    assert net.forward(weights, x).outputs.shape == (T, N, O)


@pytest.mark.parametrize("mask", MASKS)
def test_members_read_their_own_answers(architecture, rng, mask):
    net = architecture.network(parts(Gru(), answers=T))
    weights = draw(net.tensors(), rng, 2)
    x, targets = data(net.parts, rng, 2)
    forced = torch.stack([MASKS[mask](rng) for _ in range(2)], 1)
    together = net.forward(weights, x, targets, forced).outputs
    for e in range(2):
        member = {letter: w[e] for letter, w in weights.items()}
        close(together[:, e], net.forward(member, x[:, e], targets[:, e], forced[:, e]).outputs)


def test_a_class_is_one_hot_and_a_number_is_itself():
    assert as_input(torch.tensor([[2, 0]]), 3).tolist() == [[[0, 0, 1], [1, 0, 0]]]
    numbers = torch.tensor([[0.25, -3.0]])
    assert as_input(numbers, 3) is numbers
