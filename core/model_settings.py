"""How a language model is reached, what it costs and how much of it may be used, as an installation sets it."""

from decimal import Decimal
from enum import StrEnum

from pydantic import Field, SecretStr

from core.domain.base import Frozen


class ModelRole(StrEnum):
    """What a language model is asked for: to choose tools, to put into words, to judge (which nothing asks for yet)."""

    PLANNER = "planner"
    WRITER = "writer"
    JUDGE = "judge"


class ToolCalls(StrEnum):
    """How tools are offered to a model: by the protocol, by a JSON schema of the answer, or as it turns out to work."""

    NATIVE = "native"
    SCHEMA = "schema"
    AUTO = "auto"


class EndpointSettings(Frozen):
    """One model at one endpoint; what is left out is that of OPENAI_BASE_URL and OPENAI_API_KEY.

    `context` is the size of its context in tokens. Prices are per million tokens, in the currency of all prices.
    """

    model: str | None = None
    base_url: str | None = None
    api_key: SecretStr | None = None
    context: int | None = Field(default=None, ge=1)
    price_in: Decimal | None = Field(default=None, ge=0)
    price_out: Decimal | None = Field(default=None, ge=0)
    tool_calls: ToolCalls = ToolCalls.AUTO


class SpeechSettings(Frozen):
    """A model behind OpenAI's audio transcription; without address or key, those of OPENAI_BASE_URL and OPENAI_API_KEY.

    `seconds` is the longest that one request, with at most 28 s of a recording, may take.
    """

    model: str
    base_url: str | None = None
    api_key: SecretStr | None = None
    seconds: float = Field(default=60, gt=0)


class RoleSettings(EndpointSettings):
    """The model of one role, what one run may use of it, and the model that answers when it does not.

    `tokens`, `seconds`, `calls` and `money` are the most of one run; `answer_tokens` the most of one answer;
    `stall_s` the longest silence within one.
    """

    calls: int | None = Field(default=None, ge=0)
    tokens: int | None = Field(default=None, ge=0)
    seconds: float | None = Field(default=None, gt=0)
    money: Decimal | None = Field(default=None, ge=0)
    answer_tokens: int = Field(default=2_000, ge=1)
    stall_s: float | None = Field(default=None, gt=0)
    fallback: EndpointSettings | None = None
