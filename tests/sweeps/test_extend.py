"""A map takes over from an older one what it would train again bit by bit, and nothing else."""

from playground.sweeps.extend import taken_over
from playground.sweeps.folder import NOTHING
from playground.sweeps.member import Member
from playground.sweeps.spec import MapSpec

GAIN = "cell.recurrent_init.gain"


def spec(gains, rates=(0.01,), **others):
    data = {
        "base": {"hidden": 4, "cell": {"kind": "vanilla", "recurrent_init": {"kind": "orthogonal"}}, "seed": 5},
        "x": {"path": GAIN, "values": gains},
        "y": {"path": "optimizer.learning_rate", "values": rates},
        "seeds": 2,
        "updates": 20,
    }
    return MapSpec.parse({**data, **others})


def full(spec, over=True):
    """Every network measured, with a loss that tells which it is."""
    members = {}
    for cell in spec.cells():
        for seed in range(spec.seeds):
            config = spec.config(cell, seed)
            loss = config.cell.recurrent_init.gain + config.optimizer.learning_rate * 1e3 + config.seed * 1e6
            members[cell, seed] = Member(cell=cell, seed=seed, updates=spec.updates, over=over, loss=loss)
    return NOTHING._replace(members=members)


def taken(new, old, **how):
    return {(m.cell, m.seed): m for m in taken_over(new, old, full(old, **how)).members}


def test_wider_and_finer_axes_and_more_seeds_keep_what_is_there():
    old = spec((1.0, 2.0))
    new = spec((0.5, 1.0, 1.5, 2.0), (0.001, 0.01), seeds=3)
    found, every = taken(new, old), full(new).members
    assert sorted(found) == [(cell, seed) for cell in (5, 7) for seed in (0, 1)]
    assert all(member == every[place] for place, member in found.items())


def test_seeds_are_the_same_where_their_first_one_is_not():
    found = taken(spec((1.0,), base=spec((1.0,)).base.model_copy(update={"seed": 6}).model_dump()), spec((1.0,)))
    assert list(found) == [(0, 0)]
    assert found[0, 0].loss == full(spec((1.0,))).members[0, 1].loss


def test_another_config_takes_nothing():
    old = spec((1.0, 2.0))
    assert not taken(spec((1.0, 2.0), updates=21), old)
    assert not taken(spec((3.0,)), old)
    assert not taken(spec((1.0,), base={**old.base.model_dump(), "hidden": 5}), old)


def test_what_was_not_over_is_trained_anew():
    assert not taken(spec((1.0,)), spec((1.0,)), over=False)
