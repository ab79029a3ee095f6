"""Serving weights with llama.cpp, on loopback only and behind no key."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import SetupError
from evals.local_model.weights import NAME

# Enough for the tools with their schemas, a question and what its calls brought.
_CONTEXT = 16_384


@contextmanager
def serving(weights: Path, port: int) -> Iterator[str]:
    """The base URL of an OpenAI-compatible server while the block runs. Raises SetupError when it does not start."""
    try:
        # Only `make llm` installs it.
        import xllamacpp  # type: ignore[import-not-found,import-untyped,unused-ignore]  # noqa: PLC0415
    except ImportError as error:
        raise SetupError("llama.cpp is not installed", field="xllamacpp", remedy="Run `make llm`.") from error
    params = xllamacpp.CommonParams()
    params.model.path = str(weights)
    params.model_alias = {NAME}
    params.hostnames = ["127.0.0.1"]
    params.port = port
    params.n_ctx = _CONTEXT
    params.n_parallel = 1
    params.verbosity = 0
    # Threads wait for one another at every step. Beside other work, the hub's own for a start, fewer that do not spin
    # are faster: with both cores of two busy, one thread wrote 9 tokens a second and two wrote 3.
    for threads in (params.cpuparams, params.cpuparams_batch):
        threads.n_threads = max(1, (os.cpu_count() or 1) // 2)
        threads.poll = 0
    # Pages from elsewhere must not talk to it.
    params.cors_origins = "http://127.0.0.1"
    try:
        server = xllamacpp.Server(params)
    except RuntimeError as error:
        raise SetupError(
            f"llama.cpp did not start: {error}", field="--port", remedy="Is the port taken? Choose another one."
        ) from error
    yield f"{server.listening_address}/v1"
    del server
