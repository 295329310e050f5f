"""Sheets of paper for a class: the students' with room for answers, the teacher's with what was measured.

HTML that needs nothing else; a lesson's words go into it as text.
"""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import accumulate
from pathlib import Path

from playground.lessons import grid, previews
from playground.lessons.lesson import Challenge, Choice, Draw, Lesson, Prediction
from playground.lessons.scoring import Score

CSS = Path(__file__).with_name("sheet.css").read_text()
LINES = 2
"""For reasons, under each question of the students' sheet."""


def student_sheet(lessons: Sequence[Lesson]) -> bytes:
    """Goal and questions of each lesson: boxes to tick, a line for a number, an empty grid for a curve."""
    parts = ['<p class="name">Name<span></span>Date<span></span></p>']
    for lesson in lessons:
        asked = "".join(_question(lesson, prediction) + _lines() for prediction in lesson.predictions)
        parts.append(f'<section class="lesson">{_head(lesson)}{asked}{_challenge(lesson.challenge)}</section>')
    return _page("Predict, then see", parts)


def teacher_sheet(lessons: Sequence[Lesson]) -> bytes:
    """The same with times, what to ask, common wrong answers, and the answers as they were measured."""
    rows = [
        f"<tr><td>{time}</td><td>{escape(lesson.title)}</td><td>{escape(lesson.goal)}</td></tr>"
        for time, lesson in zip(clock(lessons), lessons, strict=True)
    ]
    parts = [f"<table><tr><th>time</th><th>lesson</th><th>afterwards</th></tr>{''.join(rows)}</table>"]
    for time, lesson in zip(clock(lessons), lessons, strict=True):
        asked = "".join(
            _question(lesson, prediction, previews.answer(lesson, prediction.name), told=True)
            for prediction in lesson.predictions
        )
        notes, challenge = "".join(_notes(lesson)), _challenge(lesson.challenge, answered=True)
        parts.append(f'<section class="lesson">{_head(lesson, f"{time} · ")}{notes}{asked}{challenge}</section>')
    return _page("Predict, then see: for the teacher", parts)


def clock(lessons: Sequence[Lesson]) -> tuple[str, ...]:
    """When each lesson begins and ends in a class that takes one after the other: 0:00–0:09."""
    ends = list(accumulate(lesson.minutes for lesson in lessons))
    return tuple(f"{_time(end - lesson.minutes)}–{_time(end)}" for lesson, end in zip(lessons, ends, strict=True))


def _time(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"


def _head(lesson: Lesson, before: str = "") -> str:
    return (
        f'<h2>{escape(lesson.title)}</h2><p class="when">{before}{lesson.minutes} minutes</p>'
        f"<p>{escape(lesson.goal)}</p>"
    )


def _question(lesson: Lesson, prediction: Prediction, score: Score | None = None, told: bool = False) -> str:
    """`told`: with the reasons, and with the truth marked, as far as it was measured."""
    inner: str
    if isinstance(prediction, Choice):
        right = score.truth if score else None
        options = [
            f'<li class="{"right" if number == right else "option"}"><span class="box">{_box(number == right)}</span>'
            f"{escape(option.say)}{_because(option.because) if told else ''}</li>"
            for number, option in enumerate(prediction.options)
        ]
        inner = f"<ul>{''.join(options)}</ul>"
    elif isinstance(prediction, Draw):
        curve = score.truth if score else None
        inner = grid.svg(grid.steps_of(lesson, prediction), prediction.low, prediction.high, curve)
    elif told:
        inner = ""
    else:
        inner = f'<p class="answer">Answer<span class="line"></span>{escape(prediction.unit)}</p>'
    truth = f'<p class="truth">{escape(score.sentence)}</p>' if score else ""
    reason = f"<p>{escape(prediction.explain)}</p>" if told else ""
    return f'<div class="question"><h3>{escape(prediction.ask)}</h3>{inner}{truth}{reason}</div>'


def _box(ticked: bool) -> str:
    return "☑" if ticked else "☐"


def _because(text: str) -> str:
    return f'<div class="because">{escape(text)}</div>'


def _lines(title: str = "Because") -> str:
    return f'<div class="lines">{title}{"<div></div>" * LINES}</div>'


def _challenge(challenge: Challenge | None, answered: bool = False) -> str:
    """A run to mend; room for what was changed, or the hints."""
    if challenge is None:
        return ""
    goal = f"{challenge.goal}, within {challenge.budget:,} updates of all attempts together"
    below = "".join(f"<li>{escape(hint)}</li>" for hint in challenge.hints) if answered else ""
    room = f"<p>Full marks up to {challenge.par:,} updates.</p><ol>{below}</ol>" if answered else _lines("Changed")
    return f'<div class="note"><h3>{escape(challenge.ask)}</h3><p>Goal: {escape(goal)}.</p>{room}</div>'


def _notes(lesson: Lesson) -> Iterator[str]:
    """What to ask, what is often answered, what is often said."""
    if lesson.teacher.ask:
        yield _note("Ask", [escape(text) for text in lesson.teacher.ask])
    if lesson.teacher.wrong:
        wrong = [f"“{escape(each.said)}” {escape(each.answer)}" for each in lesson.teacher.wrong]
        yield _note("Often answered, and what to say", wrong)
    if lesson.loose:
        yield _note("Often said", [f"“{escape(each.said)}” {escape(each.better)}" for each in lesson.loose])


def _note(title: str, items: Sequence[str]) -> str:
    return f'<div class="note"><h3>{title}</h3><ul>{"".join(f"<li>{item}</li>" for item in items)}</ul></div>'


def _page(title: str, parts: Sequence[str]) -> bytes:
    whole = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"/>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>'
        f"<title>{title}</title><style>{CSS}</style></head><body><h1>{title}</h1>{''.join(parts)}</body></html>"
    )
    return whole.encode()
