"""For each risk rule: changes of a healthy account on which it fires, and near misses on which it must not."""

from decimal import Decimal

from core.domain.contracts import Department
from core.domain.deals import PipelineStage
from core.domain.interactions import InteractionKind
from core.domain.market import MoveKind
from core.domain.views.people import BuyingRole
from core.domain.views.risks import Severity
from core.domain.views.stage import BuyingStage, SignalKind
from tests.unit.agents.risk_world import (
    CONTRACT,
    COVER,
    DEAL,
    HEALTHY,
    MAILS,
    MOVE,
    QUOTE,
    STEP,
    TODAY,
    Change,
    after,
    both,
    deal,
    having,
    mail,
    person,
    signal,
)

NEGOTIATION = PipelineStage.NEGOTIATION
QUALIFICATION = PipelineStage.QUALIFICATION
HIGH, MEDIUM, LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW


def cover(**changes: object) -> Change:
    return having(covers=(COVER.model_copy(update=changes),))


def contract(days: int, *more: int) -> Change:
    ends = [CONTRACT.model_copy(update={"days_left": left, "ends_on": after(left)}) for left in (days, *more)]
    return having(contracts=tuple(one.model_copy(update={"contract_id": f"c{i}"}) for i, one in enumerate(ends)))


def asked(discount: str) -> Change:
    return having(quotes=(QUOTE.model_copy(update={"asked_discount": Decimal(discount)}),))


def legal(reason: str = "own terms") -> Change:
    return having(path=(STEP.model_copy(update={"department": Department.LEGAL, "reason": reason}),))


def without(name: str, newer_than: int) -> Change:
    return having(mails=tuple(one for one in MAILS if one.sender != name or (TODAY - one.at.date()).days >= newer_than))


def said(text: str, *days: int, subject: str | None = None, form: InteractionKind = InteractionKind.MAIL) -> Change:
    return having(mails=(*MAILS, *(mail(day, "Iris Bakker", text, subject=subject, form=form) for day in days)))


def objections(label: str, *days: int) -> Change:
    return having(objections=tuple(signal(SignalKind.OBJECTION, label, day) for day in days))


def urgent(days: int, sender: str = "") -> Change:
    return having(urgent=(signal(SignalKind.URGENCY, "pressing", days, "We need it by Friday!", sender),))


def silent_since(days: int) -> Change:
    return having(mails=tuple(one for one in MAILS if (TODAY - one.at.date()).days >= days))


WE_SILENT = having(mails=(*(one for one in MAILS if one.sender != "We"), mail(42, "We", ours=True)))
GONE = person("Marta Lindqvist", 30, active=False, champion=0.8)
OTHERS = HEALTHY.people[1:]
NO_ROLES = (HEALTHY.people[0].model_copy(update={"roles": {}}), *OTHERS)
MAIN_CONTACT = having(people=(NO_ROLES[0].model_copy(update={"interactions": 12}), *OTHERS))
ONLY_MARTA = having(mails=tuple(one for one in MAILS if one.sender in ("Marta Lindqvist", "We")))
UNDERCUT = having(
    rivals=(signal(SignalKind.COMPETITOR, "Corvex", 9),), objections=(signal(SignalKind.OBJECTION, "price", 9),)
)
NAMED = (("Corvex", MAILS[4].evidence_id + "#s0"),)
UNHEARD = having(
    mails=(
        *(one for one in MAILS if (TODAY - one.at.date()).days >= 9 and one.sender != "We"),
        mail(42, "We", ours=True),
    )
)
SHORT = {"available": 2, "short_by": 8, "ready_on": after(40)}

FIRES: list[tuple[str, str, Change, Severity]] = [
    ("stock_short", "most of it is missing", cover(**{**SHORT, "ready_on": None}), HIGH),
    ("stock_short", "some is missing", cover(available=7, short_by=3, ready_on=after(70)), MEDIUM),
    ("stock_short", "arrives before the close", cover(**SHORT, incoming=8, incoming_on=after(40)), LOW),
    ("stock_short", "early deal", both(cover(**{**SHORT, "ready_on": None}), deal(stage=QUALIFICATION)), LOW),
    ("delivery_after_close", "a week late", cover(**{**SHORT, "ready_on": after(57)}), MEDIUM),
    ("delivery_after_close", "a month late", cover(**{**SHORT, "ready_on": after(80)}), HIGH),
    ("contract_expiring", "in 90 days", contract(90), MEDIUM),
    ("contract_expiring", "in 30 days", contract(30), HIGH),
    ("contract_expiring", "today", contract(0), HIGH),
    ("contract_expired_with_open_deal", "last week", contract(-7), MEDIUM),
    ("contract_expired_with_open_deal", "closing soon", both(contract(-7), deal(close_on=after(20))), HIGH),
    ("compliance_approval", "legal on the path", legal(), LOW),
    ("compliance_approval", "closing soon", both(legal(), deal(close_on=after(20))), MEDIUM),
    ("compliance_approval", "export", legal("Export licence needed"), MEDIUM),
    ("compliance_approval", "出口", legal("涉及出口管制"), MEDIUM),
    ("discount_beyond_rep", "above 5 %", asked("0.08"), MEDIUM),
    ("discount_beyond_policy", "above 12 %", asked("0.121"), HIGH),
    ("champion_quiet", "33 days, usually 8", without("Marta Lindqvist", 33), MEDIUM),
    ("champion_quiet", "the main contact", both(MAIN_CONTACT, without("Marta Lindqvist", 33)), MEDIUM),
    (
        "champion_left",
        "the main contact",
        having(people=(GONE.model_copy(update={"roles": {}, "interactions": 9}), *OTHERS)),
        HIGH,
    ),
    ("champion_left", "nobody in their place", having(people=(GONE, *OTHERS)), HIGH),
    ("champion_left", "another champion", having(people=(GONE, person("Iris Bakker", champion=0.6))), MEDIUM),
    ("no_economic_buyer", "at proposal", having(missing=(BuyingRole.ECONOMIC_BUYER,)), MEDIUM),
    (
        "no_economic_buyer",
        "about to close",
        both(having(missing=(BuyingRole.ECONOMIC_BUYER,)), deal(stage=NEGOTIATION, close_on=after(20))),
        HIGH,
    ),
    ("single_threaded", "one voice", ONLY_MARTA, MEDIUM),
    ("stage_without_activity", "six weeks at proposal", silent_since(42), MEDIUM),
    ("stage_mismatch", "crm ahead", both(having(likeliest=BuyingStage.CONSIDERATION), deal(stage=NEGOTIATION)), MEDIUM),
    ("stage_mismatch", "buyer ahead", both(having(likeliest=BuyingStage.DECISION), deal(stage=QUALIFICATION)), LOW),
    ("close_date_passed", "eight days", deal(close_on=after(-8)), LOW),
    ("close_date_passed", "five weeks", deal(close_on=after(-35)), MEDIUM),
    ("no_next_step", "at proposal", deal(next_step=" "), LOW),
    ("no_next_step", "in negotiation", deal(next_step=None, stage=NEGOTIATION), MEDIUM),
    ("amount_missing", "no amount", deal(amount=None), LOW),
    ("competitor_active", "named last week", having(active=NAMED), MEDIUM),
    ("competitor_active", "on the deal", having(active=(("Corvex", "crm:opportunity:o1"),)), LOW),
    ("competitor_price_move", "told by the customer", UNDERCUT, HIGH),
    ("competitor_price_move", "in the news", having(moves=(MOVE,), active=NAMED), MEDIUM),
    ("open_objection", "repeated", objections("price", 9, 1), LOW),
    ("open_objection", "three times", objections("quality", 9, 17, 1), MEDIUM),
    ("open_objection", "unanswered", both(UNHEARD, objections("quality", 9)), MEDIUM),
    ("open_objection", "repeated and unanswered", both(UNHEARD, objections("price", 9, 17)), HIGH),
    ("payment_terms_dispute", "terms", said("We cannot accept 30 days of payment.", 5), MEDIUM),
    ("payment_terms_dispute", "withheld", said("We withhold payment of the invoice until then.", 5, 12), HIGH),
    ("payment_terms_dispute", "账期", said("30天账期我们无法接受，必须90天。", 5), MEDIUM),
    ("payment_terms_dispute", "subject", said("We insist on 90 days.", 5, subject="Payment terms"), MEDIUM),
    ("urgent_request_unanswered", "four days", both(having(mails=(*MAILS[4:], mail(4))), urgent(4)), MEDIUM),
    ("urgent_request_unanswered", "nine days", both(UNHEARD, urgent(9)), HIGH),
]
NEAR_MISSES: list[tuple[str, str, Change]] = [
    ("stock_short", "no open deal wants it", both(cover(**SHORT), deal(product_id="SC-1"))),
    ("stock_short", "exactly enough", cover(available=10, short_by=0)),
    ("delivery_after_close", "six days late", cover(**{**SHORT, "ready_on": after(56)})),
    (
        "delivery_after_close",
        "early deal",
        both(cover(**{**SHORT, "ready_on": after(80)}), deal(stage=QUALIFICATION)),
    ),
    ("contract_expiring", "in 91 days", contract(91)),
    ("contract_expiring", "renewed", contract(20, 385)),
    ("contract_expiring", "already over", contract(-1)),
    ("contract_expired_with_open_deal", "another one runs", contract(-7, 200)),
    ("contract_expired_with_open_deal", "long ago", contract(-366)),
    ("contract_expired_with_open_deal", "no late deal", both(contract(-7), deal(stage=QUALIFICATION))),
    ("compliance_approval", "finance only", having()),
    ("discount_beyond_rep", "exactly 5 %", asked("0.05")),
    ("discount_beyond_rep", "beyond policy is the other rule", asked("0.13")),
    ("discount_beyond_policy", "exactly 12 %", asked("0.12")),
    ("champion_quiet", "25 days", without("Marta Lindqvist", 25)),
    ("champion_quiet", "one contact of several", both(having(people=NO_ROLES), without("Marta Lindqvist", 33))),
    ("champion_quiet", "writes monthly", having(mails=tuple(mail(day) for day in (35, 65, 95, 125)))),
    ("champion_quiet", "no open deal", both(without("Marta Lindqvist", 33), having(deals=()))),
    ("champion_left", "another left", having(people=(person("Iris Bakker", active=False, user=0.8), *HEALTHY.people))),
    ("champion_left", "long ago", having(people=(person("Marta Lindqvist", 400, active=False, champion=0.9), *OTHERS))),
    ("no_economic_buyer", "too early", both(having(missing=(BuyingRole.ECONOMIC_BUYER,)), deal(stage=QUALIFICATION))),
    ("no_economic_buyer", "another role", having(missing=(BuyingRole.BLOCKER,))),
    ("single_threaded", "a second voice", having()),
    ("single_threaded", "too little to say", having(mails=tuple(mail(day) for day in (1, 9, 17)))),
    ("stage_without_activity", "33 days at proposal", silent_since(33)),
    ("stage_without_activity", "early deal", both(silent_since(42), deal(stage=QUALIFICATION))),
    ("stage_mismatch", "one apart", both(having(likeliest=BuyingStage.CONSIDERATION))),
    (
        "stage_mismatch",
        "not certain",
        both(having(likeliest=BuyingStage.CONSIDERATION, confidence=0.4), deal(stage=NEGOTIATION)),
    ),
    (
        "stage_mismatch",
        "another deal fits",
        having(
            likeliest=BuyingStage.CONSIDERATION,
            deals=(
                DEAL.model_copy(update={"stage": NEGOTIATION}),
                DEAL.model_copy(update={"opportunity_id": "o2", "stage": PipelineStage.QUALIFICATION}),
            ),
        ),
    ),
    ("close_date_passed", "a week", deal(close_on=after(-7))),
    ("no_next_step", "closes in three months", deal(next_step=None, close_on=after(90))),
    ("no_next_step", "field not kept", having(deals=(DEAL.model_copy(update={"next_step": None}),) * 3)),
    ("amount_missing", "early deal", deal(amount=None, stage=QUALIFICATION)),
    ("competitor_active", "no open deal", having(deals=(), active=(("Corvex", "market:note:n1"),))),
    (
        "competitor_price_move",
        "not about price",
        having(moves=(MOVE.model_copy(update={"move": MoveKind.SERVICE}),), active=NAMED),
    ),
    ("competitor_price_move", "irrelevant", having(moves=(MOVE.model_copy(update={"relevance": 0.49}),), active=NAMED)),
    ("competitor_price_move", "not named", having(moves=(MOVE,), active=(("Corvex", "crm:opportunity:o1"),))),
    ("competitor_price_move", "old", having(moves=(MOVE.model_copy(update={"at": after(-61)}),), active=NAMED)),
    ("open_objection", "once and answered", objections("price", 17)),
    ("open_objection", "settled since", objections("price", 42, 33)),
    ("open_objection", "another matter", objections("timing", 9, 1)),
    ("open_objection", "we said it", having()),
    ("payment_terms_dispute", "asked only", said("What are your payment terms?", 5)),
    ("payment_terms_dispute", "another quarrel", said("We cannot accept this noise level.", 5)),
    ("payment_terms_dispute", "付款正常", said("货款已经按合同付出。", 5)),
    ("payment_terms_dispute", "long ago", said("We cannot accept 30 days of payment.", 95)),
    (
        "urgent_request_unanswered",
        "a promise",
        both(UNHEARD, having(urgent=(signal(SignalKind.URGENCY, "date", 9, "I push it."),))),
    ),
    ("urgent_request_unanswered", "two days", both(WE_SILENT, urgent(1))),
    ("urgent_request_unanswered", "answered", urgent(9)),
    ("urgent_request_unanswered", "ours", both(WE_SILENT, urgent(9, "We"))),
    ("urgent_request_unanswered", "over", both(WE_SILENT, urgent(25))),
]
