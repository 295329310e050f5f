"""The command line: `python -m playground`. What it trains opens in the page, and what the page trains opens here.

Commands import torch when they need it, so that `runs` and `export` answer at once.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from playground.core.errors import PlaygroundError, UnknownName
from playground.core.words import number
from playground.diagnosis.alarm import Alarm, Cleared
from playground.runs.catalog import Catalog
from playground.runs.export import FORMATS
from playground.runs.export import export as exported
from playground.runs.status import RunStatus, describe
from playground.training.config import RunConfig
from playground.training.events import End, Event, Update
from playground.training.presets import PRESETS

app = typer.Typer(help="See how recurrent networks train, and fail.", no_args_is_help=True, add_completion=False)
screen = Console(stderr=True)

Readme = Annotated[Path | None, typer.Option(help="Write the table between the marks of this file instead.")]
ConfigFile = Annotated[Path, typer.Argument(help="A RunConfig as JSON; {} is the default. '-' reads standard input.")]


@app.command()
def train(
    config: ConfigFile,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the run; by default the one that the page shows.")
    ] = None,
) -> None:
    """Trains CONFIG here and now, and keeps the run."""
    from playground.runs.worker import run_folder

    chosen = _read(config)
    catalog = Catalog(out)
    folder = catalog.create(chosen)
    folder.steer(pace=0)  # nobody waits for a demonstration here
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=screen,
    ) as progress:
        task = progress.add_task("loss –", total=chosen.updates, rate="")

        def show(event: Event) -> None:
            if isinstance(event, Alarm | Cleared):
                style = "bold magenta" if isinstance(event, Alarm) else "green"
                progress.console.print(Text(event.sentence, style=style))
            elif isinstance(event, Update) and "loss" in event.values:
                speed = progress.tasks[task].speed
                progress.update(
                    task,
                    completed=event.update + 1,
                    description=f"loss {number(float(event.values['loss']), 3)}",
                    rate=f"{speed:.0f} updates/s" if speed else "",
                )

        run_folder(folder.path, show)
    summary = describe(folder)
    screen.print(summary.reason)
    typer.echo(folder.path)
    if summary.status not in (RunStatus.FINISHED, RunStatus.STOPPED, RunStatus.DIVERGED):
        raise typer.Exit(1)


@app.command()
def inspect(
    config: ConfigFile,
    examples: Annotated[bool, typer.Option(help="Also a few sequences, with the true answers.")] = False,
) -> None:
    """What CONFIG would do, without training: JSON with ρ and σ_max of U, loss, baseline, gradients per time step."""
    from playground.training.inspection import inspect_config

    _one_thread()
    typer.echo(inspect_config(_read(config)).model_dump_json(indent=2, exclude=None if examples else {"examples"}))


@app.command("map")
def fill_map(
    spec: Annotated[
        Path | None, typer.Argument(help="A map as JSON: base, x, y, panels, seeds, updates. '-' reads standard input.")
    ] = None,
    ready: Annotated[str | None, typer.Option(help="A ready-made map instead of SPEC.", metavar="NAME")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the map; by default the one that the page shows.")
    ] = None,
) -> None:
    """Fills the map SPEC of what trains, on PLAYGROUND_SCHEDULER if that is set, and keeps it. Ctrl-C stops it."""
    from playground.sweeps.ready import READY
    from playground.sweeps.spec import MapSpec
    from playground.sweeps.terminal import fill

    if ready is not None:
        if ready not in READY:
            raise UnknownName("ready-made map", ready, READY)
        chosen = READY[ready].spec
    elif spec is not None:
        chosen = MapSpec.from_json(_text(spec))
    else:
        raise PlaygroundError(f"Write the name of a file with a map, or --ready and one of {', '.join(READY)}.")
    typer.echo(fill(chosen, out, screen).path)


@app.command()
def runs(
    out: Annotated[Path | None, typer.Option(help="Folder of runs; by default the one that the page shows.")] = None,
) -> None:
    """Lists all runs, newest first; broken ones with their reason."""
    table = Table("run", "status", "update", "of", "how it stands")
    catalog = Catalog(out)
    for run_id in catalog.ids():
        summary = describe(catalog.get(run_id))
        table.add_row(run_id, summary.status.value, str(summary.update), str(summary.updates), summary.reason)
    Console().print(table)


@app.command()
def diagnose(
    run: Annotated[str, typer.Argument(help="The name of a run, as `runs` lists it.")],
    config: Annotated[
        Path | None, typer.Option(help="A RunConfig as JSON, of which the thresholds under 'alarms' are taken.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of runs; by default the one that the page shows.")] = None,
) -> None:
    """What went wrong in RUN: its alarms, with evidence, causes and remedies."""
    from playground.runs.again import findings

    folder = Catalog(out).get(run)
    mine = folder.config()
    found = findings(folder, mine if config is None else mine.model_copy(update={"alarms": _read(config).alarms}))
    if not found:
        typer.echo("Nothing: no alarm was raised.")
    for each in found:
        if not isinstance(each, Alarm):
            typer.echo(f"{each.update:>7,}  {each.kind} is over: {each.sentence}")
            continue
        typer.echo(f"{each.update:>7,}  {each.severity}: {each.sentence}")
        for text in (*each.chain, *each.evidence, *(f"likely: {cause}" for cause in each.causes)):
            typer.echo(f"         {text}")
        for remedy in each.remedies:
            typer.echo(f"         try {remedy.title}: {remedy.reason}")


@app.command()
def export(
    run: Annotated[str, typer.Argument(help="The name of a run, as `runs` lists it.")],
    format: Annotated[
        str,
        typer.Option(
            help=" ".join(f"{name}: {format.sentence}" for name, format in FORMATS.items()),
            metavar="|".join(FORMATS),
        ),
    ] = "csv",
    out: Annotated[Path | None, typer.Option(help="Folder of runs; by default the one that the page shows.")] = None,
) -> None:
    """Writes RUN to standard output, as one of these formats; NaN and ±inf are kept."""
    sys.stdout.buffer.write(exported(Catalog(out).get(run), format))


@app.command()
def presets(
    seeds: Annotated[int, typer.Option(min=1, max=100, help="Seeds 0, 1, … of each preset.")] = 3,
) -> None:
    """Trains every preset and prints what it does: the table of demonstrations, measured again."""
    from playground.training.loop import train as events_of

    _one_thread()
    table = Table("preset", "seed", "‖∂L/∂h₁‖ / ‖∂L/∂h_T‖ at update 0", "solved at", "last metric", "end")
    with Progress(console=screen) as progress:
        for key in progress.track(list(PRESETS), description="presets"):
            for seed in range(seeds):
                table.add_row(key, str(seed), *_demonstration(PRESETS[key].config.patched({"seed": seed}), events_of))
    Console().print(table)


@app.command()
def kinds(readme: Readme = None) -> None:
    """Every kind of task, network, cell, … that there is, as a Markdown table."""
    from playground.training.kinds import table, written

    if readme is None:
        typer.echo(table())
    else:
        readme.write_text(written(readme.read_text()))


@app.command()
def detection(readme: Readme = None) -> None:
    """Looks whether the alarms come where they must, and nowhere else: constructed cases, on three seeds each."""
    from playground.training.detection import CASES, measured, table, written

    _one_thread()
    with Progress(console=screen) as progress:
        found = list(progress.track(measured(), total=len(CASES), description="cases"))
    if readme is None:
        typer.echo(table(found))
    else:
        readme.write_text(written(readme.read_text(), table(found)))


@app.command()
def remedies() -> None:
    """Measures in how many of three seeds each remedy helps on each preset that fails: diagnosis/backing.json."""
    from playground.training.cures import measured
    from playground.training.presets import FAILURES

    _one_thread()
    with Progress(console=screen) as progress:
        for line in progress.track(measured(), total=len(FAILURES) + 1, description="presets"):
            typer.echo(line, nl=False)


@app.command()
def lessons(
    names: Annotated[list[str] | None, typer.Argument(help="Names of lessons; without any all of them.")] = None,
    seeds: Annotated[int, typer.Option(min=1, max=100, help="Seeds 0, 1, … of each of their states.")] = 3,
    previews: Annotated[
        bool, typer.Option("--previews", help="Also writes their still pictures, measured values and answers.")
    ] = False,
) -> None:
    """Executes what the lessons say, and prints what does not hold."""
    from playground.lessons.check import problems
    from playground.lessons.previewing import write_previews
    from playground.lessons.shelf import find, shelf

    _one_thread()
    read = shelf()
    chosen = [find(name) for name in names] if names else read.lessons
    wrong = [] if names else [f"{file}, line {line}: {reason}" for file, line, reason in read.broken]
    with Progress(console=screen) as progress:
        for lesson in progress.track(chosen, description="lessons"):
            wrong += [f"{lesson.name}: {problem}" for problem in problems(lesson, range(seeds))]
            if previews:
                try:
                    progress.console.print(str(write_previews(lesson)))
                except ValueError as error:
                    wrong.append(str(error))
    for problem in wrong:
        typer.echo(problem)
    if wrong:
        raise typer.Exit(1)


SOLVED = 0.97


def _demonstration(config: RunConfig, events_of: Callable[[RunConfig], object]) -> tuple[str, str, str, str]:
    from playground.training.inspection import headline

    network = config.network
    ratio, solved, metric, end = "", "–", float("nan"), ""
    for event in events_of(config):  # type: ignore[attr-defined]  # a generator
        if isinstance(event, End):
            end = event.outcome if event.outcome == "finished" else f"{event.outcome} at {event.update}"
        elif isinstance(event, Update):
            if event.update == 0:
                curve = headline(network, event)
                ratio = number(curve[0] / curve[-1]) if curve and curve[-1] else "–"
            metric = float(event.values.get("test_metric", metric))
            if metric > SOLVED and solved == "–" and config.task.is_share:
                solved = str(event.update)
    return ratio, solved, number(metric), end


def _one_thread() -> None:
    """Threads of torch's own cost these small products more than they bring, and fight with whatever else runs."""
    import torch

    torch.set_num_threads(1)


def _read(path: Path) -> RunConfig:
    return RunConfig.from_json(_text(path))


def _text(path: Path) -> bytes:
    return sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()


def main() -> None:
    """Errors of the user's are sentences, not tracebacks."""
    try:
        app()
    except (PlaygroundError, OSError) as error:
        screen.print(Text(str(error), style="red"))
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
