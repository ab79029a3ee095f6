"""Every English sentence that the code can refuse with, read from the code.

A sentence is a format string: `no run “{}”` for `f"no run “{run_id}”"`. Text that is chosen or joined in plain sight is
followed, through variables, constants, parameters and functions that return text; a value is a placeholder.
"""

import ast
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import product

from tests.architecture.code_index import (
    Code,
    Function,
    Scope,
    arguments_of,
    assigned_to,
    default_of,
    name_of,
    subclasses_of,
)

VALUE = "{}"
# The stable name of a rule before a sentence.
_RULE = re.compile(r"^[a-z]+(-[a-z]+)+: ")
# What already is a sentence of another refusal, and was read where that is made; `text` is that of a policy's finding,
# which has its own Chinese.
_PASSED_ON = {"problem", "remedy", "title", "reason", "detail", "text"}
_EXPORTS = "connectors/exports/"
# Names that mean something else elsewhere.
_ONLY_IN: dict[str, str | tuple[str, ...]] = {
    "RefusedError": _EXPORTS,
    "Refusal": _EXPORTS,
    "mark": ("hub/running.py", "hub/hearing.py"),
}
_SAID = {"title", "problem", "remedy"}
_VALIDATORS = {"AfterValidator", "BeforeValidator"}
# Texts of a call that people read: by position, and by name.
_SINKS: dict[str, dict[str, int | None]] = {
    "Problem": {"title": None, "detail": None, "remedy": None},
    "HTTPException": {"detail": 1},
    "_failure": {"message": 0},
    "mark": {"reason": 3},
    "from_validation": {"remedy": 1},
    "refusal": {"problem": 2, "remedy": 3},
    "RefusedError": {"reason": 1},
    "Refusal": {"reason": 3},
    "RefusedPart": {"reason": None},
    "NumberError": {"": 0},
    "DateError": {"": 0},
}
# What systems of record say beside a code: ours in sentences, others in words of their own.
_DETAILS: dict[str, dict[str, int | None]] = {
    "SourceError": {"detail": 2},
    "RefusedError": {"detail": 2},
    "Refused": {"": 1},
}
_HUB_ERROR: dict[str, int | None] = {"problem": 0, "remedy": None}


class UnreadableError(Exception):
    """A text that cannot be told from the code; the message names the place."""


@dataclass
class Reader:
    """Reads sentences from `code`."""

    code: Code
    _reading: set[int] = field(default_factory=set)

    def sentences(self) -> dict[str, str]:
        """Each sentence with a place at which it is made; UnreadableError for a text that cannot be told."""
        found: dict[str, str] = {}
        for node, scope in self._texts():
            place = f"{scope.module}:{node.lineno}"
            for sentence in self.read(node, scope):
                if sentence == VALUE:
                    raise UnreadableError(f"{place}: {ast.unparse(node)}")
                found.setdefault(_RULE.sub("", sentence), place)
        for node, scope in self._details():
            with suppress(UnreadableError):
                told = self.read(node, scope)
                found |= {each: f"{scope.module}:{node.lineno}" for each in told - found.keys() if _is_said(each)}
        found.pop("", None)
        return found

    def _details(self) -> Iterator[tuple[ast.expr, Scope]]:
        for name, wanted in _DETAILS.items():
            for call, scope in self.code.calls.get(name, []):
                if not scope.module.startswith(_EXPORTS):
                    yield from ((each, scope) for each in arguments_of(call, wanted))

    def _texts(self) -> Iterator[tuple[ast.expr, Scope]]:
        errors = subclasses_of(self.code, "HubError")
        self._refuse_unknown(errors)
        sinks = _SINKS | {name: _HUB_ERROR for name in errors if not self._own_init(name)}
        for name, wanted in sinks.items():
            for call, scope in self.code.calls.get(name, []):
                if scope.module.startswith(_ONLY_IN.get(name, "")):
                    yield from ((each, scope) for each in arguments_of(call, wanted))
        for call, scope in self.code.calls.get("__init__", []):
            if scope.owner is not None and scope.owner.name in errors - {"HubError"}:
                yield from ((each, scope) for each in arguments_of(call, _HUB_ERROR))
        for name in (*errors, "SourceError"):
            owner, scope = self.code.classes[name]
            for node in ast.walk(owner):
                if isinstance(node, ast.Assign) and name_of(node.targets[0]) in _SAID and not _is_name(node.value):
                    yield node.value, Scope(scope.module, _holder(owner, node), owner)
        models = subclasses_of(self.code, "BaseModel") | subclasses_of(self.code, "BaseSettings")
        validators = {name_of(call.args[0]) for name in _VALIDATORS for call, _ in self.code.calls.get(name, [])}
        for call, scope in self.code.raises:
            of_model = scope.owner is not None and scope.owner.name in models
            if name_of(call.func) == "ValueError" and (
                of_model or (scope.function and scope.function.name in validators)
            ):
                yield call.args[0], scope

    def _refuse_unknown(self, errors: set[str]) -> None:
        """A refusal made under another name would not be read: only `refusal` is given the kind of error to make."""
        known = errors | _SINKS.keys() | self.code.functions.keys() | self.code.classes.keys()
        for name, calls in self.code.calls.items():
            for call, scope in calls if name not in known else ():
                inside = scope.function.name if scope.function else ""
                if {"field", "remedy"} <= {each.arg for each in call.keywords} and inside not in _SINKS:
                    raise UnreadableError(f"{scope.module}:{call.lineno}: {ast.unparse(call)}")

    def _own_init(self, name: str) -> bool:
        return name != "HubError" and any(
            isinstance(node, ast.FunctionDef) and node.name == "__init__" for node in self.code.classes[name][0].body
        )

    def read(self, node: ast.expr, scope: Scope) -> set[str]:
        """The sentences that an expression can be."""
        if _is_passed_on(node, scope.function):
            return set()
        match node:
            case ast.Constant(value=None):
                read = {""}
            case ast.Constant(value=str() as text):
                read = {text.replace("{", "{{").replace("}", "}}")}
            case ast.JoinedStr(values=parts):
                read = _joined([self._part(part, scope) for part in parts])
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                read = _joined([self.read(left, scope), self.read(right, scope)])
            case ast.IfExp(body=one, orelse=other):
                read = self.read(one, scope) | self.read(other, scope)
            case ast.BoolOp(values=values):
                read = set().union(*(self.read(value, scope) for value in values))
            case ast.Name(id=name):
                read = self._named(name, node, scope)
            case ast.Call():
                read = self._returned(node, scope)
            case ast.Subscript(value=ast.Name(id=name)):
                read = self._chosen(name, node, scope)
            case _:
                raise UnreadableError(f"{scope.module}:{node.lineno}: {ast.unparse(node)}")
        return read

    def _part(self, node: ast.expr, scope: Scope) -> set[str]:
        """A piece of an f-string: text that is in plain sight, else a value."""
        if not isinstance(node, ast.FormattedValue):
            return self.read(node, scope)
        inner = node.value
        if isinstance(inner, ast.Name) and scope.function is not None:
            assigned = assigned_to(inner.id, scope.function)
            inner = assigned[0] if len(assigned) == 1 else inner
        if isinstance(inner, ast.Name):
            module, name = self.code.imports.get((scope.module, inner.id), (scope.module, inner.id))
            inner = self.code.constants.get((module, name), inner)
        is_text = isinstance(inner, ast.IfExp | ast.JoinedStr | ast.Call) or (
            isinstance(inner, ast.Constant) and isinstance(inner.value, str)
        )
        try:
            read = self.read(inner, scope) if is_text else {VALUE}
        except UnreadableError:
            return {VALUE}
        return {VALUE} if VALUE in read or (isinstance(inner, ast.Call) and "" not in read) else read

    def _named(self, name: str, node: ast.expr, scope: Scope) -> set[str]:
        function = scope.function
        if function is not None:
            assigned = assigned_to(name, function)
            if assigned:
                return set().union(*(self.read(value, scope) for value in assigned))
            parameters = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
            if name in {each.arg for each in parameters}:
                return self._given(name, function, scope)
        module, original = self.code.imports.get((scope.module, name), (scope.module, name))
        if (module, original) in self.code.constants:
            return self.read(self.code.constants[module, original], Scope(module))
        raise UnreadableError(f"{scope.module}:{node.lineno}: {name}")

    def _given(self, name: str, function: Function, scope: Scope) -> set[str]:
        """What callers give for a parameter."""
        if id(function) in self._reading:
            return set()
        self._reading.add(id(function))
        try:
            return self._read_given(name, function, scope)
        finally:
            self._reading.discard(id(function))

    def _read_given(self, name: str, function: Function, scope: Scope) -> set[str]:
        positional = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
        place = positional.index(name) if name in positional else None
        if place is not None and positional[:1] in (["self"], ["cls"]):
            place -= 1
        called = scope.owner.name if function.name == "__init__" and scope.owner else function.name
        found = default_of(name, function)
        read = set().union(*(self.read(each, scope) for each in found)) if found else set()
        for call, at in self.code.calls.get(called, []):
            for each in arguments_of(call, {name: place}):
                read |= self.read(each, at)
        return read

    def _returned(self, call: ast.Call, scope: Scope) -> set[str]:
        """What a function of ours returns; the text of anything else is a value."""
        match call:
            case ast.Call(func=ast.Name(id="translate"), args=[said, *_]):
                return self.read(said, scope)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=table), attr="get"), args=[_, other]):
                return self._chosen(table, call, scope) | self.read(other, scope)
        name = name_of(call.func)
        of_ours = isinstance(call.func, ast.Name) or ast.unparse(call.func).startswith("self.")
        known = self.code.functions.get(name, []) if of_ours else []
        if len(known) > 1:
            module, _ = self.code.imports.get((scope.module, name), (scope.module, name))
            known = [each for each in known if each[1].module == module]
        if not known:
            return {VALUE}
        function, inside = known[0]
        returns = [node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value]
        return set().union(*(self.read(value, inside) for value in returns))

    def _chosen(self, name: str, node: ast.expr, scope: Scope) -> set[str]:
        """Any text of a table of constants."""
        module, original = self.code.imports.get((scope.module, name), (scope.module, name))
        table = self.code.constants.get((module, original))
        if not isinstance(table, ast.Dict):
            raise UnreadableError(f"{scope.module}:{node.lineno}: {ast.unparse(node)}")
        return set().union(*(self.read(value, Scope(module)) for value in table.values))


def _is_said(sentence: str) -> bool:
    """Whether words of ours are in it; the name of a field or a class alone says the same in any language."""
    return " " in sentence.replace(VALUE, "").strip() or (
        VALUE in sentence and sentence.replace(VALUE, "").strip() != ""
    )


def _is_name(node: ast.expr) -> bool:
    return isinstance(node, ast.Name)


def _holder(owner: ast.ClassDef, node: ast.AST) -> Function | None:
    """The method in which a statement of a class stands."""
    methods = [each for each in owner.body if isinstance(each, Function)]
    return next((each for each in methods if node in ast.walk(each)), None)


def _is_passed_on(node: ast.expr, function: Function | None) -> bool:
    """Whether a text is a sentence that was read where it was made: of another refusal, or of pydantic."""
    match node:
        case ast.Attribute(attr=name):
            return name in _PASSED_ON
        case ast.Subscript(slice=ast.Constant(value="msg")):
            return True
        case ast.Call(func=ast.Name(id="str"), args=[ast.Name(id=name)]) if function is not None:
            handlers = [
                each for each in ast.walk(function) if isinstance(each, ast.ExceptHandler) and each.name == name
            ]
            caught = [each for one in handlers if one.type is not None for each in ast.walk(one.type)]
            return any(name_of(each) in _SINKS for each in caught if isinstance(each, ast.expr))
        case ast.Call(func=ast.Name(id="str"), args=[each]):
            return _is_passed_on(each, function)
    return False


def _joined(parts: list[set[str]]) -> set[str]:
    return {"".join(each) for each in product(*(part or {VALUE} for part in parts))}
