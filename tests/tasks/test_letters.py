"""Texts from their first letters."""

import pytest
import torch
from pydantic import ValidationError

from playground.tasks.letters import Letters, sayings

RHYME = """
  Robin red,  robin round
under ground
123 go
robin the second
i
Über allen
"""


def rebuilt(task, count, rng):
    """The texts that are drawn, whole."""
    x, targets, counts = task.sample(count, rng)
    assert x.shape == (1, count, task.inputs)
    for n in range(count):
        first, rest = task.view_input(x[:, n].numpy()), task.view_output(targets[:, n].numpy())
        said = "".join(rest.items).rstrip("·")
        assert rest.separator == ""
        assert rest.blank == (False,) * len(said) + (True,) * (task.length - len(said))
        ends = min(len(said) + 1, task.length)
        assert counts[:, n].tolist() == [1] * ends + [0] * (task.length - ends)
        yield first.items[0] + said


def test_the_sayings_that_ship_are_one_for_each_letter_and_short(rng):
    texts = sayings().splitlines()
    assert [text[0] for text in texts] == list("abcdefghijklmnopqrstuvwxyz")
    assert max(map(len, texts)) < 30
    assert set(rebuilt(Letters(), 1000, rng)) == set(texts)


def test_the_first_line_of_a_letter_wins_and_lines_without_one_are_skipped(rng):
    task = Letters(text=RHYME, length=24)
    assert set(rebuilt(task, 200, rng)) == {"robin red, robin round", "under ground", "über allen"}
    assert (task.inputs, task.outputs) == (3, len(set("obin red, robin roundnder groundber allen")) + 1)


def test_a_text_that_fills_the_sequence_has_no_end_sign(rng):
    task = Letters(text="abcde\nxyz", length=4)
    assert set(rebuilt(task, 50, rng)) == {"abcde", "xyz"}


@pytest.mark.parametrize("text", ["", RHYME])
def test_the_baseline_is_the_best_guess_at_each_place(rng, best_guess, text):
    task = Letters(text=text)
    _, targets, counts = task.sample(60_000, rng)
    loss, accuracy = best_guess(torch.arange(task.length)[:, None].expand_as(targets), targets, counts)
    assert task.baseline_loss == pytest.approx(loss, abs=0.005)
    assert task.baseline_metric == pytest.approx(accuracy, abs=0.005)


def test_the_character_before_does_not_tell_the_next(rng, best_guess):
    _, targets, counts = Letters().sample(2000, rng)
    assert best_guess(targets[:-1], targets[1:], counts[1:])[1] < 0.6


@pytest.mark.parametrize(
    ("text", "length", "sentence"),
    [
        (
            "one\nline and\n\nquite a long one",
            9,
            r"Line 4 goes on for 15 characters .* 9 are written.* line to 10, or make the sequences 15 long\.",
        ),
        ("one\n" + "x" * 300, 200, r"Line 2 goes on for 299 characters .* Shorten the line to 201\. \["),
        ("only\n1\n?", 9, "The text has 1 lines that start with a letter"),
        ("\n", 9, "The text has 0 lines"),
        (" ", 9, "The text has 0 lines"),
        ("a b\nc\nx" + "".join(map(chr, range(0x4E00, 0x4E60))), 200, "Line 3 holds '丸', one more than the 60"),
    ],
)
def test_texts_that_will_not_do(text, length, sentence):
    with pytest.raises(ValidationError, match=sentence):
        Letters(text=text, length=length)


def test_sequences_too_short_for_the_sayings():
    with pytest.raises(ValidationError, match=r"Line 2 of the sayings goes on for 27 characters"):
        Letters(length=26)
