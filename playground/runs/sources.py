"""The project's own source, by name: what a module defines, as text, and which names a definition uses."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]

NOTES = re.compile(r"  # (?:noqa|type: ignore)[^\n]*")
"""Remarks to the project's own tools."""


class Source(NamedTuple):
    """A module: its lines, and by the names that they define its top-level statements.

    `remarks` are the texts below constants that say what they are.
    """

    lines: list[str]
    names: dict[str, ast.stmt]
    remarks: dict[str, ast.stmt]

    def text(self, node: ast.stmt) -> str:
        decorators = getattr(node, "decorator_list", [])
        first = min(each.lineno for each in (node, *decorators))
        return NOTES.sub("", "\n".join(self.lines[first - 1 : node.end_lineno]))

    def definition(self, name: str) -> str:
        """With the remark below it."""
        nodes = [self.names[name], *([self.remarks[name]] if name in self.remarks else [])]
        return "\n".join(map(self.text, nodes))


class Use(NamedTuple):
    """A name that a definition takes from its module: "math", or "texts.corpus" where something of it is asked."""

    name: str
    attribute: str
    annotation: bool


@cache
def source(module: str) -> Source:
    place = ROOT / module.replace(".", "/")
    text = (place / "__init__.py" if place.is_dir() else place.with_suffix(".py")).read_text(encoding="utf-8")
    found, last = Source(text.splitlines(), {}, {}), ""
    for node in _statements(ast.parse(text).body):
        names = list(_defined(node))
        found.names.update(dict.fromkeys(names, node))
        if last and isinstance(node, ast.Expr):
            found.remarks[last] = node
        last = names[0] if isinstance(node, ast.Assign | ast.AnnAssign) else ""
    return found


def is_ours(module: str | None) -> bool:
    return (module or "").startswith("playground.")


def is_module(name: str) -> bool:
    """Whether one of our modules is called so."""
    return (ROOT / name.replace(".", "/")).with_suffix(".py").exists()


def uses(node: ast.stmt) -> list[Use]:
    """Which names a definition takes from outside, its locals apart."""
    found = _Uses()
    found.visit(node)
    return list(dict.fromkeys(found.seen))


def reads_a_file(node: ast.stmt) -> bool:
    """Whether a function looks for a file beside its module."""
    return any(isinstance(each, ast.Name) and each.id == "__file__" for each in ast.walk(node))


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Those under `if TYPE_CHECKING` among them."""
    for node in body:
        if isinstance(node, ast.If):
            yield from node.body
        else:
            yield node


def _defined(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
            yield name
        case ast.Assign(targets=targets):
            yield from (each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name))
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in names)


class _Uses(ast.NodeVisitor):
    def __init__(self) -> None:
        self.seen: list[Use] = []
        self._locals: set[str] = set()
        self._annotation = False

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        for outside in (*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)):
            self.visit(outside)
        for annotation in (*(each.annotation for each in arguments), node.returns):
            self._visit_annotation(annotation)
        before = self._locals
        inner = [each for statement in node.body for each in ast.walk(statement)]
        self._locals = (
            before
            | {each.arg for each in arguments}
            | {each.id for each in inner if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
            | {each.name for each in inner if isinstance(each, ast.FunctionDef)}
            | {each.arg for each in inner if isinstance(each, ast.arg)}
        )
        for statement in node.body:
            self.visit(statement)
        self._locals = before

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._visit_annotation(node.annotation)
        if node.value:
            self.visit(node.value)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if isinstance(node.value, ast.Name):
            self._take(node.value.id, node.attr)
        else:
            self.visit(node.value)

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self._take(node.id, "")

    def visit_Constant(self, node: ast.Constant) -> None:
        if self._annotation and isinstance(node.value, str):
            self.visit(ast.parse(node.value, mode="eval").body)

    def _visit_annotation(self, node: ast.expr | None) -> None:
        if node is not None:
            self._annotation = True
            self.visit(node)
            self._annotation = False

    def _take(self, name: str, attribute: str) -> None:
        if name not in self._locals:
            self.seen.append(Use(name, attribute, self._annotation))
