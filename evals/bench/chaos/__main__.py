"""Effects under kill -9: `python -m evals.bench.chaos --kills 1000 --effects 5000`.

Somebody proposes effects of mixed operations and has them decided; two workers send them; all three are killed at
random instants, spread over the whole of the work, and started again. A sixth of the effects is rejected, withdrawn,
left to expire or left undecided and must never run. After the last kill the workers run once undisturbed. Lost,
doubled and unapproved writes are counted in the target's own records: each effect leaves a mark in what it writes, and
stock that is reserved shows in quantities as well. `stuck` are effects that the hub still has in hand.

With `--peers` the same is asked of plain LangGraph and plain DBOS, as their documentation shows them.
"""

import sys
from collections.abc import Sequence

from evals.bench.chaos import trial
from evals.bench.report import build_parser, print_figures

_MUST_BE_0 = ("lost", "doubled", "stuck", "unapproved")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 when anything was lost, doubled, stuck or unapproved, or a kill is missing."""
    parser = build_parser("chaos", __doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--effects", type=int, default=5000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--target", choices=("sandbox", "tryton"), default="sandbox")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--peers", action="store_true", help="ask the same of plain LangGraph and plain DBOS")
    options = parser.parse_args(arguments)
    figures = trial.measure(
        kills=options.kills,
        effects=options.effects,
        database=options.database,
        target=options.target,
        seed=options.seed,
    )
    if options.peers:
        from evals.bench.chaos.peers import measure as measure_peers  # noqa: PLC0415 - slow to load

        figures |= measure_peers(kills=options.kills, effects=options.effects, seed=options.seed)
    print_figures(figures, as_json=options.json)
    return int(any(figures[name] for name in _MUST_BE_0) or figures["kills"] < options.kills)


if __name__ == "__main__":
    sys.exit(main())
