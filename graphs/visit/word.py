"""Letting a language model reword the claims, and keeping only what is faithful."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import structlog

from core.domain.claims import Claim
from core.language import Lang
from graphs.budget import Budget
from graphs.models.messages import Message
from graphs.models.model import Model
from graphs.models.stops import ModelStoppedError, Stop
from graphs.visit.answers import Question, read_answer, write_question
from graphs.visit.facts import Names
from graphs.visit.fidelity import LONGEST, content, find_fault
from graphs.visit.masks import mask
from graphs.visit.state import Draft, VisitContext
from prompts.loader import load_phrases, load_prompt

log = structlog.get_logger()

_BATCH = 12
_SIDE_BY_SIDE = 4
_ATTEMPTS = 2
# What a person is told; the other reasons count as failures.
_TOLD = {
    Stop.TIMEOUT: "timeout",
    Stop.STALLED: "timeout",
    Stop.BUSY: "busy",
    Stop.RESTING: "busy",
    Stop.REFUSED: "refused",
}
# Less than this between names and quotations leaves nothing to reword.
_LEAST_CONTENT = 3


class _Rewording:
    """The rewording of one package: its accepted texts, what was spent, and why it stopped early, if it did."""

    def __init__(self, writer: Model, budget: Budget, lang: Lang, names: Names) -> None:
        self.texts: dict[str, str] = {}
        self.budget = budget
        self.stopped: Stop | None = None
        self.refused: Counter[str] = Counter()
        self._writer = writer
        self._lang = lang
        self._names = names
        self._instructions = load_prompt("visit", "reword", lang).render()
        self._turns = asyncio.Semaphore(_SIDE_BY_SIDE)

    def ask_about(self, claims: Sequence[Claim]) -> list[Question]:
        """The claims that have something to reword."""
        questions = [Question(claim.id, mask(claim.plain)) for claim in claims]
        questions = [each for each in questions if len(each.masked.text) <= LONGEST]
        return [each for each in questions if len(content(each.masked.text, self._lang, self._names)) >= _LEAST_CONTENT]

    async def run(self, questions: Sequence[Question]) -> None:
        """Reword what can be within the writer's time."""
        batches = [questions[start : start + _BATCH] for start in range(0, len(questions), _BATCH)]
        try:
            async with asyncio.timeout(self._writer.limits.seconds):
                await asyncio.gather(*(self._batch(batch) for batch in batches))
        except TimeoutError:
            self.stopped = Stop.TIMEOUT

    async def _batch(self, questions: Sequence[Question]) -> None:
        async with self._turns:
            for _attempt in range(_ATTEMPTS):
                left = [question for question in questions if question.claim not in self.texts]
                # The client has tried again already: what stopped one batch would stop the next.
                if not left or self.stopped is not None:
                    return
                data = write_question(left)
                messages = (Message("system", self._instructions), Message("user", data))
                try:
                    reply = await self._writer.answer(messages, self.budget, most=len(data.encode()) + 200)
                except ModelStoppedError as error:
                    self.stopped = self.stopped or error.reason
                    return
                self._take(left, read_answer(reply))

    def _take(self, questions: Sequence[Question], offered: dict[str, str]) -> None:
        for question in questions:
            text = offered.get(question.claim, "")
            question.refused = find_fault(question.masked.text, text, self._lang, self._names)
            if question.refused is None:
                self.texts[question.claim] = question.masked.restore(text)
            else:
                self.refused[question.refused] += 1


def _reason(stop: Stop) -> str:
    if stop.is_budget:
        return "timeout" if stop is Stop.BUDGET_TIME else "budget"
    return _TOLD.get(stop, "failed")


def _report(work: _Rewording, asked: int, writer: Model, lang: Lang) -> str:
    unfaithful = "stop_unfaithful" if len(work.texts) < asked else None
    reason = f"stop_{_reason(work.stopped)}" if work.stopped else unfaithful
    phrases = load_phrases("visit")
    why = phrases.render(reason, lang) if reason else ""
    return phrases.render("wording", lang, model=writer.name, done=len(work.texts), asked=asked, why=why)


async def word(draft: Draft, context: VisitContext, names: Names) -> Draft:
    """The draft with claims reworded where the writer did so faithfully; without a writer, the draft itself.

    `names` are those of the records read in the run. A failing, slow or expensive model never costs the package: the
    computed wording stands, and `wording` says how far the model came and why not further.
    """
    writer, lang = context.writer, context.request.lang
    if writer is None:
        return draft
    work = _Rewording(writer, writer.build_budget(context.purse), lang, names)
    # What is read first is worded first, in case the budget does not last.
    urgent = set(draft.summary)
    questions = work.ask_about(sorted(draft.claims, key=lambda claim: claim.id not in urgent))
    await work.run(questions)
    log.info("worded", run=context.run_id, done=len(work.texts), asked=len(questions), refused=dict(work.refused))
    return replace(
        draft,
        claims=tuple(
            claim.model_copy(update={"text": work.texts.get(claim.id, claim.plain)}) for claim in draft.claims
        ),
        usage=work.budget.used,
        spends=tuple(work.budget.spends),
        model=writer.name if work.texts else draft.model,
        wording=_report(work, len(questions), writer, lang),
        prompts=(*draft.prompts, load_prompt("visit", "reword", lang).label),
    )
