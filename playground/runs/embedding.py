"""Parts of the project's own source in a file that stands alone, with all that they need.

What is asked for is looked up name by name, until nothing of ours is imported any more. A component becomes a frozen
dataclass with the fields and methods that are used, so that a new task or initialiser is embedded by existing. Nothing
is run, but for a function that reads a file beside its module: it is embedded as what it returns.
"""

import ast
import importlib
import re
from collections.abc import Mapping

from playground.core.component import Component
from playground.core.errors import PlaygroundError
from playground.runs.sources import Use, is_module, is_ours, reads_a_file, source, uses

SETTINGS = "playground.runs.plain.settings"
"""Names that are not embedded: whoever embeds writes them, or has chosen another definition in their place."""

THIRD = ("numpy", "torch")
"""What is not Python's own."""


class Embedding:
    """Collects the `parts` of a script, in an order in which they can stand.

    `chosen` says what is written for a name of the settings module.
    """

    def __init__(self, chosen: Mapping[str, str]) -> None:
        self.parts: list[str] = []
        self._chosen = chosen
        self._homes: dict[str, str] = {}
        self._imports: set[str] = set()
        self._from: dict[str, set[str]] = {}

    def write(self, text: str) -> None:
        """Adds text of one's own."""
        self.parts.append(text)

    def use(self, module: str, name: str) -> None:
        """Adds an import of what is not ours."""
        self._from.setdefault(module, set()).add(name)

    def take(self, module: str, name: str) -> None:
        """Embeds what a module of ours defines under that name, and before it whatever it needs."""
        found = source(module)
        node = found.names.get(name)
        if node is None:
            return  # one of Python's own
        if isinstance(node, ast.Import | ast.ImportFrom):
            self._import(node, name)
        elif not self._here(name, module):
            text = _returned(module, node) if reads_a_file(node) else found.definition(name)
            self.write(text if reads_a_file(node) else self._resolved(module, node, text))

    def component(self, component: Component, *methods: str) -> str:
        """Embeds a component's class with these methods; returns the expression that makes an equal object."""
        cls = type(component)
        members = _members(component, methods)
        given = {}
        for name in (name for name in cls.model_fields if name in members):
            value = getattr(component, name)
            inner = isinstance(value, Component)
            given[name] = self.component(value, *sorted(members[name])) if inner else repr(value)
        defaults = {name: _default(cls, name) for name in given}
        if not self._here(cls.__name__, f"{cls.__module__} with {', '.join(sorted(members))}"):
            self.write(self._class(cls, sorted(members.keys() - given.keys()), defaults))
        return f"{cls.__name__}({', '.join(f'{n}={text}' for n, text in given.items() if text != defaults[n])})"

    def head(self) -> str:
        """The import statements."""
        lines = self._imports | {f"from {module} import {', '.join(sorted(n))}" for module, n in self._from.items()}
        blocks: list[list[str]] = [[], []]
        for line in sorted(lines, key=lambda line: (line.startswith("from"), line)):
            blocks[line.split()[1].partition(".")[0] in THIRD].append(line)
        return "\n\n".join("\n".join(block) for block in blocks if block)

    def _import(self, node: ast.stmt, name: str) -> None:
        """Imports a name as this statement does, or embeds what it imports of ours."""
        if isinstance(node, ast.Import):
            self._imports |= {ast.unparse(node)}
        elif isinstance(node, ast.ImportFrom) and node.module == "playground.core.lazy":
            self._imports |= {f"import {name}"}
        elif isinstance(node, ast.ImportFrom) and node.module and node.module != SETTINGS:
            if is_ours(node.module):
                self.take(node.module, name)
            else:
                self.use(node.module, name)

    def _class(self, cls: type[Component], others: list[str], defaults: dict[str, str | None]) -> str:
        self.use("dataclasses", "dataclass")
        node = source(cls.__module__).names[cls.__name__]
        assert isinstance(node, ast.ClassDef)
        lines = ["@dataclass(frozen=True)", f"class {cls.__name__}:"]
        if ast.get_docstring(node):
            lines += [source(cls.__module__).text(node.body[0]), ""]
        # A dataclass wants fields without a default first.
        for name, default in sorted(defaults.items(), key=lambda field: field[1] is not None):
            kind = "object" if default is None else type(cls.model_fields[name].default).__name__
            lines.append(f"    {name}: {kind}" + (f" = {default}" if default else ""))
        for name in others:
            module, method = _defining(cls, name)
            if isinstance(method, ast.FunctionDef):
                lines += ["", self._resolved(module, method, source(module).text(method))]
            else:
                lines.append(f"    {name} = {getattr(cls, name)!r}")
        return "\n".join(lines).replace(f"class {cls.__name__}:\n\n", f"class {cls.__name__}:\n")

    def _resolved(self, module: str, node: ast.stmt, text: str) -> str:
        """The text of a definition, when all that it uses is embedded."""
        for use in uses(node):
            text = self._resolve(module, use, text)
        return text

    def _resolve(self, module: str, use: Use, text: str) -> str:
        node = source(module).names.get(use.name)
        if use.annotation and _is_ours_alone(module, use.name):
            return text
        if isinstance(node, ast.ImportFrom) and is_ours(node.module) and is_module(f"{node.module}.{use.name}"):
            # `texts.corpus` of a module of ours is `corpus` here.
            self.take(f"{node.module}.{use.name}", use.attribute)
            return re.sub(rf"\b{use.name}\.(?={use.attribute}\b)", "", text)
        if isinstance(node, ast.ImportFrom) and node.module == SETTINGS:
            return re.sub(rf"\b{use.name}\b", self._chosen.get(use.name, use.name), text)
        self.take(module, use.name)
        return text

    def _here(self, name: str, home: str) -> bool:
        """Whether that is embedded already; from now on it is. Raises PlaygroundError where another has its name."""
        known = name in self._homes
        if self._homes.setdefault(name, home) != home:
            raise PlaygroundError(f"Two things are called {name}: one of {self._homes[name]}, one of {home}.")
        return known


def _members(component: Component, methods: tuple[str, ...]) -> dict[str, set[str]]:
    """The fields and methods that these methods need, themselves included; of each what is asked of it in turn."""
    cls, waiting, found, asked = type(component), list(methods), set[str](), dict[str, set[str]]()
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        for each in [] if name in cls.model_fields else ast.walk(_defining(cls, name)[1]):
            match each:
                case ast.Attribute(value=ast.Name(id="self"), attr=attribute):
                    waiting.append(attribute)
                case ast.Attribute(value=ast.Attribute(value=ast.Name(id="self"), attr=field), attr=attribute):
                    asked.setdefault(field, set()).add(attribute)
    return {name: asked.get(name, set()) for name in found}


def _defining(cls: type[Component], name: str) -> tuple[str, ast.stmt]:
    """The module and the statement that say what a class's method or constant is."""
    for base in cls.__mro__:
        if name in vars(base):
            node = source(base.__module__).names[base.__name__]
            assert isinstance(node, ast.ClassDef)
            for statement in node.body:
                match statement:
                    case ast.FunctionDef(name=found) | ast.AnnAssign(target=ast.Name(id=found)) if found == name:
                        return base.__module__, statement
    raise AttributeError(f"{cls.__name__} has no {name}.")


def _default(cls: type[Component], name: str) -> str | None:
    """A field's default as text; None where there is none, or where it is another component."""
    field = cls.model_fields[name]
    return None if field.is_required() or isinstance(field.default, Component) else repr(field.default)


def _is_ours_alone(module: str, name: str) -> bool:
    """Whether an annotation names what a stand-alone file has no need of: a choice among components."""
    node = source(module).names.get(name)
    if isinstance(node, ast.ImportFrom) and is_ours(node.module):
        return node.module != "playground.core.lazy" and _is_ours_alone(node.module or "", name)
    return isinstance(node, ast.Assign) and "Annotated" in ast.unparse(node)


def _returned(module: str, node: ast.stmt) -> str:
    """A function that returns what it has read."""
    assert isinstance(node, ast.FunctionDef)
    text: str = getattr(importlib.import_module(module), node.name)()
    lines = [f"        {line!r}" for line in text.splitlines(keepends=True)]
    docstring = [f"    {ast.unparse(node.body[0])}"] if ast.get_docstring(node) else []
    return "\n".join([f"def {node.name}() -> str:", *docstring, "    return (", *lines, "    )"])
