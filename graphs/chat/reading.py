"""Reading for answers: with the asker's rights, in time, and once a turn however many specialists want it."""

import asyncio
from typing import Any

import structlog

from core.errors import SourceError
from tools.registry import TOOLS
from tools.spec import ToolArgs, ToolContext

log = structlog.get_logger()


class TurnReader:
    """`agents.answers.spec.Reader` of one turn."""

    def __init__(self, context: ToolContext, timeout_s: float) -> None:
        self._context = context
        self._timeout_s = timeout_s
        self._reads: dict[tuple[str, str], asyncio.Task[Any]] = {}

    async def __call__(self, tool: str, args: ToolArgs) -> Any:
        """The tool's result; the same question is asked of its system once. Raises SourceError."""
        key = (tool, args.model_dump_json())
        if key not in self._reads:
            self._reads[key] = asyncio.create_task(self._read(tool, args))
        # Who gives up waiting does not take the answer from the others.
        return await asyncio.shield(self._reads[key])

    async def close(self) -> None:
        """End the reads that nobody waits for any more."""
        for read in self._reads.values():
            read.cancel()
        await asyncio.gather(*self._reads.values(), return_exceptions=True)

    async def _read(self, tool: str, args: ToolArgs) -> Any:
        spec = TOOLS[tool]
        try:
            async with asyncio.timeout(self._timeout_s):
                return await spec.run(self._context, args)
        except SourceError as error:
            log.warning("source_unavailable", tool=tool, problem=error.reason)
            raise
        except TimeoutError as error:
            log.warning("source_unavailable", tool=tool, problem="timeout")
            raise SourceError(spec.system, "timeout") from error
        except Exception as error:
            # A source may break in ways nobody foresaw; the answer must say so rather than not exist.
            log.exception("source_failed", tool=tool)
            raise SourceError(spec.system, "malformed") from error
