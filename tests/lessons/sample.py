"""A small lesson, of which everything holds."""

from playground.lessons.reader import read

FILE = "99-sample.md"
TEXT = """\
---
title: Sample
minutes: 5
goal: You can say what a sample is.
config: {preset: P1, task.length: 8, hidden: 8, batch: 8, updates: 40, pace: 0}
configs:
  sigmoid: {cell.activation.kind: sigmoid}
  lstm: {cell.kind: lstm}
pictures: [gradient_now, loss]
prediction:
  - name: outcome
    kind: choice
    state: start
    ask: What does it do?
    options:
      - {say: "It fades.", when: gradient ratio at the first step at the start < 0.9, because: "It does."}
      - {say: "It grows.", when: gradient ratio at the first step at the start >= 0.9, because: "It does not."}
    explain: So it is.
  - name: radius
    kind: number
    state: sigmoid
    ask: How large is it?
    value: spectral radius at the start
    low: 0
    high: 2
    near: 0.1
    far: 1
    explain: So it is.
  - name: curve
    kind: draw
    state: start
    ask: Draw it.
    value: gradient ratio at the start
    low: 1e-6
    high: 10
    near: 0.5
    far: 4
    explain: So it is.
claim:
  - {say: "It fades.", state: start, check: gradient ratio at lag 7 at the start < 0.9}
  - say: "Sigmoid fades more."
    state: sigmoid
    check: gradient ratio at lag 7 at the start < gradient ratio at lag 7 in start at the start
loose:
  - {name: stops, said: "Nothing moves.", better: "U moves.", check: update ratio of U at update 10 > 1e-6}
teacher:
  ask: ["Why?"]
sources: ["Nobody 2000"]
---
## One
Read this. [start](#start)

![Predict](predict:outcome)

![Predict](predict:curve)

![Preview](picture:start/gradient_now)

![Preview](picture:start/loss)

![stops](loose:stops)

## Two

![Predict](predict:radius)

![Preview](picture:lstm/gates)
"""


def sample(*changes):
    """The lesson, or one in which texts are replaced: old, new, old, new."""
    text = TEXT
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        assert old in text
        text = text.replace(old, new)
    return read(text, FILE)
