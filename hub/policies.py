"""The policy tables of a company: checked, published, in force."""

import json
from functools import lru_cache

from core.domain.audit import AuditEntry
from core.domain.policies import PublishedPolicy
from core.errors import HubError, InvalidInputError, NotFoundError
from core.identity import Caller
from core.policy.checking import check_effect_table
from core.policy.checking_deals import check_approval_table, check_pricing_table
from core.policy.decision import PolicyError
from core.policy.defaults import TABLES_FOLDER, read_approval_table, read_pricing_table
from core.policy.effect_table import load_effect_table, read_effect_table
from core.policy.effects import EffectRule
from core.policy.findings import Finding, FindingKind, finding
from core.policy.permissions import Action, require
from hub.installation import Platform

EFFECTS = "effects"
_CHECKS = {
    EFFECTS: lambda text: check_effect_table(read_effect_table(text)),
    "approvals": lambda text: check_approval_table(read_approval_table(text)),
    "pricing": lambda text: check_pricing_table(read_pricing_table(text)),
}


class PolicyRefusedError(HubError):
    """A table that has faults is not published; `findings` are all of them."""

    status = 422
    title = "The policy table has faults"

    def __init__(self, name: str, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        first = findings[0]
        remedy = "See it whole with `saleshub policy check FILE`."
        if len(findings) > 1:
            remedy = f"See all {len(findings)} faults with `saleshub policy check FILE`."
        super().__init__(first.text, field=name, remedy=remedy, in_chinese={first.text: first.text_zh})


def check_policy(text: str) -> tuple[Finding, ...]:
    """Everything that speaks against the table in a JSON document; empty when it may be accepted.

    The document says in `table` which one it is: effects, approvals or pricing.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        return (_unreadable(f"this is not JSON: {error}"),)
    name = document.get("table") if isinstance(document, dict) else None
    check = _CHECKS.get(name) if isinstance(name, str) else None
    if check is None:
        return (_unreadable(f"“table” says {name!r}; it is one of {', '.join(_CHECKS)}"),)
    try:
        return check(text)
    except PolicyError as error:
        return (_unreadable(" ".join(str(error).split())),)


def publish_policy(platform: Platform, caller: Caller, name: str, text: str) -> int:
    """Put a table in force for the caller's company; its version, the present one when nothing changed.

    Raises ForbiddenError unless the caller is a manager or an administrator, InvalidInputError for a table that is not
    published here, PolicyRefusedError with the findings for one that has faults.
    """
    require(caller, Action.PUBLISH_POLICY)
    if name != EFFECTS:
        raise InvalidInputError(
            f"“{name}” is not published here",
            field="name",
            remedy="Publish effects; approval and pricing tables are imported with the company’s records.",
        )
    findings = check_policy(text)
    if not findings and json.loads(text)["table"] != name:
        findings = (_unreadable(f"this is not the table {name}"),)
    if findings:
        raise PolicyRefusedError(name, findings)
    now = platform.clock.now()
    with platform.store.write() as unit:
        published, new = unit.policies.publish(caller.tenant, name, text, by=caller.user, at=now)
        if new:
            body = {"version": published.version, "digest": published.digest}
            entry = AuditEntry(actor=caller.user, action="policy.published", subject=name, body=body)
            unit.audit.append(caller.tenant, entry, at=now)
    return published.version


def list_policies(platform: Platform, caller: Caller) -> list[PublishedPolicy]:
    """Every published version, by name, the newest first."""
    with platform.store.read() as unit:
        return unit.policies.list(caller.tenant)


def policy_text(platform: Platform, caller: Caller, name: str, version: int | None = None) -> str:
    """The document of a version, or of the table in force; the shipped one when nothing was published.

    Raises NotFoundError for a name or a version that does not exist.
    """
    with platform.store.read() as unit:
        newest = unit.policies.newest(caller.tenant, name)
        found = newest if version is None else unit.policies.get(caller.tenant, name, version)
    if found is not None:
        return found.body
    if version is not None:
        known = [] if newest is None else [str(newest.version)]
        raise NotFoundError(
            f"{name} has no version {version}", field="--version", remedy="List them first.", nearest=known
        )
    if name not in _CHECKS:
        raise NotFoundError(f"no policy table “{name}”", field="name", remedy="Use one of these.", nearest=[*_CHECKS])
    return (TABLES_FOLDER / f"{name}.json").read_text(encoding="utf-8")


def active_effect_rules(platform: Platform, tenant: str) -> tuple[EffectRule, ...]:
    """The rows of the effect table in force: the newest that was published, else the one shipped.

    Raises PolicyError when it cannot be read.
    """
    with platform.store.read() as unit:
        published = unit.policies.newest(tenant, EFFECTS)
    return load_effect_table().rules if published is None else _rules(published.body)


@lru_cache(maxsize=32)
def _rules(body: str) -> tuple[EffectRule, ...]:
    return read_effect_table(body).rules


def _unreadable(problem: str) -> Finding:
    return finding(FindingKind.UNREADABLE, (), problem, f"无法读取规则表：{problem}")
