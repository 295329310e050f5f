"""What a lesson is: its states, its questions, its claims, and its text step by step."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SkipValidation, StringConstraints, model_validator

from playground.core.errors import UnknownName
from playground.training.config import RunConfig

START = "start"
CHALLENGE = "challenge"
"""As a question in the notebook."""
MOST_PREDICTIONS, MOST_STATES, MOST_STEPS = 12, 24, 12
PARTS = (
    "preset", "task", "architecture", "cell", "init", "clip", "training", "advanced", "alarms", "stop", "again",
    "seeds", "twin", "slow", "pace", "pages", "runbar", "network", "verdict",
)  # fmt: skip
"""Parts of the page, besides its pictures, that a link may light up: the screen's own names for them."""
NAME = r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*"

MOST_LETTERS = 60


def _one_line(text: str) -> str:
    return re.sub(r"[ \t\n]+", " ", text)


Name = Annotated[str, StringConstraints(pattern=f"^{NAME}$", max_length=MOST_LETTERS)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True), AfterValidator(_one_line)]


class _Typed(BaseModel):
    """Something that somebody wrote into a file: a year is a text too where a text is asked."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, coerce_numbers_to_str=True)


# ── questions ─────────────────────────────────────────────────────────────────


class Option(_Typed):
    """Right where `when`, a condition, holds in the run; `because` is why somebody picks it and why it is so or not."""

    say: Text
    when: Text
    because: Text


class _Prediction(_Typed):
    """`state` is the one whose run reveals it; `explain` is shown after that, whatever was answered."""

    name: Name
    state: Name = START
    ask: Text
    explain: Text


class Choice(_Prediction):
    kind: Literal["choice"]
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=5)]


class Number(_Prediction):
    """Full marks within ± `near` of the reading `value`, none beyond `far`; on a log scale both count decades."""

    kind: Literal["number"]
    value: Text
    unit: str = ""
    low: float
    high: float
    scale: Literal["linear", "log"] = "linear"
    near: Annotated[float, Field(ge=0)]
    far: Annotated[float, Field(gt=0)]

    @model_validator(mode="after")
    def _ordered(self) -> "Number":
        _check(self, self.scale == "log")
        return self


class Draw(_Prediction):
    """A curve over the time steps, on a log axis: full marks for a mean distance of `near` decades, none for `far`."""

    kind: Literal["draw"]
    value: Text
    low: float
    high: float
    near: Annotated[float, Field(ge=0)]
    far: Annotated[float, Field(gt=0)]

    @model_validator(mode="after")
    def _ordered(self) -> "Draw":
        _check(self, True)
        return self


def _check(question: Number | Draw, logarithmic: bool) -> None:
    if question.high <= question.low:
        raise ValueError(f"high is {question.high:g} and low is {question.low:g}. Write a high above low.")
    if question.far <= question.near:
        raise ValueError(f"far is {question.far:g} and near is {question.near:g}. Write a far above near.")
    if logarithmic and question.low <= 0:
        raise ValueError(f"low is {question.low:g}, and a log scale has no zero. Write a low above 0.")


Prediction = Annotated[Choice | Number | Draw, Field(discriminator="kind")]


class Claim(_Typed):
    """A sentence of the lesson, and the condition that is executed for it."""

    say: Text
    state: Name = START
    check: Text


class Loose(_Typed):
    """A sentence that is often heard, what is true instead, and a condition that shows it."""

    name: Name
    said: Text
    better: Text
    state: Name = START
    check: Text


class Challenge(_Typed):
    """A broken run to mend: `ask` says what is broken, `goal` is a condition on a mended one, `budget` the updates of
    all attempts together, `par` those up to which it is worth full marks."""

    ask: Text
    state: Name
    budget: Annotated[int, Field(gt=0)]
    goal: Text
    par: Annotated[int, Field(gt=0)]
    hints: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _ordered(self) -> "Challenge":
        if self.par >= self.budget:
            raise ValueError(f"par is {self.par} and budget is {self.budget}. Write a par below the budget.")
        return self


class Wrong(_Typed):
    """A wrong answer that is often given, and what to say."""

    said: Text
    answer: Text


class Teacher(_Typed):
    ask: tuple[Text, ...] = ()
    wrong: tuple[Wrong, ...] = ()


# ── text ──────────────────────────────────────────────────────────────────────


class Link(NamedTuple):
    """A numbered link of the text: it sets a state, lights up a part of the page, or both."""

    number: int
    state: str | None
    part: str | None


class Words(NamedTuple):
    """Markdown with formulas; a link to state and part has become [① its text](#see-1)."""

    text: str


class Ask(NamedTuple):
    """A prediction, by its name."""

    name: str


class Network(NamedTuple):
    """The drawing of a state's network; `said` is for those who cannot see it, `back` draws the gradient's way."""

    state: str
    said: str
    back: bool = False


class Picture(NamedTuple):
    """The still picture of a state's run, by its name in the gallery."""

    state: str
    figure: str
    said: str


class Drawing(NamedTuple):
    """A drawing of our own, by its name."""

    name: str
    said: str


class LooseSaid(NamedTuple):
    """A loose sentence, by its name."""

    name: str


class ChallengeHere(NamedTuple):
    pass


Block = Words | Ask | Network | Picture | Drawing | LooseSaid | ChallengeHere


class Step(NamedTuple):
    """What is read at a time."""

    heading: str
    blocks: tuple[Block, ...]


# ── the whole ─────────────────────────────────────────────────────────────────


class Front(_Typed):
    """A lesson's front matter, but for its states."""

    title: Annotated[Text, StringConstraints(max_length=MOST_LETTERS)]
    minutes: Annotated[int, Field(ge=1, le=90)]
    prerequisites: tuple[Name, ...] = ()
    goal: Text
    pictures: tuple[str, ...] = ()
    predictions: Annotated[tuple[Prediction, ...], Field(alias="prediction", max_length=MOST_PREDICTIONS)] = ()
    claims: Annotated[tuple[Claim, ...], Field(alias="claim")] = ()
    loose: tuple[Loose, ...] = ()
    challenge: Challenge | None = None
    teacher: Teacher = Teacher()
    sources: tuple[Text, ...] = ()


class Lesson(Front):
    """One lesson, as `playground.lessons.reader.read` makes it from a file."""

    model_config = ConfigDict(populate_by_name=True)

    name: str
    file: str
    source: str
    configs: Mapping[str, RunConfig]
    steps: SkipValidation[tuple[Step, ...]]
    links: SkipValidation[tuple[Link, ...]]

    @property
    def states(self) -> tuple[str, ...]:
        return tuple(self.configs)

    def config(self, state: str = START) -> RunConfig:
        """Raises UnknownName."""
        if state not in self.configs:
            raise UnknownName("state", state, self.configs)
        return self.configs[state]

    def prediction(self, name: str) -> Prediction:
        """Raises UnknownName."""
        found = next((p for p in self.predictions if p.name == name), None)
        if found is None:
            raise UnknownName("prediction", name, [p.name for p in self.predictions])
        return found

    def asked_of(self, state: str) -> tuple[Prediction, ...]:
        """The predictions that this state's run reveals."""
        return tuple(p for p in self.predictions if p.state == state)

    def step_of(self, prediction: str) -> int:
        """Where it is asked, counted from 0. Raises UnknownName."""
        self.prediction(prediction)
        return next(
            i
            for i, step in enumerate(self.steps)
            if any(isinstance(block, Ask) and block.name == prediction for block in step.blocks)
        )
