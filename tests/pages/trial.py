"""A lesson of a teacher's own, with a question about its first state, and a browser that answers it."""

from datetime import UTC, datetime

from playground.lessons.notebook import Entry

TRIAL = """---
title: A trial
minutes: 3
goal: You can press a button.
config: {task.length: 5, hidden: 3, updates: 8}
configs:
  sigmoid: {cell.activation.kind: sigmoid}
  ordinary: {hidden: 4}
pictures: [gradient_now, loss]
prediction:
  - name: outcome
    kind: choice
    state: start
    ask: Does it learn?
    options:
      - {say: "Yes.", when: accuracy at the end > 0.5, because: "It is short."}
      - {say: "No.", when: accuracy at the end <= 0.5, because: "There is no time."}
    explain: Eight updates are few.
claim:
  - {say: "The loss is a number.", state: start, check: loss at the start > 0}
sources: [nobody]
---
## Look around
[An ordinary one](#ordinary), [its loss](#/loss), and [weights](#ordinary/weights).

![Drawn](network:start)

## Predict
Now.

![Predict](predict:outcome)

## Controls
[Sigmoid](#sigmoid/cell), [the thresholds](#/alarms), [the bar](#/runbar).

![A still](picture:start/loss)
"""


def answer(book, question="outcome", run=None):
    book.put(
        Entry(
            lesson="trial", question=question, ask="?", answer=0, answered="Yes.", run=run, seed=0, at=datetime.now(UTC)
        )
    )
