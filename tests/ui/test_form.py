"""The form: every field of a config has its place, whatever is chosen; what makes no sense is not offered."""

import pytest
from pydantic import BaseModel

from playground.nn import architectures, cells
from playground.tasks import registry as tasks
from playground.training import paths
from playground.training.config import RunConfig
from playground.ui import echo, fields, form, labels, runbar
from playground.ui.mending import choices

CONFIGS = {
    **{f"task {kind}": RunConfig().patched({"task.kind": kind}) for kind in tasks.kinds()},
    **{f"cell {kind}": RunConfig().patched({"cell.kind": kind}) for kind in cells.registry.kinds()},
    **{
        f"architecture {kind}": RunConfig().patched(
            {
                "architecture.kind": kind,
                "task.kind": next(t for t in tasks.kinds() if kind in tasks[t].architectures),
            }
        )
        for kind in architectures.registry.kinds()
    },
}


def _leaves(model: BaseModel, prefix: str = "") -> list[str]:
    paths = []
    for name in type(model).model_fields:
        value = getattr(model, name)
        paths += _leaves(value, f"{prefix}{name}.") if isinstance(value, BaseModel) else [f"{prefix}{name}"]
    return paths


@pytest.mark.parametrize("name", CONFIGS)
def test_every_field_stands_in_exactly_one_group(name: str) -> None:
    config = CONFIGS[name]
    groups = [path for group in form.GROUPS for path in group.paths if paths.holder(config, path)]
    shown = [leaf for path in groups for leaf in paths.leaves(config, path)]

    assert sorted(shown) == sorted(set(_leaves(config)) - {"format"})


def test_every_path_of_the_form_is_a_field_of_some_config() -> None:
    for path in (path for group in form.GROUPS for path in group.paths):
        assert any(paths.holder(config, path) for config in CONFIGS.values()), path


@pytest.mark.parametrize("name", CONFIGS)
def test_every_option_has_a_name_to_read(name: str) -> None:
    config = CONFIGS[name]
    for leaf in set(_leaves(config)) - {"format"}:
        names = [labels.value_name(config, leaf, option) for option in paths.options(config, leaf)]
        assert len(set(names)) == len(names), leaf
        assert not any("_" in shown and "{" not in shown for shown in names), leaf


@pytest.mark.parametrize(
    ("changes", "path", "offered", "reason"),
    [
        ({}, "architecture.kind", {"many_to_one", "window_mlp"}, "does not go with the task recall the first symbol."),
        ({"task.kind": "echo"}, "arrival", {"offline", "online", "stream"}, ""),
        ({"task.kind": "copy"}, "arrival", {"offline", "online"}, "makes no endless stream."),
        ({"arrival": "online"}, "direction", {"one_way"}, "Online, the answer at step t is due before step t + 1"),
        ({"task.kind": "melody"}, "direction", {"one_way"}, "there is nothing ahead that a second reading could see."),
        ({"task.kind": "reversal"}, "direction", {"one_way", "two_passes", "concatenated"}, ""),
        (
            {"task.kind": "reversal"},
            "learning.kind",
            {"cumulative", "each_step"},
            "which encoder–decoder does not have.",
        ),
        ({"task.kind": "melody"}, "shuffle_time", {False}, "One input has no order that could be shuffled."),
        ({"task.kind": "series"}, "task.source", {"sine", "damped pair", "mackey-glass"}, "The series has 0 numbers"),
        ({"architecture.kind": "window_mlp"}, "layers", {1}, "has one hidden layer."),
    ],
)
def test_what_makes_no_sense_is_not_offered(changes: dict, path: str, offered: set, reason: str) -> None:
    config = RunConfig().patched(changes)
    found = choices(config, path, paths.options(config, path) or (1, 2))

    assert set(found.offered) == offered
    assert reason in found.reason
    assert "Write" not in found.reason


def test_a_task_is_offered_whatever_else_is_set() -> None:
    config = RunConfig().patched({"direction": "two_passes", "shuffle_time": True, "layers": 2})

    assert choices(config, "task.kind", tasks.kinds()).left_out == ()


@pytest.mark.parametrize(
    ("default", "step"), [(0.002, 0.001), (1.0, 0.1), (0.1, 0.01), (0.9, 0.1), (0.0, 0.1), (-1.0, 0.1)]
)
def test_a_step_fits_its_default(default: float, step: float) -> None:
    assert fields.step(default) == pytest.approx(step)


def test_what_a_browser_still_says_of_an_overwritten_field_is_no_change(monkeypatch):
    now, said, key = [100.0], [], "form.hidden"
    monkeypatch.setattr(fields.st, "session_state", {key: 8})
    monkeypatch.setattr(fields.state, "refused", dict)
    monkeypatch.setattr(fields.state, "change", lambda *change: said.append(change))
    monkeypatch.setattr(echo.time, "monotonic", lambda: now[0])

    def says(value, seconds):
        now[0] += seconds
        fields.st.session_state[key] = value
        fields._changed("hidden")

    fields._bound("hidden", 16)
    says(8, 60.0)  # the script waits for a worker, and the page has not been told
    fields._bound("hidden", 16)
    echo.drawn()
    says(8, echo.ECHO - 0.1)
    assert said == []
    says(9, 0.0)
    says(8, 0.2)
    assert said == [("hidden", 9), ("hidden", 8)]


def test_the_pace_is_written_only_where_it_differs_and_its_echo_steers_nothing(monkeypatch):
    written, steered = [], []

    class Session(dict[str, object]):
        def __setitem__(self, key: str, value: object) -> None:
            written.append((key, value))
            super().__setitem__(key, value)

    monkeypatch.setattr(runbar.st, "session_state", Session({"bar.pace": 1}))
    monkeypatch.setattr(runbar.st, "segmented_control", lambda *_, **__: None)
    monkeypatch.setattr(runbar.state, "config", lambda: RunConfig(pace=20))
    monkeypatch.setattr(runbar.state, "change", lambda *_: None)
    monkeypatch.setattr(runbar.steering, "steer", lambda pace: steered.append(pace))
    runbar._pace()
    echo.drawn()
    assert ("bar.pace", 20) in written

    written.clear()
    runbar._pace()
    assert written == [], "a value written anew would undo a click that is on its way"

    for said in (1, 60):
        dict.__setitem__(runbar.st.session_state, "bar.pace", said)
        runbar._change_pace()
    assert steered == [60]
