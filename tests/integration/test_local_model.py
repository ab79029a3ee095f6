"""`make llm`: weights that are not what they should be are refused, and what is wrong is said in one line."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import SetupError
from evals.local_model.__main__ import main
from evals.local_model.weights import NAME, SIZE, ensure_weights

ROOT = Path(__file__).parents[2]

# Stands in for llama.cpp, which only `make llm` installs: it takes the port, and says no as llama.cpp does.
LLAMA = """
import socket
from types import SimpleNamespace


class CommonParams:
    def __init__(self):
        self.model, self.cpuparams, self.cpuparams_batch = SimpleNamespace(), SimpleNamespace(), SimpleNamespace()


class Server:
    def __init__(self, params):
        assert params.hostnames == ["127.0.0.1"] and params.cors_origins == "http://127.0.0.1"
        assert 1 <= params.cpuparams.n_threads == params.cpuparams_batch.n_threads
        self._socket = socket.socket()
        try:
            self._socket.bind((params.hostnames[0], params.port))
        except OSError:
            raise RuntimeError("Failed to init server") from None
        self.listening_address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
"""


def _uv(folder: Path, *lines: str) -> str:
    """A program in place of uv: it is given `--target FOLDER PACKAGE` and does these lines of Python."""
    path = folder / "uv"
    head = [f"#!{sys.executable}", "import pathlib, sys", "target, package = pathlib.Path(sys.argv[-2]), sys.argv[-1]"]
    path.write_text("\n".join([*head, *lines]), "utf-8")
    path.chmod(0o755)
    return str(path)


WRONG = (
    "name = package.split('==')[0].replace('-', '_')",
    "data = target / name / 'data'",
    "data.mkdir(parents=True)",
    "(data / f'{name}.bin').write_bytes(package.encode())",
)


@pytest.mark.parametrize("lines", [WRONG, ()], ids=["other data", "no data"])
def test_weights_that_are_not_those_expected_are_refused_and_not_kept(lines: tuple[str, ...], tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    folder = tmp_path / "models"
    with pytest.raises(SetupError, match="not those expected"):
        ensure_weights(folder, _uv(tmp_path, *lines), lambda done, all_: told.append((done, all_)))
    assert list(folder.iterdir()) == []
    assert told == [(number, 22) for number in range(1, 23)]


def test_a_slice_that_cannot_be_fetched_ends_it_with_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fetches_two = _uv(tmp_path, *WRONG, "sys.exit('part3==' in package)")
    for uv, number in ((str(tmp_path / "nowhere"), 1), (fetches_two, 3)):
        assert main(["--folder", str(tmp_path / "models"), "--uv", uv]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        [line] = err.splitlines()
        assert line.startswith(f"weights: slice {number} of the weights could not be fetched.")


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A folder with a file of the weights' name and size, which takes no room."""
    with (tmp_path / f"{NAME}.gguf").open("wb") as file:
        file.truncate(SIZE)
    return tmp_path


def test_without_llama_cpp_it_says_how_to_install_it(
    weights: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    assert main(["--folder", str(weights)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "xllamacpp: llama.cpp is not installed. Run `make llm`.\n"


def _serve(weights: Path, port: int) -> "subprocess.Popen[str]":
    (weights / "xllamacpp.py").write_text(LLAMA, "utf-8")
    command = [sys.executable, "-m", "evals.local_model", "--folder", str(weights), "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(weights)}
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_a_port_that_is_taken_is_said_in_one_line(weights: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, _serve(weights, taken.getsockname()[1]) as process:
        out, err = process.communicate(timeout=120)
    assert process.returncode == 2
    assert out == ""
    assert err == "--port: llama.cpp did not start: Failed to init server. Is the port taken? Choose another one.\n"


def test_it_prints_the_settings_and_serves_until_it_is_stopped(weights: Path) -> None:
    with _serve(weights, 0) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=120)
    assert process.returncode == 0
    export, *settings = line.split()
    assert export == "export"
    told = dict(setting.split("=") for setting in settings)
    assert told.pop("OPENAI_BASE_URL").startswith("http://127.0.0.1:")
    assert told.pop("OPENAI_API_KEY") == "none"
    assert told == {f"SALESHUB_{role}_MODEL": NAME for role in ("PLANNER", "WRITER", "JUDGE")}
