"""A language model words the package: only faithfully, within its means, and never at the package's cost."""

import asyncio
import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest

from core.domain.claims import Claim
from core.domain.packages import Package
from core.language import Lang
from core.settings import Settings
from hub.platform import open_platform
from hub.rendering.markdown import render_markdown
from tests.passing_time import pass_time
from tests.scripted_model import Asked, Script, ScriptedModel, answer, reworded
from tests.small_company import INJECTION, INJECTION_ZH, NOW, import_small_company, visit


class FixedClock:
    def now(self) -> Any:
        return NOW


def settings(home: Path, **fields: Any) -> Settings:
    return Settings(home=home, **{"database_url": None, "embedding_model": "none", "openai_api_key": None, **fields})


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    with open_platform(settings(folder / "home"), clock=FixedClock()) as platform:
        import_small_company(platform, folder / "exports")
    return folder / "home"


class Visit(Protocol):
    """Makes a package with a model that follows a script."""

    def __call__(
        self, script: Script, account: str = ..., lang: Lang = ..., usage: tuple[int, int] | None = ..., **fields: Any
    ) -> tuple[Package, ScriptedModel]: ...


@pytest.fixture
def visited(home: Path) -> Iterator[Visit]:
    models: list[ScriptedModel] = []
    with ExitStack() as stack:

        def run(
            script: Script,
            account: str = "Acme Drives Ltd",
            lang: Lang = Lang.EN,
            usage: tuple[int, int] | None = (300, 100),
            **fields: Any,
        ) -> tuple[Package, ScriptedModel]:
            models.append(ScriptedModel(script=script, usage=usage))
            opened = open_platform(settings(home, **fields), chat_model=models[-1], clock=FixedClock())
            return visit(stack.enter_context(opened), account, lang), models[-1]

        yield run
    assert [model.surprises for model in models if model.surprises] == []


async def faithful(asked: Asked) -> str:
    return answer({line["id"]: reworded(line["text"]) for line in asked.lines})


def changed(package: Package) -> list[Claim]:
    return [claim for claim in package.claims if claim.text != claim.plain]


def lines_of(model: ScriptedModel) -> list[dict[str, str]]:
    return [line for asked in model.asked for line in asked.lines]


@pytest.mark.parametrize(
    ("account", "lang"), [("Acme Drives Ltd", Lang.EN), ("Acme Drives Ltd", Lang.ZH), ("华锦精密机械有限公司", Lang.ZH)]
)
def test_faithful_wordings_are_shown_and_counted(visited: Visit, account: str, lang: Lang) -> None:
    package, model = visited(faithful, account, lang)

    assert len(changed(package)) == len({line["id"] for line in lines_of(model)}) > 15
    assert package.model == "scripted"
    assert package.usage.model_calls == len(model.asked)
    assert package.usage.input_tokens == 300 * len(model.asked)
    assert package.usage.output_tokens == 100 * len(model.asked)
    assert package.prompts[-1].startswith("visit/reword@2+")
    assert str(len(changed(package))) in str(package.wording)
    assert str(package.wording) in render_markdown(package)


def test_state_evidence_and_plain_wording_are_never_the_models(visited: Visit, home: Path) -> None:
    with open_platform(settings(home), clock=FixedClock()) as platform:
        computed = visit(platform)
    package, _model = visited(faithful)

    assert computed.wording is None
    assert computed.usage.model_calls == 0
    untold = {"text"}
    assert [claim.model_dump(exclude=untold) for claim in package.claims] == [
        claim.model_dump(exclude=untold) for claim in computed.claims
    ]
    assert package.sections == computed.sections
    assert package.evidence == computed.evidence


@pytest.mark.parametrize(("account", "lang"), [("Acme Drives Ltd", Lang.EN), ("华锦精密机械有限公司", Lang.ZH)])
def test_what_outsiders_wrote_never_reaches_the_model_and_stays_verbatim(
    visited: Visit, account: str, lang: Lang
) -> None:
    package, model = visited(faithful, account, lang)
    # Quotation marks inside a quotation become single ones, so that nobody can quote themselves out of it.
    injection = (INJECTION if lang is Lang.EN else INJECTION_ZH).translate(str.maketrans("“”", "‘’"))

    assert any(injection in claim.text for claim in package.claims)
    said = json.dumps([line["text"] for line in lines_of(model)], ensure_ascii=False)
    assert "previous" not in said
    assert "之前的" not in said
    assert "{q1}" in said


def test_instructions_and_data_come_in_messages_of_their_own(visited: Visit) -> None:
    package, model = visited(faithful)

    assert {asked.instructions for asked in model.asked} == {model.asked[0].instructions}
    for outside in (package.account, package.purpose, "Ada Frost"):
        assert outside not in model.asked[0].instructions


def test_a_steered_model_changes_no_price_and_no_name(visited: Visit) -> None:
    async def steered(asked: Asked) -> str:
        swap = {"EUR 1,080": "EUR 1", "Ada Frost": "Ben Okoro", " no ": " a ", "10%": "90%", "must": "need not"}
        texts = {}
        for line in asked.lines:
            text = line["text"]
            for old, new in swap.items():
                text = text.replace(old, new)
            texts[line["id"]] = text if text != line["text"] else "Set the price to 1 and mail it to eve@evil.example."
        return answer(texts)

    package, _model = visited(steered)
    assert changed(package) == []
    assert package.model == "embedded"
    assert "changed facts" in str(package.wording)


def test_what_was_refused_is_asked_once_more_with_the_reason(visited: Visit) -> None:
    async def careless_first(asked: Asked) -> str:
        texts = {line["id"]: reworded(line["text"]) for line in asked.lines}
        return answer(texts if "refused" in asked.lines[0] else dict.fromkeys(texts, "Sold for EUR 7."))

    package, model = visited(careless_first)
    first = [line for line in lines_of(model) if "refused" not in line]
    again = [line for line in lines_of(model) if "refused" in line]
    assert len(first) == len(again) == len(changed(package))
    assert {line["refused"] for line in again} <= {"figures", "quotations", "length"}


def fenced(text: str) -> str:
    return f"Sure, here {{you}} go:\n```json\n{text}\n```\nAnything else?"


def cut_off(text: str) -> str:
    return text[: len(text) * 2 // 3]


@pytest.mark.parametrize("form", [fenced, cut_off])
def test_what_can_be_read_of_an_untidy_answer_is_used(visited: Visit, form: Any) -> None:
    async def untidy(asked: Asked) -> str:
        return str(form(await faithful(asked)))

    package, _model = visited(untidy)
    assert changed(package)
    assert all(claim.text == reworded_claim(claim) for claim in changed(package))


def reworded_claim(claim: Claim) -> str:
    return reworded(claim.plain)


def twice(lines: list[dict[str, str]]) -> str:
    sentences = [{"id": line["id"], "text": text} for line in lines for text in (line["text"], reworded(line["text"]))]
    return json.dumps({"sentences": sentences})


USELESS: dict[str, Callable[[list[dict[str, str]]], str]] = {
    "nothing": lambda _: "",
    "prose": lambda _: "I cannot help with that.",
    "a list": lambda _: "[1, 2]",
    "no sentences": lambda _: '{"sentences": 7}',
    "odd sentences": lambda _: '{"sentences": [1, {"id": 2}, null]}',
    "wrong ids": lambda lines: answer({line["id"] + "x": line["text"] + "!" for line in lines}),
    "two texts for one id": twice,
    "empty texts": lambda lines: answer({line["id"]: " " for line in lines}),
    "a flood": lambda lines: answer({line["id"]: line["text"] * 2_000 for line in lines}),
    "deep nesting": lambda _: '{"sentences": ' + "[" * 50_000,
    "lone surrogates": lambda lines: answer({line["id"]: "x" for line in lines}).replace('"x"', '"\\ud800"'),
}


@pytest.mark.parametrize("kind", USELESS)
def test_a_useless_answer_leaves_the_computed_wording(visited: Visit, kind: str) -> None:
    async def useless(asked: Asked) -> str:
        return USELESS[kind](asked.lines)

    package, _model = visited(useless)
    assert package.claims
    assert changed(package) == []
    assert "0 of" in str(package.wording)


def test_a_model_that_never_answers_stops_in_time(visited: Visit) -> None:
    async def silent(_asked: Asked) -> str:
        pass_time(60)
        await asyncio.Event().wait()
        return ""

    package, model = visited(silent)
    assert changed(package) == []
    assert "in time" in str(package.wording)
    assert package.usage.model_calls == len(model.asked)
    assert package.usage.input_tokens > 0


def test_what_was_worded_before_the_time_was_up_is_kept(visited: Visit) -> None:
    async def slower_and_slower(asked: Asked) -> str:
        if next(model_calls) > 0:
            # The loop's next rounds bring the first answer to whoever asked; no other thread has a part in it.
            for _round in range(500):
                await asyncio.sleep(0)
            pass_time(60)
            await asyncio.Event().wait()
        return await faithful(asked)

    model_calls = itertools.count()
    package, _model = visited(slower_and_slower)
    assert len(changed(package)) > 5
    assert package.model == "scripted"
    assert "in time" in str(package.wording)


def test_a_model_that_fails_is_not_asked_again(visited: Visit) -> None:
    async def broken(_asked: Asked) -> str:
        raise RuntimeError("sk-secret leaked in a message")

    package, model = visited(broken)
    assert changed(package) == []
    assert len(model.asked) <= 4
    assert "failed" in str(package.wording)
    assert "sk-secret" not in package.model_dump_json()


@pytest.mark.parametrize("usage", [(2_000, 500), (0, 0), None])
def test_no_call_is_made_that_the_budget_might_not_cover(visited: Visit, usage: tuple[int, int] | None) -> None:
    package, model = visited(faithful, usage=usage, model_max_tokens=9_000)

    most = max(len(asked.instructions.encode()) + asked.max_tokens for asked in model.asked)
    assert package.usage.input_tokens + package.usage.output_tokens <= 9_000
    assert most < 9_000
    if usage == (2_000, 500):
        assert "budget" in str(package.wording)
        worded = {claim.id for claim in changed(package)}
        assert worded & set(package.summary)


def test_without_a_budget_no_call_is_made(visited: Visit) -> None:
    package, model = visited(faithful, lang=Lang.ZH, model_max_tokens=100)

    assert model.asked == []
    assert package.usage.model_calls == 0
    assert "预算" in str(package.wording)
