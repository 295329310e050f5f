"""A replayed update is the one that was, to the bit; the recorder keeps its bound; a snapshot stays as it was."""

import numpy as np
import pytest
import torch

from playground.core.errors import PlaygroundError
from playground.training import loop, replay
from playground.training.config import RunConfig
from playground.training.events import Update
from playground.training.frame import decode, encode
from playground.training.loop import train
from playground.training.presets import PRESETS
from playground.training.replay import BUDGET, RHYTHMS, SPAN, FlightRecorder, changed, frame, state_at
from playground.training.state import TrainingState, packed

SMALL = RunConfig(hidden=6, batch=4, updates=30, task={"kind": "recall", "length": 5})
CONFIGS = {
    "float32": SMALL,
    "float64, LSTM, 2 layers": SMALL.patched({"precision": "float64", "cell.kind": "lstm", "layers": 2}),
    "stream": RunConfig(task={"kind": "echo", "length": 12}, arrival="stream", hidden=6, batch=4, updates=30),
    "teacher forcing": SMALL.patched({"task.kind": "reversal", "task.length": 4, "architecture.teacher_forcing": 0.5}),
    "GRU, both ways, bfloat16": SMALL.patched(
        {"cell.kind": "gru", "precision": "bfloat16", "direction": "two_passes", "optimizer.kind": "sgd"}
    ),
    "an update each step": SMALL.patched({"learning.kind": "update_each_step", "task.kind": "parity"}),
    "no recurrence": SMALL.patched({"architecture.kind": "window_mlp"}),
    "NaN": PRESETS["P5"].config.patched({"hidden": 8, "batch": 4, "task.length": 8, "optimizer.learning_rate": 2.0}),
}


def bits(value):
    """A snapshot as something that compares equal only where every bit is equal."""
    if isinstance(value, torch.Tensor):
        return value.dtype, value.shape, value.view(torch.uint8).numpy().tobytes() if value.ndim else value.item()
    if isinstance(value, dict):
        return {key: bits(v) for key, v in value.items()}
    return [bits(v) for v in value] if isinstance(value, list | tuple) else repr(value)


def live(config, monkeypatch):
    """A whole run: of each update its frame, taken from the run itself; and its recorder."""
    seen, recorder, state = {}, FlightRecorder(), TrainingState(config)
    one_update = loop.one_update

    def watched(state):
        recorder.see(state)
        before = state.weights.clone()
        step = one_update(state)
        seen[state.update] = {k: v.copy() for k, v in replay._frame(state, before, step, 2**40).items()}
        return step

    with monkeypatch.context() as patch:
        patch.setattr(loop, "one_update", watched)
        for _ in train(config, state):
            pass
    return seen, recorder


@pytest.mark.parametrize("name", CONFIGS)
def test_a_replayed_update_is_the_one_that_was_to_the_bit(name, monkeypatch):
    config = CONFIGS[name]
    seen, recorder = live(config, monkeypatch)
    dumps = dict(recorder.dumps())
    last = max(seen)
    for update in {0, 3, last // 2, last - 1, last}:
        found = frame(config, dumps[max(start for start in dumps if start <= update)], update)
        assert found.keys() == seen[update].keys()
        for key, value in seen[update].items():
            assert (found[key].dtype, found[key].shape) == (value.dtype, value.shape), key
            assert found[key].tobytes() == value.tobytes(), f"{key} of update {update}"
    assert bool(found["finite"]) == (name != "NaN")


def test_a_frame_holds_what_torch_computed():
    """Against the probes of the same update, and the optimiser's own step."""
    config = CONFIGS["float64, LSTM, 2 layers"].patched({"optimizer.kind": "sgd", "optimizer.momentum": 0.0})
    values = {event.update: event.values for event in train(config) if isinstance(event, Update)}
    found = decode(encode(frame(config, TrainingState(config).dump(), 20)))
    assert found["labels"].tolist() == ["layer 1", "layer 2"]
    assert found["states"].tolist() == ["h", "c"]
    assert found["0/h"].shape == found["1/d_c"].shape == (5, 4, 6)
    assert found["0/gates"].shape == (5, 4, len(found["gates"]), 6)
    assert np.array_equal(found["0/h"], found["1/x"])
    assert float(found["loss"]) == values[20]["loss"] == pytest.approx(found["answer_loss"].mean())
    norms = 4 * np.linalg.norm(found["1/d_h"], axis=-1).mean(-1)  # of a sample's own loss, not of a mean over 4
    np.testing.assert_allclose(norms, values[20]["total_gradient"][1], rtol=1e-12)
    for tensor, norm in zip(found["tensors"], found["norms_before"], strict=True):
        assert np.linalg.norm(found[f"raw/{tensor}"]) == pytest.approx(norm)
        step = -float(found["learning_rate"]) * found[f"clipped/{tensor}"]
        np.testing.assert_allclose(found[f"after/{tensor}"] - found[f"before/{tensor}"], step, atol=1e-15)


def test_a_frame_too_large_holds_the_first_samples():
    dump = TrainingState(SMALL).dump()
    whole, part = (
        frame(SMALL, dump, 2),
        frame(SMALL, dump, 2, most=sum(a.nbytes for a in frame(SMALL, dump, 2).values()) // 3),
    )
    assert (int(whole["samples"]), int(whole["batch"]), int(part["batch"])) == (4, 4, 4)
    kept = int(part["samples"])
    assert 1 <= kept < 4
    assert np.array_equal(part["0/h"], whole["0/h"][:, :kept])
    assert np.array_equal(part["0/h_start"], whole["0/h_start"][:kept])
    assert np.array_equal(part["raw/U"], whole["raw/U"])


def test_the_last_updates_can_be_replayed_from_any_on():
    for begin in (0, 37):
        config = SMALL.patched({"updates": 400})
        recorder, state = FlightRecorder(), TrainingState(config)
        state.update = begin
        for state.update in range(begin, 301):
            recorder.see(state)
            starts = [s.update for s in recorder._kept]
            assert starts[0] <= max(begin, state.update - SPAN + 1)
            assert len(starts) <= SPAN // RHYTHMS[0] + 1
            assert state.update - starts[-1] < RHYTHMS[0]


@pytest.mark.parametrize(("hidden", "layers", "count"), [(64, 1, 9), (256, 1, 9), (256, 2, 2), (256, 4, 2)])
def test_the_recorder_keeps_its_bound(hidden, layers, count):
    """With the moments that Adam has from its first step on."""
    config = RunConfig(hidden=hidden, layers=layers, cell="lstm", batch=1, task={"kind": "recall", "length": 2})
    recorder, state, most = FlightRecorder(), TrainingState(config), 0
    one = 3 * state.weights.flat.numel() * state.weights.flat.element_size()
    for state.update in range(200):
        if state.update == 1:
            state.optimizer.step()
        recorder.see(state)
        most = max(most, recorder.memory)
    assert most <= max(BUDGET, 2 * (one + 60_000))
    assert len(recorder._kept) <= count
    assert recorder.memory > one


def test_an_old_snapshot_is_not_changed_by_later_updates():
    for config in (CONFIGS["stream"], CONFIGS["GRU, both ways, bfloat16"], SMALL):
        state = TrainingState(config)
        events = train(config, state)
        for _ in range(5):
            next(events)
        snapshot = state.snapshot()
        dump, known = packed(snapshot), bits(snapshot)
        list(events)
        assert bits(snapshot) == known
        again = TrainingState(config)
        again.load(dump)
        assert bits(again.snapshot()) == known


# Going on from there


def test_the_state_at_an_update_is_the_one_that_was():
    state = TrainingState(SMALL)
    first, events = state.dump(), train(SMALL, state)
    for _ in range(20):
        while not isinstance(next(events), Update):
            pass
    assert bits(state_at(SMALL, first, 20).snapshot()) == bits(state.snapshot())


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"hidden": 7}, "W is 6 × 4 in the run that is gone on from, and 7 × 4 here"),
        ({"layers": 2}, "W is 6 × 4 in the run that is gone on from, and not there here"),
        ({"updates": 20}, "Write more than 20 updates"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(changes, sentence):
    old = state_at(SMALL, TrainingState(SMALL).dump(), 20)
    with pytest.raises(PlaygroundError, match=sentence):
        changed(old, SMALL.patched(changes), [], True)


def test_what_is_changed_is_taken_and_all_else_goes_on():
    old = state_at(SMALL, TrainingState(SMALL).dump(), 20)
    taken = SMALL.patched({"optimizer.kind": "sgd", "seed": 5, "clip.kind": "none", "precision": "float64"})
    new, findings = changed(old, taken, [], True)
    assert findings is None
    assert torch.equal(new.weights.flat, old.weights.flat.double())
    assert not new.optimizer.state
    assert not torch.equal(new.batch().x, old.batch().x.double())
    same, _ = changed(
        state_at(SMALL, TrainingState(SMALL).dump(), 20), SMALL.patched({"optimizer.kind": "adamw"}), [], True
    )
    assert not same.optimizer.state
    kept, _ = changed(
        state_at(SMALL, TrainingState(SMALL).dump(), 20), SMALL.patched({"optimizer.learning_rate": 1.0}), [], True
    )
    assert kept.optimizer.state
    assert kept.learning_rate() == 1.0


def test_nothing_is_replayed_from_what_lies_ahead():
    state = state_at(SMALL, TrainingState(SMALL).dump(), 9)
    for ask in (frame, state_at):
        with pytest.raises(PlaygroundError, match="begins at update 9"):
            ask(SMALL, state.dump(), 8)


def test_no_state_is_left_to_go_on_from_after_the_weights_are_lost():
    config, state = CONFIGS["NaN"], TrainingState(CONFIGS["NaN"])
    first = state.dump()
    for _ in train(config, state):
        pass
    with pytest.raises(PlaygroundError, match="not finite any more"):
        state_at(config, first, state.update)


def test_training_goes_on_in_another_precision():
    config = RunConfig().patched({"updates": 40})
    old = TrainingState(config)
    for event in train(config, old):
        if isinstance(event, Update) and event.update == 29:
            break
    wider = config.patched({"precision": "float64"})
    state, _ = changed(old, wider, (), True)
    assert [e.update for e in train(wider, state) if isinstance(e, Update)] == [*range(30, 41)]
