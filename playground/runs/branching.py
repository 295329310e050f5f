"""A run that goes on from an update of another one, with something changed."""

from collections.abc import Sequence

from playground.core.errors import PlaygroundError
from playground.core.measurement import MeasurementSpec, Row
from playground.diagnosis import not_finite
from playground.diagnosis.alarm import Alarm, Cleared, standing
from playground.runs.folder import RunFolder
from playground.runs.records import Checkpoint, Origin
from playground.runs.table import meanings, to_table
from playground.training.replay import Turn, changed, state_at


def branch(source: RunFolder, update: int, target: RunFolder, turn: Turn) -> None:
    """Gives `target` the rows and findings of `source` before `update`, and a checkpoint; names its origin.

    Of the rows, it gets the measurements that it declares alike. Raises PlaygroundError; then `target` is as it was.
    """
    _fresh(target)
    asked = target.config()
    began_as, dump = source.config(), _state_before(source, update)
    old = state_at(began_as, dump, update, turn, source.interventions())
    same = meanings(source.specs()) == meanings(target.specs())
    rows = [_fitting(row, source.specs(), target.specs()) for row in source.rows() if row.update < update]
    state, findings = changed(old, asked, rows, same)
    before = [found for found in source.findings() if found.update < update]
    if findings is not None:
        findings += [found for found in before if found.kind == not_finite.KIND]
        before = sorted(findings, key=lambda found: found.update)
    before += _over(before, update)
    _fresh(target)  # another worker may have taken it up meanwhile
    target.write_origin(Origin(run_id=source.run_id, update=update))
    if rows:
        target.parts.write(1, to_table(target.specs(), 1, rows))
    if before:
        target.write_alarms(before)
    target.write_checkpoint(Checkpoint("", update, state.dump()))


def _state_before(source: RunFolder, update: int) -> bytes:
    """What a run stands at, where it goes on from there, or else what it has recorded."""
    checkpoint = source.checkpoint()
    if checkpoint and checkpoint.update == update:
        return checkpoint.state
    return source.recordings.state_before(update)


def _fresh(target: RunFolder) -> None:
    if target.attempts():
        raise PlaygroundError("This run has begun already. Make a new one to go on from another.")


def _over(found: Sequence[Alarm | Cleared], update: int) -> list[Alarm | Cleared]:
    """The end of each alarm that stands: what goes on is a run of its own."""
    sentence = "Training went on from here with something changed."
    return [Cleared(kind=one.kind, raised=one.update, update=update, sentence=sentence) for one in standing(found)]


def _fitting(row: Row, given: Sequence[MeasurementSpec], wanted: Sequence[MeasurementSpec]) -> Row:
    had, have = meanings(given), meanings(wanted)
    return row._replace(values={name: v for name, v in row.values.items() if have.get(name) == had[name]})
