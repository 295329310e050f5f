"""What stands in the live pictures' place until their scripts are there: boxes as large, so that nothing jumps."""

from playground.ui.live.chosen import AT_FIRST

_STYLE = """
.pg-loading { display: grid; grid-template-columns: 58fr 42fr; gap: 8px; padding-top: 114px; }
.pg-loading div { display: flex; flex-direction: column; gap: 8px; }
.pg-loading i { height: calc(var(--h) * 1px); box-sizing: border-box; border-radius: 8px;
  border: 1px solid var(--st-border-color, #8884); }
@media (min-height: 840px) { .pg-loading div:first-of-type i { height: calc(var(--h) * 1.116px); } }
@media (max-width: 800px) { .pg-loading { grid-template-columns: 1fr; } }
"""


def loading() -> str:
    """HTML of which nothing comes from anybody else."""
    columns = (
        "".join(
            f'<i style="--h:{figure.height}"></i>' for figure in AT_FIRST if figure.side == side and not figure.optional
        )
        for side in ("time", "updates")
    )
    boxes = "".join(f"<div>{column}</div>" for column in columns)
    return f'<div class="pg-loading" aria-hidden="true"><style>{_STYLE}</style>{boxes}</div>'
