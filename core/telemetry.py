"""Structured logs, one JSON object a line on stderr, so that output for people and programs stays clean."""

import logging
import sys

import structlog


def set_up_logging(level: str) -> None:
    """Send logs of `level` (`debug` … `critical`) and above to stderr as JSON lines."""
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        # What is standard error when it is written to, which is not always what it was at the start.
        logger_factory=lambda *_names: structlog.WriteLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
