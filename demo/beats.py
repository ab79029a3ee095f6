"""How a purchase unfolds: which exchanges happen in each buying stage, and who has them with whom."""

from dataclasses import dataclass

from demo.world import Form

BUYING_STAGES = ("awareness", "consideration", "evaluation", "decision", "purchase", "renewal")


@dataclass(frozen=True, slots=True)
class Beat:
    """One exchange on `topic`: `by` and `to` are roles, `chance` how often it happens at all."""

    form: Form
    topic: str
    by: str = "rep"
    to: str = "champ"
    cc: tuple[str, ...] = ()
    chance: float = 1.0
    with_: tuple[str, ...] = ()


def _mail(topic: str, by: str, to: str, *cc: str, chance: float = 1.0) -> Beat:
    return Beat("mail", topic, by, to, cc, chance)


def _note(topic: str, chance: float = 0.8) -> Beat:
    return Beat("note", topic, chance=chance)


def _talk(form: Form, topic: str, *with_: str, chance: float = 1.0) -> Beat:
    return Beat(form, topic, chance=chance, with_=with_)


BEATS: dict[str, tuple[Beat, ...]] = {
    "awareness": (
        Beat("post", "post_news", chance=0.5),
        _mail("inquiry", "champ", "rep"),
        _mail("inquiry_reply", "rep", "champ"),
        _note("note_first"),
    ),
    "consideration": (
        _talk("meeting", "discovery", "champ", "user", "expert", chance=0.55),
        _talk("call", "discovery", "champ", chance=0.6),
        _mail("requirements", "champ", "rep", "tech"),
        _note("note_qualify"),
        _mail("outline", "rep", "champ", "tech"),
        _mail("compare", "tech", "rep", "champ", chance=0.8),
        Beat("post", "post_trade", chance=0.3),
    ),
    "evaluation": (
        _mail("tech_questions", "tech", "rep", "champ"),
        _mail("tech_answers", "rep", "tech", "champ"),
        _talk("meeting", "technical", "champ", "tech", "user", "expert", chance=0.75),
        _note("note_eval"),
        _mail("objection_price", "proc", "rep", "champ", chance=0.4),
        _mail("objection_delivery", "user", "rep", "champ", chance=0.4),
        _mail("objection_service", "champ", "rep", "user", chance=0.4),
        _mail("objection_reply", "rep", "champ", chance=0.8),
        _talk("call", "technical", "tech", "expert", chance=0.45),
        _mail("trial", "user", "rep", "champ", "tech", chance=0.8),
        _mail("reference_request", "champ", "rep", chance=0.5),
        _mail("reference_reply", "rep", "champ", chance=0.5),
        _mail("champ_update", "champ", "rep", chance=0.8),
    ),
    "decision": (
        _mail("quotation", "rep", "proc", "champ"),
        _mail("discount_request", "proc", "rep", "champ", chance=0.7),
        _mail("discount_reply", "rep", "proc", chance=0.7),
        _mail("budget_ok", "eb", "rep", "champ", "proc", chance=0.8),
        _talk("meeting", "commercial", "champ", "proc", "eb", chance=0.8),
        _note("note_decision"),
        _mail("legal_terms", "proc", "rep", chance=0.5),
        _talk("call", "commercial", "proc", chance=0.4),
        _mail("decision_date", "champ", "rep", "tech"),
    ),
    "purchase": (
        _mail("po", "proc", "rep", "champ"),
        _mail("order_confirm", "rep", "proc", "user"),
        _note("note_won"),
        _mail("delivery_update", "rep", "user", "champ", chance=0.7),
        _mail("acceptance", "user", "rep", "champ"),
    ),
    "renewal": (
        _mail("usage_feedback", "user", "rep", "champ"),
        _talk("call", "review", "user", chance=0.4),
        _talk("meeting", "review", "champ", "user", "proc", chance=0.3),
        _note("note_after"),
    ),
}

# An old purchase, told in short.
PAST = (
    *(beat for beat in BEATS["consideration"] if beat.topic in ("requirements", "outline")),
    *(beat for beat in BEATS["evaluation"] if beat.topic in ("tech_questions", "tech_answers", "trial")),
    *(beat for beat in BEATS["decision"] if beat.topic in ("quotation", "discount_request", "budget_ok")),
    *BEATS["purchase"],
    *BEATS["renewal"],
)

# What each story adds at its end; the last ones are the most recent.
STORY_BEATS: dict[str, tuple[Beat, ...]] = {
    "champion_left": (
        _mail("farewell_colleague", "tech", "rep"),
        _note("note_champ_left", 1.0),
    ),
    "champion_quiet": (
        _mail("nudge", "rep", "champ"),
        _mail("nudge", "rep", "champ"),
        _note("note_champ_quiet", 1.0),
    ),
    "competitor_undercut": (
        _mail("undercut", "proc", "rep"),
        _talk("call", "story_undercut", "proc"),
        _note("note_undercut", 1.0),
    ),
    "stock_short": (
        _mail("need_delivery", "user", "rep", "champ"),
        _mail("delivery_holding", "rep", "user", "champ"),
        _note("note_stock", 1.0),
    ),
    "contract_ending": (
        _mail("contract_expiry", "proc", "rep"),
        _note("note_expiry", 1.0),
    ),
    "payment_dispute": (
        _mail("payment_dispute", "proc", "rep"),
        _talk("call", "story_payment", "proc"),
        _mail("payment_reply", "rep", "proc"),
        _note("note_payment", 1.0),
    ),
    "no_economic_buyer": (_note("note_no_eb", 1.0),),
    "single_threaded": (_note("note_single", 1.0),),
    "discount_beyond_policy": (
        _mail("discount_demand", "proc", "rep", "champ"),
        _talk("call", "story_discount", "proc"),
        _note("note_discount", 1.0),
    ),
    "inactive_deal": (),
    "renewal": (
        _mail("renewal_offer", "rep", "proc", "champ"),
        _mail("renewal_reply", "proc", "rep"),
        _note("note_renewal", 1.0),
    ),
    "healthy": (
        _mail("go_ahead", "eb", "rep", "champ", "proc"),
        _talk("meeting", "story_healthy", "eb", "champ", "proc"),
        _note("note_healthy", 1.0),
    ),
}

# How far the running thread of a story's account has come.
STORY_STAGE = {
    "champion_left": "evaluation",
    "champion_quiet": "evaluation",
    "competitor_undercut": "decision",
    "stock_short": "decision",
    "contract_ending": "consideration",
    "payment_dispute": "evaluation",
    "no_economic_buyer": "evaluation",
    "single_threaded": "evaluation",
    "discount_beyond_policy": "decision",
    "inactive_deal": "evaluation",
    "renewal": "awareness",
    "healthy": "decision",
}
