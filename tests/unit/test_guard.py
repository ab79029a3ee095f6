import base64
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from api.guard import Guard
from core.settings import Settings
from hub.installation import Platform
from hub.platform import open_platform

KEY = "s3cret-kéy"


@pytest.fixture
def open_home(tmp_path: Path) -> Iterator[Platform]:
    with open_platform(Settings(home=tmp_path, embedding_model="none")) as platform:
        yield platform


@pytest.fixture
def keyed(tmp_path: Path) -> Iterator[Platform]:
    with open_platform(Settings(home=tmp_path, embedding_model="none", api_key=KEY)) as platform:
        yield platform


def client_of(platform: Platform) -> httpx.AsyncClient:
    async def hello(_request: object) -> PlainTextResponse:
        return PlainTextResponse("hello")

    routes = [Route(path, hello) for path in ("/", "/healthz", "/v1/accounts")]
    app = Guard(Starlette(routes=routes), platform)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1")


def basic(password: str) -> str:
    return "Basic " + base64.b64encode(f"anyone:{password}".encode()).decode()


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        (None, 401),
        (f"Bearer {KEY}", 200),
        (f"bearer {KEY}", 200),
        (basic(KEY), 200),
        ("Bearer wrong", 401),
        (basic("wrong"), 401),
        ("Basic not-base64!", 401),
        (KEY, 401),
        ("Bearer ", 401),
    ],
)
async def test_with_a_key_set_only_its_holder_gets_in(keyed: Platform, authorization: str | None, status: int) -> None:
    headers = {b"Authorization": authorization.encode()} if authorization else {}
    async with client_of(keyed) as client:
        answer = await client.get("/v1/accounts", headers=headers)
    assert answer.status_code == status
    if status == 401:
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.json()["field"] == "Authorization"


async def test_who_is_not_let_in_is_told_in_their_language(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, embedding_model="none", api_key=KEY, api_rate="1/hour")
    with open_platform(settings) as platform:
        async with client_of(platform) as client:
            answers = [await client.get("/v1/accounts", headers={"Accept-Language": "zh"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [401, 429]
    assert {answer.headers["Content-Language"] for answer in answers} == {"zh"}
    stranger, pressing = (answer.json() for answer in answers)
    assert (stranger["title"], stranger["field"]) == ("未登录", "Authorization")
    assert pressing["detail"] == "API 请求次数超过上限"
    assert pressing["remedy"] == f"请等待 {answers[1].headers['Retry-After']} 秒。"


async def test_a_page_leads_to_the_sign_in_and_back(keyed: Platform) -> None:
    async with client_of(keyed) as client:
        answer = await client.get("/reviews?show=over")
        start = await client.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=/reviews%3Fshow%3Dover")
    assert start.headers["Location"] == "/sign-in"


async def test_liveness_needs_no_key(keyed: Platform) -> None:
    async with client_of(keyed) as client:
        assert (await client.get("/healthz")).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "127.0.0.1:8484"}, 200),
        ({"Host": "localhost"}, 200),
        ({"Host": "[::1]:8484"}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Host": "127.0.0.1:8484", "Origin": "http://127.0.0.1:8484"}, 200),
        ({"Host": "127.0.0.1:8484", "Origin": "http://127.0.0.1:9999"}, 403),
        ({"Host": "127.0.0.1:8484", "Origin": "https://evil.example"}, 403),
        ({"Host": "127.0.0.1:8484", "Origin": "null"}, 403),
        ({"Host": "127.0.0.1:8484", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Host": "127.0.0.1:8484", "Sec-Fetch-Site": "none"}, 200),
        ({"Host": "127.0.0.1:8484", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Host": "127.0.0.1:8484", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, 200),
    ],
)
async def test_foreign_hosts_and_pages_are_refused(open_home: Platform, headers: dict[str, str], status: int) -> None:
    async with client_of(open_home) as client:
        assert (await client.get("/", headers=headers)).status_code == status


async def test_a_foreign_page_cannot_post_even_by_a_link(open_home: Platform) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    async with client_of(open_home) as client:
        assert (await client.post("/v1/accounts", headers=headers)).status_code == 403


async def test_every_answer_forbids_frames_and_foreign_content(open_home: Platform) -> None:
    async with client_of(open_home) as client:
        headers = (await client.get("/")).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
