"""Tryton as the keeper of contracts."""

from dataclasses import dataclass

from connectors.tryton.kinds import CONTRACT
from connectors.tryton.rows import by_id
from connectors.tryton.source import TrytonSource
from core.domain.contracts import ApprovalRule, Contract
from core.identity import Caller
from core.ports.reading import Reading
from core.ports.systems import Contracts


@dataclass(frozen=True, slots=True)
class TrytonContracts:
    """Contracts are subscriptions; `rules` holds the approval table, for which Tryton has no place."""

    source: TrytonSource
    rules: Contracts

    async def contracts(self, caller: Caller, account_id: str) -> Reading[Contract]:
        """Contracts of the account, expired ones included."""
        return await self.source.read(caller, CONTRACT, by_id(account_id, "party"))

    async def approval_rules(self, caller: Caller) -> Reading[ApprovalRule]:
        """The company's approval table, kept by the hub."""
        return await self.rules.approval_rules(caller)
