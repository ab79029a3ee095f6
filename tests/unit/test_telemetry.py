"""Logs go where people look."""

import io
import sys

import pytest
import structlog

from core.telemetry import set_up_logging


def test_a_log_follows_standard_error_when_it_is_put_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stderr", first)
    set_up_logging("warning")
    log = structlog.get_logger()
    log.warning("before")
    first.close()
    monkeypatch.setattr(sys, "stderr", second)
    log.warning("after")
    assert '"event": "after"' in second.getvalue()
