"""A few held-out sequences as they are: what the network is given, and what it should say."""

from typing import TYPE_CHECKING, ClassVar, Literal

from playground.core.measurement import MeasurementSpec, Value
from playground.training.probes.base import Moment, Probe, array, registry

if TYPE_CHECKING:
    from playground.tasks import Batch
    from playground.training.config import RunConfig

EXAMPLES = 3


@registry.register
class Examples(Probe):
    title: ClassVar[str] = "examples"
    kind: Literal["examples"] = "examples"

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        task, answers = config.test_task, answers_of(config)
        steps = 1 if task.architectures == ("one_to_many",) else task.length

        def spec(name: str, title: str, description: str, *axes: tuple[str, int]) -> MeasurementSpec:
            axes = (("example", EXAMPLES), *axes)
            return MeasurementSpec(
                name=name, title=title, description=description, unit="1", every=0,
                axes=tuple(axis for axis, _ in axes), shape=tuple(size for _, size in axes),
            )  # fmt: skip

        return (
            spec(
                "example_input", "example inputs", "What the network is given.",
                ("time", steps), ("feature", task.inputs),
            ),
            spec("example_target", "true answers", "Class numbers, or the numbers.", *answers),
            spec("example_counts", "which answers count", "1 where an answer counts, 0 where not.", answers[0]),
        )  # fmt: skip

    def measure(self, moment: Moment) -> dict[str, Value]:
        return of(moment.held_out)


def answers_of(config: "RunConfig") -> tuple[tuple[str, int], ...]:
    """The axes of answers, true or predicted: class numbers (K,), or numbers (K, O)."""
    task = config.test_task
    count = ("answer", 1 if config.one_answer else task.answers)
    return (count,) if task.loss == "cross-entropy" else (count, ("feature", task.outputs))


def of(batch: "Batch") -> dict[str, Value]:
    """The first sequences of a batch, sequence by sequence."""
    counts = batch.x.new_ones(batch.targets.shape[:2]) if batch.counts is None else batch.counts
    return {
        "example_input": array(batch.x[:, :EXAMPLES].movedim(1, 0)),
        "example_target": array(batch.targets[:, :EXAMPLES].movedim(1, 0)),
        "example_counts": array(counts[:, :EXAMPLES].movedim(1, 0)),
    }
