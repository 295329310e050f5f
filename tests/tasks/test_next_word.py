"""The next word of a text."""

import pytest
import torch
from pydantic import ValidationError

from playground.tasks.next_word import NextWord
from playground.tasks.texts import tokens

RHYME = "one two three four five six seven one three five seven two four six one five two six three seven four one"


def test_windows_are_cut_from_the_text_and_the_answer_follows(rng):
    task = NextWord()
    x, targets, _ = task.sample(300, rng)
    text = " ".join(tokens(""))
    for n in range(300):
        window = task.view_input(x[:, n].numpy()).items + task.view_output(targets[:, n].numpy()).items
        assert len(window) == 9
        assert " ".join(window) in text


def test_rare_words_are_one(rng):
    task = NextWord(words=30)
    assert task.inputs == task.outputs == 31
    shares = task.sample(3000, rng).targets[0].bincount(minlength=31) / 3000
    common = set(task.names[:30])
    rest = [word not in common for word in tokens("")]
    assert shares[30].item() == pytest.approx(sum(rest) / len(rest), abs=0.04)


@pytest.mark.parametrize(("text", "length"), [("", 8), ("", 3), (RHYME, 5)])
def test_the_baseline_is_what_the_last_word_tells_over_all_windows(best_guess, text, length):
    task = NextWord(text=text, length=length)
    words = tokens(text)
    number = {word: place for place, word in enumerate(task.names)}
    windows = [words[start : start + length + 1] for start in range(len(words) - length)]
    last, following = (torch.tensor([number[window[place]] for window in windows]) for place in (-2, -1))
    loss, accuracy = best_guess(last, following)
    assert task.baseline_loss == pytest.approx(loss, abs=1e-12)
    assert task.baseline_metric == pytest.approx(accuracy, abs=1e-12)


def test_every_window_can_come(rng):
    task = NextWord(text=RHYME, length=5)
    x, targets, _ = task.sample(2000, rng)
    drawn = {tuple(torch.cat([x[:, n].argmax(-1), targets[:, n]]).tolist()) for n in range(2000)}
    assert len(drawn) == len(tokens(RHYME)) - 5


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("far too short", "The text has 3 words, and 18 or more are needed to read 8 at a time. Write a longer text"),
        ("row " * 40, "no other word than 'row'. Write one with two different words"),
        ("?", "The text has 1 words"),
        (" ", "The text has 0 words"),
    ],
)
def test_texts_that_will_not_do(text, sentence):
    with pytest.raises(ValidationError, match=sentence):
        NextWord(text=text)


def test_context_beats_the_last_word():
    """The best guess from the last three words is right twice as often in the story that ships."""
    words = tokens("")
    followers = {}
    for place in range(8, len(words)):
        followers.setdefault(words[place - 3 : place], []).append(words[place])
    right = sum(max(map(found.count, found)) for found in followers.values())
    assert right / (len(words) - 8) > 0.75
    assert NextWord().baseline_metric < 0.45
