import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.language import is_cjk
from evals.bench.server import Server, serving
from tests.e2e.asking import wait_until

REQUEST = {"account": "Helios", "purpose": "Agree on price and delivery"}


@pytest.fixture(scope="module")
def module_home(imported_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    import shutil  # noqa: PLC0415

    home = tmp_path_factory.mktemp("api") / "home"
    shutil.copytree(imported_home, home)
    return home


@pytest.fixture(scope="module")
def server(module_home: Path) -> Iterator[Server]:
    with serving(module_home) as served:
        yield served


def file_visit(client: httpx.Client, key: str, body: dict[str, Any] | None = None) -> httpx.Response:
    return client.post("/v1/visit-requests", json=body or REQUEST, headers={"Idempotency-Key": key})


def stream_events(client: httpx.Client, run_id: str, after: str | None = None) -> list[dict[str, str]]:
    """Events of a run until it is over, each with `id`, `event` and `data`."""
    headers = {"Last-Event-ID": after} if after else {}
    events: list[dict[str, str]] = []
    current: dict[str, str] = {}
    with client.stream("GET", f"/v1/visit-requests/{run_id}/events", headers=headers) as response:
        for line in response.iter_lines():
            name, _, value = line.partition(": ")
            if line:
                current[name] = value
            elif current:
                events.append(current)
                current = {}
    return [event for event in events if "event" in event]


def test_a_request_is_accepted_at_once_and_becomes_a_package(server: Server) -> None:
    accepted = file_visit(server.client, "one")
    assert accepted.status_code == 202
    assert accepted.json()["status"] == "queued"
    run_id = accepted.json()["run_id"]

    events = stream_events(server.client, run_id)
    assert events[-1]["event"] == "over"
    assert json.loads(events[-1]["data"])["status"] == "complete"
    steps = [json.loads(event["data"])["step"] for event in events[:-1]]
    assert {"gather_crm", "gather_erp", "analyse_risk", "compose", "save"} <= set(steps)

    package = server.client.get(accepted.json()["package"])
    assert package.json()["run_id"] == run_id
    for shape, start in (("markdown", "# "), ("html", "<!doctype html>")):
        text = server.client.get(accepted.json()["package"], params={"format": shape}).text
        assert text.lower().startswith(start)


def test_progress_resumes_after_the_last_event_seen(server: Server) -> None:
    run_id = file_visit(server.client, "resume").json()["run_id"]
    events = stream_events(server.client, run_id)
    resumed = stream_events(server.client, run_id, after=events[3]["id"])
    assert resumed == events[4:]


def test_a_department_sees_only_its_part(server: Server) -> None:
    run_id = file_visit(server.client, "parts").json()["run_id"]
    stream_events(server.client, run_id)
    for department in ("legal", "supply_chain", "finance"):
        part = server.client.get(f"/v1/visit-requests/{run_id}/reviews/{department}").json()
        assert part["claims"]
        assert all(department in claim["departments"] for claim in part["claims"])
        assert set(part["evidence"]) == {cited for claim in part["claims"] for cited in claim["evidence"]}


def test_twenty_requests_with_one_key_and_a_restart_are_one_run(module_home: Path, tmp_path: Path) -> None:
    import shutil  # noqa: PLC0415

    home = tmp_path / "home"
    shutil.copytree(module_home, home)
    with serving(home) as first, ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda _: file_visit(first.client, "twenty"), range(20)))
        before = {answer.json()["run_id"] for answer in answers}
        first.kill()
    with serving(home) as second:
        again = file_visit(second.client, "twenty").json()["run_id"]
        stream_events(second.client, again)
        runs = second.client.get("/v1/visit-requests").json()["runs"]
    assert {answer.status_code for answer in answers} == {202}
    assert before == {again}
    assert [run["id"] for run in runs if run["request"] == runs[0]["request"]].count(again) == 1


@pytest.mark.parametrize(
    ("body", "key", "status", "field"),
    [
        ({**REQUEST, "account": "Helois"}, "a", 404, "account"),
        ({**REQUEST, "purpose": ""}, "b", 422, "purpose"),
        ({**REQUEST, "at": "1066-10-14"}, "c", 422, "at"),
        ({**REQUEST, "at": "soon"}, "d", 422, "at"),
        ({**REQUEST, "lang": "fr"}, "e", 422, "lang"),
        ({**REQUEST, "surprise": 1}, "f", 422, "surprise"),
        ({}, "g", 422, "account"),
        (REQUEST, "", 422, "Idempotency-Key"),
    ],
)
def test_bad_input_is_a_problem_that_names_the_field(
    server: Server, body: dict[str, Any], key: str, status: int, field: str
) -> None:
    answer = server.client.post("/v1/visit-requests", json=body, headers={"Idempotency-Key": key} if key else {})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["field"] == field
    assert answer.json()["remedy"]


def test_a_body_that_is_no_json_and_a_blank_question_are_said_in_words(server: Server) -> None:
    broken = server.client.post("/v1/chat", content=b"{bad", headers={"Content-Type": "application/json"})
    blank = server.client.post("/v1/chat", json={"message": " "}, headers={"Accept-Language": "zh"})
    assert (broken.status_code, broken.json()["field"]) == (422, "body")
    assert (blank.json()["field"], blank.json()["detail"]) == ("message", "不能为空")


def test_a_key_used_for_another_request_is_a_conflict(server: Server) -> None:
    file_visit(server.client, "conflict")
    answer = file_visit(server.client, "conflict", {**REQUEST, "purpose": "Something else"})
    assert answer.status_code == 409
    assert answer.json()["field"] == "Idempotency-Key"


@pytest.mark.parametrize("path", ["/v1/visit-requests/nope", "/v1/visit-requests/nope/package", "/v1/nowhere"])
def test_what_is_not_there_is_a_problem(server: Server, path: str) -> None:
    answer = server.client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(("method", "path", "status"), [("DELETE", "/v1/accounts", 405), ("POST", "/v1/nope", 404)])
def test_a_wrong_method_or_address_is_a_problem(server: Server, method: str, path: str, status: int) -> None:
    answer = server.client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "sent", "status"),
    [
        ("GET", "/v1/visit-requests/nope", {}, 404),
        ("GET", "/v1/nowhere", {}, 404),
        ("DELETE", "/v1/visit-requests", {}, 405),
        ("POST", "/v1/visit-requests", {"json": REQUEST, "headers": {"Idempotency-Key": "said"}}, 409),
        ("POST", "/v1/visit-requests", {"json": {**REQUEST, "at": "soon"}, "headers": {"Idempotency-Key": "x"}}, 422),
        (
            "POST",
            "/v1/visit-requests",
            {"json": {**REQUEST, "at": "1066-10-14"}, "headers": {"Idempotency-Key": "x"}},
            422,
        ),
        (
            "POST",
            "/v1/visit-requests",
            {"json": {**REQUEST, "account": "Helois"}, "headers": {"Idempotency-Key": "x"}},
            404,
        ),
        ("POST", "/v1/visit-requests", {"content": b"{", "headers": {"Content-Type": "application/json"}}, 422),
        ("POST", "/v1/recall", {"content": b" " * (1024 * 1024 + 1)}, 413),
        ("GET", "/v1/accounts", {"headers": {"Origin": "https://evil.example"}}, 403),
    ],
)
def test_a_problem_is_said_in_the_language_that_is_wished_for(
    server: Server, method: str, path: str, sent: dict[str, Any], status: int
) -> None:
    file_visit(server.client, "said", {**REQUEST, "purpose": "Another"})
    plain = server.client.request(method, path, **sent)
    headers = {**sent.get("headers", {}), "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}
    chinese = server.client.request(method, path, **{**sent, "headers": headers})
    assert (plain.status_code, plain.headers["Content-Language"]) == (status, "en")
    assert (chinese.status_code, chinese.headers["Content-Language"]) == (status, "zh")
    assert chinese.headers["Vary"] == "Accept-Language"
    said = {name: chinese.json()[name] for name in ("title", "detail", "remedy")}
    assert all(any(map(is_cjk, text)) for text in said.values()), said
    assert {**chinese.json(), **said} == {**plain.json(), **said}
    assert not any(is_cjk(char) for name in said for char in plain.json()[name])


def test_a_huge_body_is_refused_before_it_is_read(server: Server) -> None:
    body = {**REQUEST, "purpose": "x" * 2_000_000}
    answer = server.client.post("/v1/visit-requests", json=body, headers={"Idempotency-Key": "huge"})
    assert answer.status_code == 413
    chunks = (b"x" * 100_000 for _ in range(20))
    answer = server.client.post("/v1/visit-requests", content=chunks, headers={"Idempotency-Key": "huge"})
    assert answer.status_code == 413


def test_an_absurd_event_number_is_a_problem(server: Server) -> None:
    run_id = file_visit(server.client, "absurd").json()["run_id"]
    path = f"/v1/visit-requests/{run_id}/events"
    answer = server.client.get(path, headers={"Last-Event-ID": "9" * 5000})
    assert answer.status_code == 422
    assert answer.json()["field"] == "Last-Event-ID"


def test_a_repeated_request_is_answered_though_its_name_fits_two_accounts_by_now(server: Server) -> None:
    name = server.client.get("/v1/accounts").json()["accounts"][-1]["name"]
    body = {"account": name, "purpose": "Renewal"}
    first = file_visit(server.client, "twin", body).json()["run_id"]
    table = ("files", ("more.csv", f"Account ID,Account Name\nT1,{name}\n".encode()))
    assert server.client.post("/v1/imports", files=[table]).json()["written"] == {"account": 1}
    assert file_visit(server.client, "other", body).status_code == 409
    assert file_visit(server.client, "twin", body).json()["run_id"] == first


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Host": "[::1"}, {"Origin": "https://evil.example"}])
def test_pages_of_other_sites_cannot_use_the_server(server: Server, headers: dict[str, str]) -> None:
    assert server.client.get("/v1/accounts", headers=headers).status_code == 403


def test_files_are_imported_and_refusals_listed(server: Server) -> None:
    line = {"id": "x1", "account": "Helios", "kind": "note", "at": "2026-01-05T08:00:00Z", "text": "They like blue."}
    wrong = {**line, "id": "x2", "account": "Nobody at all"}
    text = "\n".join(json.dumps(each) for each in (line, wrong))
    answer = server.client.post("/v1/imports", files=[("files", ("../../notes.jsonl", text.encode()))])
    assert answer.status_code == 200
    report = answer.json()
    assert report["written"] == {"note": 1}
    assert [(refused["file"], refused["row"], refused["field"]) for refused in report["refused"]] == [
        ("notes.jsonl", 2, "account")
    ]
    files = [("files", ("notes.jsonl", text.encode()))]
    again = server.client.post("/v1/imports", files=files, headers={"Accept-Language": "zh"})
    (refused,) = again.json()["refused"]
    assert refused["reason"].startswith("没有客户“Nobody at all”")


def test_uploads_that_cannot_be_kept_apart_are_refused(server: Server) -> None:
    twice = [("files", ("a.csv", b"x,y")), ("files", ("b/a.csv", b"x,y"))]
    answer = server.client.post("/v1/imports", files=twice)
    assert answer.status_code == 409
    assert answer.json()["field"] == "files"


def test_an_uploaded_mapping_overrides_the_guess(server: Server) -> None:
    table = ("files", ("kunden.csv", b"Firma,Land\nNordbad Pumpen GmbH,Germany\n"))
    mapping = ("mapping", ("map.yaml", b"'kunden*.csv': {kind: account, columns: {Firma: name, Land: country}}"))
    report = server.client.post("/v1/imports", files=[table, mapping], headers={"SalesHub-Tenant": "demo"}).json()
    assert report["written"] == {"account": 1}


def test_a_meeting_is_handed_in_once_followed_and_its_speakers_named(server: Server) -> None:
    said = b"WEBVTT\n\n00:01.000 --> 00:04.000\n<v Speaker 1>We decided on the CP-80.\n"

    def hand_in(name: str = "2026-02-20_talk.vtt", key: str = "m", **told: str) -> httpx.Response:
        headers = {"Idempotency-Key": key, "Accept-Language": "zh"}
        form = {"account": "Helios", **told}
        return server.client.post("/v1/meetings", files={"file": (name, said)}, data=form, headers=headers)

    accepted = hand_in(subject="Pumps")
    assert (accepted.status_code, accepted.headers["Location"]) == (202, accepted.json()["meeting"])
    assert hand_in(subject="Pumps").json()["meeting_id"] == accepted.json()["meeting_id"]
    assert hand_in(subject="Valves").status_code == 409
    here = accepted.json()["meeting"]
    wait_until(lambda: server.client.get(here).json()["status"] == "done")
    state = server.client.get(here, params={"query": "CP-80"}).json()
    assert (state["progress"], state["held_on"], state["speakers"]) == (1.0, "2026-02-20", ["Speaker 1"])
    assert state["minutes"]["view"]["decisions"][0]["at"] == 1.0

    named = server.client.put(f"{here}/speakers", json={"names": {"Speaker 1": "Ada Holm"}})
    assert named.json()["minutes"]["view"]["decisions"][0]["speaker"] == "Ada Holm"
    assert server.client.get("/v1/meetings").json()["meetings"][0]["id"] == state["id"]
    refused = [hand_in("picture.png", "p"), hand_in(key="q", speakers="9"), hand_in(key="r", held_on="2100-01-01")]
    assert [one.json()["field"] for one in refused] == ["file", "speakers", "held_on"]
    assert {(one.status_code, one.headers["content-type"]) for one in refused} == {(422, "application/problem+json")}
    assert refused[0].json()["detail"] == "“picture.png”既不是录音也不是文字记录"
    assert server.client.get("/v1/meetings/none").status_code == 404


def test_recall_and_operation_addresses_answer(server: Server) -> None:
    hits = server.client.get("/v1/recall", params={"account": "Helios", "query": "price"}).json()["hits"]
    assert hits
    assert server.client.get("/healthz").json() == {"status": "ok"}
    assert server.client.get("/readyz").json()["status"] == "ok"
    assert "python_info" in server.client.get("/metrics").text


def test_the_api_describes_itself_in_openapi_3_1(server: Server) -> None:
    description = server.client.get("/openapi.json").json()
    assert description["openapi"].startswith("3.1")
    assert "/v1/visit-requests" in description["paths"]
