"""Every runaway model is stopped, with a named reason: `python -m evals.bench.runaway --models 1000`.

Each question goes to a model that loops, recurses or floods in one of thirteen ways, within limits of calls, tokens and
rounds that are drawn anew for each group. Counted are questions that did not end by a name, calls of the model beyond
its limit or after its tokens were used up, more calls of tools than a turn may make, and anything that was written.
Every other model does not tell what its calls cost.
"""

import random
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from core.domain.chat import Answer, AnswerStatus
from core.domain.effects import EffectStatus
from core.model_settings import ModelRole
from evals.bench.demo_home import TENANT, imported_demo, open_demo
from evals.bench.handing_over import hand_over
from evals.bench.report import Figures, build_parser, print_figures, quantile
from evals.bench.runaway.behaviours import BEHAVIOURS, Runaway
from hub.chat.asking import ask_and_wait
from hub.effects.ledger import list_effects
from hub.installation import Platform

QUESTION = "Weigh what we have of CP-200 against what Helios was told"
_GROUP = 52
_ANSWER_TOKENS = 500
_MOST_CALLS = 16
FAULTS = ("unnamed", "worst_calls_over", "calls_without_tokens", "tool_calls_over", "written")
"""What none of the figures may have, but for one call over."""


def _limits(rng: random.Random) -> dict[str, int]:
    return {"calls": rng.randint(1, 8), "tokens": rng.choice((3_000, 12_000, 40_000)), "answer_tokens": _ANSWER_TOKENS}


def measure(home: Path, models: int, seed: int) -> Figures:
    """What came of questions to that many runaway models."""
    rng = random.Random(seed)
    found: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    took: list[float] = []
    for first in range(0, models, _GROUP):
        model = Runaway()
        limits = {ModelRole.PLANNER: _limits(rng), ModelRole.WRITER: _limits(rng)}
        with open_demo(home, work=False, chat_model=model, models=limits) as platform:
            platform.chat.understand = hand_over
            for number in range(first, min(first + _GROUP, models)):
                model.begin(BEHAVIOURS[number % len(BEHAVIOURS)], seed + number, limits)
                start = time.perf_counter()
                answer = ask_and_wait(platform, platform.owner(TENANT), QUESTION)
                took.append((time.perf_counter() - start) * 1000)
                judge(model, answer, limits, found)
                reasons[f"{answer.status}:{answer.reason}" if answer.reason else str(answer.status)] += 1
            found["written"] += _written(platform)
    return {
        "models": models,
        **{name: found[name] for name in FAULTS},
        "ends": dict(reasons.most_common()),
        "p50_ms": round(quantile(took, 0.5), 1),
        "worst_ms": round(max(took), 1),
    }


def judge(model: Runaway, answer: Answer, limits: Mapping[ModelRole, Mapping[str, int]], found: Counter[str]) -> None:
    """Add to `found` what went beyond the limits in one question."""
    over = max(ran.calls - limits[role]["calls"] for role, ran in model.ran.items())
    found["worst_calls_over"] = max(found["worst_calls_over"], over)
    found["calls_without_tokens"] += sum(ran.late for ran in model.ran.values())
    found["unnamed"] += answer.status is not AnswerStatus.ANSWERED and answer.reason is None
    found["tool_calls_over"] += len(answer.calls) > _MOST_CALLS


def is_kept(figures: Figures) -> bool:
    """Whether every model was stopped in time and by name: at most one call over, and nothing else."""
    return all(figures[name] <= (name == "worst_calls_over") for name in FAULTS)


def _written(platform: Platform) -> int:
    """Effects that are more than proposed, though nobody decided anything."""
    effects = list_effects(platform, platform.owner(TENANT), limit=200)
    return sum(effect.status is not EffectStatus.PROPOSED for effect in effects)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 when a model was not stopped in time, or not by name."""
    parser = build_parser("runaway", __doc__)
    parser.add_argument("--models", type=int, default=1000, help="how many models run away (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of limits and behaviours (%(default)s)")
    chosen = parser.parse_args(arguments)
    with imported_demo() as home:
        figures = measure(home, chosen.models, chosen.seed)
    print_figures(figures, as_json=chosen.json)
    return int(not is_kept(figures))


if __name__ == "__main__":
    sys.exit(main())
