"""An index of the product's code: who calls what with which arguments, and where a name gets its value."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.architecture.source import parse, python_files, shown

# What only its developers run is in English.
PRODUCT = (
    *("core", "prompts", "db", "memory", "connectors", "tools", "agents", "graphs", "hub", "api", "console", "cli"),
)
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Scope:
    """Where an expression stands."""

    module: str
    function: Function | None = None
    owner: ast.ClassDef | None = None


@dataclass
class Code:
    """What is looked up while sentences are read."""

    constants: dict[tuple[str, str], ast.expr] = field(default_factory=dict)
    imports: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    functions: dict[str, list[tuple[Function, Scope]]] = field(default_factory=dict)
    calls: dict[str, list[tuple[ast.Call, Scope]]] = field(default_factory=dict)
    classes: dict[str, tuple[ast.ClassDef, Scope]] = field(default_factory=dict)
    raises: list[tuple[ast.Call, Scope]] = field(default_factory=list)

    def add(self, module: str, tree: ast.Module) -> None:
        """Index one module."""
        _index(self, tree, Scope(module))
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                self.constants[module, node.targets[0].id] = node.value
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
                self.constants[module, node.target.id] = node.value
        for imported in ast.walk(tree):
            if isinstance(imported, ast.ImportFrom) and imported.module:
                file = imported.module.replace(".", "/") + ".py"
                self.imports |= {(module, each.asname or each.name): (file, each.name) for each in imported.names}


def read_code() -> Code:
    """Index the product's code."""
    code = Code()
    for path in python_files(*PRODUCT):
        code.add(shown(path), parse(path))
    return code


def _index(code: Code, node: ast.AST, scope: Scope) -> None:
    for child in ast.iter_child_nodes(node):
        inner = scope
        match child:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                inner = Scope(scope.module, child, scope.owner)
                code.functions.setdefault(child.name, []).append((child, inner))
            case ast.ClassDef():
                inner = Scope(scope.module, None, child)
                code.classes[child.name] = (child, inner)
            case ast.Call():
                code.calls.setdefault(name_of(child.func), []).append((child, scope))
            case ast.Raise(exc=ast.Call() as made):
                code.raises.append((made, scope))
        _index(code, child, inner)


def name_of(node: ast.expr) -> str:
    """The last part of a dotted name; empty for anything else."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def arguments_of(call: ast.Call, wanted: dict[str, int | None]) -> Iterator[ast.expr]:
    """The arguments that a call gives for the names wanted, by position and by keyword."""
    for place in wanted.values():
        if place is not None and place < len(call.args):
            yield call.args[place]
    yield from (each.value for each in call.keywords if each.arg in wanted)


def assigned_to(name: str, function: Function) -> list[ast.expr]:
    """What is assigned to a name in a function."""
    found: list[ast.expr] = []
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                found.append(value)
            case ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value) if target == name:
                found.append(value)
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
                found += [value for each, value in zip(names, values, strict=True) if name_of(each) == name]
            case ast.NamedExpr(target=ast.Name(id=target), value=value) if target == name:
                found.append(value)
    return found


def default_of(name: str, function: Function) -> list[ast.expr]:
    """What a parameter is when it is left out."""
    given = function.args
    positional = [*given.posonlyargs, *given.args]
    pairs = [*zip(reversed(positional), reversed(given.defaults), strict=False)]
    pairs += [(each, value) for each, value in zip(given.kwonlyargs, given.kw_defaults, strict=True) if value]
    return [value for each, value in pairs if each.arg == name]


def subclasses_of(code: Code, root: str) -> set[str]:
    """The names of all classes below `root`, and `root` itself, as far as they are ours."""
    found = {root}
    while True:
        more = {name for name, (node, _) in code.classes.items() if any(name_of(base) in found for base in node.bases)}
        if more <= found:
            return found & code.classes.keys()
        found |= more
