"""Examples as they are drawn: every task, right and wrong and not finite; a stranger's words stay words."""

from xml.etree import ElementTree

import numpy as np
import pytest
import torch

from playground.tasks import registry as tasks
from playground.training.config import RunConfig
from playground.training.probes import examples as probe
from playground.ui import examples, pictures


def found(config):
    batch = config.test_task.sample(4, torch.Generator().manual_seed(0))
    if config.one_answer:
        batch = batch._replace(targets=batch.targets[-1:], counts=None)
    return {name: np.asarray(value, dtype=float) for name, value in probe.of(batch).items()}


def drawn(config, values):
    html = "".join(map(pictures.html, examples.prepared(config, values)))
    assert "\n" not in html
    return html, ElementTree.fromstring(f"<div>{html}</div>")


@pytest.mark.parametrize("kind", tasks.kinds())
def test_every_task_can_be_seen(kind):
    config = RunConfig().patched({"task.kind": kind})
    values = found(config)

    before, _ = drawn(config, values)
    right, _ = drawn(config, {**values, "example_prediction": values["example_target"]})
    lost, _ = drawn(config, {**values, "example_prediction": np.full_like(values["example_target"], np.nan)})

    assert "network" not in before
    assert "network" in right
    assert "✗" not in right
    assert "ex-lost" not in right
    assert lost.count(pictures.NOT_FINITE) >= 3


@pytest.mark.parametrize("kind", ["reversal", "recall", "melody", "tagging"])
def test_a_wrong_answer_has_a_sign(kind):
    config = RunConfig().patched({"task.kind": kind})
    values = found(config)
    wrong = np.where(values["example_target"] == 0, 1, 0)

    html, _ = drawn(config, {**values, "example_prediction": wrong})

    asked = int((values["example_counts"] > 0).sum())
    assert html.count("✗") == asked


def test_answers_that_do_not_count_are_blank_and_never_wrong():
    config = RunConfig().patched({"task.kind": "copy"})
    values = found(config)
    said = np.where(values["example_counts"] > 0, values["example_target"], 3 - values["example_target"] % 2)

    html, _ = drawn(config, {**values, "example_prediction": said})

    assert "✗" not in html
    assert "<td></td>" in html
    assert "ex-blank" in html


def test_one_answer_that_is_no_number_is_marked_among_others():
    config = RunConfig().patched({"task.kind": "reversal"})
    values = found(config)
    said = values["example_target"].copy()
    said[0, 2] = np.inf

    html, _ = drawn(config, {**values, "example_prediction": said})

    assert html.count("✕") == html.count(pictures.NOT_FINITE) * 2 == 2


def test_a_users_words_are_no_markup():
    text = "<script>alert(1)</script> & a 'quote' \"b\"\nBand $x$ **c** [d](http://e)\nCow :red[f] `g`\n"
    config = RunConfig().patched({"task.kind": "letters", "task.text": text})

    html, tree = drawn(config, found(config))

    assert {element.tag for element in tree.iter()} <= {"div", "table", "tbody", "tr", "th", "td", "span", "b"}
    assert "<script" not in html
