"""Random questions to the assistant, in every form in which it answers; it may know no more than who asks."""

import json
from collections.abc import Callable, Sequence

from evals.bench.leaks.company import ACCOUNTS, anybody
from evals.bench.leaks.door import Reply, Request
from evals.bench.leaks.reading import sees
from evals.bench.leaks.rights import Person
from evals.bench.leaks.trial import Trial

# What the embedded engine answers, by word and meaning, about customers that the asker may or may not see.
_QUESTIONS = (
    "Which customers do I have?",
    "List the contracts of {}",
    "Who are the contacts at {}?",
    "What are the open deals of {}?",
    "What did {} say about the price of the pump?",
    "Is there enough stock of the Pump for {}?",
    "What is the price of 5 Pump for {}?",
    "What orders does {} have?",
    "Who decides at {}?",
    "Log a call with {}: they want an offer",
    "{}有哪些合同?",
    "{}最近说了什么?",
)


async def chat_once(trial: Trial) -> None:
    """One question of somebody, in a thread that may be somebody else's."""
    person, rng = anybody(trial.rng, trial.world), trial.rng
    account = rng.choice([*ACCOUNTS])
    named = trial.world.names[person.tenant, account]
    if not sees(person, account):
        # Threads repeat what was asked, so who does not know the name asks by the id, which is theirs to know then.
        named = account
        trial.told.add((person, account))
    question = rng.choice(_QUESTIONS).format(named)
    forms: Sequence[Callable[[], Request]] = (
        lambda: _post("/v1/chat", {"message": question}),
        lambda: _post("/v1/chat", {"message": question}, Accept="text/event-stream"),
        lambda: _post("/v1/chat/completions", _openai(question, stream=False)),
        lambda: _post("/v1/chat/completions", _openai(question, stream=True)),
    )
    request, refuse = rng.choice(forms)(), False
    if rng.random() < 0.2:
        thread, owner = rng.choice(trial.world.threads[person.tenant])
        request, refuse = _post("/v1/chat", {"message": question, "thread": thread}), owner != person.id
    headers = {**(request.headers or {}), **trial.anyhow(person)}
    reply = await trial.ask("chat", Request("POST", request.path, None, headers, request.body), person, refuse=refuse)
    if request.path == "/v1/chat" and not refuse:
        _remember(trial, person, reply)


def _post(path: str, body: object, **headers: str) -> Request:
    return Request("POST", path, None, headers, json.dumps(body).encode())


def _openai(question: str, *, stream: bool) -> dict[str, object]:
    return {"model": "saleshub", "messages": [{"role": "user", "content": question}], "stream": stream}


def _remember(trial: Trial, person: Person, reply: Reply) -> None:
    try:
        thread = json.loads(reply.body)["thread"]
    except (ValueError, KeyError, TypeError):
        # A stream, or a refusal.
        return
    if (thread, person.id) not in trial.world.threads[person.tenant]:
        trial.world.threads[person.tenant].append((thread, person.id))
