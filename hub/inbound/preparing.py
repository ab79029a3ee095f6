"""Preparing the answer to a message: what it moved, who answers, a draft from our records. Nothing is sent."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from agents.intent import IntentInput
from agents.operations import OperationsInput
from agents.registry import AGENTS
from agents.reply import ReplyInput
from core.domain.accounts import Account, Contact, SalesPerson
from core.domain.audit import AuditEntry
from core.domain.base import Evidence, System
from core.domain.claims import evidence_from
from core.domain.deals import Opportunity
from core.domain.inbound import Inbound, InboundStatus, StageMove
from core.domain.interactions import Author, Interaction, InteractionKind
from core.domain.people import User
from core.domain.views.reply import ReplyDraft
from core.domain.views.stage import StageView
from core.domain.webhooks import EventOut
from core.errors import SourceError
from core.identity import Caller, local_owner
from core.text import address_of
from db.inbound import Taken
from hub.inbound.routing import route_message
from hub.installation import Platform
from tools.registry import TOOLS
from tools.spec import NoArgs, OfAccount, OfProducts, ToolArgs, ToolContext

log = structlog.get_logger()

_LEASE = timedelta(seconds=60)
_ATTEMPTS = 5


def prepare_inbound(platform: Platform, worker: str) -> int:
    """Prepare the message that waits longest, in any company; how many were worked on (0 or 1).

    Any number of workers may do this at once. A message that cannot be prepared five times is put aside as failed,
    where its reader sees the mail without a draft.
    """
    with platform.store.write() as unit:
        taken = unit.inbound.take(platform.clock.now(), _LEASE)
    if taken is None:
        return 0
    tenant, message = taken.tenant, taken.message
    try:
        prepared = _prepare(platform, tenant, message)
    except Exception:
        log.exception("inbound_failed", tenant=tenant, message=message.id, attempt=taken.attempt, worker=worker)
        if taken.attempt < _ATTEMPTS:
            return 1
        prepared = _put_aside(platform, tenant, message)
    _keep(platform, taken, prepared)
    return 1


def _put_aside(platform: Platform, tenant: str, message: Inbound) -> Inbound:
    """The message without a draft, for whoever answers it: who that is does not depend on what failed."""
    try:
        reader = _addressed(platform, tenant, message).reader
    except Exception:
        log.exception("inbound_not_routed", tenant=tenant, message=message.id)
        reader = None
    changed = {"status": InboundStatus.FAILED, "prepared_at": platform.clock.now()}
    return message.model_copy(update={**changed, "assigned_to": reader.id if reader is not None else None})


def _keep(platform: Platform, taken: Taken, message: Inbound) -> None:
    """Keep what was prepared, unless the message was handed on or taken over by another worker meanwhile."""
    tenant, now = taken.tenant, platform.clock.now()
    with platform.store.write() as unit:
        if not unit.inbound.prepare(tenant, message, held_until=taken.until):
            return
        body = {"status": message.status, "assigned_to": message.assigned_to, "evidence": sorted(message.evidence)}
        entry = AuditEntry(actor="hub", action="inbound.prepared", subject=message.id, body=body)
        unit.audit.append(tenant, entry, at=now)
        if message.status is InboundStatus.WAITING:
            data = {"account_id": message.account_id, "assigned_to": message.assigned_to}
            unit.webhooks.publish(tenant, EventOut.REPLY_DRAFTED, message.id, data, at=now)


@dataclass(frozen=True, slots=True)
class _Desk:
    """One account's message with what the reader of the draft may see of its records."""

    platform: Platform
    caller: Caller
    account: Account
    message: Interaction
    reader: User | None
    read: Mapping[str, tuple[Any, ...] | None]

    def records(self, tool: str) -> tuple[Any, ...] | None:
        """What a tool brought; None when its system did not answer."""
        return self.read.get(tool)

    @property
    def unread(self) -> tuple[System, ...]:
        """The systems of which something could not be read."""
        return tuple(sorted({TOOLS[tool].system for tool, records in self.read.items() if records is None}))

    def evidence(self, cited: set[str], known: Sequence[Evidence]) -> dict[str, Evidence]:
        """What is cited, in order: from what is `known`, else from the records that were read."""
        found = {one.id: one for one in known if one.id in cited}
        now = self.platform.clock.now()
        for records in self.read.values():
            found |= {one.evidence_id: evidence_from(one, now) for one in records or () if one.evidence_id in cited}
        return {id_: found[id_] for id_ in sorted(found)}

    @property
    def told(self) -> dict[str, Any]:
        """What every agent is told."""
        return {"lang": self.message.lang, "today": self.platform.clock.now().date(), "account": self.account}


@dataclass(frozen=True, slots=True)
class _Addressed:
    """A message with its account, and the user who answers it."""

    message: Interaction
    account: Account
    reader: User | None


def _addressed(platform: Platform, tenant: str, waiting: Inbound) -> _Addressed:
    owner = local_owner(tenant)
    with platform.store.read() as unit:
        (message,) = unit.interactions.get(owner, [waiting.id])
        users = unit.users.list(tenant)
    (account,) = platform.store.records_port().find(owner, Account, ids=[message.account_id])
    deals = platform.store.records_port().find(owner, Opportunity, account_id=account.id)
    sellers = platform.store.records_port().find(owner, SalesPerson)
    chosen = next((user for user in users if user.id == waiting.assigned_to and user.active), None)
    return _Addressed(message, account, chosen or route_message(account, deals, sellers, users))


def _prepare(platform: Platform, tenant: str, waiting: Inbound) -> Inbound:
    """The message with its stage, its reader and its draft."""
    addressed = _addressed(platform, tenant, waiting)
    message, account, reader = addressed.message, addressed.account, addressed.reader
    # The draft knows what its reader may see, and no more; without a reader, what a manager will hand on.
    caller = reader.caller(tenant) if reader is not None else local_owner(tenant)
    desk = _Desk(platform, caller, account, message, reader, asyncio.run(_gather(platform, caller, account.id)))
    stage, draft, evidence = _conclude(desk)
    reply = _reply_to(message, desk.records("read_interactions") or ())
    return waiting.model_copy(
        update={
            "status": InboundStatus.WAITING if reply is None else InboundStatus.ANSWERED,
            "ended_at": None if reply is None else reply.at,
            "prepared_at": platform.clock.now(),
            "assigned_to": reader.id if reader is not None else None,
            "stage": stage,
            "draft": draft,
            "evidence": evidence,
        }
    )


async def _gather(platform: Platform, caller: Caller, account_id: str) -> dict[str, tuple[Any, ...] | None]:
    """What the tools bring, side by side; a system that does not answer in time brings None."""
    context = ToolContext(caller=caller, systems=platform.systems, memory=platform.memory)

    async def read(tool: str, args: ToolArgs) -> tuple[Any, ...] | None:
        try:
            async with asyncio.timeout(platform.settings.gather_timeout_s):
                reading = await TOOLS[tool].run(context, args)
        except (SourceError, TimeoutError) as error:
            log.warning("source_unavailable", tool=tool, problem=str(error))
            return None
        return tuple(reading.records)

    of_account = OfAccount(account_id=account_id)
    first: dict[str, ToolArgs] = {
        **dict.fromkeys(("read_contacts", "read_opportunities", "read_orders"), of_account),
        **dict.fromkeys(("read_contracts", "read_interactions"), of_account),
        **dict.fromkeys(("read_products", "read_sales_people", "read_pricing_rules", "read_approval_rules"), NoArgs()),
    }
    found = dict(zip(first, await asyncio.gather(*(read(*one) for one in first.items())), strict=True))
    deals = found["read_opportunities"] or ()
    products = tuple(dict.fromkeys(deal.product_id for deal in deals if deal.stage.is_open and deal.product_id))
    second = dict.fromkeys(("read_stock", "read_prices"), OfProducts(product_ids=products))
    return found | dict(zip(second, await asyncio.gather(*(read(*one) for one in second.items())), strict=True))


def _conclude(desk: _Desk) -> tuple[StageMove, ReplyDraft, dict[str, Evidence]]:
    """What the agents make of it, and the evidence they cite."""
    interactions = desk.records("read_interactions") or ()
    contacts: tuple[Contact, ...] = desk.records("read_contacts") or ()
    sellers: tuple[SalesPerson, ...] = desk.records("read_sales_people") or ()
    heard = tuple(one for one in interactions if one.at <= desk.message.at)
    intent = AGENTS["intent"].run(IntentInput(**desk.told, interactions=heard, contacts=contacts, colleagues=sellers))
    operations = AGENTS["operations"].run(
        OperationsInput(
            **desk.told,
            opportunities=desk.records("read_opportunities"),
            orders=desk.records("read_orders"),
            products=desk.records("read_products"),
            stock=desk.records("read_stock"),
            prices=desk.records("read_prices"),
            pricing_rules=desk.records("read_pricing_rules"),
            contracts=desk.records("read_contracts"),
            approval_rules=desk.records("read_approval_rules"),
        )
    )
    reply = AGENTS["reply"].run(
        ReplyInput(
            **desk.told,
            message=desk.message,
            contacts=contacts,
            operations=operations.view,
            products=desk.records("read_products") or (),
            colleagues=tuple(name for one in sellers for name in (one.name, one.email) if name),
            signed=desk.reader.name if desk.reader is not None else None,
        )
    )
    draft: ReplyDraft = reply.view.model_copy(update={"unread": desk.unread})
    cited = {id_ for sentence in draft.sentences for id_ in sentence.evidence}
    cited |= {point.evidence for point in draft.open_points}
    return _moved(intent.view, desk.message), draft, desk.evidence(cited, reply.evidence)


def _reply_to(message: Interaction, interactions: Sequence[Interaction]) -> Interaction | None:
    """Our first mail to the sender after the message: files may bring it in before what it answers."""
    sender = address_of(message.sender or "")
    mails = (one for one in interactions if one.form is InteractionKind.MAIL and one.author is Author.INTERNAL)
    later = [one for one in mails if one.at > message.at and sender in map(address_of, one.recipients)]
    return min(later, key=lambda one: one.at, default=None)


def _moved(view: StageView, message: Interaction) -> StageMove:
    """What the message changed: the belief after it beside the belief after the telling message before."""
    points = [point for point in view.history if point.interaction != message.id]
    telling = len(points) < len(view.history)
    before = max(points[-1].distribution, key=points[-1].distribution.__getitem__) if points else None
    share = view.distribution[view.likeliest]
    return StageMove(before=before, after=view.likeliest, share=share, urgency=view.urgency, telling=telling)
