"""What is offered: valid changes, that can help in this case, and none that was seen never to help."""

import json
from importlib.resources import files

import pytest

from playground.diagnosis.remedies import REMEDIES, applicable, fingerprint, offered
from playground.training.config import RunConfig
from playground.training.presets import FAILURES, PRESETS


@pytest.mark.parametrize("key", PRESETS)
def test_every_remedy_is_a_valid_change_of_every_preset_it_applies_to(key):
    config = PRESETS[key].config
    found = list(applicable(config, REMEDIES))
    assert found
    for remedy in found:
        changed = config.patched(remedy.changes)
        assert changed != config
        assert changed.seed == config.seed
        assert remedy.title
        assert remedy.reason.endswith((".", ")"))


def test_a_clip_beside_adam_is_remarked_on():
    exploding = PRESETS["P5"].config
    for optimizer, remarked in (("sgd", False), ("adam", True)):
        (clip,) = offered(exploding.patched({"optimizer.kind": optimizer}), ["clip_norm"])
        assert ("Adam" in clip.reason) is remarked


def test_what_backs_a_remedy_is_said():
    seen = json.loads((files("playground.diagnosis") / "backing.json").read_text())
    assert {entry["preset"] for entry in seen} == set(FAILURES)
    for entry in seen:
        config = PRESETS[entry["preset"]].config
        assert entry["fingerprint"] == fingerprint(config), f"{entry['preset']} was changed: measure its remedies again"
        by_kind = {remedy.kind: remedy for remedy in offered(config, REMEDIES)}
        for kind, (helped, seeds) in entry["remedies"].items():
            assert (kind in by_kind) is (helped > 0)
            assert helped == 0 or f"{helped} of {seeds} seeds" in by_kind[kind].reason


def test_elsewhere_it_may_help():
    (remedy,) = offered(RunConfig().patched({"hidden": 20}), ["orthogonal"])
    assert remedy.reason.endswith("It may help.")


def test_a_fingerprint_does_not_depend_on_seed_pace_length_of_the_run_or_thresholds():
    config = RunConfig()
    same = config.patched({"seed": 7, "pace": 3, "updates": 10, "alarms.plateau.share": 0.1})
    assert fingerprint(config) == fingerprint(same) != fingerprint(config.patched({"hidden": 20}))
