"""Which language model does what, by the settings. Without an endpoint there is none, and the hub does without."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypedDict

from pydantic import SecretStr

from core.errors import SetupError
from core.model_settings import EndpointSettings, ModelRole, RoleSettings, ToolCalls
from core.settings import Settings
from graphs.budget import Limits
from graphs.models.endpoint import Endpoint, Prices
from graphs.models.model import Model
from graphs.models.transport import Address

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel

# One silent try leaves time for two more.
_TRIES = 3
_CALLS = {ModelRole.PLANNER: 8}
_DEEPEST = 4
_OPENAI = "https://api.openai.com/v1"


class Models:
    """The models of one installation."""

    def __init__(self, models: Mapping[ModelRole, Model]) -> None:
        self._models = dict(models)

    def of(self, role: ModelRole) -> Model | None:
        """The model of a role, None where there is none."""
        return self._models.get(role)


def build_models(settings: Settings, chat_model: "BaseChatModel | None" = None) -> Models:
    """The models as set; `chat_model`, where passed in, takes every role.

    Raises SetupError when money is limited but a model has no price.
    """
    models = {}
    for role in ModelRole:
        chosen = settings.models.get(role, RoleSettings())
        limits = _limits(settings, role, chosen)
        if chat_model is None:
            endpoints = _endpoints(settings, role, chosen, limits)
        else:
            endpoints = [_passed_in(role, chosen, limits, chat_model)]
        if endpoints:
            models[role] = Model(role, endpoints, limits, chosen.answer_tokens)
    _require_prices(settings, models)
    return Models(models)


def _limits(settings: Settings, role: ModelRole, chosen: RoleSettings) -> Limits:
    return Limits(
        calls=chosen.calls if chosen.calls is not None else _CALLS.get(role),
        tokens=chosen.tokens if chosen.tokens is not None else settings.model_max_tokens,
        money=chosen.money,
        seconds=chosen.seconds or settings.model_timeout_s,
        depth=_DEEPEST,
    )


def _endpoints(settings: Settings, role: ModelRole, chosen: RoleSettings, limits: Limits) -> list[Endpoint]:
    wanted: list[EndpointSettings] = [chosen] if chosen.fallback is None else [chosen, chosen.fallback]
    # The first of two must leave the other its time.
    seconds = (limits.seconds or settings.model_timeout_s) / len(wanted)
    endpoints = []
    for each in wanted:
        address = _address(settings, each, chosen)
        if address is None:
            continue
        from graphs.models.openai_client import OpenAITransport  # noqa: PLC0415 - costs a second to import

        name = each.model or _model(settings, role)
        transport = OpenAITransport(address, name, chosen.stall_s or seconds / _TRIES)
        endpoints.append(Endpoint(name, role, transport, seconds, **_terms(each)))
    return endpoints


def _passed_in(role: ModelRole, chosen: RoleSettings, limits: Limits, chat_model: "BaseChatModel") -> Endpoint:
    from graphs.models.langchain_client import LangChainTransport  # noqa: PLC0415 - most installations have none

    name = getattr(chat_model, "model_name", chat_model._llm_type)
    seconds = limits.seconds or math.inf
    return Endpoint(name, role, LangChainTransport(chat_model, seconds), seconds, **_terms(chosen))


class _Terms(TypedDict):
    context: int | None
    prices: Prices
    tool_calls: ToolCalls


def _terms(chosen: EndpointSettings) -> _Terms:
    prices = Prices(chosen.price_in, chosen.price_out)
    return {"context": chosen.context, "prices": prices, "tool_calls": chosen.tool_calls}


def _address(settings: Settings, each: EndpointSettings, chosen: RoleSettings) -> Address | None:
    """Where the model is. A key goes to the endpoint it was given for and to no other."""
    for place in (each, chosen):
        if place.base_url is not None:
            return Address(place.base_url, _key(each.api_key or (place.api_key if place is not each else None)))
    key = each.api_key or chosen.api_key or settings.openai_api_key
    if not _key(key) and settings.openai_base_url is None:
        return None
    return Address(settings.openai_base_url or _OPENAI, _key(key))


def _key(key: SecretStr | None) -> str:
    return "" if key is None else key.get_secret_value()


def _model(settings: Settings, role: ModelRole) -> str:
    names = {
        ModelRole.PLANNER: settings.planner_model,
        ModelRole.WRITER: settings.writer_model,
        ModelRole.JUDGE: settings.judge_model,
    }
    return names[role]


def _require_prices(settings: Settings, models: Mapping[ModelRole, Model]) -> None:
    for role, model in models.items():
        limited = model.limits.money is not None or settings.model_budget_day or settings.model_budget_month
        if limited and any(endpoint.prices.micros(1, 1) is None for endpoint in model.endpoints):
            raise SetupError(
                f"the {role} has a limit of money but no price",
                field="SALESHUB_MODELS",
                remedy=f'Give prices per million tokens, such as {{"{role}": {{"price_in": 0.4, "price_out": 1.6}}}}.',
            )
