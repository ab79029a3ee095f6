"""`saleshub webhooks` as a person uses it, and a server that takes what was signed with the key it printed."""

import json
import time
from pathlib import Path

import httpx

from evals.bench.server import serving
from evals.bench.webhook_sender import cloud_event, signed
from tests.e2e.conftest import Cli

VISIT = {"account": "Helios", "purpose": "Agree on price and delivery"}


def send(client: httpx.Client, secret: str, id_: str, data: dict[str, str]) -> httpx.Response:
    request = signed("crm", cloud_event(id_, "visit.requested", data), [secret], int(time.time()))
    return client.post("/v1/webhooks/crm", content=request.body, headers=list(request.headers))


def test_a_key_from_the_command_line_opens_the_door_of_the_server(home: Path, cli: Cli) -> None:
    key = json.loads(cli("webhooks", "keys", "add", "crm", "--json", home=home).stdout)
    assert key["secret"] not in cli("webhooks", "keys", "list", "--json", home=home).stdout
    with serving(home) as server:
        accepted = send(server.client, key["secret"], "e1", VISIT)
        refused = send(server.client, key["secret"], "e2", {**VISIT, "account": "Nobody"})
        assert (accepted.status_code, refused.status_code) == (202, 422)
        package = None
        with server.client.stream("GET", f"{accepted.headers['Location']}/events") as events:
            package = [line for line in events.iter_lines() if line.startswith("event: over")]
        assert package
        cli("webhooks", "keys", "retire", key["id"], home=home)
        assert send(server.client, key["secret"], "e3", VISIT).status_code == 401

    (event,) = json.loads(cli("webhooks", "events", "--outcome", "refused", "--json", home=home).stdout)["events"]
    assert (event["id"], event["source"]) == ("e2", "crm")
    again = cli("webhooks", "replay", "e2", home=home)
    assert (again.returncode, "no account is called “Nobody”" in again.stderr) == (2, True)


def test_endpoints_are_added_changed_and_removed(home: Path, cli: Cli) -> None:
    url, events = "https://example.com/hooks", "package.ready,review.due"
    made = json.loads(cli("webhooks", "endpoints", "add", url, "--events", events, "--json", home=home).stdout)
    new = json.loads(cli("webhooks", "endpoints", "rotate", made["id"], "--json", home=home).stdout)
    assert made["secret"] != new["secret"]
    assert cli("webhooks", "endpoints", "remove", made["id"], home=home).returncode == 0
    listed = cli("webhooks", "endpoints", "list", "--json", home=home).stdout
    (endpoint,) = json.loads(listed)["endpoints"]
    assert (endpoint["url"], endpoint["active"]) == (url, False)
    assert new["secret"] not in listed
    for words, named in (
        (("endpoints", "add", "http://127.0.0.1/", "--events", events), "URL"),
        (("endpoints", "add", url, "--events", "deal.won"), "--events"),
        (("endpoints", "remove", "x"), "ID"),
        (("keys", "add", "a/b"), "SOURCE"),
        (("keys", "add", "crm", "--as", "nobody"), "--as"),
        (("retry", "x"), "ID"),
    ):
        done = cli("webhooks", *words, home=home)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert f"saleshub: {named}: " in done.stderr


def test_lists_for_people_are_tables(home: Path, cli: Cli) -> None:
    assert "No events." in cli("webhooks", "events", home=home).stdout
    assert "No deliveries." in cli("webhooks", "deliveries", home=home).stdout
    printed = cli("webhooks", "keys", "add", "crm", home=home).stdout
    assert "whsec_" in printed
    assert "crm" in cli("webhooks", "keys", "list", home=home).stdout


def test_hours_without_end_are_refused_in_one_line(home: Path, cli: Cli) -> None:
    for words in (("keys", "retire", "x", "--after", "inf"), ("endpoints", "rotate", "x", "--overlap", "nan")):
        done = cli("webhooks", *words, home=home)
        assert (done.returncode, done.stderr.count("\n"), words[3] in done.stderr) == (2, 1, True)
