"""Examining the assistant: every message of some cases asked of the demo company, each answer judged."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from core.model_settings import ModelRole
from core.settings import Settings
from evals.suites.chat.asking import Assistant
from evals.suites.chat.baselines import by_bm25, refuse_all
from evals.suites.chat.cases import Case, CaseFile
from evals.suites.chat.catalogue import default_arguments, read_catalogue
from evals.suites.chat.changes import ChangeLog
from evals.suites.chat.company import TENANT, open_company, read_ids
from evals.suites.chat.matching import Matcher
from evals.suites.chat.scoring import Judged, judge
from hub.installation import Platform

EMBEDDED = "embedded"


@dataclass(frozen=True)
class Examined:
    """One message of a part of the cases: what came of it, and by name what simpler assistants would have said."""

    part: str
    judged: Judged
    others: Mapping[str, Judged]
    model: str


def examine(settings: Settings, parts: Mapping[str, CaseFile]) -> Iterator[Examined]:
    """Ask the cases of each part one after the other, each part in a company of its own, as they come."""
    for part, file in parts.items():
        with open_company(settings, file.company) as (platform, clock):
            clock.at = file.clock
            yield from examine_in(platform, part, file.cases)


def examine_in(platform: Platform, part: str, cases: Sequence[Case]) -> Iterator[Examined]:
    """Ask some cases in a throw-away company that is open."""
    tools = read_catalogue(platform)
    matcher = Matcher(asyncio.run(read_ids(platform, platform.owner(TENANT))), default_arguments(tools))
    others = {"refuse_all": refuse_all, "bm25": by_bm25({name: tool.purpose for name, tool in tools.items()})}
    model = _model(platform)
    with closing(ChangeLog(platform.settings.home / "saleshub.sqlite")) as changes:
        assistant = Assistant(platform, changes)
        for case in cases:
            for place, said in enumerate(assistant.converse(case)):
                message = case.turns[place].say
                compared = {name: judge(matcher, case, place, reply(message)) for name, reply in others.items()}
                yield Examined(part, judge(matcher, case, place, said), compared, model)


def _model(platform: Platform) -> str:
    """Who plans: the embedded engine, or a language model where that is unsure."""
    planner = None if platform.models is None else platform.models.of(ModelRole.PLANNER)
    return EMBEDDED if planner is None else planner.name
