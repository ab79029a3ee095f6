"""Strict templates: every variable given, none left over, nothing unformatted printed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from jinja2 import StrictUndefined, Template, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from core.language import Lang
from prompts.errors import PromptError
from prompts.filters import build_filters, plain


@cache
def _environment(lang: Lang) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, finalize=plain, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )
    environment.filters.update(build_filters(lang))
    return environment


@dataclass(frozen=True, slots=True)
class StrictTemplate:
    """A compiled template of one language with the place it came from, for errors."""

    template: Template
    variables: frozenset[str]
    file: str
    kind: str = ""

    def render(self, params: Mapping[str, object]) -> str:
        """The text for exactly the declared variables.

        Raises PromptError for a missing or an unused parameter, and for a value its filter refuses.
        """
        for variable in sorted(self.variables - params.keys()):
            raise PromptError("missing parameter", file=self.file, kind=self.kind, variable=variable)
        for variable in sorted(params.keys() - self.variables):
            raise PromptError("unused parameter", file=self.file, kind=self.kind, variable=variable)
        try:
            return self.template.render(params)
        except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
            raise PromptError(f"cannot be rendered: {error}", file=self.file, kind=self.kind) from error


def build_template(text: str, lang: Lang, *, file: str, kind: str = "") -> StrictTemplate:
    """Compile `text`; PromptError when its syntax is faulty or a filter is unknown."""
    environment = _environment(lang)
    try:
        variables = meta.find_undeclared_variables(environment.parse(text))
        template = environment.from_string(text)
    except TemplateError as error:
        raise PromptError(f"not a valid template: {error}", file=file, kind=kind) from error
    return StrictTemplate(template, frozenset(variables), file, kind)
