"""`saleshub reviews`: what waits for departments, and deciding it."""

from datetime import UTC, datetime, time
from typing import Annotated

import typer

from cli.options import HomeOption, JsonOption, TenantOption, load_settings, parse_day
from cli.output import print_json
from cli.reviews_text import print_list, print_review, print_task, print_times
from core.domain.contracts import Department
from core.domain.reviews import DelayReason
from hub.deadlines import late_packages, list_notifications
from hub.people import acting_as
from hub.platform import open_platform
from hub.reviews.claim_edits import edit_claim
from hub.reviews.cycle_times import cycle_times
from hub.reviews.decisions import approve_review, reject_review
from hub.reviews.reading import get_review, list_reviews
from hub.reviews.talk import answer_question, ask_back, delegate_review, note_delay, start_review

app = typer.Typer(help="Pre-reviews: what waits for legal, supply chain and finance.", no_args_is_help=True)

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="Id of the review")]
AsOption = Annotated[str | None, typer.Option("--as", metavar="USER", help="Id of who acts [default: the owner]")]
RevisionOption = Annotated[
    int | None,
    typer.Option("--revision", min=0, help="The revision you have read; refused when it was edited since"),
]


@app.command("list")
def list_(
    department: Annotated[Department | None, typer.Option("--department", help="Of one department only")] = None,
    mine: Annotated[bool, typer.Option("--mine", help="What waits for who acts")] = False,
    over: Annotated[bool, typer.Option("--over", help="With those that are decided")] = False,
    as_user: AsOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """List the reviews, the most urgent first, and packages that are late."""
    with open_platform(load_settings(home)) as platform:
        caller = acting_as(platform, platform.owner(tenant), as_user)
        tasks = list_reviews(platform, caller, department=department, mine=mine, over=over)
        late, now = late_packages(platform, caller), platform.clock.now()
    print_list(tasks, late, now, json=json)


@app.command("inbox")
def inbox(
    as_user: AsOption = None, home: HomeOption = None, tenant: TenantOption = None, json: JsonOption = False
) -> None:
    """Show what a person or their department was told, newest first."""
    with open_platform(load_settings(home)) as platform:
        caller = acting_as(platform, platform.owner(tenant), as_user)
        told = list_notifications(platform, caller)
    if json:
        print_json({"notifications": [each.model_dump(mode="json") for each in told]})
        return
    for each in told:
        print(f"{each.at:%Y-%m-%d %H:%M}  {each.kind}  {each.body.get('review', each.run_id)}")
    if not told:
        print("Nothing yet.")


@app.command("show")
def show(
    review_id: IdArgument,
    as_user: AsOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Show a department's part with its sources, clock, edits and history."""
    with open_platform(load_settings(home)) as platform:
        detail = get_review(platform, acting_as(platform, platform.owner(tenant), as_user), review_id)
    print_review(detail, json=json)


@app.command("start")
def start(
    review_id: IdArgument,
    as_user: AsOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Take a review."""
    with open_platform(load_settings(home)) as platform:
        task = start_review(platform, acting_as(platform, platform.owner(tenant), as_user), review_id)
    print_task(task, json=json)


@app.command("approve")
def approve(
    review_id: IdArgument,
    comment: Annotated[str, typer.Option("--comment", help="Kept with the decision")] = "",
    revision: RevisionOption = None,
    as_user: AsOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Agree to the part as it reads now, or as it read at a revision."""
    with open_platform(load_settings(home)) as platform:
        caller = acting_as(platform, platform.owner(tenant), as_user)
        task = approve_review(platform, caller, review_id, revision=revision, comment=comment)
    print_task(task, json=json)


@app.command("reject")
def reject(
    review_id: IdArgument,
    reason: Annotated[str, typer.Option("--reason", help="What must change")],
    revision: RevisionOption = None,
    as_user: AsOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Refuse the part, with the reason that the requester reads."""
    with open_platform(load_settings(home)) as platform:
        caller = acting_as(platform, platform.owner(tenant), as_user)
        task = reject_review(platform, caller, review_id, reason=reason, revision=revision)
    print_task(task, json=json)


@app.command("edit")
def edit(
    review_id: IdArgument,
    claim: Annotated[str, typer.Option("--claim", help="Id of the sentence")],
    text: Annotated[str, typer.Option("--text", help="The sentence as it should read")],
    revision: RevisionOption = None,
    as_user: AsOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Change a sentence; what its sources do not bear out is marked as your own statement."""
    with open_platform(load_settings(home)) as platform:
        caller = acting_as(platform, platform.owner(tenant), as_user)
        made = edit_claim(platform, caller, review_id, claim, text, revision=revision)
    if json:
        print_json(made)
    else:
        print(made.diff)
        print(f"{made.claim_id} is {made.state}.")


@app.command("ask")
def ask(
    review_id: IdArgument,
    question: Annotated[str, typer.Option("--question", help="What the requester must answer")],
    as_user: AsOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Ask the requester; the department's clock stands still until the answer."""
    with open_platform(load_settings(home)) as platform:
        task = ask_back(platform, acting_as(platform, platform.owner(tenant), as_user), review_id, question)
    print_task(task, json=json)


@app.command("answer")
def answer(
    review_id: IdArgument,
    text: Annotated[str, typer.Option("--text", help="The answer")],
    as_user: AsOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Answer a department's question, as who asked for the visit."""
    with open_platform(load_settings(home)) as platform:
        task = answer_question(platform, acting_as(platform, platform.owner(tenant), as_user), review_id, text)
    print_task(task, json=json)


@app.command("delegate")
def delegate(
    review_id: IdArgument,
    to: Annotated[str, typer.Option("--to", metavar="USER", help="Id of the colleague who gets it")],
    as_user: AsOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Give a review to a colleague of the department."""
    with open_platform(load_settings(home)) as platform:
        task = delegate_review(platform, acting_as(platform, platform.owner(tenant), as_user), review_id, to)
    print_task(task, json=json)


@app.command("delay")
def delay(
    review_id: IdArgument,
    reason: Annotated[DelayReason, typer.Option("--reason", help="Why it takes long")],
    note: Annotated[str | None, typer.Option("--note", help="More about it")] = None,
    as_user: AsOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Record why a review takes long."""
    with open_platform(load_settings(home)) as platform:
        caller = acting_as(platform, platform.owner(tenant), as_user)
        task = note_delay(platform, caller, review_id, reason, note)
    print_task(task, json=json)


@app.command("times")
def times(
    since: Annotated[str | None, typer.Option("--since", help="First day of the requests, YYYY-MM-DD")] = None,
    as_user: AsOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Show how long reviews take: waiting and working, by department and by reason of delay."""
    day = parse_day(since, "--since")
    start_of_day = datetime.combine(day, time.min, UTC) if day else None
    with open_platform(load_settings(home)) as platform:
        caller = acting_as(platform, platform.owner(tenant), as_user)
        measured = cycle_times(platform, caller, start_of_day)
    print_times(measured, json=json)
