"""What the start of the console does to the rest of the process."""

import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]

# In a process of its own: an audit hook stays until the process ends.
_START = """
import sys
from pathlib import Path

from fastapi.testclient import TestClient

from api.app import build_api
from console.app import mount_console
from core.settings import Settings
from hub.platform import open_platform
from nicegui import ui

@ui.page("/broken")
def broken():
    raise RuntimeError("row 17 of somebody else")

looks = []
with open_platform(Settings(home=Path(sys.argv[1])), work=True) as platform:
    app = build_api(platform)
    mount_console(app, platform)
    sys.addaudithook(lambda event, _: looks.append(event) if event.startswith("gc.get_") else None)
    with TestClient(app, base_url="http://127.0.0.1") as client:
        print(client.get("/healthz").status_code, client.get("/visits/none").status_code, looks)
        answer = client.get("/broken", headers={"Accept-Language": sys.argv[2]})
        print(answer.status_code, ascii(answer.text))
"""


def start(home: Path, language: str = "en") -> list[str]:
    """What a console that has just started says of pages, line by line."""
    command = [sys.executable, "-c", _START, str(home), language]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_console_starts_without_looking_at_what_jobs_are_building(tmp_path: Path) -> None:
    """A tuple seen half built by another thread ends that thread's work with a SystemError."""
    assert start(tmp_path / "home")[0].split(maxsplit=2) == ["200", "200", "[]"]


@pytest.mark.parametrize(("language", "title"), [("en", "This page could not be shown"), ("zh", "页面无法显示")])
def test_a_page_that_fails_says_so_without_the_words_of_the_failure(tmp_path: Path, language: str, title: str) -> None:
    status, text = start(tmp_path / "home", language)[1].split(maxsplit=1)
    assert status == "500"
    assert title in text.encode("ascii").decode("unicode_escape") or ascii(title)[1:-1] in text
    assert "somebody else" not in text
