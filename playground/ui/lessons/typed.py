"""A number as people type it: 0.001, 1e-3, 10^-3, 3.1·10⁻¹⁴, 25 %."""

import math
import re

from playground.core.errors import PlaygroundError, shorten
from playground.core.words import number

_LOWERED = str.maketrans("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹−×·", "-+0123456789-**")
_PLAIN = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,3})?")
_POWER = re.compile(r"(?:(?P<factor>[-+]?(?:\d+\.?\d*|\.\d+))\*)?10\^?(?P<exponent>[-+]?\d{1,3})")
LONGEST = 40


def typed(text: str, low: float, high: float) -> float:
    """Raises PlaygroundError with what is wrong: no number, or one outside the bounds."""
    value = _number(text.strip()) if len(text) <= LONGEST else None
    if value is None:
        hint = " Write the decimals after a point." if "," in text else ""
        raise PlaygroundError(f"{shorten(text)} is not a number.{hint} Write one such as {_example(low, high)}.")
    if not low <= value <= high:
        side = "small" if value < low else "large"
        raise PlaygroundError(f"{bound(value)} is too {side}. Write a number from {bound(low)} to {bound(high)}.")
    return value


def bound(value: float) -> str:
    """With as many digits as somebody wrote."""
    return number(value, next((d for d in range(1, 7) if float(f"{value:.{d - 1}e}") == value), 7))


def _number(text: str) -> float | None:
    percent = text.endswith("%")
    raised = any(sign in text for sign in "⁰¹²³⁴⁵⁶⁷⁸⁹^")
    bare = text.removesuffix("%").translate(_LOWERED).replace(" ", "").lower()
    power = _POWER.fullmatch(bare) if raised else None
    if power:
        value = float(power["factor"] or 1) * 10.0 ** int(power["exponent"])
    elif not raised and _PLAIN.fullmatch(bare):
        value = float(bare)
    else:
        return None
    return (value / 100 if percent else value) if math.isfinite(value) else None


def _example(low: float, high: float) -> str:
    """One that is allowed, where all decades are."""
    middle = 10.0 ** round((math.log10(low) + math.log10(high)) / 2) if low > 0 else (low + high) / 2
    return f"{middle:g}"
