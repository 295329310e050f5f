"""Settings beside each other: nothing that differs is folded away, nothing that is the same stands out."""

import pytest

from playground.training.config import RunConfig
from playground.training.presets import PRESETS
from playground.ui.settings import ABSENT, Settings, names, title

PAIRS = [("P1", "P2b"), ("P1", "P3"), ("P5", "P6"), ("P1", "adding"), ("P8", "P8b"), ("tones", "reversal")]


def config(key):
    return PRESETS[key].config


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_every_setting_is_in_one_of_the_two_lists_and_all_changes_in_the_first(one, other):
    settings = Settings([config(one), config(other)])
    assert set(settings.differing) | set(settings.others) == set(settings.values)
    changes = config(other).difference(config(one)) | config(one).difference(config(other))
    assert set(changes) <= set(settings.differing)
    for path in settings.others:
        assert len({value for value in settings.values[path] if value is not None}) == 1
        assert settings.said_once(path, "AB").replace(" (A)", "").replace(" (B)", "") != ABSENT


def test_equal_configs_differ_in_nothing():
    assert Settings([RunConfig(), RunConfig()]).differing == ()
    assert names([RunConfig(), RunConfig()]) == ["", ""]


def test_each_is_named_by_what_the_others_do_not_have():
    found = names([config(key) for key in ("P1", "P2a", "P2b", "P2c")])
    assert found == ["U torch default", "U Xavier uniform", "U orthogonal", "ReLU, U identity"]


def test_what_a_component_brings_as_it_comes_is_no_difference_of_its_own():
    settings = Settings([config("P1"), config("P1").patched({"cell.kind": "lstm"})])
    assert settings.differing == ("cell.kind",)
    assert settings.said_once("cell.gate_activation.kind", "AB") == "sigmoid (B)"
    assert settings.said("cell.gate_activation.kind", 0) == ABSENT


def test_a_setting_says_whose_it_is():
    assert title("cell.recurrent_init.gain") == "U: gain"
    assert title("clip.kind") == "clip rule"
    assert title("optimizer.learning_rate") == "learning rate η"


def test_a_long_text_of_somebody_is_cut():
    text = RunConfig().patched({"task.kind": "next_word", "task.text": "a cat and a dog went to town . " * 12})
    settings = Settings([text, text])
    assert len(settings.said("task.text", 0)) == 40
