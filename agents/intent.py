"""Where the buyer stands: a belief over buying stages, and what the customer needs, doubts and hurries."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agents.analysis import belief, journey
from agents.analysis.journey import Step
from agents.analysis.quotes import names_by_address, said_by, shortened
from agents.analysis.signals import Finding, find_signals, known_names
from agents.analysis.stage_model import STAGES
from agents.analysis.voices import customer_weight, our_names
from agents.spec import AgentInput, AgentOutput, AgentSpec, Notebook
from core.domain.accounts import Account, Contact, SalesPerson
from core.domain.claims import ClaimState, Section
from core.domain.interactions import Author, Interaction
from core.domain.views.stage import BuyingStage, SignalKind, StageView
from core.text import normalise_name

_THIN = 0.25
_SILENT_DAYS = 60
_SIGNAL_DAYS = 365
_PER_KIND, _PER_LABEL, _CLAIMED = 12, 3, 3
_URGENT_HALF_LIFE, _HALF_LIFE = 14.0, 120.0


class IntentInput(AgentInput):
    """`competitors` are names known to the market; `colleagues` our people, told apart in transcripts by name."""

    account: Account
    interactions: tuple[Interaction, ...] | None = None
    competitors: tuple[str, ...] = ()
    colleagues: tuple[SalesPerson, ...] = ()
    contacts: tuple[Contact, ...] | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """The findings of one kind, newest first."""

    given: IntentInput
    findings: tuple[Finding, ...]

    def of(self, kind: SignalKind) -> list[Finding]:
        """Newest first, at most three per label and twelve in all."""
        seen: Counter[str] = Counter()
        kept: list[Finding] = []
        for finding in self.findings:
            if finding.kind is kind and seen[finding.label] < _PER_LABEL:
                seen[finding.label] += 1
                kept.append(finding)
        return kept[:_PER_KIND]

    def leading(self, kind: SignalKind) -> list[tuple[Finding, int]]:
        """The latest finding of each of the weightiest labels with how often the label came up; half-life 120 days."""
        weights: dict[str, float] = {}
        latest: dict[str, tuple[Finding, int]] = {}
        for finding in self.findings:
            if finding.kind is kind:
                first, times = latest.get(finding.label, (finding, 0))
                latest[finding.label] = (first, times + 1)
                said = customer_weight(finding.line.interaction)
                weight = said * math.exp2(-self._age(finding) / _HALF_LIFE)
                weights[finding.label] = weights.get(finding.label, 0.0) + weight
        ranked = sorted(latest, key=lambda label: (-weights[label], label))
        return [latest[label] for label in ranked[:_CLAIMED]]

    def urgency(self) -> float:
        """Chance that at least one urgent sentence still presses, 0–1: half-life 14 days each."""
        calm = 1.0
        for finding in self.findings:
            if finding.kind is SignalKind.URGENCY:
                said = finding.strength * customer_weight(finding.line.interaction)
                calm *= 1 - said * math.exp2(-self._age(finding) / _URGENT_HALF_LIFE)
        return round(1 - calm, 4)

    def _age(self, finding: Finding) -> int:
        """Days since it was said."""
        return max((self.given.today - finding.line.interaction.at.date()).days, 0)


def listen(given: IntentInput, steps: Sequence[Step]) -> Heard:
    """The signals of the last year in what the customer said."""
    rivals = known_names(given.competitors)
    own = frozenset(normalise_name(name) for name in (given.account.name, *given.account.aliases))
    recent = [step for step in steps if (given.today - step.interaction.at.date()).days <= _SIGNAL_DAYS]
    found: list[Finding] = []
    for step in reversed(recent):
        lines = (None, *step.lines, None)
        for before, line, after in zip(lines, step.lines, lines[2:], strict=False):
            found += find_signals(line, rivals, own, (before, after))
    return Heard(given, tuple(found))


def run(given: IntentInput) -> AgentOutput[StageView]:
    """Read the interactions in order; without any, every stage is alike and confidence is 0."""
    interactions = given.interactions or ()
    steps = journey.follow(interactions, our_names(interactions, _names(given.colleagues)))
    heard, notebook = listen(given, steps), Notebook("intent", given)
    now = belief.prior()
    if steps:
        now = belief.fade(steps[-1].belief, (given.today - steps[-1].interaction.at.date()).days)
    shares = journey.distribution(now)
    view = StageView(
        distribution=shares,
        likeliest=steps[-1].likeliest if steps else STAGES[0],
        confidence=round(belief.confidence(now, (step.strength for step in steps)), 4),
        history=tuple(step.point for step in steps if step.strength >= journey.TELLING),
        needs=tuple(finding.signal for finding in heard.of(SignalKind.NEED)),
        objections=tuple(finding.signal for finding in heard.of(SignalKind.OBJECTION)),
        competitors=tuple(finding.signal for finding in heard.of(SignalKind.COMPETITOR)),
        urgency=heard.urgency(),
        urgency_signals=tuple(finding.signal for finding in heard.of(SignalKind.URGENCY)),
    )
    if given.interactions is not None:
        _write_stage(notebook, given, view, steps)
        _write_signals(notebook, heard)
    return notebook.output(view)


def _write_stage(notebook: Notebook, given: IntentInput, view: StageView, steps: Sequence[Step]) -> None:
    account, since = given.account.name, journey.last_change(steps)
    if since is None:
        notebook.claim(Section.STAGE, "stage_unknown", given.account, state=ClaimState.INFERRED, account=account)
        return
    sources = [line.source for line in journey.best_lines(steps[since:], view.likeliest, 3)]
    told = [step for step in steps if step.strength >= journey.TELLING]
    fixed: dict[str, Any] = {
        "account": account,
        "stage": _stage(notebook, view.likeliest),
        "share": view.distribution[view.likeliest],
    }
    if view.confidence < _THIN:
        notebook.claim(Section.STAGE, "stage_thin", *sources, state=ClaimState.INFERRED, messages=len(told), **fixed)
        return
    second = max((stage for stage in STAGES if stage is not view.likeliest), key=lambda stage: view.distribution[stage])
    close = view.distribution[second] >= 0.15
    notebook.claim(
        Section.STAGE,
        "stage_now",
        *sources,
        state=ClaimState.INFERRED,
        since=steps[since].interaction.at.date(),
        second=_stage(notebook, second) if close else "",
        second_share=view.distribution[second],
        **fixed,
    )
    _write_movement(notebook, given, steps, since)
    last = told[-1].interaction
    days = (given.today - last.at.date()).days
    if days >= _SILENT_DAYS:
        notebook.claim(
            Section.STAGE,
            "stage_silent",
            last,
            state=ClaimState.SUPPORTED,
            account=account,
            last=last.at.date(),
            days=days,
        )


def _write_movement(notebook: Notebook, given: IntentInput, steps: Sequence[Step], since: int) -> None:
    if since == 0 or steps[since - 1].strength == 0:
        return
    before, after = steps[since - 1].likeliest, steps[since].likeliest
    lines = journey.best_lines(steps[since : since + 1], after, 1)
    if before is after or not lines:
        return
    notebook.claim(
        Section.STAGE,
        "moved",
        lines[0].source,
        state=ClaimState.INFERRED,
        at=lines[0].interaction.at.date(),
        back=STAGES.index(after) < STAGES.index(before),
        before=_stage(notebook, before),
        after=_stage(notebook, after),
        quote=shortened(lines[0].words),
        who=said_by(lines[0], notebook, names_by_address(given.contacts or ())),
    )


def _write_signals(notebook: Notebook, heard: Heard) -> None:
    for finding, _ in heard.leading(SignalKind.NEED):
        _quote(notebook, "need", finding, topic=notebook.phrase(f"need_{finding.label}"))
    for finding, times in heard.leading(SignalKind.OBJECTION):
        _quote(notebook, "objection", finding, topic=notebook.phrase(f"objection_{finding.label}"), times=times)
    for finding, _ in heard.leading(SignalKind.COMPETITOR):
        _quote(notebook, "rival", finding, name=finding.label)
    if heard.urgency() >= 0.3:
        urgent = max(heard.of(SignalKind.URGENCY), key=lambda finding: (finding.line.interaction.at, finding.strength))
        _quote(notebook, "urgent", urgent)


def _quote(notebook: Notebook, kind: str, finding: Finding, **params: Any) -> None:
    line = finding.line
    contacts = notebook.given.contacts or () if isinstance(notebook.given, IntentInput) else ()
    notebook.claim(
        Section.STAGE,
        kind,
        line.source,
        quote=shortened(line.words),
        who=said_by(line, notebook, names_by_address(contacts)),
        at=line.interaction.at.date(),
        note=line.reported and line.interaction.author is Author.INTERNAL,
        reported=line.reported,
        **params,
    )


def _stage(notebook: Notebook, stage: BuyingStage) -> str:
    return notebook.phrase(f"stage_{stage}")


def _names(people: Sequence[SalesPerson]) -> list[str]:
    return [name for person in people for name in (person.name, person.email) if name]


SPEC = AgentSpec(
    name="intent",
    purpose="Tell from the customer's own words where they stand in buying, what they need, doubt and hurry.",
    input_model=IntentInput,
    output_model=AgentOutput[StageView],
    run=run,
)
