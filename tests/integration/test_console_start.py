"""What the start of the console does to the rest of the process."""

import subprocess
import sys
from pathlib import Path

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

looks = []
with open_platform(Settings(home=Path(sys.argv[1])), work=True) as platform:
    app = build_api(platform)
    mount_console(app, platform)
    sys.addaudithook(lambda event, _: looks.append(event) if event.startswith("gc.get_") else None)
    with TestClient(app, base_url="http://127.0.0.1") as client:
        print(client.get("/healthz").status_code, client.get("/visits/none").status_code, looks)
"""


def test_the_console_starts_without_looking_at_what_jobs_are_building(tmp_path: Path) -> None:
    """A tuple seen half built by another thread ends that thread's work with a SystemError."""
    command = [sys.executable, "-c", _START, str(tmp_path / "home")]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.split(maxsplit=2) == ["200", "200", "[]\n"], done.stderr
