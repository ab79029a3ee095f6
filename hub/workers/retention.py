"""What nobody needs any more goes, in small batches; packages, decisions and the audit log always stay."""

from datetime import timedelta

from hub.installation import Platform

# Small, so that nobody waits long for the database.
BATCH = 200
_LONGEST_UPLOAD = timedelta(days=1)


def delete_old(platform: Platform, _worker: str) -> int:
    """One batch of each kind of trace that ended longer ago than `keep_finished`; how many rows went."""
    before = platform.clock.now() - platform.settings.keep_finished
    gone = platform.jobs.delete_finished(before, BATCH)
    with platform.store.write() as unit:
        gone += unit.retention.delete_run_events(before, BATCH)
    with platform.store.write() as unit:
        gone += unit.retention.delete_webhook_traces(before, BATCH) + unit.retention.clear_outbox(before, BATCH)
    with platform.store.write() as unit:
        gone += unit.retention.delete_checkpoints(before, BATCH)
    with platform.store.write() as unit:
        gone += unit.meeting_files.drop_stray_parts(platform.clock.now() - _LONGEST_UPLOAD)
    with platform.store.write() as unit:
        unit.workers.forget(before)
    return gone
