"""A run as one HTML file that asks for nothing from elsewhere: what came of it, its alarms, pictures and config."""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from importlib.metadata import distribution
from pathlib import Path
from string import Template
from typing import Any

from pydantic import BaseModel

from playground.core.words import cut
from playground.diagnosis.alarm import Alarm, Cleared
from playground.figures import loss, style
from playground.runs.folder import RunFolder
from playground.runs.outcome import summary_of
from playground.runs.report_pictures import Picture, pictures
from playground.runs.status import describe
from playground.training.config import RunConfig

HERE = Path(__file__).parent

SHOWN = 200
"""Letters of one setting: a text of the user's own may fill a book."""


def report(folder: RunFolder) -> bytes:
    """Raises BrokenRun."""
    config, label, summary, findings = folder.config(), folder.label(), describe(folder), folder.findings()
    measurements, changes = folder.read(), config.difference(RunConfig())
    drawn = list(pictures(measurements, config.updates, findings))
    figures = {picture.name: picture.drawn for picture in drawn if picture.drawn}
    templates = {ground: style.template(ground) for ground in style.GROUNDS}
    script, plotly_js = (HERE / "report.js").read_text(encoding="utf-8"), _plotly_js()
    tags = " · ".join([*label.tags, folder.run_id, f"{summary.started:%d %b %Y %H:%M} UTC", summary.reason])
    steps = [f"Before update {each.update:,}: {each.sentence}" for each in folder.interventions()]
    everything = dict(_flat(config.model_dump(mode="json")))
    page = Template((HERE / "report.html").read_text(encoding="utf-8")).substitute(
        hashes=f"{_hash(plotly_js)} {_hash(script)}",
        style=(HERE / "report.css").read_text(encoding="utf-8"),
        title=escape(label.name or _capital(f"{config.task.title}, {config.architecture.title}, {config.cell.title}")),
        note=f'<p class="note">{escape(label.note)}</p>' if label.note else "",
        metric=escape(loss.metric_words(loss.prepare(measurements))),
        facts=escape(tags),
        summary="".join(f"<p>{escape(sentence)}</p>" for sentence in summary_of(folder)),
        changed=_section("What differs from the defaults", _table(changes) if changes else "<p>Nothing.</p>"),
        interventions=_section("Changed while it trained", _list(steps)) if steps else "",
        alarms=_section("Alarms", "".join(_alarms(findings)) or "<p>None was raised.</p>"),
        pictures=_section("Pictures", "\n".join(_picture(picture) for picture in drawn if picture.shown)),
        more=_section("More pictures", "\n".join(_picture(picture) for picture in drawn if not picture.shown)),
        config=f"<details><summary>All settings</summary>{_table(everything)}</details>",
        data=_data({"figures": figures, "templates": templates}),
        plotly=plotly_js,
        script=script,
    )
    return page.encode()


def _plotly_js() -> str:
    """Found, not imported: that would load plotly's own figures."""
    path = distribution("plotly").locate_file("plotly/package_data/plotly.min.js")
    return Path(str(path)).read_text(encoding="utf-8")


def _hash(script: str) -> str:
    """By which the page's own policy knows a script: nothing else in the file is run."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def _data(value: object) -> str:
    """JSON inside HTML: a text in it must not end the element."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")


def _section(title: str, content: str) -> str:
    return f"<section><h2>{title}</h2>{content}</section>"


def _table(rows: Mapping[str, Any]) -> str:
    lines = (
        f'<tr><th scope="row">{escape(path)}</th><td>{escape(_short(value))}</td></tr>' for path, value in rows.items()
    )
    return f"<table>{''.join(lines)}</table>"


def _list(texts: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return f"<ul>{items}</ul>" if items else ""


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _short(value: Any) -> str:
    return cut(value.model_dump_json() if isinstance(value, BaseModel) else str(value), SHOWN)


def _flat(values: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield before + name, value


def _alarms(findings: Iterable[Alarm | Cleared]) -> Iterator[str]:
    for found in findings:
        if isinstance(found, Cleared):
            yield f'<div class="alarm notice"><p>Update {found.update:,}, over: {escape(found.sentence)}</p></div>'
            continue
        looks = "notice" if found.severity == "note" else found.severity
        causes = [f"Likely: {cause}" for cause in found.causes]
        remedies = [f"Try {remedy.title}: {remedy.reason}" for remedy in found.remedies]
        sentence = found.sentence.removeprefix(f"Update {found.update}: ")
        yield (
            f'<div class="alarm {looks}">'
            f"<p><strong>{escape(found.severity)}</strong>, update {found.update:,}: {escape(sentence)}</p>"
            f"{_list([*found.chain, *found.evidence, *causes, *remedies])}</div>"
        )


def _picture(picture: Picture) -> str:
    words = escape(picture.words)
    place = f'<div id="{picture.name}" role="img" aria-label="{words}" style="height: {picture.height}px"></div>'
    return (
        f"<figure><figcaption><h3>{escape(picture.title)}</h3><p>{escape(picture.rule)}</p></figcaption>"
        f"{place if picture.drawn else ''}<p>{words}</p></figure>"
    )
