"""The session's state: a wrong edit waits beside the config until it fits, and leaves no trace when it is gone."""

from typing import Any

import pytest

from playground.training.config import RunConfig
from playground.ui import state


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> None:
    class Parameters(dict[str, str]):
        def to_dict(self) -> dict[str, str]:
            return dict(self)

        def from_dict(self, values: dict[str, str]) -> None:
            self.clear()
            self.update(values)

    monkeypatch.setattr(state.st, "session_state", {})
    monkeypatch.setattr(state.st, "query_params", Parameters())
    state.begin()


RUN = "20261123-120000-0123abcd"


def change(*edits: tuple[str, Any]) -> None:
    for path, value in edits:
        state.change(path, value)


def test_an_edit_changes_the_config_and_the_link() -> None:
    change(("hidden", 32), ("cell.recurrent_init.kind", "orthogonal"))
    state.publish()

    assert state.config() == RunConfig().patched({"hidden": 32, "cell.recurrent_init.kind": "orthogonal"})
    assert state.st.query_params == {"hidden": "32", "cell.recurrent_init.kind": "orthogonal", "v": "1"}


def test_a_wrong_edit_waits_with_its_sentence() -> None:
    change(("hidden", 9999))

    assert state.config() == RunConfig()
    assert state.refused() == {"hidden": (9999, "9999 is too large. Write 256 or less.")}


def test_it_is_taken_up_when_another_edit_makes_it_fit() -> None:
    change(("clip.kind", "value"), ("clip.lo", 5.0))
    assert "clip.lo" in state.refused()

    change(("clip.hi", 6.0))

    assert state.refused() == {}
    assert state.config().clip.model_dump() == {"kind": "value", "lo": 5.0, "hi": 6.0}


def test_mending_it_lets_go_of_it() -> None:
    change(("hidden", 9999), ("batch", 16), ("hidden", 128))

    assert state.refused() == {}
    assert state.config() == RunConfig(hidden=128, batch=16)


def test_another_component_takes_what_was_wrong_in_the_old_one_with_it() -> None:
    change(("clip.kind", "value"), ("clip.lo", 5.0), ("hidden", 9999), ("clip.kind", "none"))

    assert set(state.refused()) == {"hidden"}
    assert state.config().clip.kind == "none"  # type: ignore[attr-defined]


def test_a_preset_replaces_everything() -> None:
    change(("hidden", 9999))
    state.load("P5")

    assert state.refused() == {}
    assert state.config().optimizer.kind == "sgd"  # type: ignore[attr-defined]


def test_what_does_not_go_with_a_change_goes_back_and_says_why() -> None:
    change(("direction", "two_passes"), ("shuffle_time", True), ("task.kind", "melody"))

    config = state.config()
    assert (config.direction, config.shuffle_time) == ("one_way", False)
    assert config.architecture.kind == "one_to_many"  # type: ignore[attr-defined]
    assert {problem.path for problem in state.went_back("task.kind")} == {"direction", "shuffle_time"}
    assert all(problem.sentence for problem in state.went_back("task.kind"))

    change(("hidden", 32))
    assert state.went_back("task.kind") == []
    assert state.refused() == {}


def test_what_a_conflict_blames_is_itself_refused() -> None:
    change(("arrival", "online"), ("direction", "two_passes"))

    assert state.config().direction == "one_way"
    assert "Online, the answer" in state.refused()["direction"][1]


def test_going_online_takes_the_second_pass_back() -> None:
    change(("direction", "two_passes"), ("arrival", "online"))

    assert (state.config().direction, state.config().arrival) == ("one_way", "online")
    assert [problem.path for problem in state.went_back("arrival")] == ["direction"]


def test_a_source_comes_with_its_numbers() -> None:
    change(("task.kind", "series"))
    state.change("task.values", tuple(float(i % 7) for i in range(50)), **{"task.source": "yours"})

    assert state.refused() == {}
    assert state.config().task.source == "yours"  # type: ignore[attr-defined]


def test_a_link_leaves_out_what_it_cannot_carry() -> None:
    change(("task.kind", "next_word"), ("task.text", "one two three four five six " * 20))
    state.publish()

    assert state.st.query_params == {"task.kind": "next_word", "v": "1"}


def test_each_room_keeps_its_own_config_run_and_pictures() -> None:
    state.enter("playground")
    change(("hidden", 32), ("batch", 9999))
    state.watch(RUN)
    state.show_as(pictures=("loss",), lecture=True, hidden=("clip",))

    state.enter("lessons")
    assert (state.config(), state.watched(), state.refused()) == (RunConfig(), None, {})
    assert state.view() == state.View(lecture=True, hidden=("clip",))
    state.put(RunConfig(hidden=8), RunConfig(hidden=8))
    change(("batch", 16))
    state.show_as(lesson="vanishing", step=3, pictures=("weights",))
    state.publish()
    shown = {"pictures": "weights", "lecture": "1", "hide": "clip", "lesson": "vanishing", "step": "3"}
    assert state.st.query_params == {"batch": "16", **shown, "v": "1"}

    state.enter("playground")
    assert (state.config(), state.watched()) == (RunConfig(hidden=32), RUN)
    assert set(state.refused()) == {"batch"}
    assert state.view() == state.View(lecture=True, hidden=("clip",), pictures=("loss",))

    state.enter("lessons")
    assert state.config() == RunConfig(hidden=8, batch=16)
    assert (state.view().lesson, state.view().step) == ("vanishing", 3)


def test_the_link_belongs_to_the_room_that_is_opened_first() -> None:
    state.st.session_state.clear()
    state.st.query_params.from_dict({"lesson": "vanishing", "batch": "16"})
    state.begin()
    state.enter("lessons")
    state.read_link(RunConfig(hidden=8))
    assert state.config() == RunConfig(hidden=8, batch=16)

    state.enter("playground")
    state.publish()
    assert state.config() == RunConfig()
    assert state.st.query_params == {}


def test_nothing_of_a_lesson_is_in_a_link_to_the_playground() -> None:
    state.st.session_state.clear()
    state.st.query_params.from_dict({"lesson": "vanishing", "step": "3", "read": "1", "hidden": "32"})
    state.begin()
    state.enter("playground")
    state.publish()

    assert state.st.query_params == {"hidden": "32", "v": "1"}


def test_what_a_lesson_has_set_can_be_taken_to_the_playground() -> None:
    state.enter("playground")
    state.show_as(pictures=("loss",))
    state.enter("lessons")
    state.put(RunConfig(hidden=8), RunConfig(hidden=8))
    state.watch(RUN)

    state.take_along("playground")
    state.enter("playground")
    state.publish()

    assert (state.config(), state.watched(), state.view().pictures) == (RunConfig(hidden=8), RUN, ("loss",))
    assert state.st.query_params == {"hidden": "8", "run": RUN, "pictures": "loss", "v": "1"}
