"""Which language model does what. Without a key there is none, and the embedded wording stands."""

from dataclasses import dataclass
from enum import StrEnum

import structlog
from langchain_core.exceptions import (
    ModelAuthenticationError,
    ModelNotFoundError,
    ModelPermissionDeniedError,
    ModelRateLimitError,
    ModelTimeoutError,
)
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import HumanMessage, SystemMessage

from core.settings import Settings
from graphs.budget import Budget

log = structlog.get_logger()


class Stop(StrEnum):
    """Why a model is not asked any further."""

    BUDGET = "budget"
    TIMEOUT = "timeout"
    BUSY = "busy"
    REFUSED = "refused"
    FAILED = "failed"


class ModelStoppedError(Exception):
    """The model did not answer; `reason` says why."""

    def __init__(self, reason: Stop) -> None:
        self.reason = reason
        super().__init__(reason)


_REASONS: tuple[tuple[tuple[type[Exception], ...], Stop], ...] = (
    ((TimeoutError, ModelTimeoutError), Stop.TIMEOUT),
    ((ModelRateLimitError,), Stop.BUSY),
    ((ModelAuthenticationError, ModelPermissionDeniedError, ModelNotFoundError), Stop.REFUSED),
)


def _size(text: str) -> int:
    """Most tokens that `text` can be: tokenisers of these models make at least one byte of each."""
    return len(text.encode())


@dataclass(frozen=True, slots=True)
class Writer:
    """A chat model in the role of writer, with the most tokens and seconds it may use in one run."""

    name: str
    model: BaseChatModel
    max_tokens: int
    timeout_s: float

    async def answer(self, instructions: str, data: str, most: int, budget: Budget) -> str:
        """The model's text of at most `most` tokens, paid from `budget`.

        `data` goes into a message of its own, apart from the instructions. Raises ModelStoppedError when the budget
        does not allow the call or the model fails, whatever its client threw.
        """
        asked = _size(instructions) + _size(data) + 32
        if not budget.reserve(asked + most):
            raise ModelStoppedError(Stop.BUDGET)
        # A call that is cut off has been paid for all the same, at least its question.
        spent = (asked, 0)
        try:
            reply = await self.model.ainvoke([SystemMessage(instructions), HumanMessage(data)], max_tokens=most)
            text = str(reply.text)
            told = getattr(reply, "usage_metadata", None)
            spent = (told["input_tokens"], told["output_tokens"]) if told else (asked, _size(text))
        except Exception as error:
            reason = next((stop for kinds, stop in _REASONS if isinstance(error, kinds)), Stop.FAILED)
            # Not the message: clients put parts of keys and of what was sent into it.
            log.warning("model_failed", model=self.name, reason=reason, error=type(error).__name__)
            raise ModelStoppedError(reason) from error
        finally:
            budget.settle(asked + most, *spent)
        return text


def build_writer(settings: Settings, chat_model: BaseChatModel | None = None) -> Writer | None:
    """The writer: `chat_model` where passed in, else the remote model where a key is set, else none."""
    limits = (settings.model_max_tokens, settings.model_timeout_s)
    if chat_model is not None:
        return Writer(getattr(chat_model, "model_name", chat_model._llm_type), chat_model, *limits)
    if settings.openai_api_key is None:
        return None
    # Costs a second to import, and most installations start without a key.
    from langchain_openai import ChatOpenAI  # noqa: PLC0415

    model = ChatOpenAI(
        model=settings.writer_model,
        api_key=settings.openai_api_key,
        base_url=settings.openai_base_url,
        # One stalled try leaves time for another; the client waits between tries, with jitter.
        timeout=settings.model_timeout_s / 3,
        max_retries=3,
        temperature=0,
        # Each run has an event loop of its own, and a connection kept alive would outlive it, never to be closed.
        default_headers={"Connection": "close"},
    )
    return Writer(settings.writer_model, model, *limits)
