"""Calls and what comes of them: a specialist's claims as statements that name it, a failure as a sentence about it."""

from collections.abc import Iterable

import structlog
from langgraph.runtime import Runtime

from agents.answers.spec import AnswerSpec, Asking, Told
from agents.spec import AgentOutput, Notebook
from core.domain.base import Evidence
from core.domain.chat import Call, Reason, Source, Statement
from core.domain.chat_events import Step, StepState
from core.domain.claims import ClaimState
from core.errors import ForbiddenError, HubError, NotFoundError, SourceError
from core.language import Lang
from graphs.chat.state import ChatContext, ChatState, ChatTool, Doing, Reach, Said
from prompts.loader import load_phrases
from prompts.sentences import say_refusal
from tools.spec import ToolArgs

log = structlog.get_logger()


def answer_tool(spec: AnswerSpec[ToolArgs], asking: Asking) -> ChatTool:
    """The question that a specialist answers, as a tool of this turn."""

    async def run(call: Call, args: ToolArgs) -> Said:
        notebook = Notebook(spec.agent, asking.given)
        output = await spec.run(asking, args, notebook)
        return Said(
            call=call,
            statements=tuple(
                Statement(text=claim.text, agent=spec.agent, state=claim.state, sources=claim.evidence)
                for claim in output.claims
            ),
            sources=tuple(_source(evidence) for evidence in output.evidence),
            rights=_rights(output.evidence),
            reason=_reason(output),
        )

    return ChatTool(spec.name, spec.agent, spec.purpose, spec.args_model, run)


async def specialist(state: Doing, *, runtime: Runtime[ChatContext]) -> ChatState:
    """Run one call; it ends with what is said, whatever happens."""
    context, call = runtime.context, Call.model_validate(state["call"])
    context.tell(Step(agent=call.agent, tool=call.tool, state=StepState.STARTED))
    said = await run_call(context, call)
    context.said[state["place"]] = said
    failed = said.reason is not None and not said.statements
    over = StepState.FAILED if failed or said.reason is Reason.SOURCE_DOWN else StepState.DONE
    context.tell(Step(agent=call.agent, tool=call.tool, state=over))
    return {"said": {str(state["place"]): said.model_dump(mode="json")}}


async def run_call(context: ChatContext, call: Call) -> Said:
    """What comes of a call of a tool that the caller may use."""
    tool = context.tools[call.tool]
    try:
        return await tool.run(call, tool.args_model.model_validate(call.args))
    except SourceError as error:
        text = load_phrases("chat").render("source_down", context.lang, system=_system(error, context.lang))
        return _failed(call, text, Reason.SOURCE_DOWN)
    except HubError as error:
        return _failed(call, say_problem(error, context.lang), reason_of(error))
    except ValueError:
        # What a tool's own model refuses; who planned the call should have known.
        log.warning("call_refused", tool=call.tool, exc_info=True)
        return _failed(call, load_phrases("chat").render("not_usable", context.lang), Reason.INVALID)
    except Exception:
        log.exception("call_failed", tool=call.tool)
        return _failed(call, load_phrases("chat").render("call_failed", context.lang), Reason.SOURCE_DOWN)


def say_problem(error: HubError, lang: Lang) -> str:
    """An expected failure in one sentence, with what can be done about it."""
    book = load_phrases("chat")
    hint = f" {book.render('nearest', lang, names=list(error.nearest))}" if error.nearest else ""
    said = say_refusal(error, lang)
    told = {"problem": said.problem, "remedy": said.remedy, "hint": hint if lang is Lang.EN else hint.strip()}
    match error:
        case NotFoundError():
            return book.render("problem_not_found", lang, **told)
        case ForbiddenError():
            return book.render("problem_not_allowed", lang, **told)
        case _:
            return book.render("problem_invalid", lang, field=error.field, **told)


def reason_of(error: HubError) -> Reason:
    """The reason that an expected failure ends a question with."""
    match error:
        case NotFoundError():
            return Reason.NOT_FOUND
        case ForbiddenError():
            return Reason.NOT_ALLOWED
        case _:
            return Reason.INVALID


def _system(error: SourceError, lang: Lang) -> str:
    return load_phrases("chat").render(f"system_{error.system}", lang)


def _failed(call: Call, text: str, reason: Reason) -> Said:
    statement = Statement(text=text, agent=call.agent, state=ClaimState.UNSUPPORTED)
    return Said(call=call, statements=(statement,), reason=reason)


def _reason(output: AgentOutput[Told]) -> Reason | None:
    """Why nothing was answered; None when at least one sentence rests on records."""
    if any(claim.state is not ClaimState.UNSUPPORTED for claim in output.claims):
        return None
    if output.view.facts.get("silent"):
        return Reason.SOURCE_DOWN
    if output.view.facts.get("forbidden"):
        return Reason.NOT_ALLOWED
    return None if output.claims else Reason.NOT_FOUND


def _source(evidence: Evidence) -> Source:
    return Source(id=evidence.id, system=evidence.source, record=evidence.record, quote=evidence.quote)


def _rights(cited: Iterable[Evidence]) -> tuple[Reach, ...]:
    return tuple({(evidence.region, tuple(sorted(evidence.audience))): None for evidence in cited})
