"""Every sentence that the hub refuses with is there in Chinese, says the same, and is told from all others."""

import ast
import re
from collections.abc import Iterable
from functools import cache

import pytest
from pydantic_core._pydantic_core import list_all_errors

from core.domain.base import Record, System
from core.domain.contracts import ClauseKind, Department
from core.domain.deals import PipelineStage
from core.domain.effects import EffectStatus
from core.domain.reviews import ReviewStatus
from core.domain.visits import RunStatus
from core.identity import Role
from core.policy.permissions import Action
from hub.access.rates import Rate
from prompts.files import PROMPTS_FOLDER, SENTENCES_FILE, SentenceFile, parse_sentences, read_text
from prompts.sentences import CHOICES, SENTENCE, build_sentence, load_sentences
from tests.architecture.code_index import Code, read_code
from tests.architecture.sentences import Reader, UnreadableError
from tests.architecture.source import ROOT, parse

# What pydantic says to programmers alone: of Python objects that no JSON, form or setting can hold.
PYTHON_ONLY = re.compile(
    r"Object has no|Cannot check|Error extracting|dictionary or an instance of|tuple, list, dictionary or an instance|"
    r"array or an object|default factory|Error iterating|frozendict|OrderedDict|Counter|deque|'MISSING'|'Ellipsis'|"
    r"subclass of|callable|rgument|[Ff]raction input|valid fraction|complex"
)
STARLETTE = {"Not Found", "Method Not Allowed", "There was an error parsing the body", "JSON decode error"}
HALF_WIDTH = re.compile(r"[㐀-鿿][,;:?!]|[,;:?!][㐀-鿿]|[㐀-鿿]\.(?!\w)")


@cache
def catalogue() -> SentenceFile:
    path = PROMPTS_FOLDER / "refusals" / SENTENCES_FILE
    return parse_sentences(read_text(path), path)


@cache
def said() -> dict[str, str]:
    return Reader(read_code()).sentences()


def kinds_of(record: type[Record]) -> Iterable[str]:
    for each in record.__subclasses__():
        if "kind" in vars(each):
            yield each.kind
        yield from kinds_of(each)


def test_every_sentence_has_its_chinese() -> None:
    known = catalogue().sentences
    assert [f"{place}: {sentence}" for sentence, place in said().items() if sentence not in known] == []


def test_no_sentence_is_kept_that_nobody_says() -> None:
    assert sorted(catalogue().sentences.keys() - said().keys()) == []


def test_the_chinese_has_the_same_values() -> None:
    different = []
    for english, chinese in catalogue().sentences.items():
        sentence = build_sentence(english, chinese)
        places = sorted(place for _, place, _ in sentence.chinese if place is not None)
        if places != list(range(len(sentence.literals) - 1)):
            different.append(english)
    assert different == []


def test_the_chinese_is_punctuated_as_chinese_is() -> None:
    both = {**catalogue().sentences, **catalogue().libraries}
    odd = [zh for en, zh in both.items() if HALF_WIDTH.search(zh) or en.endswith(".") is not zh.endswith("。")]
    assert odd == []


@pytest.mark.parametrize(
    ("name", "values"),
    {
        "role": Role,
        "department": Department,
        "action": [action.value.replace("_", " ") for action in Action],
        "record": [form for kind in kinds_of(Record) for form in (kind, kind.replace("_", " "))],
        "stage": PipelineStage,
        "run_status": RunStatus,
        "review_status": ReviewStatus,
        "effect_status": EffectStatus,
        "system": System,
        "rate": Rate,
        "clause": ClauseKind,
    }.items(),
)
def test_a_vocabulary_names_every_value(name: str, values: Iterable[str]) -> None:
    assert [value for value in values if value not in catalogue().words[name]] == []


def test_every_vocabulary_exists_and_is_used() -> None:
    built = [build_sentence(*pair) for pair in catalogue().sentences.items()]
    named = {name for sentence in built for _, _, name in sentence.chinese} - {"", SENTENCE, CHOICES}
    assert named == set(catalogue().words)


def test_each_sentence_is_told_from_all_others() -> None:
    """With values that are no sentences themselves, the text of each is read as that one and no other."""
    file, sentences, mistaken = catalogue(), load_sentences(), []
    for english, chinese in {**file.sentences, **file.libraries}.items():
        sentence = build_sentence(english, chinese)
        known = {place: next(iter(file.words[name])) for _, place, name in sentence.chinese if name in file.words}
        values = [known.get(place, f"‹{place}›") for place in range(len(sentence.literals) - 1)]
        spoken = {
            place: file.words[name][known[place]] for _, place, name in sentence.chinese if place in known and name
        }
        expected = "".join(
            text + ("" if place is None else spoken.get(place, values[place])) for text, place, _ in sentence.chinese
        )
        found = sentences.chinese(english.format(*values), {})
        if found != expected:
            mistaken.append(f"{english}: {found}")
    assert mistaken == []


def test_whatever_pydantic_says_of_input_has_its_chinese() -> None:
    templates = {
        re.sub(r"\{\w+\}", "{}", error[form])
        for error in list_all_errors()
        for form in ("message_template_python", "message_template_json")
        if form in error
    }
    known = set(catalogue().libraries)
    assert sorted(each for each in templates - known if not PYTHON_ONLY.search(each)) == []
    assert sorted(known - templates - STARLETTE) == []


PLANTED = """
_REMEDY = "Try {later}."

def _missing(what: str, problem: str = "gone") -> NotFoundError:
    return NotFoundError(problem, field="x", remedy=_REMEDY)

def look(name: str, strict: bool) -> None:
    fault = f"no {'such ' if strict else ''}thing “{name}”"
    raise _missing("thing", fault + (" here" if strict else ""))
"""


def planted(text: str = "") -> Code:
    code = Code()
    code.add("core/errors.py", parse(ROOT / "core" / "errors.py"))
    code.add("hub/planted.py", ast.parse(PLANTED + text))
    return code


def test_sentences_are_read_through_variables_choices_and_helpers() -> None:
    found = Reader(planted()).sentences()
    new = {sentence for sentence, place in found.items() if place.startswith("hub/planted.py")}
    assert {"gone", "Try {{later}}.", "no such thing “{}” here", "no thing “{}”"} <= new


@pytest.mark.parametrize(
    ("kind", "problem"),
    [
        ("ConflictError", "str(found)"),
        ("ConflictError", "found.args[0]"),
        ("ConflictError", "', '.join(found)"),
        ("found.kind", "'no'"),
    ],
)
def test_a_text_that_cannot_be_told_names_its_place(kind: str, problem: str) -> None:
    site = f"def refuse(found): raise {kind}({problem}, field='x', remedy='Stop.')"
    with pytest.raises(UnreadableError, match=r"hub/planted.py:10: "):
        Reader(planted(site)).sentences()
