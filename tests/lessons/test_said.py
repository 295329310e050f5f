"""What lessons say and no run of theirs can measure: where float32 ends, and what torch gives for nn.RNN."""

import numpy as np
import pytest
import torch


@pytest.mark.parametrize(("factor", "steps"), [(2.0, 128), (1.1, 931)])
def test_where_growth_leaves_float32(factor, steps):
    """Lesson 6: from 1 on."""
    with np.errstate(over="ignore"):
        sizes = np.cumprod(np.full(steps, factor, dtype=np.float32), dtype=np.float32)
    assert np.isfinite(sizes[:-1]).all()
    assert np.isinf(sizes[-1])


def test_where_shrinking_leaves_float32():
    """Lesson 6: a factor of 0.25 is exactly 0 after 75 steps."""
    with np.errstate(under="ignore"):
        sizes = np.cumprod(np.full(75, 0.25, dtype=np.float32), dtype=np.float32)
    assert (sizes[:-1] > 0).all()
    assert sizes[-1] == 0


def test_the_gradient_of_an_rnns_outputs_is_the_direct_part_alone():
    """Lesson 4, the common mistake: exactly 0 before the last step where only the last one has a loss; the total is
    not, as a loop of one's own shows."""
    torch.manual_seed(0)
    rnn, x = torch.nn.RNN(4, 8), torch.randn(6, 1, 4)
    out, _ = rnn(x)
    out.retain_grad()
    out[-1].square().sum().backward()

    cell = torch.nn.RNNCell(4, 8)
    cell.load_state_dict({name.removesuffix("_l0"): weight for name, weight in rnn.state_dict().items()})
    states, h = [], torch.zeros(1, 8)
    for step in x:
        h = cell(step, h)
        h.retain_grad()
        states.append(h)
    states[-1].square().sum().backward()

    torch.testing.assert_close(torch.stack(states), out)
    assert out.grad is not None
    assert (out.grad[:-1] == 0).all()
    assert all((state.grad != 0).any() for state in states)
