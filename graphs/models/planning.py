"""The next step of a dialogue, asked of one endpoint: offered as it takes tools, checked, repaired once."""

from dataclasses import dataclass

from core.language import Lang
from core.model_settings import ToolCalls
from graphs.budget import Budget
from graphs.models.catalogue import CALLING, MANY, catalogue_messages, unwrap
from graphs.models.endpoint import Endpoint
from graphs.models.messages import Message, Planned, Reply, Request, Tool
from graphs.models.replies import collect, complaint
from graphs.models.schema_choice import choice_messages, choice_schema, read_choice
from graphs.models.showing import Said, Showing, may_be_a_call
from graphs.models.stops import ModelStoppedError, Stop, ToolsRefusedError
from graphs.models.tool_calls import find_calls, read_calls

_NOTHING = "It was empty: call a tool or answer."


@dataclass(frozen=True, slots=True)
class _Tried:
    """One reply: the plan in it, or what is wrong with it."""

    reply: Reply
    plan: Planned | None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Planning:
    """A dialogue at the point where the model says what comes next."""

    messages: tuple[Message, ...]
    tools: tuple[Tool, ...]
    budget: Budget
    most: int
    said: Said | None
    lang: Lang

    async def ask(self, endpoint: Endpoint) -> Planned:
        """What `endpoint` wants. Raises ModelStoppedError."""
        tried = await self._try(endpoint, self.messages)
        if tried.plan is None:
            told = complaint(tried.reply, tried.faults, self.lang)
            tried = await self._try(endpoint, (*self.messages, *told))
        if tried.plan is None:
            raise ModelStoppedError(Stop.MALFORMED)
        return tried.plan

    async def _try(self, endpoint: Endpoint, messages: tuple[Message, ...]) -> _Tried:
        if endpoint.tool_calls is not ToolCalls.SCHEMA or not self.tools:
            try:
                return await self._natively(endpoint, messages)
            except ToolsRefusedError as error:
                if endpoint.tool_calls is ToolCalls.NATIVE:
                    raise ModelStoppedError(Stop.REFUSED) from error
                endpoint.tool_calls = ToolCalls.SCHEMA
        return await self._by_schema(endpoint, messages)

    async def _natively(self, endpoint: Endpoint, messages: tuple[Message, ...]) -> _Tried:
        showing = Showing(self.said, in_json=False)
        listed = endpoint.tool_calls is ToolCalls.AUTO and len(self.tools) >= MANY
        request = (
            Request(catalogue_messages(messages, self.tools, self.lang), self.most, (CALLING,))
            if listed
            else Request(messages, self.most, self.tools)
        )
        reply = unwrap(await collect(endpoint, request, self.budget, showing))
        if reply.calls:
            wanted = read_calls(reply, self.tools)
            plan = None if wanted.faults else Planned(wanted.calls, reply.text)
            return _Tried(reply, plan, wanted.faults)
        # Only a reply that is a call from its first letter: one that is told of within an answer is none.
        written = find_calls(reply.text, self.tools) if may_be_a_call(reply.text) else None
        if written is not None:
            if endpoint.tool_calls is ToolCalls.AUTO:
                # It does not know tool calls: it wrote one down instead.
                endpoint.tool_calls = ToolCalls.SCHEMA
            return _Tried(reply, None if written.faults else Planned(written.calls), written.faults)
        if not reply.text:
            return _Tried(reply, None, (_NOTHING,))
        showing.catch_up(reply.text)
        return _Tried(reply, Planned(text=reply.text, cut=reply.finish == "length"))

    async def _by_schema(self, endpoint: Endpoint, messages: tuple[Message, ...]) -> _Tried:
        request = Request(choice_messages(messages, self.tools, self.lang), self.most, shape=choice_schema(self.tools))
        reply = await collect(endpoint, request, self.budget, Showing(self.said, in_json=True))
        chosen = read_choice(reply.text, self.tools)
        return _Tried(reply, chosen.plan, chosen.faults)
