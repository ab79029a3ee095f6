"""The policy tables of a company: checked, published, in force."""

from functools import lru_cache

from core.policy.effect_table import load_effect_table, read_effect_table
from core.policy.effects import EffectRule
from hub.installation import Platform

EFFECTS = "effects"


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
