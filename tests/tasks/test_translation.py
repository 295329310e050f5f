"""Translation: numbers are parsed and phrases are translated again, not by the way that the phrasebook makes them."""

from collections import Counter

import pytest
import torch

from playground.tasks.phrasebook import ADJECTIVES, LONGEST_ANSWER, NOUNS, SEEING, SLEEPING, book, number_words
from playground.tasks.translation import Translation

SMALL = "zero one two three four five six seven eight nine ten eleven twelve"
STEMS = "thir four fif six seven eigh nine"
VALUES = {word: value for value, word in enumerate(SMALL.split())}
VALUES |= {f"{stem}teen": value for value, stem in enumerate(STEMS.split(), start=13)}
VALUES |= {f"{stem}ty": 10 * k for k, stem in enumerate(["twen", *STEMS.replace("u", "").split()], start=2)}


def parsed(words):
    """The number that is said, read from left to right."""
    thousands, below = 0, 0
    for word in words:
        if word == "thousand":
            thousands, below = 1000 * below, 0
        elif word == "hundred":
            below *= 100
        elif word != "and":
            below += VALUES[word]
    return thousands + below


def translated(words):
    """Word for word, the verb moved to the end, each "a" behind the noun, each adjective just behind it."""
    said, waiting, article, verb = [], [], None, None
    for word in words:
        if word in ("the", "a"):
            article = word
        elif word in ADJECTIVES:
            waiting.append(ADJECTIVES[word])
        elif word in NOUNS:
            said += [NOUNS[word], *waiting, *(["ep"] if article == "a" else [])]
            waiting = []
        else:
            verb = {**SEEING, **SLEEPING}[word]
    return [*said, verb]


def decoded(task, count, rng):
    """(words, answers) of sentences, without padding."""
    x, targets, counts = task.sample(count, rng)
    assert x.shape == (task.length, count, task.inputs)
    for n in range(count):
        shown, said = task.view_input(x[:, n].numpy()), task.view_output(targets[:, n].numpy())
        words = [word for word, blank in zip(shown.items, shown.blank, strict=True) if not blank]
        answers = [word for word, blank in zip(said.items, said.blank, strict=True) if not blank]
        assert shown.items == ("·",) * (task.length - len(words)) + tuple(words)
        assert said.items == (*answers, *["·"] * (task.answers - len(answers)))
        ends = min(len(answers) + 1, task.answers)
        assert counts[:, n].tolist() == [1] * ends + [0] * (task.answers - ends)
        yield words, answers


@pytest.mark.parametrize("length", [7, 12])
def test_number_words_become_their_digits(rng, length):
    task = Translation(length=length)
    assert (task.inputs, task.outputs, task.answers) == (32, 11, 4)
    sizes = Counter()
    for words, answers in decoded(task, 2000, rng):
        assert "".join(answers) == str(parsed(words))
        sizes[len(answers)] += 1
    for size in (1, 2, 3, 4):
        assert sizes[size] / 2000 == pytest.approx(1 / 4, abs=0.05)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (10, "ten"),
        (40, "forty"),
        (88, "eighty eight"),
        (300, "three hundred"),
        (407, "four hundred and seven"),
        (4000, "four thousand"),
        (4007, "four thousand and seven"),
        (4100, "four thousand one hundred"),
        (9999, "nine thousand nine hundred and ninety nine"),
    ],
)
def test_numbers_as_the_british_say_them(number, words):
    assert " ".join(number_words(number)) == words


def test_every_number_is_said_in_its_own_way():
    assert [parsed(number_words(number)) for number in range(10_000)] == list(range(10_000))


@pytest.mark.parametrize("length", [7, 10])
def test_phrases_become_phrases(rng, length):
    task = Translation(length=length, language="phrases")
    assert (task.inputs, task.outputs, task.answers) == (21, 20, 7)
    lengths = set()
    for words, answers in decoded(task, 2000, rng):
        assert answers == translated(words)
        lengths.add((len(words), len(answers)))
    assert min(lengths) == (3, 2)
    assert max(lengths) == (7, 7)


@pytest.mark.parametrize("language", ["numbers", "phrases"])
def test_the_baseline_is_the_best_guess_at_each_place(rng, best_guess, language):
    task = Translation(language=language)
    _, targets, counts = task.sample(100_000, rng)
    loss, _ = best_guess(torch.arange(task.answers)[:, None].expand_as(targets), targets, counts)
    assert task.baseline_loss == pytest.approx(loss, abs=0.005)
    rows, found = targets.unique(dim=1, return_counts=True)
    constant = rows[:, found.argmax()][:, None].expand_as(targets)
    right = task.score(torch.nn.functional.one_hot(constant, task.outputs).double(), targets, counts).item()
    assert right == found.max().item() / 100_000
    assert task.baseline_metric == pytest.approx(right, abs=0.002)


@pytest.mark.parametrize("language", LONGEST_ANSWER)
def test_the_longest_answer_is_that_of_the_book(language):
    assert LONGEST_ANSWER[language] == len(book(language).written[0])
