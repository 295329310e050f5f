"""What the buttons do with the map that is looked at."""

from playground.sweeps.feed import feed, maps
from playground.sweeps.maps import MapState, TooManyMaps
from playground.sweeps.spec import MapSpec
from playground.ui import state
from playground.ui.maps import picks, setup, shown
from playground.ui.told import told


def fill() -> None:
    """The form's map. What the last one has measured of equal cells is taken over."""
    spec, _ = setup.spec()
    if spec is not None and not setup.refused():
        with told():
            start(spec)


def start(spec: MapSpec) -> None:
    """A new map, to be looked at. Raises PlaygroundError where it is not admitted."""
    owner, found = state.needed_owner(), shown.current() if shown.name() else None
    replaced = found.folder if found and found.mine and found.going else None
    if replaced:
        replaced.steer(stopped=True)  # first: it makes room
    try:
        made = maps().create(spec, owner, shown.older(spec))
    except TooManyMaps:
        if replaced:
            replaced.steer(stopped=False)
        raise
    if replaced:
        feed().wake(replaced.map_id)
    feed().wake(made.map_id)
    shown.look(made.map_id)
    picks.clear()


def pause() -> None:
    _steer(paused=True)


def resume() -> None:
    """A paused one, or one that was stopped."""
    with told():
        found = shown.current()
        if found and found.mine and found.state is MapState.STOPPED:
            maps().resume(found.folder.map_id)
            feed().wake(found.folder.map_id)
            return
    _steer(paused=False)


def stop() -> None:
    _steer(stopped=True)


def _steer(**changes: bool) -> None:
    with told():
        found = shown.current()
        if found and found.mine and found.going:
            found.folder.steer(**changes)
            feed().wake(found.folder.map_id)
