"""Records full of hostile text: a customer with people, deals and mail, and an answer about it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.domain.accounts import Account, Contact
from core.domain.chat import Answer, AnswerStatus, Choice, Source, Statement, Thread
from core.domain.claims import ClaimState
from core.domain.deals import Opportunity, PipelineStage
from core.domain.interactions import Interaction, InteractionKind
from core.language import Lang
from core.settings import Settings
from hub.platform import open_platform

ACCOUNT = "hostile-1"
THREAD = "hostile-thread"


def save_hostile_customer(home: Path, text: str) -> None:
    """Put a customer on record whose every text is `text`, and a thread of the owner about it."""
    now = datetime.now(UTC)
    with open_platform(Settings(home=home)) as platform:
        owner = platform.owner()
        about = {"region": "EMEA", "account_id": ACCOUNT}
        records = [
            Account(id=ACCOUNT, name=text, region="EMEA", industry=text, owner=text),
            Contact(id="hostile-c", name=text, title=text, email="eve@hostile.example", **about),
            Opportunity(
                id="hostile-o", name=text, stage=PipelineStage.PROPOSAL, next_step=text, competitor=text, **about
            ),
        ]
        mail = Interaction(
            id="hostile-i",
            form=InteractionKind.MAIL,
            at=now - timedelta(days=2),
            sender="eve@hostile.example",
            subject=text,
            text=f"{text} Your price is too high.",
            lang=Lang.EN,
            **about,
        )
        with platform.store.write() as unit:
            unit.records.upsert(owner.tenant, records, [""] * len(records), at=now)
            unit.interactions.upsert(owner.tenant, [mail], [""], at=now)
            thread = Thread(id=THREAD, user=owner.user, title=text, account_id=ACCOUNT, created_at=now, updated_at=now)
            unit.threads.create(owner.tenant, thread)
            unit.threads.begin_turn(owner, THREAD, "hostile-turn", text, at=now, until=now)
            unit.threads.end_turn(owner.tenant, THREAD, "hostile-turn", _answer(text), ())


def _answer(text: str) -> Answer:
    source = Source(id="crm:account:hostile-1", system="crm", record=text, quote=text)
    return Answer(
        thread=THREAD,
        answer=text,
        lang=Lang.EN,
        status=AnswerStatus.CLARIFY,
        statements=(
            Statement(text=text, agent="stakeholders", state=ClaimState.INFERRED, sources=(source.id,)),
            Statement(text=text, agent=text, state=ClaimState.UNSUPPORTED),
        ),
        sources=(source,),
        choices=(Choice(label=text, message=text),),
    )
