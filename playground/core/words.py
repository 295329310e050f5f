"""Numbers as a reader meets them: 0.31, 4,612, 3.1·10⁻¹⁴."""

import math

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(value: float) -> str:
    """Two or three significant digits, powers of ten written out; NaN and ±inf by name."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "inf" if value > 0 else "−inf"
    if value == 0:
        return "0"
    mantissa, exponent = f"{abs(value):.1e}".split("e")
    sign = "−" if value < 0 else ""
    power = int(exponent)
    if -3 <= power < 4:
        return f"{sign}{abs(value):.3g}" if power < 3 else f"{sign}{abs(value):,.0f}"
    return f"{sign}{mantissa}·10{str(power).translate(_RAISED)}"
