"""The real client against a real endpoint: errors are tried again, and none costs the package."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from core.language import Lang
from core.settings import Settings
from evals.bench.model_server.replies import fails, rubbish, stalls
from evals.bench.model_server.serving import ModelServer, Reply, open_model_server
from hub.installation import Platform
from hub.platform import open_platform
from tests.model_server import good
from tests.small_company import import_small_company, visit

SOON = {"retry_after_ms": "1"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    with open_platform(Settings(home=folder / "home", database_url=None, embedding_model="none")) as platform:
        import_small_company(platform, folder / "exports")
    return folder / "home"


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


@contextmanager
def serving(
    home: Path, monkeypatch: pytest.MonkeyPatch, *replies: Reply, **fields: Any
) -> Iterator[tuple[Platform, ModelServer]]:
    """A platform whose model is set by the environment, as its users set it."""
    with open_model_server(*replies) as server:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("SALESHUB_WRITER_MODEL", "stub-writer")
        with open_platform(Settings(home=home, embedding_model="none", **fields)) as platform:
            yield platform, server


def test_a_remote_model_words_one_package_after_another(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(home, monkeypatch, good) as (platform, server):
        packages = [visit(platform), visit(platform, "华锦精密机械有限公司", Lang.ZH), visit(platform, "Borealis")]

    for package in packages:
        assert package.model == "stub-writer"
        assert any(claim.text != claim.plain for claim in package.claims)
        assert package.usage.input_tokens == 50 * package.usage.model_calls
    assert sum(package.usage.model_calls for package in packages) == len(server.asked)
    assert server.keys == {"Bearer sk-test"}
    assert all(body["model"] == "stub-writer" and body["max_completion_tokens"] > 0 for body in server.asked)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_passing_error_is_tried_again(home: Path, monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    with serving(home, monkeypatch, fails(status, **SOON), good) as (platform, server):
        package = visit(platform)

    assert package.model == "stub-writer"
    assert len(server.asked) == package.usage.model_calls + 1


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (fails(429, **SOON), "too busy"),
        (fails(500, **SOON), "failed"),
        (fails(401), "refused the key"),
        (fails(404), "refused the key or the model name"),
        (fails(400), "failed"),
        (rubbish, "failed"),
    ],
)
def test_a_lasting_error_leaves_the_computed_wording_and_its_reason(
    home: Path, monkeypatch: pytest.MonkeyPatch, reply: Reply, reason: str
) -> None:
    with serving(home, monkeypatch, reply) as (platform, _server):
        package = visit(platform)

    assert all(claim.text == claim.plain for claim in package.claims)
    assert package.model == "embedded"
    assert reason in str(package.wording)
    assert package.usage.model_calls > 0
    assert "sk-test" not in package.model_dump_json()


def test_an_endpoint_that_stalls_does_not_hold_up_the_package(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(home, monkeypatch, stalls, model_timeout_s=4) as (platform, server):
        package = visit(platform)

    assert server.asked
    assert "in time" in str(package.wording)
    assert all(claim.text == claim.plain for claim in package.claims)


def test_an_endpoint_that_is_not_there_does_not_hold_up_the_package(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_model_server(good) as gone:
        pass
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    monkeypatch.setenv("OPENAI_BASE_URL", gone.url)
    with open_platform(Settings(home=home, embedding_model="none", model_timeout_s=0.5)) as platform:
        package = visit(platform)

    assert package.wording
    assert all(claim.text == claim.plain for claim in package.claims)
