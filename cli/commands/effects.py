"""`saleshub effects`."""

import json as jsonlib
import sys
import uuid
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from cli.options import HomeOption, JsonOption, LangOption, TenantOption, load_settings
from cli.output import print_json, to_people
from cli.printing_effects import print_detail, print_follow_ups, print_list
from core.domain.effects import Effect, EffectStatus
from core.errors import InvalidInputError
from core.identity import Caller
from core.language import Lang
from hub.directory import list_accounts, name_accounts, name_subject, resolve_account
from hub.effects.decisions import decide_effect
from hub.effects.dispatching import dispatch_due
from hub.effects.endings import retry_effect, withdraw_effect
from hub.effects.ledger import get_effect, list_dead_letters, list_effects
from hub.effects.proposing import describe_operation, propose, propose_follow_ups, propose_group
from hub.installation import Platform
from hub.people import acting_as
from hub.platform import open_platform
from hub.rendering.effects import load_effect_words

app = typer.Typer(help="Writes to outside systems: propose, decide, follow.", no_args_is_help=True)

IdArgument = Annotated[str, typer.Argument(help="Id of the effect")]
AsOption = Annotated[str | None, typer.Option("--as", help="Id of the user who acts [default: the owner]")]
StatusOption = Annotated[EffectStatus | None, typer.Option("--status", help="Only effects that stand here")]
NamedAccountOption = Annotated[str | None, typer.Option("--account", help="Only of this account: name, alias or id")]
LimitOption = Annotated[int, typer.Option("--limit", min=1, max=500, help="How many of the newest")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; a rejection needs it")]


@app.command("list")
def list_(
    status: StatusOption = None,
    account: NamedAccountOption = None,
    limit: LimitOption = 50,
    as_user: AsOption = None,
    lang: LangOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """List effects, newest first, and the dead letters that wait for a person."""
    settings = load_settings(home)
    with open_platform(settings) as platform:
        caller = acting_as(platform, platform.owner(tenant), as_user)
        account_id = resolve_account(list_accounts(platform, caller), account).id if account else None
        found = list_effects(platform, caller, status=status, account_id=account_id, limit=limit)
        dead = [
            letter
            for letter in list_dead_letters(platform, caller)
            if account_id in (None, letter.effect.account_id) and status in (None, letter.effect.status)
        ]
        names = name_accounts(platform, caller, (effect.account_id for effect in found))
    if json:
        rows = [effect.model_dump(mode="json") for effect in found]
        print_json({"effects": rows, "dead_letters": [letter.model_dump(mode="json") for letter in dead]})
    else:
        words, narrowed = load_effect_words(lang or settings.lang), status is not None or account is not None
        print_list(to_people(), words, found, dead, names, filtered=narrowed)


@app.command("show")
def show(
    effect_id: IdArgument,
    as_user: AsOption = None,
    lang: LangOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Show what an effect changes, who must agree or has, and how far its sending is."""
    settings = load_settings(home)
    with open_platform(settings) as platform:
        caller = acting_as(platform, platform.owner(tenant), as_user)
        _print(platform, caller, effect_id, lang or settings.lang, json=json)


@app.command("decide")
def decide(
    effect_id: IdArgument,
    approve: Annotated[bool | None, typer.Option("--approve/--reject", help="What is decided")] = None,
    reason: ReasonOption = "",
    as_user: AsOption = None,
    digest: Annotated[
        str | None, typer.Option("--digest", help="Decide only if this still is what it would write")
    ] = None,
    lang: LangOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Approve or reject an effect; exit status 2 names the rule that refused the decision."""
    if approve is None:
        raise InvalidInputError("nothing decided", field="--approve", remedy="Say --approve or --reject.")
    settings = load_settings(home)
    with open_platform(settings) as platform:
        caller = acting_as(platform, platform.owner(tenant), as_user)
        decided = decide_effect(platform, caller, effect_id, approve=approve, reason=reason, digest=digest)
        _send_due(platform)
        _print(platform, caller, decided.id, lang or settings.lang, json=json)


@app.command("retry")
def retry(
    effect_id: IdArgument,
    as_user: AsOption = None,
    lang: LangOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Send again what was given up."""
    settings = load_settings(home)
    with open_platform(settings) as platform:
        caller = acting_as(platform, platform.owner(tenant), as_user)
        retried = retry_effect(platform, caller, effect_id)
        _send_due(platform)
        _print(platform, caller, retried.id, lang or settings.lang, json=json)


@app.command("withdraw")
def withdraw(
    effect_id: IdArgument,
    reason: Annotated[str, typer.Option("--reason", help="Why")] = "",
    as_user: AsOption = None,
    lang: LangOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Take a proposal back before it was sent."""
    settings = load_settings(home)
    with open_platform(settings) as platform:
        caller = acting_as(platform, platform.owner(tenant), as_user)
        withdrawn = withdraw_effect(platform, caller, effect_id, reason=reason)
        _print(platform, caller, withdrawn.id, lang or settings.lang, json=json)


@app.command("propose")
def propose_(
    operation: Annotated[str | None, typer.Argument(help="What to write, such as update_opportunity")] = None,
    args: Annotated[str | None, typer.Option("--args", help="JSON object, or - for standard input")] = None,
    group: Annotated[
        str | None,
        typer.Option("--group", help="JSON list of {operation, args}, or -: all or none, undone when one fails"),
    ] = None,
    run: Annotated[str | None, typer.Option("--run", help="Propose what the package of this run suggests")] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print what the operation takes")] = False,
    key: Annotated[str | None, typer.Option("--idempotency-key", help="The same key gives the same effect")] = None,
    as_user: AsOption = None,
    lang: LangOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Propose a write, a group of them, or all that a visit package suggests; policy and people decide."""
    if [operation, group, run].count(None) != 2:
        remedy = "Name one operation, or a --group, or a --run."
        raise InvalidInputError("one of the three is needed", field="OPERATION", remedy=remedy)
    if operation is not None and schema:
        print_json(describe_operation(operation))
        return
    settings = load_settings(home)
    with open_platform(settings) as platform:
        caller = acting_as(platform, platform.owner(tenant), as_user)
        if group is not None:
            wanted = _read_group(group)
            made = propose_group(platform, caller, wanted, request_key=key, origin="cli")
            _send_due(platform)
            _print_all(platform, caller, [effect.id for effect in made], lang or settings.lang, json=json)
        elif run is not None:
            _follow_up(platform, caller, run, lang or settings.lang, json=json)
        else:
            proposed = _propose(platform, caller, operation or "", args, key)
            _send_due(platform)
            _print(platform, caller, proposed.id, lang or settings.lang, json=json)


def _send_due(platform: Platform) -> None:
    """Send what may be sent now: one person at a terminal needs no worker, and beside workers it takes its share."""
    dispatch_due(platform, f"terminal-{uuid.uuid4().hex[:8]}")


def _propose(platform: Platform, caller: Caller, operation: str, args: str | None, key: str | None) -> Effect:
    return propose(platform, caller, operation, _read(args), request_key=key, origin="cli")


def _follow_up(platform: Platform, caller: Caller, run_id: str, lang: Lang, *, json: bool) -> None:
    found = propose_follow_ups(platform, caller, run_id)
    _send_due(platform)
    sent = tuple(get_effect(platform, caller, effect.id).effect for effect in found.effects)
    found = found.model_copy(update={"effects": sent})
    if json:
        print_json(found)
        return
    names = name_accounts(platform, caller, (effect.account_id for effect in found.effects))
    print_follow_ups(to_people(), load_effect_words(lang), found, names)


def _print(platform: Platform, caller: Caller, effect_id: str, lang: Lang, *, json: bool) -> None:
    detail = get_effect(platform, caller, effect_id)
    if json:
        print_json(detail)
        return
    effect = detail.effect
    account = name_accounts(platform, caller, [effect.account_id]).get(effect.account_id)
    subject = name_subject(platform, caller, effect.payload)
    print_detail(to_people(), load_effect_words(lang), detail, account=account, subject=subject)


def _print_all(platform: Platform, caller: Caller, ids: Sequence[str], lang: Lang, *, json: bool) -> None:
    found = [get_effect(platform, caller, effect_id).effect for effect_id in ids]
    if json:
        print_json({"effects": [effect.model_dump(mode="json") for effect in found]})
        return
    names = name_accounts(platform, caller, (effect.account_id for effect in found))
    print_list(to_people(), load_effect_words(lang), found, [], names)


def _read_group(text: str) -> list[tuple[str, dict[str, Any]]]:
    remedy = 'Write it like [{"operation": "create_task", "args": {…}}, …].'
    try:
        given = jsonlib.loads(sys.stdin.read() if text == "-" else text)
        wanted = [(str(one["operation"]), dict(one["args"])) for one in given]
    except (ValueError, TypeError, KeyError) as error:
        raise InvalidInputError("not a list of operations with their args", field="--group", remedy=remedy) from error
    if not wanted:
        raise InvalidInputError("is empty", field="--group", remedy=remedy)
    return wanted


def _read(args: str | None) -> dict[str, Any]:
    try:
        given = jsonlib.loads(sys.stdin.read() if args == "-" else args or "{}")
    except ValueError as error:
        raise InvalidInputError(f"not JSON: {error}", field="--args", remedy="Give one JSON object.") from error
    if not isinstance(given, dict):
        raise InvalidInputError("not a JSON object", field="--args", remedy="Give one JSON object.")
    return given
