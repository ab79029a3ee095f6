"""What Prometheus is told about the whole installation, by whichever process it asks."""

from prometheus_client import Gauge

from core.domain.workers import WorkerStatus
from hub.installation import Platform

WORKERS = Gauge("saleshub_workers_alive", "Workers that have shown a sign of life within their lease")
JOBS = Gauge("saleshub_jobs", "Jobs that are not finished", ["state"])
OUTBOX = Gauge("saleshub_outbox", "Writes to outside systems, `dead` ones wait for a person", ["status"])


def update_gauges(platform: Platform) -> None:
    """Read the figures anew."""
    oldest = platform.clock.now() - platform.settings.worker_lease
    with platform.store.read() as unit:
        workers = unit.workers.list()
        outbox = unit.outbox.count()
    WORKERS.set(sum(one.status is WorkerStatus.ALIVE and one.seen_at >= oldest for one in workers))
    jobs = platform.jobs.count()
    JOBS.labels("queued").set(jobs.queued)
    JOBS.labels("running").set(jobs.running)
    for status in ("waiting", "sent", "dead"):
        OUTBOX.labels(status).set(outbox.get(status, 0))
