"""Recurrent cells, one file each; `scan` runs any of them over time."""

from playground.nn.cells.base import AnyCell, Cell, registry

__all__ = ["AnyCell", "Cell", "registry"]
