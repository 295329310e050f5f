"""Values of an axis as a sentence says them."""

from collections.abc import Sequence, Set

from playground.sweeps.axis import Axis

FEW = 4
"""From more values than these on, "all but" is shorter."""


def listed(texts: Sequence[str], word: str = "and") -> str:
    """a, b and c."""
    return f" {word} ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


def phrase(axis: Axis, values: Set[int], present: Set[int]) -> str:
    """ "gain of U 0.8–1.4", "learning rate up to 0.01", "activation φ tanh or ReLU": of the values there are, these.

    `values` and `present` are indices; those of numbers leave out none between the first and the last that is there.
    """
    if not axis.numeric:
        names = [axis.value_title(axis.values[i]) for i in sorted(values)]
        missing = [axis.value_title(axis.values[i]) for i in sorted(present - values)]
        if len(present) > FEW and len(missing) == 1:
            return f"any {axis.title} but {missing[0]}"
        return f"{axis.title} {listed(names, 'or')}"
    chosen, there = (sorted(axis.values[i] for i in each) for each in (values, present))
    low, high = (axis.value_title(value) for value in (chosen[0], chosen[-1]))
    if len(chosen) == 1:
        return f"{axis.title} {low}"
    if chosen[0] == there[0]:
        return f"{axis.title} up to {high}"
    if chosen[-1] == there[-1]:
        return f"{axis.title} from {low}"
    return f"{axis.title} {low} to {high}" if "−" in low + high else f"{axis.title} {low}–{high}"
