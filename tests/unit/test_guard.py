import base64

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from api.guard import Guard
from core.settings import Settings

KEY = "s3cret-kéy"


def client_of(settings: Settings) -> httpx.AsyncClient:
    async def hello(_request: object) -> PlainTextResponse:
        return PlainTextResponse("hello")

    app = Guard(Starlette(routes=[Route("/", hello), Route("/healthz", hello)]), settings)
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
async def test_with_a_key_set_only_its_holder_gets_in(authorization: str | None, status: int) -> None:
    headers = {b"Authorization": authorization.encode()} if authorization else {}
    async with client_of(Settings(api_key=KEY)) as client:
        answer = await client.get("/", headers=headers)
    assert answer.status_code == status
    if status == 401:
        assert answer.headers["WWW-Authenticate"].startswith("Basic")
        assert answer.json()["field"] == "Authorization"


async def test_liveness_needs_no_key() -> None:
    async with client_of(Settings(api_key=KEY)) as client:
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
    ],
)
async def test_foreign_hosts_and_origins_are_refused(headers: dict[str, str], status: int) -> None:
    async with client_of(Settings()) as client:
        assert (await client.get("/", headers=headers)).status_code == status
