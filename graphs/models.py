"""Which language model does what. Without a key there is none, and the embedded wording stands."""

from dataclasses import dataclass

from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import HumanMessage

from core.domain.packages import Usage
from core.settings import Settings


@dataclass(frozen=True, slots=True)
class Writer:
    """A chat model in the role of writer, with the most tokens it may use in one run."""

    name: str
    model: BaseChatModel
    max_tokens: int

    async def answer(self, prompt: str) -> tuple[str, Usage]:
        """The model's text and what it cost. Raises whatever the model's client raises."""
        reply = await self.model.ainvoke([HumanMessage(prompt)])
        used = reply.usage_metadata if hasattr(reply, "usage_metadata") else None
        usage = Usage(
            model_calls=1,
            input_tokens=used["input_tokens"] if used else 0,
            output_tokens=used["output_tokens"] if used else 0,
        )
        return str(reply.text), usage


def build_writer(settings: Settings, chat_model: BaseChatModel | None = None) -> Writer | None:
    """The writer: `chat_model` where passed in, else the remote model where a key is set, else none."""
    if chat_model is not None:
        return Writer(getattr(chat_model, "model_name", chat_model._llm_type), chat_model, settings.model_max_tokens)
    if settings.openai_api_key is None:
        return None
    # Costs a second to import, and most installations start without a key.
    from langchain_openai import ChatOpenAI  # noqa: PLC0415

    model = ChatOpenAI(
        model=settings.writer_model,
        api_key=settings.openai_api_key,
        base_url=settings.openai_base_url,
        timeout=settings.model_timeout_s,
        max_retries=3,
        temperature=0,
    )
    return Writer(settings.writer_model, model, settings.model_max_tokens)
