"""What was written and said at each account: an old purchase, the running one, and the account's story."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone
from random import Random

from demo.accounts import FEATURED, FEATURED_ZH, left_on
from demo.beats import BEATS, BUYING_STAGES, PAST, STORY_BEATS, STORY_STAGE, Beat
from demo.catalogue import SCARCE
from demo.deals import PIPELINE, deal_amount, name_deal, open_deal, ordinary_products, quantity_for, rivals
from demo.mails import write_mail, write_note, write_talk
from demo.resources import experts_for
from demo.script import tell_script
from demo.slots import Purchase, build_slots, day_slots
from demo.world import Account, Deal, Message, World

_SILENT_SINCE = 78  # days since a quiet champion last wrote
_INACTIVE_SINCE = 96
_STORY_DAYS = 24
_SCARCE_QUANTITY = {"CP-200": 12, "SC-160": 10, "RB-165": 9, "VD-315": 14}
_BEYOND_POLICY = 30
_FEATURED_RIVAL = "Corvex"


@dataclass(slots=True)
class Schedule:
    """Beats of one purchase with the day (offset from today) on which each happens."""

    purchase: Purchase
    beats: list[tuple[int, Beat]]


def spread(beats: Iterable[Beat], first: int, last: int, rng: Random) -> list[tuple[int, Beat]]:
    """Distribute the beats that happen at all over the days from `first` to `last`, in order."""
    chosen = [beat for beat in beats if rng.random() < beat.chance]
    step = (last - first) / max(1, len(chosen) - 1)
    days = sorted(round(first + step * (index + rng.uniform(-0.35, 0.35))) for index in range(len(chosen)))
    return [(min(max(day, first), last), beat) for day, beat in zip(days, chosen, strict=True)]


def is_featured(account: Account) -> bool:
    """Whether the account's running thread is scripted by hand."""
    return account.domain.removesuffix(".example") in (FEATURED, FEATURED_ZH)


def buying_stage(account: Account, rng: Random) -> str:
    """How far the running purchase has come."""
    if account.stories:
        return max((STORY_STAGE[story] for story in account.stories), key=BUYING_STAGES.index)
    return rng.choices(BUYING_STAGES[:4], (15, 25, 35, 25))[0]


def focus_deal(world: World, account: Account) -> Deal:
    """The account's main open deal, shaped by its stories."""
    rng = world.rng("focus", account.id)
    stage = rng.choice(PIPELINE[buying_stage(account, world.rng("stage", account.id))])
    product = rng.choice(ordinary_products(world, account.family))
    if "stock_short" in account.stories:
        product = world.products[SCARCE[account.family]]
    if "healthy" in account.stories or is_featured(account):
        stage = "Negotiation"
    deal = open_deal(world, account, stage, product, rng)
    if "stock_short" in account.stories:
        deal.quantity = _SCARCE_QUANTITY[product.code]
        deal.name = name_deal(account, product, deal.quantity, rng)
    if "discount_beyond_policy" in account.stories:
        deal.discount = _BEYOND_POLICY
    if "inactive_deal" in account.stories:
        deal.created = world.day(-280)
        deal.close = world.day(21)
    if is_featured(account):
        deal.competitor = _FEATURED_RIVAL
        deal.created = world.day(-205)
    elif "competitor_undercut" in account.stories or rng.random() < 0.35:
        deal.competitor = rng.choice(rivals(account))
    deal.amount = deal_amount(deal.product, deal.quantity, deal.discount, deal.currency)
    return deal


def _purchase(world: World, account: Account, deal: Deal, rng: Random) -> Purchase:
    decided = world.day(20 - _INACTIVE_SINCE if "inactive_deal" in account.stories else rng.randint(9, 24))
    experts = experts_for(world, deal.product.family, account.lang)
    until = None
    if "champion_left" in account.stories:
        until = left_on(world, account)
    elif "champion_quiet" in account.stories:
        until = world.day(-_SILENT_SINCE)
    return Purchase(
        account=account,
        product=deal.product,
        quantity=deal.quantity,
        decided=decided,
        needed=decided + timedelta(days=rng.randint(35, 55)),
        expert=experts[0] if is_featured(account) else rng.choice(experts),
        competitor=deal.competitor,
        deal=deal,
        champion_until=until,
    )


def _running(world: World, account: Account) -> Schedule:
    rng = world.rng("running", account.id)
    purchase = _purchase(world, account, world.focus[account.id], rng)
    stage = buying_stage(account, world.rng("stage", account.id))
    beats = [beat for name in BUYING_STAGES[: BUYING_STAGES.index(stage) + 1] for beat in BEATS[name]]
    first, last = -rng.randint(85, 150), -rng.randint(2, 9)
    if "inactive_deal" in account.stories:
        return Schedule(purchase, spread(beats, -270, -_INACTIVE_SINCE, rng))
    if "champion_quiet" in account.stories:
        first = -200
    if account.stories:
        last = -_STORY_DAYS - rng.randint(2, 6)
    days = spread(beats, first, last, rng)
    if "champion_left" in account.stories:
        farewell = (left_on(world, account) - world.today).days - 8
        days = [pair for pair in days if pair[0] < farewell] + [(farewell, Beat("mail", "farewell", "champ", "rep"))]
    story = [beat for name in account.stories for beat in STORY_BEATS[name]]
    days += spread(story, -_STORY_DAYS + 6, -2, rng)
    if not {"champion_left", "champion_quiet"} & set(account.stories):
        days.append((-rng.randint(3, 12), Beat("mail", "champ_update", "champ", "rep")))
    return Schedule(purchase, sorted(days, key=lambda pair: pair[0]))


def _past(world: World, account: Account, last: int, scope: str) -> Schedule:
    rng = world.rng("past", account.id, scope)
    product = rng.choice(ordinary_products(world, account.family))
    first = last - rng.randint(190, 240)
    days = spread((beat for beat in PAST if rng.random() < 0.75), first, last, rng)
    decided = max((day for day, beat in days if beat in BEATS["decision"]), default=(first + last) // 2) + 6
    accepted = next((day for day, beat in days if beat.topic == "acceptance"), decided + 60)
    purchase = Purchase(
        account=account,
        product=product,
        quantity=quantity_for(product, rng),
        decided=world.day(decided),
        needed=world.day(max(decided + 14, accepted - 1)),
        expert=rng.choice(experts_for(world, product.family, account.lang)),
        competitor=rng.choice(rivals(account)),
    )
    return Schedule(purchase, days)


def tell(world: World, schedule: Schedule, scope: str) -> list[Message]:
    """The messages of one purchase, oldest first."""
    purchase = schedule.purchase
    account = purchase.account
    rng = world.rng("tell", account.id, scope)
    slots = build_slots(world, purchase, rng)
    zone = timezone(timedelta(hours=account.offset))
    told: list[Message] = []
    last_mail: Message | None = None
    now = datetime.min.replace(tzinfo=UTC)
    for offset, beat in schedule.beats:
        day = world.day(offset)
        at = datetime.combine(day, time(rng.randint(8, 16), rng.randint(0, 59), rng.randint(0, 59)), zone)
        at = max(at, now + timedelta(minutes=rng.randint(12, 90)))
        message = _tell_one(purchase, beat, day_slots(slots, day, account.lang, rng), at, last=last_mail, rng=rng)
        if message is not None:
            told.append(message)
            now = at
            last_mail = message if message.form == "mail" else last_mail
    return told


def _tell_one(
    purchase: Purchase, beat: Beat, slots: dict[str, str], at: datetime, *, last: Message | None, rng: Random
) -> Message | None:
    gone = purchase.champion_until is not None and at.date() > purchase.champion_until
    if gone and (beat.by == "champ" or beat.topic in ("reference_reply", "objection_reply", "outline")):
        return None
    if gone and beat.topic not in ("farewell_colleague", "note_champ_left", "note_champ_quiet"):
        slots = {name: value for name, value in slots.items() if name != "champ"}
    if beat.form == "mail":
        if gone:
            beat = Beat(beat.form, beat.topic, beat.by, beat.to, tuple(role for role in beat.cc if role != "champ"))
        return write_mail(purchase, beat, slots, at, last=last, rng=rng)
    if beat.form in ("meeting", "call"):
        return write_talk(purchase, beat, slots, at, absent=frozenset({"champ"} if gone else ()), rng=rng)
    return write_note(purchase, beat, slots, at, rng)


def tell_account(world: World, account: Account) -> list[Message]:
    """Everything exchanged with the account, but for what is scripted by hand."""
    rng = world.rng("history", account.id)
    told: list[Message] = []
    if account.quiet:
        told += tell(world, _past(world, account, -rng.randint(140, 420), "old"), "old")
    elif is_featured(account):
        told += tell(world, _past(world, account, -rng.randint(330, 380), "old"), "old")
        told += tell(world, _past(world, account, -rng.randint(620, 700), "older"), "older")
        deal = world.focus[account.id]
        told += tell_script(world, _purchase(world, account, deal, world.rng("running", account.id)))
    else:
        if rng.random() < 0.72:
            told += tell(world, _past(world, account, -rng.randint(330, 520), "old"), "old")
        told += tell(world, _running(world, account), "running")
    return told
