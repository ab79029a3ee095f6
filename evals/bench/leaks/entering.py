"""Random operations of who should not be let in at all, and of who gives away rights that they do not have."""

from collections.abc import Callable

from core.domain.access import Scope
from core.errors import HubError
from evals.bench.leaks.company import TENANTS, anybody, caller_of, people_of
from evals.bench.leaks.door import Reply, Request
from evals.bench.leaks.rights import Person
from evals.bench.leaks.trial import Trial
from hub.access.invites import invite_user
from hub.access.keys import add_key, list_keys
from hub.people import get_user, save_user

_READS = ("/v1/accounts", "/v1/effects", "/v1/inbox?everybody=true", "/v1/visit-requests", "/v1/reviews?over=true")


def _ways(trial: Trial, person: Person) -> dict[str, dict[str, str]]:
    """How somebody comes who must not be let in, by name of the way."""
    other = trial.rng.choice([one for one in TENANTS if one != person.tenant])
    session = trial.by_session(person)
    return {
        "nothing": {},
        "a made-up key": {"Authorization": f"Bearer shk{'0' * 12}_{'x' * 43}"},
        "a revoked key": trial.by_key(person, "revoked"),
        "a made-up session": {"Cookie": "saleshub_session=made-up", "Origin": session["Origin"]},
        "a bad key beside a good session": {**session, "Authorization": "Bearer no"},
        "another company's name": {**session, "SalesHub-Tenant": other},
        "a key for something else": trial.by_key(person, "recall"),
        "a page of another site": {**session, "Origin": "https://elsewhere.example"},
        "another site without an origin": {**session, "Sec-Fetch-Site": "cross-site"},
    }


async def come_wrongly(trial: Trial) -> None:
    """A request that carries no valid right to make it; nothing may be answered, and nothing done."""
    person, rng = anybody(trial.rng, trial.world), trial.rng
    way, headers = rng.choice([*_ways(trial, person).items()])
    if rng.random() < 0.3:
        run_id = rng.choice(trial.world.runs[person.tenant])[0]
        request = Request("POST", f"/v1/reviews/{run_id}-legal/start", None, headers)
        if rng.random() < 0.3:
            headers = trial.by_session(person, origin=None)
            way, request = "no origin at all", Request("POST", f"/v1/reviews/{run_id}-legal/start", None, headers)
    else:
        path, _, query = rng.choice(_READS).partition("?")
        request = Request("GET", path, dict([query.split("=")]) if query else None, headers)
    await trial.ask(f"guard: {way}", request, None, refuse=True)


async def give_rights(trial: Trial) -> None:
    """Change a user, invite them or make a key for them, as somebody who may not have their rights."""
    rng = trial.rng
    person = anybody(rng, trial.world)
    if rng.random() < 0.5:
        # The one who comes closest to being allowed to.
        person = next(one for one in people_of(person.tenant) if one.id == "admin-north")
    target = rng.choice(people_of(person.tenant))
    may = "admin" in person.roles and (
        person.regions is None or (target.regions is not None and all(map(person.enters, target.regions)))
    )
    caller, platform = caller_of(person), trial.platform
    acts: dict[str, Callable[[], object]] = {
        "save_user": lambda: save_user(platform, caller, get_user(platform, person.tenant, target.id)),
        "invite_user": lambda: invite_user(platform, caller, target.id),
        "add_key": lambda: add_key(platform, caller, target.id, [Scope.RECALL_READ]),
        "list_keys": lambda: list_keys(platform, caller),
    }
    name = rng.choice([*acts])
    try:
        acts[name]()
        status = 200
    except HubError as error:
        status = error.status
    refuse = "admin" not in person.roles if name == "list_keys" else not may
    trial.judge("people", name, Reply(status, frozenset()), person, frozenset(), refuse=refuse)
