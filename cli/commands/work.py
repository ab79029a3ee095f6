"""`saleshub work`."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table

from cli.behind import embedding
from cli.options import HomeOption, JsonOption, load_settings
from cli.output import print_json, to_people
from cli.stopping import begin_anew, exit_past_stray_jobs, told_to_stop
from core.domain.workers import WorkerStatus
from core.settings import Settings
from hub.platform import open_platform

NameOption = Annotated[str | None, typer.Option("--name", help="Name of this worker [default: the next free one]")]
StatusOption = Annotated[bool, typer.Option("--status", help="List the workers instead; 1 when none is alive")]


def work(
    name: NameOption = None, status: StatusOption = False, json_: JsonOption = False, home: HomeOption = None
) -> int:
    """Do the jobs that servers on the same database accept, until Ctrl-C."""
    settings = load_settings(home)
    if status:
        return _print_status(settings, as_json=json_)
    with told_to_stop() as stop:
        with open_platform(settings, work=True, worker=name) as platform:
            if platform.work is not None:
                # Whatever was left running in here when others took this worker for dead is gone with the process.
                platform.work.when_superseded = begin_anew
            to_people().print(f"Worker {platform.worker} works (Ctrl-C stops)")
            with embedding(platform):
                stop.wait()
            to_people().print(f"Worker {platform.worker} stops: running jobs may end")
        exit_past_stray_jobs(platform)
    return 0


def _print_status(settings: Settings, *, as_json: bool) -> int:
    with open_platform(settings) as platform, platform.store.read() as unit:
        workers = unit.workers.list()
    now = datetime.now(UTC)
    told = []
    for worker in workers:
        silent_s = max(0, round((now - worker.seen_at).total_seconds()))
        alive = worker.status is WorkerStatus.ALIVE and silent_s <= settings.worker_lease.total_seconds()
        shown = worker.model_dump(mode="json", exclude={"status"})
        told.append({**shown, "alive": alive, "status": worker.status.value, "seen_s_ago": silent_s})
    if as_json:
        print_json({"workers": told})
    else:
        table = Table("worker", "alive", "host", "process", "last seen", "home", box=None)
        for one in told:
            seen = f"{one['seen_s_ago']} s ago"
            table.add_row(one["name"], "yes" if one["alive"] else "no", one["host"], str(one["pid"]), seen, one["home"])
        to_people().print(table)
    return int(not any(one["alive"] for one in told))
