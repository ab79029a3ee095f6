"""Effects over HTTP: proposed under a key, decided about exactly what was shown, errors as problems."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from evals.bench.server import Server, serving
from tests.e2e.test_api import file_visit, stream_events

DEAL = "CP-200 high-flow pump - expansion"
LARGE = {"operation": "update_opportunity", "args": {"account": "Helios", "deal": DEAL, "amount": "160000"}}


@pytest.fixture(scope="module")
def server(imported_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("effects") / "home"
    shutil.copytree(imported_home, home)
    with serving(home) as served:
        yield served


def propose(server: Server, key: str, body: dict[str, Any] = LARGE) -> httpx.Response:
    return server.client.post("/v1/effects", json=body, headers={"Idempotency-Key": key})


def test_a_proposal_is_recorded_once_with_its_preview_and_who_must_agree(server: Server) -> None:
    first = propose(server, "one")
    assert first.status_code == 201
    effect = first.json()
    assert effect["status"] == "proposed"
    assert [(change["field"], change["new"]) for change in effect["preview"]] == [("amount", "EUR 160000")]
    assert effect["preview"][0]["old"].startswith("EUR ")
    assert propose(server, "one").json()["id"] == effect["id"]

    detail = server.client.get(first.headers["Location"]).json()
    assert [(seat["role"], seat["status"]) for seat in detail["seats"]] == [("manager", "open")]
    listed = server.client.get("/v1/effects", params={"status": "proposed"}).json()
    assert effect["id"] in {each["id"] for each in listed["effects"]}


def test_a_decision_needs_the_digest_of_what_was_shown(server: Server) -> None:
    effect = propose(server, "digest").json()
    address = f"/v1/effects/{effect['id']}/decision"
    bare = server.client.post(address, json={"approve": True, "reason": "fine"})
    assert (bare.status_code, bare.json()["field"]) == (422, "digest")
    other = server.client.post(address, json={"approve": True, "reason": "fine", "digest": "0" * 64})
    assert other.status_code == 409
    assert "other-payload" in other.json()["detail"]


def test_the_requester_does_not_approve_their_own(server: Server) -> None:
    effect = propose(server, "own").json()
    body = {"approve": True, "reason": "fine", "digest": effect["digest"]}
    answer = server.client.post(f"/v1/effects/{effect['id']}/decision", json=body)
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert "self-approval" in answer.json()["detail"]


def test_a_proposal_is_withdrawn_and_what_is_not_dead_is_not_tried_again(server: Server) -> None:
    effect = propose(server, "back").json()
    retried = server.client.post(f"/v1/effects/{effect['id']}/retry")
    assert (retried.status_code, "not-dead" in retried.json()["detail"]) == (409, True)
    assert server.client.post(f"/v1/effects/{effect['id']}/withdraw").json()["status"] == "withdrawn"
    again = server.client.post(f"/v1/effects/{effect['id']}/withdraw", json={"reason": "x"})
    assert again.status_code == 409


def test_a_finished_visit_is_followed_up_once(server: Server) -> None:
    run_id = file_visit(server.client, "follow").json()["run_id"]
    stream_events(server.client, run_id)
    first = server.client.post(f"/v1/visit-requests/{run_id}/effects")
    assert first.status_code == 201
    assert len(first.json()["effects"]) >= 4
    again = server.client.post(f"/v1/visit-requests/{run_id}/effects").json()
    assert [each["id"] for each in again["effects"]] == [each["id"] for each in first.json()["effects"]]
    of_run = server.client.get("/v1/effects", params={"run_id": run_id}).json()["effects"]
    assert len(of_run) == len(first.json()["effects"])


@pytest.mark.parametrize(
    ("body", "key", "status", "field"),
    [
        ({"operation": "send_mail"}, "a", 422, "operation"),
        ({"operation": "log_activity", "args": {"account": "Helios"}}, "b", 422, "form"),
        ({**LARGE, "args": {"account": "Helois", "amount": 1}}, "c", 404, "account"),
        ({**LARGE, "args": {"account": "Helios", "deal": "x9", "amount": 1}}, "d", 404, "deal"),
        ({**LARGE, "surprise": 1}, "e", 422, "surprise"),
        (LARGE, "", 422, "Idempotency-Key"),
    ],
)
def test_bad_input_is_a_problem_that_names_the_field(
    server: Server, body: dict[str, Any], key: str, status: int, field: str
) -> None:
    answer = server.client.post("/v1/effects", json=body, headers={"Idempotency-Key": key} if key else {})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["field"] == field
    assert answer.json()["remedy"]


def test_a_key_used_for_another_request_is_a_conflict(server: Server) -> None:
    propose(server, "conflict")
    other = propose(server, "conflict", {**LARGE, "args": {**LARGE["args"], "amount": "170000"}})  # type: ignore[dict-item]
    assert (other.status_code, other.json()["field"]) == (409, "Idempotency-Key")


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("POST", "/retry"), ("POST", "/withdraw")])
def test_what_is_not_there_is_a_problem(server: Server, method: str, path: str) -> None:
    answer = server.client.request(method, f"/v1/effects/nope{path}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
