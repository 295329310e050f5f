"""A worker's task: a run out of a stranger's zip becomes a run here, of a new name, that has ended.

Training states come through torch's loader for plain tensors (`weights_only`, which calls nothing that a file names),
and are stored as this program writes them: no bytes of the stranger's are loaded a second time.
"""

import io
import logging
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from playground.core.errors import shorten
from playground.diagnosis.alarm import Alarm
from playground.runs import archive
from playground.runs.archive import Contents
from playground.runs.catalog import Catalog
from playground.runs.flights import Flights
from playground.runs.folder import RunFolder
from playground.runs.names import new_id
from playground.runs.records import Checkpoint
from playground.runs.table import to_table
from playground.training.config import RunConfig
from playground.training.live_changes import in_force, stages
from playground.training.state import TrainingState

_log = logging.getLogger(__name__)

LOST = "Its {} cannot be loaded here: the run can be looked at, and not {}."


def unpack(root: str, data: bytes, owner: str | None) -> tuple[str, str]:
    """Makes the run; its name, and a sentence on what could not be taken over, or "". Raises PlaygroundError."""
    torch.set_num_threads(1)
    contents = archive.read(data)
    checkpoint = _states(contents, [contents.checkpoint] if contents.checkpoint else [])
    states = _states(contents, contents.states.values())
    with tempfile.TemporaryDirectory() as scratch:
        folder = RunFolder.create(scratch, contents.config, owner, run_id=new_id())
        _fill(folder, contents)
        for update, state in (checkpoint or {}).items():
            folder.write_checkpoint(Checkpoint("", update, state))
        if states is not None and states.keys() == contents.states.keys():
            _record(folder.recordings, contents, states)
        Catalog(root).adopt(Path(folder.path))
    lost = [
        *([LOST.format("checkpoint", "resumed")] if checkpoint is None else []),
        *([LOST.format("recordings", "replayed")] if states is None else []),
    ]
    return folder.run_id, " ".join(lost)


def _fill(folder: RunFolder, contents: Contents) -> None:
    if contents.rows:
        folder.parts.write(1, to_table(folder.specs(), 1, contents.rows))
        folder.parts.merge_all()
    if contents.interventions:
        folder.write_interventions(contents.interventions)
        # What stays wished for: without it, a run that is resumed would change back.
        folder.steer(changes=in_force(contents.config, contents.interventions).difference(contents.config))
    if contents.findings:
        folder.write_alarms(contents.findings)
    folder.write_label(contents.label)
    folder.log(f"Imported from a file of the run {contents.run}.")
    folder.write_end(contents.end)


def _record(recordings: Flights, contents: Contents, states: Mapping[int, bytes]) -> None:
    """Those that belong to an alarm of this run."""
    alarms = {(a.kind, a.update): a for a in contents.findings if isinstance(a, Alarm)}
    for flight in contents.flights:
        alarm = alarms.get((flight.alarm, flight.update))
        if alarm and recordings.wants(alarm):
            recordings.write(alarm, [(start, states[start]) for start in flight.starts])


def _states(contents: Contents, given: Iterable[bytes]) -> dict[int, bytes] | None:
    """Training states by the update that comes next, as this program writes them; None where one cannot be loaded."""
    try:
        steps = stages(contents.config, contents.interventions)
        return dict(_state(contents, steps, data) for data in given)
    except Exception as error:  # torch has many names for a file that is not what it should be
        _log.warning("A training state was not taken over: %s: %s", type(error).__name__, shorten(str(error)))
        return None


def _state(contents: Contents, steps: Sequence[RunConfig], data: bytes) -> tuple[int, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        if any(entry.compress_type != zipfile.ZIP_STORED for entry in file.infolist()):
            raise ValueError("torch folds nothing")
    state = TrainingState(contents.config, contents.interventions)
    saved = torch.load(io.BytesIO(data), weights_only=True, map_location=state.device)
    _no_larger_than(len(data), saved)
    state.restore(saved)
    if not 0 <= state.obeyed < len(steps) or state.config != steps[state.obeyed]:
        raise ValueError("it was changed otherwise than the run says")
    last = contents.rows[-1].update if contents.rows else -1
    if not 0 <= state.update <= last + 1:
        raise ValueError(f"it is before update {state.update}, and measured is what led to {last}")
    return state.update, state.dump()


def _no_larger_than(size: int, saved: Any) -> None:
    """What a file says once may stand many times over in what is loaded: a small tensor spread out or shared by many, a
    list that holds another one twice, and so on. It takes up its full size at the first copy, and is not let in.
    """
    waiting = [saved]
    while waiting:
        value = waiting.pop()
        size -= value.numel() * value.element_size() if isinstance(value, torch.Tensor) else 1
        if size < 0:
            raise ValueError("it is larger than its file")
        if isinstance(value, Mapping):
            waiting.extend(value.values())
        elif isinstance(value, list | tuple):
            waiting.extend(value)
