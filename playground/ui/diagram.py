"""A small drawing of an architecture, unrolled over a few steps: inputs below, states in the middle, answers above."""

from typing import NamedTuple

from playground.training.config import RunConfig
from playground.ui.labels import value_name
from playground.ui.markup import svg

WIDTH, HEIGHT = 300.0, 184.0
TOP, BOTTOM = 12.0, HEIGHT - 24.0  # of answers and inputs
BOX, ANSWER = 10.0, 11.0  # from their middles to where arrows begin and end
BESIDE = 16.0  # from an arrow's middle to the point that bends the gradient's
STEPS, WRITTEN = 4, 3  # drawn of a sequence; of each half of an encoder–decoder
TEAL = "#0d9488"


class Place(NamedTuple):
    x: float
    y: float


class Way(NamedTuple):
    """An arrow from one node's edge to the other's, straight or bent towards a point."""

    start: Place
    end: Place
    leave: float
    arrive: float
    over: Place | None = None

    def back(self) -> "Way":
        """The other way round, beside this one."""
        dx, dy = self.end.x - self.start.x, self.end.y - self.start.y
        aside = BESIDE / max((dx * dx + dy * dy) ** 0.5, 1e-9)
        middle = self.over or Place((self.start.x + self.end.x) / 2, (self.start.y + self.end.y) / 2)
        return Way(self.end, self.start, self.arrive, self.leave, Place(middle.x - dy * aside, middle.y + dx * aside))


class Canvas:
    """Shapes in the order in which they are drawn: arrows first, so that nodes lie on top."""

    def __init__(self) -> None:
        self.arrows: list[str] = []
        self.nodes: list[str] = []
        self.ways: list[Way] = []
        self.inputs: list[Place] = []
        self.outputs: list[Place] = []

    def input(self, at: Place, name: str, faint: bool = False) -> None:
        opacity = 0.45 if faint else 1
        self.inputs.append(at)
        self.nodes.append(
            f'<g class="input" opacity="{opacity}"><rect x="{at.x - 13:g}" y="{at.y - 8:g}" width="26" height="16" '
            f'rx="3" fill="none" stroke="currentColor"/>{_text(at, name)}</g>'
        )

    def state(self, at: Place, radius: float, kind: str) -> None:
        fill = {
            "→": f'fill="{TEAL}" fill-opacity="0.35"',
            "←": 'fill="none"',
            "dec": 'fill="currentColor" opacity="0.55"',
        }
        stroke = "currentColor" if kind == "dec" else TEAL
        self.nodes.append(
            f'<circle class="state" cx="{at.x:g}" cy="{at.y:g}" r="{radius:g}" {fill[kind]} stroke="{stroke}"/>'
        )

    def output(self, at: Place, name: str, faint: bool = False) -> None:
        opacity = 0.35 if faint else 1
        self.outputs.append(at)
        self.nodes.append(
            f'<g class="output" opacity="{opacity}"><circle cx="{at.x:g}" cy="{at.y:g}" r="10" fill="none" '
            f'stroke="currentColor"/>{_text(at, name)}</g>'
        )

    def arrow(
        self, start: Place, end: Place, leave: float, arrive: float, over: Place | None = None, dashed: bool = False
    ) -> None:
        way = Way(start, end, leave, arrive, over)
        self.ways.append(way)
        self.arrows.append(_drawn(way, 'stroke-dasharray="3 3"' if dashed else ""))

    def gradient(self) -> None:
        """Beside each arrow that leads to the last answer one back: where its loss reaches. Inputs have no share."""
        reached, ways = {self.outputs[-1]}, [way for way in self.ways if way.start not in self.inputs]
        while found := {way.start for way in ways if way.end in reached} - reached:
            reached |= found
        self.arrows += [_drawn(way.back(), 'class="back" stroke-width="2.5"', 1) for way in ways if way.end in reached]

    def word(self, at: Place, text: str) -> None:
        self.nodes.append(_text(at, text))


class Stack(NamedTuple):
    """States by pass (layer by layer, → before ←) and step."""

    passes: list[list[Place]]
    ways: int
    radius: float

    @property
    def top(self) -> list[list[Place]]:
        return self.passes[-self.ways :]


def draw(config: RunConfig, back: bool = False) -> str:
    """The architecture, direction and layers of a config as SVG, in the colour of the text around it; with `back` also
    the way that the gradient of the last answer's loss goes.
    """
    canvas, architecture = Canvas(), config.architecture
    kind = architecture.kind  # type: ignore[attr-defined]  # every component has one
    {
        "encoder_decoder": _encoder_decoder,
        "one_to_many": _one_to_many,
        "window_mlp": _window,
    }.get(kind, _sequence)(canvas, config)
    layers = "1 layer" if config.layers == 1 else f"{config.layers} layers"
    direction = value_name(config, "direction", config.direction)
    said = f"{architecture.title}, {direction}, {layers}. {architecture.summary}"
    if back:
        canvas.gradient()
        said += " Thick arrows: the way of the gradient, from the last answer back through every state that led to it."
    return svg(WIDTH, HEIGHT, said, canvas.arrows + canvas.nodes)


def _sequence(canvas: Canvas, config: RunConfig) -> None:
    columns = _columns(STEPS, 40, WIDTH - 20)
    stack = _stack(canvas, config, columns)
    _inputs(canvas, config, stack, columns)
    one = config.one_answer
    for t, x in enumerate(columns):
        if one and t < STEPS - 1:
            continue
        at = Place(x, TOP)
        canvas.output(at, "y" if one else _name("y", t), faint=config.architecture.last_only and t < STEPS - 1)
        for way, row in enumerate(stack.top):
            if one and way:  # its last state is the one after x₁
                canvas.arrow(row[0], at, stack.radius, ANSWER, over=Place(row[0].x + 10, TOP + 4))
            else:
                canvas.arrow(row[t], at, stack.radius, ANSWER)


def _one_to_many(canvas: Canvas, config: RunConfig) -> None:
    columns = _columns(STEPS, 40, WIDTH - 20)
    stack = _stack(canvas, config, columns)
    fed = getattr(config.architecture, "feed", "answers") == "answers"
    for t, x in enumerate(columns):
        canvas.output(Place(x, TOP), _name("y", t))
        canvas.arrow(stack.top[0][t], Place(x, TOP), stack.radius, ANSWER)
        below = Place(x, BOTTOM)
        canvas.input(below, "x" if t == 0 else _name("y", t - 1) if fed else "0", faint=t > 0)
        canvas.arrow(below, stack.passes[0][t], BOX, stack.radius)
        if t and fed:
            _fed_back(canvas, columns[t - 1], x)


def _encoder_decoder(canvas: Canvas, config: RunConfig) -> None:
    columns = _columns(2 * WRITTEN, 34, WIDTH - 16)
    reading, writing = columns[:WRITTEN], columns[WRITTEN:]
    stack = _stack(canvas, config, reading)
    _inputs(canvas, config, stack, reading)
    ways = stack.ways
    middles = [
        sum(stack.passes[layer * ways + way][0].y for way in range(ways)) / ways for layer in range(config.layers)
    ]
    written = Stack([[Place(x, y) for x in writing] for y in middles], 1, stack.radius)
    _states(canvas, written, "dec")
    for number, row in enumerate(stack.passes):
        target = written.passes[number // ways][0]
        if number % ways:  # ends at the left
            lift = Place((row[0].x + target.x) / 2, row[0].y - 26)
            canvas.arrow(row[0], target, stack.radius, stack.radius, over=lift)
        else:
            canvas.arrow(row[-1], target, stack.radius, stack.radius)
    for t, x in enumerate(writing):
        canvas.output(Place(x, TOP), _name("y", t))
        canvas.arrow(written.top[0][t], Place(x, TOP), stack.radius, ANSWER)
        canvas.input(Place(x, BOTTOM), "0" if t == 0 else _name("y", t - 1), faint=True)
        canvas.arrow(Place(x, BOTTOM), written.passes[0][t], BOX, stack.radius)
        if t:
            _fed_back(canvas, writing[t - 1], x)
    for half, name in ((reading, "encoder"), (writing, "decoder")):
        canvas.word(Place(half[1], HEIGHT - 7), name)


def _window(canvas: Canvas, config: RunConfig) -> None:
    columns, middle = _columns(STEPS, 40, WIDTH - 20), (TOP + BOTTOM) / 2
    box = Place(columns[0] - 16, middle - 16)
    width = columns[-1] - columns[0] + 32
    canvas.nodes.append(
        f'<rect class="state" x="{box.x:g}" y="{box.y:g}" width="{width:g}" height="32" rx="8" fill="{TEAL}" '
        f'fill-opacity="0.35" stroke="{TEAL}"/>'
    )
    centre = Place(box.x + width / 2, middle)
    canvas.word(centre, f"{config.cell.activation.title} units, no time")
    for t, x in enumerate(columns):
        canvas.input(Place(x, BOTTOM), _name("x", t))
        canvas.arrow(Place(x, BOTTOM), Place(x, middle + 16), BOX, 0)
    canvas.output(Place(centre.x, TOP), "y")
    canvas.arrow(Place(centre.x, middle - 16), Place(centre.x, TOP), 0, ANSWER)


def _stack(canvas: Canvas, config: RunConfig, columns: list[float]) -> Stack:
    """The passes of all layers, lowest first, with the arrows through time and from layer to layer."""
    ways = 2 if config.direction == "two_passes" else 1
    count = config.layers * ways
    low, high = BOTTOM - (42 if config.direction == "concatenated" else 36), TOP + 34
    space = (low - high) / count
    radius = min(9.0, space * 0.34)
    shift = 8 if ways == 2 else 0
    passes = [
        [Place(x + (shift if number % ways else -shift), low - (number + 0.5) * space) for x in columns]
        for number in range(count)
    ]
    stack = Stack(passes, ways, radius)
    _states(canvas, stack, "→")
    return stack


def _states(canvas: Canvas, stack: Stack, kind: str) -> None:
    for number, row in enumerate(stack.passes):
        back = bool(number % stack.ways)
        for t, at in enumerate(row):
            canvas.state(at, stack.radius, "←" if back else kind)
            if t:
                canvas.arrow(*((at, row[t - 1]) if back else (row[t - 1], at)), stack.radius, stack.radius)
            if number >= stack.ways:
                layer = number // stack.ways * stack.ways
                for below in stack.passes[layer - stack.ways : layer]:
                    canvas.arrow(below[t], at, stack.radius, stack.radius)


def _inputs(canvas: Canvas, config: RunConfig, stack: Stack, columns: list[float]) -> None:
    twice = config.direction == "concatenated"
    for t, x in enumerate(columns):
        at = Place(x, BOTTOM)
        canvas.input(at, _name("x", len(columns) - 1 - t if twice else t))
        if twice:
            at = Place(x, BOTTOM - 16)
            canvas.input(at, _name("x", t))
        for row in stack.passes[: stack.ways]:
            canvas.arrow(at, row[t], BOX, stack.radius)


def _fed_back(canvas: Canvas, one: float, following: float) -> None:
    """The answer of one step goes into the next: between the two columns of states."""
    over = Place((one + following) / 2, BOTTOM - 30)
    canvas.arrow(Place(one, TOP), Place(following, BOTTOM), ANSWER, BOX, over, dashed=True)


def _drawn(way: Way, looks: str, opacity: float = 0.6) -> str:
    start, end, leave, arrive, over = way
    first, tip = _towards(start, over or end, leave), _towards(end, over or start, arrive + 1)
    back = _towards(tip, over or start, 5)
    across = Place((back.y - tip.y) * 0.5, (tip.x - back.x) * 0.5)
    bent = f"Q {over.x:g} {over.y:g} " if over else "L "
    return (
        f'<path d="M {first.x:.1f} {first.y:.1f} {bent}{back.x:.1f} {back.y:.1f}" fill="none" stroke="currentColor" '
        f'stroke-opacity="{opacity:g}" {looks}/><path d="M {tip.x:.1f} {tip.y:.1f} L {back.x + across.x:.1f} '
        f'{back.y + across.y:.1f} L {back.x - across.x:.1f} {back.y - across.y:.1f} Z" fill="currentColor" '
        f'fill-opacity="{opacity:g}"/>'
    )


def _columns(count: int, first: float, last: float) -> list[float]:
    return [first + (last - first) * i / (count - 1) for i in range(count)]


def _name(letter: str, index: int) -> str:
    return letter + "₁₂₃₄"[index]


def _text(at: Place, text: str) -> str:
    return (
        f'<text x="{at.x:g}" y="{at.y + 3.5:g}" text-anchor="middle" font-size="11" stroke="none" '
        f'fill="currentColor">{text}</text>'
    )


def _towards(start: Place, end: Place, far: float) -> Place:
    length = max(((end.x - start.x) ** 2 + (end.y - start.y) ** 2) ** 0.5, 1e-9)
    return Place(start.x + (end.x - start.x) * far / length, start.y + (end.y - start.y) * far / length)
