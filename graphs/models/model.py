"""A language model in a role: what it is asked, and what its answers must look like before anyone uses them."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Protocol, TypeVar

from pydantic import BaseModel

from core.language import Lang
from core.model_settings import ModelRole
from graphs.budget import Budget, Limits, Purse
from graphs.models.endpoint import Endpoint
from graphs.models.messages import Message, Planned, Request, Tool
from graphs.models.planning import Planning
from graphs.models.showing import Said
from graphs.models.stops import ModelStoppedError, Stop
from graphs.models.structured import Shaping

M = TypeVar("M", bound=BaseModel)
T_co = TypeVar("T_co", covariant=True)

# A reply that broke off may come whole the second time; another error would come again.
_BROKE_OFF = frozenset({Stop.STALLED, Stop.TRUNCATED})


class _Question(Protocol[T_co]):
    """Something that one endpoint can be asked."""

    async def ask(self, endpoint: Endpoint) -> T_co:
        """Its answer."""


class Model:
    """The model of one role and the one that answers when it does not, in the order in which they are asked.

    Each method raises ModelStoppedError when nobody answers to the end, with what was said by then.
    """

    def __init__(self, role: ModelRole, endpoints: Sequence[Endpoint], limits: Limits, answer_tokens: int) -> None:
        self.role = role
        self.name = endpoints[0].name
        self.limits = limits
        self.endpoints = tuple(endpoints)
        self._turns = self.endpoints if len(endpoints) > 1 else self.endpoints * 2
        self._answer_tokens = answer_tokens

    def build_budget(self, purse: Purse | None = None) -> Budget:
        """What one run may spend by the limits of this role, and by `purse` together with other runs."""
        return Budget(self.limits, purse=purse)

    async def plan(
        self,
        messages: Sequence[Message],
        tools: Sequence[Tool],
        budget: Budget,
        *,
        said: Said | None = None,
        lang: Lang = Lang.EN,
    ) -> Planned:
        """What to do next: calls of `tools` to make side by side, each with arguments that fit, or a text.

        `said` gets the text as it comes; `lang` is that of the rules for a model without tool calls. A reply that
        cannot be used is sent back once with what was wrong.
        """
        planning = Planning(tuple(messages), tuple(tools), budget, self._answer_tokens, said, lang)
        return await self._ask(planning)

    async def structured(
        self, messages: Sequence[Message], shape: type[M], budget: Budget, *, lang: Lang = Lang.EN
    ) -> M:
        """An answer in the given shape. One that does not fit is sent back once with what was wrong."""
        return await self._ask(Shaping(tuple(messages), shape, budget, self._answer_tokens, lang))

    async def stream(
        self, messages: Sequence[Message], budget: Budget, *, most: int | None = None
    ) -> AsyncGenerator[str, None]:
        """The pieces of a text of at most `most` tokens. Close it to stop the model early.

        Another model takes over only while nothing has been said.
        """
        request = Request(tuple(messages), most or self._answer_tokens)
        text = ""
        for place, endpoint in enumerate(self._turns):
            try:
                async with aclosing(endpoint.call(request, budget)) as deltas:
                    async for delta in deltas:
                        if delta.text:
                            text += delta.text
                            yield delta.text
            except ModelStoppedError as error:
                if text or not self._goes_on(place, error.reason):
                    raise ModelStoppedError(error.reason, text) from error
            else:
                return

    async def answer(self, messages: Sequence[Message], budget: Budget, *, most: int | None = None) -> str:
        """The whole text of at most `most` tokens."""
        async with aclosing(self.stream(messages, budget, most=most)) as pieces:
            return "".join([piece async for piece in pieces])

    async def _ask(self, question: _Question[T_co]) -> T_co:
        for place, endpoint in enumerate(self._turns):
            try:
                return await question.ask(endpoint)
            except ModelStoppedError as error:
                if error.text or not self._goes_on(place, error.reason):
                    raise
        raise AssertionError("the last turn answers or raises")

    def _goes_on(self, place: int, reason: Stop) -> bool:
        if reason.is_budget or place + 1 == len(self._turns):
            return False
        return reason in _BROKE_OFF or self._turns[place + 1] is not self._turns[place]
