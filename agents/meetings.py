"""Minutes from what was said: decided, not decided, who does what, and what was said about a question."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from pydantic import ConfigDict, Field, model_validator

from agents.analysis.meetings import listening
from agents.analysis.meetings.deciding import Verdict, find_verdicts
from agents.analysis.meetings.plain import without_fillers
from agents.analysis.meetings.promising import find_promises
from agents.analysis.meetings.spoken import Spoken, spoken_in
from agents.analysis.meetings.telling import Told, choose
from agents.analysis.meetings.weighing import Talk, is_chinese, scores
from agents.analysis.quotes import shortened
from agents.spec import AgentInput, AgentOutput, AgentSpec, Notebook
from core.domain.claims import Claim, Section, Sentence
from core.domain.interactions import Interaction, InteractionKind, Turn
from core.domain.views.meetings import (
    ActionItem,
    MeetingsView,
    Noted,
    Open,
    Priced,
    Said,
    Segment,
    Timed,
)
from core.domain.views.stage import SignalKind
from core.language import Lang, detect_language
from core.text import normalise_name

_WORDS = {Lang.EN: 80, Lang.ZH: 180}
_QUOTES, _MOST = 5, 60
_UNKNOWN_DAY = date(1970, 1, 1)


class MeetingsInput(AgentInput):
    """`turns` in order; `date` is the meeting's, by which “tomorrow” is told.

    `query` asks what was said about something. `words` limits the summary and the answer each; a Chinese character
    counts as one. `ours` names our people: their objections are not the customer's. Without `lang`, the
    language of the talk.
    """

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    turns: tuple[Turn, ...]
    held_on: date | None = Field(default=None, alias="date")
    query: str = Field(default="", max_length=2000)
    words: int | None = Field(default=None, ge=10, le=2000)
    ours: tuple[str, ...] = ()
    competitors: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, given: Any) -> Any:
        """Nothing is told by the day of asking, so it need not be given; a turn's words may be called `content`."""
        if not isinstance(given, Mapping):
            return given
        turns = [_turn(one) for one in given["turns"]] if isinstance(given.get("turns"), list | tuple) else ()
        told = {**given, "today": given.get("today") or given.get("date") or given.get("held_on") or _UNKNOWN_DAY}
        if turns:
            told["turns"] = turns
        if told.get("lang") is None:
            texts = (one.text if isinstance(one, Turn) else str(one.get("text")) for one in turns)
            told["lang"] = detect_language(" ".join(texts))
        return told


def _turn(given: Any) -> Any:
    if not isinstance(given, Mapping):
        return given
    turn = {"speaker": "", **given}
    if "text" not in turn and "content" in turn:
        turn["text"] = turn.pop("content")
    return turn


class SpokenClaim(Claim):
    """A sentence of the minutes, and where in the meeting it was said: `at` as in the view."""

    at: float


class MeetingsOutput(AgentOutput[MeetingsView]):
    """The minutes; every sentence has its place."""

    claims: tuple[SpokenClaim, ...] = ()


@dataclass(frozen=True, slots=True)
class Minutes:
    """What is read once and told in several parts."""

    given: MeetingsInput
    talk: Talk
    recording: Interaction

    def said(self, said: Spoken, text: str | None = None) -> dict[str, Any]:
        """What every part tells of a sentence."""
        return {
            "at": said.at,
            "turn": said.turn,
            "speaker": said.speaker,
            "text": text or self.talk.plain[self.place(said)] or said.text,
            "evidence": said.text,
            "lang": said.lang,
        }

    def part(self, verdict: Verdict) -> dict[str, Any]:
        """The same of a verdict; where a part of the sentence says it, that part."""
        said = verdict.said
        return self.said(said, without_fillers(verdict.part, said.lang) if verdict.part else None)

    def place(self, said: Spoken) -> int:
        """The number of the sentence in the meeting, from 0."""
        return self.talk.places[said.turn, said.index]

    def source(self, said: Said) -> Sentence:
        """The sentence as claims cite it."""
        place = next(
            place for place, one in enumerate(self.talk.spoken) if one.turn == said.turn and one.text == said.evidence
        )
        return Sentence(interaction=self.recording, index=place, text=said.evidence)


def run(given: MeetingsInput) -> MeetingsOutput:
    """Write the minutes. Every part is empty for a meeting without words."""
    talk = Talk(spoken_in(given.turns))
    minutes = Minutes(given, talk, _recording(given, talk))
    view = MeetingsView(
        timed=any(turn.start is not None for turn in given.turns),
        held_on=given.held_on,
        languages=_languages(talk),
        speakers=tuple(dict.fromkeys(turn.speaker for turn in given.turns if turn.speaker)),
        summary=_told(minutes, ""),
        answer=_told(minutes, given.query) if given.query.strip() else (),
        topics=tuple(_topics(minutes)),
        questions=tuple(Said(**minutes.said(one)) for one in listening.open_questions(talk.spoken))[:_MOST],
        quotes=_quotes(minutes),
        **_settled(minutes),
        **_heard(minutes),
    )
    return MeetingsOutput(view=view, **_written(minutes, view))


def _recording(given: MeetingsInput, talk: Talk) -> Interaction:
    text = "\n".join(said.text for said in talk.spoken)
    return Interaction(
        id=f"meeting-{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:12]}",
        account_id="",
        form=InteractionKind.MEETING,
        at=datetime.combine(given.held_on or given.today, time(12), UTC),
        text=text,
        turns=given.turns,
        lang=Lang.ZH if is_chinese(talk) else Lang.EN,
    )


def _languages(talk: Talk) -> dict[Lang, float]:
    counts = Counter(said.lang for said in talk.spoken)
    return {lang: round(count / len(talk.spoken), 4) for lang, count in counts.most_common()}


def _told(minutes: Minutes, query: str) -> tuple[Said, ...]:
    """The summary, or the answer to a query; whom a query means by “they” follows from `ours`."""
    given, talk = minutes.given, minutes.talk
    words = given.words or _WORDS[Lang.ZH if is_chinese(talk) else Lang.EN]
    ours = frozenset(name.lower() for name in given.ours)
    chosen: list[Told] = choose(talk, scores(talk, query, ours), words, reported=True)
    return tuple(Said(**minutes.said(one.said, one.text)) for one in chosen)


def _topics(minutes: Minutes) -> Iterable[Segment]:
    talk = minutes.talk
    weights = scores(talk)
    for one in listening.stretches(talk):
        best = one.first + int(weights[one.first : one.last + 1].argmax())
        yield Segment(
            words=one.words,
            first_turn=talk.spoken[one.first].turn,
            last_turn=talk.spoken[one.last].turn,
            at=talk.spoken[one.first].at,
            told=Said(**minutes.said(talk.spoken[best])),
        )


def _settled(minutes: Minutes) -> dict[str, Any]:
    spoken, held_on = minutes.talk.spoken, minutes.given.held_on
    verdicts = find_verdicts(spoken)
    promises = find_promises(spoken, held_on)
    return {
        "decisions": tuple(Said(**minutes.part(one)) for one in verdicts if one.why is None)[:_MOST],
        "not_decided": tuple(Open(**minutes.part(one), why=one.why) for one in verdicts if one.why)[:_MOST],
        "actions": tuple(
            ActionItem(
                **minutes.said(one.said),
                owner=one.owner,
                due=one.due.on if one.due else None,
                due_said=one.due.said if one.due else "",
            )
            for one in promises
        )[:_MOST],
    }


def _heard(minutes: Minutes) -> dict[str, Any]:
    spoken, given = minutes.talk.spoken, minutes.given
    signals = listening.heard_signals(spoken, given.competitors, given.ours, given.held_on)
    by_kind = {
        kind: tuple(Noted(**minutes.said(said), label=found.label) for said, found in signals if found.kind is kind)
        for kind in (SignalKind.OBJECTION, SignalKind.COMPETITOR)
    }
    prices = (Priced(**minutes.said(said), amounts=amounts) for said, amounts in listening.priced(spoken))
    times = (Timed(**minutes.said(said), days=days) for said, days in listening.timed(spoken, given.held_on))
    return {
        "objections": by_kind[SignalKind.OBJECTION][:_MOST],
        "competitors": by_kind[SignalKind.COMPETITOR][:_MOST],
        "budget": tuple(prices)[:_MOST],
        "timing": tuple(times)[:_MOST],
    }


def _quotes(minutes: Minutes) -> tuple[Said, ...]:
    """The customer's most telling sentences word for word; anybody's, when it is not known who is ours."""
    talk, own = minutes.talk, frozenset(map(normalise_name, minutes.given.ours))
    weights = scores(talk)
    order = [
        place
        for place in weights.argsort()[::-1].tolist()
        if talk.counts[place] >= 3 and normalise_name(talk.spoken[place].speaker) not in own
    ]
    return tuple(Said(**minutes.said(talk.spoken[place], talk.spoken[place].text)) for place in sorted(order[:_QUOTES]))


def _written(minutes: Minutes, view: MeetingsView) -> dict[str, Any]:
    """The minutes as sentences for people."""
    notebook = Notebook("meetings", minutes.given)
    labels = Notebook("meetings", minutes.given, book="intent")
    places: dict[str, float] = {}

    def write(kind: str, one: Said, **params: Any) -> None:
        quote = one.text if kind in ("summary", "answer") else shortened(one.text)
        params |= {"clock": _clock(one.at) if view.timed else "", "turn": one.turn, "who": one.speaker}
        id_ = notebook.claim(Section.HISTORY, kind, minutes.source(one), quote=quote, **params)
        places[id_] = one.at

    for kind, parts in (("answer", view.answer), ("summary", view.summary), ("decided", view.decisions)):
        for one in parts:
            write(kind, one)
    for left in view.not_decided:
        write("not_decided", left, why=notebook.phrase(f"why_{left.why}"))
    for action in view.actions:
        write("action", action, owner=action.owner, due=action.due, due_said=action.due_said)
    for asked in view.questions:
        write("question", asked)
    for objection in view.objections:
        write("objection", objection, topic=labels.phrase(f"objection_{objection.label}"))
    for rival in view.competitors:
        write("competitor", rival, name=rival.label)
    for price in view.budget:
        write("budget", price)
    for moment in view.timing:
        write("timing", moment)
    output = notebook.output(view)
    claims = tuple(SpokenClaim(**one.model_dump(), at=places[one.id]) for one in output.claims)
    return {"claims": claims, "evidence": output.evidence}


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


SPEC = AgentSpec(
    name="meetings",
    purpose="Write minutes of a meeting: what was decided, what was not, who does what, what was said of something",
    input_model=MeetingsInput,
    output_model=MeetingsOutput,
    run=run,
)
