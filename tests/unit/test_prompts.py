"""Prompt files: strict loading, rendering in two languages, and the lock."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.money import Money
from core.language import Lang
from prompts import lock
from prompts.filters import either, listing, number
from prompts.loader import PromptError, load_phrases, load_prompt

PHRASES = """\
version: 3
phrases:
  greeting:
    en: "Hello {{ who }}."
    zh: "{{ who }}，您好。"
  deal:
    en: >-
      {{ names|listing }} asked for {{ discount|percent }} off {{ amount|money }}
      by {{ by|date }}{% if units %} for {{ units|number }} units{% endif %}.
    zh: "{{ names|listing }}希望在{{ by|date }}前{% if units %}就{{ units|number }}台{% endif %}从{{ amount|money }}优惠{{ discount|percent }}。"
  due:
    en: "Due {{ at|moment }}."
    zh: "截止{{ at|moment }}。"
"""  # noqa: E501

DEAL = {
    "names": ["Ada", "Bo", "Cy"],
    "discount": 0.125,
    "amount": Money(amount=Decimal("1250000.50")),
    "by": date(2026, 3, 2),
    "units": 1200,
}


def write_phrases(root: Path, text: str, agent: str = "intent") -> Path:
    path = root / agent / "phrases.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def write_prompt(root: Path, lang: Lang, body: str, head: str = "version: 1\nvariables: [account]") -> None:
    path = root / "intent" / f"reword.{lang}.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"---\n{head}\n---\n{body}\n", encoding="utf-8")


def one_phrase(en: str, zh: str) -> str:
    return f"version: 1\nphrases:\n  line:\n    en: '{en}'\n    zh: '{zh}'\n"


def test_phrases_read_naturally_in_both_languages(tmp_path: Path) -> None:
    write_phrases(tmp_path, PHRASES)
    book = load_phrases("intent", tmp_path)
    assert book.render("deal", Lang.EN, **DEAL) == (
        "Ada, Bo and Cy asked for 12.5% off CNY 1,250,000.50 by 2 March 2026 for 1,200 units."
    )
    assert book.render("deal", Lang.ZH, **DEAL | {"units": None}) == (
        "Ada、Bo和Cy希望在2026年3月2日前从1,250,000.50 元优惠12.5%。"
    )
    at = datetime(2026, 3, 2, 9, 5, tzinfo=UTC)
    assert book.render("due", Lang.EN, at=at) == "Due 2 March 2026, 09:05 UTC."
    assert book.render("due", Lang.ZH, at=at) == "截止2026年3月2日 09:05 UTC。"
    assert book.kinds == {"greeting", "deal", "due"}


def test_the_label_names_version_and_digest(tmp_path: Path) -> None:
    write_phrases(tmp_path, PHRASES)
    book = load_phrases("intent", tmp_path)
    assert book.version == 3
    assert book.label == f"intent/phrases@3+{book.digest[:8]}"


@pytest.mark.parametrize(
    ("kind", "params", "problem", "variable"),
    [
        ("farewell", {}, "no such phrase", ""),
        ("greeting", {}, "missing parameter", "who"),
        ("greeting", {"who": "Ada", "age": 3}, "unused parameter", "age"),
        ("greeting", {"who": None}, "needs a filter", ""),
        ("greeting", {"who": 0.5}, "needs a filter", ""),
        ("greeting", {"who": True}, "needs a filter", ""),
        ("deal", DEAL | {"names": []}, "nothing to list", ""),
        ("deal", DEAL | {"names": "Ada"}, "got one string", ""),
        ("deal", DEAL | {"amount": Decimal(3)}, "expected Money", ""),
        ("deal", DEAL | {"by": "tomorrow"}, "expected a date", ""),
        ("deal", DEAL | {"discount": "half"}, "expected a number", ""),
        ("deal", DEAL | {"discount": float("nan")}, "finite", ""),
        ("due", {"at": datetime(2026, 3, 2, 9, 5)}, "with a zone", ""),  # noqa: DTZ001
    ],
)
def test_wrong_use_of_a_phrase_names_file_kind_and_variable(
    tmp_path: Path, kind: str, params: dict[str, object], problem: str, variable: str
) -> None:
    path = write_phrases(tmp_path, PHRASES)
    with pytest.raises(PromptError, match=problem) as caught:
        load_phrases("intent", tmp_path).render(kind, Lang.EN, **params)
    assert (caught.value.file, caught.value.kind, caught.value.variable) == (str(path), kind, variable)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("version: 1", "Field required at phrases"),
        ("version: 0\nphrases: {}", "greater than 0 at version"),
        ("version: 1\nphrases: {}\nnote: x", "Extra inputs"),
        ("version: 1\nphrases:\n  line: {en: Hi}", "Field required at phrases.line.zh"),
        ("version: 1\nphrases:\n  yes: {en: Hi, zh: 好}", "valid string"),
        ("version: 1\nversion: 2\nphrases: {}", "given twice"),
        ("version: [", "not valid YAML"),
        (one_phrase("{{ a }}", "{{ b }}"), "only one language uses the variable"),
        (one_phrase("{{ a", "{{ a }}"), "not a valid template"),
        (one_phrase("{{ a|shout }}", "{{ a }}"), "not a valid template"),
    ],
)
def test_a_faulty_phrase_file_is_refused_when_loaded(tmp_path: Path, text: str, problem: str) -> None:
    path = write_phrases(tmp_path, text)
    with pytest.raises(PromptError, match=problem) as caught:
        load_phrases("intent", tmp_path)
    assert caught.value.file == str(path)


def test_an_absent_phrase_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="cannot be read"):
        load_phrases("nobody", tmp_path)


def test_values_are_data_and_templates_are_sandboxed(tmp_path: Path) -> None:
    write_phrases(tmp_path, one_phrase("{{ a }}", "{{ a.__class__.__mro__ }}"))
    book = load_phrases("intent", tmp_path)
    assert book.render("line", Lang.EN, a="{{ 7 * 7 }}") == "{{ 7 * 7 }}"
    with pytest.raises(PromptError, match="unsafe"):
        book.render("line", Lang.ZH, a="x")


def test_a_prompt_renders_its_declared_variables(tmp_path: Path) -> None:
    write_prompt(tmp_path, Lang.EN, "Reword for {{ account }}.")
    write_prompt(tmp_path, Lang.ZH, "为{{ account }}改写。")
    prompt = load_prompt("intent", "reword", Lang.ZH, tmp_path)
    assert prompt.render(account="海岳") == "为海岳改写。"
    assert prompt.label == f"intent/reword@1+{prompt.digest[:8]}"
    with pytest.raises(PromptError, match="missing parameter"):
        prompt.render()


@pytest.mark.parametrize(
    ("body", "head", "problem"),
    [
        ("For {{ account }}", "version: 1\nvariables: []", "declared and used variables differ"),
        ("For you", "version: 1\nvariables: [account]", "declared and used variables differ"),
        ("For you", "version: 1\nvariables: []", "only one language uses the variable"),
        ("For {{ account }}", "variables: [account]", "Field required at version"),
        ("", "version: 1\nvariables: []", "needs front matter"),
    ],
)
def test_a_faulty_prompt_file_is_refused(tmp_path: Path, body: str, head: str, problem: str) -> None:
    write_prompt(tmp_path, Lang.ZH, "为{{ account }}改写。")
    write_prompt(tmp_path, Lang.EN, body, head)
    with pytest.raises(PromptError, match=problem):
        load_prompt("intent", "reword", Lang.ZH, tmp_path)


def test_a_prompt_needs_both_languages(tmp_path: Path) -> None:
    write_prompt(tmp_path, Lang.EN, "Reword for {{ account }}.")
    with pytest.raises(PromptError, match="cannot be read"):
        load_prompt("intent", "reword", Lang.EN, tmp_path)


@given(st.integers(min_value=-(10**12), max_value=10**12), st.integers(min_value=0, max_value=99))
def test_a_printed_amount_can_be_read_back(whole: int, cents: int) -> None:
    exact = Decimal(whole) + Decimal(cents) / 100
    assert Decimal(number(exact).replace(",", "")) == exact


@given(st.lists(st.text("abc甲乙", min_size=1), min_size=1), st.sampled_from(Lang))
def test_a_listing_holds_every_name_in_order(names: list[str], lang: Lang) -> None:
    written = listing(names, lang)
    separators = ("、", "和") if lang is Lang.ZH else (", ", " and ")
    for separator in separators:
        written = written.replace(separator, "|")
    assert written.split("|") == names


def test_the_lock_follows_a_bumped_version(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_phrases(tmp_path, PHRASES)
    assert lock.main([], tmp_path) == 1
    assert "not recorded" in capsys.readouterr().err
    assert lock.main(["--update"], tmp_path) == 0
    assert lock.main([], tmp_path) == 0
    write_phrases(tmp_path, PHRASES.replace("version: 3", "version: 4").replace("Hello", "Good day"))
    assert lock.main([], tmp_path) == 1
    assert lock.main(["--update"], tmp_path) == 0
    assert lock.load_lock(tmp_path)["intent/phrases.yaml"].version == 4


@pytest.mark.parametrize("version", [2, 3])
def test_the_lock_refuses_new_text_without_a_higher_version(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], version: int
) -> None:
    write_phrases(tmp_path, PHRASES)
    lock.main(["--update"], tmp_path)
    before = lock.load_lock(tmp_path)
    write_phrases(tmp_path, PHRASES.replace("version: 3", f"version: {version}").replace("Hello", "Good day"))
    assert lock.main(["--update"], tmp_path) == 1
    assert "version must be above 3" in capsys.readouterr().err
    assert lock.load_lock(tmp_path) == before


def test_the_lock_notices_a_file_that_is_gone_or_misplaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_phrases(tmp_path, PHRASES)
    lock.main(["--update"], tmp_path)
    path.unlink()
    assert lock.unrecorded(tmp_path) == [
        "intent/phrases.yaml: recorded but gone; run `python -m prompts.lock --update`"
    ]
    (path.parent / "notes.txt").write_text("stray")
    assert lock.main([], tmp_path) == 1
    assert "expected phrases.yaml" in capsys.readouterr().err


def test_names_to_choose_from_are_joined_by_or() -> None:
    assert either(["A"], Lang.EN) == "A"
    assert either(["A", "B", "C"], Lang.EN) == "A, B or C"
    assert either(["甲", "乙", "丙"], Lang.ZH) == "甲、乙还是丙"
