"""A run that was stopped goes on from its checkpoint, as if it had only paused."""

from playground.core.errors import PlaygroundError
from playground.runs.folder import RunFolder
from playground.runs.records import Ending

WHY_NOT = {
    "finished": "All its updates are done. Train on, with more of them.",
    "diverged": "Its weights are not finite any more, and nothing follows from them. Go on from an earlier update.",
    "failed": "It would fail again where it did. Clone it with something changed.",
}


def stopped(folder: RunFolder) -> Ending:
    """How a run that was stopped has ended. Raises PlaygroundError for any other."""
    end = folder.end()
    if end is None:
        raise PlaygroundError("This run has not ended: there is nothing to resume.")
    if end.outcome in WHY_NOT:
        raise PlaygroundError(f"Only a run that was stopped can be resumed. {WHY_NOT[end.outcome]}")
    return end


def resume(folder: RunFolder) -> None:
    """Takes a stopped run's end back, so that a worker takes it up. What stopped it by itself does not do so again.

    Raises PlaygroundError for a run that was not stopped.
    """
    end = stopped(folder)
    # The end goes last: killed before that, it is a run that ended.
    folder.steer(stop=False, run_until=None, go_on=end.update)
    folder.delete_end()
