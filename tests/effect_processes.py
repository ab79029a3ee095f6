"""Deciding and sending effects by many processes at once."""

import tempfile
from contextlib import suppress
from pathlib import Path

from core.errors import HubError
from core.identity import Role
from core.settings import Settings
from hub.effects.decisions import decide_effect
from hub.effects.dispatching import dispatch_due
from hub.platform import open_platform
from tests.effect_company import SetClock, person


def decide_once(told: tuple[str, str, str]) -> bool:
    """Approve an effect as somebody of supply chain with this user id; whether that was taken."""
    url, effect_id, user = told
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home), database_url=url, embedding_model="none", audit_key="key")
        with open_platform(settings, clock=SetClock()) as platform, suppress(HubError):
            decide_effect(platform, person(user, Role.SUPPLY_CHAIN), effect_id, approve=True, reason="")
            return True
    return False


def dispatch_all(told: tuple[str, str]) -> int:
    """Send what is due until nothing is; how much this process sent."""
    url, worker = told
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home), database_url=url, embedding_model="none", audit_key="key")
        with open_platform(settings, clock=SetClock()) as platform:
            return sum(iter(lambda: dispatch_due(platform, worker, limit=3), 0))
