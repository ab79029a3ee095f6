"""Taking a check out of the running product, and putting it back."""

import importlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import reduce
from typing import Any

from core.identity import Caller, Role

Change = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Cut:
    """A place in the product, `module:name` or `module:Class.name`, and what takes the place of what is there."""

    place: str
    change: Change


@dataclass(frozen=True, slots=True)
class Mutant:
    """The product without one check."""

    name: str
    cuts: tuple[Cut, ...]

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """The product is this mutant while the block runs."""
        with ExitStack() as stack:
            for cut in self.cuts:
                stack.enter_context(_changed(cut))
            yield


@contextmanager
def _changed(cut: Cut) -> Iterator[None]:
    module, _, path = cut.place.partition(":")
    *owners, name = path.split(".")
    owner = reduce(getattr, owners, importlib.import_module(module))
    # As it lies in its class, so that a static method is put back as one.
    found = vars(owner)[name]
    setattr(owner, name, cut.change(found))
    try:
        yield
    finally:
        setattr(owner, name, found)


def always(value: Any) -> Change:
    """Whatever is asked, this is the answer."""
    return lambda _found: lambda *_args, **_kwargs: value


def unchanged(position: int = 0) -> Change:
    """What comes in goes out."""
    return lambda _found: lambda *args, **_kwargs: args[position]


def with_rights(**update: Any) -> Change:
    """The same question, asked by the caller with other rights."""

    def change(found: Any) -> Any:
        def asked(*args: Any, **kwargs: Any) -> Any:
            return found(*(_raised(one, update) for one in args), **kwargs)

        return asked

    return change


def _raised(one: Any, update: dict[str, Any]) -> Any:
    return one.model_copy(update=update) if isinstance(one, Caller) else one


EVERY_REGION: dict[str, Any] = {"regions": None}
EVERY_ROLE: dict[str, Any] = {"roles": frozenset(Role)}
EVERYTHING: dict[str, Any] = EVERY_REGION | EVERY_ROLE
