"""A drafted answer to a customer's message: what records can answer is answered, the rest is left open and said so."""

import re
from collections.abc import Sequence
from typing import Any

from agents.analysis.identity import split_address
from agents.analysis.quotes import shortened
from agents.analysis.requests import Request, Topic, find_requests, first_of_each
from agents.analysis.voices import our_names
from agents.spec import AgentInput, AgentOutput, AgentSpec, Notebook, Source
from core.domain.accounts import Account, Contact
from core.domain.claims import ClaimState, Section
from core.domain.interactions import Interaction
from core.domain.products import Product
from core.domain.views.operations import Cover, OperationsView, Quote
from core.domain.views.reply import OpenPoint, ReplyDraft, ReplySentence

_MOST_OPEN = 3
_MOST_PRODUCTS = 3
_RE = re.compile(r"^(?:(?:re|aw|fwd?|回复|答复|转发)\s*[:：]\s*)+", re.IGNORECASE)


class ReplyInput(AgentInput):
    """The message, and what is known of the account. `signed` is the name of whoever will send the reply.

    `operations` None: stock, prices and contracts could not be read. `products` is the catalogue: a message that names
    products is about those, and about the first open deal's only when it names none.
    """

    account: Account
    message: Interaction
    contacts: tuple[Contact, ...] = ()
    operations: OperationsView | None = None
    products: tuple[Product, ...] = ()
    colleagues: tuple[str, ...] = ()
    signed: str | None = None


class _Writing:
    """The reply as it grows."""

    def __init__(self, given: ReplyInput) -> None:
        self.given = given
        self.notebook = Notebook("reply", given)
        self.sentences: list[ReplySentence] = []
        self.open: list[OpenPoint] = []

    def say(self, kind: str, *sources: Source, promise: bool = False, **params: Any) -> None:
        """Add a sentence; a promise rests on nothing but us."""
        state = ClaimState.INFERRED if kind.startswith("delivery") else ClaimState.SUPPORTED
        id_ = self.notebook.claim(Section.PROPOSALS, kind, *sources, state=state, **params)
        claim = self.notebook.claims[id_]
        state = ClaimState.UNSUPPORTED if promise else claim.state
        self.sentences.append(ReplySentence(text=claim.text, state=state, evidence=claim.evidence, promise=promise))

    def leave_open(self, request: Request) -> None:
        """Note a question that a person has to answer."""
        source = request.line.source
        self.notebook.cite([source])
        self.open.append(OpenPoint(topic=request.topic, quote=request.line.words, evidence=source.evidence_id))


def run(given: ReplyInput) -> AgentOutput[ReplyDraft]:
    """Answer each topic asked about from the records, promise to come back on the others, and sign."""
    writing, message = _Writing(given), given.message
    sender = writer_of(message, given.contacts)
    writing.say("greeting", *([sender] if sender else []), name=sender.name if sender else "")
    writing.say("thanks", message, at=message.at.date())
    ours = our_names([message], given.colleagues)
    requests = first_of_each(find_requests(message, ours))
    for request in requests:
        _ANSWERS[request.topic](writing, request)
    if not requests:
        writing.say("noted", message)
    writing.say("closing", name=given.signed or "")
    phrase = writing.notebook.phrase
    subject = _RE.sub("", message.subject or "").strip()
    draft = ReplyDraft(
        lang=given.lang,
        to=sender.email if sender else None,
        subject=phrase("subject", subject=subject) if subject else phrase("subject_none", at=message.at.date()),
        sentences=tuple(writing.sentences),
        open_points=tuple(writing.open),
    )
    return writing.notebook.output(draft)


def writer_of(message: Interaction, contacts: Sequence[Contact]) -> Contact | None:
    """The contact whose address the message came from, None for somebody the CRM does not know."""
    _name, address = split_address(message.sender or "")
    matching = [one for one in contacts if one.active and one.email and one.email.casefold() == address]
    return matching[0] if len(matching) == 1 else None


def _delivery(writing: _Writing, request: Request) -> None:
    wanted = _asked_about(writing.given)
    covers = [
        one for one in _operations(writing).covers if one.product_id in wanted and (not one.short_by or one.ready_on)
    ]
    asked = request.line.source
    for cover in covers[:_MOST_PRODUCTS]:
        figures: dict[str, Any] = {"needed": cover.needed, "product": cover.product}
        if cover.short_by == 0:
            writing.say("delivery_ready", asked, *cover.evidence, **figures)
        else:
            writing.say("delivery_on", asked, *cover.evidence, **figures, on=cover.ready_on)
    if not covers or wanted - {cover.product_id for cover in covers[:_MOST_PRODUCTS]}:
        writing.say("delivery_open", asked, promise=True)
        writing.leave_open(request)


def _price(writing: _Writing, request: Request) -> None:
    wanted = _asked_about(writing.given)
    for quote in [one for one in _operations(writing).quotes if one.product_id in wanted][:_MOST_PRODUCTS]:
        # Only what a customer may read anywhere: the list price. How far it may go down is for our own people.
        writing.say(
            "price_list",
            *quote.evidence[:1],
            product=quote.product,
            quantity=quote.quantity,
            price=quote.unit_price,
            valid_to=quote.valid_to,
        )
    writing.say("price_open", request.line.source, promise=True)
    writing.leave_open(request)


def _terms(writing: _Writing, request: Request) -> None:
    operations = writing.given.operations
    running = [term for term in (operations.contracts if operations else ()) if (term.days_left or 0) > 0]
    if running and running[0].ends_on is not None:
        writing.say("terms_contract", running[0].evidence, title=running[0].title, until=running[0].ends_on)
    writing.say("terms_open", request.line.source, promise=True)
    writing.leave_open(request)


def _other(writing: _Writing, request: Request) -> None:
    if sum(point.topic == Topic.OTHER for point in writing.open) < _MOST_OPEN:
        writing.say("other_open", request.line.source, promise=True, quote=shortened(request.line.words))
    writing.leave_open(request)


_ANSWERS = {Topic.DELIVERY: _delivery, Topic.PRICE: _price, Topic.TERMS: _terms, Topic.OTHER: _other}


def _operations(writing: _Writing) -> OperationsView:
    return writing.given.operations or OperationsView()


def _asked_about(given: ReplyInput) -> set[str]:
    """Ids of the products that the message names, else that of the first open deal."""
    operations = given.operations or OperationsView()
    text = f"{given.message.subject or ''}\n{given.message.text}".casefold()
    known: list[Cover | Quote] = [*operations.covers, *operations.quotes]
    names = [(one.product_id, name) for one in known for name in (one.product_id, one.product)]
    names += [(one.id, name) for one in given.products for name in (one.id, one.name, one.name_zh) if name]
    named = {id_ for id_, name in names if _stands_in(name.casefold(), text)}
    return named or {deal.product_id for deal in operations.deals[:1] if deal.product_id}


def _stands_in(name: str, text: str) -> bool:
    """Whether the text names it, and not a longer code that begins or ends with it: CP-20 is not in CP-200."""
    return bool(re.search(rf"(?<![a-z0-9])(?<![a-z0-9]-){re.escape(name)}s?(?![a-z0-9]|-[a-z0-9])", text))


SPEC = AgentSpec(
    name="reply",
    purpose="Draft the answer to a customer's message from our records, and say what they leave open",
    input_model=ReplyInput,
    output_model=AgentOutput[ReplyDraft],
    run=run,
)
