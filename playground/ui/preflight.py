"""What a config would do, before anyone trains it: the figures of `playground inspect`, from a worker."""

import math
from typing import Any

import streamlit as st

from playground.core.errors import PlaygroundError
from playground.core.words import number
from playground.runs.engine import engine
from playground.ui import state

NOTICES_NO_SCALE = ("adam", "adamw", "rmsprop")


def show() -> None:
    """Under the initialiser. Asks again by itself while the workers start."""
    st.fragment(_show, run_every=None if engine().ready else 0.5, key="preflight")()


def _show() -> None:
    config = state.config()
    try:
        found = engine().inspect(config)
    except PlaygroundError as error:
        st.caption(str(error))
        return
    st.markdown(_sentences(found, config.updates, config.pace))


def _sentences(found: dict[str, Any], updates: int, pace: int) -> str:
    rho, sigma, factor, bound = (float(found[k]) for k in ("spectral_radius", "sigma_max", "factor", "bound"))
    per_step = "no gradient leaves the last step" if math.isnan(factor) else f"×**{number(factor, 3)}** a step back"
    limit = "every step must shrink it" if bound < 1 else "it may explode"
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
