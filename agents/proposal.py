"""Agent `proposal`: what to do on the visit, from what all other agents found."""

from datetime import date

from agents.analysis.advice import Advice
from agents.analysis.visit_facts import VisitFacts
from agents.analysis.visit_messages import plan_answers, plan_deadline, plan_messages, plan_rival
from agents.analysis.visit_offers import plan_offers
from agents.analysis.visit_plan import plan_agenda, plan_goal
from agents.analysis.visit_steps import plan_steps
from agents.spec import AgentInput, AgentOutput, AgentSpec, Notebook
from core.domain.accounts import Account
from core.domain.views.market import MarketView
from core.domain.views.operations import OperationsView
from core.domain.views.people import InfluenceMap
from core.domain.views.proposals import ProposalsView
from core.domain.views.resources import ResourcesView
from core.domain.views.risks import RisksView
from core.domain.views.stage import StageView


class ProposalInput(AgentInput):
    """The request and the other agents' views; None means that the agent could not say anything."""

    account: Account
    purpose: str = ""
    attendees: tuple[str, ...] = ()
    visit_on: date
    stage: StageView | None = None
    people: InfluenceMap | None = None
    operations: OperationsView | None = None
    market: MarketView | None = None
    resources: ResourcesView | None = None
    risks: RisksView | None = None


def run(given: ProposalInput) -> AgentOutput[ProposalsView]:
    """Goal, agenda, messages, offers and next steps; each with its evidence."""
    note = Notebook("proposal", given)
    facts = VisitFacts(
        account=given.account,
        purpose=given.purpose,
        today=given.today,
        visit_on=given.visit_on,
        attendees=given.attendees,
        stage=given.stage,
        people=given.people or InfluenceMap(),
        operations=given.operations or OperationsView(),
        market=given.market or MarketView(),
        resources=given.resources or ResourcesView(),
        risks=given.risks or RisksView(),
    )
    advice = Advice(note, given.account, facts.words())
    goal = plan_goal(advice, facts)
    plan_agenda(advice, facts)
    plan_messages(advice, facts)
    plan_deadline(advice, facts)
    plan_answers(advice, facts)
    plan_rival(advice, facts)
    offers = plan_offers(advice, facts)
    plan_steps(advice, facts, offers)
    return note.output(ProposalsView(goal=goal, recommendations=tuple(advice.given.values()), offers=offers))


SPEC = AgentSpec(
    name="proposal",
    purpose="What to do on the visit: goal, agenda, messages, offers and next steps",
    input_model=ProposalInput,
    output_model=AgentOutput[ProposalsView],
    run=run,
)
