"""The chat suite on the demo company: its cases tell of what is there, and the assistant is asked for real."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest

from core.domain.payloads import Operation
from core.settings import Settings
from core.text import normalise_name
from evals.bench.model_server.replies import asks_for, says, tool_call
from evals.bench.model_server.serving import open_model_server
from evals.suites.chat.cases import ANY, CASES, Case, CaseFile, load_cases
from evals.suites.chat.catalogue import default_arguments, read_catalogue
from evals.suites.chat.company import TENANT, USERS, open_company, read_ids
from evals.suites.chat.examining import examine_in
from evals.suites.chat.matching import Matcher
from evals.suites.chat.suite import ChatSuite, recorded, report_of
from evals.suites.chat.writes import WRITES, expected_payload
from hub.effects.proposing import resolve_proposal
from hub.installation import Platform
from tools.registry import WRITE_TOOLS

_NAMES = {
    *("account", "account_id", "contact", "contact_id", "person_id", "deal", "opportunity_id", "contract"),
    *("product", "product_id", "product_ids", "owner", "assignee", "signatories"),
}
# One of each kind, and of each way to end.
_ASKED = (
    *("d015", "d021", "d036", "d087", "d091", "d097", "d107", "d136", "d156", "d160", "d166", "d170", "d203", "d212"),
    "d233",
)


@pytest.fixture(scope="module")
def files() -> dict[str, CaseFile]:
    return {part: load_cases(CASES / f"{part}.yaml") for part in ChatSuite.parts}


@pytest.fixture(scope="module")
def company(files: dict[str, CaseFile], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The demo company at the moment of the cases, which is the same in both parts."""
    (day,), (moment,) = {file.company for file in files.values()}, {file.clock for file in files.values()}
    with open_company(Settings(home=tmp_path_factory.mktemp("unused")), day) as (platform, clock):
        clock.at = moment
        yield platform


@pytest.fixture(scope="module")
def ids(company: Platform) -> dict[str, str]:
    return asyncio.run(read_ids(company, company.owner(TENANT)))


def _calls(file: CaseFile) -> Iterator[tuple[Case, str, dict[str, Any]]]:
    for case in file.cases:
        for message in case.turns:
            for way in message.ways:
                for tool, args in way.calls:
                    yield case, tool, args


def _values(value: Any) -> Iterator[str]:
    """The names in what is wanted of an argument."""
    if isinstance(value, Mapping):
        for inner in value.get("either", ()):
            yield from _values(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner)
    elif value is not None and value != ANY:
        yield str(value)


@pytest.mark.parametrize("part", ChatSuite.parts)
def test_every_name_that_a_case_expects_is_one_of_the_company(
    part: str, files: dict[str, CaseFile], ids: dict[str, str]
) -> None:
    named = [
        (case.id, name)
        for case, _tool, args in _calls(files[part])
        for each in (args, *args.get("lines", ()))
        for argument in _NAMES & each.keys()
        for name in _values(each[argument])
    ]
    assert named
    assert [(id_, name) for id_, name in named if normalise_name(name) not in ids] == []


@pytest.mark.parametrize("part", ChatSuite.parts)
def test_every_argument_that_a_case_expects_is_one_of_the_tool(
    part: str, files: dict[str, CaseFile], company: Platform
) -> None:
    tools = read_catalogue(company)
    strange = [
        (case.id, tool, args.keys() - tools[tool].args_model.model_fields.keys())
        for case, tool, args in _calls(files[part])
        if args.keys() - tools[tool].args_model.model_fields.keys()
    ]
    assert strange == []


@pytest.mark.parametrize("part", ChatSuite.parts)
def test_every_write_that_a_case_expects_is_one_that_would_be_proposed(
    part: str, files: dict[str, CaseFile], company: Platform, ids: dict[str, str]
) -> None:
    matcher = Matcher(ids, {})
    for case, tool, args in _calls(files[part]):
        if tool not in WRITES:
            continue
        caller = USERS[case.user].caller(TENANT)
        payload = resolve_proposal(company, caller, tool, _as_given(tool, args)).payload.model_dump(mode="json")
        wrong = {
            field: (value, payload.get(field))
            for field, value in expected_payload(tool, args).items()
            if not matcher.fits(value, payload.get(field))
        }
        assert (case.id, wrong) == (case.id, {})


def _as_given(tool: str, args: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments as somebody might give them who meant what is wanted."""
    fields = WRITE_TOOLS[Operation(tool)].args_model.model_fields
    given: dict[str, Any] = {}
    for name, value in args.items():
        if value == ANY:
            if fields[name].is_required():
                given[name] = date(2026, 4, 1) if fields[name].annotation is date else "as discussed"
        elif isinstance(value, Mapping):
            given[name] = value["either"][0] if "either" in value else ", ".join(value["has"])
        else:
            given[name] = value
    return given


@pytest.mark.parametrize("part", ChatSuite.parts)
def test_names_that_nobody_may_find_are_not_there(
    part: str, files: dict[str, CaseFile], company: Platform, ids: dict[str, str]
) -> None:
    checked = 0

    @cache
    def hidden(user: str) -> set[str]:
        return ids.keys() - asyncio.run(read_ids(company, USERS[user].caller(TENANT))).keys()

    for case in files[part].cases:
        unknown = [normalise_name(message.say) for message in case.turns if message.unknown is not None]
        if case.kind == "rights":
            assert all(any(name in said for name in hidden(case.user)) for said in unknown), case.id
        elif case.kind == "unknown":
            wanted = {"account": "account_id", "product_ids": "product_id"}
            names = _of_kind(ids, wanted.get(slot := case.turns[0].unknown or "", slot))
            assert not any(name in said for name in names for said in unknown), case.id
        checked += len(unknown)
    assert checked >= 8


def _of_kind(ids: Mapping[str, str], slot: str) -> list[str]:
    """Names that fill a slot, told from one another by the form of their ids."""
    forms = {"account_id": "001tl", "product_id": None, "contact_id": "5", "opportunity_id": ("006tl", "sj-")}
    form = forms[slot]
    if form is None:
        return [name for name, id_ in ids.items() if id_ == name and "-" in name and len(name) < 9]
    return [name for name, id_ in ids.items() if id_.startswith(form) and len(name) > 1]


def test_some_of_the_cases_are_asked_and_end_as_they_must(files: dict[str, CaseFile], company: Platform) -> None:
    chosen = [case for case in files["dev"].cases if case.id in _ASKED]
    assert [case.id for case in chosen] == sorted(_ASKED)
    examined = list(examine_in(company, "dev", chosen))
    assert [recorded(one) for one in examined if not one.judged.right] == []
    proposed = [one.judged.said for one in examined if one.judged.said.effects]
    assert [name for said in proposed for name, _payload in said.effects or ()] == ["reserve_stock"]
    assert [visit for one in examined for visit in one.judged.said.visits] == ["001TL000027"]

    report = report_of("chat", examined)
    assert report.n == sum(len(case.turns) for case in chosen)
    assert report.model == "embedded"
    assert report.figures["calls_right"] == report.figures["end_state_right"] == 1
    assert report.figures["model_calls"] == report.figures["tokens"] == 0
    assert {"part:dev", "lang:zh", "kind:rights", "tool:reserve_stock", "turn:later"} <= report.by.keys()
    assert report.baselines["refuse_all"]["out_of_scope_refused"] == 1
    assert report.baselines["refuse_all"]["calls_right"] == 0
    assert 0 < report.baselines["bm25"]["tool_right"] < 1


def test_defaults_may_be_left_out_of_an_expected_call(company: Platform) -> None:
    defaults = default_arguments(read_catalogue(company))
    assert defaults["list_opportunities"]["status"] == "open"
    assert Matcher({}, defaults).same_calls(
        [("list_opportunities", {"mine": True})], [("list_opportunities", {"mine": True, "status": "open"})]
    )


def test_with_a_model_set_up_the_report_is_of_that_model(company: Platform) -> None:
    letter = {"id": "x1", "lang": "en", "kind": "needs_model", "say": "Compose a letter that woos Ironbark back"}
    case = Case.model_validate({**letter, "do": [{"list_risks": {"account_id": "Ironbark"}}]})
    wanted = asks_for(tool_call("list_risks", {"account_id": "001TL000079"}))
    with open_model_server(wanted, says("That is all.")) as server:
        endpoint = {"openai_base_url": server.url, "planner_model": "big", "writer_model": "big"}
        with_model = replace(company, settings=company.settings.model_copy(update=endpoint))
        report = report_of("chat", list(examine_in(with_model, "own", [case])))
    assert report.model == "big"
    assert report.figures["right"] == 1
    assert report.figures["model_calls"] == len(server.asked) == 2
    assert report.figures["tokens"] > 0
    assert "ece" not in report.figures
