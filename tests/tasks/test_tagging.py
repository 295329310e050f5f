"""Parts of speech: what one word tells, what the words so far tell, and that the whole sentence tells everything."""

from collections import Counter

import pytest

from playground.tasks.tagging import CLASSES, GRAMMAR, LONGEST, TAGS, Tagging


def readings(words):
    """Every tagging of a sentence that a pattern of the grammar allows."""
    found = []
    for pattern in GRAMMAR:
        parts = [part.split("/") for part in pattern.split()]
        if len(parts) == len(words) and all(
            word in CLASSES[name].split() for word, (name, _) in zip(words, parts, strict=True)
        ):
            found.append([tag for _, tag in parts])
    return found


def decoded(task, batch):
    """(words, tags) of each sentence, without the padding."""
    x, targets, counts = batch
    for n in range(x.shape[1]):
        shown = task.view_input(x[:, n].numpy())
        asked = counts[:, n].bool().tolist()
        assert [not blank for blank in shown.blank] == asked
        size = sum(asked)
        assert asked == [True] * size + [False] * (task.length - size)
        yield shown.items[:size], task.view_output(targets[:size, n].numpy()).items


@pytest.mark.parametrize("length", [LONGEST, 20])
def test_every_sentence_has_one_reading_and_the_tags_are_its(rng, length):
    """So a reader of the whole sentence can be right every time."""
    task = Tagging(length=length)
    for words, tags in decoded(task, task.sample(2000, rng)):
        assert readings(words) == [list(tags)]


def test_patterns_are_equally_likely(rng):
    task = Tagging()
    drawn = Counter(tuple(readings(words)[0]) for words, _ in decoded(task, task.sample(8000, rng)))
    allowed = Counter(tuple(part.split("/")[1] for part in pattern.split()) for pattern in GRAMMAR)
    assert set(drawn) == set(allowed)
    for tags, patterns in allowed.items():
        assert drawn[tags] / 8000 == pytest.approx(patterns / len(GRAMMAR), abs=0.02)


def counted(task, batch, sees):
    """Accuracy of the best guess by what it sees, over a large sample."""
    joint, words_read = Counter(), 0
    for words, tags in decoded(task, batch):
        words_read += len(words)
        for t, tag in enumerate(tags):
            joint[sees(words, t), tag] += 1
    best = Counter()
    for (seen, _), n in joint.items():
        best[seen] = max(best[seen], n)
    return best.total() / words_read


def test_baseline_and_ceiling_by_counting(rng, best_guess):
    task = Tagging()
    batch = task.sample(20_000, rng)
    loss, accuracy = best_guess(batch.x.argmax(-1), batch.targets, batch.counts)
    assert task.baseline_loss == pytest.approx(loss, abs=0.01)
    assert task.baseline_metric == pytest.approx(accuracy, abs=0.006)
    assert task.one_way_ceiling == pytest.approx(counted(task, batch, lambda words, t: words[: t + 1]), abs=0.006)
    assert counted(task, batch, lambda words, t: (words, t)) == 1
    assert task.one_way_ceiling < 0.9
    assert task.one_way_ceiling > task.baseline_metric + 0.05  # the words before help too


def test_a_word_that_two_more_words_decide():
    assert readings(("the", "old", "watch", "fell")) == [["determiner", "adjective", "noun", "verb"]]
    assert readings(("the", "old", "watch", "the", "boat")) == [["determiner", "noun", "verb", "determiner", "noun"]]
    assert {tag for pattern in GRAMMAR for tag in pattern.replace("/", " ").split() if tag in TAGS} == set(TAGS)
