"""The training loop: forward, loss, backward, clip, update, measure. It yields, and never writes."""

from collections.abc import Iterator

from playground.core.measurement import Value
from playground.diagnosis import not_finite
from playground.diagnosis.alarm import Alarm, Cleared
from playground.nn.norms import norms, per_sample_norm
from playground.nn.parameters import Parameters
from playground.training import probes, watch
from playground.training.config import RunConfig
from playground.training.events import End, Event, Update
from playground.training.state import TrainingState


def one_update(state: TrainingState) -> probes.Step:
    """The next batch, its gradients, and the weights moved. What `train` and a replay share; counts nothing."""
    config, network, weights = state.config, state.network, state.weights
    batch, rate = state.batch(), state.learning_rate()
    for passed in config.learning.passes(network, weights.views, batch, state.forced(batch), state.carried):
        raw_norms = norms(passed.gradients, weights.dims)
        clipped = config.clip.clip(passed.gradients, weights.views, raw_norms, weights.dims)
        for name, g in clipped.items():
            state.gradient.views[name].copy_(g)
        state.optimizer.step()
    if config.arrival == "stream":
        state.carried = [tuple(s[-1].clone() for s in tape.states) for tape in passed.forward.tapes]
    state_norms = probes.on_axis(network, [per_sample_norm(back.total[0]) for back in passed.passes])
    return probes.Step(batch, passed, state_norms, raw_norms, norms(clipped, weights.dims), weights, rate)


def train(config: RunConfig, state: TrainingState | None = None) -> Iterator[Event]:
    """Trains `config` and yields what happens: an `Update` for each, what it raises or clears before it, one `End`.

    `list(train(config))` is a whole run. With `state` it goes on from there. Nothing here waits, writes or reads a
    clock.
    """
    state = state or TrainingState(config)
    weights, due, before = state.weights, _Schedule(config), state.weights.clone()
    if state.update - 1 <= state.go_on:
        state.stop = ""
    while state.update < config.updates and not (state.diverged or state.stop):
        update = state.update
        findings: list[Alarm | Cleared] = [*state.obey()]
        before.flat.copy_(weights.flat)
        step = one_update(state)
        clipped = {name: state.gradient.views[name] for name in step.passed.gradients}
        step = step._replace(turn=state.turn(before.flat))
        values = due.measure(update, _moment(state, before, step))
        finite = watch.is_finite(step)
        found = [] if finite or state.alarmed else watch.non_finite(state.network, step, clipped)
        findings += state.diagnosis.see(update, values)
        if found:
            findings.append(not_finite.alarm(state.config, update, found, state.diagnosis.past))
        state.update += 1
        state.alarmed |= bool(found)
        state.diverged = not finite and not weights.flat.isfinite().all()
        state.see_stop(update, values, findings, bool(found))
        yield from findings
        yield Update(update, values)
    if state.diverged or state.stop:
        update = state.update - 1
        lost = f"Update {update} left weights that are not finite. Training ends here."
        yield End("diverged", update, lost) if state.diverged else End("stopped", update, state.stop)
        return
    final = _moment(state, weights, None)
    values = due.measure(config.updates, final)
    yield from state.diagnosis.see(config.updates, values)
    yield Update(config.updates, values)
    yield End("finished", config.updates, f"All {config.updates:,} updates are done.")


def _moment(state: TrainingState, weights: Parameters, step: probes.Step | None) -> probes.Moment:
    return probes.Moment(state.config, state.network, state.data.held_out, state.initial, weights, step)


class _Schedule:
    """Which measurement is due at which update."""

    def __init__(self, config: RunConfig) -> None:
        self._probes = [(probe, probe.specs(config)) for probe in (cls() for cls in probes.registry)]

    def measure(self, update: int, moment: probes.Moment) -> dict[str, Value]:
        """The values that are due. After the last update, all that can be seen in the weights alone."""
        values: dict[str, Value] = {}
        for probe, specs in self._probes:
            if moment.step is None and probe.needs_step:
                continue
            wanted = [s.name for s in specs if _is_due(s.every, update) or (moment.step is None and s.every)]
            if wanted:
                taken = probe.measure(moment)
                # What cannot be taken of another activation than the run began with is left out.
                values.update({name: taken[name] for name in wanted if name in taken})
        return values


def _is_due(every: int, update: int) -> bool:
    return update % every == 0 if every else update == 0
