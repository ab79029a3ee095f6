"""Question `recall_history`."""

import asyncio
from collections.abc import Iterable, Sequence

from pydantic import Field

from agents.analysis.quoting import quoted
from agents.analysis.salience import telling_line
from agents.analysis.voices import Line, lines_of
from agents.analysis.words import content_words, spoken_words
from agents.answers.desk import Desk, named
from agents.answers.exchanges import say_line
from agents.answers.fields import AccountId, Words
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.spec import AgentOutput, Notebook
from core.domain.claims import ClaimState, Section
from core.domain.interactions import Interaction
from core.ports.memory import Hit, Recollection
from core.text import split_sentences
from tools.recall_history import RecallArgs
from tools.spec import OfAccount, ToolArgs


class RecallHistoryArgs(ToolArgs):
    """Arguments of `recall_history`."""

    account_id: AccountId
    query: Words = Field(description="The topic or question, in the words of whoever asks")


_ASKED = 8
_SHOWN = 4
_TOPIC = 60


async def recall_history(asking: Asking, args: RecallHistoryArgs, notebook: Notebook) -> AgentOutput[Told]:
    """Quote what was said that comes closest to the topic, and count the exchanges it comes from."""
    desk, of_account = Desk(asking, notebook, Section.HISTORY), OfAccount(account_id=args.account_id)
    account, found, contacts, recollection = await asyncio.gather(
        desk.account(args.account_id),
        desk.records("read_interactions", of_account),
        desk.records("read_contacts", of_account, needed=False),
        desk.ask("recall_history", RecallArgs(account_id=args.account_id, query=args.query, k=_ASKED)),
    )
    facts = {"account_id": args.account_id, "query": args.query}
    if account is None or found is None or not isinstance(recollection, Recollection):
        return desk.finish(facts)
    lines = closest_lines(recollection.hits, found, args.query)[:_SHOWN]
    whose = {"account": named(account.name), "topic": quoted(args.query, _TOPIC)}
    if not lines:
        desk.say("recalled_none", account, state=ClaimState.INFERRED, **whose, total=len(found))
        return desk.finish({**facts, "total": len(found), "passages": []})
    days = [line.interaction.at.date() for line in lines]
    shown = {"count": len({line.interaction.id for line in lines}), "first": min(days), "last": max(days)}
    desk.say("recalled", *(line.source for line in lines), state=ClaimState.INFERRED, **whose, **shown)
    for line in lines:
        say_line(desk, line, contacts or ())
    passages = [{"interaction": line.interaction.id, "at": line.interaction.at, "text": line.text} for line in lines]
    return desk.finish({**facts, "total": len(found), "count": shown["count"], "passages": passages})


def closest_lines(hits: Sequence[Hit], interactions: Iterable[Interaction], query: str) -> list[Line]:
    """One sentence for each exchange that was found, in the order of the hits: the one with most of the query's words.

    Hits in exchanges that were not read are passed over.
    """
    known = {one.id: one for one in interactions}
    chosen: dict[str, Line] = {}
    for hit in hits:
        one = known.get(hit.interaction)
        line = _closest(one, hit.quote, query) if one is not None and one.id not in chosen else None
        if line is not None:
            chosen[line.interaction.id] = line
    return list(chosen.values())


def _closest(one: Interaction, passage: str, query: str) -> Line | None:
    def near(line: Line) -> tuple[int, int, int]:
        telling = content_words(query) & content_words(line.words)
        return len(telling), len(spoken_words(query) & spoken_words(line.words)), len(line.words)

    parts = set(split_sentences(passage))
    inside = [line for line in lines_of(one) if line.text in parts or line.text in passage]
    return max(inside, key=near, default=None) or telling_line(one)


ANSWER = AnswerSpec(
    name="recall_history",
    agent="history",
    purpose="What was said or written about a topic in past exchanges with a customer, in the words of the source",
    args_model=RecallHistoryArgs,
    run=recall_history,
)
