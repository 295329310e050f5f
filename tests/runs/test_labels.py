"""What people may call a run."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.core.errors import BrokenRun, InvalidConfig
from playground.runs import labels
from playground.runs.labels import Label


def test_a_label_is_kept_with_the_run_and_empty_at_first(catalog, config):
    folder = catalog.create(config)
    assert folder.label() == Label()
    label = Label.of("  My  first ", "It forgets.\n\n Why?", ["exam", " exam ", "", "LSTM"])
    folder.write_label(label)
    assert folder.label() == label
    assert (label.name, label.note, label.tags) == ("My first", "It forgets.\n\nWhy?", ("exam", "LSTM"))


@pytest.mark.parametrize(
    ("name", "note", "tags"),
    [
        ("x" * (labels.NAME + 1), "", []),
        ("", "x" * (labels.NOTE + 1), []),
        ("", "", ["x" * (labels.TAG + 1)]),
        ("", "", [str(i) for i in range(labels.TAGS + 1)]),
        ("", "", ["a,b"]),
    ],
)
def test_what_is_too_long_gets_a_sentence(name, note, tags):
    with pytest.raises(InvalidConfig) as error:
        Label.of(name, note, tags)
    assert error.value.problems[0].sentence


@settings(max_examples=60)
@given(st.text(max_size=labels.NAME), st.text(max_size=labels.NOTE))
def test_nothing_unseen_gets_into_a_label_and_it_survives_being_stored(name, note):
    label = Label.of(name, note, [])
    assert label.name.isprintable()
    assert all(line.isprintable() for line in label.note.split("\n"))
    assert Label.model_validate_json(label.model_dump_json()) == label


def test_a_damaged_label_is_a_sentence(catalog, config, tmp_path):
    folder = catalog.create(config)
    (tmp_path / "runs" / folder.run_id / "label.json").write_text('{"name": 3}')
    with pytest.raises(BrokenRun, match=r"label\.json"):
        folder.label()
