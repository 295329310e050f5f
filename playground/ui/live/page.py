"""What the browser has before any run: titles, rules, heights, empty pictures, both grounds."""

from typing import Any

from playground.core.measurement import Measurements
from playground.figures import style
from playground.figures.figure import Figure
from playground.figures.gallery import FIGURES
from playground.ui.live.chosen import AT_FIRST, MOST


def page() -> dict[str, Any]:
    nothing = Measurements({})
    return {
        "figures": [
            {
                "name": f.name,
                "title": f.title,
                "rule": f.rule,
                "side": f.side,
                "height": f.height,
                "optional": f.optional,
                "updates_axis": f.updates_axis,
                "shown": f in AT_FIRST,
                "shares": f.shares_axis,
                "twin": "over" if f.twin else "below",
                "drawn": skeleton(f, nothing),
            }
            for f in FIGURES
        ],
        "most": MOST,
        "twin": style.twin_look(),
        "colours": {"run": style.RUN, "twin": style.TWIN, **{name: at for name, at in style.MEANT.items() if at}},
        "templates": {ground: style.template(ground) for ground in style.GROUNDS},
    }


def skeleton(figure: Figure[Any], measurements: Measurements) -> dict[str, Any]:
    """A figure's first picture as plotly's JSON; `absent` where a run does not measure what the picture is of."""
    data = figure.prepare(measurements)
    drawn: dict[str, Any] = figure.draw(data).plain()
    drawn["choices"] = {label: choice._asdict() for label, choice in figure.choices(data).items()}
    drawn["twin"] = list(figure.twin(data)) if figure.twin else []
    drawn["absent"] = figure.needs[0] not in measurements
    return drawn
