"""What a prompt file must look like on disk, and how one is read."""

import hashlib
from collections import Counter
from pathlib import Path
from typing import Annotated, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, PositiveInt, StringConstraints, ValidationError

from prompts.errors import PromptError

PROMPTS_FOLDER = Path(__file__).parent
PHRASES_FILE = "phrases.yaml"
SENTENCES_FILE = "sentences.yaml"

_FENCE = "---\n"

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, StringConstraints(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Bilingual(_Strict):
    """One template in both languages."""

    en: Text
    zh: Text


class PhraseFile(_Strict):
    """The content of `phrases.yaml`."""

    version: PositiveInt
    phrases: dict[Name, Bilingual]


class SentenceFile(_Strict):
    """The content of `sentences.yaml`: the Chinese of English sentences, ours and those of libraries, and of words."""

    version: PositiveInt
    words: dict[Name, dict[Text, Text]]
    sentences: dict[Text, Text]
    libraries: dict[Text, Text]


class FrontMatter(_Strict):
    """The head of a model prompt."""

    version: PositiveInt
    variables: list[Name]


_Content = TypeVar("_Content", bound=BaseModel)


class _UniqueKeyLoader(yaml.SafeLoader):
    """YAML that refuses a key given twice, where PyYAML would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:  # noqa: FBT001
        counted = Counter(key.value for key, _ in node.value)
        for key, count in counted.items():
            if count > 1:
                raise yaml.constructor.ConstructorError(problem=f"the key {key!r} is given twice")
        return super().construct_mapping(node, deep)


def read_text(path: Path) -> str:
    """The file as text with `\\n` line ends; PromptError when absent or not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(f"cannot be read: {error}", file=str(path)) from error


def text_digest(text: str) -> str:
    """SHA-256 of the text in UTF-8, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def parse_phrases(text: str, path: Path) -> PhraseFile:
    """Check and type the text of a `phrases.yaml`."""
    return _parse(PhraseFile, text, path)


def parse_sentences(text: str, path: Path) -> SentenceFile:
    """Check and type the text of a `sentences.yaml`."""
    return _parse(SentenceFile, text, path)


def parse_prompt(text: str, path: Path) -> tuple[FrontMatter, str]:
    """Front matter and body of a model prompt."""
    head, fence, body = text.removeprefix(_FENCE).partition("\n" + _FENCE)
    if not text.startswith(_FENCE) or not fence or not body.strip():
        raise PromptError("needs front matter between --- lines, then text", file=str(path))
    return _parse(FrontMatter, head, path), body


def _parse(model: type[_Content], text: str, path: Path) -> _Content:
    try:
        return model.model_validate(yaml.load(text, Loader=_UniqueKeyLoader))  # noqa: S506
    except yaml.YAMLError as error:
        raise PromptError(f"not valid YAML: {error}", file=str(path)) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise PromptError(f"{first['msg']} at {place or 'the top'}", file=str(path)) from error
