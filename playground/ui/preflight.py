"""What a config would do, before anyone trains it: the figures of `playground inspect`, from a worker."""

import math
from typing import Any

import streamlit as st

from playground.core.errors import PlaygroundError
from playground.core.words import number
from playground.runs.engine import engine
from playground.ui import state
from playground.ui.words import plain

_ANSWERED = "preflight.answered"
ROUNDING = 1e-6
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
    rho, sigma, factor, bound = (float(found[k]) for k in ("spectral_radius", "sigma_max", "factor", "bound"))
    per_step = "no gradient leaves the last step" if math.isnan(factor) else f"×**{number(factor, 3)}** a step back"
    # An orthogonal matrix has σ = 1 up to rounding.
    limit = "every step must shrink it" if bound < 1 - ROUNDING else "no step can make it grow"
    limit = limit if bound <= 1 + ROUNDING else "it may explode"
    tensors = " · ".join(f"{name} {count:,}" for name, count in found["parameters"].items())
    seconds = updates * max(float(found["seconds_per_update"]), 1 / pace if pace else 0)
    return (
        f"ρ(U) **{number(rho, 3)}** · σ_max **{number(sigma, 3)}** · {per_step}  \n"
        f"γ·σ_max {number(bound, 3)}: {limit}  \n"
        f"reaches **{found['reach']} of {found['steps']}** steps  \n"
        f"**{found['parameter_count']:,}** parameters ({tensors}) · about {duration(seconds)}"
    )


def duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def clip_note() -> None:
    """Adam divides by the gradient's own size: who chooses a clip by norm beside it should know."""
    config = state.config()
    if config.optimizer.kind in NOTICES_NO_SCALE and config.clip.kind in ("norm", "per_parameter"):  # type: ignore[attr-defined]
        st.caption(f"{config.optimizer.title} hardly notices: it divides every gradient by its own usual size.")
