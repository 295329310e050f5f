"""The panel of a group's seeds: a line for each, a sentence for all, and a button that changes which is watched."""

from streamlit.testing.v1 import AppTest

from playground.runs.seeds import of_seeds
from playground.training.config import RunConfig


def _page():
    from playground.ui import seeds, state

    state.begin()
    seeds.show()


def test_each_seed_has_its_line_and_can_be_watched(catalog):
    config = RunConfig.parse({"hidden": 4, "updates": 20, "seed": 7})
    first, second, third = catalog.create_group(of_seeds(config, 3))
    at = AppTest.from_function(_page, default_timeout=30)
    at.query_params["run"] = first.run_id
    at.run()
    assert not at.exception
    said = [text.value.replace("\\", "") for text in at.markdown]
    assert said[0] == "**So far solved in 0 of 3 seeds: each not yet.**"
    assert said[1:] == [f"Seed {seed}: nothing measured yet (queued)." for seed in (7, 8, 9)]
    assert [button.label for button in at.button] == ["Watched", "Watch", "Watch"]
    at.button(key=f"seeds.{third.run_id}").click().run()
    assert not at.exception
    assert at.session_state["run.watched"] == third.run_id
    assert [button.disabled for button in at.button] == [False, False, True]
    catalog.delete(first.run_id)
    catalog.delete(second.run_id)
    at.run()
    assert not at.button


def test_a_single_run_has_no_panel(catalog):
    folder = catalog.create(RunConfig.parse({"hidden": 4, "updates": 20}))
    at = AppTest.from_function(_page, default_timeout=30)
    at.query_params["run"] = folder.run_id
    at.run()
    assert not at.exception
    assert not at.markdown
