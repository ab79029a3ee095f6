"""Who may not ask for visits or propose writes does neither by any door; who may is let through."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from api.app import build_api
from core.domain.access import Scope
from core.domain.people import User
from core.identity import Role, local_owner
from evals.bench.webhook_sender import cloud_event, signed
from hub.access.keys import add_key
from hub.effects.ledger import list_effects
from hub.events import webhooks
from hub.people import save_user
from hub.visits import list_runs
from tests.chatting import NEXT_STEP, TENANT, Chat, means, open_chat
from tests.e2e.conftest import Cli
from tests.served import served
from tests.small_company import visit

OWNER = local_owner(TENANT)
NO_VISITS = {Role.LEGAL, Role.SUPPLY_CHAIN, Role.FINANCE, Role.ANALYST}
NO_WRITES = {Role.ANALYST}
CALLS: dict[str, tuple[dict[str, Any], set[Role]]] = {
    "prepare_visit": ({"account_id": "A1", "purpose": "Renewal"}, NO_VISITS),
    NEXT_STEP[0]: (NEXT_STEP[1], NO_WRITES),
}
VISIT = {"account": "Acme Drives Ltd", "purpose": "Renewal"}
STEP = {"operation": NEXT_STEP[0], "args": {"account": "A1", "deal": "O1", "next_step": "Call Ada"}}


class Jobs:
    """Takes what is handed to the job engine, and leaves it."""

    def submit(self, _tenant: str, _run_id: str) -> None:
        """Nothing is worked on."""


@pytest.fixture(scope="module")
def chat() -> Iterator[Chat]:
    with open_chat() as opened:
        for role in Role:
            save_user(opened.platform, OWNER, User(id=role.value, name=role.value, roles=frozenset({role})))
        opened.platform.running_jobs = Jobs()  # type: ignore[assignment]
        yield opened


@pytest.fixture(scope="module")
def run(chat: Chat) -> str:
    """A visit with its package."""
    return visit(chat.platform).run_id


@pytest.fixture(scope="module")
def url(chat: Chat) -> Iterator[str]:
    with served(build_api(chat.platform)) as found:
        yield found


@pytest.fixture(params=Role)
def role(request: pytest.FixtureRequest) -> Role:
    found: Role = request.param
    return found


@pytest.fixture
def client(chat: Chat, url: str, role: Role) -> Iterator[httpx.Client]:
    """A client with a key for everything, that acts as somebody of the role."""
    _key, secret = add_key(chat.platform, OWNER, role.value, Scope)
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {secret}"}, timeout=60) as opened:
        yield opened


def on_record(chat: Chat) -> tuple[int, int]:
    """How many visits and effects there are."""
    return len(list_runs(chat.platform, OWNER, 500)), len(list_effects(chat.platform, OWNER, limit=500))


def test_the_api(chat: Chat, run: str, client: httpx.Client, role: Role) -> None:
    before = on_record(chat)
    asked = client.post("/v1/visit-requests", json=VISIT, headers={"Idempotency-Key": f"v-{role}"})
    proposed = client.post("/v1/effects", json=STEP, headers={"Idempotency-Key": f"e-{role}"})
    followed = client.post(f"/v1/visit-requests/{run}/effects")
    assert asked.status_code == (403 if role in NO_VISITS else 202)
    assert proposed.status_code == (403 if role in NO_WRITES else 201)
    # Legal, supply chain and finance do not read the whole package that the writes follow from.
    assert followed.status_code == (403 if role in NO_VISITS else 201)
    for answer in (asked, proposed, followed):
        if answer.status_code == 403:
            assert answer.json()["field"] in {"user", "run_id"}
            assert answer.json()["remedy"]
    visits, effects = on_record(chat)
    assert visits - before[0] == int(role not in NO_VISITS)
    assert (effects > before[1]) is (role not in NO_WRITES)


@pytest.mark.parametrize("tool", CALLS)
@pytest.mark.parametrize("path", ["/v1/chat", "/v1/chat/completions"])
def test_chat(chat: Chat, client: httpx.Client, role: Role, path: str, tool: str) -> None:
    args, refused = CALLS[tool]
    chat.will_mean(means((tool, args)))
    before, asked = on_record(chat), f"Do it for {role} at {path}"
    body = {"message": asked} if path == "/v1/chat" else {"messages": [{"role": "user", "content": asked}]}
    said = client.post(path, json={**body, "model": "saleshub"} if "messages" in body else body).json()
    answer = said if path == "/v1/chat" else said["saleshub"]
    assert ((answer["status"], answer["reason"]) == ("refused", "not_allowed")) is (role in refused)
    assert (sum(on_record(chat)) > sum(before)) is (role not in refused)


def test_a_webhook(chat: Chat, url: str, role: Role) -> None:
    key, before = webhooks.add_key(chat.platform, OWNER, f"crm-{role.value}", role.value), on_record(chat)
    now = int(chat.clock.now().timestamp())
    request = signed(key.source, cloud_event(f"w-{role}", "visit.requested", VISIT), [key.secret], now)
    answer = httpx.post(
        f"{url}/v1/webhooks/{key.source}", content=request.body, headers=dict(request.headers), timeout=60
    )
    assert answer.status_code == (422 if role in NO_VISITS else 202), answer.text
    assert on_record(chat)[0] - before[0] == int(role not in NO_VISITS)


@pytest.mark.parametrize("role", sorted(NO_VISITS | NO_WRITES))
def test_the_command_line_refuses(chat: Chat, run: str, cli: Cli, role: Role) -> None:
    before = on_record(chat)
    args = json.dumps({**STEP["args"], "next_step": f"Call as {role}"})  # type: ignore[dict-item]
    tries = {
        ("visit", "--account", VISIT["account"], "--purpose", VISIT["purpose"]): NO_VISITS,
        ("effects", "propose", NEXT_STEP[0], "--args", args): NO_WRITES,
        ("effects", "propose", "--group", json.dumps([STEP])): NO_WRITES,
        ("effects", "propose", "--run", run): NO_VISITS,
    }
    settings = {"SALESHUB_AUDIT_KEY": "key", "SALESHUB_EMBEDDING_MODEL": "none"}
    for words, refused in tries.items():
        if role in refused:
            done = cli(*words, "--as", role.value, home=chat.platform.settings.home, **settings)
            assert (done.returncode, done.stdout) == (2, ""), words
            assert on_record(chat) == before
