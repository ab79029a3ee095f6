"""Pre-reviews through their doors: the command line and HTTP."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import build_api
from core.domain.contracts import Department
from core.settings import Settings
from tests.e2e.conftest import Cli, Done
from tests.reviewing import MovedClock, make_package, part_of, reviewing_company


@pytest.fixture
def reviewed_home(tmp_path: Path) -> tuple[Path, str]:
    """A home with one package that waits for its reviewers, and the id of a sentence for finance."""
    home = tmp_path / "home"
    url = Settings(home=home, database_url=None).records_url
    with reviewing_company(home, url, MovedClock(datetime.now(UTC))) as platform:
        claim = next(one.id for one in part_of(make_package(platform), Department.FINANCE) if "List price" in one.text)
    return home, claim


def test_departments_do_their_reviews_at_the_command_line(cli: Cli, reviewed_home: tuple[Path, str]) -> None:
    home, claim = reviewed_home

    def reviews(*words: str, user: str = "legal", code: int = 0) -> Done:
        done = cli("reviews", *words, "--as", user, home=home)
        assert done.returncode == code, done.stderr
        return done

    def read(*words: str, user: str = "legal") -> Any:
        return json.loads(reviews(*words, "--json", user=user).stdout)

    listed = read("list")
    assert [each["review"]["id"] for each in listed["reviews"]] == ["run-legal"]
    assert (listed["reviews"][0]["overdue"], listed["late_packages"]) == (False, [])
    assert "run-finance" in reviews("list", "--department", "finance", user="boss").stdout
    assert read("start", "run-legal")["review"]["assignee"] == "legal"
    assert read("ask", "run-legal", "--question", "Which entity signs?")["review"]["status"] == "asked"
    assert "review_question" in reviews("inbox", user="rep").stdout
    assert "run-legal" in reviews("list", "--mine", user="rep").stdout
    assert read("answer", "run-legal", "--text", "The GmbH.", user="rep")["review"]["status"] == "open"
    assert "Value error" not in reviews("delay", "run-legal", "--reason", "lazy", code=2).stderr
    reviews("delay", "run-legal", "--reason", "unclear_terms", "--note", "clause 4")
    assert read("delegate", "run-legal", "--to", "legal-b")["review"]["assignee"] == "legal-b"
    refused = reviews("approve", "run-legal", code=2)
    assert refused.stderr.count("\n") == 1
    assert "legal-b has taken it" in refused.stderr
    assert "rejected" in reviews("reject", "run-legal", "--reason", "No clause 4.", user="legal-b").stdout

    text = "List price of VX-10 gear pump for 20: EUR 1,100 each."
    assert "unsupported" in reviews("edit", "run-finance", "--claim", claim, "--text", text, user="money").stdout
    reviews("approve", "run-finance", "--revision", "0", user="money", code=2)
    shown = reviews("show", "run-finance", user="money").stdout
    assert "edited by money" in shown
    assert "revision 1" in shown
    assert read("approve", "run-finance", "--revision", "1", user="money")["review"]["status"] == "approved"
    reviews("approve", "run-finance", user="money", code=2)
    times = read("times", "--since", "2020-01-01", user="boss")
    assert (times["overall"]["reviews"], times["overall"]["decided"]) == (3, 2)
    assert {each["group"] for each in times["reasons"]} == {"unclear_terms", "none"}
    assert "unclear_terms" in reviews("times", user="boss").stdout


def test_over_http_the_owner_manages_and_decides_what_was_left_to_them(tmp_path: Path) -> None:
    home = tmp_path / "home"
    url = Settings(home=home).records_url
    with reviewing_company(home, url, MovedClock(datetime.now(UTC))) as platform:
        package = make_package(platform)
        claim = part_of(package, Department.LEGAL)[0]
        client = TestClient(build_api(platform), base_url="http://127.0.0.1:8484")

        def post(act: str, expected: int, review: str = "run-legal", **body: object) -> Any:
            answer = client.post(f"/v1/reviews/{review}/{act}", json=body)
            assert answer.status_code == expected, answer.text
            return answer.json()

        listed = client.get("/v1/reviews", params={"department": "legal"}).json()["reviews"]
        assert [(each["review"]["id"], each["overdue"]) for each in listed] == [("run-legal", False)]
        detail = client.get("/v1/reviews/run-legal").json()
        assert [each["id"] for each in detail["part"]["claims"]] == [
            one.id for one in part_of(package, Department.LEGAL)
        ]
        # The owner belongs to no department.
        assert post("approve", 403, revision=0)["detail"]
        post("start", 403)
        post("reject", 403, revision=0, reason="No.")
        post("ask", 403, question="Which entity signs?")
        post("edits", 403, revision=0, claim=claim.id, text="Shorter.")
        post("approve", 422, comment="which revision?")
        assert post("delegate", 200, to="legal-b")["review"]["assignee"] == "legal-b"
        post("delegate", 404, to="nobody")
        post("delegate", 422, to="money")
        post("answer", 409, text="Nobody asked.")
        post("delay", 200, reason="workload")
        post("start", 404, review="no-such")
        assert client.get("/v1/reviews/times").json()["overall"]["reviews"] == 3
        assert client.get("/v1/notifications").json() == {"notifications": []}
