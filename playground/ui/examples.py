"""A few held-out sequences: what the network is given, what is true, what it says. They follow while it trains."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.core.errors import BrokenRun, PlaygroundError
from playground.runs.engine import engine
from playground.runs.folder import RunFolder
from playground.runs.status import RunStatus, RunSummary, describe
from playground.tasks.sound import wave_of
from playground.tasks.views import Notes
from playground.training.config import RunConfig
from playground.ui import markup, pictures, state
from playground.ui.pictures import Example
from playground.ui.words import plain

RATE = 22050
_OPEN = "examples.open"
_KNOWN = "examples.known"  # run, update, what is given and true, what was said: of one run at a time
_GIVEN = ("example_input", "example_target", "example_counts")


def show(past: int | None) -> None:
    """Drawn only while it is open; looks once a second while the watched run goes on. `past` is the update that the
    reader looks back to, None where that is the newest."""
    box = st.expander("Examples: what it is given, what is true, what it says", key=_OPEN, on_change="rerun")
    if not box.open:
        return
    run = _run()
    going = run is not None and run[1].status.unfinished
    with box:
        st.fragment(_show, run_every=1.0 if going and past is None else None, key="examples")(past)


def _run() -> tuple[RunFolder, RunSummary] | None:
    """The watched run; None where there is none that this browser may see, or that can be read."""
    folder = state.folder()
    summary = describe(folder) if folder else None
    return (folder, summary) if folder and summary and summary.config else None


def _show(past: int | None) -> None:
    config, update, still = state.config(), -1, True
    found: Mapping[str, Any] = {}
    try:
        if run := _run():
            folder, summary = run
            config, still = summary.config or config, summary.status is not RunStatus.RUNNING
            update, found = _measured(folder, summary)
            if past is not None and past < update:
                update, said = _then(folder.run_id, past)
                found = {**found, "example_prediction": said}
        found = found or engine().inspect(config)["examples"]
    except PlaygroundError as error:
        st.caption(plain(str(error)))
        return
    examples = prepared(config, {name: np.asarray(value, dtype=float) for name, value in found.items()})
    when = f"The network's answers after update {update:,}." if update >= 0 else "Its answers come when it trains."
    st.caption(plain(f"{config.task.title}, held out: never trained on. {when}"))
    markup.show(f'<div class="ex-examples">{"".join(map(pictures.html, examples))}</div>')
    if isinstance(examples[0].true, Notes):
        _sounds(examples, still)


def _measured(folder: RunFolder, summary: RunSummary) -> tuple[int, Mapping[str, Any]]:
    """The newest answers of a run and what was asked; nothing is read twice."""
    known: dict[str, Any] = st.session_state.get(_KNOWN, {})
    if known.get("run") != folder.run_id:
        given = {name: folder.newest(name) for name in _GIVEN}
        if any(value is None for value in given.values()):
            return -1, {}
        known = {"run": folder.run_id, "update": -1, "found": {n: v[1] for n, v in given.items() if v is not None}}
    every = next((spec.every for spec in folder.specs() if spec.name == "example_prediction"), 1)
    newest = max(0, summary.update)
    if known["update"] < newest // every * every:
        found = folder.newest("example_prediction", known["update"])
        if found is not None:
            known = {**known, "update": found[0], "found": {**known["found"], "example_prediction": found[1]}}
    st.session_state[_KNOWN] = known
    return known["update"], known["found"]


@lru_cache(64)
def _then(run_id: str, past: int) -> tuple[int, NDArray[np.float64]]:
    """The answers that an update's reader saw last. What was measured stays."""
    found = engine().catalog.get(run_id).newest("example_prediction", until=past)
    if found is None:
        raise BrokenRun(f"Of update {past:,} nothing is stored: it was never complete, or something was deleted.")
    return found[0], np.asarray(found[1])


def prepared(config: RunConfig, found: Mapping[str, NDArray[np.float64]]) -> list[Example]:
    """Views of what was measured, sequence by sequence; `example_prediction` may be missing."""
    task, said = config.test_task, found.get("example_prediction")
    made = []
    for i, given in enumerate(found["example_input"]):
        true, counts = found["example_target"][i], found["example_counts"][i] > 0
        answer = None if said is None else said[i]
        finite = np.ones(len(counts), bool) if answer is None else np.isfinite(answer).reshape(len(counts), -1).all(1)
        view = None
        if answer is not None:
            keep = finite if answer.ndim == 1 else finite[:, None]
            view = task.view_output(np.where(keep, answer, 0.0))
        together = not config.one_answer and len(given) == len(true) > 1
        made.append(Example(task.view_input(given), task.view_output(true), view, counts, finite, together))
    return made


def _sounds(examples: list[Example], still: bool) -> None:
    """To hear them. The network's own when it stands still: a new sound would cut off the one that plays."""
    for column, example in zip(st.columns(len(examples)), examples, strict=True):
        with column:
            for name, view in (("true", example.true), ("network", example.said if still else None)):
                if isinstance(view, Notes):
                    st.caption(name)
                    st.audio(wave_of(view, RATE), sample_rate=RATE)
    if not still:
        st.caption("The network's own can be heard when it is paused or done.")
