"""The tools of one turn: those that the caller's roles permit, and no others."""

from collections.abc import Mapping

from agents.answers.registry import ANSWERS
from agents.answers.spec import Asking
from core.language import Lang
from core.policy.permissions import Action, may
from graphs.chat.specialists import answer_tool
from graphs.chat.state import ChatTool
from hub.chat.proposing import InHand, proposing_tools
from hub.chat.visiting import visiting_tools
from hub.chat.waiting import waiting_tools
from hub.installation import Platform

_NEEDS = {"prepare_visit": Action.REQUEST_VISIT}


def build_toolbox(platform: Platform, asking: Asking, turn: str, lang: Lang, in_hand: InHand) -> Mapping[str, ChatTool]:
    """What the specialists answer, what the hub itself knows, and writes as proposals, by name."""
    caller = asking.caller
    tools = [answer_tool(spec, asking) for spec in ANSWERS.values()]
    tools += waiting_tools(platform, caller, lang)
    tools += visiting_tools(platform, caller, turn, lang, in_hand)
    if may(caller, Action.PROPOSE_EFFECT):
        tools += proposing_tools(platform, caller, turn, lang, in_hand)
    return {tool.name: tool for tool in tools if tool.name not in _NEEDS or may(caller, _NEEDS[tool.name])}
