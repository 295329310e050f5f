"""What a config would do, before anyone trains it: the figures of `playground inspect`, from a worker."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import streamlit as st

from playground.core.errors import PlaygroundError
from playground.core.words import number
from playground.runs.engine import engine
from playground.ui import state
from playground.ui.words import plain

_ANSWERED = "preflight.answered"
ROUNDING = 1e-6
PARTS = {"enc": "encoder", "dec": "decoder"}
READOUT = ("V", "c")
NOTICES_NO_SCALE = ("adam", "adamw", "rmsprop")


def show() -> None:
    """Under the initialiser. While no worker answers, asks again by itself."""
    answered = st.session_state.get(_ANSWERED, False)
    st.fragment(_show, run_every=None if answered else 1.0, key="preflight")(answered)


def _show(answered: bool) -> None:
    config = state.config()
    try:
        found = engine().inspect(config)
    except PlaygroundError as error:
        found = None
        st.caption(plain(str(error)))
    if found is not None:
        st.markdown(_sentences(found, config.updates, config.pace))
    st.session_state[_ANSWERED] = found is not None
    if answered != (found is not None):
        # Whether to ask again is the whole page's to say.
        st.rerun()


def _sentences(found: dict[str, Any], updates: int, pace: int) -> str:
    seconds = updates * max(float(found["seconds_per_update"]), 1 / pace if pace else 0)
    lines = (*_recurrence(found), *_tensors(found["parameters"]), f"about {duration(seconds)}")
    return "  \n".join(lines)


def _recurrence(found: dict[str, Any]) -> Iterator[str]:
    """What happens to a gradient on its way back; of a network without recurrence, that nothing does."""
    rho, sigma, factor, bound = (found[k] for k in ("spectral_radius", "sigma_max", "factor", "bound"))
    if rho is None:
        yield "no recurrence: no gradient goes back through time"
        return
    said = [f"ρ(U) **{number(float(rho), 3)}**", f"σ_max **{number(float(sigma), 3)}**"]
    if factor is not None:
        lost = math.isnan(float(factor))
        said.append("no gradient leaves the last step" if lost else f"×**{number(float(factor), 3)}** a step back")
    yield " · ".join(said)
    if bound is None:
        yield "gates decide what passes: U gives no bound, the factor is measured"
    else:
        # An orthogonal matrix has σ = 1 up to rounding.
        limit = "every step must shrink it" if float(bound) < 1 - ROUNDING else "no step can make it grow"
        if float(bound) > 1 + ROUNDING:
            shrinks = factor is not None and float(factor) < 1
            limit = "the bound does not say; measured it shrinks" if shrinks else "it may explode"
        yield f"γ·σ_max {number(float(bound), 3)}: {limit}"
    if found["reach"] is not None:
        yield f"reaches **{found['reach']} of {found['steps']}** steps"


def _tensors(counts: Mapping[str, int]) -> Iterator[str]:
    """Parameters by tensor: encoder and decoder apart, and of two passes each by itself."""
    yield f"**{sum(counts.values()):,}** parameters"
    parts: dict[str, dict[str, int]] = {}
    both = any(name.endswith("←") for name in counts)
    for name, count in counts.items():
        part, _, letter = name.rpartition(" ")
        head = PARTS.get(part, part)
        if both and part != "dec" and letter not in READOUT:
            head += " ←" if letter.endswith("←") else " →"
        parts.setdefault(head.strip(), {})[letter] = count
    for head, tensors in parts.items():
        name = {"": "read-out" if len(parts) > 1 else "", "→": "pass →", "←": "pass ←"}.get(head, head)
        yield (f"{name} **{sum(tensors.values()):,}**: " if name else "") + _listed(tensors)


def _listed(counts: Mapping[str, int]) -> str:
    return " · ".join(f"{name} {count:,}" for name, count in counts.items())


def duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def clip_note() -> None:
    """Adam divides by the gradient's own size: who chooses a clip by norm beside it should know."""
    config = state.config()
    if config.optimizer.kind in NOTICES_NO_SCALE and config.clip.kind in ("norm", "per_parameter"):  # type: ignore[attr-defined]
        st.caption(f"{config.optimizer.title} hardly notices: it divides every gradient by its own usual size.")
