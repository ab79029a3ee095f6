"""An answer in a given shape, asked of one endpoint: checked, repaired once."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from core.language import Lang
from graphs.budget import Budget
from graphs.models.endpoint import Endpoint
from graphs.models.messages import Message, Request
from graphs.models.replies import collect, complaint
from graphs.models.showing import Showing
from graphs.models.stops import ModelStoppedError, Stop
from graphs.models.wire import dump
from prompts.loader import load_prompt

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Shaping(Generic[M]):
    """A question whose answer has a shape."""

    messages: tuple[Message, ...]
    shape: type[M]
    budget: Budget
    most: int
    lang: Lang

    async def ask(self, endpoint: Endpoint) -> M:
        """The answer of `endpoint`. Raises ModelStoppedError."""
        schema = self.shape.model_json_schema()
        # Servers that take no schema, or take it and pay no heed, still read it here.
        rules = Message("user", load_prompt("models", "shape", self.lang).render(schema=dump(schema)))
        messages = (*self.messages, rules)
        for _attempt in range(2):
            request = Request(messages, self.most, shape=schema)
            reply = await collect(endpoint, request, self.budget, Showing(None, in_json=False))
            try:
                return self.shape.model_validate_json(_json_in(reply.text))
            except ValidationError as error:
                faults = [f"{'.'.join(map(str, each['loc'])) or 'all of it'}: {each['msg']}" for each in error.errors()]
                messages = (*messages, *complaint(reply, faults, self.lang))
        raise ModelStoppedError(Stop.MALFORMED)


def _json_in(text: str) -> str:
    """The JSON object in a text that may have a fence or words around it."""
    start, end = text.find("{"), text.rfind("}")
    return text[start : end + 1] if 0 <= start < end else text
