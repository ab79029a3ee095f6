"""Random operations that write, each with a planted word where people put text, and what they must be refused."""

import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from evals.bench.leaks.company import ACCOUNTS, NOW, TENANTS, anybody
from evals.bench.leaks.door import Reply, Request
from evals.bench.leaks.reading import DEPARTMENTS, read_once, reads_whole, sees
from evals.bench.leaks.rights import LEADERS, READERS, Person, Row, Secret
from evals.bench.leaks.trial import Trial, Waiting

_ASKING = LEADERS | {"rep", "coach"}
_CREATED = (200, 201, 202)
_AUDIENCES = (frozenset[str](), frozenset({"legal"}), frozenset({"manager", "finance"}))


@dataclass(frozen=True, slots=True)
class Write:
    """A write, whether it has to be refused, and what to remember when it was done."""

    door: str
    request: Request
    refuse: bool = False
    done: Callable[[Reply], None] = field(default=lambda _reply: None)


def _post(path: str, body: Any, **headers: str) -> Request:
    return Request("POST", path, None, headers, json.dumps(body).encode())


def _propose(trial: Trial, person: Person) -> Write:
    rng, tenant = trial.rng, person.tenant
    account, number = rng.choice([*ACCOUNTS]), rng.randint(0, 2)
    row = Row(ACCOUNTS[account].region, _AUDIENCES[number])
    at = f"{account}-{number}"
    terms, personal = Row(None, READERS["terms"]), Row(None, READERS["personal"])
    kind = rng.choice(["log_activity", "set_next_step", "update_contact", "request_amendment", "reserve_stock"])
    if kind == "log_activity":
        rows: tuple[Row, ...] = ()
        args: dict[str, Any] = {"form": "call", "subject": trial.world.plant(tenant, account)}
    elif kind == "set_next_step":
        rows = (row,)
        args = {"deal": f"o-{at}", "next_step": trial.world.plant(tenant, account, row)}
    elif kind == "update_contact":
        rows = (row, personal)
        args = {"contact": f"c-{at}", "email": f"{trial.world.plant(tenant, account, *rows)}@customer.example"}
    elif kind == "request_amendment":
        # Who must agree sees what a contract says; one that legal does not see is not put before them here.
        number = rng.randint(0, 1)
        row, at = Row(ACCOUNTS[account].region, _AUDIENCES[number]), f"{account}-{number}"
        rows = (row, terms)
        wording = trial.world.plant(tenant, account, *rows)
        args = {"contract": f"k-{at}", "clause": "payment", "wording": wording, "reason": "asked"}
    else:
        rows = ()
        args = {"product": "p1", "quantity": 1, "until": str((NOW + timedelta(days=9)).date())}
    body = {"operation": kind, "args": {"account": account, **args}}
    refuse = person.roles == {"analyst"} or not (sees(person, account) and all(one.is_for(person) for one in rows))
    request = _post("/v1/effects", body, **{"Idempotency-Key": uuid.UUID(int=rng.getrandbits(128)).hex})
    return Write("effects", request, refuse, lambda reply: _remember(trial, person, account, rows, reply))


def _remember(trial: Trial, person: Person, account: str, rows: tuple[Row, ...], reply: Reply) -> None:
    made = json.loads(reply.body)
    roles = tuple(step["role"] for step in made["route"]["steps"])
    trial.world.effects.setdefault(person.tenant, []).append(made["id"])
    trial.waiting[person.tenant, made["id"]] = Waiting(account, rows, person.id, made["digest"], roles)


def _some_effect(trial: Trial, person: Person) -> tuple[str, Waiting] | None:
    own = trial.world.effects.get(person.tenant)
    if not own:
        return None
    # Those that wait are among the latest; what is one's own must not be decided.
    latest = own[-60:]
    mine = [id_ for id_ in latest if trial.waiting[person.tenant, id_].by == person.id]
    id_ = trial.rng.choice(mine if mine and trial.rng.random() < 0.3 else latest)
    return id_, trial.waiting[person.tenant, id_]


def _decide(trial: Trial, person: Person) -> Write | None:
    found = _some_effect(trial, person)
    if found is None:
        return None
    id_, effect = found
    body = {"approve": trial.rng.random() < 0.8, "reason": "fine", "digest": effect.digest}
    decided = (person.tenant, id_) in trial.decided
    able = bool(person.roles & set(effect.roles)) and person.id != effect.by and sees(person, effect.account)

    def done(_reply: Reply) -> None:
        trial.decided.add((person.tenant, id_))

    # Every effect of the trial has one seat: whoever comes second comes too late.
    return Write("decisions", _post(f"/v1/effects/{id_}/decision", body), decided or not able, done)


def _withdraw(trial: Trial, person: Person) -> Write | None:
    found = _some_effect(trial, person)
    if found is None:
        return None
    id_, effect = found
    refuse = not sees(person, effect.account) or not (person.id == effect.by or "admin" in person.roles)

    def done(_reply: Reply) -> None:
        trial.decided.add((person.tenant, id_))

    return Write("effects", _post(f"/v1/effects/{id_}/withdraw", {"reason": "no"}), refuse, done)


def _review(trial: Trial, person: Person) -> Write:
    rng, tenant = trial.rng, person.tenant
    run_id, account, by = rng.choice(trial.world.runs[tenant][-24:])
    department = rng.choice(DEPARTMENTS)
    talk = Secret(tenant, (ACCOUNTS[account],), frozenset({department}), by, talk=True)
    revision = rng.choice([0, 0, 0, 1])
    action = rng.choice(["start", "approve", "reject", "edits", "ask", "answer", "delegate", "delay"])
    # Planted only where it is sent: a word is nobody's before.
    word = trial.world.secrets.plant(talk) if action not in {"start", "delegate"} else ""
    bodies: dict[str, Any] = {
        "start": {},
        "approve": {"revision": revision, "comment": word},
        "reject": {"revision": revision, "reason": word},
        "edits": _edit(trial, tenant, account, by, revision),
        "ask": {"question": word},
        "answer": {"text": word},
        "delegate": {"to": rng.choice(["legal", "supply", "finance", "finance-2", "rep-legal"])},
        "delay": {"reason": "workload", "note": word},
    }
    of_it, leads = department in person.roles, bool(person.roles & LEADERS)
    allowed = {"answer": person.id == by or leads, "delegate": of_it or leads, "delay": of_it or leads}
    able = allowed.get(action, of_it and person.id != by)
    request = _post(f"/v1/reviews/{run_id}-{department}/{action}", bodies[action])
    return Write("reviews", request, refuse=not (able and sees(person, account)))


def _edit(trial: Trial, tenant: str, account: str, by: str, revision: int) -> dict[str, Any]:
    """New words for one of the first three claims, each of which one department reviews."""
    number = trial.rng.randint(0, 2)
    secret = Secret(tenant, (ACCOUNTS[account],), frozenset({("legal", "finance", "supply_chain")[number]}), by)
    text = f"They said {trial.world.secrets.plant(secret)} instead."
    return {"revision": revision, "claim": f"x{number}", "text": text}


def _message(trial: Trial, person: Person) -> Write:
    message = trial.rng.choice(trial.world.messages)
    seen = sees(person, message.account) and message.row.is_for(person)
    action = trial.rng.choice(["hand-on", "hand-on", "hand-on", "answered", "dismiss"])
    target = trial.rng.choice(
        [one for one in trial.world.people if one.tenant == person.tenant and one.roles & _ASKING]
    )
    body: dict[str, Any] = {}
    refuse = not seen or not person.roles & _ASKING
    if action == "hand-on":
        body = {"user": target.id}
        able = sees(target, message.account) and message.row.is_for(target)
        refuse = refuse or not able
    elif action == "answered":
        body = {"sent": f"Sent {trial.world.plant(person.tenant, message.account, message.row)}"}
    return Write("inbox", _post(f"/v1/inbox/{message.id}/{action}", body), refuse)


def _share(trial: Trial, person: Person) -> Write:
    tenant = person.tenant
    if trial.rng.random() < 0.2:
        share = trial.rng.choice(trial.world.shares[tenant])
        with trial.platform.store.read() as unit:
            found = unit.shares.get(tenant, share)
        refuse = found is None or not (person.id == found.shared_by or person.roles & LEADERS)
        return Write("shares", Request("DELETE", f"/v1/shares/{share}"), refuse)
    run_id, account, by = trial.rng.choice(trial.world.runs[tenant])
    to = trial.rng.choice([{"with_role": "rep"}, {"with_role": "legal"}, {"with_user": "manager-north"}])
    refuse = not (sees(person, account) and reads_whole(person, by)) or to.get("with_role") == "legal"

    def done(reply: Reply) -> None:
        trial.world.shares[tenant].append(json.loads(reply.body)["share"]["id"])

    return Write("shares", _post(f"/v1/visit-requests/{run_id}/shares", to), refuse, done)


def _visit(trial: Trial, person: Person) -> Write:
    """A request under a key that somebody else may have used for the very same request."""
    account = trial.rng.choice([*ACCOUNTS])
    key = f"key-{account}-{trial.rng.randint(0, 3)}"
    refuse = not person.roles & _ASKING or not sees(person, account)
    request = _post("/v1/visit-requests", {"account": account, "purpose": "Renew"}, **{"Idempotency-Key": key})
    return Write("api", request, refuse)


def _import(trial: Trial, person: Person) -> Write:
    region = trial.rng.choice(["north", "south"])
    word = trial.world.secrets.plant(Secret(person.tenant, (Row(region),)))
    table = f"Account ID,Account Name,Region\nz{trial.rng.randint(0, 9)},{word} Ltd,{region}\n"
    mark = "trial-boundary"
    body = (
        f'--{mark}\r\nContent-Disposition: form-data; name="files"; filename="accounts.csv"\r\n'
        f"Content-Type: text/csv\r\n\r\n{table}\r\n--{mark}--\r\n"
    ).encode()
    other = trial.rng.random() < 0.3
    headers = {"SalesHub-Tenant": trial.rng.choice([one for one in TENANTS if one != person.tenant])} if other else {}
    form = f"multipart/form-data; boundary={mark}"
    request = Request("POST", "/v1/imports", None, headers, body, form)
    return Write("files", request, refuse=other or "admin" not in person.roles or person.regions is not None)


WRITES: Sequence[tuple[Callable[[Trial, Person], Write | None], int]] = (
    (_propose, 8), (_decide, 7), (_withdraw, 2), (_review, 10), (_message, 3), (_share, 3), (_visit, 4), (_import, 1),
)  # fmt: skip


async def write_once(trial: Trial) -> None:
    """One writing operation of somebody."""
    person = anybody(trial.rng, trial.world)
    make = trial.rng.choices([one for one, _ in WRITES], [weight for _, weight in WRITES])[0]
    write = make(trial, person)
    if write is None:
        # There is nothing to decide yet.
        await read_once(trial)
        return
    asked = write.request
    headers = {**(asked.headers or {}), **trial.anyhow(person)}
    if asked.path.startswith("/v1/shares") or asked.path.endswith("/shares"):
        # No key is for links.
        headers = {**(asked.headers or {}), **trial.by_session(person)}
    request = Request(asked.method, asked.path, asked.query, headers, asked.body, asked.form)
    reply = await trial.ask(write.door, request, person, refuse=write.refuse)
    if reply.status in _CREATED and not write.refuse:
        write.done(reply)
