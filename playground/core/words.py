"""Numbers as a reader meets them: 0.31, 4,612, 3.1·10⁻¹⁴, 24 %."""

import math

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(value: float, digits: int = 2) -> str:
    """3.1·10⁻¹⁴, 0.17, 1,386; NaN and ∞ by their names."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    # Python rounds first: 9.96 with two digits is 10, a power of ten higher than its own.
    mantissa, _, power = f"{value:.{digits - 1}e}".partition("e")
    exponent = int(power)
    if -3 <= exponent < 5:
        text = f"{value:,.{max(0, digits - 1 - exponent)}f}"
    else:
        ten = f"10{str(exponent).translate(_RAISED)}"
        text = ten if float(mantissa) == 1 else f"{mantissa}·{ten}"
    return text.replace("-", "−")


def cut(text: str, most: int) -> str:
    """With an … in the place of what goes beyond."""
    return text if len(text) <= most else text[: most - 1] + "…"


def share(value: float) -> str:
    """24 %; what is small but there is not rounded to nothing."""
    if not math.isfinite(value):
        return number(value)
    return "< 1 %" if 0 < value < 0.005 else f"{100 * value:.0f} %"
