"""A chat model for tests that follows a script, and says so when it is asked something the script does not expect."""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import Field


@dataclass(frozen=True, slots=True)
class Asked:
    """One call of the writer: its instructions, the lines it was given, and the most tokens it may answer with."""

    instructions: str
    lines: list[dict[str, str]]
    max_tokens: int


Script = Callable[[Asked], Awaitable[str]]


def answer(texts: dict[str, str]) -> str:
    """The JSON that the prompt asks for."""
    return json.dumps({"sentences": [{"id": id_, "text": text} for id_, text in texts.items()]}, ensure_ascii=False)


def reworded(text: str) -> str:
    """A faithful wording that differs from the computed one."""
    return text.rstrip(".。") + ("！" if text.endswith("。") else "!")


class ScriptedModel(BaseChatModel):
    """Answers with `script`; a call that does not look like the writer's is kept in `surprises` and fails.

    `usage` is what each answer says it cost; None leaves it unsaid.
    """

    script: Script
    usage: tuple[int, int] | None = (300, 100)
    asked: list[Asked] = Field(default_factory=list)
    surprises: list[str] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        self.surprises.append("asked synchronously")
        raise AssertionError(self.surprises)

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        asked = self._expected(messages, kwargs)
        self.asked.append(asked)
        message = AIMessage(await self.script(asked))
        if self.usage is not None:
            came, went = self.usage
            message.usage_metadata = UsageMetadata(input_tokens=came, output_tokens=went, total_tokens=came + went)
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _expected(self, messages: Sequence[BaseMessage], kwargs: dict[str, Any]) -> Asked:
        try:
            system, human = messages
            assert isinstance(system, SystemMessage)
            assert isinstance(human, HumanMessage)
            assert set(kwargs) == {"max_tokens"}
            lines = [json.loads(line) for line in human.text.splitlines()]
            assert lines
            assert all({"id", "text"} <= set(line) <= {"id", "text", "refused"} for line in lines)
        except (AssertionError, ValueError) as error:
            self.surprises.append(f"{messages} {kwargs}")
            raise AssertionError(self.surprises) from error
        return Asked(system.text, lines, kwargs["max_tokens"])
