"""Toy tasks, one file each: sequences whose difficulty is known, with the score of a network that remembers nothing."""

from playground.tasks.base import AnyTask, Batch, Task, registry

__all__ = ["AnyTask", "Batch", "Task", "registry"]
