"""Which language model does what in this installation, within which limits, and what is left of the budgets."""

from datetime import UTC
from decimal import Decimal
from urllib.parse import urlsplit

from core.domain.health import BudgetSpan, BudgetState, ModelOfRole
from core.identity import Caller
from core.model_settings import ModelRole, RoleSettings
from core.policy.permissions import Action, require
from core.settings import Settings
from hub.installation import Platform

_MICROS = 1_000_000
_USUAL = "https://api.openai.com/v1"


def list_models(platform: Platform, caller: Caller) -> tuple[ModelOfRole, ...]:
    """The models by role, each followed by the one that stands in for it; none without an endpoint.

    Raises ForbiddenError for whom the company's spending is not, SetupError when they are set up inconsistently.
    """
    require(caller, Action.READ_SPENDING)
    if platform.models is None:
        return ()
    found = []
    for role in ModelRole:
        model = platform.models.of(role)
        if model is None:
            continue
        hosts = _hosts(platform.settings, role)
        for place, endpoint in enumerate(model.endpoints):
            found.append(
                ModelOfRole(
                    role=role,
                    name=endpoint.name,
                    host="" if platform.chat_model is not None else hosts[min(place, len(hosts) - 1)],
                    is_fallback=place > 0,
                    calls=model.limits.calls,
                    tokens=model.limits.tokens,
                    seconds=model.limits.seconds,
                    money=model.limits.money,
                    price_in=endpoint.prices.input,
                    price_out=endpoint.prices.output,
                )
            )
    return tuple(found)


def list_budgets(platform: Platform, caller: Caller) -> tuple[BudgetState, ...]:
    """What the company spent on models today and this month (UTC). Raises ForbiddenError for whom that is not."""
    require(caller, Action.READ_SPENDING)
    settings, today = platform.settings, platform.clock.now().astimezone(UTC).date()
    spans = (
        (BudgetSpan.DAY, today, settings.model_budget_day),
        (BudgetSpan.MONTH, today.replace(day=1), settings.model_budget_month),
    )
    with platform.store.read() as unit:
        return tuple(
            BudgetState(
                span=span, spent=Decimal(unit.spending.micros_since(caller.tenant, since)) / _MICROS, limit=limit
            )
            for span, since, limit in spans
        )


def _hosts(settings: Settings, role: ModelRole) -> list[str]:
    """Where the model of a role is, and the one that stands in for it. Nothing else of an address is for eyes."""
    chosen = settings.models.get(role, RoleSettings())
    wanted = [chosen] if chosen.fallback is None else [chosen, chosen.fallback]
    addresses = [each.base_url or chosen.base_url or settings.openai_base_url or _USUAL for each in wanted]
    return [_host(address) for address in addresses]


def _host(address: str) -> str:
    parts = urlsplit(address)
    return (parts.hostname or "") + (f":{parts.port}" if parts.port else "")
