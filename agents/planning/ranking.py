"""Which tool a request asks for, by names, descriptions and schemas alone, and whether any of them fits at all."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from agents.planning.bm25 import bm25_scores, inverse_frequencies
from agents.planning.filling import Filled, fill_arguments
from agents.planning.spec import Parameter, ToolSchema
from agents.planning.words import terms

# Weights of the signals below, in their order: a conditional logit over the tools of one request (McFadden 1974), and a
# logit of whether the best one fits. Learned by `python -m evals.suites.chat.bfcl.learning`.
RANK_WEIGHTS = (1.811, 3.281, -0.463, -1.089, 1.35)
FIT_WEIGHTS = (-0.682, 2.794, 0.931, 1.1, -1.246, -0.975, 1.777)
# Below this chance that the best tool fits, none is chosen; one in twenty requests that a tool serves is then declined.
LEAST_FIT = 0.2

# Verbs and fillers that almost any tool does; they tell nothing about whether one fits.
_COMMON = frozenset(
    terms(
        "calculate compute determine find get retrieve search fetch list show give tell check provide return create"
        " make generate specified specific based various"
    )
)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A tool beside the others: its share of the choice, the chance that it fits, the arguments the request gives."""

    tool: ToolSchema
    share: float
    fits: float
    filled: Filled

    @property
    def confidence(self) -> float:
        """The chance that this is the tool meant."""
        return self.share * self.fits


def choose_tool(question: str, tools: Sequence[ToolSchema], *, today: date) -> Ranked | None:
    """The tool that `question`, said on `today`, asks for; None when none of them seems to fit."""
    ranked = rank_tools(question, tools, today=today)
    return ranked[0] if ranked and ranked[0].fits >= LEAST_FIT else None


def rank_tools(question: str, tools: Sequence[ToolSchema], *, today: date) -> tuple[Ranked, ...]:
    """All tools, the likeliest first; of equals the one that was given first."""
    filled = [fill_arguments(question, tool, today=today) for tool in tools]
    scores = [_dot(RANK_WEIGHTS, signals) for signals in rank_signals(question, tools, filled)]
    top = max(scores, default=0.0)
    total = sum(math.exp(score - top) for score in scores)
    ranked = [
        Ranked(
            tool=tool,
            share=math.exp(score - top) / total,
            fits=1 / (1 + math.exp(-_dot(FIT_WEIGHTS, fit_signals(question, tool, given)))),
            filled=given,
        )
        for tool, score, given in zip(tools, scores, filled, strict=True)
    ]
    return tuple(sorted(ranked, key=lambda one: -one.share))


def rank_signals(question: str, tools: Sequence[ToolSchema], filled: Sequence[Filled]) -> list[tuple[float, ...]]:
    """What speaks for each tool beside the others.

    The words it shares with the request, by BM25 as a fraction of the best: in name and description, and with its
    parameters and their listed values; the weight of words in its name that the request does not have; how many
    required arguments the request does not give, up to four; how many arguments have a listed value that it gives, up
    to three.
    """
    asked = terms(question)
    words = set(asked)
    names = [terms(tool.name) for tool in tools]
    told = [name + terms(tool.description) for name, tool in zip(names, tools, strict=True)]
    whole = [text + _of_parameters(tool.arguments) for text, tool in zip(told, tools, strict=True)]
    weights = inverse_frequencies(told)
    return list(
        zip(
            _of_best(bm25_scores(asked, told)),
            _of_best(bm25_scores(asked, whole)),
            (sum(weights[term] for term in dict.fromkeys(name) if term not in words) for name in names),
            (float(min(4, len(one.missing))) for one in filled),
            (float(min(3, one.mentioned)) for one in filled),
            strict=True,
        )
    )


def fit_signals(question: str, tool: ToolSchema, filled: Filled) -> tuple[float, ...]:
    """What speaks for a tool by itself.

    One; the shares of the words of its name, and of its description, that the request has; the share of the request's
    words that it has; how many required arguments are not given, up to three, and which share; whether a listed value
    is.
    """
    asked = set(terms(question)) - _COMMON
    name, description = set(terms(tool.name)) - _COMMON, set(terms(tool.description)) - _COMMON
    plain = {term for term in asked if not term[0].isdigit()}
    return (
        1.0,
        len(name & asked) / max(1, len(name)),
        len(description & asked) / max(1, len(description)),
        len(plain & (name | description | set(_of_parameters(tool.arguments)))) / max(1, len(plain)),
        float(min(3, len(filled.missing))),
        len(filled.missing) / max(1, len(tool.required)),
        float(filled.mentioned > 0),
    )


def _of_parameters(parameters: Sequence[Parameter]) -> tuple[str, ...]:
    return terms(" ".join(f"{each.name} {each.description} {' '.join(map(str, each.enum))}" for each in parameters))


def _of_best(scores: Sequence[float]) -> list[float]:
    best = max(scores, default=0.0)
    return [score / best if best > 0 else 0.0 for score in scores]


def _dot(weights: Sequence[float], signals: Sequence[float]) -> float:
    return sum(weight * signal for weight, signal in zip(weights, signals, strict=True))
