"""One seed a run, one stream a purpose."""

import torch

from playground.core.seeds import generator


def draw(seed, purpose):
    return torch.rand(1000, generator=generator(seed, purpose), dtype=torch.float64)


def test_the_same_seed_and_purpose_give_the_same_numbers():
    assert torch.equal(draw(3, "weights U"), draw(3, "weights U"))


def test_other_seeds_and_other_purposes_give_uncorrelated_numbers():
    streams = [draw(seed, purpose) for seed in range(4) for purpose in ("weights U", "training data", "held-out data")]
    correlation = torch.corrcoef(torch.stack(streams)) - torch.eye(len(streams), dtype=torch.float64)
    assert correlation.abs().max() < 5 / 1000**0.5  # five standard errors


def test_neither_reads_nor_moves_the_global_stream():
    torch.manual_seed(1)
    before = torch.get_rng_state()
    first = draw(0, "weights U")
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(2)
    assert torch.equal(draw(0, "weights U"), first)
