"""What a map takes over from an older one: networks of equal configs are not trained twice."""

import hashlib

from playground.sweeps.folder import Record, Seen
from playground.sweeps.member import Member
from playground.sweeps.spec import MapSpec
from playground.training.config import RunConfig


def taken_over(spec: MapSpec, older: MapSpec, seen: Seen) -> Record:
    """The networks of `spec` that are over in an older map, in the new numbers. Only an equal RunConfig counts."""
    numbers = {key: cell for cell, key in _keys(older).items()}
    found: list[Member] = []
    for cell, key in _keys(spec).items():
        before = numbers.get(key)
        if before is None:
            continue
        for seed in range(spec.seeds):
            member = seen.members.get((before, spec.base.seed + seed - older.base.seed))
            if member and member.over:
                found.append(member.model_copy(update={"cell": cell, "seed": seed}))
    return Record(members=tuple(found))


def _keys(spec: MapSpec) -> dict[int, bytes]:
    """What stands for the config of each cell that can be trained, whatever the seed."""
    impossible = spec.impossible()
    return {cell: _key(spec.config(cell)) for cell in spec.cells() if cell not in impossible}


def _key(config: RunConfig) -> bytes:
    # A config may carry a text of a megabyte.
    return hashlib.blake2b(config.model_copy(update={"seed": 0}).model_dump_json().encode()).digest()
