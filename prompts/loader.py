"""Phrases of the embedded engine and prompts of a model, strictly loaded and rendered.

`prompts/<agent>/phrases.yaml` holds plain sentences in both languages, `prompts/<agent>/<name>.<lang>.md` a model
prompt per language. Files are read on first use and kept.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.language import Lang
from prompts.errors import PromptError
from prompts.files import PHRASES_FILE, PROMPTS_FOLDER, parse_phrases, parse_prompt, read_text, text_digest
from prompts.templates import StrictTemplate, build_template

__all__ = ["Phrasebook", "Prompt", "PromptError", "load_phrases", "load_prompt"]

_BLANKS = re.compile(r"[ \t\r\n]+")


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """The sentences one agent can say."""

    agent: str
    file: str
    version: int
    digest: str
    phrases: Mapping[tuple[str, Lang], StrictTemplate]

    @property
    def label(self) -> str:
        """`agent/phrases@version+digest`, for traces and recommendations."""
        return _label(self.agent, "phrases", self.version, self.digest)

    @property
    def kinds(self) -> frozenset[str]:
        """The names of the sentences."""
        return frozenset(kind for kind, _ in self.phrases)

    def render(self, kind: str, lang: Lang, /, **params: object) -> str:
        """The sentence `kind` on one line.

        Raises PromptError, naming file, kind and variable, for an unknown kind, a missing or unused
        parameter, or a value that its filter refuses.
        """
        phrase = self.phrases.get((kind, lang))
        if phrase is None:
            raise PromptError("no such phrase", file=self.file, kind=kind)
        return _BLANKS.sub(" ", phrase.render(params)).strip()


@dataclass(frozen=True, slots=True)
class Prompt:
    """A model prompt in one language."""

    agent: str
    name: str
    lang: Lang
    version: int
    digest: str
    template: StrictTemplate

    @property
    def label(self) -> str:
        """`agent/name@version+digest`, for traces and recommendations."""
        return _label(self.agent, self.name, self.version, self.digest)

    def render(self, **params: object) -> str:
        """The prompt's text for exactly its declared variables; PromptError otherwise."""
        return self.template.render(params).strip()


def load_phrases(agent: str, root: Path | None = None) -> Phrasebook:
    """The phrasebook of `agent`; `root` replaces the folder of this package."""
    return _load_phrases(agent, (root or PROMPTS_FOLDER) / agent / PHRASES_FILE)


def load_prompt(agent: str, name: str, lang: Lang, root: Path | None = None) -> Prompt:
    """The model prompt `name` of `agent`; both languages must exist with the same variables."""
    folder = (root or PROMPTS_FOLDER) / agent
    prompts = {each: _load_prompt(agent, name, each, folder / f"{name}.{each}.md") for each in Lang}
    _refuse_difference({each: prompt.template for each, prompt in prompts.items()})
    return prompts[lang]


@cache
def _load_phrases(agent: str, path: Path) -> Phrasebook:
    text = read_text(path)
    content = parse_phrases(text, path)
    phrases: dict[tuple[str, Lang], StrictTemplate] = {}
    for kind, wording in content.phrases.items():
        templates = {
            lang: build_template(source, lang, file=str(path), kind=kind)
            for lang, source in ((Lang.EN, wording.en), (Lang.ZH, wording.zh))
        }
        _refuse_difference(templates)
        phrases |= {(kind, lang): template for lang, template in templates.items()}
    return Phrasebook(agent, str(path), content.version, text_digest(text), phrases)


@cache
def _load_prompt(agent: str, name: str, lang: Lang, path: Path) -> Prompt:
    text = read_text(path)
    head, body = parse_prompt(text, path)
    template = build_template(body, lang, file=str(path))
    for variable in sorted(template.variables ^ set(head.variables)):
        raise PromptError("declared and used variables differ", file=str(path), variable=variable)
    return Prompt(agent, name, lang, head.version, text_digest(text), template)


def _refuse_difference(templates: Mapping[Lang, StrictTemplate]) -> None:
    en, zh = templates[Lang.EN], templates[Lang.ZH]
    for variable in sorted(en.variables ^ zh.variables):
        raise PromptError("only one language uses the variable", file=zh.file, kind=zh.kind, variable=variable)


def _label(agent: str, name: str, version: int, digest: str) -> str:
    return f"{agent}/{name}@{version}+{digest[:8]}"
