"""`saleshub webhooks`."""

from datetime import timedelta
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from cli.options import HomeOption, JsonOption, TenantOption, load_settings
from cli.output import print_json, to_people
from core.domain.webhooks import DeliveryStatus, Endpoint, Outcome, WebhookKey
from hub.events import webhooks
from hub.platform import open_platform

app = typer.Typer(help="Signed events in and out.", no_args_is_help=True)
keys = typer.Typer(help="Keys that other systems sign their events with.", no_args_is_help=True)
endpoints = typer.Typer(help="Where the hub sends its events.", no_args_is_help=True)
app.add_typer(keys, name="keys")
app.add_typer(endpoints, name="endpoints")

# Ten years; no end is said by not retiring a key.
_MOST_HOURS = 87_600

IdArgument = Annotated[str, typer.Argument(help="Id, as listed")]
SourceArgument = Annotated[str, typer.Argument(help="Who sends: the last part of the address, such as crm")]
AsOption = Annotated[str, typer.Option("--as", help="User whose rights the events have")]
AfterOption = Annotated[
    float, typer.Option("--after", min=0, max=_MOST_HOURS, help="Hours for which the key stays valid")
]
UrlArgument = Annotated[str, typer.Argument(help="Address, http or https")]
EventsOption = Annotated[str, typer.Option("--events", help="Events to send, comma-separated")]
OverlapOption = Annotated[
    float, typer.Option("--overlap", min=0, max=_MOST_HOURS, help="Hours for which the old secret signs too")
]
OutcomeOption = Annotated[Outcome | None, typer.Option("--outcome", help="Only events with this outcome")]
StatusOption = Annotated[DeliveryStatus | None, typer.Option("--status", help="Only deliveries in this state")]
OfSourceOption = Annotated[str | None, typer.Option("--source", help="Who sent it, where several used the id")]


@keys.command("add")
def add_key(
    source: SourceArgument,
    run_as: AsOption = "owner",
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Make a key for a source and print its secret, this once; keys it has stay valid beside it."""
    with open_platform(load_settings(home)) as platform:
        key = webhooks.add_key(platform, platform.owner(tenant), source, run_as)
    _print_secret({**_key_row(key), "address": f"/v1/webhooks/{source}", "secret": key.secret}, json=json)


@keys.command("list")
def list_keys(home: HomeOption = None, tenant: TenantOption = None, json: JsonOption = False) -> None:
    """List the keys, without their secrets."""
    with open_platform(load_settings(home)) as platform:
        found = webhooks.list_keys(platform, platform.owner(tenant))
    _print_rows("keys", [_key_row(key) for key in found], json=json)


@keys.command("retire")
def retire_key(
    key_id: IdArgument,
    after: AfterOption = 0,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """End a key's validity, now or in some hours."""
    with open_platform(load_settings(home)) as platform:
        at = webhooks.retire_key(platform, platform.owner(tenant), key_id, timedelta(hours=after))
    _print_rows("keys", [{"id": key_id, "retires_at": at.isoformat()}], json=json)


@endpoints.command("add")
def add_endpoint(
    url: UrlArgument,
    events: EventsOption,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Send events to an address and print the secret they are signed with, this once."""
    names = [name.strip() for name in events.split(",") if name.strip()]
    with open_platform(load_settings(home)) as platform:
        endpoint = webhooks.add_endpoint(platform, platform.owner(tenant), url, names)
    _print_secret({**_endpoint_row(endpoint), "secret": endpoint.secrets[0]}, json=json)


@endpoints.command("list")
def list_endpoints(home: HomeOption = None, tenant: TenantOption = None, json: JsonOption = False) -> None:
    """List the endpoints, without their secrets."""
    with open_platform(load_settings(home)) as platform:
        found = webhooks.list_endpoints(platform, platform.owner(tenant))
    _print_rows("endpoints", [_endpoint_row(endpoint) for endpoint in found], json=json)


@endpoints.command("remove")
def remove_endpoint(
    endpoint_id: IdArgument, home: HomeOption = None, tenant: TenantOption = None, json: JsonOption = False
) -> None:
    """Send nothing more to an endpoint."""
    with open_platform(load_settings(home)) as platform:
        webhooks.remove_endpoint(platform, platform.owner(tenant), endpoint_id)
    _print_rows("endpoints", [{"id": endpoint_id, "active": False}], json=json)


@endpoints.command("rotate")
def rotate_secret(
    endpoint_id: IdArgument,
    overlap: OverlapOption = 24,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Give an endpoint a new secret and print it; the old one signs as well for a while."""
    with open_platform(load_settings(home)) as platform:
        owner = platform.owner(tenant)
        endpoint = webhooks.rotate_secret(platform, owner, endpoint_id, timedelta(hours=overlap))
    _print_secret({**_endpoint_row(endpoint), "secret": endpoint.secrets[0]}, json=json)


@app.command("events")
def list_events(
    outcome: OutcomeOption = None, home: HomeOption = None, tenant: TenantOption = None, json: JsonOption = False
) -> None:
    """List the newest events that came in."""
    from hub.events import receiving

    with open_platform(load_settings(home)) as platform:
        found = receiving.list_events(platform, platform.owner(tenant), outcome)
    shown = {"id", "source", "type", "received_at", "outcome", "detail"}
    _print_rows("events", [event.model_dump(mode="json", include=shown) for event in found], json=json)


@app.command("replay")
def replay(
    event_id: IdArgument,
    source: OfSourceOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Try a refused event again; the run it starts is worked on by whoever serves or works on this home."""
    from hub.events import receiving

    with open_platform(load_settings(home)) as platform:
        taken = receiving.replay_event(platform, platform.owner(tenant), event_id, source)
    _print_rows("events", [taken.model_dump(mode="json")], json=json)


@app.command("deliveries")
def list_deliveries(
    status: StatusOption = None, home: HomeOption = None, tenant: TenantOption = None, json: JsonOption = False
) -> None:
    """List the newest deliveries of events that go out."""
    with open_platform(load_settings(home)) as platform:
        found = webhooks.list_deliveries(platform, platform.owner(tenant), status)
    shown = {"id", "endpoint_id", "type", "status", "attempts", "due_at", "error"}
    _print_rows("deliveries", [delivery.model_dump(mode="json", include=shown) for delivery in found], json=json)


@app.command("retry")
def retry(
    delivery_id: IdArgument, home: HomeOption = None, tenant: TenantOption = None, json: JsonOption = False
) -> None:
    """Send a delivery that is dead or stopped again."""
    with open_platform(load_settings(home)) as platform:
        webhooks.retry_delivery(platform, platform.owner(tenant), delivery_id)
    _print_rows("deliveries", [{"id": delivery_id, "status": DeliveryStatus.WAITING.value}], json=json)


def _key_row(key: WebhookKey) -> dict[str, Any]:
    row = key.model_dump(mode="json", exclude={"secret", "run_as"})
    return {**row, "as": key.run_as}


def _endpoint_row(endpoint: Endpoint) -> dict[str, Any]:
    return endpoint.model_dump(mode="json", exclude={"secrets"})


def _print_secret(row: dict[str, Any], *, json: bool) -> None:
    if json:
        print_json(row)
        return
    for name, value in row.items():
        to_people().print(f"{name}: {value}", markup=False, soft_wrap=True)
    to_people().print("The secret is not shown again.")


def _print_rows(name: str, rows: list[dict[str, Any]], *, json: bool) -> None:
    if json:
        print_json({name: rows})
        return
    if not rows:
        to_people().print(f"No {name}.")
        return
    table = Table(*rows[0], box=None)
    for row in rows:
        table.add_row(*(escape(_plain(value)) for value in row.values()))
    to_people().print(table)


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
